"""forge: the settings of GitHub, Gitea or Forgejo, and what the archive does there.

`forge poll` looks once at every open proposal on Gitea or Forgejo, from the bureau's machine:
Actions of Gitea know no environments, so a key there could be read by any branch. Here it is a file
of this machine, and a systemd timer runs the command (docs/forge.md).
"""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from pipeline.cli.forge_calls import Gitea, gh, git, sanshen
from pipeline.cli.options import together
from pipeline.cli.session import Session, fault_text
from pipeline.errors import Fault, Misuse
from pipeline.forge.doctor import FORGES, SIGNED_ONLY, Examined, examine, setup
from pipeline.forge.proposals import (
    MARKER,
    NO_VERDICT,
    VERDICTS,
    accounts,
    body_of,
    preface,
    same_comment,
)
from pipeline.forge.settings import Expected, Flaw, Settings
from pipeline.judge.load_governance import trust
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
from pipeline.report.language import harmless

STATUS = "sanshen/verify"


def poll_once(session: Session, api: Gitea, key: Path | None) -> None:
    """Witness, judge and report each open proposal; what fails at one keeps no other waiting."""
    fetch = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "origin")
    git(*fetch, "+refs/heads/main:refs/remotes/origin/main")
    base = git("rev-parse", "refs/remotes/origin/main")
    me = json.loads(api.call("user") or "{}").get("login", "")
    failed = False
    for listed in api.every("/pulls?state=open"):
        if listed["base"]["ref"] != "main":
            continue
        try:
            git(*fetch, f"+refs/pull/{listed['number']}/head:refs/sanshen/{listed['number']}")
            _proposal(session, api, base, listed["number"], key, me)
        except Fault as fault:
            failed = True
            click.echo(f"#{listed['number']}：{fault_text(fault, session.tr)}", err=True)
    if failed:
        raise SystemExit(EXIT_FAULT)


def _proposal(
    session: Session, api: Gitea, base: str, number: int, key: Path | None, me: str
) -> None:
    reviews, pull = api.every(f"/pulls/{number}/reviews"), api.ask(f"/pulls/{number}")
    head = pull["head"]["sha"]
    with TemporaryDirectory() as folder:
        answer: dict[str, Any] = {}
        if key:
            file = Path(folder, "reviews.json")
            payload = {"pull": pull, "reviews": reviews, "complete": True}
            file.write_text(json.dumps(payload), encoding="utf-8")
            answer = _witnessed(base, head, number, file, key)
        if commit := answer.get("commit"):
            _push(pull["head"]["ref"], head, commit)
            head = commit
        report = Path(folder, "report.md")
        code, _ = sanshen("verify", "--base", base, "--head", head, "--format", "markdown",
                          "--output", str(report))  # fmt: skip
        text = report.read_text(encoding="utf-8") if report.is_file() else ""
        _, trial = sanshen("simulate", "--head", base, "--proposal", head,
                           "--format", "markdown")  # fmt: skip
    state, words = VERDICTS[code] if code in VERDICTS and text else NO_VERDICT
    above = preface(answer, session.tr) if answer else ""
    _report(api, number, head, state, session.tr(words), above + text + trial, me)
    if code == EXIT_HOLD and answer:
        _ask(api, number, pull, answer)


def _witnessed(base: str, head: str, number: int, file: Path, key: Path) -> dict[str, Any]:
    """What `sanshen witness` answers; nothing when it fails: what stands is judged all the same."""
    where = ("--base", base, "--head", head, "--pull", str(number))
    given = ("--reviews", str(file), "--key", str(key), "--format", "json")
    code, shown = sanshen("witness", *where, *given)
    answer: dict[str, Any] = json.loads(shown) if code in (EXIT_OK, EXIT_NOTHING) else {}
    return answer


