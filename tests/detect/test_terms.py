"""Near-misses of protected terms, and their legitimate neighbours."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.terms import term_problems, terms
from pipeline.model.findings import Effect
from pipeline.model.records import Fact
from tests.builders.named import worded
from tests.builders.steps import steps_of
from tests.corpora.precision import TERMS
from tests.detect.register_entries import term

STATE = term("中华人民共和国", id="state")
BUREAU = term("云岚市应急管理局", "云岚市应急管理", "青岚市应急管理局", id="bureau")
GROUP = term("领导小组", "指导小组", "领导组", id="group")


def found(text: str, *entries: Fact) -> list[tuple[str, str]]:
    return [(m.words, m.entry.id) for m in terms(entries or (STATE, BUREAU, GROUP)).find(text)]


@pytest.mark.parametrize(
    "wrong",
    [
        "中华人民共合国", "中共人民共和国", "种华人民共和国", "中华人民共和囯", "中华人民和国",
        "中华人人民共和国", "中华人名民共和国", "中华人民共和", "中华 人民共合国",
        "中华人民\u200b共合国", "云岚市应急管里局", "云岚市应管理局", "领导小姐", "领导小",
        "领道小组",
    ],
)  # fmt: skip
def test_one_sign_off(wrong: str) -> None:
    assert [w for w, _ in found(f"根据{wrong}，办理")] == [wrong]


def test_a_first_sign_left_out_takes_in_what_stands_in_its_place() -> None:
    assert [w for w, _ in found("华人民共和国")] == ["华人民共和国"]
    assert [w for w, _ in found("（华人民共和国）")] == ["华人民共和国"]
    assert [w for w, _ in found("据华人民共和国")] == ["据华人民共和国"]


@pytest.mark.parametrize(
    "right",
    [
        "中华人民共和国", "云岚市应急管理局", "领导小组", "指导小组", "领导组",
        "云岚市应急管理工作", "青岚市应急管理局", "云岚市应急管理", "中华民族", "人民",
        "共和国勋章", "领导干部", "小组长", "中华人民",
    ],
)  # fmt: skip
def test_terms_neighbours_and_mere_halves(right: str) -> None:
    assert found(f"根据{right}，办理") == []


def test_two_signs_off_is_no_near_miss() -> None:
    assert found("中华人名共合国") == []


def test_a_neighbour_excuses_its_own_place_alone() -> None:
    assert found("指导小组与领道小组") == [("领道小组", "group")]


def test_a_stem_excuses_no_slip_inside_nor_a_doubled_sign() -> None:
    assert found("云岚市应及管理工作") == []
    assert found("云岚市应及管理局") == [("云岚市应及管理局", "bureau")]
    assert found("云岚市应急管理局局长") == []
    assert found("云岚市应急管理理局") == [("云岚市应急管理理局", "bureau")]


def test_punctuation_is_another_matter() -> None:
    motto = term("人民至上、生命至上")
    assert found("人民至上，生命至上", motto) == []
    assert found("人民至上生命至上", motto) == []
    assert found("人民至上、生命之上", motto) == [("人民至上、生命之上", "t")]


def test_of_overlapping_misses_the_longest_term_speaks() -> None:
    ministry = term("中华人民共和国应急管理部", id="ministry")
    assert found("中华人民共合国应急管理部", STATE, ministry) == [
        ("中华人民共合国应急管理部", "ministry")
    ]


def test_what_another_term_holds_is_right() -> None:
    office = term("国务院办公厅", id="office")
    press = term("国务院办公室", id="press")
    assert found("国务院办公室", office, press) == []


def test_every_occurrence_is_found_in_order() -> None:
    text = "领导小姐、中华人民共合国、领导小姐"
    assert [w for w, _ in found(text)] == ["领导小姐", "中华人民共合国", "领导小姐"]


@given(st.text(alphabet="中华人民共和国云岚市应急管理局领导小组，x", max_size=30))
def test_found_words_are_one_edit_from_their_term(text: str) -> None:
    for miss in terms((STATE, BUREAU, GROUP)).find(text):
        assert text[miss.start : miss.end] == miss.words
        assert _distance(miss.words, miss.entry["text"]) == 1


def _distance(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


ALIKE = str.maketrans({"局": "句", "法": "发", "月": "日", "国": "果", "院": "员"})
FOLLOWED = {"law": "》第三条", "slogan": "", "department": ""}


def _slips_of(entry: Fact) -> Iterator[str]:
    """A term with a slip, for every place at which one is to be found."""
    text, kind = entry["text"], entry["kind"]
    for at, sign in enumerate(text):
        before, behind = text[:at], text[at + 1 :]
        if not sign.isalnum():
            continue
        stem = not behind and ("own" in entry.value or before in entry.get("near", ()))
        if len(text) > 3 and not (stem and kind != "unit"):
            yield before + "鑫" + behind
        if sign.translate(ALIKE) != sign:
            yield before + sign.translate(ALIKE) + behind
        if behind[:1].isalnum() and sign != behind[0]:
            yield before + behind[0] + sign + behind[1:]
        if before or sign not in "市县区省街村乡":
            yield before + sign + sign + behind
        followed = FOLLOWED.get(kind, "印发通知") if stem else "。"
        if len(text) > 3 + ("own" in entry.value) and followed:
            yield before + behind + followed


def test_every_slip_at_every_place_of_every_protected_term_is_found() -> None:
    entries = {p.term.text: p.term.entry for row in TERMS.halves for p in row}
    right = {*entries, *(near for entry in entries.values() for near in entry.get("near", ()))}
    slips = [(w, text) for text, entry in entries.items() for w in _slips_of(entry)]
    missed = [(w, text) for w, text in slips if not TERMS.find(f"通知：{w}。")]
    excused = [(w, text) for w, text in missed if any(r in w or w in r for r in right if r != text)]
    assert (len(slips) > 3_000, len(excused) * 100 < len(slips)) == (True, True)
    assert set(missed) == set(excused)


@pytest.mark.parametrize(
    "sentence", ["{}印发通知。", "会议由{}的同志主持", "《{}》", "我{}和，到{}去"]
)
def test_no_protected_term_in_its_right_spelling_is_a_slip(sentence: str) -> None:
    texts = sorted({p.term.text for row in TERMS.halves for p in row})
    assert [t for t in texts if TERMS.find(sentence.format(t, t))] == []


@pytest.mark.parametrize(
    "right",
    [
        "这是政府的事", "村（居）民委员会", "国务委员", "卫健委会同市教育局", "全市人民代表大会",
        "安全生产发展",
        "应急管理系统", "应急管理部门", "应急管理发展", "泰安市应急管理局", "我国气象局",
        "全国气象局长会议",
        "各级人民政府及其有关部门", "公民政治权利", "农民政府补贴", "市委会议", "国务院令",
        "云岚市应急指挥",
        "安全生产百科", "安全生产月活动", "居民政务服务", "应急管理总局", "应急管理学院",
        "地震多发",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_shipped_term(right: str) -> None:
    assert [(m.words, m.entry["text"]) for m in TERMS.find(f"关于{right}，")] == []


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("云岚市应及管理局通报", "云岚市应及管理局"),
        ("云岚市应急管理句召开会议", "云岚市应急管理句"),
        ("云市岚应急管理局提醒", "云市岚应急管理局"), ("运岚市应急管理局", "运岚市应急管理局"),
        ("云岚市应急管理发布提示", "云岚市应急管理"), ("云岚市人民正府", "云岚市人民正府"),
        ("云岚应及提醒您", "云岚应及"), ("灾害求助科", "灾害求助科"),
        ("市安委汇办公室", "安委汇办公室"),
        ("县应及管理局", "应及管理局"), ("市委市正府", "市委市正府"), ("国务完", "国务完"),
    ],
)  # fmt: skip
def test_the_bureaus_own_names_and_short_forms_are_protected(title: str, words: str) -> None:
    assert [m.words for m in TERMS.find(title)] == [words]


def test_clean_text_costs_little() -> None:
    texts = [
        f"{n}" + "云岚市应急管理局提醒，入冬以来气温下降，请注意用火安全。" * 53 for n in range(20)
    ]
    for text in texts:
        assert TERMS.find(text) == ()
        assert steps_of(lambda one=text: TERMS.find(one)) < 9 * len(text)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (term("省委"), worded("term-too-short", id="t", count=3)),
        (term("，，，，，"), worded("term-too-short", id="t", count=3)),
        (term("省\u200b委"), worded("term-too-short", id="t", count=3)),
        (term("领导小组", "领导小组"), worded("term-neighbour-itself", id="t")),
        (term("领导小组", "\u200b"), worded("term-neighbour-itself", id="t")),
    ],
)
def test_terms_that_cannot_be_protected_are_refused(entry: Fact, message: str) -> None:
    [problem] = term_problems([entry])
    assert (problem.effect, str(problem.message)) == (Effect.REFUSE, message)
    assert term_problems([STATE, BUREAU, GROUP]) == ()
