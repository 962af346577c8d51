"""Where the text that a platform shows differs from the approved one (threats A25).

Both texts are brought to one form first: white space only where it parts Latin words, full-width
signs as half-width ones, signs without width left out. What a platform itself adds (its buttons,
counters and times) is no difference, and neither is the short link it makes of an address.
Marks that turn the direction of writing are kept, because they change what is read.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, pairwise

from pipeline.detect.html_tree import Element, tree_of
from pipeline.model.channels import ANY_PAGE, SavedPage
from pipeline.model.lazy import regex

# The words that a saved page shows: tags out, hidden parts out, a line to each block.

LOOKS_LIKE_HTML = regex(
    r"<(?:!doctype|html|head|body|main|article|section|div|p|span|br|h[1-6]|ul|ol|table)\b[^<>]*>",
    re.IGNORECASE,
)
_BLOCK = regex(
    "address|article|aside|blockquote|body|br|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header"
    "|hr|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
_UNSEEN = regex("button|head|iframe|noscript|script|select|style|svg|template|textarea|title")
_NOT_SHOWN = regex(r"display\s*:\s*none", re.IGNORECASE)


def page_text(raw: str, page: SavedPage = ANY_PAGE) -> str:
    """Plain text as it is; of HTML what a reader sees, where `page` has the post if it says so."""
    if not LOOKS_LIKE_HTML.search(raw):
        return raw
    shown = [*_shown(tree_of(raw), page)]
    everywhere = ("", True) not in shown
    parts = [words for words, inside in shown if inside or everywhere]
    return "\n".join(filter(None, (" ".join(s.split()) for s in "".join(parts).split("\n"))))


def _shown(root: Element, page: SavedPage) -> Iterator[tuple[str, bool]]:
    """Words and the ends of blocks in order, with whether they stand inside the post; each element
    that is seen begins with no words."""
    waiting: list[tuple[Element | str | None, bool]] = [(root, False)]
    while waiting:
        node, inside = waiting.pop()
        if not isinstance(node, Element):
            # A line break in the source of a page is no more than a space.
            yield ("\n" if node is None else node.replace("\r", " ").replace("\n", " ")), inside
            continue
        inside = inside or _holds(page, node.attributes)
        children = node.children
        if _is_hidden(node):  # a head whose end is left out (HTML, 13.1.2.4) hides no body
            children = [e for e in node.elements if (node.tag, e.tag) == ("head", "body")]
        else:
            yield "", inside
        ends = [None] if _BLOCK.fullmatch(node.tag) else []
        waiting += [(child, inside) for child in (*ends, *children[::-1], *ends)]


def _holds(page: SavedPage, attributes: Mapping[str, str]) -> bool:
    """Whether an element holds the post."""
    names = attributes.get("class", "").split()
    return attributes.get("id") in page.ids or any(n.startswith(page.classes) for n in names)


def _is_hidden(node: Element) -> bool:
    style = node.attributes.get("style", "")
    unseen = _UNSEEN.fullmatch(node.tag) or _NOT_SHOWN.search(style)
    return bool(unseen) or "hidden" in node.attributes


_LIST_MARK = regex(r"(?:\d{1,3}\.|[•·◦▪])\s*")
_URL = regex(r"https?://[!-~]*[A-Za-z0-9/=_&%#~+-]")
_SHORTENED = regex(r"O?网页链接|(?:https?://)?t\.cn/\w+")
_TOKEN = regex(rf"{_URL.pattern}|O?网页链接|[A-Za-z]+|\d+(?:\.\d+)*|.", re.DOTALL)
_ENDS = frozenset("。!?;")
_NO_WIDTH = dict.fromkeys([*range(0x200B, 0x2010), 0x2060, 0xFEFF, 0xAD, *range(0xFE00, 0xFE10)])
MOST_PAIRS = 4_000_000
"""Pairs of tokens compared one by one; a larger stretch is one difference as a whole."""


@dataclass(frozen=True)
class Difference:
    """A stretch of the approved text and what the platform shows instead."""

    start: int
    end: int
    """Offsets into the approved text; equal where the platform only adds."""
    old: str
    new: str


@dataclass(frozen=True)
class _Sign:
    """A sign or word of the normal form, with its offsets in the original text."""

    value: str
    start: int
    end: int


def drift(
    approved: str,
    raw: str,
    page: SavedPage = ANY_PAGE,
    may_lack: Collection[str] = (),
    may_add: Collection[str] = (),
) -> tuple[Difference, ...]:
    """Every difference in order; empty when the platform shows what was approved.

    `raw` is pasted text or a saved page: text, when the approved text holds every tag in it, as
    an explanation of HTML does. `may_lack` names whole lines of the approved text that
    a paste need not hold (the title, words for images), `may_add` lines it may (the account's
    name).
    """
    saved = any(tag not in approved for tag in LOOKS_LIKE_HTML.findall(raw))
    pasted = page_text(raw, page) if saved else raw
    shown = _without_added(pasted, approved, page, may_add)
    optional = {_form(line) for line in may_lack}
    return tuple(d for d in _differences(approved, shown) if not _harmless(d, optional))


def _form(text: str) -> str:
    return "".join(s.value for s in _signs(text))


def _harmless(difference: Difference, optional: Collection[str]) -> bool:
    old, new = _form(difference.old), _form(difference.new)
    lines = filter(None, difference.old.split("\n"))
    left_out = not new and all(_form(line) in optional for line in lines)
    shortened = _URL.fullmatch(old) and _SHORTENED.fullmatch(new)
    return bool(left_out or shortened)


def _without_added(shown: str, approved: str, page: SavedPage, may_add: Collection[str]) -> str:
    """Drop the platform's own lines, unless the approved text has the same line."""
    own = {_form(line) for line in approved.split("\n")}
    names = {_form(name) for name in may_add} - {""}
    lines = []
    for raw_line in shown.replace("\r\n", "\n").split("\n"):
        line = raw_line.strip()
        plain = _form(line)
        if plain not in own and (plain in names or (page.added and page.added.fullmatch(line))):
            continue
        lines.append(line if plain in own else _without_marks(line, own, page))
    return "\n".join(lines)


