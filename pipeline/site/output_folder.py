"""Writing a site: whole in a staging folder, then swapped with the old one in one step.

Beside a site in `out` lies `.out.next`, a copy of it that shares its files (hard links), so that
staging a build costs what changes and not what stands. After the swap the old tree is brought up
to date in its place. Killed at any moment, `out` is the old site or the new one.
"""

import errno
import os
import shutil
import sys
import time
from collections.abc import Iterator, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pipeline.errors import Fault
from pipeline.evidence.log.tiles import MARKER
from pipeline.model.findings import say
from pipeline.model.ids import sha256_of
from pipeline.site.state import SiteState, SpoiledState
from pipeline.site.units import File, UnitFiles
from pipeline.source.atomic import write_whole

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # linux/fs.h


def swap(fresh: Path, out: Path) -> None:
    """Put `fresh` where `out` is; what was in `out`, if anything, is in `fresh` afterwards."""
    if not out.exists():
        fresh.rename(out)
    elif not _swap_at_once(fresh, out):
        aside = fresh.with_name(f"{fresh.name}.old")
        out.rename(aside)
        fresh.rename(out)
        aside.rename(fresh)


def finish_swap(fresh: Path, out: Path) -> None:
    """Finish a `swap` that was killed between its three renames."""
    aside = fresh.with_name(f"{fresh.name}.old")
    if aside.exists() and not out.exists():
        aside.rename(out)
    elif aside.exists() and not fresh.exists():
        aside.rename(fresh)


def _swap_at_once(one: Path, other: Path) -> bool:
    """Swap by Linux's renameat2; False where that is not to be had."""
    import ctypes  # a site that stays as it is needs no swap

    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):  # Windows wants the name of a library
        return False
    paths = os.fsencode(one), os.fsencode(other)
    done: int = renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE)
    return done == 0


@contextmanager
def os_errors_as_faults(path: Path) -> Iterator[None]:
    """Raise Fault for an OSError while writing under `path`."""
    try:
        yield
    except OSError as error:
        raise fault_of(error, path) from error


