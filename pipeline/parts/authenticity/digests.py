"""Digests of what was issued: by them a browser finds the pages that a text may come from.

A part is cut as search cuts it. A part `P` is made of

    authenticity/P/part.json   {"id", "docs", "shards"}
    authenticity/P/s/HEX.txt   lines ``KEY NUMBER,NUMBER``: versions that hold a key of this shard
    authenticity/P/d/HEX.json  `ROWS` versions as [url, revision, present revision]

A key is a crc32 over UTF-8, of a sentence without its marks (`sentences`), of four neighbouring
Han signs, of which the text keeps a quarter and the title all, or of a tab and a check code or
phrase. Numbers, links and letters are in no key but a sentence's: what a browser asks for by these
keys tells a host nothing of a number that somebody typed. ``authenticity_find.js`` is the twin.
"""

import json
import re
from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from zlib import crc32

from pipeline.detect.formats import decoded
from pipeline.model.ids import Digest
from pipeline.parts.authenticity.codes import check_code_of

FOLDER = "authenticity/"
ROWS = 64
SIDE = 12  # the picture in little: so many grey squares a side
_MOST_SHARDS, _SHARD = 4096, 1500  # bytes of a mean shard: a query reads two dozen of every part
_COMMON = 64  # of a key that more versions share, the newest alone are named
_EVERY, _GRAM, _SENTENCE = 4, 4, 6
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_END = re.compile("[。！？；!?;\n]+|\\.(?![0-9A-Za-z])")
_LETTER, _HAN = re.compile("[0-9A-Za-z\u4e00-\u9fff]+"), re.compile("[\u4e00-\u9fff]+")


class IssuedVersion(NamedTuple):
    """A version of a post that was confirmed."""

    url: str
    """Of the post's page, which leads to those of earlier versions."""
    revision: int
    present: int
    """The post's newest revision."""
    digest: Digest
    """sha256 (hex) of its manifest."""
    title: str = ""
    text: str = ""
    """Of the present version alone."""


def sentences(text: str) -> Iterator[str]:
    """Letters and digits of every sentence that has enough of them."""
    for piece in _END.split(text.translate(_WIDE)):
        letters = "".join(_LETTER.findall(piece))
        if len(letters) >= _SENTENCE:
            yield letters


def grams(text: str) -> Iterator[str]:
    han = "".join(_HAN.findall(text))
    return (han[at : at + _GRAM] for at in range(len(han) - _GRAM + 1))


def keys_of(version: IssuedVersion) -> set[int]:
    code, phrase = check_code_of(version.digest)
    titled = (f"\t{code}", f"\t{''.join(phrase)}", *grams(version.title))
    whole = (*titled, *sentences(f"{version.title}\n{version.text}"))
    keys = {crc32(key.encode()) for key in whole}
    sampled = (crc32(gram.encode()) for gram in grams(version.text))
    return keys.union(key for key in sampled if key % _EVERY == 0)


def part_files(part: str, versions: Sequence[IssuedVersion]) -> Iterator[tuple[str, bytes]]:
    """`versions`: the oldest first."""
    lists: defaultdict[int, list[int]] = defaultdict(list)
    for number, version in enumerate(versions):
        for key in keys_of(version):
            lists[key].append(number)
    count = min(_MOST_SHARDS, -(-12 * len(lists) // _SHARD))
    shards: list[list[str]] = [[] for _ in range(count)]
    for key, numbers in lists.items():
        row = ",".join(f"{number:x}" for number in numbers[-_COMMON:])
        shards[(key >> 2) % count].append(f"{key >> 12:05x} {row}\n")
    yield f"{FOLDER}{part}/part.json", _json({"id": part, "docs": len(versions), "shards": count})
    for number, lines in enumerate(shards):
        yield f"{FOLDER}{part}/s/{number:x}.txt", "".join(sorted(lines)).encode()
    for at in range(0, len(versions), ROWS):
        rows = [version[:3] for version in versions[at : at + ROWS]]
        yield f"{FOLDER}{part}/d/{at // ROWS:x}.json", _json(rows)


def little(name: str, data: bytes) -> list[object] | None:
    """[name, width, height, shades in base64] of a picture; None of one that cannot be read."""
    from PIL import Image, ImageOps

    try:
        image = decoded(name, data)
        if image is None:
            return None
        upright = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, ValueError, SyntaxError):  # as `pages.media.picture`
        return None
    grey = upright.resize((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=3.0).convert("L")
    return [name, *upright.size, b64encode(grey.tobytes()).decode()]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
