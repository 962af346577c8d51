"""待我办理: what waits for the person who is signed in, on every branch; then what the bureau owes.

Declarations are signed on the spot, and what records say is signed where it is shown.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.history.agenda import ActKind, OpenAct, agenda
from pipeline.history.waiting import WaitingPost, WaitState
from pipeline.model.findings import Effect, say
from pipeline.model.ids import PersonId
from pipeline.model.registers import Person
from pipeline.model.shifts import on_duty
from pipeline.parts.desk.acting import context_of, offered
from pipeline.parts.desk.desk import Desk, desk_of
from pipeline.parts.desk.frame import page, session_of
from pipeline.report.language import record_line
from pipeline.sign.acts.attest import Attesting
from pipeline.source.git.branches import local
from pipeline.source.git.repository import Repository

Entry = TypeVar("Entry", WaitingPost, OpenAct)


def show(request: Request) -> Response:
    """The list; of those who have nothing, it says what was read and when."""
    desk, me = desk_of(request), session_of(request).person
    with desk.archive() as (repository, main):
        plan = agenda(repository, desk.now())
        posts, waits = sorted(plan.posts(me), key=lambda item: not _urgent(item)), plan.waits
        mine, signed, others = _parted(
            posts, me, lambda item: any(review.reviewer == me for review in item.steps)
        )
        acts, done, rest = _parted(
            plan.acts, me, lambda act: any(person.id == me for person in act.signed)
        )
        return page(
            request,
            "waiting",
            lists=(
                (say("Waits for me"), mine, _open(acts)),
                (say("I have dealt with it"), signed, done),
                (say("With others"), others, rest),
            ),
            decisions=list(_decisions(desk, repository, acts, main.people[me])),
            words=partial(record_line, main),
            every=waits,
            on_duty=[main.name_of(id) for id in on_duty(plan.archive, plan.archive.today)],
            registers=waits.registers,
            address=partial(address, me=me),
            page_of=page_of,
            urgent=_urgent,
            early=lambda item: bool(item.post.publish_at and item.post.publish_at > desk.now()),
            account_names=lambda ids: "、".join(map(waits.registers.name_of, ids)),
            refusals=lambda item: item.count(Effect.REFUSE),
            notes=lambda item: item.count(Effect.NOTE),
        )


def _parted(
    entries: Iterable[Entry], me: PersonId, signed: Callable[[Entry], bool]
) -> tuple[list[Entry], list[Entry], list[Entry]]:
    """Those that wait for a person, the others that the person signed, and the rest."""
    waits, dealt_with, rest = list[Entry](), list[Entry](), list[Entry]()
    for entry in entries:
        part = waits if entry.waits_for(me) else dealt_with if signed(entry) else rest
        part.append(entry)
    return waits, dealt_with, rest


def _urgent(item: WaitingPost) -> bool:
    """Whether it is a warning, and no drill."""
    return item.post.kind == "alert" and not item.post.drill


def _open(acts: list[OpenAct]) -> list[OpenAct]:
    """Those that have a page or a button; what a decision is on is shown, and signed, at once."""
    return [act for act in acts if act.kind is not ActKind.DECISION]


def _decisions(
    desk: Desk, repository: Repository, acts: list[OpenAct], person: Person
) -> Iterator[tuple[Attesting, str]]:
    """What the person may sign of each record that waits for their decision."""
    records = dict.fromkeys(act.about for act in acts if act.kind is ActKind.DECISION)
    context = context_of(desk, repository, desk.now()) if records else None
    for kind, id in (about.split("/") for about in records):
        if context and (made := offered(context, kind, id, person)):
            yield made


def page_of(act: OpenAct) -> str:
    """The page on which an act is looked at and done; empty: it has only a button, or none."""
    if act.governs:
        return f"/govern/proposal?branch={quote(local(act.branch), safe='')}"
    pages = {ActKind.ERASURE: f"/exceptions/{act.about}", ActKind.DECLARATION: "/due"}
    return pages.get(act.kind, "")


def address(item: WaitingPost, me: PersonId) -> str:
    """The page on which a person goes on with a post: its writers write what is not submitted, and
    operators publish what is confirmed."""
    if item.state is WaitState.PUBLICATION and item.waits_for(me):
        return f"/operate/{item.post.id}"
    writing = item.state in (WaitState.DRAFT, WaitState.RETURNED) and item.waits_for(me)
    branch = quote(local(item.branch), safe="")
    form = f"/write/draft?branch={branch}&post={item.post.id}"
    return form if writing else f"/posts/{item.post.id}/"


ROUTES = [Route("/", show)]
