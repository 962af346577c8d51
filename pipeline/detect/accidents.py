"""The class of an accident against its figures (国令493号, 第三条; Article 10).

| class | deaths | grave injuries | direct loss |
|---|---|---|---|
| 特别重大 | 30 and more | 100 and more | 100,000,000 yuan and more |
| 重大 | 10 to 29 | 50 to 99 | 50,000,000 and more |
| 较大 | 3 to 9 | 10 to 49 | 10,000,000 and more |
| 一般 | fewer | fewer | less |
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pipeline.detect.folding import fold
from pipeline.detect.numbers import COUNT, value_of
from pipeline.model.regex import regex

CLASSES = ("一般", "较大", "重大", "特别重大")
DEATHS, INJURIES, LOSSES = (3, 10, 30), (10, 50, 100), (10**7, 5 * 10**7, 10**8)
"""Figures from which 较大, 重大 and 特别重大 begin; 以上 includes the figure itself."""

_LIMIT = r"(?!\s*(?:以上|以下|及以上|（含|左右以上))"
_OF = r"[^，。；、\n\d]{0,10}?"
_DEATHS = regex(
    rf"(?<![\d.])({COUNT})\s*(?:人|名){_LIMIT}{_OF}(?:死亡|遇难|身亡|丧生|罹难)(?!事故)"
    rf"|(?:死亡|遇难|罹难|丧生)(?:人数|人员)?(?:共|已|达|为|升至|增至|至|:|：){{0,2}}({COUNT})\s*(?:人|名){_LIMIT}"
)
_INJURIES = regex(
    rf"(?<![\d.])({COUNT})\s*(?:人|名){_LIMIT}{_OF}(?:重伤|急性工业中毒)"
    rf"|(?:重伤)(?:人数|人员)?(?:共|达|为)?({COUNT})\s*(?:人|名){_LIMIT}"
)
_LOSS = regex(
    rf"(?:直接)?经济损失(?:约|共|达|为|合计|计|近|人民币)*+\s*+({COUNT})\s*+(万|亿)?(?:余|多)?\s*+元{_LIMIT}"
)
_TRADES = (
    r"(?:生产安全|安全生产|道路交通|道路运输|火灾|坍塌|爆炸|中毒和?窒息|中毒|窒息|高处坠落|机械伤害|触电|物体打击"
    r"|起重伤害|车辆伤害|透水|瓦斯|建筑施工|燃气|渔业船舶|水上交通|淹溺|灼烫|责任|安全|亡人|涉险)*+"
)
_STATED = regex(
    rf"(特别重大|重大|较大|一般){_TRADES}事故"
    r"(?!由|隐患|以上|及以上|\d|\s*[一二三四五六七八九十\d]+\s*起|的?(?:等级|划分|标准|风险|防控|防范|应急预案|调查处理规定))"
)
_FEARED = regex(r"(?:防范|遏制|杜绝|防止|预防|不发生|避免|严防)(?:和|各类|发生)?$")
_RULES = regex(
    r"是指|的事故[。；，]|，为(?:一般|较大|重大|特别重大)事故的|以上.{0,12}以下|同比|去年同期|累计发生"
)


@dataclass(frozen=True)
class WrongClass:
    """A stated class at its place against the one that the figures of the text make."""

    start: int
    end: int
    stated: str
    figures: str
    certain: bool
    """The figures alone make a higher class; False: a higher one is stated than they show."""


def class_of(deaths: int = 0, injuries: int = 0, loss: Decimal | int = 0) -> str:
    """The class of an accident: the highest that one of its figures reaches."""
    reached = (
        sum(value >= limit for limit in limits)
        for value, limits in ((deaths, DEATHS), (injuries, INJURIES), (loss, LOSSES))
    )
    return CLASSES[max(reached)]


def wrong_classes(text: str) -> tuple[WrongClass, ...]:
    """Stated classes that the figures of one accident's account contradict.

    Text that only explains the classes or sums up a period is left alone.
    """
    folded = fold(text)
    if "事故" not in folded.text or not _STATED.search(folded.text):
        return ()
    lines = [line for line in _lines(folded.text) if not _RULES.search(folded.text, *line)]
    stated = [
        m
        for start, end in lines
        for m in _STATED.finditer(folded.text, start, end)
        if not _FEARED.search(folded.text, max(start, m.start() - 6), m.start())
    ]
    account = "\n".join(folded.text[start:end] for start, end in lines)
    deaths, injuries = _figures(_DEATHS, account), _figures(_INJURIES, account)
    losses = _figures(_LOSS, account)
    if not (deaths or injuries or losses):
        return ()
    most = [max(figures, default=Decimal(0)) for figures in (deaths, injuries, losses)]
    reached = class_of(int(most[0]), int(most[1]), most[2])
    return tuple(
        WrongClass(
            *folded.span(*m.span()), m[1], reached, CLASSES.index(m[1]) < CLASSES.index(reached)
        )
        for m in stated
        if m[1] != reached
    )


def _lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.split("\n"):
        yield at, at + len(line)
        at += len(line) + 1


def _figures(pattern: re.Pattern[str], text: str) -> list[Decimal]:
    figures = []
    for m in pattern.finditer(text):
        numeral, large = (m[1], m[2] or "") if pattern is _LOSS else (m[1] or m[2], "")
        value = value_of(numeral, large) if numeral else None
        if value is not None:
            figures.append(value)
    return figures
