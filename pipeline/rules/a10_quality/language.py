"""Article 10: plain, short and well-written language."""

from collections.abc import Iterator
from unicodedata import east_asian_width

from pipeline.detect.typography import slips
from pipeline.detect.words import sightings
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, Location, say
from pipeline.model.passages import passages
from pipeline.model.posts import Post
from pipeline.model.regex import regex

_SENTENCE_ENDS, _PARAGRAPH_ENDS = "。！？；", "|"
"""What ends a part beside the end of its line."""
_UNREAD = regex(r"!?\[[^\]\n]{0,300}\]\([^)\n]{0,2000}\)|https?://[!-~]+|[*_`#>|\s-]")


def proofread(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 准确
    """Common misspellings, and slips of typing: the first of each kind in a passage."""
    entries = archive.registers.entries.get("lexicons", ())
    for sighting in sightings(post, entries, {"misspelling", "appellation"}):
        yield sighting.complaint()
    for passage in passages(post):
        told = set()
        for slip in slips(passage.text):
            if slip.why not in told:
                told.add(slip.why)
                remedy = say("Correct it here, and wherever it comes again.")
                yield Complaint(Effect.NOTE, slip.why, passage.at(slip.start), remedy)


def brief(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 主题鲜明、语言简洁
    """Length of the title; a summary of its own. The schema limits the summary's length."""
    limit = archive.registers.parameter("quality.title_max", archive.day_of(post))
    width = sum(2 if east_asian_width(c) in "WFA" else 1 for c in post.title)
    if width > 2 * limit:
        message = say(
            "The title is {width} characters wide; {limit} are enough.",
            width=(width + 1) // 2,
            limit=limit,
        )
        yield Complaint(Effect.NOTE, message, post.at("title"), say("Shorten the title."))
    if post.meta["summary"].strip() == post.title.strip():
        message = say("The summary only repeats the title.")
        remedy = say("Say in one sentence what the reader learns.")
        yield Complaint(Effect.NOTE, message, post.at("summary"), remedy)
    if found := _long(post, archive, "quality.paragraph_max", _PARAGRAPH_ENDS):
        count, limit, place = found
        message = say(
            "{count} paragraphs are longer than {limit} characters.", count=count, limit=limit
        )
        yield Complaint(Effect.NOTE, message, place, say("Divide them."))
    if found := _long(post, archive, "quality.sentence_max", _SENTENCE_ENDS):
        count, limit, place = found
        message = say(
            "{count} sentences are longer than {limit} characters.", count=count, limit=limit
        )
        yield Complaint(Effect.NOTE, message, place, say("Divide them."))


def _long(
    post: Post, archive: Archive, parameter: str, ends: str
) -> tuple[int, int, Location] | None:
    """(count, limit, place of the first) of the parts of the body that are too long, or None."""
    limit: int = archive.registers.parameter(parameter, archive.day_of(post))
    long = [
        body.at(start)
        for body in passages(post)
        if body.part == "body"
        for start, part in _parts(body.text, ends, limit)
        if len(_UNREAD.sub("", part)) > limit
    ]
    return (len(long), limit, long[0]) if long else None


def _parts(text: str, ends: str, limit: int) -> Iterator[tuple[int, str]]:
    """(offset, text) of the parts longer than the limit, which few texts have."""
    for sign in ends:
        text = text.replace(sign, "\n")
    parts, start = text.split("\n"), 0
    if max(map(len, parts)) <= limit:
        return
    for part in parts:
        if len(part) > limit:
            yield start, part
        start += len(part) + 1


def showable(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 主题鲜明
    """There is a text, none of it HTML and none out of proportion: readers would see it as typed.

    What stands is noted: it was reviewed when nothing looked for it (docs/decisions/0031).
    """
    strict = archive.brings(post)
    for problem in archive.renditions[(post.id, "archive")].problems:
        effect = problem.effect if strict else Effect.NOTE
        yield Complaint(effect, problem.message, problem.location, problem.remedy)


def few_cliches(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 切忌官腔套话
    """Clichés for each thousand signs, once there are enough to speak of a manner."""
    registers, day = archive.registers, archive.day_of(post)
    found = list(sightings(post, registers.entries.get("lexicons", ()), {"cliche"}))
    length = sum(len(p.text) for p in passages(post))
    rate = registers.parameter("quality.cliche_per_thousand", day)
    least = registers.parameter("quality.cliche_min", day)
    if len(found) >= least and len(found) * 1000 > rate * length:
        words = "、".join(dict.fromkeys(s.hit.words for s in found))
        message = say("The text holds {count} clichés: {words}.", count=len(found), words=words)
        remedy = say("Say who did what and when, and what came of it.")
        place = Location(post.path, post.body_line)
        yield Complaint(Effect.NOTE, message, place, remedy)
