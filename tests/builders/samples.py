"""One sound entry of every register and record of every kind, with every field; to be spoiled."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from tests.builders.cast import SINCE, UNIT, account, contractor, device, person

TIME = "2026-11-04T09:30:00+08:00"
POST = "2026-11-05-winter-fire"
Route = tuple[str | int, ...]
"""Where a value lies in another: its keys and positions."""

ENTRIES: dict[str, dict[str, Any]] = {
    "people": person("zz-q", "writer@jzk")
    | {"roles": [{"role": "writer", "department": "jzk", "from": SINCE, "until": "2027-01-01"}]},
    "departments": {
        "id": "fxk",
        "name": "防汛抗旱科",
        "lead": False,
        "aliases": ["防汛科"],
        "former": [{"until": "2025-12-31", "name": "防汛科"}],
        "led_until": "2025-06-30",
        "until": "2026-06-30",
    },
    "accounts": account("app", "app", closed_on="2027-01-01", interaction=True, ads=False)
    | {"custodian": "gly-a"},
    "sources": {
        "id": "daily",
        "name": "云岚日报",
        "kind": "mainstream-media",
        "hosts": ["www.yunlandaily.example"],
        "accounts": [{"platform": "wechat", "name": "云岚日报", "id": "gh_1"}],
        "feeds": [{"url": "https://www.yunlandaily.example/rss.xml", "words": ["安全", "应急"]}],
        "from": SINCE,
        "until": "2027-01-01",
    },
    "instruments": {
        "id": "notice",
        "title": "关于试行的通知",
        "number": "云政办〔2025〕7号",
        "layer": "city",
        "issued": "2025-05-06",
        "in_force": "2025-06-01",
        "url": "https://www.yunlan.example/7.html",
        "purpose": "试行的依据。",
        "confirmed": ["number", "dates", "text"],
    },
    "contractors": contractor("other", "wb-a", organisation_code="MA0000000", contact="驻场组"),
    "devices": device("pc-2", "gly-b", until="2027-01-01"),
    "templates": {
        "id": "cold-wave",
        "name": "寒潮提示",
        "kind": "tip",
        "title": "寒潮来了怎么办",
        "body": "今起降温。\n\n## 请这样做\n\n- 添衣保暖。\n",
    },
    "terms": {
        "id": "bureau-test",
        "text": "云岚市应急局",
        "kind": "unit",
        "near": ["云岚市应急"],
        "reason": "简称",
        "source": "三定规定",
        "specs": {"hit": ["云岚市应及局"], "miss": ["云岚市应急局"]},
        "off": False,
    },
    "lexicons": {
        "id": "test-words",
        "category": "advertising",
        "effect": "note",
        "words": ["限时秒杀"],
        "swap": ["限时供应"],
        "exceptions": ["限时秒杀防骗提醒"],
        "reason": "商业用语",
        "suggestion": "删去",
        "source": "广告法",
        "specs": {"hit": ["限时秒杀开始"], "miss": ["限时秒杀防骗提醒"]},
        "off": False,
    },
    "wordings": {
        "id": "test-2",
        "name": "test",
        "version": 2,
        "clause": "R13-8",
        "text": "本人声明已按要求办理各项工作。",
        "role": "information-officer",
        "scope": "person",
        "every_months": 6,
        "grace_days": 15,
        "from": SINCE,
    },
}

RECORDS: dict[str, dict[str, Any]] = {
    "account-events": {
        "person": "xxy-a",
        "account": "wx",
        "type": "change",
        "what": "账号更名",
        "applied": {"person": "kz-a", "department": "xjk", "on": "2026-11-02"},
        "reviewed": {"person": "ld-a", "on": "2026-11-03"},
        "signed": {"person": "ld-b", "on": "2026-11-03"},
        "effective_on": "2026-11-04",
        "filing": {"ref": "云政办备2号", "to": "市政府办公室", "on": "2026-11-04"},
        "changes": {"name": "云岚发布", "interaction": True, "opened_on": "2026-11-04"},
        "notice_post": POST,
        "archived_on": "2026-11-04",
        "national_report": "回执1号",
    },
    "relays": {
        "person": "xxy-a",
        "title": "关于防范寒潮的通知",
        "source": {"name": "江岚省应急管理厅", "level": "provincial", "url": "https://a.example/1"},
        "source_published_at": TIME,
        "notice_received_at": TIME,
        "accounts": ["wx"],
        "except": [{"account": "wb", "reason": "该账号当日停用"}],
        "post": POST,
    },
    "inquiries": {
        "person": "xxy-a",
        "account": "wx",
        "type": "processing",
        "received_at": TIME,
        "reference": "12345-20261104-0007",
        "summary": "询问取暖补贴如何申请",
        "drafted": {"person": "xxy-a", "at": TIME},
        "reply": {"person": "gly-a", "at": TIME, "text": "您好，请到社区服务站办理。"},
        "acknowledged": {"at": TIME, "promised_due": "2026-11-10"},
        "closed_at": TIME,
        "result": "已办结",
        "transferred": {"to": "bgs", "at": TIME, "receipt": "收件1号"},
        "forwarded": [{"department": "jzk", "person": "gly-a", "at": TIME}],
        "tasks": [
            {"department": "jzk", "assigned_by": "gly-a", "due": "2026-11-06", "returned_at": TIME}
        ],
    },
    "opinions": {
        "person": "xxy-a",
        "title": "网传某地停暖",
        "level": "other",
        "found_at": TIME,
        "lead": {"person": "ld-b"},
        "departments": ["jzk"],
        "reports": [{"to": "publicity", "at": TIME}],
        "actions": ["核实情况"],
        "first_statement_at": TIME,
        "press_at": TIME,
        "hot": True,
        "posts": [POST],
    },
    "incidents": {
        "person": "xxy-a",
        "summary": "有账号冒用本局名义",
        "platform": "weibo",
        "kind": "impersonation",
        "account": "wx",
        "found_at": TIME,
        "stopped_at": TIME,
        "verified_at": TIME,
        "notified": [{"body": "platform", "at": TIME}],
        "platform_letter_at": TIME,
        "filed_at": TIME,
        "closed_at": TIME,
    },
    "statistics": {
        "person": "gly-a",
        "account": "wx",
        "on": "2026-11-04",
        "followers": 1200,
        "reads": 300,
    },
    "rectifications": {
        "person": "xxy-a",
        "clause": "R12-1",
        "finding": "2026-11-02-1",
        "assigned": {"person": "xxy-a", "due": "2026-11-12"},
        "explained": {"person": "xxy-a", "at": TIME, "cause": "值班交接漏看后台留言。"},
        "closed": {"person": "kz-a", "at": TIME, "measures": "交接班登记后台留言数。"},
    },
    "shifts": {
        "person": "xxy-a",
        "days": [{"day": "2026-11-06", "people": ["xxy-a", "kz-a", "ld-a", "gly-a"]}],
    },
    "upstream": {
        "person": "xxy-a",
        "source": "yunlan-weather",
        "title": "关于做好今冬明春安全防范工作的通知",
        "url": "https://www.mem.example/a.html",
        "published_at": TIME,
        "seen_at": TIME,
        "decided": {"person": "xxy-a", "at": TIME, "relay": True, "reason": "收到市局通知"},
    },
    "earlier": {
        "person": "xxy-a",
        "account": "wx",
        "posts": [
            {
                "title": "汛期注意事项",
                "url": "https://wechat.example/wx/0",
                "published_at": "2024-06-01T09:00:00+08:00",
            }
        ],
    },
    "supervisions": {
        "person": "kz-a",
        "contractor": "lanyun",
        "on": "2026-11-04",
        "findings": "检查了人员名单和操作日志，未见异常。",
    },
}

CALENDAR: dict[str, Any] = {
    "year": 2027,
    "source": "国务院办公厅通知",
    "known_as_of": "2026-11-05",
    "off_days": ["2027-01-01"],
    "work_weekends": ["2027-01-03"],
}

__all__ = ["CALENDAR", "ENTRIES", "POST", "RECORDS", "TIME", "UNIT"]


def leaves(value: Any, route: Route = ()) -> Iterator[Route]:
    """Every key and list position below a value."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield (*route, key)
            yield from leaves(below, (*route, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from leaves(below, (*route, index))


def spoiled(value: Any, route: Route, wrong: Any) -> Any:
    """A copy with one place replaced."""
    made = deepcopy(value)
    here = made
    for part in route[:-1]:
        here = here[part]
    here[route[-1]] = wrong
    return made
