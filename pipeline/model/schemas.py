"""JSON Schemas as they are stored, before anything is held to them."""

import json
from collections.abc import Iterable
from typing import Any

DEEPEST = 64
"""Levels of a schema at most; ours have eleven."""


def schema_in(raw: bytes) -> dict[str, Any]:
    """A schema as stored. Raises ValueError for what is none, and for one nested beyond `DEEPEST`:
    whatever goes through it goes to its depth."""
    try:
        schema = json.loads(raw)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    level: list[Any] = [schema]
    for _ in range(DEEPEST):
        level = [below for value in level for below in _parts(value)]
    if level or not isinstance(schema, dict):
        raise ValueError("no schema, or one nested too deeply")
    return schema


def _parts(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
