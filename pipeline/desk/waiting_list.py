"""待我办理: what waits for the person who is signed in, on every branch; then what the bureau owes.

Declarations are signed on the spot, and what records say is signed where it is shown.
"""

from datetime import datetime, timedelta
from functools import partial
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.desk.desk import Desk, Form, ask, desk_of, page, posted, session_of, without_commands
from pipeline.desk.exceptions import erasures_for
from pipeline.desk.govern import waiting_for
from pipeline.desk.signing import SignedAct, changed
from pipeline.errors import Fault
from pipeline.history.duties import SOON, duties
from pipeline.history.pending_records import pending_records
from pipeline.history.waiting import WaitingPost, WaitState, waiting
from pipeline.model.attestations import decisions_of
from pipeline.model.calendar import local_date
from pipeline.model.documents import canonical_digest
from pipeline.model.duties import declaration_of
from pipeline.model.findings import Effect, Finding, Message, say, say_names
from pipeline.model.registers import Person
from pipeline.model.reports import names_of, open_duties
from pipeline.model.shifts import on_duty
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


ROUTES = [
    Route("/", show),
    Route("/due", show_due),
    Route("/due/declare", posted(declare), methods=["POST"]),
    Route("/attest", posted(attest), methods=["POST"]),
]
