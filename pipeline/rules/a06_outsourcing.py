"""Article 6: lead department and outsourcing (第六条 政务新媒体运营管理).

1. Exactly one department is the lead, and its head is in office today; a name the regulation does
   not use for it is noted, and so is a change that renames a department without keeping its former
   name. | Human: whether it leads.
   accepted: one department marked `lead: true`, with its head in office today.
   violated: two departments marked, or a head who left yesterday.
   boundary: the last day of the head's office; a name that the regulation does not use is noted.
   next: mark one department alone, and enter its next head in people.yml.
   department-renamed: The department {was} is called {now}, and so on pages and forms of before. |
   Enter the former name and its last day under `former`, if it was right.
   lead-misnamed: The regulation knows the lead department {department} by another name. | Enter the
   name of the regulation under `aliases`.
   lead-not-one: There are {count} lead departments. | Mark exactly one department with `lead:
   true`.
   lead-without-head: The lead department {department} has no head in office today. | Enter who
   heads it in people.yml, with the day it begins.
2. Every contractor has a contract in force with allowed work, responsibilities, procurement and
   a confidentiality system, and an agreement on secrecy that names each of its people in office;
   these hold only the roles that policy allows, keep no account and send no reply (Article 11 lets
   none of them publish); an inspection that is late is noted; every year the head of the lead
   department declares that the contractors are supervised. | Human: whether the terms are adequate.
   accepted: people of a contractor at work, all named in an agreement on secrecy in force.
   violated: a technician of the contractor at work whom the agreement does not name.
   boundary: the last day of the contract; an inspection on the ninetieth day after the last
   (outsourcing.supervision_interval_days).
   next: have it renewed and enter it, or end the roles in people.yml; make up a late inspection and
   record it.
   contract-ends: The contract of {contractor} ends on {day}. | Renew it, or end the roles of the
   contractor's people in people.yml.
   contract-not-begun: People of {contractor} are in office before its contract begins. | Renew it,
   or end the roles of the contractor's people in people.yml.
   contract-scope-excessive: The contract hands over {work}, which may not be handed over. | Take it
   out of the contract; the bureau does it itself.
   contract-without-choice: The contract does not say how the contractor was chosen (竞争择优). |
   Agree on it in writing and enter it in the register of contractors.
   contract-without-duties: The contract does not say who answers for what (明确约定外包事项及权责).
   | Agree on it in writing and enter it in the register of contractors.
   contract-without-secrecy: The contract names no confidentiality system (建立保密安全制度). |
   Agree on it in writing and enter it in the register of contractors.
   contractor-replied: {person} of a contractor sent the reply. | Only staff of the bureau reply;
   report it to the lead department.
   contractor-unmarked: {person} belongs to a contractor, but people.yml does not say so. | Set
   `contractor: true` for that person.
   employer-missing: {person} works for no registered contractor. | Enter the contractor with its
   contract, or end the person's roles.
   inspection-due: The next inspection of {contractor} is due on {day}. | Inspect its work and
   record it under content/records/supervisions/.
   password-of-contractor: A contractor keeps the password of account {account}. | Change it, hand
   it to an operator of the bureau and sign the rotation.
   role-of-contractor: {person} of a contractor holds the role {role}. | Only staff of the bureau
   may hold it; end the role in people.yml.
   secrecy-ends: The agreement on secrecy of {contractor} ends on {day}. | Have the agreement on
   secrecy signed and enter it under `nda`.
   secrecy-unsigned: The agreement on secrecy of {contractor} is not signed yet. | Have the
   agreement on secrecy signed and enter it under `nda`.
   secrecy-unsigned-by: {person} has not signed the agreement on secrecy. | Have the agreement on
   secrecy signed and enter it under `nda`.
3. A large share of posts written by contractors in the running quarter is noted.
   | Human: whether the bureau still leads what it hands over.
   accepted: two of ten posts of a quarter by contractors.
   violated: six of ten posts by contractors, which is noted.
   boundary: five of ten (outsourcing.max_authored_ratio); of nine posts nothing is judged.
   next: name the true authors, and let the departments write more of them.
   contractors-write-much: Contractors wrote {written} of {count} posts of this quarter. | Let the
   departments write more of them themselves.
4. Every year the head of the lead department declares that the guidance of the publicity and
   cyberspace departments was sought and followed. | Human: the guidance itself.
   accepted: guidance sought and followed, declared within the year.
   violated: no declaration for two years, which is noted.
   boundary: twelve months and the days of grace after the last day that was declared.
   next: seek the guidance first; the head of the lead department then signs `sanshen declare
   guidance-report`, late or not.
5. Unchecked: that the lead department works out the rules, plans as a whole and supervises how the
   accounts are run safely leaves no record here (研究制定相关管理办法，统一管理、整体规划，
   监督检查新媒体安全运营); only the inspections of contractors are judged, with clause 2.
   | Human: all of it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from pipeline.model import calendar, month
from pipeline.model.archive import Archive, Change
from pipeline.model.duties import declaration, declarations_due, duty, end_of, in_force
from pipeline.model.findings import Complaint, Effect, Location, Message, say, say_day
from pipeline.model.ids import PersonId
from pipeline.model.law import ChangeClause, PeriodClause, Unchecked, note, refuse, rule
from pipeline.model.records import Fact, Signed
from pipeline.model.registers import in_office

# Article 6: the lead department.


def one_lead(archive: Archive) -> Iterator[Complaint]:  # 6 para 1
    """One lead department, with a name the regulation knows."""
    registers = archive.registers
    document = registers.documents["departments"]
    leads = [(n, d) for n, d in enumerate(registers.departments.values()) if d.lead]
    if len(leads) != 1:
        location = document.locate("departments", *(leads[1][:1] if leads else ()))
        yield refuse("lead-not-one", location, say(count=len(leads)))
    for index, lead in leads:
        if not {lead.name, *lead.aliases} & set(archive.parameter("lead.names")):
            location = document.locate("departments", index)
            yield note("lead-misnamed {department}", location, say(department=lead.id))


def names_stay(change: Change, archive: Archive) -> Iterator[Complaint]:  # 6 para 1
    """A renamed department keeps its former name for the days on which it bore it."""
    if (proposed := change.proposed) is None:
        return
    before = archive.registers.departments
    for index, new in enumerate(proposed.departments.values()):
        old = before.get(new.id, new).name
        if old not in {new.name, *(name for _, name in new.former)}:
            location = proposed.documents["departments"].locate("departments", index, "name")
            yield note("department-renamed", location, say(was=old, now=new.name), owes=new.id)


def lead_headed(archive: Archive) -> Iterator[Complaint]:  # 6 para 1
    """The lead department has a head in office today."""
    registers = archive.registers
    lead = registers.lead_on(archive.today)
    people = registers.people.values()
    headed = any(in_office(p, "section-head", archive.today, registers) for p in people)
    if lead in registers.departments and not headed:
        yield refuse("lead-without-head", registers.at("departments", lead), say(department=lead))


def authored_by_contractors(archive: Archive) -> Iterator[Complaint]:  # 6 严禁变托管为“脱管”
    """The share of the running quarter's posts that contractors wrote."""
    registers, today = archive.registers, archive.today
    standing = month.posts_of(archive, month.quarter_of(today)) or ()
    if len(standing) < registers.parameter("outsourcing.min_posts", today):
        return
    outside = {p.id for p in registers.people.values() if p.contractor}
    written = sum(post.author in outside for post in standing)
    if written > registers.parameter("outsourcing.max_authored_ratio", today) * len(standing):
        message = say(written=written, count=len(standing))
        yield note("contractors-write-much", Location("content/posts"), message)


