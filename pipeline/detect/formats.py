"""What a file beside a post is by its bytes: its format, a picture's size, traces of its making.

Pillow reads the size from the header. Position and author are looked for in the bytes themselves:
Exif (CIPA DC-008) in JPEG, PNG and WebP, XMP packets and PNG texts, and the position that a camera
writes into MP4 and MOV. The end of a JPEG (ITU-T T.81, Annex B), PNG, GIF (89a) or WebP is found by
its structure: no viewer looks behind it, and a whole file can hide there. Nothing is decoded, and
damaged files only yield less.
"""

import io
import re
import struct
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

from pipeline.detect.endings import OFFICE, PICTURES, STARTS, TEXTS, ending
from pipeline.model.lazy import regex
from pipeline.model.posts import Post

if TYPE_CHECKING:  # a run without pictures does not import it
    from PIL import Image

MOST_PIXELS: Mapping[str, int] = {
    "JPEG": 50_000_000,
    "PNG": 27_000_000,
    "GIF": 27_000_000,
    "WEBP": 12_500_000,
}
"""Larger pictures are not decoded: a few hundred bytes of PNG or WebP would fill the memory of who
judges and builds. A JPEG is decoded at a part of its size, a WebP takes sixteen bytes a pixel."""
WIDE = 2_880
"""Pixels of either side; of a JPEG that is twice as large, no more are decoded."""


def matches_ending(name: str, data: bytes) -> bool:
    """Whether a file that is no picture begins as its ending says; texts must be UTF-8.

    SVG and HTML are never served: they are documents that can hold scripts.
    """
    kind = ending(name)
    if kind in STARTS and not any(data[at:].startswith(mark) for at, mark in STARTS[kind]):
        return False
    if kind in OFFICE:
        return data.startswith(b"PK\x03\x04")
    if kind in TEXTS or kind == "csv":
        return _is_text(data, ("utf-8", "gb18030") if kind == "csv" else ("utf-8",))
    return kind in STARTS


def _is_text(data: bytes, encodings: Iterable[str]) -> bool:
    """Whether it can be read in one of the encodings; tables often come in GB 18030."""
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            return "\0" not in data.decode(encoding)
    return False


def is_displayable(name: str, data: bytes) -> bool:
    """Whether a file can be shown: a picture, which is not `crowded`, is decoded; of other kinds
    the beginning is looked at.

    True for a kind that is not known here: it is never served.
    """
    kind = ending(name)
    if kind in PICTURES:
        return _opened(name, data, (1, 1)) is not None
    return matches_ending(name, data) if kind in STARTS else True


def decoded(name: str, data: bytes) -> "Image.Image | None":
    """A picture with its pixels, of a JPEG at least `WIDE` of a side that has more; None when it
    cannot be read, costs too much or lies about its type."""
    if ending(name) not in PICTURES or crowded(data):
        return None
    return _opened(name, data, (WIDE, WIDE))


def _opened(name: str, data: bytes, least: tuple[int, int]) -> "Image.Image | None":
    """A picture that is not crowded; of a JPEG as few pixels as `least` allows."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our limit is lower
            image = Image.open(io.BytesIO(data), formats=[PICTURES[ending(name)]])
            if image.width * image.height > most_pixels(ending(name)):
                return None
            image.draft(None, least)
            image.load()
            return image
    except Exception:  # decoders raise anything: struct.error, IndexError, SyntaxError …
        return None


def most_pixels(kind: str) -> int:
    """How many pixels a picture of this ending may have."""
    return MOST_PIXELS[PICTURES[kind]]


_JPEG, _PNG, _RIFF, _GIF = b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"GIF8"
_GPS_IFD = 0x8825
_LATITUDE = _GPS_IFD * 0x10000 + 2
"""GPSLatitude."""
_AUTHOR_TAGS = frozenset({0x013B, 0x9C9D, 0xA430})
"""Artist, XPAuthor, CameraOwnerName."""
_EXIF_IFD = 0x8769
_XMP_PLACE = regex(rb"exif:GPS(?:Latitude|Longitude)|geo:lat|photoshop:City|Iptc4xmpCore:Location")
_XMP_AUTHOR = regex(rb"<dc:creator>(?:\s*+<[^>]{1,40}>){0,32}+\s*+[^<\s]|photoshop:AuthorsPosition")
_VIDEO_PLACE = (b"\xa9xyz", b"com.apple.quicktime.location")
_ENTRIES = 512
"""Entries of one Exif directory that are looked at."""
_BLOCKS, _TIFF = 16, 65_536
"""Exif blocks behind a picture's end that are looked at, and bytes of each."""
_MARKER = regex(rb"\xff[^\x00\xd0-\xd7\xff]", 0)
_MOST_PARTS = 20_000
"""Segments of a JPEG, chunks of a PNG; a GIF, whose parts are of 255 bytes, has ten times more."""
_MOST_SCANS = 32
"""Passes over the whole picture in which a JPEG may be written (T.81, G): encoders make a dozen."""
_GAP = 1_000
"""Bytes between parts, which readers pass one by one."""
_PADDING = b"\0\r\n \xff"
"""What some programs fill up with."""


