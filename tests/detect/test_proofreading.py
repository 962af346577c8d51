"""Likely typing errors: one case of each class, offsets, protected names, quiet on right texts."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Fault
from pipeline.parts.proofreading import model as held
from pipeline.parts.proofreading.proofreading import MAGIC, Model, slips

MODEL = held.proof_model(Path("/nowhere"))
RIGHT = (
    "生产经营单位应当建立健全安全生产责任制。",
    "县级以上人民政府应急管理部门应当组织应急演练。",
    "任何单位和个人都有权向有关部门报告事故隐患。",
    "从业人员应当接受安全生产教育和培训。",
    "发生生产安全事故后,有关人员应当立即报告本单位负责人。",
)
"""Sentences as laws have them."""


@pytest.mark.parametrize(
    "text, words, suggestion, reason",
    [
        ("生产经营单位应当加强安全生产管里", "管里", "管理", "sound"),
        ("应当注意,特种作业人员必需持证上岗", "必需", "必须", "sound"),
        ("从业人员应当接受安全生产教育和培圳", "培圳", "培训", "shape"),
        ("法院依据宪法和法津作出判决", "法津", "法律", "shape"),
        ("应当立即即组织抢救", "立即即", "立即", "doubled"),
        ("应急理管部门", "理管部", "管理部", "swapped"),
    ],
    ids=["sound", "sound-of-a-word", "shape", "one-part-apart", "doubled", "swapped"],
)
def test_each_class_of_slip_is_noted_with_its_word(
    text: str, words: str, suggestion: str, reason: str
) -> None:
    (slip,) = slips(text, MODEL)
    assert (text[slip.start : slip.end], slip.suggestion, slip.reason) == (
        words,
        suggestion,
        reason,
    )


@given(st.lists(st.sampled_from(RIGHT), min_size=1, max_size=4))
def test_sentences_of_frequent_words_draw_no_note(sentences: list[str]) -> None:
    assert slips("".join(sentences), MODEL) == ()


@given(st.integers(0, 14), st.sampled_from(["**", "\u200b", " ", "·"]))
def test_offsets_are_those_of_the_text_as_it_stands(at: int, between: str) -> None:
    text = "生产经营单位应当加强安全生产管里。"
    cut = text[:at] + between + text[at:]
    (slip,) = slips(cut, MODEL)
    assert cut[slip.start : slip.end].replace(between, "") == "管里"


def test_no_note_touches_a_protected_name_or_a_place() -> None:
    text = "领导小姐办公室设在云兰市,云兰应急发布预警。"
    assert slips(text, MODEL)
    assert slips(text, MODEL, {"领导小姐", "云兰"}) == ()
    assert slips("栗园镇、石壑县已经转移群众", MODEL) == ()


@given(st.text("安全生产管里云市\u200b* ａ①\n\U00020000", max_size=9))
def test_any_text_is_read_and_every_note_lies_inside_it(text: str) -> None:
    for slip in slips(text, MODEL):
        assert 0 <= slip.start < slip.end <= len(text)


@pytest.mark.parametrize("raw", [b"", b"no model", MAGIC, MAGIC + b"\0" * 9])
def test_another_file_is_no_model(raw: bytes) -> None:
    with pytest.raises(ValueError, match="no model"):
        Model(raw)


def test_a_missing_or_broken_model_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "resources", lambda _: tmp_path / "package")
    own = tmp_path / "zh.model"
    held.proof_model.cache_clear()
    with pytest.raises(Fault) as missing:
        held.proof_model(own)
    assert missing.value.remedy and str(own) in str(missing.value.remedy.values)
    own.write_bytes(b"no model")
    with pytest.raises(Fault, match="no model"):
        held.proof_model(own)
    held.proof_model.cache_clear()
