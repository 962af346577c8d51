"""Two folders exchanged in one step, and what the operating system refuses in words."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import Fault
from pipeline.model.findings import say

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
