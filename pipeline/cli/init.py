"""init: a clean archive, and its root of trust."""

import subprocess
import sys
import sysconfig
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from pipeline.cli.options import Day, Session
from pipeline.cli.signing_options import account_of, public_key
from pipeline.errors import Fault, Misuse
from pipeline.judge.load_governance import trust
from pipeline.law.own_rules import allow_own_rules
from pipeline.model import part, zh_names
from pipeline.model.findings import Message, say
from pipeline.model.ids import CommitId, PersonId
from pipeline.new.archive_files import program_files
from pipeline.new.new_archive import NEEDED, Member, NewArchive, init_archive
from pipeline.new.profiles import profile_named
from pipeline.new.regulation import Regulation, left_to_people, read_regulation, shipped_regulation
from pipeline.source.git.repository import Repository
from pipeline.source.wheel import lock_for

MORE = ("principal", "witness")
"""Roles that may be named at once, or later: who signs for the accounts (Articles 3, 8), and the
workflow that records reviews of a forge (docs/decisions/0042)."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--id", "archive_id", required=True, help="Short id of the archive, like yunlan-yjj.")
@click.option("--unit", required=True, help="Full name of the body (unit.full_name).")
@click.option("--short-name", default="", help="Short name; default: the full name.")
@click.option(
    "--url",
    default="https://archive.example/",
    show_default=True,
    help="Where the public archive will stand.",
)
@click.option(
    "--account-url",
    default="https://mp.weixin.qq.com/",
    show_default=True,
    help="Address of the first WeChat account.",
)
@click.option(
    "--verified", is_flag=True, help="Its platform shows it verified in the full name of the body."
)
@click.option(
    "--verified-until", type=Day(), help="So, and the last day of the certificate is this."
)
@click.option("--account-opened", type=Day(), help="First day of that account; default: today.")
@click.option("--account-mode", type=click.Choice(["text", "av"]), help="av: sound and film.")
@click.option(
    "--member",
    "members",
    multiple=True,
    metavar="ROLE=KEY.pub[,EMAIL[,HOST:ID]]",
    help="A person's public key file, git e-mail and account on a forge, once per role.",
)
@click.option(
    "--forge",
    type=click.Choice([f.kind for f in part.program().forges.values() if f.files]),
    help="Where it will stand: writes what is needed there (docs/forge.md).",
)
@click.option(
    "--forge-id",
    default="",
    metavar="HOST/NUMBER",
    help="The repository there, as review.forge names it: github.com/123456.",
)
@click.option("--index", is_flag=True, help="Install the program from an index: no wheel is laid.")
@click.option(
    "--offline", is_flag=True, help="Lay all that is installed into program/, for this platform."
)
@click.option(
    "--regulation",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder with another law, its rules and schemas; runs these rules (docs/engineer.md).",
)
@click.option(
    "--profile",
    metavar="NAME",
    help="Numbers of another place, such as gansu; an unknown one lists those there are.",
)
@click.option(
    "--desk",
    metavar="ADDRESS",
    help="Found it on pages, with passkeys: https://desk.example.gov.cn, or http://localhost:8737.",
)
@click.pass_obj
def init(session: Session, /, folder: Path, **given: Any) -> None:
    """Found a clean archive in a new folder, and print its root of trust.

    With --desk people enrol on pages before the first commit, and the desk goes on from there.
    """
    desk, verified_until = given["desk"], given["verified_until"]
    if given["index"] and given["offline"]:
        raise Misuse(
            say("--index and --offline exclude each other."),
            say("Give --offline where no index can be reached, otherwise --index or neither."),
        )
    people = _people(session, given["members"], () if desk else NEEDED)
    law = _law(given["regulation"], given["profile"])
    archive = {"id": given["archive_id"], "url": given["url"], "demo": False, "show_names": False}
    archive["since"] = session.now().date()
    facts = {"full_name": given["unit"], "short_name": given["short_name"] or given["unit"]}
    facts |= {"organisation_code": "000000000", "footer": {}}
    account: dict[str, Any] = {"url": given["account_url"]}
    account["verified"] = bool(given["verified"] or verified_until)
    days = {"verified_until": verified_until, "opened_on": given["account_opened"]}
    account |= {name: day.isoformat() for name, day in days.items() if day}
    if given["account_mode"]:
        account["content_mode"] = given["account_mode"]
    wheels = fetched(session, lock_for().requirements) if given["offline"] else {}
    laid = program_files(not given["index"], wheels)
    new = NewArchive(
        archive, facts, people, account, laid, given["forge"] or "", given["forge_id"], law
    )
    if desk:
        part.program().founding(session, folder, new, desk)
        return
    commit, root = init_archive(folder, new, session.now())
    announce(session, folder, commit, root)
    session.remark(say("Before the first post read README.md there: it says what is assumed."))
    if not given["account_mode"]:
        session.remark(
            say(
                "It is assumed that the first account publishes text and pictures. If it publishes"
                " sound and film, write `content_mode: av` in content/registers/accounts.yml, with"
                " two authorisations, or found it anew with --account-mode av."
            )
        )
    if law.own:
        with Repository.open(folder) as repository:
            for remark in left_to_people(trust(repository.tree(commit)).rulebook):
                session.remark(remark)


def announce(session: Session, folder: Path, commit: CommitId, root: str) -> None:
    """Say where an archive stands, and print its root of trust."""
    words = say(
        "Founded {path} at {commit}. Publish this root of trust elsewhere, on paper too:",
        path=str(folder),
        commit=commit[:12],
    )
    session.remark(words)
    click.echo(root)


def _law(folder: Path | None, profile: str | None) -> Regulation:
    """The law that the archive is founded under; who names a folder lets its rules run."""
    if folder and profile:
        raise Misuse(
            say("A profile sets numbers of the program's regulation, and another one is given."),
            say("Write its numbers into `profile.yml` of that folder."),
        )
    if folder:
        allow_own_rules()
        return read_regulation(folder)
    law = shipped_regulation()
    return law._replace(profile=profile_named(profile)) if profile else law


_DOWNLOAD = (
    "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
    "--no-deps", "--only-binary", ":all:",
)  # fmt: skip


def downloaded(session: Session, remedy: Message, *asked: Path | str) -> dict[str, bytes]:
    """File name → bytes of the wheels that pip gets. Raises Fault where it is missing or fails."""
    with TemporaryDirectory() as home:
        folder = Path(home, "wheels")
        command = (sys.executable, *_DOWNLOAD, "--dest", folder, *asked)
        if subprocess.run(command, env=dict(session.environment), check=False).returncode:
            raise Fault(say("What is to be installed could not be fetched, see above."), remedy)
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def fetched(session: Session, requirements: str) -> dict[str, bytes]:
    """File name → bytes of what the program depends on, for the platform and Python that run.

    Raises Fault where pip is missing, or does not get all of it by its hash.
    """
    with TemporaryDirectory() as home:
        asked = Path(home, "requirements.txt")
        asked.write_text(requirements, encoding="utf-8")
        remedy = say("Run it where pip reaches an index; an environment made by uv has no pip.")
        wheels = downloaded(session, remedy, "--require-hashes", "--requirement", asked)
    where, python = sysconfig.get_platform(), sysconfig.get_python_version()
    session.remark(
        say("Fetched {count} files, {size} MB. They install on {platform} with Python {version},"
            " and nowhere else.", count=len(wheels),
            size=sum(map(len, wheels.values())) >> 20, platform=where, version=python)
    )  # fmt: skip
    return wheels


def _people(
    session: Session, members: tuple[str, ...], needed: tuple[str, ...]
) -> tuple[Member, ...]:
    """The founding members; Misuse when a role has none that is needed now."""
    given = dict(_member(m) for m in members)
    if missing := [r for r in needed if r not in given]:
        raise Misuse(
            say("The role {role} has no member.", role=missing[0]),
            say(
                "Give --member {role}=KEY.pub,EMAIL; the writer needs no key:"
                " --member writer=,EMAIL.",
                role=missing[0],
            ),
        )
    start = session.now().replace(hour=0, minute=0, second=0)
    return tuple(
        Member(
            role,
            zh_names.ROLES[role],
            role,
            email,
            public_key(session, Path(key)).line if key else "",
            account_of(PersonId(role), account, start) if account else None,
        )
        for role, (key, email, account) in given.items()
    )


def _member(text: str) -> tuple[str, tuple[str, str, str]]:
    role, _, rest = text.partition("=")
    key, email, account, *_ = [*rest.split(",", 2), "", ""]
    if role not in NEEDED + MORE:
        raise Misuse(
            say("{role} is no role.", role=role),
            say("Roles: {roles}.", roles=", ".join(NEEDED + MORE)),
        )
    return role, (key, email, account)
