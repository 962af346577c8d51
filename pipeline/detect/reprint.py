"""What a reprint changes of its source, and how much they share (Article 9, paragraph 2).

White space, width, quotation marks and marks of Markdown are no change. A change of a negation, a
number, a unit, a date or a name turns the meaning, however like the texts are as a whole.

Two texts are compared by the longest common subsequence of their letters and digits, computed with
one bit a sign (Hyyrö 2004): two texts of 2,000 signs take about a millisecond, and unlike a search
for blocks the answer is exact and does not depend on the order of the two.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from pipeline.detect.classes import classes
from pipeline.detect.drift import changed_ranges, same_head
from pipeline.detect.typography import CHINESE, EXACT, UNITS, value_of
from pipeline.model.lazy import regex
from pipeline.model.run import per_run

_WORDS = classes("reprint", chinese=CHINESE, units=UNITS)

LONGEST_TEXT = 60_000
"""Signs of a text beyond which only what begins and ends alike is counted."""


def plain(text: str) -> str:
    """Letters and digits only, width and case evened out: form is no difference."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def likeness(one: str, other: str) -> float:
    """Share of what two texts have in common, from 0 to 1; of two empty texts 1."""
    a, b = plain(one), plain(other)
    total = len(a) + len(b)
    if not total:
        return 1.0
    head = same_head(a, b)
    a, b = a[head:], b[head:]
    tail = same_head(a[::-1], b[::-1])
    a, b = a[: len(a) - tail], b[: len(b) - tail]
    middle = _common(a, b) if max(len(a), len(b)) <= LONGEST_TEXT else 0
    return 2 * (head + tail + middle) / total


def _common(one: str, other: str) -> int:
    """Length of the longest common subsequence, one bit of an integer for each sign of `one`."""
    if not one or not other:
        return 0
    places: dict[str, int] = {}
    for offset, sign in enumerate(one):
        places[sign] = places.get(sign, 0) | 1 << offset
    every = (1 << len(one)) - 1
    row = every
    for sign in other:
        matched = row & places.get(sign, 0)
        row = ((row + matched) | (row - matched)) & every
    return len(one) - row.bit_count()


_LINK = regex(r"(?:!\[[^\[\]]*\]|\[([^\[\]]*)\])\((?:[^()\n]|\([^()\n]*\))*\)")
"""Images of Markdown, and links with their words; no bracket is looked for beyond the next."""
_LIST_MARK = regex(r"^[ \t>]*(?:#{1,6}|[-*+]|\d{1,3}[.、)])[ \t]+", re.MULTILINE)
_NOTE = regex(r"[>*_\s]*(?:编者按|编者注|摘编说明)\s*[*_]*[:：]")
"""Begins a paragraph of the bureau's own in a reprint, as readers see."""
_PARAGRAPH = regex(r"\n[ \t]*\n")
_SENTENCE = regex(r"(?:[^。！？!?；;\n]|\n(?![ \t]*\n))+[。！？!?；;]*[”’」』）)》\"]*")
_FREE = regex(r"[^\w，,。；;：:！!？?、.%‰℃°/~+-]|_|(?<!\d)[-.~/](?!\d)")


@dataclass(frozen=True)
class ReprintChange:
    """Sentences of the reprint beside those of the source; one side is empty where they came or
    went. `lost` and `gained`: negations, numbers with units, dates and names."""

    line: int
    """Of the reprint's text, from 0."""
    ours: str
    theirs: str
    lost: tuple[str, ...]
    gained: tuple[str, ...]


@dataclass(frozen=True)
class _Cut:
    line: int
    text: str
    form: str


def without_notes(text: str, source: str) -> tuple[str, tuple[str, ...]]:
    """The text without the bureau's own marked paragraphs, lines kept, and these paragraphs.

    A note that the source has, too, is the source's.
    """
    whole, notes = _form(source), []
    for paragraph in _PARAGRAPH.split(text):
        if _NOTE.match(paragraph) and _form(paragraph) not in whole:
            notes.append(paragraph.strip())
            text = text.replace(paragraph, "\n" * paragraph.count("\n"), 1)
    return text, tuple(notes)


def unlinked(text: str) -> str:
    """Markdown without images, and with the words of links alone."""
    return _LINK.sub(r"\1", text)


def changed_sentences(
    ours: str, theirs: str, titles: Collection[str] = (), names: Collection[str] = ()
) -> Iterator[ReprintChange]:
    """Every change in order. `titles` may lead either text; `names` are protected as they are."""
    own, source = _sentences(ours, titles), _sentences(theirs, titles, _form(ours))
    for a, b, c, d in changed_ranges([s.form for s in own], [s.form for s in source]):
        left, right = own[a:b], source[c:d]
        if _joined(left) == _joined(right):
            continue  # cut elsewhere, and the same words
        paired = len(left) == len(right)
        rows = [([x], [y]) for x, y in zip(left, right, strict=True)] if paired else [(left, right)]
        line = own[min(a, len(own) - 1)].line if own else 0
        for mine, their in rows:
            if _joined(mine) != _joined(their):
                yield _changed(mine[0].line if mine else line, mine, their, names)


