"""Article 15(2) and (3): protected terms, grave wordings, trivial topics, the monthly word."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.model.archive import Archive, Mode
from pipeline.model.findings import Effect
from pipeline.model.posts import Post
from pipeline.rules.a15_confirmation import RULE
from tests.rules.builders import archive, complaints, duties, line, only, post, where
from tests.rules.facts import declaration, entries, fact, recorded, with_facts, wording
from tests.rules.governance import day, registers

TERM = fact("terms", "prc", text="中华人民共和国", kind="state", near=[], reason="国名")


def lexicon(category: str, *words: str, effect: str = "refuse") -> Any:
    return fact(
        "lexicons",
        category,
        category=category,
        effect=effect,
        words=list(words),
        exceptions=[],
        reason="不规范",
        suggestion="改写",
    )


def look(subject: Post, *lexicons: Any, **changes: Any) -> Archive:
    made = recorded(archive(subject, **changes), "terms", [TERM])
    return recorded(made, "lexicons", lexicons)


def test_2_accepted_right_wording() -> None:
    subject = post(body="依据中华人民共和国法律。")
    assert complaints(RULE, 2, subject, look(subject)) == []


@pytest.mark.parametrize("mode", [Mode.DRAFT, Mode.CHANGE, Mode.STANDING])
def test_2_violated_a_protected_term_is_one_sign_off(mode: Mode) -> None:
    subject = post(body="提示。\n\n依据中华人民共合国法律。")
    found = only(
        complaints(RULE, 2, subject, look(subject, mode=mode)), Effect.REFUSE, "term-misspelt"
    )
    assert where(found) == (subject.path, 42)
    assert (found.location.column, found.waivable) == (3, "中华人民共合国")


@pytest.mark.parametrize("key", ["title", "summary"])
def test_2_violated_title_summary_and_tags_are_read_too(key: str) -> None:
    subject = post(**{key: "中华人民共合国"})
    [found] = complaints(RULE, 2, subject, look(subject))
    assert where(found) == line(subject, key)
    tagged = post(tags=["防火", "中华人民共合国"])
    [found] = complaints(RULE, 2, tagged, look(tagged))
    assert where(found) == line(tagged, "tags", 1)


def test_2_violated_a_gravely_wrong_wording() -> None:
    subject = post(body="台湾等国家的代表。")
    made = look(subject, lexicon("wording", "台湾等国家"), mode=Mode.DRAFT)
    assert (
        only(complaints(RULE, 2, subject, made), Effect.REFUSE, "words-listed").waivable
        == "台湾等国家"
    )


def test_2_boundary_one_finding_per_place_for_a_near_miss_and_listed_words_in_it() -> None:
    subject = post(body="中华人民共合国的法律，共合国法律。")
    made = look(subject, lexicon("wording", "共合国"), mode=Mode.DRAFT)
    found = [c.waivable for c in complaints(RULE, 2, subject, made)]
    assert found == ["中华人民共合国", "共合国"]


def test_2_boundary_a_withdrawn_post_says_nothing_any_more() -> None:
    subject = post(title="中华人民共合国", validity="withdrawn")
    assert complaints(RULE, 2, subject, look(subject)) == []


def test_2_boundary_a_statement_that_the_lexicons_contradict_is_noted() -> None:
    subject = post(body="扫码购买。加盟费面议。")
    made = look(subject, lexicon("advertising", "扫码购买", "加盟费"))
    found = only(complaints(RULE, 2, subject, made), Effect.NOTE, "sensitive-words-stand")
    assert found.location.path.endswith("4-confirm.json")
    noted = look(subject, lexicon("advertising", "扫码购买", effect="note"))
    assert complaints(RULE, 2, subject, noted) == []


def test_3_accepted_serious_words() -> None:
    subject = post(body="大家好。")
    made = look(subject, lexicon("entertainment", "家人们", effect="note"))
    assert complaints(RULE, 3, subject, made) == []


def test_3_violated_trivial_words_in_text_and_tags() -> None:
    subject = post(body="家人们，下雪了。", tags=["明星八卦"])
    made = look(subject, lexicon("entertainment", "家人们", "明星八卦", effect="note"))
    first, second = complaints(RULE, 3, subject, made)
    assert where(first) == line(subject, "tags", 0)
    assert (where(second), second.effect) == ((subject.path, 40), Effect.NOTE)
    assert second.name == "words-listed"


DISCIPLINE = wording("interaction-discipline", "information-officer", "person", every_months=1)


def _sworn(until: str) -> Archive:
    made = archive(registers=entries(registers(), "wordings", DISCIPLINE))
    signed = declaration(DISCIPLINE, "xxy-a", f"{until} 09:00", subject="xxy-a", until=day(until))
    return with_facts(made, signed)


@pytest.mark.parametrize(
    ("until", "effect"),
    [("2026-10-22", Effect.NOTE), ("2026-11-20", Effect.NOTE), ("2026-10-21", Effect.REFUSE)],
)
def test_3_boundary_the_monthly_declaration(until: str, effect: Effect) -> None:
    [found] = duties(RULE, 3, _sworn(until))
    assert (found.effect, found.owes) == (effect, "xxy-a")


def test_3_violated_no_wording_to_declare() -> None:
    only(duties(RULE, 3, archive()), Effect.REFUSE, "wording-missing")


def test_3_boundary_forbidden_words_are_spoken_of() -> None:
    subject = post(body="严禁参与明星八卦话题。")
    made = look(subject, lexicon("entertainment", "明星八卦", effect="note"))
    assert complaints(RULE, 3, subject, made) == []
    assert complaints(RULE, 3, replace(subject, body="参与明星八卦话题。"), made) != []
