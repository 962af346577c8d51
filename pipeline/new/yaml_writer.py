"""YAML of plain values: the one writer of drafts, entries, records and new archives.

Strings are always quoted as JSON quotes them, so no reader can take one for a number or a date
(JSON's strings are YAML's double-quoted ones, YAML 1.2 .1.3).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any


def dump(value: Any) -> bytes:
    """A whole file."""
    return ("\n".join(yaml_lines(value)) + "\n").encode()


def yaml_lines(
    value: Any,
    depth: int = 0,
    schema: Mapping[str, Any] | None = None,
    comment: Callable[[Mapping[str, Any]], str] = lambda _: "",
) -> Iterator[str]:
    """Lines of a mapping or a list; `comment`: the remark for a part of the schema, or empty."""
    pad, schema = "  " * depth, schema or {}
    if not isinstance(value, Mapping):
        for entry in value:
            if isinstance(entry, Mapping | list) and entry:
                first, *rest = yaml_lines(entry, depth + 1, schema.get("items"), comment)
                yield f"{pad}- {first.strip()}"
                yield from rest
            else:
                yield f"{pad}- {_scalar(entry)}"
        return
    for key, below in value.items():
        part = schema.get("properties", {}).get(key, {})
        remark = comment(part)
        tail = f" # {remark}" if remark else ""
        if isinstance(below, Mapping | list) and below:
            yield f"{pad}{_key(key)}:{tail}"
            yield from yaml_lines(below, depth + 1, part, comment)
        else:
            yield f"{pad}{_key(key)}: {_scalar(below)}{tail}"


def _key(key: str) -> str:
    """A key as it is, or quoted where a reader could take it for something else."""
    return key if re.fullmatch(r"[\w./+-]*\w", key, re.ASCII) else _scalar(key)


def _scalar(value: Any) -> str:
    plain = value.isoformat() if hasattr(value, "isoformat") else value
    text = json.dumps(plain, ensure_ascii=False)
    # JSON leaves these controls as they are; our own reader refuses them raw.
    return re.sub(r"[\x7f-\x9f]", lambda m: f"\\u{ord(m[0]):04x}", text)
