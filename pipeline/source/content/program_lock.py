"""`program.lock`: which program judges an archive, and from what bytes it is installed.

The file is what pip and uv install from (``pip install --require-hashes -r program.lock``), with
three statements of its own at the top as comments. So one file says what is installed and what
judges, and the tools that everybody has hold it to the hashes.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.model.program import VERSION, Program
from pipeline.source.content.paths import Files

LOCK = "program.lock"
WHEELS = "program/"
"""The folder of the program's wheel."""
SHIPPED = "shipped"
"""The regulation that comes with the program."""
OWN = "own"
"""A regulation of the archive's: none of the program's articles is asked."""
CARRIED = "0.1.0"
"""The version of every tree that carried its program, and no lock."""
HEADING = (
    "# 本档案由以下程序审核、建站。请勿手改：升级请运行 sanshen upgrade，经两人签署同意后生效。",
    "# The program that judges this archive; `sanshen upgrade` writes this file.",
)
_STATED = re.compile(r"^# (version|digest|regulation): (\S+)$", re.MULTILINE)
_WHEEL = re.compile(
    r"^(?:\./(program/sanshen-(?P<file>[0-9.]+)-py3-none-any\.whl)|sanshen==(?P<index>[0-9.]+))"
    r" --hash=sha256:([0-9a-f]{64})$",
    re.MULTILINE,
)
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")


class Lock(NamedTuple):
    """What `program.lock` says."""

    program: Program
    wheel: str
    """Path of the wheel in the archive; empty when it comes from an index."""
    wheel_sha256: str
    """Of the wheel's own bytes."""
    regulation: str
    """`SHIPPED` or `OWN`."""
    requirements: str
    """The lines of everything that the program depends on, by hash."""


def lock_of(tree: Files) -> Lock | None:
    """The lock of a tree; None when it has none. Raises Fault for one that cannot be read."""
    return read_lock(tree.read(LOCK)) if LOCK in tree.files else None


@lru_cache(64)
def read_lock(raw: bytes) -> Lock:
    """The lock that these bytes state. Raises Fault for any other."""
    text = raw.decode("utf-8", "replace")
    stated, wheel = dict(_STATED.findall(text)), _WHEEL.search(text)
    version, digest = stated.get("version", ""), _DIGEST.fullmatch(stated.get("digest", ""))
    regulation = stated.get("regulation", SHIPPED)
    if (
        not VERSION.fullmatch(version)
        or digest is None
        or wheel is None
        or (wheel["file"] or wheel["index"]) != version
        or len(_STATED.findall(text)) != len(stated)
        or len(_WHEEL.findall(text)) != 1
        or regulation not in (SHIPPED, OWN)
    ):
        raise Fault(
            say("{path} cannot be read.", path=LOCK),
            say("Restore it as main has it: `git checkout main -- {path}`.", path=LOCK),
        )
    program = Program(version, digest[1])
    return Lock(program, wheel[1] or "", wheel[4], regulation, text[wheel.end() :].lstrip("\n"))


def write_lock(lock: Lock) -> bytes:
    """The file that says so."""
    version, digest = lock.program
    source = f"./{lock.wheel}" if lock.wheel else f"sanshen=={version}"
    lines = (
        *HEADING,
        f"# version: {version}",
        f"# digest: sha256:{digest}",
        f"# regulation: {lock.regulation}",
        "",
        f"{source} --hash=sha256:{lock.wheel_sha256}",
        lock.requirements,
    )
    return "\n".join(lines).encode()
