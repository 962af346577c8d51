"""Facts about an image or video file: its size in pixels, and what it tells of its making.

Size is read by Pillow from the header. Place and author are looked for in the bytes themselves:
Exif (CIPA DC-008) in JPEG, PNG and WebP, XMP packets and PNG texts, and the place that a camera
writes into MP4 and MOV. Nothing is decoded, and damaged files only yield less.
"""

import io
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.detect.trailing import trailing
from pipeline.model.regex import regex

_JPEG, _PNG, _RIFF = b"\xff\xd8\xff", b"\x89PNG", b"RIFF"
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


@dataclass(frozen=True)
class Traces:
    """What a file tells beside its picture."""

    position: bool = False
    """Where it was made: GPS position or the name of a place."""
    author: bool = False
    """Who made it."""


def pixel_size(raw: bytes) -> tuple[int, int] | None:
    """(width, height), or None for what is no image or cannot be trusted."""
    from PIL import Image  # most posts have none

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
    """Place and author in an image or a video, whatever its name says it is."""
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
        yield from (data for name, data in _png_chunks(raw) if name == b"iTXt")
    elif raw[:4] == _RIFF:
        yield from (data for name, data in _riff_chunks(raw) if name == b"XMP ")
    elif raw[:4] == b"GIF8":
        yield raw


def _exif(raw: bytes) -> Iterator[bytes]:
    """Every Exif block, beginning with its TIFF header; those behind the picture's end too."""
    yield from (part[:_TIFF] for part in trailing(raw).split(b"Exif\0\0", _BLOCKS)[1:])
    if raw[:3] == _JPEG:
        yield from (part[6:] for part in _jpeg_parts(raw) if part.startswith(b"Exif\0\0"))
    elif raw[:4] == _PNG:
        yield from (data for name, data in _png_chunks(raw) if name == b"eXIf")
    elif raw[:4] == _RIFF:
        yield from (d.removeprefix(b"Exif\0\0") for n, d in _riff_chunks(raw) if n == b"EXIF")


def _jpeg_parts(raw: bytes) -> Iterator[bytes]:
    """APP1 segments before the picture's own data."""
    at = 2
    while at + 4 <= len(raw) and raw[at] == 0xFF and raw[at + 1] not in (0xD9, 0xDA):
        size = int.from_bytes(raw[at + 2 : at + 4], "big")
        if raw[at + 1] == 0xE1:
            yield raw[at + 4 : at + 2 + size]
        at += 2 + max(size, 2)


def _png_chunks(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 8 <= len(raw):
        size = int.from_bytes(raw[at : at + 4], "big")
        yield raw[at + 4 : at + 8], raw[at + 8 : at + 8 + size]
        at += 12 + size


def _riff_chunks(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(raw):
        size = int.from_bytes(raw[at + 4 : at + 8], "little")
        yield raw[at : at + 4], raw[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _png_authors(raw: bytes) -> Iterator[bool]:
    """Whether a text of a PNG names who made it (PNG, 11.3.4.2)."""
    if raw[:4] == _PNG:
        for name, data in _png_chunks(raw):
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
