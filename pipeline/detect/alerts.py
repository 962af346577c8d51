"""Warnings as a text names them: hazard, colour and level (突发事件应对法: 一红 二橙 三黄 四蓝).

Colour and level stand together in either order, with brackets or a few words between them, or
apart, as in a table. The level of a response (应急响应) is no level of a warning. A text without
both costs two searches.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from pipeline.detect.folding import flat
from pipeline.model.lazy import HAN, regex

COLOURS = {"红": 1, "橙": 2, "黄": 3, "蓝": 4}
_FIRES = {"红": 5, "橙": 4, "黄": 3, "蓝": 2}
"""Of fire danger (火险等级) the fifth level is the highest (LY/T 1172)."""
_LEVELS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_LEVELS |= {"i": 1, "ii": 2, "iii": 3, "iv": 4, "特别严重": 1, "严重": 2, "较重": 3, "一般": 4}
_LEVELS |= {"最高": 1, "特别重大": 1, "重大": 2, "较大": 3, "最低": 4, "五": 5, "5": 5, "v": 5}
_LEVELS |= {"最低一": 4, "最低的一": 4, "最高一": 1, "最高的一": 1}

_NUMERAL = r"(?:iv|i{1,3}|[一二三四1-4])\s?级"
_COLOUR = (
    r"[红橙黄蓝](?:色|(?<=颜色[红橙黄蓝])|(?<=颜色[：:为][红橙黄蓝])|(?<=信号[：:][红橙黄蓝])"
    rf"|(?=\s?[（()）\[\]【】/·、]|预警|警报|\s?{_NUMERAL}))"
)
_GRAVE, _WIDE = "(?:特别严重|严重|较重|一般)", "(?:特别重大|重大|较大)"
_WORD = rf"(?:{_GRAVE}|{_WIDE})"
_LEVEL = (
    rf"(?<![\da-z.第一二三四五六七八九十百零])(?<!烈度|风力|浪高|海况){_NUMERAL}"
    r"(?!以[上下]|及以|(?:预警)?(?:应急)?响应|[大阵东南西北偏]|风(?!险)|左右|[至到~\-—]|医院|公路)"
    r"|(?<=[级别][：:])(?:iv|i{1,3}|[一二三四1-4])(?=[，。；）)\s]|$)|第[一二三四]等级|五级(?=火险)|(?<=火险等级|气象等级)为?(?:五|5|v)级"
    r"|最低(?:的?一[级档]|级别|等级)|(?<![来年度次于的])最高(?:级别|等级)(?:的(?=[红橙黄蓝]|预警)|(?=[红橙黄蓝]色|预警))"
    r"|(?<=[是为属即里中（(])最高的?(?:一?[级档]|级别|等级)(?=[，。；！）)、]|$)|(?<=级别|等级)最[高低](?=[，。；！）)]|$)|level\s?(?:[1-4]|iv|i{1,3})(?!\w)"
    rf"|{_WIDE}(?=[（(]?[红橙黄蓝]色[）)]?预警)|(?<=[属为是]){_WORD}(?=级别)|{_GRAVE}(?=\s?(?:[）)\]】]|[（(]?[红橙黄蓝]|[（(]\s?{_NUMERAL}))"
    rf"|(?<=[警号级色][（(【]){_WIDE}(?=[）)】])|(?<=[·/]){_WORD}(?=[·/）)\]】])"
    rf"|(?<=[色级]){_WORD}(?=[）)\]】]|{_NUMERAL})|(?<=[级等程][别级度][：:为]){_WORD}(?=[，。；;、\s]|$)"
)
_HAZARD = (
    "强降雨|暴雨|强降雪|暴雪|雨雪冰冻|寒潮|雷雨大风|雷暴大风|大风|台风|沙尘暴|沙尘|高温|低温|干旱|雷电|雷暴|冰雹|霜冻"
    "|大雾|浓雾|霾|道路结冰|冰冻|电线积冰|(?:高?森林草原|高?森林|草原)?火(?:险(?:气象)?(?:等级)?|灾)|地质灾害|山洪|洪水|内涝|渍涝"
    "|风暴潮|海浪|强对流|(?:空气)?重污染"
)
_GLUE = (
    r"[\s/／·\"“”:：—🔴🟠🟡🔵⚠‼★●■\-]|[（(【\[]|[）)】\]]|[，,、和及或与]|预警|警报|信号|图标|天气|气象|风险|灾害|级别|等级|颜色|标[示识志]"
    r"|(?:严重|危险|危害)?程度|表示|发布|也?就是|即|属于?|为|是|用|以|系|对应|相当于?|的|定|达到?|最高"
)
_TOKEN = regex(
    rf"(?P<colour>{_COLOUR})|(?P<level>{_LEVEL})|(?P<hazard>{_HAZARD})|(?P<glue>{_GLUE})"
)
_COLOURED = regex(_COLOUR)
_LEVELLED = regex(
    rf"{_NUMERAL}|[一二三四]等级|[级等程][别级度][：:为][一二三四1-4i特严较重]|最[低高]|level|级[：:][iv一二三四1-4]"
    r"|[重较]大(?:[（(]?[红橙黄蓝]|级别)|[重般][级（(红橙黄蓝）)\]】\s]|[警号级色][（(【]?(?:特别重|重|较)大"
)
_LINE = regex(r"[^\n]+")
_DIVIDED = regex(r"(?:分成?为?|共有?|设|划为)$")
_RESPECTIVE = regex(r"分别|依次")
_CONTEXT = regex("升[到至级]|预警|警报|信号|险情|警戒|颜色：")
_RANK = (
    r"(?:[红橙黄蓝]色?|"
    r"(?<![\da-z])(?:iv|v|i{1,3}|[一二三四五1-5])\s?级(?!以|及以|医院|[大阵]?风(?!险)))"
)
_STOP = r"，。；;！？\n"
_COMPARED = regex(
    r"([红橙黄蓝])色(?:预警|信号|[级等][别级]|的){0,3}(?:(高于|重于)|低于|轻于|比(?=[^，。；\n]{2,8}?(?:[更还要]?(高|严重|紧急)|[更还要]?[低轻])))([红橙黄蓝])色"
)
_UP, _DOWN = r"升[级格]?|提[升高级]|上[升调]|调[高升]", r"降[级低]?|下[降调]|调[低降]|回落|减弱"
_TURN = regex(
    rf"(?:(?:(?P<rises>{_UP})|(?P<falls>{_DOWN}))[^{_STOP}]{{0,6}}[，：:]?[由从])?"
    rf"(?P<one>{_RANK})[^{_STOP}]{{0,14}}?(?:，[再后又随并][^{_STOP}]{{0,4}}?)?"
    rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN})|变更?|调整?|转换?|改)[为至到成]"
    rf"(?=[^{_STOP}红橙黄蓝]{{0,10}}?(?P<other>{_RANK})"
    rf"(?:[^{_STOP}]{{0,4}}[，,](?:预警|信号)?[级等][别级][^{_STOP}]{{0,3}}(?:(?P<risen>{_UP})|(?P<fallen>{_DOWN})))?)"
)
_TURNED = regex("[升级格高调降低落弱变更整转换改][为至到成]")
"""What every turn holds; the search for turns begins at each sign."""
_WAYS = ("rises", "up", "risen"), ("falls", "down", "fallen")
_RANKED = regex("预警|警报|信号|响应|火险|级别|等级")
_STATES = regex(
    r"(?:也?就?是|属于?|[为即算]|对应|相当于|[级等][别级](?:中|里|当中)的?|[答a][：:])$"
)
"""Before a level: what states it."""
_OTHERS = regex(
    r"响应|医院|资质|企业|考试|职称|事故|评[定估级为]|风险(?:等级|分级|点)|标准化|许可|[县乡镇村组]$|分(?:成?为?|共有?|设|划为)?$|质量|防护|保护|负荷|动火|值守|巡查|戒备|公路|烈度|风力|[东南西北阵]风|浪|海况|网络"
)
"""What else has levels."""
_ENDS = regex(r"\s?(?:[嘛吧呢啊哈啦呀]|[^\w\s]|$)")
_RESPONSE = regex(rf"响应[级等别]{{0,2}}[：:]{_NUMERAL}")
_RESPONDS = regex(r"响应[^，。；！？预\n]{0,12}$|(?:防汛|防台风?|抗旱|抗洪|救助)$")
"""Before a level: it is one of a response."""
_CLAUSE = regex(r"[，。；！？!?\s]")
_NAMES = regex(r"的?[那这]?[种个]?预警")
_OPENING, _PARTING = frozenset("（(【[/／"), frozenset("，,、和及或与")
_MOST_GLUE = 10
_CLOSE, _FAR = 2, 9
_WARNING = regex(rf"([红橙黄蓝])色{HAN}{{0,6}}?预警")


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


def alerts(text: str) -> tuple[AlertMention, ...]:
    """Every mention of a warning by colour or level, in order; offsets into the text as it is."""
    spans = ((a, *flat(text).span(a.start, a.end)) for a in _read(text).certain)
    return tuple(replace(a, start=start, end=end) for a, start, end in spans)


def wrong_pairs(text: str) -> tuple[WrongPair, ...]:
    """Colours and levels that do not belong together, side by side or in one account."""
    plain, span = flat(text).text, flat(text).span
    if not (_COLOURED.search(plain) and _LEVELLED.search(plain)):
        return ()
    read = _read(text)
    wrong = [a for a in read.mentions if not a.right] or list(_apart(read.likely, plain))
    responses = {span(*m.span())[1] for m in _RESPONSE.finditer(plain)}  # a cell, read twice
    pairs = (WrongPair(*span(a.start, a.end), a.colour, a.level) for a in wrong)
    return tuple(dict.fromkeys(pair for pair in pairs if pair.end not in responses))


def wrong_turns(text: str) -> tuple[tuple[int, int], ...]:
    """Stretches that raise a warning or response to what is no higher, or rank colours wrongly."""
    read = flat(text)
    if not _RANKED.search(read.text):
        return ()
    turns = _TURN.finditer(read.text) if _TURNED.search(read.text) else ()
    wrong = [(m.start(), m.end("other")) for m in turns if _is_wrong_turn(m)]
    wrong += [
        m.span()
        for m in _COMPARED.finditer(read.text)
        if (COLOURS[m[1]] < COLOURS[m[4]]) != bool(m[2] or m[3])
    ]
    return tuple(read.span(*stretch) for stretch in sorted(wrong))


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
    for m in _WARNING.finditer(flat(text).text):
        yield m[1]


@lru_cache(maxsize=32)
def _read(text: str) -> _Reading:
    plain = flat(text).text
    loose = _CONTEXT.search(plain) is not None
    every = [mention for run in _runs(plain) for mention in _mentions(run, plain, loose)]
    return _Reading(*([a for a, sure in every if sure >= least] for least in range(3)))


def _runs(text: str) -> Iterator[Sequence[re.Match[str]]]:
    """Tokens without anything between them, of the lines with a colour or a level."""
    for line in _LINE.finditer(text):
        if not (_COLOURED.search(line[0]) or _LEVELLED.search(line[0])):
            continue
        run: list[re.Match[str]] = []
        for token in _TOKEN.finditer(text, *line.span()):
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
        elif n not in used and not _RESPONDS.search(
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
    end = text.find("。", other.end())
    start = text.rfind("。", 0, one.start()) + 1
    if _RESPECTIVE.search(text, start, len(text) if end < 0 else end):
        return True
    return _DIVIDED.search(text, max(0, one.start() - 3), one.start()) is not None


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
        _LEVELS.get(level, 0),
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
    if _NAMES.match(text, end) or item.lastgroup == "colour":
        return bool(_NAMES.match(text, end) or (not clause and _ENDS.match(text, end)))
    stated = _STATES.search(clause) or _ENDS.match(text, end)
    return bool(stated) and not _OTHERS.search(clause)


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
