"""A revision of what main holds: the record that tells readers of the change, made out of both."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pipeline.detect.private import mask
from pipeline.model.findings import say
from pipeline.model.ids import PersonId, PostId
from pipeline.model.posts import Post
from pipeline.new.yaml_writer import dump
from pipeline.parts.desk.drafts import Draft, Edit, Files
from pipeline.render.comparison import compare_posts
from pipeline.report.front_matter import Wording
from pipeline.source.content.records import CORRECTIONS

SHOWN = ("title", "summary", "doc_no", "effective_on", "expires_on", "alert")
"""Keys of the front matter whose change the record tells, beside sentences and pictures."""
LONGEST_WORDING = 1000
"""Signs of a wording that the record takes."""


def record_path(post: PostId, revision: int) -> str:
    return f"{CORRECTIONS}{post[:4]}/{post}.r{revision}.yml"


def recorded(
    draft: Draft, made: Edit, old: Post, new: Post, wording: Wording, day: date, person: PersonId
) -> Files:
    """The record of an edit, with each wording that changed; one of a revision that was returned
    goes, for it tells of nothing that comes to be."""
    kind, withheld = made.record.get("kind"), made.record.get("withhold") is True
    hidden = wording.tr(say("(not shown any more)"))
    rows = [] if kind == "withdrawal" else _changes(old, new, wording)
    value = {
        "post": draft.post, "revision": made.front_matter["revision"], **made.record,
        "changed_on": day.isoformat(), "person": person,
        "changes": [
            {"old": hidden if withheld and was else was[:LONGEST_WORDING],
             "new": now[:LONGEST_WORDING]} for was, now in rows
        ],
    }  # fmt: skip
    stood = {record_path(draft.post, draft.revision): None} if draft.record else {}
    return {**stood, record_path(draft.post, value["revision"]): dump(value)}


def _changes(old: Post, new: Post, wording: Wording) -> Iterator[tuple[str, str]]:
    """(wording before, wording after) of each part that a reader sees otherwise."""
    compared = compare_posts(old, new, wording.registers)
    for key, before, after in compared.keys:
        if key in SHOWN:
            yield from _parts(key, before, after, wording)
    for row in compared.changed_rows:
        if not row.is_break and row.change != "moved":
            yield mask(row.texts[0]), mask(row.texts[1])
    for file in compared.files:
        was, now = (
            wording.tr(say("picture or file: {words}", words=side.alt or file.name)) if side else ""
            for side in (file.old, file.new)
        )
        yield was, wording.tr(say("{words} (replaced)", words=now)) if was == now else now


def _parts(key: str, was: Any, now: Any, wording: Wording) -> Iterator[tuple[str, str]]:
    """Of a mapping each key that differs; of anything else the whole."""
    if not isinstance(was, Mapping) or not isinstance(now, Mapping):
        was, now = {key: was}, {key: now}
    for part in {**was, **now}:
        if was.get(part) != now.get(part):
            label, sides = wording.label(part), [side.get(part) for side in (was, now)]
            words = [f"{label}：{wording.value(part, v)}" if v is not None else "" for v in sides]
            yield mask(words[0]), mask(words[1])
