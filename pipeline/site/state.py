"""What a built site consists of: units with their keys, files with their digests.

It lies beside the site, in a file named by its own digest, which the site's marker names in turn.
A state that is missing, damaged, foreign or of another version counts for nothing: the site is
then built as if for the first time.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from pipeline.site.units import Made

VERSION = 2


@dataclass(frozen=True)
class State:
    """Unit id → what was made of it."""

    units: Mapping[str, Made]

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """``sha256  path`` of every file, in the order of the paths' bytes."""
        text = "".join(made.lines for made in self.units.values())
        return tuple(sorted(text.splitlines(), key=lambda line: line[66:].encode()))

    @cached_property
    def paths(self) -> frozenset[str]:
        return frozenset(line[66:] for line in self.lines)

    @property
    def listing(self) -> bytes:
        """All files in the form of ``sha256sum``."""
        return "".join(f"{line}\n" for line in self.lines).encode()

    @property
    def digest(self) -> str:
        """sha256 of `listing`: the name of the whole site."""
        return sha256(self.listing).hexdigest()

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(made.size for made in self.units.values())

    def encode(self) -> bytes:
        units = {i: [m.key, m.size, m.lines] for i, m in sorted(self.units.items())}
        return json.dumps({"version": VERSION, "units": units}, separators=(",", ":")).encode()


def decode(raw: bytes) -> State | None:
    """The state in some bytes; None when they are no state of this version."""
    try:
        value = json.loads(raw)
        if value["version"] != VERSION:
            return None
        return State({i: Made(*made) for i, made in value["units"].items()})
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


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
