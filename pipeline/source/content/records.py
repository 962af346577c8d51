"""Records out of a tree: plain records and corrections as values, signed files as bytes.

A plain record is read by its schema under schemas/records/, and lies where its `Kind` says: no kind
is named here. `evidence` reads the signed files.
"""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import replace
from itertools import chain
from typing import Any

from pipeline.model.archive import Entry, RecordWords
from pipeline.model.attestations import CORRECTED, route_of, with_correction
from pipeline.model.conformance import Conformance
from pipeline.model.documents import Document
from pipeline.model.evidence import SignedFile
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.forms import SCANS
from pipeline.model.ids import F_5, NO_DIGEST, R13_7, ClauseId, Digest, sha256_of
from pipeline.model.records import Correction, Fact
from pipeline.model.run import of_run
from pipeline.source.content.paths import RECORDS, Files, in_years, paths_of
from pipeline.source.content.posts import FILE_LIMIT
from pipeline.source.content.registers import conformance_of
from pipeline.source.content.text import read_yaml
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import Blob, Listing, files_under

CORRECTIONS = "content/records/corrections/"
AUTHORISATIONS = "content/records/authorisations/"
REVIEWS = "content/reviews/"
CORRECTION_SCHEMA = "schemas/records/corrections.json"
SIGNED_LIMIT = 1_000_000
"""Bytes of a statement; one of sixty files is about 8,000."""
_PAIRS = 400
"""Statements that are read out of git in one go."""
_REVIEW_POST = re.compile(rf"{REVIEWS}\d{{4}}/([^/]+)/")


def signed_files(tree: Files, paths: Iterable[str]) -> tuple[SignedFile, ...]:
    """Pair statements with their ``.sig``; a file alone, a link or a giant is paired with None."""
    return tuple(each_signed(tree, paths))


def signed_beside(tree: Files, statements: Iterable[str]) -> tuple[SignedFile, ...]:
    """As `signed_files`, of these statements with whatever stands beside them in a tree."""
    pairs = (path for s in statements for path in (s, f"{s}.sig"))
    return signed_files(tree, [path for path in pairs if path in tree.files])


def each_signed(tree: Files, paths: Iterable[str]) -> Iterator[SignedFile]:
    """As `signed_files`, one by one: the bytes of a hundred thousand records are 200 MB. Tokens of
    trusted time, ``.tsr``, may stand beside reviews of older programs, and are no statements."""
    chosen = set(paths)
    stems = sorted({p.removesuffix(".sig") for p in chosen if not p.endswith(".tsr")})
    for start in range(0, len(stems), _PAIRS):
        pairs = [(s, f"{s}.sig") for s in stems[start : start + _PAIRS]]
        _prepare(tree, (path for paths in pairs for path in paths if path in chosen))
        yield from (SignedFile(n[0], *(_small(tree, p, chosen) for p in n)) for n in pairs)


def _prepare(tree: Files, paths: Iterable[str]) -> None:
    if isinstance(tree, Tree):
        tree.prepare(paths)


def reviews_by_post(
    tree: Files, only: Collection[str] | None = None, came: Collection[str] | None = None
) -> dict[str, list[str]]:
    """Post id → paths of its review files; of all posts, or of those in `only`.

    `came`: as in `in_years`.
    """
    files = tree.files
    if only is not None and isinstance(files, Listing):
        return reviews_in(files, in_years(files, REVIEWS, only, came))
    reviews = _by_post(files_under(files, REVIEWS))
    return {post: paths for post, paths in reviews.items() if only is None or post in only}


def reviews_in(files: Listing, folders: Collection[str]) -> dict[str, list[str]]:
    """Post id → paths of its review files, of the reviews in these folders."""
    return _by_post(sorted(chain.from_iterable(paths_of(files, folders).values())))


def _by_post(paths: Iterable[str]) -> dict[str, list[str]]:
    reviews: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        if review := _REVIEW_POST.match(path):
            reviews[review[1]].append(path)
    return dict(reviews)


def paths_under(tree: Files, prefix: str) -> list[str]:
    """Paths below a folder, sorted."""
    return files_under(tree.files, prefix)


def read_corrections(
    tree: Files, schemas: Mapping[str, bytes], paths: Iterable[str]
) -> tuple[tuple[Correction, ...], tuple[Finding, ...]]:
    """The corrections in these files and the problems of those that cannot be used."""
    schema, paths = conformance_of(schemas[CORRECTION_SCHEMA], F_5), [*paths]
    _prepare(tree, paths)
    read = [_correction(tree, path, schema) for path in paths]
    corrections = tuple(c for c in read if isinstance(c, Correction))
    return corrections, tuple(f for faults in read if isinstance(faults, list) for f in faults)


