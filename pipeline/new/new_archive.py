"""A new draft and a new archive: files that already satisfy the rules of form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.errors import Fault, Misuse
from pipeline.judge.load_governance import trust
from pipeline.model.calendar import local_date
from pipeline.model.findings import Effect, say
from pipeline.model.registers import UNFILED, ForgeAccount
from pipeline.new.post_form import post_bytes
from pipeline.new.starter_files import LEFT_OUT, SHIPPED, WITNESSED, MemoryTree, shipped, starter
from pipeline.source.content.posts import NOT_WRITTEN, UNWRITTEN, read_post
from pipeline.source.git.git_process import CALL_YOURSELF, NO_COMMITTER, committer
from pipeline.source.git.repository import Repository
from pipeline.source.git.worktree import work_tree


def draft(
    repository: Repository,
    slug: str,
    front_matter: Mapping[str, Any],
    body: str,
    files: Mapping[str, bytes],
) -> Path:
    """Write a new post into the working tree; its id is the date of `publish_at` and the slug.

    Raises Misuse when the draft would not satisfy the schema, or when the post is there already.
    """
    day = local_date(front_matter["publish_at"])
    folder = f"content/posts/{day.year}/{day}-{slug}"
    target = repository.root / folder
    if target.exists():
        raise Misuse(say("{path} is there already.", path=folder), say("Choose another slug."))
    text = post_bytes(front_matter, body)
    contents = {f"{folder}/post.md": text, **{f"{folder}/{n}": raw for n, raw in files.items()}}
    schema = trust(work_tree(repository)).front_matter
    post = read_post(MemoryTree(contents), folder, contents, schema)
    for problem in post.problems:
        # What is done after this is not there when a draft begins: the text, the secrecy review.
        awaited = problem.message.values == (("key", "secrecy_review"),)
        awaited |= body == UNWRITTEN and problem.message == NOT_WRITTEN
        if problem.effect is Effect.REFUSE and not awaited:
            raise Misuse(problem.message, problem.remedy)
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


def init_archive(
    folder: Path,
    archive: Mapping[str, Any],
    unit: Mapping[str, Any],
    members: tuple[Member, ...],
    account: Mapping[str, Any],
    now: datetime,
    forge: str = "",
    forge_id: str = "",
) -> tuple[str, str]:
    """Lay a clean archive out in an empty folder and commit its genesis.

    `account`: what is known of the first account: ``url``, ``verified``, and ``verified_until`` or
    not. `forge`: where it will stand (`LEFT_OUT`); `forge_id`: host and number of the repository
    there, or nothing yet. Returns (commit, sha256 of the first roster): the digest is the root of
    trust.
    """
    folder = folder.resolve()
    if not committer():
        raise Fault(NO_COMMITTER, CALL_YOURSELF)
    if folder.exists() and any(folder.iterdir()):
        raise Fault(
            say("{path} is not empty.", path=str(folder)),
            say("Name a new folder; nothing there was touched."),
        )
    left_out = ("build/", *LEFT_OUT[forge])
    contents = {p: raw for p, raw in shipped().contents.items() if not p.startswith(left_out)}
    registers = _registers(unit, members, account, now)
    contents |= starter(contents, archive, unit, registers, _witnessed(forge, forge_id, members))
    # Nothing is written when the new registers do not satisfy their own schemas.
    problems = trust(MemoryTree(contents)).registers.problems
    if problems:
        raise Fault(problems[0].message, problems[0].remedy)
    for path, raw in sorted(contents.items()):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(raw)
    with Repository.create(folder) as repository:
        commit = repository.add_and_commit(
            [folder / top for top in (*SHIPPED, "content") if (folder / top).exists()],
            "Found the archive",
        )
        return commit, trust(repository.tree(commit)).registers.roster.digest


def _witnessed(forge: str, forge_id: str, members: tuple[Member, ...]) -> dict[str, Any]:
    """Where clicks may count: at the first two steps, so that no lying forge publishes alone; at
    none without a witness."""
    if forge not in WITNESSED or all(m.role != "witness" for m in members):
        return {}
    return {"review.witnessed_steps": ["first", "second"], "review.forge": forge_id}


def _registers(
    unit: Mapping[str, Any], members: tuple[Member, ...], account: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    today = local_date(now).isoformat()
    accounts = [
        {"person": a.person, "forge": a.forge, "id": a.id, "from": a.start}
        for a in (m.account for m in members)
        if a
    ]
    return {
        "departments": {
            "departments": [{"id": "lead", "name": "宣教和信息技术科", "lead": True, "aliases": []}]
        },
        "people": {
            "people": [
                {
                    "id": m.id,
                    "name": m.name,
                    "contractor": False,
                    "emails": [m.email] if m.email else [],
                    "roles": [{"role": m.role, "department": "lead", "from": today}],
                }
                for m in members
            ]
        },
        "accounts": {"accounts": [{**_account(unit, now), **account}]},
        "roster": {
            "serial": 1,
            "previous": None,
            "delegations": [],
            "keys": [
                {"person": m.id, "key": m.key, "from": f"{today}T00:00:00+08:00"}
                for m in members
                if m.key
            ],
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