def _without_marks(line: str, own: Collection[str], page: SavedPage) -> str:
    """A line without the button behind it, or the list mark that a browser copies along."""
    if page.tail:
        return page.tail.sub("", line)
    item = _LIST_MARK.sub("", line)
    return item if _form(item) in own else line


def _signs(text: str) -> list[_Sign]:
    """The normal form of a text, sign by sign."""
    signs: list[_Sign] = []
    for space, group in groupby(enumerate(text), key=lambda p: _one(p[1]).isspace()):
        run = list(group)
        if not space:
            signs += (_Sign(v, i, i + 1) for i, c in run if (v := _one(c)))
        elif signs and _narrow(signs[-1].value):
            signs.append(_Sign(" ", run[0][0], run[-1][0] + 1))
    return [
        s
        for s, after in pairwise([*signs, _Sign("", 0, 0)])
        if s.value != " " or _narrow(after.value)
    ]


def _one(character: str) -> str:
    """One sign in its half-width form; empty for a sign without width."""
    if ord(character) in _NO_WIDTH:
        return ""
    if unicodedata.decomposition(character).startswith(("<wide>", "<narrow>")):
        return unicodedata.normalize("NFKC", character)
    return character


def _narrow(value: str) -> bool:
    """Whether white space beside it parts words: letters and digits that are not wide."""
    return value.isalnum() and unicodedata.east_asian_width(value[0]) not in "WF"


def _differences(approved: str, shown: str) -> Iterator[Difference]:
    """Sentences are matched first, and only where they differ, words."""
    old, new = _tokens(approved), _tokens(shown)
    old_sentences, new_sentences = _sentences(old, approved), _sentences(new, shown)
    for a, b, c, d in changed_ranges([k for k, _ in old_sentences], [k for k, _ in new_sentences]):
        first, second = _first(old_sentences, a, old), _first(new_sentences, c, new)
        before = old[first : _first(old_sentences, b, old)]
        after = new[second : _first(new_sentences, d, new)]
        for i, j, k, m in changed_ranges([t.value for t in before], [t.value for t in after]):
            start, end = _span(old, first + i, first + j, approved)
            shown_from, until = _span(new, second + k, second + m, shown)
            yield Difference(start, end, approved[start:end], shown[shown_from:until])


def changed_ranges(
    old: Sequence[object], new: Sequence[object]
) -> Iterator[tuple[int, int, int, int]]:
    """Ranges of `old` and of `new` that differ, equal ends taken off beforehand."""
    head = same_head(old, new)
    tail = same_head(old[head:][::-1], new[head:][::-1])
    left, right = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(left) * len(right) > MOST_PAIRS:
        yield head, head + len(left), head, head + len(right)
        return
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal":
            yield head + a, head + b, head + c, head + d


def same_head(old: Sequence[object], new: Sequence[object]) -> int:
    """How many leading members are equal."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(old), len(new)))


def _tokens(text: str) -> list[_Sign]:
    """Words, numbers, addresses and single signs, with their offsets in the text."""
    signs = _signs(text)
    origin = [s for s in signs for _ in s.value]
    return [
        _Sign(m[0], origin[m.start()].start, origin[m.end() - 1].end)
        for m in _TOKEN.finditer("".join(s.value for s in signs))
    ]


def _sentences(tokens: Sequence[_Sign], text: str) -> list[tuple[tuple[str, ...], int]]:
    """(values, index of the first token) of each sentence; a line break also ends one."""
    sentences: list[tuple[tuple[str, ...], int]] = []
    first = 0
    for i, token in enumerate(tokens):
        after = tokens[i + 1].start if i + 1 < len(tokens) else len(text)
        if token.value in _ENDS or "\n" in text[token.end : after] or i + 1 == len(tokens):
            sentences.append((tuple(t.value for t in tokens[first : i + 1]), first))
            first = i + 1
    return sentences


def _first(
    sentences: Sequence[tuple[tuple[str, ...], int]], at: int, tokens: Sequence[_Sign]
) -> int:
    return sentences[at][1] if at < len(sentences) else len(tokens)


def _span(tokens: Sequence[_Sign], first: int, last: int, text: str) -> tuple[int, int]:
    """Offsets of tokens `first` to `last`; of none, the offset of the token at `first`, twice."""
    if first < last:
        return tokens[first].start, tokens[last - 1].end
    start = tokens[first].start if first < len(tokens) else len(text)
    return start, start
