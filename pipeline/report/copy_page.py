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

# Style and script of the copy page, as they stand inside it.

STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #eef1f5; color: #1c232b; font: 16px/1.6 system-ui, sans-serif; }
.unreviewed { position: sticky; top: 0; z-index: 1; margin: 0; padding: 12px 16px;
  background: #b3261e; color: #fff; font-size: 1.2rem; font-weight: bold; text-align: center; }
main { max-width: 1240px; margin: 0 auto; padding: 16px; }
h1 { font-size: 1.35rem; margin: 8px 0 16px; }
h2 { font-size: 1.2rem; margin: 0 0 12px; }
h3 { font-size: 1rem; margin: 20px 0 8px; }
h4 { font-size: .9rem; margin: 8px 0 4px; }
.sheet { background: #fff; border: 1px solid #d3dae3; border-radius: 6px; padding: 20px;
  margin: 0 0 20px; }
.columns { display: flex; flex-wrap: wrap; gap: 28px; align-items: flex-start; }
.columns > div { flex: 1 1 320px; min-width: 0; }
.columns > .preview { flex: 0 1 auto; max-width: 100%; }
.problems { border-left: 4px solid #b3261e; background: #fdf1f0; padding: 8px 16px; }
.problems h3 { margin: 0; color: #8f1d17; }
button { font: inherit; min-height: 32px; padding: 2px 12px; border: 1px solid #123c6e;
  border-radius: 4px; background: #fff; color: #123c6e; cursor: pointer; white-space: nowrap; }
.act button { background: #123c6e; color: #fff; min-height: 44px; padding: 4px 24px; }
button:focus-visible, input:focus-visible, summary:focus-visible { outline: 3px solid #0b57d0;
  outline-offset: 2px; }
textarea { width: 100%; height: 120px; box-sizing: border-box; font: 13px/1.5 monospace; }
.fields { margin: 0; }
.fields div { display: grid; grid-template-columns: 5em 1fr; gap: 8px; padding: 8px 0;
  border-bottom: 1px solid #e3e8ee; }
dt { color: #505b67; }
dd { margin: 0; overflow-wrap: anywhere; display: flex; gap: 12px; align-items: start;
  justify-content: space-between; }
.sheet div > table { border-collapse: collapse; width: 100%; font-size: .9rem; }
.columns > div:first-child th, .columns > div:first-child td { text-align: left;
  padding: 5px 8px; border-bottom: 1px solid #e3e8ee; font-weight: normal; }
.columns > div:first-child th:last-child, .columns > div:first-child td { white-space: nowrap; }
.over td, .over th { color: #8f1d17; font-weight: bold !important; }
.pictures { padding-left: 24px; font-size: .9rem; }
.pictures li { margin: 0 0 12px; overflow-wrap: anywhere; }
.pictures img { display: block; max-width: 240px; max-height: 320px; }
fieldset { border: 0; padding: 0; margin: 0 0 4px; }
legend { float: left; margin-right: 12px; color: #505b67; }
label { margin-right: 12px; white-space: nowrap; }
.screen { width: 375px; max-width: 100%; box-sizing: border-box; padding: 16px; margin-top: 12px;
  border: 1px solid #b9c2cd; background: #fff; color: #191919; overflow-wrap: break-word;
  overflow-x: auto; }
.preview:has([value=w677]:checked) .screen { width: 677px; }
.night { display: none; background: #191919; color: #a3a3a3; }
.preview:has([value=night]:checked) .night { display: block; }
.preview:has([value=night]:checked) .day { display: none; }
.headline { font-size: 22px; line-height: 1.4; font-weight: bold; margin: 0 0 16px; }
.plain { white-space: pre-wrap; margin: 0; }
"""

SCRIPT = """
"use strict";
const put = (plain, rich) => {
  const fill = (event) => {
    event.clipboardData.setData("text/plain", plain);
    if (rich) event.clipboardData.setData("text/html", rich);
    event.preventDefault();
  };
  document.addEventListener("copy", fill);
  try { return document.execCommand("copy"); }
  finally { document.removeEventListener("copy", fill); }
};
const copy = async (plain, rich) => {
  try {
    const kinds = { "text/plain": new Blob([plain], { type: "text/plain" }) };
    if (rich) kinds["text/html"] = new Blob([rich], { type: "text/html" });
    await navigator.clipboard.write([new ClipboardItem(kinds)]);
    return true;
  } catch (refused) { return put(plain, rich); }
};
const text = (place, kind) => place.querySelector("[data-" + kind + "]")?.value ?? "";
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const sheet = button.closest("[data-sheet]");
  const field = button.dataset.field;
  const done = field
    ? await copy(document.getElementById(field).textContent, "")
    : await copy(text(sheet, "plain"), text(sheet, "rich"));
  sheet.querySelector("[data-said]").textContent = done
    ? "已复制，可以粘贴。" : "浏览器不允许复制：请展开下面的内容，全选后复制。";
  if (field && done) {
    button.textContent = "已复制";
    setTimeout(() => { button.textContent = "复制"; }, 2000);
  }
});
"""


# A cover with its crops drawn in: what the message shows, what a card shows, what both show.

Part = tuple[float, float, float, float]
"""Left, top, right, bottom as fractions of width and height."""
LEGEND = "绿框内为安全区：{ratios}两种裁切都看得见，文字和人物放在框内。"
FRAMES = """
.frames { position: relative; display: block; width: fit-content; margin: 4px 0; }
.frame { position: absolute; box-sizing: border-box; border: 1px dashed #fff;
  outline: 1px dashed #333; outline-offset: -2px; }
.frame.safe { border: 3px solid #1b7f3b; outline: 1px solid #fff; outline-offset: 0; }
"""


def cover_frames(data: str, alt: str, crops: Mapping[str, str]) -> str:
    """The picture (a ``data:`` address) with a frame to each crop, and one to what all share.

    `crops`: ratio → ``X1_Y1_X2_Y2``; one that cannot be read is left out. Empty without any.
    """
    parts = {ratio: part for ratio, text in crops.items() if (part := _part(text))}
    if not parts:
        return ""
    frames = "".join(_frame("frame", part) for part in parts.values())
    safe = _common(tuple(parts.values()))
    legend = f"<span>{escape(LEGEND.format(ratios='、'.join(parts)))}</span>" if safe else ""
    drawn = frames + (_frame("frame safe", safe) if safe else "")
    return f'<span class="frames"><img src="{data}" alt="{escape(alt)}">{drawn}</span>{legend}'


def _part(text: str) -> Part | None:
    try:
        left, top, right, bottom = map(float, text.split("_"))
    except ValueError:
        return None
    return (left, top, right, bottom) if 0 <= left < right <= 1 and 0 <= top < bottom <= 1 else None


def _common(parts: tuple[Part, ...]) -> Part | None:
    """What lies in every part; None when nothing does."""
    left, top = max(p[0] for p in parts), max(p[1] for p in parts)
    right, bottom = min(p[2] for p in parts), min(p[3] for p in parts)
    return (left, top, right, bottom) if left < right and top < bottom else None


def _frame(name: str, part: Part) -> str:
    left, top, right, bottom = part
    position = f"left:{left:.2%};top:{top:.2%};width:{right - left:.2%};height:{bottom - top:.2%}"
    return f'<span class="{name}" style="{position}"></span>'


CHANNELS = {"wechat": "微信公众号", "weibo": "微博", "app": "客户端", "archive": "公开档案"}
FIELDS = {"title": "标题", "author": "作者", "digest": "摘要", "content_source_url": "阅读原文"}
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
_PLACEHOLDER = "border:1px dashed #b3261e;padding:8px;color:#b3261e;overflow-wrap:anywhere"
_DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*")


@dataclass(frozen=True)
class SheetPicture:
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
    pictures: Sequence[SheetPicture] = ()
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

    def mark(match: re.Match[str]) -> str:
        file = escape(_file_of(match[0]))
        return f'<span style="{_PLACEHOLDER}">【此处插入图片{next(numbers)}：{file}】</span>'

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
        _field(escape(FIELDS.get(name, name)), escape(value), f"f{number}-{index}", draft)
        for index, (name, value) in enumerate(fields.items())
    )
    return f'<h3>发布栏目</h3><dl class="fields">{rows}</dl>' if rows else ""


def _field(label: str, value: str, target: str, draft: bool) -> str:
    button = f'<button type="button" data-field="{target}" aria-label="复制{label}">复制</button>'
    if draft:
        button = ""
    return f'<div><dt>{label}</dt><dd><span id="{target}">{value}</span>{button}</dd></div>'


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


def _pictures(pictures: Sequence[SheetPicture]) -> str:
    items = "".join(f"<li>{''.join(_picture(p))}</li>" for p in pictures)
    return f'<h3>图片（按正文顺序）</h3><ol class="pictures">{items}</ol>' if items else ""


def _picture(picture: SheetPicture) -> Iterator[str]:
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

    def shown(match: re.Match[str]) -> str:
        file = _file_of(match[0])
        if file not in data:
            return f'<span style="{_PLACEHOLDER}">【图片：{escape(file)}】</span>'
        return _SOURCE.sub(lambda _: f' src="{data[file]}"', match[0], count=1)

    return _IMAGE.sub(shown, html)


def _file_of(image: str) -> str:
    """The name of its file: the app's text gives whole addresses."""
    match = _SOURCE.search(image)
    return unquote(match[1].replace("&amp;", "&")).rpartition("/")[2] if match else ""
