"""A post as a WeChat article: HTML for the official editor, inline styles only.

Held by `wechat_check` to the editor's structure rules and limits. WeChat lets links lead to
its own articles alone, so all others become numbered notes at the end.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape

import nh3
from markdown_it.token import Token

from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import Image, Link, Rendition
from pipeline.render.markup import UNKNOWN, Sizes, file_of, host_of
from pipeline.render.reading import alt_of, headings_of, links_of, located, plain_text
from pipeline.render.source_line import SourceLine, source_line
from pipeline.render.tokens import parse
from pipeline.render.wechat_blocks import HOST, Article, anchor, blocks_of
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
_SIZE = frozenset({"height", "max-width", "overflow-wrap", "overflow-x", "width", "word-break"})
_WORDS = frozenset(
    {"color", "font-size", "font-weight", "text-align", "text-decoration", "vertical-align"}
)
PROPERTIES = _SPACE | _FRAME | _SIZE | _WORDS

_PICTURE = re.compile(r".+\.(?:png|jpe?g|webp|gif|avif)", re.IGNORECASE | re.DOTALL)
_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags={"script", "style"},
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    filter_style_properties=set(PROPERTIES),
    url_schemes={"http", "https"},
    link_rel=None,
)


def render_wechat(post: Post, registers: Registers, sizes: Sizes = UNKNOWN) -> Rendition:
    """The rendition of channel ``wechat``; of a withdrawn post nothing is left but its title.

    An image's `src` is the name of its file: a placeholder until the editor has uploaded it.
    `images` and `links` are as in the archive's rendition. Never raises.
    """
    if post.withdrawn:
        return Rendition(CHANNEL, post.title, "", "", (), ())
    tokens = parse(post.body)
    images = tuple(
        Image(file_of(token), alt_of(token), post.body_line + line)
        for token, line in located(tokens)
        if token.type == "image"
    )
    for token in tokens:
        token.children = [_or_missing(child, post) for child in token.children or ()]
    source = source_line(post, registers)
    links = tuple(_links(tokens, source, post.body_line))
    notes = _notes(links)
    numbers = {url: number for number, url in enumerate(notes, start=1)}
    article = Article(post, sizes, theme_of(post.kind, post.meta.get("alert")), numbers)
    lines = [f"[{numbers[url]}] {words}：{url}" for url, words in notes.items()]
    return Rendition(
        CHANNEL,
        post.title,
        _CLEANER.clean(_html(tokens, source, lines, article)),
        "\n".join(filter(None, (source.text if source else "", plain_text(tokens), *lines))),
        links,
        images,
        tuple((h.level, h.id, h.text) for h in headings_of(tokens) if h.text),
    )


def shown(file: str, post: Post) -> bool:
    """Whether a picture stands beside the post; an SVG is a document, not a picture."""
    return bool(_PICTURE.fullmatch(file)) and f"{post.folder}/{file}" in post.manifest


def _or_missing(token: Token, post: Post) -> Token:
    if token.type != "image" or shown(file_of(token), post):
        return token
    return Token("text", "", 0, content=f"[图片缺失：{file_of(token)}]", level=token.level)


def _links(tokens: Sequence[Token], source: SourceLine | None, first: int) -> Iterator[Link]:
    """The links that readers can follow or type; a place on the page is none in WeChat."""
    if source and source.url:
        yield Link(source.url, source.name, source.line)
    for url, words, line in links_of(tokens):
        if not url.startswith("#"):
            yield Link(url, words, first + line)


def _notes(links: Iterable[Link]) -> dict[str, str]:
    """Address → words of every link that needs a note: not where the words are the address."""
    notes: dict[str, str] = {}
    for link in links:
        bare = link.url.removeprefix("mailto:").removeprefix("tel:")
        if host_of(link.url) != HOST and link.text.strip() not in (link.url, bare):
            notes.setdefault(link.url, link.text.strip() or "链接")
    return notes


def _html(
    tokens: Sequence[Token], source: SourceLine | None, lines: Sequence[str], article: Article
) -> str:
    parts = [article.open("section", "body")]
    if source:
        start, end = anchor(source.url, article)
        before, name, after = map(escape, (source.before, source.name, source.after))
        parts.append(f"{article.open('p', 'source')}{before}{start}{name}{end}{after}</p>")
    parts.extend(blocks_of(tokens, article))
    if lines:
        notes = "".join(f"{article.open('p', 'note')}{escape(line)}</p>" for line in lines)
        parts.append(f"{article.open('section', 'notes')}{notes}</section>")
    return "".join((*parts, "</section>"))
