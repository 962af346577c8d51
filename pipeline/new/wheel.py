"""A wheel of the program, read before an archive names it."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator

from pipeline.errors import Fault
from pipeline.model.findings import Message, say
from pipeline.model.program import VERSION, Program
from pipeline.source.content.program_lock import SHIPPED, WHEELS, Lock
from pipeline.source.program import digest_of, name_of, pack

__all__ = ["lock_for", "name_of", "pack"]

REQUIREMENTS = "pipeline/shipped/requirements/run.txt"
"""What the program depends on, by version and hash."""
_PACKAGE = "pipeline/"
_VERSION = re.compile(rb'^__version__ = "([^"\n]*)"$', re.MULTILINE)
_MAX_UNPACKED = 256 << 20
"""Bytes of all files of a wheel; today's has 10 MB."""


def lock_for(
    wheel: bytes | None = None, *, in_archive: bool = True, regulation: str = SHIPPED
) -> Lock:
    """The lock of an archive whose program is in a wheel; without one, that of the one that runs.

    `in_archive`: the wheel lies in the archive's `program/`; otherwise it comes from an index.
    Raises Fault for what is no wheel of this program, or brings more than its package.
    """
    raw = pack()[1] if wheel is None else wheel
    files = dict(_files(raw))
    stated = _VERSION.search(files.get(f"{_PACKAGE}__init__.py", b""))
    version = stated[1].decode() if stated else ""
    if not VERSION.fullmatch(version) or REQUIREMENTS not in files:
        raise _no_wheel(say("the version or the list of requirements is missing"))
    if odd := [p for p in files if not p.startswith((_PACKAGE, f"sanshen-{version}.dist-info/"))]:
        raise _no_wheel(say("{path} belongs to no part of it", path=odd[0]))
    own = sorted((path, raw) for path, raw in files.items() if path.startswith(_PACKAGE))
    where = f"{WHEELS}{name_of(version)}" if in_archive else ""
    return Lock(
        Program(version, digest_of(own)),
        where,
        hashlib.sha256(raw).hexdigest(),
        regulation,
        files[REQUIREMENTS].decode(),
    )


def _files(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of a wheel's files. Raises Fault for bytes that are no wheel to be trusted."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as wheel:
            entries = wheel.infolist()
            if len({entry.filename for entry in entries}) < len(entries):
                raise _no_wheel(say("a file is in it twice"))
            if sum(entry.file_size for entry in entries) > _MAX_UNPACKED:
                most = _MAX_UNPACKED >> 20
                raise _no_wheel(say("it unpacks to more than {limit} MB", limit=most))
            for entry in entries:
                # No digest covers bytecode, and Python would run it in place of its source.
                if "__pycache__" in entry.filename or entry.filename.endswith(".pyc"):
                    raise _no_wheel(say("{path} belongs to no part of it", path=entry.filename))
                yield entry.filename, wheel.read(entry)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise _no_wheel(say("it cannot be unpacked")) from error


def _no_wheel(why: Message) -> Fault:
    return Fault(
        say("The file is no wheel of this program: {why}.", why=why),
        say("Fetch it anew from where the program is published, and compare its sha256."),
    )
