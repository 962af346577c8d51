"""What a file beside a post holds: its words, its author, where it was made, what it runs.

Office documents (docx, xlsx, pptx) and OFD are zip files of XML and are read whole. A PDF is not
parsed: a parser would read one file where another program reads another. Its names are looked for
in all of its bytes and in every stream that can be unpacked, in each way that a name can be written
(ISO 32000-2, 7.3.5, 7.5.7). What cannot be read is reported as unread, never taken for clean.
"""

import csv
import io
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from html import unescape
from typing import IO

from pipeline.detect import folding, formats, machine_made
from pipeline.detect.endings import ATTACHED, PICTURES, ending
from pipeline.model.lazy import regex
from pipeline.model.posts import MediaFact

LIMIT = 30_000_000
"""Bytes that the parts of all files of a post may unpack to; more is left unread."""


@dataclass
class Budget:
    """What is left of the work that the files of one post may cost together (threats A35)."""

    unpacked: int = LIMIT
    """Bytes."""
    parts: int = 20_000
    """Parts of documents, and streams of PDFs."""
    words: int = 400_000
    """Characters of documents and tables."""
    names: int = 2_000_000
    """Slashes in PDFs: each may begin a name that is looked for."""
    pixels: int = 60_000_000
    """Of pictures that are decoded; one of the largest allowed always is."""

    def take(self, text: str) -> str:
        """As much of a text as is looked at; `words` is negative when that is not all."""
        left, self.words = max(self.words, 0), self.words - len(text)
        return text[:left]


_TABLES = (".csv", ".tsv")
_RECKONED = ("=", "@", "+", "-")
_ZIPPED = (".docx", ".xlsx", ".pptx", ".ofd", ".docm", ".xlsm", ".wps")
_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".mp4", ".mov", ".m4v")
_LESS_WORK = 16
"""A JPEG is decoded at an eighth of its size: one such part of the work of other pictures."""
_WINDOW = 262_144
"""Bytes of a part that are stripped of tags at once."""
_READ_ELSEWHERE = (".txt", ".md", ".vtt", ".srt")
_PIECE = 65_536
_MOST_PARTS = 5_000
"""Parts of one document; each costs, however short it is."""
_METHODS = (0, 8)
"""Stored and deflated, as office programs write (ISO/IEC 29500-2, Annex C; numbers: APPNOTE.TXT
4.4.5): no other unpacker is asked."""
_MACROS = b"vbaProject.bin"
"""The part that holds the macros of an office document; names of parts are never packed."""
_PART = regex(r"(?:word|xl|ppt|docprops|doc_\d+)/.*\.xml|ofd\.xml", re.IGNORECASE)
_BLOCK_END = regex(r"</(?:w:p|a:p|si|c|ofd:TextObject|row|w:tr)>")
_TAG = regex(r"<[^<>]*+>")
_XML_AUTHOR = regex(rb"<(?:dc:creator|cp:lastModifiedBy|ofd:Author|ofd:Creator|Author)>\s*+[^<\s]")


def within_budget() -> Callable[[str, bytes], MediaFact]:
    """`look_into` of the files beside one post, which share a budget."""
    return partial(look_into, budget=Budget())


def look_into(path: str, raw: bytes, budget: Budget | None = None) -> MediaFact:
    """Look into a file by its ending, and into no more than the budget has left for it.

    Never raises for what the bytes hold.
    """
    kind, budget = ending(path), budget or Budget()
    label = None if f".{kind}" in (*_READ_ELSEWHERE, *_TABLES) else machine_made.label_of(raw)
    crowd = kind in PICTURES and formats.crowded(raw)
    if kind in PICTURES and (crowd or not _affordable(kind, raw, budget)):
        machine = label["Label"] if label else ""
        return MediaFact(path, unread=True, broken=crowd, made_by_machine=machine)
    fact = _contents(path, raw, budget)
    return replace(
        fact,
        acts=("macro",) if f".{kind}" in _ZIPPED and _MACROS in raw else fact.acts,
        broken=not formats.is_displayable(path, raw),
        made_by_machine=label["Label"] if label else fact.made_by_machine,
        trailing=bool(formats.trailing(raw)) and not formats.holds_more_pictures(raw),
        withheld=kind in ATTACHED and not formats.matches_ending(path, raw),
    )


