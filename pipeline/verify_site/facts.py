"""What a post's page tells besides title and text, held to the signed bytes: its facts, who signed.

Not compared, since no signed byte tells it: names of offices, departments and people, and what
depends on the day of the build, such as whether a warning holds still. A fact that a theme shows
elsewhere than the shipped one is `NotCompared`.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from pipeline.evidence.review.site_bundle import SiteBundle, moment_of
from pipeline.evidence.review.statements import NAMESPACE, strict_json
from pipeline.evidence.ssh.sshsig import fingerprint_of
from pipeline.model import zh_names
from pipeline.model.calendar import SHANGHAI, chinese_day, minute
from pipeline.model.evidence import Step
from pipeline.model.findings import Message, say
from pipeline.model.forms import manifest_digest
from pipeline.model.posts import Post
from pipeline.render.validity import BY_ITS_TIMES, alert_of
from pipeline.render.xml_text import clean
from pipeline.verify_site.markup import Element, Markup, outermost
from pipeline.verify_site.page import MAIN, PAGE, Folder, NotCompared, post_of, visible

_META = frozenset(
    {"索引号", "信息分类", "主题分类", "生成日期", "发布日期", "有效性", "文号", "关键词"}
)
_UNIT = "发布机构"
"""Only registers tell it."""
_WARNING = frozenset({"发布单位", "发布时间", "有效时段", "影响区域", "解除时间"})
_LIFTED = "预警解除时间"
_ROW = ("角色", "签署时间", "密钥指纹")
"""`data-label` of the cells of a step."""
_CAPTION = re.compile(r"第(\d{1,9})版的三级审核")
_LONG = 60
"""Characters of a fact that a message shows."""


def fact_problems(folder: Folder, bundle: SiteBundle) -> Iterator[Message | NotCompared]:
    """What the page tells otherwise than post.md and the four statements, or does not tell."""
    if PAGE not in folder.held:
        return
    page = folder.markup
    shown, signed = list(_signers(page)), dict(_signed(folder, bundle))
    if MAIN in folder.held:
        try:
            post = post_of(folder, bundle)
            signed |= dict(_facts(post))
            shown += [(name, _known(name, seen, post.meta)) for name, seen in _shown(page, signed)]
            yield from map(NotCompared, sorted(set(_unsigned(page))))
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            yield say("{name} cannot be read.", name=MAIN)
    for name, seen in sorted(set(shown)):
        if seen != visible(signed.get(name, "")):
            yield say(
                "The page says “{seen}” for {name}, where the signed bytes say “{signed}”.",
                name=name[:_LONG],
                seen=seen[:_LONG] or "—",
                signed=visible(signed.get(name, ""))[:_LONG] or "—",
            )
    told = {name for name, value in signed.items() if value not in ("", "—")}
    # A warning may have been lifted after the page was made.
    yield from map(NotCompared, sorted(told - {name for name, _ in shown} - {_LIFTED}))


def _shown(page: Markup, signed: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The facts as the page tells them."""
    for table in page.classed("sn-meta"):
        for name, cell in page.pairs(page.inside(table)):
            if name in _META:
                yield name, _listed(page, cell)
    for line in page.classed("sn-byline"):
        inner = page.inside(line)
        for moment in outermost(e for e in inner if e.tag == "time"):
            yield "发布时间", visible(moment.attributes.get("datetime", "")) + page.words_of(moment)
        spans = [page.words_of(e) for e in outermost(e for e in inner if e.tag == "span")]
        if spans:  # the kind stands last, unless a theme has it elsewhere
            kind = signed.get("种类", "")
            yield "种类", kind if kind in spans else spans[-1]
    yield from (("摘要", page.words_of(lead)) for lead in page.classed("sn-lead"))
    for alert in page.classed("sn-alert"):
        yield from _warning(page, alert)


def _listed(page: Markup, cell: Element) -> str:
    """The words of a cell; commas stand between links when it holds nothing else."""
    links = [page.words_of(e) for e in outermost(e for e in page.inside(cell) if e.tag == "a")]
    words = page.words_of(cell)
    return "，".join(links) if links and "".join(links) == words else words


def _warning(page: Markup, alert: Element) -> Iterator[tuple[str, str]]:
    """What the box of a warning tells."""
    begin = "sn-alert--"
    yield "预警颜色", "".join(c.removeprefix(begin) for c in alert.classes if c.startswith(begin))
    inner = page.inside(alert)
    for head in outermost(e for e in inner if "sn-alert__head" in e.classes):
        strong = outermost(e for e in page.inside(head) if e.tag == "strong")
        yield from (("预警级别", page.words_of(level)) for level in strong)
    for name, cell in page.pairs(inner):
        if name in _WARNING:
            yield f"预警{name}", page.words_of(cell)


