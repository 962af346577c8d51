"""13(2): what comes with a change beside its files: times, base, program, theme and log."""

from collections.abc import Iterator

from pipeline.model.archive import GOVERNED, Archive, Change, Mode
from pipeline.model.calendar import CLOCKS_DIFFER
from pipeline.model.findings import Complaint, Effect, Location, say
from pipeline.model.law import refuse
from pipeline.model.part import program

REVIEWS = "content/reviews/"


def dated_by_now(change: Change, archive: Archive) -> Iterator[Complaint]:  # 13(2)
    """Each commit says readably when it was made, and claims no time to come: what comes after it
    would be judged as if it came then. A demo's time stands still."""
    facts = change.facts
    for commit in facts.undated:
        message = say("Commit {commit} does not say readably when it was made.", commit=commit[:12])
        yield refuse("commit-undated {commit}", Location(""), message)
    if archive.registers.policy.archive.get("demo") or not facts.commits:
        return
    latest = (archive.as_of + CLOCKS_DIFFER).timestamp()
    for each in facts.commits:
        if each.seconds > latest and each.commit not in facts.undated:
            message = say("Commit {commit} is dated in the future.", commit=each.commit[:12])
            yield refuse("commit-in-future {commit}", Location(""), message)


def lawful_base(change: Change, _archive: Archive) -> Iterator[Complaint]:  # 13(2)
    """What is governed at the base came there lawfully; a proposal that restores its last lawful
    state is not held (threats A20)."""
    for commit in change.facts.broken_base:
        message = say("The base itself does not stand: commit {commit} changed registers or rules"
                      " without lawful authorisation.", commit=commit[:12])  # fmt: skip
        yield Complaint("base-unlawful {commit}", Effect.HOLD, message, Location(""))


def lawful_program(change: Change, _archive: Archive) -> Iterator[Complaint]:  # 13(2)
    """The program that a change names is there and is never set back, and what it leaves of
    registers, law and schemas can judge what comes next."""
    faults = change.facts.program
    yield from faults
    for why, next_step in change.facts.ungoverned if not faults else ():
        path = min(e.path for e in change.entries if e.area in GOVERNED)
        again = say("Correct the change, and have it authorised again.")
        remedy = next_step or again
        yield refuse("governance-unreadable", Location(path), why, remedy)


def drawable_theme(change: Change, archive: Archive) -> Iterator[Complaint]:  # 13(2)
    """A proposal brings no fault of the theme: no file unreadable, or missing for a build."""
    themes = change.facts.themes if archive.mode is Mode.CHANGE and "site" in change.areas else ()
    faults = program().theme_faults(themes[0]) if themes and themes[0] else ()
    was = {f.mark for f in program().theme_faults(themes[1])} if faults and themes[1] else set()
    for f in faults:
        if f.mark not in was:
            yield Complaint(f.name, f.effect, f.message, f.location, f.remedy, about=f.about)


def log_keeps_name(change: Change, archive: Archive) -> Iterator[Complaint]:  # 13(2)
    """A new address does not rename the log where there are reviews already: a checkpoint is of one
    log by name (C2SP tlog-checkpoint), so readers' checkpoints would end."""
    after = change.proposed
    if after is None or "log" in after.policy.archive:
        return
    old = archive.registers.policy.log_name
    if old != after.policy.log_name and any(p.startswith(REVIEWS) for p in change.facts.files):
        message = say("With the new address the publication log would lose its name.")
        remedy = say("State under `archive`: `log: {old}`. Readers who kept a checkpoint go on with"
                     " it.", old=old)  # fmt: skip
        yield refuse("log-renamed", after.policy.document.locate("archive", "url"), message, remedy)
