"""The tree that will be the new site: files are written into it, shared with the old one, dropped.

A file that stands in a tree is never written into, only replaced: the other tree may share it.
"""

import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.site.state import Units
from pipeline.site.units import File, Made, sha256

MARKER = ".sanshen-site"
"""A folder holding this file is ours to replace; it names the state of the site in it."""
_NO_NAMES = frozenset({"", ".", ".."})


@dataclass(frozen=True)
class Draft:
    """The tree that will be the new site."""

    folder: Path
    out: Path
    groups: Mapping[str, Units]
    """Groups of the present site, with their units, that the draft does not hold as they are."""
    known: bool
    """Whether the state of `out` was found whole, so that the next build can build upon it."""
    as_wanted: frozenset[str]
    """Groups that stand in the draft as they should be; nothing of them is looked at."""
    holds: dict[str, str]
    """Path → sha256 of files in the draft, as it was found, that no unit has claimed yet."""
    lost: list[str] = field(default_factory=list)
    """Files that should stand in `out` but do not: then its tree is not built upon again."""
    _taken: set[str] = field(default_factory=set)
    _folders: set[str] = field(default_factory=set)

    @cached_property
    def present(self) -> Units:
        """All units of `groups`."""
        return dict(pair for units in self.groups.values() for pair in units.items())

    def claim(self, made: Made) -> None:
        """Let the files of a unit that was put or kept stay. Raises Fault for one claimed before.

        What the draft did not hold when it was found cannot be written twice in the first place.
        """
        for name in made.files:
            if name in self._taken:
                raise _twice(name)
            if self.holds.pop(name, None):
                self._taken.add(name)

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
        shared: list[str] = []
        for name, digest in files.items():
            if self.holds.get(name) == digest:
                continue
            if not self._shared(name):
                self.lost.append(name)
                for there in shared:  # they will be written with the others
                    Path(self.folder, there).unlink()
                return False
            shared.append(name)
        return True

    def _shared(self, name: str) -> bool:
        source, target = f"{self.out}/{name}", self._free(name)
        try:
            os.link(source, target)
        except FileNotFoundError:
            return False
        except FileExistsError as error:
            raise _twice(name) from error
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

    def drop(self) -> None:
        """Remove files that nobody claimed, and folders left empty."""
        for name in self.holds:
            (self.folder / name).unlink(missing_ok=True)
        folders = {folder for name in self.holds for folder in PurePosixPath(name).parents}
        for folder in sorted(folders, reverse=True):
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
