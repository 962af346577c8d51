"""One look at every open proposal of a Gitea or Forgejo: witness, judge, report.

It judges by the main that this clone stands at. A newer main is taken over, and its program
installed, only where main cannot be written past a proposal and each change of what governs was
authorised, as the program that is installed judges (docs/decisions/0067, threats A28, A42). So what
is installed is what the lock of a lawful main names, by hash.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from pipeline.cli.calls import ForgeApi, anew, git, run, sanshen
from pipeline.cli.forge_api import Unanswered
from pipeline.cli.session import Session
from pipeline.cli.terminal import fault_text
from pipeline.errors import Fault
from pipeline.model.findings import (
    EXIT_FAULT,
    EXIT_NOTHING,
    EXIT_OK,
    say,
)
from pipeline.parts.witness.doctor import examine, settings_of
from pipeline.parts.witness.proposals import (
    FAULT,
    HELD,
    MARKER,
    OUTCOMES,
    accounts,
    body_of,
    preface,
    put_comment,
    witnessed,
)
from pipeline.parts.witness.settings import STATUS, Expected, Settings
from pipeline.source.content.program_lock import LOCK

KIND = "gitea"
GUARDING = ("repo", "protections", "branch")
"""Of what the forge is asked, what its `guards` rest on."""
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
        except Unanswered as missing:
            unread[name] = missing.why


def take_over(api: ForgeApi, settings_token: str, arguments: Sequence[str]) -> Fault | None:
    """Take the fetched main over, install its program and begin anew as that; None: it stands here.

    A step that brings another program is taken over alone: that one judges what follows.
    Otherwise why not. `settings_token`: of an account that may read the repository's settings.
    """
    here, there = git("rev-parse", "HEAD"), git("rev-parse", "refs/remotes/origin/main")
    if here == there:
        return None
    try:
        token = settings_token or api.endpoint.token
        _unless_writable(replace(api, endpoint=api.endpoint._replace(token=token)))
        git("merge", "--quiet", "--ff-only", _lawful(here, there))
        if run(["make", "--silent", "install"])[0]:
            git("reset", "--quiet", "--keep", here)
            raise Fault(say("`make install` of a newer main failed, see above."), BY_HAND)
    except Fault as fault:
        return fault
    raise SystemExit(anew("forge", "poll", *arguments))


def _unless_writable(api: ForgeApi) -> None:
    """Raise Fault where others can write main, and where that cannot be read."""
    answers, unread = dict[str, Any](), dict[str, str]()
    asked = settings_of(KIND)
    read_settings(api.ask, {name: asked.reads[name] for name in GUARDING}, answers, unread)
    settings = Settings(KIND, api.endpoint.host, api.repository, answers, unread)
    for one in examine(settings, Expected(), asked.guards):
        for why in (*(flaw.message for flaw in one.flaws), *filter(None, [one.unread])):
            raise Fault(
                say("A newer main is not installed, for others could have written it: {why}",
                    why=why),
                BY_HAND,
            )  # fmt: skip


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
                say("A newer main is not installed: its change {commit} does not pass,"
                    " judged by the program that is.", commit=step[:12]),
                BY_HAND,
            )  # fmt: skip
        if git("diff", "--name-only", f"{step}^1", step, "--", LOCK):
            return step
    return there


def poll_once(session: Session, api: ForgeApi, key: Path | None) -> None:
    """Witness, judge and report each open proposal; what fails at one keeps no other waiting."""
    arguments = ("--host", api.endpoint.host, "--repository", api.repository)
    fetch = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "origin")
    git(*fetch, "+refs/heads/main:refs/remotes/origin/main")
    token = session.environment.get("GITEA_SETTINGS_TOKEN", "")
    behind = take_over(api, token, (*arguments, *(("--key", str(key)) if key else ())))
    behind = behind or _other_program(session)
    notice = ""
    if behind:
        notice = f"> {session.tr(behind.message)}\n\n"
        click.echo(fault_text(behind, session.tr), err=True)
    base, me = git("rev-parse", "HEAD"), api.call("user")["id"]
    failed = behind is not None
    for listed in api.every("/pulls?state=open"):
        if listed["base"]["ref"] != "main":
            continue
        try:
            git(*fetch, f"+refs/pull/{listed['number']}/head:refs/sanshen/{listed['number']}")
            _proposal(session, api, base, listed["number"], key, me, notice)
        except Fault as fault:
            failed = True
            click.echo(f"#{listed['number']}：{fault_text(fault, session.tr)}", err=True)
    if failed:
        raise SystemExit(EXIT_FAULT)


def _other_program(session: Session) -> Fault | None:
    """Why nothing is judged here: the main that stands here names another program than runs."""
    try:
        repository = session.repository()
        session.judging(repository, repository.commit("HEAD"))
    except Fault as fault:
        return fault
    return None


def _proposal(
    session: Session, api: ForgeApi, base: str, number: int, key: Path | None, me: int, notice: str
) -> None:
    reviews, pull = api.every(f"/pulls/{number}/reviews"), api.ask(f"/pulls/{number}")
    timeline = api.every(f"/issues/{number}/timeline")
    head = pull["head"]["sha"]
    with TemporaryDirectory() as folder:
        answer: dict[str, Any] = {}
        if key:
            file = Path(folder, "reviews.json")
            payload = {"pull": pull, "reviews": reviews, "timeline": timeline, "complete": True}
            file.write_text(json.dumps(payload), encoding="utf-8")
            _, answer = witnessed(sanshen, session.tr, base, head, number, file, key)
        if commit := answer.get("commit"):
            _push(pull["head"]["ref"], head, commit)
            head = commit
        report = Path(folder, "report.md")
        code, _ = sanshen("verify", "--base", base, "--head", head, "--format", "markdown",
                          "--output", str(report))  # fmt: skip
        text = report.read_text(encoding="utf-8") if report.is_file() else ""
        _, trial = sanshen("simulate", "--head", base, "--proposal", head,
                           "--format", "markdown")  # fmt: skip
    outcome = OUTCOMES.get(code, FAULT) if text else FAULT
    above = notice + (preface(answer, session.tr) if answer else "")
    headline, state = session.tr(outcome.words), outcome.state
    _report(session, api, number, head, state, headline, above + text + trial, me)
    if outcome is HELD and answer:
        _ask(api, number, pull, answer)


def _push(branch: str, head: str, commit: str) -> None:
    """Onto the proposal's own branch, where it still ends at the head that was read."""
    if branch == "main":
        raise Fault(say("A record is never pushed to main."))
    lease = f"--force-with-lease=refs/heads/{branch}:{head}"
    git("push", "--quiet", lease, "origin", f"{commit}:refs/heads/{branch}")


