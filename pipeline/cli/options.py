"""Options that several verbs share."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from pipeline.cli.session import Moment, in_words
from pipeline.model.findings import say

Command = TypeVar("Command", bound=Callable[..., Any])
Option = Callable[[Command], Command]
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
AS_OF = click.option("--as-of", type=Moment(), help="Judge as at this time.")
PRINTED_AS_OF = click.option(
    "--as-of", type=Moment(), help="Time that is printed as the time of making."
)
OUTPUT = click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of stdout.")
ROOT = click.option("--root", metavar="SHA256", default="", help="Digest of the first roster.")
CACHE = click.option(
    "--cache", metavar="DIR", help="Keep passing verdicts here instead of in .git."
)


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


def together(*options: Option[Any]) -> Option[Any]:
    """One decorator of several options, shown in help in this order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


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
