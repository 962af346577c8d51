"""The HTML of a WeChat article's body: every element styled inline, every value escaped."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from urllib.parse import quote

from markdown_it.token import Token

from pipeline.model.posts import Post
from pipeline.render.markup import Sizes, file_of, host_of
from pipeline.render.reading import alt_of, caption_of, pieces_of, says_something
from pipeline.render.wechat_styles import Theme

HOST = "mp.weixin.qq.com"
"""The one host that links of an article may lead to."""
MOST_WRAPPERS = 4  # quotes and lists inside one another; the editor prunes from 15 elements on
MOST_QUOTES = 2

_ALIGN = re.compile(r"text-align:(?:left|center|right)")
_GAPS = re.compile(r"^ +| {2,}", re.MULTILINE)
_WRAPPERS = ("</blockquote>", "</ul>", "</ol>")
_START = Token("", "", 0)


@dataclass(frozen=True)
class Article:
    """What the tokens alone do not know."""

    post: Post
    sizes: Sizes
    theme: Theme
    notes: Mapping[str, int]
    """Address → number of the note that gives it."""

    def open(self, tag: str, kind: str, rest: str = "") -> str:
        style = self.theme.styles.get(kind, "")
        return f'<{tag} style="{style}"{rest}>' if style else f"<{tag}{rest}>"


def anchor(url: str, article: Article) -> tuple[str, str]:
    """Opening and closing of a link: a real one to WeChat, else nothing and a note's number."""
    if host_of(url) == HOST:
        return article.open("a", "link", f' href="{escape(url)}"'), "</a>"
    number = article.notes.get(url)
    return "", f"{article.open('span', 'mark')}[{number}]</span>" if number else ""


def blocks_of(tokens: Iterable[Token], article: Article) -> Iterator[str]:
    """The HTML of a whole body, in pieces; `closers` is empty text for a wrapper left out."""
    closers: list[str] = []
    for before, token in pairwise((_START, *tokens)):
        if token.type in ("blockquote_open", "bullet_list_open", "ordered_list_open"):
            yield _wrapper(token, closers, article)
        elif token.type == "list_item_open":
            yield _item(token, closers, article)
        elif token.type.startswith(("blockquote", "bullet_list", "ordered_list", "list_item")):
            yield closers.pop()
        elif token.type == "inline" and before.type == "paragraph_open":
            yield from _paragraph(token, before.hidden, article)
        elif token.type == "inline" and before.type == "heading_open":
            yield _heading(token, before.tag, article)
        else:
            yield _block(token, article)


def _wrapper(token: Token, closers: list[str], article: Article) -> str:
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
        return article.open("blockquote", "quote")
    start = f' start="{token.attrs["start"]}"' if "start" in token.attrs else ""
    nested = any(c in ("</ul>", "</ol>") for c in around)
    return article.open(token.tag, "sublist" if nested else "list", start)


def _item(token: Token, closers: list[str], article: Article) -> str:
    """A list item; in a list left out, a new line with the item's own mark."""
    if closers[-1]:
        closers.append("</li>")
        return article.open("li", "item")
    closers.append("")
    return f"<br>{token.info}{token.markup} " if token.info else "<br>• "


def _paragraph(inline: Token, tight: bool, article: Article) -> Iterator[str]:
    """Words in paragraphs, images between them with their captions; a tight list has none."""
    for piece in pieces_of(inline):
        if isinstance(piece, Token):
            caption = escape(caption_of(piece))
            under = f"{article.open('p', 'caption')}{caption}</p>" if caption else ""
            yield f"{article.open('section', 'figure')}{_img(piece, article)}{under}</section>"
        else:
            words = _run(piece, article).strip()
            yield words if tight else f"{article.open('p', 'p')}{words}</p>"


def _heading(inline: Token, tag: str, article: Article) -> str:
    """Headings are sections: the editor gives h1 to h6 styles of its own."""
    if not says_something(inline.children or ()):
        return ""
    kind = {"h1": "h2", "h2": "h2", "h3": "h3"}.get(tag, "h4")
    return (
        f"{article.open('section', kind)}{_run(inline.children or (), article).strip()}</section>"
    )


def _block(token: Token, article: Article) -> str:
    match token.type:
        case "inline":
            return _run(token.children or (), article)
        case "fence" | "code_block":
            return f"{article.open('section', 'verbatim')}{_verbatim(token.content)}</section>"
        case "table_open":
            return article.open("section", "table-box") + article.open("table", "table")
        case "table_close":
            return "</table></section>"
        case "th_open" | "td_open":
            align = _ALIGN.search(str(token.attrs.get("style", "")))
            style = article.theme.styles[token.tag] + (f";{align[0]}" if align else "")
            return f'<{token.tag} style="{style}">'
        case "hr":
            return article.open("hr", "hr")
        case "paragraph_open" | "paragraph_close" | "heading_open" | "heading_close":
            return ""
    return f"</{token.tag}>" if token.nesting == -1 else f"<{token.tag}>"


def _verbatim(text: str) -> str:
    """Lines as typed without `pre`, which does not wrap on a phone (structure rule 9)."""
    spaced = _GAPS.sub(lambda gap: "\u00a0" * len(gap[0]), text.strip("\n"))
    return escape(spaced).replace("\n", "<br>")


def _run(tokens: Iterable[Token], article: Article) -> str:
    parts: list[str] = []
    closing = ""
    for token in tokens:
        if token.type == "link_open":
            opening, closing = anchor(str(token.attrs["href"]), article)
            parts.append(opening)
        elif token.type == "link_close":
            parts.append(closing)
        else:
            parts.append(_inline(token, article))
    return "".join(parts)


def _inline(token: Token, article: Article) -> str:
    match token.type:
        case "image":
            return _img(token, article)
        case "code_inline":
            return f"{article.open('span', 'code')}{escape(token.content)}</span>"
        case "hardbreak":
            return "<br>"
        case "strong_open":
            return article.open("strong", "strong")
        case "s_open":
            return article.open("span", "struck")
        case "s_close":
            return "</span>"
        case "em_open" | "em_close" | "strong_close":
            return f"</{token.tag}>" if token.nesting == -1 else f"<{token.tag}>"
    return escape(token.content)


def _img(image: Token, article: Article) -> str:
    file = file_of(image)
    size = article.sizes.get(f"{article.post.folder}/{file}")
    natural = f' data-w="{size[0]}"' if size else ""
    where, alt = escape(quote(file)), escape(alt_of(image))
    return article.open("img", "img", f' src="{where}" alt="{alt}"{natural}')
