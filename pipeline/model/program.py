"""The program as a value: what judges, and how versions compare."""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from pipeline.model.ids import Digest

_NUMBER = "(?:0|[1-9][0-9]{0,5})"
VERSION = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}")
STATED = rf"{VERSION.pattern} sha256:[0-9a-f]{{64}}"
"""`Program.stated`, as a pattern."""


class Program(NamedTuple):
    """A program that judges and builds."""

    version: str
    """As 0.9.0."""
    digest: Digest
    """sha256 (hex) over the names and bytes of its files."""

    @property
    def stated(self) -> str:
        """Whole, as a log's leaf has it: ``0.9.0 sha256:…``."""
        return f"{self.version} sha256:{self.digest}"

    @property
    def value(self) -> dict[str, str]:
        """Whole, as JSON."""
        return {"version": self.version, "digest": f"sha256:{self.digest}"}

    @property
    def short(self) -> str:
        """The digest by its first 16 digits."""
        return f"sha256:{self.digest[:16]}"


def read_program(text: str) -> Program | None:
    """The program that a text states; None when it states none."""
    version, _, digest = text.partition(" sha256:")
    return Program(version, Digest(digest)) if re.fullmatch(STATED, text) else None


def order(version: str) -> tuple[int, ...]:
    """A version as numbers that compare."""
    return tuple(map(int, version.split(".")))


def asked_of(since: str, version: str) -> bool:
    """Whether what came with the version `since` is asked of a tree made for `version`."""
    return not since or order(since) <= order(version)


def as_of(schemas: Mapping[str, bytes], version: str) -> dict[str, bytes]:
    """Path → shipped schema (JSON), without what came after a version, by its ``since``: a whole
    schema, a key, or an item of a list, such as a condition of ``allOf``."""
    values = {path: json.loads(raw) for path, raw in schemas.items() if b'"since"' in raw}
    older = {
        path: schemas[path] if left == value else json.dumps(left, ensure_ascii=False).encode()
        for path, value in values.items()
        if not _later(value, version)
        for left in [_without_later(value, version)]
    }
    return {p: older.get(p, raw) for p, raw in schemas.items() if p in older or p not in values}


def _without_later(value: Any, version: str) -> Any:
    if isinstance(value, list):
        return [_without_later(item, version) for item in value if not _later(item, version)]
    if not isinstance(value, dict):
        return value
    left = {k: _without_later(v, version) for k, v in value.items() if not _later(v, version)}
    gone = value.get("properties", {}).keys() - left.get("properties", {}).keys()
    if gone and "required" in left:
        left["required"] = [key for key in left["required"] if key not in gone]
    return left


def _later(part: Any, version: str) -> bool:
    since = part.get("since") if isinstance(part, dict) else None
    return (
        isinstance(since, str) and bool(VERSION.fullmatch(since)) and not asked_of(since, version)
    )
