"""Warnings as a text names them: hazard, colour and level (突发事件应对法: 一红 二橙 三黄 四蓝).

Colour and level stand together in either order, with brackets or a few words between them, or
apart, as in a table. The level of a response (应急响应) is no level of a warning. A text without
both costs two searches.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from itertools import pairwise

from pipeline.detect.classes import classes
from pipeline.detect.folding import flat
from pipeline.model.lazy import HAN, regex
from pipeline.model.run import per_run

_WORDS = classes("alerts", han=HAN)

COLOURS = {"红": 1, "橙": 2, "黄": 3, "蓝": 4}
_FIRES = {"红": 5, "橙": 4, "黄": 3, "蓝": 2}
"""Of fire danger (火险等级) the fifth level is the highest (LY/T 1172)."""
_LEVELS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_LEVELS |= {"i": 1, "ii": 2, "iii": 3, "iv": 4, "特别严重": 1, "严重": 2, "较重": 3, "一般": 4}
_LEVELS |= {"最高": 1, "特别重大": 1, "重大": 2, "较大": 3, "最低": 4, "五": 5, "5": 5, "v": 5}
_LEVELS |= {"最低一": 4, "最低的一": 4, "最高一": 1, "最高的一": 1}
_SCALES = {"霜冻": "蓝黄橙", "干旱": "橙红", "冰雹": "橙红", "霾": "黄橙红"}
_SCALES |= dict.fromkeys(("沙尘暴", "高温", "雷电", "大雾", "道路结冰"), "黄橙红")
_SCALES |= dict.fromkeys(("台风", "暴雨", "暴雪", "寒潮", "大风", "山洪", "地质灾害"), "蓝黄橙红")
"""Colours of warnings, from the lowest (气象局令第16号; 霾 as of 2013)."""
_LINE = regex(r"[^\n]+")
_WAYS = ("rises", "up", "risen"), ("falls", "down", "fallen")
_ENDS = regex(r"\s?(?:[嘛吧呢啊哈啦呀哦噢哟喔咯]|[^\w\s]|$)")
_CLAUSE = regex(r"[，。；！？!?\s]")
_SENTENCE = regex(r"[^。；\n]+")
_SENTENCE_MOST = 200
"""Signs of a sentence that are read before and behind what it states: a text may be one."""
_OPENING, _PARTING = frozenset("（(【[/／"), frozenset("，,、和及或与")
_MOST_GLUE = 10
_CLOSE, _FAR = 2, 9


@dataclass(frozen=True)
class AlertMention:
    """One mention of a warning; a colour or a level may be missing."""

    start: int
    end: int
    hazard: str
    """As written, such as 暴雨; may be empty."""
    colour: str
    """红, 橙, 黄 or 蓝; empty when only a level stands there."""
    level: int
    """As written, 1 to 4; 0 when only a colour stands there."""

    @property
    def right(self) -> bool:
        """Colour and level belong together, as far as both stand there."""
        scale = _FIRES if self.hazard.endswith("等级") else COLOURS
        return not (self.colour and self.level) or scale[self.colour] == self.level


@dataclass(frozen=True)
class WrongPair:
    """A colour beside a level that is not its own."""

    start: int
    end: int
    colour: str
    level: int


@dataclass(frozen=True)
class _Reading:
    """A folded text and its mentions; `certain` tells those that surely speak of a warning."""

    mentions: Sequence[AlertMention]
    """With offsets into the folded text."""
    likely: Sequence[AlertMention]
    certain: Sequence[AlertMention]


_IN_STRANGE = ("色", "预警", "响应")
"""One of them stands in whatever is strange: to look for that takes fifty times as long."""
_AIR, _WARNED = ("空气质量", "aqi", "污染指数"), ("预警", "警报", "信号")


@per_run(32)
def _plain(text: str) -> str:
    """The folded text; the levels and colours of air quality (HJ 633) are no warning's."""
    plain = flat(text).text
    if not any(word in plain for word in _AIR):
        return plain

    def judged(sentence: re.Match[str]) -> str:
        of_air, warned = (any(w in sentence[0] for w in words) for words in (_AIR, _WARNED))
        return "。" * len(sentence[0]) if of_air and not warned else sentence[0]

    return _SENTENCE.sub(judged, plain)


