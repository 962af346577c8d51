"""Bytes to text and YAML, strictly: what two readers could see differently is refused (A18).

YAML is one document without anchors, tags or duplicate keys, bounded, with lines. Scalars are null,
true, false, decimal integers and floats; every other plain scalar is a string, so that ``no``,
``22:30`` and ``012`` never become something else (threats A18, A35). Built from libyaml's events
(PyYAML): https://pyyaml.org/wiki/PyYAMLDocumentation#events
"""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from pipeline.errors import Fault
from pipeline.model.documents import Document, Route
from pipeline.model.findings import Effect, Finding, Location, Message, say, say_size
from pipeline.model.ids import R11_2, ClauseId, Digest, sha256_of
from pipeline.model.invisible import HIDDEN, hidden_in

TEXT_LIMIT = 1_000_000
"""Bytes of a text file; twenty times the longest article the WeChat editor takes."""

_MARKS = ("<<<<<<<", "|||||||", ">>>>>>>")
_MERGE = re.compile(r"^(?:<{7}|\|{7}|>{7})(?: .*)?$", re.MULTILINE)
"""What git leaves in a file that two people changed; a row of `=` alone makes a heading."""
_DOCUMENTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-", b"{\\rtf")
"""How .docx and .wps, .doc, PDF and RTF files begin, whatever they are called."""


def problem(
    name: str,
    path: str,
    line: int,
    message: Message,
    remedy: Message,
    *,
    column: int = 0,
    clause: ClauseId = R11_2,
) -> Finding:
    """A refusal of the form of a file."""
    return Finding(clause, name, Effect.REFUSE, message, Location(path, line, column), remedy)


def decode(path: str, raw: bytes, clause: ClauseId = R11_2) -> tuple[str | None, list[Finding]]:
    """(text, problems) of a text file; text is None when nothing after it can be trusted."""
    if unreadable := _unreadable(raw):
        line, name, message, remedy = unreadable
        return None, [problem(name, path, line, message, remedy, clause=clause)]
    text = raw.decode("utf-8")
    looks = (_hidden, _unnormalised, _unmerged)
    return text, [fault for look in looks for fault in look(path, text, clause)]


def typed_elsewhere(raw: bytes, name: str, remedy: Message) -> str:
    """A text from another program: UTF-8, GB 18030 or marked UTF-16, as Windows saves it. Raises
    Fault for none of them, which calls the file by `name`."""
    utf_16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if utf_16 else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Fault(say("{path} is neither UTF-8 nor GB 18030.", path=name), remedy)


def _unreadable(raw: bytes) -> tuple[int, str, Message, Message] | None:
    """The line, the name of the fault, what keeps the bytes from being text, and the remedy."""
    if len(raw) > TEXT_LIMIT:
        long = say("The file is larger than {limit}.", limit=say_size(TEXT_LIMIT))
        return 0, "file-too-large", long, say("Shorten it, or split it into several posts.")
    if not raw.strip():
        template = say("Write it anew: `sanshen new` gives a template.")
        return 0, "file-empty", say("The file is empty."), template
    if raw.startswith(_DOCUMENTS):
        document = say("The file is a document of Word, WPS or the like, no plain text.")
        copy = say("Copy its words into a text file: `sanshen new` writes one.")
        return 0, "file-no-text", document, copy
    if raw.startswith(b"\xef\xbb\xbf"):
        bom = say("The file begins with a byte order mark (BOM).")
        return 1, "byte-order-mark", bom, say("Save it as UTF-8 without BOM.")
    if b"\r" in raw:
        ends, line = say("The file has Windows line ends (CRLF)."), _line_of(raw, raw.index(b"\r"))
        return line, "line-ends-windows", ends, say("Save it with LF line ends.")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        not_text, line = say("The file is not UTF-8 text."), _line_of(raw, error.start)
        return line, "file-not-utf8", not_text, say("Save it in the encoding UTF-8.")
    return None


def _line_of(raw: bytes, at: int) -> int:
    return raw[:at].count(b"\n") + 1


def _hidden(path: str, text: str, clause: ClauseId) -> Iterator[Finding]:
    """Control, bidirectional and zero-width characters: seen differently by eye and machine."""
    if not hidden_in(text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        if sign := HIDDEN.search(line):
            code = f"U+{ord(sign[0]):04X}"
            message = say("There is an invisible character {code}.", code=code)
            remedy = say("Delete it; it was probably pasted from another program.")
            column = sign.start() + 1
            name = "character-invisible {code}"
            yield problem(name, path, number, message, remedy, column=column, clause=clause)


def _unnormalised(path: str, text: str, clause: ClauseId) -> Iterator[Finding]:
    if unicodedata.is_normalized("NFC", text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        if not unicodedata.is_normalized("NFC", line):
            message = say("A character is written in a decomposed form (NFD).")
            remedy = say("Save the file in Unicode form NFC.")
            yield problem("character-decomposed", path, number, message, remedy, clause=clause)
            return


def _unmerged(path: str, text: str, clause: ClauseId) -> Iterator[Finding]:
    mark = _MERGE.search(text) if any(mark in text for mark in _MARKS) else None
    if mark:
        line = text.count("\n", 0, mark.start()) + 1
        message = say("There are marks of a merge that was not finished.")
        remedy = say("Keep one version; delete the lines with <<<<<<<, ======= and >>>>>>>.")
        yield problem("merge-unfinished", path, line, message, remedy, clause=clause)


MAX_DEPTH = 12
MAX_NODES = 50_000
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_WIDE = re.compile(r"^[ \t]*(?:- )?([A-Za-z_]+)：", re.MULTILINE)
"""A key before the colon that Chinese keyboards give."""
_FLOAT = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_WORDS: dict[str, Any] = {"null": None, "~": None, "": None, "true": True, "false": False}
_LOADER = yaml.CSafeLoader
"""libyaml alone: the pure reader accepts other texts, and two readers are a hole (threats A18)."""


class _Refused(Exception):
    """A construct that is not allowed; never leaves this module."""

    def __init__(
        self, name: str, message: Message, mark: Any, remedy: Message | None = None
    ) -> None:
        self.name, self.message, self.mark, self.remedy = name, message, mark, remedy


def read_yaml(path: str, raw: bytes, clause: ClauseId = R11_2) -> Document:
    """Read a whole file as one YAML document."""
    text, problems = decode(path, raw, clause)
    digest = sha256_of(raw)
    if text is None or problems:
        return Document(path, None, {}, tuple(problems), digest)
    return parse_yaml(path, text, 0, digest, clause)


def parse_yaml(path: str, text: str, before: int, digest: Digest, clause: ClauseId) -> Document:
    """Parse YAML text that follows `before` lines of its file."""
    marks: dict[Route, tuple[int, int]] = {}
    try:
        events = iter(_LOADER(text).get_event, None)  # None comes after the end of the stream
        value = _Composer(events, marks, before).document()
    except _Refused as refused:
        where = Location(path, refused.mark.line + 1 + before, refused.mark.column + 1)
        remedy = refused.remedy or say("Write plain keys and values, as in the template.")
        fault = Finding(clause, refused.name, Effect.REFUSE, refused.message, where, remedy)
    except yaml.MarkedYAMLError as error:
        fault = _misread(path, text, before, error.problem_mark, clause)
    except yaml.YAMLError:
        message = say("The YAML cannot be read.")
        where = Location(path, 1 + before)
        fault = Finding(clause, "yaml-unreadable", Effect.REFUSE, message, where)
    else:
        return Document(path, value, marks, (), digest)
    return Document(path, None, marks, (fault,), digest)


def _misread(path: str, text: str, before: int, mark: Any, clause: ClauseId) -> Finding:
    """Where it cannot be read, or the full-width colon that is likely to be why."""
    line, column = (mark.line, mark.column) if mark else (0, 0)
    name, message = "yaml-unreadable", say("The YAML cannot be read here.")
    remedy = say(
        "Check indentation, colons and quotes near this line; put text that holds"
        " a colon in quotes."
    )
    if wide := _WIDE.search(text):
        line, column = text[: wide.start(1)].count("\n"), 0
        name = "colon-full-width {key}"
        message = say("The colon after {key} is of full width.", key=wide[1])
        remedy = say("Type a colon of half width and a space: `{key}: …`.", key=wide[1])
    where = Location(path, line + 1 + before, column + 1)
    return Finding(clause, name, Effect.REFUSE, message, where, remedy)


def note_in(text: str) -> tuple[int, int] | None:
    """(line, column) of a comment in YAML that `parse_yaml` reads, or of the block text that it
    belongs to; None when there is none. Who reads values alone never sees it."""
    bare, blocks = list(text), []
    for event in iter(_LOADER(text).get_event, None):
        if isinstance(event, yaml.ScalarEvent):
            start: Any = event.start_mark
            end: Any = event.end_mark
            within = text[start.index : end.index]
            if event.style in ("|", ">") and within.count("#") > event.value.count("#"):
                blocks.append((start.line + 1, start.column + 1))
            bare[start.index : end.index] = ("\n" if c == "\n" else " " for c in within)
    left = "".join(bare)
    if "#" in left:
        before = left[: left.index("#")]
        blocks.append((before.count("\n") + 1, len(before) - before.rfind("\n")))
    return min(blocks, default=None)


@dataclass(frozen=True)
class TextSpan:
    """Where a value stands in its text, so that it alone can be altered."""

    start: int
    end: int
    """Of its last character and one more; a block ends with its last value, before remarks."""
    column: int
    """Of its first key or dash, from 0."""
    flow: bool
    """Whether it is a mapping in braces or a list in brackets."""


def spans(text: str) -> dict[Route, TextSpan]:
    """The place of every value in YAML that `parse_yaml` reads."""
    events = iter(_LOADER(text).get_event, None)
    by_route: dict[Route, TextSpan] = {}
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            _measure(event, events, (), by_route)
            break
    return by_route


def _measure(
    event: Any, events: Iterator[Any], route: Route, by_route: dict[Route, TextSpan]
) -> int:
    """Enter a value and all below it; the index after its last character."""
    flow, end = False, int(event.end_mark.index)
    if isinstance(event, yaml.CollectionStartEvent):
        flow, keyed = bool(event.flow_style), isinstance(event, yaml.MappingStartEvent)
        for count, part in enumerate(events):
            if isinstance(part, yaml.CollectionEndEvent):
                mark: Any = part.end_mark
                end = mark.index if flow else end
                break
            key = part.value if keyed else count
            end = _measure(next(events) if keyed else part, events, (*route, key), by_route)
    by_route[route] = TextSpan(event.start_mark.index, end, event.start_mark.column, flow)
    return end


class _Composer:
    """Values and marks out of a stream of events."""

    def __init__(self, events: Iterator[Any], marks: dict[Route, tuple[int, int]], before: int):
        self.events, self.marks, self.before, self.nodes = events, marks, before, 0

    def document(self) -> Any:
        event = next(self.events)
        while not isinstance(event, yaml.DocumentStartEvent):
            if isinstance(event, yaml.StreamEndEvent):
                return {}
            event = next(self.events)
        value = self._node(next(self.events), ())
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                message = say("There is a second YAML document.")
                raise _Refused("second-document", message, event.start_mark)
        return value

    def _node(self, event: Any, route: Route) -> Any:
        self.nodes += 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            message = say("Anchors and aliases (& and *) are not allowed.")
            remedy = say("Write the value out; put text that begins with & or * in quotes.")
            raise _Refused("anchor-used", message, event.start_mark, remedy)
        if event.tag is not None:
            remedy = say("Put text that begins with ! in quotes.")
            raise _Refused("tag-used", say("Tags (!) are not allowed."), event.start_mark, remedy)
        if self.nodes > MAX_NODES or len(route) > MAX_DEPTH:
            message = say("The document is too large or too deep.")
            raise _Refused("document-too-large", message, event.start_mark)
        if route not in self.marks:  # a value has the mark of its key
            self.marks[route] = self._mark(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(route)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(route)
        _refuse_unseen(event)
        return _scalar(event)

    def _mapping(self, route: Route) -> dict[str, Any]:
        value: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                raise _Refused("key-not-plain", say("A key must be plain text."), event.start_mark)
            if event.value in value:
                message = say("The key {key} is there twice.", key=event.value)
                remedy = say("Keep one of the two lines.")
                raise _Refused("key-twice {key}", message, event.start_mark, remedy)
            _refuse_unseen(event)
            if event.value == "<<":
                message = say("Merge keys (<<) are not allowed.")
                raise _Refused("merge-key-used", message, event.start_mark)
            inner = (*route, event.value)
            self.marks[inner] = self._mark(event)
            value[event.value] = self._node(next(self.events), inner)
        return value

    def _sequence(self, route: Route) -> list[Any]:
        value: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            value.append(self._node(event, (*route, len(value))))
        return value

    def _mark(self, event: Any) -> tuple[int, int]:
        return event.start_mark.line + 1 + self.before, event.start_mark.column + 1


def _refuse_unseen(event: Any) -> None:
    """Refuse hidden characters written as escapes; `text.decode` refuses raw ones."""
    if event.value.isascii() and event.value.isprintable():
        return
    if sign := HIDDEN.search(event.value):
        message = say("There is an invisible character {code}.", code=f"U+{ord(sign[0]):04X}")
        remedy = say("Write the text without it.")
        raise _Refused("character-invisible {code}", message, event.start_mark, remedy)
    if not unicodedata.is_normalized("NFC", event.value):
        message = say("A character is written in a decomposed form (NFD).")
        remedy = say("Save the file in Unicode form NFC.")
        raise _Refused("character-decomposed", message, event.start_mark, remedy)


def _scalar(event: Any) -> Any:
    text: str = event.value
    if event.style:  # quoted or block: always a string
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) and len(text) < 32 else text
