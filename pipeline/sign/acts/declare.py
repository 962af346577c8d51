"""Declare what clauses ask for, in the words of the register wordings, all with one signature."""

from dataclasses import dataclass
from datetime import date, datetime

from pipeline.model.calendar import local_date
from pipeline.model.findings import say
from pipeline.model.registers import Person
from pipeline.sign.act import Act, Attached, SignedOutcome, ask
from pipeline.sign.declare import Pledge, completed, declaration, pledge
from pipeline.sign.signing_context import Sign, SigningContext


@dataclass(frozen=True)
class Declaring:
    """What is declared: a name, or several as ``NAME:SUBJECT`` with commas between."""

    name: str = ask(say("Declaration"), "", "", argument=True)
    subject: str | None = ask(
        say("Subject"), "Account, department or person it is about.", None, short="s"
    )
    first: date | None = ask(
        say("First day"), "First day it speaks of; default: since last.", None, option="from"
    )
    last: date | None = ask(
        say("Last day"), "Last day it speaks of; default: today.", None, option="until"
    )
    note: str = ask(say("Remark, signed with it"), "A remark to go with it.", "")
    attached: tuple[Attached, ...] = ask(
        say("Files"), "A file whose digest is signed with it, such as a screenshot.", (),
        option="attach",
    )  # fmt: skip

    def pledges(self, context: SigningContext, person: Person, now: datetime) -> list[Pledge]:
        """Raises Fault for what cannot be declared."""
        parts = (one.partition(":") for one in self.name.split(","))
        files, day = dict(self.attached), local_date(now)
        return [
            completed(
                pledge(
                    context, name, person, day, about if sign else self.subject, self.first,
                    self.last,
                ),
                self.note,
                files,
            )
            for name, sign, about in parts
        ]  # fmt: skip


class Declare(Act[Declaring]):
    asks = Declaring
    question = say("Do you declare this and sign?")

    def sign(
        self, asked: Declaring, context: SigningContext, person: Person, now: datetime, sign: Sign
    ) -> SignedOutcome:
        pledges = asked.pledges(context, person, now)
        record = declaration(pledges, context, person, now, sign)
        name, *others = [made.wording["name"] for made in pledges]
        done = say("Declaration {name} signed by {person}.", name=name, person=person.name)
        if others:
            done = say("Signed: {count} declarations.", count=len(pledges))
        return SignedOutcome(record, done)


DECLARE = Declare()
