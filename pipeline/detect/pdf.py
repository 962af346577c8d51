"""What a PDF holds: its author, words that are plain, and what acts when somebody opens it.

The file is not parsed: a parser would read one file where another program reads another. Names
are looked for in all of its bytes and in every stream that can be unpacked, in each way that a
name can be written (ISO 32000-2, 7.3.5, 7.5.7).
"""

import zlib
from collections.abc import Iterator

from pipeline.detect.images import traces
from pipeline.model.posts import MediaFact
from pipeline.model.regex import regex

LIMIT = 30_000_000
"""Bytes that the streams of one file may unpack to; more is left unread."""
_STREAM = regex(rb"stream\r?\n")
_AUTHOR = regex(rb"/Author\s*(?:\(\s*[^)\s]|<\s*[0-9A-Fa-f]{2})|<dc:creator>")
_WORDS = regex(rb"\(((?:[^()\\]|\\.){1,2000}+)(\))?")
_JPEG = b"\xff\xd8\xff"
_WORDS_LIMIT = 400_000
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


def pdf_fact(path: str, raw: bytes) -> MediaFact:
    """All of it, for a post. Words drawn by glyph numbers of embedded fonts stay unread."""
    streams = list(_streams(raw))
    parts = [raw, *(data for _, data in streams if data is not None)]
    words = (m[1].decode("latin-1") for part in parts[1:] for m in _WORDS.finditer(part) if m[2])
    acts = [act for act, name in _ACTS.items() if any(name.search(part) for part in parts)]
    if any(data is None and _PACKED_OBJECTS.search(head) for head, data in streams):
        acts.append("hidden")
    return MediaFact(
        path,
        "\n".join(words)[:_WORDS_LIMIT],
        any(traces(part).place for part in parts if part[:3] == _JPEG),
        any(_AUTHOR.search(part) for part in parts),
        unread=True,
        acts=tuple(acts),
    )


def _streams(raw: bytes) -> Iterator[tuple[bytes, bytes | None]]:
    """(what stands before it, unpacked) of each stream; None for what cannot be unpacked, and for
    all beyond the limit."""
    left = LIMIT
    bodies = _bodies(raw)
    for head, body in bodies:
        if body[:3] == _JPEG:
            yield head, body
            continue
        try:
            data = zlib.decompressobj().decompress(body, max(left, 1))
        except zlib.error:
            yield head, None
            continue
        left -= len(data)
        yield head, data
        if left <= 0:
            yield from ((late, None) for late, _ in bodies)


def _bodies(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """What stands before ``stream``, and from there to ``endstream``, in one pass over the file."""
    at = 0
    while begun := _STREAM.search(raw, at):
        end = raw.find(b"endstream", begun.end())
        if end < 0:
            return
        head = raw[max(at, begun.start() - _HEAD) : begun.start()]
        yield head, raw[begun.end() : end].removesuffix(b"\n").removesuffix(b"\r")
        at = end + len(b"endstream")
