"""Register entries and plain records of every kind that has a schema, by one reader.

A new kind is a new schema under schemas/registers/ or schemas/records/: nothing is named here.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from pipeline.model.conformance import Conformance
from pipeline.model.documents import Document, schema_in
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.records import Fact
from pipeline.source.content.post_paths import Files
from pipeline.source.content.records import CORRECTION_SCHEMA, SIGNED_LIMIT
from pipeline.source.content.yaml import read_yaml
from pipeline.source.git.tree_listing import Listing, files_under

RECORDS = "content/records/"
RECORD_SCHEMAS = "schemas/records/"
_RECORD = re.compile(rf"{RECORDS}(?P<kind>[a-z-]+)/(?P<year>\d{{4}})/(?P<id>[^/]+)\.yml")

Read = tuple[Fact | None, tuple[Finding, ...]]
_READ: dict[tuple[str, str, bytes], Read] = {}
"""(path, git object, schema) → parsed record: a replay meets the same files at every commit."""
_READ_LIMIT = 100_000


def entries_of(name: str, document: Document, value: Mapping[str, Any]) -> tuple[Fact, ...]:
    """The entries of a register whose typed value is given, in file order."""
    rows = value.get(name, ())
    return tuple(Fact(name, row["id"], row, document, (name, i)) for i, row in enumerate(rows))


def record_kinds(schemas: Iterable[str]) -> tuple[str, ...]:
    """The kinds of plain records there are schemas for; corrections have a class of their own."""
    return tuple(
        sorted(
            path.removeprefix(RECORD_SCHEMAS).removesuffix(".json")
            for path in schemas
            if path.startswith(RECORD_SCHEMAS) and path != CORRECTION_SCHEMA
        )
    )


def read_records(
    tree: Files, schemas: Mapping[str, bytes], kind: str, paths: Iterable[str]
) -> tuple[tuple[Fact, ...], tuple[Finding, ...]]:
    """The plain records of one kind out of these paths, and the problems of the others.

    Raises KeyError for a kind without schema.
    """
    raw = schema_of(schemas, kind)
    read = [_one(tree, path, kind, raw) for path in sorted(paths) if _kind_of(path) == kind]
    facts = tuple(fact for fact, _ in read if fact is not None)
    return facts, tuple(f for _, problems in read for f in problems)


def record_clause(schemas: Mapping[str, bytes], kind: str) -> str:
    """The clause that a faulty record of a kind violates."""
    return _conformance(schema_of(schemas, kind)).clause


def schema_of(schemas: Mapping[str, bytes], kind: str) -> bytes:
    """The schema of a kind of records. Raises KeyError when there is none."""
    return schemas[f"{RECORD_SCHEMAS}{kind}.json"]


def kind_of_record(path: str) -> str:
    """The folder a path lies in under content/records; empty for other paths."""
    return path.split("/")[2] if path.startswith(RECORDS) and path.count("/") > 2 else ""


def records_since(tree: Files, kind: str, year: int) -> list[str]:
    """Paths of a kind's records, signed ones included, in folders of a year and later."""
    prefix = f"{RECORDS}{kind}/"
    return [
        path for path in files_under(tree.files, prefix) if path[len(prefix) :][:4] >= f"{year:04}"
    ]


def _kind_of(path: str) -> str:
    record = _RECORD.fullmatch(path)
    return record["kind"] if record else ""


def _one(tree: Files, path: str, kind: str, schema: bytes) -> Read:
    blob = tree.files[path]
    key = (path, blob.oid, schema)
    if blob.oid and key in _READ:
        return _READ[key]
    if len(_READ) >= _READ_LIMIT:
        _READ.clear()
    if blob.mode not in ("100644", "100755") or blob.size > SIGNED_LIMIT:
        message = say("The record is no regular file of moderate size.")
        remedy = say("Write it anew with `sanshen new {kind}`.", kind=kind)
        clause = _conformance(schema).clause
        return None, (Finding(clause, Effect.REFUSE, message, Location(path), remedy),)
    read = _parsed(path, kind, tree.read(path), schema)
    if blob.oid:
        _READ[key] = read
    return read


def _parsed(path: str, kind: str, raw: bytes, schema: bytes) -> Read:
    conformance = _conformance(schema)
    document = read_yaml(path, raw, conformance.clause)
    if document.problems:
        return None, document.problems
    problems = tuple(finding for finding, _ in conformance.findings(document))
    if problems:
        return None, problems
    name = path.rsplit("/", 1)[-1].removesuffix(".yml")
    return Fact(kind, name, conformance.convert(document.value), document), ()


@lru_cache(maxsize=64)
def _conformance(schema: bytes) -> Conformance:
    return Conformance(schema_in(schema), "R13-7")


def repeated(tree: Files, kind: str, names: Collection[str] | None = None) -> Iterator[Finding]:
    """Records of a kind whose name stands in several years' folders: it would mean each of them.

    `names`: those of files to look for; None: of all.
    """
    same: dict[str, list[str]] = {}
    for path in sorted(_paths_of(tree, kind, names)):
        same.setdefault(path.rpartition("/")[2], []).append(path)
    for name, paths in same.items():
        for path in paths if len(paths) > 1 else ():
            message = say("The id {id} is there twice.", id=name.removesuffix(".yml"))
            remedy = say("Give every entry an id of its own, for ever.")
            yield Finding("R13-7", Effect.REFUSE, message, Location(path), remedy)


def _paths_of(tree: Files, kind: str, names: Collection[str] | None) -> Iterable[str]:
    files, folder = tree.files, f"{RECORDS}{kind}"
    if names is not None and isinstance(files, Listing):
        paths = (f"{folder}/{year}/{name}" for year in files.folders(folder) for name in names)
        return [path for path in paths if path in files]
    every = (path for path in files_under(files, f"{folder}/") if _kind_of(path) == kind)
    return [path for path in every if names is None or path.rpartition("/")[2] in names]
