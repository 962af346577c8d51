"""Article 1: the legal basis of policy."""

from collections.abc import Mapping
from typing import Any

import pytest

from pipeline.model.findings import Effect
from pipeline.rules.a01_purpose import RULE
from tests.rules.builders import archive, change, objections, only, where
from tests.rules.facts import declaration, entries, with_facts, wording
from tests.rules.governance import at, day
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
            "The source of cadence.text.count names no article of the regulation.",
        ),
        (
            "[S] 细则第十十条",
            "The source of cadence.text.count names no article of the regulation.",
        ),
        ("[S] 细则", "The source of cadence.text.count names no article of the regulation."),
        (
            "[V] 国办发〔2018〕12号",
            "The source of cadence.text.count names no instrument of the legal basis.",
        ),
        (
            "[K] 突发事件应对法",
            "The source of cadence.text.count names no instrument of the legal basis.",
        ),
        (
            "自定",
            "The source of cadence.text.count does not say what kind of source it is.",
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
        "The source of a.b names no article of the regulation.",
    )
    document = registers.policy.document
    assert where(found)[1] == document.marks[("parameters", "a.b", 1, "source")][0]


def test_1_violated_no_basis_at_all() -> None:
    look = archive(registers=policed(cadence__text__count=[(2, *GOOD)]))
    only(checked(RULE, 1, look), Effect.REFUSE, "The policy names no legal basis.")


@pytest.mark.parametrize("number", ["国办发[2018]123号", "123号", "国办发〔18〕3号", "〔2018〕3号"])
def test_1_violated_document_number(number: str) -> None:
    words = "The legal basis has no document number in the usual form."
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
    words = "The source of cadence.text.count names no instrument of the legal basis."
    assert one("[V] 无文号", {**notice, "url": "https://x.gov.cn/1"}) == [(Effect.REFUSE, words)]


def test_1_boundary_a_change_is_held_to_the_policy_it_proposes() -> None:
    look = archive(registers=policed([OPINION], a__b=[(2, *GOOD)]))
    worse = policed([OPINION], a__b=[(2, *GOOD), (3, "[V] 某办法", "2026-12-01")])
    only(
        objections(RULE, 1, proposed(worse), look),
        Effect.REFUSE,
        "The source of a.b names no instrument of the legal basis.",
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
