"""Acts on pages: a form out of what an act asks, and the way from it to a signature."""

from collections.abc import Callable, Collection
from dataclasses import MISSING
from datetime import date, datetime
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from pipeline.model.findings import say
from pipeline.model.registers import Person
from pipeline.new.fields import Input
from pipeline.new.post_form import FormField
from pipeline.parts.desk.desk import ask
from pipeline.parts.desk.frame import Form
from pipeline.parts.desk.signing import Bench, SignedAct
from pipeline.report.language import Translate
from pipeline.sign.act import Act, AskedField, answered, asked_fields
from pipeline.sign.signing_context import Sign
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
