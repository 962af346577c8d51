"""Writing a site: whole into a folder beside the old one, then exchanged in one step.

Beside a site in `out` lies a second tree, `.out.next`: the site before, which shares its files
(hard links) with the present one. A build brings that tree up to date, which costs what changed
since, and exchanges the two by one rename. Killed at any moment, `out` is the old site or the
new one.
"""

import errno
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from filelock import FileLock, Timeout

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.site import state as states
from pipeline.site.state import State, Units
from pipeline.site.units import File, Made, sha256

# Two folders exchanged in one step, and what the operating system refuses in words.

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # linux/fs.h


def exchange(fresh: Path, out: Path) -> None:
    """Put `fresh` where `out` is; what was in `out`, if anything, is in `fresh` afterwards."""
    if not out.exists():
        fresh.rename(out)
    elif not _at_once(fresh, out):
        aside = fresh.with_name(f"{fresh.name}.old")
        out.rename(aside)
        fresh.rename(out)
        aside.rename(fresh)


def mend(fresh: Path, out: Path) -> None:
    """Finish an exchange that was killed between its renames, where it takes three of them."""
    aside = fresh.with_name(f"{fresh.name}.old")
    if aside.exists() and not out.exists():
        aside.rename(out)
    elif aside.exists() and not fresh.exists():
        aside.rename(fresh)


def _at_once(one: Path, other: Path) -> bool:
    """Exchange by Linux's renameat2; False where that is not to be had."""
    import ctypes  # a site that stays as it is exchanges nothing

    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):  # Windows wants the name of a library
        return False
    paths = os.fsencode(one), os.fsencode(other)
    done: int = renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE)
    return done == 0


@contextmanager
def told(place: Path) -> Iterator[None]:
    """Turn what the operating system refuses into a fault that says so."""
    try:
        yield
    except OSError as error:
        raise fault_of(error, place) from error


def fault_of(error: OSError, place: Path) -> Fault:
    """The fault that tells of an operating system error while writing under `place`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Fault(
            say("The disk is full; {path} is as it was.", path=str(place)),
            say("Free some space and build again."),
        )
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return Fault(
            say("{path} cannot be written.", path=str(place)),
            say("Choose an output folder you may write to."),
        )
    return Fault(
        say("Writing under {path} failed: {detail}.", path=str(place), detail=error.strerror or "")
    )


# The tree that will be the new site: files are written into it, shared with the old one, dropped.
#
# A file that stands in a tree is never written into, only replaced: the other tree may share it.

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


_DRAFT = f"{MARKER}.new"
"""All that a build leaves behind which is killed, or meets a full disk, at its first word."""
_WORD = "state "
_UNFINISHED = "unfinished\n"
_SECONDS = 2.0
"""How long a build waits for another: until the workers of one that was killed have ended."""


@contextmanager
def held(out: Path) -> Iterator[None]:
    """Hold the right to build into `out`. Raises Fault when another build holds it still."""
    out.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(out.with_name(f".{out.name}.lock"), timeout=_SECONDS)
    try:
        lock.acquire()
    except Timeout as error:
        raise Fault(
            say("Another build of {path} is under way.", path=str(out)),
            say("Wait until it has ended."),
        ) from error
    try:
        yield
    finally:
        lock.release()


def refuse_foreign(out: Path) -> None:
    """Raise Fault unless `out` is absent, empty or a site of ours."""
    if not os.path.lexists(out):
        return
    if out.is_symlink() or not out.is_dir():
        raise Fault(
            say("{path} is not a folder.", path=str(out)), say("Choose another output folder.")
        )
    if _foreign(out):
        raise Fault(
            say("{path} holds files that no build of ours made.", path=str(out)),
            say("Choose an empty output folder, or empty this one yourself."),
        )


def _foreign(folder: Path) -> bool:
    """Whether files stand in a folder without our marker; its draft alone is a begun build's."""
    return not (folder / MARKER).is_file() and any(p.name != _DRAFT for p in folder.iterdir())


def state_in(out: Path, tree: Path) -> State | None:
    """What stands in a tree (`out` itself or the one beside it), if its state is known."""
    return states.load(out, _name_in(tree))


def _name_in(tree: Path) -> str:
    try:
        words = (tree / MARKER).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return "none"
    return next((w.removeprefix(_WORD) for w in words if w.startswith(_WORD)), "none")


def next_to(out: Path) -> Path:
    return out.with_name(f".{out.name}.next")


def begin(out: Path, present: State | None, wanted: Collection[str] = ()) -> Draft:
    """The tree beside the site, marked unfinished: the one before, when its state is known.

    `wanted`: groups of the present site that the new one shall have as they are. Raises
    `state.Damaged` when units of the present site that are looked at cannot be read.
    """
    folder = next_to(out)
    parts = present.parts if present else {}
    before = state_in(out, folder) if present else None
    there = before.parts if before else {}
    same = frozenset(i for i in wanted if i in there and there[i].name == parts[i].name)
    try:
        units = (unit for some in _units(out, there, same).values() for unit in some.values())
        holds = {path: digest for unit in units for path, digest in unit.files.items()}
    except states.Damaged:
        before, same, holds = None, frozenset(), {}
    groups = _units(out, parts, same)
    if before is None:
        remove(folder)
        folder.mkdir()
    _mark(folder, _UNFINISHED)
    return Draft(folder, out, groups, present is not None, same, holds)


def _units(
    out: Path, parts: Mapping[str, states.Part], but: Collection[str]
) -> Mapping[str, Units]:
    return {i: states.units_of(out, part) for i, part in parts.items() if i not in but}


def finish(draft: Draft, state: State, note: str) -> None:
    """Let the finished draft be the site; the site of before stays beside it for the next build."""
    draft.drop()
    old = _name_in(draft.out)
    name = states.save(draft.out, state)
    _mark(draft.folder, f"{note}\n{_WORD}{name}\n")
    draft.folder.chmod(0o755)
    exchange(draft.folder, draft.out)
    states.forget(draft.out, name, old)
    if draft.lost or not draft.known:
        remove(draft.folder)  # of unknown content: the next build makes the second tree anew


def _mark(folder: Path, words: str) -> None:
    """Write the marker of a tree, at once and as a file of its own."""
    draft = folder / _DRAFT
    draft.write_text(words, encoding="utf-8")
    draft.replace(folder / MARKER)


def remove(folder: Path) -> None:
    """Remove a tree of ours, its marker last: one half removed can still be told as ours.

    Raises Fault when the folder is there but holds no marker.
    """
    if not os.path.lexists(folder):
        return
    ours = folder.is_dir() and not folder.is_symlink()
    if not ours or _foreign(folder):
        raise Fault(
            say("{path} holds files that no build of ours made.", path=str(folder)),
            say("Move it away; the build needs this name beside the site."),
        )
    for child in folder.iterdir():
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child)
        elif child.name != MARKER:
            child.unlink()
    shutil.rmtree(folder)
