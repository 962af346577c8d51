"""No text makes a detector slow: steps grow with length, whatever is repeated (threats A18).

What a pattern does within one step is timed by ``python -m tests.worst``.
"""

from collections.abc import Callable
from datetime import date

import pytest

from pipeline.detect.alerts import wrong_pairs, wrong_turns
from pipeline.detect.facts import wrong_classes, wrong_dates
from pipeline.detect.links import target
from pipeline.detect.private import private_data
from pipeline.detect.private_names import pupils
from pipeline.detect.public_numbers import wrong_numbers
from pipeline.detect.reprint import changed_excerpt, changed_sentences, likeness
from pipeline.detect.secrets import secrecy_marks, secrets
from pipeline.detect.titles import missing_claims
from pipeline.detect.typography import slips, wrong_document_numbers
from pipeline.detect.words import intents, lexicon
from pipeline.source.content.shipped_lists import shipped
from tests.builders.steps import steps_of
from tests.corpora.precision import TERMS, WORDS

NUMBERS = shipped("public-numbers")
SIGNS = 1_500
REPEATED = (
    " ", "\n", "\n \n", "(", "[", "](", "“", "“”", "一", "1", "1,", "1,000", "1年", "1月1日（",
    "1.1.", "-", "—", "…", ".", "。", "人民", "中华人民共合国", "扫码购买", "严禁", "扫 ",
    "称“", "网传“集赞”", "一般事故", "1人死亡", "红色预警（", "一级（", "国办发〔2018", "a@",
    "a.", "|", "| -", "*", "\u200b", "Ⅳ", "的", "的的", "#", "`", "0", "0月", "https://", "\\",
    "（《“", "红", "红色", "红色一级", "红色、", "一级升为",
    "| 一级 ", "甲|", "a\t", "**", "1万", "第1", "1月1日至", "12350", "118、", "119 ",
    "三年级", "小学", "李小明", "王", "[](",
)  # fmt: skip
"""What the patterns begin with, what they repeat, and what they wait for."""
BEGUN = (
    ("红", " "), ("红色预警", " "), ("一级（", " "), ("经济损失5", " "), ("经济损失约", "约共"),
    ("较大", "安全生产"), ("一般", "生产安全"), ("死亡", " "), ("造成1人", " "), ("1月1日", " "),
    ("1月1日（", " "), ("2026年", " "), ("11日", " "), ("〔2026", " "), ("〔2026年", " "),
    ("国办发〔2026〕第", " "), ("国办发〔2026〕5", " "), ("1", " "), ("一", " "), ("一万", " "),
    ("转移12", " "), ("电话1", " "), ("a@a", "."), ("AKIA", "A"), ("password=", "a"),
    ("1,", "000,"),
)  # fmt: skip
"""A beginning, and what may follow it without end before the pattern fails."""
DETECTORS: tuple[Callable[[str], object], ...] = (
    TERMS.find,
    lexicon(WORDS).find,
    lambda text: [*intents(text, ())],
    lambda text: wrong_dates(text, date(2026, 11, 22)),
    wrong_document_numbers,
    lambda text: wrong_classes(f"{text}\n造成1人死亡，为一般事故。"),
    lambda text: wrong_pairs(f"{text}\n红色预警：二级"),
    lambda text: wrong_turns(f"{text}\n红色预警升为二级"),
    lambda text: missing_claims("转移12人", text),
    lambda text: missing_claims(text[:400], text),
    slips,
    lambda text: likeness(text, text[1:] + "甲"),
    lambda text: [*changed_sentences(text, text[1:] + "甲"), *changed_excerpt(text[:400], text)],
    target,
    private_data,
    secrets,
    lambda text: secrecy_marks(f"{text}内部"),
    lambda text: [*wrong_numbers(f"火灾拨打{text}", NUMBERS)],
    lambda text: [*pupils(f"三年级{text}")],
)


@pytest.mark.parametrize("part", REPEATED)
def test_a_long_text_takes_no_longer_than_its_length_allows(part: str) -> None:
    _holds((part * SIGNS)[:SIGNS] + "甲")


@pytest.mark.parametrize(("begun", "part"), BEGUN)
def test_a_beginning_without_end_takes_no_longer_either(begun: str, part: str) -> None:
    _holds(begun + (part * SIGNS)[:SIGNS] + "甲")


def _holds(text: str) -> None:
    for number, detect in enumerate(DETECTORS):
        detect(text[:200])  # compiles its patterns, once in a process
        spent = steps_of(lambda run=detect: run(text))
        assert spent < 40 * len(text), f"detector {number} took {spent} steps"
