"""What an archive lays over the program that its lock names, and how archives looked before."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from pipeline.model.program import Program
from pipeline.new.new_archive import running_lock
from pipeline.source.content.program_lock import LOCK, SHIPPED, write_lock
from pipeline.source.program import shipped
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import ROOT


def schema(name: str) -> Any:
    """A schema that the program ships, such as ``registers/people``, fresh every time."""
    path = f"schemas/{name}.json"
    return json.loads(shipped(path)[path])


def own_schema(name: str, change: Callable[[Any], object]) -> dict[str, bytes]:
    """The shipped schema of this name with a change, as a file that an archive lays over it."""
    value = schema(name)
    change(value)
    return {f"schemas/{name}.json": json.dumps(value, ensure_ascii=False).encode()}


def locked(version: str = "", regulation: str = SHIPPED, digest: str = "") -> dict[str, bytes]:
    """A lock that names this version and digest of the program; by default the one that runs."""
    lock = running_lock()
    program = Program(version or lock.program.version, digest or lock.program.digest)
    return {LOCK: write_lock(lock._replace(program=program, regulation=regulation))}


def lay(archive: ArchiveRepo, files: Mapping[str, bytes]) -> None:
    """Write files into the work tree of an archive."""
    for path, raw in files.items():
        archive.write(path, raw)


LISTS = {
    "instruments": "detect/lists/instruments.yml",
    "lexicons": "detect/lists/general-lexicons.yml",
    "terms": "detect/lists/general-terms.yml",
    "wordings": "rules/wordings.yml",
}


def shipped_list(name: str) -> str:
    """A list that the program ships, as the register that an archive may lay over it."""
    return re.sub(r"(?m)^since: .*\n", "", (ROOT / "pipeline" / LISTS[name]).read_text("utf-8"))


def carried(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same archive as archives were before 0.9: its program lies in it, and it has no lock."""
    rules = ROOT / "pipeline" / "rules"
    return {
        **shipped("schemas", "site", "mkdocs.yml", "content/registers/calendar"),
        **{f"content/registers/{n}.yml": shipped_list(n).encode() for n in LISTS},
        **{p.relative_to(ROOT).as_posix(): p.read_bytes() for p in sorted(rules.rglob("*.py"))},
        **{path: raw for path, raw in contents.items() if path != LOCK},
    }  # fmt: skip
