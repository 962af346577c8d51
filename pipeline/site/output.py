"""Writing a site: whole into a folder beside the old one, then swapped in; or not at all."""

import ctypes
import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from pipeline.errors import Fault
from pipeline.model.findings import say

MARKER = ".sanshen-site"
"""A folder holding this file is ours to replace."""
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # linux/fs.h


def write_site(out: Path, files: Iterable[tuple[str, bytes]], note: str) -> tuple[int, int, str]:
    """Write every file and swap the site in; answer (files, bytes, digest of the tree).

    The old site stays until the new one is whole. Raises Fault when `out` holds someone's other
    files, when a path comes twice or leaves the folder, and when the disk is full or read-only.
    """
    with _told(out):
        _refuse_foreign(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(out)
        with _fresh_folder(out, note) as fresh:
            answer = _write_all(fresh, files)
            _swap(fresh, out)
        return answer


def _refuse_foreign(out: Path) -> None:
    if not os.path.lexists(out):
        return
    if out.is_symlink() or not out.is_dir():
        raise Fault(
            say("{path} is not a folder.", path=str(out)), say("Choose another output folder.")
        )
    if any(out.iterdir()) and not (out / MARKER).is_file():
        raise Fault(
            say("{path} holds files that no build of ours made.", path=str(out)),
            say("Choose an empty output folder, or empty this one yourself."),
        )


@contextmanager
def _fresh_folder(out: Path, note: str) -> Iterator[Path]:
    """A marked folder beside `out`, gone afterwards whatever happens.

    Its marker stays locked while this process lives, so nobody clears it away meanwhile.
    """
    fresh = Path(tempfile.mkdtemp(prefix=_prefix(out), dir=out.parent))
    marker = (fresh / MARKER).open("w", encoding="utf-8")
    try:
        fcntl.flock(marker, fcntl.LOCK_EX)
        marker.write(note)
        marker.flush()
        fresh.chmod(0o755)
        yield fresh
    finally:
        _remove(fresh)  # after a swap this is the old site
        with suppress(OSError):
            marker.close()


def _prefix(out: Path) -> str:
    return f".{out.name}.build-"


def _clear_leftovers(out: Path) -> None:
    """Remove what builds left that were killed: marked, and locked by nobody."""
    for folder in sorted(out.parent.glob(f"{_prefix(out)}*")):
        with suppress(OSError), (folder / MARKER).open("r", encoding="utf-8") as marker:
            fcntl.flock(marker, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not out.exists() and (folder / "index.html").is_file() and _finished(folder):
                folder.rename(out)  # killed between the two renames of `_swap`
                continue
            _remove(folder)


def _remove(folder: Path) -> None:
    """Remove a marked folder, its marker last: one half removed can still be told as ours."""
    with suppress(OSError):
        for child in folder.iterdir():
            if child.is_dir() and not child.is_symlink():
                shutil.rmtree(child, ignore_errors=True)
            elif child.name != MARKER:
                child.unlink()
        shutil.rmtree(folder, ignore_errors=True)


def _finished(folder: Path) -> bool:
    return (folder / MARKER).read_text(encoding="utf-8").endswith("whole\n")


def _write_all(folder: Path, files: Iterable[tuple[str, bytes]]) -> tuple[int, int, str]:
    written: dict[str, str] = {}
    made: set[Path] = set()
    size = 0
    for name, data in files:
        place = PurePosixPath(name)
        if name in written or place.is_absolute() or ".." in place.parts or name == MARKER:
            raise Fault(say("Two pages want {path}, or it is no place in a site.", path=name))
        path = folder / place
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_bytes(data)
        written[name] = hashlib.sha256(data).hexdigest()
        size += len(data)
    lines = "".join(f"{written[name]}  {name}\n" for name in sorted(written))
    with (folder / MARKER).open("a", encoding="utf-8") as marker:
        marker.write("whole\n")
    return len(written), size, hashlib.sha256(lines.encode()).hexdigest()


def _swap(fresh: Path, out: Path) -> None:
    if not out.exists():
        fresh.rename(out)
    elif not _exchange(fresh, out):
        aside = Path(f"{fresh}.old")
        out.rename(aside)
        fresh.rename(out)
        _remove(aside)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step (Linux renameat2); False where that is not to be had."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    paths = os.fsencode(one), os.fsencode(other)
    done: int = renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE)
    return done == 0


@contextmanager
def _told(out: Path) -> Iterator[None]:
    """Turn what the operating system refuses into a fault that says so."""
    try:
        yield
    except OSError as error:
        raise fault_of(error, out) from error


def fault_of(error: OSError, place: Path) -> Fault:
    """The fault that tells of an operating system error while writing under `place`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
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
