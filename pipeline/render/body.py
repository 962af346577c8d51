"""A post's body parsed once, with its source line and its label.

Every channel renders from the same tokens and changes none.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import takewhile
from urllib.parse import quote, unquote

from markdown_it.token import Token

from pipeline.detect.endings import ATTACHED, ending
from pipeline.model.calendar import local_date
from pipeline.model.channels import ChannelRegisters
from pipeline.model.findings import Effect, Location, say
from pipeline.model.lazy import Once, regex
from pipeline.model.posts import DRILL_LABEL, ChannelProblem, Image, Link, Post, file_mark, saved_as
from pipeline.model.run import PerRun
from pipeline.render import token_words
from pipeline.render.tokens import UNLINKED, file_name, links_to, parse, well_formed

SIMPLER = say("Write it more simply: shorter, in several posts, or as an attachment.")
_PICTURE = regex(r".+\.(?:png|jpe?g|webp|gif|avif)", re.IGNORECASE | re.DOTALL)


# The words that mark what a machine wrote (人工智能生成合成内容标识办法, article 4; R13-5).

AI_LABELS: Mapping[str, str] = {
    "generated": "本内容由人工智能生成",
    "assisted": "本内容由人工智能辅助生成",
}
"""Value of the front matter's `ai` → what every channel shows."""


def ai_label(post: Post) -> str:
    """The label of a post; empty when no machine wrote it, or nothing is left of it."""
    return "" if post.withdrawn else AI_LABELS.get(str(post.meta.get("ai", "none")), "")


PICTURES: Mapping[str, str] = {
    "1": "（图片由人工智能生成）",
    "2": "（图片可能由人工智能生成）",
    "3": "（图片疑似由人工智能生成）",
}
"""`MediaFact.made_by_machine` → what stands under the picture (人工智能生成合成内容标识办法,
article 6)."""


def labelled_pictures(post: Post) -> dict[str, str]:
    """Name of each file beside the post that a machine made → the words under it as a picture."""
    return {
        fact.path.removeprefix(f"{post.folder}/"): PICTURES[fact.made_by_machine]
        for fact in post.media
        if fact.made_by_machine
    }


# The line that names where a reprint comes from (Article 9, paragraph 2; clause R09-4).

DEFAULT_FORMAT = "来源：{name}"
"""Used when policy gives no usable format, which R09-4 complains of."""
_NAME = "{name}"


@dataclass(frozen=True)
class SourceLine:
    """``before`` + name + ``after``; the address is empty when no link may lead there."""

    before: str
    name: str
    after: str
    url: str
    line: int
    """Line of the file on which the address stands."""

    @property
    def text(self) -> str:
        return f"{self.before}{self.name}{self.after}"


def source_line(post: Post, registers: ChannelRegisters) -> SourceLine | None:
    """The line of a reprint or forward; None for anything else, or when it names no source."""
    source = post.meta.get("source")
    if post.meta.get("origin") not in ("reprint", "forward") or not isinstance(source, Mapping):
        return None
    # As the register or the post gives it; a draft without a name shows the id (F-4).
    name = well_formed(registers.source_name(source) or str(source.get("id", "")))
    if not name:
        return None
    url = well_formed(str(source.get("url", "")))
    before, _, after = _format(post, registers).partition(_NAME)
    line = post.at("source", "url").line
    return SourceLine(before, name, after, url if links_to(url) else "", line)


def _format(post: Post, registers: ChannelRegisters) -> str:
    """What policy says on the day of publication; the newest wording for a post without one."""
    day = local_date(post.publish_at) if post.publish_at else date.max
    try:
        label = str(registers.parameter("reprint.label_format", day))
    except KeyError:
        return DEFAULT_FORMAT
    return well_formed(label) if _NAME in label else DEFAULT_FORMAT


