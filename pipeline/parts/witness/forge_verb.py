"""forge: the settings of GitHub, Gitea or Forgejo, and what the archive does there.

`forge poll` (`forge_poll`) runs on the bureau's machine: Actions of Gitea know no environments, so
a key there could be read by any branch. Here it is a file of this machine, and a systemd timer runs
the command (docs/forge.md).
"""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import click

from pipeline.cli.calls import ForgeApi, gh
from pipeline.cli.forge_api import path_of
from pipeline.cli.forges import code_of
from pipeline.cli.options import together
from pipeline.cli.session import Session
from pipeline.errors import Fault, Misuse
from pipeline.judge.load_governance import trust
from pipeline.model.calendar import Clock
from pipeline.model.findings import EXIT_HOLD, EXIT_OK, EXIT_REFUSE, Effect, Message, say
from pipeline.model.part import program
from pipeline.parts.witness.doctor import Examined, examine, settings_of, setup
from pipeline.parts.witness.github_round import STEPS, Round
from pipeline.parts.witness.poll import poll_once, read_settings
from pipeline.parts.witness.settings import Expected, Flaw, Settings
from pipeline.report.language import harmless
from pipeline.source.git.branches import mains_apart

NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?(/[\w.-]+)*")


@click.group()
def forge() -> None:
    """GitHub, Gitea or Forgejo: doctor, setup, poll, round."""


_where = together(
    click.option(
        "--forge",
        "kind",
        type=click.Choice([k for k, f in program().forges.items() if f.settings or f.signed_only]),
        default="github",
        show_default=True,
        help="Kind of forge; gitea is Forgejo too.",
    ),
    click.option("--host", default="", help="Its host name; GitHub's own is github.com."),
    click.option("--repository", default="", metavar="OWNER/NAME", help="The repository there."),
)


@forge.command()
@_where
@click.option(
    "--settings",
    "file",
    type=click.Path(path_type=Path),
    help="Judge the settings that --save wrote, and ask no forge.",
)
@click.option("--save", type=click.Path(path_type=Path), help="Write what was read to this file.")
@click.pass_obj
def doctor(
    session: Session, /, kind: str, host: str, repository: str, file: Path | None, save: Path | None
) -> None:
    """Read the settings of the repository with your own login, and say what to change.

    GitHub is asked by `gh`, Gitea by `curl` with the token in GITEA_TOKEN. Nothing is changed.
    """
    if only := program().forges[kind].signed_only:
        click.echo(session.tr(only))
        return
    settings = _from_file(file) if file else _asked(session, kind, _host(host, kind), repository)
    if save:
        session.write(_as_json(settings), str(save))
    examined = examine(settings, _expected(session, settings.host))
    if apart := tuple(Flaw(f.message, f.remedy or "") for f in mains_apart(session.repository())):
        examined += (Examined(say("main of every remote, as fetched"), apart),)
    for one in examined:
        _show(session, one)
    for message in settings_of(settings.forge).by_hand:
        _line(session, say("check by hand"), message, Effect.NOTE)
    if any(one.flaws for one in examined):
        raise SystemExit(EXIT_REFUSE)
    raise SystemExit(EXIT_HOLD if any(one.unread for one in examined) else EXIT_OK)


@forge.command("setup")
@_where
@click.option("--print", "printed", is_flag=True, required=True, help="Print; nothing is run.")
@click.pass_obj
def setup_(session: Session, /, kind: str, host: str, repository: str, printed: bool) -> None:
    """Print every command that makes a new repository what the archive needs."""
    if only := program().forges[kind].signed_only:
        click.echo(session.tr(only))
        return
    host = _host(host, kind)
    if settings_of(kind).by_gh and host != program().forges[kind].host:
        click.echo(f"export GH_HOST={host}\n")
    for flaw in setup(kind, host, _name(repository), _expected(session, host)):
        click.echo(f"# {session.tr(flaw.message)}")
        click.echo(_remedy(session, flaw, "# ") + "\n")


POLLED = [kind for kind, declared in program().forges.items() if declared.polled]


@forge.command()
@click.option(
    "--forge", "kind", type=click.Choice(POLLED), default=POLLED[0], show_default=True,
    help="Kind of forge; gitea is Forgejo too.",
)  # fmt: skip
@click.option("--host", required=True, help="Its host name.")
@click.option("--repository", required=True, metavar="OWNER/NAME", help="The repository there.")
@click.option("-k", "--key", type=click.Path(path_type=Path), help="Private key of the witness.")
@click.pass_obj
def poll(session: Session, /, kind: str, host: str, repository: str, key: Path | None) -> None:
    """Look at every open proposal on Gitea or Forgejo once: witness, judge, report.

    Run by a timer in a clone of main, with the token in GITEA_TOKEN, and in GITEA_SETTINGS_TOKEN
    one that may read the settings. Without a key nothing is witnessed.
    """
    poll_once(session, kind, _api(session, kind, _host(host), _name(repository)), key)


