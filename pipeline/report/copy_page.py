"""One local page to copy a rendition from: what to paste, how it will look, how much is left.

The page works from disk, asks nothing of any host, and runs one script, allowed by its hash.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from urllib.parse import unquote

from pipeline.model.renditions import Rendition
from pipeline.report.copy_page_assets import SCRIPT, STYLE
from pipeline.report.copy_page_cover import STYLE as FRAMES
from pipeline.report.copy_page_cover import cover_frames

CHANNELS = {"wechat": "微信公众号", "weibo": "微博", "app": "客户端", "archive": "公开档案"}
FIELDS = {
    "title": "标题",
    "author": "作者",
    "digest": "摘要",
    "content_source_url": "阅读原文",
}
COUNTS = {
    "title": "标题（字符）",
    "title-width": "标题（宽度，汉字计2）",
    "author": "作者（字）",
    "digest": "摘要（字）",
    "content": "正文代码（字符）",
    "content-bytes": "正文代码（字节）",
    "text": "正文（字）",
    "images": "图片（张）",
}
UNREVIEWED = '<p class="unreviewed" role="alert">未经审核，不得发布：只供查看样式。</p>\n'
"""What stands over a draft, however far the page is scrolled."""
WIDTHS = (375, 677)
"""Pixels: a phone, and WeChat's article column on a computer."""

_IMAGE = re.compile(r'<img\b(?:\s+[\w-]+(?:="[^"]*")?)*\s*/?>')
_SOURCE = re.compile(r'\ssrc="([^"]*)"')
_PLACE = "border:1px dashed #b3261e;padding:8px;color:#b3261e;overflow-wrap:anywhere"
_DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*")


@dataclass(frozen=True)
class Picture:
    """An image to upload, with what is known of it."""

    file: str
    alt: str
    width: int | None = None
    height: int | None = None
    size: int | None = None
    """Bytes."""
    data: str = ""
    """``data:image/png;base64,…`` (or jpeg, gif, webp) for the preview; empty: none is shown."""
    crops: Mapping[str, str] = field(default_factory=dict)
    """Ratio of a cover → the part to take, as fractions ``X1_Y1_X2_Y2``."""


