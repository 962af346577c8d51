"""What a post's page tells besides title and text, held to the signed bytes: its facts, who signed.

Not compared, since no signed byte tells it: names of offices, departments and people, and what
depends on the day of the build, such as whether a warning holds still.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from pipeline.evidence.site_bundle import SiteBundle, moment_of
from pipeline.evidence.sshsig import fingerprint_of
from pipeline.evidence.statements import NAMESPACE, strict_json
from pipeline.flow.verify_page import MAIN, PAGE, Folder, post_of, text_of, visible
from pipeline.model.calendar import SHANGHAI, chinese_day, minute
from pipeline.model.evidence import Step
from pipeline.model.findings import Message, say
from pipeline.model.forms import manifest_digest
from pipeline.model.posts import Post
from pipeline.site import words
from pipeline.site.validity import BY_ITS_TIMES, alert_of
from pipeline.site.xml_text import clean

_TABLE = re.compile(r'<table class="sn-meta"><tbody>(.*?)</tbody></table>', re.DOTALL)
_TAG = re.compile(r'<a href="(?:\.\./)+tags/[^"<>]*">([^<]*)</a>　?')
_CELL = re.compile(
    rf'<th scope="row">([^<]*)</th><td(?: colspan="3")?>([^<]*|(?:{_TAG.pattern})+)</td>'
)
_BYLINE = re.compile(
    r'<p class="sn-byline"><span>[^<]*</span> <time datetime="([^"]*)">([^<]*)</time>'
    r" <span>([^<]*)</span></p>"
)
_LEAD = re.compile(r'<p class="sn-lead">([^<]*)</p>')
_ALERT = re.compile(r'<aside class="sn-alert sn-alert--(\w*)"[^>]*>(.*?)</aside>', re.DOTALL)
_LEVEL = re.compile(r'<p class="sn-alert__head"><strong>([^<]*)</strong>')
_PAIR = re.compile(
    r'<div><dt>([^<]*)</dt><dd>((?:[^<]|<span class="sn-when">[^<]*</span>)*)</dd></div>'
)
_STEP = re.compile(
    r'<tr data-step="([^"]*)"><th scope="row">([^<]*)</th>\s*<td data-label="角色">(.*?)</td>'
    r'<td data-label="签署时间" class="sn-when">([^<]*)</td><td data-label="证据">[^<]*</td>'
    r'<td data-label="密钥指纹"><code class="sn-code">([^<]*)</code></td>\s*</tr>',
    re.DOTALL,
)
_CAPTION = re.compile(r"<caption>第 (\d+) 版的三级审核和发布前确认</caption>")
_DIGEST = re.compile(r'<dt>清单摘要（sha256）</dt><dd><code class="sn-code">([^<]*)</code></dd>')
_ONCE = (
    '<table class="sn-meta">', '<p class="sn-byline">', '<p class="sn-lead">', "<caption>第 ",
    '<aside class="sn-alert', "<dt>清单摘要（sha256）</dt>",
)  # fmt: skip
"""How the parts begin: none is there twice, and no pattern looks for the ends of thousands."""
_ROW = "<tr data-step="
_LONG = 60
"""Characters of a fact that a message shows."""


def fact_problems(folder: Folder, bundle: SiteBundle) -> Iterator[Message]:
    """What the page tells otherwise than post.md and the four statements, or does not tell."""
    if PAGE not in folder.held:
        return
    page = folder.page
    if any(page.count(begin) > 1 for begin in _ONCE) or page.count(_ROW) > len(Step):
        yield say("What the page tells of the post stands there more than once.")
        return
    shown, signed = dict(_signers(page)), dict(_signed(folder, bundle))
    if MAIN in folder.held:
        try:
            post = post_of(folder, bundle)
            shown |= _known(dict(_shown(page)), post.meta)
            signed |= dict(_facts(post))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            yield say("{name} cannot be read.", name=MAIN)
    for name in sorted({*shown, *signed}):
        seen, said = (visible(facts.get(name, "")) for facts in (shown, signed))
        if seen != said:
            yield say(
                "The page says “{seen}” for {name}, where the signed bytes say “{signed}”.",
                name=name[:_LONG],
                seen=seen[:_LONG] or "—",
                signed=said[:_LONG] or "—",
            )


def _shown(page: str) -> Iterator[tuple[str, str]]:
    """The facts as the page tells them."""
    for table in _TABLE.findall(page):
        for name, cell, _ in _CELL.findall(table):
            tags = _TAG.findall(cell) or [cell]
            yield name, "，".join(text_of(tag) for tag in tags)
    for moment, written, kind in _BYLINE.findall(page):
        yield "发布时间", f"{moment} {written}"
        yield "种类", text_of(kind)
    yield from (("摘要", text_of(lead)) for lead in _LEAD.findall(page))
    for colour, alert in _ALERT.findall(page):
        yield "预警颜色", colour
        yield from (("预警级别", text_of(level)) for level in _LEVEL.findall(alert))
        yield from ((f"预警{name}", text_of(cell)) for name, cell in _PAIR.findall(alert))


def _known(shown: dict[str, str], meta: Mapping[str, object]) -> dict[str, str]:
    """The same without what registers and the day of the build put in."""
    shown.pop("发布机构", None)
    shown["索引号"] = shown.get("索引号", "").rpartition("/")[2]
    state, comma, rest = shown.get("有效性", "").partition("，")
    shown["有效性"] = (_states(meta)[0] if state in _states(meta) else state) + comma + rest
    alert = meta.get("alert")
    if isinstance(alert, dict) and "lifted_at" in alert:
        shown.setdefault("预警解除时间", _minute(alert["lifted_at"]))  # it may have come since
    return shown


def _states(meta: Mapping[str, object]) -> tuple[str, ...]:
    """What a page may say of a post's validity, on whatever day it was built."""
    told = str(meta.get("validity", "valid"))
    if told != "valid":
        return (words.VALIDITY[told],)
    if meta.get("alert"):
        return ("有效", "已失效", "尚未生效", "已解除", BY_ITS_TIMES)
    return ("有效", "已失效") if meta.get("expires_on") else ("有效",)


