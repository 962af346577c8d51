"""The one proposal by which an archive that carries its program comes to name one (0069).

What the program wrote goes, for it ships; what the archive changed or added stays. The program's
files are known by their bytes: as they came with the first commit, or with a later program.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pipeline.judge.load_governance import carried_rules, trust
from pipeline.new.archive_files import beside, program_files, templates
from pipeline.new.yaml_writer import dump
from pipeline.parts.upgrade.upgrade import Release, Upgrade, forge_of, with_settings
from pipeline.source.content.paths import Files, regular
from pipeline.source.content.program_lock import CARRIED
from pipeline.source.content.registers import REGISTERS
from pipeline.source.content.shipped_lists import LISTS, shipped
from pipeline.source.content.text import read_yaml
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree
from pipeline.source.wheel import news

_PROGRAM = ("pipeline/", "requirements/", "tests/", "demo/", "tools/", "benchmarks/", "proof/")
_LAID = ("schemas/", "site/", "docs/", "content/registers/calendar/", ".github/", ".ci/")
_LAID_FILES = frozenset(
    {
        *("pyproject.toml", "mkdocs.yml", "LICENSE", "Makefile", ".gitignore", ".gitattributes"),
        *("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"),
        ".vscode/settings.json",
    }
)
"""What `init` wrote besides; an archive may have changed it."""
_SWITCHED = ("lexicons", "terms")
"""Those whose entries an archive may switch off."""
_OFF = "迁移前已停用"
"""Why an entry of the program's is off that the archive had taken out of its list."""


def written_by_programs(repository: Repository, base: str) -> list[Tree]:
    """Main as it stood at its first commit, and at each that renewed the program; oldest first."""
    asked = ("--first-parent", "--reverse", "--format=%H", base, "--")
    versions = repository.git("log", *asked, "pyproject.toml", "pipeline/__init__.py")
    return [repository.tree(commit) for commit in versions.decode().split()]


def carried_program(tree: Tree) -> dict[str, bytes]:
    """Path → bytes of the program that a tree carries, as it runs."""
    tops = ("pipeline/", *_LAID[:2])
    return {p: regular(tree, p) for p in tree.files if p.startswith(tops)}


def moved(
    tree: Tree, written: Sequence[Tree], release: Release, today: date, wheels: Mapping[str, bytes]
) -> Upgrade:
    """The move of an archive; `written`: `written_by_programs`, `wheels`: as `program_files`."""

    def is_ours(path: str) -> bool:
        blob = tree.files[path]
        ships = release.shipped.get(path)
        return any(w.files.get(path) == blob for w in written) or ships == tree.read(path)

    program = [p for p in tree.files if p.startswith(_PROGRAM)]
    laid = [p for p in tree.files if p.startswith(_LAID) or p in _LAID_FILES]
    changed = {p for p in (*program, *laid) if not is_ours(p)}
    rules = carried_rules(tree)
    new = _new(tree, release, today)
    files: dict[str, bytes | None] = {
        **dict.fromkeys(p for p in (*program, *laid) if p in program or p not in changed),
        **{p: raw for p, raw in new.items() if p not in changed},
        **{now: tree.read(path) for path, now in rules.items()},
        **program_files(True, wheels, release.raw),
        **with_settings(tree, release),
    }
    for name in LISTS:
        files |= _own_entries(tree, written[0] if written else tree, name)
    return Upgrade(
        CARRIED,
        release.version,
        files,
        tuple(sorted(changed.difference(program))),
        tuple(sorted(changed.intersection(program).difference(rules))),
        news(release.files, CARRIED, release.version),
    )


def _new(tree: Tree, release: Release, today: date) -> dict[str, bytes]:
    """What `init` writes today beside the content, for this archive and its forge."""
    registers, forge = trust(tree).registers, forge_of(tree.files)
    emails = {
        tenure.role: person.emails[0]
        for person in registers.people.values()
        for tenure in person.tenures
        if tenure.covers(today) and person.emails
    }
    unit: dict[str, Any] = {"footer": {}, **registers.policy.unit}
    return {**beside(unit, emails, forge), **templates(release.files, forge)}


def _own_entries(tree: Files, first: Files, name: str) -> dict[str, bytes | None]:
    """A list with the archive's own entries alone: what the program ships, and what came with the
    first commit under an id that it ships, goes; what was taken out is off, where a list has that.
    Nothing where there is no such list."""
    path = f"{REGISTERS}{name}.yml"
    if path not in tree.files:
        return {}
    rows = _rows(tree, path, name)
    begun = _rows(first, path, name) if path in first.files else {}
    ships = {entry.id: dict(entry.value) for entry in shipped(name)}
    own = [r for i, r in rows.items() if i not in ships or r not in (begun.get(i), ships[i])]
    gone = (ships[i] for i in begun if i in ships and i not in rows and name in _SWITCHED)
    off = [{**row, "off": True, "reason": _OFF} for row in gone]
    return {path: dump({name: [*own, *off]}) if own or off else None}


def _rows(tree: Files, path: str, name: str) -> dict[str, dict[str, Any]]:
    value = read_yaml(path, tree.read(path)).value or {}
    return {row["id"]: row for row in value.get(name, ())}
