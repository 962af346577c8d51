"""A draft as its form shows it, and what the answers of the form make of it.

The answers become files for the one writer of the clone.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from unicodedata import normalize

from pipeline.model.ids import BranchName, PostId
from pipeline.model.invisible import HIDDEN
from pipeline.new.fields import Answers, Field, entered, fields
from pipeline.new.post_form import SNAPSHOT, post_bytes
from pipeline.source.content.paths import home

Files = Mapping[str, bytes | None]
"""Path → bytes; None takes the file away."""
RECORD = "_record."
"""What the names of a form's answers about the record of a change begin with."""
ASKED = ("reason", "withhold")
"""What a form asks of that record; the program fills in the rest."""


@dataclass(frozen=True)
class Draft:
    """A post on its branch, as its form shows it."""

    branch: BranchName
    post: PostId
    front_matter: Mapping[str, Any]
    body: str
    base: str
    """Id of the blob of post.md: what a form was made of."""
    names: tuple[str, ...]
    """Names of the files beside post.md."""
    read: Callable[[str], bytes] = field(repr=False)
    """Name of one of them, or post.md → its bytes."""
    submitted: bool = False
    signed: bool = False
    """Whether someone reviewed the present revision."""
    reviewed: bool = False
    """Whether someone reviewed any."""
    public: int = 0
    """The revision that main holds; 0: none."""
    record: Mapping[str, Any] = field(default_factory=dict)
    """Of a revision of what main holds, the record that tells of the change."""

    @property
    def revision(self) -> int:
        number = self.front_matter.get("revision", 1)
        return number if isinstance(number, int) else 1

    @property
    def path(self) -> str:
        return f"{home(self.post)}/post.md"

    @property
    def writers(self) -> tuple[object, ...]:
        """Ids of its author and co-authors, as the draft names them."""
        others = self.front_matter.get("co_authors")
        author = self.front_matter.get("author")
        return (author, *others) if isinstance(others, list) else (author,)


@dataclass(frozen=True)
class Edit:
    """What a form's answers make of a draft."""

    post: PostId
    """Its id, which begins with the day on which it is to be published."""
    front_matter: Mapping[str, Any]
    body: str
    files: Files
    """What changes on the branch; empty: nothing."""
    record: Mapping[str, Any] = field(default_factory=dict)
    """As of `Draft`."""


ANEW = ("ai", "validity", "revision", "author", "co_authors", "secrecy_review", "leader_approval",
        "consent", "guardian_consent", "coordination", "pii_exemption", "emergency", "doc_no",
        "remarks")  # fmt: skip
"""What a post says of itself alone: who made, looked at and allowed it."""
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ].*)?")


def timeless(value: Any) -> Any:
    """What another post may begin with: no day and no time."""
    if isinstance(value, Mapping):
        return {k: timeless(v) for k, v in value.items() if not _TIME.fullmatch(str(v))}
    return [timeless(each) for each in value] if isinstance(value, list) else value


def asked_of(schema: Mapping[str, Any]) -> list[Field]:
    """The fields of the record of a change that a form asks for."""
    return [each for each in fields(schema) if each.key in ASKED]


def edit(
    draft: Draft, schema: Mapping[str, Any], answers: Answers, now: datetime,
    records: Mapping[str, Any],
) -> Edit:  # fmt: skip
    """The draft with the answers. What someone signed becomes the next revision by any change, and
    by the answer `_anew`. `records`: the schema of the record of a change."""
    answers = {name: [*map(_visible, texts)] for name, texts in answers.items()}
    value = entered(fields(schema), answers, draft.front_matter)
    body = _with_alternatives(answers.get("_body", [draft.body])[0], value)
    files = _dropped(draft, value, answers.get("_drop", ()))
    original = answers.get("_original", [""])[0].strip()
    held = draft.read(SNAPSHOT).decode(errors="replace").strip() if SNAPSHOT in draft.names else ""
    if original not in ("", held) and isinstance(value.get("source"), dict):
        files[f"{home(draft.post)}/{SNAPSHOT}"] = f"{original}\n".encode()
        value["source"] |= {"snapshot": SNAPSHOT, "fetched_at": now.isoformat("T", "seconds")}
    record = entered(asked_of(records), answers, draft.record, RECORD) if draft.public else {}
    changed = post_bytes(value, body) != post_bytes(draft.front_matter, draft.body)
    if changed or record != draft.record or (draft.signed and (files or answers.get("_anew"))):
        if draft.signed:
            value["revision"] = draft.revision + 1
        files[draft.path] = post_bytes(value, body)
    return _moved(draft, Edit(draft.post, value, body, files, record))


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
    id = PostId(f"{day}{draft.post[10:]}")
    if (
        id == draft.post
        or draft.reviewed
        or draft.submitted
        or not re.fullmatch(r"\d{4}-\d\d-\d\d", day)
    ):
        return made
    before, after = home(draft.post), home(id)
    held = {f"{before}/{name}": draft.read(name) for name in ("post.md", *draft.names)}
    files: dict[str, bytes | None] = dict.fromkeys(held)
    there = {**held, **made.files}.items()
    files |= {path.replace(before, after, 1): raw for path, raw in there if raw is not None}
    return Edit(id, made.front_matter, made.body, files)


def _with_alternatives(body: str, front_matter: Mapping[str, Any]) -> str:
    """The text; a picture without alternative words gets those of its row in `media`."""
    rows = front_matter.get("media")
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict) and row.get("alt"):
            alt = re.sub(r"[\\\[\]]", r"\\\g<0>", " ".join(str(row["alt"]).split()))
            bare, worded = (f"![{words}]({row.get('file')}" for words in ("", alt))
            for end in (")", ' "'):  # of a picture without and with words under it
                body = body.replace(f"{bare}{end}", f"{worded}{end}")
    return body
