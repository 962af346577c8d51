"""What a file beside a post may be, told by the ending of its name."""

from collections.abc import Mapping

from pipeline.model.posts import ON_DEMAND

PICTURES = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP", "gif": "GIF"}
"""Ending → the only format that may stand behind it."""
SHOWN = frozenset({*PICTURES, "avif"})
"""Endings of what a page shows as a picture; AVIF is served as it is."""
LISTED = frozenset({*SHOWN, "mp4", "m4a", "webm", "ogg", "mp3"})
"""Endings of pictures, sounds and films, which name their author and licence."""
STARTS: Mapping[str, tuple[tuple[int, bytes], ...]] = {
    "pdf": ((0, b"%PDF-"),),
    "mp4": ((4, b"ftyp"),),
    "m4a": ((4, b"ftyp"),),
    "avif": ((4, b"ftyp"),),
    "webm": ((0, b"\x1aE\xdf\xa3"),),
    "ogg": ((0, b"OggS"),),
    "mp3": ((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf2")),
    "vtt": ((0, b"WEBVTT"), (0, b"\xef\xbb\xbfWEBVTT")),
}
TEXTS = frozenset({"md", "txt", "srt", "vtt"})
OFFICE = ON_DEMAND - {"csv"}
"""Zip files of XML without macros, which open in a program of their own and in no browser."""
ATTACHED = frozenset({*STARTS, *TEXTS, *ON_DEMAND}) - {"avif", "md"}
"""Endings of files that a text may link."""


def ending(name: str) -> str:
    return name.rpartition(".")[2].lower()
