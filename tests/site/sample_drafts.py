"""The drafts of the sample bureau: alert, reprint, long title, wide table, video, withdrawal."""

import io
from datetime import date, datetime, timedelta
from typing import Any

from PIL import Image, ImageDraw

from pipeline.model.calendar import SHANGHAI

AS_OF = datetime(2026, 11, 22, 20, 0, tzinfo=SHANGHAI)
WITHDRAWN = "2026-10-20-old-notice"
ALERT = "2026-11-22-fire-alert"
LONG = "2026-11-12-long-title"
PLAIN = "2026-11-03-winter-co"


def picture(words: str, size: tuple[int, int] = (960, 540)) -> bytes:
    image = Image.new("RGB", size, "#1d5596")
    ImageDraw.Draw(image).text((40, 40), words, fill="white")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _meta(**more: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "accounts": ["yunlan-wechat", "yunlan-weibo"],
        "author": "zz-a",
        "origin_dept": "jzk",
        "topic": "emergency",
        "category": 3,
        "origin": "original",
        "kind": "tip",
        "revision": 1,
        "summary": "入冬以后用煤炭取暖要注意通风，防止一氧化碳中毒。",
        "tags": ["冬季安全", "一氧化碳"],
        "ai": "none",
        "secrecy_review": {"person": "xxy-a", "date": "2026-11-04", "result": "releasable"},
    }
    return base | more


TEXT = """入冬以来，我市气温明显下降。为防止一氧化碳中毒，市应急管理局提醒：

## 取暖要通风

1. 用煤炉取暖的房间要装烟囱，并常开窗。
2. 睡前检查炉火，**不要**把炭盆放进卧室。

### 出现不适怎么办

出现头晕、恶心时，立即开窗到室外，并拨打 120。

## 检查清单

| 项目 | 要求 | 期限 |
|---|---|---|
| 烟道 | 无破损、不倒灌 | 每周一次 |
| 报警器 | 装在离地 1.5 米处 | 长期 |

> 遇到险情，请拨打 119。

![煤炉取暖要点示意图](stove.png "煤炉旁的检查点")
"""
WIDE = "下表列出各县区检查情况。\n\n| " + " | ".join(f"指标{n}" for n in range(1, 13)) + " |\n"
WIDE += "|" + "---|" * 12 + "\n" + ("| " + " | ".join(["123.45 万元"] * 12) + " |\n") * 3
LONG_TITLE = (
    "云岚市应急管理局关于做好2026年冬季至2027年春季森林防火、低温雨雪冰冻灾害防范应对、"
    "烟花爆竹和城镇燃气安全以及受灾群众冬春救助工作有关事项的通知 <b>&\u202e标题</b>"
)


def drafts() -> dict[str, tuple[dict[str, Any], str, dict[str, bytes]]]:
    alert = {
        "issuer": "云岚市气象局、云岚市应急管理局",
        "issued_at": AS_OF - timedelta(hours=4),
        "starts_at": AS_OF - timedelta(hours=4),
        "ends_at": AS_OF + timedelta(hours=44),
        "level": 2,
        "color": "orange",
        "areas": ["岚城区", "云溪县"],
    }
    old = alert | {
        "level": 3,
        "color": "yellow",
        "starts_at": AS_OF - timedelta(days=30),
        "ends_at": AS_OF - timedelta(days=29),
    }
    source = {"id": "mem", "url": "https://www.mem.example/a/1", "title": "冬季防火"}
    drafts = {
        PLAIN: (
            _meta(title="冬季取暖防范一氧化碳中毒", media=[{"file": "stove.png"}]),
            TEXT,
            {"stove.png": picture("stove")},
        ),
        ALERT: (
            _meta(title="森林火险橙色预警", kind="alert", alert=alert, category=2, tags=["预警"]),
            "受持续晴热少雨影响，我市森林火险等级高。\n\n## 防御指南\n\n严禁野外用火。\n",
            {},
        ),
        "2026-10-23-rain-alert": (
            _meta(title="暴雨黄色预警", kind="alert", alert=old, category=2, tags=["预警"]),
            "请注意防范山洪。\n",
            {},
        ),
        "2026-11-10-fire-month": (
            _meta(
                title="消防宣传月主题活动走进社区",
                kind="reprint",
                origin="reprint",
                source=source,
                category=1,
            ),
            "活动现场开展了演练。\n",
            {},
        ),
        LONG: (
            _meta(title=LONG_TITLE, kind="notice", category=2, doc_no="云应急〔2026〕17号"),
            WIDE,
            {},
        ),
        WITHDRAWN: (
            _meta(
                title="关于某项检查的通报",
                validity="withdrawn",
                revision=2,
                kind="notice",
                tags=["撤"],
            ),
            "误写的正文，不再公开。\n",
            {"leaked.png": picture("leaked")},
        ),
        "2026-11-16-video": (
            _meta(
                title="一线救援队员的一天",
                kind="frontline",
                category=4,
                accounts=["yunlan-video"],
                tags=["C/C++ 测试", "一线"],
            ),
            "凌晨四点，集合铃响了。\n",
            {},
        ),
    }
    for week in range(8):
        day = date(2026, 9, 21) + timedelta(weeks=week)
        if week == 3:
            continue  # the quiet week
        for offset in (0, 3):
            when = day + timedelta(days=offset)
            title = f"安全提示第{week * 2 + offset}号：用电用火要当心"
            drafts[f"{when}-tip"] = (_meta(title=title), "用电前检查线路。\n", {})
    return drafts
