"""Numbers in every form, and slips of typing that a proofreader marks (Article 10).

Slips are those of GB/T 15834-2011 and GB/T 15835-2011. Markdown's own signs, code, addresses and
numbers are left alone. Offsets point into the text as it is. Arabic and Chinese numerals mean the
same: 1.2万, 12,000 and 一万二千 are one number.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal

from pipeline.detect.classes import classes
from pipeline.detect.folding import Spans, flat
from pipeline.detect.forms import Forms
from pipeline.model.findings import Message, Reason, say
from pipeline.model.lazy import HAN, regex
from pipeline.model.run import per_run

_WORDS = classes("typography", han=HAN)
_WHY: Sequence[Reason] = (
    ("marks-doubled", say("Two punctuation marks follow each other.")),
    ("exclamation-repeated", say("A mark of exclamation or question is repeated.")),
    ("marks-half-width", say("Chinese text has a half-width punctuation mark.")),
    ("brackets-half-width", say("Chinese text has half-width brackets.")),
    ("quotes-straight", say("Chinese text has straight quotation marks.")),
    ("ellipsis-misformed", say("An ellipsis is written ……")),
    ("dash-misformed", say("A dash is written ——")),
    ("word-doubled", say("A word stands twice.")),
    ("word-particle", say("的, 地 or 得: another one belongs here.")),
    ("measure-unfit", say("A measure does not fit what it counts.")),
    ("date-zero-padded", say("A month or day is written without a zero before it.")),
    ("digits-full-width", say("Digits or letters are full-width.")),
    ("space-beside-mark", say("A space stands beside a punctuation mark.")),
)
"""Name of the finding, and of its class; what is said of it."""
_SLIPS = Forms(*(_WORDS[name].pattern for name, _ in _WHY))
PAIRS: Mapping[str, str] = dict(zip("（《“‘【〔「", "）》”’】〕」", strict=True))
_CLOSING = {close: opening for opening, close in PAIRS.items()}
_PAIRED = regex("|".join((*PAIRS, *_CLOSING, r"\n\s*\n", r"\|\n")))
"""A bracket, a quotation mark, or the end of a paragraph or table row."""
_SIGNS = frozenset((*PAIRS, *_CLOSING))
_LISTED = regex(r"^\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[a-zA-Z])）")


@dataclass(frozen=True)
class Slip:
    """A slip with its offsets."""

    start: int
    end: int
    name: str
    """Of the finding about it."""
    why: Message


@per_run(256)
def slips(text: str) -> tuple[Slip, ...]:
    """Every slip in order."""
    candidates = [Slip(start, end, *_WHY[number]) for number, start, end in _SLIPS.matches(text)]
    if not _SIGNS.isdisjoint(text):
        candidates += _unpaired(text)
    if not candidates:
        return ()
    marked = _marked(text, candidates)
    unmarked = (s for s in candidates if not any(marked.touching(s.start, s.end)))
    return tuple(sorted(unmarked, key=lambda s: (s.start, s.end)))


def _marked(text: str, candidates: Iterable[Slip]) -> Spans[None]:
    """Markdown's signs in the lines that slips stand in; none of them reaches over a line's end."""
    lines = [(0, -1)]
    for slip in sorted(candidates, key=lambda slip: slip.start):
        if slip.end > lines[-1][1]:  # a line is looked for once, however many slips stand in it
            end = text.find("\n", slip.end)
            lines.append((text.rfind("\n", 0, slip.start) + 1, len(text) if end < 0 else end))
    return Spans(
        (*m.span(), None) for line in lines for m in _WORDS["markdown"].finditer(text, *line)
    )


def _unpaired(text: str) -> Iterator[Slip]:
    """Brackets and quotation marks without their other half in the same paragraph."""
    waiting: list[tuple[str, int]] = []
    for match in _PAIRED.finditer(text):
        sign, at = match[0], match.start()
        if sign in PAIRS:
            waiting.append((sign, at))
        elif sign[0] in "\n|":
            yield from map(_open, waiting)
            waiting.clear()
        elif waiting and waiting[-1][0] == _CLOSING[sign]:
            waiting.pop()
        elif sign != "’" and not (sign == "）" and _numbered(text, at)):
            why = say("A closing mark {sign} lacks its opening one.", sign=sign)
            yield Slip(at, at + 1, "closing-mark-alone {sign}", why)
    yield from map(_open, waiting)


def _open(waiting: tuple[str, int]) -> Slip:
    sign, at = waiting
    why = say("An opening mark {sign} lacks its closing one.", sign=sign)
    return Slip(at, at + 1, "opening-mark-alone {sign}", why)


def _numbered(paragraph: str, at: int) -> bool:
    """A list's 1） or 一） needs no opening mark."""
    line = paragraph.rfind("\n", 0, at) + 1
    return bool(_LISTED.match(paragraph[line : at + 1]))


EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""A number of thirty signs is no other one."""
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
LARGE = {"千": 1000, "万": 10_000, "亿": 100_000_000}
CHINESE = "零〇一二两三四五六七八九十百千"
CAPITALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
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
    value = Decimal(plain) if plain[:1].isdigit() else _chinese(plain)
    return None if value is None else EXACT.multiply(Decimal(value), LARGE.get(large, 1))


def amount_of(amount: str) -> Decimal | None:
    """The value of what `AMOUNT` matches, its parts added up."""
    if amount.isdecimal():
        return Decimal(amount)
    parts = [value_of(*m.groups()) for m in _PART.finditer(amount)]
    return sum((p for p in parts if p is not None), Decimal(0)) if parts else None


def _chinese(numeral: str) -> int | Decimal | None:
    """Section by section below 万: 三百零五 is 305, 二〇二六 is 2026."""
    if not numeral:
        return None
    if not any(c in TENS for c in numeral):
        return Decimal("".join(str(DIGITS[c]) for c in numeral))  # of any length
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

_SPACED = regex(r"\s")


def wrong_document_numbers(text: str) -> tuple[Slip, ...]:
    """Every malformed number in order; offsets into the text as it is, from its bracket on."""
    read = flat(text)
    slips = {
        Slip(*read.span(*m.span()), *why)
        for m in _WORDS["document number"].finditer(read.text)
        if (issuer := _issuer(m))
        for why in _why(m, bool(issuer[1]))
    }
    slips |= {
        Slip(*read.span(m.start(m.lastindex or 0), m.end()), *_FAULTS[0])
        for m in _WORDS["bare"].finditer(read.text)
    }
    return tuple(sorted(slips, key=lambda slip: slip.start))


def _issuer(m: re.Match[str]) -> re.Match[str] | None:
    near = m.string, max(0, m.start() - 4), m.start()
    sure = m["hao"] == "号" and len(m["year"]) == 4 and m["close"]
    if not m["close"] and not (m["hao"] == "号" and m["open"] in "〔[［【﹝"):
        return None
    return _WORDS["issuer"].search(*near) or (_WORDS["any issuer"].search(*near) if sure else None)


_FAULTS: Sequence[Reason] = (
    ("document-year-brackets", say("The year of a document number stands between 〔 and 〕.")),
    ("document-year-digits",
     say("The year of a document number has four digits and nothing else.")),
    ("document-serial-prefixed", say("A document number has no 第 before its serial.")),
    ("document-serial-chinese",
     say("The serial of a document number is written in Arabic digits.")),
    ("document-serial-padded", say("The serial of a document number begins with no zero.")),
    ("document-suffix-missing", say("A document number ends in 号.")),
    ("document-number-spaced", say("A document number holds no space.")),
)  # fmt: skip


def _why(m: re.Match[str], apart: bool) -> Iterator[Reason]:
    """The gravest fault of the form, if any."""
    year, serial = m["year"], m["serial"]
    wrong = (
        m["open"] + m["close"] != "〔〕",
        len(year) != 4 or not year.isdecimal() or m["nian"],
        m["di"],
        not serial.isdecimal(),
        serial.startswith("0"),
        m["hao"] != "号",
        apart or _SPACED.search(m[0]),
    )
    if m["hao"] or m["open"] == "〔":
        yield from [why for why, fault in zip(_FAULTS, wrong, strict=True) if fault][:1]
