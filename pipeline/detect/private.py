"""Private data in a text, after every way of writing it is brought to one (Article 13(3)).

The kinds and what each needs around it follow GB 11643, GB 32100, ISO/IEC 7812 and GB/T 35273
annex A. A match is a span, never a value: only `shown` may be printed of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.detect.boundaries import is_other_word, names, words_around
from pipeline.detect.folding import flat, fold
from pipeline.detect.private_numbers import Span, private_numbers, weak_masks
from pipeline.model.regex import regex

# Private data that words reveal in a folded text: documents, plates, contacts, homes, names.

_COMPOUND = (
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|太叔|申屠"
    "|公孙|慕容|仲孙|钟离|长孙|宇文|司徒|鲜于|司空|闾丘|子车|亓官|司寇|巫马|公西|颛孙|壤驷|公良|漆雕|乐正|宰父"
    "|谷梁|拓跋|夹谷|轩辕|令狐|段干|百里|呼延|东郭|南门|羊舌|微生|公户|公玉|公仪|梁丘|公仲|公上|公门|公山|公坚"
)
_SINGLE = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马"
    "苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁"
    "毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡"
    "凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储"
    "靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄"
    "印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚"
    "农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁"
    "勾敖融冷訾辛阚那简饶空曾毋沙乜鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖付闫邸代覃佟隋苑甫邝牟仝敬言晋楚原揭"
)
"""All surnames of the 百家姓, and newer ones; many of them are words, so a dictionary decides."""
_VERBS = "经从查都相后时能解通向当和应管计满干水安常平成明"
"""Surnames that stand before other words far more often."""
_NAME = rf"(?:(?:{_COMPOUND})|[{_SINGLE}])[\u4e00-\u9fff]{{1,2}}"
_NOT_A_NAME = regex(
    r"..?[某×*○xX]|.(?:于|是|的|先生|女士|家属|在|被|因|已|们|等)|.*(?:化名|家属)|向[我本市县区局社有]|陈述|尤其|通信|关节"
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
_HARM = regex(
    r"死亡|身亡|遇难|遇害|殉职|溺|受伤|重伤|轻伤|伤情|伤势|坠|摔[下倒]|失联|失踪|落水|昏倒|昏迷|晕倒|中毒|被困|被埋|生命体征|抢救|生还"
    r"|失去左|失去右|失去双|icu|颅脑|骨折|烧伤|烫伤|确诊|诊断为|感染|送医|送往|住院|不治|截肢|遗体|打捞|没有消息|下落不明|卷入|触电|被砸|窒息"
    r"|猝死|去世|离世|罹患|罹难|患有|自杀|轻生|跳[楼河桥]|走失|救出|获救|脱险|被救|掉[进入下]|跌[入落倒]|滑[入落倒]|落井|被拉|人没了|被.{0,8}(?:砸|埋|压|撞|冲走|烧|烫|咬|夹|卡)|遭.{0,8}(?:砸|埋|压|撞|冲走|烧|烫|咬|夹|卡)"
    r"|重症|监护室|无碍|大碍|痊愈|出院|生还|身故|没了呼吸|擦伤|挫伤|伤残|致残|伤员|伤亡|工伤|尸|骸|截瘫|休克|不醒|没能|噩耗|牺牲|噎|冻死|夹伤|灼伤|砸伤|刺伤|割伤|撕伤|咬伤|扎伤|撞伤|压伤|轧伤|碾伤|冻伤|炸伤|逝者|辞世|享年|殒|病危|缝了|输液|没撤出|没有撤出|听不见|再无音讯|击中|穿孔|联系中断|失去联系|遗像|之[妻子女父母]|还没回来|凉鞋|撕咬|毙命|丧生|丧命|阵亡|奄奄"
)
_ROLE = (
    "工人|员工|职工|民工|工友|焊工|电工|矿工|队员|老人|村民|居民|患者|病人|学生|司机|驾驶员|乘客|船员|渔民|人员|男子"
    "|女子|[男女][孩童]|儿童|孕妇|游客|妻子|丈夫|儿子|女儿|父亲|母亲|群众|[\u4e00-\u9fff](?:[工匠汉伯叔嫂婶妇友伴客主户手]|师傅|老板|阿姨|组长|班长)|老[汉人伯太]|包工头|一家|名叫|叫做?|大名|真名|姓名|身份为|找到|发现|抬出|救起|背出|致|系|造成|其中|先后|[的将和与及致使对把人]"
)
_SUFFERER = regex(
    rf"(?:^|[，。；：、\n|（(“]|{_ROLE})(?P<name>{_NAME})(?=[，、（(|。\s]|$|[因被在也仍经于未系已均等终后患]|从|[\d一二两三四五六七]人|年仅|今年"
    r"|现年|不慎|不幸|当场|突[发然]|落水|失[联踪去]|[昏晕坠摔溺]|死亡|身亡|遇[难害]|受伤|[重轻]伤|抢救|送[医往]|入院|住院|确诊|诊断|中毒|触电|窒息"
    r"|猝死|[去离]世|获救|烧伤|遗体|抬|病情|一同|一起|[随立即]+|终于|从|的(?:遗体|尸|家属|妻|丈|父|母|[儿女]|伤|手|腿|头|病|死)|等人?(?=[。，、]|$)|[头左右双腰胸背][部手腿臂脚]?|滑|掉|跌|躲|没能|再也|正|刚|突|先后|全身|身上|住进|转入|已无|无[法生]|两?[家人])(?!，[^，。]{0,8}(?:经理|负责|代表|主任|[局厂矿董]事?长))"
)
_ROLED = regex(
    rf"(?:{_ROLE}|[死伤患难踪]者|姑娘|小[伙孩]|员|生|教师|老师|农妇|之[妻子女父母]|逝者|死者|乙方：|正是|就是|可|到了|[—、]|^\W{{0,4}}(?:[（(]?\d[）).、])?|兄弟——)(?P<name>{_NAME})"
)
"""A name behind the word for what somebody is, whatever follows."""
_FOREIGN = regex(
    r"(?:名叫|叫|名为|死者|伤者|遇难者|姓名：?)\s?(?P<latin>[a-z]{2,12}(?:\s[a-z.]{1,12}){1,3})"
)
"""A name of another language."""
_OFFICIAL = regex(
    r"(?:[长员]|书记|主任|经理|总监|医生|护士|记者|专家|代表人|负责人|联系人|联络人|志愿者|民警|教练|烈士|发言人|主席|工程师|干部|局|律师|教授|委员|队长|副?[县市区镇乡]长|人：)[：:]?$(?<!队员)(?<!人员)(?<!职员)(?<!船员)(?<!驾驶员)(?<![洁卸售务管库护洗]员)"
)
_SURNAMED = regex(rf"(?:{_COMPOUND})[\u4e00-\u9fff]{{1,2}}|[{_SINGLE}][\u4e00-\u9fff]{{1,2}}")
_ACTS = regex(
    "同志|主持|通报|陪护|负责|组织|认为|到场|背着|救|接受|汇报|跳入|跳进|托起|回应|透露|告诉|签|介绍|说|表示|看望|慰问|指挥|率|带|赶赴|强调|要求|指出|，[^，。]{0,8}(?:经理|主任|[局厂矿]长)"
)
"""What somebody does who speaks of sufferers."""
_PLACES = frozenset("市县区镇乡村街路桥河湖库厂矿站大高国省公姓某庄屯沟坪寨坡湾卫")
_LIVES = regex(
    r"家住|家庭(?:住址|地址)|住址|租住|暂住|借住|现居|住处|户主|房东|租客|老宅|独居|寄[至到]|送[至到]|出租屋|"
    r"某家|某[，（(]|女士[，（(]|先生[，（(]|村民[（(]|居民[（(]|老人[（(]|住户[（(]|居住(?:地|在|于)|户籍|收货地址|收件地址|中奖地址|寄送地址|邮寄|家[中在]|您家|你家|他家|她家|你的家|他的家|她的家|门牌|搬[进入到]|的家(?![人属庭长园])|家属位于|低保户|五保户|特困户|搬迁户|脱贫户|贫困户|死者|伤者|患者|当事人|受害人|举报人|投诉人|收件人|联系地址|姓名|我们楼|原住|现住"
    r"|住(?<![入常可不房客居]住)(?![建房院宿宅所户址改读持])"
)
_HOUSE = regex(
    rf"{_N}(?:号楼|栋|幢|#楼?|座|单元|排)[^，。；]{{0,6}}?(?:{_N}(?:室|号|户|层|楼)?|[东西南北中]户)"
    rf"|(?<![月日第]){_N}号(?:附{_N}号?)?(?![线文台令机车仓井门窗码电])|第?{_N}(?:村民)?小?组|{_N}单元{_N}|[东西南北][头侧户].{{0,4}}第?{_N}[家排户]|第?{_N}嘎查|{_N}[社队](?![区会伍员])"
    r"|[\u4e00-\u9fff]{1,3}(?<![小作导家查表备会])组(?=[，。；、|）)\s]|$)|(?<!\d)\d{1,3}-\d{1,4}(?:-\d{1,4})?(?![\d年月日天人米%-])"
)
_DOOR = regex(r"(?:[栋幢#]楼?|号楼|单元)\d{3,4}$|\d-\d{1,2}-\d{3,4}$")
"""A door by its number alone."""
_BY_A_HOUSE = regex(
    r"住户|居民|村民|业主|户主|租户|租客|老人|家中|家里|民房|民宅|自建房|出租屋|某|先生|女士"
    r"|栋\d|幢\d|#\d|楼\d|单元\d|-\d{1,2}-\d{3,4}"
)
"""A sign of a dweller or of a door: a text without any is searched no further."""
_DWELLER = regex(
    r"(?:的|一|，|、|\d?楼?[一二三四五六]?楼?[东西南北左右]?[侧手头边]?){0,3}(?:住户|居民(?!楼)|村民|业主|户主|租户|租客|老人|家[中里]|民[房宅]|自建房|出租屋|[\u4e00-\u9fff]{1,2}某|[\u4e00-\u9fff]{1,2}(?:先生|女士))"
)
"""Who or what stands right behind the house of a home."""
_DWELLS = regex(
    r"先生|女士|大[妈爷娘伯叔婶]|老[汉人太]|奶奶|阿[姨婆]|一家|伤者|死者|逝者|患者|罹难|户主|房东|承租|他住|她住|家在|家里|家[就是]在|的家|来电人|寄件人|信访人|院子|探望|现住|原籍|住房|老宅|筒子楼|暂住|至今仍住"
    r"|装修|邻居|嫌疑人|当事人|被处罚人|姓[\u4e00-\u9fff]，|五保户|低保户|楼上|扰民|家人|业主|住户|被困|土房|砖房|危房|瓦房|平房"
)
"""What says that a sentence speaks of somebody's home."""
_LISTED = regex(rf"[{_SINGLE}][\u4e00-\u9fff]{{1,2}}[，（|]")
"""A row or a sentence that begins with a name."""
_DETAIL = regex(
    rf"{_N}(?:号楼|栋|幢|座|排|区)[^，。；、共]{{0,4}}{_N}(?:单元|门|层|楼|号|房|室|户)|{_N}单元|(?<!\d)\d{{3,4}}(?:室|号?房)|[东西南北左右前后][头侧手边户].{{0,3}}第?{_N}[家排户间]"
    rf"|[村屯寨坡湾沟坪坝坑庄巷里街路场院胡同](?:委会)?[^，。；、]{{0,3}}?{_N}号(?!线|文|台|公告|仓|井|门|窗)|[村屯寨坡湾沟坪坝庄场]{_N}[组社队](?!村民?[、转沿])|{_N}号(?:院|小楼)|[那这末]间|尽头|门洞|厢房"
    r"|第[一二三四五六七八九]家(?!企|公|医|单|门)|最低洼处|门口有|[座栋幢]\d{{3,4}}(?!\d|[人户元米])|(?<![\d共有])\d{{1,3}}[幢栋](?=[，。])|(?:楼|苑|园|邸|府|城)\d{1,2}-\d{1,2}-?\d{3,4}|(?:楼|苑|园|邸|府|城)\d{1,2}-\d{3,4}"
)
"""How closely a home is told, down to a house, a door or a neighbour's place."""
_PUBLIC_PLACE = regex(
    "学校|大厦|安置点|商店|专营|商店|饭店|烧烤|经营场所|派出所|负责人|店[，：]|公司|中心|居委会|村委会[，。一二]|政府|转移路线|停电|开标|停水"
)
_LODGING = regex(r"医院|宾馆|酒店|招待所|病房|公司|法院|政府|纠纷|火灾|用电|用火")
_DWELLING = regex("家属|宿舍|公寓|小区|家园|新村|安置房")
_CLAUSE = regex(r"[^。；！？\n]+")
_SENTENCE = regex(r"[^。！？\n]+")
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
    last = 0
    for home in sorted(_homes(text), key=lambda span: (span[1], -span[2])):
        if home[1] >= last:
            yield home
            last = home[2]
    aged = list(_ages(text))
    yield from aged
    yield from (s for s in _sufferers(text) if not any(a[1] <= s[1] < a[2] for a in aged))
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
    """Not shortened to 某, not marked as invented, no other word and no part of one."""
    if _NOT_A_NAME.match(text[start:end] + text[end : end + 5].partition("\n")[0]):
        return False
    verb = text[start] in _VERBS and any(words_around(text, start, end))
    return not (verb or is_other_word(text, start, end))


