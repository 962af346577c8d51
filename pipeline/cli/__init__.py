"""The command ``sanshen``: the one place where time, environment and terminal come in.

Each module holds the verbs of one reader; see docs/decisions/0001 for why this is a package.
"""

import atexit
import gc
import gettext
import os
import re
import sys
from collections.abc import Callable, Sequence
from inspect import cleandoc
from itertools import pairwise

import click

from pipeline import __version__
from pipeline.cli.session import Session, fault_text, language_of
from pipeline.collector import without_collector
from pipeline.errors import Fault
from pipeline.model.findings import Message, say
from pipeline.report.language import LANGUAGES, LOCALE, catalogue, translator


class LazyGroup(click.Group):
    """Imports a verb's module only when it is called: `check` must answer at once."""

    lookup: Callable[[str], str] | None = None
    """Puts help into the reader's language; None: this run shows no help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = __import__(f"pipeline.cli.{VERBS[cmd_name]}", fromlist=["*"])
        command: click.Command = getattr(module, ATTRIBUTES.get(cmd_name, cmd_name))
        if self.lookup:
            _localise(command, self.lookup)
        return command


def _localise(command: click.Command, lookup: Callable[[str], str]) -> None:
    """Put a command's help, and that of everything below it, into the reader's language.

    Lists of commands show the first paragraph whole: click would cut it after some words.
    """
    # Compilers of Python 3.13 and later take the indentation away; no catalogue has it.
    command.help = lookup(cleandoc(command.help)) if command.help else command.help
    first = (command.help or "").partition("\n\n")[0]
    command.short_help = first.replace("\n", " ").removesuffix(".").removesuffix("。")
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            parameter.help = lookup(parameter.help)
    if isinstance(command, click.Group) and not isinstance(command, LazyGroup):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                _localise(below, lookup)


VERBS = {
    "init": "init",
    "new": "new",
    "check": "verify",
    "preview": "site",
    "verify": "verify",
    "audit": "verify",
    "status": "status",
    "explain": "explain",
    "rules": "explain",
    "approve": "review",
    "return": "review",
    "confirm": "review",
    "publish": "publish",
    "authorise": "publish",
    "declare": "declare",
    "waive": "declare",
    "rotate": "declare",
    "password-check": "declare",
    "due": "due",
    "report": "due",
    "roster": "roster",
    "expunge": "publish",
    "render": "render",
    "drift": "render",
    "form": "archive_room",
    "file": "archive_room",
    "export": "archive_room",
    "forge": "forge",
    "witness": "witness",
    "build": "site",
    "serve": "site",
    "verify-site": "verify_site",
}
"""Verb → module, in the order of a post's life."""


ATTRIBUTES = {"return": "return_", "verify-site": "verify_site", "password-check": "password_check"}


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-C", "folder", default=".", metavar="PATH", help="Run as if started in PATH.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of what is printed.")
@click.version_option(__version__, prog_name="sanshen")
@click.pass_context
def sanshen(context: click.Context, folder: str, lang: str | None) -> None:
    """Three-tier review of official social media, as a git repository.

    A writer's day: new, check. A reviewer's: status, approve or return. The lead department's:
    confirm, audit. The operator's: publish. Anyone's: verify, explain.
    """
    context.obj = Session.open(folder, lang, os.environ)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point: translate help, run, and turn faults into one clear message and exit 1."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    language = language_of(_asked(given), os.environ)
    if language != "en":
        _translate_click()
    if {"-h", "--help"} & set(given) or not given:  # without a word: help, or a shell completes
        sanshen.lookup = str if language == "en" else catalogue(language).gettext
        _localise(sanshen, sanshen.lookup)
    atexit.register(gc.freeze)  # or the interpreter looks for cycles in all that a command read
    try:
        with without_collector():
            sanshen.main(given, prog_name="sanshen", standalone_mode=True)
    except Fault as fault:
        _end(fault, language)
    except OSError as error:
        reason = Message(error.strerror or type(error).__name__)
        message = say("The system refused: {reason}", reason=reason)
        if error.filename:
            meant = re.sub(r"\.([^/]+?)(\.\d+)?\.new$", r"\1", str(error.filename))
            message = say("The system refused: {reason} {path}", reason=reason, path=meant)
        remedy = (
            say("Check the path.")
            if isinstance(error, FileNotFoundError)
            else say("Check the free space and the rights of that folder; no file is half written.")
        )
        _end(Fault(message, remedy), language)


SYSTEM = (
    say("Broken pipe"),
    say("Disk quota exceeded"),
    say("File exists"),
    say("File name too long"),
    say("File too large"),
    say("Input/output error"),
    say("Is a directory"),
    say("No space left on device"),
    say("No such file or directory"),
    say("Not a directory"),
    say("Operation not permitted"),
    say("Permission denied"),
    say("Read-only file system"),
    say("Too many open files"),
)
"""What the system says when it refuses, in English whatever the language (POSIX strerror)."""


def _end(fault: Fault, language: str) -> None:
    """One clear message with its remedy on stderr, and its exit."""
    click.echo(f"sanshen: {fault_text(fault, translator(language))}", err=True)
    sys.exit(fault.exit_code)


def _asked(arguments: Sequence[str]) -> str | None:
    """The value of --lang, looked up before click does, because help is translated too."""
    for argument, following in pairwise([*arguments, ""]):
        if argument == "--lang":
            return following
        if argument.startswith("--lang="):
            return argument.partition("=")[2]
    return None


def _translate_click() -> None:
    """Click's own sentences come from the gettext domain ``messages``."""
    gettext.bindtextdomain("messages", str(LOCALE))
    gettext.textdomain("messages")
    os.environ["LANGUAGE"] = "zh_CN"
