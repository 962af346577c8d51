"""Sounds of characters from the order of GB/T 2312, so that search hears pinyin."""

from collections import Counter

import pytest

from pipeline.parts.search.index import (
    LIKE,
    SearchDoc,
    blurred,
    field_key,
    groups_in,
    initials,
    sound_of,
    spellings,
)
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
    assert initials(f"取暖{sign}") == ("" if sign else "qn")


def test_words_are_listed_by_sound_and_by_first_letters() -> None:
    doc = SearchDoc(
        "posts/2026/a/", "冬季取暖", "通风。", "2026-11-05", "3", (), "", head="开窗\n一氧化碳；119"
    )
    files = search_index.build_segment(2026, [doc], closed=True)
    lines = "\n".join(d.decode() for p, d in files.items() if "/s/" in p).splitlines()
    for key, word in (("qunuan", "取暖"), ("kaicuan", "开窗"), ("tonfen", "通风")):
        assert f"{field_key('said', key)}{word}" in lines
    for key, word in (("yyht", "一氧化碳"), ("djqn", "冬季取暖"), ("tf", "通风")):
        assert f"{field_key('initials', key)}{word}" in lines
    assert not any(line.startswith(field_key("initials", "")) for line in lines)
    for day in ("2026-11-05", "2026-11", "11-05", "11"):
        assert any(line.startswith(field_key("day", day)) for line in lines)


def test_of_words_that_sound_alike_the_frequent_come_first_and_few() -> None:
    words = Counter({"演练": 3, "沿连": 1} | {f"掩{sign}": 2 for sign in "连联莲廉怜涟帘练炼链"})
    listed = dict(spellings(words))["said", "yannian"]
    assert [*listed][0] == "演练"
    assert len([*listed]) == LIKE


@pytest.mark.parametrize(("one", "other"), [("zhong", "zon"), ("ning", "lin"), ("shi", "si")])
def test_sounds_that_speakers_do_not_tell_apart_are_one(one: str, other: str) -> None:
    assert blurred(one) == blurred(other)


def test_every_group_of_words_is_found_in_texts_by_any_of_its_words() -> None:
    assert groups_in("骑电瓶车的人打119") == {"电动自行车", "锂电池", "拨打119", "119"}
    assert groups_in("无关的话") == set()
