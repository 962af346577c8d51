"""Article 6: a contractor works only under a contract and an agreement on secrecy in force."""

from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.model.archive import Archive
from pipeline.model.duties import end_of
from pipeline.model.findings import Complaint, Effect, Message, say, say_day
from pipeline.model.records import Fact

TERMS: tuple[tuple[str, Message], ...] = (
    (
        "responsibilities",
        say("The contract does not say who answers for what (明确约定外包事项及权责)."),
    ),
    ("procurement", say("The contract does not say how the contractor was chosen (竞争择优).")),
    (
        "confidentiality_system",
        say("The contract names no confidentiality system (建立保密安全制度)."),
    ),
)
"""What a contract must lay down, and what its absence is called."""


def contracts_sound(archive: Archive) -> Iterator[Complaint]:  # 6 双方须明确约定
    """Contract and agreement on secrecy of every contractor at work today."""
    for contractor in archive.registers.entries.get("contractors", ()):
        if not at_work(contractor, archive):
            continue
        yield from _terms(contractor, archive)
        yield from _window(contractor, archive)
        yield from _secrecy(contractor, archive)


def at_work(contractor: Fact, archive: Archive) -> bool:
    """Under contract today, or with people in office today whatever the contract says."""
    contract, today = contractor["contract"], archive.today
    within: bool = contract["from"] <= today <= contract["until"]
    return within or any(in_office(name, archive) for name in contractor.get("people", ()))


def in_office(person: str, archive: Archive) -> bool:
    """Whether somebody holds any role today."""
    known = archive.registers.people.get(person)
    return known is not None and any(t.covers(archive.today) for t in known.tenures)


def _terms(contractor: Fact, archive: Archive) -> Iterator[Complaint]:
    contract = contractor["contract"]
    for key, message in TERMS:
        if not str(contract.get(key, "")).strip():
            remedy = say("Agree on it in writing and enter it in the register of contractors.")
            yield _refuse(contractor, message, remedy, "contract", key)
    allowed = archive.registers.parameter("outsourcing.allowed_scope", archive.today)
    for index, work in enumerate(contract["scope"]):
        if work not in allowed:
            message = say("The contract hands over {work}, which may not be handed over.",
                          work=work)  # fmt: skip
            remedy = say("Take it out of the contract; the bureau does it itself.")
            yield _refuse(contractor, message, remedy, "contract", "scope", index)


def _window(contractor: Fact, archive: Archive) -> Iterator[Complaint]:
    """The contract runs today; its end is noted in time."""
    contract, today = contractor["contract"], archive.today
    remedy = say("Renew it, or end the roles of the contractor's people in people.yml.")
    if today < contract["from"]:
        message = say("People of {contractor} are in office before its contract begins.",
                      contractor=contractor["name"])  # fmt: skip
        yield _refuse(contractor, message, remedy, "contract", "from")
    yield from _until(
        contractor,
        contract["until"],
        archive,
        say("The contract of {contractor} ends on {day}.", contractor=contractor["name"],
            day=say_day(contract["until"])),
        say("The contract of {contractor} ended on {day}, and its people are still in office.",
            contractor=contractor["name"], day=say_day(contract["until"])),
        remedy,
        "contract",
    )  # fmt: skip


def _secrecy(contractor: Fact, archive: Archive) -> Iterator[Complaint]:
    """The agreement runs today and names everybody in office."""
    nda, name = contractor["nda"], contractor["name"]
    remedy = say("Have the agreement on secrecy signed and enter it under `nda`.")
    if archive.today < nda["signed_on"]:
        message = say("The agreement on secrecy of {contractor} is not signed yet.",
                      contractor=contractor["name"])  # fmt: skip
        yield _refuse(contractor, message, remedy, "nda", "signed_on")
    for person in contractor.get("people", ()):
        if in_office(person, archive) and person not in nda["people"]:
            message = say("{person} has not signed the agreement on secrecy.", person=person)
            yield _refuse(contractor, message, remedy, "nda", "people")
    yield from _until(
        contractor,
        nda["until"],
        archive,
        say("The agreement on secrecy of {contractor} ends on {day}.", contractor=name,
            day=say_day(nda["until"])),
        say("The agreement on secrecy of {contractor} ended on {day}.", contractor=name,
            day=say_day(nda["until"])),
        remedy,
        "nda",
    )  # fmt: skip


def _until(
    contractor: Fact,
    end: date,
    archive: Archive,
    ending: Message,
    ended: Message,
    remedy: Message,
    part: str,
) -> Iterator[Complaint]:
    """One complaint about an end that has come or is near; none while it is far."""
    warn = timedelta(archive.registers.parameter("outsourcing.warn_days", archive.today))
    place = contractor.at(part, "until")
    if end < archive.today:
        yield Complaint(Effect.REFUSE, ended, place, remedy, contractor.id, end_of(end))
    elif end - archive.today <= warn:
        yield Complaint(Effect.NOTE, ending, place, remedy, contractor.id, end_of(end))


def _refuse(contractor: Fact, message: Message, remedy: Message, *route: str | int) -> Complaint:
    return Complaint(Effect.REFUSE, message, contractor.at(*route), remedy, contractor.id)
