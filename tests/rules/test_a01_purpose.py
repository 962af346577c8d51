"""Article 1: the legal basis of policy."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from pipeline.model.archive import Mode
from pipeline.model.findings import Effect
from pipeline.model.law import article_digest
from pipeline.model.registers import Registers
from pipeline.rules.a01_purpose import RULE
from tests.rules.builders import archive, change, objections, only, where
from tests.rules.facts import declaration, entries, fact, with_facts, wording
from tests.rules.governance import ARTICLES, at, day
from tests.rules.standing import checked, declared, policed, proposed, said

OPINION = {"title": "《关于推进政务新媒体健康有序发展的意见》", "number": "国办发〔2018〕123号",
           "layer": "national"}  # fmt: skip
ORDER = {"title": "中华人民共和国政府信息公开条例", "number": "国务院令第711号",
         "layer": "national"}  # fmt: skip
GOOD = ("[S] 细则第五条（原文缺字，校补为‘周’）", "2023-03-21")
REVIEW = wording("basis-review", "section-head")


def one(source: str, *basis: Mapping[str, Any]) -> list[tuple[Effect, str]]:
    registers = policed(basis or (OPINION, ORDER), cadence__text__count=[(2, source, GOOD[1])])
    return said(checked(RULE, 1, archive(registers=registers)))


@pytest.mark.parametrize(
    "source",
    [
        GOOD[0], "[S] 附件《审批表》", "[S] 细则第十八条", "[V] 国办发〔2018〕123号",
        "[V] 国办发 〔2018〕123号 第三节", "[K] 政府信息公开条例第二十六条", "[D] 本项目自定",
    ],
)  # fmt: skip
def test_1_accepted_sources_that_stand_on_something(source: str) -> None:
    assert one(source) == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "[S] 细则第十九条",
            "source-article-unknown",
        ),
        (
            "[S] 细则第十十条",
            "source-article-unknown",
        ),
        ("[S] 细则", "source-article-unknown"),
        (
            "[V] 国办发〔2018〕12号",
            "source-instrument-unlisted",
        ),
        (
            "[K] 突发事件应对法",
            "source-instrument-unlisted",
        ),
        (
            "自定",
            "source-kind-missing",
        ),
    ],
)
def test_1_violated_source_without_ground(source: str, words: str) -> None:
    assert one(source) == [(Effect.REFUSE, words)]


def test_1_violated_complaint_points_at_the_source() -> None:
    registers = policed([OPINION], a__b=[(2, *GOOD), (3, "[S] 自己", "2026-01-01")])
    found = only(
        checked(RULE, 1, archive(registers=registers)),
        Effect.REFUSE,
        "source-article-unknown",
    )
    document = registers.policy.document
    assert where(found)[1] == document.marks[("parameters", "a.b", 1, "source")][0]


def test_1_violated_no_basis_at_all() -> None:
    look = archive(registers=policed(cadence__text__count=[(2, *GOOD)]))
    only(checked(RULE, 1, look), Effect.REFUSE, "basis-missing")


@pytest.mark.parametrize("number", ["国办发[2018]123号", "123号", "国办发〔18〕3号", "〔2018〕3号"])
def test_1_violated_document_number(number: str) -> None:
    words = "basis-number-misformed"
    assert one(GOOD[0], {**OPINION, "number": number}) == [(Effect.REFUSE, words)]


@pytest.mark.parametrize(
    "number", ["国办秘函〔2019〕19号", "应急管理部令第11号", "部令11号", "GB/T 37668-2019"]
)
def test_1_boundary_other_forms_of_numbers(number: str) -> None:
    assert one(GOOD[0], {**OPINION, "number": number}) == []


def test_1_boundary_a_text_without_number_has_an_address() -> None:
    notice = {"title": "某市检查通报", "number": "无文号", "layer": "city"}
    assert len(one("[V] 某市检查通报第二项", notice)) == 1
    assert one("[V] 某市检查通报第二项", {**notice, "url": "https://x.gov.cn/1"}) == []
    words = "source-instrument-unlisted"
    assert one("[V] 无文号", {**notice, "url": "https://x.gov.cn/1"}) == [(Effect.REFUSE, words)]


def test_1_boundary_a_number_that_nobody_has_read_is_noted() -> None:
    unread = {**OPINION, "number": "文号未核对"}
    words = "basis-number-unchecked"
    assert one(f"[V] {OPINION['title']}", unread) == [(Effect.NOTE, words)]
    lacks = "source-instrument-unlisted"
    assert one("[V] 文号未核对", unread) == [(Effect.NOTE, words), (Effect.REFUSE, lacks)]


def test_1_boundary_a_change_is_held_to_the_policy_it_proposes() -> None:
    look = archive(registers=policed([OPINION], a__b=[(2, *GOOD)]))
    worse = policed([OPINION], a__b=[(2, *GOOD), (3, "[V] 某办法", "2026-12-01")])
    only(
        objections(RULE, 1, proposed(worse), look),
        Effect.REFUSE,
        "source-instrument-unlisted",
    )
    assert objections(RULE, 1, proposed(look.registers), look) == []
    assert objections(RULE, 1, change(), look) == []


@pytest.mark.parametrize(
    ("until", "effect"), [("2025-11-22", Effect.NOTE), ("2025-11-21", Effect.REFUSE)]
)
def test_1_boundary_the_declaration_lasts_twelve_months(until: str, effect: Effect) -> None:
    look = archive(registers=entries(policed([OPINION], since="2023-08-17"), "wordings", REVIEW))
    look = with_facts(look, declaration(REVIEW, "kz-a", "2025-11-22 09:00", until=day(until)))
    found = declared(RULE, 1, look)
    assert [(c.effect, c.owes) for c in found] == [(effect, "kz-a")]
    assert found[0].due == at(f"2026-{until[5:]} 23:59").replace(second=59)


FIFTH = {**ARTICLES, "第五条": ARTICLES["第五条"].replace("更新2次", "更新3次")}
"""The law after Article 5 came to ask for three updates a week."""


def bound(digest: str, articles: Mapping[str, str] = ARTICLES, value: int = 2) -> Registers:
    made = policed([OPINION], cadence__text__count=[(value, *GOOD)])
    (setting,) = made.policy.parameters["cadence.text.count"]
    settings = {"cadence.text.count": (replace(setting, article_digest=digest),)}
    return replace(made, policy=replace(made.policy, parameters=settings), articles=articles)


OLD, NEW = article_digest(GOOD[0], ARTICLES), article_digest(GOOD[0], FIFTH)
CHANGED = "parameter-to-compare cadence.text.count"


def test_3_accepted_a_change_of_the_text_that_compares_its_numbers() -> None:
    look = archive(registers=bound(OLD), mode=Mode.CHANGE)
    assert objections(RULE, 3, proposed(bound(NEW, FIFTH, 3)), look) == []
    assert objections(RULE, 3, proposed(bound(NEW, FIFTH)), look) == [], "a number may stay"
    assert checked(RULE, 3, archive(registers=bound(NEW, FIFTH))) == []
    assert objections(RULE, 3, change(), look) == []


@pytest.mark.parametrize("stated", [OLD, ""])
def test_3_violated_the_text_changes_and_the_number_stays_behind(stated: str) -> None:
    look = archive(registers=bound(stated), mode=Mode.CHANGE)
    found = only(
        objections(RULE, 3, proposed(bound(stated, FIFTH)), look),
        Effect.HOLD,
        "parameter-to-compare",
    )
    assert where(found)[0] == "content/policy.yml"
    assert "sanshen policy confirm cadence.text.count" in str(found.remedy)


def test_3_violated_it_stands_in_the_audit_until_it_was_compared() -> None:
    only(
        checked(RULE, 3, archive(registers=bound(OLD, FIFTH))),
        Effect.REFUSE,
        "parameter-to-compare",
    )
    replayed = archive(registers=bound(OLD), mode=Mode.STANDING)
    only(
        objections(RULE, 3, proposed(bound(OLD, FIFTH)), replayed),
        Effect.REFUSE,
        "parameter-to-compare",
    )


def test_3_violated_a_digest_of_another_text() -> None:
    look = archive(registers=bound(OLD), mode=Mode.CHANGE)
    only(objections(RULE, 3, proposed(bound("0" * 64)), look), Effect.HOLD, "parameter-to-compare")


def test_3_boundary_an_archive_of_before_is_noted_and_its_changes_stand() -> None:
    only(checked(RULE, 3, archive(registers=bound(""))), Effect.NOTE, "parameters-not-compared")
    replayed = archive(registers=bound(""), mode=Mode.STANDING)
    only(
        objections(RULE, 3, proposed(bound("", FIFTH)), replayed),
        Effect.NOTE,
        "parameter-to-compare",
    )
    other = {**ARTICLES, "第六条": "别的条文。"}
    assert objections(RULE, 3, proposed(bound("", other)), replayed) == []


def test_3_boundary_marks_of_emendation_are_no_change_of_the_text() -> None:
    marked = {**ARTICLES, "第五条": ARTICLES["第五条"].replace("[校11]", "[校12]")}
    assert marked != ARTICLES
    assert article_digest(GOOD[0], marked) == OLD


@pytest.mark.parametrize(
    ("source", "since", "early"),
    [
        ("[V] 某部令第11号", "2023-10-01", False),
        ("[V] 某部令第11号", "2023-09-30", True),
        ("[V] 某部令第11号、国办发〔2018〕123号", "2023-09-30", False),
        ("[D] 参照某部令第11号", "2023-03-21", False),
        ("[S] 细则第五条", "2023-03-20", True),
    ],
)
def test_3_boundary_a_number_holds_from_the_day_of_its_source_on(
    source: str, since: str, early: bool
) -> None:
    order = fact("instruments", "a", title="某办法", number="某部令第11号", layer="national",
                 in_force=day("2023-10-01"))  # fmt: skip
    opinion = fact("instruments", "b", **OPINION, issued=day("2018-12-27"))
    force = [("2023-03-21", "[S] 细则第十七条", "2023-03-21")]
    plain = policed(regulation__in_force_from=force, a__b=[(2, source, since)])
    made = entries(plain, "instruments", order, opinion)
    found = [c for c in objections(RULE, 3, proposed(made), archive(mode=Mode.CHANGE))
             if c.name == "parameter-before-source"]  # fmt: skip
    assert [c.effect for c in found] == [Effect.REFUSE] * early
    noted = [
        c for c in checked(RULE, 3, archive(registers=made)) if c.name == "parameter-before-source"
    ]
    assert [c.effect for c in noted] == [Effect.NOTE] * early, "what stands is noted"
