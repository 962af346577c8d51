"""Drafts: a branch for each while it is written, another once it is submitted.

A draft is on a branch ``draft/…``, where it waits for no reviewer; submitting makes it a branch of
the post's own name, as `sanshen submit` does. The form's answers become files for the one writer
of the clone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unicodedata import normalize

from pipeline.errors import Fault, no_post
from pipeline.model.findings import say
from pipeline.model.registers import Person
from pipeline.new.fields import Answers, entered, fields
from pipeline.new.post_form import SNAPSHOT, post_bytes
from pipeline.source.content.paths import home
from pipeline.source.content.posts import split_post
from pipeline.source.content.records import REVIEWS
from pipeline.source.content.text import HIDDEN
from pipeline.source.git.branches import DRAFTS, MAIN, own_changes, tip_of
from pipeline.source.git.proposed import posts_named
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree

Files = Mapping[str, bytes | None]
"""Path → bytes; None takes the file away."""


@dataclass(frozen=True)
class Draft:
    """A post on its branch, as its form shows it."""

    branch: str
    post: str
    tree: Tree
    front_matter: Mapping[str, Any]
    body: str

    @property
    def path(self) -> str:
        return f"{home(self.post)}/post.md"

    @property
    def base(self) -> str:
        """Id of the blob of post.md: what a form was made of."""
        return self.tree.files[self.path].oid

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the files beside post.md."""
        start = f"{home(self.post)}/"
        paths = (path.removeprefix(start) for path in self.tree.files.under(start))
        return tuple(name for name in paths if name != "post.md")

    @property
    def writers(self) -> tuple[object, ...]:
        """Ids of its author and co-authors, as the draft names them."""
        others = self.front_matter.get("co_authors")
        author = self.front_matter.get("author")
        return (author, *others) if isinstance(others, list) else (author,)

    @property
    def submitted(self) -> bool:
        return not self.branch.startswith(DRAFTS)

    @property
    def signed(self) -> bool:
        """Whether someone reviewed the present revision."""
        revision = self.front_matter.get("revision", 1)
        return bool(self.tree.files.under(f"{_reviews(self.post)}r{revision}/"))


def open_draft(repository: Repository, branch: str, post: str) -> Draft:
    """A post on a branch other than main. Raises Fault when there is none that a form can show."""
    tip = tip_of(repository, branch) if branch != MAIN else ""
    tree = repository.tree(tip) if tip else None
    path = f"{home(post)}/post.md"
    if tree is None or path not in tree.files:
        raise no_post(post)
    front_matter, body = _parts(path, tree.read(path))
    return Draft(branch, post, tree, front_matter, body)


RESERVED = ("records/", "govern/", "roster/", "expunge/")
"""What the names of branches begin with that no writer's post is on."""


def own_draft(repository: Repository, branch: str, post: str, person: Person) -> Draft:
    """As `open_draft`, of a post that the person writes, on the branch that carries it and no other
    post (threats A53). Raises Fault for any other."""
    draft = open_draft(repository, branch, post)
    main = repository.base(MAIN)
    tip = tip_of(repository, branch)
    base, changes = own_changes(repository, main, tip)
    carried = set(posts_named(change.path for change in changes))
    if branch in ("HEAD", MAIN) or branch.startswith(RESERVED) or carried != {post}:
        raise Fault(
            say("This branch does not carry this post alone, so nothing is written to it."),
            say("Open the post from your list."),
        )
    asked = ("--format=%ae", f"{base}..{tip}", "--", home(post))
    committed = repository.git("log", *asked).decode(errors="replace").casefold().split()
    if person.id not in draft.writers and not {*person.emails} & {*committed}:
        raise Fault(
            say("Only its writers change this post."),
            say("Ask them to enter you as co-author, or review it."),
        )
    return draft


def _parts(path: str, raw: bytes) -> tuple[Mapping[str, Any], str]:
    document, body, _ = split_post(path, raw)
    if body is None or not isinstance(document.value, dict):
        message = say("The form cannot show this draft: its file cannot be read.")
        raise Fault(message, say("Have it mended where it was written: `sanshen check` says how."))
    return document.value, body


