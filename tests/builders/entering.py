"""Entries of registers and plain records, written as the forms of the desk write them."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.model.calendar import local_date
from pipeline.model.part import program
from pipeline.new.fields import Field, entered, fields
from pipeline.new.new_archive import shipped_schemas
from pipeline.new.new_entry import Shape, amended_files, corrected_files, entry_files, free_stems
from pipeline.source.git.repository import Repository
from pipeline.source.git.worktree import WorkTree, work_tree
from tests.builders.cast import at

NOW = at("2026-11-05 18:00")


def shape_of(kind: str) -> Shape:
    register = program().kind(kind).register
    schema = shipped_schemas("registers" if register else "records")[kind]
    return Shape(kind, register, schema)


def enter(root: Path, kind: str, value: Mapping[str, Any], now: datetime = NOW) -> str:
    """Path of the new record, or of the register that a new entry joined."""
    shape = shape_of(kind)
    with Repository.open(root) as repository:
        tree = work_tree(repository)
        stem = "" if shape.register else next(free_stems(tree, shape, local_date(now)))
        return _written(tree, entry_files(tree, shape, value, stem, now))


def complete(
    root: Path, kind: str, name: str, value: Mapping[str, Any], now: datetime = NOW
) -> str:
    """As `enter`, of a record that stands, which these keys join."""
    with Repository.open(root) as repository:
        tree = work_tree(repository)
        return _written(tree, amended_files(tree, shape_of(kind), name, value, now))


def correct(
    root: Path, kind: str, name: str, *given: str, person: str, reason: str = "",
    now: datetime = NOW,
) -> str:  # fmt: skip
    """As `complete`: right values, ``field=value``, each beside what stands on main."""
    path = ""
    for text in given:
        field, _, value = text.partition("=")
        item = {"field": field, "value": value, "reason": reason, "person": person}
        with Repository.open(root) as repository:
            tree, main = work_tree(repository), repository.tree(repository.base("main"))
            path = _written(tree, corrected_files(tree, main, shape_of(kind), name, item, now))
    return path


def _written(tree: WorkTree, files: Mapping[str, bytes]) -> str:
    for path, raw in files.items():
        (tree.root / path).parent.mkdir(parents=True, exist_ok=True)
        (tree.root / path).write_bytes(raw)
    return next(iter(files))


def value_of(kind: str, *words: str) -> dict[str, Any]:
    """``--reply-at 2026-11-04T10:20`` as the value that a form makes of it; a row of a list is
    ``key=value,key=value``, and blanks part the items of a list in it."""
    chosen = {"--" + "-".join(f.route).replace("_", "-"): f for f in fields(shape_of(kind).entry)}
    texts: dict[str, list[str]] = {}
    for option, word in _pairs(words):
        field = chosen[option]
        if field.rows:
            number = sum(name.startswith(f"{field.name}.") for name in texts)
            texts |= _row(field, word, f"{field.name}.{number}.")
        else:
            texts.setdefault(field.name, []).append(word)
    return entered([*chosen.values()], texts, {})


def _pairs(words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Options with all the words up to the next one."""
    pairs: list[tuple[str, str]] = []
    for word in words:
        if word.startswith("--"):
            pairs.append((word, ""))
        else:
            option, text = pairs[-1]
            pairs[-1] = option, f"{text} {word}".strip()
    return pairs


def _row(field: Field, text: str, prefix: str) -> dict[str, list[str]]:
    parts = {part.key: part for part in fields(field.single)}
    pieces = re.split(rf",(?=(?:{'|'.join(parts)})=)", text)
    row = (piece.partition("=")[::2] for piece in pieces)
    return {prefix + key: value.split() if parts[key].many else [value] for key, value in row}
