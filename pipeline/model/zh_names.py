"""The one table of Chinese names for ids and codes, in sentences and on the site.

English sentences show the ids themselves, which are English words.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from pipeline.model.evidence import Step

ROLES: Mapping[str, str] = {
    "information-officer": "政务新媒体信息员",
    "section-head": "科室负责人",
    "leader-in-charge": "分管领导",
    "principal": "主要负责人",
    "operator": "专职管理员",
    "writer": "部门作者",
    "editor": "编辑",
    "technician": "技术人员",
    "witness": "平台见证",
}
PLATFORMS: Mapping[str, str] = {
    "wechat": "微信公众号",
    "weibo": "微博",
    "app": "移动客户端",
    "channels": "微信视频号",
    "douyin": "抖音",
    "toutiao": "今日头条",
    "other": "其他平台",
}
REMOVERS: Mapping[str, str] = {
    "platform": "平台删除",
    "order": "按上级要求删除",
    "ourselves": "本单位删除",
}
CHANNELS = {**PLATFORMS, "archive": "公开档案"}
KINDS: Mapping[str, str] = {
    "alert": "预警信息",
    "tip": "安全提示",
    "policy": "政策解读",
    "accident": "事故通报",
    "reprint": "转载",
    "activity": "工作动态",
    "frontline": "一线风采",
    "rumor": "辟谣",
    "penalty": "惩戒公示",
    "notice": "通知公告",
    "reply": "回应留言",
}
DRILL = "预警演练"
"""What a post of kind alert is called whose warning is an exercise."""
RECORDS: Mapping[str, str] = {
    "account-events": "账号事项",
    "accounts": "账号",
    "attestations": "事项签名",
    "authorisations": "变更授权",
    "calendar": "工作日历",
    "contractors": "外包单位",
    "corrections": "更正记录",
    "declarations": "声明",
    "departments": "科室",
    "devices": "设备",
    "filings": "归档记录",
    "incidents": "假冒账号和安全事件",
    "inquiries": "来信",
    "instruments": "法规文件",
    "lexicons": "词表",
    "opinions": "舆情",
    "people": "人员",
    "publications": "发布登记",
    "rectifications": "整改台账",
    "relays": "上级信息转发",
    "roster": "公钥名册",
    "rotations": "密码变更",
    "shifts": "值班表",
    "sources": "转载来源",
    "statistics": "账号数据",
    "supervisions": "外包检查",
    "earlier": "建库前的发布",
    "upstream": "上级新发信息",
    "terms": "规范用语",
    "waivers": "豁免",
    "wordings": "声明文本",
}
DECLARATIONS: Mapping[str, str] = {
    "account-hygiene": "账号安全管理声明",
    "basis-review": "政策依据核对声明",
    "certification-shown": "账号认证核对声明",
    "guidance-report": "指导检查情况声明",
    "interaction-discipline": "互动纪律声明",
    "no-data-fraud": "数据真实声明",
    "no-forced-actions": "无强制关注转发声明",
    "no-profit": "无营利行为声明",
    "no-unregistered-accounts": "无未备案账号声明",
    "outsourcing-supervision": "外包监督检查声明",
    "policy-review": "参数复核声明",
    "relays-complete": "上级信息登记完整声明",
    "staff-conduct": "人员行为规范声明",
}
FIELDS: Mapping[str, str] = {
    "account": "账号", "accounts": "账号", "acknowledged": "已知悉", "actions": "处置措施",
    "address": "住址", "ads": "广告", "ai": "人工智能生成标识", "alert": "预警要素",
    "aliases": "别名", "alt": "替代文字", "applied": "申请", "approved_by": "批准人",
    "archive": "档案", "archived_on": "归档日期", "areas": "影响区域", "as_of": "固定时间",
    "assigned": "交办", "assigned_by": "交办人", "at": "时间", "at_least": "下限",
    "at_most": "上限",
    "author": "作者", "authority": "授权依据", "basis": "依据", "body": "正文",
    "captions": "字幕", "cause": "原因", "category": "类别", "changed_on": "变更日期",
    "changes": "改动",
    "claim": "不实说法", "clause": "条款", "closed": "办结销号", "closed_at": "办结时间",
    "closed_on": "关停日期",
    "co_authors": "合作作者", "color": "预警颜色", "confidentiality_system": "保密制度",
    "confirmed": "核实情况", "consent": "本人同意", "contact": "联系方式",
    "content_mode": "内容形式", "contract": "合同",
    "contractor": "外包单位", "contractors": "外包单位", "coordination": "会商情况",
    "corrected": "更正", "created_on": "成文日期", "csv": "表格文件",
    "custodian": "密码保管人", "date": "日期", "day": "日期", "days": "值班日",
    "decided": "是否转发的决定",
    "delegate": "代行人", "delegations": "委托", "delegator": "委托人",
    "demo": "演示标志", "department": "科室", "departments": "科室", "devices": "设备",
    "data_licence": "数据许可", "digests_published": "摘要公布处", "disclosure": "公开方式",
    "doc_no": "文号", "drafted": "起草", "due": "期限",
    "effect": "效果", "effective_on": "生效日期", "emails": "邮箱", "emergency": "应急先发",
    "ends_at": "结束时间", "event_date": "事件日期", "every_months": "周期（月）",
    "evidence": "佐证", "except": "不转发的账号",
    "exception": "例外", "exceptions": "例外", "excerpt": "节选",
    "exercise": "演练",
    "expires_on": "失效日期", "explained": "原因说明", "facts": "事实", "fetched_at": "取得时间",
    "field": "字段",
    "feeds": "信息源地址", "fields": "字段",
    "file": "文件", "filed_at": "备案时间", "filed_on": "归档日期", "filing": "备案",
    "filled_on": "填表日期", "finding": "所指问题", "findings": "发现的问题",
    "first_statement_at": "首次回应时间",
    "followers": "关注人数", "footer": "页脚", "forge": "代码平台",
    "forge_accounts": "代码平台账号", "form": "审批表", "former": "原名称",
    "forwarded": "转送", "found_at": "发现时间", "from": "起始日期", "front_matter": "稿件信息",
    "full_name": "全称",
    "grace_days": "宽限天数", "guardian_consent": "监护人同意",
    "hardened": "安全加固", "hit": "应查出的句子",
    "hosts": "网站域名", "hot": "热点",
    "icp": "网站备案号", "id": "编号", "image": "图片", "in_force": "施行日期",
    "index_no": "索引号",
    "instruments": "法规文件", "interaction": "互动功能",
    "involves_units": "涉及单位", "issued": "制定日期", "issued_at": "发布时间",
    "issuer": "发布单位", "items": "条目",
    "json": "数据文件", "justification": "发布理由", "keeper": "保管人", "key": "公钥",
    "keys": "公钥", "kind": "类型", "kind_name": "类型名称", "known_as_of": "情况截至",
    "layer": "层级", "lead": "牵头科室", "leader_approval": "领导批准",
    "led_until": "领导任期截止", "legal_basis": "制定依据", "level": "级别", "lexicons": "词表",
    "licence": "图片授权", "license": "转载授权", "lifted_at": "解除时间", "limits": "限制",
    "location": "存放地点", "log": "公开日志名称", "manifest": "文件清单", "marks": "页脚标识",
    "measures": "整改措施",
    "media": "图片和音视频", "minor": "未成年人画面", "miss": "不应查出的句子",
    "name": "名称", "national_report": "上报国家平台", "nda": "保密协议", "near": "近形词",
    "new": "改后文字", "notice_post": "公告稿件", "notice_received_at": "收到通知时间",
    "notified": "通知", "number": "号码", "obtained_on": "取得日期", "off": "停用",
    "off_days": "休息日",
    "old": "改前文字", "on": "日期", "opened_on": "开设日期", "ordered_at": "命令时间",
    "ordered_by": "下令领导", "organisation_code": "机构代码", "origin": "来源方式",
    "origin_dept": "供稿科室", "parameter": "参数", "parameters": "参数", "people": "人员",
    "person": "人员", "pii_exemption": "个人信息例外", "platform": "平台",
    "platform_letter_at": "致函平台时间", "police": "报警", "portrait": "肖像", "post": "稿件",
    "posts": "稿件", "press_at": "新闻发布时间", "previous": "上一版摘要",
    "procurement": "采购方式",
    "promised_due": "承诺期限", "publish_at": "计划发布时间", "published_at": "发布时间",
    "purpose": "用途", "reads": "阅读量", "reason": "理由", "receipt": "回执",
    "received_at": "收到时间",
    "relay": "是否转发", "removed_at": "下线时间", "seen_at": "发现时间",
    "ref": "文号或凭据", "reference": "外部编号",
    "refutes": "所辟谣言", "remarks": "备注", "replaces": "所取代的记录",
    "reply": "回复", "reports": "报告", "requires_follow": "须先关注",
    "responsibilities": "事项及权责", "result": "结果", "retention": "保管期限",
    "returned_at": "退回时间", "reviewed": "审核", "revision": "版次", "revocation": "撤销",
    "revoked_at": "撤销时间", "revoked_from": "撤销起点", "role": "角色", "roles": "角色",
    "scan": "扫描件", "scanned_on": "扫描日期", "scope": "范围", "secrecy_review": "保密审查",
    "serial": "序号", "sha256": "摘要", "short_name": "简称", "show_names": "公开姓名",
    "signature": "签名", "signed": "签署", "signed_on": "签署日期", "since": "起始日期",
    "site_code": "网站标识码", "snapshot": "来源存档", "source": "来源",
    "source_published_at": "来源发布时间", "sources": "转载来源", "specs": "例句",
    "starts_at": "开始时间",
    "status": "状态", "stopped_at": "停用时间", "subject": "主体", "subject_kind": "主体类别",
    "suggestion": "建议用语",
    "summary": "摘要", "tags": "主题词", "tasks": "工作内容", "terms": "规范用语", "text": "文字",
    "title": "标题", "title_change_reason": "改标题的理由", "to": "去向", "topic": "主题",
    "transcript": "文字稿", "transferred": "转办", "type": "类别", "unit": "单位",
    "until": "截止日期", "url": "网址", "validity": "效力", "value": "值", "verified": "认证",
    "verified_at": "核实时间", "verified_until": "认证有效期", "version": "版本", "what": "内容",
    "withhold": "不再公开此前各版",
    "wordings": "声明文本", "words": "用语", "work_weekends": "调休上班日", "year": "年份",
    "years": "年数",
}  # fmt: skip
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
ORIGINS: Mapping[str, str] = {"original": "原创", "reprint": "转载", "forward": "转发"}
CORRECTIONS: Mapping[str, str] = {
    "correction": "更正",
    "update": "更新",
    "withdrawal": "撤回",
    "expiry": "失效",
}
EVIDENCE: Mapping[str, str] = {"signed": "本人密钥签名", "witnessed": "平台见证"}
KEY_KINDS: Mapping[str, str] = {
    "ssh-ed25519": "密钥文件",
    "sk-ssh-ed25519@openssh.com": "安全密钥",
    "sk-ecdsa-sha2-nistp256@openssh.com": "通行密钥",
}
"""What a person signs with, by the name that OpenSSH gives to its public key."""
LEVELS: Mapping[int, str] = {
    1: "Ⅰ级（特别严重）",
    2: "Ⅱ级（严重）",
    3: "Ⅲ级（较重）",
    4: "Ⅳ级（一般）",
}
COLOURS: Mapping[str, str] = {"red": "红色", "orange": "橙色", "yellow": "黄色", "blue": "蓝色"}
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
COLUMN_TYPES: Mapping[str, str] = {
    "": "首页",
    "about": "信息公开指南",
    "accessibility": "信息公开指南",
    "inspector": "信息公开指南",
    "map": "信息公开指南",
    "search": "信息公开指南",
    "verify": "信息公开指南",
    "regulation": "政策文件",
    "cadence": "数据发布",
    "data": "数据发布",
    "alerts": "预警预报",
}
"""First part of an address → 栏目类别 of the guideline (国办发〔2017〕47号)."""
CATEGORY_COLUMN_TYPES: Mapping[str, str] = {"2": "政策文件", "5": "回应关切"}
"""The same of a category's page, by its number."""
POST_SECTIONS: Mapping[str, str] = {
    "attachments": "附件",
    "media": "视频和音频",
    "carried": "账号发布情况",
    "corrections": "更正与变更",
    "related": "相关内容",
    "evidence": "审核与签名",
}
"""Id of a section of a post's page → its heading."""
MANNERS: Mapping[str, str] = {
    "item": "逐条检查",
    "period": "周期检查",
    "change": "变更检查",
    "declared": "声明",
    "entered": "登记",
    "unchecked": "未检",
}
"""How a clause is checked (`law.manners`)."""
CATALOGUE_COLUMNS: Mapping[str, str] = {
    "index_no": "索引号",
    "title": "标题",
    "published_at": "发布时间",
    "validity": "有效性",
    "category": "信息分类",
    "topic": "主题分类",
    "kind_name": "内容类型",
    "doc_no": "文号",
    "created_on": "生成日期",
    "accounts": "发布账号",
    "tags": "关键词",
    "summary": "摘要",
    "revision": "版次",
    "url": "网址",
    "id": "编号",
    "attachments": "附件",
    "witnessed": "平台见证",
}
"""Field of the catalogue → head of its column; new ones come last, for readers that count."""