def _end_of_scale(stated: re.Match[str]) -> int:
    """The level that 最高 or 最低 states of the hazard named last; 0: of none, or wrongly."""
    highest = "最高" in stated[0]
    if not highest and "最低" not in stated[0]:
        return 0
    start, end = max(0, stated.start() - _SENTENCE_MOST), stated.end()
    sentence = stated.string[start:end].rpartition("。")[2]
    nearest = max(_SCALES, key=sentence.rfind)
    colour = _SCALES[nearest][-1 if highest else 0]
    colours = {*stated[0]} & COLOURS.keys()
    return COLOURS[colour] if nearest in sentence and colours <= {colour} else 0


def alerts(text: str) -> tuple[AlertMention, ...]:
    """Every mention of a warning by colour or level, in order; offsets into the text as it is."""
    spans = ((a, *flat(text).span(a.start, a.end)) for a in _read_classes(text).certain)
    return tuple(replace(a, start=start, end=end) for a, start, end in spans)


def wrong_pairs(text: str) -> tuple[WrongPair, ...]:
    """Colours and levels that do not belong together, side by side or in one account."""
    plain, span = _plain(text), flat(text).span
    if not (_WORDS["colour"].search(plain) and _WORDS["levelled"].search(plain)):
        return ()
    read = _read_classes(text)
    wrong = [a for a in read.mentions if not a.right] or list(_apart(read.likely, plain))
    # Of a cell, which is read twice.
    responses = {span(*m.span())[1] for m in _WORDS["response"].finditer(plain)}
    pairs = (WrongPair(*span(a.start, a.end), a.colour, a.level) for a in wrong)
    return tuple(dict.fromkeys(pair for pair in pairs if pair.end not in responses))


def wrong_turns(text: str) -> tuple[tuple[int, int], ...]:
    """Stretches that raise a warning or response to what is no higher, or rank colours wrongly."""
    plain, span = _plain(text), flat(text).span
    if not _WORDS["ranked"].search(plain):
        return ()
    turns = _WORDS["turn"].finditer(plain) if _WORDS["turned"].search(plain) else ()
    wrong = [(m.start(), m.end("other")) for m in turns if _is_wrong_turn(m)]
    wrong += [
        m.span()
        for m in _WORDS["compared"].finditer(plain)
        if (COLOURS[m[1]] < COLOURS[m[4]]) != bool(m[2] or m[3])
    ]
    only_levels = "火险" not in plain and not wrong_pairs(text)
    for name in ("order", "four", "equated") if only_levels else ("order", "four"):
        wrong += [m.span() for m in _WORDS[name].finditer(plain) if not _end_of_scale(m)]
    return tuple(span(*stretch) for stretch in sorted(wrong))


def strange_warnings(text: str) -> tuple[tuple[int, int], ...]:
    """Stretches that name what no scale of warnings or responses has: 冰雹黄色预警, 五级响应."""
    plain, span = _plain(text), flat(text).span
    strange = _WORDS["strange"].finditer(plain) if any(w in plain for w in _IN_STRANGE) else ()
    return tuple(span(*m.span()) for m in strange)


def _is_wrong_turn(turn: re.Match[str]) -> bool:
    about = turn.string[max(0, turn.start() - 20) : turn.start()]
    fire = "火险" in about
    if fire and "级" in turn["one"] + turn["other"] and "等级" not in about:
        return False  # of a fire warning, as of its danger, some count upwards
    one, other = (
        COLOURS.get(turn[n][0]) or abs(6 * fire - _LEVELS.get(turn[n][:-1].strip(), 5))
        for n in ("one", "other")
    )
    up, down = (any(turn[n] for n in names) for names in _WAYS)
    return (up and other >= one) or (down and not up and other <= one)


