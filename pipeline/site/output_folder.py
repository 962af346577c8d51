"""Writing a site: whole into a folder beside the old one, then exchanged in one step.

Beside a site in `out` lies a second tree, `.out.next`: the site before, which shares its files
(hard links) with the present one. A build brings that tree up to date, which costs what changed
since, and exchanges the two by one rename. Killed at any moment, `out` is the old site or the
new one.
"""

import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.site import state as states
from pipeline.site.atomic_swap import exchange
from pipeline.site.staging_tree import MARKER, Draft
from pipeline.site.state import State, Units

_DRAFT = f"{MARKER}.new"
"""All that a build leaves behind which is killed, or meets a full disk, at its first word."""
_WORD = "state "
_UNFINISHED = "unfinished\n"
_SECONDS = 2.0
"""How long a build waits for another: until the workers of one that was killed have ended."""


@contextmanager
def held(out: Path) -> Iterator[None]:
    """Hold the right to build into `out`. Raises Fault when another build holds it still."""
    out.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(out.with_name(f".{out.name}.lock"), timeout=_SECONDS)
    try:
        lock.acquire()
    except Timeout as error:
        raise Fault(
            say("Another build of {path} is under way.", path=str(out)),
            say("Wait until it has ended."),
        ) from error
    try:
        yield
    finally:
        lock.release()


def refuse_foreign(out: Path) -> None:
    """Raise Fault unless `out` is absent, empty or a site of ours."""
    if not os.path.lexists(out):
        return
    if out.is_symlink() or not out.is_dir():
        raise Fault(
            say("{path} is not a folder.", path=str(out)), say("Choose another output folder.")
        )
    if _foreign(out):
        raise Fault(
            say("{path} holds files that no build of ours made.", path=str(out)),
            say("Choose an empty output folder, or empty this one yourself."),
        )


def _foreign(folder: Path) -> bool:
    """Whether files stand in a folder without our marker; its draft alone is a begun build's."""
    return not (folder / MARKER).is_file() and any(p.name != _DRAFT for p in folder.iterdir())


def state_in(out: Path, tree: Path) -> State | None:
    """What stands in a tree (`out` itself or the one beside it), if its state is known."""
    return states.load(out, _name_in(tree))


def _name_in(tree: Path) -> str:
    try:
        words = (tree / MARKER).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return "none"
    return next((w.removeprefix(_WORD) for w in words if w.startswith(_WORD)), "none")


def next_to(out: Path) -> Path:
    return out.with_name(f".{out.name}.next")


def begin(out: Path, present: State | None, wanted: Collection[str] = ()) -> Draft:
    """The tree beside the site, marked unfinished: the one before, when its state is known.

    `wanted`: groups of the present site that the new one shall have as they are. Raises
    `state.Damaged` when units of the present site that are looked at cannot be read.
    """
    folder = next_to(out)
    parts = present.parts if present else {}
    before = state_in(out, folder) if present else None
    there = before.parts if before else {}
    same = frozenset(i for i in wanted if i in there and there[i].name == parts[i].name)
    try:
        units = (unit for some in _units(out, there, same).values() for unit in some.values())
        holds = {path: digest for unit in units for path, digest in unit.files.items()}
    except states.Damaged:
        before, same, holds = None, frozenset(), {}
    groups = _units(out, parts, same)
    if before is None:
        remove(folder)
        folder.mkdir()
    _mark(folder, _UNFINISHED)
    return Draft(folder, out, groups, present is not None, same, holds)


def _units(
    out: Path, parts: Mapping[str, states.Part], but: Collection[str]
) -> Mapping[str, Units]:
    return {i: states.units_of(out, part) for i, part in parts.items() if i not in but}


def finish(draft: Draft, state: State, note: str) -> None:
    """Let the finished draft be the site; the site of before stays beside it for the next build."""
    draft.drop()
    old = _name_in(draft.out)
    name = states.save(draft.out, state)
    _mark(draft.folder, f"{note}\n{_WORD}{name}\n")
    draft.folder.chmod(0o755)
    exchange(draft.folder, draft.out)
    states.forget(draft.out, name, old)
    if draft.lost or not draft.known:
        remove(draft.folder)  # of unknown content: the next build makes the second tree anew


def _mark(folder: Path, words: str) -> None:
    """Write the marker of a tree, at once and as a file of its own."""
    draft = folder / _DRAFT
    draft.write_text(words, encoding="utf-8")
    draft.replace(folder / MARKER)


def remove(folder: Path) -> None:
    """Remove a tree of ours, its marker last: one half removed can still be told as ours.

    Raises Fault when the folder is there but holds no marker.
    """
    if not os.path.lexists(folder):
        return
    ours = folder.is_dir() and not folder.is_symlink()
    if not ours or _foreign(folder):
        raise Fault(
            say("{path} holds files that no build of ours made.", path=str(folder)),
            say("Move it away; the build needs this name beside the site."),
        )
    for child in folder.iterdir():
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child)
        elif child.name != MARKER:
            child.unlink()
    shutil.rmtree(folder)
