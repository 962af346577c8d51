from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from pipeline.detect.private import mask, private_data
from pipeline.detect.replies import brush_offs, reported
from pipeline.detect.words import lexicon
from pipeline.model.archive import Archive
from pipeline.model.calendar import SHANGHAI, local_date, minute
from pipeline.model.duties import done_late, duty, end_of, months_after
from pipeline.model.findings import Complaint, Effect, Message, say, say_day
from pipeline.model.law import note, refuse, something
from pipeline.model.records import Fact

# Article 12: due times of answers, in working days of Asia/Shanghai, and what is late.

_SHOWN = 24
"""Characters of an inquiry by which people know it."""


def counted_from(received: datetime, archive: Archive) -> date:
    """The day an inquiry counts as received: the day before the next working day, after hours.

    What comes in after the cut-off or on a day off is taken up on the next working day, so its
    first working day is that one.
    """
    day = local_date(received)
    cutoff = time.fromisoformat(archive.parameter("reply.cutoff", day))
    calendar = archive.registers.calendar
    in_hours = calendar.is_workday(day) and received.astimezone(SHANGHAI).time() <= cutoff
    return day if in_hours else calendar.workday_after(day, 1)


def workdays_due(received: datetime, count: int, archive: Archive) -> datetime:
    """The last second of the `count`-th working day after the day an inquiry counts from."""
    return end_of(archive.registers.calendar.workday_after(counted_from(received, archive), count))


def answer(
    name: str,
    archive: Archive,
    fact: Fact,
    done: datetime | None,
    due: datetime,
    what: Message,
    remedy: Message | None = None,
    effect: Effect = Effect.REFUSE,
) -> Iterator[Complaint]:
    """An answer that is owed, overdue, or came late; nothing when it came in time.

    One that is dated after the time of the run has not been given yet. A late answer of long ago
    cannot be mended and is only noted.
    """
    owes = fact.get("lead", fact.value)["person"]
    if done is None or not archive.clock.reached(done):
        yield duty(name, archive, due, what, fact.at(), remedy, owes, effect)
    elif done > due:
        past = say("A late answer cannot be mended; report the cause.")
        weight = effect_of_past_fault(archive, done, effect)
        yield Complaint(name, weight, done_late(what), fact.at(), past, owes, waivable=fact.id)


def effect_of_past_fault(
    archive: Archive, done: datetime, effect: Effect = Effect.REFUSE
) -> Effect:
    """The effect of a fault that cannot be mended: after the audited days a note."""
    days = archive.parameter("reply.audit_days")
    return effect if archive.clock.recent(done, days) else Effect.NOTE


def provisional(
    archive: Archive, received: datetime, due: datetime, fact: Fact
) -> Iterator[Complaint]:
    """A note on a due time computed without the State Council's notice for its year."""
    first, last = local_date(received), local_date(due)
    if archive.registers.calendar.is_provisional(first, last):
        yield note("calendar-missing {year}", fact.at("received_at"), say(year=last.year))


# Article 12: comments and questions, and matters to be handled.


def _record(key: str) -> Message:
    """What to do for a step that is entered under a key."""
    return say("Do it, and enter it in the record under `{key}`.", key=key)


def titled(inquiry: Fact) -> Message:
    """The day of an inquiry and how it begins, for people who know no record by its id."""
    words = mask(inquiry["summary"][: 3 * _SHOWN])  # a number in it is refused, and its duties told
    begun = words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"
    return say("“{words}” of {day}", words=begun, day=say_day(local_date(inquiry["received_at"])))


def inquiries(archive: Archive, kind: str) -> Iterator[Fact]:
    """The inquiries of one type: general, processing or report."""
    return (i for i in archive.records("inquiries") if i["type"] == kind)


def early(inquiry: Fact, *parts: str) -> Iterator[Complaint]:
    """Steps dated before the inquiry came in: a wrong date keeps no time limit."""
    for part in parts:
        step = inquiry.get(part)
        moment = step.get("at") if isinstance(step, Mapping) else step
        if moment is not None and moment < inquiry["received_at"]:
            message = say(inquiry=titled(inquiry), part=part)
            owes = inquiry["person"]
            yield refuse("step-before-inquiry {part}", inquiry.at(part), message, owes=owes)


