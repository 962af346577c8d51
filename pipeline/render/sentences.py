"""The sentences of a body, cut where a reader sees them end, each with the lines it stands on.

One cut serves the comparison of two revisions and the marks of findings on the text. Two sentences
side by side show what went and what came inside each of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markdown_it.token import Token

from pipeline.model.channels import ChannelRegisters
from pipeline.model.findings import Location
from pipeline.model.lazy import regex
from pipeline.model.posts import UNKNOWN, Post, Sizes
from pipeline.render.archive import unfiltered_html, without_empty_headings
from pipeline.render.body import Body, file_of
from pipeline.render.markup import SPAN, sanitise
from pipeline.render.token_words import alt_of

_END = regex(r"[。！？；…]+[”’」』）)》]*")
_BESIDE = frozenset({"softbreak", "hardbreak", "file_mark", "ai_mark"})
"""Tokens that begin no sentence."""
_BLOCKS = frozenset({"fence", "code_block", "hr"})
"""Tokens that are a block each."""
_CARRIERS = _BLOCKS | {"text", "code_inline", "image"}
"""Tokens of which an element is made."""
SENTENCE_ID = "sentence-"
"""Begins the id of a sentence on a reviewer's page; its number follows, from 1."""
_NUMBER = "sentence"
"""Key of a token's `meta`: the number of the sentence it belongs to, from 1."""


@dataclass(frozen=True)
class Sentence:
    """One sentence, or a block that has none: a picture alone, code, a line across."""

    words: str
    """As a reader sees it."""
    typed: str
    """With its marks of Markdown: where links lead, what is stressed."""
    before: str
    """Tags of the blocks that end and begin before it: ``</p><h2>``; empty inside a block."""
    first: int
    last: int
    """Lines of the file, from 1."""


def sentences(body: Body) -> tuple[Sentence, ...]:
    """All sentences in order; their numbers are those of `marked_html`. Never raises."""
    made: dict[int, Sentence] = {}
    line = first = body.post.body_line
    before = address = ""
    for token in _numbered(body):
        line = first + token.map[0] if token.map else line
        before += _structure(token)
        if number := token.meta.get(_NUMBER):
            end = first + token.map[1] - 1 if token.map else line
            words = token.content.strip("\n") or token.markup
            made[number], before = Sentence(words, words, f"{before}<{token.tag}>", line, end), ""
        at = line
        for child in token.children or ():
            address = str(child.attrs.get("href", address))
            if number := child.meta.get(_NUMBER):
                if number not in made:
                    made[number], before = Sentence("", "", before, at, at), ""
                was = made[number]
                words, typed = was.words + _words(child), was.typed + _typed(child, address)
                made[number] = replace(was, words=words, typed=typed, last=at)
            at += child.type in ("softbreak", "hardbreak")
    return tuple(replace(s, words=s.words.strip(), typed=s.typed.strip(" ")) for s in made.values())


def _structure(token: Token) -> str:
    if not token.nesting or token.hidden:
        return ""
    attributes = "".join(f" {value}" for value in token.attrs.values())
    return f"</{token.tag}>" if token.nesting == -1 else f"<{token.tag}{attributes}>"


def _words(child: Token) -> str:
    return alt_of(child) if child.type == "image" else child.content


def _typed(child: Token, address: str) -> str:
    match child.type:
        case "image":
            return f"![{alt_of(child)}]({file_of(child)} {child.attrs.get('title', '')})"
        case "link_open":
            return "["
        case "link_close":
            return f"]({address})"
        case "code_inline":
            return f"`{child.content}`"
    return child.content or child.markup


def _numbered(body: Body, effects: Mapping[int, str] = {}) -> Iterator[Token]:
    """The blocks as shown, words cut at the ends of sentences. The first token of a sentence that
    an element can be made of carries its id, all of them the effect of its findings."""
    number = carried = 0
    for token in without_empty_headings(body.shown):
        before, ended = number, True
        children = []
        for part in (token,) if token.type in _BLOCKS else _cut(token.children or ()):
            if ended and _begins(part):
                number, ended = number + 1, False
            meta = {**part.meta, _NUMBER: number} if number > before else part.meta
            if number > before and part.type in _CARRIERS:
                identity = f' id="{SENTENCE_ID}{number}"' if number > carried else ""
                kind = f' data-effect="{effects[number]}"' if number in effects else ""
                meta, carried = meta | {SPAN: identity + kind}, number
            children.append(part.copy(meta=meta))
            ended = ended or part.type == "hardbreak" or bool(_END.search(part.content))
        if token.type in _BLOCKS:
            yield from children
        else:
            yield token.copy(children=children) if children else token


def _begins(part: Token) -> bool:
    if part.type == "image" or part.type in _BLOCKS:
        return True
    return part.type not in _BESIDE and (part.nesting == 1 or bool(part.content.strip()))


def _cut(children: Sequence[Token]) -> Iterator[Token]:
    for child in children:
        ends = [m.end() for m in _END.finditer(child.content)] if child.type == "text" else []
        size = len(child.content)
        if not ends or ends == [size]:
            yield child
            continue
        for start, end in zip([0, *ends], [*ends, size], strict=True):
            if start < end:
                yield child.copy(content=child.content[start:end])


def marked_html(
    body: Body, registers: ChannelRegisters, sizes: Sizes = UNKNOWN, effects: Mapping[int, str] = {}
) -> str:
    """The body as the archive shows it, with an id at every sentence, and at those with findings
    their effect (number of the sentence → ``refuse``)."""
    blocks = tuple(_numbered(body, effects))
    return sanitise(unfiltered_html(body, registers, sizes, blocks), spans=True)


# Where on a reviewer's page a finding leads.


def anchor_of(location: Location, post: Post, cut: Sequence[Sentence]) -> str:
    """Id of what a finding is about: a sentence, a key of the front matter (``meta-title``), a
    file (``file-2``, by the order of its path); empty for none of the post's parts."""
    if location.path != post.path or not location.line:
        files = sorted(post.manifest)
        beside = location.path != post.path and location.path in post.manifest
        return f"file-{files.index(location.path)}" if beside else ""
    if location.line >= post.body_line and cut:
        return f"{SENTENCE_ID}{_number_at(location, post, cut)}"
    keys = [(mark, route[0]) for route, mark in post.document.marks.items() if len(route) == 1]
    above = [pair for pair in keys if pair[0][0] <= location.line]
    return f"meta-{max(above)[1]}" if above else "meta"


def _number_at(location: Location, post: Post, cut: Sequence[Sentence]) -> int:
    """The sentence at a line and column; where a line has several and its ends of sentences do not
    tell them apart, the first of them."""
    line = location.line
    touching = [n for n, s in enumerate(cut, 1) if s.first <= line <= s.last]
    if not touching:
        return max((n for n, s in enumerate(cut, 1) if s.first <= line), default=1)
    typed = post.body.split("\n")[line - post.body_line].rstrip()
    ends = [m.end() for m in _END.finditer(typed) if m.end() < len(typed)]
    if len(ends) + 1 != len(touching):
        return touching[0]
    return touching[sum(end < location.column for end in ends)]
