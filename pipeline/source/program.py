"""The program that runs: its version, its files as a wheel lays them, and a digest over them.

A wheel holds, beside the package, what a checkout keeps at its top: schemas, theme, law. So an
archive carries none of it (docs/decisions/0069). An editable install of the same tree has the same
digest. Stock tools give it, in the folder of the installed package:

    find pipeline -type f ! -path '*/__pycache__/*' | LC_ALL=C sort | xargs -d '\\n' sha256sum \\
      | sha256sum
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from pipeline import __version__
from pipeline.model.program import Program

_PACKAGE = Path(__file__).parents[1]
_SHIPPED = _PACKAGE / "shipped"
"""Where a wheel holds what stands at the top of a checkout."""

BESIDE = (
    "CHANGELOG.md",
    "LICENSE",
    "content/regulation.md",
    "content/registers/calendar",
    "mkdocs.yml",
    "proof",
    "requirements/run.txt",
    "requirements/uv.txt",
    "schemas",
    "site",
)
"""What of the top of a checkout ships in a wheel, as pyproject.toml names it too."""


@cache
def running() -> Program:
    """The program that runs; its files are read once a process."""
    rows = (f"{hashlib.sha256(raw).hexdigest()}  {path}\n" for path, raw in packed_files())
    return Program(__version__, hashlib.sha256("".join(rows).encode()).hexdigest())


def packed_files() -> Iterator[tuple[str, bytes]]:
    """(path in the wheel, bytes) of every file of the program, by path."""
    paths = {f"pipeline/{p.relative_to(_PACKAGE).as_posix()}": p for p in _files(_PACKAGE)}
    if not _SHIPPED.is_dir():
        paths |= {f"pipeline/shipped/{name}": p for name, p in _beside().items()}
    for path in sorted(paths):
        yield path, paths[path].read_bytes()


def shipped(*tops: str) -> Mapping[str, bytes]:
    """Path in an archive → bytes of what the program ships in these folders, or under these names.

    An archive's own file of the same path lies over it.
    """
    return {path: raw for top in tops for path, raw in _below(top).items()}


@cache
def _below(top: str) -> Mapping[str, bytes]:
    return {
        path: file.read_bytes()
        for path, file in _beside().items()
        if path == top or path.startswith(f"{top.rstrip('/')}/")
    }


@cache
def _beside() -> Mapping[str, Path]:
    """Path in a checkout → file of what ships beside the package."""
    top = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent
    starts = [top / name for name in BESIDE]
    every = [f for start in starts for f in (_files(start) if start.is_dir() else [start])]
    return {f.relative_to(top).as_posix(): f for f in sorted(every)}


def _files(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (Path(where, name) for name in names)