def colours_named(text: str) -> Iterator[str]:
    """Colours of the warnings a text speaks of."""
    for m in _WORDS["warning"].finditer(flat(text).text):
        yield m[1]


@per_run(32)
def _read_classes(text: str) -> _Reading:
    plain = _plain(text)
    loose = _WORDS["context"].search(plain) is not None
    every = [mention for run in _runs(plain) for mention in _mentions(run, plain, loose)]
    return _Reading(*([a for a, sure in every if sure >= least] for least in range(3)))


def _runs(text: str) -> Iterator[Sequence[re.Match[str]]]:
    """Tokens without anything between them, of the lines with a colour or a level."""
    for line in _LINE.finditer(text):
        if not (_WORDS["colour"].search(line[0]) or _WORDS["levelled"].search(line[0])):
            continue
        run: list[re.Match[str]] = []
        for token in _WORDS["token"].finditer(text, *line.span()):
            if run and token.start() != run[-1].end():
                yield run
                run = []
            run.append(token)
        yield run


def _mentions(
    run: Sequence[re.Match[str]], text: str, loose: bool
) -> Iterator[tuple[AlertMention, int]]:
    """(mention, 2 where it surely is one of a warning, 1 where likely) of a run, in order."""
    items = [n for n, token in enumerate(run) if token.lastgroup in ("colour", "level")]
    costs = [_cost(run, a, b) for a, b in pairwise(items)]
    listed = {
        n
        for (a, b), cost in zip(pairwise(items), costs, strict=True)
        if run[a].lastgroup == run[b].lastgroup and cost > _CLOSE
        for n in (a, b)
    }
    second: dict[int, int] = {}
    used: set[int] = set()
    for cost, a, b in sorted(zip(costs, items, items[1:], strict=False)):
        if run[a].lastgroup == run[b].lastgroup or b in listed or {a, b} & used:
            continue
        free = loose and a not in listed and cost < _FAR and not _is_listing(run[a], run[b], text)
        if cost == 0 or free:
            second[a] = b
            used |= {a, b}
    words = {token[0] for token in run}
    paired = second | {b: a for a, b in second.items()}
    twice = {
        n: run[paired[m]]
        for (a, b), cost in zip(pairwise(items), costs, strict=True)
        for n, m in ((a, b), (b, a))
        if cost <= _CLOSE
        and m in paired
        and n not in used
        and run[n].lastgroup == "level"
        and run[m].lastgroup == "level"
        and (run[n][0][-1] == "级") != (run[m][0][-1] == "级")
    }
    for n in items:
        if n in second:
            yield _alert(run, n, [run[n], run[second[n]]]), 2
        elif n in twice:  # 黄色·较大·二级
            yield _alert(run, n, sorted((run[n], twice[n]), key=re.Match.start)), 2
        elif n not in used and not _WORDS["responds"].search(
            text, max(0, run[n].start() - 24), run[n].start()
        ):
            named_by = run[n - 1] if n and run[n - 1].lastgroup == "hazard" else None
            calm = named_by and "风" not in named_by[0]  # 大风4级 is a force of wind
            sure = _is_certain(run[0], run[n], words) or (loose and calm is True)
            yield _alert(run, n, [run[n]]), 2 if sure else int(loose and _is_likely(run[n]))


