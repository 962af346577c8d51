"""What a file beside a post tells: its words, its authors, the place it was made at.

Office documents (docx, xlsx, pptx) and OFD are zip files of XML and are read whole; of a PDF see
`pdf`. What cannot be read is said to be unread, never taken for clean.
"""

import io
import re
import zlib
from dataclasses import replace
from html import unescape
from typing import IO

from pipeline.detect.formats import ATTACHED, ending, honest, sound
from pipeline.detect.images import holds_more_pictures, traces, trailing
from pipeline.detect.machine_made import label_of
from pipeline.detect.pdf import pdf_fact
from pipeline.model.posts import MediaFact
from pipeline.model.regex import regex

_TABLES = (".csv", ".tsv")
_ZIPPED = (".docx", ".xlsx", ".pptx", ".ofd", ".docm", ".xlsm", ".wps")
_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".mp4", ".mov", ".m4v")
_READ_ELSEWHERE = (".txt", ".md", ".vtt", ".srt")
LIMIT = 30_000_000
"""Bytes that the parts of one file may unpack to; more is left unread."""
_PIECE = 65_536
_MOST_PARTS = 5_000
"""Parts of one document; each costs, however short it is."""
_METHODS = (0, 8)
"""Stored and deflated, as office programs write (ISO/IEC 29500-2, Annex C; numbers: APPNOTE.TXT
4.4.5): no other unpacker is asked."""
_MACROS = b"vbaProject.bin"
"""The part that holds the macros of an office document; names of parts are never packed."""
_WORDS_LIMIT = 400_000
_PART = regex(r"(?:word|xl|ppt|docprops|doc_\d+)/.*\.xml|ofd\.xml", re.IGNORECASE)
_BLOCK_END = regex(r"</(?:w:p|a:p|si|c|ofd:TextObject|row|w:tr)>")
_TAG = regex(r"<[^<>]*+>")
_XML_AUTHOR = regex(r"<(?:dc:creator|cp:lastModifiedBy|ofd:Author|ofd:Creator|Author)>\s*[^<\s]")


def look_into(path: str, raw: bytes) -> MediaFact:
    """Look into a file by its ending. Never raises for what the bytes hold."""
    kind = ending(path)
    fact = _told(path, raw)
    label = None if f".{kind}" in (*_READ_ELSEWHERE, *_TABLES) else label_of(raw)
    return replace(
        fact,
        acts=("macro",) if f".{kind}" in _ZIPPED and _MACROS in raw else fact.acts,
        broken=not sound(path, raw),
        made_by_machine=label["Label"] if label else "",
        trailing=bool(trailing(raw)) and not holds_more_pictures(raw),
        withheld=kind in ATTACHED and not honest(path, raw),
    )


def _told(path: str, raw: bytes) -> MediaFact:
    kind = f".{ending(path)}"
    if kind in _READ_ELSEWHERE:
        return MediaFact(path)
    if kind in _PICTURES:
        found = traces(raw)
        return MediaFact(path, "", found.place, found.author)
    if kind in _TABLES:
        return MediaFact(path, _decoded(raw)[:_WORDS_LIMIT])
    if kind in _ZIPPED:
        return _zipped(path, raw)
    if kind == ".pdf":
        return pdf_fact(path, raw)
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
