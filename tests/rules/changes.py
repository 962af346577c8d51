"""What one clause says of a change of registers."""

from collections.abc import Sequence

from pipeline.model.archive import Change, Mode
from pipeline.model.findings import Complaint
from pipeline.model.law import ChangeCheck
from pipeline.model.records import Authorisation
from pipeline.model.registers import Registers
from pipeline.rules.a11_reviews import RULE
from tests.rules.builders import archive, with_remedy


def brought(
    check: ChangeCheck,
    old: Registers,
    new: Registers,
    signed: Sequence[Authorisation] = (),
    mode: Mode = Mode.CHANGE,
) -> tuple[Complaint, ...]:
    """The complaints; `signed`: what authorises the change."""
    change = Change("", "", (), authorisations=tuple(signed), proposed=new)
    found = check(change, archive(registers=old, mode=mode, change=change))
    return tuple(with_remedy(complaint, RULE, 1) for complaint in found)
