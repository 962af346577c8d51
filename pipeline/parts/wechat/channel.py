"""WeChat: an article for its editor, the fields beside it, and what a saved page of it holds."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise
from types import MappingProxyType

import nh3
from markdown_it.token import Token

from pipeline.detect.classes import classes
from pipeline.model.channels import ChannelCode, ChannelRegisters, CopySheet, SavedPage
from pipeline.model.findings import Message, say
from pipeline.model.lazy import regex
from pipeline.model.posts import UNKNOWN, Link, Post, Rendition, Sizes
from pipeline.parts.wechat.part import HOST
from pipeline.parts.wechat.problems import check_wechat, wechat_counts, wechat_fields
from pipeline.render.body import Body, read_body
from pipeline.render.markup import host_of, paragraph_html, run_html, source_words, stressed
from pipeline.render.token_words import headings_of, says_something

# A post as a WeChat article: HTML for the official editor, inline styles only.
#
# Held by `wechat_check` to the editor's structure rules and limits. WeChat lets links lead to
# its own articles alone, so all others become numbered notes at the end.


# How a WeChat article looks: themes as data, one inline style to each kind of element.
#
# WeChat strips style sheets and classes, so every declaration here is written into the article
# and counts towards its 20,000 characters: the outermost section carries what is inherited, and
# everything else says only what differs. Backgrounds are greys without hue, because WeChat's
# dark mode turns those over with the page but leaves a tinted box bright; accents are text and
# borders. No font-family, no width in pixels, line heights without unit (structure rules 1, 4,
# 5).

_INK = "#333333"
_FAINT = "#595959"
"""The lightest grey that dark mode turns over; it leaves a lighter one as it is, too dark."""
_GREY = "#f5f5f5"
_LINE = "#d9d9d9"
_NAVY = "#123c6e"

ALERT_ACCENTS: Mapping[str, str] = MappingProxyType(
    {"red": "#801515", "orange": "#a84300", "yellow": "#7a5b00", "blue": "#124a8c"}
)
"""Signal colour → accent with a contrast of 4.5 to 1 by day and by night (WCAG 2.2, 1.4.3)."""


@dataclass(frozen=True)
class Theme:
    """One look; `styles` maps the kind of element to its CSS declarations, without spaces."""

    name: str
    styles: Mapping[str, str]


_SHARED: Mapping[str, str] = {
    "body": f"font-size:16px;line-height:1.75;color:{_INK};overflow-wrap:break-word",
    "p": "margin:0 0 16px",
    "h3": "margin:24px 0 8px;font-size:17px;font-weight:bold;line-height:1.5",
    "h4": "margin:20px 0 8px;font-weight:bold",
    "figure": "margin:0 0 16px;text-align:center",
    "img": "max-width:100%;height:auto;vertical-align:middle",
    "caption": f"margin:8px 0 0;font-size:14px;line-height:1.6;color:{_FAINT};text-align:center",
    "quote": f"margin:0 0 16px;padding:12px 14px 1px;border-left:3px solid {_LINE};"
    f"background-color:{_GREY}",
    "list": "margin:0 0 16px;padding-left:24px",
    "sublist": "margin:0;padding-left:20px",
    "item": "margin:0 0 8px",
    "code": f"background-color:{_GREY};padding:1px 4px;font-size:15px",
    "verbatim": f"margin:0 0 16px;padding:12px 14px;background-color:{_GREY};"
    "font-size:14px;line-height:1.6",
    "table-box": "margin:0 0 16px;overflow-x:auto",
    "table": "width:100%;border-collapse:collapse;font-size:14px;line-height:1.6",
    # Many columns scroll sideways in their box; squeezed, each would be two signs wide on a phone.
    "th": f"border:1px solid {_LINE};padding:6px 5px;min-width:4em;background-color:{_GREY}",
    "td": f"border:1px solid {_LINE};padding:6px 5px;min-width:4em",
    "hr": f"margin:24px 0;border:0;border-top:1px solid {_LINE}",
    "struck": "text-decoration:line-through",
    "link": f"color:{_NAVY}",
    "mark": f"font-size:12px;color:{_FAINT};vertical-align:super",
    "source": f"margin:0 0 16px;font-size:14px;color:{_FAINT}",
    "notes": f"margin:32px 0 0;padding:12px 0 0;border-top:1px solid {_LINE};"
    f"font-size:13px;line-height:1.6;color:{_FAINT};word-break:break-all",
    "note": "margin:0 0 4px",
}


def _accented(name: str, accent: str, **changes: str) -> Theme:
    heading = (
        f"margin:32px 0 12px;padding-left:10px;border-left:4px solid {accent};"
        f"font-size:18px;font-weight:bold;line-height:1.5;color:{accent}"
    )
    styles = {**_SHARED, "h2": heading, **changes}
    return Theme(name, MappingProxyType(styles))


PLAIN = _accented("plain", _NAVY)
ALERTS: Mapping[str, Theme] = MappingProxyType(
    {
        color: _accented(
            f"alert-{color}",
            accent,
            body=f"{_SHARED['body']};padding-top:16px;border-top:4px solid {accent}",
            quote=f"margin:0 0 16px;padding:12px 14px 1px;border-left:3px solid {accent};"
            f"background-color:{_GREY}",
        )
        for color, accent in ALERT_ACCENTS.items()
    }
)
"""Colour of the warning signal → theme of its article."""


def theme_of(kind: str, alert: object) -> Theme:
    """The theme of a post, from its front matter: alerts take their signal's colour (else red)."""
    if kind != "alert":
        return PLAIN
    color = str(alert.get("color")) if isinstance(alert, Mapping) else ""
    return ALERTS.get(color, ALERTS["red"])


