"""The static search index: bigram posting lists in small files, for search.js to intersect.

A closed year is one part and never changes. The newest year is up to three, cut at whole
multiples of `STEPS` posts, so that a new post makes us index few others again however many came
before. A part `P` is made of

    search/P/part.json     {"id", "year", "docs", "shards", "bytes", "digest"}
    search/P/s/HEX.txt     lines, sorted: the keys whose `shard_of` is HEX, each before its list
    search/P/d/N.json      post N as [title, url, date, category, accounts, kind, body, index_no,
                           gone, alert]

and `search/index.json` lists the parts, newest first. A key is two neighbouring characters of
`squeeze(text)`, or a value of a field between two tabs (`field_key`). A list is "all" or "all
title": the posts that hold the key anywhere, then those that hold it in the title, in the code of
`encode`. Two characters are never paired across the border of title and body. An index number is
one key, without the organisation's code (`number_key`): all of a year's begin alike, and their
pairs of characters would tell no post from another.

Nothing is packed: a query costs the same from a host that packs nothing.
"""

import base64
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import sub
from typing import Any, Protocol, TypeVar

from pipeline.site.search.folding import grams, squeeze, texts_of

VERSION = 4
STEPS = (2048, 256)  # posts: all but one new post in 256 cost at most 255 others, 0.3 ms each
SHARD_BYTES = 3072  # the mean file: a query reads two to eight files of every part
MOST_SHARDS = 4096  # a part: at 100,000 posts in eight years some 33,000 files

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"  # base64's own
_MORE = "!#$%&'()*,-.:;<=>?@[]^_`{|}"
_BITMAP = "~"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FILTER = re.compile(r"[^\t\n]*")
_URL = re.compile(r"(?!/)[^\s:\\?#]+")  # no scheme, no host: a result never leaves the site


@dataclass(frozen=True)
class SearchDoc:
    """One post as search sees it."""

    url: str
    """Relative to the site's root, such as `posts/2026/2026-11-03-x/`; unique."""
    title: str
    body: str
    """Plain text, no markup."""
    date: str
    """YYYY-MM-DD; its year chooses the part."""
    category: str
    """The value of the category filter's option, and what a result shows; may be empty."""
    accounts: tuple[str, ...]
    kind: str
    index_no: str = ""
    """索引号: the organisation's code, a slash, and what no other post has."""
    gone: str = ""
    """Why only a note is left of it, in the words of its page; empty: it stands."""
    alert: tuple[str, ...] = ()
    """Level and colour of a warning in words, then its turns as in `data-turns` of a page."""

    def __post_init__(self) -> None:
        if not _DATE.fullmatch(self.date):
            raise ValueError(f"search: not a date: {self.date!r}")
        if not all(map(_FILTER.fullmatch, (self.category, self.index_no, *self.accounts))):
            raise ValueError(f"search: not one line in {self!r}")
        if not _URL.fullmatch(self.url):
            raise ValueError(f"search: not a path below the site's root: {self.url!r}")


def shard_of(key: str, shards: int) -> int:
    """FNV-1a (32 bits) over the code points of `key`, folded once, into so many shards."""
    value = 0x811C9DC5
    for character in key:
        value = (value ^ ord(character)) * 0x01000193 & 0xFFFFFFFF
    return (value ^ value >> 15) % shards


def field_key(field: str, value: str) -> str:
    """The key of the posts whose `category` or `account` is `value`; no pair begins with a tab."""
    return f"\t{field}={value}\t"


def number_key(index_no: str) -> str:
    """The key of the post that has an index number, with or without the organisation's code."""
    return field_key("number", squeeze(index_no).rpartition("/")[2])


def encode(numbers: Sequence[int], docs: int) -> str:
    """Write increasing `numbers` below `docs`, the shorter of two ways.

    Sparse: each distance to the one before, less one, in base 64, higher digits (base 27) first
    and in another alphabet. Dense: `~`, then six bits to a character, first post first.
    """
    most = docs // 6 + 2
    if len(numbers) > most:  # a distance takes a character or more
        return _bitmap(numbers, docs)
    sparse = "".join(map(_GAPS.__getitem__, map(sub, numbers, [-1, *numbers[:-1]])))
    return _bitmap(numbers, docs) if len(sparse) > most else sparse


def _gap(distance: int) -> str:
    high, digit = divmod(distance - 1, 64)
    text = _DIGITS[digit]
    while high:
        high, digit = divmod(high - 1, len(_MORE))
        text = _MORE[digit] + text
    return text


class _Gaps(dict[int, str]):
    """The code of every distance met so far: a lookup is five times faster than the sum."""

    def __missing__(self, distance: int) -> str:
        self[distance] = text = _gap(distance)
        return text


