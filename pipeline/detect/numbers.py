"""Numbers in every form, and numbers of official documents (Article 10).

Arabic and Chinese numerals mean the same: 1.2万, 12,000 and 一万二千 are one number.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from pipeline.detect.folding import flat
from pipeline.detect.typography import Slip
from pipeline.model.findings import Message, say
from pipeline.model.lazy import HAN, regex

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
LARGE = {"千": 1000, "万": 10_000, "亿": 100_000_000}
CHINESE = "零〇一二两三四五六七八九十百千"
COUNT = rf"(?:\d{{1,3}}(?:,\d{{3}}){{1,5}}|\d{{1,15}}(?:\.\d{{1,9}})?|[{CHINESE}]{{1,12}})"
"""A numeral, without 万 and 亿."""
UNITS = (
    "人|名|例|起|户|亩|公顷|平方米|平方公里|立方米|吨|公斤|千克|米|公里|千米|毫米|厘米|元|辆|艘|架|台|套|间|栋|座"
    "|所|处|家|件|次|场|万|亿|°c|度|毫克|个百分点|%|％|倍|条|支|顶|床|具|只|头|棵|株"
)
AMOUNT = rf"{COUNT}(?:\s?[亿万千](?:{COUNT}(?:[万千](?:{COUNT})?)?)?)?"
"""A numeral with 千, 万 and 亿: 1.2万, 一万二千, 3亿5000万."""
_PART = regex(rf"({COUNT})\s?([亿万千]?)")
_PER_CENT = regex(
    rf"百分之({COUNT}(?:点[{CHINESE}]+)?)|([一二两三四五六七八九])成(?=[，。；、！\s多以左]|$)"
)


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


def amount_of(amount: str) -> Decimal | None:
    """The value of what `AMOUNT` matches, its parts added up."""
    if amount.isdecimal():
        return Decimal(amount)
    parts = [value_of(*m.groups()) for m in _PART.finditer(amount)]
    return sum((p for p in parts if p is not None), Decimal(0)) if parts else None


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


def shares(text: str) -> Iterator[tuple[int, int, Decimal]]:
    """(start, end, value) of every 百分之… and 三成 of the text."""
    for m in _PER_CENT.finditer(text):
        if m[2]:
            yield m.start(), m.end(), Decimal(DIGITS[m[2]] * 10)
            continue
        whole, _, part = m[1].partition("点")
        value = value_of(whole)
        if value is not None:
            digits = "".join(str(DIGITS[c]) for c in part)
            yield m.start(), m.end(), Decimal(f"{value}.{digits or 0}")


# Numbers of official documents in another form than 国办发〔2018〕123号 (GB/T 9704-2012, 7.2.5).
#
# The year stands in full between hexagonal brackets, and the serial has neither 第 nor a zero
# before it.

_ISSUER = regex(
    rf"{HAN}[发办函字令秘通检规批复电告政委综监防安消救灾指呈报议罚急管府党组信](?<!证字)(\s*)$"
)
_ANY_ISSUER = regex(
    rf"{HAN}[^\W\d_a-z班届年期第楼室区院民刑行执证级组队款条项章号类批次版型牌股公](?<!证字)(\s*)$"
)
"""Two signs that may end an issuer; with 号 behind the serial no list of issuers is needed."""
_DOCUMENT_NUMBER = regex(
    r"(?P<open>[〔\[［【(（﹝〈<{《「『〖])\s*+(?P<year>\d[\do]{1,4}|二[〇零○oO0]?[〇零○oO0一二三四五六七八九]{2,3})\s*+(?P<nian>年?)\s*+"
    r"(?P<close>[〕\]］】)）﹞〉>}》」』〗]?)\s*+(?P<di>第?|no\.?)\s*+(?P<serial>\d{1,5}|[〇零一二三四五六七八九十百]{1,5})\s*(?P<hao>号|期|次)?"
    r"(?!楼|线|院|门|仓|台风|岗|机|井|桥|路|窑|库|公路|高速|国道|地块|车|船|\d|年|月|日|人|起|名|米|个|%)"
)
_BARE = regex(
    r"(?=[政办委厅局应安指防减\[〔(（【])(?:(?:(?:政|政?办|委|厅|局|应急|安|指)(?:办?[发函字]|办)|(?<!国家)应急|安委|安办|防指|减灾)\s?(\d{4})"
    r"(?:年?第?\s?|[-—]|[\[〔(（])\d{1,4}[\]〕)）]?号(?!公告|令|通告|简报|文?台风|楼|线|院)"
    rf"|[\[〔(（【](\d{{4}})[\]〕)）】]\s?{HAN}{{1,6}}(?:应急|安委|安办|政|办|防指)[发办函字]{{0,2}}\s?第?\d{{1,4}}号)"
)
"""An issuer, year and serial without brackets, or in another order."""
_SPACED = regex(r"\s")


def wrong_document_numbers(text: str) -> tuple[Slip, ...]:
    """Every malformed number in order; offsets into the text as it is, from its bracket on."""
    read = flat(text)
    slips = {
        Slip(*read.span(*m.span()), why)
        for m in _DOCUMENT_NUMBER.finditer(read.text)
        if (issuer := _issuer(m))
        for why in _why(m, bool(issuer[1]))
    }
    bare = say("The year of a document number stands between 〔 and 〕.")
    slips |= {
        Slip(*read.span(m.start(m.lastindex or 0), m.end()), bare)
        for m in _BARE.finditer(read.text)
    }
    return tuple(sorted(slips, key=lambda slip: slip.start))


def _issuer(m: re.Match[str]) -> re.Match[str] | None:
    near = m.string, max(0, m.start() - 4), m.start()
    sure = m["hao"] == "号" and len(m["year"]) == 4 and m["close"]
    if not m["close"] and not (m["hao"] == "号" and m["open"] in "〔[［【﹝"):
        return None
    return _ISSUER.search(*near) or (_ANY_ISSUER.search(*near) if sure else None)


def _why(m: re.Match[str], apart: bool) -> Iterator[Message]:
    """The gravest fault of the form, if any."""
    if not m["hao"] and m["open"] != "〔":
        return
    if (m["open"], m["close"]) != ("〔", "〕"):
        yield say("The year of a document number stands between 〔 and 〕.")
    elif len(m["year"]) != 4 or not m["year"].isdecimal() or m["nian"]:
        yield say("The year of a document number has four digits and nothing else.")
    elif m["di"]:
        yield say("A document number has no 第 before its serial.")
    elif not m["serial"].isdecimal():
        yield say("The serial of a document number is written in Arabic digits.")
    elif m["serial"].startswith("0"):
        yield say("The serial of a document number begins with no zero.")
    elif m["hao"] != "号":
        yield say("A document number ends in 号.")
    elif apart or _SPACED.search(m[0]):
        yield say("A document number holds no space.")
