"""What the public writes and how it is answered (Article 12): reports, and answers that brush off.

Patterns are of causes, not lists of words: who is complained of or what is dangerous; who is sent
away, and how. A question about reporting is no report, and an answer that says who is responsible
and how to reach them sends no one away.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.detect.folding import fold
from pipeline.detect.words import context
from pipeline.model.lazy import regex

# Reports of a hazard or of a breach, and petitions, in the summary of an inquiry (Article 12 (2)).

_CLAUSE = regex(r"[^。；;！!？?\n]+[？?]?")
_ASKS = regex(
    r"咨询|询问|请问|想?了解|打听|建议|怎么|怎样|如何|哪里|哪些|哪个|什么|多少|多久|是否|能否|可否|能不能"
    r"|有没有|吗|感谢|表扬|点赞|[？?]"
)
_ACCUSES = regex(
    r"(?:举报|投诉|检举|控告|上访|信访)(?!电话|热线|方式|渠道|办法|奖励|奖金|制度|条例|流程|程序|平台|邮箱|信箱|范围"
    r"|中心|局|办|科|人的|人信息|人权益|人保护|在哪|有奖)"
)
_DANGER = (
    r"隐患(?!排查|治理|整改|台账|清单|举报|辨识|识别|分类|分级|标准|判定|目录|的?定义)"
    r"|违法(?!行为.{0,6}(?:标准|种类|目录))|违规|违章|非法|无证|无资质|超载|偷排|冒险作业|弄虚作假|瞒报|谎报"
    r"|(?:占用|堵塞|锁闭|封堵).{0,8}(?:消防|安全|疏散|逃生)?(?:通道|出口|楼道)"
    r"|(?:未|没有?|不)(?:持证|按规定|按要求|戴安全帽|系安全带|配备?灭火器|办理?许可)"
)
_TELLS = regex(
    rf"(?:反映|称|发现|存在|有人|有(?:安全|消防|火灾|重大|事故)?|涉嫌)[^，。；\n]{{0,30}}?(?:{_DANGER})"
)
_CLEARED = regex(
    r"(?:消除|排查|整改|治理|未发现|没有发现|不存在|没有|防止|避免|查处|打击)[^，。；\n]{0,8}$"
)


def reported(summary: str) -> str:
    """The words with which a summary reports a hazard, a breach or a grievance; empty: it asks."""
    for clause in _CLAUSE.finditer(fold(summary).text):
        accused = _ACCUSES.search(clause[0])
        if accused and not _ASKS.search(clause[0], 0, accused.start()):
            return accused[0]
        danger = _TELLS.search(clause[0])
        if danger and not _CLEARED.search(danger[0][:-2]):
            part = clause[0].find("，", danger.end())
            if not _ASKS.search(clause[0], 0, part if part > 0 else len(clause[0])):
                return danger[0]
    return ""


# Answers that brush a person off.

_US = r"(?:我们?|我局|本局|咱们?|我单位|本单位|这里|我这)"
_SENT_AWAY = regex(
    rf"(?:不归|不属于?|不是){_US}(?:局|单位|部门)?的?(?:管|事|职责|职权|负责|业务)|{_US}(?:不管|管不了|管不着|无权管|不负责)"
    rf"|(?:与|跟|和){_US}(?:局)?(?:无关|没关系|没有关系)"
    rf"|(?:^|[，。！：])(?:这个?|此)?事?{_US}?也?(?:不知道|不清楚|不了解|不晓得|没听说过?|不便(?:透露|告知|答复))(?=[，。！]|$)"
)
"""Sent away without a word where to; an answer that says where is none of these."""
_POINTS = regex(
    r"(?:请|可以?|建议|您可|应)[^。！？\n]{0,16}(?:联系|拨打|咨询|反映|投诉|查询|查看|登录|前往|关注|携带|到|向|找|与)"
    r"|电话|热线|12345|由[^。！？\n]{2,24}(?:负责|办理|受理|主管|牵头)|转(?:办|交|送|至|给|达)|移(?:交|送)"
    r"|核实后|了解后|核查后|将[^。！？\n]{0,10}(?:核实|核查|回复|答复)"
)
_CURT = regex(
    r"(?:^|[，。！：])(?:你|您|请?你们?|那就?|这种事)?自己(?:去|来)?(?:看|查|找|想|问|百度|上网查|上网搜|搜|琢磨|解决|想办法|看着办)"
    r"(?![到见护])"
    rf"|爱(?:找谁|去哪|上哪|怎么|咋)|(?:找{_US}|找谁|打电话|投诉|反映)也?没有?用|谁(?:让|叫)你|爱信不信|爱看不看|(?:随你|由你)(?:便|吧|去)"
    rf"|(?:要告|想告|去告)(?:{_US})?(?:就|便|你?随便|吧)|无可奉告|没(?:什么|啥)好?(?:说|讲|解释)的?(?=[，。！]|$)"
    r"|别(?:再|老)?(?:来)?(?:问|烦|闹|啰嗦|找事)|不要(?:再)?来?(?:问|烦|闹)(?:了|我|$)|没(?:空|时间|工夫|功夫)(?:理|管|回|搭理|跟你)"
    r"|少(?:管闲事|废话|啰嗦|来)|管得(?:真|太|也太)?(?:宽|多)|关你(?:什么|啥|屁)?事|(?:跟|和|与|关)你(?:没关系|无关)|闭嘴|有完没完"
    r"|听不懂(?:人话)?吗|看不懂(?:字|通知)?吗|(?:你|脑子)(?:是不是)?有(?:病|毛病)|没长眼|活该|自找的|大惊小怪|小题大做|无理取闹"
    r"|胡搅蛮缠|刁民|吃饱了撑|不懂就?别|有意见(?:去|找|憋)|等着吧(?:[，。！]|$)|急什么"
)


@dataclass(frozen=True)
class BrushOff:
    """Words that send a person away, with their offsets."""

    start: int
    end: int
    certain: bool
    """False: it may be right, but says neither who is responsible nor how to reach them."""


def brush_offs(text: str) -> Iterator[BrushOff]:
    """Words of an answer that brush off; what it only quotes is left out."""
    folded = fold(text)
    hits = [(hit, True) for hit in _CURT.finditer(folded.text)]
    if not _POINTS.search(folded.text):
        hits += [(hit, False) for hit in _SENT_AWAY.finditer(folded.text)]
    for hit, certain in hits:
        quoted = folded.text[max(0, hit.start() - 1) : hit.start()] in ("“", "「", "『")
        if not quoted and not context(folded.text, hit.start(), hit.end()):
            yield BrushOff(*folded.span(hit.start(), hit.end()), certain)
