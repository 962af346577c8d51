"""One round over the open proposals of a repository on GitHub, a step to each process.

`list`, `fetch`, `witness`, `push`, `judge`, `report`: each holds the token or the key that it needs
and nothing else (threat A28; `.github/workflows/verify.yml` says which). What a step leaves for the
next lies in RUNNER_TEMP. Nothing of a proposal is checked out, executed, or part of a command line
that a shell reads; what the programs that read it print stands between fences, where the runner
obeys nothing (A33).
"""

import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlsplit

import click

from pipeline.cli.calls import ForgeApi, fetch_mirror, run, sanshen
from pipeline.cli.forge_api import API_VERSION, Endpoint, Unanswered
from pipeline.cli.options import Session
from pipeline.errors import Fault
from pipeline.model.findings import EXIT_FAULT, EXIT_NOTHING, EXIT_OK, Message, say
from pipeline.parts.witness.proposals import FAULT, HELD, OUTCOMES, composed, quoted, witnessed
from pipeline.parts.witness.report import Reporter
from pipeline.report.language import harmless
from pipeline.source.git.branches import mains_apart

LATER = "later"
"""The outcome of a proposal that a round did not reach."""
BOT = "github-actions[bot]"
REPORT_BYTES = 1_000_000
SUMMARY_BYTES = 800_000
"""Of the reports of all proposals on the page of a run."""
TIMES = {"witness": 600, "judge": 1200}
"""Seconds after which a step begins with no further proposal; the next round takes it up."""
_HELPER = '!f() { echo username=x-access-token; echo "password=$GH_TOKEN"; }; f'
"""Hands git the token of this step alone; git keeps none of it."""
Row = dict[str, Any]
"""A proposal of the list: number (0: a merge queue), head, ref, foreign."""


