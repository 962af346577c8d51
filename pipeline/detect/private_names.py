"""Names of people whom a text calls dead, hurt, ill or lost, or gives an age (Article 13(3)).

A surname begins a name. Three things say whether it is one, each in degrees: what stands before
it, what stands behind it, and how a dictionary cuts the sentence, which falls to single signs
where a name stands. The dictionary is asked last, about what the rest leaves.
"""

import re
from collections.abc import Iterator

from pipeline.detect.folding import is_other_word, words_around
from pipeline.detect.private_numbers import Span
from pipeline.model.lazy import HAN, regex

COMPOUND = (
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|太叔|申屠|公孙|慕容|仲孙|钟离|长孙|宇文|司徒|鲜于|司空|闾丘|子车|亓官|司寇|巫马|公西|颛孙|壤驷|公良|漆雕|乐正|宰父|谷梁|拓跋|夹谷|轩辕"
    "|令狐|段干|百里|呼延|东郭|南门|羊舌|微生|公户|公玉|公仪|梁丘|公仲|公上|公门|公山|公坚"
)
SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉"
    "钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简"
    "饶空曾毋沙乜鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖付闫邸代覃佟隋苑甫邝牟仝敬言晋楚原揭佘鄢展操笪库矫迟种仉綦缑撒粟税麦冼刀帅亢承母衣初位战郇智檀呙苟盘揣阳漆镡才巨门但保竹蒿洛兰谯苌郄剡俎佴况凃占奉庹恽斛朴枚栗泮涂眭禚竭笃笮箕粘羌茆菅蒉虢蚁衷谌辜雒隽鹿旷药豆訾"
)
"""All surnames of the 百家姓, and newer ones; many of them are words, so a dictionary decides."""
_WEAK = (
    "经从查都相后时能解通向当和应管计满干水安常平成明于同库迟种才位战初承母门但保阳强边全危康纪家原双"
    "易国言别支公文方空利晨山井盖充关云党古洪巨丰火应宣占况药豆"
)
"""Surnames that are far more often other words, and need more around them."""
_NAME = rf"(?:(?:{COMPOUND})|[{SURNAMES}]){HAN}{{1,2}}"
_NOT_A_NAME = regex(
    r"..?[某×*○xX]|.(?:于|是|的|先生|女士|家属|在|被|因|已|们|等)|.*化名|.?家属|向[我本市县区局社有]|陈述|尤其|通信|关节"
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
_KINDS = {**dict.fromkeys(_ADULT.split("|"), "name"), **dict.fromkeys(_CHILD.split("|"), "minor")}
_CUES = regex("|".join(sorted(_KINDS, key=len, reverse=True)))
_BEHIND = regex(rf"{_CALLED}(?P<name>{_NAME}){_ENDS}")
_AGED = regex(rf"(?P<name>{_NAME})[，,（(、\s]{{0,2}}[男女]?[，,、\s]{{0,2}}(?:今年|现年|年仅)?$")
_AGE = regex(r"(?<!\d)(\d{1,3})岁")
_BORN = regex(
    r"(?:出生(?:日期|年月日?|时间)[:：为是]?\s{0,2}|生于)(?:19|20)\d\d[年.\-/]\d{1,2}(?:[月.\-/]\d{1,2}日?)?"
    rf"|{_NAME}[，,（(、]{{1,2}}(?:[男女][，,、])?(?:19|20)\d\d年\d{{1,2}}月(?:\d{{1,2}}日)?(?:出)?生"
)
_HARM = regex(
    "死|亡|伤|溺|坠|砸|埋|撞|烫|咬|晕|昏|颅|骨折|尸|骸|逝|殒|悼|殡|葬|遗体|遗像|遇难|遇害|遇险|殉职|牺牲|失联|失踪|走失|走丢|走散|联系不上|失去|丧生|丧命|毙命|落水|落井|落入|掉进|掉入|掉下|跌|滑入|滑倒|滑落|翻车|卷入|卷走|冲走|摔|压住|压断|夹断|断了|断腿|断腰|触电|电击|击中|窒息|缺氧|中毒|猝|去世|离世|辞世|享年|走好|人没了|自杀|轻生|跳楼|跳河|跳桥|透水|塌|爆炸|火灾|起火|洪水|泥石流|雪崩|搜救|救援队|搜寻|寻人|离断|再植|毒|事故|皮外伤|不省人事|侧翻|车祸|磕掉|永别|安息|千古|农药|洗胃|呕吐|吐下泻|脱水|挂水|没的，|被困|救出|救起|获救|脱险|被救|被拉|背出|抬出|刨出|生还|打捞|没有消息|下落|音讯|没能|没上来|没回来|没撤|没有撤|没有上来|再没|再也|不醒|没醒|还没醒|听不见|没气|脉搏|呼吸|心跳|心梗|脑梗|休克|生命体征|医院|送医|送往|住院|出院|就医|治疗|不治|抢救|手术|确诊|诊断|感染|截肢|截瘫|错位|病危|重症|监护|icu|大碍|痊愈|输液|缝了|穿孔|残疾|致残|伤残|肺|患有|罹|癌|噎|冻僵|奄奄|没了|身故|噩耗|凉鞋|之妻|之子|之女|之父|之母"
)
"""What a sentence about harm holds: only such sentences are looked into."""
_FOREIGN = regex(
    rf"(?:名叫|叫|名为|死者|伤者|遇难者|姓名：?|籍{HAN}{{0,6}})\s?(?P<latin>[a-z]{{2,12}}(?:\s[a-z.]{{1,12}}){{1,3}})"
)
"""A name of another language."""
_TRANSLITERATED = regex(
    "[阿艾巴白宝贝毕别布才次达丹德多顿尔尕嘎格古哈赫吉加江卡克库拉乐勒力丽洛玛麦买曼美孟米木穆那娜乃尼努帕普其钦曲仁日热瑞萨桑沙斯苏塔泰坦提铁图托旺温乌西希雅亚伊依音英扎珠卓孜逊夏代再亥茹妮肉拜汗赞仓央措姆珍旦增罗]{3,9}"
)
"""Signs that write the sounds of another language."""
_OFFICIAL = regex(
    r"(?:[局厅部县市区镇乡省处科院所站董会州]长|书记|主任|经理|总监|记者|专家|代表人|负责人|联系人|联络人|领导|政委|发言人|主席|工程师|局|律师|教授|教练|烈士|人：|[文图摄]/|摄影|编辑|审判长|签发|审核"
    r"|(?:通讯|评论|指导|教导|网格|书记|审判|调解|值班|联络|宣传|监督|检查|委|成|议|公务)员)[:：\s]?$"
)
"""An office, right before the name of who holds it."""
_SERVES = regex(r"(?:长|消防员|安全员|救生员|医生|护士|志愿者|[民辅]警|干部)$")
"""What both sufferers and those who help them are."""
_ACTS = regex(
    "主持|通报|陪护|负责|组织|认为|到场|背着|救|接受|汇报|跳入|跳进|托起|回应|透露|告诉|签|介绍|说|表示|看望|慰问|指挥|率|带|赶赴|强调|要求|指出|，[^，。]{0,8}(?:经理|主任|[局厂矿]长)"
)
"""What somebody does who speaks of sufferers."""

_GIVEN = (
    r"(?:(?![的了着过是在被把对由到至于等者们吗呢吧啊就也都又还很更最没不无已将要会须并但此"
    rf"这那哪谁每各某名位个次处项种类第点分秒吨啦嘛你我他她它您号]){HAN}){{1,2}}"
)
"""Signs that may be a given name."""
_PEOPLE = (
    "工匠汉伯叔嫂婶妇友伴客主户手者员夫妻父母爹娘爷奶哥姐弟妹儿女孙子媳婿孩童民丁伙婆兵亲厨年青"
)
_CALLS = regex(
    rf"(?:[{_PEOPLE}]|工头|[学医女男考]生|师傅|老人|男子|姑娘|群众|老板|阿姨|[组班]长|教师|老师|[名真]叫|叫做?|[大真本姓者]名|名单|司机"
    r"|[自别]称|[工老男女亲家行病客商盲猎]人|人员|[是系为致将把叫]|就是|可|[她他]|同车的?|身份为|找到|抬出|救起|背出|先后|其中|方：|[到着]了|[组家下上里中内后排]的|[那这]个)[:：]?[—]{0,2}$(?<!因为)(?<!但是)"
)
"""What somebody is or is called, right before a name."""
_EDGE = regex(r"(?:^|[，。；：、\s|（(“—\n】]|[（(]?\d[）).、])$")
_HURT = (
    r"[（(，,\s]{0,2}(?:[男女](?![孩童性生士])|\d{1,3}岁|现年|年仅|今年|[\d一二两三四五六七]人[被均先在])|不慎|不幸|当场|突[发然]|落水|失[联踪去]|[昏晕坠摔溺]|死|身亡|遇[难害]|受伤|[重轻]伤"
    r"|抢救|送[医往]|[入住出]院|[确诊]诊|中毒|触电|窒息|缺氧|猝|[去离]世|获救|[烧烫]伤|遗体|抬|病情|终于|的(?:遗体|尸|家属|妻|丈|父|母|[儿女]|伤|手|腿|头|病|死)|[头左右双腰胸背颈颅][部手腿臂脚椎]?|[滑掉跌躲倒砸撞被]|没能|再[也没]"
    r"|转入|因(?!巡)|再|昏|患|从.{1,8}[坠摔掉跌滑]|[二三两一]度|[二三四五两]人|身[故上]"
)
_BREAK = r"$|[，。、；：（(）)|\s“”！？!?—\n]|[在被也仍经于系已均等随从正刚一目为及和与]"
_HURT_BEHIND, _BREAK_BEHIND, _GIVEN_NAME = regex(_HURT), regex(_BREAK), regex(_GIVEN)
_DOUBLE = regex(rf"(?:{COMPOUND})(?={_GIVEN})")
_SINGLE = regex(
    rf"[{SURNAMES}](?=(?P<given>{_GIVEN}))(?:(?<=[{_PEOPLE}头生傅人娘众板姨长师叫名称单是系为致将把可她他的到出起后中了机].)"
    rf"|(?<![^\W\d_].)|(?={_GIVEN}(?:{_HURT}|{_BREAK})))"
)
"""A surname where something around it may speak for a name; nearly all that are words go here."""
_LOCALITY = regex("[市县区镇乡村街路屯庄沟坪寨坡湾堡巷]$")
_BEHIND_PLACE = regex(
    "[市县区镇乡村街路桥河湖库厂矿站省公姓屯庄坪寨坡湾卫]|大桥|集团|医院|学校|食品|超市|建筑|建设|劳务|公司|化工|矿业|物流|科技|商贸|主席|总理|应急|人民|党委|政府|消防|公安"
)
_FELL = regex(
    r"(?:同志)?[^。；]{0,24}?(?:牺牲|殉职|遇难|身亡|死亡|[重轻受]伤|遗体|[病去逝]世|病逝|辞世|砸中|再[没也]|冲走)"
)
_SENTENCE = regex(r"[^。！？\n]+")


def _sufferers(text: str) -> Iterator[tuple[int, int]]:
    """Names in sentences about harm, and in those that follow them."""
    before = False
    for sentence in _SENTENCE.finditer(text):
        harmed = _HARM.search(sentence[0]) is not None
        if harmed or before:
            yield from _in_sentence(text, *sentence.span())
            yield from _transliterated(text, *sentence.span())
        before = harmed


def _in_sentence(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    last = start
    listed = 0
    surnames = (*_DOUBLE.finditer(text, start, end), *_SINGLE.finditer(text, start, end))
    for surname in sorted(surnames, key=re.Match.start):
        at = surname.start()
        before = text[max(start, at - 8) : at]
        if at < last or _OFFICIAL.search(before):
            continue
        left = 2 if _CALLS.search(before) else 1 if _EDGE.search(before) else 0
        if listed and text[listed:at] in ("、", "和", "与", "及", "——", "，"):
            left = 2
        for stop in (surname.end() + 2, surname.end() + 1):
            if stop <= end and _is_sufferer(text, at, surname.end(), stop, left):
                yield at, stop
                last = listed = stop
                break


def _transliterated(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Names without surname, in which the dictionary knows no word."""
    for name in _TRANSLITERATED.finditer(text, start, end):
        first, last = name.span()
        called = _CALLS.search(text, max(start, first - 8), first) or _HURT_BEHIND.match(text, last)
        locality = _BEHIND_PLACE.match(text, last)
        if called and not locality and not is_other_word(text, first, last):
            yield first, last


def _is_sufferer(text: str, start: int, given: int, end: int, left: int) -> bool:
    """Whether context and dictionary together make a name of a stretch."""
    behind = text[end : end + 12].partition("\n")[0]
    right = 2 if _HURT_BEHIND.match(behind) else 1 if _BREAK_BEHIND.match(behind) else 0
    serves = _SERVES.search(text, max(0, start - 4), start) or behind.startswith("同志")
    if serves and not (right == 2 or _FELL.match(text, end)):
        return False
    left, weak = 2 if serves else left, given == start + 1 and text[start] in _WEAK
    if (
        left + right < (2 if end - start == 2 else 1) + 2 * weak
        or not _GIVEN_NAME.fullmatch(text, given, end)
        or _NOT_A_NAME.match(text[start:end] + behind[:5])
        or _ACTS.match(behind)
        or _BEHIND_PLACE.match(behind)
        or (left < 2 and _LOCALITY.search(text, start, end))
    ):
        return False
    shape = _shape(text, start, given, end)
    if end - start == 2:
        alone = left == 2 and any(s == end for s, _ in words_around(text, end, end + 1))
        return shape == 3 and (left + right > 2 or alone)
    return left + right >= {3: 1, 2: 2, 1: 3}.get(shape, 9) + 2 * weak


def _shape(text: str, start: int, given: int, end: int) -> int:
    """How like a name the dictionary cuts it: 3 into single signs, 0 across its ends."""
    words = set(words_around(text, start, end)) - {(start, given)}
    if any(s < start or e > end for s, e in words):
        return 0
    if (start, end) in words:
        return 0 if is_other_word(text, start, end) else 2
    return 3 if not words else 2 if all(s == given for s, _ in words) else 1


def _ages(text: str) -> Iterator[Span]:
    """A name with an age behind it, or a birthday."""
    for age in _AGE.finditer(text) if "岁" in text else ():
        name = _AGED.search(text, max(0, age.start() - 14), age.start())
        if name and _is_name(text, *name.span("name")):
            yield "minor" if int(age[1]) < 18 else "birth", name.start(), age.end(), False
    if "生" in text and any(word in text for word in ("出生", "生于", "月生", "日生")):
        yield from (("birth", *m.span(), False) for m in _BORN.finditer(text))


def _is_name(text: str, start: int, end: int) -> bool:
    """Not shortened to 某, not marked as invented, no other word and no part of one."""
    if _NOT_A_NAME.match(text[start:end] + text[end : end + 5].partition("\n")[0]):
        return False
    verb = text[start] in _WEAK and (end - start < 3 or any(words_around(text, start, end)))
    return not (verb or is_other_word(text, start, end))


_CLASS = (
    "(?:[一二三四五六七八九1-9]年级(?:[（(]?[一二三四五六七八九十0-9]{1,2}[）)]?班)?|[初高][一二三](?:年级)?[（(]?[0-9一二三四五六七八九十]{1,2}[）)]?班"
    "|[一二三四五六七八九][（(][一二三四五六七八九十0-9]{1,2}[）)]班|[大中小][一二三四0-9]?班)"
)
_SCHOOL = "(?:小学|初中|高中|中学|幼儿园|附小|附中|实小)"
_PUPIL = "(?:小学生|中学生|学生|同学|女生|男生|小朋友|幼儿|孩子|女童|男童)"
_STAFF = "(?!老师|校长|主任|园长|书记|教师|老|师|院长)"
_PUPILS = regex(
    rf"(?:{_CLASS}的?{_PUPIL}?|{_SCHOOL}[^，。；\n]{{0,8}}?{_PUPIL})[：: （(]?"
    rf"(?P<name>(?:(?:{COMPOUND})|[{SURNAMES}]){_STAFF}{HAN}{{1,2}}?)(?=同学|小朋友|[男女]生|[积获画用参写演表回上拿正带把给荣代担朗分制完认跟向对为]|{_ENDS[3:]}"
    rf"|(?P<first>(?:(?:{COMPOUND})|[{SURNAMES}]){_STAFF}{HAN}{{1,2}}?)(?:同学|小朋友)?"
    rf"(?:[，,（(：:\s]|是|就读于|来自|系|为)[^。；\n]{{0,18}}?(?:{_CLASS}|{_SCHOOL}[^，。；\n]{{0,6}}{_PUPIL})"
)
"""A name beside a class, or a school and a word for its pupils."""
_TEACHES = regex("(?:教师|老师|[校园]长|主任|辅导员|书记|民警|消防员|志愿者|医生)[：:]?$")


def pupils(text: str) -> Iterator[tuple[int, int]]:
    """Names of children with their school or class: offsets into a folded text."""
    for match in _PUPILS.finditer(text) if "年级" in text or "班" in text or "学" in text else ():
        start, end = match.span("name" if match["name"] else "first")
        if not _TEACHES.search(text, max(0, start - 4), start) and _is_name(text, start, end):
            yield start, end


def private_names(text: str) -> Iterator[Span]:
    """Names with what makes them private, in a folded text."""
    aged = list(_ages(text))
    yield from aged
    if _HARM.search(text):
        for start, end in _sufferers(text):
            if not any(first <= start < last for _, first, last, _ in aged):
                yield "name", start, end, False
        yield from (("name", *m.span("latin"), False) for m in _FOREIGN.finditer(text))
    for cue in _CUES.finditer(text):
        behind = _BEHIND.match(text, cue.end())
        if behind and _is_name(text, *behind.span("name")):
            yield _KINDS[cue[0]], *behind.span("name"), False
