"""Article 13: content safety (第十三条 意识形态及信息内容安全).

1. Unchecked: not built yet, needs the wording of the seven bottom lines in the confirmation.
   | Human: the head of the lead department judges and states them.
2. Unchecked: not built yet, needs the lexicons of forbidden content and advertising.
   | Human: what no list of words can find.
3. Unchecked: not built yet, needs the detector of secrecy marks and the secrecy review.
   | Human: whether the content is secret.
4. Unchecked: not built yet, links are judged with Article 10. | Human: what stands behind a link.
5. Unchecked: not built yet, needs the declaration of machine-made content.
   | Human: whether a machine made it.
6. Unchecked: not built yet, needs the lexicon of personal views and moods. | Human: tone.
7. Nothing registered is changed without authority: a change of governance, rules, site or workflows
   stands alone and carries the signatures of the head of the lead department and of a leader over
   exactly its files; nothing unknown, no special file, no removed medium enters, and no review,
   signed record or post is rewritten or deleted. | Human: whether the change is wise.
8. Unchecked: not built yet, needs the half-yearly declaration of staff conduct. | Human: conduct.
9. Unchecked: not built yet, needs the record of coordination with other units.
   | Human: whether another unit is concerned.
10. Unchecked: not built yet, needs the detector of private data. | Human: faces, plates.
11. Unchecked: not built yet, needs the record of exemptions from de-identification.
   | Human: whether the law demands the disclosure.
"""

from collections.abc import Iterator, Sequence

from pipeline.model.archive import Archive, Change, Entry, Mode
from pipeline.model.calendar import local_date
from pipeline.model.findings import Complaint, Effect, Location, Message, say
from pipeline.model.law import ChangeClause, Rule, Unchecked
from pipeline.model.records import Authorisation

AUTHORISATIONS = "content/records/authorisations/"
SIGNED = ("content/reviews/", "content/records/publications/", AUTHORISATIONS)
LEADERS = ("leader-in-charge", "principal")
TEXTS = (".md", ".txt")


def authorised_change(change: Change, archive: Archive) -> Iterator[Complaint]:  # 13(2)
    """A change as a whole: what it mixes, who signed it, what it may not do."""
    areas = archive.registers.parameter("change.signed_areas", archive.today)
    entries = sorted(change.entries, key=lambda e: e.path)
    yield from _mixed(entries, areas)
    for area in areas:
        part = [e for e in entries if e.area == area]
        if part:
            yield from _signed(area, part, change.authorisations, archive)
    for entry in entries:
        yield from _forbidden(entry)
    for path in sorted(change.passing):
        if not path.endswith(TEXTS):
            message = say("The change adds and removes a file that stays in its history.")
            remedy = say("Make the change anew from its base, without that file.")
            yield _refuse(path, message, remedy)


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
                "The change mixes {one} ({path}) with {other} ({other_path}).",
                one=governed[0],
                path=first[governed[0]].path,
                other=area,
                other_path=entry.path,
            )
            remedy = say("Split it: each of these classes is a change of its own.")
            yield _refuse(entry.path, message, remedy)


def _signed(
    area: str, entries: Sequence[Entry], found: Sequence[Authorisation], archive: Archive
) -> Iterator[Complaint]:
    """Two people's signatures over exactly these files, and why any other does not count."""
    wanted = {e.path: e.digest for e in entries}
    heads, leaders = set(), set()
    for authorisation in sorted(found, key=lambda a: a.path):
        fault = _fault(authorisation, wanted, archive)
        if fault:
            remedy = say("Sign the change again as it stands now, or remove the record.")
            yield _refuse(authorisation.path, fault, remedy)
        elif authorisation.role == "section-head":
            heads.add(authorisation.person)
        else:
            leaders.add(authorisation.person)
    awaited = []
    if not heads:
        awaited.append(say("A change of {area} awaits the head of the lead department.", area=area))
    if not leaders:
        awaited.append(say("A change of {area} awaits a leader's signature.", area=area))
    if heads and leaders and len(heads | leaders) < 2:
        awaited.append(say("A change of {area} awaits a second person.", area=area))
    for message in awaited:
        effect = Effect.HOLD if archive.mode is Mode.CHANGE else Effect.REFUSE
        remedy = say("Have it signed; the record goes to content/records/authorisations/.")
        yield Complaint(effect, message, Location(entries[0].path), remedy)


def _fault(found: Authorisation, wanted: dict[str, str], archive: Archive) -> Message | None:
    """Why an authorisation does not count; None when it does."""
    if dict(found.files) != wanted:
        return say("{person} signed other files than the change holds.", person=found.person)
    if found.roster_serial != archive.registers.roster.serial:
        return say("{person} signed under another roster than today's.", person=found.person)
    if found.signed_at > archive.as_of:
        return say("The signature of {person} lies in the future.", person=found.person)
    if not _entitled(found, archive):
        return say("{person} could not authorise the change that day.", person=found.person)
    return None


def _entitled(found: Authorisation, archive: Archive) -> bool:
    """In office on the day of signing, or acting for someone who is."""
    registers, day = archive.registers, local_date(found.signed_at)
    person = registers.people.get(found.person)
    if person is None or person.contractor or found.role not in ("section-head", *LEADERS):
        return False
    department = registers.lead_department if found.role == "section-head" else None
    acted_for = (
        registers.people.get(d.delegator)
        for d in registers.roster.delegations
        if (d.delegate, d.role) == (found.person, found.role)
        and d.start <= found.signed_at <= d.end
    )
    return any(p and p.holds(found.role, day, department) for p in (person, *acted_for))


def _forbidden(entry: Entry) -> Iterator[Complaint]:
    """What no signature allows (threats A17, A18, A22)."""
    rewritten = entry.status != "A"
    if entry.area == "unknown":
        message = say("The path belongs to no class of files.")
        remedy = say("Remove it, or put it where the layout has a place for it.")
        yield _refuse(entry.path, message, remedy)
    if entry.mode != "100644" and entry.status != "D" and entry.path.startswith("content/"):
        message = say("Only regular files may enter content (mode {mode}).", mode=entry.mode)
        remedy = say("Replace the link, module or executable by a plain file.")
        yield _refuse(entry.path, message, remedy)
    if rewritten and (entry.area == "reviews" or entry.path.startswith(SIGNED)):
        message = say("A signed file is changed or deleted; what was signed stands.")
        remedy = say("Restore it; a new decision is a new file.")
        yield _refuse(entry.path, message, remedy)
    if entry.area == "posts" and entry.status == "D" and entry.path.endswith("/post.md"):
        message = say("A post is deleted.")
        remedy = say("Restore it and withdraw it: a new revision with validity: withdrawn.")
        yield _refuse(entry.path, message, remedy)


def _refuse(path: str, message: Message, remedy: Message) -> Complaint:
    return Complaint(Effect.REFUSE, message, Location(path), remedy)


RULE = Rule(
    (
        *(Unchecked(n) for n in range(1, 7)),
        ChangeClause(7, authorised_change),
        *(Unchecked(n) for n in range(8, 12)),
    )
)
