"""The parts of a post's page that signatures vouch for, each made of signed values.

Templates insert each whole, in an element that `data-signed` names. `verify-site` makes it again
from what lies beside the page, and looks for the same bytes (docs/decisions/0039).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from html import escape
from itertools import accumulate, chain
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from pipeline.evidence.review.site_bundle import SiteBundle
from pipeline.evidence.review.statements import NAMESPACE, moment_of, predicate_of
from pipeline.evidence.ssh.sshsig import assertion_of, fingerprint_of
from pipeline.model import zh_names
from pipeline.model.calendar import SHANGHAI, chinese_day, minute
from pipeline.model.evidence import Step
from pipeline.model.posts import DRILL_LABEL, Post, manifest_digest
from pipeline.model.records import Correction, Publication, behind
from pipeline.render.alert import BY_ITS_TIMES, Alert, alert_of
from pipeline.render.compared import compared
from pipeline.render.xml_text import clean
from pipeline.site.addresses import tag_slug
from pipeline.site.pictures import Picture, classed, sized, with_sizes

NAMES: Mapping[str, str] = MappingProxyType({
    "title": "标题", "byline": "发布时间和种类", "lead": "摘要", "alert": "预警",
    "advice": "怎样做", "number": "索引号", "meta": "元数据", "body": "正文",
    "carried": "账号发布情况", "corrections": "更正与变更", "steps": "审核步骤",
    "digest": "清单摘要",
})  # fmt: skip
"""Value of `data-signed` → what people call it."""
ROOT = "../../../"
"""From the page of a post to the root of its site."""
_SOURCE = '<p class="source-line">'
_HEADING = re.compile(r"<h([2-6])\b[^>]*>(.*?)</h\1>\n?", re.S)
_TO_DO = re.compile(
    "(?:这样|怎么|怎样|如何)做|做什么|[要该]做|防[御范护]|避[险灾]|自救|注意事项|提[示醒]|建议"
)
_DONE = re.compile(
    "措施|部署|响应|工作|地[方点]|哪[些里]|重点|区域|范围|时[段间]|情况|形势|原因|预报|趋势"
)
_NESTED = re.compile(r"<(/?)(?:blockquote|ul|ol|li|div|table|section|figure)\b")
_ID = re.compile(r'(<[a-z][a-z\d]*\b[^<>]*?) id="[^"]*"')
_LIST_END = re.compile(r".*</[ou]l>", re.S)
_TIMES = ("issued_at", "starts_at", "ends_at", "lifted_at")
_WEB = ("https://", "http://")


@dataclass(frozen=True)
class Unsigned:
    """What the fragments show and no signature tells: evidence.json has it as `page`."""

    host: str = ""
    """Of the site: a link to any other is marked as leading elsewhere."""
    opinions: bool = False
    """Whether policy shows the reviewers' opinions."""
    accounts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Id → (name, platform) of the accounts that carried the post."""
    sizes: Mapping[str, int] = field(default_factory=dict)
    """Name → bytes of the files that links of the body name."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Name → `MediaFact.made_by_machine` of the files that a machine made."""
    pictures: Mapping[str, Picture | None] = field(default_factory=dict)
    """Pictures of the post by name, None where one cannot be shown."""

    def written(self) -> dict[str, object]:
        """The value in evidence.json."""
        pictures = {
            name: shown
            and [shown.width, shown.height, shown.original, *(w for _, w in shown.sizes)]
            for name, shown in self.pictures.items()
        }
        return {**vars(self), "pictures": pictures}

    @classmethod
    def read(cls, value: Any) -> "Unsigned":
        """Raises ValueError, TypeError, KeyError or AttributeError for another shape."""
        return cls(
            str(value["host"]),
            value["opinions"] is True,
            {str(k): (str(name), str(kind)) for k, (name, kind) in value["accounts"].items()},
            {str(name): int(size) for name, size in value["sizes"].items()},
            {str(name): str(label) for name, label in value["labels"].items()},
            {
                str(name): row and _picture(str(name), *row)
                for name, row in value["pictures"].items()
            },
        )


def _picture(name: str, width: object, height: object, original: object, *wide: object) -> Picture:
    if not all(type(number) is int for number in (width, height, *wide)):
        raise TypeError("a size that is no number")
    sizes = tuple((sized(name, w), w) for w in wide if isinstance(w, int))
    return Picture(name, int(str(width)), int(str(height)), sizes, {}, original is True)


