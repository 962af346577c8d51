"""A new draft and a new archive: files that satisfy the rules of form, as they are shipped."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path, PurePath
from typing import Any

from pipeline.errors import Fault, Misuse
from pipeline.judge.load_governance import trust
from pipeline.law.rulebook import ARTICLE_SCHEMAS, REGULATION, articles_of, owned_by
from pipeline.model.calendar import local_date
from pipeline.model.findings import Effect, say
from pipeline.model.ids import CommitId, Digest
from pipeline.model.law import article_digest, cited, mark_of
from pipeline.model.part import program
from pipeline.model.registers import UNFILED, ForgeAccount
from pipeline.new.archive_files import beside
from pipeline.new.post_form import post_bytes
from pipeline.new.regulation import Regulation, refuse_unsound, shipped_regulation
from pipeline.new.yaml_writer import dump
from pipeline.source.content.front_matter import NOT_WRITTEN, UNWRITTEN
from pipeline.source.content.paths import MemoryTree
from pipeline.source.content.posts import read_post
from pipeline.source.content.program_lock import LOCK, OWN, SHIPPED, Lock, read_lock, write_lock
from pipeline.source.content.registers import REGISTERS
from pipeline.source.content.shipped_lists import shipped as shipped_entries
from pipeline.source.git.git_process import CALL_YOURSELF, NO_COMMITTER, committer
from pipeline.source.git.repository import Repository, add_and_commit
from pipeline.source.git.worktree import work_tree
from pipeline.source.program import running, shipped

# What stands above the regulation: the limits that a new archive's policy begins with.
#
# A bureau adds its own; a limit is what a layer above allows at most or at least (Article 18).

_LIMITS = (
    ("cadence.redline_days", 14, "[V] 国办秘函〔2019〕19号"),
    ("cadence.av.max_gap_days", 14, "[V] 国办秘函〔2019〕19号"),
    ("opinion.major_first_hours", 5, "[V] 国办发〔2016〕80号"),
    ("opinion.major_press_hours", 24, "[V] 国办发〔2016〕61号"),
    ("opinion.other_hours", 48, "[V] 国办发〔2016〕61号"),
    ("timeliness.disclosure_workdays", 20, "[K] 政府信息公开条例第二十六条"),
    ("exemption.max_years", 3, "[V] 应急管理部令第11号"),
)
LIMITS = tuple(
    {"parameter": name, "layer": "national", "at_most": most, "source": source}
    for name, most, source in _LIMITS
)


REGULATION_DATE = date(2023, 3, 21)
NEEDED = ("information-officer", "section-head", "leader-in-charge", "operator", "writer")
"""The roles a new archive needs before a post can be published (Articles 7, 11, 15)."""


def empty_archive() -> MemoryTree:
    """The governance of an archive without people, under the program that runs."""
    archive = {"id": "archive", "name": "—", "since": REGULATION_DATE}
    law = shipped_regulation()
    governance = starter(law, archive, {"full_name": "—"})
    return MemoryTree({**governance, **stated(law, running_lock())})


def running_lock() -> Lock:
    """The lock that names the program that runs, as an index would have it."""
    return Lock(running(), "", Digest("0" * 64), SHIPPED, "")


def stated(law: Regulation, lock: Lock) -> dict[str, bytes]:
    """The lock and what an archive carries of its law: the text, and all of one of its own."""
    lock = lock._replace(regulation=OWN if law.own else SHIPPED)
    carried = law.files if law.own else {REGULATION: law.files[REGULATION]}
    return {LOCK: write_lock(lock), **carried}


def starter(
    law: Regulation,
    archive: Mapping[str, Any],
    unit: Mapping[str, Any],
    registers: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> dict[str, bytes]:
    """Policy and registers of a new archive: `parameters` as given, then as the profile sets them,
    every other at its default. Raises Fault for a parameter without one."""
    begun = archive["since"] if law.own else REGULATION_DATE
    settings = dict(default_settings(law.files, parameters or {}, f"{begun}"))
    limits = [dict(limit) for limit in LIMITS if limit["parameter"] in settings]
    policy = {
        "archive": dict(archive),
        "unit": dict(unit),
        "limits": [*limits, *map(dict, law.profile.limits)],
        "parameters": {**settings, **law.profile.parameters},
    }
    schemas = shipped_schemas("registers")
    empty: dict[str, Any] = {
        "roster": {"serial": 1, "previous": None, "keys": [], "delegations": []},
        **{n: {n: []} for n in program().lists if not schemas[n].get("optional")},
    }
    if law.profile.instruments:
        empty["instruments"] = {"instruments": list(law.profile.instruments)}
    return {
        "content/policy.yml": dump(policy),
        **{f"{REGISTERS}{n}.yml": dump(v) for n, v in {**empty, **(registers or {})}.items()},
    }


def shipped_schemas(folder: str) -> dict[str, Any]:
    """Name → schema of everything the program ships under schemas/<folder>."""
    ships = shipped(f"schemas/{folder}")
    return {PurePath(path).stem: json.loads(raw) for path, raw in ships.items()}


def default_settings(
    law: Mapping[str, bytes], given: Mapping[str, Any], begun: str = REGULATION_DATE.isoformat()
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """(name, settings) of each parameter of a law, at its default or as given."""
    articles = dict(dict(articles_of(law[REGULATION])).values())
    for path in sorted(p for p in law if p.startswith(ARTICLE_SCHEMAS)):
        for name, own in owned_by(path, law)[1].items():
            if not (isinstance(own, Mapping) and {"default", "source"} <= own.keys()):
                raise Fault(
                    say("{path} gives {name} no default or no source.", path=path, name=name),
                    say("A new archive begins with the one and cites the other."),
                )
            setting = {
                "value": given.get(name, own["default"]),
                "unit": own.get("unit", ""),
                "source": own["source"],
                "effective_from": _begin(own["source"], begun),
                **compared(own["source"], articles),
            }
            yield name, [setting]


def _begin(source: str, begun: str) -> str:
    """The day of the regulation, or that of a younger instrument which sets the number."""
    rows = cited(source, shipped_entries("instruments")) if mark_of(source) in ("V", "K") else ()
    days = (str(entry.get("in_force") or entry.get("issued") or "") for entry in rows)
    return max([begun, *days])


def compared(source: str, articles: Mapping[str, str]) -> dict[str, str]:
    """What a setting states of the article that it cites; nothing when it cites another text."""
    digest = article_digest(source, articles) if mark_of(source) == "S" else ""
    return {"article_digest": digest} if digest else {}


def draft(
    repository: Repository,
    slug: str,
    day: date,
    front_matter: Mapping[str, Any],
    body: str,
    files: Mapping[str, bytes],
) -> Path:
    """Write a new post into the working tree; its id is the day and the slug.

    Raises Misuse when the draft would not satisfy the schema, or when the post is there already.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise Misuse(
            say("{slug} cannot be part of an address.", slug=slug),
            say("Use small letters, digits and hyphens."),
        )
    folder = f"content/posts/{day.year}/{day}-{slug}"
    target = repository.root / folder
    if target.exists():
        raise Misuse(say("{path} is there already.", path=folder), say("Choose another slug."))
    text = post_bytes(front_matter, body)
    contents = {f"{folder}/post.md": text, **{f"{folder}/{n}": raw for n, raw in files.items()}}
    schema = trust(work_tree(repository)).front_matter
    post = read_post(MemoryTree(contents), folder, contents, schema)
    for problem in post.problems:
        # What is done or said after this is not there when a draft begins: the text, the secrecy
        # review, whose a picture is. What every post needs besides was asked for before.
        awaited = problem.name == "key-missing"
        awaited |= body.startswith(UNWRITTEN) and problem.name == NOT_WRITTEN
        if problem.effect is Effect.REFUSE and not awaited:
            raise Misuse(problem.message, problem.remedy, name=problem.name)
    target.mkdir(parents=True)
    for path, raw in contents.items():
        (repository.root / path).write_bytes(raw)
    return target / "post.md"


