"""`program.lock`: which program judges an archive, and from what bytes it is installed.

The file is what pip and uv install from (``pip install --require-hashes -r program.lock``), with
three statements of its own at the top as comments. So one file says what is installed and what
judges, and the tools that everybody has hold it to the hashes.
"""

import re
from typing import NamedTuple

from pipeline import __version__
from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.model.ids import Digest
from pipeline.model.program import VERSION, Program, order
from pipeline.model.run import per_run
from pipeline.source.content.paths import Files, regular
from pipeline.source.program import running

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
OFFLINE = "--no-index\n--find-links ./program\n"
"""First lines of the requirements of an archive that holds all that is installed."""
_COMMENT = r" *# (?!version: |digest: |regulation: |.*coding[:=])(?:[ -~]*|[^-\n\ufffd]*)\n"
_HASH = "--hash=sha256:[0-9a-f]{64}"
_REQUIREMENT = (
    r"(?!sanshen==)[a-z0-9]+(?:-[a-z0-9]+)*==[0-9a-z.!+]+(?: ; [A-Za-z0-9_.'<>=! ]+)?"
    rf"(?: \\\n    {_HASH})+\n"
)
_LINES = rf"(?:{re.escape(OFFLINE)})?(?:{_COMMENT}|{_REQUIREMENT})*"
_LOCK = re.compile(
    rf"(?:{_COMMENT})*# version: (?P<version>{VERSION.pattern})\n"
    r"# digest: sha256:(?P<digest>[0-9a-f]{64})\n"
    rf"# regulation: (?P<regulation>{SHIPPED}|{OWN})\n\n"
    r"(?:\./(?P<wheel>program/sanshen-(?P=version)-py3-none-any\.whl)|sanshen==(?P=version))"
    r" --hash=sha256:(?P<sha256>[0-9a-f]{64})\n"
    rf"(?P<requirements>{_LINES})"
)
"""pip obeys every line, so nothing stands here but what is named: no other index, link or path."""


class Lock(NamedTuple):
    """What `program.lock` says."""

    program: Program
    wheel: str
    """Path of the wheel in the archive; empty when it comes from an index."""
    wheel_sha256: Digest
    """Of the wheel's own bytes."""
    regulation: str
    """`SHIPPED` or `OWN`."""
    requirements: str
    """The lines of everything that the program depends on, by hash."""


def lock_of(tree: Files) -> Lock | None:
    """The lock of a tree; None when it has none. Raises Fault for one that cannot be read."""
    return read_lock(regular(tree, LOCK)) if LOCK in tree.files else None


@per_run(64)
def read_lock(raw: bytes) -> Lock:
    """The lock that these bytes state. Raises Fault for any other."""
    text = raw.decode("utf-8", "replace")
    lock = _LOCK.fullmatch(text)
    # pip ends a line at unseen signs, too, in an encoding that a comment or the system names.
    if lock is None or not text.replace("\n", "").isprintable():
        message = say("{path} cannot be read.", path=LOCK)
        remedy = say("Restore it as main has it: `git checkout main -- {path}`.", path=LOCK)
        raise Fault(message, remedy)
    program = Program(lock["version"], Digest(lock["digest"]))
    wheel = lock["wheel"] or ""
    return Lock(program, wheel, Digest(lock["sha256"]), lock["regulation"], lock["requirements"])


def refuse_other_program(lock: Lock | None) -> None:
    """Raise Fault when the program that runs is not the one that a trusted tree names.

    Asked by whatever judges, or signs on the strength of a judgement, before it does. A tree
    without a lock, as archives were before 0.9, is judged by any program.
    """
    if lock and (lock.program.version != __version__ or lock.program != running()):
        raise other_program(lock.program)


def other_program(locked: Program) -> Fault:
    """The program that runs is not the one that an archive names."""
    own, wanted = order(__version__), order(locked.version)
    names: dict[str, str] = {"own": __version__, "version": locked.version}
    remedy = say("Install the archive's own: check out main and run `make install`.")
    if own < wanted:
        wrong = say("This program, {own}, is older than the archive, which names {version}.",
                    **names)  # fmt: skip
    elif own > wanted:
        wrong = say("This program, {own}, is newer than the one that the archive names, {version}.",
                    **names)  # fmt: skip
        remedy = say("Renew the archive with `sanshen upgrade`, or install its own with"
                     " `make install`. Only to look: verify, audit, build and reproduce take"
                     " `--any-program`.")  # fmt: skip
    else:
        names |= {"own": running().short, "digest": locked.short}
        wrong = say("This program has the version that the archive names, {version}, and other"
                    " bytes: {own} instead of {digest}.", **names)  # fmt: skip
    return Fault(wrong, remedy)


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
