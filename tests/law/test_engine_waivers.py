"""Waivers in the engine: which finding is excused, by whom, and what becomes of the others."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from pipeline.law.engine import judge_post
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, Location, Outcome, say
from pipeline.model.law import Article, Clause, ItemClause, Rule, Rulebook
from pipeline.model.posts import Handler, Post
from pipeline.model.records import Signed
from pipeline.model.reports import Verdict
from pipeline.report.language import translator
from tests.rules import builders as made
from tests.rules.facts import signed, with_facts
from tests.rules.governance import PEOPLE, day, person, registers
from tests.verdicts import findings_of

WORDS = "务必转发"


def book(*clauses: Clause) -> Rulebook:
    article = Article("16", "第十六条", "", Rule(clauses), "a16", {}, {}, {})
    return Rulebook((article,), "d" * 64)


def finds(waivable: str = WORDS, effect: Effect = Effect.REFUSE) -> ItemClause:
    """A clause that finds words in every post."""

    def check(post: Post, _archive: Archive) -> Iterator[Complaint]:
        yield Complaint(
            "so-it-is",
            effect,
            say("Words found."),
            Location(post.path, 3),
            say("Do."),
            waivable=waivable,
        )

    return ItemClause(2, check)


def waiver(subject: Post, who: str = "kz-a", role: str = "section-head", **changes: Any) -> Signed:
    when = changes.pop("when", "2026-11-03 09:00")
    return signed("waiver", who, role, when, id=f"{subject.id}.0", **({
        "clause": "R16-2", "post": subject.id, "text": WORDS, "content": subject.content_digest,
        "reason": "转述来稿原话", "expires_on": day("2026-12-01"),
    } | changes))  # fmt: skip


def judged(
    *waivers: Signed, clause: ItemClause | None = None, subject: Post | None = None, **more: Any
) -> Verdict:
    post = subject or made.post()
    archive = with_facts(replace(made.archive(post), **more), *waivers)
    return judge_post(post, archive, book(clause or finds()))


def told(verdict: Verdict) -> list[tuple[Effect, str]]:
    """Effect, name and what is shown of every finding."""
    found = findings_of(verdict, "R16-2")
    return [(f.effect, " ".join([f.name, *(str(v) for _, v in f.message.values)])) for f in found]


REFUSED = (Effect.REFUSE, "so-it-is")
EXCUSED = (Effect.NOTE, "so-it-is Words found. 某kz-a 2026-12-01 转述来稿原话")


def test_without_a_waiver_the_finding_refuses() -> None:
    assert told(judged()) == [REFUSED]


@pytest.mark.parametrize("effect", [Effect.HOLD, Effect.REFUSE])
def test_a_waiver_that_counts_leaves_a_note_with_who_why_and_until_when(effect: Effect) -> None:
    verdict = judged(waiver(made.post()), clause=finds(effect=effect))
    assert told(verdict) == [EXCUSED]
    assert verdict.outcomes["R16-2"] is Outcome.SATISFIED
    assert verdict.publishable
    (note,) = findings_of(verdict, "R16-2")
    assert "经某kz-a豁免" in translator("zh")(note.message).replace(" ", "")


@pytest.mark.parametrize(
    ("who", "role"),
    [("kz-a", "section-head"), ("ld-a", "leader-in-charge"), ("ld-b", "principal")],
)
def test_the_second_reviewer_and_those_above_may_waive(who: str, role: str) -> None:
    assert judged(waiver(made.post(), who, role)).publishable


MAY_NOT = "waiver-lacks-role {}"


@pytest.mark.parametrize(
    ("who", "role", "words"),
    [
        ("xxy-a", "information-officer", MAY_NOT.format("xxy-a")),
        ("gly-a", "operator", MAY_NOT.format("gly-a")),
        ("xxy-a", "section-head", MAY_NOT.format("xxy-a")),
        ("kz-a", "principal", MAY_NOT.format("kz-a")),
        ("zz-a", "writer", MAY_NOT.format("zz-a")),
        ("nobody", "section-head", MAY_NOT.format("nobody")),
    ],
)
def test_others_may_not_and_that_refuses_at_the_waiver(who: str, role: str, words: str) -> None:
    given = waiver(made.post(), who, role)
    verdict = judged(given)
    assert told(verdict) == [(Effect.REFUSE, words), REFUSED]
    assert findings_of(verdict, "R16-2")[0].location.path == given.path


def test_a_contractor_may_not_waive_whatever_the_role() -> None:
    hired = person("wb-k", "section-head@xjk", contractor=True)
    verdict = judged(waiver(made.post(), "wb-k"), registers=registers(people=(*PEOPLE, hired)))
    assert told(verdict)[0] == (
        Effect.REFUSE, "waiver-by-contractor 某wb-k",
    )  # fmt: skip


@pytest.mark.parametrize("part", ["author", "co_authors", "git"])
def test_who_made_the_post_may_not_waive_on_it(part: str) -> None:
    subject = made.post()
    if part == "git":
        subject = replace(subject, handlers=(Handler("kz-a@example.org", "author", "c"),))
    else:
        subject = made.post(**{part: "kz-a" if part == "author" else ["kz-a"]})
    verdict = judged(waiver(subject), subject=subject)
    assert told(verdict) == [
        (Effect.REFUSE, "waiver-by-maker kz-a"),
        REFUSED,
    ]


def test_who_only_merged_it_may() -> None:
    subject = replace(made.post(), handlers=(Handler("kz-a@example.org", "committer", "c"),))
    assert judged(waiver(subject), subject=subject).publishable


@pytest.mark.parametrize(
    ("ended", "publishable"), [("2026-11-03", True), ("2026-11-02", False)], ids=["today", "before"]
)
def test_the_role_is_held_on_the_day_of_signing(ended: str, publishable: bool) -> None:
    people = [p for p in PEOPLE if p.id != "kz-a"]
    head = person("kz-a", "section-head@xjk", until=ended)
    verdict = judged(waiver(made.post()), registers=registers(people=(*people, head)))
    assert verdict.publishable is publishable


@pytest.mark.parametrize(
    ("expires", "publishable"),
    [("2026-11-03", True), ("2026-11-02", False), ("2026-11-21", True), ("2026-11-22", True)],
)
def test_it_must_last_to_the_day_the_post_is_judged_by(expires: str, publishable: bool) -> None:
    """The post is published on 2026-11-03; what held on its day holds for ever."""
    verdict = judged(waiver(made.post(), when="2026-11-01 09:00", expires_on=day(expires)))
    assert verdict.publishable is publishable
    notes = [f for f in findings_of(verdict, "R16-2") if f.effect is Effect.NOTE]
    assert any("expired" in f"{f.name} {f.message}" for f in notes) is (expires < "2026-11-22")


def test_it_never_counts_when_it_was_signed_after_it_had_expired() -> None:
    verdict = judged(waiver(made.post(), expires_on=day("2026-11-02")))
    assert told(verdict)[0] == (Effect.REFUSE, "waiver-expired 2026-11-02")


def test_another_content_is_not_excused_and_the_old_waiver_becomes_a_note() -> None:
    """A revision must be able to go on though the waiver of the former one stands."""
    verdict = judged(waiver(made.post(), content="0" * 64))
    assert told(verdict) == [
        (Effect.NOTE, "waiver-other-content"),
        REFUSED,
    ]
    clean = judged(waiver(made.post(), content="0" * 64), clause=ItemClause(2, lambda *_: ()))
    assert clean.publishable


@pytest.mark.parametrize("changes", [{"text": "扫码购买"}, {"clause": "R16-3"}])
def test_other_words_or_another_clause_excuse_nothing(changes: dict[str, Any]) -> None:
    verdict = judged(waiver(made.post(), **changes))
    assert REFUSED in told(verdict)
    assert not verdict.publishable


def test_a_clause_that_is_none_refuses() -> None:
    verdict = judged(waiver(made.post(), clause="R99-9"))
    (finding,) = findings_of(verdict, "R13-2")
    assert finding.effect is Effect.REFUSE
    assert (finding.name, dict(finding.message.values)) == (
        "waiver-clause-unknown",
        {"clause": "R99-9"},
    )


def test_what_its_rule_does_not_call_waivable_is_never_excused() -> None:
    verdict = judged(waiver(made.post(), text=""), clause=finds(waivable=""))
    assert REFUSED in told(verdict)


def test_a_waiver_of_another_post_is_none_of_this_ones() -> None:
    other = waiver(made.post("2026-11-04-other"))
    assert told(judged(other)) == [REFUSED]


def test_a_waiver_from_the_future_does_not_count() -> None:
    verdict = judged(waiver(made.post(), when="2026-11-22 20:01"))
    assert told(verdict)[0] == (Effect.REFUSE, "waiver-in-future")


def test_one_waiver_excuses_one_finding_and_not_its_neighbour() -> None:
    def both(post: Post, archive: Archive) -> Iterator[Complaint]:
        yield from finds().check(post, archive)
        yield from finds("扫码购买").check(post, archive)

    verdict = judged(waiver(made.post()), clause=ItemClause(2, both))
    assert told(verdict) == [EXCUSED, REFUSED]
    assert verdict.outcomes["R16-2"] is Outcome.VIOLATED


def test_a_crashed_clause_is_never_excused() -> None:
    def crash(*_: object) -> Iterator[Complaint]:
        raise ValueError

    verdict = judged(waiver(made.post()), clause=ItemClause(2, crash))
    assert verdict.outcomes["R16-2"] is Outcome.NOT_EVALUATED
    assert not verdict.publishable


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_waivers_never_matters(order: tuple[int, ...]) -> None:
    subject = made.post()
    given = (waiver(subject), waiver(subject, "xxy-a"), waiver(subject, content="0" * 64))
    verdict = judged(*(given[n] for n in order))
    assert sorted(told(verdict)) == sorted(told(judged(*given)))