_SENTENCE = re.compile(r"\{(\w+)\}")
_TYPED = re.compile(r"(?:[A-Za-z0-9_./=<-]|[A-Za-z0-9_-] )$")
"""What precedes an id that is to be typed: ``sanshen declare ``, ``--member ``."""


def _field(route: str) -> str:
    """``contractors.0.contract.scope.1`` → 外包单位第1项的合同的范围第2项（scope）."""
    names: list[str] = []
    leaf = ""
    for part in route.split("."):
        if part.isdecimal() and names:
            names[-1] += f"第{int(part) + 1}项"
        elif part in FIELDS:
            names.append(FIELDS[part])
            leaf = part
        else:
            return ""
    return f"{'的'.join(names)}（{leaf}）" if names else ""


def _fields(keys: str) -> str:
    """Keys between commas, each with its name."""
    return "、".join(_field(key) or key for key in keys.split(", "))


CHOICES: Mapping[str, str] = {
    **KINDS,
    **{k: v for k, v in TOPICS.items() if k != "other"},
    **ROLES,
    **{k: v for k, v in PLATFORMS.items() if k != "other"},
    "cyberspace": "网信部门", "police": "公安机关", "telecom": "电信主管部门",
    "publicity": "宣传部门", "platform": "平台",
    "general": "一般咨询", "processing": "需要办理", "report": "举报或信访",
    "open": "开设", "change": "变更", "suspend": "暂停", "close": "关停", "cancel": "注销",
    "national": "国家", "provincial": "省", "city": "市", "bureau": "本局",
    "major": "重大", "other": "其他", "refuse": "拒绝", "note": "提示",
    "technical-support": "技术支持", "operation": "运营", "maintenance": "维护",
    "electronic": "电子签名", "wet": "手写签名", "retired": "停用", "compromised": "泄露",
    "correction": "更正", "update": "更新", "withdrawal": "撤回", "expiry": "失效",
    "party-government": "党政机关", "mainstream-media": "主流媒体", "designated": "指定来源",
}  # fmt: skip
"""What a value is called that one chooses from a list: kind, role, level, who was told."""