def fragments(
    bundle: SiteBundle,
    unsigned: Unsigned,
    post: Post | None,
    html: str,
    carried: Iterable[Publication],
    corrections: Iterable[Correction],
) -> dict[str, str]:
    """`data-signed` → HTML of every part that a page has.

    `post`: None when it was withdrawn; `html`: its body as `render_archive` makes it; `carried`:
    the records that count. Raises ValueError, TypeError, KeyError, AttributeError or OverflowError
    for values of another shape than reviewed posts have.
    """
    made = {"steps": _steps(bundle, unsigned.opinions), "digest": _digest(bundle)}
    if records := sorted(corrections, key=lambda c: (c.changed_on, c.revision, c.id)):
        items = "".join(map(_correction, records))
        made["corrections"] = f'<ol class="sn-changes">{items}</ol>'
    if post is not None:
        made |= dict(_facts(post))
        made["body"] = classed(with_sizes(source_and_body(html)[1], unsigned.pictures))
        if "alert" in made and not post.drill and (advice := advice_of(made["body"])):
            made["advice"] = advice
        made["carried"] = _carried(tuple(carried), unsigned.accounts, post)
    return made


def title_html(title: str) -> str:
    """A title as it is signed. A page may put `<wbr>` between its words."""
    return f'<bdi class="sn-phrases">{escape(title)}</bdi>'


def source_and_body(html: str) -> tuple[str, str]:
    """The line that names the source of a reprint, which registers tell, and the rest."""
    if not html.startswith(_SOURCE):
        return "", html
    line, end, rest = html.partition("</p>\n")
    return line + end, rest


def advice_of(body: str) -> str:
    """The section of a warning's body that says what people do, for the head of its page.

    The first whose heading says so, else the first with a list unless its heading is about what is
    where or what authorities do. It keeps its own heading and ends with its last list. Empty when
    there is none: then the body itself stands near the head.
    """
    head, end = advice_at(body)
    return _ID.sub(r"\1", f"<h2>{head[2]}</h2>\n{body[head.end() : end]}") if head else ""


def advice_at(body: str) -> tuple[re.Match[str] | None, int]:
    """The heading of what `advice_of` gives, and where in the body that ends."""
    heads = list(_HEADING.finditer(body))
    sections = []
    for number, head in enumerate(heads):
        later = (h.start() for h in heads[number + 1 :] if h[1] <= head[1])
        rest = body[head.end() : next(later, len(body))]
        words = (_LIST_END.match(rest) or [rest])[0]
        tags = [-1 if one[1] else 1 for one in _NESTED.finditer(words)]
        if words.strip() and sum(tags) == 0 and min(accumulate(tags), default=0) == 0:
            sections.append((head, words))
    saying = (s for s in sections if _TO_DO.search(s[0][2]))
    listing = (s for s in sections if "<li>" in s[1] and not _DONE.search(s[0][2]))
    chosen, words = next(chain(saying, listing), (None, ""))
    return chosen, chosen.end() + len(words) if chosen else 0


def quoted_change(old: str, new: str) -> tuple[str, str]:
    """What went and what came of a sentence, as a reader saw it; as it was typed, where a reader
    saw no difference."""
    from pipeline.render.archive import quoted  # markdown-it: few posts were corrected

    words = quoted(old), quoted(new)
    return compared(*(words if words[0] != words[1] else (old, new)))


def _facts(post: Post) -> Iterator[tuple[str, str]]:
    """What front matter and the post's id tell."""
    meta, published = post.meta, moment_of(str(post.meta["publish_at"])).astimezone(SHANGHAI)
    year, month, day, name = post.id.split("-", 3)
    kind = zh_names.DRILL if post.drill else zh_names.KINDS.get(post.kind, post.kind)
    yield "title", title_html(clean(post.title))
    moment = f'<time datetime="{published.isoformat()}">{minute(published)}</time>'
    yield "byline", f"{moment}　<span>{escape(kind)}</span>"
    yield "number", escape(f"{year}-{month}{day}-{name}")
    yield "meta", _meta(meta, published.date())
    if meta.get("summary"):
        yield "lead", escape(clean(str(meta["summary"])))
    if meta.get("alert"):
        yield "alert", _alert(meta["alert"])