def _correction(tree: Files, path: str, schema: Conformance) -> Correction | list[Finding]:
    """One correction, or what is wrong with it."""
    document = read_yaml(path, _small(tree, path, {path}) or b"", schema.clause)
    if faults := list(document.problems) or [f for f, _ in schema.findings(document)]:
        return faults
    value, name = schema.convert(document.value), path.rpartition("/")[2].removesuffix(".yml")
    if name != f"{value['post']}.r{value['revision']}":  # records are found by their names
        message = say("The file's name says another thing than the record.")
        remedy = say("Name it {name}.", name=f"{value['post']}.r{value['revision']}.yml")
        return [
            Finding(
                schema.clause, "file-name-differs", Effect.REFUSE, message, Location(path), remedy
            )
        ]
    return Correction(
        path,
        name,
        value["post"],
        value["revision"],
        value["kind"],
        value["reason"],
        value["changed_on"],
        value["person"],
        tuple((c["old"], c["new"]) for c in value.get("changes", ())),
        document,
        value.get("withhold", False),
    )


def correction_digest(tree: Files, path: str) -> Digest:
    """What a review names of the record of a correction: sha256 (hex), empty where none stands."""
    raw = _small(tree, path, tree.files.keys())
    return NO_DIGEST if raw is None else sha256_of(raw)


def _small(tree: Files, path: str, chosen: Set[str]) -> bytes | None:
    if path not in chosen or tree.files[path].size > SIGNED_LIMIT:
        return None
    try:
        return tree.read(path)
    except KeyError:
        return None


# Plain records of every kind that has a schema.

RECORD_SCHEMAS = "schemas/records/"
_RECORD = re.compile(rf"{RECORDS}(?P<kind>[a-z-]+)/(?P<year>\d{{4}})/(?P<id>[^/]+)\.yml")

Read = tuple[Fact | None, tuple[Finding, ...]]
_Cached = dict[tuple[str, Blob, bytes], Read]
_MOST_READ = 100_000
"""Parsed records that a run keeps: a replay meets the same files at every commit."""


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
    raw, some = schema_of(schemas, kind), sorted(p for p in paths if _kind_of(p) == kind)
    cached = of_run(read_records, _Cached)
    _prepare(tree, (path for path in some if (path, tree.files[path], raw) not in cached))
    read = [_one(tree, path, kind, raw, cached) for path in some]
    facts = tuple(fact for fact, _ in read if fact is not None)
    return facts, tuple(f for _, problems in read for f in problems)


def record_schema(schemas: Mapping[str, bytes], kind: str) -> Conformance:
    """The schema of a kind of records, compiled. Raises KeyError when there is none."""
    return conformance_of(schema_of(schemas, kind), R13_7)


def record_clause(schemas: Mapping[str, bytes], kind: str) -> ClauseId:
    """The clause that a faulty record of a kind violates."""
    return record_schema(schemas, kind).clause


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


def _one(tree: Files, path: str, kind: str, schema: bytes, cached: _Cached) -> Read:
    key = (path, tree.files[path], schema)
    if key in cached:
        return cached[key]
    conformance = conformance_of(schema, R13_7)
    if not _regular(tree, path):
        message = say("The record is no regular file of moderate size.")
        remedy = say("Write it anew, as YAML.")
        finding = Finding(
            conformance.clause, "record-unfit", Effect.REFUSE, message, Location(path), remedy
        )
        return None, (finding,)
    read = _parsed(path, kind, tree.read(path), conformance)
    if key[1].oid:  # a file in memory has no object id
        if len(cached) >= _MOST_READ:
            cached.clear()
        cached[key] = read
    return read


def _parsed(path: str, kind: str, raw: bytes, conformance: Conformance) -> Read:
    document = read_yaml(path, raw, conformance.clause)
    problems = document.problems or tuple(f for f, _ in conformance.findings(document))
    if problems:
        return None, problems
    name = path.rsplit("/", 1)[-1].removesuffix(".yml")
    return _corrected(Fact(kind, name, conformance.convert(document.value), document), conformance)


def corrected_fact(fact: Fact, schema: bytes, counts: Collection[int]) -> Fact:
    """The record with only these of its corrections applied, by their numbers; with none of them
    where they do not leave a record."""
    conformance = conformance_of(schema, R13_7)
    read = (_corrected(fact, conformance, some)[0] for some in (counts, ()))
    return next(filter(None, read))


