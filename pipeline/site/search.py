"""The static search index: bigram posting lists in small files, for search.js to intersect.

A closed year is one part and never changes. The newest year is up to three, cut at whole
multiples of `STEPS` posts, so that a new post makes us index few others again however many came
before. A part `P` is made of

    search/P/part.json     {"id", "year", "docs", "shards", "bytes", "digest"}
    search/P/s/HEX.json    {key: list} for the keys whose `shard_of` is HEX
    search/P/d/N.json      posts N*BLOCK … as [title, url, date, category, accounts, kind, body]

and `search/index.json` lists the parts, newest first. A key is two neighbouring characters of
`squeeze(text)`, or a filter (`filter_key`). A list is "all" or "all title": the posts that hold
the key anywhere, then those that hold it in the title, in the code of `encode`. Two characters
are never paired across the border of title and body.
"""

import base64
import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import add, sub
from typing import Any

VERSION = 1
STEPS = (2048, 256)  # posts: all but one new post in 256 cost at most 255 others, 0.3 ms each
BLOCK = 2  # posts in one text file: a page of ten scattered results costs ten of these
SHARD_BYTES = 4096  # aim for the mean file: a query reads up to eight files of every part
MOST_SHARDS = 4096  # a part: at 100,000 posts in eight years some 33,000 files of 4 kB

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"  # base64's own
_MORE = "!#$%&'()*,-.:;<=>?@[]^_`{|}"
_BITMAP = "~"
_ZERO_WIDTH = re.compile(
    "[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]+"
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
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
    """The value of the category filter's option, and what a result shows."""
    accounts: tuple[str, ...]
    kind: str

    def __post_init__(self) -> None:
        if not _DATE.fullmatch(self.date):
            raise ValueError(f"search: not a date: {self.date!r}")
        if not _URL.fullmatch(self.url):
            raise ValueError(f"search: not a path below the site's root: {self.url!r}")


def normalise(text: str) -> str:
    """NFKC, case-folded, without characters that have no width. search.js `normalise` is its twin.

    NFKC runs again after folding, because folding can undo it (Unicode 3.13, D146).
    """
    once = unicodedata.normalize("NFKC", _ZERO_WIDTH.sub("", text))
    folded = once.casefold()
    return folded if folded == once else unicodedata.normalize("NFKC", folded)


def squeeze(text: str) -> str:
    """What is compared: `normalise` without white space, so `第 7 号` and `第7号` are one."""
    return "".join(normalise(text).split())


def shard_of(key: str, shards: int) -> int:
    """FNV-1a (32 bits) over the code points of `key`, folded once; `shards` is a power of two."""
    value = 0x811C9DC5
    for character in key:
        value = (value ^ ord(character)) * 0x01000193 & 0xFFFFFFFF
    return (value ^ value >> 15) & shards - 1


def filter_key(field: str, value: str) -> str:
    """The key of the posts whose `category` or `account` is `value`; no bigram has its length."""
    return f"{field}={value}"


def encode(numbers: Sequence[int], docs: int) -> str:
    """Write increasing `numbers` below `docs`, the shorter of two ways.

    Sparse: each distance to the one before, less one, in base 64, higher digits (base 27) first
    and in another alphabet. Dense: `~`, then six bits to a character, first post first.
    """
    gaps = map(sub, numbers, [-1, *numbers[:-1]])
    sparse = "".join(map(_GAPS.__getitem__, gaps))
    return _bitmap(numbers, docs) if len(sparse) > docs // 6 + 2 else sparse


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


def _grams(text: str) -> set[str]:
    return set(map(add, text, text[1:]))


def _postings(docs: Sequence[SearchDoc]) -> dict[str, str]:
    """Every key of the part → its encoded list."""
    anywhere: defaultdict[str, list[int]] = defaultdict(list)
    titles: defaultdict[str, list[int]] = defaultdict(list)
    for number, doc in enumerate(docs):
        in_title = _grams(squeeze(doc.title))
        for gram in in_title:
            titles[gram].append(number)
        for gram in in_title | _grams(squeeze(doc.body)):
            anywhere[gram].append(number)
        for key in {filter_key("account", name) for name in doc.accounts}:
            anywhere[key].append(number)
        anywhere[filter_key("category", doc.category)].append(number)
    count = len(docs)
    lists = {key: encode(numbers, count) for key, numbers in anywhere.items()}
    for key, numbers in titles.items():
        lists[key] += " " + encode(numbers, count)
    return lists


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _shards(lists: Mapping[str, str]) -> list[bytes]:
    size = sum(map(len, lists.values())) + 12 * len(lists)
    shards = 1
    while shards < MOST_SHARDS and size > shards * SHARD_BYTES:
        shards *= 2
    tables: list[dict[str, str]] = [{} for _ in range(shards)]
    for key in sorted(lists):
        tables[shard_of(key, shards)][key] = lists[key]
    return list(map(_json, tables))


def _row(doc: SearchDoc) -> list[object]:
    body = " ".join(doc.body.split())
    return [doc.title, doc.url, doc.date, doc.category, list(doc.accounts), doc.kind, body]


def build_part(part: str, docs: Sequence[SearchDoc]) -> dict[str, bytes]:
    """Index one part, of the posts of one year as `split_year` gave them: path → bytes."""
    shards = _shards(_postings(docs))
    files = {f"search/{part}/s/{number:x}.json": data for number, data in enumerate(shards)}
    for start in range(0, len(docs), BLOCK):
        rows = [_row(doc) for doc in docs[start : start + BLOCK]]
        files[f"search/{part}/d/{start // BLOCK}.json"] = _json(rows)
    whole = hashlib.sha256()
    for path in sorted(files):
        whole.update(f"{path}\0{hashlib.sha256(files[path]).hexdigest()}\n".encode())
    head = {"id": part, "year": int(docs[0].date[:4]), "docs": len(docs), "shards": len(shards)}
    measured = {"bytes": sum(map(len, files.values())), "digest": whole.hexdigest()}
    return {f"search/{part}/part.json": _json(head | measured)} | files


def split_year(
    year: int, docs: Iterable[SearchDoc], *, closed: bool
) -> dict[str, tuple[SearchDoc, ...]]:
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


def build_segment(year: int, docs: Iterable[SearchDoc], *, closed: bool) -> dict[str, bytes]:
    """Index one year: path from the site's root → bytes. Every other year stays as it is.

    `closed` says that a later year has posts: the year then becomes one part, for good.
    """
    parts = split_year(year, docs, closed=closed)
    return {path: data for part in parts for path, data in build_part(part, parts[part]).items()}


def build_manifest(parts: Iterable[bytes]) -> bytes:
    """`search/index.json` from the bytes of every `part.json`, in any order."""
    heads: list[dict[str, Any]] = sorted(
        map(json.loads, parts), key=lambda head: (head["year"], head["id"]), reverse=True
    )
    return _json({"version": VERSION, "block": BLOCK, "parts": heads})


def build_index(docs: Iterable[SearchDoc]) -> Iterator[tuple[str, bytes]]:
    """The whole index: (path from the site's root, bytes); the order of `docs` does not matter."""
    ordered = sorted(docs, key=lambda doc: doc.date)
    newest = int(ordered[-1].date[:4]) if ordered else 0
    heads: list[bytes] = []
    for year, posts in groupby(ordered, key=lambda doc: int(doc.date[:4])):
        files = build_segment(year, posts, closed=year < newest)
        heads += [data for path, data in files.items() if path.endswith("/part.json")]
        yield from files.items()
    yield "search/index.json", build_manifest(heads)