def _push(branch: str, head: str, commit: str) -> None:
    """Onto the proposal's own branch, where it still ends at the head that was read."""
    if branch == "main":
        raise Fault(say("A record is never pushed to main."))
    lease = f"--force-with-lease=refs/heads/{branch}:{head}"
    git("push", "--quiet", lease, "origin", f"{commit}:refs/heads/{branch}")


def _report(
    api: Gitea, number: int, head: str, state: str, headline: str, text: str, me: str
) -> None:
    """Status and comment; what stands there already is not written again."""
    statuses = api.ask(f"/commits/{head}/status").get("statuses") or []
    now = [(s["status"], s["description"]) for s in statuses if s["context"] == STATUS]
    if (state, headline) not in now:
        given = {"context": STATUS, "state": state, "description": headline}
        api.ask(f"/statuses/{head}", "POST", given)
    body = body_of(headline, head, text)
    ours = [
        c
        for c in api.ask(f"/issues/{number}/comments")
        if c["user"]["login"] == me and c["body"].startswith(MARKER)
    ]
    if not ours:
        api.ask(f"/issues/{number}/comments", "POST", {"body": body})
    elif not same_comment(ours[0]["body"], body):
        api.ask(f"/issues/comments/{ours[0]['id']}", "PATCH", {"body": body})


