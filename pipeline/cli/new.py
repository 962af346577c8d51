"""new: a draft, or an entry of any register, or a record of any kind that has a schema."""

from collections.abc import Mapping
from datetime import datetime
from difflib import get_close_matches
from functools import cache
from typing import Any

import click

from pipeline.cli.fields import NOW, TODAY, answers, automatic, new_value, parameter
from pipeline.cli.new_post import new as draft
from pipeline.cli.options import still_needed
from pipeline.cli.session import Session
from pipeline.cli.signing_options import identity, show_change
from pipeline.cli.terminal import in_words
from pipeline.errors import Misuse
from pipeline.history.change_in_words import governed_with
from pipeline.judge.load_governance import trust
from pipeline.model.calendar import local_date
from pipeline.model.findings import Message, say
from pipeline.model.ids import NO_PERSON
from pipeline.model.part import program
from pipeline.new.fields import ABSENT, Answers, Field, at, entered, fields
from pipeline.new.new_archive import shipped_schemas
from pipeline.new.new_entry import Correcting, Shape, amended_files, entry_files, free_stems
from pipeline.source.git.repository import Repository
from pipeline.source.git.worktree import work_tree

DRAFT = "post"


class Kinds(click.Group):
    """`new KIND …`; whatever is no kind is the short name of a post."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [DRAFT, *sorted(kinds())]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == DRAFT:
            return draft
        return _command(cmd_name) if cmd_name in kinds() else None

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """A draft's options too: `new SLUG` is the shortest way to one."""
        super().format_options(ctx, formatter)
        rows = filter(None, (p.get_help_record(ctx) for p in draft.get_params(ctx)))
        with formatter.section(in_words(say("Options of a draft (`new SLUG`)"), ctx)):
            formatter.write_dl([*rows])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        helped = args[:1] in (["-h"], ["--help"])
        if not helped and args[:1] != [DRAFT] and (not args or args[0] not in kinds()):
            _no_slug(args[0] if args else "")
            args = [DRAFT, *args]
        return super().parse_args(ctx, args)


def _no_slug(word: str) -> None:
    """Fault for the name of a kind that has no form here, and for a slip of the pen in one."""
    if verb := program().kind(word).verb:
        other = say("Use `{command}`.", command=f"sanshen {verb}")
        raise Misuse(say("`new` writes no {kind}.", kind=word), other)
    if near := get_close_matches(word, kinds(), 1, 0.8):
        raise Misuse(
            say("There is no kind {kind}.", kind=word),
            say(
                "Is it `sanshen new {near}`? A post of this name: `sanshen new post {kind}`.",
                near=near[0],
                kind=word,
            ),
        )


@click.group(cls=Kinds, context_settings={"help_option_names": ["-h", "--help"]})
def new() -> None:
    """Write a draft (`new SLUG`), an entry or a record (`new KIND`)."""


@cache
def kinds() -> dict[str, Shape]:
    """What can be entered: every register and every kind of record but a few."""
    every = {
        name: Shape(name, folder == "registers", schema)
        for folder in ("registers", "records")
        for name, schema in shipped_schemas(folder).items()
    }
    return {name: kind for name, kind in every.items() if not program().kind(name).verb}


@cache
def _command(name: str) -> click.Command:
    """The command of one kind: kept, so that its help is translated once."""
    kind = kinds()[name]
    chosen = fields(kind.entry)
    parameters: list[click.Parameter] = [
        parameter(field, required=field.required and not automatic(field)) for field in chosen
    ]
    if not kind.register:
        parameters.append(
            click.Option(["--name", "stem"], help="Name of the file; default: by number.")
        )

    @click.pass_obj
    def enter(session: Session, /, **given: Any) -> None:
        _enter(session, kind, chosen, given)

    return click.Command(name, params=parameters, callback=enter, help=kind.schema["description"])


