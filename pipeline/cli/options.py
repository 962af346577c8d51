"""Options that several verbs share, and values asked for at the terminal.

A wrong answer is asked again. A wrong option, and a missing one without a terminal, is a misuse
(exit 2).
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, TypeVar
from unicodedata import normalize

import click

from pipeline.cli.session import Session
from pipeline.cli.terminal import Moment, fault_text, in_words
from pipeline.errors import Fault, Misuse
from pipeline.model.findings import Message, say

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


def base_option(text: str = "The branch the change is for.") -> Option[Any]:
    """--base, with its help."""
    return click.option("--base", default="main", show_default=True, help=text)


def form_option(choices: Sequence[str], text: str = "Form of the report.") -> Option[Any]:
    """--format, by default the first choice."""
    kind = click.Choice(choices)
    return click.option("-f", "--format", "form", type=kind, default=choices[0], help=text)


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


Read = Callable[[str], Any]
"""What a text means; raises Misuse or click's UsageError for a text that means nothing."""
YES, NO = ("y", "yes", "true", "是", "有"), ("n", "no", "false", "否", "没有", "无")


def ask(
    session: Session,
    option: str,
    given: Any,
    question: Message,
    read: Read = str.strip,
    default: str | None = None,
) -> Any:
    """The value given, or the answer at the terminal."""
    if given not in (None, ""):
        return read(str(given))
    if not session.attended:
        raise needed(option)
    with suppress(ImportError):
        import readline  # noqa: F401 - arrow keys and backspace over Chinese in what is typed

    def again(answer: str) -> Any:
        try:
            return read(answer)
        except Fault as fault:
            raise click.UsageError(fault_text(fault, session.tr)) from fault

    shown = bool(default)
    return click.prompt(
        session.tr(question), default, show_default=shown, err=True, value_proc=again
    )


def needed(option: str) -> Misuse:
    return Misuse(
        say("--{option} is needed.", option=option),
        say("Give it, or run `sanshen new` in a terminal: it asks."),
    )


def choose(
    session: Session,
    option: str,
    given: Any,
    question: Message,
    allowed: Sequence[Any],
    words: Mapping[Any, str] | None = None,
) -> str:
    """As `ask`, from a closed list; in Chinese with the word that readers know for each code."""
    codes = {str(a): str(a) for a in allowed}
    labels = words or {}

    def read(answer: str) -> str:
        code = codes.get(plain(answer)) or {labels[a]: str(a) for a in labels}.get(plain(answer))
        if code is None:
            raise Misuse(
                say("{key} has a value that is not allowed.", key=option),
                say("Choose one of: {allowed}.", allowed=", ".join(codes)),
            )
        return code

    options = listed(session, allowed, labels)
    asked = say("{question} ({allowed})", question=question, allowed=options)
    return str(ask(session, option, given, asked, read))


def listed(session: Session, codes: Collection[Any], words: Mapping[Any, str]) -> str:
    """Codes, in Chinese each with its word."""
    labels = words if session.language == "zh" else {}
    return ", ".join(f"{code} {labels[code]}" if code in labels else str(code) for code in codes)


class YesNo(click.ParamType[bool]):
    """Yes or no, in either language."""

    name = "boolean"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> bool:
        word = plain(str(value)).lower()
        if word not in (*YES, *NO):
            # What was typed may be a password, meant for the question before.
            self.fail(in_words(say("That is neither yes nor no."), ctx), param, ctx)
        return word in YES


def agreed(session: Session, question: Message) -> bool:
    """Yes or no, in either language; Enter is no."""
    context = click.get_current_context()

    def read(answer: str) -> bool:
        return bool(answer) and YesNo().convert(answer, None, context)

    asked = say("{question} [y/N]", question=question)
    return bool(ask(session, "yes", None, asked, read, ""))


def several(answer: str) -> list[str]:
    """What was typed with commas between, Chinese ones too."""
    return [part.strip() for part in re.split("[,，、]", answer) if part.strip()]


def plain(answer: str) -> str:
    """A code, number or time as it is meant: full-width digits and colons are those of Chinese
    keyboards."""
    return normalize("NFKC", answer).strip()
