"""One look at every open proposal of a Gitea or Forgejo: witness, judge, report.

It judges by the main that this clone stands at. A newer main is taken over, and its program
installed, only where main cannot be written past a proposal and each change of what governs was
authorised, as the program that is installed judges (docs/decisions/0067, threats A28, A42). So what
is installed is what the lock of a lawful main names, by hash.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import click

from pipeline.cli.calls import ForgeApi, anew, fetch_mirror, git, run, sanshen
from pipeline.cli.forge_api import Unanswered
from pipeline.cli.session import Session
from pipeline.cli.terminal import fault_text
from pipeline.errors import Fault
from pipeline.model.findings import EXIT_FAULT, EXIT_NOTHING, EXIT_OK, say
from pipeline.parts.witness.doctor import examine, settings_of
from pipeline.parts.witness.proposals import FAULT, OUTCOMES, preface, quoted, witnessed
from pipeline.parts.witness.report import Reporter
from pipeline.parts.witness.settings import Expected, Settings
from pipeline.source.content.program_lock import LOCK
from pipeline.source.git.branches import mains_apart

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
        except Unanswered as missing:
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
        click.echo(fault_text(fault, session.tr), err=True)
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
            click.echo(f"#{listed['number']}：{fault_text(fault, session.tr)}", err=True)
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
        _, trial = sanshen("simulate", "--head", poll.base, "--proposal", head,
                           "--format", "markdown")  # fmt: skip
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