_GAPS = _Gaps()


def _bitmap(numbers: Sequence[int], docs: int) -> str:
    bits = bytearray(b"0") * (-(-docs // 24) * 24)
    for number in numbers:
        bits[number] = 49
    packed = int(bits, 2).to_bytes(len(bits) // 8)
    return _BITMAP + base64.b64encode(packed).decode()[: -(-docs // 6)]


def _postings(docs: Sequence[SearchDoc]) -> dict[str, str]:
    """Every key of the part → its encoded list."""
    anywhere: defaultdict[int, list[int]] = defaultdict(list)
    titles: defaultdict[int, list[int]] = defaultdict(list)
    fields: defaultdict[str, list[int]] = defaultdict(list)
    for number, doc in enumerate(docs):
        in_title = grams(squeeze(doc.title))
        for gram in in_title:
            titles[gram].append(number)
        for gram in in_title | grams(squeeze(doc.body)):
            anywhere[gram].append(number)
        for key in _fields(doc):
            fields[key].append(number)
    count = len(docs)
    keys = [*texts_of(anywhere), *fields]
    lists = [encode(numbers, count) for held in (anywhere, fields) for numbers in held.values()]
    found = dict(zip(keys, lists, strict=True))
    for key, numbers in zip(texts_of(titles), titles.values(), strict=True):
        found[key] += " " + encode(numbers, count)
    return found


def _fields(doc: SearchDoc) -> set[str]:
    named = [("category", doc.category), *(("account", name) for name in doc.accounts)]
    number = {number_key(doc.index_no)} if doc.index_no else set()
    return {field_key(field, value) for field, value in named if value} | number


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _shards(lists: Mapping[str, str]) -> list[bytes]:
    size = sum(map(len, lists.values())) + 7 * len(lists)  # two characters, three bytes each
    shards: list[list[str]] = [[] for _ in range(min(MOST_SHARDS, -(-size // SHARD_BYTES)))]
    for key, numbers in lists.items():
        shards[shard_of(key, len(shards))].append(f"{key}{numbers}\n")
    return ["".join(sorted(lines)).encode() for lines in shards]


def _row(doc: SearchDoc) -> list[object]:
    body = " ".join(doc.body.split())
    named = [doc.title, doc.url, doc.date, doc.category, list(doc.accounts), doc.kind]
    return [*named, body, doc.index_no, doc.gone, *([doc.alert] if doc.alert else [])]


def build_part(part: str, docs: Sequence[SearchDoc]) -> dict[str, bytes]:
    """Index one part, of the posts of one year as `split_year` gave them: path → bytes."""
    shards = _shards(_postings(docs))
    files = {f"search/{part}/s/{number:x}.txt": data for number, data in enumerate(shards)}
    files |= {f"search/{part}/d/{number}.json": _json(_row(d)) for number, d in enumerate(docs)}
    whole = hashlib.sha256()
    for path in sorted(files):
        whole.update(f"{path}\0{hashlib.sha256(files[path]).hexdigest()}\n".encode())
    head = {"id": part, "year": int(docs[0].date[:4]), "docs": len(docs), "shards": len(shards)}
    measured = {"bytes": sum(map(len, files.values())), "digest": whole.hexdigest()}
    return {f"search/{part}/part.json": _json(head | measured)} | files


class Dated(Protocol):
    """What a part is cut by: `SearchDoc`, or less."""

    @property
    def url(self) -> str: ...
    @property
    def date(self) -> str: ...


Doc = TypeVar("Doc", bound=Dated)


def split_year(year: int, docs: Iterable[Doc], *, closed: bool) -> dict[str, tuple[Doc, ...]]:
    """Part id → its posts, oldest first, ties by URL; a function of the set of posts alone.

    Raises ValueError for a post of another year and for a URL met twice.
    """
    ordered = sorted(docs, key=lambda doc: (doc.date, doc.url))
    if len({doc.url for doc in ordered}) != len(ordered):
        raise ValueError(f"search: two posts of {year} share a URL")
    if any(int(doc.date[:4]) != year for doc in ordered):
        raise ValueError(f"search: a post of another year among those of {year}")
    count = len(ordered)
    cuts = [0, *([] if closed else [count // step * step for step in STEPS]), count]
    return {
        f"{year}-{level}": tuple(ordered[start:end])
        for level, (start, end) in enumerate(pairwise(cuts))
        if start < end
    }


def build_manifest(parts: Iterable[bytes]) -> bytes:
    """`search/index.json` from the bytes of every `part.json`, in any order."""
    heads: list[dict[str, Any]] = sorted(
        map(json.loads, parts), key=lambda head: (head["year"], head["id"]), reverse=True
    )
    return _json({"version": VERSION, "parts": heads})
