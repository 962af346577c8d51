"""What a clause said of a post stands while all that it asked for is the very same."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from pipeline.law.engine import judge_post
from pipeline.model.archive import Archive, Change, Entry, OnBranch, OnDisk, OnMain
from pipeline.model.calendar import Clock
from pipeline.model.findings import Complaint, Effect, Location, say
from pipeline.model.ids import CommitId, Digest, PostId
from pipeline.model.law import ItemClause, Rulebook
from pipeline.model.posts import Post
from pipeline.model.run import Run
from tests.builders.cast import AS_OF
from tests.law.test_engine import _archive, _book
from tests.law.test_engine_waivers import waiver
from tests.rules import builders as made
from tests.rules.facts import with_facts
from tests.rules.governance import registers

Asks = Callable[[Post, Archive], object]


@pytest.fixture(autouse=True)
def run() -> Iterator[None]:
    with Run():
        yield


class Counted:
    """A clause that asks an archive for something, counts how often and tells what it was."""

    def __init__(self, asks: Asks) -> None:
        self.asks, self.asked = asks, 0
        self.book: Rulebook = _book(ItemClause(1, self.check))

    def check(self, post: Post, archive: Archive) -> Iterator[Complaint]:
        self.asked += 1
        answer = say("{it}", it=str(self.asks(post, archive)))
        yield Complaint("so-it-is", Effect.NOTE, answer, Location(post.path, 3), say("Do this."))

    def said(self, post: Post, archive: Archive) -> str:
        (finding,) = judge_post(post, archive, self.book).findings
        return str(finding.message)


SUBJECT = made.post()
OTHER = PostId("2026-01-01-another")
BRINGS = Change(CommitId("b"), CommitId("h"), (Entry(SUBJECT.path, "A", "posts", Digest("d")),))
OWN: dict[str, Asks] = {
    "post": lambda post, _: post.title,
    "registers": lambda _, archive: archive.registers.regulation_digest,
    "setting": lambda post, archive: archive.parameter("quality.emoji_max", archive.day_of(post)),
    "mode": lambda _, archive: archive.mode,
    "brings": lambda post, archive: archive.brings(post),
    "waivers": lambda post, archive: archive.waivers_of(post.id),
    "rendition": lambda post, archive: archive.renditions.get((post.id, "archive")),
}
BEYOND: dict[str, Asks] = {
    "today": lambda _, archive: archive.today,
    "setting of today": lambda _, archive: archive.parameter("quality.emoji_max"),
    "clock": lambda _, archive: archive.clock.reached(AS_OF),
    "evidence": lambda post, archive: len(archive.approvals[post.id].states),
    "publications": lambda post, archive: archive.publications_of(post.id),
    "records": lambda _, archive: archive.records("relays"),
    "other posts": lambda _, archive: sorted(archive.post_ids),
    "change": lambda _, archive: archive.change,
    "another's rendition": lambda _, archive: archive.renditions.get((OTHER, "archive")),
    "all renditions": lambda _, archive: [*archive.renditions],
    "how many renditions": lambda _, archive: len(archive.renditions),
    "another's waivers": lambda _, archive: archive.waivers_of(OTHER),
    "one of its own making": lambda _, archive: replace(archive, clock=Clock(AS_OF)).today,
}


@pytest.mark.parametrize("name", OWN)
def test_what_rests_on_the_post_is_asked_once(name: str) -> None:
    clause, archive = Counted(OWN[name]), _archive()
    later = replace(archive, clock=Clock(AS_OF.replace(year=2031)))
    assert clause.said(SUBJECT, archive) == clause.said(SUBJECT, later)
    assert clause.asked == 1


@pytest.mark.parametrize("name", BEYOND)
def test_what_looks_further_is_asked_each_time(name: str) -> None:
    clause, archive = Counted(BEYOND[name]), _archive()
    clause.said(SUBJECT, archive)
    clause.said(SUBJECT, archive)
    assert clause.asked == 2


@pytest.mark.parametrize(
    "other",
    [
        {"registers": replace(registers(), regulation_digest=Digest("e" * 64))},
        {"situation": OnMain()},
        {"situation": OnDisk()},
        {
            "situation": OnBranch(
                Change(
                    CommitId("b"), CommitId("h"), (Entry(SUBJECT.path, "A", "posts", Digest("d")),)
                )
            )
        },
    ],
    ids=["registers", "on main", "on disk", "brought"],
)
def test_other_registers_and_another_situation_ask_anew(other: dict[str, Any]) -> None:
    def asks(post: Post, archive: Archive) -> object:
        return archive.registers.regulation_digest, archive.mode, archive.brings(post)

    clause, archive = Counted(asks), _archive()
    changed = replace(archive, **other)
    assert clause.said(SUBJECT, archive) != clause.said(SUBJECT, changed)
    assert clause.asked == 2


def test_an_equal_post_of_other_bytes_is_another() -> None:
    clause, archive = Counted(OWN["post"]), _archive()
    other = replace(SUBJECT, meta={**SUBJECT.meta, "title": "另一个标题"})
    assert clause.said(SUBJECT, archive) != clause.said(other, archive)


def test_another_rulebook_asks_anew() -> None:
    clause, archive = Counted(OWN["post"]), _archive()
    clause.said(SUBJECT, archive)
    clause.book = replace(clause.book, digest=Digest("e" * 64))
    clause.said(SUBJECT, archive)
    assert clause.asked == 2


def test_a_clause_of_two_articles_answers_for_each() -> None:
    clause = Counted(OWN["post"])
    (article,) = clause.book.articles
    book = replace(clause.book, articles=(article, replace(article, key="98")))
    found = judge_post(SUBJECT, _archive(), book).findings
    assert [each.clause for each in found] == ["R99-1", "R98-1"]


def test_nothing_is_settled_of_a_post_with_a_waiver() -> None:
    clause = Counted(OWN["waivers"])
    waived = with_facts(_archive(), waiver(SUBJECT))
    for archive in (waived, _archive(), waived):
        judge_post(SUBJECT, archive, clause.book)
    assert clause.asked == 3
