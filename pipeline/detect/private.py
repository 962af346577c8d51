"""Private data in a text, after every way of writing it is brought to one (Article 13(3)).

The kinds and what each needs around it follow GB 11643, GB 32100, ISO/IEC 7812 and GB/T 35273
annex A. A match is a span, never a value: only `shown_match` may be printed of it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.detect.folding import flat, fold
from pipeline.detect.private_names import SURNAMES, private_names
from pipeline.detect.private_numbers import CHINESE, Span, private_numbers, weak_masks
from pipeline.model.findings import Message, say
from pipeline.model.lazy import HAN, regex

PRIVATE_KINDS: Mapping[str, Message] = {
    "identity": say("an identity number"),
    "identity-old": say("an identity number of the old kind"),
    "mobile": say("a mobile number"),
    "landline": say("a telephone number"),
    "bank-card": say("a bank card number"),
    "passport": say("a passport number"),
    "permit": say("the number of a permit or an officer's card"),
    "plate": say("a number plate"),
    "email": say("an e-mail address"),
    "messenger": say("a QQ or WeChat number"),
    "address": say("a home address"),
    "name": say("the name of a person concerned"),
    "birth": say("a name with an age or a birthday"),
    "minor": say("the name of a child"),
    "weak-mask": say("a number that is masked too little"),
}


# Private data that words reveal in a folded text: documents, plates, contacts, homes, names.

_S = r"[ \u3000·•.．\-－–—]?"
"""A sign that may part two of a plate or a document."""
_PLATE = regex(
    rf"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]{_S}[a-hj-np-z]{_S}{_S}"
    rf"(?:[df]{_S}[a-hj-np-z0-9](?:{_S}\d){{4}}|\d(?:{_S}\d){{4}}{_S}[df]"
    rf"|[a-hj-np-z0-9](?:{_S}[a-hj-np-z0-9]){{3}}{_S}[a-hj-np-z0-9挂学警港澳])(?![a-z0-9*炉型井标轮])"
)
_DOCUMENT = regex(
    "护照|護照|passport|证件|旅行证|通行证|回乡证|台胞证|海员证|居留|港.{0,6}身份证|澳.{0,6}身份证|台.{0,6}身份证"
)
_PASSPORT = ("护照", "護照", "passport", "证件", "旅行证")
_DOCUMENT_NUMBER = regex(
    rf"(?<![a-z0-9])(?:(?P<usual>[a-z]{{1,2}}(?:{_S}{_S}[\do{CHINESE}]){{7,10}}|[a-z]{{3}}\d{{12}})|\d(?:{_S}\d){{7,9}}|[a-z]{{1,2}}\d{{6}}[（(][\da][）)]|(?=[a-z\d]{{0,5}}\d\d\d)[a-z\d]{{8,9}})(?![a-z0-9])"
)
_USUAL_PASSPORT = regex(rf"[a-z](?:{_S}\d){{8}}|[a-z]{{2}}(?:{_S}\d){{7}}")
_OTHER_NUMBER = regex(
    r"(?:(?<![证照件本其的编是，：:\s（(])号码?|(?<![证照件本])编号|(?<!号)码|函|(?<![照证本])第)(?:是不是|[:：是为\s])*$"
)
"""The label of a number that is no document's, right before it."""
_LABELLED = regex(
    r"(?:[护護]照|passport|台胞证|回乡证|海员证|[往来]{2}[^，。]{0,9}通行证|[港澳台][^，。]{0,6}身份证)[（(\s]?(?:[本证]?号码?|编号|no\.?|number)?[:：是为（(\s]*$"
)
"""What makes a document's number of any other form."""
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
_LIVES = regex(
    r"家住|家庭(?:住址|地址)|住址|租住|暂住|借住|现居|住处|户主|房东|租客|老宅|独居|寄[至到]|送[至到]|出租屋|"
    r"某家|某[，（(]|女士[，（(]|先生[，（(]|村民[（(]|居民[（(]|老人[（(]|住户[（(]|居住(?:地|在|于)|户籍|收货地址|收件地址|中奖地址|寄送地址|邮寄|家[中在]|您家|自家|你家|他家|她家|你的家|他的家|她的家|门牌|搬[进入到]|的家(?![人属庭长园])|家属位于|低保户|五保户|特困户|搬迁户|脱贫户|贫困户|死者|伤者|患者|当事人|受害人|举报人|投诉人|收件人|联系地址|姓名|我们楼|原住|现住"
    r"|住(?<![入常可不房客居]住)(?![建房院宿宅所户址改读持])"
)
_HOUSE = regex(
    rf"{_N}(?:号楼|栋|幢|#楼?|座|单元|排)[^，。；]{{0,6}}?(?:{_N}(?:室|号|户|层|楼)?|[东西南北中]户)"
    rf"|(?<![月日第]){_N}号(?:附{_N}号?)?(?!公寓|[线文台令机车仓井门窗码电])|第?{_N}(?:村民)?小?组|{_N}单元{_N}|[东西南北][头侧户].{{0,4}}第?{_N}[家排户]|第?{_N}嘎查|{_N}[社队](?![区会伍员])|{_N}[栋幢](?=[，。；）的\s]|$)|门牌号?[为是:：]?第?{_N}"
    rf"|{HAN}{{1,3}}(?<![小作导家查表备会])组(?=[，。；、|）)\s]|的..?某|$)|(?<!\d)\d{{1,3}}-\d{{1,4}}(?:-\d{{1,4}})?(?![\d年月日天人米%-])"
)
_FLAT = (
    rf"\d{{3,4}}(?:室|号?房)?(?!\d|[年人户元米平份个件次路#-])|[一二三四五六七八九]{{2}}[一二三四五六七八九零〇]{{1,2}}(?![年人户元米])"
    rf"|(?:{_N}|[a-z])(?:室|户|房|号(?![楼线码]))(?!外)|[东西南北中左右][户侧]"
)
_DOOR = regex(
    rf"(?:{_N}|[a-z甲乙丙丁那]\d{{0,2}})(?:号楼|栋|幢|座|#楼?|排|区)[，、\s]?(?:[^，。；、\d]{{0,4}}?(?:{_N}|[甲乙丙丁东西])(?:单元|门|梯)[，、\s]?)?[^，。；\d]{{0,3}}?(?:{_FLAT}"
    rf"|{_N}[楼层](?:[东西南北左右]|{_N}[号室户]|[^，。、]{{0,3}}[户侧]))"
    rf"|(?:{_N}|[甲乙丙丁东西])(?:单元|门洞?)[，、\s]?[^，。；\d]{{0,3}}?(?:{_FLAT}|{_N}[楼层号][东西南北左右]?|[东西南北左右]|顶)"
    rf"|[a-z]?(?<!\d)\d{{1,3}}-\d{{1,2}}-\d{{3,4}}(?![\d-])|{_N}[弄巷组社队][^，。；\d]{{0,3}}?{_N}[号室房户](?![楼线码])|(?:{_N}|[a-z])[排区]{_N}号|{_N}委{_N}组"
    rf"|{_N}(?:号(?:住户|居民|村民)|(?:号楼?|[栋幢排组社队]|单元)[的，]?(?:业主|户主|租户|租客|老人|家[中里]|民[房宅]|出租屋|{HAN}{{1,2}}(?:某|先生|女士)))|组的?{HAN}{{1,2}}某"
)
"""A house and a door of it."""
_BUILT = regex(
    r"号楼|栋|幢|座|#|单元|弄|号住|号居|号村|号业|业主|户主|租户|租客|老人|家中|家里|民房|民宅|出租屋|某|先生|女士|巷[\d一二三四五六]|排[\d一二三四五六]|委\d|门[\d一二三四五六]|区\d|组[\d一二三四五六]|社[\d一二]|队[\d一二]|-\d{1,2}-\d{3,4}"
)
"""A sign of a door or of who lives behind it: a text without any is searched no further."""
_DWELLS = regex(
    r"先生|女士|大[妈爷娘伯叔婶]|老[汉人太]|奶奶|阿[姨婆]|一家|伤者|死者|逝者|患者|罹难|户主|房东|承租|老两口|卧床|自家|出租屋|我家|他家|她家|他住|她住|家在|家里|家[就是]在|的家|来电人|寄件人|信访人|院子|探望|现住|原籍|住房|老宅|筒子楼|暂住|至今仍住"
    rf"|装修|邻居|嫌疑人|当事人|被处罚人|姓{HAN}，|五保户|低保户|楼上|扰民|家人|业主|住户|被困|土房|砖房|危房|瓦房|平房"
)
"""What says that a sentence speaks of somebody's home."""
_LISTED = regex(rf"[{SURNAMES}](?<![^。！？\n].){HAN}{{1,2}}[，（|]")
"""A row or a sentence that begins with a name."""
_DETAIL = regex(
    rf"{_N}(?:号楼|栋|幢|座|排|区)[^，。；、共]{{0,4}}{_N}(?:单元|门|层|楼|号|房|室|户)|{_N}单元|(?<!\d)\d{{3,4}}(?:室|号?房)|[东西南北左右前后][头侧手边户].{{0,3}}第?{_N}[家排户间]"
    rf"|[村屯寨坡湾沟坪坝坑庄巷里街路场院胡同](?:委会)?[^，。；、]{{0,3}}?{_N}号(?!线|文|台|公告|仓|井|门|窗)|[村屯寨坡湾沟坪坝庄场]{_N}[组社队](?!村民?[、转沿])|{_N}号(?:院|小楼)|[那这末][间户栋]|那家(?![企公店单工医])|把头|第[一二三四五六七八九]个院|最后一排|unit\s?\d{{3,4}}|门牌编?号?[为是:：]?(?:第|{HAN}{{1,4}}-)?{_N}|[路街巷弄胡同寨]尽头|门洞|厢房"
    r"|第[一二三四五六七八九]家(?!企|公|医|单|门)|最低洼处|门口有|(?<![\d共有])\d{1,3}[幢栋](?=[，。])|(?:楼|苑|园|邸|府|城)\d{1,2}-\d{1,2}-?\d{3,4}|(?:楼|苑|园|邸|府|城)\d{1,2}-\d{3,4}"
)
"""How closely a home is told, down to a house, a door or a neighbour's place."""
_PUBLIC = regex(
    r"局(?!长)|中心|大厦|政府|机关|办公|写字楼|酒店|宾馆|招待所|医院|学校|大学|学院(?!\d+号宿舍)|展厅|会议|礼堂|法院|厂(?!.{0,4}(?:宿舍|家属|老楼))|公司|园区|商场|超市|车站|站$|教学楼|实训楼|库房|仓库|车间|门面|店|考场|诊室|病房|病区|住院部|地下|厅|窗口|院区|某小区|推演|演练"
    "|安置点|经营|专营|烧烤|派出所|负责人|居委会|村委会[，。一二]|转移路线|停电|停水|开标|纠纷|用电|用火"
)
"""Where no one lives, or what is no matter of a home."""
_DWELLING = regex("家属|宿舍|公寓|(?<!某)小区|家园|新村|安置房")
_HAMLET = regex(
    rf"(?:住址|家庭地址|家庭：|户籍地址?|家住|现住|原籍)[为是在:：，\s]{{0,2}}[^，。；、某\d]{{2,24}}?{HAN}(?:屯|寨|自然村|嘎查|村民小组|组|巷)(?=[，。；）)\s]|$)"
)
"""A home without a number, behind a label."""
_ENDS = regex(r"[。；！？\n]")
_SENTENCE = regex(r"[^。！？\n]+")
_BEHIND_CUE = {
    **dict.fromkeys(("qq", "扣扣"), ("messenger", _QQ)),
    **dict.fromkeys(("微信", "weixin", "vx", "wx", "v信"), ("messenger", _WECHAT)),
    **dict.fromkeys(("军官证", "士兵证", "警官证"), ("permit", _OFFICER)),
}
"""Word → kind and form of what follows it."""
_CUES = regex("|".join(sorted(_BEHIND_CUE, key=len, reverse=True)))


