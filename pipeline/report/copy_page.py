"""A local page to copy a rendition from: what to paste, how it will look, how much is left.

It works from disk, asks nothing of any host, and runs one script, allowed by its hash.
"""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import Any
from urllib.parse import unquote

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from pipeline.model.channels import CopySheet, SheetPicture
from pipeline.model.findings import Message, say
from pipeline.report.language import Translate


def read(name: str) -> str:
    """A file of this folder: a template, a style, a script."""
    return (files("pipeline.report") / name).read_text(encoding="utf-8")


@cache
def template(source: str) -> Template:
    """A template; what it is not given is an error."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(source)


WIDTHS = (375, 677)
"""Pixels: a phone, and WeChat's article column on a computer."""

_IMAGE = re.compile(r'<img\b(?:\s+[\w-]+(?:="[^"]*")?)*\s*/?>')
_SOURCE = re.compile(r'\ssrc="([^"]*)"')
_PLACEHOLDER = "border:1px dashed #b3261e;padding:8px;color:#b3261e;overflow-wrap:anywhere"
_DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*")


def copy_page(sheets: Sequence[CopySheet], tr: Translate, *, draft: bool) -> str:
    """A whole HTML page, the same for the same sheets. `html` of renditions must be sanitised.

    `draft`: under a red band, with neither a button nor a field to copy from.
    """

    def words(text: str, **values: object) -> str:
        return tr(Message(text, tuple(values.items())))

    return template(read("copy_page.html.j2")).render(
        policy=Markup(copy_policy()),  # noqa: S704 - a constant and a digest
        say=words,
        title=sheets[0].rendition.title if sheets else tr(say("Nothing to copy")),
        sheets=[_sheet(sheet, tr) for sheet in sheets],
        draft=draft,
        widths=WIDTHS,
        style=Markup(read("copy_page.css")),  # noqa: S704 - our own file
        script=Markup(read("copy_page.js")),  # noqa: S704 - our own file
    )


def copy_policy() -> str:
    """What the page may do: run its own script, and nothing that asks another host."""
    digest = b64encode(sha256(read("copy_page.js").encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def clipboard_html(html: str, tr: Translate) -> str:
    """What is pasted: every image a visible mark with its number and file.

    Editors filter images that do not stand on their own hosts, and would leave no trace of them.
    """
    numbers = iter(range(1, html.count("<img") + 1))

    def mark(match: re.Match[str]) -> str:
        words = tr(say("Insert picture {n} here", n=next(numbers)))
        return f'<span style="{_PLACEHOLDER}">【{words}：{escape(_file_of(match[0]))}】</span>'

    return _IMAGE.sub(mark, html)


def _sheet(sheet: CopySheet, tr: Translate) -> dict[str, Any]:
    """What the template shows of one sheet."""
    made = sheet.rendition
    data = {p.file: p.data for p in sheet.pictures if _DATA.fullmatch(p.data)}
    plain = f'<p class="plain">{escape(made.text)}</p>'
    return {
        "name": tr(sheet.name or say("{channel}", channel=made.channel)),
        "title": made.title,
        "problems": sheet.problems,
        "text": made.text,
        "rich": clipboard_html(made.html, tr),
        "fields": [(tr(name), value) for name, value in sheet.fields.items()],
        "counts": [(tr(name), *pair) for name, pair in sheet.counts.items()],
        "pictures": [(p, Markup(_preview(p))) for p in sheet.pictures],  # noqa: S704
        "shown": Markup(_with_data(made.html, data, tr) or plain),  # noqa: S704 - sanitised
    }


def _preview(picture: SheetPicture) -> str:
    if not _DATA.fullmatch(picture.data):
        return ""
    return f'<img src="{picture.data}" alt="{escape(picture.alt)}">'


def _with_data(html: str, data: Mapping[str, str], tr: Translate) -> str:
    """Images by their bytes; one without is a mark, so that no request leaves the page."""

    def shown(match: re.Match[str]) -> str:
        file = _file_of(match[0])
        if file not in data:
            words = f"【{tr(say('Picture'))}：{escape(file)}】"
            return f'<span style="{_PLACEHOLDER}">{words}</span>'
        return _SOURCE.sub(lambda _: f' src="{data[file]}"', match[0], count=1)

    return _IMAGE.sub(shown, html)


def _file_of(image: str) -> str:
    """The name of its file: the app's text gives whole addresses."""
    match = _SOURCE.search(image)
    return unquote(match[1].replace("&amp;", "&")).rpartition("/")[2] if match else ""
