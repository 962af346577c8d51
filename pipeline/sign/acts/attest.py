"""Sign what plain records say, or take the decision that one of them waits for (decision 0047)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline.errors import Misuse
from pipeline.model.findings import Message, say
from pipeline.model.registers import Person
from pipeline.report.language import record_line
from pipeline.sign.act import Act, SignedOutcome, ask
from pipeline.sign.attest import attestation, prepared
from pipeline.sign.signing_context import Sign, SigningContext


@dataclass(frozen=True)
class NamedEvents:
    """Records of one kind; without events, all that waits for a signature of the person."""

    kind: str = ask(say("Kind of record"), argument=True)
    ids: tuple[str, ...] = ask(say("Records"), argument=True, metavar="ID...")
    chosen: tuple[str, ...] = ask(
        say("Events"), "One event: reply, of a list tasks.0.", (), short="e", option="event"
    )


class Attest(Act[NamedEvents]):
    asks = NamedEvents
    question = say("Is all of this so, do you answer for it, and do you sign?")

    def refuse(self, asked: NamedEvents) -> None:
        if asked.chosen and len(asked.ids) > 1:
            raise Misuse(say("--{option} goes with one record.", option="event"))

    def show(
        self, asked: NamedEvents, context: SigningContext, person: Person
    ) -> Iterator[Message]:
        made = prepared(context, asked.kind, asked.ids, person, asked.chosen)
        for event, value in (part for each in made.events.values() for part in each.items()):
            line = record_line(context.trusted.registers, value)
            yield say("{key}: {what}", key=event, what=line)

    def sign(
        self, asked: NamedEvents, context: SigningContext, person: Person, now: datetime, sign: Sign
    ) -> SignedOutcome:
        made = prepared(context, asked.kind, asked.ids, person, asked.chosen)
        record = attestation(context, made, person, now, sign)
        count = sum(map(len, made.events.values()))
        done = say("{kind} {ids}: {count} events signed by {person}.", kind=asked.kind,
                   ids=", ".join(asked.ids), count=count, person=person.name)  # fmt: skip
        return SignedOutcome(record, done, made.files)


ATTEST = Attest()