def _cost(run: Sequence[re.Match[str]], a: int, b: int) -> int:
    """How far apart two colours or levels are: 0 with a bracket between them, `_FAR` too far."""
    between = run[a + 1 : b]
    about = {
        t[0][-2:] for t in (*run[max(0, a - 1) : a], *run[b + 1 : b + 2]) if t.lastgroup == "hazard"
    }
    parted = [n for n, token in enumerate(between) if token[0] in _PARTING]
    leaps = parted and any(token.lastgroup == "hazard" for token in between[parted[0] :])
    leaps = leaps or (parted and len(about) > 1)
    if len(between) > _MOST_GLUE or len(parted) > 1 or leaps:
        return _FAR
    if any(token[0] in _OPENING for token in between) and not parted:
        return 0
    return (_CLOSE if between else 1) + len(parted)


def _is_listing(one: re.Match[str], other: re.Match[str], text: str) -> bool:
    """Whether a sentence explains the levels: 分为四级, or 分别用红色、橙色…标示."""
    first, last = max(0, one.start() - _SENTENCE_MOST), other.end() + _SENTENCE_MOST
    end = text.find("。", other.end(), last)
    start = max(first, text.rfind("。", first, one.start()) + 1)
    if _WORDS["respective"].search(text, start, last if end < 0 else end):
        return True
    return _WORDS["divided"].search(text, max(0, one.start() - 3), one.start()) is not None


def _alert(run: Sequence[re.Match[str]], at: int, tokens: Sequence[re.Match[str]]) -> AlertMention:
    near = range(max(0, at - _MOST_GLUE), min(len(run), at + _MOST_GLUE))
    hazards = [(abs(n - at), run[n][0]) for n in near if run[n].lastgroup == "hazard"]
    values = {str(t.lastgroup): t[0] for t in tokens}
    level = values.get("level", "").removeprefix("level").strip("第为的别级档等 ")
    fire = any(t.string.startswith("火险", t.end()) for t in tokens if t.lastgroup == "level")
    return AlertMention(
        tokens[0].start(),
        tokens[-1].end(),
        "火险等级" if fire else min(hazards)[1] if hazards else "",
        values.get("colour", "")[:1],
        max(map(_end_of_scale, tokens)) or _LEVELS.get(level, 0),
    )


def _is_certain(first: re.Match[str], item: re.Match[str], words: Set[str]) -> bool:
    """Whether an item surely speaks of a warning; `words` stand around it, from `first` on."""
    if words & {"预警", "警报", "信号"}:
        return True
    if item.lastgroup == "colour":
        return not words.isdisjoint({"颜色", "标示", "标识", "标志"})
    before = first.string[max(0, first.start() - 1) : first.start()]
    return not words.isdisjoint({"级别", "等级"}) and not before.isalnum()


def _is_likely(item: re.Match[str]) -> bool:
    """Whether an item, in a text about a warning, may well be the warning's own."""
    text, (start, end) = item.string, item.span()
    clause = _CLAUSE.split(text[max(0, start - 24) : start])[-1]
    if _WORDS["names"].match(text, end) or item.lastgroup == "colour":
        return bool(_WORDS["names"].match(text, end) or (not clause and _ENDS.match(text, end)))
    stated = _WORDS["states"].search(clause) or _ENDS.match(text, end)
    return bool(stated) and not _WORDS["others"].search(clause)


def _apart(alerts: Sequence[AlertMention], text: str) -> Iterator[AlertMention]:
    """A level that contradicts the only colour of its text, paragraph or sentence."""
    for stop in ("", "\n", "。"):
        scopes: dict[int, list[AlertMention]] = {}
        number = at = 0
        for alert in alerts:
            number += text.count(stop, at, alert.start) if stop else 0
            at = alert.start
            scopes.setdefault(number, []).append(alert)
        for scope in scopes.values():
            colours = {a.colour for a in scope if a.colour}
            levels = [a for a in scope if a.level]
            hazards = {a.hazard for a in scope if a.hazard}
            hazards -= {h for h in hazards for other in hazards if h != other and h in other}
            if len(colours) == 1 and len({a.level for a in levels}) == 1 and len(hazards) < 2:
                both = replace(levels[0], colour=colours.pop(), hazard="".join(hazards))
                if not both.right:
                    yield both