def _choices(ids: str) -> str:
    """Ids between commas, one of which is to be typed, each with its name."""
    return "、".join(f"{CHOICES[i]}（{i}）" if i in CHOICES else i for i in ids.split(", "))


_NAMES: Mapping[str, Callable[[str], str]] = {
    "allowed": _choices,
    "channel": lambda value: CHANNELS.get(value, ""),
    "field": lambda value: _field(value).rpartition("（")[0],
    "key": _field,
    "kind": lambda value: KINDS.get(value) or RECORDS.get(value, ""),
    "known": _fields,
    "name": lambda value: DECLARATIONS.get(value, ""),
    "platform": lambda value: PLATFORMS.get(value, ""),
    "right": lambda value: KINDS.get(value, ""),
    "role": lambda value: ROLES.get(value, ""),
    "roles": _choices,
}
"""Name of a value in a sentence → what to call an id of that sort; empty: it is none."""
REGISTERED = frozenset({
    "account", "contractor", "delegate", "delegator", "department", "keeper", "name", "other",
    "others", "person", "who", "witness",
})  # fmt: skip
"""Values that may be an id of a register: where one is at hand, it says what to call it."""
TRANSLATED = REGISTERED | _NAMES.keys()


def in_chinese(name: str, value: str) -> str:
    """What a value of a sentence is called; the value itself when it is no id."""
    return (_NAMES[name](value) if name in _NAMES else "") or value


@lru_cache(2048)
def naming(text: str) -> str:
    """A sentence whose ids are to be called by their names, ``{role:zh}``, but for those in
    commands and paths, which are typed as they are."""

    def called(match: re.Match[str]) -> str:
        before, after = text[: match.start()], text[match.end() :]
        typed = before.count("`") % 2 or _TYPED.search(before) or after[:1] in ("=", ".", "/")
        return match[0] if typed or match[1] not in TRANSLATED else f"{{{match[1]}:zh}}"

    return _SENTENCE.sub(called, text)
