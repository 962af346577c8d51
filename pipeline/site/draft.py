"""The tree that will be the new site: files are written into it, shared with the old one, dropped.

A file that stands in a tree is never written into, only replaced: the other tree may share it.
"""

import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.site.state import Units
from pipeline.site.units import File, sha256

MARKER = ".sanshen-site"
"""A folder holding this file is ours to replace; it names the state of the site in it."""
_NO_NAMES = frozenset({"", ".", ".."})


@dataclass(frozen=True)
class Draft:
    """The tree that will be the new site."""

    folder: Path
    out: Path
    before: Units
    """Units that stand in the draft as it was found, of groups that are not as they should be."""
    present: Units
    """Units of these groups that stand in `out`."""
    groups: Mapping[str, Units]
    """The same by group."""
    known: bool
    """Whether the state of `out` was found whole, so that the next build can build upon it."""
    as_wanted: frozenset[str] = frozenset()
    """Groups that stand in the draft as they should be; nothing of them is looked at."""
    holds: dict[str, str] = field(default_factory=dict)
    """Path → sha256 of files in the draft that may have to go: those of `give_up`."""
    lost: list[str] = field(default_factory=list)
    """Files that should stand in `out` but do not: then its tree is not built upon again."""
    _folders: set[str] = field(default_factory=set)

    def give_up(self, wanted: Units) -> None:
        """Take note of the files that units have in the draft which are not `wanted` as they are.

        To be called before anything is written.
        """
        for name, made in self.before.items():
            if wanted.get(name) != made:
                self.holds.update(made.files)

    def put(self, file: File, shared: Mapping[str, str]) -> tuple[str, str, int]:
        """Write a file unless it stands there already: (path, sha256, size).

        `shared`: files of the present site that may be used again. Raises Fault for a path that
        leaves the site or was written already, OSError as the system does.
        """
        name, data = file
        if name == MARKER or "\n" in name or not _NO_NAMES.isdisjoint(name.split("/")):
            raise _twice(name)
        digest = sha256(data)
        if self.holds.get(name) != digest and not (
            shared.get(name) == digest and self._shared(name)
        ):
            try:
                _write(self._free(name), data)
            except FileExistsError as error:
                raise _twice(name) from error
        return name, digest, len(data)

    def keep(self, files: Mapping[str, str]) -> bool:
        """Let files of the present site stand in the new one; False when one is not there."""
        for name, digest in files.items():
            if self.holds.get(name) != digest and not self._shared(name):
                self.lost.append(name)
                return False
        return True

    def _shared(self, name: str) -> bool:
        source, target = f"{self.out}/{name}", self._free(name)
        try:
            os.link(source, target)
        except FileNotFoundError:
            return False
        except OSError:  # a file system without hard links
            shutil.copyfile(source, target)
        return True

    def _free(self, name: str) -> str:
        """The place of a file, its folder there and nothing of that name in it."""
        path = f"{self.folder}/{name}"
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103 — half the time, a folder a post
            self._folders.add(folder)
        if name in self.holds:
            Path(path).unlink(missing_ok=True)
        return path

    def drop(self, names: Iterable[str]) -> None:
        """Remove files that the new site does not have, and folders left empty."""
        gone = list(names)
        for name in gone:
            (self.folder / name).unlink(missing_ok=True)
        for folder in sorted({p for n in gone for p in PurePosixPath(n).parents}, reverse=True):
            if folder.parts:
                with suppress(OSError):  # not empty
                    (self.folder / folder).rmdir()


def _write(path: str, data: bytes) -> None:
    """Make a file of these bytes, which must not be there; a site has hundreds of thousands."""
    target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(target, left) :]
    finally:
        os.close(target)


def _twice(name: str) -> Fault:
    return Fault(say("Two pages want {path}, or it is no place in a site.", path=name))
