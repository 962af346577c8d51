"""The one way to write a file whole or not at all."""

import os
from pathlib import Path
from threading import get_ident

EVERYBODY = 0o666
"""A file's mode before the umask takes from it."""


def write_whole(path: Path, raw: bytes, *, locked: bool = True, mode: int = EVERYBODY) -> None:
    """Write beside the file and rename; its folders are made. OSError leaves what stood before.

    `locked`: no one else writes this file now, so a draft of a killed process may be overwritten.
    `mode`: who may read it, less what the umask takes away.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    mark = "" if locked else f".{os.getpid()}.{get_ident()}"
    draft = path.with_name(f".{path.name}{mark}.new")
    try:
        draft.touch(mode)
        if mode != EVERYBODY:  # one of a killed process may be there, and open to all
            draft.chmod(mode)
        draft.write_bytes(raw)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
