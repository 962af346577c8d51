"""查找 over drafts, posts and records; 日历 of what goes out and falls due; 我的 keys and acts."""

import re
from calendar import Calendar
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.evidence.review.statements import predicate_of
from pipeline.history.duties import duties
from pipeline.history.pending_records import pending_records
from pipeline.history.waiting import WaitingPost, waiting
from pipeline.model import evidence, posts, zh_names
from pipeline.model.calendar import local_date, minute
from pipeline.model.findings import Message, say
from pipeline.model.ids import PersonId, PostId
from pipeline.model.part import program
from pipeline.model.registers import Registers
from pipeline.model.reports import open_duties
from pipeline.parts.desk.desk import Desk, desk_of, email_of
from pipeline.parts.desk.frame import DeskPages, page, session_of
from pipeline.parts.desk.seeking import EVERY_POST, paths_holding
from pipeline.parts.desk.waiting_list import address
from pipeline.source.content.front_matter import split_post
from pipeline.source.content.paths import POSTS, RECORDS, post_ids
from pipeline.source.content.posts import front_matter_of
from pipeline.source.content.records import REVIEWS
from pipeline.source.content.text import read_yaml
from pipeline.source.git.branches import MAIN
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree

SHOWN = 20
"""Rows of a page."""
COMMITS = 1000
"""So many of a person's newest are looked through for what they signed and entered."""
STATED = {"kind": "kind", "account": "accounts?",
          "person": "author|co_authors|person|reviewer|operator"}  # fmt: skip
"""Filter → the keys, as a pattern, whose value answers it; a list holds its values below it."""
MONTH = re.compile(r"2[0-9]{3}-(?:0[1-9]|1[0-2])")
SIGNED = (REVIEWS, RECORDS, "content/registers/", "content/policy.yml")
"""Where the files lie that people sign and enter."""
SIGNERS = ("reviewer", "operator", "person")
"""Keys of a statement that name who signed it."""


def find(request: Request) -> Response:
    """The newest that hold all words and answer every filter."""
    desk, asked, me = desk_of(request), request.query_params, session_of(request).person
    words, given = asked.get("q", "").split()[:8], {name: asked.get(name, "") for name in STATED}
    where, first, last = (asked.get(name, "") for name in ("where", "first", "last"))
    with desk.archive() as (repository, registers):
        tree = repository.tree(pending_records(repository).head)
        drafts = _under_way(desk, repository, me) if where in ("", "drafts") else []
        matching: list[tuple[str, str, WaitingPost | None]] = [
            (i.post.id, "", i) for i in drafts if _answers(i.post, words, given)
        ]
        paths = _holding(repository, tree.oid, words, given, where)
        matching += ((_name(path), path, None) for path in paths)
        some = (row for row in matching if (first or "0") <= row[0][:10] <= (last or "~"))
        rows, start = sorted(some, key=lambda row: row[0], reverse=True), _start(request)
        return page(
            request,
            "find",
            asked=asked,
            count=len(rows),
            now=desk.now().isoformat(),
            rows=[(*row, *_stated(tree, row[1])) for row in rows[start:][:SHOWN]],
            kinds=zh_names.KINDS,
            signed=_signed(),
            **_lines(repository, registers),
            address=lambda item: address(item, me),
            later=urlencode({**asked, "from": start + SHOWN}) if rows[start + SHOWN :] else "",
        )


def _plain() -> dict[str, str]:
    """Kinds of records that have a page each → what they are called."""
    return {name: kind.label for name, kind in program().records.items() if kind.plain}


def _signed() -> dict[str, str]:
    """Kinds of signed records → where git looks for them."""
    records = (name for name, kind in program().records.items() if kind.predicate)
    return {"reviews": f"{REVIEWS}*.json", **{name: f"{RECORDS}{name}/*.json" for name in records}}


def _about(registers: Registers, stated: Mapping[str, Any]) -> str:
    """What a statement that is of no post says, and of whom or what; else its reason."""
    name, of = (str(stated.get(key) or "") for key in ("name", "subject"))
    of = registers.called(of or str(stated.get("account") or ""))
    return "，".join(filter(None, (zh_names.DECLARATIONS.get(name, name), of))) or str(
        stated.get("reason") or ""
    )


def _lines(repository: Repository, registers: Registers) -> dict[str, Any]:
    """What a line about any file needs beside its row."""
    steps = dict(zip("1234", evidence.STEP_NAMES.values(), strict=True))
    standing = post_ids(repository.tree(repository.base(MAIN)), ())
    about = partial(_about, registers)
    return {"plain": _plain(), "standing": standing, "labels": program().labels, "steps": steps,
            "about": about, "registers": registers}  # fmt: skip


def _start(request: Request) -> int:
    """How many rows of a list come before this page."""
    text = request.query_params.get("from", "")
    return int(text) if text.isdecimal() and len(text) < 7 else 0


def _under_way(desk: Desk, repository: Repository, me: PersonId) -> list[WaitingPost]:
    """What main does not hold as it stands: what was handed in, and the person's own drafts."""
    return [i for i in waiting(repository, desk.now()).seen_by(me) if not i.merged]


def _answers(post: posts.Post, words: list[str], given: Mapping[str, str]) -> bool:
    """As `_holding`, of a post on a branch."""
    text = f"{post.title} {post.meta.get('summary', '')} {post.body}".casefold()
    states = {"kind": [post.kind], "account": post.accounts, "person": post.declared}
    answered = (value in ("", *states[name]) for name, value in given.items())
    return all(answered) and all(word.casefold() in text for word in words)


