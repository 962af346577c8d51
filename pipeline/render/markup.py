"""HTML of tokens, every value escaped where it is written; `sanitise` stands behind it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import pairwise
from types import MappingProxyType
from urllib.parse import quote, unquote

from markdown_it.token import Token

from pipeline.model.posts import Post
from pipeline.model.regex import regex
from pipeline.render.inline import paragraph_html, run_html, source_words, stressed
from pipeline.render.source_line import SourceLine
from pipeline.render.token_words import Heading

Sizes = Mapping[str, tuple[int, int]]
"""Path inside the archive → (width, height) of an image, in pixels."""
UNKNOWN: Sizes = MappingProxyType({})

_HOST = regex(r"https?://([^/?#]*)", re.IGNORECASE)
_ALIGN = regex(r"text-align:(left|center|right)")
_AWAY = 'class="external" rel="noopener noreferrer nofollow"'
_MARK = '<span class="external-mark">（站外）</span>'
_START = Token("", "", 0)


@dataclass(frozen=True)
class Look:
    """What the tokens alone do not know; the archive's `Dialect`."""

    post: Post
    sizes: Sizes
    host: str
    """Host of the archive itself; any other web address leaves the site."""
    headings: tuple[Heading, ...]

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(h.id for h in self.headings)

    def anchor(self, url: str) -> tuple[str, str]:
        """A link; the closing part carries the mark of leaving the site."""
        address = address_of(url, self)
        if host_of(address) in ("", self.host):
            return f'<a href="{escape(address)}">', "</a>"
        return f'<a href="{escape(address)}" {_AWAY}>', f"{_MARK}</a>"

    def image(self, file: str, attributes: str) -> str:
        size = self.sizes.get(f"{self.post.folder}/{file}")
        measure = f' width="{size[0]}" height="{size[1]}"' if size else ""
        return f'<img {attributes}{measure} loading="lazy" decoding="async">'

    def mark(self, token: Token) -> str:
        match token.type:
            case "code_inline":
                return f"<code>{escape(token.content)}</code>"
            case "hardbreak":
                return "<br>\n"
            case "ai_mark" | "file_mark":
                name = token.type.replace("_", "-")
                return f'<span class="{name}">{escape(token.content)}</span>'
            case "em_open" | "em_close" | "strong_open" | "strong_close" | "s_open" | "s_close":
                return stressed(token)
        return escape(token.content)

    def figure(self, image: str, caption: str) -> str:
        under = f"<figcaption>{caption}</figcaption>" if caption else ""
        return f"<figure>{image}{under}</figure>\n"

    def words(self, html: str, tight: bool) -> str:
        return f"{html}\n" if tight else f"<p>{html}</p>\n"


def host_of(url: str) -> str:
    """The host (with port) of a web address, in lower case; empty for anything else."""
    found = _HOST.match(url)
    return found[1].casefold() if found else ""


def address_of(url: str, look: Look) -> str:
    """The address itself; a place on the page always lies inside the body (ids begin ``s-``)."""
    if not url.startswith("#"):
        return url
    name = unquote(url[1:])
    return "#" + quote(name if name in look.ids else f"s-{name}")


def source_html(source: SourceLine | None, look: Look) -> str:
    """The paragraph that names the source of a reprint; empty without one."""
    return f'<p class="source-line">{source_words(source, look)}</p>\n' if source else ""


def label_html(label: str) -> str:
    """The paragraph that says that a machine wrote or helped; empty without a label."""
    return f'<p class="ai-label">{escape(label)}</p>\n' if label else ""


def blocks_html(tokens: Iterable[Token], look: Look) -> Iterator[str]:
    """The HTML of a whole body, in pieces; `look.headings` are those of these tokens."""
    headings = iter(look.headings)
    tables = heading = 0
    for before, token in pairwise((_START, *tokens)):
        if token.type == "heading_open":
            current = next(headings)
            heading = current.level
            yield f'<h{heading} id="{escape(current.id)}">'
        elif token.type == "heading_close":
            yield f"</h{heading}>\n"
        elif token.type == "table_open":
            tables += 1
            yield _table_start(tables)
        elif token.type == "inline" and before.type == "paragraph_open":
            yield from paragraph_html(token, before.hidden, look)
        else:
            yield _block(token, look)


def _table_start(number: int) -> str:
    """Regions of one page need names of their own (WAI-ARIA landmark practice)."""
    label = "表格" if number == 1 else f"表格 {number}"
    return f'<div class="table-scroll" tabindex="0" role="region" aria-label="{label}"><table>\n'


def _block(token: Token, look: Look) -> str:
    match token.type:
        case "inline":
            return run_html(token.children or (), look)
        case "paragraph_open" | "paragraph_close":
            return ""
        case "fence" | "code_block":
            return f'<pre tabindex="0"><code>{escape(token.content)}</code></pre>\n'
        case "table_close":
            return "</table></div>\n"
        case "th_open" | "td_open":
            return _cell(token)
        case "ordered_list_open" if "start" in token.attrs:
            return f'<ol start="{token.attrs["start"]}">'
    return f"</{token.tag}>\n" if token.nesting == -1 else f"<{token.tag}>"


def _cell(token: Token) -> str:
    scope = ' scope="col"' if token.tag == "th" else ""
    align = _ALIGN.search(str(token.attrs.get("style", "")))
    return f"<{token.tag}{scope}" + (f' class="align-{align[1]}">' if align else ">")
