"""new: a draft, with what every post says; what one kind says besides is written in its file."""

from codecs import BOM_UTF8
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import Session, still_needed
from pipeline.cli.terminal import EXISTING
from pipeline.errors import Fault, Misuse
from pipeline.judge.load_governance import Trusted, trust
from pipeline.model.calendar import local_date
from pipeline.model.conformance import line_of
from pipeline.model.findings import say
from pipeline.model.ids import NO_PERSON, PersonId
from pipeline.new.fields import Field, entered, fields, moment_of
from pipeline.new.new_archive import draft, shipped_schemas
from pipeline.new.post_form import SNAPSHOT, needed_by, new_front_matter, offered_ids
from pipeline.report.front_matter import Wording
from pipeline.source.content.front_matter import UNWRITTEN
from pipeline.source.content.text import decode
from pipeline.source.git.worktree import work_tree

_OPTIONS = {
    "title": "--title", "kind": "--kind", "summary": "--summary", "category": "--category",
    "topic": "--topic", "accounts": "--account", "publish_at": "--at", "author": "--author",
    "ai": "--ai",
}  # fmt: skip
"""Key of the front matter → the option that gives it."""


def _fields() -> tuple[Field, ...]:
    """What the options give, as the program's own articles describe it."""
    keys: dict[str, Any] = {}
    for article in shipped_schemas("articles").values():
        keys |= article["properties"].get("front_matter", {}).get("properties", {})
    return fields({"properties": {key: keys[key] for key in _OPTIONS}})


def _option(field: Field, offered: Sequence[str] | None = None) -> click.Option:
    choices = offered or [*map(str, field.codes)]
    return click.Option(
        [_OPTIONS[field.key], field.key],
        type=click.Choice(choices) if choices else click.STRING,
        multiple=field.many,
        help=field.schema["description"],
    )


FIELDS = _fields()


def contents(given: dict[str, Any], keys: dict[str, Any]) -> tuple[str, dict[str, bytes]]:
    """(body, files beside post.md): the text given, its images, the snapshot of a reprint."""
    text = _text_of(given["body"]) if given["body"] else UNWRITTEN
    files: dict[str, bytes] = {}
    for path, _, alt in (entry.partition("=") for entry in given["images"]):
        name = Path(path).name
        files[name] = Path(path).read_bytes()
        if f"]({name})" not in text:  # else the writer has placed it already
            text += f"\n\n![{alt}]({name})"
        keys.setdefault("media", []).append({"file": name, "alt": alt})
    if given["snapshot"]:  # never made of the body: it would bear out any change of the text
        files[SNAPSHOT] = _text_of(given["snapshot"]).encode()
    return text, files


def _text_of(file: Path) -> str:
    """The words of a text file, from Windows too: byte order mark and line ends are its own."""
    raw = file.read_bytes().removeprefix(BOM_UTF8).replace(b"\r\n", b"\n")
    text, problems = decode(str(file), raw)
    if text is None or problems:
        wrong = say("{path}: {what}", path=str(file), what=problems[0].message)
        raise Fault(wrong, problems[0].remedy)
    return text


@click.command()
@click.argument("slug")
@click.option("--body", type=EXISTING, help="File with the text.")
@click.option(
    "--image", "images", multiple=True, metavar="FILE=ALT", help="Image and its alternative text."
)
@click.option(
    "--snapshot",
    type=EXISTING,
    help="Reprint: file with the text of the original as it was fetched.",
)
@click.option(
    "--secrecy-reviewer",
    help="Who has reviewed the text for secrecy today; default: still to be done.",
)
@click.pass_obj
def new(session: Session, /, slug: str, **given: Any) -> None:
    """Write a draft, and name what its kind needs besides.

    The author is who has git's e-mail address, the department theirs, the time now, unless given.
    """
    repository, now = session.repository(), session.now()
    trusted = trust(work_tree(repository))
    moment = moment_of(given["publish_at"] or "") or now
    keys = _front_matter(session, trusted, given, moment, now)
    if reviewer := given["secrecy_reviewer"]:
        today = now.date().isoformat()
        keys["secrecy_review"] = {"person": reviewer, "date": today, "result": "releasable"}
    body, files = contents(given, keys)
    path = draft(repository, slug, local_date(moment), keys, body, files)
    click.echo(session.path(path))
    schema = trusted.front_matter.schema
    unsaid = {"media"} if given["images"] else set()  # whose the pictures are
    for key in sorted(needed_by(schema, keys) - keys.keys() | unsaid):
        line = line_of(key, schema["properties"][key])
        session.remark(say("Still to be written in its front matter: {line}", line=line))
    session.remark(say("Look it over, then: `sanshen check {post}`.", post=path.parent.name))


new.params += [_option(field) for field in FIELDS]


def _front_matter(
    session: Session, trusted: Trusted, given: dict[str, Any], moment: datetime, now: datetime
) -> dict[str, Any]:
    """What options gave, entered into what is filled in unasked: who writes, and today.

    Raises Misuse for all that every post needs besides, what a machine did among it, and for an
    author and accounts that are not registered.
    """
    schema, registers = trusted.front_matter.schema, trusted.registers
    wording = Wording(session.tr, session.language == "zh", registers)
    person = registers.person_of(session.repository().setting("user.email") or "-")
    author = PersonId(given["author"] or "") or (person.id if person else NO_PERSON)
    tenures = registers.people[author].tenures if author in registers.people else ()
    department = tenures[0].department if tenures else registers.lead_on(local_date(now))
    begun = new_front_matter(given["kind"] or "", author, department, min(moment, now), [])
    begun["publish_at"] = moment.isoformat()
    texts = {f.key: [*given[f.key]] if f.many else [given[f.key]] for f in FIELDS if given[f.key]}
    keys = {k: v for k, v in entered(FIELDS, texts, begun).items() if k in schema["properties"]}
    offered = {
        f.key: [
            " ".join({str(code): None, wording.value(f.key, code): None})  # alike in English: once
            for code in f.codes or offered_ids(f, registers, now.date())
        ]
        for f in FIELDS
    }
    if left := [f for f in FIELDS if f.key in schema["required"] and f.key not in keys]:
        raise still_needed(_option(f, offered.get(f.key)) for f in left)
    for key, ids, listed in (
        ("accounts", keys["accounts"], registers.accounts),
        ("author", [author], registers.people),
    ):
        if unknown := [id for id in ids if id not in listed]:
            raise Misuse(
                say("{option}: {id} is not registered.", option=_OPTIONS[key], id=unknown[0]),
                say("Choose one of: {allowed}.", allowed=", ".join(offered[key])),
            )
    return keys
