"""upgrade: the one proposal that renews the program of an archive, or lets an archive name one."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from pipeline.cli.init import downloaded, fetched
from pipeline.cli.options import AS_OF, Session
from pipeline.errors import Fault
from pipeline.judge.load_governance import trust
from pipeline.model.findings import EXIT_HOLD, EXIT_OK, EXIT_REFUSE, Message, say
from pipeline.model.ids import BranchName
from pipeline.model.program import VERSION
from pipeline.parts.upgrade.upgrade import Release, packed, sentences, upgraded
from pipeline.report.language import whole
from pipeline.source.content.program_lock import LOCK, WHEELS, lock_of
from pipeline.source.git.branches import MAIN, OWN
from pipeline.source.git.git_process import CALL_YOURSELF, NO_COMMITTER, committer
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree
from pipeline.source.wheel import MOST

# What two programs say of one archive, held side by side: the findings that only one has.

MOST_LISTED = 20
"""Differences that are listed."""
_EFFECTS = {"note": say("note"), "hold": say("hold"), "refuse": say("refusal")}
_Row = tuple[str, str, str, str]


def differences(old: Sequence[Any], new: Sequence[Any], proposal: str) -> list[Message]:
    """A sentence for each finding that only one of two programs has, after one that counts them.

    `old`, `new`: reports (JSON) of the same verbs; `proposal`: the commit that only the new program
    judged, which is left out.
    """
    was, now = Counter(_rows(old, proposal)), Counter(_rows(new, proposal))
    gone, came = sorted((was - now).elements()), sorted((now - was).elements())
    count = len(gone) + len(came)
    judged = sum(len(report["verdicts"]) for report in old)
    if not count:
        return [
            say("Both programs judge alike what stands and the whole history: {count} verdicts."
                " They ran with the libraries that are installed here.", count=judged),
        ]  # fmt: skip
    rows = [
        *(_sentence(say("Only the new one"), row) for row in came),
        *(_sentence(say("No longer"), row) for row in gone),
    ]
    more = [say("{count} more.", count=count - MOST_LISTED)] if count > MOST_LISTED else []
    return [
        say("{count} findings of {verdicts} verdicts differ, on what stands and the whole history."
            " The programs ran with the libraries that are installed here.",
            count=count, verdicts=judged),
        *rows[:MOST_LISTED],
        *more,
    ]  # fmt: skip


def _rows(reports: Sequence[Any], proposal: str) -> list[_Row]:
    return [
        (finding["clause"], verdict["subject"], finding["effect"], finding["message"])
        for report in reports
        for verdict in report["verdicts"]
        if not verdict["subject"].startswith(proposal[:12])
        for finding in verdict["findings"]
    ]


def _sentence(which: Message, row: _Row) -> Message:
    clause, subject, effect, message = row
    return say("{which}: {clause} {effect}, {subject}: {message}",
               which=which, clause=clause, effect=_EFFECTS.get(effect, effect), subject=subject,
               message=message)  # fmt: skip


# The verb.

_SECONDS = 3600
"""After which a program that is tried hangs."""


@click.command()
@click.argument("wheel", metavar="WHEEL|VERSION")
@click.option("--offline", is_flag=True, help="Lay all that the new version needs into program/.")
@click.option("--untried", is_flag=True, help="Do not run the new program here to compare.")
@AS_OF
@click.pass_obj
def upgrade(
    session: Session, /, wheel: str, offline: bool, untried: bool, as_of: datetime | None
) -> None:
    """Propose another version of the program that judges, from its wheel or an index.

    The wheel is checked as data. Then both programs judge what stands and the whole history, and
    what they judge otherwise is listed. All is put on one branch, to which two people consent.
    """
    repository = session.repository()
    base = repository.base(MAIN)
    tree, release = repository.tree(base), _release(session, wheel)
    branch = BranchName(f"upgrade-{release.version}")
    beside = fetched(session, release.lock.requirements) if offline else None
    made = upgraded(tree, release, beside)
    _refuse_begun(repository, branch)  # last: the branch of one that is merged still stands
    after = repository.tree_with(base, made.files)
    trust(repository.tree(after), to_come=True)
    subject = session.tr(
        say("Renew the program that judges: {old} → {new}", old=made.old, new=made.new)
    )
    compared = [_UNTRIED]
    if not untried:
        moment = session.when(as_of)(trust(tree).registers)
        tried = _committed(repository, base, after, subject)
        compared = _compared(session, repository, tree, release, (base, tried), moment)
    lines = map(session.tr, (*sentences(made), *compared))
    text = "\n".join([subject, "", *lines, "", made.news]).rstrip()
    with repository.lock():
        tip = _committed(repository, base, after, text)
        repository.git("update-ref", f"{OWN}{branch}", tip, "0" * len(tip))
    _show(text)
    for following in _following(branch):
        session.remark(following)


_UNTRIED = say("Unchecked: what the new program would judge otherwise.")


def _release(session: Session, wheel: str) -> Release:
    """The wheel: a file, or a version that pip downloads."""
    path = Path(wheel)
    if not VERSION.fullmatch(wheel) or path.is_file():
        if not path.is_file() or path.stat().st_size > MOST:
            raise Fault(
                say("{path} is no wheel: there is no such file, or it is too large.", path=wheel),
                say("Give the file of a wheel, or a version like 0.9.1."),
            )
        return Release.read(path.read_bytes(), path.name)
    remedy = say("Fetch its wheel where an index can be reached, and name the file.")
    ((name, raw),) = downloaded(session, remedy, f"sanshen=={wheel}").items()
    return Release.read(raw, name)


def _refuse_begun(repository: Repository, branch: BranchName) -> None:
    """Raise Fault where an upgrade was begun, or by hand, and where git knows no committer."""
    if repository.git("rev-parse", "--verify", "--quiet", f"{OWN}{branch}", ok=(0, 1)):
        raise Fault(
            say("The proposal is there already: branch {branch}.", branch=branch),
            say(
                "Go on with it: `git switch {branch}`; or drop it: `git branch -D {branch}`.",
                branch=branch,
            ),
        )
    if begun := repository.uncommitted(LOCK, WHEELS):
        raise Fault(
            say("An upgrade was begun by hand: {path} is not committed.", path=begun[0]),
            say(
                "Take it back: `git restore --staged --worktree {path}`, or remove the new file.",
                path=begun[0],
            ),
        )
    if not committer():
        raise Fault(NO_COMMITTER, CALL_YOURSELF)


def _committed(repository: Repository, base: str, tree: str, text: str) -> str:
    """A commit that no branch leads to, by who runs the command."""
    asked = ("commit-tree", tree, "-p", base)
    return repository.git(*asked, stdin=f"{text}\n".encode()).decode().strip()


# What the two programs judge otherwise.


def _compared(
    session: Session,
    repository: Repository,
    tree: Tree,
    release: Release,
    heads: tuple[str, str],
    moment: datetime,
) -> list[Message]:
    """What the program in force says of main, and the new one of main with the proposal."""
    lock = lock_of(tree)
    programs = packed(tree, lock) if lock else None, release.files
    reports = []
    for program, head in zip(programs, heads, strict=True):
        answer = _judged(session, repository.root, program, head, moment)
        if answer is None:
            return [_UNTRIED]
        reports.append(answer)
    try:
        return differences(reports[0], reports[1], heads[1])
    except (KeyError, TypeError, AttributeError):  # one of them reports in another form
        return [_UNTRIED]


def _judged(
    session: Session,
    archive: Path,
    program: Mapping[str, bytes] | None,
    head: str,
    moment: datetime,
) -> list[Any] | None:
    """The reports (JSON) of a program on what stands at a commit and on its history; None where it
    does not run here."""
    if program is None:
        return None
    with TemporaryDirectory() as folder:
        for path, raw in program.items():
            Path(folder, path).parent.mkdir(parents=True, exist_ok=True)
            Path(folder, path).write_bytes(raw)
        environment = {**session.environment, "PYTHONPATH": folder}  # before what is installed
        python = [sys.executable, "-m", "pipeline", "-C", str(archive.resolve())]
        python += ["--lang", session.language]
        how = ["--format", "json", "--as-of", moment.isoformat(), "--head", head, "--any-program"]
        own = click.get_current_context().find_root().params.get("own_rules")
        python += ["--own-rules"] if own else []
        reports = []
        for verb in (["verify"], ["audit", "--no-cache"]):
            session.remark(say("Trying: {what}", what=" ".join(verb[:1])))
            try:
                done = subprocess.run(
                    [*python, *verb, *how], cwd=folder, env=environment, timeout=_SECONDS,
                    capture_output=True, check=False,
                )  # fmt: skip
            except subprocess.TimeoutExpired:
                return None
            if done.returncode not in (EXIT_OK, EXIT_HOLD, EXIT_REFUSE):
                _show(done.stderr.decode(errors="replace").strip()[-1000:], err=True)
                return None
            try:
                reports.append(json.loads(done.stdout))
            except ValueError:
                return None
        return reports


def _show(text: str, *, err: bool = False) -> None:
    """Print what a wheel or another program says, without signs that a terminal obeys."""
    click.echo("\n".join(map(whole, text.splitlines())), err=err)


def _following(branch: BranchName) -> tuple[Message, ...]:
    """What comes next, a sentence each."""
    return (
        say("Nothing is in force yet. Look at it: `git switch {branch}`, then `git show --stat`.",
            branch=branch),
        say("The head of the lead department and a leader consent there, or at the desk: `sanshen"
            " authorise --reason … --commit`. Then `git push -u origin {branch}`; it is merged like"
            " any other change.", branch=branch),
        say("When it is on main, everybody runs: `make install`."),
    )  # fmt: skip
