"""Numbers with their units, and numbers of a title that its text does not hold (Article 10).

Arabic and Chinese numerals mean the same: 1.2万, 12,000 and 一万二千 are one number.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pipeline.detect.folding import fold
from pipeline.detect.typography import Slip
from pipeline.model.findings import Message, say
from pipeline.model.regex import regex

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10_000, "亿": 100_000_000}
CHINESE = "零〇一二两三四五六七八九十百千"
COUNT = rf"(?:\d{{1,3}}(?:,\d{{3}}){{1,5}}|\d{{1,15}}(?:\.\d{{1,9}})?|[{CHINESE}]{{1,12}})"
"""A numeral, without 万 and 亿."""
UNITS = (
    "人|名|例|起|户|亩|公顷|平方米|平方公里|立方米|吨|公斤|千克|米|公里|千米|毫米|厘米|元|辆|艘|架|台|套|间|栋|座"
    "|所|处|家|件|次|场|万|亿|℃|度|毫克|个百分点|%|％|倍|条|支|顶|床|具|只|头|棵|株"
)
_NUMBER = regex(rf"({COUNT})\s*([万亿]?)\s*(?:余|多)?\s*({UNITS}|)")
_PER_CENT = regex(rf"百分之({COUNT}(?:点[{CHINESE}]+)?)")
_FACT = regex(
    rf"(?<![\d.第〔\[年月—-])({COUNT})\s*+([万亿]?)\s*+(?:余|多)?\s*+({UNITS})(?!年|月|日|号)"
)
_LISTED = regex(
    r"(?:条|件|次|场|支|处|家|个)(?:事|措施|建议|要点|提示|注意|知识|问题|动作|步骤|大)"
)
_MANNER = regex(
    r"一(?:次性|起|件事|家|处|场|台|套|条|人|名|户|所|座|度|间|倍)|万一|千万|两会|三人行|一键|两岸|半"
)


@dataclass(frozen=True)
class Number:
    """A number with its offsets in the text; `unit` may be empty."""

    start: int
    end: int
    value: Decimal
    unit: str


def value_of(numeral: str, large: str = "") -> Decimal | None:
    """The value of a numeral, times 万 or 亿; None for what is none, such as a lone 点."""
    plain = numeral.replace(",", "")
    if plain[:1].isdigit():
        value = Decimal(plain)
    else:
        read = _chinese(plain)
        if read is None:
            return None
        value = Decimal(read)
    return value * LARGE.get(large, 1)


def _chinese(numeral: str) -> int | None:
    """Section by section below 万: 三百零五 is 305, 二〇二六 is 2026."""
    if not numeral:
        return None
    if not any(c in TENS for c in numeral):
        return int("".join(str(DIGITS[c]) for c in numeral))
    total, digit, seen = 0, 0, False
    for sign in numeral:
        if sign in TENS:
            total += (digit if seen else 1) * TENS[sign]
            digit, seen = 0, False
        else:
            digit, seen = DIGITS[sign], True
    return total + digit


def numbers(text: str) -> Iterator[Number]:
    """Every number of the text."""
    for m in _NUMBER.finditer(text):
        value = value_of(m[1], m[2])
        if value is not None:
            yield Number(m.start(), m.end(), value, _unit(m[3]))
    for m in _PER_CENT.finditer(text):
        whole, _, part = m[1].partition("点")
        value = value_of(whole)
        if value is not None:
            digits = "".join(str(DIGITS[c]) for c in part)
            yield Number(m.start(), m.end(), Decimal(f"{value}.{digits or 0}"), "%")


def _unit(unit: str) -> str:
    return {"％": "%", "名": "人", "千米": "公里", "千克": "公斤"}.get(unit, unit)


def missing_numbers(title: str, body: str) -> tuple[Number, ...]:
    """Numbers with a unit in the title whose value stands nowhere in the body.

    Years, dates, hotlines and ordinals are no such numbers, and neither are counts of what
    follows (five tips), for a list shows its count without saying it.
    """
    claimed = tuple(_claimed(title))
    if not claimed:
        return ()
    missing = {n.value for n in claimed}
    for stated in numbers(fold(body).text):
        missing.discard(stated.value)
        if not missing:
            return ()
    return tuple(n for n in claimed if n.value in missing)


def _claimed(title: str) -> Iterator[Number]:
    folded = fold(title)
    for m in _FACT.finditer(folded.text):
        listed = _LISTED.match(folded.text, m.start(3))
        value = value_of(m[1], m[2])
        if value is None or listed or _MANNER.match(folded.text, m.start()):
            continue
        start, end = folded.span(m.start(), m.end())
        yield Number(start, end, value, _unit(m[3]))


# Numbers of official documents in another form than 国办发〔2018〕123号 (GB/T 9704-2012, 7.2.5).
#
# The year stands in full between hexagonal brackets, and the serial has neither 第 nor a zero
# before it.

_ISSUER = regex(
    r"[\u4e00-\u9fff][发办函字令秘通检规批复电告政委综监防安消救灾指呈报议罚急管府党组](\s*)$"
)
_DOCUMENT_NUMBER = regex(
    r"(?P<open>[〔\[［【(（﹝〈<{])\s*+(?P<year>[12]?\d?\d\d)\s*+(?P<nian>年?)\s*+"
    r"(?P<close>[〕\]］】)）﹞〉>}])\s*+(?P<di>第?)\s*+(?P<serial>\d{1,5})\s*(?P<hao>号|期|次)?"
    r"(?!楼|线|院|门|仓|台风|岗|机|井|桥|路|窑|库|公路|高速|国道|地块|车|船|\d|年|月|日|人|起|名|米|个|%)"
)
_SPACED = regex(r"\s")


def wrong_document_numbers(text: str) -> tuple[Slip, ...]:
    """Every malformed number in order; offsets into the text as it is, from its bracket on."""
    return tuple(
        Slip(m.start(), m.end(), why)
        for m in _DOCUMENT_NUMBER.finditer(text)
        if (issuer := _ISSUER.search(text, max(0, m.start() - 4), m.start()))
        for why in _why(m, bool(issuer[1]))
    )


def _why(m: re.Match[str], apart: bool) -> Iterator[Message]:
    """The gravest fault of the form, if any."""
    if not m["hao"] and m["open"] != "〔":
        return
    if (m["open"], m["close"]) != ("〔", "〕"):
        yield say("The year of a document number stands between 〔 and 〕.")
    elif len(m["year"]) != 4 or m["nian"]:
        yield say("The year of a document number has four digits and nothing else.")
    elif m["di"]:
        yield say("A document number has no 第 before its serial.")
    elif m["serial"].startswith("0"):
        yield say("The serial of a document number begins with no zero.")
    elif m["hao"] != "号":
        yield say("A document number ends in 号.")
    elif apart or _SPACED.search(m[0]):
        yield say("A document number holds no space.")