def _ask(api: Gitea, number: int, pull: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Ask those who may take the next step; an account that is gone, or the author, is left out."""
    asked = {user["id"] for user in pull.get("requested_reviewers") or ()}
    for account in set(accounts(answer)) - asked - {pull["user"]["id"]}:
        users = json.loads(api.call(f"users/search?uid={account}") or "{}").get("data") or []
        if users:
            login = {"reviewers": [users[0]["login"]]}
            api.call(f"repos/{api.repository}/pulls/{number}/requested_reviewers", "POST", login)


GITHUB = "github.com"
NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?(/[\w.-]+)*")


@click.group()
def forge() -> None:
    """GitHub, Gitea or Forgejo: doctor, setup, poll."""


_where = together(
    click.option(
        "--forge",
        "kind",
        type=click.Choice([*FORGES, *SIGNED_ONLY]),
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
    if kind in SIGNED_ONLY:
        click.echo(session.tr(SIGNED_ONLY[kind]))
        return
    settings = _from_file(file) if file else _asked(session, kind, _host(host, kind), repository)
    if save:
        session.write(_as_json(settings), str(save))
    examined = examine(settings, _expected(session, settings.host))
    for one in examined:
        _show(session, one)
    for message in FORGES[settings.forge].BY_HAND:
        _line(session, say("check by hand"), message, Effect.NOTE)
    if any(one.flaws for one in examined):
        raise SystemExit(EXIT_REFUSE)
    raise SystemExit(EXIT_OK if all(one.read for one in examined) else EXIT_HOLD)


@forge.command("setup")
@_where
@click.option("--print", "printed", is_flag=True, required=True, help="Print; nothing is run.")
@click.pass_obj
def setup_(session: Session, /, kind: str, host: str, repository: str, printed: bool) -> None:
    """Print every command that makes a new repository what the archive needs."""
    if kind in SIGNED_ONLY:
        click.echo(session.tr(SIGNED_ONLY[kind]))
        return
    host = _host(host, kind)
    if kind == "github" and host != GITHUB:
        click.echo(f"export GH_HOST={host}\n")
    for flaw in setup(kind, host, _name(repository), _expected(session, host)):
        click.echo(f"# {session.tr(flaw.message)}")
        click.echo(_remedy(session, flaw, "# ") + "\n")


@forge.command()
@click.option("--host", required=True, help="Its host name.")
@click.option("--repository", required=True, metavar="OWNER/NAME", help="The repository there.")
@click.option("-k", "--key", type=click.Path(path_type=Path), help="Private key of the witness.")
@click.pass_obj
def poll(session: Session, /, host: str, repository: str, key: Path | None) -> None:
    """Look at every open proposal on Gitea or Forgejo once: witness, judge, report.

    Run by a timer in a clone of main, with the token in GITEA_TOKEN. Without a key nothing is
    witnessed.
    """
    token = session.environment.get("GITEA_TOKEN", "")
    poll_once(session, Gitea(_host(host), _name(repository), token), key)


@forge.command()
@click.option(
    "--witness",
    type=click.Path(path_type=Path),
    required=True,
    help="What `sanshen witness --format json` answered.",
)
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    required=True,
    help="The report of `sanshen verify --format markdown`.",
)
@click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of stdout.")
@click.pass_obj
def comment(session: Session, /, witness: Path, report: Path, output: str | None) -> None:
    """Put the answer of `sanshen witness` before a report: who is next, what does not count."""
    session.write(composed(session, witness, report.read_text(encoding="utf-8")), output)


def composed(session: Session, witness: Path, report: str) -> str:
    """A report under what a witness answered; Fault when the file holds no answer."""
    try:
        return preface(json.loads(witness.read_text(encoding="utf-8")), session.tr) + report
    except (ValueError, KeyError, TypeError) as error:
        raise Fault(
            say("{path} is no answer of `sanshen witness`.", path=str(witness)),
            say("Give the file that `sanshen witness --format json` wrote."),
        ) from error


def _name(repository: str) -> str:
    if not NAME.fullmatch(repository):
        raise Misuse(
            say("{name} names no repository.", name=repository or "--repository"),
            say("Give --repository OWNER/NAME, as the address of the repository ends."),
        )
    return repository


def _host(host: str, kind: str = "") -> str:
    host = host or (GITHUB if kind == "github" else "")
    if not HOST.fullmatch(host):
        raise Misuse(
            say("{name} is no host name.", name=host or "--host"),
            say("Give it without https://, like {host}.", host="git.example"),
        )
    return host


def _from_file(path: Path) -> Settings:
    """Settings of a file. Raises Fault when it holds none."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        kind, host, repository = given["forge"], given["host"], given["repository"]
        if kind not in FORGES or not isinstance(given["answers"], dict):
            raise ValueError(kind)
        return Settings(kind, _host(host), _name(repository), given["answers"])
    except (ValueError, KeyError, TypeError) as error:
        raise Fault(
            say("{path} holds no settings of a forge.", path=str(path)),
            say("Write it with `sanshen forge doctor --save FILE`."),
        ) from error


def _as_json(settings: Settings) -> str:
    document = {
        "version": 1,
        "forge": settings.forge,
        "host": settings.host,
        "repository": settings.repository,
        "answers": settings.answers,
    }
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _asked(session: Session, kind: str, host: str, repository: str) -> Settings:
    """The answers of a forge; what it refuses is left out."""
    repository = _name(repository)
    answers: dict[str, Any] = {}
    gitea = Gitea(host, repository, session.environment.get("GITEA_TOKEN", ""))
    for paths in (FORGES[kind].READS.items, lambda: FORGES[kind].follow(answers).items()):
        for name, path in paths():
            with suppress(ValueError):
                whole = f"repos/{repository}{path}"
                shown = gh(host, whole) if kind == "github" else gitea.call(whole)
                answers[name] = json.loads(shown)
    return Settings(kind, host, repository, answers)


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
    if not one.read:
        _line(
            session, one.title, say("not checked: your login may not see all of it."), Effect.HOLD
        )
    elif not one.flaws:
        _line(session, one.title, say("as it must be"), None)


def _line(session: Session, title: Message, message: Message, effect: Effect | None) -> None:
    text = harmless(session.tr(say("{path}: {what}", path=title, what=message)))
    click.echo(session.paint(text, effect))


def _remedy(session: Session, flaw: Flaw, prefix: str) -> str:
    by_hand = isinstance(flaw.remedy, Message)
    return prefix * by_hand + harmless(
        session.tr(flaw.remedy) if isinstance(flaw.remedy, Message) else flaw.remedy
    )
