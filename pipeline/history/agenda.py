"""What waits for whom, whatever it is: the one list behind the desk, `status` and its notice.

Posts wait as `history.waiting` says. Besides them: a consent to a governed change, a signature on
an erasure, what is signed and still to be entered in the archive, a decision that a record states
or lacks, a declaration that falls due.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from itertools import chain, groupby
from pathlib import PurePath

from pipeline.errors import Fault
from pipeline.history.change_in_words import change_in_words
from pipeline.history.duties import SOON, Duties, duties
from pipeline.history.pending_records import pending_records
from pipeline.history.waiting import Waiting, WaitingPost, WaitState, still_to_carry, waiting
from pipeline.judge.change_facts import consents, governed
from pipeline.judge.load_governance import trust
from pipeline.model import attestations, part, reports
from pipeline.model.archive import Archive
from pipeline.model.calendar import SHANGHAI, Span, local_date
from pipeline.model.duties import declaration_of, may_declare, wording_on
from pipeline.model.findings import Message, say, say_names
from pipeline.model.ids import NO_BRANCH, BranchName, CommitId, PersonId, PostId
from pipeline.model.registers import Person, Registers, consent_roles, operators
from pipeline.model.run import PerRun
from pipeline.source.content.paths import RECORDS, area_of
from pipeline.source.content.program_lock import LOCK
from pipeline.source.content.records import AUTHORISATIONS, kind_of_record
from pipeline.source.git.branches import MAIN, Branches, local, own_changes, trunk
from pipeline.source.git.history import committed_at
from pipeline.source.git.repository import RawChange, Repository


class ActKind(Enum):
    """What is to be done."""

    CONSENT = "consent"
    ERASURE = "erasure"
    ENTRY = "entry"
    DECISION = "decision"
    DECLARATION = "declaration"


ACTS = {
    ActKind.CONSENT: say("consent to a change"),
    ActKind.ERASURE: say("second signature of an erasure"),
    ActKind.ENTRY: say("Enter in the archive"),
    ActKind.DECISION: say("decision on a record"),
    ActKind.DECLARATION: say("declaration"),
}


@dataclass(frozen=True)
class OpenAct:
    """An act that waits for somebody, of any kind but on a post under review."""

    kind: ActKind
    about: str
    """What it is about: branch, post, ``kind/id`` of a record, name and subject of a wording."""
    words: Message
    takers: tuple[Person, ...]
    """Any one of them can do it."""
    signed: tuple[Person, ...] = ()
    """Who signed it before."""
    branch: BranchName = NO_BRANCH
    """Full name of the branch that it lies on; empty: on main."""
    since: datetime | None = None
    due: datetime | None = None
    governs: bool = False
    """Whether it is about a change of what governs."""

    @property
    def stage(self) -> Message:
        return ACTS[self.kind]

    def waits_for(self, person: PersonId) -> bool:
        """Whether this person can do it."""
        return any(taker.id == person for taker in self.takers)


@dataclass(frozen=True)
class Agenda:
    """All that waits."""

    waits: Waiting
    acts: tuple[OpenAct, ...]
    archive: Archive
    """What stands, with the records that are on their way to main."""

    def posts(self, reader: PersonId) -> list[WaitingPost]:
        """The posts that wait for somebody; a publication that is signed waits with its record."""
        seen = self.waits.seen_by(reader)
        return [i for i in seen if i.state is not WaitState.PUBLISHED and not self._recorded(i)]

    def _recorded(self, item: WaitingPost) -> bool:
        left = still_to_carry(item.post, self.archive)
        return item.state is WaitState.PUBLICATION and not left


def agenda(repository: Repository, now: datetime, *, shared: bool = True) -> Agenda:
    """All that waits on the branches that `waiting` reads. Raises Fault where main is unread."""
    waits = waiting(repository, now, shared=shared)
    main = trunk(repository, waits.branches)
    head, homes = _standing(repository, main)
    owed, names = _owed(repository, head, now), {local(n): n for n in waits.branches.commits}
    acts = (
        *_on_branches(repository, waits, main, owed.archive, now),
        *_decisions(owed.archive, {path: names[branch] for path, branch in homes.items()}),
        *_declarations(owed, now),
    )
    return Agenda(waits, tuple(acts), owed.archive)


# What stands and is due.


_duties: PerRun[Repository, dict[str, tuple[Duties, Span]]] = PerRun(lambda _: {})


def _standing(repository: Repository, main: CommitId) -> tuple[CommitId, Mapping[str, BranchName]]:
    """The commit that is asked what is due, main with the records on their way to it, and which
    branch brings each record."""
    try:
        pending = pending_records(repository)
    except Fault:  # a clone without main
        return main, {}
    return pending.head, pending.branches


def _owed(repository: Repository, head: CommitId, now: datetime) -> Duties:
    """What is due, cached for as long as the clock would answer alike."""
    cached = _duties(repository)
    if head not in cached or not cached[head][1].holds(now):
        cached.clear()
        made = duties(repository, head, lambda _: now)
        cached[head] = made, made.archive.clock.span
    return cached[head][0]


def _decisions(archive: Archive, homes: Mapping[str, BranchName]) -> Iterator[OpenAct]:
    """Decisions that only one person can sign: of account events, also the next to be taken."""
    people = archive.registers.people
    for fact in chain.from_iterable(map(archive.records, part.program().decisions)):
        account = archive.registers.name_of(fact.get("account") or fact.id)
        for step, owes in attestations.open_decisions(archive, fact):
            words = say("{key} on {account}: {what}", key=step, account=account,
                        what=fact.get("what") or fact["finding"])  # fmt: skip
            takers = (people[owes],) if owes in people else ()
            yield OpenAct(ActKind.DECISION, f"{fact.kind}/{fact.id}", words, takers,
                          branch=homes.get(fact.path, NO_BRANCH))  # fmt: skip


def _declarations(owed: Duties, now: datetime) -> Iterator[OpenAct]:
    """Those overdue or due soon; of one wording that the same people may sign, one act."""
    archive, day = owed.archive, local_date(now)
    rows = []
    for duty in reports.open_duties(owed.findings):
        name, subject = declaration_of(duty) or ("", "")
        wording = wording_on(archive, name, day)
        if wording and duty.due and duty.due <= now + SOON:
            able = (archive.registers, wording, subject)
            people = archive.registers.people.values()
            takers = tuple(p for p in people if may_declare(*able, p, day))
            rows.append((name, takers, subject, duty))
    rows.sort(key=lambda row: (row[0], [p.id for p in row[1]]))
    for (name, takers), group in groupby(rows, key=lambda row: row[:2]):
        subjects, some = zip(*((subject, duty) for *_, subject, duty in group), strict=True)
        words = some[0].message
        if len(some) > 1:
            words = say("{name}, of {count} matters", name=name, count=len(some))
        command = f"{name} --subject {subjects[0]}" if subjects[0] else name
        about = command if len(some) == 1 else "--all"
        yield OpenAct(ActKind.DECLARATION, about, words, takers, due=some[0].due)


# What lies on branches.


@dataclass(frozen=True)
class _Brought:
    """What a branch brings to main, apart from posts."""

    kind: ActKind
    about: str
    words: Message
    signed: tuple[PersonId, ...] = ()
    governs: bool = False
    after: Registers | None = None
    """Those that it would leave, where it changes any."""


_cache: PerRun[Repository, dict[tuple[str, str, date], _Brought | None]] = PerRun(lambda _: {})


def _on_branches(
    repository: Repository, waits: Waiting, main: CommitId, archive: Archive, now: datetime
) -> Iterator[OpenAct]:
    registers, cached, day = waits.registers, _cache(repository), local_date(now)
    branches = _newest(repository, waits.branches, main)
    keys = {name: (main, commit, day) for name, commit in branches.items()}
    for key in [*cached]:
        if key not in keys.values():
            del cached[key]
    for key in keys.values() - cached.keys():
        cached[key] = _brought(repository, registers, main, key[1], now)
    open_ = {name: made for name, key in keys.items() if (made := cached[key])}
    times = committed_at(repository, sorted({branches[name] for name in open_}))
    for name, made in open_.items():
        since = datetime.fromtimestamp(times[branches[name]], SHANGHAI)
        signed = tuple(registers.people[id] for id in made.signed if id in registers.people)
        kind, takers = _takers(registers, made, signed, now)
        about, words = made.about or local(name), made.words
        if made.about in archive.posts:
            words = say("{post}", post=archive.posts[PostId(made.about)].title)
        yield OpenAct(kind, about, words, takers, signed, name, since, governs=made.governs)


def _newest(
    repository: Repository, every: Branches, main: CommitId
) -> Mapping[BranchName, CommitId]:
    """Branches that are not main's; of one's own and the fetched one of a name, the newer."""
    newest: dict[BranchName, tuple[BranchName, CommitId]] = {}
    for name, commit in sorted(every.commits.items()):  # one's own come first
        own = newest.get(local(name))
        if (
            local(name) != MAIN
            and commit != main
            and not (own and repository.holds(commit, own[1]))
        ):
            newest[local(name)] = name, commit
    return dict(newest.values())


def _brought(
    repository: Repository, registers: Registers, main: CommitId, tip: CommitId, now: datetime
) -> _Brought | None:
    """What a branch has done or asks for; None where it brings posts, or nothing that main does not
    hold already: a forge may have squashed it."""
    _, every = own_changes(repository, main, tip)
    stands = repository.tree(main).files
    held = {path: stands[path].oid for c in every if (path := c.path) in stands}
    changes = tuple(c for c in every if held.get(c.path) != (c.oid if c.status != "D" else None))
    areas = registers.parameter("change.signed_areas", local_date(now))
    if any(area_of(change.path) in areas for change in changes):
        return _governed(repository, registers, main, tip, now)
    consented = [PurePath(c.path) for c in changes if c.path.startswith(AUTHORISATIONS)]
    signed = tuple(sorted({PersonId(p.stem) for p in consented if p.suffix == ".json"}))
    if signed:
        other, _, post = consented[0].parent.name.partition("expunge-")
        if other:
            words = say("answers for what broke the rules before")
            return _Brought(ActKind.CONSENT, "", words, signed)
        return _Brought(ActKind.ERASURE, post, say("{post}", post=post), signed)
    if changes and all(c.path.startswith(RECORDS) and c.status != "D" for c in changes):
        return _Brought(ActKind.ENTRY, "", _records(changes))
    return None


def _records(changes: tuple[RawChange, ...]) -> Message:
    paths = [c.path for c in changes if not c.path.endswith(".sig")]
    kinds = dict.fromkeys(kind for path in paths if (kind := kind_of_record(path)))
    names = say_names([say("{kind}", kind=kind) for kind in kinds])
    return say("{count} records: {names}", count=len(paths), names=names)


def _governed(
    repository: Repository, registers: Registers, main: CommitId, tip: CommitId, now: datetime
) -> _Brought:
    """In words what a governed change does and who consented; one that cannot be read says why."""
    try:
        after, changed = governed(repository, main, registers, now, head=tip)
        inside = any(c.path.startswith(("content/", LOCK)) for c in changed)
        words = change_in_words(repository.tree(main), after) if inside else []
        if not words:
            words = [say("{count} files of program, pages or workflows change", count=len(changed))]
        first = words[0]
        if len(words) > 1:
            first = say("{what} {more} changes more.", what=first, more=len(words) - 1)
        left = trust(after, to_come=True).registers if inside else None
        people = tuple(consents(after, changed))
        return _Brought(ActKind.CONSENT, "", first, people, governs=True, after=left)
    except Fault as fault:
        return _Brought(ActKind.CONSENT, "", fault.message, governs=True)


def _takers(
    registers: Registers, made: _Brought, signed: tuple[Person, ...], now: datetime
) -> tuple[ActKind, tuple[Person, ...]]:
    """What a branch waits for, and who can do it. Two sign, a head and a leader (`consent_roles`);
    then, as of records, who publishes enters it, or where there is none who signed."""
    people, before = registers.people.values(), {person.id for person in signed}
    roles = {p.id: consent_roles(p, now, registers, made.after)[:1] for p in people}
    heads = {id for id, role in roles.items() if role == ("section-head",)}
    leaders = {id for id, role in roles.items() if role} - heads
    lacking = [group for group in (heads, leaders) if not before & group]
    day = local_date(now)
    enough = not lacking and len(before) >= registers.parameter("change.people", day)
    if made.kind is ActKind.ENTRY or enough:
        return ActKind.ENTRY, tuple(operators(registers, day)) or signed
    able = set().union(*(lacking or [heads, leaders])) - before
    return made.kind, tuple(person for person in people if person.id in able)
