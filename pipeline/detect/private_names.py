"""Names of people whom a text calls dead, hurt, ill or lost, or gives an age (Article 13(3)).

A surname begins a name. Three things say whether it is one, each in degrees: what stands before
it, what stands behind it, and how a dictionary cuts the sentence, which falls to single signs
where a name stands. The dictionary is asked last, about what the rest leaves.
"""

import re
from collections.abc import Iterator

from pipeline.detect.classes import classes
from pipeline.detect.folding import is_other_word, words_around
from pipeline.detect.private_numbers import Span
from pipeline.model.lazy import HAN, regex

_WORDS = classes("private_names", han=HAN)

SURNAMES = _WORDS["surnames"].pattern
"""All surnames of the 百家姓, and newer ones; many of them are words, so a dictionary decides."""
_KINDS = {
    **dict.fromkeys(_WORDS["adult"].pattern.split("|"), "name"),
    **dict.fromkeys(_WORDS["child"].pattern.split("|"), "minor"),
}
_CUES = regex("|".join(sorted(_KINDS, key=len, reverse=True)))
_EDGE = regex(r"(?:^|[，。；：、\s|（(“—\n】]|[（(]?\d[）).、])$")
_SENTENCE = regex(r"[^。！？\n]+")


def _sufferers(text: str) -> Iterator[tuple[int, int]]:
    """Names in sentences about harm, and in those that follow them."""
    before = False
    for sentence in _SENTENCE.finditer(text):
        praised = _WORDS["honours"].search(sentence[0]) is not None
        harmed = _WORDS["harm"].search(sentence[0]) is not None and not praised
        if harmed or before:
            yield from _in_sentence(text, *sentence.span())
            yield from _transliterated(text, *sentence.span())
        before = harmed


def _in_sentence(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    last = start
    listed = 0
    surnames = [m for n in ("double", "single") for m in _WORDS[n].finditer(text, start, end)]
    for surname in sorted(surnames, key=re.Match.start):
        at = surname.start()
        before = text[max(start, at - 8) : at]
        if at < last or _WORDS["official"].search(before):
            continue
        left = 2 if _WORDS["calls"].search(before) else 1 if _EDGE.search(before) else 0
        if listed and text[listed:at] in ("、", "和", "与", "及", "——", "，"):
            left = 2
        for stop in (surname.end() + 2, surname.end() + 1):
            if stop <= end and _is_sufferer(text, at, surname.end(), stop, left):
                yield at, stop
                last = listed = stop
                break


def _transliterated(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Names without surname, in which the dictionary knows no word."""
    for name in _WORDS["transliterated"].finditer(text, start, end):
        first, last = name.span()
        called = _WORDS["calls"].search(text, max(start, first - 8), first) or _WORDS["hurt"].match(
            text, last
        )
        locality = _WORDS["behind place"].match(text, last)
        if called and not locality and not is_other_word(text, first, last):
            yield first, last


def _is_sufferer(text: str, start: int, given: int, end: int, left: int) -> bool:
    """Whether context and dictionary together make a name of a stretch."""
    behind = text[end : end + 12].partition("\n")[0]
    right = 2 if _WORDS["hurt"].match(behind) else 1 if _WORDS["break"].match(behind) else 0
    serves = _WORDS["serves"].search(text, max(0, start - 4), start) or behind.startswith("同志")
    if serves and not (right == 2 or _WORDS["fell"].match(text, end)):
        return False
    left, weak = 2 if serves else left, given == start + 1 and text[start] in _WORDS["weak"].pattern
    if (
        left + right < (2 if end - start == 2 else 1) + 2 * weak
        or not _WORDS["given"].fullmatch(text, given, end)
        or _WORDS["not a name"].match(text[start:end] + behind[:5])
        or _WORDS["acts"].match(behind)
        or _WORDS["behind place"].match(behind)
        or (not (left == 2 and right) and _WORDS["locality"].search(text, start, end))
        or (not left and start and text[start - 1] in text[given:end])  # 清池清井: 清 is the verb
    ):
        return False
    shape = _shape(text, start, given, end)
    if end - start == 2:
        alone = left == 2 and any(s == end for s, _ in words_around(text, end, end + 1))
        return shape == 3 and (left + right > 2 or alone)
    return left + right >= {3: 1, 2: 2, 1: 3}.get(shape, 9) + 2 * weak


def _shape(text: str, start: int, given: int, end: int) -> int:
    """How like a name the dictionary cuts it: 3 into single signs, 0 across its ends."""
    words = set(words_around(text, start, end)) - {(start, given)}
    if any(s < start or e > end for s, e in words):
        return 0
    if (start, end) in words:
        return 0 if is_other_word(text, start, end) else 2
    return 3 if not words else 2 if all(s == given for s, _ in words) else 1


def _ages(text: str) -> Iterator[Span]:
    """A name with an age behind it, or a birthday."""
    for age in _WORDS["age"].finditer(text) if "岁" in text else ():
        name = _WORDS["aged"].search(text, max(0, age.start() - 14), age.start())
        if name and _is_name(text, *name.span("name")):
            yield "minor" if int(age[1]) < 18 else "birth", name.start(), age.end(), False
    if "生" in text and any(word in text for word in ("出生", "生于", "月生", "日生")):
        yield from (("birth", *m.span(), False) for m in _WORDS["born"].finditer(text))


def _is_name(text: str, start: int, end: int) -> bool:
    """Not shortened to 某, not marked as invented, no other word and no part of one."""
    if _WORDS["not a name"].match(text[start:end] + text[end : end + 5].partition("\n")[0]):
        return False
    verb = text[start] in _WORDS["weak"].pattern and (
        end - start < 3 or any(words_around(text, start, end))
    )
    return not (verb or is_other_word(text, start, end))


_GROWN = ("老师", "校长", "教师", "园长", "医生", "教练", "叔叔", "阿姨", "警官", "家长", "（化名")
"""Behind a name: it is no child's, or none's."""


_PLAIN = frozenset("安常平成明康方文白云古洪易家原万水晨")
"""Surnames that are words, but none with which a sentence goes on behind a class or an age."""


def pupils(text: str) -> Iterator[tuple[int, int]]:
    """Names of children with their school, class or age: offsets into a folded text."""
    if not _WORDS["minor cue"].search(text):
        return
    for match in (m for name in ("pupils", "pupils first") for m in _WORDS[name].finditer(text)):
        start, end = match.span("name")
        taught = _WORDS["teaches"].search(text, max(0, start - 4), start)
        apposed = start > match.start() and end - start > 2 and text[start] in _PLAIN
        is_name = _is_name(text, start, end) or (apposed and not is_other_word(text, start, end))
        if is_name and not taught and not text.startswith(_GROWN, end):
            yield start, end


def private_names(text: str) -> Iterator[Span]:
    """Names with what makes them private, in a folded text."""
    aged = list(_ages(text))
    yield from aged
    if _WORDS["harm"].search(text):
        for start, end in _sufferers(text):
            if not any(first <= start < last for _, first, last, _ in aged):
                yield "name", start, end, False
        yield from (("name", *m.span("latin"), False) for m in _WORDS["foreign"].finditer(text))
    for cue in _CUES.finditer(text):
        behind = _WORDS["behind"].match(text, cue.end())
        if behind and _is_name(text, *behind.span("name")):
            yield _KINDS[cue[0]], *behind.span("name"), False
