"""Acts on pages: a form out of what an act asks, and the way from it to a signature."""

from collections.abc import Callable, Collection
from dataclasses import MISSING
from datetime import date, datetime
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import Fault
from pipeline.history.pending_records import pending_records
from pipeline.model.documents import canonical_digest
from pipeline.model.findings import say
from pipeline.model.registers import Person
from pipeline.new.fields import Input
from pipeline.new.post_form import FormField
from pipeline.parts.desk.desk import Bench, Desk, SignedAct, ask, changed, desk_of
from pipeline.parts.desk.frame import Form, posted
from pipeline.report.language import Translate
from pipeline.sign.act import (
    Act,
    AskedField,
    Sign,
    SigningContext,
    answered,
    asked_fields,
    context_at,
)
from pipeline.sign.acts.attest import ATTEST, Attesting, NamedEvents, prepared, record_of
from pipeline.source.git.repository import Repository

Asked = TypeVar("Asked")
_INPUTS = {date: Input.DAY, datetime: Input.MOMENT, int: Input.NUMBER, bool: Input.YES_NO}


Prepared = Callable[[Repository, Person, datetime], tuple[Any, Bench]]
"""What is asked for, of whom and when, and where it is done."""


def form_of(asked: Any, tr: Translate, names: Collection[str]) -> list[FormField]:
    """The fields of these names, as a page shows them, with what was begun."""
    each = {field.name: field for field in asked_fields(type(asked))}
    return [_field(each[name], getattr(asked, name), tr) for name in names]


def _field(each: AskedField, value: Any, tr: Translate) -> FormField:
    ask, empty = each.ask, value in (None, "", ())
    yes_no = (("1", tr(say("yes"))), ("", tr(say("no"))))
    choices = tuple((code, tr(words)) for code, words in ask.choices.items())
    return FormField(
        each.name,
        tr(ask.label),
        "",
        "",
        (Input.CHOICE if choices else _INPUTS.get(each.kind, Input.TEXT)).value,
        ask.required or each.default is MISSING,
        () if empty else (str(value),),
        choices or (yes_no if each.kind is bool else ()),
    )


def ask_for(
    request: Request, act: Act[Asked], form: Form, names: Collection[str], prepared: Prepared
) -> Response:
    """Prepare an act with a form's answers of these names, and ask for its signature."""

    def run(repository: Repository, person: Person, now: datetime, sign: Sign) -> SignedAct:
        begun, bench = prepared(repository, person, now)
        asked = answered(begun, form, names)
        act.refuse(asked)
        return SignedAct(act.sign(asked, bench.context, person, now, sign), bench)

    return ask(request, run, act.question)


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