# The HTML of a WeChat article's body: every element styled inline, every value escaped.

MOST_WRAPPERS = 4  # quotes and lists inside one another; the editor prunes from 15 elements on
MOST_QUOTES = 2

_ALIGN = regex(r"text-align:(?:left|center|right)")
_GAPS = regex(r"^ +| {2,}", re.MULTILINE)
_WRAPPERS = ("</blockquote>", "</ul>", "</ol>")
_START = Token("", "", 0)


@dataclass(frozen=True)
class WechatDialect:
    """How WeChat writes inline tokens (`markup.Dialect`), and what the tokens alone do not know."""

    post: Post
    sizes: Sizes
    theme: Theme
    notes: Mapping[str, int]
    """Address → number of the note that gives it."""

    def open(self, tag: str, kind: str, rest: str = "") -> str:
        style = self.theme.styles.get(kind, "")
        return f'<{tag} style="{style}"{rest}>' if style else f"<{tag}{rest}>"

    def anchor(self, url: str) -> tuple[str, str]:
        """A real link to WeChat itself, else nothing and a note's number."""
        if host_of(url) == HOST:
            return self.open("a", "link", f' href="{escape(url)}"'), "</a>"
        number = self.notes.get(url)
        return "", f"{self.open('span', 'mark')}[{number}]</span>" if number else ""

    def image(self, file: str, attributes: str) -> str:
        size = self.sizes.get(f"{self.post.folder}/{file}")
        natural = f' data-w="{size[0]}"' if size else ""
        return self.open("img", "img", f" {attributes}{natural}")

    def mark(self, token: Token) -> str:
        match token.type:
            case "code_inline":
                return f"{self.open('span', 'code')}{escape(token.content)}</span>"
            case "hardbreak":
                return "<br>"
            case "strong_open":
                return self.open("strong", "strong")
            case "s_open":
                return self.open("span", "struck")
            case "s_close":
                return "</span>"
            case "em_open" | "em_close" | "strong_close":
                return stressed(token)
        return escape(token.content)

    def figure(self, image: str, caption: str) -> str:
        under = f"{self.open('p', 'caption')}{caption}</p>" if caption else ""
        return f"{self.open('section', 'figure')}{image}{under}</section>"

    def words(self, html: str, tight: bool) -> str:
        return html if tight else f"{self.open('p', 'p')}{html}</p>"


