"""A second selector, written after decision 0042 and not after `pipeline.parts.witness.selection`.

It keeps no state: what holds after so many clicks is asked of the clicks before, again and again.
The bureau is the tests' own, so who may take which step is a table.
"""

from dataclasses import dataclass
from functools import cache

from pipeline.parts.witness.payload import Click

STEPS = ("first", "second", "final", "confirm")
MAY = {
    "first": {"xxy-a", "xxy-b"},
    "second": {"kz-a"},
    "final": {"ld-a", "ld-b"},
    "confirm": {"kz-a"},
}


@dataclass(frozen=True)
class Said:
    """A click with what matters of it."""

    click: Click
    person: str
    good: bool
    """Whether its text may be signed."""


class Naive:
    """What `said`, clicks of known people on the bytes that stand, in order, come to."""

    def __init__(self, said: tuple[Said, ...], opener: str, makers: set[str], seen: set[str]):
        self.said, self.opener, self.makers, self.seen = said, opener, makers, seen
        self.holder = cache(self._holder)
        self.objection = cache(self._objection)

    def _holder(self, step: str, after: int) -> int | None:
        """Which click holds a step when so many clicks were made."""
        for number in range(after):
            if self._takes(step, number) and not any(
                self._takes_back(step, later) for later in range(number + 1, after)
            ):
                return number
        return None

    def _takes(self, step: str, number: int) -> bool:
        said = self.said[number]
        return (
            said.click.word == "approve"
            and said.good
            and step in self.seen
            and self.open(number) == step
            and self.may(said.person, step, number)
            and not any(
                at == step
                for person in self.people
                if person != said.person
                for at, _ in [self.objection(person, number) or ("", 0)]
            )
        )

    def _takes_back(self, step: str, number: int) -> bool:
        """Whether a click takes back a step that its person holds, this one or one before."""
        said = self.said[number]
        below = STEPS[: STEPS.index(step) + 1]
        held = [self.holder(each, number) for each in below]
        return said.click.word != "approve" and any(
            h is not None and self.said[h].person == said.person for h in held
        )

    @property
    def people(self) -> set[str]:
        return {said.person for said in self.said}

    def open(self, after: int) -> str:
        return next((s for s in STEPS if self.holder(s, after) is None), "")

    def may(self, person: str, step: str, after: int) -> bool:
        if person == self.opener or person not in MAY[step]:
            return False
        before = [self.holder(s, after) for s in STEPS[: STEPS.index(step)]]
        same = any(h is not None and self.said[h].person == person for h in before)
        return step == "confirm" or not (same or (person in self.makers and step != "first"))

    def _objection(self, person: str, after: int) -> tuple[str, int] | None:
        """(step that a person's standing objection is against, or nothing; its click)."""
        own = [n for n in range(after) if self.said[n].person == person]
        if not own or self.said[own[-1]].click.word == "approve":
            return None
        # What it takes back is open when it is heard.
        step = self.open(own[-1] + 1)
        if step and self.may(person, step, own[-1] + 1):
            return step, own[-1]
        later = STEPS[STEPS.index(step) + 1 :] if step else ()
        turn = any(self.may(person, s, own[-1] + 1) for s in later)
        return ("", own[-1]) if turn else None

    def answer(self) -> tuple[list[tuple[int, str, str]], str]:
        """((id, step, decision) of what is recorded; the step that is open then)."""
        end = len(self.said)
        held = [h for s in STEPS if (h := self.holder(s, end)) is not None]
        taken = [(self.said[h].click.id, STEPS[n], "approve") for n, h in enumerate(held)]
        step = self.open(end)
        against = sorted(o[::-1] for p in self.people if (o := self.objection(p, end)))
        returns = [
            n
            for n, at in against
            if step
            and at == step
            and at in self.seen
            and self.said[n].click.word == "return"
            and self.said[n].click.opinion
            and self.said[n].good
            and not (held and n < held[-1])
        ]
        if returns:
            return [*taken, (self.said[returns[0]].click.id, step, "return")], ""
        if against or step in self.seen:
            return [], step
        return taken, step