# Article 6: a contractor works only under a contract and an agreement on secrecy in force.

TERMS: tuple[tuple[str, str, Message], ...] = (
    ("responsibilities", "contract-without-duties", say()),
    ("procurement", "contract-without-choice", say()),
    ("confidentiality_system", "contract-without-secrecy", say()),
)
"""What a contract must lay down, with name and message where it does not."""


def at_work(contractor: Fact, archive: Archive) -> bool:
    """Under contract today, or with people in office today whatever the contract says."""
    contract, today = contractor["contract"], archive.today
    within: bool = contract["from"] <= today <= contract["until"]
    return within or any(holds_any_role(name, archive) for name in contractor.get("people", ()))


def holds_any_role(person: PersonId, archive: Archive) -> bool:
    """Whether a person holds any role today."""
    entry = archive.registers.people.get(person)
    return entry is not None and entry.serves(archive.today)


def _terms(contractor: Fact, archive: Archive) -> Iterator[Complaint]:
    contract = contractor["contract"]
    for key, name, message in TERMS:
        if not str(contract.get(key, "")).strip():
            yield refuse(name, contractor.at("contract", key), message, owes=contractor.id)
    allowed = archive.parameter("outsourcing.allowed_scope")
    for index, work in enumerate(contract["scope"]):
        if work not in allowed:
            at, owes = contractor.at("contract", "scope", index), contractor.id
            yield refuse("contract-scope-excessive {work}", at, say(work=work), owes=owes)


