"""Files that nobody else can have written: what a run keeps for the next one.

The seal is a keyed digest (HMAC-SHA256, RFC 2104) over the file's name and bytes. Its key lies in
the caller's own folder, outside the repository, readable by the caller alone; whoever can write
into the repository, its .git folder or a restored cache cannot make a seal. What does not bear it
is not read, whatever it holds. An older file under its own name is still true, because a name
says everything that its content depends on.
"""

import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_KEY = 32
_MARK = b"sanshen sealed file 1\n"
_LIMIT = 1_000_000_000
"""Bytes of a sealed file; a tenth of it keeps a million changes."""


@dataclass(frozen=True)
class Sealed:
    """Files sealed with one key in one folder. What cannot be read or written is left out."""

    folder: Path
    key: bytes

    def read(self, name: str) -> bytes | None:
        """The content of a file under this name; None when there is none that bears the seal."""
        try:
            raw = self._raw(name)
        except OSError:
            return None
        seal, content = raw[: _KEY * 2], raw[_KEY * 2 :]
        return content if hmac.compare_digest(seal, self._seal(name, content)) else None

    def write(self, name: str, content: bytes) -> None:
        """Put a file in place of the one before; those of its kind under other names go."""
        if self.put(name, content):
            self.only(name.partition("-")[0], {name})

    def only(self, kind: str, names: Collection[str]) -> None:
        """Remove files ``KIND-DIGEST`` of a kind whose names are not among these, and drafts."""
        self._clear()
        self._remove(n for n in self._names() if n.startswith(f"{kind}-") and n not in names)

    def put(self, name: str, content: bytes) -> bool:
        """Put a file beside the others, whole or not at all; False, and no harm, if it cannot be.

        To be followed by `only`, which clears what is not wanted any more.
        """
        draft = self.folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, exist_ok=True)
            if self.folder.is_symlink():
                return False
            with draft.open("xb") as out:
                out.write(self._seal(name, content) + content)
            draft.replace(self.folder / name)
            return True
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        return False

    def _raw(self, name: str) -> bytes:
        opened = os.open(self.folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(opened, "rb") as file:
            status = os.fstat(opened)
            if not stat.S_ISREG(status.st_mode) or status.st_size > _LIMIT:
                return b""
            return file.read()

    def _seal(self, name: str, content: bytes) -> bytes:
        said = _MARK + name.encode() + b"\n"
        return hmac.new(self.key, said + content, hashlib.sha256).hexdigest().encode()

    def _clear(self) -> None:
        """Remove drafts that a killed run left behind; nobody refers to them."""
        drafts = ((n, n.split(".")[-2]) for n in self._names() if n.startswith("."))
        self._remove(n for n, process in drafts if process.isdecimal() and not _runs(int(process)))

    def _names(self) -> list[str]:
        """What lies in the folder, unless that is elsewhere."""
        with suppress(OSError):
            if not self.folder.is_symlink():
                return os.listdir(self.folder)  # noqa: PTH208 — a log has thousands of files
        return []

    def _remove(self, names: Iterable[str]) -> None:
        for name in names:
            with suppress(OSError):
                (self.folder / name).unlink(missing_ok=True)


def own_key(path: Path) -> bytes | None:
    """The caller's key, made if there is none; None where it could be anybody else's too."""
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        if not _private(path.parent.lstat(), 0o022) or not _private(path.lstat(), 0o077):
            return None
        key = path.read_bytes()
        return key if len(key) == _KEY and stat.S_ISREG(path.lstat().st_mode) else None
    return None


def _make(path: Path) -> None:
    """A new key, linked into place whole: of two runs that make one, the first one's stays."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "wb") as out:
            out.write(secrets.token_bytes(_KEY))
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _private(status: os.stat_result, others: int) -> bool:
    """Whether a file is the caller's alone; Windows does not say so, and nothing is kept there."""
    mine = hasattr(os, "geteuid") and status.st_uid == os.geteuid()
    return mine and not status.st_mode & others


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
