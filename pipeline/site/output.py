"""Writing a site: whole into a folder beside the old one, then exchanged in one step.

Beside a site in `out` lies a second tree, `.out.next`: the site before, which shares its files
(hard links) with the present one. A build brings that tree up to date, which costs what changed
since, and exchanges the two by one rename. Killed at any moment, `out` is the old site or the
new one. A file that stands in a tree is never written into, only replaced: the other tree may
share it.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.site import state as states
from pipeline.site.exchange import exchange
from pipeline.site.state import State, Units
from pipeline.site.units import File, sha256

MARKER = ".sanshen-site"
"""A folder holding this file is ours to replace; it names the state of the site in it."""
_DRAFT = f"{MARKER}.new"
"""All that a build leaves behind which is killed, or meets a full disk, at its first word."""
_WORD = "state "
_UNFINISHED = "unfinished\n"
_TRIES = 20
_NO_NAMES = frozenset({"", ".", ".."})


@contextmanager
def held(out: Path) -> Iterator[None]:
    """Hold the right to build into `out`; the workers of a build hold it with their parent.

    Waits two seconds, in which the workers of a killed build end. Raises Fault when another
    build holds it still.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.with_name(f".{out.name}.lock").open("a", encoding="utf-8") as lock:
        for _ in range(_TRIES):
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            time.sleep(0.1)
        else:
            raise Fault(
                say("Another build of {path} is under way.", path=str(out)),
                say("Wait until it has ended."),
            )
        yield


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


@dataclass(frozen=True)
class Draft:
    """The tree that will be the new site."""

    folder: Path
    out: Path
    before: Units
    """Units that stand in the draft as it was found, of groups that are not as they should be."""
    present: Units
    """Units of these groups that stand in `out`."""
    groups: Mapping[str, Units]
    """The same by group."""
    known: bool
    """Whether the state of `out` was found whole, so that the next build can build upon it."""
    as_wanted: frozenset[str] = frozenset()
    """Groups that stand in the draft as they should be; nothing of them is looked at."""
    holds: dict[str, str] = field(default_factory=dict)
    """Path → sha256 of files in the draft that may have to go: those of `give_up`."""
    lost: list[str] = field(default_factory=list)
    """Files that should stand in `out` but do not: then its tree is not built upon again."""
    _folders: set[str] = field(default_factory=set)

    def give_up(self, wanted: Units) -> None:
        """Take note of the files that units have in the draft which are not `wanted` as they are.

        To be called before anything is written.
        """
        for name, made in self.before.items():
            if wanted.get(name) != made:
                self.holds.update(made.files)

    def put(self, file: File, shared: Mapping[str, str]) -> tuple[str, str, int]:
        """Write a file unless it stands there already: (path, sha256, size).

        `shared`: files of the present site that may be used again. Raises Fault for a path that
        leaves the site or was written already, OSError as the system does.
        """
        name, data = file
        if name == MARKER or "\n" in name or not _NO_NAMES.isdisjoint(name.split("/")):
            raise _twice(name)
        digest = sha256(data)
        if self.holds.get(name) != digest and not (
            shared.get(name) == digest and self._shared(name)
        ):
            try:
                _write(self._free(name), data)
            except FileExistsError as error:
                raise _twice(name) from error
        return name, digest, len(data)

    def keep(self, files: Mapping[str, str]) -> bool:
        """Let files of the present site stand in the new one; False when one is not there."""
        for name, digest in files.items():
            if self.holds.get(name) != digest and not self._shared(name):
                self.lost.append(name)
                return False
        return True

    def _shared(self, name: str) -> bool:
        source, target = f"{self.out}/{name}", self._free(name)
        try:
            os.link(source, target)
        except FileNotFoundError:
            return False
        except OSError:  # a file system without hard links
            shutil.copyfile(source, target)
        return True

    def _free(self, name: str) -> str:
        """The place of a file, its folder there and nothing of that name in it."""
        path = f"{self.folder}/{name}"
        folder = path.rpartition("/")[0]
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103 — half the time, a folder a post
            self._folders.add(folder)
        if name in self.holds:
            Path(path).unlink(missing_ok=True)
        return path

    def drop(self, names: Iterable[str]) -> None:
        """Remove files that the new site does not have, and folders left empty."""
        gone = list(names)
        for name in gone:
            (self.folder / name).unlink(missing_ok=True)
        for folder in sorted({p for n in gone for p in PurePosixPath(n).parents}, reverse=True):
            if folder.parts:
                with suppress(OSError):  # not empty
                    (self.folder / folder).rmdir()


def _write(path: str, data: bytes) -> None:
    """Make a file of these bytes, which must not be there; a site has hundreds of thousands."""
    target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(target, left) :]
    finally:
        os.close(target)


def _twice(name: str) -> Fault:
    return Fault(say("Two pages want {path}, or it is no place in a site.", path=name))


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
    shown = _groups(out, parts, same)
    try:
        units = _flat(_groups(out, there, same))
    except states.Damaged:
        before, same, units, shown = None, frozenset(), {}, _groups(out, parts, ())
    if before is None:
        remove(folder)
        folder.mkdir()
    _mark(folder, _UNFINISHED)
    return Draft(folder, out, units, _flat(shown), shown, present is not None, same)


def _groups(
    out: Path, parts: Mapping[str, states.Part], but: Collection[str]
) -> Mapping[str, Units]:
    return {i: states.units_of(out, part) for i, part in parts.items() if i not in but}


def _flat(groups: Mapping[str, Units]) -> Units:
    return dict(pair for units in groups.values() for pair in units.items())


def finish(draft: Draft, state: State, units: Mapping[str, Units], note: str) -> None:
    """Let the finished draft be the site; the site of before stays beside it for the next build.

    `units`: those of all groups but `draft.as_wanted`.
    """
    new = {path for some in units.values() for made in some.values() for path in made.files}
    draft.drop(draft.holds.keys() - new)
    old = _name_in(draft.out)
    name = states.save(draft.out, state, units)
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
