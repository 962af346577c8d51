"""forge: the settings of GitHub, Gitea or Forgejo, and what the archive does there.

`forge poll` runs on the bureau's machine: Actions of Gitea know no environments, so
a key there could be read by any branch. Here it is a file of this machine, and a systemd timer runs
the command (docs/forge.md).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import click

from pipeline.cli import forge_api, forges, terminal
from pipeline.cli.calls import ForgeApi, anew, fetch_mirror, gh, git, run, sanshen
from pipeline.cli.options import Session, together
from pipeline.errors import Fault, Misuse
from pipeline.judge.load_governance import trust
from pipeline.model.brings import load
from pipeline.model.calendar import Clock
from pipeline.model.findings import (
    EXIT_FAULT,
    EXIT_HOLD,
    EXIT_NOTHING,
    EXIT_OK,
    EXIT_REFUSE,
    Effect,
    Message,
    say,
)
from pipeline.model.part import program
from pipeline.parts.witness.github_round import STEPS, Round
from pipeline.parts.witness.proposals import FAULT, OUTCOMES, preface, quoted, witnessed
from pipeline.parts.witness.report import Reporter
from pipeline.parts.witness.settings import (
    Check,
    Checks,
    Expected,
    Flaw,
    ForgeSettings,
    NotRead,
    Settings,
)
from pipeline.report.language import harmless
from pipeline.source.content.program_lock import LOCK
from pipeline.source.git.branches import mains_apart

# All checks of one forge, and the commands that make a new repository pass them.


def settings_of(kind: str) -> ForgeSettings:
    """What one of the program's forges is asked."""
    asked: ForgeSettings = load(program().forges[kind].settings)
    return asked


_OTHERWISE = say("The forge answered, and not as documented for the versions that we know.")


@dataclass(frozen=True)
class Examined:
    """The result of one check."""

    title: Message
    flaws: tuple[Flaw, ...]
    unread: Message | None = None
    """Why an answer that it needs is missing."""


def examine(
    settings: Settings, expected: Expected, checks: Checks | None = None
) -> tuple[Examined, ...]:
    """Every check of the forge, or some. Flaws found before a missing answer count."""
    every = settings_of(settings.forge).checks if checks is None else checks
    return tuple(_examined(title, check, settings, expected) for title, check in every)


def _examined(title: Message, check: Check, settings: Settings, expected: Expected) -> Examined:
    flaws: list[Flaw] = []
    try:
        flaws.extend(check(settings, expected))
    except NotRead as unread:
        return Examined(title, tuple(flaws), unread.reason)
    except (KeyError, TypeError, AttributeError):
        return Examined(title, tuple(flaws), _OTHERWISE)
    return Examined(title, tuple(flaws))


def setup(forge: str, host: str, repository: str, expected: Expected) -> tuple[Flaw, ...]:
    """What a new repository needs: the flaws of a fresh one, each remedy once."""
    fresh = {
        **settings_of(forge).fresh,
        "workflow-files": [{"path": p, "sha": blob} for p, blob in expected.workflows.items()],
        "workflows": {"workflows": []},
    }
    checks = examine(Settings(forge, host, repository, fresh), expected)
    return tuple(
        {str(f.remedy): f for one in reversed(checks) for f in reversed(one.flaws)}.values()
    )[::-1]


# One look at every open proposal of a Gitea or Forgejo: witness, judge, report.
#
# It judges by the main that this clone stands at. A newer main is taken over, and its program
# installed, only where main cannot be written past a proposal and each change of what governs was
# authorised, as the program that is installed judges (docs/decisions/0067, threats A28, A42). So
# what is installed is what the lock of a lawful main names, by hash.

GUARDING = ("repo", "protections", "branch")
"""Of what the forge is asked, what its `guards` rest on."""
FETCH = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "origin")
GOVERNED = (".", *(f":(exclude)content/{area}" for area in ("posts", "reviews", "records")))
"""What a change must be authorised for, as git names it; records are judged where they stand."""
BY_HAND = say(
    "Until then this machine judges by the main that it has. `sanshen forge doctor` shows what to"
    " mend, and GITEA_SETTINGS_TOKEN must be able to read it. To take main over on your own word:"
    " `git merge --ff-only origin/main && make install`."
)


