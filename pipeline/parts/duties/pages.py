"""What falls due: mine, each declaration with its words and a button; then what the bureau owes."""

from datetime import datetime, timedelta
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import Fault
from pipeline.history.duties import SOON, duties
from pipeline.history.pending_records import pending_records
from pipeline.model.duties import declaration_of
from pipeline.model.findings import Finding, Message, say
from pipeline.model.registers import Person
from pipeline.model.reports import names_of, open_duties
from pipeline.parts.desk.acting import ask_for, context_of
from pipeline.parts.desk.desk import Bench, desk_of
from pipeline.parts.desk.frame import DeskPages, Form, page, posted, session_of, without_commands
from pipeline.report.duties import NEXT_DAYS, is_late, owner
from pipeline.sign.act import SigningContext
from pipeline.sign.acts.declare import DECLARE, Declaring, Pledge
from pipeline.source.git.repository import Repository


def show_due(request: Request) -> Response:
    """Mine first, each declaration with its words and a button; then all of the bureau's."""
    desk, me, now = desk_of(request), session_of(request).person, desk_of(request).now()
    with desk.archive() as (repository, registers):
        pending = pending_records(repository)
        owed = duties(repository, pending.head, lambda _: now)
        context, person = context_of(desk, repository, now), registers.people[me]
        names, until = names_of(owed.archive.registers), now + timedelta(days=NEXT_DAYS)
        every = [d for d in open_duties(owed.findings) if d.due and d.due <= until]
        mine = [d for d in open_duties(owed.of(person)) if d in every]
        return page(
            request,
            "due",
            mine=[(duty, *_pledge(context, duty, person)) for duty in mine],
            others=[duty for duty in every if duty not in mine],
            late=lambda duty: is_late(duty, now),
            owner=lambda duty: owner(duty, names, desk.tr),
            remedy=lambda duty: without_commands(duty.remedy, desk.tr),
            days=NEXT_DAYS,
            registers=registers,
            branches=sorted({*pending.branches.values()}),
        )


def _pledge(
    context: SigningContext, duty: Finding, person: Person
) -> tuple[Pledge | None, Message | None]:
    """What would be declared, or why nothing can be; neither where it is not due yet."""
    asked, now = declaration_of(duty), context.archive.clock.as_given
    if asked is None or (duty.due and duty.due > now + SOON):
        return None, None
    try:
        return Declaring(":".join(asked)).pledges(context, person, now)[0], None
    except Fault as fault:
        return None, fault.message


def declare(request: Request, form: Form) -> Response:
    """Prepare what the page showed, with one signature: the words in force, up to today."""
    desk = desk_of(request)

    def prepared(repository: Repository, person: Person, now: datetime) -> tuple[Declaring, Bench]:
        branch = pending_records(repository).branch_for(person, now)
        return Declaring(), Bench(context_of(desk, repository, now), branch, "/due")

    return ask_for(request, DECLARE, form, ("name", "note"), prepared)


def pages() -> DeskPages:
    routes = [Route("/due", show_due), Route("/due/declare", posted(declare), methods=["POST"])]
    return DeskPages(Path(__file__).parent, routes, (("/due", say("Due dates")),))
