"""What a change does to the program that judges: `program.lock`, and the files in ``program/``.

A program is renewed by two consents and never set back: an older one would judge what came under
newer law, and two programs of one version could not be told apart.
"""

from collections.abc import Iterator

from pipeline.errors import Fault
from pipeline.judge.load_governance import CARRIED_RULES, Trusted
from pipeline.law.rulebook import RULES, own_articles
from pipeline.model import archive, program
from pipeline.model.findings import Complaint, Effect, Location, Message, Reason, say
from pipeline.model.ids import sha256_of
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
    trusted: Trusted, before: Tree, after: Tree, change: archive.Change
) -> Iterator[Complaint]:
    """What is wrong with the program that a change would name; nothing where it touches none."""
    if not any(e.path == LOCK or e.path.startswith(WHEELS) for e in change.entries):
        return
    try:
        lock = lock_of(after)
    except Fault:
        return  # the governance that it leaves cannot be read, which is a finding of its own
    if lock is None:
        gone = say("The change takes the lock away: nothing would say which program judges.")
        remedy = say("Restore it: `git checkout main -- {path}`.", path=LOCK)
        if trusted.lock is None:
            none = say("No lock names what the change lays into program/.")
            yield _refusal("lock-missing", LOCK, none, _AGAIN)
        else:
            yield _refusal("lock-removed", LOCK, gone, remedy)
        return
    if fault := replaced(trusted.lock, lock):
        name, why = fault
        yield _refusal(name, LOCK, why, _AGAIN)
    for path, name, why in _files(after, lock):
        yield _refusal(name, path, why, _AGAIN)
    if trusted.lock is None:
        yield from _dropped(before, after)


def replaced(old: Lock | None, new: Lock) -> Reason | None:
    """Why a lock may not take the place of another; None where it may."""
    if old is None:
        return None
    versions = {"old": old.program.version, "new": new.program.version}
    if program.order(new.program.version) < program.order(old.program.version):
        message = say("The program would be set back from {old} to {new}.", **versions)
        return "program-older", message
    same = new.program.version == old.program.version
    if same and (new.program, new.wheel_sha256) != (old.program, old.wheel_sha256):
        message = say("It is a program of the same version, {new}, in other bytes.", **versions)
        return "program-other-bytes", message
    return None


def _files(after: Files, lock: Lock) -> Iterator[tuple[str, str, Message]]:
    """(path, name of the fault, what it is): each file in ``program/`` is one that the lock names
    by hash; its wheel is there and is the program that it names."""
    if lock.wheel and lock.wheel not in after.files:
        message = say("The lock names {path}, and no such file is there.", path=lock.wheel)
        yield LOCK, "wheel-missing", message
    for path in paths_under(after, WHEELS):
        blob = after.files[path]
        raw = after.read(path) if blob.mode in REGULAR and blob.size <= MOST else b""
        if fault := _foreign(path, raw, lock):
            yield path, *fault


def program_problem(tree: Files, lock: Lock) -> Message | None:
    """The first thing that is wrong with the program of a tree; None where it is sound."""
    return next((message for *_, message in _files(tree, lock)), None)


def _foreign(path: str, raw: bytes, lock: Lock) -> Reason | None:
    """Why a file in ``program/`` is not what the lock names."""
    digest = sha256_of(raw)
    if path != lock.wheel:
        stated = f"--hash=sha256:{digest}" in lock.requirements.split()
        message = say("The lock names no file of these bytes.")
        return None if stated else ("program-file-foreign", message)
    if digest != lock.wheel_sha256:
        message = say("The wheel is not the one that the lock names: its sha256 is another.")
        return "wheel-other-bytes", message
    try:
        held = lock_for(raw)
    except Fault as fault:
        return "wheel-unusable", fault.message
    if held.program != lock.program:
        message = say("The files in the wheel are not the program whose digest the lock states.")
        return "wheel-other-program", message
    if held.requirements != lock.requirements.removeprefix(OFFLINE):
        message = say("The lock installs other packages than those that the program needs.")
        return "wheel-other-packages", message
    return None


def _dropped(before: Tree, after: Tree) -> Iterator[Complaint]:
    """Rules of the archive's own that it carried with the program, and would lose by its move."""
    brought = own_articles(paths_under(after, RULES), RULES)
    for key, path in own_articles(paths_under(before, CARRIED_RULES), CARRIED_RULES).items():
        if key not in brought:
            message = say("The change drops a rule of the archive's own.")
            remedy = say("Put it into {path}: own rules lie there now.", path=RULES)
            yield _refusal("own-rule-dropped", path, message, remedy)


def _refusal(name: str, path: str, message: Message, remedy: Message) -> Complaint:
    return Complaint(name, Effect.REFUSE, message, Location(path), remedy)
