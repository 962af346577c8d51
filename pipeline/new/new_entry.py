"""A new entry of a register, or a new plain record: a file that already satisfies its schema."""

import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.errors import Misuse
from pipeline.judge.load_governance import governs, trust
from pipeline.judge.record_precheck import fact_objections, record_objections
from pipeline.model.calendar import local_date
from pipeline.model.findings import Effect, Finding, say
from pipeline.new.starter_files import MemoryTree
from pipeline.new.yaml_writer import yaml_lines
from pipeline.source.atomic import write_whole
from pipeline.source.content.paths import area_of
from pipeline.source.content.post_paths import post_ids
from pipeline.source.content.records import CORRECTIONS, RECORDS, paths_under, read_corrections
from pipeline.source.content.registers import CALENDAR, REGISTERS
from pipeline.source.git.repository import Repository
from pipeline.source.git.worktree import WorkTree, work_tree

Describe = Callable[[str], str]
"""A schema's description in the reader's language."""


@dataclass(frozen=True)
class Kind:
    """A kind of entry or record, as its schema says."""

    name: str
    register: bool
    schema: Mapping[str, Any]

    @property
    def entry(self) -> Mapping[str, Any]:
        """The schema of one entry, or of the whole record."""
        if self.register and self.name in self.schema["properties"]:
            items: Mapping[str, Any] = self.schema["properties"][self.name]["items"]
            return items
        return self.schema


def write_entry(
    repository: Repository,
    kind: Kind,
    value: Mapping[str, Any],
    stem: str,
    now: datetime,
    describe: Describe,
) -> Path:
    """Write an entry into its register, or a record into a file of its own.

    Raises Misuse, and writes nothing, when the outcome would not satisfy schema and registers.
    """
    tree = work_tree(repository)
    path, text = _placed(tree, kind, value, stem, local_date(now), describe)
    contents = {p: tree.read(p) for p in tree.files if _regular(tree, p)}
    after = MemoryTree({**contents, path: text.encode()})
    before = MemoryTree(contents)
    for finding in _objections(kind, path, before, after, post_ids(tree), now):
        raise Misuse(finding.message, finding.remedy)
    target = repository.root / path
    write_whole(target, text.encode())
    return target


def free_stem(repository: Repository, kind: Kind, day: date) -> str:
    """A name for a record that is not taken: the day and a number."""
    folder = repository.root / RECORDS / kind.name
    taken = {p.stem for p in folder.glob("*/*.yml")}
    return next(s for n in range(1, 10_000) if (s := f"{day.isoformat()}-{n}") not in taken)


def _regular(tree: WorkTree, path: str) -> bool:
    governing = governs(path) or path.startswith(f"{RECORDS}account-events/")
    return governing and tree.files[path].mode == "100644"


def _placed(
    tree: WorkTree, kind: Kind, value: Mapping[str, Any], stem: str, today: date, describe: Describe
) -> tuple[str, str]:
    """(path, whole text of the file) with the new entry in it."""
    if kind.name == "calendar":
        path = f"{CALENDAR}{value['year']}.yml"
        if not value["off_days"]:
            raise Misuse(
                say("--{option} is needed.", option="off-days"),
                say("Copy every day off from the year's notice; without them each deadline errs."),
            )
        return _absent(tree, path), _file(kind, value, describe)
    if not kind.register:
        year = value["post"][:4] if kind.name == "corrections" else str(today.year)
        path = f"{RECORDS}{kind.name}/{year}/{stem}.yml"
        if area_of(path) != "records":
            raise Misuse(
                say("{path} cannot be the name of a record.", path=path),
                say("Names have at most 80 letters, digits, dots and hyphens."),
            )
        return _absent(tree, path), _file(kind, value, describe)
    path = f"{REGISTERS}{kind.name}.yml"
    before = tree.read(path).decode() if path in tree.files else f"{kind.name}: []\n"
    head = re.sub(rf"^{kind.name}: \[\]$", f"{kind.name}:", before.rstrip("\n"), flags=re.MULTILINE)
    rows = yaml_lines([value], 1, {"items": kind.entry}, partial(_comment, describe=describe))
    return path, "\n".join([head, *rows]) + "\n"


def _absent(tree: WorkTree, path: str) -> str:
    if path in tree.files:
        raise Misuse(say("{path} is there already.", path=path), say("Change it there."))
    return path


def _file(kind: Kind, value: Mapping[str, Any], describe: Describe) -> str:
    lines = yaml_lines(value, 0, kind.entry, partial(_comment, describe=describe))
    left = {k: part for k, part in kind.entry["properties"].items() if k not in value}
    later = (f"# {line}" for line in _open(left, describe))
    return "\n".join([f"# {_comment(kind.schema, describe)}", *lines, *later]) + "\n"


def _open(parts: Mapping[str, Any], describe: Describe) -> Iterator[str]:
    """Lines of what may be filled in later, in its shape: keys below keys, entries after dashes."""
    for key, part in parts.items():
        inner = tuple(_open(part.get("items", part).get("properties", {}), describe))
        remark = _comment(part, describe)
        yield f"{key}: {'# ' * bool(inner and remark)}{remark}".rstrip()
        first, later = ("  - ", "    ") if "items" in part else ("  ", "  ")
        yield from (f"{later if n else first}{line}" for n, line in enumerate(inner))


def _comment(part: Mapping[str, Any], describe: Describe) -> str:
    return " ".join(describe(part["description"]).split()) if part.get("description") else ""


def _objections(
    kind: Kind, path: str, before: MemoryTree, after: MemoryTree, posts: Set[str], now: datetime
) -> Iterator[Finding]:
    """What the new text would break that stood before."""
    trusted = trust(after)
    if kind.register:
        before_marks = {f.mark for f in trust(before).registers.problems}
        findings = [f for f in trusted.registers.problems if f.mark not in before_marks]
    elif kind.name == "corrections":
        findings = list(
            read_corrections(after, trusted.schemas, paths_under(after, CORRECTIONS))[1]
        )
        findings += record_objections(trusted, path, after.read(path), now)
    else:
        findings = list(fact_objections(trusted, path, after, posts, now))
    return (f for f in findings if f.effect is Effect.REFUSE)
