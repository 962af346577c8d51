"""new: a draft that satisfies the schema."""

import re
from codecs import BOM_UTF8
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from pipeline.cli.options import Read, ask, choose, listed, plain, several
from pipeline.cli.session import Session
from pipeline.cli.terminal import EXISTING, Moment
from pipeline.errors import Fault, Misuse
from pipeline.judge.load_governance import Trusted, trust
from pipeline.model import zh_names
from pipeline.model.calendar import local_date
from pipeline.model.conformance import Conformance
from pipeline.model.documents import Document
from pipeline.model.findings import Message, say, say_names
from pipeline.model.zh_names import LEVELS
from pipeline.new.new_archive import draft
from pipeline.new.post_form import SNAPSHOT, new_front_matter
from pipeline.source.content.front_matter import UNWRITTEN
from pipeline.source.content.text import decode
from pipeline.source.git.repository import Repository
from pipeline.source.git.worktree import work_tree

# The parts of a draft that only some have: a warning, the original of a reprint, its files.

COLOURS = {1: "red", 2: "orange", 3: "yellow", 4: "blue"}
"""Alert levels and their colours (突发事件应对法: 一级红、二级橙、三级黄、四级蓝)."""


def alert(session: Session, given: dict[str, Any], moment: datetime) -> dict[str, Any]:
    levels = list(COLOURS)
    level = int(choose(session, "level", given["level"], say("Alert level"), levels, LEVELS))
    areas = list(given["areas"]) or several(
        ask(session, "area", None, say("Areas, separated by commas"))
    )
    context = click.get_current_context()
    ends = given["ends"] or ask(
        session, "ends", None, say("Ends at (like 2026-11-03T20:00)"),
        lambda answer: Moment().convert(plain(answer), None, context),
    )  # fmt: skip
    return {
        "issuer": ask(session, "issuer", given["issuer"], say("Issuer")),
        "issued_at": moment,
        "starts_at": given["starts"] or moment,
        "ends_at": ends,
        "level": level,
        "color": COLOURS[level],
        "areas": areas,
        **({"exercise": True} if given["exercise"] else {}),
    }


def reprint(session: Session, given: dict[str, Any], title: str, now: datetime) -> dict[str, Any]:
    return {
        "source": {
            "id": given["source"],
            "url": ask(session, "source-url", given["source_url"], say("Address of the original")),
            **({"account": given["source_account"]} if given["source_account"] else {}),
            "title": title,
            "published_at": given["source_published"] or now,
            "snapshot": SNAPSHOT,
            "fetched_at": now,
        },
        "license": {
            "basis": ask(session, "basis", given["basis"], say("What permits the reprint")),
            "evidence": given["source_url"] or "",
        },
    }


