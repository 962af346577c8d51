"""What could not be read: whatever clause asks for it is not evaluated, and never satisfied."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from typing import Any

import pytest

from pipeline.judge.judgements import check
from pipeline.law.engine import judge_post
from pipeline.model.findings import Outcome
from pipeline.model.law import ItemClause
from pipeline.model.posts import Post, Rendition
from pipeline.model.rendered import Channels
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF
from tests.builders.files import folder
from tests.rules import builders
from tests.rules.builders import post, publication
from tests.rules.test_bad_registers import trusted
from tests.rules.test_front_matter import FULL, PLAIN, WHOLE

ALERT = FULL["alert"]
KINDS: Mapping[str, dict[str, Any]] = {
    "tip": {},
    "reprint": {"origin": "reprint", "source": FULL["source"], "kind": "reprint"},
    "alert": {"kind": "alert", "alert": ALERT},
    "machine": {"ai": "assisted"},
    "withdrawn": {"validity": "withdrawn", "revision": 2},
    "full": {**FULL, "accounts": ["wx"]},
}
asked: set[str] = set()


class WatchedKeys(dict[str, Any]):
    """A front matter that remembers for which keys it was asked."""

    def __getitem__(self, key: str) -> Any:
        asked.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        asked.add(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        asked.add(str(key))
        return super().__contains__(key)


class Watched(Post):
    """A post that remembers that it was asked for its body, its snapshots or a key."""

    def __getattribute__(self, name: str) -> Any:
        if name in ("body", "texts"):
            asked.add(name)
        value = super().__getattribute__(name)
        return WatchedKeys(value) if name == "meta" else value

    @property
    def publish_day(self) -> Any:  # asked for settings: where it is broken, today's are taken
        return object.__getattribute__(self, "meta")["publish_at"].date()


class Drawn(Mapping[tuple[str, str], Rendition]):
    """Renditions that remember that they were asked for."""

    def __init__(self, made: Mapping[tuple[str, str], Rendition]) -> None:
        self.made = made

    def __getitem__(self, place: tuple[str, str]) -> Rendition:
        asked.add("body")
        return self.made[place]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.made)

    def __len__(self) -> int:
        return len(self.made)


def readers(subject: Post, look: Any) -> dict[str, set[str]]:
    """What is asked of a post that can be read → ids of the clauses that ask for it."""
    found: dict[str, set[str]] = {}
    drawn = replace(look, renditions=Drawn(look.renditions))
    for clause_id, clause in trusted().rulebook.of_shape(ItemClause):
        asked.clear()
        seen = Watched(**{f.name: getattr(subject, f.name) for f in fields(subject)})
        with suppress(Exception):  # of registers this bare; what was asked before counts
            if clause.applies(seen, drawn):
                list(clause.check(seen, drawn))
        for part in asked:
            found.setdefault(part, set()).add(clause_id)
    return found


def without(subject: Post, part: str) -> Post:
    """The post with one part of it that could not be read, or one key that breaks its schema."""
    if part == "body":
        return replace(subject, body="", unread=("body",))
    if part == "texts":
        return replace(subject, unread=("texts",))
    meta = {k: v for k, v in subject.meta.items() if k != part}
    return replace(subject, meta=meta, invalid=frozenset({part}))


@pytest.mark.parametrize("kind", KINDS)
def test_no_clause_says_satisfied_of_what_it_never_read(kind: str) -> None:
    """Each part that each clause asks of a post, broken alone: R13-10 of a body, and all others."""
    converted = WHOLE.convert({**PLAIN, "accounts": ["wx"], **KINDS[kind]})
    subject = post(body="附件见 [这里](https://a.example)。\n", **converted)
    subject = replace(subject, texts={f"{subject.folder}/source.txt": "原文。"})
    look = builders.archive(subject, publications=(publication("2026-11-03 10:00"),))
    look = replace(look, renditions=Channels({subject.id: subject}, look.registers))
    wanted = readers(subject, look)
    assert {"R13-10", "R13-3", "R10-6", "F-1"} <= wanted["body"]
    assert {"R13-10", "R14-5"} <= wanted["texts"] and len(wanted) > 15
    for part, clauses in wanted.items():
        outcomes = judge_post(without(subject, part), look, trusted().rulebook).outcomes
        claimed = [c for c in sorted(clauses) if outcomes[c] is not Outcome.NOT_EVALUATED]
        assert (part, claimed) == (part, [])
        assert outcomes["R03-4"] is not Outcome.NOT_EVALUATED


def test_an_invisible_character_leaves_the_private_data_of_a_body_unchecked(
    archive: ArchiveRepo,
) -> None:
    """As every clause that reads it: the count says so, and the post is refused."""
    archive.draft()
    archive.change(f"{folder(POST)}/post.md", "---\n\n", "---\n\n\u200b")
    (verdict,) = check(archive.open(), frozenset({POST}), lambda _: AS_OF).verdicts
    assert verdict.outcomes["R13-10"] is Outcome.NOT_EVALUATED
    assert verdict.outcomes["R10-6"] is Outcome.NOT_EVALUATED
    assert not verdict.publishable


def test_a_snapshot_that_is_no_text_leaves_the_private_data_of_the_post_unchecked(
    archive: ArchiveRepo,
) -> None:
    archive.draft(files={f"{folder(POST)}/source.txt": b"\xff\xfe\x00"})
    (verdict,) = check(archive.open(), frozenset({POST}), lambda _: AS_OF).verdicts
    assert verdict.outcomes["R13-10"] is Outcome.NOT_EVALUATED
    assert not verdict.publishable
