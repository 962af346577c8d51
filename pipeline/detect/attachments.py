"""What a file beside a post tells: its words, its authors, the place it was made at.

Office documents (docx, xlsx, pptx) and OFD are zip files of XML and are read whole; of a PDF see
`pdf`. What cannot be read is said to be unread, never taken for clean.
"""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import IO

from pipeline.detect.budget import Budget
from pipeline.detect.formats import ATTACHED, MOST_PIXELS, PICTURES, ending, honest, sound
from pipeline.detect.images import pixel_size, traces
from pipeline.detect.machine_made import label_of
from pipeline.detect.pdf import pdf_fact
from pipeline.detect.trailing import crowded, holds_more_pictures, trailing
from pipeline.model.posts import MediaFact
from pipeline.model.regex import regex

_TABLES = (".csv", ".tsv")
_ZIPPED = (".docx", ".xlsx", ".pptx", ".ofd", ".docm", ".xlsm", ".wps")
_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".mp4", ".mov", ".m4v")
_LESS_WORK = 16
"""A JPEG is decoded at an eighth of its size: one such part of the work of other pictures."""
_WINDOW = 262_144
"""Bytes of a part whose marks are taken out at once."""
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


def look_into(path: str, raw: bytes, budget: Budget | None = None) -> MediaFact:
    """Look into a file by its ending, and into no more than the budget has left for it.

    Never raises for what the bytes hold.
    """
    kind, budget = ending(path), budget or Budget()
    if kind in PICTURES and (crowded(raw) or not _affordable(kind, raw, budget)):
        return MediaFact(path, unread=True)
    fact = _contents(path, raw, budget)
    label = None if f".{kind}" in (*_READ_ELSEWHERE, *_TABLES) else label_of(raw)
    return replace(
        fact,
        acts=("macro",) if f".{kind}" in _ZIPPED and _MACROS in raw else fact.acts,
        broken=not sound(path, raw),
        made_by_machine=label["Label"] if label else "",
        trailing=bool(trailing(raw)) and not holds_more_pictures(raw),
        withheld=kind in ATTACHED and not honest(path, raw),
    )


def _affordable(kind: str, raw: bytes, budget: Budget) -> bool:
    """Whether a picture may be decoded; what is none costs nothing, nor what is refused unseen."""
    width, height = pixel_size(raw) or (0, 0)
    pixels = width * height if width * height <= MOST_PIXELS else 0
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
        made = traces(raw)
        return MediaFact(path, "", made.position, made.author)
    if kind in _TABLES:
        words = _decoded(raw)
        return MediaFact(path, budget.take(words), unread=budget.words < 0)
    if kind in _ZIPPED:
        return _zipped(path, raw, budget)
    if kind == ".pdf":
        return pdf_fact(path, raw, budget)
    return MediaFact(path, unread=True)


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
    located = author = False
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
                if _PART.fullmatch(part.filename):
                    author = author or bool(_XML_AUTHOR.search(data))
                    for text in _text_of(data):
                        words.append(budget.take(text))
                        if budget.words < 0:
                            break
                elif part.filename.lower().endswith(_PICTURES):
                    if crowded(data):
                        return MediaFact(path, unread=True)
                    located = located or traces(data).position
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError,
            NotImplementedError):  # fmt: skip
        return MediaFact(path, unread=True)
    return MediaFact(path, "".join(words), located, author, unread=budget.words < 0)


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