def _sufferers(text: str) -> Iterator[Span]:
    """Names of those whom a sentence calls dead, hurt, ill or lost."""
    for sentence in _SENTENCE.finditer(text) if _HARM.search(text) else ():
        if not _HARM.search(sentence[0]):
            continue
        at = -1
        while match := _SUFFERER.search(sentence[0], at + 1):
            at, last = match.span("name")
            start, end = sentence.start() + at, sentence.start() + last
            official = _OFFICIAL.search(sentence[0][max(0, at - 8) : at])
            if not official and _is_name(text, start, end):
                yield "name", start, end, False
        for roled in _ROLED.finditer(sentence[0]):
            at, last = roled.span("name")
            for end in (last, last - 1):
                if end - at > 1 and _bare(sentence[0], at, end):
                    yield "name", sentence.start() + at, sentence.start() + end, False
                    break
        for foreign in _FOREIGN.finditer(sentence[0]):
            at, last = foreign.span("latin")
            yield "name", sentence.start() + at, sentence.start() + last, False
        for at, last in names(sentence[0]) if "化名" not in sentence[0] else ():
            start, end = sentence.start() + at, sentence.start() + last
            marked = _NOT_A_NAME.match(text[start : end + 5].partition("\n")[0])
            region = _PLACES & set(text[end - 1 : end + 1])
            official = _OFFICIAL.search(sentence[0][max(0, at - 8) : at]) or _ACTS.match(text, end)
            if _SURNAMED.fullmatch(text, start, end) and not (marked or official or region):
                yield "name", start, end, False