@dataclass(frozen=True)
class Edit:
    """What a form's answers make of a draft."""

    post: str
    """Its id, which begins with the day on which it is to be published."""
    front_matter: Mapping[str, Any]
    body: str
    files: Files
    """What changes on the branch; empty: nothing."""


def edit(draft: Draft, schema: Mapping[str, Any], answers: Answers, now: datetime) -> Edit:
    """The draft with the answers. What someone signed becomes the next revision by any change, and
    by the answer `_anew`."""
    answers = {name: [*map(_visible, texts)] for name, texts in answers.items()}
    value = entered(fields(schema), answers, draft.front_matter)
    body = _with_alternatives(answers.get("_body", [draft.body])[0], value)
    files = _dropped(draft, value, answers.get("_drop", ()))
    original = answers.get("_original", [""])[0].strip()
    if original and isinstance(value.get("source"), dict):
        name = f"{home(draft.post)}/{SNAPSHOT}"
        if name not in draft.tree.files or draft.tree.read(name).decode().strip() != original:
            files[name] = f"{original}\n".encode()
            value["source"] |= {"snapshot": SNAPSHOT, "fetched_at": now.isoformat("T", "seconds")}
    revision = draft.front_matter.get("revision", 1)
    changed = post_bytes(value, body) != post_bytes(draft.front_matter, draft.body)
    if changed or (draft.signed and (files or answers.get("_anew"))):
        if draft.signed and isinstance(revision, int):
            value["revision"] = revision + 1
        files[draft.path] = post_bytes(value, body)
    return _moved(draft, Edit(draft.post, value, body, files))


def _dropped(draft: Draft, value: dict[str, Any], names: Sequence[str]) -> dict[str, bytes | None]:
    """The files that are taken away; `value` loses their rows."""
    gone = {*names} & {*draft.names}
    rows = value.get("media")
    if gone and isinstance(rows, list):
        left = [r for r in rows if not isinstance(r, dict) or r.get("file") not in gone]
        value |= {"media": left}
        if not left:
            del value["media"]
    return dict.fromkeys(f"{home(draft.post)}/{name}" for name in sorted(gone))


def _visible(text: str) -> str:
    """What is typed or pasted without what no one sees, which a file may not hold: it could not be
    opened again. Other programs break lines by signs of their own; a mark of a merge is escaped."""
    lines = re.sub("\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text)
    shown = normalize("NFC", HIDDEN.sub("", lines))
    return re.sub(r"^(?=(?:<{7}|\|{7}|>{7})(?: |$))", r"\\", shown, flags=re.MULTILINE)


def _moved(draft: Draft, made: Edit) -> Edit:
    """The edit in the folder of its day, which a draft that no one signed yet follows."""
    day = str(made.front_matter.get("publish_at", ""))[:10]
    id = f"{day}{draft.post[10:]}"
    reviewed = draft.tree.files.under(_reviews(draft.post))
    if id == draft.post or reviewed or draft.submitted or not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        return made
    before, after = home(draft.post), home(id)
    held = {path: draft.tree.read(path) for path in draft.tree.files.under(f"{before}/")}
    files: dict[str, bytes | None] = dict.fromkeys(held)
    there = {**held, **made.files}.items()
    files |= {path.replace(before, after, 1): raw for path, raw in there if raw is not None}
    return Edit(id, made.front_matter, made.body, files)


def _reviews(post: str) -> str:
    return f"{REVIEWS}{post[:4]}/{post}/"


def _with_alternatives(body: str, front_matter: Mapping[str, Any]) -> str:
    """The text with the words of `media` where a picture in it has none of its own."""
    rows = front_matter.get("media")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and row.get("alt"):
            alt = re.sub(r"[\\\[\]]", r"\\\g<0>", " ".join(str(row["alt"]).split()))
            body = body.replace(f"![]({row.get('file')})", f"![{alt}]({row.get('file')})")
    return body
