"""Article 6: what the people of a contractor may hold, keep and send."""

from collections.abc import Iterator

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date
from pipeline.model.findings import Complaint, Effect, Location, Message, say


def contractors_bounded(archive: Archive) -> Iterator[Complaint]:  # 6 严禁全权交托
    """Roles and accounts, and that everybody outside is known as such."""
    yield from _listed(archive)
    yield from _roles(archive)
    yield from _custodians(archive)


def _listed(archive: Archive) -> Iterator[Complaint]:
    """The register of people and the register of contractors name the same people."""
    people = archive.registers.people
    contractors = archive.registers.entries.get("contractors", ())
    for contractor in contractors:
        for index, name in enumerate(contractor.get("people", ())):
            known = people.get(name)
            if known is not None and not known.contractor:
                message = say("{person} belongs to a contractor, but people.yml does not say so.",
                              person=name)  # fmt: skip
                remedy = say("Set `contractor: true` for that person.")
                yield _refuse(contractor.at("people", index), message, remedy, name)
    employed = {name for contractor in contractors for name in contractor.get("people", ())}
    for person in people.values():
        at_work = any(t.covers(archive.today) for t in person.tenures)
        if person.contractor and at_work and person.id not in employed:
            message = say("{person} works for no registered contractor.", person=person.id)
            remedy = say("Enter the contractor with its contract, or end the person's roles.")
            yield _refuse(_place(person.id, archive), message, remedy, person.id)


def _roles(archive: Archive) -> Iterator[Complaint]:
    allowed = archive.registers.parameter("outsourcing.allowed_roles", archive.today)
    for person in archive.registers.people.values():
        if not person.contractor:
            continue
        held = {t.role for t in person.tenures if t.covers(archive.today)}
        for role in sorted(held - set(allowed)):
            message = say("{person} of a contractor holds the role {role}.", person=person.id,
                          role=role)  # fmt: skip
            remedy = say("Only staff of the bureau may hold it; end the role in people.yml.")
            yield _refuse(_place(person.id, archive), message, remedy, person.id)


def _custodians(archive: Archive) -> Iterator[Complaint]:
    registers = archive.registers
    for index, account in enumerate(registers.accounts.values()):
        keeper = registers.people.get(account.custodian)
        if keeper and keeper.contractor and account.active(archive.today):
            message = say("A contractor keeps the password of account {account}.",
                          account=account.name)  # fmt: skip
            remedy = say("Change it, hand it to an operator of the bureau and sign the rotation.")
            place = registers.documents["accounts"].locate("accounts", index, "custodian")
            yield _refuse(place, message, remedy, account.id)


def replied_by_staff(archive: Archive) -> Iterator[Complaint]:  # 6 严禁全权交托
    """A reply goes out in the bureau's name (Article 12 names who sends it)."""
    days = archive.registers.parameter("reply.audit_days", archive.today)
    for inquiry in archive.facts.get("inquiries", ()):
        reply = inquiry.get("reply")
        if not reply or local_date(reply["at"]) < archive.registers.policy.since:
            continue
        sender = archive.registers.people.get(reply["person"])
        if sender and sender.contractor:
            message = say("{person} of a contractor sent the reply.", person=sender.id)
            remedy = say("Only staff of the bureau reply; report it to the lead department.")
            place = inquiry.at("reply", "person")
            recent = archive.clock.recent(reply["at"], days)
            effect = Effect.REFUSE if recent else Effect.NOTE
            yield Complaint(effect, message, place, remedy, sender.id)


def _place(person: str, archive: Archive) -> Location:
    document = archive.registers.documents["people"]
    return document.locate("people", list(archive.registers.people).index(person))


def _refuse(place: Location, message: Message, remedy: Message, owes: str) -> Complaint:
    return Complaint(Effect.REFUSE, message, place, remedy, owes)