def _meta(meta: Mapping[str, Any], published: date) -> str:
    tags = (clean(str(tag)) for tag in meta.get("tags", ()))
    links = (f'<a href="{ROOT}tags/{quote(tag_slug(t))}/">{escape(t)}</a>' for t in tags)
    created = meta.get("created_on")
    cells = (
        ("信息分类", zh_names.SHORT_CATEGORIES.get(meta.get("category", 0), "—")),
        ("主题分类", zh_names.TOPICS.get(meta.get("topic", ""), "—")),
        ("生成日期", _day(created) if created else "—"),
        ("发布日期", chinese_day(published)),
        ("有效性", _validity(meta)),
        ("文号", escape(str(meta.get("doc_no") or "—"))),
    )
    pairs = [f'<th scope="row">{name}</th><td>{cell}</td>' for name, cell in cells]
    rows = "".join(f"<tr>{a}{b}</tr>\n" for a, b in zip(pairs[::2], pairs[1::2], strict=True))
    words = "　".join(links) or "—"
    return f'{rows}<tr><th scope="row">关键词</th><td colspan="3">{words}</td></tr>'


def _validity(meta: Mapping[str, Any]) -> str:
    """In words that stay true whenever the page is read."""
    state, since, until = (meta.get(k) for k in ("validity", "effective_on", "expires_on"))
    words = zh_names.VALIDITY[str(state or "valid")]
    if state in (None, "valid"):
        alert = meta.get("alert")
        warns = alert and not alert.get("exercise")
        words = BY_ITS_TIMES if warns else "" if until else words
    spans = f"{_day(since)}起施行" if since else "", f"有效期至{_day(until)}" if until else ""
    return "，".join(filter(None, (words, *spans)))


def _alert(value: Mapping[str, Any]) -> str:
    """The box. Its state at the reader's clock, `reading.js` puts in place of the lasting words."""
    times = {key: str(value[key]) for key in _TIMES if value.get(key)}
    drill = bool(value.get("exercise"))
    stated = {**value, **times, "exercise": False}
    alert = alert_of(stated, datetime.max.replace(tzinfo=SHANGHAI))
    if alert is None:
        raise ValueError("no warning")
    year = alert.starts_at[:4]
    rows = {
        "有效时段": period(alert),
        "影响区域": escape("、".join(alert.areas)),
        "发布单位": escape(alert.issuer),
        "发布时间": _moment(alert.issued_at, year),
        "解除时间": _moment(alert.lifted_at, year),
    }
    facts = "".join(f"<div><dt>{k}</dt><dd>{v}</dd></div>" for k, v in rows.items() if v)
    if drill:
        return (
            '<aside class="sn-alert" aria-label="演练">\n<p class="sn-alert__head">'
            f"<strong>{DRILL_LABEL}</strong> <span>{escape(alert.words)}</span></p>\n"
            f'<dl class="sn-facts">{facts}</dl></aside>'
        )
    state = f"{alert.lifted_at} 解除" if alert.lifted_at else f"有效至 {alert.ends_at}"
    return (
        f'<aside class="sn-alert sn-alert--{escape(alert.colour)}" '
        f'data-turns="{escape(" ".join(alert.turns))}" aria-label="预警状态">\n'
        f'<p class="sn-alert__head"><strong>{escape(alert.words)}</strong> '
        f'<span class="sn-alert__state" data-state>{state}</span></p>\n'
        f'<dl class="sn-facts">{facts}</dl></aside>'
    )


def period(alert: Alert) -> Markup:
    """From when until when, as HTML: in the same words wherever a warning is shown."""
    end = _moment(alert.ends_at, alert.starts_at[:4])
    return Markup(f"{_moment(alert.starts_at)} 至 {end}")  # noqa: S704 — no value but figures


def _carried(
    records: Sequence[Publication], accounts: Mapping[str, tuple[str, str]], post: Post
) -> str:
    revision = post.revision
    old = () if post.ended else behind(records, revision)
    ordered = sorted(records, key=lambda r: (r.published_at, r.account))
    items = "".join(
        _line(r, accounts, revision, r.account in old and not r.removed_at) for r in ordered
    )
    none = '<p class="sn-none">尚无账号发布记录。</p>'
    return f'<ul class="sn-carried">{items}</ul>' if items else none