def fault_of(error: OSError, path: Path) -> Fault:
    """The fault for an operating system error while writing under `path`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Fault(
            say("The disk is full; {path} is as it was.", path=str(path)),
            say("Free some space and build again."),
        )
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return Fault(
            say("{path} cannot be written.", path=str(path)),
            say("Choose an output folder you may write to."),
        )
    return Fault(
        say("Writing under {path} failed: {detail}.", path=str(path), detail=error.strerror or "")
    )


_UNSAFE_NAMES = frozenset({"", ".", ".."})


@dataclass
class Staging:
    """The tree that will be the new site: a copy of the present one, then brought up to date.

    Both trees share files, so a file is never written into, only replaced.
    """

    folder: Path
    out: Path
    present: SiteState | None
    old: dict[str, str] = field(default_factory=dict)
    """Path → sha256 of files in the copy that the build may replace or drop."""
    claimed: set[str] = field(default_factory=set)
    """Paths that units of the new site have claimed."""
    _changed: list[str] = field(default_factory=list)
    """Those of them that are not as in `old`."""
    _folders: set[str] = field(default_factory=set)

    def put(self, file: File) -> tuple[str, str, int]:
        """Write a file unless it stands there already: (path, sha256, size).

        Raises Fault for a path that leaves the site or is in use, OSError as the system does.
        """
        name, data = file
        if name == MARKER or "\n" in name or not _UNSAFE_NAMES.isdisjoint(name.split("/")):
            raise _refused(name)
        digest, old = sha256_of(data), self.old.get(name)
        if old != digest:
            try:
                _write(self._free(name, used=bool(old)), data)
            except FileExistsError as error:
                raise _refused(name) from error
        return name, digest, len(data)

    def claim(self, unit: UnitFiles) -> None:
        """Note that the files of a unit belong to the new site. Raises Fault for one claimed."""
        for name, digest in unit.files.items():
            if name in self.claimed:
                raise _refused(name)
            self.claimed.add(name)
            if self.old.get(name) != digest:
                self._changed.append(name)

    def finish(self, name: str, note: str) -> None:
        """Swap the tree with the site, whose own tree becomes the copy for the next build.

        `name`: digest of the new state.
        """
        words, gone = f"{note}\n{_WORD}{name}\n", self.old.keys() - self.claimed
        _drop(self.folder, gone)
        _mark(self.folder, words)
        self.folder.chmod(0o755)
        swap(self.folder, self.out)
        try:
            if self.present:
                self._bring_up_to_date(gone)
                _mark(self.folder, words)
        except OSError:  # the site stands; the next build makes its copy anew
            self.present = None
        if not self.present:
            remove(self.folder)

    def _bring_up_to_date(self, gone: Set[str]) -> None:
        _mark(self.folder, _UNFINISHED)
        _drop(self.folder, gone)
        self._folders.clear()
        for name in self._changed:
            _share(f"{self.out}/{name}", self._free(name, used=True))

    def copy(self, unit: UnitFiles) -> None:
        """Share all files of a unit with the site. Raises SpoiledState when one is missing."""
        for name in unit.files:
            try:
                _share(f"{self.out}/{name}", self._free(name))
            except FileNotFoundError as error:
                raise SpoiledState(name) from error

    def _free(self, name: str, *, used: bool = False) -> str:
        """Where to write a file: its folder made, and the old one removed if there was one."""
        path = f"{self.folder}/{name}"
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103 — half the time, a folder a post
            self._folders.add(folder)
        if used:
            Path(path).unlink(missing_ok=True)
        return path


def _share(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except (FileNotFoundError, FileExistsError):
        raise
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)


def _drop(folder: Path, names: Set[str]) -> None:
    """Remove files, and folders left empty."""
    for name in names:
        (folder / name).unlink(missing_ok=True)
    parents = {parent for name in names for parent in PurePosixPath(name).parents}
    for parent in sorted(parents, reverse=True):
        if parent.parts:
            with suppress(OSError):  # not empty
                (folder / parent).rmdir()


def _write(path: str, data: bytes) -> None:
    """Make a file of these bytes, which must not be there; a site has hundreds of thousands."""
    target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(target, left) :]
    finally:
        os.close(target)


def _refused(name: str) -> Fault:
    return Fault(say("Two pages want {path}, or it is no place in a site.", path=name))


_DRAFT = f".{MARKER}.new"
"""All that a build leaves behind which is killed, or meets a full disk, at its first word."""
_WORD = "state "
_UNFINISHED = "unfinished\n"
_SECONDS = 10.0
"""How long a build waits for another: until the workers of one that was killed have ended."""


@contextmanager
def building_into(out: Path) -> Iterator[None]:
    """Hold the right to build into `out`, and finish a swap that was killed.

    Raises Fault when another build holds it still, when `out` holds files that are not ours, and
    for what the operating system refuses inside.
    """
    with os_errors_as_faults(out):
        _refuse_foreign(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        with _lock_shared_with_workers(out):
            finish_swap(staging_of(out), out)
            yield


@contextmanager
def _lock_shared_with_workers(out: Path) -> Iterator[None]:
    """Hold the lock of a build. Forked workers inherit it, so that the next build waits for all.

    filelock closes its lock in a fork, so a worker of a killed build would write into the next one.
    """
    lock = os.open(out.with_name(f".{out.name}.lock"), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        deadline = time.monotonic() + _SECONDS
        while not _try_lock(lock):
            if time.monotonic() > deadline:
                raise Fault(
                    say("Another build of {path} is under way.", path=str(out)),
                    say("Wait until it has ended."),
                )
            time.sleep(0.02)
        yield
    finally:
        os.close(lock)


def _try_lock(lock: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _refuse_foreign(out: Path) -> None:
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


def state_name(tree: Path) -> str:
    """`SiteState.digest` of the site in a tree, as its marker says; empty when it says nothing."""
    try:
        words = (tree / MARKER).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    return next((w.removeprefix(_WORD) for w in words if w.startswith(_WORD)), "")


def staging_of(out: Path) -> Path:
    """Where the copy of a site lies."""
    return out.with_name(f".{out.name}.next")


def begin(out: Path, present: SiteState | None) -> Staging:
    """The copy of the site in `out`, marked unfinished; it is made anew unless it is up to date.

    Raises SpoiledState when it is to be made anew from a state that cannot be read, or from a site
    that misses a file.
    """
    folder = staging_of(out)
    staging = Staging(folder, out, present)
    fresh = present is None or state_name(folder) != present.digest
    if fresh:
        remove(folder)
        folder.mkdir()
    _mark(folder, _UNFINISHED)
    if present and fresh:
        for group in present.groups:
            for files in present.units(group).values():
                staging.copy(files)
    return staging


def _mark(folder: Path, words: str) -> None:
    """Write the marker of a tree as a file of its own, never into one that is shared."""
    write_whole(folder / MARKER, words.encode())


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
