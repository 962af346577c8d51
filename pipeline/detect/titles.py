"""Numbers, days and times of a title that its text contradicts or does not hold (Article 10).

A number is compared with those of the text that count the same: 120人 with 一百二十名, 20公顷 with
300亩, 第7期 with 第八期. Rounded numbers and sums of the text's own pass. A title may count what a
list below it shows, or name a day or hotline of which the text does not speak.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Any

from pipeline.detect.alerts import colours_named
from pipeline.detect.classes import classes
from pipeline.detect.facts import classes_named
from pipeline.detect.folding import Stretch, flat
from pipeline.detect.typography import AMOUNT, CAPITALS, CHINESE, LARGE, UNITS, amount_of, shares
from pipeline.model.lazy import HAN, regex

_COUNTED = f"位|百分点|{UNITS}"
"""What a title counts thus has to stand in its text; anything else must not be contradicted."""
_WORDS = classes("titles", amount=AMOUNT, chinese=CHINESE, counted=_COUNTED, han=HAN)

_SCALES = (
    "人1 名1 位1 口1|米1 公里1000 千米1000 厘米0.01 毫米0.001|公斤1 千克1 吨1000|亩1 公顷15|%1 ％1"
    "|度1 °c1|辆1 台1 部1 架1|家1 户1 所1|场1 次1|处1 条1 件1 起1 例1 项1"
)
"""What counts the same, and how much of it each unit is, the first of a row being the name."""
_SCALE = {
    unit: (row[0][0], Decimal(n))
    for row in map(regex(r"(\D+)([\d.]+) ?").findall, _SCALES.split("|"))
    for unit, n in row
}
_IDLE = "方面心大线轮合手步招点字句问看到不要会严防查进化制体个类种年月日号时"
"""Behind a number of a title, these count what is shown, or nothing: 五大行动, 八个必须."""
_FIRST = regex(rf"[\di{CHINESE}]")
_SHOWN = "事措建要提注知问动步大典案"
"""Beginnings of nouns whose count a list shows: 三条措施, 五件大事."""
_REACH = 8
"""Signs after a day within which a day without month still belongs to it."""
_MOST = 12
"""Numbers of one kind in a text of which sums are tried."""
_PARTS = frozenset("午晨早晚上")
"""What stands before 3点 where it is a time."""
_ABOUT = frozenset("近约超逾过上")
"""What makes the number behind it a rounded one."""
_VAGUE = dict.fromkeys("上逾超过成", 1) | dict.fromkeys("数几", 2)
"""What stands before 十, 百, 千 or 万 → how many of these it says at least; at most ten."""
_OUTCOMES = {"死": "死", "伤": "伤"}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True)
class _Count:
    """A number with what it counts; offsets into the folded text."""

    start: int
    end: int
    value: Decimal
    kind: str
    """人, 第期, 级地 …; empty when no unit stands there."""
    slack: Decimal
    """How far off another number may be that means the same."""
    counted: bool
    outcome: str
    """死 or 伤, of people; numbers of these are no sums."""
    one: bool
    """Written 一, which often counts nothing."""


Moment = tuple[int, int, str, tuple[Any, ...]]
"""(start, end, ``day``, ``lone``, ``hour`` or ``code``, value)"""


def missing_claims(title: str, body: str) -> tuple[Stretch, ...]:
    """Offsets in the title of numbers, days, times, codes and colours that the text belies."""
    ours = flat(title)
    moments, counts = _scan(ours.text)
    claims = [c for c in counts if c.kind and not _is_idle(c, ours.text)]
    theirs = flat(body).text.translate(CAPITALS) if moments or claims else ""
    theirs = _WORDS["labelled"].sub(r"：\2\1", theirs)  # 立案（起）：9
    wrong: list[Stretch] = []
    if moments or any(c.outcome or not _stands(ours.text[c.start : c.end], theirs) for c in claims):
        their_moments, their_counts = _scan(theirs)
        wrong += _contradicted(moments, their_moments)
        wrong += [(c.start, c.end) for c in claims if not _is_borne_out(c, their_counts)]
    for values_in, sign in ((colours_named, "{}色"), (classes_named, "{}")):
        values = set(values_in(title))
        others = values and set(values_in(body))
        if others and not values & others:
            word = sign.format(min(values, key=ours.text.index))
            wrong.append((at := ours.text.index(word), at + len(word)))
    wrong += _miscounted(ours.text, body)
    return tuple(ours.span(*stretch) for stretch in sorted(wrong))


def _stands(words: str, text: str) -> bool:
    """Whether the words of a number stand in a text, and not as the end of a larger one."""
    at = text.find(words)
    return at >= 0 and not (at and (text[at - 1] == "." or _FIRST.match(text, at - 1)))


def _miscounted(title: str, body: str) -> Iterator[Stretch]:
    """A count of tips or cases where the only numbered list of the text has another length."""
    counts = [*_WORDS["listed"].finditer(title)]
    lists: dict[tuple[Any, ...], list[int]] = {}
    for item in _WORDS["item"].finditer(body) if counts else ():
        sort = item["case"], item["n"].isdecimal(), item["stop"].isspace()
        lists.setdefault(sort, []).append(_value(item["n"]))
    if counts and all(len(numbers) < 2 for numbers in lists.values()):
        lists = {}
        for item in _WORDS["told"].finditer(body):
            lists.setdefault((item[2],), []).append(_value(item[1]))
    if len(lists) == 1:
        [numbers] = lists.values()
        if len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1)):
            for m in counts:
                if _value(m[1]) not in (0, 1, len(numbers)):
                    yield m.span(1)


def _scan(text: str) -> tuple[Sequence[Moment], Sequence[_Count]]:
    """Days, times and codes, and apart from them the numbers, each in order."""
    moments: list[Moment] = []
    counts: list[_Count] = []
    at = 0
    while first := _FIRST.search(text, at):
        start = first.start()
        before = text[start - 1 : start]
        m = _WORDS["moment"].match(text, start)
        if m and (not m["dot"] or m["minute"] or m["sharp"] or before in _PARTS):
            moments += _moment(m, moments[-1:])
            at = m.end()
            continue
        m = _WORDS["number"].match(text, start)
        if m and (count := _count(m, before)):
            counts.append(count)
        at = m.end("number") if m else start + 1
    counts += (
        _Count(start, end, value, "%", Decimal(slack), True, "", False)
        for start, end, value in shares(text)
        for slack in (text[end - 1] == "成" and (9 if text[start - 1 : start] in _ABOUT else 4),)
    )
    return moments, counts


def _moment(m: re.Match[str], last: Sequence[Moment]) -> Iterator[Moment]:
    """None for a year; a day without month may belong to the one before it."""
    if m["alone"]:
        yield *m.span(), "month", (_value(m["alone"]),)
    elif m["day"] or m["named"]:
        value = _value(m["month"]), _value(m["day"] or m["named"])
        yield *m.span(), "day", value
    elif m["lone"]:
        near = [v[0] for _, end, _, v in last if m.start() - end < _REACH and len(v) == 2]
        yield *m.span(), "day" if near else "lone", (*near, _value(m["lone"]))
    elif m["hour"]:
        minute = 30 if m["minute"] == "半" else _value(m["minute"] or "0")
        half = _WORDS["half of the day"].search(m.string, max(0, m.start() - 3), m.start())
        hour = _value(m["hour"]) % 24
        later = 12 * bool(half and half["later"] and hour < 12)
        yield *m.span(), "hour", (hour + later, minute, hour > 12 or (half and hour != 12))
    elif m["serial"]:
        issuer = m.string[max(0, m.start() - 2) : m.start()]
        yield *m.span(), "code", (issuer, m["year"], m["serial"])
    elif m["code"]:
        yield *m.span(), "code", (m["code"],)


def _value(numeral: str) -> int:
    return int(amount_of(numeral) or 0)


def _count(m: re.Match[str], before: str) -> _Count | None:
    value = Decimal(_ROMAN[m["number"]]) if m["number"] in _ROMAN else amount_of(m["number"])
    unit, large = m["unit"] or "", LARGE.get(m["large"] or "", 1)
    if value is None or (before and before in (".〔[—·" if unit in ("°c", "度") else ".〔[—-·")):
        return None
    kind, scale = _SCALE.get("人" if unit in _OUTCOMES else unit, (unit, Decimal(1)))
    if unit == "号" and m["next"] == "楼":
        kind = "楼"
    if unit in [*"县区市"] and _WORDS["of several sorts"].match(m.string, m.end("unit")):
        kind = "县区"
    shown = unit == "级" or (kind == "处" and m["next"] in [*_SHOWN])
    following = "地" if unit == "级" and value % 1 else m["next"]  # a magnitude
    outcome = _WORDS["outcome"].match(m.string, m.end("unit")) if kind == "人" else None
    if kind == "人" and not outcome:
        outcome = _WORDS["outcome before"].search(m.string, max(0, m.start() - 9), m.start())
    about = m["more"] or m["limit"] or (before and before in _ABOUT)
    slack = _slack(m["number"], value, bool(about))
    if before in _VAGUE and m["number"] in "十百千万":
        value, slack = (value * (10 + sign * _VAGUE[before]) / 2 for sign in (1, -1))
    ordinal = "第" if before == "第" and unit != "季" else ""
    return _Count(
        m.start("number"),
        m.end("unit") if unit else m.end("number"),
        value * large * scale,
        f"{ordinal}{kind}{following if shown else ''}",
        slack * large * scale,
        not (before == "第" or shown) and (unit in _OUTCOMES or unit in _COUNTED.split("|")),
        _OUTCOMES.get(unit) or (("死" if outcome["dead"] else "伤") if outcome else ""),
        m["number"] == "一" and not ordinal,
    )


def _slack(number: str, value: Decimal, about: bool) -> Decimal:
    """One more in the last place of a number that is 近, 余 or 以上; half of it in 万 or 亿."""
    large = {"万": 10_000, "亿": 10**8}.get(number[-1:])
    decimals = len(number.partition(".")[2].rstrip("万亿"))
    if about:
        last = len(str(int(value))) - len(str(int(value)).rstrip("0"))
        return max(Decimal(10) ** (last - decimals) if value else Decimal(0), value / 10)
    if not large or not number[0].isdigit():
        return Decimal(0)
    return Decimal(large) / Decimal(10) ** decimals / 2


def _is_idle(claim: _Count, text: str) -> bool:
    return (
        bool(_WORDS["manner"].match(text, claim.start))
        or claim.one
        or (claim.kind == "人" and claim.value == 1 and not claim.outcome)
        or (not claim.counted and claim.kind[0] in _IDLE)
    )


def _is_borne_out(claim: _Count, counts: Sequence[_Count]) -> bool:
    alike = [c for c in counts if c.kind == claim.kind]
    if claim.kind[:2] in ("级应", "级响"):  # of a response, whatever the text says of its level
        alike = [c for c in counts if c.kind[:1] == "级" and c.kind[1:] not in [*"大阵风公以"]]
        return not alike or any(c.value == claim.value for c in alike)
    alike = [c for c in alike if claim.outcome and c.outcome == claim.outcome] or alike
    if any(abs(c.value - claim.value) <= max(c.slack, claim.slack) for c in alike):
        return True
    if not claim.counted:
        return all(c.one for c in alike)
    same = [c for c in counts if c.value == claim.value]
    if any(not alike or c.kind[:1] in ("", claim.kind[0]) or c.value >= 20 for c in same):
        return True
    values = [c.value for c in alike[:_MOST]] if not claim.outcome or len(alike) == 2 else ()
    sums = (sum(some) for size in (2, 3) for some in combinations(values, size))
    return any(abs(total - claim.value) <= claim.slack for total in (sum(values), *sums))


def _contradicted(ours: Sequence[Moment], theirs: Sequence[Moment]) -> Iterator[Stretch]:
    """Days, times and codes of the title where the text has only others of the same sort."""
    stated: dict[str, set[tuple[Any, ...]]] = {}
    for _, _, sort, value in theirs:
        stated.setdefault(sort, set()).add(value)
    for start, end, sort, value in ours:
        others = stated.get(sort, set())
        if sort == "day":
            wrong = others and (value[-1],) not in stated.get("lone", ()) and value not in others
        elif sort == "month":
            wrong = others and value not in others
        elif sort == "hour":
            wrong = others and not any(_is_one_time(value, other) for other in others)
        else:  # a day without month says too little
            wrong = (
                sort == "code"
                and value not in others
                and any(_near(value, code) for code in others)
            )
        if wrong:
            yield start, end


def _is_one_time(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether (hour, minute, surely of its half of the day) may be the same: 15时 and 下午3时."""
    apart = (one[0] - other[0]) % 24
    return one[1] == other[1] and (apart == 0 or (apart == 12 and not (one[2] and other[2])))


def _near(one: Sequence[str], other: Sequence[str]) -> bool:
    """Numbers of one series; or with one wrong digit, or the same digits in another order."""
    if len(one) > 1:
        return one[:-1] == other[:-1]
    wrong = sum(a != b for a, b in zip(one[0], other[0], strict=False))
    return len(one[0]) == len(other[0]) and (wrong == 1 or sorted(one[0]) == sorted(other[0]))