def _enter(
    session: Session, kind: Shape, chosen: tuple[Field, ...], given: Mapping[str, Any]
) -> None:
    repository, now = session.repository(), session.now()
    tree = work_tree(repository)
    texts = {**_prefilled(repository, chosen, now), **answers(chosen, given)}
    value = new_value(chosen, texts)
    if left := [parameter(f) for f in chosen if automatic(f) and at(value, f.route) is ABSENT]:
        raise still_needed(left)
    stem = given.get("stem") or _stem(repository, kind, value, now)
    files = entry_files(tree, kind, value, stem, now, _describing(session))
    session.write_files(repository.root, files)
    session.remark(
        say("Commit it on a branch and have it authorised: `sanshen authorise`.")
        if kind.register
        else say("Look through it, complete it, and commit it.")
    )


class Amended(click.Group):
    """`amend KIND ENTRY …`: the fields of `new KIND`, all of which may be left out."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(kinds())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _amending(cmd_name) if cmd_name in kinds() else None


@click.group(cls=Amended)
def amend() -> None:
    """Alter or complete an entry of a register, or a record.

    A list of small mappings grows by what is given, and a row that is given again with more keys
    is completed; every other value is replaced. Of a record that stands on main, what was entered
    stays, and the right value is written beside it as a correction, with `--reason`.
    """


@cache
def _amending(name: str) -> click.Command:
    kind = kinds()[name]
    chosen = tuple(field for field in fields(kind.entry) if field.route != ("id",))

    @click.pass_obj
    def alter(
        session: Session, /, entry: str, why: str = "", right: tuple[str, ...] = (), **given: Any
    ) -> None:
        repository = session.repository()
        tree = work_tree(repository)
        value = entered(chosen, answers(chosen, given), {})
        texts = {name: text for name, _, text in (one.partition("=") for one in right)}
        correcting = _correcting(session, repository, why, texts) if kind.written_once else None
        files = amended_files(tree, kind, entry, value, session.now(), correcting=correcting)
        if kind.register:
            show_change(session, tree, governed_with(tree, files))
        session.write_files(tree.root, files)

    parameters: list[click.Parameter] = [click.Argument(["entry"])]
    parameters += map(parameter, chosen)
    if kind.written_once:
        once = "A value that stands on main and the right one, like tasks.0.due=2026-11-09."
        words = "Why what stands on main is wrong; it is corrected."
        metavar = "FIELD=VALUE"
        right = click.Option(["--correct", "right"], multiple=True, metavar=metavar, help=once)
        parameters += [right, click.Option(["--reason", "why"], default="", help=words)]
    return click.Command(name, params=parameters, callback=alter, help=kind.schema["description"])


def _correcting(
    session: Session, repository: Repository, reason: str, texts: Mapping[str, str]
) -> Correcting:
    """What a correction is made of; a correction names who makes it."""
    stands = repository.tree(repository.base("main"))
    registers = trust(work_tree(repository)).registers
    person = identity(session, repository, registers).id if reason else NO_PERSON
    return Correcting(stands, person, reason, texts)


def _prefilled(repository: Repository, chosen: tuple[Field, ...], now: datetime) -> Answers:
    """Who records, today and now, where the kind asks for them."""
    usual = dict.fromkeys(TODAY, local_date(now).isoformat()) | dict.fromkeys(NOW, now.isoformat())
    return {f.name: [usual.get(f.key) or _who(repository)] for f in chosen if automatic(f)}


def _who(repository: Repository) -> str:
    """The person whose git e-mail this is; empty when it is not registered."""
    email = repository.setting("user.email")
    registers = trust(work_tree(repository)).registers
    person = registers.person_of(email) if email else None
    return person.id if person else ""


def _stem(repository: Repository, kind: Shape, value: Mapping[str, Any], now: datetime) -> str:
    if stem := program().kind(kind.name).stem:
        return stem.format_map(value)
    return "" if kind.register else next(free_stems(work_tree(repository), kind, local_date(now)))


def _describing(session: Session) -> Any:
    return lambda text: session.tr(Message(text))
