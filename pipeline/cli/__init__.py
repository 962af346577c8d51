"""The command ``sanshen``: the one place where time, environment and terminal come in.

Each module holds the verbs of one reader; see docs/decisions/0001 for why this is a package.
"""

import atexit
import gc
import gettext
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from inspect import cleandoc
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from pipeline import __version__
from pipeline.cli.terminal import fault_text, language_of
from pipeline.errors import Fault
from pipeline.model.brings import load
from pipeline.model.findings import Message, say
from pipeline.model.part import program
from pipeline.model.run import Run
from pipeline.prepared import leave_prepared
from pipeline.report.language import LANGUAGES, LOCALE, calling, catalogue, translator
from pipeline.source.atomic import write_whole
from pipeline.starting import short

_BYTECODE = 0o644
"""What lies beside it is written by its owner alone, whatever the umask."""
_GIVEN = "sanshen.given"
"""Where a context holds the words of the command line, to tell which options were given."""


class LazyGroup(click.Group):
    """Imports a verb's module only when it is called: `check` must answer at once."""

    lookup: Callable[[str], str] | None = None
    """Puts help into the reader's language; None: this run shows no help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[_GIVEN] = {word.partition("=")[0] for word in args}
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Of what is missing click names the first; all of it is named at once."""
        try:
            return super().invoke(ctx)
        except click.MissingParameter as missing:
            from pipeline.cli.options import still_needed

            command, given = missing.ctx.command if missing.ctx else self, ctx.meta[_GIVEN]
            options = (each for each in command.params if isinstance(each, click.Option))
            asked = [each for each in options if each.required and given.isdisjoint(each.opts)]
            argument = missing.param if isinstance(missing.param, click.Argument) else None
            left = [*([argument] if argument else []), *asked]
            raise still_needed(left) from missing

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*VERBS, *program().verbs]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        where = VERBS.get(cmd_name) or program().verbs.get(cmd_name)
        if where is None:
            return None
        command: click.Command = load(where)
        if self.lookup:
            _localise(command, self.lookup)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs: no verb is imported to be listed."""
        lookup = self.lookup or str
        with formatter.section(gettext.gettext("Commands")):
            rows = {**VERBS, **program().verbs}.items()
            formatter.write_dl([(verb, _line(lookup(documented(where)))) for verb, where in rows])


def documented(where: str) -> str:
    """The docstring of a verb's function, read out of its module's source."""
    module, _, function = where.partition(":")
    path = Path(__file__).parents[2] / f"{module.replace('.', '/')}.py"
    return cleandoc(path.read_text("utf-8").partition(f"\ndef {function}(")[2].split('"""')[1])


def _line(text: str) -> str:
    """The first paragraph of a help text, as lists of verbs show it."""
    return text.partition("\n\n")[0].replace("\n", " ").removesuffix(".").removesuffix("。")


def _localise(command: click.Command, lookup: Callable[[str], str]) -> None:
    """Put a command's help, and that of everything below it, into the reader's language.

    Lists of commands show the first paragraph whole: click would cut it after some words.
    """
    # Compilers of Python 3.13 and later take the indentation away; no catalogue has it.
    command.help = lookup(cleandoc(command.help)) if command.help else command.help
    command.short_help = _line(command.help or "")
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
    "setup": "pipeline.cli.setup:setup",
    "init": "pipeline.cli.init:init",
    "new": "pipeline.cli.new:new",
    "check": "pipeline.cli.verify:check",
    "submit": "pipeline.cli.submit:submit",
    "verify": "pipeline.cli.verify:verify",
    "audit": "pipeline.cli.verify:audit",
    "status": "pipeline.cli.status:status",
    "guide": "pipeline.cli.guide:guide",
    "explain": "pipeline.cli.explain:explain",
    "rules": "pipeline.cli.explain:rules",
    "approve": "pipeline.cli.review:approve",
    "return": "pipeline.cli.review:return_",
    "confirm": "pipeline.cli.review:confirm",
    "publish": "pipeline.cli.publish:publish",
    "authorise": "pipeline.cli.publish:authorise",
    "declare": "pipeline.cli.declare:declare",
    "attest": "pipeline.cli.declare:attest",
    "waive": "pipeline.cli.declare:waive",
    "rotate": "pipeline.cli.declare:rotate",
    "due": "pipeline.cli.due:due",
    "report": "pipeline.cli.due:report",
    "expunge": "pipeline.cli.publish:expunge",
    "render": "pipeline.cli.render:render",
    "drift": "pipeline.cli.render:drift",
    "build": "pipeline.cli.site:build",
}
"""The kernel's verbs → ``"module:function"``, in the order of the list; parts bring more."""


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-C", "folder", default=".", metavar="PATH", help="Run as if started in PATH.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of what is printed.")
@click.option(
    "--own-rules",
    is_flag=True,
    envvar="SANSHEN_OWN_RULES",
    help="Run the rules that the archive brings: they are programs, so read them first.",
)
@click.version_option(__version__, prog_name="sanshen")
@click.pass_context
def sanshen(context: click.Context, folder: str, lang: str | None, own_rules: bool) -> None:
    """Three-tier review of official social media, as a git repository.

    A writer's day: new, check. A reviewer's: status, approve or return. The lead department's:
    confirm, audit. The operator's: publish. Anyone's: verify, explain.
    """
    from pipeline.cli.options import Session  # help needs nothing of an archive

    context.obj = Session.open(folder, lang, os.environ)
    if own_rules:
        from pipeline.law.own_rules import allow_own_rules

        allow_own_rules()


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
        with short(), Run():
            sanshen.main(given, prog_name="sanshen", standalone_mode=True)
    except Fault as fault:
        _end(fault, language)
    except ModuleNotFoundError as missing:
        if not missing.name or missing.name.startswith("pipeline"):
            raise
        what = say("{name} is not installed: here is only what judges.", name=missing.name)
        _end(Fault(what, say("Install the rest: `make install`.")), language)
    except OSError as error:
        reason = Message(error.strerror or type(error).__name__)
        message = say("The system refused: {reason}", reason=reason)
        if error.filename:
            meant = re.sub(r"\.([^/]+?)(\.\d+)*\.new$", r"\1", str(error.filename))
            message = say("The system refused: {reason} {path}", reason=reason, path=meant)
        remedy = (
            say("Check the path.")
            if isinstance(error, FileNotFoundError)
            else say("Check the free space and the rights of that folder; no file is half written.")
        )
        _end(Fault(message, remedy), language)
    finally:
        leave_prepared(partial(write_whole, locked=False, mode=_BYTECODE))


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
    tr = translator(language)
    values = {name for m in (fault.message, fault.remedy) if m for name, _ in m.values}
    if language != "en" and values & {"account", "department", "person"}:
        tr = calling(tr, _names())
    click.echo(f"sanshen: {fault_text(fault, tr)}", err=True)
    sys.exit(fault.exit_code)


def _names() -> Mapping[str, str]:
    """Id → name in the archive that the command worked in; nothing where none can be read."""
    from pipeline.judge.load_governance import trust
    from pipeline.model.reports import names_of
    from pipeline.source.git.repository import Repository

    with suppress(Fault, OSError), Repository.open(Path()) as repository:
        return names_of(trust(repository.tree(repository.commit("HEAD"))).registers)
    return {}


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