def _window(contractor: Fact, archive: Archive) -> Iterator[Complaint]:
    """The contract runs today; its end is noted in time."""
    if archive.today < contractor["contract"]["from"]:
        message = say(contractor=contractor["name"])
        at = contractor.at("contract", "from")
        yield refuse("contract-not-begun", at, message, owes=contractor.id)
    yield from _until("contract-ends", contractor, "contract", archive, say())


def _secrecy(contractor: Fact, archive: Archive) -> Iterator[Complaint]:
    """The agreement runs today and names everyone in office."""
    nda = contractor["nda"]
    if archive.today < nda["signed_on"]:
        at = contractor.at("nda", "signed_on")
        yield refuse("secrecy-unsigned", at, say(contractor=contractor["name"]), owes=contractor.id)
    for person in contractor.get("people", ()):
        if holds_any_role(person, archive) and person not in nda["people"]:
            at, owes = contractor.at("nda", "people"), contractor.id
            yield refuse("secrecy-unsigned-by {person}", at, say(person=person), owes=owes)
    yield from _until("secrecy-ends", contractor, "nda", archive, say())


def _until(
    name: str, contractor: Fact, part: str, archive: Archive, what: Message
) -> Iterator[Complaint]:
    """The end of a contract or agreement, once it is near."""
    end: date = contractor[part]["until"]
    if end - archive.today <= timedelta(archive.parameter("outsourcing.warn_days")):
        ends = replace(what, values=(("contractor", contractor["name"]), ("day", say_day(end))))
        at, owes = contractor.at(part, "until"), contractor.id
        yield duty(name, archive, end_of(end), ends, at, owes=owes)


# Article 6: contractors are kept to what was agreed, and the lead department answers for it.


def contractors_in_order(archive: Archive) -> Iterator[Complaint]:  # 6 para 1
    """What contractors agreed to, what their people may do, and when they are inspected."""
    for contractor in archive.registers.listed("contractors"):
        if at_work(contractor, archive):
            yield from _terms(contractor, archive)
            yield from _window(contractor, archive)
            yield from _secrecy(contractor, archive)
    yield from _listed(archive)
    yield from _roles(archive)
    yield from _custodians(archive)


def inspected(archive: Archive) -> Iterator[Complaint]:  # 6 加强监管
    """The next inspection of every contractor under contract today; a late one is noted."""
    registers, today = archive.registers, archive.today
    days = registers.parameter("outsourcing.supervision_interval_days", today)
    for contractor in registers.listed("contractors"):
        contract = contractor["contract"]
        if not contract["from"] <= today <= contract["until"]:
            continue
        since = max(registers.policy.since, contract["from"])
        inspections = (
            s["on"]
            for s in archive.records("supervisions")
            if s["contractor"] == contractor.id and s["on"] <= today
        )
        due = max((since, *inspections)) + timedelta(days)
        what = say(contractor=contractor["name"], day=say_day(due))
        yield duty("inspection-due", archive, end_of(due), what, contractor.at(),
                   owes=contractor.id, effect=Effect.NOTE)  # fmt: skip


