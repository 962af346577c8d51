"""What every verb needs from outside: place, language, time, terminal."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import click

from pipeline.errors import Fault
from pipeline.model.calendar import SHANGHAI, YEARS
from pipeline.model.findings import Effect, Message, say
from pipeline.report.language import LANGUAGES, Translate, translator
from pipeline.source.atomic import write_whole

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
COLOURS = {Effect.REFUSE: "red", Effect.HOLD: "yellow", Effect.NOTE: "cyan", None: "green"}


def language_of(asked: str | None, environment: Mapping[str, str]) -> str:
    """``zh`` unless --lang or an English locale says otherwise."""
    if asked in LANGUAGES:
        return str(asked)
    spoken = next(
        (environment[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(n)), ""
    )
    return "en" if spoken.lower().startswith("en") else "zh"


def fault_text(fault: Fault, tr: Translate) -> str:
    """What is wrong, and in the next line what to do."""
    following = tr(say("Next: {what}", what=fault.remedy)) if fault.remedy else ""
    return "\n  ".join(filter(None, (tr(fault.message), following)))


@dataclass(frozen=True)
class Terminal:
    """One run of the command."""

    folder: Path
    language: str
    tr: Translate
    environment: Mapping[str, str]

    @classmethod
    def open(cls, folder: str, lang: str | None, environment: Mapping[str, str]) -> Self:
        language = language_of(lang, environment)
        try:
            os.chdir(folder)
        except OSError as error:
            raise Fault(
                say("There is no folder {path}.", path=folder), say("Check the path after -C.")
            ) from error
        return cls(Path(), language, translator(language), dict(environment))

    def now(self) -> datetime:
        """The present, to the second, in Asia/Shanghai: the only clock of the program."""
        return datetime.now(SHANGHAI).replace(microsecond=0)

    @property
    def processes(self) -> int:
        """How many processes may work at once: as many as this one has processors."""
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1

    @property
    def attended(self) -> bool:
        """Whether someone sits at the terminal and can be asked."""
        return sys.stdin.isatty()

    def remark(self, message: Message) -> None:
        """A sentence beside the data: to stderr."""
        click.echo(self.tr(message), err=True)

    def path(self, file: Path) -> str:
        """A file as it is named from where the command runs: to be pasted after `git add`."""
        return Path(os.path.relpath(file.resolve(), self.folder.resolve())).as_posix()

    def paint(self, text: str, effect: Effect | None) -> str:
        """Colour on a terminal only; NO_COLOR is honoured (https://no-color.org)."""
        if self.environment.get("NO_COLOR") or not sys.stdout.isatty():
            return text
        return click.style(text, fg=COLOURS[effect], bold=True)

    def write(self, text: str, output: str | None) -> None:
        """Data to stdout or to a file, whole or not at all."""
        if output is None:
            click.echo(text, nl=False)
            return
        target = Path(output)
        if target.is_dir():
            raise Fault(say("{path} is a folder.", path=output), say("Name a file."))
        if target.exists() and not target.is_file():  # a pipe or a device is written, not replaced
            target.write_text(text, encoding="utf-8")
            return
        if not target.parent.is_dir():
            raise Fault(
                say("There is no folder {path}.", path=str(target.parent)),
                say("Make it, or name another."),
            )
        write_whole(target, text.encode(), locked=False)

    def write_files(self, root: Path, files: Mapping[str, bytes]) -> None:
        """Write files into a working tree, each whole, and print their paths."""
        for name, raw in files.items():
            write_whole(root / name, raw)
            click.echo(self.path(root / name))


def in_words(wrong: Message, ctx: click.Context | None) -> str:
    """What a kind of option says of a value that it cannot read."""
    terminal: Terminal | None = ctx.find_object(Terminal) if ctx else None
    return terminal.tr(wrong) if terminal else str(wrong)


class Moment(click.ParamType[datetime]):
    """An ISO 8601 date-time; without an offset it is Asia/Shanghai, without a time a day's first
    second."""

    name = "time"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
            if moment.year not in YEARS:
                raise ValueError(value)
        except (ValueError, OverflowError):
            wrong = say("{value} is no time; write it like 2026-11-03T09:30.", value=value)
            self.fail(in_words(wrong, ctx), param, ctx)
        return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