def _holding(
    repository: Repository, tree: str, words: list[str], given: Mapping[str, str], where: str
) -> list[str]:
    """Paths of the posts and plain records that hold these words and values; of what is signed
    where that alone is sought, since each step of each post is a file."""
    kind, plain, signed = given["kind"], _plain(), _signed()
    places = {
        "posts": [EVERY_POST] if kind not in plain | signed else [],
        "records": [f"{RECORDS}{name}/" for name in plain if kind in ("", name)],
        "signed": [path for name, path in signed.items() if kind in ("", name)],
    }
    where = where or ("signed" if kind in signed else "")
    asked = {**given, "kind": ""} if kind in plain | signed else given
    sought = [where] if where else ["posts", "records"]
    under = [path for name in sought for path in places.get(name, ())]
    patterns = (
        rf'^(({keys}):| *-)(.*[ [,])?"?{value}"?([],].*)?$|^ *("({keys})": )?"{value}",?$'
        for name, keys in STATED.items()
        if (value := re.escape(asked[name]))
    )
    return paths_holding(repository, tree, under, words, *patterns) if under else []


def _name(path: str) -> str:
    """Of a post and its reviews its id, of a record the name of its file, or of the folder of a
    consent: each begins with a day."""
    return Path(path.split("/")[: 4 if path.startswith((POSTS, REVIEWS)) else 5][-1]).stem


def _stated(tree: Tree, path: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What a post, a record or a statement says of itself, and of its post the front matter."""
    raw = tree.read(path) if path in tree.files else b""
    if path.endswith(".json"):
        stated = predicate_of(raw)
        return stated, front_matter_of(tree, PostId(str(stated.get("post", "0000"))))
    value = split_post(path, raw)[0].value if path.endswith(".md") else read_yaml(path, raw).value
    return value if isinstance(value, dict) else {}, {}


def calendar(request: Request) -> Response:
    """A month: when posts go out or went out, and what is owed until when."""
    desk, text = desk_of(request), request.query_params.get("month", "")
    today = local_date(desk.now())
    month = date.fromisoformat(f"{text}-01") if MONTH.fullmatch(text) else today.replace(day=1)
    with desk.archive() as (repository, _):
        entries = _entries(desk, repository, session_of(request).person, f"{month:%Y-%m}")
        rows = sorted((e for e in entries if e[0].startswith(f"{month:%Y-%m}")), key=itemgetter(0))
        return page(
            request, "calendar", month=month, today=today, before=month - timedelta(days=1),
            after=month + timedelta(days=31),
            days={day: list(some) for day, some in groupby(rows, key=lambda row: row[0][:10])},
            weeks=Calendar().monthdatescalendar(month.year, month.month),
        )  # fmt: skip


def _entries(
    desk: Desk, repository: Repository, me: PersonId, month: str
) -> Iterator[tuple[str, str, str, str | Message, Message]]:
    """(time, page, kind of entry, what, stage)"""
    pending = pending_records(repository)
    tree = repository.tree(pending.head)
    for item in _under_way(desk, repository, me):
        if at := item.post.publish_at:
            yield minute(at), address(item, me), "wait", item.post.title, item.stage
    for id in (id for id in post_ids(tree) if id.startswith(month)):
        meta = front_matter_of(tree, id)
        day = str(meta.get("publish_at", id[:10])).replace("T", " ")[:16]
        yield day, f"/published/{id}", "out", str(meta.get("title", id)), say("goes out")
    for duty in open_duties(duties(repository, pending.head, lambda _: desk.now()).findings):
        if duty.due:
            yield minute(duty.due), "/due", "due", duty.message, say("due")


def mine(request: Request) -> Response:
    """My keys, and what I signed and entered, the newest first."""
    desk, session, start = desk_of(request), session_of(request), _start(request)
    with desk.archive() as (repository, registers):
        person = registers.people[session.person]
        acts = _acts(repository, person.id, {*person.emails, email_of(person)})
        rows = list(islice(acts, start, start + SHOWN + 1))
        return page(
            request, "mine", most=COMMITS, current=session.key, rows=rows[:SHOWN],
            **_lines(repository, registers), later=start + SHOWN if len(rows) > SHOWN else 0,
            keys=[key for key in registers.roster.keys if key.person == person.id],
        )  # fmt: skip


def _acts(
    repository: Repository, me: PersonId, mails: set[str]
) -> Iterator[tuple[str, str, Mapping[str, Any], Mapping[str, Any]]]:
    """(time, path, what it states, front matter of its post) of what a person signed or entered;
    a statement that they committed for another is the other's."""
    authors = (f"--author=<{mail}>" for mail in sorted(mails))
    asked = ("log", "-z", "-F", *authors, "--no-merges", "--name-only", "--diff-filter=AM",
             f"-{COMMITS}", "--format=%x01%H%x00%cI", "--branches", "--remotes")  # fmt: skip
    seen = set[str]()
    for block in repository.git(*asked).decode(errors="replace").split("\1")[1:]:
        commit, when, *paths = (part.strip("\n") for part in block.split("\0"))
        for path in paths:
            if path in seen or not path.startswith(SIGNED) or path.endswith((".sig", ".tsr")):
                continue
            seen.add(path)
            tree = repository.tree(commit)
            stated, post = _stated(tree, path)
            if not path.endswith(".json") or me in (stated.get(key) for key in SIGNERS):
                yield minute(datetime.fromisoformat(when)), path, stated, post


def pages() -> DeskPages:
    routes = [Route("/find", find), Route("/calendar", calendar), Route("/mine", mine)]
    return DeskPages(Path(__file__).parent, routes, (
        ("/find", say("Find")), ("/calendar", say("Calendar")), ("/mine", say("Mine")),
    ))  # fmt: skip
