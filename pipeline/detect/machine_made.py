"""The implicit label of what a machine made, in the bytes of any file (GB 45438-2025, Annex E).

The label is a JSON object. It stands in an XMP packet, a PNG text, an Exif comment, an ID3 frame
or an MP4 item, so it is looked for by its own words in whatever encoding those use. Content
Credentials (C2PA) and IPTC metadata name a kind of source instead. Nothing here raises.
"""

import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from html import escape, unescape
from itertools import islice

from pipeline.model.lazy import regex

Label = Mapping[str, str]
"""Name of a field → value; `Label` is always there: ``1`` made by a machine, ``2`` perhaps, ``3``
by all appearances."""

MADE: Label = {"Label": "1"}
"""The label of a file whose metadata say so without the standard's fields."""
_FIELDS = ("ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator", "PropagateID")
_NAMESPACE = "http://www.tc260.org.cn/ns/AIGC/1.0/"
_SOURCE = regex(
    rb"igital(?:sourcetype/trainedAlgorithmicData"
    rb"|(?:sourcetype/|SourceType\s{0,9}[=>\":]{1,2}\s{0,9}[\"']?)"
    rb"(?:trained|compositeWithTrained)AlgorithmicMedia)"
)
_PROPERTY = regex(rb"[A-Za-z0-9_]{1,40}:AIGC[\s=>]")
_STANDARD_NAME = regex(
    rb"AIGC(?:\0(?:(?<=(?:tEXt|zTXt|iTXt)AIGC\0)|(?<=TXXX[\0-\xff]{7}AIGC\0))|\\?\"\s{0,9}:)"
)
_STANDARD_NAME_WIDE = regex(
    rb"A\0I\0G\0C(?:"
    + b"|".join(rb"(?<=TXXX[\0-\xff]{%d}A\0I\0G\0C)" % n for n in (7, 9, 10))
    + b")"
)
"""A PNG text, a JSON key or an ID3 frame of the standard's name, whatever its value."""
_KEY = regex(
    rb'\\?"Label\\?"|&(?:quot|#34|#x22);Label&(?:quot|#34|#x22);'
    rb'|"\0L\0a\0b\0e\0l\0"'
)
_AROUND = 8_000
"""Bytes before and after its key within which a label begins and ends."""
_TRIES, _BRACES = 64, 4
"""Keys that are looked at, and places before each where its object may begin."""
_NEAR = 40
"""Characters before an object within which the standard's name, AIGC, tells what it is."""
_CODECS = 2
"""Readings of one object, in UTF-8 and GB 18030; one of them has no replacement sign."""
_LONGEST = 1_000
"""Characters of one value that are passed on."""
_TEXTS = (b"zTXt", b"iTXt")
_INFLATED = 200_000


def label_of(raw: bytes) -> Label | None:
    """The first label in a file; None when there is none."""
    parts = (raw, *_packed_texts(raw))
    labels = [label for part in parts for label in islice(_objects(part), _CODECS)]
    if labels:
        best = min(labels, key=lambda label: "\ufffd" in "".join(label.values()))
        whole = {name: value.replace("\ufffd", "") for name, value in best.items()}
        return {name: value.encode(errors="ignore").decode() for name, value in whole.items()}
    return MADE if any(_is_marked(part) for part in parts) else None


def carried_on(label: Label, propagator: str, number: str) -> bytes:
    """The XMP packet for a file made of a labelled one: who made it as before, who passes it on.

    `propagator`: name of who publishes, `number`: its own number for the content. What the label
    says of an earlier publisher gives way, and so does that one's reserved code.
    """
    fields = {name: label.get(name, "") for name in ("Label", *_FIELDS)}
    fields |= {"ContentPropagator": propagator, "PropagateID": number, "ReservedCode2": ""}
    value = escape(json.dumps(fields, ensure_ascii=False))
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:TC260="{_NAMESPACE}" TC260:AIGC="{value}"/>'
        "</rdf:RDF></x:xmpmeta>"
    ).encode()


def _is_marked(part: bytes) -> bool:
    """Whether metadata name a machine as source, or hold a label whose value cannot be read."""
    return any(mark.search(part) for mark in (_SOURCE, _STANDARD_NAME, _STANDARD_NAME_WIDE)) or (
        _NAMESPACE.encode() in part and bool(_PROPERTY.search(part))
    )


def _objects(part: bytes) -> Iterator[Label]:
    """Every label that can be read around its key, in any of the encodings."""
    if b"Label" not in part and b"L\0a\0b\0e\0l" not in part:  # a search of its own is fast
        return
    for number, key in enumerate(_KEY.finditer(part)):
        if number == _TRIES:
            return
        for before, after in _texts_around(part, key):
            at = len(before)
            for _ in range(_BRACES):
                at = before.rfind("{", 0, max(at, 0))
                alone = "AIGC" in before[max(0, at - _NEAR) : max(at, 0)]
                if at >= 0 and (label := _read_label(before[at:] + after, alone)):
                    yield label


def _texts_around(part: bytes, key: re.Match[bytes]) -> Iterator[tuple[str, str]]:
    """What stands before the key, and the key with what stands after it."""
    start, end = key.start(), key.end() + _AROUND
    if b"\0" in key[0]:
        for order, at in (("utf-16-le", start), ("utf-16-be", start - 1)):
            before, after = part[max(at % 2, at - _AROUND) : at], part[max(at, 0) : end]
            yield before.decode(order, "replace"), after.decode(order, "replace")
        return
    plain: Callable[[str], str] = {
        b"&": unescape,
        b"\\": lambda text: text.replace('\\"', '"'),
    }.get(key[0][:1], str)
    before, after = part[max(0, start - _AROUND) : start], part[start:end]
    for codec in ("utf-8", "gb18030"):
        yield plain(before.decode(codec, "replace")), plain(after.decode(codec, "replace"))


def _read_label(text: str, alone: bool) -> Label | None:
    """The label with which a text begins; `alone`: its first field is enough to know it."""
    try:
        value, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or "Label" not in value:
        return None
    if not alone and not value.keys() & {*_FIELDS}:
        return None
    fields = {name: str(value.get(name, ""))[:_LONGEST] for name in ("Label", *_FIELDS)}
    return {name: words for name, words in fields.items() if words} | {"Label": _kind(fields)}


def _kind(fields: Label) -> str:
    return fields["Label"] if fields["Label"] in ("2", "3") else "1"


def _packed_texts(raw: bytes) -> Iterator[bytes]:
    """The compressed texts of a PNG (PNG, 11.3.4), as far as they are unpacked here."""
    if not raw.startswith(b"\x89PNG"):
        return
    left = _INFLATED
    for name in _TEXTS:
        at = raw.find(name)
        while at >= 4 and left > 0:
            size = int.from_bytes(raw[at - 4 : at], "big")
            text = _inflated(name, raw[at + 4 : at + 4 + min(size, _INFLATED)], left)
            left -= max(len(text), 1_000)
            yield text
            at = raw.find(name, at + 4)


def _inflated(name: bytes, data: bytes, most: int) -> bytes:
    keyword, _, rest = data.partition(b"\0")
    if name == b"iTXt":
        if rest[:1] != b"\1":
            return b""
        rest = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    else:
        rest = rest[1:]
    try:
        return keyword + b"\0" + zlib.decompressobj().decompress(rest, most)
    except zlib.error:
        return b""
