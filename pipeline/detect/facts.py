"""Facts that a text states and that can be checked: dates, the class of an accident.

Each detector returns spans of the text as it is, with what is stated and what is right.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipeline.detect.folding import flat
from pipeline.detect.typography import CHINESE, COUNT, value_of
from pipeline.model.lazy import regex

# Dates that are none, and weekdays that are not those of their date (Article 10).
#
# A date without its year means the one nearest to the day the post appears; a day without its
# month ("8日至9日") belongs to the month named just before it.

WEEKDAYS = "一二三四五六日"
REACH = 14
"""Signs after a date within which a day without month still belongs to it."""
_SIGN = r"(?:星期\s?[:：]\s?)?(?:星期|周|礼拜)\s?[:：]?\s?([一二三四五六日天])"
_IS = r"(?:也?就?是|为|即|系|[恰正]好?[是逢值]|当[天日][是为])?(?:[本下上这]个?)?"
_HOUR = (
    r"(?:\s?(?:[上下中]午|晚上?|早上?|凌晨|全天|当[天日]|前|"
    r"\d{1,2}(?:[:：]\d\d|[时点](?:\d{1,2}分|半|整)?)|[至—~-]))"
)
_WEEKDAY = (
    rf"(?:(?:\s*+(?:{_HOUR}{{0,4}}[，,、:：]\s*+"
    rf"(?={_IS}(?:星期|周|礼拜)\s?[:：]?\s?(?:周|星期)?[一二三四五六日天](?:[，。；,;）)\s\d上下中早晚凌]|$)))?"
    rf"[（(【\[]?\s*+{_IS}|{_HOUR}{{0,4}}\s?[（(【](?:[^）)】\n\d]{{0,12}}?[，,、\s])?{_IS})"
    rf"{_SIGN}(?!\s?[至到—~、和及-])\s*[）)】\]]?)?"
)
"""Behind a date; behind a comma only where the weekday ends its part of the sentence."""
_BEFORE = regex(rf"(?<![每逢至到—~、和及-]){_SIGN}\s?[（(，,]?\s?(?:也就是|即)?$")
_DATE, _DATE_ALONE = (
    regex(
        r"(\d\d{0,3})(?:\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]|\s*月\s*(\d{1,2})\s*[日号]"
        r"|([-/.])(\d{1,2})\5(\d{1,2})(?![\d./-]))" + weekday
    )
    for weekday in (_WEEKDAY, "(^.^)?")
)
_DAY = regex(r"(?<![\d月.])(\d\d?)\s*[日号]" + _WEEKDAY)
_THIS_MONTH = regex(r"[本当]月\s?(\d\d?)\s*[日号]" + _WEEKDAY)
_SPOKEN = regex(rf"(?<![{CHINESE}])([{CHINESE}]{{1,3}})月([{CHINESE}]{{1,3}})[日号]{_WEEKDAY}")
_TO = r"\s?(?:至|到|[-—~]{1,2}|[、和及])\s?"
_SPAN = regex(
    rf"(\d{{1,2}})\s?[月./]\s?(\d{{1,2}})\s?[日号]?{_TO}(?:(\d{{1,2}})\s?[月./]\s?)?(\d{{1,2}})\s?[日号]?\s?"
    rf"[，,]?\s?[（(【\[]?\s?(?:星期|周|礼拜)([一二三四五六日天]){_TO}(?:星期|周|礼拜)?([一二三四五六日天])"
)
"""A stretch or a pair of days with as many weekdays: 11月22日至24日（周日至周二）."""
_SHORT = regex(
    r"(?:(?<![\w./-])|(?<=[于在至到自从])|(?<![\d./v-])(?=[\d./-]{3,5}\s?[（(【]))"
    r"(\d{1,2})(?:[./]|-(?=\d\d\s?[（(]))(\d{1,2})\s?[（(【]?(?:星期|周|礼拜)([一二三四五六日天])(?![至到—~、和及-])"
)
_CHINESE_MONTH = regex(f"[{CHINESE}]月[{CHINESE}]")
_NO_SUN = regex(r"(?:农历|阴历|腊|正|闰)\s*(?:\d{4}年)?$")


@dataclass(frozen=True)
class WrongDate:
    """A date with its offsets: `meant` is None where the calendar has no such day."""

    start: int
    end: int
    meant: date | None
    stated: str
    """Weekday sign as stated; empty when only the date is wrong."""
    right: str
    """Weekday sign of the date; empty when there is no such date."""


def wrong_dates(text: str, near: date) -> tuple[WrongDate, ...]:
    """Every wrong date or weekday in order; `near` tells the years that are left out."""
    read = flat(text)
    if not any(sign in read.text for sign in "月-/."):
        return ()
    dates = dict.fromkeys(
        WrongDate(*read.span(start, end), meant, stated, right)
        for start, end, meant, stated, right in _wrong(read.text, near)
    )
    return tuple(sorted(dates, key=lambda wrong: wrong.start))


def _wrong(text: str, near: date) -> Iterator[tuple[int, int, date | None, str, str]]:
    weekly = any(word in text for word in ("星期", "周", "礼拜"))
    for m in (_DATE if weekly else _DATE_ALONE).finditer(text):
        parts = _parts(m)
        if parts is None or _NO_SUN.search(text, max(0, m.start() - 8), m.start()):
            continue
        year, month, day = parts
        meant = _meant(year, month, day, near)
        before = (
            _BEFORE.search(text, max(0, m.start() - 12), m.start()) if weekly and not m[8] else None
        )
        start = before.start() if before else m.start()
        yield from _judged(start, m.end(), meant, before[1] if before else m[8])
        for later in _DAY.finditer(text, m.end(), m.end() + REACH + 8) if weekly else ():
            if later.start() - m.end() > REACH or _DATE.search(text, m.end(), later.end()):
                break
            if later[2]:
                then = _meant((meant or near).year, month, int(later[1]), near)
                yield from _judged(later.start(), later.end(), then, later[2])

    for m in _SPAN.finditer(text) if weekly else ():
        first = _meant(None, int(m[1]), int(m[2]), near)
        yield from _judged(m.start(), m.end(), first, m[5])
        last = _meant(None, int(m[3] or m[1]), int(m[4]), near)
        yield from _judged(m.start(), m.end(), last, m[6])
    for m in _THIS_MONTH.finditer(text) if "本月" in text or "当月" in text else ():
        yield from _judged(*m.span(), _meant(near.year, near.month, int(m[1]), near), m[2])
    for m in _SHORT.finditer(text) if weekly else ():
        yield from _judged(m.start(), m.end(), _meant(None, int(m[1]), int(m[2]), near), m[3])
    for m in _SPOKEN.finditer(text) if _CHINESE_MONTH.search(text) else ():
        spoken = _meant(None, int(value_of(m[1]) or 0), int(value_of(m[2]) or 0), near)
        if not _NO_SUN.search(text, max(0, m.start() - 8), m.start()):
            yield from _judged(m.start(), m.end(), spoken, m[3])


def _parts(m: re.Match[str]) -> tuple[int | None, int, int] | None:
    """(year or None, month, day); None for what only looks like a date."""
    before = m.string[m.start() - 1 : m.start()]
    if before.isdigit() or before in ("-", "/", "."):
        return None
    if m[4]:
        return (None, int(m[1]), int(m[4])) if len(m[1]) <= 2 else None
    if len(m[1]) != 4:
        return None
    return int(m[1]), int(m[2] or m[6]), int(m[3] or m[7])


def _judged(
    start: int, end: int, meant: date | None, stated: str | None
) -> Iterator[tuple[int, int, date | None, str, str]]:
    if meant is None:
        yield start, end, None, stated or "", ""
    elif stated:
        right = WEEKDAYS[meant.weekday()]
        if stated.replace("天", "日") != right:
            yield start, end, meant, stated, right


def _meant(year: int | None, month: int, day: int, near: date) -> date | None:
    """The date, in the year nearest to `near` when it names none; 29 February seeks a leap year."""
    years = [year] if year else [near.year, near.year - 1, near.year + 1]
    dates = [d for y in years if (d := _day(y, month, day))]
    return min(dates, key=lambda d: abs((d - near).days), default=None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# The class of an accident against its figures (国务院令第493号, 第三条; Article 10).
#
# | class | deaths | grave injuries | direct loss |
# |---|---|---|---|
# | 特别重大 | 30 and more | 100 and more | 100,000,000 yuan and more |
# | 重大 | 10 to 29 | 50 to 99 | 50,000,000 and more |
# | 较大 | 3 to 9 | 10 to 49 | 10,000,000 and more |
# | 一般 | fewer | fewer | less |

CLASSES = ("一般", "较大", "重大", "特别重大")
DEATHS, INJURIES, LOSSES = (3, 10, 30), (10, 50, 100), (10**7, 5 * 10**7, 10**8)
"""Figures from which 较大, 重大 and 特别重大 begin; 以上 includes the figure itself."""

_LIMIT = r"(?!\s*(?:以上|以下|及以上|（含|左右以上))"
_OF = r"[^，。；、\n\d]{0,10}?"
_LATER = (
    r"(?:[^。；\n\d]{0,24}?[，,]\s?"
    r"(?:后?[均皆又]?经|不幸|全部|送医|均|当场|先后)[^，。；\n\d]{0,12}?)?"
)
_DEAD = r"死亡|遇难|身亡|丧生|罹难|丧命|殉职|不治|无一生还|遇害|溺亡|死(?=[，。；）)、]|$)"
_REACHED = (
    r"(?:总?[数量]|[（(]人[）)]|人数|人员|者|共计?|已|达到?|为|[上攀]?升|增加?|[至到了]|[:：]|一共|合计|\s)"
    r"{0,4}?"
)
_ENDED = r"\s*(?:(?:个?人|名)(?!次)|(?=[，。；、）)\n伤]|$))"
_DEATHS = regex(
    rf"(?<![\d.])({COUNT})\s*(?:人|名){_LIMIT}{_OF}{_LATER}(?:{_DEAD}|[，,]?均?已?无生命体征)(?!事故)"
    rf"|(?:死亡|遇难|罹难|丧生|死者|死了?(?=\s?[\d一二两三四五六七八九十])){_REACHED}({COUNT}){_ENDED}{_LIMIT}"
    rf"|(?<![\d.])({COUNT})\s*死(?![亡者伤])|({COUNT})\s?条(?:鲜活的?|无辜的?|年轻的?)?生命"
)
_MORE_DEATHS = regex(rf"[另又再]有?{_OF}({COUNT})\s*(?:人|名){_OF}(?:{_DEAD})")
"""Deaths told apart from the first: 2人当场死亡，另有1人送医后死亡."""
_INJURIES = regex(
    rf"(?<![\d.])({COUNT})\s*(?:人|名){_LIMIT}{_OF}(?:重伤|急性工业中毒)"
    rf"|重伤{_REACHED}({COUNT}){_ENDED}{_LIMIT}"
)
_LOSS = regex(
    rf"损失(?:金?额)?(?:约|共|达|为|合计|计|近|人民币)*+\s*+({COUNT})\s*+(?:余|多)?(万|亿)?(?:{COUNT}[千百]?万|余|多)?\s*+元{_LIMIT}"
)
_TRADES = r"[^，。；、！？\n\d“”不发会由隐患险的是]{0,14}?"
_CLASS = r"(特别重大|重大|较大|一般)"
_STATED = regex(
    rf"(?:{_CLASS}(?!及?以上){_TRADES}事故"
    r"(?!由|隐患|以上|及以上|\d|\s*[一二三四五六七八九十\d]+\s*起|的?(?:等级|划分|标准|风险|防控|防范|应急预案|调查处理规定))"
    rf"|(?:等级|级别|类别|性质|定性|定级|[定判评]定)[^，。；\n]{{0,4}}?[是为:：（(属]?\s?{_CLASS}(?:事故)?(?=[级等，。；）)\s]|$))"
)
_EVENT = regex("事故|火灾|坍塌|爆炸")
_FEARED = regex(
    r"(?:防范|遏制|杜绝|防止|预防|[未不没]有?发生|避免|严防|参照|比照|无|零)(?:和|各类|发生)?$"
)
_RAISED = regex(r"按照?$")
_RULES = regex(
    r"是指|的事故[。；，]|，为(?:一般|较大|重大|特别重大)事故的|以上.{0,12}以下|同比|去年同期|累计发生|今年以来|时有发生|季度|平均每"
)


@dataclass(frozen=True)
class WrongClass:
    """A stated class with its offsets, and the one that the figures of the text make."""

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


def classes_named(text: str) -> Iterator[str]:
    """Classes of accidents that a text states, of feared and counted ones apart."""
    plain = flat(text).text
    for m in _STATED.finditer(plain):
        if not _FEARED.search(plain, max(0, m.start() - 6), m.start()):
            yield m[m.lastindex or 0]


def wrong_classes(text: str) -> tuple[WrongClass, ...]:
    """Stated classes that the figures of one accident's account contradict.

    Text that only explains the classes or sums up a period is left alone.
    """
    folded = flat(text)
    if not _EVENT.search(folded.text) or not _STATED.search(folded.text):
        return ()
    lines = [line for line in _lines(folded.text) if not _RULES.search(folded.text, *line)]
    stated = [
        m
        for start, end in lines
        for m in _STATED.finditer(folded.text, start, end)
        if not _FEARED.search(folded.text, max(start, m.start() - 6), m.start())
    ]
    account = "\n".join(folded.text[start:end] for start, end in lines)
    judged = [
        (folded.span(m.start(m.lastindex or 0), m.end()), m[m.lastindex or 0], reached)
        for m in stated
        if (reached := _reached(m, account)) and not _only_raised(m, reached)
    ]
    right = {span for span, class_, reached in judged if class_ == reached}
    wrong = dict.fromkeys(
        WrongClass(*span, class_, reached, CLASSES.index(class_) < CLASSES.index(reached))
        for span, class_, reached in judged
        if span not in right  # a cell may be read twice, once without its label
    )
    return tuple(sorted(wrong, key=lambda w: w.start))


def _only_raised(stated: re.Match[str], reached: str) -> bool:
    """Whether an inquiry is held at a higher class than the figures make (提级调查)."""
    raised = CLASSES.index(stated[stated.lastindex or 0]) > CLASSES.index(reached)
    start = stated.start()
    return raised and _RAISED.search(stated.string, max(0, start - 2), start) is not None


def _reached(stated: re.Match[str], account: str) -> str:
    """The class that the figures beside a stated one make, or else those of the whole account."""
    text, (start, end) = stated.string, stated.span()
    first = max(text.rfind(stop, 0, start) for stop in "。；\n") + 1
    last = min((at for stop in "。；\n" if (at := text.find(stop, end)) >= 0), default=len(text))
    for scope in (text[first:last], account):
        deaths, injuries = _figures(_DEATHS, scope), _figures(_INJURIES, scope)
        losses = _figures(_LOSS, scope)
        if deaths or injuries or losses:
            most = [max(figures, default=Decimal(0)) for figures in (deaths, injuries, losses)]
            most[0] += sum(_figures(_MORE_DEATHS, scope))
            return class_of(int(most[0]), int(most[1]), most[2])
    return ""


def _lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.split("\n"):
        yield at, at + len(line)
        at += len(line) + 1


def _figures(pattern: re.Pattern[str], text: str) -> list[Decimal]:
    figures = []
    for m in pattern.finditer(text):
        numeral, large = (
            (m[1], m[2] or "") if pattern is _LOSS else (next(filter(None, m.groups()), ""), "")
        )
        value = value_of(numeral, large) if numeral else None
        if value is not None:
            figures.append(value)
    return figures
