"""Options that several verbs share, and what is said of those that are missing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from unicodedata import normalize

import click

from pipeline.cli.session import Session
from pipeline.cli.terminal import Moment, in_words
from pipeline.errors import Misuse
from pipeline.model.findings import Message, say, say_names

Command = TypeVar("Command", bound=Callable[..., Any])
Option = Callable[[Command], Command]
AS_OF = click.option("--as-of", type=Moment(), help="Judge as at this time.")
PRINTED_AS_OF = click.option(
    "--as-of", type=Moment(), help="Time that is printed as the time of making."
)
OUTPUT = click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of stdout.")
ROOT = click.option("--root", metavar="SHA256", default="", help="Digest of the first roster.")


ANY_PROGRAM = click.option(
    "--any-program", is_flag=True, help="Judge though the archive names another program."
)


def together(*options: Option[Any]) -> Option[Any]:
    """One decorator of several options, shown in help in this order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


HISTORY = together(
    click.option("--cache", metavar="DIR", help="Keep passing verdicts here instead of in .git."),
    click.option("--no-cache", is_flag=True, help="Judge everything anew, and keep nothing."),
    ANY_PROGRAM,
)
"""The options of what judges the whole history."""


def head_option(text: str = "Commit that is looked at.") -> Option[Any]:
    """--head, with its help."""
    return click.option("--head", metavar="COMMIT", default="HEAD", show_default=True, help=text)


def form_option(choices: Sequence[str]) -> Option[Any]:
    """--format, by default the first choice."""
    kind = click.Choice(choices)
    return click.option(
        "-f", "--format", "form", type=kind, default=choices[0], help="Form of the report."
    )


class Day(click.ParamType[date]):
    """An ISO 8601 day."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            wrong = say("{value} is no day; write it like 2026-11-03.", value=value)
            self.fail(in_words(wrong, ctx), param, ctx)


_LIKE: Mapping[str, str] = {
    "day": "2026-11-03", "time": "2026-11-03T09:30", "integer range": "2026", "boolean": "true",
}  # fmt: skip
"""Kind of a value → one as it is typed."""


def still_needed(left: Iterable[click.Parameter]) -> Misuse:
    """What a verb cannot do without, all in one sentence: each with what may be given, and what it
    is."""
    return Misuse(
        say("Still needed: {options}.", options=say_names([*map(_needed, left)])),
        say("Give all of it; `--help` lists what else may be given."),
    )


def _needed(left: click.Parameter) -> Message:
    choices = getattr(left.type, "choices", ())
    like = "|".join(map(str, choices)) or left.metavar or _LIKE.get(left.type.name, "…")
    if isinstance(left, click.Option):
        words = in_words(Message(left.help or ""), click.get_current_context())
        what = words.rstrip(".。")
        return say("{option} {like} ({what})", option=left.opts[-1], like=like, what=what)
    return say("{name}", name=left.human_readable_name.upper())


_YES = ("y", "yes", "是", "有")


def agreed(session: Session, question: Message) -> bool:
    """Yes in either language; whatever else is typed, and may be a password, is no."""
    asked = session.tr(say("{question} [y/N]", question=question))
    given = click.prompt(asked, "", show_default=False, err=True)
    return normalize("NFKC", str(given)).strip().lower() in _YES
