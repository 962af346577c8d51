"""What may be typed for a word: pinyin, its first letters, a sign of the same sound, another word.

`search_words.js` says what is another word for the same; what it takes a query for and what not
stands in `search_words.specs.txt`.
"""

import re
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

from ahocorasick_rs import AhoCorasick

from pipeline.detect.folding import words_of

# How characters sound, so that a reader may type pinyin or its first letters.
#
# GB/T 2312 sorts its 3,755 common characters by their usual sound: the first character of every
# sound is table enough. Others that notices use, or use with another sound, stand beside them. `ü`
# is `u`; of a character with several sounds the table has one.


_TABLE = (Path(__file__).parent / "site/assets/search_sounds.js").read_text("utf-8")
_FIRST, _RARE = _TABLE.split("`")[-2].split("\n\n")
_ENTRY = re.compile(r"([a-z]+)([^a-z\s]+)")
_BOUNDS: list[tuple[bytes, str]] = [
    (sign.encode("gb2312"), sound) for sound, sign in _ENTRY.findall(_FIRST)
]
_RARE_SOUNDS: dict[str, str] = {
    sign: sound for sound, signs in _ENTRY.findall(_RARE) for sign in signs
}
_END = b"\xd8"
"""The rows from here on are sorted by radical."""


@cache
def sound_of(sign: str) -> str:
    """The pinyin of a character, without a tone; empty when it is in no table."""
    code = sign.encode("gb2312", "ignore")
    if sign in _RARE_SOUNDS or len(code) != 2 or not _BOUNDS[0][0] <= code < _END:
        return _RARE_SOUNDS.get(sign, "")
    return _BOUNDS[bisect(_BOUNDS, code, key=lambda bound: bound[0]) - 1][1]


def initials(word: str) -> str:
    """The first letters of a word's sounds; empty unless all its characters have one."""
    sounds = [sound_of(sign) for sign in word]
    return "".join(sound[0] for sound in sounds) if all(sounds) else ""


_WORDS = Path(__file__).parent / "site/assets/search_words.js"
_HAN = re.compile("[\u4e00-\u9fff]{2,}")
_MARKS = re.compile("[^\u4e00-\u9fff]+")
_LATIN = re.compile("[a-z]+")
_BLUR = re.compile("(?<=^[zcs])h|(?<=n)g$")
LONGEST, JOINED = 6, 4  # signs of a word that may be spelt, and of two that follow each other
LIKE = 8  # words listed of one sound, the most frequent first


@cache
def _groups() -> tuple[AhoCorasick, list[str]]:
    """What finds the Chinese words of all groups; of each word, the first of its group."""
    lines = (line.split() for line in _WORDS.read_text("utf-8").split("`")[1].splitlines())
    firsts = [(word, line[0]) for line in lines for word in line if not _LATIN.fullmatch(word)]
    return AhoCorasick([word for word, _ in firsts]), [first for _, first in firsts]


def groups_in(text: str) -> set[str]:
    """The first words of the groups of which the text holds a word."""
    finder, firsts = _groups()
    return {firsts[at] for at, _, _ in finder.find_matches_as_indexes(text, overlapping=True)}


def words_in(title: str, head: str, body: str) -> set[str]:
    """The words of a post that may be spelt: of title and head two that follow each other, too."""
    all_words = {*words_of(body)}
    for piece in _MARKS.split(f"{title}\n{head}"):
        words = words_of(piece)
        joined = (one + other for one, other in pairwise(words) if len(one + other) <= JOINED)
        all_words |= {piece, *words, *joined}
    return {word for word in all_words if len(word) <= LONGEST and _HAN.fullmatch(word)}


def blurred(sound: str) -> str:
    """A sound without what many speakers do not tell apart: zh and z, ing and in, n and l."""
    blunt = _BLUR.sub("", sound)
    return f"n{blunt[1:]}" if blunt.startswith("l") else blunt


def spellings(words: Counter[str]) -> Iterator[tuple[tuple[str, str], Iterable[str]]]:
    """(field, value) of a key and the words that are spelt so, the most frequent first."""
    like: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for word in sorted(words, key=lambda each: (-words[each], each)):
        if first := initials(word):
            like["initials", first].append(word)
            like["said", "".join(blurred(sound_of(sign)) for sign in word)].append(word)
    yield from ((key, words_of_key[:LIKE]) for key, words_of_key in like.items())
