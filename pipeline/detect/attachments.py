"""What a file beside a post tells: its words, its authors, the place it was made at.

Office documents (docx, xlsx, pptx) and OFD are zip files of XML and are read whole; of a PDF only
its author and the words that are not drawn by glyph number. What cannot be read is said to be
unread, never taken for clean.
"""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from typing import IO

from pipeline.detect.formats import ending, sound
from pipeline.detect.images import traces
from pipeline.model.posts import MediaFact
from pipeline.model.regex import regex

_TABLES = (".csv", ".tsv")
_ZIPPED = (".docx", ".xlsx", ".pptx", ".ofd", ".docm", ".xlsm", ".wps")
_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".mp4", ".mov", ".m4v")
_SOUND = (".avif", ".mp3", ".m4a", ".wav", ".webm")
"""Pictures and sounds without a reader here; they hold no words."""
_READ_ELSEWHERE = (".txt", ".md", ".vtt", ".srt")
LIMIT = 30_000_000
"""Bytes that the parts of one file may unpack to; more is left unread."""
_PIECE = 65_536
_MOST_PARTS = 5_000
"""Parts of one document; each costs, however short it is."""
_METHODS = (0, 8)
"""Stored and deflated, as office programs write (ISO/IEC 29500-2, Annex C; numbers: APPNOTE.TXT
4.4.5): no other unpacker is asked."""
_WORDS_LIMIT = 400_000
_PART = regex(r"(?:word|xl|ppt|docprops|doc_\d+)/.*\.xml|ofd\.xml", re.IGNORECASE)
_BLOCK_END = regex(r"</(?:w:p|a:p|si|c|ofd:TextObject|row|w:tr)>")
_TAG = regex(r"<[^<>]*+>")
_XML_AUTHOR = regex(r"<(?:dc:creator|cp:lastModifiedBy|ofd:Author|ofd:Creator|Author)>\s*[^<\s]")
_STREAM = regex(rb"stream\r?\n")
_PDF_AUTHOR = regex(rb"/Author\s*(?:\(\s*[^)\s]|<\s*[0-9A-Fa-f]{2})|<dc:creator>")
_PDF_WORDS = regex(rb"\(((?:[^()\\]|\\.){1,2000}+)(\))?")


def look_into(path: str, raw: bytes) -> MediaFact:
    """Look into a file by its ending. Never raises for what the bytes hold."""
    found = _told(path, raw)
    return found if sound(path, raw) else replace(found, broken=True)


def _told(path: str, raw: bytes) -> MediaFact:
    kind = f".{ending(path)}"
    if kind in _READ_ELSEWHERE or kind in _SOUND:
        return MediaFact(path)
    if kind in _PICTURES:
        found = traces(raw)
        return MediaFact(path, "", found.place, found.author)
    if kind in _TABLES:
        return MediaFact(path, _decoded(raw)[:_WORDS_LIMIT])
    if kind in _ZIPPED:
        return _zipped(path, raw)
    if kind == ".pdf":
        return _pdf(path, raw)
    return MediaFact(path, unread=True)


def _decoded(raw: bytes) -> str:
    """Tables are written by office programs: UTF-8 with a mark, or GB 18030."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _zipped(path: str, raw: bytes) -> MediaFact:
    """Words of every XML part, a line to each paragraph or cell; pictures inside as well."""
    import zipfile  # with bz2 and lzma, for a post that carries a document

    words: list[str] = []
    place = author = False
    if raw.count(b"PK\x01\x02") > _MOST_PARTS:
        return MediaFact(path, unread=True)
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            left, room = LIMIT, _WORDS_LIMIT
            if any(part.compress_type not in _METHODS for part in parts):
                return MediaFact(path, unread=True)
            for part in parts:
                with archive.open(part) as stream:
                    data = _at_most(left, stream)
                left -= len(data)
                if left < 0:
                    return MediaFact(path, unread=True)
                if _PART.fullmatch(part.filename):
                    text = data.decode("utf-8", "replace")
                    author = author or bool(_XML_AUTHOR.search(text))
                    words.append(unescape(_TAG.sub("", _BLOCK_END.sub("\n", text)))[:room])
                    room -= len(words[-1])
                elif part.filename.lower().endswith(_PICTURES):
                    place = place or traces(data).place
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError,
            NotImplementedError):  # fmt: skip
        return MediaFact(path, unread=True)
    return MediaFact(path, "\n".join(words)[:_WORDS_LIMIT], place, author)


def _at_most(size: int, stream: IO[bytes]) -> bytes:
    """What a part unpacks to, or a little more than `size` bytes; its header may lie about it."""
    pieces = list[bytes]()
    while size >= 0 and (piece := stream.read(_PIECE)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _pdf(path: str, raw: bytes) -> MediaFact:
    """Author and plain strings; glyph numbers of embedded fonts stay unread."""
    parts = [raw, *_streams(raw)]
    author = any(_PDF_AUTHOR.search(part) for part in parts)
    words = (
        m[1].decode("latin-1") for part in parts[1:] for m in _PDF_WORDS.finditer(part) if m[2]
    )
    place = any(traces(part).place for part in parts if part[:3] == b"\xff\xd8\xff")
    return MediaFact(path, "\n".join(words)[:_WORDS_LIMIT], place, author, unread=True)


def _streams(raw: bytes) -> Iterator[bytes]:
    """Unpacked streams of a PDF, up to the limit in all."""
    left = LIMIT
    for body in _bodies(raw):
        if body[:3] == b"\xff\xd8\xff":
            yield body
            continue
        try:
            data = zlib.decompressobj().decompress(body, left)
        except zlib.error:
            continue
        left -= len(data)
        yield data
        if left <= 0:
            return


def _bodies(raw: bytes) -> Iterator[bytes]:
    """What stands between ``stream`` and ``endstream``, in one pass over the file."""
    at = 0
    while begun := _STREAM.search(raw, at):
        end = raw.find(b"\nendstream", begun.end())
        if end < 0:
            return
        yield raw[begun.end() : end].removesuffix(b"\r")
        at = end + len(b"\nendstream")
