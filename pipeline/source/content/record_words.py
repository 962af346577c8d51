"""Every word of the records and reviews of a change: private data hides in any of them (R13-10)."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.model.archive import Entry, RecordWords
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.source.content.post_paths import Files
from pipeline.source.content.records import SIGNED_LIMIT
from pipeline.source.content.text import HIDDEN
from pipeline.source.content.yaml import read_yaml

AREAS = ("records", "reviews")
_NO_WORDS = re.compile(r"[0-9a-f]{64}|SHA256:\S+|\d{4}-\d\d-\d\dT[0-9:.+-]+")
"""Digests, fingerprints and times: nobody's words, and most of a statement's strings."""
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


def unseen_words(words: Iterable[RecordWords], effect: Effect) -> Iterator[Finding]:
    """Statements with invisible characters, which a page shows in another way than was signed.

    Only JSON is looked at: of YAML its reader tells. `effect`: NOTE of what stands, for no
    signature can be given again (docs/decisions/0031).
    """
    for said in words:
        found = said.path.endswith(".json") and HIDDEN.search(said.text)
        if found:
            code = f"U+{ord(found[0]):04X}"
            message = say("There is an invisible character {code}.", code=code)
            remedy = say("Take the record back and sign again without it.")
            yield Finding("R11-1", effect, message, Location(said.path), remedy)


def _regular(tree: Files, path: str) -> bool:
    blob = tree.files.get(path)
    return blob is not None and blob.mode in ("100644", "100755") and blob.size <= SIGNED_LIMIT


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text  # refused as a record; its words are looked at all the same


def _strings(value: Any) -> list[str]:
    """Keys and scalars, in order."""
    found: list[str] = []
    _gather(value, found)
    return [s for s in found if len(s) < _SHORTEST or not _NO_WORDS.fullmatch(s)]


def _gather(value: Any, found: list[str]) -> None:
    kind = type(value)
    if kind is str:
        found.append(value)
    elif kind is dict:
        for key, below in value.items():
            found.append(key)
            _gather(below, found)
    elif kind is list:
        for below in value:
            _gather(below, found)
    elif kind is int or kind is float:
        found.append(str(value))
