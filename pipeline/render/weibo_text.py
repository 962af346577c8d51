"""The words of a body as Weibo can carry them, and where they may be cut."""

import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from markdown_it.token import Token

from pipeline.model.regex import regex
from pipeline.render.token_words import ListMarks, words_of
from pipeline.render.tokens import well_formed
from pipeline.render.weibo_count import URL

CELLS = "｜"  # between the cells of a table row
_LOOKED_AT = 30_000
"""No text of 2,000 is longer: at best an address of 140 characters counts as ten."""
_SENTENCE = regex(r"[。！？；…]+[”’」』）)]*|\n")
_JOINED = regex("[\u200d\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_FLAG = regex("[\U0001f1e6-\U0001f1ff]")


def weibo_lines(tokens: Sequence[Token]) -> str:
    """The body as plain text, a line to each block.

    List items keep their numbers, links their addresses; images travel beside the text.
    """
    lines: list[str] = []
    cells: list[str] | None = None
    marks = ListMarks()
    for token in tokens:
        marks.see(token)
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            lines.append(marks.take() + CELLS.join(filter(None, cells or ())))
            cells = None
        elif token.type in ("inline", "fence", "code_block"):
            words = weibo_safe(_words(token)).strip()
            if cells is not None:
                cells.append(words)
            elif words:
                lines.append(marks.take() + words)
    return "\n".join(filter(None, lines))


def weibo_safe(text: str) -> str:
    """The text without half-width number signs, each of which could open a topic.

    In words the full-width sign stands for it; an address loses its fragment, which no server
    ever sees (RFC 3986, 3.5).
    """
    parts: list[str] = []
    done = 0
    for found in URL.finditer(text):
        parts += (text[done : found.start()].replace("#", "＃"), found[0].partition("#")[0])
        done = found.end()
    return "".join((*parts, text[done:].replace("#", "＃")))


def longest(text: str, fits: Callable[[str], bool]) -> str:
    """The longest beginning that fits: whole, to the end of a sentence, or to a character and
    an ellipsis; empty when not even that fits."""
    if fits(text):
        return text
    text = text[:_LOOKED_AT]
    ends = [m.end() for m in _SENTENCE.finditer(text)]
    return _cut(text, ends, "", fits) or _cut(text, _between(text), "…", fits)


def _cut(text: str, ends: Sequence[int], tail: str, fits: Callable[[str], bool]) -> str:
    """Halve towards the longest that fits; an address makes lengths jump, so look down from it."""
    tries = range(len(ends))
    k = bisect_right(tries, 0, key=lambda i: not fits(text[: ends[i]].rstrip() + tail))
    while k and not fits(text[: ends[k - 1]].rstrip() + tail):
        k -= 1
    words = text[: ends[k - 1]].rstrip() if k else ""
    return words + tail if words else ""


def _between(text: str) -> list[int]:
    """Places between what a reader sees as characters, and outside addresses."""
    inside = {i for m in URL.finditer(text) for i in range(m.start() + 1, m.end())}
    places = (i for i in range(1, len(text)) if i not in inside)
    return [i for i in places if not _one_sign(text[i - 1 : i + 1])]


def _one_sign(pair: str) -> bool:
    before, after = pair[0], pair[1]
    return (
        before == "\u200d"
        or bool(_JOINED.match(after) or (_FLAG.match(before) and _FLAG.match(after)))
        or unicodedata.combining(after) > 0
    )


def _words(token: Token) -> str:
    if token.type != "inline":
        return token.content.strip("\n")
    return "".join(_runs(token.children or ()))


def _runs(children: Sequence[Token]) -> Iterator[str]:
    """The words of a line, the address behind the words of each link."""
    address, inside = "", list[Token]()
    for child in children:
        if child.type == "link_open":
            address, inside = str(child.attrs["href"]), []
        elif child.type == "link_close":
            yield _address(address, words_of(inside))
        elif child.type != "image":
            inside.append(child)
            yield child.content


def _address(url: str, words: str) -> str:
    """What must be written out, since nothing can be clicked in plain text."""
    scheme, _, rest = url.partition(":")
    if url.startswith("#") or url in words or rest in words:
        return ""
    return f"（{rest}）" if scheme.lower() in ("mailto", "tel") else f" {well_formed(url)} "
