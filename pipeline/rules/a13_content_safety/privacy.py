import re
from collections.abc import Iterator
from datetime import date

from pipeline.detect.folding import Match, flat, fold
from pipeline.detect.post_words import Words, is_marked_up, passages, words_of
from pipeline.detect.private import PRIVATE_KINDS, private_data, shown_match
from pipeline.detect.private_names import pupils
from pipeline.detect.subjects import is_about
from pipeline.model.archive import Archive, Change, Mode
from pipeline.model.duties import duty, end_of, months_after
from pipeline.model.evidence import Step
from pipeline.model.findings import Complaint, Effect, Location, Message, say, say_day
from pipeline.model.ids import PersonId
from pipeline.model.law import note, refuse
from pipeline.model.lazy import regex
from pipeline.model.posts import MediaFact, Post
from pipeline.model.registers import leads
from pipeline.model.run import PerRun

# 13(3): private data is taken out, but where the law demands that it be shown.


REMEDY = say(
    "Take it out or mask it, like 138****0000 or 张某; an office's own number belongs into the"
    " parameter pii.published_numbers."
)


_private: PerRun[Words, tuple[Match, ...]] = PerRun(lambda words: private_data(words.text))


def without_private_data(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(3)
    """Text, tables, links, front matter, file names, snapshots, attachments, pictures' data."""
    words = words_of(post)
    values: set[str] = set()
    before: Match | None = None
    for match in _private(words):
        values.add(shown_match(match, words.text))
        if before is None or not _is_door_of(match, before, words.text):
            yield from _complaint(match, words.text, words.locate(match.start), post, archive)
        before = match
    if is_marked_up(post):
        text = archive.renditions[(post.id, "archive")].text
        body = Location(post.path, post.body_line)
        for match in private_data(text):
            if shown_match(match, text) not in values:
                yield from _complaint(match, text, body, post, archive)
    for fact in post.media:
        yield from _traces(fact)


_TO_DOOR = regex(r"，?[^，、。；！？\n和及某]{0,4}")


def _is_door_of(match: Match, street: Match, text: str) -> bool:
    """Whether two matches are the street and the door of one home; one complaint says enough."""
    return (
        match.kind == street.kind == "address"
        and match.certain <= street.certain
        and _TO_DOOR.fullmatch(text, street.end, match.start) is not None
    )


def _complaint(
    match: Match, text: str, location: Location, post: Post, archive: Archive
) -> Iterator[Complaint]:
    published = is_published(match, text, archive, archive.day_of(post))
    if published or match.kind in _exempt(post, archive):
        return
    what, value = PRIVATE_KINDS[match.kind], shown_match(match, text)
    if _refused(match, post, archive):
        yield refuse("private-data-shown {value}", location, say(what=what, value=value), REMEDY)
    else:
        yield note("private-data-possible {value}", location, say(what=what, value=value), REMEDY)


def _refused(match: Match, post: Post, archive: Archive) -> bool:
    if match.kind == "plate" and (
        post.kind == "accident" or (archive.brings(post) and is_about(post, "accident"))
    ):
        return True
    return match.certain and match.kind in archive.parameter("pii.refused", archive.day_of(post))


def is_published(match: Match, text: str, archive: Archive, day: date) -> bool:
    """An office's own number or address, which policy lists."""
    value = fold(text[match.start : match.end]).text
    if match.kind == "email":
        domains = archive.parameter("pii.own_domains", day)
        return value.rpartition("@")[2].endswith(tuple(domains))
    digits = _digits(value)
    numbers = archive.parameter("pii.published_numbers", day)
    return len(digits) > 4 and any(digits == _digits(number) for number in numbers)


def _digits(value: str) -> str:
    return re.sub(r"\D", "", value).removeprefix("86")


def _exempt(post: Post, archive: Archive) -> frozenset[str]:
    """The kinds that the post's exemption allows on its day; some are never exempt."""
    exemption = post.meta.get("pii_exemption")
    if not exemption or exemption["expires_on"] < archive.day_of(post):
        return frozenset()
    never = archive.parameter("pii.never_exempt", archive.day_of(post))
    return frozenset(exemption["fields"]) - frozenset(never)


def _traces(fact: MediaFact) -> Iterator[Complaint]:
    if fact.position:
        yield refuse("file-shows-position", Location(fact.path))
    if fact.author:
        yield note("file-names-author", Location(fact.path))
    if fact.unread:
        yield note("file-not-searched", Location(fact.path))


# 13(3): children are named and shown with a guardian's consent alone.

_CHILD = regex("学生|儿童|小朋友|孩子|幼儿|男孩|女孩|男童|女童|少年|婴儿|宝宝|娃娃")
_DRAWN = regex("图(?![书片])|漫画|卡通|动画|海报|插画|封面|绘画|剪影")
"""What describes no photograph."""
_CONSENT = say(
    "Mask it, like 张某 or a face that cannot be recognised; or enter the guardian's consent under"
    " guardian_consent, with its day and where it is kept."
)


def children_shielded(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(3)
    """No child is named with school or class, or shown, without a guardian's consent in time."""
    effect = Effect.REFUSE if archive.brings(post) else Effect.NOTE
    consent = post.meta.get("guardian_consent")
    if consent and consent["obtained_on"] > archive.day_of(post):
        location = post.at("guardian_consent", "obtained_on")
        yield Complaint("guardian-consent-late", effect, say(), location)
    yield from () if consent or post.withdrawn else _children(post, effect)


def _children(post: Post, effect: Effect) -> Iterator[Complaint]:
    for passage in passages(post):
        lines, tables = fold(passage.text), flat(passage.text)  # one keeps lines, one reads tables
        reads = (lines,) if tables is lines else (lines, tables)
        starts = {read.span(*at)[0] for read in reads for at in pupils(read.text)}
        for start in sorted(starts):
            message = say(value=f"{passage.text[start]}**")
            location = passage.at(start)
            yield Complaint("child-identified {value}", effect, message, location, _CONSENT)
    for index, entry in enumerate(post.meta.get("media", ())):
        words = entry["alt"]
        if entry.get("minor") == "shown":
            message = say(file=entry["file"])
            location = post.at("media", index, "minor")
            yield Complaint("child-without-consent {file}", effect, message, location, _CONSENT)
        elif "minor" not in entry and _CHILD.search(words) and not _DRAWN.search(words):
            location = post.at("media", index, "alt")
            yield Complaint("child-possible {file}", effect, say(file=entry["file"]), location)


def clean_commit_messages(change: Change, _archive: Archive) -> Iterator[Complaint]:  # 13(3)
    """A commit's message stays in the history for ever, where no revision reaches it."""
    for commit, _, message, _ in change.facts.commits:
        for match in private_data(message):
            if match.certain:
                words = say(
                    commit=commit[:10],
                    what=PRIVATE_KINDS[match.kind],
                    value=shown_match(match, message),
                )
                yield refuse("commit-private-data {commit} {value}", Location(""), words)


def exemption_allowed(post: Post, archive: Archive) -> Iterator[Complaint]:  # 13(3)
    """惩戒公示 or mandatory disclosure: what for, which kinds, until when, who approved it."""
    exemption, day = post.meta["pii_exemption"], archive.day_of(post)
    mandatory = post.meta.get("disclosure") == "mandatory"
    fits = {"penalty": post.kind == "penalty", "mandatory-disclosure": mandatory}
    if not fits[exemption["type"]]:
        remedy = say(
            "penalty needs kind: penalty; mandatory-disclosure needs disclosure: mandatory."
        )
        yield _refuse("exemption-type-unfit", post, say(), remedy, "type")
    never = archive.parameter("pii.never_exempt", day)
    for index, kind in enumerate(exemption["fields"]):
        if kind in never:
            message = say(what=PRIVATE_KINDS[kind])
            remedy, at = say("Take it out of fields and mask it."), ("fields", index)
            yield _refuse("exemption-field-forbidden {what}", post, message, remedy, *at)
    yield from _term(post, exemption["expires_on"], day, archive)
    yield from _approved(post, exemption["approved_by"], day, archive)


def _term(post: Post, last: date, day: date, archive: Archive) -> Iterator[Complaint]:
    years = archive.parameter("exemption.max_years", day)
    remedy = say("Correct pii_exemption.expires_on.")
    if last > months_after(day, 12 * years):
        yield _refuse("exemption-too-long", post, say(years=years), remedy, "expires_on")
    if last < day:
        yield _refuse("exemption-ended", post, say(), remedy, "expires_on")


def _approved(post: Post, approver: PersonId, day: date, archive: Archive) -> Iterator[Complaint]:
    """By the final reviewer; before the final review, by a leader in office."""
    final = archive.approved(post.id, Step.FINAL)
    if final and final.reviewer != approver:
        remedy = say("Name the final reviewer in pii_exemption.approved_by.")
        yield _refuse("exemption-giver-differs", post, say(), remedy, "approved_by")
    if not final and not leads(approver, day, archive.registers):
        remedy = say("Name the leader who will sign the final review.")
        yield _refuse("exemption-giver-unfit", post, say(person=approver), remedy, "approved_by")


def _refuse(
    name: str, post: Post, message: Message, remedy: Message, *route: str | int
) -> Complaint:
    return refuse(name, post.at("pii_exemption", *route), message, remedy)


def _is_to_come(post: Post, archive: Archive) -> bool:
    """Whether a post is planned and not published yet; any other is public."""
    planned = post.publish_at is not None and not archive.clock.reached(post.publish_at)
    return planned and not archive.publications_of(post.id)


def exemptions_ended(archive: Archive) -> Iterator[Complaint]:  # 13(3)
    """When an exemption is over, the page is de-identified or withdrawn."""
    for post in archive.stating("pii_exemption"):
        exemption = post.meta["pii_exemption"]
        if not exemption or post.withdrawn or _is_to_come(post, archive):
            continue
        last = exemption["expires_on"]
        what = say(post=post.id, day=say_day(last))
        at, owes = post.at("pii_exemption", "expires_on"), str(post.meta.get("author", ""))
        yield duty("exemption-over", archive, end_of(last), what, at, owes=owes)


# 13(3): a record is public like a post, and stays: no private data in any of its words.


REWRITE = say(
    "Write the record without it: 一名市民 for a name, 138****0000 for a number; the full data"
    " belongs into the office's own system. Then make the commit anew."
)


def clean_records(change: Change, archive: Archive) -> Iterator[Complaint]:  # 13(3)
    """Every string of the plain and signed records and of the reviews that a change brings."""
    day = archive.entry_day
    refused = archive.parameter("pii.refused", day)
    for words in change.words:
        values: set[str] = set()
        for match in private_data(words.text):
            what, value = PRIVATE_KINDS[match.kind], shown_match(match, words.text)
            if value in values or is_published(match, words.text, archive, day):
                continue
            values.add(value)
            if match.certain and match.kind in refused:
                data = "record-private-data {value}", Effect.REFUSE
                yield Complaint(*data, say(what=what, value=value), words.at(match.start), REWRITE)
            elif archive.mode is Mode.CHANGE and words.stored:
                data = "record-private-possible {value}", Effect.NOTE
                yield Complaint(*data, say(what=what, value=value), words.at(match.start), REWRITE)
