"""Inputs that follow a grammar and break it in one place: trees, YAML lines, texts.

Bytes flipped at random rarely come past a reader's first check. These do, and meet the ones
behind: a key that stands twice, an anchor, a number without bound, an accent apart from its letter.
"""

import json
import unicodedata
from collections.abc import Callable, Sequence
from json.encoder import encode_basestring, encode_basestring_ascii
from random import Random
from typing import Any

from tests.fuzz.hostile import NO_JSON, NO_PLAIN_YAML, SCALARS

Form = Callable[[Random], bytes]
"""Makes one input."""


class Members(list[tuple[str, Any]]):
    """A JSON object as it is written: names may come twice."""


class Verbatim(str):
    """Text to be written as it is."""


def tree(value: Any) -> Any:
    """A value to disturb: objects as `Members`."""
    if isinstance(value, dict):
        return Members((k, tree(v)) for k, v in value.items())
    return [tree(v) for v in value] if isinstance(value, list) else value


def disturbed(value: Any, random: Random, hostile: Sequence[str] = SCALARS) -> Any:
    """A copy of a tree with one to three changes below its root."""
    made = _copy(value)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        places = list(_containers(made))
        if not places:
            return made
        _disturb(random.choice(places), random, hostile)
    return made


def _copy(value: Any) -> Any:
    if isinstance(value, Members):
        return Members((k, _copy(v)) for k, v in value)
    return [_copy(v) for v in value] if isinstance(value, list) else value


def _containers(value: Any) -> Any:
    if isinstance(value, list) and value:
        yield value
        for item in value:
            yield from _containers(item[1] if isinstance(value, Members) else item)


def _disturb(place: list[Any], random: Random, hostile: Sequence[str]) -> None:
    at = random.randrange(len(place))
    named = isinstance(place, Members)
    name, old = place[at] if named else ("", place[at])

    def put(value: Any, key: str = name) -> Any:
        return (key, value) if named else value

    match random.randrange(9):
        case 0:
            del place[at]
        case 1:
            place.insert(random.randrange(len(place) + 1), _copy(place[at]))
        case 2:
            place.insert(at, put(Verbatim(random.choice(hostile))))
        case 3 if named:
            place[at] = put(
                old,
                random.choice(
                    (name.upper(), f"{name} ", f"{name}\u200b", "<<", "x", "", f"{name}\u0301")
                ),
            )
        case 4:
            place[at] = put([old] if random.random() < 0.5 else Members([("x", old)]))
        case 5:
            place[at] = put(_near(old, random))
        case 6:
            random.shuffle(place)
        case _:
            place[at] = put(Verbatim(random.choice(hostile)))


def _near(value: Any, random: Random) -> Any:
    """Something of the same kind."""
    if isinstance(value, bool) or value is None:
        return not value
    if isinstance(value, int):
        return value + random.choice((-1, 1, 2**31, 2**63, 2**64))
    if isinstance(value, str) and value:
        at = random.randrange(len(value))
        return (
            value[:at]
            + random.choice(("", "0", "a", "é", "\u0301", "\u202e", "\n", " ", "=", value[at] * 2))
            + value[at + 1 :]
        )
    return value


def as_json(value: Any, random: Random) -> str:
    """JSON of a tree, whatever stands in it."""
    if isinstance(value, Verbatim):
        return str(value)
    if isinstance(value, Members):
        return "{" + ", ".join(f"{_text(k, random)}: {as_json(v, random)}" for k, v in value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(as_json(v, random) for v in value) + "]"
    return _text(value, random) if isinstance(value, str) else json.dumps(value)


def _text(value: str, random: Random) -> str:
    """Characters as they are, or as escapes."""
    return encode_basestring_ascii(value) if random.random() < 0.1 else encode_basestring(value)


def json_form(value: Any) -> Form:
    """JSON documents near a value."""
    root = tree(value)
    hostile = (*SCALARS, *NO_JSON)

    def make(random: Random) -> bytes:
        return spoiled(as_json(disturbed(root, random, hostile), random), random)

    return make


def yaml_form(value: Any, block: str, whole: Callable[[str], str] = str) -> Form:
    """YAML documents near a value: in flow style, and as `block` with its lines disturbed.

    `whole`: puts the YAML where it belongs in its file.
    """
    root = tree(value)
    rows = block.splitlines()

    def make(random: Random) -> bytes:
        if random.random() < 0.4:
            text = as_json(disturbed(root, random, (*SCALARS, *NO_PLAIN_YAML)), random) + "\n"
        else:
            text = "\n".join(_lines(rows, random)) + "\n"
        return spoiled(whole(text), random)

    return make


def _lines(rows: Sequence[str], random: Random) -> list[str]:
    made = list(rows)
    for _ in range(random.choice((1, 1, 2, 3))):
        if made:
            _change_line(made, random)
    return made


def _change_line(rows: list[str], random: Random) -> None:
    at = random.randrange(len(rows))
    row = rows[at]
    key, colon, _ = row.partition(": ")
    match random.randrange(9):
        case 0:
            del rows[at]
        case 1:
            rows.insert(random.randrange(len(rows) + 1), row)
        case 2:
            rows[at] = f"{random.choice((' ', '  ', '    ', chr(9)))}{row}"
        case 3:
            rows[at] = row.lstrip() if row.startswith(" ") else f"- {row}"
        case 4:
            rows.insert(
                at,
                random.choice(
                    ("---", "...", "# 注", "<<: *a", "? [a]", "%YAML 1.1", "x: 1", "", "  ")
                ),
            )
        case 5 if colon:
            rows[at] = (
                f"{key}{colon}{random.choice(('&a ', '!!str ', '!x ', '*a '))}{row[len(key) + 2 :]}"
            )
        case 6 if colon:
            rows[at] = (
                key.rstrip() + random.choice((":", " : ", ":  ", "=", ": : ")) + row[len(key) + 2 :]
            )
        case _:
            value = random.choice(SCALARS + NO_PLAIN_YAML)
            rows[at] = f"{key}: {value}" if colon else f"{row.partition('- ')[0]}- {value}"


def spoiled(text: str, random: Random) -> bytes:
    """The bytes of a text, now and then in another encoding or form."""
    raw = text.encode("utf-8", "surrogatepass")
    match random.randrange(40):
        case 0:
            return b"\xef\xbb\xbf" + raw
        case 1:
            return raw.replace(b"\n", b"\r\n")
        case 2:
            return unicodedata.normalize("NFD", text).encode("utf-8", "surrogatepass")
        case 3:
            return text.encode(random.choice(("utf-16", "utf-32-le", "gb18030")), "replace")
        case 4:
            at = random.randrange(len(text) + 1)
            mark = random.choice(
                ("\u202e", "\u2066", "\u200b", "\u00ad", "\u0301", "\x1b", "\x85", "\ue000")
            )
            return (text[:at] + mark + text[at:]).encode("utf-8", "surrogatepass")
        case 5:
            return raw[: random.randrange(len(raw) + 1)]
        case _:
            return raw
