"""13(2): without authority nothing registered and nothing signed is changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.model.archive import GOVERNED, Archive, Change, Entry, Mode
from pipeline.model.calendar import CLOCKS_DIFFER, local_date
from pipeline.model.findings import Complaint, Effect, Location, Message, Reason, say
from pipeline.model.ids import PostId
from pipeline.model.law import note, refuse
from pipeline.model.part import program
from pipeline.model.records import Authorisation
from pipeline.model.registers import SIGNATORIES, consent_roles, in_office, stopped_keys

AUTHORISATIONS = "content/records/authorisations/"
REVIEWS, RECORDS = "content/reviews/", "content/records/"
NAMES: Mapping[str, Message] = {
    "posts": say("posts"),
    "reviews": say("reviews"),
    "records": say("records"),
    "governance": say("governance"),
    "rules": say("rules"),
    "site": say("site"),
    "workflows": say("workflows"),
}
"""Area → its name in messages, of areas that are not mixed or that two people sign."""
LOCK = "program.lock"
CALENDAR = "content/registers/calendar/"
SETTINGS = frozenset(
    {
        "content/policy.yml",
        "content/regulation.md",
        *(f"content/registers/{n}.yml" for n in ("instruments", "lexicons", "terms", "wordings")),
    }
)
"""What a new program may ask to be stated, and what archives carried of it before 0.9."""
PLAIN, REGULAR = ("100644",), ("100644", "100755")
"""Git's modes of a file that is no program, and of any that is neither link nor module."""
TEXTS = (".md", ".txt", ".yml", ".json", ".sig", ".tsr")
"""Files that are rewritten while a change grows; others must not come and go."""


def authorised_change(change: Change, archive: Archive) -> Iterator[Complaint]:  # 13(2)
    """A change as a whole: what it mixes, who signed it, what it may not do."""
    areas = archive.parameter("change.signed_areas", archive.entry_day)
    entries = sorted(change.entries, key=lambda e: e.path)
    if any(e.path == LOCK for e in entries):
        entries = [replace(e, area="rules") if _of_program(e, areas) else e for e in entries]
    yield from _mixed(entries, areas)
    for area in areas:
        part = [e for e in entries if e.area == area]
        if part:
            yield from _signed(area, part, change, archive)
    for entry in entries:
        yield from _forbidden(entry, archive)
    yield from _tokens(change, archive)
    for path in sorted(change.passing):
        if not path.endswith(TEXTS):
            yield refuse("file-passing", Location(path))


def _tokens(change: Change, archive: Archive) -> Iterator[Complaint]:
    """No proposal brings a token of trusted time, which nothing reads; in the past some counted."""
    came = {e.path for e in change.entries if e.status != "D"}.union(change.passing)
    for path in sorted(p for p in came if p.startswith(REVIEWS) and p.endswith(".tsr")):
        effect = Effect.REFUSE if archive.mode is Mode.CHANGE else Effect.NOTE
        message = say("No token of trusted time is read any more: nothing looks at the file.")
        yield Complaint("path-unknown", effect, message, Location(path))


def _of_program(entry: Entry, areas: Sequence[str]) -> bool:
    """Whether a file may come with a new program: one class of files, which two people sign."""
    settings = entry.path in SETTINGS or entry.path.startswith(CALENDAR)
    return entry.area in areas and (settings or entry.area in ("site", "workflows"))


def _mixed(entries: Sequence[Entry], areas: Sequence[str]) -> Iterator[Complaint]:
    """A signed class beside posts, reviews, records or another signed class (threats A1)."""
    first: dict[str, Entry] = {}
    for entry in entries:
        carried = entry.path.startswith(AUTHORISATIONS)
        if entry.area in areas or (entry.area in ("posts", "reviews", "records") and not carried):
            first.setdefault(entry.area, entry)
    governed = [area for area in areas if area in first]
    for area, entry in first.items():
        if governed and area != governed[0]:
            message = say(
                one=NAMES.get(governed[0], governed[0]),
                path=first[governed[0]].path,
                other=NAMES.get(area, area),
                other_path=entry.path,
            )
            yield refuse("change-mixed", Location(entry.path), message)


def _signed(
    area: str, entries: Sequence[Entry], change: Change, archive: Archive
) -> Iterator[Complaint]:
    """Two people's signatures over exactly these files, and why any other does not count."""
    wanted = {e.path: e.digest for e in entries}
    heads, leaders = set(), set()
    for authorisation in sorted(change.authorisations, key=lambda a: a.path):
        fault = _fault(authorisation, wanted, change, archive)
        if fault:
            name, message = fault
            yield refuse(name, Location(authorisation.path), message)
        elif archive.mode is Mode.CHANGE and _of_owner(authorisation, change, archive):
            message = say(person=archive.registers.name_of(authorisation.person))
            yield note("consent-key-lost", Location(authorisation.path), message)
        elif authorisation.role == "section-head":
            heads.add(authorisation.person)
        else:
            leaders.add(authorisation.person)
    awaited: list[Reason] = []
    called = NAMES.get(area, area)
    if not heads:
        awaited.append(("head-consent-missing", say(area=called)))
    if not leaders:
        awaited.append(("leader-consent-missing", say(area=called)))
    needed = archive.parameter("change.people", archive.entry_day)
    if heads and leaders and len(heads | leaders) < needed:
        awaited.append(("consents-too-few", say(area=called, n=needed)))
    for name, message in awaited:
        effect = Effect.HOLD if archive.mode is Mode.CHANGE else Effect.REFUSE
        yield Complaint(name, effect, message, Location(entries[0].path))