def contents(given: dict[str, Any], keys: dict[str, Any]) -> tuple[str, dict[str, bytes]]:
    """(body, files beside post.md): the text given, its images, the snapshot of a reprint."""
    text = _text_of(given["body"]) if given["body"] else UNWRITTEN
    files: dict[str, bytes] = {}
    for entry in given["images"]:
        path, _, alt = entry.partition("=")
        name = Path(path).name
        files[name] = Path(path).read_bytes()
        if f"]({name})" not in text:  # else the writer has placed it already
            text += f"\n\n![{alt}]({name})"
    if given["images"]:
        keys["media"] = [
            {
                "file": Path(e.partition("=")[0]).name,
                "alt": e.partition("=")[2],
                "author": keys["author"],
                "licence": "本单位原创",
            }
            for e in given["images"]
        ]
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
@click.argument("slug", required=False)
@click.option("--title", help="Title of the post.")
@click.option("--kind", help="Kind of post: alert, tip, policy …")
@click.option("--category", type=int, help="Scope of Article 9, 1 to 7.")
@click.option("--topic", help="Topic of Article 4.")
@click.option("--account", "accounts", multiple=True, help="Account that will carry it.")
@click.option("--summary", help="One or two sentences.")
@click.option("--author", help="Person id; default: whose git e-mail this is.")
@click.option("--department", help="Department that supplies it; default: the author's.")
@click.option("--at", "publish_at", type=Moment(), help="Not published before; default: now.")
@click.option(
    "--body",
    type=EXISTING,
    help="File with the text.",
)
@click.option(
    "--image", "images", multiple=True, metavar="FILE=ALT", help="Image and its alternative text."
)
@click.option("--level", type=int, help="Alert: 1 red, 2 orange, 3 yellow, 4 blue.")
@click.option("--issuer", help="Alert: who issued it.")
@click.option("--area", "areas", multiple=True, help="Alert: where it holds.")
@click.option("--starts", type=Moment(), help="Alert: from when.")
@click.option("--ends", type=Moment(), help="Alert: until when.")
@click.option("--exercise", is_flag=True, help="Alert: a drill, which warns of nothing.")
@click.option("--source", help="Reprint: id of the listed source.")
@click.option("--source-url", help="Reprint: address of the original.")
@click.option("--source-account", help="Reprint: the source's account on a platform.")
@click.option("--source-published", type=Moment(), help="Reprint: when it appeared there.")
@click.option(
    "--snapshot",
    type=EXISTING,
    help="Reprint: file with the text of the original as it was fetched.",
)
@click.option("--basis", help="Reprint: what permits it (license.basis).")
@click.option("--ai", help="Part of a machine: none, assisted or generated; default: none.")
@click.option(
    "--secrecy-reviewer",
    help="Who has reviewed the text for secrecy today; default: still to be done.",
)
@click.pass_obj
def new(session: Session, /, slug: str | None, **given: Any) -> None:
    """Write a draft that satisfies the schema; asks for what is not given."""
    repository = session.repository()
    trusted = trust(work_tree(repository))
    name = ask(session, "slug", slug, say("Short name for the address (a-z, 0-9, -)"), _slug)
    moment: datetime = given["publish_at"] or session.now()
    keys = _front_matter(session, repository, trusted, given, moment)
    body, files = contents(given, keys)
    path = draft(repository, name, keys, body, files)
    click.echo(session.path(path))
    if given["source"] and not files.get(SNAPSHOT):
        session.remark(
            say("Still to be done: the text of the original, as fetched, beside it as {file}.",
                file=SNAPSHOT)
        )  # fmt: skip
    if (
        not given["secrecy_reviewer"]
        and "secrecy_review" in trusted.front_matter.schema["properties"]
    ):
        _await_secrecy(session, trusted, keys["author"], moment)
    following = say("Write the text there, then: `sanshen check {post}`.", post=path.parent.name)
    if given["body"]:
        following = say("Look it over, then: `sanshen check {post}`.", post=path.parent.name)
    session.remark(following)


def _front_matter(
    session: Session,
    repository: Repository,
    trusted: Trusted,
    given: dict[str, Any],
    moment: datetime,
) -> dict[str, Any]:
    schema = trusted.front_matter.schema["properties"]
    author = _author(session, repository, trusted, given["author"])

    def chosen(key: str, title: Message, codes: list[Any], labels: Mapping[Any, str]) -> str:
        return choose(session, key, given[key], title, codes, labels)

    def text(key: str, question: Message) -> str:
        return str(ask(session, key, given[key], question, _conforming(key, schema[key])))

    title = text("title", say("Title"))
    kind = chosen("kind", say("Kind"), schema["kind"]["enum"], zh_names.KINDS)
    own: dict[str, Any] = {}  # what another regulation's posts need not say
    if "category" in schema:
        scopes = [*range(1, 8)]
        own["category"] = int(chosen("category", _CATEGORY, scopes, zh_names.CATEGORIES))
    if "topic" in schema:
        topics = schema["topic"]["enum"]
        own["topic"] = chosen("topic", say("Topic"), topics, zh_names.TOPICS)
    accounts = _carriers(session, trusted, given)
    department = given["department"] or _department(session, trusted, author)
    keys = {
        "title": title,
        **new_front_matter(kind, author, department, moment, accounts),
        **own,
        "publish_at": moment,
    }
    if "summary" in schema:
        keys["summary"] = text("summary", say("Summary"))
    if "ai" in schema:
        machine = schema["ai"]["enum"]
        keys["ai"] = choose(session, "ai", given["ai"] or "none", say("AI"), machine)
    if given["source"]:
        keys["origin"] = "reprint"
    if reviewer := given["secrecy_reviewer"]:
        today = session.now().date().isoformat()
        keys["secrecy_review"] = {"person": reviewer, "date": today, "result": "releasable"}
    if keys["kind"] == "alert":
        keys["alert"] = alert(session, given, moment)
    if keys["kind"] == "reprint" and not given["source"]:
        given["source"] = _source(session, trusted, local_date(moment))
    if given["source"]:
        keys |= reprint(session, given, str(keys["title"]), session.now())
    return {key: value for key, value in keys.items() if key in schema}


