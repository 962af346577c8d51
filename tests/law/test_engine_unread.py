"""A body that could not be read: whatever clause asks for its words is not evaluated."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, replace
from typing import Any

import pytest

from pipeline.judge.judgements import check
from pipeline.judge.lazy_renditions import Channels
from pipeline.law.engine import judge_post
from pipeline.model.findings import Outcome
from pipeline.model.law import ItemClause
from pipeline.model.posts import Post
from pipeline.model.renditions import Rendition
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF
from tests.builders.files import folder
from tests.rules import builders
from tests.rules.builders import post, publication
from tests.rules.test_bad_registers import trusted

KINDS: Mapping[str, dict[str, Any]] = {
    "tip": {},
    "reprint": {"origin": "reprint", "source": {"id": "mem", "url": "https://a.example/1"}},
    "alert": {"kind": "alert", "alert": {"type": "暴雨", "level": 3, "colour": "yellow"}},
    "machine": {"ai": "assisted"},
    "withdrawn": {"validity": "withdrawn", "revision": 2},
}
asked: set[str] = set()


class Watched(Post):
    """A post that remembers that it was asked for its body."""

    def __getattribute__(self, name: str) -> Any:
        if name == "body":
            asked.add(name)
        return super().__getattribute__(name)


class Drawn(Mapping[tuple[str, str], Rendition]):
    """Renditions that remember that they were asked for."""

    def __init__(self, made: Channels) -> None:
        self.made = made

    def __getitem__(self, place: tuple[str, str]) -> Rendition:
        asked.add("rendition")
        return self.made[place]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.made)

    def __len__(self) -> int:
        return len(self.made)


def readers(subject: Post, look: Any) -> set[str]:
    """Ids of the clauses that ask for the body of a post that can be read, or for a rendition."""
    found = set()
    drawn = replace(look, renditions=Drawn(Channels({subject.id: subject}, look.registers)))
    for clause_id, clause in trusted().rulebook.of_shape(ItemClause):
        asked.clear()
        seen = Watched(**{f.name: getattr(subject, f.name) for f in fields(subject)})
        if clause.applies(seen, drawn):
            with suppress(Exception):  # of registers this bare; what was asked before counts
                list(clause.check(seen, drawn))
        if asked:
            found.add(clause_id)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_no_clause_says_satisfied_of_a_body_that_it_never_read(kind: str) -> None:
    subject = post(body="附件见 [这里](https://a.example)。\n", **KINDS[kind])
    look = builders.archive(subject, publications=(publication("2026-11-03 10:00"),))
    wanted = readers(subject, look)
    assert len(wanted) > 8 and {"R13-10", "R13-3", "R10-6", "F-1"} <= wanted
    outcomes = judge_post(replace(subject, body="", unread=True), look, trusted().rulebook).outcomes
    assert {outcomes[clause] for clause in wanted} == {Outcome.NOT_EVALUATED}
    assert outcomes["R01-1"] is not Outcome.NOT_EVALUATED


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