def private_words(text: str) -> Iterator[Span]:
    """Private data that words reveal, in a folded text; each search only where it may match."""
    for match in _PLATE.finditer(text):
        if sum(c.isdecimal() for c in match[0]) > 1:
            yield "plate", *match.span(), False
    if "@" in text or "＠" in text:
        yield from (("email", *m.span(), False) for m in _EMAIL.finditer(text))
    last = 0
    for home in sorted(_homes(text), key=lambda span: (span[1], -span[2])):
        if home[1] >= last:
            yield home
            last = home[2]
    yield from private_names(text)
    yield from _documents(text) if _DOCUMENT.search(text) else ()
    for cue in _CUES.finditer(text):
        kind, form = _BEHIND_CUE[cue[0]]
        if behind := form.match(text, cue.end()):
            yield kind, *behind.span("id"), False


def _documents(text: str) -> Iterator[Span]:
    """Numbers of passports and permits, whose name stands before them or right behind."""
    for number in _DOCUMENT_NUMBER.finditer(text):
        start, end = number.span()
        before = re.split("[。；]", text[max(0, start - 48) : start])[-1]
        cues = _DOCUMENT.findall(before)[-1:] or _DOCUMENT.findall(text[end : end + 8])
        if not (cues and (number["usual"] or _LABELLED.search(before))) or _OTHER_NUMBER.search(
            before
        ):
            continue
        kind = "passport" if cues[0] in _PASSPORT else "permit"
        certain = kind == "passport" and _USUAL_PASSPORT.fullmatch(number[0]) is not None
        yield kind, start, end, certain


