"""Acts at the terminal: options out of what an act asks, and the way from them to a record."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from pipeline.cli.options import Day, Session
from pipeline.cli.signing_options import SIGNING, Signing
from pipeline.cli.terminal import Moment
from pipeline.model.findings import Message, say
from pipeline.sign.act import Act, AskedField, Attached, SignedOutcome, asked_fields

Asked = TypeVar("Asked")
Options = Mapping[str, Any]
"""Those of `SIGNING`."""


class Enclosure(click.Path):
    """A file that is read whole, with its name."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = Path(str(super().convert(value, param, ctx)))
        return Attached(path.name, path.read_bytes())


_TYPES: Mapping[Any, click.ParamType[Any]] = {
    date: Day(),
    datetime: Moment(),
    int: click.IntRange(min=1),
    Attached: Enclosure(exists=True, dir_okay=False),
}


def verb_of(
    act: Act[Asked], name: str | None = None, **given: Any
) -> Callable[[Callable[[Session, Asked, Options], None]], click.Command]:
    """Make a function the command of an act: it is handed what was asked; its docstring is the
    help, and options that it declares of its own come with those of `SIGNING`.

    `given`: fields that the command does not ask for.
    """
    fields = [each for each in asked_fields(act.asks) if each.name not in given]

    def decorate(function: Callable[[Session, Asked, Options], None]) -> click.Command:
        own: list[click.Parameter] = getattr(function, "__click_params__", [])

        @SIGNING
        @click.pass_obj
        def called(session: Session, /, **options: Any) -> None:
            answers = {each.name: options.pop(each.name) for each in fields}
            answers = {name: value for name, value in answers.items() if value is not None}
            function(session, act.asks(**answers, **given), options)

        command = click.command(name or function.__name__, help=function.__doc__)(called)
        command.params[:0] = [*reversed(own), *map(_parameter, fields)]
        return command

    return decorate


def _parameter(each: AskedField) -> click.Parameter:
    return _argument(each) if each.ask.argument else _option(each)


def _argument(each: AskedField) -> click.Argument:
    required, ask = each.default is MISSING, each.ask
    many = {"nargs": -1} if each.many else {} if required else {"default": each.default}
    return click.Argument([each.name], required=required, metavar=ask.metavar, **many)


def _option(each: AskedField) -> click.Option:
    ask, choices = each.ask, [*each.ask.choices]
    long = f"--{ask.option or each.name.replace('_', '-')}"
    kind = _TYPES.get(each.kind)
    flag = each.kind is bool
    return click.Option(
        [*([f"-{ask.short}"] if ask.short else []), long, each.name],
        type=None if flag else click.Choice(choices) if choices else kind,
        is_flag=flag,
        **({} if each.default in (MISSING, "", ()) else {"default": each.default}),
        show_default=bool(each.default) and not flag and each.default is not MISSING,
        required=each.default is MISSING,
        multiple=each.many,
        metavar=ask.metavar,
        help=ask.help,
    )


def _stored(signing: Signing, made: SignedOutcome) -> None:
    signing.store(made.record, made.done, more=made.more)


def sign_here(
    session: Session,
    act: Act[Asked],
    asked: Asked,
    options: Options,
    begun: Callable[[Signing, Asked], Asked] = lambda _, asked: asked,
    stored: Callable[[Signing, SignedOutcome], None] = _stored,
) -> None:
    """Show an act, have it affirmed and signed by the key of this terminal, and store its record.

    `begun`: asks for what only a terminal can, or shows what it shows in a way of its own;
    `stored`: stores the record with more than itself.
    """
    act.refuse(asked)
    context = act.opened(asked, session.repository(), session.now())
    signing = Signing.open(session, context, options)
    asked = begun(signing, asked)
    show_at_terminal(session, act.show(asked, context, signing.person))
    if act.affirmed and not signing.affirmed(act.question):
        raise click.Abort
    stored(signing, act.sign(asked, context, signing.person, session.now(), signing.sign))


def show_at_terminal(session: Session, lines: Iterable[Message]) -> None:
    """What is about to be signed, to stderr."""
    for number, line in enumerate(lines):
        if not number:
            session.remark(say("You sign:"))
        click.echo(f"  {session.tr(line)}", err=True)
