"""Count the walk of a proposal through `verify`: python -m tools.walk ARCHIVE BASE HEAD POST.

A stop is a function of ours that is handed the post: among its arguments is a text, a path or a
value of ours one step from it that holds the post's id. A climb is a call of a stop in a higher
layer than its caller's, by the layers of pyproject.toml; a part is in none. Clauses, detectors
and renderers are stops too, and most of them.

The way is the stops in the order in which the post first reaches them. A stay is a row of stops of
one module, a return a stay in a module that the way had left, a second visit a module with more
than one stay. `judging` counts the same without what a module hands the post on to below: clauses,
detectors and renderers. Another checkout is walked by its own Python:
``…/.venv/bin/python tools/walk.py …``.
"""

import os
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib import import_module
from itertools import groupby
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pipeline

ROOT = Path(pipeline.__file__).parent
UNNAMED = "<"
"""Begins the name of a lambda, a comprehension and a module's own code: no stops."""
PASSING = "pipeline.model.run"
"""Hands a call on to what a run keeps: the caller of that is who asked."""
MOST = 40
"""Members of a collection that are looked at."""


class Walk:
    """What a profile function sees of one run."""

    def __init__(self, post: str, layers: Mapping[str, int]) -> None:
        self.post, self.layers = post, layers
        self.stops: dict[CodeType, str] = {}
        self.climbs: set[tuple[CodeType, CodeType]] = set()

    def profile(self, frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        module = _module(code)
        if event != "call" or not module or code.co_name.startswith(UNNAMED):
            return
        count = code.co_argcount + code.co_kwonlyargcount
        given = [frame.f_locals.get(name) for name in code.co_varnames[:count]]
        if code not in self.stops and not any(self._holds(value) for value in given):
            return
        self.stops[code] = module
        caller = frame.f_back
        while caller and _module(caller.f_code) in ("", PASSING):
            caller = caller.f_back
        if caller:
            layer, below = self._layer(module), self._layer(_module(caller.f_code))
            if layer is not None and below is not None and layer < below:
                self.climbs.add((caller.f_code, code))

    def _holds(self, value: Any, deep: bool = True) -> bool:
        if isinstance(value, str | Path):
            return self.post in str(value)
        if isinstance(value, bytes):
            return self.post.encode() in value
        return deep and any(self._holds(part, deep=False) for part in _parts(value))

    def _layer(self, module: str) -> int | None:
        return next((self.layers[m] for m in _upwards(module) if m in self.layers), None)


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, list | tuple | set | frozenset | dict):
        return (*value, *(value.values() if isinstance(value, dict) else ()))[: 2 * MOST]
    ours = type(value).__module__.startswith("pipeline") and not isinstance(value, type)
    return list(getattr(value, "__dict__", {}).values()) if ours else ()


def _module(code: CodeType) -> str:
    path = Path(code.co_filename)
    inside = path.is_relative_to(ROOT)
    return ".".join(path.relative_to(ROOT.parent).with_suffix("").parts) if inside else ""


def _upwards(module: str) -> Iterable[str]:
    parts = module.split(".")
    return (".".join(parts[:end]) for end in range(len(parts), 0, -1))


def _layers() -> dict[str, int]:
    """Module → its layer, 0 the highest."""
    settings = tomllib.loads((ROOT.parent / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    rows = next(c["layers"] for c in contracts if c["type"] == "layers")
    return {name.strip(): at for at, row in enumerate(rows) for name in row.split("|")}


def _main() -> Any:
    """The command, wherever the checkout has it."""
    settings = tomllib.loads((ROOT.parent / "pyproject.toml").read_text("utf-8"))
    module, _, name = settings["project"]["scripts"]["sanshen"].partition(":")
    return getattr(import_module(module), name)


TEXTS = ("pipeline.rules", "pipeline.detect", "pipeline.render", "pipeline.parts")
"""Where a post is read by clauses, detectors and renderers, each of its own accord."""


def counted(way: Iterable[str]) -> str:
    """Stays, returns and second visits of a way by its modules."""
    stays = Counter(module for module, _ in groupby(way))
    total, seen = sum(stays.values()), len(stays)
    again = sum(number > 1 for number in stays.values())
    return f"{total} stays in {seen} modules, {total - seen} returns, {again} second visits"


if __name__ == "__main__":
    archive, base, head, post = sys.argv[1:]
    main, walk = _main(), Walk(post, _layers())
    os.chdir(archive)
    sys.setprofile(walk.profile)
    try:
        main(["verify", "--any-program", "--base", base, "--head", head])
    except SystemExit as ended:
        answer = ended.code
    finally:
        sys.setprofile(None)
    way = list(walk.stops.values())
    print(f"exit {answer}: {len(way)} stops, {len(walk.climbs)} climbs, {counted(way)}")
    print(f"judging: {counted(m for m in way if not m.startswith(TEXTS))}")