def _of_owner(record: Authorisation, change: Change, archive: Archive) -> bool:
    """Whether a key that the change stops signed, or its owner while others can (threats A55)."""
    if change.proposed is None:
        return False
    lost = stopped_keys(archive.registers.roster, change.proposed.roster)
    if record.person not in {key.person for key in lost}:
        return False
    person, given = archive.registers.people[record.person], (record.signed_at, archive.registers)
    may = record.role in consent_roles(person, *given, change.proposed)
    return not may or record.fingerprint in {key.fingerprint for key in lost}


def _fault(
    record: Authorisation, wanted: Mapping[str, str], change: Change, archive: Archive
) -> Reason | None:
    """Why an authorisation does not count; None when it does."""
    person = archive.registers.name_of(record.person)
    if dict(record.files) != wanted:
        return "consent-other-files", say(person=person)
    roster = archive.registers.roster
    if (record.roster_serial, record.roster_digest) != (roster.serial, roster.digest):
        return "consent-other-roster", say(person=person)
    if not archive.clock.reached(record.signed_at):
        return "consent-in-future", say(person=person)
    if not _entitled(record, change, archive):
        return "consent-signer-unfit", say(person=person)
    return None


def _entitled(record: Authorisation, change: Change, archive: Archive) -> bool:
    """In office on the day of signing, or acting for someone who is, or in the head's place."""
    registers, day = archive.registers, local_date(record.signed_at)
    person = registers.people.get(record.person)
    if person is None or person.contractor or record.role not in SIGNATORIES:
        return False
    acted_for = (
        registers.people.get(d.delegator)
        for d in registers.roster.delegations
        if (d.delegate, d.role) == (record.person, record.role) and d.covers(record.signed_at)
    )
    in_place = consent_roles(person, record.signed_at, registers, change.proposed)
    return record.role in in_place or any(
        in_office(p, record.role, day, registers) for p in (person, *acted_for)
    )


def _forbidden(entry: Entry, archive: Archive) -> Iterator[Complaint]:
    """What no signature allows (threats A17, A18, A22)."""
    rewritten = entry.status != "A"
    if entry.area == "unknown":
        message = say("The path belongs to no class of files.")
        remedy = say("Remove it, or put it where the layout has a place for it: a record as"
                     " `content/records/<kind>/<year>/<name>.yml`.")  # fmt: skip
        yield refuse("path-unknown", Location(entry.path), message, remedy)
    content = entry.path.startswith("content/")
    if entry.status != "D" and entry.mode not in (PLAIN if content else REGULAR):
        message = say("Only regular files may enter content (mode {mode}).", mode=entry.mode)
        remedy = say("Replace the link, module or executable by a plain file.")
        if not content:
            message = say(
                "No link and no module may enter an archive (mode {mode}).", mode=entry.mode
            )
            remedy = say("Replace it by the file itself: what it leads to cannot be signed.")
        yield refuse("file-not-regular", Location(entry.path), message, remedy)
    if rewritten and (entry.area == "reviews" or _signed_record(entry.path)):
        yield refuse("signed-file-changed", Location(entry.path))
    elif entry.status == "D" and entry.path.startswith(RECORDS):
        yield refuse("record-deleted", Location(entry.path))
    if entry.area == "posts" and entry.status == "D" and entry.path.endswith("/post.md"):
        yield from _deleted(entry, archive)


def _signed_record(path: str) -> bool:
    """Whether a file under content/ is a statement that someone signed, or its signature."""
    kind = path.removeprefix(RECORDS).partition("/")[0] if path.startswith(RECORDS) else ""
    return path.startswith(REVIEWS) or bool(program().kind(kind).predicate)


def _deleted(entry: Entry, archive: Archive) -> Iterator[Complaint]:
    """Only an expunging takes a post away, signed by two people (threats A36)."""
    gone = archive.expunged.get(PostId(entry.path.split("/")[3]))
    if gone is None:
        yield refuse("post-deleted", Location(entry.path))
    elif gone.awaits:
        effect = Effect.HOLD if archive.mode is Mode.CHANGE else Effect.REFUSE
        yield Complaint("erasure-awaited", effect, say(post=gone.post), Location(entry.path))


# What comes with a change beside its files: times, base, program, theme and log.


def dated_by_now(change: Change, archive: Archive) -> Iterator[Complaint]:  # 13(2)
    """Each commit says readably when it was made, and claims no time to come: what comes after it
    would be judged as if it came then. A demo's time stands still."""
    facts = change.facts
    for commit in facts.undated:
        yield refuse("commit-undated {commit}", Location(""), say(commit=commit[:12]))
    if archive.registers.policy.archive.get("demo") or not facts.commits:
        return
    latest = (archive.as_of + CLOCKS_DIFFER).timestamp()
    for each in facts.commits:
        if each.seconds > latest and each.commit not in facts.undated:
            yield refuse("commit-in-future {commit}", Location(""), say(commit=each.commit[:12]))


def lawful_base(change: Change, _archive: Archive) -> Iterator[Complaint]:  # 13(2)
    """What is governed at the base came there lawfully; a proposal that restores its last lawful
    state is not held (threats A20)."""
    for commit in change.facts.broken_base:
        message = say(commit=commit[:12])
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
        remedy = say("State under `archive`: `log: {old}`. Readers who kept a checkpoint go on with"
                     " it.", old=old)  # fmt: skip
        yield refuse("log-renamed", after.policy.document.locate("archive", "url"), remedy=remedy)