@dataclass(frozen=True)
class Body:
    """What all channels of a post have in common."""

    post: Post
    tokens: Sequence[Token]
    """As written."""
    source: SourceLine | None
    ai_label: str
    """`ai_label` of the post."""
    page: str
    """Address of the post's page in the public archive."""

    @cached_property
    def _marks(self) -> frozenset[str]:
        """Types of all that stands inside the lines: most bodies have neither image nor link."""
        return frozenset(c.type for token in self.tokens for c in token.children or ())

    @cached_property
    def shown(self) -> Sequence[Token]:
        """The tokens as the archive shows them: words in place of pictures that are not there,
        labels at those that a machine made, kind and size behind links to files."""
        return self._prepared("")

    @cached_property
    def abroad(self) -> Sequence[Token]:
        """The same for a channel without the archive's folder: files by their whole address."""
        return self._prepared(self.page)

    def _prepared(self, page: str) -> Sequence[Token]:
        if not self._marks & {"image", "link_open"}:
            return self.tokens
        return tuple(_prepared(self.tokens, self.post, page))

    @cached_property
    def images(self) -> tuple[Image, ...]:
        """Every image that the body refers to, whether it exists or not."""
        if "image" not in self._marks:
            return ()
        first = self.post.body_line
        return tuple(
            Image(file_of(token), token_words.alt_of(token), first + line)
            for token, line in token_words.located(self.tokens)
            if token.type == "image"
        )

    @cached_property
    def links(self) -> tuple[tuple[str, str, int], ...]:
        """(address, words, line of the file) of every link of the body but those to files."""
        return tuple(link for link in self._links if links_to(link[0]))

    @cached_property
    def links_abroad(self) -> tuple[tuple[str, str, int], ...]:
        """Those of `abroad`: files too, by their whole address."""
        return tuple(
            (url if links_to(url) else self.page + quote(file_name(url)), words, line)
            for url, words, line in self._links
        )

    @cached_property
    def attachments(self) -> tuple[Link, ...]:
        """Every link to a file, whether it exists or not; `url` is its name."""
        files = [Link(file_name(u), words, at) for u, words, at in self._links if not links_to(u)]
        line = self.post.body_line
        for token in self.tokens:
            line = self.post.body_line + token.map[0] if token.map else line
            files += [Link(n, words, line + at) for n, words, at in token.meta.get(UNLINKED, ())]
        return tuple(sorted(files, key=lambda link: link.line))

    @cached_property
    def _links(self) -> tuple[tuple[str, str, int], ...]:
        if "link_open" not in self._marks:
            return ()
        first = self.post.body_line
        return tuple(
            (url, words, first + line) for url, words, line in token_words.links_of(self.tokens)
        )

    @property
    def problems(self) -> tuple[ChannelProblem, ...]:
        """Why the body is refused and shown as typed: it is out of proportion."""
        meta = self.tokens[0].meta if self.tokens else {}
        if "why" not in meta:
            return ()
        location = Location(self.post.path, self.post.body_line + meta["line"])
        name, why = meta["why"]
        return (ChannelProblem(name, Effect.REFUSE, why, location, SIMPLER),)

    @property
    def label(self) -> str:
        """What is shown in every channel beside the text: of a drill, and of a machine's text."""
        return "。".join(filter(None, (DRILL_LABEL if self.post.drill else "", self.ai_label)))

    @cached_property
    def plain(self) -> str:
        """The body as plain text."""
        return token_words.plain_text(self.shown)

    def text(self, *after: str) -> str:
        """Source line, label and body as text, with lines after them."""
        source = self.source.text if self.source else ""
        return "\n".join(filter(None, (source, self.label, self.plain, *after)))


def read_body(post: Post, registers: ChannelRegisters) -> Body:
    """Parse a body; its source line and label with it. Never raises.

    The last few are cached: the channels of one post are made one after another.
    """
    return _reader(registers)(post)


def _read_parts(post: Post, registers: ChannelRegisters) -> Body:
    names = {path.removeprefix(f"{post.folder}/") for path in post.manifest}
    files = {name for name in names if ending(name) in ATTACHED}
    source, page = source_line(post, registers), archive_url(post, registers)
    return Body(post, parse(post.body, files), source, ai_label(post), page)


_reader: PerRun[ChannelRegisters, Once[Post, Body]] = PerRun(
    lambda r: Once(lambda post: _read_parts(post, r))
)


def archive_url(post: Post, registers: ChannelRegisters) -> str:
    """Address of the post's page in the public archive."""
    base = str(registers.policy.archive.get("url", "")).rstrip("/")
    return f"{base}/posts/{post.year}/{post.id}/"


def file_of(image: Token) -> str:
    """The name that the body gives an image's file."""
    return unquote(str(image.attrs["src"]))


def is_shown(file: str, post: Post) -> bool:
    """Only pictures beside the post are shown; an SVG is a document that can hold scripts."""
    return bool(_PICTURE.fullmatch(file)) and f"{post.folder}/{file}" in post.manifest


def _prepared(tokens: Iterable[Token], post: Post, page: str) -> Iterable[Token]:
    made = labelled_pictures(post)
    for token in tokens:
        if any(child.type in ("image", "link_open") for child in token.children or ()):
            yield token.copy(children=list(_children(token.children or (), post, page, made)))
        else:
            yield token


def _children(
    children: Iterable[Token], post: Post, page: str, made: Mapping[str, str]
) -> Iterator[Token]:
    mark, row = "", [*children]
    for number, token in enumerate(row, 1):
        address = str(token.attrs.get("href", ""))
        if token.type == "image":
            yield _picture(token, post, made)
        elif token.type == "link_open" and not links_to(address):
            name = file_name(address)
            mark = file_mark(name, post.sizes.get(f"{post.folder}/{name}"))
            inside = takewhile(lambda t: t.type != "link_close", row[number:])
            saved = "" if page else saved_as(name, token_words.words_of([*inside]))
            href = {"href": page + quote(name)}
            yield token.copy(
                attrs=token.attrs | href, meta={**token.meta, token_words.SAVED_AS: saved}
            )
        elif token.type == "link_close" and mark:
            yield from (token, Token("file_mark", "", 0, content=mark, level=token.level))
            mark = ""
        else:
            yield token


def _picture(token: Token, post: Post, made: Mapping[str, str]) -> Token:
    name = file_of(token)
    if not is_shown(name, post):
        return Token("text", "", 0, content=f"[图片缺失：{name}]", level=token.level)
    return token.copy(meta={token_words.AI_MARK: made[name]}) if name in made else token