def _homes(text: str) -> Iterator[Span]:
    """House and door of a home; offices and public places are no secret."""
    yield from (("address", *m.span(), False) for m in _HAMLET.finditer(text))
    for match in _DOOR.finditer(text) if _BUILT.search(text) else ():
        before = text[max(0, match.start() - 16) : match.start()]
        near = re.split(r"[\n，。；：:]", before)[-1]
        if not _PUBLIC.search(near) or _DWELLING.search(near):
            yield "address", *match.span(), False
    for cue in _LIVES.finditer(text):
        clause = _ENDS.split(text[cue.end() : cue.end() + 48])[0]
        house = _HOUSE.search(clause)
        if house and not _PUBLIC.search(clause[: house.start()]):
            yield "address", cue.end(), cue.end() + house.end(), False
    lived_in = _DWELLS.search(text) or _LISTED.search(text)
    for sentence in _SENTENCE.finditer(text) if lived_in else ():
        lived_in = _DWELLS.search(sentence[0]) or _LISTED.match(sentence[0])
        closely = lived_in and _DETAIL.search(sentence[0])
        if closely and not _PUBLIC.search(sentence[0]):
            at = sentence.start()
            yield "address", at + closely.start(), at + closely.end(), False


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


def shown_match(match: Match, text: str) -> str:
    """What may be printed: three signs and two of a number, the first sign of anything else."""
    value = "".join(filter(str.isalnum, flat(text[match.start : match.end]).text.upper()))
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


_QUOTED, _AROUND = 40, 200
"""Signs on either side of what is quoted, and those that are looked at for private data."""
_SENTENCE_END = regex(r"[。！？\n]")


def quoted(text: str, start: int, end: int) -> str:
    """The sentence around what stands from start to end, shortened, its private data masked."""
    before = _SENTENCE_END.split(text[max(0, start - _AROUND) : start])[-1]
    behind = _SENTENCE_END.split(text[end : end + _AROUND], 1)[0]
    words, at = f"{before}{text[start:end]}{behind}", len(before)
    shown = words
    for match in private_data(words):
        hidden = "*" * (match.end - match.start)
        shown = f"{shown[: match.start]}{hidden}{shown[match.end :]}"
    first, last = max(0, at - _QUOTED), at + end - start + _QUOTED
    return f"{'…' * (first > 0)}{shown[first:last].strip()}{'…' * (last < len(shown))}"


def _masked(value: str) -> str:
    return f"{value[:3]}{'*' * (len(value) - 5)}{value[-2:]}"
