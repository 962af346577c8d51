"""What a text is about: an alert that is issued, an accident that is reported, a refuted rumour.

The kind that a writer picks decides which checks a post meets, so a post is held to those of its
subject as well (docs/decisions/0049). A subject needs a signal in the title and another where the
body begins; where the title says nothing (通知, 情况通报), the first sentence has to say it all,
and it is not certain. An accident and its dead in that sentence are a report under any title.
Lessons, drills, laws, summaries of a period and work that follows are none.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.detect.alerts import alerts, colours_named
from pipeline.detect.folding import fold
from pipeline.model.lazy import Once, regex
from pipeline.model.posts import Post

LEAD = 400
"""Characters of the body in which a report says what it reports."""

LONGEST = 80
"""Characters of a sentence that is quoted."""
_SENTENCE = regex(r"[。！\n]")

# What makes a title one of something else: teaching, exercise, law, review, work.

_TEACHES = (
    r"什么是|是什么|什么意思|怎么|怎样|如何|看懂|读懂|了解|认识|科普|知识|解读|等级|标准|区别|含义|意味|图解|一图|问答|答疑|[？?]$|收好|要点|[注做要]意?什么"
    r"|提示|提醒[:：]|注意事项|指南|攻略|演练|演习|模拟|推演|回顾|总结|盘点|综述|累计|去年|上年|全年|年度|[上下]半年|季度|月份|\d{4}年"
    r"|共发布|[\d一二两三四五六七八九十百]+次|\d+起|以来|统计|同比|办法|规定|条例|规程|预案|方案|培训|征求意见|工作|会议|部署|研判|会商|调度|检查|督导|督查|整治|排查"
    r"|纪实|故事|日记|侧记|志愿|驰援|坚守|奋战|讲述|一线|启动|响应|应对|防御|期间|来临|来袭|面对|收到|听到|遇到|假如|如果|新规|改版|上线|系统"
    r"|服务|平台|渠道|短信|考试|招聘|采购|活动|宣传|警示|案例|教训|典型|以案|反思|学习|观看|纪念|周年|专题|责任|追责|问责|处罚|处分|公诉|判决"
    r"|调查报告|评估|整改|预防|防范|防止|避免|遏制|杜绝|警惕|当心|小心|谨防|风险(?!.{0,3}预警)|隐患|保险|赔付|理赔|救助金|致敬|表彰|先进"
)
_OTHER = regex(_TEACHES)
_EXERCISE = regex(r"演练|演习|模拟(?:一起|发生|场景)|情景设定|假设|脚本|推演|案例|教训|回顾|典型")
_DRILL = regex(r"(?<![非不])(?<!不是|并非)(演练|演习|测试(?=信息|消息|预警))")
_DRILL_FIRST = regex(
    r"\s*(?!.{0,8}(?:取消|暂停|停止|推迟))"
    r"(?:[^，。；！？\n]{0,8}?(演练|演习)[】\]）)：:，,。！!]|[^，。；！？\n]{0,6}[是为](演练|演习))"
)


def drill_named(text: str, title: bool = True) -> str:
    """The word by which a title, or the first line of a text, calls itself a drill; else empty."""
    line = fold(text.strip().partition("\n")[0]).text
    hit = _DRILL.search(line) if title else _DRILL_FIRST.match(line)
    return next(filter(None, hit.groups()), "") if hit else ""


# Alerts.

_ISSUES = (
    r"(?:联合|继续|再次|紧急|最新|首次)*"
    r"(?:发布|升级|升为|变更|更新|延续|解除|调整|提升|提高|下调|降级|降为|降低|确认|签发|生效)"
)
_ALERT_TITLE = regex(rf"{_ISSUES}.{{0,24}}预警|预警.{{0,10}}{_ISSUES}|预警(?:信号)?[！!。]?$")
_OFFICE = (
    r"(?:气象[台局]|气象服务中心|应急管理局|应急局|水利局|水务局|水文(?:局|中心)|林业局|林草局|自然资源(?:和规划)?局|规划局|指挥部|防汛办|防指"
    r"|减灾委(?:员会)?|森防指|预警(?:信息)?(?:发布)?中心|生态环境局|海洋(?:预报台|局)|地震局|办公室|我局|我市|全市)"
)
_ALERT_BODY = regex(
    rf"{_OFFICE}[^。；\n]{{0,50}}?{_ISSUES}[^。；\n]{{0,40}}?预警|预警[^。；\n]{{0,24}}?{_ISSUES}|{_ISSUES}[^。；\n]{{0,24}}?预警"
)
_CLOCK = regex(r"\d{1,2}\s?(?:时|点|[:：]\d\d)|今天|今日|今晚|今晨|目前|现|未来|预计")

_ALERT_FIRST = regex(
    rf"\A[^。\n]{{0,30}}{_OFFICE}[^。\n]{{0,6}}?[\d月日今]{{1,6}}[^。\n]{{0,16}}?{_ISSUES}[^。\n]{{0,16}}?预警"
)
_PLAIN = regex(
    r"\A.{0,8}(?:通知|通告|公告|通报|声明|说明|快讯|续报|消息|播报|注意[！!].{0,16}|紧急[！!].{0,16})[！!。]?\Z"
)
"""Titles that do not say what the text is about."""

_NOW = regex(
    r"[^。！；\n]{0,40}(?:刚刚|目前|现已|已经?|今[天日晚晨]|\d{1,2}[时点])[^。！；\n]{0,30}?(?:发布|升级|升为|提升)"
    r"[^。！；\n]{0,24}?预警[^。！；\n]{0,40}"
)
_URGED = regex(
    r"(?:请|立即|马上|迅速|尽快|务必|抓紧)[^。；\n]{0,16}?(?:转移|撤离|撤到|撤往|避险|停工|停课|停业|停运|躲避|远离)"
)
_SUPPOSED = regex(
    r"如果|假如|倘若|若[^干]|[当在][^。]{0,20}(?:时|后|期间)|一旦|遇到|收到|听到|看到|接到|意味着|表示|曾|以前|历史|回忆|例如|比如|去年|往年"
)
"""What tells of a warning that is none today."""
_NARRATES = regex(
    r"纪实|故事|日记|侧记|回顾|总结|盘点|综述|纪念|周年|讲述|坚守|奋战|一线|回忆|历史|案例|典型|问答|解读|图解|什么|怎[么样]|如何|工作|会议|部署|迎战|[？?]"
)
"""Titles of what tells or teaches, and warns of nothing now."""

# Accidents.

_HARM = (
    r"(?:事故|火灾|起火|着火|爆炸|爆燃|闪爆|坍塌|垮塌|倒塌|泄漏|中毒|窒息|溺水|溺亡|坠落|坠亡|侧翻|追尾|相撞|碰撞|触电|透水|冒顶|滑坡|山体崩塌"
    r"|翻船|沉船|火情|车祸)"
)
_TOLL = (
    r"(?:\d+|[一二两三四五六七八九十]+)\s*(?:人|名[^，。\d]{0,8}?)[^，。；\n]{0,6}?"
    r"(?:死亡|遇难|身亡|受伤|重伤|轻伤|失联|失踪|被困|死|伤)"
)
_ACCIDENT_TITLE = regex(
    rf"(?:发生|突发)[^，。]{{0,24}}?{_HARM}|{_HARM}[^。]{{0,14}}?(?:致|造成|已有?)?{_TOLL}"
    rf"|{_HARM}(?:的)?(?:救援|处置|最新|有关)?(?:进展)?(?:情况)?(?:的)?(?:初步)?(?:通报|续报|快报|公告|说明)|{_HARM}(?:最新|救援)(?:进展|情况)"
)
_HAPPENED = regex(
    rf"(?:\d{{1,2}}月\d{{1,2}}日|\d{{1,2}}日|今[天日晨晚]|昨[天日晚]|凌晨|上午|下午|当晚)[^。\n]{{0,60}}?{_HARM}"
)
_AFTER = regex(
    rf"{_TOLL}|伤亡|死亡|受伤|遇难|失联|被困|送医|救治|抢救|搜救|善后|救援|扑灭|明火|处置|事故原因|原因正在"
)

_HARMED = regex(_TOLL)
_DEATHS = regex(
    rf"\A(?:[^。；！\n]{{0,30}}\n+){{0,2}}([^。；！\n]{{0,40}}?{_HARM}[^。；！\n]{{0,40}}?"
    r"(?:[\d一二两三四五六七八九十]+\s?(?:人(?!以[上下])|名[^，。\d]{0,8}?)[^，。；\n]{0,6}?(?:死亡|遇难|身亡|溺亡|丧生|死)"
    r"|(?:致|造成)[^，。；\d]{0,4}死亡[\d一二两三四五六七八九十]+人(?!以[上下])|\d+死\d*伤?|[一二三四五六七八九十]死[一二三四五六七八九十]*伤)"
    r"[^。；！\n]*)"
)
"""One accident and its dead, in the first sentence, whatever the title says."""
_PAST = regex(
    r"去年|前年|上年|往年|当年|那年|历年|年前|每年|近年|年来|年均|曾|历史|上世纪|以来|同比|累计|共发生|平均|[上下]半年|季度|月份|[本上当]月(?!\d)|全年|年度|比上|下降|上升|减少|持平|[未没]有?发生|未造成[^，]{0,6}死亡|悲剧|往往|即可|\d月?[-—至]\d+月"
    r"|(?<!\d)(?!1起)\d+起|[二两三四五六七八九十百多数几]起|如果|假如|若(?!干)|一旦|可能会?(?:造成|导致|引发|致|夺)|容易|极易|足以|会(?:造成|导致|引发|致)|例如|比如"
    r"|外[省地]|国外|多地|全[国省]|会议|召开|反映|来信|咨询|是指|人以[上下]|的[，、为]|处以|责任人|讲述|故事|电影|牺牲|第[一二三四五六七八九十百\d]+条"
)
"""Words of the sentence by which it counts, recalls, supposes, answers or defines."""
_OTHERWISE = regex(r"罚|判处|判决|追责|问责|认定|调查报告|以案|举一反三|[吸汲]取|谣|不实|网传")
_ADDRESSED = regex(r"情况|提示|提醒[:：]|注意事项")
"""What a title says of itself, and not of an accident."""
_YEAR = regex(r"(?<!\d)(\d{4})年")

# Rumours.

_RUMOUR_TITLE = regex(
    r"辟谣|(?:系|是|为|属)谣言|不实|不属实|假的|别信|勿信|勿传|系(?:旧闻|摆拍|误传|伪造)|网传.*(?:真相|回应|通报|说明|核实|情况)|谣言$|谣言！"
)
_CIRCULATES = regex(
    r"网传|传言|谣传|(?:网民|网友|网络|网上|群|朋友圈|短视频|抖音|群聊|群里|有人|平台)[^。\n]{0,30}?(?:称|传|发布|转发|出现|流传|发帖|散布)"
)
_REFUTED = regex(
    r"不实|不属实|谣言|虚假|与事实不符|并未发生|没有发生|未发生|不存在|误传|误读|旧闻|摆拍|拼接|移花接木|捏造|编造|无中生有|AI(?:生成|合成)|ai(?:生成|合成)"
)
_FOUND_FALSE = regex(
    r"[^。！；\n]{0,60}经[^，。]{0,12}?(?:核实|核查|查证|调查|查明|查|求证|了解)[^。；\n]{0,40}?"
    r"(?:不实|不属实|谣言|虚假|与事实不符|并未发生|没有发生|不存在|误传|旧闻|摆拍|编造|捏造)[^。\n]{0,20}"
)
_CHECKED = regex(r"核实|核查|查证|调查|经查|查明|求证|确认|了解")
_ABOUT_RUMOURS = regex(
    r"什么是谣言|如何|怎么|怎样|为什么|辨别|识别|盘点|十大|典型|案例|处罚|拘留|倡议|不信谣|不传谣|不造谣|活动|宣传|条例|规定|办法|机制|会议|培训|工作|平台|知识|科普|谣言粉碎机第"
)


@dataclass(frozen=True)
class Subject:
    """A subject of a text, named as the kind of post that it calls for, and the words that tell it:
    those of the title, or where it says nothing of the text."""

    kind: str
    """``alert``, ``accident`` or ``rumor``."""
    words: str
    also: str
    """What of the text tells it as well."""
    certain: bool
    """False: neither the title nor a sentence says it outright."""


Cues = tuple[()] | tuple[str, str]
"""Words of the title and of the text that tell a subject; none: they do not."""


def subjects(title: str, body: str) -> tuple[Subject, ...]:
    """What a title and the beginning of its body are about; few texts are about any of these."""
    head, lead = fold(title).text, fold(body[: 2 * LEAD]).text[:LEAD]
    if _EXERCISE.search(lead):
        return ()
    tests = (("alert", _alert), ("accident", _accident), ("rumor", _rumour))
    titled = tuple(Subject(k, *cues, True) for k, test in tests if (cues := test(head, lead)))
    return titled or tuple(_outright(head, lead)) or tuple(_untitled(head, lead))


def _outright(title: str, lead: str) -> Iterator[Subject]:
    """What the first sentences say outright, whatever the title says of itself."""
    issued, refuted = _NOW.search(lead), _FOUND_FALSE.search(lead)
    supposed = issued is None or _NARRATES.search(title) or _SUPPOSED.search(issued[0])
    if issued and not supposed and (urged := _URGED.search(lead, issued.start())):
        if any(colours_named(issued[0])):
            yield Subject("alert", issued[0].strip(), urged[0], True)
    elif refuted and not _ABOUT_RUMOURS.search(title) and (spread := _CIRCULATES.search(lead)):
        yield Subject("rumor", refuted[0].strip(), spread[0], True)
    elif (dead := _DEATHS.search(lead)) and not (
        _PAST.search(dead[1]) or _OTHERWISE.search(lead) or _OTHER.search(_ADDRESSED.sub("", title))
    ):
        words = dead[1].strip()
        yield Subject("accident", words[:LONGEST], (_HARMED.search(words) or dead)[0], True)


def _untitled(title: str, lead: str) -> Iterator[Subject]:
    """What the body alone is about, where the title says nothing."""
    if _OTHER.search(title.replace("情况", "")) or not _PLAIN.search(title):
        return
    alert, event = _ALERT_FIRST.search(lead), _HAPPENED.search(lead)
    spread, refuted = _CIRCULATES.search(lead), _REFUTED.search(lead)
    if alert and alerts(lead):
        yield Subject("alert", alert[0][-12:], alert[0], False)
    elif event and event.start() < 20 and (harmed := _HARMED.search(lead)):
        words = _SENTENCE.split(lead, 1)[0]
        if not _PAST.search(words):
            yield Subject("accident", words[-LONGEST:], harmed[0], True)
    elif spread and refuted and _CHECKED.search(lead):
        yield Subject("rumor", title, f"{spread[0]}…{refuted[0]}", False)


def _alert(title: str, lead: str) -> Cues:
    """Issued, raised, lowered or lifted, with its colour or level and a time."""
    hit = _ALERT_TITLE.search(title)
    if not hit or _OTHER.search(title) or not alerts(f"{title}\n{lead}"):
        return ()
    issue, clock = _ALERT_BODY.search(lead) or _ALERT_BODY.search(title), _CLOCK.search(lead)
    return (hit[0], f"{issue[0]}…{clock[0]}") if issue and clock else ()


def _accident(title: str, lead: str) -> Cues:
    """One accident of these days, with what followed."""
    hit = _ACCIDENT_TITLE.search(title)
    if not hit or _OTHER.search(title.replace("情况", "")) or _RUMOUR_TITLE.search(title):
        return ()
    event = _HAPPENED.search(lead)
    return (hit[0], event[0]) if event and _AFTER.search(lead) else ()


def _rumour(title: str, lead: str) -> Cues:
    """What circulates, that it was looked into, and that it is not so."""
    hit = _RUMOUR_TITLE.search(title)
    if not hit or _ABOUT_RUMOURS.search(title):
        return ()
    spread, refuted = (p.search(lead) or p.search(title) for p in (_CIRCULATES, _REFUTED))
    if not (spread and refuted and _CHECKED.search(lead)):
        return ()
    return hit[0], f"{spread[0]}…{refuted[0]}"


def _of_post(post: Post) -> tuple[Subject, ...]:
    if post.meta.get("origin", "original") != "original" or post.withdrawn:
        return ()
    year = post.publish_day and str(post.publish_day.year)
    about = subjects(post.title, post.body)
    return tuple(s for s in about if not year or {*_YEAR.findall(s.words)} <= {year})


subjects_of: Once[Post, tuple[Subject, ...]] = Once(_of_post)
"""The subjects of a post of the bureau's own; others tell what it reprints, and what was in other
years is none."""


def is_about(post: Post, kind: str) -> bool:
    """Whether a post is of a kind by its own word, or by what it says."""
    return post.kind == kind or any(subject.kind == kind for subject in subjects_of(post))
