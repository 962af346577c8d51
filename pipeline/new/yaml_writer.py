"""YAML of plain values: the one writer of drafts, entries, records and new archives.

`rewritten` alters a text that people wrote, and leaves their remarks and their order.

Strings are always quoted as JSON quotes them, so no reader can take one for a number or a date
(JSON's strings are YAML's double-quoted ones, YAML 1.2 .1.3).
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.errors import Fault
from pipeline.model.documents import Route
from pipeline.model.findings import say
from pipeline.source.content.text import TextSpan, read_yaml, spans


def dump(value: Any) -> bytes:
    """A whole file."""
    return ("\n".join(yaml_lines(value)) + "\n").encode()


def yaml_lines(value: Any, depth: int = 0) -> Iterator[str]:
    """Lines of a mapping or a list."""
    pad = "  " * depth
    if not isinstance(value, Mapping):
        for entry in value:
            if isinstance(entry, Mapping | list) and entry:
                first, *rest = yaml_lines(entry, depth + 1)
                yield f"{pad}- {first.strip()}"
                yield from rest
            else:
                yield f"{pad}- {_scalar(entry)}"
        return
    for key, below in value.items():
        if isinstance(below, Mapping | list) and below:
            yield f"{pad}{_key(key)}:"
            yield from yaml_lines(below, depth + 1)
        else:
            yield f"{pad}{_key(key)}: {_scalar(below)}"


def _key(key: str) -> str:
    """A key as it is, or quoted where a reader could take it for something else."""
    return key if re.fullmatch(r"[\w./+-]*\w", key, re.ASCII) else _scalar(key)


def _scalar(value: Any) -> str:
    plain = value.isoformat() if hasattr(value, "isoformat") else value
    text = json.dumps(plain, ensure_ascii=False)
    # JSON leaves these controls as they are; our own reader refuses them raw.
    return re.sub(r"[\x7f-\x9f]", lambda m: f"\\u{ord(m[0]):04x}", text)


def rewritten(path: str, raw: bytes, wanted: Any) -> bytes:
    """A file altered so that it reads as `wanted`; remarks, order and all else in it stay.

    Raises Fault where the text is laid out so that only a person can alter it.
    """
    before, text = read_yaml(path, raw).value, raw.decode(errors="replace")
    for route, value in _steps(before, wanted, ()) if before else ():
        text = _altered(text, route, value)
    if read_yaml(path, text.encode()).value != wanted:
        raise Fault(
            say("{path} cannot be altered by this command.", path=path), say("Change it there.")
        )
    return text.encode()


def _steps(old: Any, new: Any, route: Route) -> Iterator[tuple[Route, Any]]:
    """(route, value) of each value that is set or appended, one after the other."""
    if isinstance(old, Mapping) and isinstance(new, Mapping) and old.keys() <= new.keys():
        for key, value in new.items():
            inner = (*route, key)
            yield from _steps(old[key], value, inner) if key in old else [(inner, value)]
    elif isinstance(old, list) and isinstance(new, list) and len(old) <= len(new):
        for number, value in enumerate(new):
            inner = (*route, number)
            yield from _steps(old[number], value, inner) if number < len(old) else [(inner, value)]
    elif old != new:
        yield route, new


def _altered(text: str, route: Route, value: Any) -> str:
    measured, holder = spans(text), route[:-1]
    if old := measured.get(route):
        end = old.start + len(text[old.start : old.end].rstrip())  # block text ends with a break
        return text[: old.start] + _scalar(value) + text[end:]
    parent = measured[holder]
    key = route[-1]
    row: Any = {key: value} if isinstance(key, str) else [value]
    if parent.flow and (len(holder) == 0 or measured[holder[:-1]].flow or _filled(text, parent)):
        close = text[: parent.end - 1].rstrip(" ")
        comma = ", " if _filled(text, parent) else ""
        return f"{close}{comma}{_scalar(row)[1:-1]}{text[parent.end - 1 :]}"
    column, end = parent.column, parent.end
    if parent.flow:  # an empty list, `[]`: it becomes a block below its key
        column, text = measured[holder[:-1]].column + 2, text[: parent.start] + text[end:]
        end = parent.start
    at = text.find("\n", end)
    at = len(text) if at < 0 else at
    block = "".join(f"\n{' ' * column}{line}" for line in yaml_lines(row))
    return f"{text[:at].rstrip(' ')}{block}{text[at:]}"


def _filled(text: str, span: TextSpan) -> bool:
    return bool(text[span.start + 1 : span.end - 1].strip())
