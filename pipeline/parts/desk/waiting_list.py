"""待我办理: what waits for the person who is signed in, on every branch; then what the bureau owes.

Declarations are signed on the spot, and what records say is signed where it is shown.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import Fault
from pipeline.history.agenda import ActKind, OpenAct, agenda
from pipeline.history.duties import SOON, duties
from pipeline.history.pending_records import pending_records
from pipeline.history.waiting import WaitingPost, WaitState
from pipeline.model.calendar import local_date
from pipeline.model.documents import canonical_digest
from pipeline.model.duties import declaration_of
from pipeline.model.findings import Effect, Finding, Message, say, say_names
from pipeline.model.registers import Person
from pipeline.model.reports import names_of, open_duties
from pipeline.model.shifts import on_duty
from pipeline.parts.desk.desk import (
    Desk,
    Form,
    ask,
    desk_of,
    page,
    posted,
    session_of,
    without_commands,
)
from pipeline.parts.desk.signing import SignedAct, changed
from pipeline.report.duties import NEXT_DAYS, is_late, owner
from pipeline.report.language import record_line
from pipeline.sign.attest import Attesting, attestation, prepared, record_of
from pipeline.sign.declare import Pledge, completed, declaration, pledge
from pipeline.sign.signing_context import Sign, SigningContext, context_at
from pipeline.source.git.branches import local
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
            remedy=lambda duty: without_commands(duty.remedy),
            days=NEXT_DAYS,
            registers=registers,
            branches=sorted({*pending.branches.values()}),
        )


def context_of(desk: Desk, repository: Repository, now: datetime) -> SigningContext:
    """Main, with the records that are on their way to it."""
    head = pending_records(repository).head
    return context_at(repository, desk.clone.trusted(repository), head, now, frozenset())


def _pledge(
    context: SigningContext, duty: Finding, person: Person
) -> tuple[Pledge | None, Message | None]:
    """What would be declared, or why nothing can be; neither where it is not due yet."""
    asked, now = declaration_of(duty), context.archive.clock.as_given
    if asked is None or (duty.due and duty.due > now + SOON):
        return None, None
    try:
        return pledge(context, asked[0], person, local_date(now), asked[1], None, None), None
    except Fault as fault:
        return None, fault.message


def declare(request: Request, form: Form) -> Response:
    """Prepare what the page showed, with one signature: the words in force, up to today."""
    asked = [one.partition(":")[::2] for one in form.get("declare", "").split(",")]
    desk = desk_of(request)

    def act(repository: Repository, person: Person, now: datetime, sign: Sign) -> SignedAct:
        context = context_of(desk, repository, now)
        day, note = local_date(now), form.get("note", "")
        pledges = [pledge(context, n, person, day, about, None, None) for n, about in asked]
        signed = declaration([completed(p, note, {}) for p in pledges], context, person, now, sign)
        names = say_names([p.wording["name"] for p in pledges])
        done = say("Declaration {name} signed by {person}.", name=names, person=person.name)
        branch = pending_records(repository).branch_for(person, now)
        return SignedAct(signed, branch, done, onward="/due")

    return ask(request, act, say("Sign the declaration."))


def offered(
    context: SigningContext, kind: str, id: str, person: Person
) -> tuple[Attesting, str] | None:
    """What a person may sign of a record, with the digest that the button hands back."""
    try:
        made = prepared(context, kind, [id], person)
    except Fault:
        return None
    return None if person.contractor else (made, canonical_digest(made.events))


def attest(request: Request, form: Form) -> Response:
    """Prepare the signature of what a page showed of a record: a leader's decision, or events."""
    kind, id, digest = (form.get(key, "") for key in ("kind", "id", "digest"))
    desk = desk_of(request)

    def act(repository: Repository, person: Person, now: datetime, sign: Sign) -> SignedAct:
        context, pending = context_of(desk, repository, now), pending_records(repository)
        made = prepared(context, kind, [id], person)
        if canonical_digest(made.events) != digest:
            raise changed()
        signed = attestation(context, made, person, now, sign)
        path = record_of(context, kind, id).path
        branch = pending.branch_for(person, now, [path])
        done = say("{kind} {ids}: {count} events signed by {person}.", kind=kind, ids=id,
                   count=len(made.events[id]), person=person.name)  # fmt: skip
        onward = f"/inquiries/{id}" if kind == "inquiries" else "/"
        return SignedAct(signed, branch, done, pending.same(branch, path), made.files, onward)

    return ask(request, act, say("Sign what the record says."))


def show(request: Request) -> Response:
    """The list; of those who have nothing, it says what was read and when."""
    desk, me = desk_of(request), session_of(request).person
    with desk.archive() as (repository, main):
        plan = agenda(repository, desk.now())
        posts, waits = plan.posts(me), plan.waits
        rest = [item for item in posts if not item.waits_for(me)]
        signed = [i for i in rest if any(review.reviewer == me for review in i.steps)]
        mine = [act for act in plan.acts if act.waits_for(me)]
        acts = [act for act in plan.acts if act not in mine]
        done = [act for act in acts if any(person.id == me for person in act.signed)]
        return page(
            request,
            "waiting",
            lists=(
                (say("Waits for me"), [i for i in posts if i.waits_for(me)], _open(mine)),
                (say("I have dealt with it"), signed, done),
                (
                    say("With others"),
                    [item for item in rest if item not in signed],
                    [act for act in acts if act not in done],
                ),
            ),
            decisions=list(_decisions(desk, repository, mine, main.people[me])),
            words=partial(record_line, main),
            every=waits,
            on_duty=[main.name_of(id) for id in on_duty(plan.archive, plan.archive.today)],
            registers=waits.registers,
            address=partial(address, me=me),
            page_of=page_of,
            account_names=lambda ids: "、".join(map(waits.registers.name_of, ids)),
            refusals=lambda item: item.count(Effect.REFUSE),
            notes=lambda item: item.count(Effect.NOTE),
        )


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
    return {
        ActKind.ERASURE: f"/exceptions/{act.about}",
        ActKind.DECLARATION: "/due",
    }.get(act.kind, "")


def address(item: WaitingPost, me: str) -> str:
    """The page on which a person goes on with a post: its writers write what is not submitted, and
    operators publish what is confirmed."""
    if item.state is WaitState.PUBLICATION and item.waits_for(me):
        return f"/operate/{item.post.id}"
    writing = item.state in (WaitState.DRAFT, WaitState.RETURNED) and item.waits_for(me)
    branch = quote(local(item.branch), safe="")
    form = f"/write/draft?branch={branch}&post={item.post.id}"
    return form if writing else f"/posts/{item.post.id}/"


ROUTES = [
    Route("/", show),
    Route("/due", show_due),
    Route("/due/declare", posted(declare), methods=["POST"]),
    Route("/attest", posted(attest), methods=["POST"]),
]
