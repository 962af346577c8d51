"""Article 12: an answer's words are held to the same lists as a post's."""

from collections.abc import Iterator

from pipeline.detect.private import private_data
from pipeline.detect.words import lexicon
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, say
from pipeline.model.records import Fact

PERSONAL = ("personal", "emotion")
"""Categories that a post may carry with a note, and an answer never (Article 13(2))."""


def careful_words(archive: Archive) -> Iterator[Complaint]:  # 12, 13(2)
    """Listed words in answers and results."""
    lists = lexicon(archive.registers.entries.get("lexicons", ()))
    for inquiry in archive.facts.get("inquiries", ()):
        for part, text in _answers(inquiry):
            for hit in lists.find(text):
                entry = hit.entry
                strict = entry["effect"] == "refuse" or entry["category"] in PERSONAL
                message = say("The answer says “{words}”: {reason}", words=hit.words,
                              reason=entry["reason"])  # fmt: skip
                effect = Effect.REFUSE if strict else Effect.NOTE
                remedy = say("Put it otherwise: {suggestion}", suggestion=entry["suggestion"])
                yield Complaint(effect, message, inquiry.at(part), remedy)


def no_private_data(archive: Archive) -> Iterator[Complaint]:  # 12, 13(3)
    """Private data in answers and results: no record may hold it, however true."""
    for inquiry in archive.facts.get("inquiries", ()):
        for part, text in _answers(inquiry):
            if any(found.certain for found in private_data(text)):
                message = say("The answer holds private data ({part}).", part=part)
                remedy = say("Take the answer down, and answer without it.")
                yield Complaint(Effect.REFUSE, message, inquiry.at(part), remedy)


def _answers(inquiry: Fact) -> Iterator[tuple[str, str]]:
    yield "reply", (inquiry.get("reply") or {}).get("text", "")
    yield "result", inquiry.get("result", "")
