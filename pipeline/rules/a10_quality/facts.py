"""Article 10: facts of a text against one another (真实、准确)."""

from collections.abc import Iterator

from pipeline.detect.accidents import wrong_classes
from pipeline.detect.alerts import wrong_pairs
from pipeline.detect.dates import wrong_dates
from pipeline.detect.folding import fold
from pipeline.detect.numbers import missing_numbers, wrong_document_numbers
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, say, say_day
from pipeline.model.passages import Passage, passages
from pipeline.model.posts import Post
from pipeline.model.regex import regex

_UNREAD = regex(r"[\s*_`]+")


def consistent_facts(post: Post, archive: Archive) -> Iterator[Complaint]:  # 10 真实、准确
    """Dates, warnings, document numbers, the class of an accident, numbers, listed claims."""
    for passage in passages(post):
        yield from _dates(passage, post, archive)
        yield from _levels(passage)
        for number in wrong_document_numbers(passage.text):
            remedy = say("Write it as 国办发〔2018〕123号.")
            yield Complaint(Effect.NOTE, number.why, passage.at(number.start), remedy)
        yield from _classes(passage, post)
    yield from _document_number(post)
    yield from _title_numbers(post)
    yield from _claims(post)


def _dates(passage: Passage, post: Post, archive: Archive) -> Iterator[Complaint]:
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
        place = passage.at(wrong.start)
        yield Complaint(Effect.REFUSE, message, place, remedy, waivable=words)


def _levels(passage: Passage) -> Iterator[Complaint]:
    for pair in wrong_pairs(passage.text):
        message = say(
            "The text calls level {level} of a warning {colour}.",
            level=pair.level,
            colour=pair.colour,
        )
        remedy = say("Level 1 is red, 2 orange, 3 yellow, 4 blue: correct the wrong one.")
        place, words = passage.at(pair.start), passage.text[pair.start : pair.end]
        yield Complaint(Effect.REFUSE, message, place, remedy, waivable=words)


def _classes(passage: Passage, post: Post) -> Iterator[Complaint]:
    """Only the report of an accident can be refused: elsewhere figures may be of several."""
    for wrong in wrong_classes(passage.text):
        message = say(
            "The text says {stated}事故, its figures make it {figures}事故.",
            stated=wrong.stated,
            figures=wrong.figures,
        )
        remedy = say("Check deaths, injuries and loss against 国令493号, or correct the class.")
        effect = Effect.REFUSE if post.kind == "accident" and wrong.certain else Effect.NOTE
        place, words = passage.at(wrong.start), passage.text[wrong.start : wrong.end]
        yield Complaint(effect, message, place, remedy, waivable=words)


def _document_number(post: Post) -> Iterator[Complaint]:
    for number in wrong_document_numbers(str(post.meta.get("doc_no", ""))):
        remedy = say("Write it as 国办发〔2018〕123号.")
        yield Complaint(Effect.NOTE, number.why, post.at("doc_no"), remedy)


def _title_numbers(post: Post) -> Iterator[Complaint]:
    """A withdrawn post keeps its title without the text that bore it out."""
    for number in () if post.withdrawn else missing_numbers(post.title, post.body):
        message = say(
            "The number {number} of the title does not stand in the text.",
            number=post.title[number.start : number.end],
        )
        remedy = say("Correct one of them, or say in the text where the number comes from.")
        yield Complaint(Effect.NOTE, message, post.at("title"), remedy)


def _claims(post: Post) -> Iterator[Complaint]:
    """Claims listed with their sources: each is there to be found in the text."""
    claims = () if post.withdrawn else post.meta.get("facts", ())
    text = _UNREAD.sub("", fold(post.body).text) if claims else ""
    for index, fact in enumerate(claims):
        if _UNREAD.sub("", fold(fact["claim"]).text) not in text:
            message = say("A claim listed under facts does not stand in the text.")
            remedy = say("Copy the claim from the text as it now reads, or remove it.")
            yield Complaint(Effect.REFUSE, message, post.at("facts", index, "claim"), remedy)
