"""new: a draft that satisfies the schema."""

from codecs import BOM_UTF8
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from pipeline.cli.fields import answers, parameter
from pipeline.cli.options import still_needed
from pipeline.cli.session import Session
from pipeline.cli.terminal import EXISTING
from pipeline.errors import Fault, Misuse
from pipeline.judge.load_governance import Trusted, trust
from pipeline.model.calendar import local_date
from pipeline.model.findings import say, say_names
from pipeline.model.ids import NO_PERSON, PersonId
from pipeline.new.fields import ABSENT, Answers, Field, at, entered, fields, moment_of
from pipeline.new.new_archive import draft, shipped_schemas
from pipeline.new.post_form import SNAPSHOT, needed_by, new_front_matter, offered_ids
from pipeline.source.content.front_matter import UNWRITTEN
from pipeline.source.content.text import decode
from pipeline.source.git.repository import Repository
from pipeline.source.git.worktree import work_tree

COLOURS = {"1": "red", "2": "orange", "3": "yellow", "4": "blue"}
"""Alert levels and their colours (突发事件应对法: 一级红、二级橙、三级黄、四级蓝)."""
_SHORT: Mapping[str, str] = {
    "accounts": "--account", "origin_dept": "--department", "publish_at": "--at",
    "alert.level": "--level", "alert.issuer": "--issuer", "alert.areas": "--area",
    "alert.starts_at": "--starts", "alert.ends_at": "--ends", "alert.exercise": "--exercise",
    "source.id": "--source", "source.published_at": "--source-published",
    "license.basis": "--basis",
}  # fmt: skip
"""Field → what its option is called for short."""
_APART = ("revision", "media", "secrecy_review")
"""Keys that no option gives as they are."""


def _fields() -> tuple[Field, ...]:
    """Every field of the program's own articles that an option gives."""
    keys: dict[str, Any] = {}
    for article in shipped_schemas("articles").values():
        keys |= article["properties"].get("front_matter", {}).get("properties", {})
    return fields({"properties": {k: part for k, part in keys.items() if k not in _APART}})


def _option(field: Field) -> click.Option:
    short = _SHORT.get(field.name)
    return parameter(field, *([short] if short else []))


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
        row = {"file": name, "alt": alt, "author": keys["author"], "licence": "本单位原创"}
        keys.setdefault("media", []).append(row)
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
    """Write a draft that satisfies the schema.

    The author is who has git's e-mail address, the department theirs, the time now, unless given.
    """
    repository = session.repository()
    trusted = trust(work_tree(repository))
    texts = answers(FIELDS, given)
    moment = moment_of("".join(texts.get("publish_at", ()))) or session.now()
    keys = _front_matter(session, repository, trusted, texts, moment)
    if reviewer := given["secrecy_reviewer"]:
        today = session.now().date().isoformat()
        keys["secrecy_review"] = {"person": reviewer, "date": today, "result": "releasable"}
    body, files = contents(given, keys)
    path = draft(repository, slug, local_date(moment), keys, body, files)
    click.echo(session.path(path))
    if "source" in keys and not files.get(SNAPSHOT):
        session.remark(
            say("Still to be done: the text of the original, as fetched, beside it as {file}.",
                file=SNAPSHOT)
        )  # fmt: skip
    following = say("Write the text there, then: `sanshen check {post}`.", post=path.parent.name)
    if given["body"]:
        following = say("Look it over, then: `sanshen check {post}`.", post=path.parent.name)
    session.remark(following)


new.params += map(_option, FIELDS)


def _front_matter(
    session: Session, repository: Repository, trusted: Trusted, texts: Answers, moment: datetime
) -> dict[str, Any]:
    """What options gave, entered into what is filled in unasked. Raises Misuse for all that every
    post, a warning or a reprint needs besides, and for accounts that are not registered."""
    schema, registers = trusted.front_matter.schema, trusted.registers
    begun = _begun(repository, trusted, texts, moment, session.now())
    keys = entered(FIELDS, texts, begun)
    keys = {key: value for key, value in keys.items() if key in schema["properties"]}
    needs = {*schema["required"], *begun.keys() & needed_by(schema, keys)} - {*_APART}
    asked = (f for f in fields({**schema, "required": sorted(needs)}) if f.required)
    if left := [field for field in asked if at(keys, field.route) is ABSENT]:
        refused = still_needed(options := [*map(_option, left)])
        listed = [
            say("{option}: {allowed}", option=option.opts[-1], allowed=", ".join(ids))
            for field, option in zip(left, options, strict=True)
            if (ids := [*offered_ids(field, registers, local_date(moment))])
        ]
        raise Misuse(
            refused.message,
            say("Entered are: {names}.", names=say_names(listed)) if listed else refused.remedy,
        )
    for account in keys["accounts"]:
        if account not in registers.accounts:
            raise Misuse(
                say("The account {account} is not registered.", account=account),
                say("Choose one of: {accounts}.", accounts=", ".join(registers.accounts)),
            )
    return keys


def _begun(
    repository: Repository, trusted: Trusted, texts: Answers, moment: datetime, now: datetime
) -> dict[str, Any]:
    """What is filled in unasked: who writes, today, and what follows from what is given."""
    given = {name: "".join(values[:1]) for name, values in texts.items()}
    kind, registers = given.get("kind", ""), trusted.registers
    person = registers.person_of(repository.setting("user.email") or "-")
    author = PersonId(given.get("author", "")) or (person.id if person else NO_PERSON)
    tenures = registers.people[author].tenures if author in registers.people else ()
    department = tenures[0].department if tenures else registers.lead_on(local_date(now))
    value = new_front_matter(kind, author, department, moment, [])
    value |= {"publish_at": moment.isoformat(), "ai": "none"}
    if kind == "alert":
        at_once = dict.fromkeys(("issued_at", "starts_at"), moment.isoformat())
        value["alert"] = at_once | {"color": COLOURS.get(given.get("alert.level", ""), "")}
    if kind == "reprint" or "source.id" in given:
        fetched = {"published_at": now.isoformat(), "fetched_at": now.isoformat()}
        value["source"] = {"title": given.get("title", ""), "snapshot": SNAPSHOT, **fetched}
        value |= {"license": {"evidence": given.get("source.url", "")}, "origin": "reprint"}
    return value