def _bare(sentence: str, start: int, end: int) -> bool:
    """Whether a name of no official stands at a place, that no word of the dictionary covers."""
    return (
        _is_name(sentence, start, end)
        and not any(s <= start and end <= e for s, e in words_around(sentence, start, end))
        and sentence[end - 1] not in "的了着过"
        and not _PLACES & set(sentence[end - 1 : end + 1])
        and not _OFFICIAL.search(sentence[max(0, start - 8) : start])
        and not _ACTS.match(sentence, end)
    )


def _homes(text: str) -> Iterator[Span]:
    """House and door of a home; offices and public places are no secret."""
    for match in _HOME.finditer(text):
        before = text[max(0, match.start() - 16) : match.start()]
        near = re.split(r"[\n，。；：:]", before)[-1]
        if not _OFFICE.search(near) or _DWELLING.search(near):
            yield "address", *match.span(), False
    for cue in _LIVES.finditer(text):
        clause = _CLAUSE.match(text, cue.end(), cue.end() + 48)
        words = clause[0] if clause else ""
        house = _HOUSE.search(words)
        if house and not _LODGING.search(words[: house.start()]):
            yield "address", cue.end(), cue.end() + house.end(), False
    for sentence in _SENTENCE.finditer(text):
        if not (_DWELLS.search(sentence[0]) or _LISTED.match(sentence[0])):
            continue
        closely = _DETAIL.search(sentence[0])
        if closely and not _PUBLIC_PLACE.search(sentence[0]):
            at = sentence.start()
            yield "address", at + closely.start(), at + closely.end(), False
    for near in _BY_A_HOUSE.finditer(text):
        for house in _HOUSE.finditer(text, max(0, near.start() - 24), near.end() + 4):
            if _DWELLER.match(text, house.end()) or _DOOR.search(house[0]):
                yield "address", *house.span(), False


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


def _masked(value: str) -> str:
    return f"{value[:3]}{'*' * (len(value) - 5)}{value[-2:]}"
