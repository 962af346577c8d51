"""Chinese words of the site for the codes of front matter, registers and evidence."""

from collections.abc import Mapping

from pipeline.model.evidence import Step
from pipeline.model.zh_names import KINDS, PLATFORMS, ROLES

__all__ = ["KINDS", "PLATFORMS", "ROLES"]

CATEGORIES: Mapping[int, str] = {
    1: "贯彻落实党中央、国务院，省委、省政府和市委、市政府重大决策部署情况",
    2: "应急管理各类法律法规规章、重要文件和重要工作、重大活动等",
    3: "各类政务资讯、宣传教育、单位形象展示、公益活动等信息",
    4: "一线应急管理干部的学习、工作、生活情况",
    5: "对不实报道、谣言及其他不良言论的回应和澄清",
    6: "需要发布、回复或转发的其他事项",
    7: "经领导批准发布的信息",
}
"""The seven kinds of content of Article 9, paragraph 1."""

SHORT_CATEGORIES: Mapping[int, str] = {
    1: "决策部署",
    2: "法规文件与重要工作",
    3: "资讯宣教公益",
    4: "一线干部",
    5: "辟谣回应",
    6: "其他事项",
    7: "领导批准发布",
}
TOPICS: Mapping[str, str] = {
    "emergency": "应急管理",
    "work-safety": "安全生产",
    "disaster": "防灾减灾救灾",
    "affairs": "政务政情",
    "education": "宣传教育",
    "other": "其他",
}
VALIDITY: Mapping[str, str] = {
    "valid": "有效",
    "expired": "已失效",
    "repealed": "已废止",
    "withdrawn": "已撤回",
}
ERASED = "已依规清除"
MODES: Mapping[str, str] = {"text": "文字图片类", "av": "音视频类"}
STEPS: Mapping[Step, str] = {
    Step.FIRST: "初审",
    Step.SECOND: "复审",
    Step.FINAL: "终审",
    Step.CONFIRM: "发布前确认",
}
CORRECTIONS: Mapping[str, str] = {
    "correction": "更正",
    "update": "更新",
    "withdrawal": "撤回",
    "expiry": "失效",
}
EVIDENCE: Mapping[str, str] = {"signed": "本人密钥签名", "witnessed": "平台见证"}
LEVELS: Mapping[int, str] = {
    1: "Ⅰ级（特别严重）",
    2: "Ⅱ级（严重）",
    3: "Ⅲ级（较重）",
    4: "Ⅳ级（一般）",
}
COLOURS: Mapping[str, str] = {"red": "红色", "orange": "橙色", "yellow": "黄色", "blue": "蓝色"}
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
