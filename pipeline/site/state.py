"""What a built site consists of: units with their keys, files with their digests.

It lies beside the site, in a file named by its own digest, which the site's marker names in turn.
A state that is missing, damaged, foreign or of another version counts for nothing: the site is
then built as if for the first time.
"""

from bisect import insort
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from operator import eq, itemgetter
from pathlib import Path

from pipeline.site.units import Made

_VERSION = "sanshen-state 3"
_path = itemgetter(slice(66, None))
"""The path in a line; as text sorts by code points, so do its bytes in UTF-8."""


@dataclass(frozen=True)
class State:
    """Unit id → what was made of it."""

    units: Mapping[str, Made]

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """``sha256  path`` of every file, in the order of the paths' bytes."""
        text = "".join([made.lines for made in self.units.values()])
        return tuple(sorted(text.split("\n")[:-1], key=_path))

    def plus(self, name: str, made: Made) -> "State":
        """The state with one more unit, a small one; its lines are put among those there are."""
        more = State({**self.units, name: made})
        if name not in self.units:
            lines = list(self.lines)
            for line in made.lines.split("\n")[:-1]:
                insort(lines, line, key=_path)
            vars(more)["lines"] = tuple(lines)
        return more

    @cached_property
    def paths(self) -> frozenset[str]:
        return frozenset(map(_path, self.lines))

    @property
    def twice(self) -> bool:
        """Whether two units have one path."""
        paths = [*map(_path, self.lines)]
        return any(map(eq, paths, paths[1:]))

    @cached_property
    def listing(self) -> bytes:
        """All files in the form of ``sha256sum``."""
        return "\n".join((*self.lines, "")).encode()

    @property
    def digest(self) -> str:
        """sha256 of `listing`: the name of the whole site."""
        return sha256(self.listing).hexdigest()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum([made.size for made in self.units.values()])

    def encode(self) -> bytes:
        """A paragraph for each unit: its id, key and size, then the lines of its files."""
        ordered = [(i, self.units[i]) for i in sorted(self.units)]
        units = [f"{i}\t{m.key}\t{m.size}\n{m.lines}" for i, m in ordered]
        return "\n".join((f"{_VERSION}\n", *units)).encode()


def decode(raw: bytes) -> State | None:
    """The state in some bytes; None when they are no state of this version."""
    try:
        version, *units = raw.decode().removesuffix("\n").split("\n\n")
        return State(dict(map(_unit, units))) if version == _VERSION else None
    except ValueError:
        return None


def _unit(text: str) -> tuple[str, Made]:
    head, _, lines = text.partition("\n")
    name, key, size = head.split("\t")
    return name, Made(key, int(size), lines and f"{lines}\n")


def path_of(out: Path, name: str) -> Path:
    """Where the state of a site in `out` lies that its marker names."""
    return out.with_name(f".{out.name}.state-{name}.json")


def save(out: Path, state: State) -> str:
    """Write a state beside a site; the name its marker must give."""
    raw = state.encode()
    name = sha256(raw).hexdigest()[:32]
    path = path_of(out, name)
    draft = path.with_suffix(".new")
    draft.write_bytes(raw)
    draft.replace(path)
    return name


def load(out: Path, name: str) -> State | None:
    """The state a marker names, or None when it is not there or not what it was."""
    try:
        raw = path_of(out, name).read_bytes()
    except (OSError, ValueError):
        return None
    return decode(raw) if sha256(raw).hexdigest()[:32] == name else None


def forget(out: Path, *kept: str) -> None:
    """Remove the states of sites that are no more."""
    names = {path_of(out, name).name for name in kept}
    for path in out.parent.glob(f".{out.name}.state-*"):
        if path.name not in names:
            with suppress(OSError):
                path.unlink()