def _corrected(fact: Fact, schema: Conformance, counts: Collection[int] | None = None) -> Read:
    """The record as its corrections leave it, in their order, and what is wrong with them."""
    document, stated = fact.document, fact.document.value
    items = stated.get(CORRECTED, ())
    value, chosen = stated, [n for n in range(len(items)) if counts is None or n in counts]
    if not items:
        return fact, ()
    for number in chosen:
        try:
            value = with_correction(value, stated, items[number])
        except LookupError:
            at = document.locate(CORRECTED, number, "field")
            message = say("The record holds no {key} to correct.", key=items[number]["field"])
            remedy = say("Name a field that stands in it, such as reply.at or tasks.0.due; add one"
                         " that is missing without a correction.")  # fmt: skip
            return None, (
                Finding(
                    schema.clause, "corrected-key-missing {key}", Effect.REFUSE, message, at, remedy
                ),
            )
    problems = []
    for finding, route in schema.findings(replace(document, value=value)):
        fields = [(n, route_of(items[n]["field"])) for n in chosen]
        own = [n for n, f in fields if f == route[: len(f)] or route == f[: len(route)]]
        at = document.locate(CORRECTED, own[-1], "value") if own else finding.location
        problems.append(replace(finding, location=at))
    if problems:
        return None, tuple(problems)
    return replace(fact, value=schema.convert(value)), ()


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
            yield Finding(R13_7, "id-twice {id}", Effect.REFUSE, message, Location(path), remedy)


def _paths_of(tree: Files, kind: str, names: Collection[str] | None) -> Iterable[str]:
    files, folder = tree.files, f"{RECORDS}{kind}"
    if names is not None and isinstance(files, Listing):
        paths = (f"{folder}/{year}/{name}" for year in files.folders(folder) for name in names)
        return [path for path in paths if path in files]
    every = (path for path in files_under(files, f"{folder}/") if _kind_of(path) == kind)
    return [path for path in every if names is None or path.rpartition("/")[2] in names]


# Scans of signed paper beside the filing records: known by their digest, never opened.

ENDINGS = (".pdf", ".jpg", ".png")


def read_scans(tree: Files, paths: Iterable[str]) -> tuple[Fact, ...]:
    """The scans among these files: the id is the path, the value {sha256, size in bytes}.

    A link or a file beyond the limit for media has no digest, so no record can name it.
    """
    scans = []
    for path in (p for p in paths if p.endswith(ENDINGS)):
        blob = tree.files[path]
        readable = blob.mode == "100644" and blob.size <= FILE_LIMIT
        digest = sha256_of(tree.read(path)) if readable else ""
        scans.append(Fact(SCANS, path, {"sha256": digest, "size": blob.size}, Document(path)))
    return tuple(scans)


# Every word of the records and reviews of a change: private data hides in any of them (R13-10).

AREAS = ("records", "reviews")
_NO_WORDS = re.compile(r"[0-9a-f]{64}|SHA256:\S+|\d{4}-\d\d-\d\dT[0-9:.+-]+")
"""Digests, fingerprints and times: no words, and most of a statement's strings."""
_SHORTEST = 8
"""Characters that each of them has at least."""


def words_of_records(tree: Files, entries: Iterable[Entry]) -> tuple[RecordWords, ...]:
    """Those of every record and review that a change adds or alters, by path."""
    paths = sorted(e.path for e in entries if e.area in AREAS and e.status != "D")
    readable = (p for p in paths if p.endswith((".yml", ".json")) and _regular(tree, p))
    return tuple(record_words(path, tree.read(path)) for path in readable)


def record_words(path: str, raw: bytes) -> RecordWords:
    """The file as written, when it may hold remarks, and every string that its values hold."""
    text = raw.decode("utf-8", "replace")
    if path.endswith(".json"):
        return RecordWords(path, "\n\n".join(_strings(_json(text))))
    others = (s for s in _strings(read_yaml(path, raw).value) if s not in text)
    return RecordWords(path, "\n\n".join((text, *others)), len(text))


def _regular(tree: Files, path: str) -> bool:
    blob = tree.files.get(path)
    return blob is not None and blob.mode in ("100644", "100755") and blob.size <= SIGNED_LIMIT


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text  # refused as a record; its words are looked at all the same


def _strings(value: Any) -> Iterator[str]:
    """Keys and scalars, in order, without digests, fingerprints and times."""
    todo = [value]  # generators that call each other take twice the time
    while todo:
        value = todo.pop()
        if isinstance(value, str):
            if len(value) < _SHORTEST or not _NO_WORDS.fullmatch(value):
                yield value
        elif isinstance(value, dict):
            todo += reversed([*chain.from_iterable(value.items())])
        elif isinstance(value, list):
            todo += reversed(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            todo.append(str(value))