def supervised(archive: Archive) -> Iterator[Complaint]:  # 6 加强监管
    """The yearly declaration on supervision, owed only where there are contractors."""
    if archive.registers.listed("contractors"):
        yield from declarations_due(archive, "outsourcing-supervision")


def supervision_declared(archive: Archive) -> tuple[Signed, ...]:
    """That declaration, where it stands and there are contractors."""
    contracted = archive.registers.listed("contractors")
    return in_force(archive, "outsourcing-supervision") if contracted else ()


# Article 6: what the people of a contractor may hold, keep and send.


def _listed(archive: Archive) -> Iterator[Complaint]:
    """The register of people and the register of contractors name the same people."""
    people = archive.registers.people
    contractors = archive.registers.listed("contractors")
    for contractor in contractors:
        for index, name in enumerate(contractor.get("people", ())):
            person = people.get(name)
            if person is not None and not person.contractor:
                at = contractor.at("people", index)
                yield refuse("contractor-unmarked", at, say(person=name), owes=name)
    employed = {name for contractor in contractors for name in contractor.get("people", ())}
    for person in people.values():
        if person.contractor and person.id not in employed and holds_any_role(person.id, archive):
            location = archive.registers.at("people", person.id)
            yield refuse("employer-missing", location, say(person=person.name), owes=person.id)


def _roles(archive: Archive) -> Iterator[Complaint]:
    allowed = archive.parameter("outsourcing.allowed_roles")
    for person in archive.registers.people.values():
        if not person.contractor:
            continue
        held = {t.role for t in person.tenures if t.covers(archive.today)}
        for role in sorted(held - set(allowed)):
            message = say(person=person.id, role=role)
            location = archive.registers.at("people", person.id)
            yield refuse("role-of-contractor {person} {role}", location, message, owes=person.id)


def _custodians(archive: Archive) -> Iterator[Complaint]:
    registers = archive.registers
    for account in registers.accounts.values():
        keeper = registers.people.get(account.custodian)
        if keeper and keeper.contractor and account.active(archive.today):
            message = say(account=account.name)
            location = registers.at("accounts", account.id, "custodian")
            yield refuse("password-of-contractor", location, message, owes=account.id)


def replied_by_staff(archive: Archive) -> Iterator[Complaint]:  # 6 严禁全权交托
    """A reply goes out in the bureau's name (Article 12 names who sends it)."""
    days = archive.parameter("reply.audit_days")
    for inquiry in archive.records("inquiries"):
        reply = inquiry.get("reply")
        if not reply or calendar.local_date(reply["at"]) < archive.registers.policy.since:
            continue
        sender = archive.registers.people.get(reply["person"])
        if sender and sender.contractor:
            message = say(person=sender.name)
            recent = archive.clock.recent(reply["at"], days)
            effect = Effect.REFUSE if recent else Effect.NOTE
            location = inquiry.at("reply", "person")
            yield Complaint("contractor-replied", effect, message, location, owes=sender.id)


RULE = rule(
    PeriodClause(1, one_lead),
    ChangeClause(1, names_stay),
    PeriodClause(1, lead_headed, lapse=True),
    PeriodClause(2, contractors_in_order),
    PeriodClause(2, inspected, rests_on=("supervisions",)),
    PeriodClause(2, replied_by_staff, lapse=True, rests_on=("inquiries",)),
    PeriodClause(2, supervised, declared=supervision_declared),
    PeriodClause(3, authored_by_contractors),
    declaration(4, "guidance-report", Effect.NOTE),
    Unchecked(5),
)
