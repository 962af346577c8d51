from collections.abc import Iterator
from dataclasses import replace
from unicodedata import east_asian_width

from pipeline.detect.alerts import colours_named, wrong_pairs, wrong_turns
from pipeline.detect.facts import wrong_classes, wrong_dates
from pipeline.detect.folding import fold
from pipeline.detect.post_words import Passage, passages
from pipeline.detect.subjects import is_about, subjects_of
from pipeline.detect.titles import missing_claims
from pipeline.detect.typography import slips, wrong_document_numbers
from pipeline.detect.words import sightings
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, Location, say, say_day
from pipeline.model.lazy import regex
from pipeline.model.posts import Post

# Article 10: plain, short and well-written language.


_LONG_PARAGRAPHS = say("{count} paragraphs are longer than {limit} characters.")
_LONG_SENTENCES = say("{count} sentences are longer than {limit} characters.")
_MARKUP = regex(r"!?\[[^\]\n]{0,300}\]\([^)\n]{0,2000}\)|https?://[!-~]+|[*_`#>|\s-]")


def proofread(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 准确
    """Common misspellings, and slips of typing: the first of each kind in a passage."""
    for sighting in sightings(post, archive, {"misspelling", "appellation"}):
        yield sighting.complaint()
    for passage in passages(post):
        kinds = set()
        for slip in slips(passage.text):
            if slip.why not in kinds:
                kinds.add(slip.why)
                remedy = say("Correct it here, and wherever it comes again.")
                yield Complaint(Effect.NOTE, slip.why, passage.at(slip.start), remedy)


def brief(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 主题鲜明、语言简洁
    """Length of the title; a summary of its own. The schema limits the summary's length."""
    limit = archive.parameter("quality.title_max", archive.day_of(post))
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
    for parameter, ends, text in (
        ("quality.paragraph_max", "|", _LONG_PARAGRAPHS),
        ("quality.sentence_max", "。！？；", _LONG_SENTENCES),
    ):
        limit = archive.parameter(parameter, archive.day_of(post))
        if long := _long(post, ends, limit):
            message = replace(text, values=(("count", len(long)), ("limit", limit)))
            yield Complaint(Effect.NOTE, message, long[0], say("Divide them."))


def _long(post: Post, ends: str, limit: int) -> list[Location]:
    """Where the parts of the body begin that are too long; `ends`: signs that end a part."""
    return [
        body.at(start)
        for body in passages(post)
        if body.part == "body"
        for start, part in _parts(body.text, ends, limit)
        if len(_MARKUP.sub("", part)) > limit
    ]


def _parts(text: str, ends: str, limit: int) -> Iterator[tuple[int, str]]:
    """(offset, text) of the parts longer than the limit; few texts have any."""
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
    """Clichés per thousand signs, once there are enough of them to count."""
    day, cliches = archive.day_of(post), list(sightings(post, archive, {"cliche"}))
    length = sum(len(p.text) for p in passages(post))
    rate = archive.parameter("quality.cliche_per_thousand", day)
    least = archive.parameter("quality.cliche_min", day)
    if len(cliches) >= least and len(cliches) * 1000 > rate * length:
        words = "、".join(dict.fromkeys(s.hit.words for s in cliches))
        message = say("The text holds {count} clichés: {words}.", count=len(cliches), words=words)
        remedy = say("Say who did what and when, and what came of it.")
        yield Complaint(Effect.NOTE, message, Location(post.path, post.body_line), remedy)


# Article 10: the kind of a post against what it is about, on which its other checks rest.

OWN = {
    "accident": regex("事故|火|爆|塌|漏|中毒|溺|坠|伤|亡|险情"),
    "rumor": regex("谣|不实|不属实|虚假|假|误传|网传"),
}
"""Kind → what a post of that kind has somewhere in its words; an alert has its block."""


def kind_fits(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 真实、准确
    """An alert, an accident or a refuted rumour under another kind, and the other way round.

    What stands is noted (docs/decisions/0049).
    """
    about, location = subjects_of(post), post.at("kind")
    for subject in () if any(s.kind == post.kind for s in about) else about:
        message = say("The post is of the kind {right} (“{words}”), but kind is {kind}.",
                      right=subject.kind, words=subject.words, kind=post.kind)  # fmt: skip
        remedy = say("Write `kind: {right}` and fill in what it asks for. If {kind} is right:"
                     " `sanshen waive`, signed by a section head or a leader.",
                     right=subject.kind, kind=post.kind)  # fmt: skip
        strict = archive.brings(post) and subject.certain and subject.kind != "rumor"
        effect = Effect.REFUSE if strict else Effect.NOTE
        yield Complaint(effect, message, location, remedy, waivable=subject.words)
    own = OWN.get(post.kind)
    if own and not post.withdrawn and not own.search(f"{post.title}\n{post.body}"):
        message = say("Nothing in title and text is of the kind {kind}.", kind=post.kind)
        yield Complaint(Effect.NOTE, message, location, say("Choose the kind that fits."))


# Article 10: facts of a text against one another (真实、准确).


_LIKE = say("Write it as 国办发〔2018〕123号.")
_FILLING = regex(r"[\s*_`]+")


def consistent_facts(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 真实、准确
    """Dates, warnings, document numbers, the class of an accident, numbers, listed claims.

    What stands is noted: detectors learn to read what older ones passed (docs/decisions/0031).
    """
    effect = Effect.REFUSE if archive.brings(post) else Effect.NOTE
    for passage in passages(post):
        yield from _dates(passage, post, archive, effect)
        yield from _levels(passage, effect)
        for number in wrong_document_numbers(passage.text):
            yield Complaint(Effect.NOTE, number.why, passage.at(number.start), _LIKE)
        yield from _classes(passage, effect if is_about(post, "accident") else Effect.NOTE)
    for number in wrong_document_numbers(str(post.meta.get("doc_no", ""))):
        yield Complaint(Effect.NOTE, number.why, post.at("doc_no"), _LIKE)
    yield from _title_numbers(post)
    yield from _claims(post)


def _dates(passage: Passage, post: Post, archive: Archive, effect: Effect) -> Iterator[Complaint]:
    for wrong in wrong_dates(passage.text, archive.day_of(post)):
        words = passage.text[wrong.start : wrong.end]
        if wrong.meant is None:
            message = say("There is no such date: {words}.", words=words)
            remedy = say("Correct the date.")
        else:
            message = say(
                "{date} is no 星期{stated}, it is 星期{right}.",
                date=say_day(wrong.meant),
                stated=wrong.stated,
                right=wrong.right,
            )
            remedy = say("Correct the date or the weekday.")
        yield Complaint(effect, message, passage.at(wrong.start), remedy, waivable=words)


def _levels(passage: Passage, effect: Effect) -> Iterator[Complaint]:
    for pair in wrong_pairs(passage.text):
        message = say(
            "The text calls level {level} of a warning {colour}.",
            level=pair.level,
            colour=pair.colour,
        )
        remedy = say("Level 1 is red, 2 orange, 3 yellow, 4 blue: correct the wrong one.")
        words = passage.text[pair.start : pair.end]
        yield Complaint(effect, message, passage.at(pair.start), remedy, waivable=words)
    for start, end in wrong_turns(passage.text):
        words = passage.text[start:end]
        message = say("A warning is raised to a lower level, or ranked wrongly: {words}",
                      words=words)  # fmt: skip
        remedy = say("Red is the highest, blue the lowest: correct the colours or the verb.")
        yield Complaint(effect, message, passage.at(start), remedy, waivable=words)


def _classes(passage: Passage, certain: Effect) -> Iterator[Complaint]:
    """Only the report of an accident is refused: elsewhere figures may be those of several."""
    for wrong in wrong_classes(passage.text):
        message = say(
            "The text says {stated}事故, its figures make it {figures}事故.",
            stated=wrong.stated,
            figures=wrong.figures,
        )
        remedy = say("Check deaths, injuries and loss against 国令493号, or correct the class.")
        effect = certain if wrong.certain else Effect.NOTE
        words = passage.text[wrong.start : wrong.end]
        yield Complaint(effect, message, passage.at(wrong.start), remedy, waivable=words)


def _title_numbers(post: Post) -> Iterator[Complaint]:
    """Not of a withdrawn post, which keeps its title without the text."""
    for start, end in () if post.withdrawn else missing_claims(post.title, post.body):
        message = say(
            "The number {number} of the title does not stand in the text.",
            number=post.title[start:end],
        )
        remedy = say("Correct one of them, or say in the text where the number comes from.")
        yield Complaint(Effect.NOTE, message, post.at("title"), remedy)


def _claims(post: Post) -> Iterator[Complaint]:
    """Each claim listed with its source stands in the text."""
    claims = () if post.withdrawn else post.meta.get("facts", ())
    text = _FILLING.sub("", fold(post.body).text) if claims else ""
    for index, fact in enumerate(claims):
        if _FILLING.sub("", fold(fact["claim"]).text) not in text:
            message = say("A claim listed under facts does not stand in the text.")
            remedy = say("Copy the claim from the text as it now reads, or remove it.")
            yield Complaint(Effect.REFUSE, message, post.at("facts", index, "claim"), remedy)


# Article 10: a warning against itself, and the time for which content holds.


COLORS = {"red": (1, "红"), "orange": (2, "橙"), "yellow": (3, "黄"), "blue": (4, "蓝")}
"""突发事件应对法: levels one to four are marked red, orange, yellow and blue."""


def consistent_alert(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10
    """A warning's parts against one another and against the title and the text."""
    alert = post.meta.get("alert")
    if alert is None:
        if post.kind == "alert" and not post.withdrawn:
            message = say("A post of kind alert states no warning.")
            remedy = say("Fill in alert with issuer, times, level, color and areas.")
            yield Complaint(Effect.REFUSE, message, post.at("kind"), remedy)
        return
    level, character = COLORS[alert["color"]]
    if alert["level"] != level:
        message = say(
            "Level {level} and colour {color} of the alert do not belong together.",
            level=alert["level"],
            color=alert["color"],
        )
        remedy = say("Level 1 is red, 2 orange, 3 yellow, 4 blue: correct the wrong one.")
        yield Complaint(Effect.REFUSE, message, post.at("alert", "level"), remedy)
    other = Effect.REFUSE if archive.brings(post) else Effect.NOTE
    in_title = set(colours_named(post.title))
    if in_title and character not in in_title:
        message = say("The title names another colour than the alert.")
        remedy = say("Correct the title or alert.color.")
        yield Complaint(other, message, post.at("title"), remedy)
    in_text = set(colours_named(post.body))
    if in_text and character not in in_text:
        message = say("The text names another colour than the alert.")
        remedy = say("Correct the text or alert.color.")
        yield Complaint(other, message, Location(post.path, post.body_line), remedy)
    if alert["ends_at"] <= alert["starts_at"]:
        message = say("The alert ends before it starts.")
        remedy = say("Correct starts_at or ends_at.")
        yield Complaint(Effect.REFUSE, message, post.at("alert", "ends_at"), remedy)


def in_force(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10
    """Dates of validity."""
    starts, ends = post.meta.get("effective_on"), post.meta.get("expires_on")
    if starts and ends and ends < starts:
        message = say("The content expires before it takes effect.")
        remedy = say("Correct effective_on or expires_on.")
        yield Complaint(Effect.REFUSE, message, post.at("expires_on"), remedy)
    valid = post.meta.get("validity", "valid") == "valid"
    if ends and valid and archive.clock.day_passed(ends):
        message = say("The content expired on {day} and is still valid.", day=say_day(ends))
        remedy = say("Publish a revision with validity: expired.")
        yield Complaint(Effect.NOTE, message, post.at("expires_on"), remedy)
    alert = post.meta.get("alert")
    if alert and post.publish_at and alert["ends_at"] < post.publish_at:
        message = say("The alert ends before it is published.")
        remedy = say("Publish the alert in force, or say in the text that it is over.")
        yield Complaint(Effect.NOTE, message, post.at("alert", "ends_at"), remedy)