def _facts(post: Post) -> Iterator[tuple[str, str]]:
    """The facts that post.md and the post's id tell. Raises ValueError, TypeError, KeyError,
    AttributeError or OverflowError for another shape than reviewed posts have."""
    meta, published = post.meta, moment_of(post.meta["publish_at"]).astimezone(SHANGHAI)
    year, month, day, name = post.id.split("-", 3)
    yield "索引号", f"{year}-{month}{day}-{name}"
    yield "信息分类", words.SHORT_CATEGORIES.get(meta["category"], "")
    yield "主题分类", words.TOPICS.get(meta.get("topic", ""), "—")
    yield "生成日期", _day(meta["created_on"]) if meta.get("created_on") else "—"
    yield "发布日期", chinese_day(published.date())
    since, until = (meta.get(key) for key in ("effective_on", "expires_on"))
    spans = f"，{_day(since)}起施行" if since else "", f"，有效期至{_day(until)}" if until else ""
    yield "有效性", _states(meta)[0] + "".join(spans)
    yield "文号", str(meta.get("doc_no") or "—")
    yield "关键词", "，".join(clean(str(tag)) for tag in meta.get("tags", ())) or "—"
    yield "发布时间", f"{published.isoformat()} {minute(published)}"
    yield "种类", words.KINDS.get(post.kind, post.kind)
    if meta.get("summary"):
        yield "摘要", clean(str(meta["summary"]))
    if meta.get("alert"):
        yield from _warned(meta["alert"])


def _warned(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    alert = alert_of(told, datetime.max.replace(tzinfo=SHANGHAI))
    if alert is None:
        return
    yield "预警颜色", alert.colour
    yield "预警级别", alert.words
    yield "预警发布单位", alert.issuer
    yield "预警发布时间", alert.issued_at
    yield "预警有效时段", f"{alert.starts_at} 至 {alert.ends_at}"
    if alert.areas:
        yield "预警影响区域", "、".join(alert.areas)
    if alert.lifted_at:
        yield "预警解除时间", alert.lifted_at


def _day(told: object) -> str:
    return chinese_day(date.fromisoformat(str(told)))


def _minute(told: object) -> str:
    return minute(moment_of(str(told)))


def _signers(page: str) -> Iterator[tuple[str, str]]:
    """Who signed which files, as the page tells it; names of people are left out."""
    yield from (("版号", number) for number in _CAPTION.findall(page))
    yield from (("清单摘要", digest) for digest in _DIGEST.findall(page))
    for stem, step, cell, moment, fingerprint in _STEP.findall(page):
        role = text_of(cell.partition("<br>")[0])
        yield stem, f"{step}，{role}，{moment}，{fingerprint}"


def _signed(folder: Folder, bundle: SiteBundle) -> Iterator[tuple[str, str]]:
    """The same as the statements tell it; `bundle_problems` tells of those that cannot be read."""
    yield "版号", str(bundle.revision)
    yield "清单摘要", manifest_digest(folder.home, {p: d for p, (d, _) in bundle.files.items()})
    for signed in bundle.steps:
        try:
            step, said = Step(signed.step), strict_json(signed.statement)["predicate"]
            acting = "（代行）" if said["acting_for"] else ""
            role = f"{words.ROLES.get(said['role'], said['role'])}{acting}"
            key = fingerprint_of(signed.signature, NAMESPACE)
            yield step.stem, f"{words.STEPS[step]}，{role}，{_minute(said['signed_at'])}，{key}"
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            continue