def blocks_of(tokens: Iterable[Token], dialect: WechatDialect) -> Iterator[str]:
    """The HTML of a whole body, in pieces; `closers` is empty text for a wrapper left out."""
    closers: list[str] = []
    for before, token in pairwise((_START, *tokens)):
        if token.type in ("blockquote_open", "bullet_list_open", "ordered_list_open"):
            yield _wrapper(token, closers, dialect)
        elif token.type == "list_item_open":
            yield _item(token, closers, dialect)
        elif token.type.startswith(("blockquote", "bullet_list", "ordered_list", "list_item")):
            yield closers.pop()
        elif token.type == "inline" and before.type == "paragraph_open":
            yield from paragraph_html(token, before.hidden, dialect)
        elif token.type == "inline" and before.type == "heading_open":
            yield _heading(token, before.tag, dialect)
        else:
            yield _block(token, dialect)


def _wrapper(token: Token, closers: list[str], dialect: WechatDialect) -> str:
    """Open a quote or a list, or nothing where wrappers already stand too deep."""
    is_quote = token.type == "blockquote_open"
    around = [c for c in closers if c in _WRAPPERS]
    too_deep = len(around) >= MOST_WRAPPERS or (
        is_quote and around.count("</blockquote>") >= MOST_QUOTES
    )
    closers.append("" if too_deep else f"</{token.tag}>")
    if too_deep:
        return ""
    if is_quote:
        return dialect.open("blockquote", "quote")
    start = f' start="{token.attrs["start"]}"' if "start" in token.attrs else ""
    nested = any(c in ("</ul>", "</ol>") for c in around)
    return dialect.open(token.tag, "sublist" if nested else "list", start)


def _item(token: Token, closers: list[str], dialect: WechatDialect) -> str:
    """A list item; in a list left out, a new line with the item's own mark."""
    if closers[-1]:
        closers.append("</li>")
        return dialect.open("li", "item")
    closers.append("")
    return f"<br>{token.info}{token.markup} " if token.info else "<br>• "


def _heading(inline: Token, tag: str, dialect: WechatDialect) -> str:
    """Headings are sections: the editor gives h1 to h6 styles of its own."""
    if not says_something(inline.children or ()):
        return ""
    kind = {"h1": "h2", "h2": "h2", "h3": "h3"}.get(tag, "h4")
    words = run_html(inline.children or (), dialect).strip()
    return f"{dialect.open('section', kind)}{words}</section>"


def _block(token: Token, dialect: WechatDialect) -> str:
    match token.type:
        case "inline":
            return run_html(token.children or (), dialect)
        case "fence" | "code_block":
            return f"{dialect.open('section', 'verbatim')}{_verbatim(token.content)}</section>"
        case "table_open":
            return dialect.open("section", "table-box") + dialect.open("table", "table")
        case "table_close":
            return "</table></section>"
        case "th_open" | "td_open":
            align = _ALIGN.search(str(token.attrs.get("style", "")))
            style = dialect.theme.styles[token.tag] + (f";{align[0]}" if align else "")
            return f'<{token.tag} style="{style}">'
        case "hr":
            return dialect.open("hr", "hr")
        case "paragraph_open" | "paragraph_close" | "heading_open" | "heading_close":
            return ""
    return f"</{token.tag}>" if token.nesting == -1 else f"<{token.tag}>"


def _verbatim(text: str) -> str:
    """Lines as typed without `pre`, which does not wrap on a phone (structure rule 9)."""
    spaced = _GAPS.sub(lambda gap: "\u00a0" * len(gap[0]), text.strip("\n"))
    return escape(spaced).replace("\n", "<br>")


CHANNEL = "wechat"
_TABLE = frozenset({"table", "tbody", "td", "th", "thead", "tr"})
_BLOCKS = frozenset({"blockquote", "hr", "li", "ol", "p", "section", "ul"})
TAGS = _TABLE | _BLOCKS | {"a", "br", "em", "img", "span", "strong"}
ATTRIBUTES: dict[str, frozenset[str]] = {
    "*": frozenset({"style"}),
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt", "data-w"}),
    "ol": frozenset({"start"}),
}
_SPACE = frozenset({"margin", "padding", "padding-left", "padding-top", "line-height"})
_FRAME = frozenset({"border", "border-collapse", "border-left", "border-top", "background-color"})
_SIZE = frozenset({"height", "max-width", "min-width", "overflow-x", "width"})
_BREAKS = frozenset({"overflow-wrap", "word-break"})
_WORDS = frozenset(
    {"color", "font-size", "font-weight", "text-align", "text-decoration", "vertical-align"}
)
PROPERTIES = _SPACE | _FRAME | _SIZE | _BREAKS | _WORDS
_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags={"script", "style"},
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    filter_style_properties=set(PROPERTIES),
    url_schemes={"http", "https"},
    link_rel=None,
)


