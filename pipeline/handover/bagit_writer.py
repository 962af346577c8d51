"""A BagIt bag written whole or not at all (RFC 8493), the same bytes for the same files."""

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import bagit  # type: ignore[import-untyped]

from pipeline.errors import Fault
from pipeline.model.findings import say

ALGORITHM = "sha256"
NAME = "External-Identifier"
"""The field of bag-info.txt by which a bag of ours is known again."""


def write_bag(out: Path, files: Iterable[tuple[str, bytes]], info: Mapping[str, str]) -> int:
    """Write `files` (path below ``data/`` → bytes) and return how many there are.

    `info` is bag-info.txt; it must hold a Bagging-Date, else the day of the run would get in.
    What stood in `out` before stays until the new bag is whole and valid. Raises Fault when
    `out` holds other files.
    """
    _ours(out, info[NAME])
    draft = out.with_name(f".{out.name}.{os.getpid()}.new")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        count = _fill(draft, files)
        bag = bagit.make_bag(str(draft), dict(info), checksums=[ALGORITHM])
        bag.validate()
        _put(draft, out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return count


def _fill(draft: Path, files: Iterable[tuple[str, bytes]]) -> int:
    count = 0
    for path, data in files:
        target = draft / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        count += 1
    return count


def _ours(out: Path, name: str) -> None:
    """The folder is not there, is empty, or holds an earlier bag of the same archive and year."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    info = out / "bag-info.txt"
    lines = (
        info.read_text(encoding="utf-8", errors="replace").splitlines() if info.is_file() else []
    )
    if f"{NAME}: {name}" not in lines:
        raise Fault(
            say("{path} holds other files.", path=str(out)),
            say("Name an empty folder, or one that is not there yet."),
        )


def _put(draft: Path, out: Path) -> None:
    """Two renames: for a moment the name is free, but never half a bag under it."""
    old = out.with_name(f".{out.name}.{os.getpid()}.old")
    if out.exists():
        out.rename(old)
    try:
        draft.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)
