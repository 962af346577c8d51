"""13(3): a record is public like a post, and stays: no private data in any of its words."""

from collections.abc import Iterator

from pipeline.detect.private import private_data, shown
from pipeline.model.archive import Archive, Change, Mode
from pipeline.model.findings import Complaint, Effect, say
from pipeline.model.private_kinds import PRIVATE_KINDS
from pipeline.rules.a13_content_safety.privacy import is_published

REMEDY = say(
    "Write the record without it: 一名市民 for a name, 138****0000 for a number; the full data"
    " belongs into the office's own system. Then make the commit anew."
)


def clean_records(change: Change, archive: Archive) -> Iterator[Complaint]:  # 13(3)
    """Every string of the plain and signed records and of the reviews that a change brings."""
    day = archive.entry_day
    kinds = archive.registers.parameter("pii.refused", day)
    for words in change.words:
        said: set[str] = set()
        for found in private_data(words.text):
            value = shown(found, words.text)
            if value in said or is_published(found, words.text, archive.registers, day):
                continue
            said.add(value)
            place = words.at(found.start)
            if found.certain and found.kind in kinds:
                message = say("The record holds {what}: {value}",
                              what=PRIVATE_KINDS[found.kind], value=value)  # fmt: skip
                yield Complaint(Effect.REFUSE, message, place, REMEDY)
            elif archive.mode is Mode.CHANGE and words.stored:
                message = say(
                    "This may be {what}: {value}", what=PRIVATE_KINDS[found.kind], value=value
                )
                yield Complaint(Effect.NOTE, message, place, REMEDY)