def render_wechat(post: Post, registers: ChannelRegisters, sizes: Sizes = UNKNOWN) -> Rendition:
    """The rendition of channel ``wechat``; of a withdrawn post nothing is left but its title.

    An image's `src` is the name of its file: a placeholder until the editor has uploaded it.
    `images` and `links` are as in the archive's rendition. Never raises.
    """
    if post.withdrawn:
        return Rendition(CHANNEL, post.title, "", "", (), ())
    body = read_body(post, registers)
    links = tuple(_links(body))
    notes = _notes(links)
    numbers = {url: number for number, url in enumerate(notes, start=1)}
    dialect = WechatDialect(
        post, sizes, theme_of("" if post.drill else post.kind, post.meta.get("alert")), numbers
    )
    lines = [f"[{numbers[url]}] {words}：{url}" for url, words in notes.items()]
    return Rendition(
        CHANNEL,
        post.title,
        _CLEANER.clean(_html(body, lines, dialect)),
        body.text(*lines),
        links,
        body.images,
        tuple((h.level, h.id, h.text) for h in headings_of(body.abroad) if h.text),
        ai_label=body.ai_label,
    )


def _links(body: Body) -> Iterator[Link]:
    """The links that readers can follow or type; a place on the page is none in WeChat."""
    if body.source and body.source.url:
        yield Link(body.source.url, body.source.name, body.source.line)
    for url, words, line in body.links_abroad:
        if not url.startswith("#"):
            yield Link(url, words, line)


def _notes(links: Iterable[Link]) -> dict[str, str]:
    """Address → words of every link that needs a note: not where the words are the address."""
    notes: dict[str, str] = {}
    for link in links:
        bare = link.url.removeprefix("mailto:").removeprefix("tel:")
        if host_of(link.url) != HOST and link.text.strip() not in (link.url, bare):
            notes.setdefault(link.url, link.text.strip() or "链接")
    return notes


def _html(body: Body, lines: Sequence[str], dialect: WechatDialect) -> str:
    parts = [dialect.open("section", "body")]
    if body.source:
        parts.append(f"{dialect.open('p', 'source')}{source_words(body.source, dialect)}</p>")
    if body.label:
        parts.append(f"{dialect.open('p', 'source')}{escape(body.label)}</p>")
    parts.extend(blocks_of(body.abroad, dialect))
    if lines:
        notes = "".join(f"{dialect.open('p', 'note')}{escape(line)}</p>" for line in lines)
        parts.append(f"{dialect.open('section', 'notes')}{notes}</section>")
    return "".join((*parts, "</section>"))


COUNTS: Mapping[str, Message] = {
    "title": say("Title (characters)"),
    "title-width": say("Title (width, a Chinese sign counts 2)"),
    "author": say("Author (characters)"),
    "digest": say("Summary (characters)"),
    "content": say("HTML of the text (characters)"),
}


class WechatChannel(ChannelCode):
    """WeChat."""

    tab, frame = say("WeChat"), say("As WeChat will show it on a phone")
    page = SavedPage(frozenset({"activity-name", "js_content"}), added=classes("drift")["wechat"])

    def render(self, post: Post, registers: ChannelRegisters, sizes: Sizes) -> Rendition:
        made = render_wechat(post, registers, sizes)
        fields = wechat_fields(post, registers, sizes)
        return replace(made, problems=check_wechat(made.html, fields, post))

    def sheets(
        self, post: Post, registers: ChannelRegisters, sizes: Sizes, sheet: CopySheet
    ) -> Iterator[CopySheet]:
        html, fields = sheet.rendition.html, wechat_fields(post, registers, sizes)
        yield replace(
            sheet,
            fields={
                say("Title"): fields.title,
                say("Author"): fields.author,
                say("Summary"): fields.digest,
                say("Read the original"): fields.content_source_url,
            },
            counts={COUNTS[name]: pair for name, pair in wechat_counts(html, fields).items()},
        )


CODE = WechatChannel()
