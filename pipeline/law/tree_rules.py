"""The rules that a tree carries, beside those that run: an archive outlives its program (0024)."""

import hashlib
import importlib
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath

from pipeline import rules
from pipeline.errors import Fault
from pipeline.model.findings import say

RULES = "pipeline/rules/"
_STEM = re.compile(r"a(\d\d|ff)_[a-z_]+")
Rows = frozenset[tuple[str, str]]
"""(path below `RULES`, git's id of its bytes) of the files of one rule."""

NONE: Rows = frozenset()


def key_of(stem: str) -> str:
    """``a05_updates`` → ``05``; ``aff_form`` → ``F``. Raises Fault for any other name."""
    found = _STEM.fullmatch(stem)
    if found is None:
        raise Fault(say("{name} is not named for an article, like a05_updates.", name=stem))
    return "F" if found[1] == "ff" else found[1]


def carried_rules(files: Mapping[str, str]) -> dict[str, Rows]:
    """Key of an article → the files of its rule; `files`: path → git's id, of a tree."""
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for path, oid in files.items():
        name = path.removeprefix(RULES)
        stem = name.split("/")[0].removesuffix(".py")
        if name.endswith(".py") and _STEM.fullmatch(stem):
            found[key_of(stem)].add((name, oid))
    return {key: frozenset(rows) for key, rows in found.items()}


def differs(rows: Rows, module: str) -> bool:
    """Whether a tree's rule is not the one that runs. Of files in memory git has no id: no."""
    known = [oid for _, oid in rows if oid]
    return bool(known) and rows != _running(module, len(known[0]))


@lru_cache(256)
def _running(module: str, digits: int) -> Rows:
    loaded = importlib.import_module(f"{rules.__name__}.{module}")
    top = Path(str(loaded.__file__))
    files = sorted(top.parent.rglob("*.py")) if top.name == "__init__.py" else [top]
    base = Path(rules.__path__[0])
    return frozenset(
        (PurePosixPath(*f.relative_to(base).parts).as_posix(), git_id(f.read_bytes(), digits))
        for f in files
    )


def git_id(raw: bytes, digits: int = 40) -> str:
    """Git's id of a file's bytes, in a repository of SHA-1 or of SHA-256 (gitformat-pack(5))."""
    algorithm = "sha1" if digits == 40 else "sha256"
    return hashlib.new(algorithm, b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()
