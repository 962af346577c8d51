"""What a change does to the program that judges: `program.lock`, and the files in ``program/``.

A program is renewed by two consents and never set back: an older one would judge what came under
newer law, and two programs of one version could not be told apart.
"""

import hashlib
from collections.abc import Iterator

from pipeline.errors import Fault
from pipeline.judge.load_governance import CARRIED_RULES, Trusted
from pipeline.law.rulebook import RULES, own_articles
from pipeline.model.archive import Change
from pipeline.model.findings import Effect, Finding, Location, Message, say
from pipeline.model.program import order
from pipeline.source.content.paths import Files
from pipeline.source.content.program_lock import LOCK, OFFLINE, WHEELS, Lock, lock_of
from pipeline.source.content.records import paths_under
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import REGULAR
from pipeline.source.wheel import MOST, lock_for

_AGAIN = say(
    "Make the proposal with `sanshen upgrade WHEEL`, which writes lock and wheel together."
)


def program_faults(
    trusted: Trusted, before: Tree, after: Tree, change: Change
) -> Iterator[Finding]:
    """What is wrong with the program that a change would name; nothing where it touches none."""
    if not any(e.path == LOCK or e.path.startswith(WHEELS) for e in change.entries):
        return
    try:
        lock = lock_of(after)
    except Fault:
        return  # the governance that it leaves cannot be read, which is a finding of its own
    if lock is None:
        message = say("The change takes the lock away: nothing would say which program judges.")
        remedy = say("Restore it: `git checkout main -- {path}`.", path=LOCK)
        if trusted.lock is None:
            message, remedy = say("No lock names what the change lays into program/."), _AGAIN
        yield _refusal(LOCK, message, remedy)
        return
    if fault := replaced(trusted.lock, lock):
        yield _refusal(LOCK, fault, _AGAIN)
    for path, fault in _files(after, lock):
        yield _refusal(path, fault, _AGAIN)
    if trusted.lock is None:
        yield from _dropped(before, after)


def replaced(old: Lock | None, new: Lock) -> Message | None:
    """Why a lock may not take the place of another; None where it may."""
    if old is None:
        return None
    versions = {"old": old.program.version, "new": new.program.version}
    if order(new.program.version) < order(old.program.version):
        return say("The program would be set back from {old} to {new}.", **versions)
    same = new.program.version == old.program.version
    if same and (new.program, new.wheel_sha256) != (old.program, old.wheel_sha256):
        return say("It is a program of the same version, {new}, in other bytes.", **versions)
    return None


def _files(after: Files, lock: Lock) -> Iterator[tuple[str, Message]]:
    """(path, what is wrong): each file in ``program/`` is one that the lock names by hash; its
    wheel is there and is the program that it names."""
    if lock.wheel and lock.wheel not in after.files:
        yield LOCK, say("The lock names {path}, and no such file is there.", path=lock.wheel)
    for path in paths_under(after, WHEELS):
        blob = after.files[path]
        raw = after.read(path) if blob.mode in REGULAR and blob.size <= MOST else b""
        if message := _foreign(path, raw, lock):
            yield path, message


def program_problem(tree: Files, lock: Lock) -> Message | None:
    """The first thing that is wrong with the program of a tree; None where it is sound."""
    return next((message for _, message in _files(tree, lock)), None)


def _foreign(path: str, raw: bytes, lock: Lock) -> Message | None:
    """Why a file in ``program/`` is not what the lock names."""
    digest = hashlib.sha256(raw).hexdigest()
    if path != lock.wheel:
        stated = f"--hash=sha256:{digest}" in lock.requirements.split()
        return None if stated else say("The lock names no file of these bytes.")
    if digest != lock.wheel_sha256:
        return say("The wheel is not the one that the lock names: its sha256 is another.")
    try:
        held = lock_for(raw)
    except Fault as fault:
        return fault.message
    if held.program != lock.program:
        return say("The files in the wheel are not the program whose digest the lock states.")
    if held.requirements != lock.requirements.removeprefix(OFFLINE):
        return say("The lock installs other packages than those that the program needs.")
    return None


def _dropped(before: Tree, after: Tree) -> Iterator[Finding]:
    """Rules of the archive's own that it carried with the program, and would lose by its move."""
    brought = own_articles(paths_under(after, RULES), RULES)
    for key, path in own_articles(paths_under(before, CARRIED_RULES), CARRIED_RULES).items():
        if key not in brought:
            yield _refusal(
                path,
                say("The change drops a rule of the archive's own."),
                say("Put it into {path}: own rules lie there now.", path=RULES),
            )


def _refusal(path: str, message: Message, remedy: Message) -> Finding:
    return Finding("R13-7", Effect.REFUSE, message, Location(path), remedy)