@forge.command("round")
@click.option(
    "--step", type=click.Choice(list(STEPS)), required=True, help="What this process does of it."
)
@click.pass_obj
def round_(session: Session, /, step: str) -> None:
    """One round over the open proposals on GitHub, as its workflow `verify` runs it.

    Everything is read from the environment of the workflow, and each step holds the token or the
    key that it needs and nothing else.
    """
    STEPS[step](Round(session))


def _name(repository: str) -> str:
    if not NAME.fullmatch(repository):
        message = say("{name} names no repository.", name=repository or "--repository")
        remedy = say("Give --repository OWNER/NAME, as the address of the repository ends.")
        raise Misuse(message, remedy)
    return repository


def _host(host: str, kind: str = "") -> str:
    host = host or (program().forges[kind].host if kind else "")
    if not HOST.fullmatch(host):
        message = say("{name} is no host name.", name=host or "--host")
        remedy = say("Give it without https://, like {host}.", host="git.example")
        raise Misuse(message, remedy)
    return host


def _from_file(path: Path) -> Settings:
    """Settings of a file. Raises Fault when it holds none."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        kind, host, repository = given["forge"], given["host"], given["repository"]
        answers, unread = given["answers"], given.get("unread", {})
        if not program().forges[kind].settings or not (
            isinstance(answers, dict) and isinstance(unread, dict)
        ):
            raise ValueError(kind)
        reasons = {name: str(why)[:20] for name, why in unread.items()}
        return Settings(
            kind, _host(host), _name(repository), answers, reasons, program().forges[kind].page
        )
    except (ValueError, KeyError, TypeError) as error:
        message = say("{path} holds no settings of a forge.", path=str(path))
        remedy = say("Write it with `sanshen forge doctor --save FILE`.")
        raise Fault(message, remedy) from error


def _as_json(settings: Settings) -> str:
    names = ("forge", "host", "repository", "answers", "unread")
    document = {"version": 1, **{name: getattr(settings, name) for name in names}}
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _asked(session: Session, kind: str, host: str, repository: str) -> Settings:
    """The answers of a forge, and why others are missing."""
    repository = _name(repository)
    answers, unread = dict[str, Any](), dict[str, str]()
    asked = settings_of(kind)
    ask: Callable[[str], Any] = (
        partial(_by_gh, host, repository)
        if asked.by_gh
        else _api(session, kind, host, repository).ask
    )
    read_settings(ask, asked.reads, answers, unread)
    with suppress(KeyError, TypeError, AttributeError):  # of another shape than documented
        read_settings(ask, asked.follow(answers), answers, unread)
    return Settings(kind, host, repository, answers, unread, program().forges[kind].page)


def _by_gh(host: str, repository: str, path: str) -> Any:
    return gh(host, path_of(repository, path))


def _api(session: Session, kind: str, host: str, repository: str) -> ForgeApi:
    code = code_of(kind)
    endpoint = code.endpoint(host, session.environment) if code else None
    if endpoint is None:
        message = say("There is no token for {host} in the environment.", host=host)
        remedy = say("Make one in its settings, and put it into `GITEA_TOKEN`.")
        raise Misuse(message, remedy)
    return ForgeApi(repository, endpoint)


def _expected(session: Session, host: str) -> Expected:
    """What the archive at HEAD says."""
    repository = session.repository()
    tree = repository.tree(repository.commit("HEAD"))
    registers, clock = trust(tree).registers, Clock(session.now())
    shipped = [p for p in tree.files if p.startswith(".github/workflows/")]
    people = registers.people
    return Expected(
        url=registers.policy.archive["url"],
        witnessed=bool(registers.current("review.witnessed_steps", clock)),
        forge=registers.current("review.forge", clock) or "",
        neutral=frozenset(registers.current("review.neutral_committers", clock) or ()),
        workflows={path: tree.files[path].oid for path in shipped},
        people={
            a.id: (a.person, frozenset(people[a.person].emails))
            for a in registers.roster.accounts
            if a.forge == host and a.person in people and not a.end
        },
    )


def _show(session: Session, one: Examined) -> None:
    for flaw in one.flaws:
        _line(session, one.title, flaw.message, Effect.REFUSE)
        click.echo("    " + _remedy(session, flaw, ""))
    if one.unread:
        _line(session, one.title, say("not checked. {reason}", reason=one.unread), Effect.HOLD)
    elif not one.flaws:
        _line(session, one.title, say("as it must be"), None)


def _line(session: Session, title: Message, message: Message, effect: Effect | None) -> None:
    text = harmless(session.tr(say("{path}: {what}", path=title, what=message)))
    click.echo(session.paint(text, effect))


def _remedy(session: Session, flaw: Flaw, prefix: str) -> str:
    if isinstance(flaw.remedy, Message):
        return prefix + harmless(session.tr(flaw.remedy))
    return harmless(flaw.remedy)
