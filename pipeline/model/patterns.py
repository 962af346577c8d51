"""The regular expressions of a schema, read alike by both validators of `conformance`."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_SPACES_OF_PYTHON = r"\x1c-\x1f\x85"
"""Whitespace to Python's `re`, not to ECMA 262, which jsonschema-rs follows."""
_SAME = re.compile(r"(?:[^\\\[]|\\[.+\[\]{}ntS]|\[\^(?:[^\\\]]|\\[snt])+\]|\[(?!\^)[^\\\]]+\])*")
"""Patterns that both engines read alike once `stricter` took Python's spaces out."""
_ENDS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|(\$)", re.DOTALL)


def same_in_both(pattern: str) -> bool:
    return pattern.isascii() and bool(_SAME.fullmatch(pattern))


def patterns(schema: Any) -> Iterator[str]:
    """Every regular expression of a schema."""
    if isinstance(schema, Mapping):
        for key, value in schema.items():
            if key == "pattern" and isinstance(value, str):
                yield value
            elif key == "patternProperties" and isinstance(value, Mapping):
                yield from value
            yield from patterns(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from patterns(value)


def stricter(schema: Any) -> Any:
    """The schema with patterns that take Python's spaces for spaces, too."""
    if isinstance(schema, Mapping):
        return {
            k: _with_spaces(v) if k == "pattern" and isinstance(v, str) else stricter(v)
            for k, v in schema.items()
        }
    return [stricter(v) for v in schema] if isinstance(schema, list) else schema


def whole(_: object, pattern: str, value: object, __: object) -> "Iterator[ValidationError]":
    """The keyword ``pattern``, whose ``$`` is the end: to Python a newline may still follow."""
    from jsonschema.exceptions import ValidationError

    ended = _ENDS.sub(lambda m: r"\Z" if m[1] else m[0], pattern)
    if isinstance(value, str) and not re.search(ended, value):
        yield ValidationError("")


def _with_spaces(pattern: str) -> str:
    inside = re.sub(r"(?<!\\)\\s", lambda _: rf"\s{_SPACES_OF_PYTHON}", pattern)
    return re.sub(r"(?<!\\)\\S", lambda _: rf"[^\s{_SPACES_OF_PYTHON}]", inside)
