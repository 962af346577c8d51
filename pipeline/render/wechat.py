"""A post as a WeChat article: HTML for the official editor, inline styles only.

Held by `wechat_check` to the editor's structure rules and limits. WeChat lets links lead to
its own articles alone, so all others become numbered notes at the end.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape

import nh3

from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import Link, Rendition
from pipeline.render.body import Body, read_body
from pipeline.render.inline import source_words
from pipeline.render.markup import UNKNOWN, Sizes, host_of
from pipeline.render.token_words import headings_of
from pipeline.render.wechat_blocks import HOST, Article, blocks_of
from pipeline.render.wechat_styles import theme_of

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


def render_wechat(
    post: Post, registers: Registers, sizes: Sizes = UNKNOWN, body: Body | None = None
) -> Rendition:
    """The rendition of channel ``wechat``; of a withdrawn post nothing is left but its title.

    An image's `src` is the name of its file: a placeholder until the editor has uploaded it.
    `images` and `links` are as in the archive's rendition. Never raises.
    """
    if post.withdrawn:
        return Rendition(CHANNEL, post.title, "", "", (), ())
    body = body or read_body(post, registers)
    links = tuple(_links(body))
    notes = _notes(links)
    numbers = {url: number for number, url in enumerate(notes, start=1)}
    article = Article(post, sizes, theme_of(post.kind, post.meta.get("alert")), numbers)
    lines = [f"[{numbers[url]}] {words}：{url}" for url, words in notes.items()]
    return Rendition(
        CHANNEL,
        post.title,
        _CLEANER.clean(_html(body, lines, article)),
        body.text(*lines),
        links,
        body.images,
        tuple((h.level, h.id, h.text) for h in headings_of(body.abroad) if h.text),
        ai_label=body.label,
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


def _html(body: Body, lines: Sequence[str], article: Article) -> str:
    parts = [article.open("section", "body")]
    if body.source:
        parts.append(f"{article.open('p', 'source')}{source_words(body.source, article)}</p>")
    if body.label:
        parts.append(f"{article.open('p', 'source')}{escape(body.label)}</p>")
    parts.extend(blocks_of(body.abroad, article))
    if lines:
        notes = "".join(f"{article.open('p', 'note')}{escape(line)}</p>" for line in lines)
        parts.append(f"{article.open('section', 'notes')}{notes}</section>")
    return "".join((*parts, "</section>"))
