"""Evidence as files for stock tools: ``tar``, ``sha256sum`` and ``ssh-keygen -Y verify``."""

from collections.abc import Iterable
from functools import lru_cache

NAMESPACE = "sanshen-review@v1"
"""The SSHSIG namespace of reviews (design.md .5)."""
_BLOCK = 512


def evidence_tar(signed: Iterable[tuple[str, bytes, bytes]]) -> bytes:
    """The archive beside a page; `signed`: stem of the file names, statement, signature."""
    files: list[tuple[str, bytes]] = []
    for stem, statement, signature in signed:
        files += ((f"{stem}.json", statement), (f"{stem}.json.sig", signature))
    return tar(files)


def tar(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A POSIX ustar archive (IEEE 1003.1, pax: ustar Interchange Format) of plain files.

    Owner, group and time are zero, so the same files give the same bytes. Names are ASCII and
    shorter than 100. A site of 100,000 posts can carry one file a post, but not a dozen.
    """
    parts: list[bytes] = []
    for name, data in files:
        parts += (_header(name, len(data)), data, bytes(-len(data) % _BLOCK))
    return b"".join(parts) + bytes(2 * _BLOCK)


@lru_cache(4096)  # a dozen names and few sizes of each, and thousands of posts
def _header(name: str, size: int) -> bytes:
    fields = (
        name.encode("ascii").ljust(100, b"\0"),
        b"0000644\0" + b"0000000\0" * 2,
        b"%011o\0" % size,
        b"%011o\0" % 0,
        b" " * 8,  # the checksum is taken over blanks here
        b"0".ljust(101, b"\0"),
        b"ustar\00000",
    )
    raw = b"".join(fields).ljust(_BLOCK, b"\0")
    return raw[:148] + b"%06o\0 " % sum(raw) + raw[156:]
