"""Checks across the register of contractors and that of people."""

from collections.abc import Iterator

from pipeline.model.findings import Effect, Finding, say
from pipeline.model.ids import ClauseId
from pipeline.model.registers import Registers


def strangers(registers: Registers, clause: ClauseId) -> Iterator[Finding]:
    """People who work for a contractor are marked so in people.yml (Article 6)."""
    for entry in registers.listed("contractors"):
        for index, name in enumerate(entry["people"]):
            person = registers.people.get(name)
            if person is not None and not person.contractor:
                message = say(
                    "{person} works for a contractor, but is entered as staff.", person=name
                )
                remedy = say("Write `contractor: true` in people.yml.")
                what, where = "contractor-unmarked {person}", entry.at("people", index)
                yield Finding(clause, what, Effect.REFUSE, message, where, remedy)