@dataclass(frozen=True)
class Member:
    """A person of a new archive, with the public key and the git e-mail they already own."""

    id: str
    name: str
    role: str
    email: str
    key: str
    account: ForgeAccount | None = None


@dataclass(frozen=True)
class NewArchive:
    """What an archive is founded with."""

    archive: Mapping[str, Any]
    unit: Mapping[str, Any]
    members: tuple[Member, ...]
    account: Mapping[str, Any]
    """What is known of the first account: ``url``, ``verified``, and ``verified_until`` or not."""
    program: Mapping[str, bytes]
    """As of `program_files`."""
    forge: str = ""
    """Where it will stand."""
    forge_id: str = ""
    """Host and number of the repository there, or nothing yet."""
    law: Regulation = field(default_factory=shipped_regulation)
    desk: str = ""
    """Origin of the desk on which it is founded."""
    lead: str = "宣教和信息技术科"
    """Name of the lead department."""

    def contents(self, now: datetime) -> dict[str, bytes]:
        """Path → bytes of all that is committed."""
        name = f"{self.unit['full_name']}政务新媒体公开档案"
        archive = {"id": self.archive["id"], "name": name, **self.archive}
        settings = _witnessed(self.forge, self.forge_id, self.members)
        if self.desk:
            settings["review.desk_origins"] = [self.desk]
        emails = {member.role: member.email for member in self.members}
        return {
            **starter(self.law, archive, self.unit, _registers(self, now), settings),
            **self.program,
            **stated(self.law, read_lock(self.program[LOCK])),
            **beside(self.unit, emails, self.forge, self.law.own),
        }