def general(archive: Archive) -> Iterator[Complaint]:  # 12(1)
    """Drafted by an information officer and answered by the operator, in time."""
    for inquiry in inquiries(archive, "general"):
        yield from _hands(inquiry, archive)
        received, reply = inquiry["received_at"], inquiry.get("reply")
        day = local_date(received)
        days = archive.parameter("reply.general_workdays", day)
        target = archive.parameter("reply.general_target_workdays", day)
        due, done = workdays_due(received, days, archive), reply["at"] if reply else None
        yield from provisional(archive, received, due, inquiry)
        what = say(inquiry=titled(inquiry), at=minute(due))
        yield from answer("answer-due", archive, inquiry, done, due, what, _record("reply"))
        hoped = workdays_due(received, target, archive)
        if done is not None and archive.clock.reached(done):
            missed = hoped < done <= due
        else:
            missed = archive.clock.passed(hoped) and not archive.clock.passed(due)
        if missed:
            message = say(inquiry=titled(inquiry), at=minute(hoped))
            quicker = say("Nothing to do; be quicker next time.")
            remedy = quicker if done else _record("reply")
            owes = inquiry["person"]
            yield note("answer-target-missed", inquiry.at(), message, remedy, owes=owes)


def general_dated(archive: Archive) -> Iterator[Complaint]:  # 12(1)
    """No step before it came in."""
    for inquiry in inquiries(archive, "general"):
        yield from early(inquiry, "drafted", "reply")


def _hands(inquiry: Fact, archive: Archive) -> Iterator[Complaint]:
    """The people who drafted and answered held those roles on the day."""
    for part, role, (name, plain) in (
        ("drafted", "information-officer", ("drafter-no-officer", say())),
        ("reply", "operator", ("replier-no-operator", say())),
    ):
        done = inquiry.get(part)
        if done is None:
            if part == "drafted" and inquiry.get("reply"):
                effect = effect_of_past_fault(archive, inquiry["reply"]["at"])
                yield Complaint("draft-unrecorded", effect, say(), inquiry.at())
            continue
        person = archive.registers.people.get(done["person"])
        moment = done.get("at", inquiry["received_at"])
        if person is None or not person.holds(role, local_date(moment)):
            effect = effect_of_past_fault(archive, moment)
            message = replace(plain, values=(("person", done["person"]),))
            yield Complaint(name, effect, message, inquiry.at(part, "person"))


def handled(archive: Archive) -> Iterator[Complaint]:  # 12(2)
    """Acknowledged the same day with a limit; done within it, with a result."""
    for inquiry in inquiries(archive, "processing"):
        yield from _acknowledged(inquiry, archive)
        yield from _closed(inquiry, archive)
        yield from _promised(inquiry, archive)


def handled_dated(archive: Archive) -> Iterator[Complaint]:  # 12(2)
    """No step before it came in."""
    for inquiry in inquiries(archive, "processing"):
        yield from early(inquiry, "acknowledged", "closed_at")


def _promised(inquiry: Fact, archive: Archive) -> Iterator[Complaint]:
    """The promised limit is within the maximum, and a closed inquiry has a result."""
    day, promise = local_date(inquiry["received_at"]), inquiry.get("acknowledged")
    months = archive.parameter("reply.hard_cap_months", day)
    done = inquiry.get("closed_at")
    owes = inquiry["person"]
    if promise is not None and promise["promised_due"] > months_after(day, months):
        yield refuse("promise-too-long", inquiry.at(), say(months=months), owes=owes)
    if done is not None and not inquiry.get("result"):
        yield refuse("result-missing", inquiry.at(), say(inquiry=titled(inquiry)), owes=owes)


def _acknowledged(inquiry: Fact, archive: Archive) -> Iterator[Complaint]:
    """On the day of receipt; after hours the next working day is only noted."""
    received, promise = inquiry["received_at"], inquiry.get("acknowledged")
    same, grace = end_of(local_date(received)), end_of(counted_from(received, archive))
    done: datetime | None = promise["at"] if promise else None
    what = say(inquiry=titled(inquiry), at=minute(same))
    if done is not None and same < done <= grace:
        yield note("acknowledgement-due", inquiry.at("acknowledged"), done_late(what))
        return
    remedy = _record("acknowledged")
    yield from answer("acknowledgement-due", archive, inquiry, done, grace, what, remedy)


def _closed(inquiry: Fact, archive: Archive) -> Iterator[Complaint]:
    received, promise = inquiry["received_at"], inquiry.get("acknowledged")
    day = local_date(received)
    months = archive.parameter("reply.hard_cap_months", day)
    days = archive.parameter("reply.processing_workdays", day)
    usual, cap = workdays_due(received, days, archive), end_of(months_after(day, months))
    promised = end_of(promise["promised_due"]) if promise else usual
    due, done = min(promised, cap), inquiry.get("closed_at")
    yield from provisional(archive, received, due, inquiry)
    what = say(inquiry=titled(inquiry), at=minute(due))
    yield from answer("settlement-due", archive, inquiry, done, due, what, _record("closed_at"))
    if usual < promised <= cap:
        yield note("promise-unusual", inquiry.at("acknowledged"), say(days=days))


# Article 12: reports and petitions go to the bureau's office; no record names the writer.


