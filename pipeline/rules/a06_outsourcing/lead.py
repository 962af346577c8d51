"""Article 6: the lead department, the guidance above it, and what it may not give away."""

from collections.abc import Iterator

from pipeline.model.archive import Archive, Change
from pipeline.model.duties import declarations_due
from pipeline.model.findings import Complaint, Effect, Location, say
from pipeline.model.month import posts_of, quarter_of


def one_lead(archive: Archive) -> Iterator[Complaint]:  # 6 para 1
    """One lead department, with a name the regulation knows."""
    registers = archive.registers
    document = registers.documents["departments"]
    leads = [(n, d) for n, d in enumerate(registers.departments.values()) if d.lead]
    if len(leads) != 1:
        message = say("There are {count} lead departments.", count=len(leads))
        remedy = say("Mark exactly one department with `lead: true`.")
        place = document.locate("departments", *(leads[1][:1] if leads else ()))
        yield Complaint(Effect.REFUSE, message, place, remedy)
    for index, lead in leads:
        place = document.locate("departments", index)
        if not {lead.name, *lead.aliases} & set(registers.parameter("lead.names", archive.today)):
            message = say("The regulation knows the lead department {department} by another name.",
                          department=lead.id)  # fmt: skip
            remedy = say("Enter the name of the regulation under `aliases`.")
            yield Complaint(Effect.NOTE, message, place, remedy)


def names_kept(change: Change, archive: Archive) -> Iterator[Complaint]:  # 6 para 1
    """A renamed department keeps its former name for the days on which it bore it."""
    if (proposed := change.proposed) is None:
        return
    before = archive.registers.departments
    for index, new in enumerate(proposed.departments.values()):
        old = before.get(new.id, new).name
        if old not in {new.name, *(name for _, name in new.former)}:
            yield Complaint(
                Effect.NOTE,
                say("The department {was} is called {now}, and so on pages and forms of before.",
                    was=old, now=new.name),
                proposed.documents["departments"].locate("departments", index, "name"),
                say("Enter the former name and its last day under `former`, if it was right."),
                new.id,
            )  # fmt: skip


def lead_headed(archive: Archive) -> Iterator[Complaint]:  # 6 para 1
    """Whoever leads has a head in office today."""
    registers, leading = archive.registers, archive.registers.lead_on(archive.today)
    for index, lead in enumerate(registers.departments.values()):
        heads = (
            p
            for p in registers.people.values()
            if not p.contractor and p.holds("section-head", archive.today, lead.id)
        )
        if lead.id == leading and not any(heads):
            message = say("The lead department {department} has no head in office today.",
                          department=lead.id)  # fmt: skip
            remedy = say("Enter who heads it in people.yml, with the day it begins.")
            place = registers.documents["departments"].locate("departments", index)
            yield Complaint(Effect.REFUSE, message, place, remedy)


def authored_by_contractors(archive: Archive) -> Iterator[Complaint]:  # 6 严禁变托管为“脱管”
    """The share of the running quarter's posts that contractors wrote."""
    registers, today = archive.registers, archive.today
    standing = posts_of(archive, quarter_of(today)) or ()
    if len(standing) < registers.parameter("outsourcing.min_posts", today):
        return
    outside = {p.id for p in registers.people.values() if p.contractor}
    written = sum(post.author in outside for post in standing)
    if written > registers.parameter("outsourcing.max_authored_ratio", today) * len(standing):
        yield Complaint(
            Effect.NOTE,
            say(
                "Contractors wrote {written} of {count} posts of this quarter.",
                written=written,
                count=len(standing),
            ),
            Location("content/posts"),
            say("Let the departments write more of them themselves."),
        )


def guided(archive: Archive) -> Iterator[Complaint]:  # 6 para 2
    """The yearly word on the guidance of the publicity and cyberspace departments."""
    return declarations_due(archive, "guidance-report", Effect.NOTE)
