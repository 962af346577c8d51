"""Article 12: answering the public (第十二条 信息回复).

1. A comment, a question or a suggestion is drafted by an information officer, answered by the
   operator, and answered within the working days set. | Human: whether the answer helps.
   accepted: drafted by an information officer, answered by the operator on the next working day.
   violated: answered on the sixth working day, or by a person who is no operator.
   boundary: the fifth working day (reply.general_workdays); what comes in after 17:30 counts as
   received on the next working day.
   next: answer now and enter `reply` with the true time; a late one is explained in a record of
   rectification.
   answer-due: The inquiry {inquiry} is to be answered by {at}. |
   answer-target-missed: The inquiry {inquiry} missed the target of {at}. |
   calendar-missing: The days off of {year} are not on file; the time limit is provisional. | Enter
   the State Council's notice in content/registers/calendar/.
   draft-unrecorded: The answer was published without a recorded draft. | Record who drafted it, and
   when, under `drafted`.
   drafter-no-officer: {person} drafted it without being an information officer. | Article 12 (1):
   the information officer drafts, the operator answers.
   replier-no-operator: {person} answered without being an operator. | Article 12 (1): the
   information officer drafts, the operator answers.
   step-before-inquiry: A step of the inquiry {inquiry} lies before it came in ({part}). | Correct
   the times of the record.
2. What needs handling is acknowledged on the day it came in, with a time limit that is kept, and
   gets its result; three months are the most. | Human: whether the matter is settled.
   accepted: acknowledged on the day with a time limit, settled within it, the result entered.
   violated: a promised time limit of four months, or a closed inquiry without result.
   boundary: three months to the day (reply.hard_cap_months); after hours an acknowledgement on the
   next working day is noted.
   next: tell the person the time limit and enter `acknowledged`; enter the true `closed_at`; a late
   one is explained in a record of rectification.
   acknowledgement-due: The inquiry {inquiry} is to be acknowledged with a time limit by {at}. | It
   came in after hours; nothing to do.
   calendar-missing: The days off of {year} are not on file; the time limit is provisional. | Enter
   the State Council's notice in content/registers/calendar/.
   promise-too-long: The promised time lies beyond {months} months. | Correct the record, and tell
   the person.
   promise-unusual: The promised time is longer than the usual {days} working days. | Nothing to do
   when the matter needs it.
   result-missing: The inquiry {inquiry} was closed without a result. | Correct the record, and tell
   the person.
   settlement-due: The inquiry {inquiry} is to be settled by {at}. |
   step-before-inquiry: A step of the inquiry {inquiry} lies before it came in ({part}). | Correct
   the times of the record.
3. A report or a petition is handed to the bureau's office with a receipt, and the public answer
   says so; so is a general inquiry whose summary reports a hazard, a breach or a grievance; no
   inquiry's record and no answer to a report holds private data.
   | Human: how the office deals with it, and that the answer says no more.
   accepted: a report of a locked fire exit, handed to the office the next morning.
   violated: the same report, entered as a general inquiry and answered with thanks.
   boundary: a question how hazards are reported is a question.
   next: hand it over today and enter `transferred`, late or not.
   answer-hides-transfer: The answer to the report {inquiry} does not say that it was handed over. |
   Answer in public only that it was handed over (已转办).
   calendar-missing: The days off of {year} are not on file; the time limit is provisional. | Enter
   the State Council's notice in content/registers/calendar/.
   private-data-recorded: The record of an inquiry holds private data ({part}). | Take it out, also
   from the history: docs/runbooks/expunge.md.
   step-before-inquiry: A step of the inquiry {inquiry} lies before it came in ({part}). | Correct
   the times of the record.
   transfer-misdirected: The report {inquiry} did not go to the bureau's office. | Article 12 (3):
   hand it to the office and record the receipt.
   transfer-receipt-missing: The office's receipt for {inquiry} is missing. | Article 12 (3): hand
   it to the office and record the receipt.
4. An event of public opinion is led by the principal, names its departments and actions, is
   reported to the publicity and the cyberspace office, and gets its first statement (and a press
   conference where it is major) within the hours set.
   | Human: whether the statement is right.
   accepted: a major event led by the principal, reported to both offices, with its first statement
   in four hours.
   violated: a major event without report to the cyberspace office, or with its first statement
   after six hours.
   boundary: five hours to the minute; twenty-four for the press conference, forty-eight for any
   other event.
   next: report it and speak now, and enter the true times; a late statement is explained in a
   record of rectification.
   actions-unrecorded: No action is recorded for the event. | Do it and add it to the record of the
   event (Article 12 (4)).
   cyberspace-uninformed: The event was not reported to the cyberspace office. | Do it and add it to
   the record of the event (Article 12 (4)).
   departments-unnamed: No department is named for the event. | Do it and add it to the record of
   the event (Article 12 (4)).
   first-statement-due: The first statement on {event} is due at {at}. | Make it public, and record
   `{key}`.
   press-conference-due: The press conference on {event} is due at {at}. | Make it public, and
   record `{key}`.
   principal-not-leading: The event is not led by the principal. | Do it and add it to the record of
   the event (Article 12 (4)).
   publicity-uninformed: The event was not reported to the publicity department. | Do it and add it
   to the record of the event (Article 12 (4)).
5. An issue of high attention that is not answered on WeChat and on Weibo within the days set is
   noted.
   | Human: which issues are of high attention.
   accepted: an issue of high attention answered on WeChat and on Weibo within three days.
   violated: an issue that WeChat alone answered within a week, which is noted.
   boundary: seven days to the minute after it was found (opinion.hot_post_days).
   next: publish on the other platform too, and name the posts in the record.
   event-post-due: A post on {event} is due on {platform} by {at}. | Publish on both platforms and
   name the posts in the record.
6. A task that the operator gives to a department has a time limit; one that is late is noted, and
   refused when it is still out after the days set.
   | Human: whether the answer of the department is enough.
   accepted: a task that the department returned on its last day.
   violated: a task still out six days after its time limit, or given by a person who is no
   operator.
   boundary: the fifth day after the time limit (reply.escalate_days), which is noted.
   next: remind the department and enter the true `returned_at`; the leader in charge may set a new
   time limit.
   department-unregistered: Correct the task in the record of the inquiry.
   task-answered-late: The department {department} answered after {day}. | Nothing to do; the audit
   keeps it in view.
   task-due: The department {department} owes an answer on {inquiry} by {day}. | Remind the
   department; the leader in charge may set a new time limit.
   task-due-early: Correct the task in the record of the inquiry.
   task-giver-unfit: {person} gave the task but was no operator. | Let an operator answer for the
   task, and enter who does.
7. Comments and messages are open on every account in use, as the register says; where it says
   nothing of any account, the clause does not apply. | Human: whether they are hidden by hand.
   accepted: `interaction: true`, entered for each account.
   violated: `interaction: false` of an account in use.
   boundary: an account of which nothing is entered is noted.
   next: look on the platform, and enter what it shows.
   interaction-closed: Account {account} takes no comments or messages. | Open them: being closed
   alone fails the national inspection.
   interaction-not-entered: Whether account {account} takes comments and messages is not entered. |
   Look on the platform, and enter it: `interaction` in accounts.yml.
8. The words of an answer are held to the lists of forbidden and personal words, send no one away
   and hold no private data. | Human: tone.
   accepted: the road is the transport bureau's, with its telephone number.
   violated: 爱找谁找谁.
   boundary: 不归我们管 without a word whose it is, noted.
   next: answer once more, and say who is responsible and what is done.
   answer-brushes-off: The answer brushes off: “{words}”. | Answer once more: who is responsible,
   how to reach them, what is done.
   answer-words-listed: The answer says “{words}”: {reason} |
   private-data-answered: The answer holds private data ({part}). | Take the answer down, and answer
   without it.
9. Unchecked: that comments, messages and issues of high attention were carefully analysed and
   studied (认真分析研究) shows in no record; what was published about them is judged with clause 5.
   | Human: all of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date, minute
from pipeline.model.findings import Complaint, Effect, Message, Reason, say
from pipeline.model.law import PeriodClause, Unchecked, rule
from pipeline.model.records import Fact

from . import inquiries

OFFICES: Mapping[str, Reason] = {
    "publicity": ("publicity-uninformed", say()),
    "cyberspace": ("cyberspace-uninformed", say()),
}
BOTH: Mapping[str, Message] = {"wechat": say("WeChat"), "weibo": say("Weibo")}


def public_opinion(archive: Archive) -> Iterator[Complaint]:  # 12(4)
    """Reports, departments, actions, and the time limits of the first statement."""
    for event in archive.records("opinions"):
        yield from _begun(event, archive)
        yield from _clocks(event, archive)


def led_by_principal(archive: Archive) -> Iterator[Complaint]:  # 12(4)
    """The leader of the event was the principal when it was found."""
    for event in archive.records("opinions"):
        leader = archive.registers.people.get(event["lead"]["person"])
        if leader is None or not leader.holds("principal", local_date(event["found_at"])):
            weight = inquiries.effect_of_past_fault(archive, event["found_at"])
            yield _missing("principal-not-leading", event, say(), weight)


def _begun(event: Fact, archive: Archive) -> Iterator[Complaint]:
    informed = {r["to"] for r in event.get("reports", ()) if archive.clock.reached(r["at"])}
    missing = [reason for office, reason in OFFICES.items() if office not in informed]
    if not event.get("departments"):
        missing.append(("departments-unnamed", say()))
    if not event.get("actions"):
        missing.append(("actions-unrecorded", say()))
    return (_missing(name, event, message) for name, message in missing)


def _missing(name: str, event: Fact, message: Message, effect: Effect = Effect.REFUSE) -> Complaint:
    return Complaint(name, effect, message, event.at(), owes=event["lead"]["person"])


def _clocks(event: Fact, archive: Archive) -> Iterator[Complaint]:
    """Natural hours from the finding: 5 and 24 for a major event, 48 for another."""
    start: datetime = event["found_at"]
    major, title = event["level"] == "major", event["title"]

    def hours(name: str) -> datetime:
        return start + timedelta(hours=archive.parameter(name, local_date(start)))

    first = hours("opinion.major_first_hours" if major else "opinion.other_hours")
    clocks = [("first-statement-due", say(), "first_statement_at", first)]
    if major:
        end = hours("opinion.major_press_hours")
        clocks.append(("press-conference-due", say(), "press_at", end))
    for name, plain, key, due in clocks:
        values = {"event": title, "at": minute(due), "key": key}
        what = replace(plain, values=tuple(values.items()))
        yield from inquiries.answer(name, archive, event, event.get(key), due, what)


def high_attention(archive: Archive) -> Iterator[Complaint]:  # 12(5) 双微
    """A hot issue has posts on WeChat and on Weibo."""
    accounts = archive.registers.accounts
    for event in archive.records("opinions"):
        if not event.get("hot"):
            continue
        days = archive.parameter("opinion.hot_post_days", local_date(event["found_at"]))
        due = event["found_at"] + timedelta(days=days)
        for platform in BOTH:
            done = min(
                (
                    p.published_at
                    for post in event.get("posts", ())
                    for p in archive.publications_of(post)
                    if p.account in accounts and accounts[p.account].platform == platform
                ),
                default=None,
            )
            what = say(event=event["title"], platform=BOTH[platform], at=minute(due))
            name = "event-post-due {platform}"
            yield from inquiries.answer(name, archive, event, done, due, what, effect=Effect.NOTE)


INQUIRIES, OPINIONS = ("inquiries",), ("opinions",)
"""Kinds of plain records that the clauses rest on."""
RULE = rule(
    PeriodClause(1, inquiries.general, lapse=True, rests_on=INQUIRIES),
    PeriodClause(1, inquiries.general_dated, rests_on=INQUIRIES),
    PeriodClause(2, inquiries.handled, lapse=True, rests_on=INQUIRIES),
    PeriodClause(2, inquiries.handled_dated, rests_on=INQUIRIES),
    PeriodClause(3, inquiries.reports, lapse=True, rests_on=INQUIRIES),
    PeriodClause(3, inquiries.reports_bare, rests_on=INQUIRIES),
    PeriodClause(4, led_by_principal, lapse=True, rests_on=OPINIONS),
    PeriodClause(4, public_opinion, lapse=True, rests_on=OPINIONS),
    PeriodClause(5, high_attention, rests_on=OPINIONS),
    PeriodClause(6, inquiries.tasks_given, lapse=True, rests_on=INQUIRIES),
    PeriodClause(6, inquiries.tasks_returned, rests_on=INQUIRIES),
    PeriodClause(7, inquiries.interaction_open, lapse=True),
    PeriodClause(8, inquiries.careful_words, lapse=True, rests_on=INQUIRIES),
    PeriodClause(8, inquiries.no_private_data, rests_on=INQUIRIES),
    Unchecked(9),
)