def _source(session: Session, trusted: Trusted, day: date) -> str:
    """The source of a reprint that was not given, chosen from those listed on a day."""
    sources = trusted.registers.sources.values()
    names = {s.id: s.name for s in sources if s.valid_from <= day <= (s.valid_until or day)}
    if not session.attended or not names:
        missing = say("Have the lead department enter one: `sanshen new sources`.")
        given = say("Choose one of: {allowed}.", allowed=listed(session, names, names))
        raise Misuse(say("A reprint needs --source."), given if names else missing)
    return choose(session, "source", None, say("Listed source"), [*names], names)


_CATEGORY = say("Category of Article 9")


def _slug(name: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name.strip()):
        raise Misuse(
            say("{slug} cannot be part of an address.", slug=name),
            say("Use small letters, digits and hyphens."),
        )
    return name.strip()


def _conforming(key: str, part: Mapping[str, Any]) -> Read:
    """A text as its schema wants it."""

    def read(answer: str) -> str:
        findings = Conformance({"properties": {key: part}}, "").findings(
            Document("", {key: answer})
        )
        for finding, _ in findings:
            raise Misuse(finding.message, finding.remedy)
        return answer

    return read


def _carriers(session: Session, trusted: Trusted, given: dict[str, Any]) -> list[str]:
    accounts = trusted.registers.accounts

    def read(answer: str) -> list[str]:
        ids = several(plain(answer))
        for account in ids:
            if account not in accounts:
                raise Misuse(
                    say("The account {account} is not registered.", account=account),
                    say("Choose one of: {accounts}.", accounts=", ".join(accounts)),
                )
        return ids

    names = listed(session, accounts, {id: account.name for id, account in accounts.items()})
    question = say("Accounts, separated by commas ({known})", known=names)
    return list(ask(session, "account", ",".join(given["accounts"]), question, read))


def _await_secrecy(session: Session, trusted: Trusted, author: str, moment: datetime) -> None:
    """Say what is still to be done: a draft is not reviewed for secrecy when it is begun."""
    day = moment.date()
    officers = [
        p.id
        for role in ("information-officer", "section-head", "leader-in-charge", "principal")
        for p in trusted.registers.people.values()
        if p.id != author and not p.contractor and p.holds(role, day)
    ]
    session.remark(
        say(
            "Still to be done: have the text reviewed for secrecy ({people}), then enter"
            " secrecy_review with person, date and result: releasable.",
            people=say_names(list(dict.fromkeys(officers))),
        )
    )


def _author(session: Session, repository: Repository, trusted: Trusted, given: str | None) -> str:
    email = repository.setting("user.email")
    person = trusted.registers.person_of(email) if email else None
    if person is not None and not given:
        return person.id
    people = list(trusted.registers.people)
    names = {id: person.name for id, person in trusted.registers.people.items()}
    return choose(session, "author", given, say("Author"), people, names)


def _department(session: Session, trusted: Trusted, author: str) -> str:
    person = trusted.registers.people.get(author)
    tenure = next(iter(person.tenures), None) if person else None
    return tenure.department if tenure else trusted.registers.lead_on(local_date(session.now()))