def _report(
    session: Session,
    api: ForgeApi,
    number: int,
    head: str,
    state: str,
    headline: str,
    text: str,
    me: int,
) -> None:
    """Status and comment; what stands there already, and is ours, is not written again.

    All who can write can set a status of any name, and the latest one counts.
    """
    statuses = api.ask(f"/commits/{head}/status").get("statuses") or []
    set_by = [(s["creator"] or {}, s) for s in statuses if s["context"] == STATUS]
    now = [(s["status"], s["description"], who.get("id")) for who, s in set_by]
    for login in sorted({who["login"] for who, _ in set_by if who and who["id"] != me}):
        session.remark(say("#{number}: {login} had set the status {status}; it is set anew.",
                           number=number, login=login, status=STATUS))  # fmt: skip
    if (state, headline, me) not in now:
        given = {"context": STATUS, "state": state, "description": headline}
        api.ask(f"/statuses/{head}", "POST", given)
    body = body_of(headline, head, text)
    ours = [
        c
        for c in api.ask(f"/issues/{number}/comments")
        if (c["user"] or {}).get("id") == me and c["body"].startswith(MARKER)
    ]
    put_comment(api, number, ours, body)


def _ask(api: ForgeApi, number: int, pull: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Ask those who may take the next step; an account that is gone, or the author, is left out."""
    asked = {user["id"] for user in filter(None, pull.get("requested_reviewers") or ())}
    for account in set(accounts(answer)) - asked - {(pull["user"] or {}).get("id")}:
        with suppress(Unanswered):
            for user in api.call(f"users/search?uid={account}").get("data") or ():
                login = {"reviewers": [user["login"]]}
                api.ask(f"/pulls/{number}/requested_reviewers", "POST", login)