def refuse_unfit(folder: Path) -> None:
    """Raise Fault where something stands in a folder, or git does not know who commits."""
    if not committer():
        raise Fault(NO_COMMITTER, CALL_YOURSELF)
    if folder.exists() and any(folder.iterdir()):
        raise Fault(
            say("{path} is not empty.", path=str(folder)),
            say("Name a new folder; nothing there was touched."),
        )


def init_archive(folder: Path, new: NewArchive, now: datetime) -> tuple[CommitId, Digest]:
    """Lay a clean archive out in an empty folder and commit its genesis.

    Returns (commit, sha256 of the first roster): the digest is the root of trust.
    """
    folder = folder.resolve()
    refuse_unfit(folder)
    contents = new.contents(now)
    # Nothing is written when the new registers do not satisfy their own schemas.
    if new.law.own:
        refuse_unsound(MemoryTree(contents), empty_archive())
    problems = trust(MemoryTree(contents)).registers.problems
    if problems:
        raise Fault(problems[0].message, problems[0].remedy, name=problems[0].name)
    for path, raw in sorted(contents.items()):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(raw)
    with Repository.create(folder) as repository:
        commit = add_and_commit(
            repository,
            [folder / top for top in sorted({path.split("/")[0] for path in contents})],
            "Found the archive",
        )
        return commit, trust(repository.tree(commit)).registers.roster.digest


def _witnessed(forge: str, forge_id: str, members: tuple[Member, ...]) -> dict[str, Any]:
    """Where clicks may count: at the first two steps, so that no lying forge publishes alone; at
    none without a witness."""
    if (
        not forge
        or not program().forges[forge].settings
        or all(m.role != "witness" for m in members)
    ):
        return {}
    return {"review.witnessed_steps": ["first", "second"], "review.forge": forge_id}


def _registers(new: NewArchive, now: datetime) -> dict[str, Any]:
    members, today = new.members, local_date(now).isoformat()
    accounts = [
        {"person": a.person, "forge": a.forge, "id": a.id, "from": a.start}
        for a in (m.account for m in members)
        if a
    ]
    people = [
        {
            "id": m.id,
            "name": m.name,
            "contractor": False,
            "emails": [m.email] if m.email else [],
            "roles": [{"role": m.role, "department": "lead", "from": today}],
        }
        for m in members
    ]
    start = f"{today}T00:00:00+08:00"
    keys = [{"person": m.id, "key": m.key, "from": start} for m in members if m.key]
    lead = {"id": "lead", "name": new.lead, "lead": True, "aliases": []}
    return {
        "departments": {"departments": [lead]},
        "people": {"people": people},
        "accounts": {"accounts": [{**_account(new.unit, now), **new.account}]},
        "roster": {
            "serial": 1,
            "previous": None,
            "delegations": [],
            "keys": keys,
            **({"forge_accounts": accounts} if accounts else {}),
        },
    }


def _account(unit: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The first account of a new archive, but for what its platform says."""
    return {
        "id": "wechat",
        "name": unit["short_name"],
        "platform": "wechat",
        "content_mode": "text",
        "subject": unit["full_name"],
        "opened_on": local_date(now).isoformat(),
        "filing": UNFILED,
    }
