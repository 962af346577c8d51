"""Colour and level of a warning as a text pairs them (突发事件应对法: 一红 二橙 三黄 四蓝)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.detect.folding import fold
from pipeline.model.regex import regex

COLOURS = {"红": 1, "橙": 2, "黄": 3, "蓝": 4}
_LEVELS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_LEVELS |= {"i": 1, "ii": 2, "iii": 3, "iv": 4, "特别严重": 1, "严重": 2, "较重": 3, "一般": 4}
_LEVEL = r"(iv|i{1,3}|[一二三四1-4])\s*级|(特别严重|严重|较重|一般)(?=[）)])"
_COLOUR_FIRST = regex(
    rf"(?P<colour>[红橙黄蓝])色?\s*+(?:预警|预警信号|火险预警)?\s*+[（(/、]\s*+(?:{_LEVEL})(?!应急响应|响应)"
)
_LEVEL_FIRST = regex(
    rf"(?:{_LEVEL})\s*[（(/、]\s*(?P<colour>[红橙黄蓝])色?\s*(?:预警(?:信号)?)?\s*[）)]?"
)
_PAIRS = (
    (regex(r"[红橙黄蓝]"), _COLOUR_FIRST),
    (regex(r"[（(/、]\s*[红橙黄蓝]"), _LEVEL_FIRST),
    (regex(r"级[红橙黄蓝]色预警"), regex(rf"(?:{_LEVEL})(?P<colour>[红橙黄蓝])色预警")),
    (
        regex(r"[红橙黄蓝]色"),
        regex(rf"(?P<colour>[红橙黄蓝])色\s*(?:{_LEVEL})(?!应急响应|响应)预警"),
    ),
)
"""(what each match holds, quickly seen to be absent; the pair itself)"""
_COLOUR = regex(r"[红橙黄蓝](?=色|\s*[（(/、）)])")
_WARNING = regex(r"([红橙黄蓝])色[\u4e00-\u9fff]{0,6}?预警")


@dataclass(frozen=True)
class WrongPair:
    """A colour beside a level that is not its own."""

    start: int
    end: int
    colour: str
    level: int


def wrong_pairs(text: str) -> tuple[WrongPair, ...]:
    """Pairs that do not belong together; the level of a response (应急响应) is no such level."""
    folded = fold(text)
    if not _COLOUR.search(folded.text):
        return ()
    pairs = {
        (m.start(), m.end()): (m["colour"], level)
        for hint, pattern in _PAIRS
        if hint.search(folded.text)
        for m in pattern.finditer(folded.text)
        if (level := _level(m)) != COLOURS[m["colour"]]
    }
    return tuple(
        WrongPair(*folded.span(*span), colour, level)
        for span, (colour, level) in sorted(pairs.items())
    )


def _level(m: re.Match[str]) -> int:
    """What the level's sign means."""
    signs = [g for g in m.groups() if g and g != m["colour"]]
    return _LEVELS[signs[0]]


def colours_named(text: str) -> Iterator[str]:
    """Colours of the warnings a text speaks of."""
    for m in _WARNING.finditer(fold(text).text):
        yield m[1]
