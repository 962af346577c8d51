"""HTML of tokens: every value is escaped where it is written, and `sanitise` filters the rest."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import pairwise
from typing import Protocol
from urllib.parse import quote, unquote

import nh3
from markdown_it.token import Token

from pipeline.model.lazy import regex
from pipeline.model.posts import Post, Sizes
from pipeline.render import token_words
from pipeline.render.body import SourceLine, file_of

_HOST = regex(r"https?://([^/?#]*)", re.IGNORECASE)
_ALIGN = regex(r"text-align:(left|center|right)")
_AWAY = 'class="external" rel="noopener noreferrer nofollow"'
_MARK = '<span class="external-mark">（站外）</span>'
_START = Token("", "", 0)
SPAN = "span"
"""Key of a token's `meta`: attributes of its element on a reviewer's page (`sentences`)."""


@dataclass(frozen=True)
class ArchiveDialect:
    """How the archive writes inline tokens (`Dialect`), and what the tokens alone do not know."""

    post: Post
    sizes: Sizes
    host: str
    """Host of the archive itself; any other web address leaves the site."""
    headings: tuple[token_words.Heading, ...]

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
                return _spanned(token, f"<code>{escape(token.content)}</code>")
            case "hardbreak":
                return "<br>\n"
            case "ai_mark" | "file_mark":
                name = token.type.replace("_", "-")
                return f'<span class="{name}">{escape(token.content)}</span>'
            case "em_open" | "em_close" | "strong_open" | "strong_close" | "s_open" | "s_close":
                return stressed(token)
        return _spanned(token, escape(token.content))

    def figure(self, image: str, caption: str) -> str:
        under = f"<figcaption>{caption}</figcaption>" if caption else ""
        return f"<figure>{image}{under}</figure>\n"

    def words(self, html: str, tight: bool) -> str:
        return f"{html}\n" if tight else f"<p>{html}</p>\n"


def _spanned(token: Token, html: str) -> str:
    return f"<span{token.meta[SPAN]}>{html}</span>" if SPAN in token.meta else html


def host_of(url: str) -> str:
    """The host (with port) of a web address, in lower case; empty for anything else."""
    host = _HOST.match(url)
    return host[1].casefold() if host else ""


def address_of(url: str, dialect: ArchiveDialect) -> str:
    """The address itself; a place on the page always lies inside the body (ids begin ``s-``)."""
    if not url.startswith("#"):
        return url
    name = unquote(url[1:])
    return "#" + quote(name if name in dialect.ids else f"s-{name}")


def source_html(source: SourceLine | None, dialect: ArchiveDialect) -> str:
    """The paragraph that names the source of a reprint; empty without one."""
    return f'<p class="source-line">{source_words(source, dialect)}</p>\n' if source else ""


def label_html(label: str) -> str:
    """The paragraph that says that a machine wrote or helped; empty without a label."""
    return f'<p class="ai-label">{escape(label)}</p>\n' if label else ""


def blocks_html(tokens: Iterable[Token], dialect: ArchiveDialect) -> Iterator[str]:
    """The HTML of a whole body, in pieces; `dialect.headings` are those of these tokens."""
    headings = iter(dialect.headings)
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
            yield from paragraph_html(token, before.hidden, dialect)
        else:
            yield _block(token, dialect)


def _table_start(number: int) -> str:
    """Regions of one page need names of their own (WAI-ARIA landmark practice)."""
    label = "表格" if number == 1 else f"表格 {number}"
    return f'<div class="table-scroll" tabindex="0" role="region" aria-label="{label}"><table>\n'


def _block(token: Token, dialect: ArchiveDialect) -> str:
    span = token.meta.get(SPAN, "")
    match token.type:
        case "inline":
            return run_html(token.children or (), dialect)
        case "paragraph_open" | "paragraph_close":
            return ""
        case "fence" | "code_block":
            return f'<pre tabindex="0"{span}><code>{escape(token.content)}</code></pre>\n'
        case "table_close":
            return "</table></div>\n"
        case "th_open" | "td_open":
            return _cell(token)
        case "ordered_list_open" if "start" in token.attrs:
            return f'<ol start="{token.attrs["start"]}">'
    return f"</{token.tag}>\n" if token.nesting == -1 else f"<{token.tag}{span}>"


def _cell(token: Token) -> str:
    scope = ' scope="col"' if token.tag == "th" else ""
    align = _ALIGN.search(str(token.attrs.get("style", "")))
    return f"<{token.tag}{scope}" + (f' class="align-{align[1]}">' if align else ">")


# The filter of every HTML fragment: what is not on this list does not pass (threats A33).
#
# The renderer escapes everything already; this list holds even where it errs.

HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset(
    {"blockquote", "div", "figcaption", "figure", "hr", "li", "ol", "p", "pre", "ul"}
)
_TABLE = frozenset({"table", "tbody", "td", "th", "thead", "tr"})
_INLINE = frozenset({"a", "br", "code", "em", "img", "s", "span", "strong"})
TAGS = HEADINGS | _BLOCKS | _TABLE | _INLINE
ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href", "download"}),
    "div": frozenset({"aria-label"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "ol": frozenset({"start"}),
    **dict.fromkeys(HEADINGS, frozenset({"id"})),
}
"""Tag → attributes that may have any value (addresses: of `SCHEMES`, or relative)."""
_ALIGNED = frozenset({"align-left", "align-center", "align-right"})
VALUES: dict[str, dict[str, frozenset[str]]] = {
    "a": {"class": frozenset({"external"}), "rel": frozenset({"noopener noreferrer nofollow"})},
    "div": {
        "class": frozenset({"table-scroll"}),
        "role": frozenset({"region"}),
        "tabindex": frozenset({"0"}),
    },
    "img": {"loading": frozenset({"lazy"}), "decoding": frozenset({"async"})},
    "p": {"class": frozenset({"ai-label", "source-line"})},
    "pre": {"tabindex": frozenset({"0"})},
    "span": {"class": frozenset({"ai-mark", "external-mark", "file-mark"})},
    "td": {"class": _ALIGNED},
    "th": {"class": _ALIGNED, "scope": frozenset({"col"})},
}
"""Tag → attribute → the only values it may have."""
SCHEMES = frozenset({"http", "https", "mailto", "tel"})


def _cleaner(attributes: Mapping[str, frozenset[str]]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags={"script", "style"},
        attributes={tag: set(names) for tag, names in attributes.items()},
        tag_attribute_values={
            tag: {name: set(values) for name, values in names.items()}
            for tag, names in VALUES.items()
        },
        url_schemes=set(SCHEMES),
        link_rel=None,
    )


_CLEANER = _cleaner(ATTRIBUTES)
_IDENTITY = frozenset({"id", "data-effect"})
_SPANS = _cleaner(
    {
        **ATTRIBUTES,
        "img": ATTRIBUTES["img"] | _IDENTITY,
        **dict.fromkeys(("hr", "pre", "span"), _IDENTITY),
    }
)


def sanitise(html: str, *, spans: bool = False) -> str:
    """The fragment with only allowed tags, attributes and addresses; well-formed in any case.
    `spans`: ids and effects of sentences, too, which only a reviewer's page has."""
    return (_SPANS if spans else _CLEANER).clean(html)


