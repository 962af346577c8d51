"""What lies behind the end of a picture, where no viewer looks and a whole file can hide.

Ends are found by the structure of each format, without decoding: JPEG (ITU-T T.81, Annex B), PNG,
GIF (89a) and WebP.
"""

from typing import Literal

from pipeline.model.regex import regex

_MARKER = regex(rb"\xff[^\x00\xd0-\xd7\xff]", 0)
_MOST_PARTS = 20_000
"""Segments of a JPEG, chunks of a PNG; a GIF, whose parts are of 255 bytes, has ten times more."""
_GAP = 1_000
"""Bytes between parts, which readers pass one by one."""
_PADDING = b"\0\r\n \xff"
"""What some programs fill up with."""


def crowded(raw: bytes) -> bool:
    """Whether a picture is cut into so many parts, or holds so much between them, that walking
    through it takes long; no program writes such a picture."""
    if raw[:3] == b"\xff\xd8\xff":
        return _crowded_jpeg(raw)
    if raw[:8] == b"\x89PNG\r\n\x1a\n":
        return _many_chunks(raw, 8, "big", 12)
    if raw[:4] == b"RIFF":
        return _many_chunks(raw, 12, "little", 8)
    return raw[:4] == b"GIF8" and _crowded_gif(raw)


def _crowded_jpeg(raw: bytes) -> bool:
    at = 2
    for _ in range(_MOST_PARTS):
        marker = _MARKER.search(raw, at)
        if marker is None:
            return len(raw) - at > _GAP and not raw[at : at + _GAP].strip(_PADDING)
        if marker.start() - at > _GAP and not raw[at : at + _GAP].strip(_PADDING):
            return True
        if marker[0] == b"\xff\xd9":
            return False
        at = marker.end() + max(int.from_bytes(raw[marker.end() : marker.end() + 2], "big"), 2)
    return True


def _many_chunks(raw: bytes, at: int, order: Literal["big", "little"], more: int) -> bool:
    """`more`: bytes of a chunk besides its data; its size stands at its beginning in a PNG."""
    first = 0 if order == "big" else 4
    for _ in range(_MOST_PARTS):
        if at + 8 > len(raw):
            return False
        size = int.from_bytes(raw[at + first : at + first + 4], order)
        at += more + size + (size % 2 if order == "little" else 0)
    return True


def _crowded_gif(raw: bytes) -> bool:
    at = 13 + _colours(raw, 10)
    steps = 0
    while at + 1 < len(raw) and raw[at] in (0x21, 0x2C):
        at += 2 if raw[at] == 0x21 else 11 + _colours(raw, at + 9)
        while at < len(raw) and raw[at]:
            at += 1 + raw[at]
            steps += 1
            if steps > 10 * _MOST_PARTS:
                return True
        at += 1
        steps += 1
    return len(raw) - at > _GAP and raw[at] != 0x3B


def trailing(raw: bytes) -> bytes:
    """The bytes behind the end of a picture, padding apart; empty for none, and for other files."""
    end = _end(raw)
    return raw[end:].strip(_PADDING) if end else b""


def holds_more_pictures(raw: bytes) -> bool:
    """Whether a JPEG says itself that others follow it (CIPA DC-007), as those of phones do."""
    return raw[:2] == b"\xff\xd8" and b"MPF\0" in raw[:200_000]


def _end(raw: bytes) -> int:
    """Where a picture ends; 0 for what has no end that is known here."""
    if raw[:3] == b"\xff\xd8\xff":
        return _jpeg_end(raw)
    if raw[:8] == b"\x89PNG\r\n\x1a\n":
        return _png_end(raw)
    if raw[:4] == b"GIF8":
        return _gif_end(raw)
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        size = int.from_bytes(raw[4:8], "little")
        return 8 + size + size % 2
    return 0


def _jpeg_end(raw: bytes) -> int:
    at = 2
    while marker := _MARKER.search(raw, at):
        if marker[0] == b"\xff\xd9":
            return marker.end()
        size = int.from_bytes(raw[marker.end() : marker.end() + 2], "big")
        at = marker.end() + size
    return 0


def _png_end(raw: bytes) -> int:
    at = 8
    while at + 12 <= len(raw):
        size = int.from_bytes(raw[at : at + 4], "big")
        if raw[at + 4 : at + 8] == b"IEND":
            return at + 12 + size
        at += 12 + size
    return 0


def _gif_end(raw: bytes) -> int:
    at = 13 + _colours(raw, 10)
    while at + 1 < len(raw) and raw[at] in (0x21, 0x2C):
        at += 2 if raw[at] == 0x21 else 11 + _colours(raw, at + 9)
        while at < len(raw) and raw[at]:
            at += 1 + raw[at]
        at += 1
    return at + 1 if at < len(raw) and raw[at] == 0x3B else 0


def _colours(raw: bytes, at: int) -> int:
    """Bytes of the table of colours that a packed field announces."""
    packed = raw[at] if at < len(raw) else 0
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0