@dataclass(frozen=True)
class Traces:
    """What a file reveals besides its picture."""

    position: bool = False
    """Where it was made: GPS position or the name of a place."""
    author: bool = False
    """Who made it."""


def pixel_size(raw: bytes) -> tuple[int, int] | None:
    """(width, height), or None for what is no image or cannot be trusted."""
    from PIL import Image  # most posts have no image

    kinds = ("PNG", "JPEG", "WEBP", "GIF")
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(io.BytesIO(raw), formats=kinds) as i,
        ):
            return i.size
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None


def traces(raw: bytes) -> Traces:
    """Position and author in an image or a video, whatever its name."""
    if raw[4:8] == b"ftyp":
        return Traces(any(mark in raw for mark in _VIDEO_PLACE))
    tags = {tag for block in _exif(raw) for tag in _tags(block)}
    packets = tuple(_packets(raw))
    return Traces(
        _LATITUDE in tags or any(_XMP_PLACE.search(packet) for packet in packets),
        bool(tags & _AUTHOR_TAGS)
        or any(_XMP_AUTHOR.search(packet) for packet in packets)
        or any(_png_authors(raw)),
    )


def _packets(raw: bytes) -> Iterator[bytes]:
    """Where an XMP packet may stand (ISO 16684-1; XMP specification, part 3)."""
    if raw[:3] == _JPEG:
        yield from _jpeg_parts(raw)
    elif raw[:4] == _PNG:
        yield from (data for name, data in _data(raw, "big") if name == b"iTXt")
    elif raw[:4] == _RIFF:
        yield from (data for name, data in _data(raw, "little") if name == b"XMP ")
    elif raw[:4] == _GIF:
        yield raw


def _exif(raw: bytes) -> Iterator[bytes]:
    """Every Exif block, beginning with its TIFF header; those behind the picture's end too."""
    yield from (part[:_TIFF] for part in trailing(raw).split(b"Exif\0\0", _BLOCKS)[1:])
    if raw[:3] == _JPEG:
        yield from (part[6:] for part in _jpeg_parts(raw) if part.startswith(b"Exif\0\0"))
    elif raw[:4] == _PNG:
        yield from (data for name, data in _data(raw, "big") if name == b"eXIf")
    elif raw[:4] == _RIFF:
        chunks = _data(raw, "little")
        yield from (data.removeprefix(b"Exif\0\0") for name, data in chunks if name == b"EXIF")


def _jpeg_parts(raw: bytes) -> Iterator[bytes]:
    """APP1 segments before the picture's own data."""
    at = 2
    while at + 4 <= len(raw) and raw[at] == 0xFF and raw[at + 1] not in (0xD9, 0xDA):
        size = int.from_bytes(raw[at + 2 : at + 4], "big")
        if raw[at + 1] == 0xE1:
            yield raw[at + 4 : at + 2 + size]
        at += 2 + max(size, 2)


def _png_authors(raw: bytes) -> Iterator[bool]:
    """Whether a text of a PNG names who made it (PNG, 11.3.4.2)."""
    if raw[:4] == _PNG:
        for name, data in _data(raw, "big"):
            key, _, value = data.partition(b"\0")
            if name in (b"tEXt", b"iTXt", b"zTXt") and key in (b"Author", b"Creator", b"Artist"):
                yield bool(value.strip(b"\0 "))