@dataclass(frozen=True)
class CopySheet:
    """One rendition with all that stands beside it; names of fields and counts as above.

    A name that `FIELDS` or `COUNTS` does not know is shown as it is.
    """

    rendition: Rendition
    """One without HTML is copied as plain text."""
    fields: Mapping[str, str] = field(default_factory=dict)
    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Name → (how much, limit)."""
    pictures: Sequence[Picture] = ()
    problems: Sequence[str] = ()
    dark: str = ""
    """The HTML as dark mode shows it; empty: as by day."""


def copy_page(sheets: Sequence[CopySheet], *, draft: bool) -> str:
    """A whole HTML page, the same for the same sheets. `html` of renditions must be sanitised.

    `draft`: under a red band, with neither a button nor a field to copy from.
    """
    digest = b64encode(sha256(SCRIPT.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    title = escape(sheets[0].rendition.title if sheets else "没有内容")
    bodies = "".join(_sheet(sheet, number, draft) for number, sheet in enumerate(sheets, start=1))
    heading, band, script = "复制", "", f"<script>{SCRIPT}</script>"
    if draft:
        heading, band, script = "未经审核", UNREVIEWED, ""
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{heading}：{title}</title>\n<style>{STYLE}{FRAMES}</style></head>\n"
        f"<body>{band}<main><h1>{title}</h1>\n{bodies}</main>\n"
        f"{script}</body></html>\n"
    )


def clipboard_html(html: str) -> str:
    """What is pasted: every image a visible mark with its number and file.

    Editors filter images that do not stand on their own hosts, and would leave no trace of them.
    """
    numbers = iter(range(1, html.count("<img") + 1))

    def mark(found: re.Match[str]) -> str:
        file = escape(_file_of(found[0]))
        return f'<span style="{_PLACE}">【此处插入图片{next(numbers)}：{file}】</span>'

    return _IMAGE.sub(mark, html)


def _sheet(sheet: CopySheet, number: int, draft: bool) -> str:
    made = sheet.rendition
    name = escape(CHANNELS.get(made.channel, made.channel))
    parts = (
        f'<section class="sheet" data-sheet aria-labelledby="sheet-{number}">',
        f'<h2 id="sheet-{number}">{name}</h2>',
        _problems(sheet.problems),
        "" if draft else _buttons(sheet),
        '<div class="columns"><div>',
        _fields(sheet.fields, number, draft),
        _counts(sheet.counts),
        _pictures(sheet.pictures),
        "</div>",
        _previews(sheet, number),
        "</div></section>\n",
    )
    return "\n".join(filter(None, parts))


def _problems(problems: Sequence[str]) -> str:
    if not problems:
        return ""
    items = "".join(f"<li>{escape(p)}</li>" for p in problems)
    return f'<div class="problems"><h3>先处理这些问题</h3><ul>{items}</ul></div>'


def _buttons(sheet: CopySheet) -> str:
    """The text areas hold exactly what is copied, and serve where scripts do not run."""
    made = sheet.rendition
    rich = clipboard_html(made.html)
    label = "复制正文（带格式）" if rich else "复制正文"
    source = f"<h4>网页代码</h4>{_area('rich', rich, '带格式的正文代码')}" if rich else ""
    return (
        f'<p class="act"><button type="button" data-copy>{label}</button> '
        '<span role="status" data-said></span></p>'
        f"<details><summary>查看将要复制的内容</summary><h4>纯文本</h4>"
        f"{_area('plain', made.text, '纯文本正文')}{source}</details>"
    )


def _area(kind: str, text: str, label: str) -> str:
    """A line break after the start tag belongs to the tag (HTML, 13.2.6.4.7)."""
    return f'<textarea readonly data-{kind} aria-label="{label}">\n{escape(text)}</textarea>'


def _fields(fields: Mapping[str, str], number: int, draft: bool) -> str:
    rows = "".join(
        _field(escape(FIELDS.get(name, name)), escape(value), f"f{number}-{place}", draft)
        for place, (name, value) in enumerate(fields.items())
    )
    return f'<h3>发布栏目</h3><dl class="fields">{rows}</dl>' if rows else ""


def _field(label: str, value: str, place: str, draft: bool) -> str:
    button = f'<button type="button" data-field="{place}" aria-label="复制{label}">复制</button>'
    if draft:
        button = ""
    return f'<div><dt>{label}</dt><dd><span id="{place}">{value}</span>{button}</dd></div>'


def _counts(counts: Mapping[str, tuple[int, int]]) -> str:
    rows = "".join(
        f'<tr{" class=over" if count > limit else ""}><th scope="row">'
        f"{escape(COUNTS.get(name, name))}</th><td>{count}</td><td>{limit}</td>"
        f"<td>{'超出' + str(count - limit) if count > limit else '未超'}</td></tr>"
        for name, (count, limit) in counts.items()
    )
    head = "<tr><th>项目</th><th>现有</th><th>上限</th><th>结果</th></tr>"
    return (
        f"<h3>字数与上限</h3><table><thead>{head}</thead><tbody>{rows}</tbody></table>"
        if rows
        else ""
    )


def _pictures(pictures: Sequence[Picture]) -> str:
    items = "".join(f"<li>{''.join(_picture(p))}</li>" for p in pictures)
    return f'<h3>图片（按正文顺序）</h3><ol class="pictures">{items}</ol>' if items else ""


def _picture(picture: Picture) -> Iterator[str]:
    yield f"<strong>{escape(picture.file)}</strong><br>"
    pixels = f"{picture.width}×{picture.height}像素" if picture.width else "像素未知"
    weight = f"{picture.size / 1024:.0f} KB" if picture.size is not None else "大小未知"
    yield f"{pixels}，{weight}"
    for ratio, part in picture.crops.items():
        yield f"<br>封面{escape(ratio)}：<code>{escape(part)}</code>"
    if _DATA.fullmatch(picture.data):
        framed = cover_frames(picture.data, picture.alt, picture.crops)
        yield framed or f'<img src="{picture.data}" alt="{escape(picture.alt)}">'


def _previews(sheet: CopySheet, number: int) -> str:
    """Day and night side by side in the page, one shown at a time, at one of two widths."""
    made = sheet.rendition
    data = {p.file: p.data for p in sheet.pictures if _DATA.fullmatch(p.data)}
    day = _with_data(made.html, data) or f'<p class="plain">{escape(made.text)}</p>'
    night = _with_data(sheet.dark, data) or day
    widths = "".join(_radio(f"w{number}", f"w{w}", f"{w}像素", w == WIDTHS[0]) for w in WIDTHS)
    modes = _radio(f"m{number}", "day", "浅色", True) + _radio(f"m{number}", "night", "深色", False)
    return (
        '<div class="preview"><h3>预览</h3>'
        f"<fieldset><legend>宽度</legend>{widths}</fieldset>"
        f"<fieldset><legend>模式（深色为近似效果）</legend>{modes}</fieldset>"
        f'<div class="screen day"><p class="headline">{escape(made.title)}</p>{day}</div>'
        f'<div class="screen night"><p class="headline">{escape(made.title)}</p>{night}</div></div>'
    )


def _radio(group: str, value: str, label: str, checked: bool) -> str:
    mark = " checked" if checked else ""
    return f'<label><input type="radio" name="{group}" value="{value}"{mark}>{label}</label> '


def _with_data(html: str, data: Mapping[str, str]) -> str:
    """Images by their bytes; one without is a mark, so that no request leaves the page."""

    def shown(found: re.Match[str]) -> str:
        file = _file_of(found[0])
        if file not in data:
            return f'<span style="{_PLACE}">【图片：{escape(file)}】</span>'
        return _SOURCE.sub(lambda _: f' src="{data[file]}"', found[0], count=1)

    return _IMAGE.sub(shown, html)


def _file_of(image: str) -> str:
    """The name of its file: the app's text gives whole addresses."""
    found = _SOURCE.search(image)
    return unquote(found[1].replace("&amp;", "&")).rpartition("/")[2] if found else ""
