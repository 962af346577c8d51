"""Who leads on a day, and who may take a step of the review, as those who wait are told."""

from collections.abc import Iterator
from datetime import date, datetime

from pipeline.model.calendar import local_date
from pipeline.model.evidence import ROLE_OF_STEP, Step
from pipeline.model.registers import Person, Registers

LEADERS = ("leader-in-charge", "principal")


def leads(person: str, day: date, registers: Registers) -> bool:
    """Whether a leader of the bureau has this id, in office on the day."""
    known = registers.people.get(person)
    return known is not None and any(known.holds(role, day) for role in LEADERS)


def entitled(step: Step, registers: Registers, moment: datetime) -> Iterator[tuple[Person, str]]:
    """Whoever holds a role of the step (Articles 11, 15(2)), or acts for one who does (A26).

    Yields (person, id of the one acted for; empty in an office of one's own). No contractors; the
    makers of a post, whom only evidence can tell, are left in.
    """
    day, role = local_date(moment), ROLE_OF_STEP[step]
    roles = LEADERS if step is Step.FINAL else (role,)
    department = None if step is Step.FINAL else registers.lead_on(day)
    acting = {
        d.delegate: d.delegator
        for d in registers.roster.delegations
        if d.role in roles and d.covers(moment)
    }
    for person in registers.people.values():
        in_office = any(person.holds(r, day, department) for r in roles)
        if not person.contractor and (in_office or person.id in acting):
            yield person, "" if in_office else acting[person.id]
