"""Private data in a text, after every way of writing it is brought to one (Article 13(3)).

The kinds and what each needs around it follow GB 11643, GB 32100, ISO/IEC 7812 and GB/T 35273
annex A. A match is a span, never a value: only `shown` may be printed of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.detect.folding import flat, fold
from pipeline.detect.private_numbers import Span, private_numbers, weak_masks
from pipeline.model.regex import regex

# Private data that words reveal in a folded text: documents, plates, contacts, homes, names.

_SURNAME = (
    "欧阳|上官|司马|诸葛|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|东方|[王李张刘陈杨赵黄周吴徐孙胡朱林郭罗梁宋郑谢韩唐冯董萧"
    "曹袁邓傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎潘杜戴夏钟汪田任姜范石姚谭廖邹熊陆郝孔崔邱秦史顾侯邵孟龙段雷钱汤尹黎贺赖龚"
    "樊殷施陶洪翟颜倪严牛温芦季俞章鲁葛伍韦毕聂焦向柳邢路岳齐梅庄辛管祝左涂谷舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲"
    "成游裴席卫查屈鲍覃霍翁隋甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边]"
)
_NAME = rf"(?:{_SURNAME})[\u4e00-\u9fff]{{1,2}}"
_NOT_A_NAME = regex(
    r"..?[某×*○xX]|.(?:于|是|的|先生|女士|家属|在|被|因|已|们|等)|.*(?:化名|家属)|向[我本市县区局社有]"
)
_ENDS = (
    r"(?=[，。、；：（(）)\s,.;:“”|！？!?]|$|[男女](?!孩|童|性)|今年|现年|年仅|在|于|因|被|系|的|已|经|和|与|随|一家"
    r"|称|说|表示|反映|送|住|身份|手机|电话|家)"
)
_ADULT = (
    "死者|伤者|遇难者|罹难者|失踪者|被困者|受害人|被害人|举报人|投诉人"
    "|信访人|来信人|患者|当事人|嫌疑人|违法人员|肇事者|困难户|低保户|受助人|救助对象"
)
_CHILD = "未成年人|溺水儿童|失踪儿童|走失儿童|小学生|中学生|男童|女童|儿童|幼童|学生|男孩|女孩"
_CALLED = r"(?:[（(:：、，,\s]|姓名|名字|名叫|叫做?|为|是|系|即){0,3}"
_BEHIND = regex(rf"{_CALLED}(?P<name>{_NAME}){_ENDS}")
_AGED = regex(rf"(?P<name>{_NAME})[，,（(、\s]{{0,2}}[男女]?[，,、\s]{{0,2}}(?:今年|现年|年仅)?$")
_AGE = regex(r"(?<!\d)(\d{1,3})岁")
_BORN = regex(
    r"(?:出生(?:日期|年月日?|时间)[:：为是]?\s{0,2}|生于)(?:19|20)\d\d[年.\-/]\d{1,2}(?:[月.\-/]\d{1,2}日?)?"
    rf"|{_NAME}[，,（(、]{{1,2}}(?:[男女][，,、])?(?:19|20)\d\d年\d{{1,2}}月(?:\d{{1,2}}日)?(?:出)?生"
)
_S = r"[ \u3000·•.．\-]?"
"""A sign that may part two of a plate or a document."""
_PLATE = regex(
    rf"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]{_S}[a-hj-np-z]{_S}{_S}"
    rf"(?:[df]{_S}[a-hj-np-z0-9](?:{_S}\d){{4}}|\d(?:{_S}\d){{4}}{_S}[df]"
    rf"|[a-hj-np-z0-9](?:{_S}[a-hj-np-z0-9]){{3}}{_S}[a-hj-np-z0-9挂学警港澳])(?![a-z0-9*炉型井标轮])"
)
_PASSPORT = regex(rf"(?<![a-z0-9])[a-z]{{1,2}}(?:{_S}\d){{7,8}}(?![a-z0-9])")
_PERMIT = regex(
    rf"(?<![a-z0-9])(?:[cwhm](?:{_S}\d){{8,10}}|(?<=[号码为:：])[ct]?\d{{8}})(?![a-z0-9])"
)
_OFFICER = regex(r"[^。；\n0-9]{0,8}?第?(?P<id>\d{6,8})(?!\d)")
_EMAIL = regex(
    r"[a-z0-9][a-z0-9._%+\-]{0,63}[@＠](?:[a-z0-9\-]{1,63}\.){1,4}[a-z]{2,12}(?![a-z0-9])"
)
_QQ = regex(r"(?:号码?|群号?)?[:：为是]?\s{0,2}(?P<id>[1-9]\d{4,10})(?!\d)")
_WECHAT = regex(
    r"(?:号|id|账号)?(?:[:：]|是|为|\s)\s{0,2}(?P<id>[a-z][a-z0-9_\-]{5,19})(?![a-z0-9.@])"
)
_N = "[0-9一二三四五六七八九十百零〇][0-9一二三四五六七八九十百零〇]{0,4}"
"""Not ``{1,5}``: a search for what begins with one sign of a class is twice as fast."""
_HOME = regex(
    rf"{_N}+(?:栋|幢|号楼|座|组|社|队|弄|巷|单元)[^\n，。；0-9]{{0,3}}?(?:{_N}(?:单元|层|楼)?)?{_N}(?:室|户|号|房)(?![楼线码])"
)
_OFFICE = regex(
    r"局|中心|大厦|政府|机关|办公|写字楼|酒店|宾馆|医院|学校|大学|学院|展厅|会议|礼堂|法院|厂|公司|园区|商场|超市|车站|站$"
)
_BEHIND_CUE = {
    **dict.fromkeys(_ADULT.split("|"), ("name", _BEHIND)),
    **dict.fromkeys(_CHILD.split("|"), ("minor", _BEHIND)),
    **dict.fromkeys(("qq", "扣扣"), ("messenger", _QQ)),
    **dict.fromkeys(("微信", "weixin", "vx", "wx", "v信"), ("messenger", _WECHAT)),
    **dict.fromkeys(("军官证", "士兵证", "警官证"), ("permit", _OFFICER)),
}
"""Word → kind and form of what follows it."""
_NEAR_CUE = {
    **dict.fromkeys(("护照", "passport", "证件号", "旅行证"), ("passport", _PASSPORT)),
    **dict.fromkeys(("通行证", "回乡证", "台胞证"), ("permit", _PERMIT)),
}
"""Word → kind and form of what stands near it."""
_CUES = regex("|".join(sorted([*_BEHIND_CUE, *_NEAR_CUE], key=len, reverse=True)))


def private_words(text: str) -> Iterator[Span]:
    """Private data that words reveal, in a folded text; each search only where it may match."""
    for match in _PLATE.finditer(text):
        if sum(c.isdecimal() for c in match[0]) > 1:
            yield "plate", *match.span(), False
    if "@" in text or "＠" in text:
        yield from (("email", *m.span(), False) for m in _EMAIL.finditer(text))
    yield from _homes(text)
    yield from _ages(text)
    for cue in _CUES.finditer(text):
        yield from _at(cue, text)


def _at(cue: re.Match[str], text: str) -> Iterator[Span]:
    """What a word such as 护照 or 死者 leads to."""
    if cue[0] in _NEAR_CUE:
        kind, form = _NEAR_CUE[cue[0]]
        for match in form.finditer(text, max(0, cue.start() - 16), cue.end() + 20):
            yield kind, *match.span(), kind == "passport"
        return
    kind, form = _BEHIND_CUE[cue[0]]
    behind = form.match(text, cue.end())
    if behind and form is _BEHIND and _is_name(text, *behind.span("name")):
        yield kind, *behind.span("name"), False
    elif behind and form is not _BEHIND:
        yield kind, *behind.span("id"), False


def _ages(text: str) -> Iterator[Span]:
    """A name with an age behind it, or a birthday."""
    for age in _AGE.finditer(text) if "岁" in text else ():
        name = _AGED.search(text, max(0, age.start() - 14), age.start())
        if name and _is_name(text, *name.span("name")):
            yield "minor" if int(age[1]) < 18 else "birth", name.start(), age.end(), False
    if "生" in text and any(word in text for word in ("出生", "生于", "月生", "日生")):
        yield from (("birth", *m.span(), False) for m in _BORN.finditer(text))


def _is_name(text: str, start: int, end: int) -> bool:
    """Not shortened to 某, not marked as invented, not the beginning of another word."""
    return not _NOT_A_NAME.match(text[start:end] + text[end : end + 5].partition("\n")[0])


def _homes(text: str) -> Iterator[Span]:
    """House and door of a home; offices and public places are no secret."""
    for match in _HOME.finditer(text):
        before = text[max(0, match.start() - 16) : match.start()]
        near = re.split(r"[\n，。；：:]", before)[-1]
        if not _OFFICE.search(near):
            yield "address", *match.span(), False


_NUMBERS = regex(
    r"(?<![0-9A-Za-z])(?:"
    r"[1-8]\d{5}(?:19|20)\d{9}[\dXx]"  # identity number, GB 11643
    r"|[1-8]\d{14}"  # identity number of the old kind
    r"|(?:\+?86)?1[3-9]\d{9}"  # mobile
    r"|\d{16,19}"  # bank card, ISO/IEC 7812
    r")(?![0-9A-Za-z])"
)
_MARKER = regex(r"[\u2460-\u249b\u24ea-\u24ff\u2776-\u2793](?=[0-9])")
"""The mark of a list, such as ①, right before a number: no digit of it."""
NUMERIC = ("identity", "identity-old", "mobile", "bank-card", "passport")
"""Kinds of which the first three and the last two signs may be shown."""


@dataclass(frozen=True)
class Match:
    """One piece of private data: offsets into the given text."""

    kind: str
    """identity, identity-old, mobile, landline, bank-card, passport, permit, plate, email,
    messenger, address, name, birth, minor, weak-mask."""
    start: int
    end: int
    certain: bool
    """True where nothing else looks like this; otherwise a person has to look."""


def private_data(text: str) -> tuple[Match, ...]:
    """All private data of a text in order; offsets into the text as given.

    Full-width and other digits, signs without width, Chinese numerals and separators hide
    nothing. Masked values (``138****0000``), unified social credit codes and hotlines are none.
    """
    if _MARKER.search(text):
        text = _MARKER.sub(" ", text)
    read = flat(text)
    spans = (*private_numbers(read.text), *private_words(read.text))
    matches = {Match(kind, *read.span(start, end), sure) for kind, start, end, sure in spans}
    folded = fold(text)  # stars that mask a number are no marks
    matches |= {Match(kind, *folded.span(*at), False) for kind, *at in weak_masks(folded.text)}
    return tuple(sorted(matches, key=lambda m: (m.start, m.end, m.kind)))


def shown(match: Match, text: str) -> str:
    """What may be printed: three signs and two of a number, the first sign of anything else."""
    value = "".join(fold(text[match.start : match.end]).text.upper().split())
    if match.kind in NUMERIC and len(value) > 10:
        return _masked(value)
    return f"{value[:1]}**"


def mask(text: str) -> str:
    """The text with private numbers reduced to three digits, stars and two digits (A36)."""
    plain = _NUMBERS.sub(lambda m: _masked(m[0]), text)
    for match in reversed(private_data(plain)):
        if match.kind in NUMERIC and match.end - match.start > 7:
            value = _masked(plain[match.start : match.end])
            plain = plain[: match.start] + value + plain[match.end :]
    return plain


def _masked(value: str) -> str:
    return f"{value[:3]}{'*' * (len(value) - 5)}{value[-2:]}"