def _affordable(kind: str, raw: bytes, budget: Budget) -> bool:
    """Whether the budget allows decoding a picture; what is refused undecoded costs nothing."""
    width, height = formats.pixel_size(raw) or (0, 0)
    pixels = width * height if width * height <= formats.most_pixels(kind) else 0
    pixels = pixels // _LESS_WORK if PICTURES[kind] == "JPEG" else pixels
    if pixels > budget.pixels:
        return False
    budget.pixels -= pixels
    return True


def _contents(path: str, raw: bytes, budget: Budget) -> MediaFact:
    kind = f".{ending(path)}"
    if kind in _READ_ELSEWHERE:
        return MediaFact(path)
    if kind in _PICTURES:
        made = formats.traces(raw)
        return MediaFact(path, "", made.position, made.author)
    if kind in _TABLES:
        words = budget.take(_decoded(raw))
        cell = _formula(words, "\t" if kind == ".tsv" else ",")
        return MediaFact(
            path,
            words,
            unread=budget.words < 0 or words.count("\t") > folding.MOST_CELLS,
            acts=("formula",) if cell else (),
            where=cell,
        )
    if kind in _ZIPPED:
        return _zipped(path, raw, budget)
    if kind == ".pdf":
        return pdf_fact(path, raw, budget)
    return MediaFact(path, unread=True)


_NUMBER = regex(r"[+-]?(?:[\d.,][^()|!=@A-Za-z]*+|)(?:C|[Ee][+-]?\d+)?")
"""A number with its unit, ``-3.2个百分点``, or a mere dash: no table program reckons it."""


def _formula(words: str, parted: str) -> str:
    """Line and cell, from 1, of the first cell that a table program would reckon: one that begins
    with ``=`` or ``@``, or with a sign that no number follows. Empty for none."""
    rows = csv.reader(io.StringIO(words), delimiter=parted)
    with suppress(csv.Error):  # what is no table to it is looked at as words alone
        for row in rows:
            for number, cell in enumerate(row, 1):
                bare = unicodedata.normalize("NFKC", cell.strip()[:200])
                if bare[:1] in _RECKONED and not _NUMBER.fullmatch(bare):
                    return f"{rows.line_num}:{number}"
    return ""


