"""Faults that a change introduces, of posts and records (docs/decisions/0023).

The archive after it is compared with the archive before it, both at the time of the run. So a
change answers for what it brings, and for nothing that was wrong before or falls due with time.
Only an overdue duty holds a change without being its fault.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import replace
from datetime import date, datetime
from typing import TypeVar

from pipeline.errors import Fault
from pipeline.judge.judge_posts import judge_all
from pipeline.judge.load_governance import Trusted
from pipeline.judge.record_entries import disordered, premature
from pipeline.judge.record_reader import RecordReader
from pipeline.law.engine import judge_periods, judge_written
from pipeline.model.archive import Archive, Change, Mode
from pipeline.model.attestations import ATTESTATION
from pipeline.model.calendar import SHANGHAI, Clock, local_date
from pipeline.model.duties import declaration_fault, owing, relay_carried
from pipeline.model.findings import Effect, Finding, say, say_day
from pipeline.model.forms import SCANS
from pipeline.model.ids import NO_PERSON, R13_7, R13_8
from pipeline.model.law import Rulebook
from pipeline.model.part import program
from pipeline.model.policy import Policy
from pipeline.model.posts import Post
from pipeline.model.records import Fact, Filed, FiledRecords, Publication, filed_under
from pipeline.model.registers import Registers
from pipeline.model.waivers import RECTIFICATIONS, groundless
from pipeline.source.content.paths import RECORDS, Files
from pipeline.source.content.records import kind_of_record
from pipeline.source.git.history import posts_named
from pipeline.source.git.tree import Tree

Look = Callable[[Clock], tuple[Archive, Trusted]]
"""Time → the archive as at that time, and the governance that judges it."""
Row = TypeVar("Row", bound=Filed)

PUBLISHING = frozenset({"R11-4", "R11-6", "R15-2"})
"""The clauses that a publication violates by when it went out, or who published it."""


def entering(archive: Archive, before: Tree, trusted: Trusted) -> Iterator[Finding]:
    """Faults in what a proposal records, and overdue duties that hold it."""
    yield from records_brought(archive, trusted, before)
    paths = {e.path for e in archive.change.entries} if archive.change else set()
    if any(kind_of_record(path) == RECTIFICATIONS for path in paths):
        brought = [r for r in archive.records(RECTIFICATIONS) if r.path in paths]
        clauses = {r["clause"] for r in brought} | PUBLISHING
        faults = judge_periods(archive, trusted.rulebook, clauses).findings
        yield from groundless(brought, faults, Effect.REFUSE)
    yield from _held(archive, trusted.rulebook)


_URGENT = frozenset({"alert", "accident", "rumor"})
"""Kinds of post that wait for nothing (docs/decisions/0062)."""
_REBUTTAL = 5
"""The category of Article 9 that answers and clarifies."""


def _held(archive: Archive, rulebook: Rulebook) -> tuple[Finding, ...]:
    """An overdue duty holds a change of ordinary new posts, on the account that owes it or, where
    a person owes it, on any, and only where they do nothing for it (docs/decisions/0062); nor does
    it hold what is recorded of posts that stand: a relay, a filed form.
    """
    own = set(posts_named(e.path for e in archive.change.entries)) if archive.change else set()
    posts = [post for i, post in archive.posts.items() if i in own]
    if not posts or any(_unheld(post, archive) for post in posts):
        return ()
    # A policy that lacks the parameter is refused for that; here every duty then holds.
    stated = "gate.duties" in archive.registers.policy.parameters
    gates = archive.registers.parameter("gate.duties", archive.today) if stated else None
    findings = judge_periods(archive, rulebook, gates).findings
    others = archive.registers.accounts.keys() - {a for p in posts for a in p.accounts}
    overdue = [f for f in findings if f.effect is Effect.REFUSE and f.owes not in others]
    after = judge_periods(_carried(posts, archive), rulebook, gates).findings if overdue else ()
    return tuple(
        replace(f, effect=Effect.HOLD)
        for f in overdue
        if _owed_beside(f, findings) == _owed_beside(f, after)
    )


def _unheld(post: Post, archive: Archive) -> bool:
    """What is urgent, relays an item that is still owed, is out, or changes a post that stands."""
    urgent = (post.kind in _URGENT and not post.drill) or post.meta.get("category") == _REBUTTAL
    if urgent or archive.publications_of(post.id):
        return True
    entries = archive.change.entries if archive.change else ()
    if not any(e.path == post.path and e.status == "A" for e in entries):
        return True
    return any(
        {*owing(relay, archive)} & {*post.accounts} - relay_carried(relay, archive).keys()
        for relay in archive.relays_of(post.id)
    )


def _carried(posts: Iterable[Post], archive: Archive) -> Archive:
    """The archive as if these posts were out on their accounts now."""
    now = archive.as_of
    made = (
        Publication(post.path, post.id, post.revision, account, post.title, "", now, NO_PERSON,
                    "", now, {}, "")
        for post in posts
        for account in post.accounts
    )  # fmt: skip
    return replace(archive, publications=(*archive.publications, *made))


def _owed_beside(finding: Finding, findings: Iterable[Finding]) -> set[Finding]:
    """What its clause says of those who owe it, coming duties included; beside a fault of the past
    all that they owe, for they go on with what is due now before they explain it."""
    over = bool(finding.waivable)
    return {f for f in findings if f.owes == finding.owes and (over or f.clause == finding.clause)}


def records_brought(archive: Archive, trusted: Trusted, before: Files) -> tuple[Finding, ...]:
    """The faults in what a change records; `before`: the tree of its base."""
    change = archive.change
    kinds = {kind_of_record(e.path) for e in change.entries} if change else set()
    if change is None or not any(k and not program().kind(k).own_reader for k in kinds):
        return ()
    now = _recording(archive, change)
    paths = {e.path for e in change.entries}
    faults = _faults(now, trusted, paths)
    if not faults:
        return ()
    reader = RecordReader(
        before, trusted.registers, trusted.schemas, trusted.statements, archive.post_ids
    )
    was = reader.all(archive.entered or archive.as_of, archive.posts.keys(), change)
    then = _recording(replace(archive, facts=was.facts, signed=was.signed), change)
    return _new(faults, _faults(then, trusted, paths))


def _faults(archive: Archive, trusted: Trusted, paths: Set[str]) -> tuple[Finding, ...]:
    """Problems of records; `paths`: those that a change brings or alters."""
    own: list[Fact] = [
        f for k, facts in archive.facts.items() if k != SCANS for f in facts if f.path in paths
    ]
    written = tuple(judge_written(archive, trusted.rulebook))
    wrong = (*premature(own, trusted, archive.clock), *disordered(own, trusted, written))
    lapses = judge_written(archive, trusted.rulebook, lapse=True)
    noted = (replace(f, effect=Effect.NOTE) for f in lapses if f.location.path in paths)
    return (*written, *_idle(archive, paths), *wrong, *noted)


def _idle(archive: Archive, paths: Set[str]) -> Iterator[Finding]:
    """Declarations without effect, and attestations to come: signed, so they cannot be mended."""
    for signed in filter(lambda s: s.path in paths, archive.signed.get(ATTESTATION, ())):
        if not archive.clock.reached(signed.signed_at):
            message = say("The record lies in the future.")
            remedy = say("Remove it, and sign again: `sanshen attest`.")
            yield Finding(R13_7, "record-in-future", Effect.REFUSE, message, signed.at(), remedy)
    clauses = {w["name"]: w["clause"] for w in archive.registers.entries.get("wordings", ())}
    for signed in archive.signed.get("declaration", ()):
        if fault := declaration_fault(archive, signed):
            clause = clauses.get(signed["name"], R13_8)
            remedy = say("Remove it, and sign another: `sanshen declare`.")
            name, why = fault
            yield Finding(clause, name, Effect.REFUSE, why, signed.at(), remedy)


def governance_brought(
    after: Look, before: Look, clock: Clock, later: Sequence[datetime], mode: Mode
) -> Iterator[Finding]:
    """What a change of governance or rules would refuse of all that stands.

    `later`: coming times from which other settings hold. What these refuse must be mended now,
    while the change is at hand. A lapse of the bureau is only noted: a person who left an office
    must lose it at once, with a successor or without.
    """
    seen = set()
    if refused := tuple(_refused(*after(clock), mode)):
        seen = {f.mark for f in refused}
        yield from _new(refused, _refused(*before(clock), mode))
    for moment in later:
        ahead = tuple(f for f in _refused(*after(Clock(moment)), mode) if f.effect is Effect.REFUSE)
        for finding in _new(ahead, _refused(*before(Clock(moment)), mode)) if ahead else ():
            if finding.mark not in seen:
                seen.add(finding.mark)
                day = say_day(local_date(moment))
                message = say("From {day} on: {what}", day=day, what=finding.message)
                remedy = say("Correct the change, and have it authorised again.")
                yield replace(finding, message=message, remedy=remedy)


def settings_ahead(old: Policy, new: Policy, today: date) -> list[datetime]:
    """When settings take effect that a policy newly announces."""
    days = {
        s.effective_from
        for name, settings in new.parameters.items()
        for s in settings
        if s.effective_from > today and s not in old.parameters.get(name, ())
    }
    return [datetime(d.year, d.month, d.day, tzinfo=SHANGHAI) for d in sorted(days)]


def _new(findings: Iterable[Finding], before: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that are new, or more often than before: one text may fit several entries."""
    was = tuple(before)
    left = Counter(f.mark for f in was)
    new = []
    # Those at their old location first.
    for finding in sorted(findings, key=lambda f: f not in was):
        left[finding.mark] -= 1
        if left[finding.mark] < 0:
            new.append(finding)
    return tuple(new)


