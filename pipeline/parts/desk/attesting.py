"""Signatures of what records say, given where a page shows them."""

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import Fault
from pipeline.history.pending_records import pending_records
from pipeline.model.documents import canonical_digest
from pipeline.model.registers import Person
from pipeline.parts.desk.acting import ask_for
from pipeline.parts.desk.desk import Desk, desk_of
from pipeline.parts.desk.frame import Form, posted
from pipeline.parts.desk.signing import Bench, changed
from pipeline.sign.acts.attest import ATTEST, Attesting, NamedEvents, prepared, record_of
from pipeline.sign.signing_context import SigningContext, context_at
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
        made = prepared(context, NamedEvents(kind, (id,)), person)
    except Fault:
        return None
    return None if person.contractor else (made, canonical_digest(made.events))


def attest(request: Request, form: Form) -> Response:
    """Prepare the signature of what a page showed of a record: a leader's decision, or events."""
    kind, id, digest = (form.get(key, "") for key in ("kind", "id", "digest"))
    desk = desk_of(request)

    def begun(repository: Repository, person: Person, now: datetime) -> tuple[NamedEvents, Bench]:
        context, pending = context_of(desk, repository, now), pending_records(repository)
        if canonical_digest(prepared(context, NamedEvents(kind, (id,)), person).events) != digest:
            raise changed()
        path = record_of(context, kind, id).path
        branch = pending.branch_for(person, now, [path])
        onward = f"/records/{kind}/{id}" if kind == "inquiries" else "/"
        return NamedEvents(kind, (id,)), Bench(
            context, branch, onward, same=pending.same(branch, path)
        )

    return ask_for(request, ATTEST, form, (), begun)


ROUTES = [Route("/attest", posted(attest), methods=["POST"])]
