"""Secrets of systems, and marks that a text is not for the public, in a text."""

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.detect.classes import classes
from pipeline.detect.folding import Match, flat, fold
from pipeline.detect.forms import Forms
from pipeline.model.lazy import regex
from pipeline.model.run import per_run

_WORDS = classes("secrets")

_FORMS = [
    (name.partition(" ")[0], _WORDS[f"cue {name}"].pattern.split("|"), form)
    for name, form in _WORDS.items()
    if f"cue {name}" in _WORDS
]
"""Kind of secret, words one of which stands there, and its class."""
_ANY_CUE = regex("|".join(c for _, cues, _ in _FORMS for c in cues if c != "://"))
_UNCERTAIN = ("app-id",)
_SAYS = {name[5:]: form for name, form in _WORDS.items() if name.startswith("says ")}
"""What a sentence may say of a text: two of these make a mark, the text alone says nothing."""
_GUARDED = {"arms", "guarded"}
"""A place and how it is held, which say something together alone."""
_SENTENCE = regex(r"[^。；;！!？?\n]+")
_MARK_CUES = Forms(_WORDS["mark cues"].pattern)


def secrets(text: str) -> tuple[Match, ...]:
    """Keys, tokens and passwords: app-secret, token, password, private-key, cloud-key, app-id.

    Placeholders and stars are none. An app-id is public knowledge to any client, so uncertain. Of
    those of one kind that overlap, the first counts.
    """
    last: dict[str, Match] = {}
    apart = []
    for match in sorted(set(_secrets(text)), key=lambda f: (f.start, f.end, f.kind)):
        if match.kind not in last or match.start >= last[match.kind].end:
            last[match.kind] = match
            apart.append(match)
    return tuple(apart)


@per_run(8)
def speaks_of_secrets(text: str) -> bool:
    """Whether a text has one of the words that every secret needs; nearly no text has."""
    plain = fold(text).text
    # An address is no secret by itself: a password in it stands before an @.
    return ("://" in plain and "@" in plain) or _ANY_CUE.search(plain) is not None


def _secrets(text: str) -> Iterator[Match]:
    if not speaks_of_secrets(text):
        return
    plain = fold(text).text
    forms = [(kind, form) for kind, cues, form in _FORMS if any(cue in plain for cue in cues)]
    yield from _in(text, forms)
    read = flat(text) if "|" in text else fold(text)
    if read.text != text.lower():
        for m in _in(read.text, forms):
            start, end = read.span(m.start, m.end)
            yield replace(m, start=start, end=end)


def _in(text: str, forms: Sequence[tuple[str, re.Pattern[str]]]) -> Iterator[Match]:
    for kind, form in forms:
        for match in form.finditer(text):
            group = next(name for name, value in match.groupdict().items() if value is not None)
            value = match[group].rstrip("\"'”’`」。，,;；)）")
            if kind == "private-key" or (_is_secret(value) and _strong(kind, value)):
                start = match.start(group)
                yield Match(kind, start, start + len(value), kind not in _UNCERTAIN)


def _is_secret(value: str) -> bool:
    varied = len(set(value)) > 2 or value.isdecimal()  # 888888 is a password, xxxxxx is none
    return len(value) > 3 and not _WORDS["shadow"].search(value) and varied


def _strong(kind: str, value: str) -> bool:
    """Long values look random: letters and digits; a password is any word that is no sentence."""
    if kind in ("password", "app-id", "cloud-key"):
        return True
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


def secrecy_marks(text: str) -> tuple[Match, ...]:
    """Marks such as 机密★10年 (certain), and words such as 内部资料 in a sentence (uncertain).

    Talk of secrets, as in 保守国家秘密、工作秘密, is no mark.
    """
    read = flat(text)
    if not _MARK_CUES.stand_in(read.text):
        return ()
    # As written too: a mark stands on a line of its own, and the one form joins lines.
    marks = {(*read.span(start, end), sure) for start, end, sure in _all_marks(read.text)}
    return tuple(Match("secrecy-mark", *m) for m in sorted({*_all_marks(text), *marks}))


def _all_marks(text: str) -> Iterator[tuple[int, int, bool]]:
    """(start, end, certain) of every mark, from the lines that speak of secrecy at all."""
    end = -1
    cues = [at for _, at, _ in _MARK_CUES.matches(text)]
    for cue in cues:
        if cue > end:
            start = text.rfind("\n", 0, cue) + 1
            end = text.find("\n", cue) % (len(text) + 1)
            marks = [*filter(None, map(_mark, _WORDS["marks"].finditer(text, start, end)))]
            yield from marks
            for m in _SENTENCE.finditer(text, start, end):
                apart = all(s >= m.end() or e <= m.start() for s, e, certain in marks if certain)
                cued = bisect(cues, m.start() - 1) < bisect(cues, m.end())
                if apart and cued and _is_stated(m[0]):
                    yield (*m.span(), True)


def _is_stated(sentence: str) -> bool:
    if _SAYS["unpublished"].fullmatch(sentence.strip()):
        return True
    kinds = {kind for kind, form in _SAYS.items() if form.search(sentence)}
    if not kinds >= _GUARDED:
        kinds -= _GUARDED
    return (
        len(kinds) > 1
        and kinds not in ({"this", "internal"}, {"this", "not yet"}, {"this", "copied"})
        and not _WORDS["talk"].search(sentence)
    )


def _mark(match: re.Match[str]) -> tuple[int, int, bool] | None:
    """(start, end, certain); None for talk of secrets."""
    certain = match.lastgroup != "spoken"
    before = match.string[max(0, match.start() - 8) : match.start()]
    if not certain and _WORDS["spoken"].search(before.rpartition("\n")[2]):
        return None
    return match.end() - len(match[0].lstrip()), match.end(), certain


# The strength of a password in two figures; the password itself is not stored (Article 14(1)).


@dataclass(frozen=True)
class Strength:
    """What is recorded of a password."""

    classes: int
    """Kinds of characters it holds: digits, letters, symbols (0 to 3)."""
    long_enough: bool


def strength(password: str, least: int) -> Strength:
    """Measure a password against a least length in characters."""
    digits = any(c.isdigit() for c in password)
    letters = any(c.isalpha() for c in password)
    symbols = any(not c.isalnum() and not c.isspace() for c in password)
    return Strength(digits + letters + symbols, len(password) >= least)