def _line(
    record: Publication, accounts: Mapping[str, tuple[str, str]], revision: int, old: bool
) -> str:
    """One record; `old`: its account shows what stood before `revision`, the present one."""
    name, platform = accounts.get(record.account, (record.account, ""))
    name, kind = escape(name), escape(zh_names.PLATFORMS.get(platform, platform))
    kind = f"（{kind}）" if kind else ""
    link = ""
    if record.removed_at:
        who = zh_names.REMOVERS.get(record.removed_by, record.removed_by)
        moment = f'<span class="sn-when">{minute(record.removed_at)}</span>'
        link = f"{moment} 起不再显示：{escape(who)}（{escape(clean(record.reason))}）"
    elif record.url.startswith(_WEB):
        away = 'rel="external noopener noreferrer"'
        link = f'<a href="{escape(record.url)}" {away}>查看“{name}”上的原帖</a>'
    account = f'<a href="{ROOT}accounts/{quote(record.account)}/">{name}</a>{kind}'
    when = f'<span class="sn-when">{minute(record.published_at)}</span>'
    why = escape(clean(record.unconfirmed))
    early = f"<p>发布在前，确认在后，当时未经审核。原因：“{why}”。</p>" if why else ""
    which = f"　第 {record.revision} 版" if revision > 1 else ""
    which += f"<p>该账号尚未重新发布第 {revision} 版。</p>" if old else ""
    return f"<li>{account}　{when}　{link}{which}{early}</li>"


def _correction(record: Correction) -> str:
    kind = zh_names.CORRECTIONS.get(record.kind, record.kind)
    moment = f'<time datetime="{record.changed_on}">{chinese_day(record.changed_on)}</time>'
    changes = "".join(_change(*pair) for pair in record.changes)
    return (
        f"<li><p><strong>{escape(kind)}</strong>　{moment}　第 {record.revision} 版</p>"
        f"<p>原因：{escape(record.reason)}</p>\n{changes}</li>"
    )


def _change(old: str, new: str) -> str:
    sides = zip(("原文", "现文"), quoted_change(old, new), strict=True)
    label = '<p class="sn-change__label">'
    return '<div class="sn-change">{}{}</div>'.format(
        *(
            f'<div class="sn-change__side">{label}{name}</p><p>{side}</p></div>'
            for name, side in sides
        )
    )


def _steps(bundle: SiteBundle, opinions: bool) -> str:
    signed = {step.step: step for step in bundle.steps}
    names = "步骤", "角色", "签署时间", "证据", "密钥指纹"
    heads = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = ""
    for step in Step:
        cells = '<td colspan="4"><strong>没有有效记录</strong></td>'
        if step.value in signed:
            one = signed[step.value]
            statement, key = predicate_of(one.statement), fingerprint_of(one.signature, NAMESPACE)
            passkey = assertion_of(one.signature, NAMESPACE)
            page = ""
            if passkey:
                count = f"，密钥所报第 {passkey.counter} 次签名" if passkey.counter else ""
                page = f"<br>通行密钥，签名网页 {escape(passkey.origin)}{count}"
            opinion = statement["opinion"] if opinions else ""
            opinion = f"<br>意见：{escape(opinion)}" if opinion else ""
            acting = "（代行）" if statement["acting_for"] else ""
            role = escape(zh_names.ROLES.get(statement["role"], statement["role"]))
            moment = minute(moment_of(statement["signed_at"]))
            kind = zh_names.EVIDENCE["witnessed" if "witness" in statement else "signed"]
            cells = (
                f'<td data-label="角色">{role}{acting}{opinion}</td>'
                f'<td data-label="签署时间" class="sn-when">{moment}</td>'
                f'<td data-label="证据">{kind}{page}</td>'
                f'<td data-label="密钥指纹"><code class="sn-code">{escape(key)}</code></td>'
            )
        word = zh_names.STEPS[step]
        rows += f'<tr data-step="{step.stem}"><th scope="row">{word}</th>\n{cells}</tr>'
    caption = f"第 {bundle.revision} 版的三级审核和发布前确认"
    return (
        f'<table class="sn-table">\n<caption>{caption}</caption>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>{rows}</tbody></table>"
    )


def _digest(bundle: SiteBundle) -> str:
    home = f"content/posts/{bundle.post[:4]}/{bundle.post}"
    digest = manifest_digest(home, {path: digest for path, (digest, _) in bundle.files.items()})
    return f'<code class="sn-code">{digest}</code>'


def _moment(minute: str, year: str = "") -> str:
    """A minute in words, as it is read aloud, without a year named before; nothing of nothing."""
    words = minute and f"{_day(minute[:10]).removeprefix(f'{year}年')} {minute[11:]}"
    return words and f'<span class="sn-when">{words}</span>'


def _day(value: object) -> str:
    return chinese_day(date.fromisoformat(str(value)))