def read_settings(
    ask: Callable[[str], Any],
    paths: Mapping[str, str],
    answers: dict[str, Any],
    unread: dict[str, str],
) -> None:
    """Put each answer under its name, or why there is none."""
    for name, path in paths.items():
        try:
            answers[name] = ask(path)
        except forge_api.Unanswered as missing:
            unread[name] = missing.why


def take_over(
    kind: str, api: ForgeApi, settings_token: str, arguments: Sequence[str]
) -> Fault | None:
    """Take the fetched main over, install its program and begin anew as that; None: it stands here.

    A step that brings another program is taken over alone: that one judges what follows.
    Otherwise why not. `settings_token`: of an account that may read the repository's settings.
    """
    here, there = git("rev-parse", "HEAD"), git("rev-parse", "refs/remotes/origin/main")
    if here == there:
        return None
    try:
        token = settings_token or api.endpoint.token
        _unless_writable(kind, replace(api, endpoint=api.endpoint._replace(token=token)))
        git("merge", "--quiet", "--ff-only", _lawful(here, there))
        if run(["make", "--silent", "install"])[0]:
            git("reset", "--quiet", "--keep", here)
            raise Fault(say("`make install` of a newer main failed, see above."), BY_HAND)
    except Fault as fault:
        return fault
    raise SystemExit(anew("forge", "poll", *arguments))


def _unless_writable(kind: str, api: ForgeApi) -> None:
    """Raise Fault where others can write main, and where that cannot be read."""
    answers, unread = dict[str, Any](), dict[str, str]()
    asked = settings_of(kind)
    read_settings(api.ask, {name: asked.reads[name] for name in GUARDING}, answers, unread)
    settings = Settings(kind, api.endpoint.host, api.repository, answers, unread)
    for one in examine(settings, Expected(), asked.guards):
        for why in (*(flaw.message for flaw in one.flaws), *filter(None, [one.unread])):
            raise Fault(
                say(
                    "A newer main is not installed, for others could have written it: {why}",
                    why=why,
                ),
                BY_HAND,
            )


def _lawful(here: str, there: str) -> str:
    """The newest step of main, or the first that changes `program.lock`.

    Raises Fault where a change of what governs does not pass, judged by what stood before it.
    """
    if git("merge-base", here, there) != here:
        raise Fault(say("A newer main is not installed: main was rewritten."), BY_HAND)
    steps = ("rev-list", "--first-parent", "--reverse", f"{here}..{there}")
    for step in git(*steps, "--", *GOVERNED).split():
        code, _ = sanshen("verify", "--base", f"{step}^1", "--head", step)
        if code not in (EXIT_OK, EXIT_NOTHING):
            raise Fault(
                say(
                    "A newer main is not installed: its change {commit} does not pass,"
                    " judged by the program that is.",
                    commit=step[:12],
                ),
                BY_HAND,
            )
        if git("diff", "--name-only", f"{step}^1", step, "--", LOCK):
            return step
    return there


class Poll(NamedTuple):
    """One look, and what it goes by."""

    session: Session
    api: ForgeApi
    base: str
    key: Path | None
    reporter: Reporter
    notice: str
    """Above each report: why a newer main does not judge, or that there are two."""