def _unsigned(page: Markup) -> Iterator[str]:
    """What stands among the facts, and is none that we know."""
    for name, known in (("sn-meta", _META | {_UNIT}), ("sn-alert", _WARNING)):
        for part in page.classed(name):
            pairs = page.pairs(page.inside(part))
            yield from (label[:_LONG] for label, _ in pairs if label not in known)


def _known(name: str, seen: str, meta: Mapping[str, object]) -> str:
    """A fact without what registers and the day of the build put in."""
    if name == "索引号":
        return seen.rpartition("/")[2]
    state, comma, rest = seen.partition("，")
    if name == "有效性" and state in _states(meta):
        return _states(meta)[0] + comma + rest
    return seen


def _states(meta: Mapping[str, object]) -> tuple[str, ...]:
    """What a page may say of a post's validity, on whatever day it was built."""
    told = str(meta.get("validity", "valid"))
    if told != "valid":
        return (zh_names.VALIDITY[told],)
    if meta.get("alert"):
        return ("有效", "已失效", "尚未生效", "已解除", BY_ITS_TIMES)
    return ("有效", "已失效") if meta.get("expires_on") else ("有效",)


def _facts(post: Post) -> Iterator[tuple[str, str]]:
    """The facts that post.md and the post's id tell. Raises ValueError, TypeError, KeyError,
    AttributeError or OverflowError for another shape than reviewed posts have."""
    meta, published = post.meta, moment_of(post.meta["publish_at"]).astimezone(SHANGHAI)
    year, month, day, name = post.id.split("-", 3)
    yield "索引号", f"{year}-{month}{day}-{name}"
    yield "信息分类", zh_names.SHORT_CATEGORIES.get(meta["category"], "")
    yield "主题分类", zh_names.TOPICS.get(meta.get("topic", ""), "—")
    yield "生成日期", _day(meta["created_on"]) if meta.get("created_on") else "—"
    yield "发布日期", chinese_day(published.date())
    since, until = (meta.get(key) for key in ("effective_on", "expires_on"))
    spans = f"，{_day(since)}起施行" if since else "", f"，有效期至{_day(until)}" if until else ""
    yield "有效性", _states(meta)[0] + "".join(spans)
    yield "文号", str(meta.get("doc_no") or "—")
    yield "关键词", "，".join(clean(str(tag)) for tag in meta.get("tags", ())) or "—"
    yield "发布时间", f"{published.isoformat()} {minute(published)}"
    yield "种类", zh_names.KINDS.get(post.kind, post.kind)
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


def _signers(page: Markup) -> Iterator[tuple[str, str]]:
    """Who signed which files, as the page tells it; names of people are left out."""
    for caption in outermost(e for e in page.elements if e.tag == "caption"):
        number = _CAPTION.match(page.words_of(caption))
        yield from [("版号", number[1])] if number else []
    for name, cell in page.pairs(page.elements):
        if name.startswith("清单摘要"):
            yield "清单摘要", page.words_of(cell)
    for row in outermost(e for e in page.elements if "data-step" in e.attributes):
        stem, inner = row.attributes["data-step"], page.inside(row)
        yield from (
            (f"{stem} 步骤", page.words_of(e)) for e in outermost(e for e in inner if e.tag == "th")
        )
        for cell in outermost(e for e in inner if e.attributes.get("data-label") in _ROW):
            lines = (e.start for e in page.inside(cell) if e.tag == "br")
            words = page.words[cell.start : next(lines, cell.end)]
            yield f"{stem} {cell.attributes['data-label']}", words


def _signed(folder: Folder, bundle: SiteBundle) -> Iterator[tuple[str, str]]:
    """The same as the statements tell it; `bundle_problems` tells of those that cannot be read."""
    yield "版号", str(bundle.revision)
    yield "清单摘要", manifest_digest(folder.home, {p: d for p, (d, _) in bundle.files.items()})
    for signed in bundle.steps:
        try:
            step, said = Step(signed.step), strict_json(signed.statement)["predicate"]
            acting = "（代行）" if said["acting_for"] else ""
            role = f"{zh_names.ROLES.get(said['role'], said['role'])}{acting}"
            cells = role, _minute(said["signed_at"]), fingerprint_of(signed.signature, NAMESPACE)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            continue
        yield f"{step.stem} 步骤", zh_names.STEPS[step]
        yield from zip((f"{step.stem} {label}" for label in _ROW), map(str, cells), strict=True)