def _tags(tiff: bytes) -> Iterator[int]:
    """Tags with a value of the first directory and those below; GPS tags carry 0x8825 on top."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return
    awaiting = [(int(struct.unpack_from(f"{order}I", tiff, 4)[0]), 0)]
    seen: set[int] = set()
    while awaiting:
        at, above = awaiting.pop()
        if at in seen or at + 2 > len(tiff):
            continue
        seen.add(at)
        count = struct.unpack_from(f"{order}H", tiff, at)[0]
        for n in range(min(count, _ENTRIES, (len(tiff) - at - 2) // 12)):
            tag, _, size, value = struct.unpack_from(f"{order}HHII", tiff, at + 2 + 12 * n)
            if tag in (_EXIF_IFD, _GPS_IFD) and not above:
                awaiting.append((value, tag))
            elif size and value:
                yield tag + (_GPS_IFD * 0x10000 if above == _GPS_IFD else 0)


# The parts of a picture, and what lies behind the last.


def crowded(raw: bytes) -> bool:
    """Whether a picture is cut into so many parts or passes, or holds so much between them, that
    reading it takes long; no program writes such a picture."""
    if raw[:3] == _JPEG:
        return _crowded_jpeg(raw)
    if raw[:8] == b"\x89PNG\r\n\x1a\n":
        return _many(_chunks(raw, "big"))
    if raw[:4] == _RIFF:
        return _many(_chunks(raw, "little"))
    if raw[:4] != _GIF:
        return False
    end, blocks = _gif_blocks(raw)
    return blocks > 10 * _MOST_PARTS or (len(raw) - end > _GAP and raw[end] != 0x3B)


def trailing(raw: bytes) -> bytes:
    """The bytes behind the end of a picture, padding apart; empty for none, and for other files."""
    end = _end(raw)
    return raw[end:].strip(_PADDING) if end else b""


def holds_more_pictures(raw: bytes) -> bool:
    """Whether a JPEG says itself that others follow it (CIPA DC-007), as those of phones do."""
    return raw[:2] == b"\xff\xd8" and b"MPF\0" in raw[:200_000]


def _end(raw: bytes) -> int:
    """Where a picture ends; 0 for a file of another kind or without end."""
    if raw[:3] == _JPEG:
        return next((m.end() for _, m in _jpeg_markers(raw) if m and m[0] == b"\xff\xd9"), 0)
    if raw[:8] == b"\x89PNG\r\n\x1a\n":
        return next((end + 4 for name, _, end in _chunks(raw, "big") if name == b"IEND"), 0)
    if raw[:4] == _GIF:
        end, _ = _gif_blocks(raw)
        return end + 1 if end < len(raw) and raw[end] == 0x3B else 0
    if raw[:4] == _RIFF and raw[8:12] == b"WEBP":
        size = int.from_bytes(raw[4:8], "little")
        return 8 + size + size % 2
    return 0


def _jpeg_markers(raw: bytes) -> Iterator[tuple[int, re.Match[bytes] | None]]:
    """(where the search began, marker) of each marker of a JPEG; None when no other follows."""
    at, marker = 2, _MARKER.search(raw, 2)
    while marker:
        yield at, marker
        at = marker.end() + int.from_bytes(raw[marker.end() : marker.end() + 2], "big")
        marker = _MARKER.search(raw, at)
    yield at, None


def _crowded_jpeg(raw: bytes) -> bool:
    scans = 0
    for at, marker in islice(_jpeg_markers(raw), _MOST_PARTS):
        scans += marker is not None and marker[0] == b"\xff\xda"
        gap = (marker.start() if marker else len(raw)) - at
        if scans > _MOST_SCANS or (gap > _GAP and not raw[at : at + _GAP].strip(_PADDING)):
            return True
        if marker is None or marker[0] == b"\xff\xd9":
            return False
    return True


def _chunks(raw: bytes, order: Literal["big", "little"]) -> Iterator[tuple[bytes, int, int]]:
    """(name, start, end) of the data of each chunk: of a PNG, or of RIFF when `order` is little."""
    png = order == "big"
    at = 8 if png else 12
    while at + 8 <= len(raw):
        one, other = raw[at : at + 4], raw[at + 4 : at + 8]
        size = int.from_bytes(one if png else other, order)
        yield other if png else one, at + 8, at + 8 + size
        at += 12 + size if png else 8 + size + size % 2


def _many(parts: Iterator[object]) -> bool:
    return next(islice(parts, _MOST_PARTS - 1, None), None) is not None


def _data(raw: bytes, order: Literal["big", "little"]) -> Iterator[tuple[bytes, bytes]]:
    return ((name, raw[start:end]) for name, start, end in _chunks(raw, order))


def _gif_blocks(raw: bytes) -> tuple[int, int]:
    """(where the blocks of a GIF end, how many there are); a crowded one is not walked through."""
    at, blocks, most = 13 + _colours(raw, 10), 0, 10 * _MOST_PARTS
    while at + 1 < len(raw) and raw[at] in (0x21, 0x2C) and blocks <= most:
        at += 2 if raw[at] == 0x21 else 11 + _colours(raw, at + 9)
        while at < len(raw) and raw[at] and blocks <= most:
            at += 1 + raw[at]
            blocks += 1
        at += 1
        blocks += 1
    return at, blocks


def _colours(raw: bytes, at: int) -> int:
    """Bytes of the table of colours that a packed field announces."""
    packed = raw[at] if at < len(raw) else 0
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0


def image_sizes(post: Post, read: Callable[[str], bytes]) -> dict[str, tuple[int, int]]:
    """Path → (width, height) in pixels of the post's images that can be read."""
    sizes = {p: pixel_size(read(p)) for p in post.manifest if ending(p) in PICTURES}
    return {path: size for path, size in sizes.items() if size is not None}
