"""Declare what clauses ask for, in the words of the register wordings, all with one signature."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.errors import Fault
from pipeline.model import duties
from pipeline.model.calendar import local_date
from pipeline.model.findings import Reason, say
from pipeline.model.ids import sha256_of
from pipeline.model.records import Fact, Signed
from pipeline.model.registers import Person
from pipeline.sign.act import (
    Act,
    Attached,
    NewRecord,
    Sign,
    SignedOutcome,
    SigningContext,
    ask,
    signed_record,
)


@dataclass(frozen=True)
class Pledge:
    """What is about to be declared: whose words, about what, for which days."""

    wording: Fact
    subject: str
    first: date
    last: date


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
        return [
            self._pledge(context, name, person, local_date(now), about if sign else self.subject)
            for name, sign, about in parts
        ]

    def _pledge(
        self, context: SigningContext, name: str, person: Person, today: date, subject: str | None
    ) -> Pledge:
        """Fill in what is not given: the subject the person owes, the days since the last time.

        Raises Fault when there is no such wording, when the subject is not one of it, or when the
        days given are out of order, to come, before anything was owed, or leave a gap.
        """
        wording = duties.wording_on(context.archive, name, today)
        if wording is None:
            entries = context.trusted.registers.entries.get("wordings", ())
            raise Fault(
                say("There is no declaration {name}.", name=name),
                say(
                    "Choose one of: {allowed}.",
                    allowed=", ".join(sorted({w["name"] for w in entries})),
                ),
            )
        about = _subject(context, wording, person, today, subject)
        before = duties.last_declared(context.archive, wording, about)
        following = before + timedelta(days=1) if before else duties.earliest(context.archive, name)
        until = self.last or today
        since = self.first or min(following, until)
        if fault := duties.period_fault(context.archive, name, since, until, today):
            raise Fault(
                fault[1], say("Correct --from and --until, or leave them out."), name=fault[0]
            )
        if before and since > following:
            raise Fault(
                say(
                    "The last declaration ends on {day}; beginning on {first} leaves a gap.",
                    day=before.isoformat(),
                    first=since.isoformat(),
                ),
                say("Begin with --from {day}, or leave it out.", day=following.isoformat()),
            )
        return Pledge(wording, about, since, until)


def _subject(
    context: SigningContext, wording: Fact, person: Person, today: date, given: str | None
) -> str:
    """The subject given, or the only one that this person can declare about."""
    possible = [subject for subject, _ in duties.subjects_of(context.archive, wording)]
    if wording["scope"] == "department":
        possible = [d for d in possible if person.holds(wording["role"], today, d)]
    if wording["scope"] == "person":
        possible = [person.id]
    if given is None and len(possible) == 1:
        return possible[0]
    if given not in possible:
        raise Fault(
            say("The declaration {name} needs to know what it is about.", name=wording["name"]),
            say("Give --subject: one of {allowed}.", allowed=", ".join(possible) or "—"),
        )
    return given


class Declare(Act[Declaring]):
    asks = Declaring
    question = say("Do you declare this and sign?")

    def refuse(self, asked: Declaring) -> None:
        for name, _ in asked.attached:
            if not name.isprintable() or len(name) > 200:
                raise Fault(say("The file {name} has a name that cannot be signed.", name=name))

    def sign(
        self, asked: Declaring, context: SigningContext, person: Person, now: datetime, sign: Sign
    ) -> SignedOutcome:
        """Raises Fault when one would not count: another role, a period to come."""
        pledges = asked.pledges(context, person, now)
        first, *more = pledges
        predicate = {
            "archive": context.trusted.registers.policy.archive["id"],
            "person": person.id,
            "signed_at": now,
            **_stated(first),
            **({"also": [_stated(made) for made in more]} if more else {}),
            **({"note": asked.note} if asked.note else {}),
        }
        subject = {
            f"wordings/{made.wording['name']}/{made.wording['version']}": duties.digest_of(
                made.wording
            )
            for made in pledges
        }
        for name, raw in asked.attached:
            subject[f"attachments/{name}"] = sha256_of(raw)
        stem = f"{first.last.isoformat()}.{first.wording['name']}.{first.subject or 'archive'}"

        def fault(made: Signed) -> Reason | None:
            faults = (
                duties.declaration_fault(context.archive, each)
                for each in duties.each_declared(made)
            )
            return next(filter(None, faults), None)

        remedy = say("`sanshen due` tells who owes what.")
        stated = NewRecord("declaration", first.last.year, stem, subject, predicate)
        record = signed_record(context, stated, sign, fault, remedy)
        name, *others = [made.wording["name"] for made in pledges]
        done = say("Declaration {name} signed by {person}.", name=name, person=person.name)
        if others:
            done = say("Signed: {count} declarations.", count=len(pledges))
        return SignedOutcome(record, done)


DECLARE = Declare()


def _stated(made: Pledge) -> dict[str, object]:
    """What a statement says of one pledge."""
    wording = made.wording
    return {
        "role": wording["role"],
        "name": wording["name"],
        "version": wording["version"],
        "text_digest": duties.digest_of(wording),
        "subject": made.subject,
        "from": made.first.isoformat(),
        "until": made.last.isoformat(),
    }