def poll_once(session: Session, kind: str, api: ForgeApi, key: Path | None) -> None:
    """Witness, judge and report each open proposal; what fails at one keeps no other waiting."""
    arguments = ("--forge", kind, "--host", api.endpoint.host, "--repository", api.repository)
    git(*FETCH, "+refs/heads/main:refs/remotes/origin/main")
    token = session.environment.get("GITEA_SETTINGS_TOKEN", "")
    behind = take_over(kind, api, token, (*arguments, *(("--key", str(key)) if key else ())))
    faults = [*filter(None, [behind or _other_program(session)]), *_mains_apart(session)]
    for fault in faults:
        click.echo(terminal.fault_text(fault, session.tr), err=True)
    notice = quoted(faults, session.tr)
    me, failed = api.call("user")["id"], bool(faults)
    reporter = Reporter(api, session.tr, lambda u: bool(u.get("id") == me), session.remark)
    poll = Poll(session, api, git("rev-parse", "HEAD"), key, reporter, notice)
    for listed in api.every("/pulls?state=open"):
        if listed["base"]["ref"] != "main":
            continue
        try:
            _proposal(poll, listed["number"])
        except Fault as fault:
            failed = True
            click.echo(f"#{listed['number']}：{terminal.fault_text(fault, session.tr)}", err=True)
    if failed:
        raise SystemExit(EXIT_FAULT)


def _mains_apart(session: Session) -> Iterator[Fault]:
    """A Fault for each mirror (a remote but origin) whose main holds what origin's main lacks."""
    for remote in git("remote").split():
        if remote != "origin" and not fetch_mirror(remote):
            session.remark(say("The main of {remote} did not come: not checked.", remote=remote))
    return mains_apart(session.repository())


def _other_program(session: Session) -> Fault | None:
    """Why nothing is judged here: the main that stands here names another program than runs."""
    try:
        repository = session.repository()
        session.judging(repository, repository.commit("HEAD"))
    except Fault as fault:
        return fault
    return None


def _proposal(poll: Poll, number: int) -> None:
    git(*FETCH, f"+refs/pull/{number}/head:refs/sanshen/{number}")
    pull = poll.api.ask(f"/pulls/{number}")
    head, branch, tr = pull["head"]["sha"], pull["head"]["ref"], poll.session.tr
    with TemporaryDirectory() as folder:
        answer: dict[str, Any] = {}
        if poll.key:
            file = Path(folder, "reviews.json")
            file.write_text(json.dumps(_with_reviews(poll.api, pull)), encoding="utf-8")
            _, answer = witnessed(sanshen, tr, poll.base, head, number, file, poll.key)
        if commit := answer.get("commit"):
            if branch == "main":
                raise Fault(say("A record is never pushed to main."))
            # Where the branch still ends at the head that was read.
            lease = f"--force-with-lease=refs/heads/{branch}:{head}"
            git("push", "--quiet", lease, "origin", f"{commit}:refs/heads/{branch}")
            head = commit
        report = Path(folder, "report.md")
        code, _ = sanshen("verify", "--base", poll.base, "--head", head, "--format", "markdown",
                          "--output", str(report))  # fmt: skip
        text = report.read_text(encoding="utf-8") if report.is_file() else ""
        _, trial = sanshen("simulate", "--head", poll.base, "--proposal", head)
    outcome = OUTCOMES.get(code, FAULT) if text else FAULT
    above = poll.notice + (preface(answer, tr) if answer else "")
    poll.reporter.report(pull, head, outcome, above + text + trial, answer)


def _with_reviews(api: ForgeApi, pull: Mapping[str, Any]) -> dict[str, Any]:
    """A proposal with all reviews: they are counted with those that others have begun, which none
    shows; and a timeline leaves out their line comments."""
    number = pull["number"]
    reviews = api.every(f"/pulls/{number}/reviews", -1)
    lines = sum(review.get("comments_count", 0) for review in reviews)
    timeline = api.every(f"/issues/{number}/timeline", lines)
    return {"pull": pull, "reviews": reviews, "timeline": timeline, "complete": True}


# The verbs.

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
@click.pass_obj
def doctor(session: Session, /, kind: str, host: str, repository: str) -> None:
    """Read the settings of the repository with your own login, and say what to change.

    GitHub is asked by `gh`, Gitea by `curl` with the token in GITEA_TOKEN. Nothing is changed.
    """
    if only := program().forges[kind].signed_only:
        click.echo(session.tr(only))
        return
    settings = _asked(session, kind, _host(host, kind), repository)
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
    return gh(host, forge_api.path_of(repository, path))


def _api(session: Session, kind: str, host: str, repository: str) -> ForgeApi:
    code = forges.code_of(kind)
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
