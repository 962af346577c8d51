"""Patterns in one pass find what each of them would find alone."""

import re

import pytest

from pipeline.detect.forms import Forms
from pipeline.detect.words import PURPOSES
from tests.corpora.stored import read

PATTERNS = (
    r"转发|转一?[下转](?=[，。]|$)|[低满]\d{1,3}元|就(?<=([\u4e00-\u9fff]{2})就)\1|[\d一][晚夜]\d?",
    r"发|转发(?:朋友圈|群|(?=，))|没有?扫码",
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "转发",
        "请转发，转发朋友圈。没扫码转一转",
        "满30元送，低5元",
        "涨价就涨价",
        "住一晚2天3夜45",
    ],
)
def test_forms_match_as_their_expressions_do(text: str) -> None:
    expected = [(n, *m.span()) for n, p in enumerate(PATTERNS) for m in re.finditer(p, text)]
    assert list(Forms(*PATTERNS).matches(text)) == expected


def test_the_purposes_match_as_their_expressions_do() -> None:
    patterns = [purpose.first for purpose in PURPOSES]
    compiled, forms = [re.compile(p) for p in patterns], Forms(*patterns)
    for row in read("words")[::8]:
        text = row["text"]
        expected = [(n, *m.span()) for n, p in enumerate(compiled) for m in p.finditer(text)]
        assert list(forms.matches(text)) == expected


def test_a_form_that_begins_with_no_sign_is_an_error() -> None:
    with pytest.raises(ValueError, match="empty string"):
        Forms("转发|(?:关注|点赞)账号").stand_in("转发")
