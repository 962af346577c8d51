"""Slips of typing that a proofreader marks (GB/T 15834-2011, GB/T 15835-2011; Article 10).

Markdown's own signs, code, addresses and numbers are left alone. Offsets point into the text as
it is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from ahocorasick_rs import AhoCorasick

from pipeline.detect.folding import Spans
from pipeline.model.findings import Message, say
from pipeline.model.lazy import HAN, regex

_MARKDOWN = regex(
    r"`[^`\n]*`|!?\[(?=[^\]\n]{0,300}\]\()|\]\([^)\n]{0,2000}\)|https?://[!-~]+"
    r"|[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}"
    r"|^[ \t]*(?:[-*+>]|\d{1,3}[.)])[ \t]+|^[ \t:|-]+$|\\.",
    re.MULTILINE,
)
"""Bounded wherever a search could begin again at every sign: no text makes it slow."""
_MARKS = "，。；：、！？"
_PARTICLES = "的了是在和与及为对把将被"
_TWICE = "进行|开展|积极|组织|应急|安全|我们"
_WIDE = "".join(map(chr, (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))))
_HALF = say("Chinese text has a half-width punctuation mark.")
_SLIPS: tuple[tuple[re.Pattern[str], Message, tuple[str, ...]], ...] = (
    (
        regex(rf"[{_MARKS}](?:(?<![！？])[{_MARKS}]|[，。；：、])"),
        say("Two punctuation marks follow each other."),
        tuple(map("".join, product(_MARKS, _MARKS))),
    ),
    (
        regex(r"([！？])\1{2,}"),
        say("A mark of exclamation or question is repeated."),
        ("！！！", "？？？"),
    ),
    (regex(rf"[,;:!?](?:(?<={HAN}.)|(?<=[”）》].))(?={HAN}|[“（《\s]|\Z)"), _HALF, (*",;:!?",)),
    (regex(rf"\.(?<={HAN}\.)(?={HAN}|\s*(?:\n|\Z))"), _HALF, (".",)),
    (
        regex(rf"\((?:(?={HAN})[^()\n]*|[^()\n]*(?<={HAN}))\)"),
        say("Chinese text has half-width brackets."),
        ("(",),
    ),
    (regex(rf"\"(?={HAN})[^\"\n]*\""), say("Chinese text has straight quotation marks."), ('"',)),
    (
        regex(r"[.。…·,](?:(?<=\.)\.{2,}|(?<=。)。+|(?<=(?<!…)…)(?!…)|(?<=·)·{2,}|(?<=,),+)"),
        say("An ellipsis is written ……"),
        ("...", "。。", "…", "···", ",,"),
    ),
    (
        regex(r"[—-](?:(?<=(?<!-)-)-(?!-)|(?<=(?<!—)—)(?!—)(?=[，。；]))"),
        say("A dash is written ——"),
        ("--", "—"),
    ),
    (
        regex(
            rf"([{_PARTICLES}])\1(?!(?<=的的)确|(?<=了了)[解结然心]|(?<=为为)期|(?<=是是)非|(?<=和和)[气睦美平]"
            r"|(?<=对对)[碰联])"
        ),
        say("A word stands twice."),
        tuple(sign * 2 for sign in _PARTICLES),
    ),
    (
        regex(rf"({_TWICE})\1"),
        say("A word stands twice."),
        tuple(word * 2 for word in _TWICE.split("|")),
    ),
    (
        regex(r"0(?:(?<!\d0)\d月|\d日(?<=月0\d日))"),
        say("A month or day is written without a zero before it."),
        ("月", "日"),
    ),
    (regex(f"[{_WIDE}][{_WIDE}]*"), say("Digits or letters are full-width."), tuple(_WIDE)),
    (
        regex(
            rf"[ \u3000](?:(?:(?<={HAN}.)|(?<=[{_MARKS}].))[ \u3000]*(?=[{_MARKS}）》”])"
            r"|(?<=[（《“].))"
        ),
        say("A space stands beside a punctuation mark."),
        (" ", "\u3000"),
    ),
)
"""(form, what is said of it, signs of which one stands in each match).

Each form begins with one sign of a class: a search that begins with a look behind is slow.
"""
PAIRS: Mapping[str, str] = {
    "（": "）",
    "《": "》",
    "“": "”",
    "‘": "’",
    "【": "】",
    "〔": "〕",
    "「": "」",
}
_CLOSING = {close: opening for opening, close in PAIRS.items()}
_PAIRED = regex("|".join((*PAIRS, *_CLOSING, r"\n\s*\n", r"\|\n")))
"""A bracket, a quotation mark, or the end of a paragraph or table row."""
_CUES = (*(tuple(cues) for _, _, cues in _SLIPS), (*PAIRS, *_CLOSING))
"""By form, and last for pairs: the signs without which there is no slip of that form."""
_FORMS = tuple(number for number, cues in enumerate(_CUES) for _ in cues)
_MACHINE = AhoCorasick([cue for cues in _CUES for cue in cues])
_LISTED = regex(r"^\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[a-zA-Z])）")


@dataclass(frozen=True)
class Slip:
    """A slip with its offsets."""

    start: int
    end: int
    why: Message


@lru_cache(maxsize=256)
def slips(text: str) -> tuple[Slip, ...]:
    """Every slip in order."""
    # One pass (Aho and Corasick 1975) shows which forms may match at all: mostly very few.
    matches = _MACHINE.find_matches_as_indexes(text, overlapping=True)
    hinted = {_FORMS[cue] for cue, _, _ in matches}
    candidates = [
        Slip(m.start(), m.end(), why)
        for number, (form, why, _) in enumerate(_SLIPS)
        if number in hinted
        for m in form.finditer(text)
    ]
    if len(_SLIPS) in hinted:
        candidates += _unpaired(text)
    if not candidates:
        return ()
    marked = _marked(text, candidates)
    unmarked = (s for s in candidates if not any(marked.touching(s.start, s.end)))
    return tuple(sorted(unmarked, key=lambda s: (s.start, s.end)))


def _marked(text: str, candidates: Iterable[Slip]) -> Spans[None]:
    """Markdown's signs in the lines that slips stand in; none of them reaches over a line's end."""
    lines = set()
    for slip in candidates:
        end = text.find("\n", slip.end)
        lines.add((text.rfind("\n", 0, slip.start) + 1, len(text) if end < 0 else end))
    return Spans((*m.span(), None) for line in lines for m in _MARKDOWN.finditer(text, *line))


def _unpaired(text: str) -> Iterator[Slip]:
    """Brackets and quotation marks without their other half in the same paragraph."""
    waiting: list[tuple[str, int]] = []
    for match in _PAIRED.finditer(text):
        sign, at = match[0], match.start()
        if sign in PAIRS:
            waiting.append((sign, at))
        elif sign[0] in "\n|":
            yield from map(_open, waiting)
            waiting.clear()
        elif waiting and waiting[-1][0] == _CLOSING[sign]:
            waiting.pop()
        elif sign != "’" and not (sign == "）" and _numbered(text, at)):
            why = say("A closing mark {sign} lacks its opening one.", sign=sign)
            yield Slip(at, at + 1, why)
    yield from map(_open, waiting)


def _open(waiting: tuple[str, int]) -> Slip:
    sign, at = waiting
    why = say("An opening mark {sign} lacks its closing one.", sign=sign)
    return Slip(at, at + 1, why)


def _numbered(paragraph: str, at: int) -> bool:
    """A list's 1） or 一） needs no opening mark."""
    line = paragraph.rfind("\n", 0, at) + 1
    return bool(_LISTED.match(paragraph[line : at + 1]))
