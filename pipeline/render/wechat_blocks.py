"""The HTML of a WeChat article's body: every element styled inline, every value escaped."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from markdown_it.token import Token

from pipeline.model.posts import Post
from pipeline.model.regex import regex
from pipeline.render.inline import paragraph_html, run_html, stressed
from pipeline.render.markup import Sizes, host_of
from pipeline.render.token_words import says_something
from pipeline.render.wechat_styles import Theme

HOST = "mp.weixin.qq.com"
"""The one host that links of an article may lead to."""
MOST_WRAPPERS = 4  # quotes and lists inside one another; the editor prunes from 15 elements on
MOST_QUOTES = 2

_ALIGN = regex(r"text-align:(?:left|center|right)")
_GAPS = regex(r"^ +| {2,}", re.MULTILINE)
_WRAPPERS = ("</blockquote>", "</ul>", "</ol>")
_START = Token("", "", 0)


@dataclass(frozen=True)
class Article:
    """What the tokens alone do not know; WeChat's `Dialect`."""

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
            yield from paragraph_html(token, before.hidden, article)
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


def _heading(inline: Token, tag: str, article: Article) -> str:
    """Headings are sections: the editor gives h1 to h6 styles of its own."""
    if not says_something(inline.children or ()):
        return ""
    kind = {"h1": "h2", "h2": "h2", "h3": "h3"}.get(tag, "h4")
    words = run_html(inline.children or (), article).strip()
    return f"{article.open('section', kind)}{words}</section>"


def _block(token: Token, article: Article) -> str:
    match token.type:
        case "inline":
            return run_html(token.children or (), article)
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