def _refused(archive: Archive, trusted: Trusted, mode: Mode) -> Iterator[Finding]:
    """Refusals of posts, registers and records.

    Duties are judged only in a proposal whose registers can be read: without registers every
    duty seems open.
    """
    for verdict in judge_all(archive, trusted.rulebook):
        yield from (f for f in verdict.findings if f.effect is Effect.REFUSE)
    if mode is Mode.CHANGE:
        written = tuple(judge_written(archive, trusted.rulebook))
        yield from written
        if trusted.registers.unread:
            return
        for lapse in judge_periods(archive, trusted.rulebook).findings:
            if lapse.effect is Effect.REFUSE and lapse not in written:
                yield replace(lapse, effect=Effect.NOTE)


def _recording(archive: Archive, change: Change) -> Archive:
    """The archive with only the records that a change touches, so that cost follows the change.

    The publications of its posts stay: a filed form bears their day.
    """
    paths = sorted({e.path.removesuffix(".sig") for e in change.entries})

    def touched(kind: str, rows: Sequence[Row]) -> Sequence[Row]:
        if program().kind(kind).whole:
            return rows
        if kind == SCANS:  # a form names its scan; the others go unread
            return FiledRecords(lambda stem: (filed_under(rows, stem), ()), lambda: ((), ()))
        own = [p for p in paths if p.startswith(f"{RECORDS}{kind}/")]
        return tuple(r for p in own for r in filed_under(rows, _stem(p)) if r.path == p)

    return replace(
        archive,
        posts={},
        publications=tuple(
            p for post in sorted(archive.posts) for p in archive.publications_of(post)
        ),
        may_state=None,
        facts={kind: touched(kind, rows) for kind, rows in archive.facts.items()},
        signed={k: touched(program().signed_folders[k], r) for k, r in archive.signed.items()},
    )


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]


def marked_as_following(
    findings: Iterable[Finding], proposed: Trusted | Fault | None
) -> Iterator[Finding]:
    """The findings, those that follow from an unreadable proposed register marked as such.

    Clauses take such a register for empty.
    """
    unread = set()
    if isinstance(proposed, Trusted):
        registers = proposed.registers
        unread = {registers.unread_path(name) for name in registers.unread}
        own = {f.mark for f in registers.problems}
    for finding in findings:
        path = finding.location.path
        follows = path in unread and finding.effect is not Effect.HOLD and finding.mark not in own
        yield replace(finding, cause=path) if follows else finding


def with_cause(brought: Iterable[Finding], registers: Registers) -> Iterator[Finding]:
    """The findings; all follow from an unreadable register, where the change leaves one."""
    unread = min(registers.unread, default="")
    own = {f.mark for f in registers.problems if not f.cause}
    for finding in brought:
        follows = unread and not finding.cause and finding.mark not in own
        yield replace(finding, cause=registers.unread_path(unread)) if follows else finding