# The walk through a paragraph that all HTML channels share, each with its own dialect.


class Dialect(Protocol):
    """How one channel writes what stands inside a paragraph; every answer is escaped HTML."""

    def anchor(self, url: str) -> tuple[str, str]:
        """What stands before and after the words of a link."""

    def image(self, file: str, attributes: str) -> str:
        """An image element; `attributes` are src and alt, escaped."""

    def mark(self, token: Token) -> str:
        """Any other inline token: words, stress, code, a line break."""

    def figure(self, image: str, caption: str) -> str:
        """An image that stands by itself, with its caption, which may be empty."""

    def words(self, html: str, tight: bool) -> str:
        """A paragraph; in a tight list it is none."""


def run_html(tokens: Iterable[Token], dialect: Dialect) -> str:
    """A run of inline tokens; links cannot stand in one another."""
    parts: list[str] = []
    closing = ""
    for token in tokens:
        if token.type == "link_open":
            opening, closing = dialect.anchor(str(token.attrs["href"]))
            if saved := token.meta.get(token_words.SAVED_AS):
                opening = opening.replace(">", f' download="{escape(saved)}">', 1)
            parts.append(opening)
        elif token.type == "link_close":
            parts.append(closing)
        elif token.type == "image":
            parts.append(image_html(token, dialect) + _label_html(token, dialect))
        else:
            parts.append(dialect.mark(token))
    return "".join(parts)


def paragraph_html(inline: Token, tight: bool, dialect: Dialect) -> Iterator[str]:
    """Words in paragraphs, images between them as figures."""
    for piece in token_words.pieces_of(inline):
        if isinstance(piece, Token):
            caption = escape(token_words.caption_of(piece)) + _label_html(piece, dialect)
            yield dialect.figure(image_html(piece, dialect), caption)
        else:
            yield dialect.words(run_html(piece, dialect).strip(), tight)


def image_html(image: Token, dialect: Dialect) -> str:
    """An image by the name of its file."""
    file = file_of(image)
    where, alt = escape(quote(file)), escape(token_words.alt_of(image))
    return dialect.image(file, f'src="{where}" alt="{alt}"{image.meta.get(SPAN, "")}')


def _label_html(image: Token, dialect: Dialect) -> str:
    mark = token_words.mark_of(image)
    return dialect.mark(Token(token_words.AI_MARK, "", 0, content=mark)) if mark else ""


def source_words(source: SourceLine, dialect: Dialect) -> str:
    """The line that names a reprint's source, its name a link where the channel has links."""
    start, end = dialect.anchor(source.url) if source.url else ("", "")
    before, name, after = map(escape, (source.before, source.name, source.after))
    return f"{before}{start}{name}{end}{after}"


def stressed(token: Token) -> str:
    """The tag of a stressed passage, opened or closed."""
    return f"</{token.tag}>" if token.nesting == -1 else f"<{token.tag}>"
