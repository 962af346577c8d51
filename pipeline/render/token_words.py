"""Words, links, images and headings of tokens, without markup."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count, pairwise
from typing import NamedTuple

from markdown_it.token import Token

from pipeline.model.lazy import regex

LONGEST_ID = 60  # characters of a heading that enter its id
BULLET = "·"
AI_MARK = "ai_mark"
"""Key of an image's `meta`: the words that label it as made by a machine."""
SAVED_AS = "saved_as"
"""Key of a link's `meta`: the name under which the file behind it is saved."""
_START = Token("", "", 0)
_SPACE = regex(r"\s+")
_NOT_IN_ID = regex(r"[^\w-]+")


class Heading(NamedTuple):
    """One heading of a body."""

    level: int
    """2 to 6: the page's own title is the only first level."""
    id: str
    text: str


def words_of(children: Sequence[Token] | None) -> str:
    """The words of a run of inline tokens; of an image its alternative text."""
    return "".join(
        words_of(t.children) + mark_of(t) if t.type == "image" else t.content
        for t in children or ()
    )


def mark_of(image: Token) -> str:
    """The label of an image that a machine made; empty for any other."""
    return str(image.meta.get(AI_MARK, ""))


def alt_of(image: Token) -> str:
    """The alternative text of an image, on one line."""
    return _SPACE.sub(" ", words_of(image.children)).strip()


def caption_of(image: Token) -> str:
    """What stands under an image: its title, else its alternative text."""
    title = _SPACE.sub(" ", str(image.attrs.get("title", ""))).strip()
    return title or alt_of(image)


def pieces_of(paragraph: Token) -> Iterator[Token | list[Token]]:
    """Cut a paragraph's inline token at its images: runs of words, and images by themselves.

    An image inside a link or a stressed passage stays in its run.
    """
    run: list[Token] = []
    for token in paragraph.children or ():
        if token.type == "image" and token.level == 0:
            if says_something(run):
                yield run
            yield token
            run = []
        else:
            run.append(token)
    if says_something(run):
        yield run


def says_something(run: Sequence[Token]) -> bool:
    """Whether a run shows anything at all."""
    return bool(words_of(run).strip()) or any(t.type == "image" for t in run)


def located(tokens: Sequence[Token]) -> Iterator[tuple[Token, int]]:
    """Every inline token with its line in the body, from 0."""
    line = 0
    for token in tokens:
        line = token.map[0] if token.map else line
        broken = 0
        for child in token.children or ():
            yield child, line + broken
            broken += child.type in ("softbreak", "hardbreak")


def links_of(tokens: Sequence[Token]) -> Iterator[tuple[str, str, int]]:
    """(address, words, line from 0) of every link; links cannot stand in one another."""
    start: tuple[str, int] | None = None
    inside: list[Token] = []
    for token, line in located(tokens):
        if token.type == "link_open":
            start, inside = (str(token.attrs["href"]), line), []
        elif token.type == "link_close" and start:
            yield start[0], words_of(inside), start[1]
            start = None
        elif start:
            inside.append(token)


def headings_of(tokens: Sequence[Token]) -> tuple[Heading, ...]:
    """Every heading in order, with an id that is readable, unique and never a page's own."""
    taken: Counter[str] = Counter()
    headings = []
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            text = _SPACE.sub(" ", words_of(inline.children)).strip()
            level = max(2, int(opening.tag[1]))
            headings.append(Heading(level, _unused(slug_of(text), taken), text))
    return tuple(headings)


def slug_of(text: str) -> str:
    """``s-`` and the letters and digits of a heading, Chinese kept: `应急 准备！` → `s-应急-准备`.

    Signs without width or sense in an address are left out, so it may be typed or pasted.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    plain = _NOT_IN_ID.sub("", _SPACE.sub("-", folded.strip()))
    return "s-" + (plain[:LONGEST_ID].strip("-") or "section")


def _unused(slug: str, taken: Counter[str]) -> str:
    """The slug, or the slug with the lowest number from 2 that no heading before it has."""
    name = slug
    while name in taken:
        taken[slug] += 1
        name = f"{slug}-{taken[slug]}"
    taken[name] = 1
    return name


class ListMarks:
    """The number or bullet that opens an item of a list, for a walk over all tokens of a body."""

    def __init__(self) -> None:
        self._lists: list[Iterator[str]] = []
        self._due = ""

    def see(self, token: Token) -> None:
        """Called with every token, before its words are written."""
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self._lists.append(_marks(token))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
        elif token.type in ("list_item_open", "list_item_close"):
            self._due = next(self._lists[-1]) if token.nesting == 1 else ""

    def take(self) -> str:
        """What stands before the next words: once for each item, empty otherwise."""
        due, self._due = self._due, ""
        return due


def _marks(opening: Token) -> Iterator[str]:
    if opening.type == "ordered_list_open":
        first = int(opening.attrs.get("start", 1))
        return (f"{n}. " for n in count(first))
    return (f"{BULLET} " for _ in count())


def plain_text(tokens: Sequence[Token], between: str = " ") -> str:
    """The body as text: a line to each block, `between` the cells of a table row."""
    lines: list[str] = []
    target = lines
    for before, token in pairwise((_START, *tokens)):
        if token.type == "tr_open":
            target = []
        elif token.type == "tr_close":
            lines.append(between.join(filter(None, target)))
            target = lines
        elif token.type == "inline":
            free = before.type == "paragraph_open"
            target.extend(_lines_of(token) if free else [words_of(token.children).strip()])
        elif token.type in ("fence", "code_block"):
            target.append(token.content.strip("\n"))
    return "\n".join(filter(None, lines))


def _lines_of(paragraph: Token) -> Iterator[str]:
    for piece in pieces_of(paragraph):
        if isinstance(piece, Token):
            yield from dict.fromkeys((alt_of(piece), caption_of(piece), mark_of(piece)))
        else:
            yield words_of(piece).strip()
