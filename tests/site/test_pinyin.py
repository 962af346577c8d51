"""Sounds of characters from the order of GB/T 2312, so that search hears pinyin."""

import pytest

from pipeline.parts.search.index import SearchDoc, field_key
from pipeline.parts.search.pinyin import initials, sound_of, sound_pairs
from tests.builders import search_index


@pytest.mark.parametrize(
    ("signs", "sounds"),
    [
        ("应急避难场所", "ying ji bi nan chang suo"),
        ("云岚青峪石壑", "yun lan qing yu shi he"),
        ("辟谣着火绿女略", "pi yao zhao huo lu nu lue"),
        ("啊座", "a zuo"),
    ],
)
def test_usual_characters_sound_as_they_are_typed(signs: str, sounds: str) -> None:
    assert " ".join(map(sound_of, signs)) == sounds


@pytest.mark.parametrize("sign", ["a", "1", "，", "", "𠮷", "龘", "亍", "□"])
def test_what_has_no_sound_breaks_no_word(sign: str) -> None:
    assert sound_of(sign) == ""
    assert list(sound_pairs(f"取{sign}暖防毒")) == (
        ["nuan fang", "fang du"] if sign else ["qu nuan", "nuan fang", "fang du"]
    )
    assert initials(f"取暖{sign}") == ("" if sign else "qn")


def test_titles_and_facts_are_found_by_sound_and_keywords_by_first_letters() -> None:
    doc = SearchDoc(
        "posts/2026/a/", "冬季取暖", "通风", "2026-11-05", "3", (), "", head="开窗\n一氧化碳；119"
    )
    files = search_index.build_segment(2026, [doc], closed=True)
    lines = "\n".join(d.decode() for p, d in files.items() if "/s/" in p)
    for key in ("qu nuan", "kai chuang", "hua tan"):
        assert field_key("sound", key) in lines
    assert field_key("sound", "tong feng") not in lines, "bodies would double the index"
    assert field_key("initials", "yyht") in lines
    assert field_key("initials", "") not in lines
    for day in ("2026-11-05", "2026-11", "11-05", "11"):
        assert field_key("day", day) in lines
