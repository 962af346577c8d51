"""A wheel of the program, read as data: its version, its digest, what is new in it."""

import io
import re
import zlib
from collections.abc import Iterator, Mapping

from pipeline.errors import Fault
from pipeline.model.findings import Message, say
from pipeline.model.ids import sha256_of
from pipeline.model.program import VERSION, Program, order
from pipeline.source.content.program_lock import SHIPPED, WHEELS, Lock, read_lock, write_lock
from pipeline.source.program import BESIDE_IN, digest_of, name_of, pack, recorded

REQUIREMENTS = f"{BESIDE_IN}requirements/run.txt"
"""What the program depends on, by version and hash."""
_PACKAGE = "pipeline/"
_VERSION = re.compile(rb'^__version__ = "([^"\n]*)"$', re.MULTILINE)
MOST = 256 << 20
"""Bytes of a wheel, and of all its files; today's has 10 MB."""
_CHANGELOG = f"{BESIDE_IN}CHANGELOG.md"
_SECTION = re.compile(r"^## \[?(\d{1,6}\.\d{1,6}\.\d{1,6})\]?(.*)\n", re.MULTILINE)
_YANKED = re.compile(r"\[yanked\]", re.IGNORECASE)


def lock_for(
    wheel: bytes | None = None, *, in_archive: bool = True, regulation: str = SHIPPED
) -> Lock:
    """The lock of an archive whose program is in a wheel; without one, that of the one that runs.

    `in_archive`: the wheel lies in the archive's `program/`; otherwise it comes from an index.
    Raises Fault for what is no wheel of this program, or brings more than its package.
    """
    raw = pack()[1] if wheel is None else wheel
    files = unpacked(raw)
    stated = _VERSION.search(files.get(f"{_PACKAGE}__init__.py", b""))
    version = stated[1].decode() if stated else ""
    if not VERSION.fullmatch(version) or REQUIREMENTS not in files:
        raise _no_wheel(say("the version or the list of requirements is missing"))
    if odd := [p for p in files if not p.startswith((_PACKAGE, f"sanshen-{version}.dist-info/"))]:
        raise _no_wheel(say("{path} belongs to no part of it", path=odd[0]))
    info = f"sanshen-{version}.dist-info/"
    metadata = files.get(f"{info}METADATA", b"").decode(errors="replace").splitlines()
    if f"Version: {version}" not in metadata or files.get(f"{info}RECORD") != recorded(files, info):
        raise _no_wheel(say("what it says of itself does not fit its files"))
    own = sorted((path, raw) for path, raw in files.items() if path.startswith(_PACKAGE))
    where = f"{WHEELS}{name_of(version)}" if in_archive else ""
    needed = files[REQUIREMENTS].decode("utf-8", "replace")
    program, digest = Program(version, digest_of(own)), sha256_of(raw)
    lock = Lock(program, where, digest, regulation, needed)
    try:  # pip obeys every line, before anybody has consented
        sound = read_lock(write_lock(lock)) == lock
    except Fault:
        sound = False
    if not sound:
        raise _no_wheel(say("its list of requirements holds other lines than packages by hash"))
    return lock


def unpacked(raw: bytes) -> dict[str, bytes]:
    """Path → bytes of a wheel's files. Raises Fault for bytes that are no wheel to be trusted."""
    import zipfile  # a verdict opens none, unless the change brings one

    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as wheel:
            entries = wheel.infolist()
            if len({entry.filename for entry in entries}) < len(entries):
                raise _no_wheel(say("a file is in it twice"))
            if sum(entry.file_size for entry in entries) > MOST:
                most = MOST >> 20
                raise _no_wheel(say("it unpacks to more than {limit} MB", limit=most))
            for entry in entries:
                # No digest covers bytecode, and Python would run it in place of its source.
                parts = entry.filename.replace("\\", "/").split("/")
                if {"__pycache__", "..", ""} & {*parts} or entry.filename.endswith(".pyc"):
                    raise _no_wheel(say("{path} belongs to no part of it", path=entry.filename))
            return {entry.filename: wheel.read(entry) for entry in entries}
    except (
        zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError,
        ValueError,
    ) as error:  # fmt: skip
        raise _no_wheel(say("it cannot be unpacked")) from error


def _no_wheel(why: Message) -> Fault:
    return Fault(
        say("The file is no wheel of this program: {why}.", why=why),
        say("Fetch it anew from where the program is published, and compare its sha256."),
    )


# What is new: the sections of a wheel's changelog (https://keepachangelog.com).


def news(files: Mapping[str, bytes], older: str, newer: str) -> str:
    """The sections after one version up to another, as they are written, newest first."""
    return "\n\n".join(
        f"## {version}{rest}\n{text}".rstrip()
        for version, rest, text in _sections(files)
        if order(older) < order(version) <= order(newer)
    )


def yanked(files: Mapping[str, bytes]) -> dict[str, str]:
    """Version → the reason, of each that a changelog marks ``## 0.9.1 [yanked]``."""
    return {
        version: " ".join(text.strip().partition("\n\n")[0].split())
        for version, rest, text in _sections(files)
        if _YANKED.search(rest)
    }


def _sections(files: Mapping[str, bytes]) -> Iterator[tuple[str, str, str]]:
    """(version, rest of the heading, text) of each section."""
    text = files.get(_CHANGELOG, b"").decode(errors="replace")
    headings = list(_SECTION.finditer(text))
    for number, each in enumerate(headings):
        end = headings[number + 1].start() if number + 1 < len(headings) else len(text)
        yield each[1], each[2], text[each.end() : end]