HANDED_OVER = ("转办", "转交", "移交", "移送", "转局办公室")
"""One of these words stands in the public answer to a report."""


def reports(archive: Archive) -> Iterator[Complaint]:  # 12(3) 举报、信访
    """Handed to the office itself, with a receipt, in time; the public answer says so.

    An inquiry that was entered as general and reports a hazard, by its own words, is one too; how
    it is answered is general.
    """
    for inquiry in archive.records("inquiries"):
        kind = inquiry["type"]
        words = reported(inquiry["summary"]) if kind == "general" else ""
        if kind != "report" and not words:
            continue
        transfer = inquiry.get("transferred")
        yield from _transferred(inquiry, transfer, words, archive)
        if transfer:
            yield from _transfer(inquiry, transfer, archive)
        if kind == "report":
            yield from _public_answer(inquiry)


def _transferred(
    inquiry: Fact, transfer: Mapping[str, Any] | None, words: str, archive: Archive
) -> Iterator[Complaint]:
    """Whether it was handed over in time; `words`: those that make a general inquiry a report."""
    received = inquiry["received_at"]
    days = archive.parameter("reply.transfer_workdays", local_date(received))
    due = workdays_due(received, days, archive)
    yield from provisional(archive, received, due, inquiry)
    values = {"inquiry": titled(inquiry), "at": minute(due), "words": words}
    what = say("The report {inquiry} is to be handed to the office by {at}.", **values)
    remedy, effect = _record("transferred"), Effect.REFUSE
    if words:
        what = say("The inquiry {inquiry} says “{words}”: a report is to be handed to the office"
                   " by {at}.", **values)  # fmt: skip
        remedy = say("Hand it over, and enter it under `transferred`. Of a mere question, say in"
                     " `summary` what is asked (咨询…).")  # fmt: skip
        effect = effect_of_past_fault(archive, due)
    done = transfer["at"] if transfer else None
    yield from answer("transfer-due", archive, inquiry, done, due, what, remedy, effect)


def reports_bare(archive: Archive) -> Iterator[Complaint]:  # 12(3) 举报、信访
    """No inquiry's record holds private data; no report was handed over before it came in."""
    for inquiry in archive.records("inquiries"):
        yield from _bare(inquiry)
    for inquiry in inquiries(archive, "report"):
        yield from early(inquiry, "transferred")


def _transfer(inquiry: Fact, transfer: Mapping[str, Any], archive: Archive) -> Iterator[Complaint]:
    day = local_date(transfer["at"])
    names = archive.parameter("reply.office_names", day)
    office = archive.registers.departments.get(transfer["to"])
    called = {office.name_on(day.isoformat()), *office.aliases} if office else set()
    at, message = inquiry.at("transferred"), say(inquiry=titled(inquiry))
    if not called & set(names):
        yield refuse("transfer-misdirected", at, message)
    if not transfer.get("receipt"):
        yield refuse("transfer-receipt-missing", at, message)


def _public_answer(inquiry: Fact) -> Iterator[Complaint]:
    """The public answer to a report says only that it was handed over."""
    reply = inquiry.get("reply")
    if reply and not any(word in reply["text"] for word in HANDED_OVER):
        yield refuse(
            "answer-hides-transfer", inquiry.at("reply", "text"), say(inquiry=titled(inquiry))
        )


def _bare(inquiry: Fact) -> Iterator[Complaint]:
    """No private data in the record of what people wrote: the repository is read by many.

    Answer and result of what is no report are article 12's eighth clause.
    """
    parts = [("summary", inquiry["summary"])]
    if inquiry["type"] == "report":
        parts += [
            ("result", inquiry.get("result", "")),
            ("reply", (inquiry.get("reply") or {}).get("text", "")),
        ]
    for part, text in parts:
        if any(match.certain for match in private_data(text)):
            yield refuse("private-data-recorded {part}", inquiry.at(part), say(part=part))


# Article 12: tasks for departments, and accounts that must be open to the public.


def tasks_given(archive: Archive) -> Iterator[Complaint]:  # 12 para 2
    """Assigned by the operator."""
    for inquiry in archive.records("inquiries"):
        day = local_date(inquiry["received_at"])
        for index, task in enumerate(inquiry.get("tasks", ())):
            giver = archive.registers.people.get(task["assigned_by"])
            if giver is None or not giver.holds("operator", day):
                message = say(person=archive.registers.name_of(task["assigned_by"]))
                effect = effect_of_past_fault(archive, inquiry["received_at"])
                location = inquiry.at("tasks", index)
                yield Complaint("task-giver-unfit {person}", effect, message, location)


