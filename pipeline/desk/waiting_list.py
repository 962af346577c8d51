"""待我办理: what waits for the person who is signed in, on every branch; then what others have."""

from functools import partial
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.desk.desk import desk_of, page, session_of
from pipeline.desk.due import context_of, offered
from pipeline.desk.exceptions import erasures_for
from pipeline.desk.govern import waiting_for
from pipeline.history.waiting import WaitingPost, WaitState, waiting
from pipeline.model.attestations import decisions_of
from pipeline.model.findings import Effect, say
from pipeline.model.shifts import on_duty
from pipeline.report.language import record_line
from pipeline.source.git.branches import local


def show(request: Request) -> Response:
    """The list; of those who have nothing, it says what was read and when."""
    desk, me = desk_of(request), session_of(request).person
    with desk.archive() as (repository, main):
        every = waiting(repository, desk.now())
        mine = [i for i in every.items if i.waits_for(me) and i.state is not WaitState.PUBLISHED]
        theirs = (WaitState.PUBLISHED, WaitState.DRAFT)
        rest = [i for i in every.items if not i.waits_for(me) and i.state not in theirs]
        signed = [i for i in rest if any(review.reviewer == me for review in i.steps)]
        others = [i for i in rest if i not in signed]
        context, person = context_of(desk, repository, desk.now()), main.people[me]
        events = dict.fromkeys(event.id for event, _ in decisions_of(context.archive, me))
        decisions = (offered(context, "account-events", id, person) for id in events)
        return page(
            request,
            "waiting",
            lists=(
                (say("Waits for me"), mine),
                (say("I have dealt with it"), signed),
                (say("With others"), others),
            ),
            consents=waiting_for(desk, repository, main, me),
            decisions=[*filter(None, decisions)],
            words=partial(record_line, main),
            erasures=erasures_for(repository, main.people[me], main, desk.now()),
            every=every,
            on_duty=[main.name_of(id) for id in on_duty(context.archive, context.archive.today)],
            registers=every.registers,
            address=partial(address, me=me),
            account_names=lambda ids: "、".join(map(every.registers.name_of, ids)),
            refusals=lambda item: item.count(Effect.REFUSE),
            notes=lambda item: item.count(Effect.NOTE),
        )


def address(item: WaitingPost, me: str) -> str:
    """The page on which a person goes on with a post: its writers write what is not submitted, and
    operators publish what is confirmed."""
    if item.state is WaitState.PUBLICATION and item.waits_for(me):
        return f"/operate/{item.post.id}"
    writing = item.state in (WaitState.DRAFT, WaitState.RETURNED) and item.waits_for(me)
    branch = quote(local(item.branch), safe="")
    form = f"/write/draft?branch={branch}&post={item.post.id}"
    return form if writing else f"/posts/{item.post.id}/"


ROUTES = [Route("/", show)]
