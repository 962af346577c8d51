"""Whether a file beside a post is what its name says, by its content."""

import io
import warnings
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from pipeline.model.posts import ON_DEMAND

if TYPE_CHECKING:  # a run without pictures does not import it
    from PIL import Image

PICTURES = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP", "gif": "GIF"}
"""Ending → the only format that may stand behind it."""
SHOWN = frozenset({*PICTURES, "avif"})
"""Endings of what a page shows as a picture; AVIF is served as it is."""
MOST_PIXELS = 50_000_000
"""Larger pictures are not decoded: they would fill the memory of the build."""
_STARTS: Mapping[str, tuple[tuple[int, bytes], ...]] = {
    "pdf": ((0, b"%PDF-"),),
    "mp4": ((4, b"ftyp"),),
    "m4a": ((4, b"ftyp"),),
    "avif": ((4, b"ftyp"),),
    "webm": ((0, b"\x1aE\xdf\xa3"),),
    "ogg": ((0, b"OggS"),),
    "mp3": ((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf2")),
    "vtt": ((0, b"WEBVTT"), (0, b"\xef\xbb\xbfWEBVTT")),
}
_TEXTS = frozenset({"md", "txt", "srt", "vtt"})
_OFFICE = ON_DEMAND - {"csv"}
"""Zip files of XML without macros, which open in a program of their own and in no browser."""
ATTACHED = frozenset({*_STARTS, *_TEXTS, *ON_DEMAND}) - {"avif", "md"}
"""Endings of files that a text may link."""


def ending(name: str) -> str:
    return name.rpartition(".")[2].lower()


def matches_ending(name: str, data: bytes) -> bool:
    """Whether a file that is no picture begins as its ending says; texts must be UTF-8.

    SVG and HTML are never served: they are documents that can hold scripts.
    """
    kind = ending(name)
    if kind in _STARTS and not any(data[at:].startswith(mark) for at, mark in _STARTS[kind]):
        return False
    if kind in _OFFICE:
        return data.startswith(b"PK\x03\x04")
    if kind in _TEXTS or kind == "csv":
        return _is_text(data, ("utf-8", "gb18030") if kind == "csv" else ("utf-8",))
    return kind in _STARTS


def _is_text(data: bytes, encodings: Iterable[str]) -> bool:
    """Whether it can be read in one of the encodings; tables often come in GB 18030."""
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            return "\0" not in data.decode(encoding)
    return False


def is_displayable(name: str, data: bytes) -> bool:
    """Whether a file can be shown: a picture is decoded, of other kinds the beginning is looked at.

    True for a kind that is not known here: it is never served.
    """
    kind = ending(name)
    if kind in PICTURES:
        return decoded(name, data, small=True) is not None
    return matches_ending(name, data) if kind in _STARTS else True


def decoded(name: str, data: bytes, small: bool = False) -> "Image.Image | None":
    """A picture with its pixels; None when it cannot be read, is too large or lies about its type.

    `small`: at the least size that its decoder gives for less work (JPEG: an eighth).
    """
    if ending(name) not in PICTURES:
        return None
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our limit is lower
            image = Image.open(io.BytesIO(data), formats=[PICTURES[ending(name)]])
            if image.width * image.height > MOST_PIXELS:
                return None
            if small:
                image.draft(None, (1, 1))
            image.load()
            return image
    except Exception:  # decoders raise anything: struct.error, IndexError, SyntaxError …
        return None
