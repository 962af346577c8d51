"""Parsed files with the place of every key: what `source` hands on, problems included."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.model.findings import Finding, Location
from pipeline.model.ids import NO_DIGEST, Digest, sha256_of

Route = tuple[str | int, ...]
"""A path of keys and list positions into a document, such as ``("source", "url")``."""


@dataclass(frozen=True)
class Document:
    """One YAML or JSON document.

    `value` is None when nothing usable was read; `problems` then says why.
    """

    path: str
    value: Any = None
    marks: Mapping[Route, tuple[int, int]] = field(default_factory=dict)
    """Route → (line, column), both from 1, in the file as stored."""
    problems: tuple[Finding, ...] = ()
    digest: Digest = NO_DIGEST
    """sha256 of the stored bytes, lower-case hex."""

    def locate(self, *route: str | int) -> Location:
        """The place of a key, or of its nearest existing parent."""
        while route and route not in self.marks:
            route = route[:-1]
        line, column = self.marks.get(route, (1, 1))
        return Location(self.path, line, column)


def canonical_digest(value: Any) -> str:
    """sha256 (hex) of a value as canonical JSON: UTF-8, keys sorted, no spaces."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256_of(text.encode())


# JSON Schemas as they are stored, before anything is held to them.

DRAFT = "https://json-schema.org/draft/2020-12/schema"
DEEPEST = 64
"""Levels of a schema at most; ours have eleven."""


def schema_in(raw: bytes) -> dict[str, Any]:
    """A schema as stored. Raises ValueError for what is none, for one nested beyond `DEEPEST`
    (whatever goes through it goes to its depth), and for one that leads out of itself: a validator
    fetches what it names, from the network or the disk."""
    try:
        schema = json.loads(raw)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    level: list[Any] = [schema]
    for _ in range(DEEPEST):
        if any(map(_leads_out, level)):
            raise ValueError("a reference out of the schema")
        level = [below for value in level for below in _parts(value)]
    if level or not isinstance(schema, dict):
        raise ValueError("no schema, or one nested too deeply")
    return schema


def _leads_out(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    own = all(str(value.get(key, "#"))[:1] == "#" for key in ("$ref", "$dynamicRef"))
    return not own or value.get("$schema", DRAFT) != DRAFT


def _parts(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
