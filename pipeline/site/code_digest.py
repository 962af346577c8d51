"""What a build is besides its input: the program's own bytes, and libraries that shape pages."""

import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pipeline
from pipeline.site.units import digest, sha256

_SHAPING = ("site", "render", "model")
"""Packages whose code decides what bytes a page has."""
_LIBRARIES = ("Jinja2", "MarkupSafe", "Pillow", "markdown-it-py", "nh3")


@cache
def program_digest() -> str:
    """Names this program: another one makes every unit anew."""
    root = Path(pipeline.__file__).parent
    code = [
        (path.relative_to(root).as_posix(), sha256(path.read_bytes()))
        for package in _SHAPING
        for path in sorted((root / package).rglob("*.py"))
    ]
    return digest(sys.version_info[:2], [version(name) for name in _LIBRARIES], code)
