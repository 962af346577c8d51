"""Whether words are said, or only spoken of: quoted as a rumour, or named as what is forbidden."""

from bisect import bisect_left
from functools import lru_cache

from pipeline.model.regex import regex

_CUE = (
    r"网传|传言|谣传|谣言|造谣|不实|虚假|散布|声称|谎称|自称|宣称|打着|冒充|所谓|诱导|话术|骗子"
    r"|截图|标题为|题为|有人称|称|写着|写有|出现|类似|诸如|例如|比如|等字样"
)
_QUOTED = regex(
    rf"(?:{_CUE})[^。！？；\n“”「」『』]{{0,12}}"
    r"((?:[“「『][^“”「」『』\n]{1,120}[”」』][、，和及与或]?)+)"
)
_QUOTE_FIRST = regex(
    r"[“「『]([^“”「」『』\n]{1,120})[”」』][^。！？；\n“”]{0,16}?"
    r"(?:不实|谣言|虚假|是假|诈骗|骗局|不可信|不属实|等话术|等字样|的消息不|的说法不|的违规|的违法|的不当)"
)
_FORBIDDEN = regex(
    r"(?:严禁|禁止|不得|不准|不许|不能|不要|不可|切勿|请勿|勿|防止|防范|谨防|警惕|当心|小心|杜绝|反对|抵制"
    r"|拒绝|远离|打击|整治|查处|取缔|清理|清除|惩治|依法处理|举报|投诉|曝光|制止|力戒|切忌|避免|纠正|取消"
    r"|不接受|不提供|不开展|不涉及|不搞|不以|不参与|不发布|不传播|不转发|没有|并未|并非|从未|从不|未曾|未开展|未组织|未发现|无需|不必|不用|不需|非法|涉嫌|违规|违法)"
    r"[^。！？；，\n]{0,24}$"
)
_AFTER = regex(
    r"^[^。！？；\n]{0,16}?(?:(?:都|均|皆|就)?(?:是|为|属于?)(?:诈骗|骗局|谣言|违法|违规|陷阱|假的|不实|虚假|犯罪)"
    r"|等?(?:诈骗|骗局|违法犯罪|违法行为|违规行为|犯罪行为|活动的通告|问题[^。！？；\n]{0,6}(?:整治|清理|治理|查处|整改)|行为的?，?(?:一律|将|要|应当|请))"
    r"|案件|等?行为.{0,8}(?:处罚|查处|举报|追究)|不予|一律(?:禁止|停止|取消))"
)


@lru_cache(maxsize=64)
def quotations(text: str) -> tuple[tuple[int, int], ...]:
    """Spans of quotations that a text reports without making them its own."""
    if not any(mark in text for mark in "“「『"):
        return ()
    found = {m.span(1) for m in _QUOTED.finditer(text)}
    found |= {m.span(1) for m in _QUOTE_FIRST.finditer(text)}
    return tuple(sorted(found))


def context(text: str, start: int, end: int) -> str:
    """``quoted``, ``forbidden`` or empty: how a text speaks of what stands from start to end."""
    spans = quotations(text)
    near = bisect_left(spans, (start + 1,))
    if any(first <= start and end <= last for first, last in spans[max(0, near - 2) : near]):
        return "quoted"
    if _FORBIDDEN.search(text[max(0, start - 32) : start]) or _AFTER.match(text[end : end + 24]):
        return "forbidden"
    return ""