def changed_excerpt(
    ours: str, theirs: str, titles: Collection[str] = (), names: Collection[str] = ()
) -> Iterator[ReprintChange]:
    """Sentences of an excerpt that the source has not whole, each beside the nearest there."""
    own, source = _sentences(ours, titles), _sentences(theirs)
    whole, ends = _joined(source), {0, *accumulate(len(s.form) for s in source)}
    for sentence in own:
        starts = (m.start() for m in re.finditer(f"(?={re.escape(sentence.form)})", whole))
        if not any({at, at + len(sentence.form)} <= ends for at in starts):
            near = max(source, key=lambda s: likeness(sentence.text, s.text), default=None)
            alike = near and likeness(sentence.text, near.text) > 1 / 2
            yield _changed(sentence.line, [sentence], [near] if near and alike else [], names)


def changed_facts(
    ours: str, theirs: str, names: Collection[str] = ()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(lost, gained) negations, numbers with units, dates and names of two sentences.

    All of both where only their order differs: 3 dead and 5 hurt are not 5 dead and 3 hurt.
    """
    own, source = _facts(ours, names), _facts(theirs, names)
    lost, gained = tuple(Counter(source) - Counter(own)), tuple(Counter(own) - Counter(source))
    if own != source and not (lost or gained):
        return tuple(source), tuple(own)
    return lost, gained


def credits(text: str) -> Iterator[tuple[int, str, str]]:
    """(offset, words, whose it is as far as they say) of what names a text another's."""
    for credit in _WORDS["credited"].finditer(text):
        words = credit[0].strip(" \t>*_（(【[|—-。！？!?”")
        name = credit[credit.lastgroup] if credit.lastgroup else ""
        yield credit.end() - len(credit[0].lstrip()), words, name.strip()


def is_negation(fact: str) -> bool:
    return bool(_WORDS["negation"].fullmatch(fact))


def _changed(
    line: int, mine: Sequence[_Cut], their: Sequence[_Cut], names: Collection[str]
) -> ReprintChange:
    ours, theirs = ("".join(s.text for s in row) for row in (mine, their))
    return ReprintChange(line, ours, theirs, *changed_facts(ours, theirs, names))


def _joined(sentences: Sequence[_Cut]) -> str:
    return "".join(s.form for s in sentences)


def _sentences(text: str, titles: Collection[str] = (), reprinted: str | None = None) -> list[_Cut]:
    """Without titles and, of a source, without credits that are not `reprinted` (its form)."""
    skipped = {_form(title) for title in titles}
    lines = _LIST_MARK.sub("", unlinked(text)).split("\n")

    def left_out(line: str) -> bool:
        form = _form(line)
        credit = reprinted is not None and _WORDS["credit"].fullmatch(line.strip())
        return form in skipped or (bool(credit) and form not in (reprinted or ""))

    plain = "\n".join("" if left_out(line) else line for line in lines)
    return [
        _Cut(plain.count("\n", 0, m.start() + len(m[0]) - len(m[0].lstrip())), _words(m[0]), f)
        for m in _SENTENCE.finditer(plain)
        if (f := _form(m[0]))
    ]


def _words(sentence: str) -> str:
    return re.sub(r"\*\*|[`\\]|(?<!\s)\s*\n\s*", "", sentence).strip()


@per_run(128)  # a reprint has the sentences of its source
def _form(text: str) -> str:
    """What counts of a text: words, numbers and the marks between them, width evened out."""
    flat = unicodedata.normalize("NFKC", "".join(text.split())).casefold()
    return _FREE.sub("", flat)


def _facts(sentence: str, names: Collection[str]) -> list[str]:
    """In the order of the text."""
    text = "".join(unicodedata.normalize("NFKC", sentence).casefold().split())
    own_names = [re.compile(re.escape(name)) for name in names if name in text]
    rows = [
        (m.start(), m[0])
        for p in (_WORDS["negation"], _WORDS["day"], _WORDS["name"], *own_names)
        for m in p.finditer(text)
    ]
    rows += [(m.start(), _number(m)) for m in _WORDS["number"].finditer(text)]
    return [fact for _, fact in sorted(rows) if fact]


def _number(m: re.Match[str]) -> str:
    """One form for 1.2万只 and 12000只; empty for a lone 一 as in 一般."""
    before, numeral, large, about, unit = m.groups()
    lone = numeral in CHINESE and len(numeral) == 1 and not before and not unit
    value = None if lone else value_of(numeral, large)
    if value is None:
        return ""
    share = before == "百分之"
    return f"{'' if share else before}{value.normalize(EXACT):f}{about}{'%' if share else unit}"