def _decoded(raw: bytes) -> str:
    """Tables are written by office programs: UTF-8 with a mark, or GB 18030."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _zipped(path: str, raw: bytes, budget: Budget) -> MediaFact:
    """Words of every XML part, a line to each paragraph or cell; pictures inside as well."""
    import zipfile  # with bz2 and lzma, for a post that carries a document

    words: list[str] = []
    acts: dict[str, str] = {}
    located = author = False
    made = ""
    number = raw.count(b"PK\x01\x02")
    if number > min(_MOST_PARTS, budget.parts):
        return MediaFact(path, unread=True)
    budget.parts -= number
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            if any(part.compress_type not in _METHODS for part in parts):
                return MediaFact(path, unread=True)
            for part in parts:
                with archive.open(part) as stream:
                    data = _at_most(budget.unpacked, stream)
                budget.unpacked -= len(data)
                if budget.unpacked < 0:
                    return MediaFact(path, unread=True)
                if act := _acts_in(part.filename, data):
                    acts.setdefault(act, part.filename)
                if _PART.fullmatch(part.filename):
                    author = author or bool(_XML_AUTHOR.search(data))
                    for text in _text_of(data):
                        words.append(budget.take(text))
                        if budget.words < 0:
                            break
                elif part.filename.lower().endswith(_PICTURES):
                    if formats.crowded(data):
                        return MediaFact(path, unread=True)
                    located = located or formats.traces(data).position
                    made = made or (machine_made.label_of(data) or {}).get("Label", "")
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError,
            NotImplementedError):  # fmt: skip
        return MediaFact(path, unread=True)
    fact = MediaFact(path, "".join(words), located, author, unread=budget.words < 0)
    return replace(
        fact, made_by_machine=made, acts=tuple(acts), where=next(iter(acts.values()), "")
    )


_OUTSIDE_PATH = regex(r"(?:.*[/\\])?\.\.(?:[/\\].*)?|[/\\].*|[A-Za-z]:.*", re.DOTALL)
_EXTERNAL = regex(rb"<(?:\w{1,40}:)?Relationship\s[^<>]*?\bTargetMode\s*=\s*[\"']External[^<>]*+>")
_HYPERLINK = regex(rb"\bType\s*=\s*[\"'][^\"'<>]*/hyperlink[\"']")
_CALLS = regex(rb"\b(?:DDE(?:AUTO)?|INCLUDE(?:PICTURE|TEXT)|LINK)\s")
_FIELD = regex(rb"<w:instrText[^<>]*+>([^<]{0,400})")
_TRACKED = regex(
    rb"<w:(?:del|moveFrom|delText|delInstrText)[\s>]|<(?:w|p|p188):(?:comment|cm)[\s>]"
)


def _acts_in(name: str, data: bytes) -> str:
    """What a part of an office document does, or hides, as in `MediaFact.acts`; empty: nothing.

    Relationships and fields: ISO/IEC 29500-1, 17.16.5, and 29500-2, 9. Links that people follow
    are none: they lead away only where they are followed.
    """
    if _OUTSIDE_PATH.fullmatch(name):
        return "path"
    if not name.lower().endswith((".xml", ".rels")):
        return ""
    plain = data.replace(b"\0", b"")  # UTF-16
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        return "dtd"
    if name.lower().endswith(".rels"):
        links = (m[0] for m in _EXTERNAL.finditer(plain))
        return "external" if any(not _HYPERLINK.search(link) for link in links) else ""
    if any(_CALLS.search(field[1]) for field in _FIELD.finditer(plain)) or b"<ddeLink" in plain:
        return "external"
    return "revisions" if _TRACKED.search(plain) or name.startswith("xl/revisions/") else ""


def _text_of(data: bytes) -> Iterator[str]:
    """The words of an XML part, piece by piece; a piece ends where a tag does, or the part."""
    at = 0
    while at < len(data):
        end = data.find(b">", at + _WINDOW, at + 2 * _WINDOW) + 1 or at + 2 * _WINDOW
        text = data[at:end].decode("utf-8", "replace")
        yield unescape(_TAG.sub("", _BLOCK_END.sub("\n", text)))
        at = end
    yield "\n"


def _at_most(size: int, stream: IO[bytes]) -> bytes:
    """What a part unpacks to, or a little more than `size` bytes; its header may lie about it."""
    pieces = list[bytes]()
    while size >= 0 and (piece := stream.read(_PIECE)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


# PDF: author, words that are plain, and what acts when a reader opens it.

_STREAM = regex(rb"stream\r?\n")
_AUTHOR = regex(rb"/Author\s*(?:\(\s*[^)\s]|<\s*[0-9A-Fa-f]{2})|<dc:creator>")
_SHOWN = regex(rb"\(((?:[^()\\]|\\.){1,2000}+)(\))?")
_JPEG = b"\xff\xd8\xff"
_HEAD = 2_000
"""Bytes before a stream within which its dictionary stands."""


def _pdf_name(word: str, after: bytes = b"(?![A-Za-z0-9#])") -> bytes:
    """A pattern of a name, any letter of which may stand as ``#`` and two digits."""
    letters = (f"(?:{c}|#{_either(f'{ord(c):02x}')})" for c in word)
    return b"/" + "".join(letters).encode() + after


def _either(digits: str) -> str:
    return "".join(d if d.isdigit() else f"[{d}{d.upper()}]" for d in digits)


_VALUE = rb"(?:[\s\0]|%[^\r\n]{0,200}[\r\n])*+(?:<<|\[|\d+\s+\d+\s+R)"
_ACTS = {
    "script": regex(
        b"|".join((_pdf_name("JavaScript"), _pdf_name("XFA", _VALUE), _pdf_name("RichMedia")))
    ),
    "launch": regex(_pdf_name("Launch")),
    "embedded": regex(b"|".join((_pdf_name("EmbeddedFile"), _pdf_name("EF", _VALUE)))),
    "encrypted": regex(_pdf_name("Encrypt")),
}
"""What a PDF does beyond being read (as in `MediaFact.acts`) → names that reveal it."""
_PACKED_OBJECTS = regex(_pdf_name("ObjStm"))


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
        "\n".join(_shown_words(parts[1:], budget)),
        any(formats.traces(p).position for p in parts if p[:3] == _JPEG and not formats.crowded(p)),
        any(_AUTHOR.search(part) for part in parts),
        unread=True,
        acts=tuple(acts),
    )


def _shown_words(parts: list[bytes], budget: Budget) -> Iterator[str]:
    for part in parts:
        for match in _SHOWN.finditer(part):
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
