"""Article 12: tasks for departments, and accounts that must be open to the public."""

from collections.abc import Iterator
from datetime import timedelta

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date
from pipeline.model.duties import duty, end_of
from pipeline.model.findings import Complaint, Effect, say, say_day
from pipeline.model.records import Fact
from pipeline.rules.a12_replies.clock import past_mending


def tasks_given(archive: Archive) -> Iterator[Complaint]:  # 12 para 2
    """Assigned by the operator."""
    for inquiry in archive.facts.get("inquiries", ()):
        day = local_date(inquiry["received_at"])
        for index, task in enumerate(inquiry.get("tasks", ())):
            giver = archive.registers.people.get(task["assigned_by"])
            if giver is None or not giver.holds("operator", day):
                message = say("{person} gave the task but was no operator.",
                              person=task["assigned_by"])  # fmt: skip
                remedy = say("Let an operator answer for the task, and enter who does.")
                effect = past_mending(archive, inquiry["received_at"])
                yield Complaint(effect, message, inquiry.at("tasks", index), remedy)


def tasks_returned(archive: Archive) -> Iterator[Complaint]:  # 12 para 2, Article 7
    """Assigned to a department of the register; back in time."""
    for inquiry in archive.facts.get("inquiries", ()):
        for index, task in enumerate(inquiry.get("tasks", ())):
            yield from _assigned(inquiry, index, archive)
            returned = task.get("returned_at")
            if returned is None or not archive.clock.reached(returned):
                yield from _open(inquiry, index, archive)
            elif local_date(returned) > task["due"]:
                message = say(
                    "The department {department} answered after {day}.",
                    department=archive.registers.name_of(task["department"]),
                    day=say_day(task["due"]),
                )
                remedy = say("Nothing to do; the audit keeps it in view.")
                place = inquiry.at("tasks", index)
                yield Complaint(Effect.NOTE, message, place, remedy, task["department"])


def _assigned(inquiry: Fact, index: int, archive: Archive) -> Iterator[Complaint]:
    task, registers = inquiry["tasks"][index], archive.registers
    day = local_date(inquiry["received_at"])
    for wrong, message in (
        (task["department"] not in registers.departments,
         say("The department {department} is not in the register.", department=task["department"])),
        (task["due"] < day, say("The task is due before the inquiry came in.")),
    ):  # fmt: skip
        if wrong:
            remedy = say("Correct the task in the record of the inquiry.")
            yield Complaint(Effect.REFUSE, message, inquiry.at("tasks", index), remedy)


def _open(inquiry: Fact, index: int, archive: Archive) -> Iterator[Complaint]:
    """Noted when overdue, refused when it stays so for the days set."""
    task = inquiry["tasks"][index]
    days = archive.registers.parameter("reply.escalate_days", archive.today)
    escalated = archive.clock.passed(end_of(task["due"] + timedelta(days=days)))
    values = {
        "department": archive.registers.name_of(task["department"]),
        "inquiry": inquiry.id,
        "day": say_day(task["due"]),
    }
    yield duty(
        archive,
        end_of(task["due"]),
        say("The department {department} owes an answer on {inquiry} by {day}.", **values),
        say("The department {department} owed an answer on {inquiry} by {day}.", **values),
        inquiry.at("tasks", index),
        say("Remind the department; the leader in charge may set a new time limit."),
        task["department"],
        Effect.REFUSE if escalated else Effect.NOTE,
    )


def interaction_open(archive: Archive) -> Iterator[Complaint]:  # 12, a veto of the inspection
    """No account in use is closed to comments and messages (国办秘函〔2019〕19号)."""
    document = archive.registers.documents["accounts"]
    for index, account in enumerate(archive.registers.accounts.values()):
        if account.active(archive.today) and not account.interaction:
            message = say("Account {account} takes no comments or messages.", account=account.name)
            remedy = say("Open them: being closed alone fails the national inspection.")
            place = document.locate("accounts", index, "interaction")
            yield Complaint(Effect.REFUSE, message, place, remedy, account.id)