class Round:
    """One step of a round, with what its environment gives it."""

    def __init__(self, session: Session) -> None:
        self.session, self.environment, self.tr = session, session.environment, session.tr
        self.temp = Path(self.environment["RUNNER_TEMP"])
        self._begun = time.monotonic()

    @cached_property
    def api(self) -> ForgeApi:
        where = urlsplit(self.environment.get("GITHUB_API_URL") or "https://api.github.com")
        prefix = f"{where.path.strip('/')}/".lstrip("/")
        name, token = self.environment["GITHUB_REPOSITORY"], self.environment["GH_TOKEN"]
        return ForgeApi(name, Endpoint(where.netloc, prefix, token, API_VERSION))

    @property
    def reporter(self) -> Reporter:
        server, name = self.environment["GITHUB_SERVER_URL"], self.environment["GITHUB_REPOSITORY"]
        page = f"{server}/{name}/actions/runs/{self.environment['GITHUB_RUN_ID']}"
        return Reporter(
            self.api, self.tr, lambda user: bool(user.get("login") == BOT),
            lambda message: self.announce("warning", message), page,
        )  # fmt: skip

    @cached_property
    def proposals(self) -> list[Row]:
        listed: list[Row] = json.loads(self.environment["PROPOSALS"])
        return listed

    @property
    def base(self) -> str:
        return self.environment["BASE_SHA"]

    def late(self, step: str) -> bool:
        return time.monotonic() - self._begun > TIMES[step]

    def give(self, name: str, value: str) -> None:
        """An output of the step."""
        with Path(self.environment["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
            outputs.write(f"{name}={value}\n")

    def announce(self, kind: str, message: Message, number: int | None = None) -> None:
        """A line of the log that the runner shows, about a proposal."""
        title = f" title=#{number}" if number is not None else ""
        click.echo(f"::{kind}{title}::{self.tr(message)}")

    def sanshen(self, *arguments: str, seconds: int = 120) -> tuple[int, str]:
        """This program on a proposal: without the step's key and token."""
        hidden = ("WITNESS_KEY", "GH_TOKEN")
        environment = {k: v for k, v in self.environment.items() if k not in hidden}
        return sanshen(*arguments, seconds=seconds, environment=environment)

    def git(self, *arguments: str) -> bool:
        """Whether git did it, with the token of the step."""
        auth = ("-c", "credential.helper=", "-c", f"credential.helper={_HELPER}")
        return run(["git", *auth, "-c", "fetch.fsckObjects=true", *arguments])[0] == 0


@contextmanager
def fenced() -> Iterator[None]:
    """While the words of a proposal may reach the log, the runner obeys nothing."""
    fence = token_hex(16)
    click.echo(f"::stop-commands::{fence}")
    try:
        yield
    finally:
        click.echo(f"\n::{fence}::")


# list: with a token that reads proposals and statuses.


def list_(step: Round) -> None:
    """The tip of main, and every open proposal: what comes from a fork is judged last, for
    strangers may open as many as they like.

    A list is whole or the run fails: a page that does not come is never "no proposals".
    """
    given = step.environment
    if head := given.get("QUEUE_HEAD"):
        base = given["QUEUE_BASE"]
        rows = [{"number": 0, "head": head, "ref": given["QUEUE_REF"], "foreign": False}]
    else:
        # Not GITHUB_SHA: when an old run is repeated, that is the main of long ago.
        base = step.api.ask("/commits/main")["sha"]
        pulls = step.api.every("/pulls?state=open&base=main&per_page=100")
        rows = [_row(p) for p in sorted(pulls, key=_is_foreign)]
    step.give("base", base)
    step.give("proposals", json.dumps(rows))


def _is_foreign(pull: Mapping[str, Any]) -> bool:
    own = pull["base"]["repo"]["full_name"]
    return bool((pull["head"]["repo"] or {}).get("full_name") != own)


def _row(pull: Mapping[str, Any]) -> Row:
    number, head = pull["number"], pull["head"]["sha"]
    ref = f"refs/pull/{number}/head"
    return {"number": number, "head": head, "ref": ref, "foreign": _is_foreign(pull)}


# fetch: with a token that reads; objects alone, after everything is installed.


def fetch(step: Round) -> None:
    """The proposals as git objects and, for the witness, their reviews: read-NUMBER.json.

    fsck refuses objects made to harm the client, such as a `.git` in a tree. What cannot be had
    has no verdict this round, and the others go on.
    """
    if (mirror := step.environment.get("MIRROR", "")) and not fetch_mirror("mirror", mirror):
        missing = say("The main of {remote} did not come: not checked.", remote=harmless(mirror))
        step.announce("warning", missing)
    for row in step.proposals:
        got = step.git(
            "fetch", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head",
            "origin", f"+{row['ref']}:refs/sanshen/{row['head']}",
        )  # fmt: skip
        if "WITNESS" in step.environment:
            got = got and _fetch_reviews(step, row["number"])
        if not got:
            missing = say("Its commits or its reviews did not come; this round says nothing of it.")
            step.announce("warning", missing, row["number"])


def _fetch_reviews(step: Round, number: int) -> bool:
    """A page that does not come is a fault of that proposal, never "no reviews"."""
    try:
        pull = step.api.ask(f"/pulls/{number}")
        reviews = step.api.every(f"/pulls/{number}/reviews?per_page=100")
    except Unanswered:
        return False
    payload = {"pull": pull, "reviews": reviews, "complete": True}
    (step.temp / f"read-{number}.json").write_text(json.dumps(payload), "utf-8")
    return True


# witness: with the witness's key and no token; push: with the token and no key.


def witness(step: Round) -> None:
    """Each proposal's reviews as records: witness/NUMBER.json.

    The key is in one file for as long as this step runs, and in the environment of nothing else.
    """
    secret, key = step.environment.get("WITNESS_KEY"), step.temp / "witness-key"
    if not secret:
        step.announce(
            "error", say("The environment `witness` has no secret `SANSHEN_WITNESS_KEY`.")
        )
        raise SystemExit(EXIT_FAULT)
    key.touch(0o600)
    try:
        key.write_text(f"{secret}\n", "utf-8")
        for row in step.proposals:
            _witness(step, row, key)
    finally:
        key.unlink()


def _witness(step: Round, row: Row, key: Path) -> None:
    number, answers = row["number"], step.temp / "witness"
    reviews = step.temp / f"read-{number}.json"
    if not reviews.is_file() or step.late("witness"):
        return
    with fenced():
        code, answer = witnessed(
            step.sanshen, step.tr, step.base, row["head"], number, reviews, key
        )
    answers.mkdir(exist_ok=True)
    (answers / f"{number}.json").write_text(json.dumps(answer, ensure_ascii=False), "utf-8")
    if code not in (EXIT_OK, EXIT_NOTHING):
        step.announce("warning", say("Not witnessed: exit code {code}.", code=code), number)


def push(step: Round) -> None:
    """Each commit of records onto the branch that was read, where it still ends at the head that
    was read; never main. What is judged then is that commit."""
    rows = []
    for row in step.proposals:
        answer, read = (
            step.temp / f for f in (f"witness/{row['number']}.json", f"read-{row['number']}.json")
        )
        commit = written(answer).get("commit", "")
        branch = written(read)["pull"]["head"]["ref"] if commit else ""
        rows.append(row)
        if not commit or branch == "main":
            continue
        lease = f"--force-with-lease=refs/heads/{branch}:{row['head']}"
        if step.git("push", "--quiet", lease, "origin", f"{commit}:refs/heads/{branch}"):
            rows[-1] = row | {"head": commit, "ref": f"refs/heads/{branch}"}
            done = say("The records are on its branch, commit {commit}.", commit=commit)
            step.announce("notice", done, row["number"])
        else:
            answer.unlink()  # what it calls recorded was not
            moved = say("Its branch has new commits; the next round tries again.")
            step.announce("warning", moved, row["number"])
    step.give("proposals", json.dumps(rows))


def written(path: Path) -> dict[str, Any]:
    """A file that a step before wrote; none: it had nothing to say."""
    if not path.is_file() or path.is_symlink():
        return {}
    value: dict[str, Any] = json.loads(path.read_bytes())
    return value


# judge: with neither token nor key.


def judge(step: Round) -> None:
    """A verdict on each proposal: verdicts/HEAD/outcome, verdict.md, witness.json.

    Each has its own time, so that none keeps the others waiting; what this round does not reach
    keeps the status it has. One fault is reported on its own commit: the step fails where nothing
    has a verdict.
    """
    judged = [_judge(step, row) for row in step.proposals]
    step.give("verdicts", "true")
    if not any(judged):
        raise SystemExit(EXIT_FAULT)


def _judge(step: Round, row: Row) -> bool:
    """Whether it has a verdict."""
    head, number = row["head"], row["number"]
    folder = step.temp / "verdicts" / head
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / "verdict.md"
    if step.late("judge"):
        (folder / "outcome").write_text(LATER, "utf-8")
        return False
    outcome, shown = FAULT, True
    if run(["git", "cat-file", "-e", f"{head}^{{commit}}"])[0] == 0:
        with fenced():
            code, shown = _judged(step, row, report)
        # A verdict comes with its report; anything else is a fault.
        outcome = OUTCOMES.get(code, FAULT) if _filled(report) else FAULT
        _summarise(step, row, report)
    (folder / "outcome").write_text(outcome.name, "utf-8")
    step.announce(outcome.level, outcome.words, number)
    if not shown:
        step.announce("notice", say("It has no word on its reviews."), number)
    if outcome is FAULT:
        report.unlink(missing_ok=True)  # shown above; only a verdict's report is passed on
    return outcome is not FAULT


def _filled(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0


def _judged(step: Round, row: Row, report: Path) -> tuple[int, bool]:
    """Exit code of `verify`, and whether all else could be made: its report under what the witness
    answered, with what other governance judges otherwise."""
    head, number = row["head"], row["number"]
    form = ("--format", "markdown", "--output", str(report))
    code, _ = step.sanshen("verify", "--base", step.base, "--head", head, *form)
    trial = step.temp / "tried.md"
    trial.unlink(missing_ok=True)
    tried, _ = step.sanshen(
        "simulate", "--head", step.base, "--proposal", head, "--output", str(trial), seconds=240
    )
    shown = True
    answer = step.temp / "answers" / f"{number}.json"
    if _filled(report):
        text = report.read_text("utf-8", "replace")
        if step.environment.get("MIRROR"):
            text = quoted(mains_apart(step.session.repository()), step.tr) + text
        text += trial.read_text("utf-8", "replace") if tried == EXIT_OK and _filled(trial) else ""
        if answer.is_file():
            shutil.copy(answer, report.with_name("witness.json"))
            try:
                text = composed(step.tr, answer, text)
            except Fault:
                shown = False
        report.write_text(text, "utf-8")
    return code, shown


def _summarise(step: Round, row: Row, report: Path) -> None:
    """The report on the page of the run, no longer than its share."""
    share = SUMMARY_BYTES // len(step.proposals)
    with Path(step.environment["GITHUB_STEP_SUMMARY"]).open("ab") as summary:
        summary.write(f"\n## #{row['number']} {row['head']}\n\n".encode())
        if report.is_file():
            summary.write(report.read_bytes()[:share])


# report: with a token that writes, and no object of any proposal.


def report(step: Round) -> None:
    """Status, comment, label and reviewers of each proposal; one that fails holds up no other."""
    failed = False
    for row in step.proposals:
        try:
            _report(step, row)
        except (Fault, KeyError, TypeError, ValueError) as error:
            failed = True
            click.echo(repr(error), err=True)
            unwritten = say("Its status or comment could not be written.")
            step.announce("error", unwritten, row["number"])
    if failed:
        raise SystemExit(EXIT_FAULT)


def _report(step: Round, row: Row) -> None:
    head, number = row["head"], row["number"]
    folder = step.temp / "verdicts" / head
    name = _text(folder / "outcome", 20)
    if name == LATER:
        step.announce("notice", say("This round did not reach it; it stays as it is."), number)
        return
    # No outcome at all means that the judging job broke: an error, never a pass.
    outcome = next((o for o in OUTCOMES.values() if o.name == name), FAULT)
    if not number:
        # A queue would wait for a verdict that no later round gives it.
        state = "failure" if outcome is HELD else outcome.state
        step.reporter.set_status(head, state, outcome.words)
        return
    pull = step.api.ask(f"/pulls/{number}")
    # A late round must not overwrite the verdict on a newer head (A5).
    if (pull["state"], pull["head"]["sha"]) != ("open", head):
        step.announce("notice", say("It has a new commit, or is closed."), number)
        return
    text, answer = _text(folder / "verdict.md", REPORT_BYTES), written(folder / "witness.json")
    step.reporter.report(pull, head, outcome, text, answer)


def _text(path: Path, most: int) -> str:
    if not path.is_file() or path.is_symlink():
        return ""
    with path.open("rb") as file:
        return file.read(most).decode("utf-8", "replace")


STEPS: Mapping[str, Callable[[Round], None]] = {
    "list": list_,
    "fetch": fetch,
    "witness": witness,
    "push": push,
    "judge": judge,
    "report": report,
}
