"""Signatures of what records say, given where a page shows them."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import Fault
from pipeline.history.pending_records import pending_records
from pipeline.model.documents import canonical_digest
from pipeline.model.findings import say
from pipeline.model.registers import Person
from pipeline.parts.desk.desk import Desk, ask, desk_of
from pipeline.parts.desk.frame import Form, posted
from pipeline.parts.desk.signing import SignedAct, changed
from pipeline.sign.attest import Attesting, attestation, prepared, record_of
from pipeline.sign.signing_context import Sign, SigningContext, context_at
from pipeline.source.git.repository import Repository


def context_of(desk: Desk, repository: Repository, now: datetime) -> SigningContext:
    """Main, with the records that are on their way to it."""
    head = pending_records(repository).head
    return context_at(repository, desk.clone.trusted(repository), head, now, frozenset())


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


ROUTES = [Route("/attest", posted(attest), methods=["POST"])]