def tasks_returned(archive: Archive) -> Iterator[Complaint]:  # 12 para 2, Article 7
    """Assigned to a department of the register; back in time."""
    for inquiry in archive.records("inquiries"):
        for index, task in enumerate(inquiry.get("tasks", ())):
            yield from _assigned(inquiry, index, archive)
            returned = task.get("returned_at")
            if returned is None or not archive.clock.reached(returned):
                yield from _open(inquiry, index, archive)
            elif local_date(returned) > task["due"]:
                message = say(
                    department=archive.registers.name_of(task["department"]),
                    day=say_day(task["due"]),
                )
                owes = task["department"]
                yield note("task-answered-late", inquiry.at("tasks", index), message, owes=owes)


def _assigned(inquiry: Fact, index: int, archive: Archive) -> Iterator[Complaint]:
    task, registers = inquiry["tasks"][index], archive.registers
    day = local_date(inquiry["received_at"])
    for wrong, name, message in (
        (task["department"] not in registers.departments, "department-unregistered {department}",
         say("The department {department} is not in the register.", department=task["department"])),
        (task["due"] < day, "task-due-early", say("The task is due before the inquiry came in.")),
    ):  # fmt: skip
        if wrong:
            yield refuse(name, inquiry.at("tasks", index), message)


def _open(inquiry: Fact, index: int, archive: Archive) -> Iterator[Complaint]:
    """Noted when overdue, refused when it stays so for the days set."""
    task = inquiry["tasks"][index]
    days = archive.parameter("reply.escalate_days")
    escalated = archive.clock.passed(end_of(task["due"] + timedelta(days=days)))
    what = say(
        department=archive.registers.name_of(task["department"]),
        inquiry=titled(inquiry),
        day=say_day(task["due"]),
    )
    at, effect = inquiry.at("tasks", index), Effect.REFUSE if escalated else Effect.NOTE
    due, owes = end_of(task["due"]), task["department"]
    yield duty("task-due", archive, due, what, at, owes=owes, effect=effect)


def interaction_open(archive: Archive) -> Iterator[Complaint]:  # 12, a veto of the inspection
    """No account in use is closed to comments and messages (国办秘函〔2019〕19号).

    What was not entered of any account is not known: then the clause says nothing.
    """
    accounts = tuple(archive.registers.accounts_in_use(archive.today))
    for account in accounts:
        location = archive.registers.at("accounts", account.id, "interaction")
        if account.interaction is None:
            name = "interaction-not-entered"
            yield note(name, location, say(account=account.name), owes=account.id)
        elif not account.interaction:
            name = "interaction-closed"
            yield refuse(name, location, say(account=account.name), owes=account.id)
    something([account for account in accounts if account.interaction is not None])


# Article 12: an answer's words are held to the same lists as a post's.

PERSONAL = ("personal", "emotion")
"""Categories that a post may carry with a note, and an answer never (Article 13(2))."""


def careful_words(archive: Archive) -> Iterator[Complaint]:  # 12, 13(2)
    """Listed words in answers and results, and words that send a person away."""
    lists = lexicon(archive.registers.listed("lexicons"))
    for inquiry in archive.records("inquiries"):
        for part, text in _answers(inquiry):
            for hit in lists.find(text):
                entry = hit.entry
                strict = entry["effect"] == "refuse" or entry["category"] in PERSONAL
                message = say(words=hit.words, reason=entry["reason"])
                effect = Effect.REFUSE if strict else Effect.NOTE
                remedy = say("Put it otherwise: {suggestion}", suggestion=entry["suggestion"])
                location = inquiry.at(part)
                yield Complaint("answer-words-listed {words}", effect, message, location, remedy)
            yield from _brushed_off(inquiry, part, text, archive)


def _brushed_off(inquiry: Fact, part: str, text: str, archive: Archive) -> Iterator[Complaint]:
    """Words that send a person away; an answer of long ago cannot be taken back."""
    moment = (
        inquiry.get("closed_at") if part == "result" else (inquiry.get("reply") or {}).get("at")
    )
    for hit in brush_offs(text):
        message = say(words=text[hit.start : hit.end])
        effect = effect_of_past_fault(archive, moment) if hit.certain and moment else Effect.NOTE
        yield Complaint("answer-brushes-off {words}", effect, message, inquiry.at(part))


def no_private_data(archive: Archive) -> Iterator[Complaint]:  # 12, 13(3)
    """No answer and no result holds private data."""
    for inquiry in archive.records("inquiries"):
        for part, text in _answers(inquiry):
            if any(match.certain for match in private_data(text)):
                yield refuse("private-data-answered {part}", inquiry.at(part), say(part=part))


def _answers(inquiry: Fact) -> Iterator[tuple[str, str]]:
    yield "reply", (inquiry.get("reply") or {}).get("text", "")
    yield "result", inquiry.get("result", "")
