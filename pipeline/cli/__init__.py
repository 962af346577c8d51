"""The command ``sanshen``: the one place where time, environment and terminal come in.

Each module holds the verbs of one reader; see docs/decisions/0001 for why this is a package.
"""

import atexit
import gc
import gettext
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from inspect import cleandoc
from itertools import pairwise
from pathlib import Path

import click

from pipeline import __version__
from pipeline.cli.session import Session, fault_text, language_of
from pipeline.errors import Fault
from pipeline.model.findings import Message, say
from pipeline.report.language import LANGUAGES, LOCALE, calling, catalogue, translator


class LazyGroup(click.Group):
    """Imports a verb's module only when it is called: `check` must answer at once."""

    lookup: Callable[[str], str] | None = None
    """Puts help into the reader's language; None: this run shows no help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module, _, function = VERBS[cmd_name][0].partition(":")
        loaded = import_module(f"pipeline.cli.{module}")
        command: click.Command = getattr(loaded, function or cmd_name)
        if self.lookup:
            _localise(command, self.lookup)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of verbs, out of `VERBS` alone: no verb is imported to be listed."""
        lookup = self.lookup or str
        with formatter.section(gettext.gettext("Commands")):
            formatter.write_dl([(verb, lookup(line.text)) for verb, (_, line) in VERBS.items()])


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
    "setup": ("setup", say("Check what the first day needs, and help with what is missing")),
    "init": ("init", say("Found a clean archive in a new folder, and print its root of trust")),
    "upgrade": (
        "upgrade",
        say("Propose another version of the program that judges, from its wheel or an index"),
    ),
    "new": (
        "new",
        say("Write a draft (`new SLUG`), an entry or a record (`new KIND`); asks for the rest"),
    ),
    "amend": ("new", say("Alter or complete an entry of a register, or a record")),
    "import": (
        "imports:import_",
        say("Make inquiries of the comments and messages in a CSV file"),
    ),
    "upstream": (
        "imports",
        say("Read the feeds of the listed sources, and record new items to be decided on"),
    ),
    "people": (
        "people",
        say("Who holds which office from when: show, role, end, and hand one over"),
    ),
    "policy": (
        "people:policy",
        say("Set a parameter from a day on, or state a fact of the unit anew"),
    ),
    "check": ("verify", say("Judge drafts in the working tree: all, or the named ones")),
    "preview": (
        "site",
        say("Make the page of a draft as readers would see it; nothing of it is published"),
    ),
    "submit": (
        "submit",
        say("Hand a draft in for review: its own branch, commit, push and proposal"),
    ),
    "proof": ("proof", say("Note likely typing errors of a draft, for its first reviewer")),
    "verify": ("verify", say("Judge a change by its base's registers, or everything that stands")),
    "audit": ("verify", say("Replay main from its first commit, and judge the duties of the day")),
    "status": (
        "status",
        say("What waits for whom, on every branch that was fetched, and the exact next command"),
    ),
    "guide": ("guide", say("Print a guide of this version, or the list of them")),
    "explain": (
        "explain",
        say("What one clause asks, what is checked, what stays human: R05-1, F-2, or all of R05"),
    ),
    "rules": (
        "explain",
        say("Every clause of the law and how it is checked; articles without a rule are named"),
    ),
    "approve": (
        "review",
        say("Approve a post at the step that waits: first, second or final review"),
    ),
    "return": ("review:return_", say("Send a post back; only a new revision lifts it")),
    "confirm": (
        "review",
        say("Confirm a finally reviewed post (Article 15(2)): head of the lead department"),
    ),
    "desk": ("desk", say("Read, write, approve and record in a browser")),
    "publish": ("publish", say("Record that an account carried a post: where, when, by whom")),
    "authorise": (
        "publish",
        say("Consent to a change of policy, registers, rules, site or workflows (two people must)"),
    ),
    "declare": (
        "declare",
        say("Declare what a clause asks for, in the words of the register wordings"),
    ),
    "attest": (
        "declare",
        say("Sign what records say: without --event, all that waits for a signature you may give"),
    ),
    "waive": (
        "declare",
        say("Excuse one finding on a post; without --clause, list what may be excused"),
    ),
    "rotate": (
        "declare",
        say("Sign that the password of an account was changed; it is measured and never kept"),
    ),
    "password-check": (
        "declare:password_check",
        say("Measure a password at the terminal, say pass or fail, and sign that it was changed"),
    ),
    "due": ("due", say("Duties that are overdue or fall due next, and who owes them")),
    "report": (
        "due",
        say("The tables of a month or a quarter: work, inspection, or access"),
    ),
    "simulate": (
        "explain",
        say("Try another number, register or whole policy on what happened, and list what changes"),
    ),
    "roster": (
        "people",
        say("Who may sign with which key: show, propose, sign, verify, allowed-signers"),
    ),
    "expunge": (
        "publish",
        say("Erase a post's text and media, keep digests and reviews (two people must sign)"),
    ),
    "render": (
        "render",
        say("Show a draft as a channel will carry it, and what that channel would refuse"),
    ),
    "drift": (
        "render",
        say("Compare a platform's text, pasted or a saved page, with the approved one"),
    ),
    "form": (
        "archive_room",
        say("Print the approval form of the annex; a box without a signature stays empty for ink"),
    ),
    "file": (
        "archive_room",
        say("Record that the form of SUBJECT, a day or a post, was signed and filed"),
    ),
    "export": (
        "archive_room",
        say("Hand a year over: sources, renditions, reviews, forms and evidence, verifiable alone"),
    ),
    "forge": ("forge", say("GitHub, Gitea or Forgejo: doctor, setup, poll")),
    "witness": (
        "witness",
        say("Record reviews given on a forge: payload in, one commit out; nothing is pushed"),
    ),
    "build": ("site", say("Build the public archive of what stands on main")),
    "theme": (
        "theme",
        say("Take a file of theme or schemas over from the program, and see which are yours"),
    ),
    "serve": ("site", say("Show a built site on this machine only")),
    "reproduce": (
        "reproduce",
        say("Make a published site again from this clone and compare every address with it"),
    ),
    "verify-site": (
        "verify_site:verify_site",
        say("Check every page, every signature and the log of a site, without its repository"),
    ),
}
"""Verb → module, with the function where the verb is no name; its line in the list of verbs."""


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
        with without_collector():
            sanshen.main(given, prog_name="sanshen", standalone_mode=True)
    except Fault as fault:
        _end(fault, language)
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


@contextmanager
def without_collector() -> Iterator[None]:
    """Do not look for cycles: among 10,000 posts that took half of a build's time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


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
