"""What a PDF holds: its author, words that are plain, and what acts when somebody opens it.

The file is not parsed: a parser would read one file where another program reads another. Names
are looked for in all of its bytes and in every stream that can be unpacked, in each way that a
name can be written (ISO 32000-2, 7.3.5, 7.5.7).
"""

import zlib
from collections.abc import Iterator

from pipeline.detect.budget import Budget
from pipeline.detect.images import traces
from pipeline.detect.trailing import crowded
from pipeline.model.posts import MediaFact
from pipeline.model.regex import regex

_STREAM = regex(rb"stream\r?\n")
_AUTHOR = regex(rb"/Author\s*(?:\(\s*[^)\s]|<\s*[0-9A-Fa-f]{2})|<dc:creator>")
_WORDS = regex(rb"\(((?:[^()\\]|\\.){1,2000}+)(\))?")
_JPEG = b"\xff\xd8\xff"
_HEAD = 2_000
"""Bytes before a stream within which its dictionary stands."""


def _name(word: str, after: bytes = b"(?![A-Za-z0-9#])") -> bytes:
    """A pattern of a name, any letter of which may stand as ``#`` and two digits."""
    letters = (f"(?:{c}|#{_either(f'{ord(c):02x}')})" for c in word)
    return b"/" + "".join(letters).encode() + after


def _either(digits: str) -> str:
    return "".join(d if d.isdigit() else f"[{d}{d.upper()}]" for d in digits)


_VALUE = rb"(?:[\s\0]|%[^\r\n]{0,200}[\r\n])*+(?:<<|\[|\d+\s+\d+\s+R)"
_ACTS = {
    "script": regex(b"|".join((_name("JavaScript"), _name("XFA", _VALUE), _name("RichMedia")))),
    "launch": regex(_name("Launch")),
    "embedded": regex(b"|".join((_name("EmbeddedFile"), _name("EF", _VALUE)))),
    "encrypted": regex(_name("Encrypt")),
}
"""What it does beyond being read (a portable name in `MediaFact.acts`) → how it says so."""
_PACKED_OBJECTS = regex(_name("ObjStm"))


def pdf_fact(path: str, raw: bytes, budget: Budget) -> MediaFact:
    """What the budget has left for it. Words drawn by glyph numbers of embedded fonts stay unread,
    and what it does is said to be hidden where more names stand than are looked at."""
    streams = list(_streams(raw, budget))
    parts = [raw, *(data for _, data in streams if data is not None)]
    budget.names -= sum(part.count(b"/") for part in parts)
    if budget.names < 0:
        return MediaFact(path, unread=True, acts=("hidden",))
    acts = [act for act, name in _ACTS.items() if any(name.search(part) for part in parts)]
    if any(data is None and _PACKED_OBJECTS.search(head) for head, data in streams):
        acts.append("hidden")
    return MediaFact(
        path,
        "\n".join(_words(parts[1:], budget)),
        any(traces(p).position for p in parts if p[:3] == _JPEG and not crowded(p)),
        any(_AUTHOR.search(part) for part in parts),
        unread=True,
        acts=tuple(acts),
    )


def _words(parts: list[bytes], budget: Budget) -> Iterator[str]:
    for part in parts:
        for match in _WORDS.finditer(part):
            budget.words -= len(match[1]) + 1
            if budget.words < 0:
                return
            if match[2]:
                yield match[1].decode("latin-1")


def _streams(raw: bytes, budget: Budget) -> Iterator[tuple[bytes, bytes | None]]:
    """(what stands before it, unpacked) of each stream; None for what cannot be unpacked, and for
    all beyond the limit."""
    for head, body, at in _bodies(raw):
        budget.parts -= 1
        if budget.parts < 0 or budget.unpacked <= 0:
            yield head + raw[at:], None
            return
        if body[:3] == _JPEG:
            yield head, body
            continue
        try:
            data = zlib.decompressobj().decompress(body, budget.unpacked)
        except zlib.error:
            yield head, None
            continue
        budget.unpacked -= len(data)
        yield head, data


def _bodies(raw: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """What stands before ``stream``, what from there to ``endstream``, and where the rest begins,
    in one pass over the file."""
    at = 0
    while begun := _STREAM.search(raw, at):
        end = raw.find(b"endstream", begun.end())
        if end < 0:
            return
        head = raw[max(at, begun.start() - _HEAD) : begun.start()]
        at = end + len(b"endstream")
        yield head, raw[begun.end() : end].removesuffix(b"\n").removesuffix(b"\r"), at
