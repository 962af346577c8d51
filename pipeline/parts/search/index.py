"""The static search index: bigram posting lists in small files, for search.js to intersect.

A closed year is one part and never changes. The newest year is up to four, cut at whole
multiples of `STEPS` posts, so that a new post makes us index few others again however many came
before. A part `P` is made of

    search/P/part.json     {"id", "year", "docs", "shards", "bytes", "digest"}
    search/P/s/HEX.txt     lines, sorted: the keys whose `shard_of` is HEX, each before its list
    search/P/d/N.json      post N as [title, url, date, category, accounts, kind, body, index_no,
                           gone, alert, head], without the empty values at its end

and `search/index.json` lists the parts, newest first. A key is two neighbouring characters of
`squeeze(text)`, or a value of a field between two tabs (`field_key`). A list is "all title head",
or its beginning: the posts that hold the key anywhere, in the title, and in the head (summary,
keywords, kind, department and other facts that a page prints; English words of the address), each
in the code of `encode`. Two characters are never paired across the borders of title, head and
body. An index number is one key, without the organisation's code (`number_key`): all of a year's
begin alike, and their pairs of characters would tell no post from another.

Fields beside those that filters choose by: `sign` (one character), `word` (Latin letters), `group`
(any of the words that `search_words.js` takes for the same; the group's first is the value).
`said` and `initials` list words instead of posts: those of the part that sound so (below).

Nothing is packed: a query costs the same from a host that packs nothing.
"""

import base64
import hashlib
import json
import re
import sys
import unicodedata
from array import array
from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby, pairwise
from operator import sub
from pathlib import Path
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from ahocorasick_rs import AhoCorasick

from pipeline.detect.folding import words_of
from pipeline.model import records, run, zh_names
from pipeline.model.ids import AccountId, sha256_of
from pipeline.model.registers import Registers
from pipeline.site.addresses import url_of
from pipeline.site.pages.erased import erased
from pipeline.site.pages.post_view import PostView, index_number
from pipeline.site.render_context import RenderContext
from pipeline.site.units import File, FinalUnit, Page, UnfinishedSite, Unit
from pipeline.site.years import SiteYear

# How characters sound, so that a reader may type pinyin or its first letters.
#
# GB/T 2312 sorts its 3,755 common characters by their usual sound: the first character of every
# sound is table enough. Others that notices use, or use with another sound, stand beside them. `ü`
# is `u`; of a character with several sounds the table has one.


# What may be typed for a word: pinyin, its first letters, a sign of the same sound, another word.
#
# `search_words.js` says what is another word for the same; what it takes a query for and what not
# stands in `search_words.specs.txt`.

_TABLE = (Path(__file__).parent / "site/assets/search_sounds.js").read_text("utf-8")
_FIRST, _RARE = _TABLE.split("`")[-2].split("\n\n")
_ENTRY = re.compile(r"([a-z]+)([^a-z\s]+)")
_BOUNDS: list[tuple[bytes, str]] = [
    (sign.encode("gb2312"), sound) for sound, sign in _ENTRY.findall(_FIRST)
]
_RARE_SOUNDS: dict[str, str] = {
    sign: sound for sound, signs in _ENTRY.findall(_RARE) for sign in signs
}
_END = b"\xd8"
"""The rows from here on are sorted by radical."""


@cache
def sound_of(sign: str) -> str:
    """The pinyin of a character, without a tone; empty when it is in no table."""
    code = sign.encode("gb2312", "ignore")
    if sign in _RARE_SOUNDS or len(code) != 2 or not _BOUNDS[0][0] <= code < _END:
        return _RARE_SOUNDS.get(sign, "")
    return _BOUNDS[bisect(_BOUNDS, code, key=lambda bound: bound[0]) - 1][1]


def initials(word: str) -> str:
    """The first letters of a word's sounds; empty unless all its characters have one."""
    sounds = [sound_of(sign) for sign in word]
    return "".join(sound[0] for sound in sounds) if all(sounds) else ""


_WORDS = Path(__file__).parent / "site/assets/search_words.js"
_CHINESE = re.compile("[\u4e00-\u9fff]{2,}")
_MARKS = re.compile("[^\u4e00-\u9fff]+")
_LETTERS = re.compile("[a-z]+")
_BLUR = re.compile("(?<=^[zcs])h|(?<=n)g$")
LONGEST, JOINED = 6, 4  # signs of a word that may be spelt, and of two that follow each other
LIKE = 8  # words listed of one sound, the most frequent first


@cache
def _groups() -> tuple[AhoCorasick, list[str]]:
    """What finds the Chinese words of all groups; of each word, the first of its group."""
    lines = (line.split() for line in _WORDS.read_text("utf-8").split("`")[1].splitlines())
    firsts = [(word, line[0]) for line in lines for word in line if not _LETTERS.fullmatch(word)]
    return AhoCorasick([word for word, _ in firsts]), [first for _, first in firsts]


def groups_in(text: str) -> set[str]:
    """The first words of the groups of which the text holds a word."""
    finder, firsts = _groups()
    return {firsts[at] for at, _, _ in finder.find_matches_as_indexes(text, overlapping=True)}


def words_in(title: str, head: str, body: str) -> set[str]:
    """The words of a post that may be spelt: of title and head two that follow each other, too."""
    all_words = {*words_of(body)}
    for piece in _MARKS.split(f"{title}\n{head}"):
        words = words_of(piece)
        joined = (one + other for one, other in pairwise(words) if len(one + other) <= JOINED)
        all_words |= {piece, *words, *joined}
    return {word for word in all_words if len(word) <= LONGEST and _CHINESE.fullmatch(word)}


def blurred(sound: str) -> str:
    """A sound without what many speakers do not tell apart: zh and z, ing and in, n and l."""
    blunt = _BLUR.sub("", sound)
    return f"n{blunt[1:]}" if blunt.startswith("l") else blunt


def spellings(words: Counter[str]) -> Iterator[tuple[tuple[str, str], Iterable[str]]]:
    """(field, value) of a key and the words that are spelt so, the most frequent first."""
    like: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for word in sorted(words, key=lambda each: (-words[each], each)):
        if first := initials(word):
            like["initials", first].append(word)
            like["said", "".join(blurred(sound_of(sign)) for sign in word)].append(word)
    yield from ((key, words_of_key[:LIKE]) for key, words_of_key in like.items())


# What search compares: text folded until half and full width, capitals and line breaks are one.
#
# search.js folds the query and the texts it reads by twins of these functions.

_ZERO_WIDTH = re.compile(
    "[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]+"
)
_OTHER = re.compile("([^\u4e00-\u9fff]+)")
"""Whatever is no common Han character. Those fold to themselves, are no mark and combine with
none (UAX #15), so that what lies between two of them may be folded by itself: 3 times faster."""

_UNENDED = re.compile(r"[^\s。！？…；：，、.!?;:,”’」』）)》】][”’」』）)》】]*$", re.MULTILINE)
"""The end of a line that no mark ends; closing quotes and brackets may follow either."""

Key = TypeVar("Key", int, str)
_NATIVE = f"utf-32-{sys.byteorder[0]}e"


def normalise(text: str) -> str:
    """NFKC, case-folded, without characters that have no width.

    NFKC runs again after folding, because folding can undo it (Unicode 3.13, D146).
    """
    once = unicodedata.normalize("NFKC", _ZERO_WIDTH.sub("", text))
    folded = once.casefold()
    return folded if folded == once else unicodedata.normalize("NFKC", folded)


def squeeze(text: str) -> str:
    """What is compared: `normalise` without white space, so `第 7 号` and `第7号` are one."""
    pieces = _OTHER.split(text)
    pieces[1::2] = map(_squeezed, pieces[1::2])
    return "".join(pieces)


def sentences(text: str) -> str:
    """The text with a full stop after every line that has no mark at its end.

    Lines are blocks: headings, rows, alternative texts of pictures. A result shows them one
    behind the other, where nothing else would tell a picture from the sentence that follows it.
    """
    return _UNENDED.sub(r"\g<0>。", text)


@run.per_run(10_000)
def _squeezed(text: str) -> str:
    """Remembered, because nearly all pieces are a comma, a full stop, a small number."""
    return "".join(normalise(text).split())


def grams(text: str) -> set[int]:
    """Every two neighbouring characters, as the 64 bits of both: half the time of pairing texts."""
    letters = memoryview(text.encode(_NATIVE))
    even, odd = len(text) // 2 * 8, (len(text) - 1) // 2 * 8
    return {*letters[:even].cast("Q"), *letters[4 : 4 + odd].cast("Q")} if even else set()


def texts_of(pairs: Collection[int]) -> list[str]:
    """The pairs of `grams`, in their order, as texts of two characters."""
    letters = array("Q", pairs).tobytes().decode(_NATIVE)
    return [letters[at : at + 2] for at in range(0, len(letters), 2)]


VERSION = 6
STEPS = (2048, 256, 32)  # posts: all but one new post in 32 cost at most 31 others, 2 ms each
SHARD_BYTES = 768  # the mean file: a query reads two to twelve files of every part
MOST_SHARDS = 16384  # a part

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"  # base64's own
_MORE = "!#$%&'()*,-.:;<=>?@[]^_`{|}"
_BITMAP = "~"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_HAN = re.compile("[\u4e00-\u9fff]")
_LATIN = re.compile("[a-z]{2,}")
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
    accounts: tuple[AccountId, ...]
    kind: str
    index_no: str = ""
    """索引号: the organisation's code, a slash, and what no other post has."""
    gone: str = ""
    """Why only a note is left of it, in the words of its page; empty: it stands."""
    alert: tuple[str, ...] = ()
    """Level and colour of a warning in words, then its turns as in `data-turns` of a page."""
    head: str = ""
    """The summary, a line feed, and the other facts in words, parted by `；`."""

    def __post_init__(self) -> None:
        if not _DATE.fullmatch(self.date):
            raise ValueError(f"search: not a date: {self.date!r}")
        filters = (self.category, self.kind, self.index_no, *self.accounts)
        if not all(map(_FILTER.fullmatch, filters)):
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
    """Every key of the part → its encoded lists, or the words that sound so."""
    pairs, words = _Lists[int](), _Lists[str]()
    fields: defaultdict[str, list[int]] = defaultdict(list)
    spoken: Counter[str] = Counter()
    for number, doc in enumerate(docs):
        slug = doc.url.rstrip("/").rpartition("/")[2].lower()
        texts = title, head, body = squeeze(doc.title), squeeze(doc.head), squeeze(doc.body)
        pairs.add(number, *map(grams, texts))
        words.add(number, _words(title), _words(head) | _latin(slug), _words(body))
        spoken.update(words_in(title, doc.head, body))
        for key in _fields(doc):
            fields[key].append(number)
    count = len(docs)
    lists_of = {key: encode(numbers, count) for key, numbers in fields.items()}
    lists_of |= dict(words.encoded(count))
    lists_of |= {field_key(*key): " ".join(like) for key, like in spellings(spoken)}
    texts_of_pairs = texts_of(pairs.anywhere)
    codes = (codes for _, codes in pairs.encoded(count))
    return lists_of | dict(zip(texts_of_pairs, codes, strict=True))


def _words(text: str) -> set[str]:
    """Keys of a squeezed text other than its pairs: signs, Latin words, groups."""
    signs = {field_key("sign", sign) for sign in {*_HAN.findall(text)}}
    return signs | _latin(text) | {field_key("group", first) for first in groups_in(text)}


def _latin(text: str) -> set[str]:
    return {field_key("word", word) for word in _LATIN.findall(text)}


class _Lists(Generic[Key]):
    """Of every key the posts that hold it anywhere, in the title and in the head."""

    def __init__(self) -> None:
        self.anywhere: defaultdict[Key, list[int]] = defaultdict(list)
        self.titles: defaultdict[Key, list[int]] = defaultdict(list)
        self.heads: defaultdict[Key, list[int]] = defaultdict(list)

    def add(self, number: int, title: set[Key], head: set[Key], body: set[Key]) -> None:
        held = (self.titles, title), (self.heads, head), (self.anywhere, title | head | body)
        for lists, keys in held:
            for key in keys:
                lists[key].append(number)

    def encoded(self, count: int) -> Iterator[tuple[Key, str]]:
        for key, numbers in self.anywhere.items():
            codes = (numbers, self.titles.get(key, ()), self.heads.get(key, ()))
            yield key, " ".join(encode(code, count) for code in codes).rstrip()


def _fields(doc: SearchDoc) -> set[str]:
    """Keys of what filters choose by, of the number, and of the day however exactly it is given."""
    day = doc.date
    values = [("category", doc.category), *(("account", name) for name in doc.accounts)]
    values += [("kind", doc.kind), *(("day", part) for part in (day, day[:7], day[5:], day[5:7]))]
    number = {number_key(doc.index_no)} if doc.index_no else set()
    return {field_key(field, value) for field, value in values if value} | number


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
    row: list[object] = [
        doc.title,
        doc.url,
        doc.date,
        doc.category,
        list(doc.accounts),
        doc.kind,
        body,
    ]
    row += [doc.index_no, doc.gone, doc.alert, doc.head]
    while not row[-1]:
        row.pop()
    return row


def build_part(part: str, docs: Sequence[SearchDoc]) -> dict[str, bytes]:
    """Index one part, of the posts of one year as `split_year` gave them: path → bytes."""
    shards = _shards(_postings(docs))
    files = {f"search/{part}/s/{number:x}.txt": data for number, data in enumerate(shards)}
    files |= {f"search/{part}/d/{number}.json": _json(_row(d)) for number, d in enumerate(docs)}
    whole = hashlib.sha256()
    for path in sorted(files):
        whole.update(f"{path}\0{sha256_of(files[path])}\n".encode())
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


# The search index as units: a part is made again only when one of its posts changed.

FOLDER, HEAD = "search/", "part.json"
_SUGGESTED = 12  # keywords, where a search finds nothing


class DatedView(NamedTuple):
    """A post as the parts are cut by: its text is read when its part is made."""

    date: str
    url: str
    view: PostView


def search_page(ctx: RenderContext) -> Page:
    return ctx.simple(
        "search/",
        "检索",
        "在全部内容中检索",
        "search.html.j2",
        years=[y.name for y in reversed(ctx.years) if y.summary.present.posts],
        accounts=list(ctx.site.archive.registers.accounts.values()),
        tags=sorted(sorted(ctx.tags, key=ctx.tags.__getitem__, reverse=True)[:_SUGGESTED]),
    )


def search_units(ctx: RenderContext, year: SiteYear) -> Iterator[Unit]:
    """A unit for every part of a year's index."""
    listed = [DatedView(view.day.isoformat(), view.url, view) for view in reversed(year.views)]
    for part, chosen in split_year(int(year.name), listed, closed=ctx.closed(year)).items():
        views = tuple(each.view for each in chosen)
        key = ctx.key(part, ctx.marks(views))
        make = partial(_part, ctx, part, views)
        yield Unit(f"search:{part}", key, make, heads=(f"{FOLDER}{part}/{HEAD}",))


def _part(ctx: RenderContext, part: str, views: tuple[PostView, ...]) -> Iterator[File]:
    ctx.ask(view for view in views if not view.withdrawn)
    yield from build_part(part, [_doc(ctx, view) for view in views]).items()


def _doc(ctx: RenderContext, view: PostView) -> SearchDoc:
    text = "" if view.withdrawn else ctx.text(view)
    return doc_of(view, text, ctx.site.archive.registers)


def doc_of(view: PostView, text: str, registers: Registers) -> SearchDoc:
    """What is public of a post: of a withdrawn one, its title and its index number."""
    day = view.day.isoformat()
    if view.withdrawn:
        gone = zh_names.VALIDITY["withdrawn"]
        return SearchDoc(view.url, view.title, "", day, "", (), "", view.index_no, gone)
    alert = (view.alert.words, " ".join(view.alert.turns)) if view.alert else ()
    return SearchDoc(
        view.url,
        view.title,
        sentences(text),
        day,
        str(view.category),
        view.card.accounts,
        view.kind,
        view.index_no,
        alert=alert,
        head=f"{view.summary}\n{'；'.join(filter(None, _facts(view, registers)))}",
    )


def _facts(view: PostView, registers: Registers) -> Iterator[str]:
    """The facts that the page of a post prints, in words; its times apart."""
    yield from (*view.tags, view.kind, view.short_category, view.card.doc_no)
    if department := registers.departments.get(view.card.department):
        yield department.name_on(view.id)
    yield from (account.name for account in view.accounts)
    if alert := view.alert:
        yield from (alert.words, alert.issuer, *alert.areas)


def erased_search(ctx: RenderContext) -> Iterator[Unit]:
    """A part for every year with erased posts: title, number and the day their ids begin with."""
    posts = sorted(erased(ctx), key=lambda e: e.post)
    for year, gone in groupby(posts, key=lambda e: e.post[:4]):
        part, docs = f"{year}-erased", [_erased_doc(ctx, each) for each in gone]
        key = ctx.key(part, repr(docs))
        make = partial(_files, part, docs)
        yield Unit(f"search:{part}", key, make, heads=(f"{FOLDER}{part}/{HEAD}",))


def _files(part: str, docs: Sequence[SearchDoc]) -> Iterator[File]:
    yield from build_part(part, docs).items()


def _erased_doc(ctx: RenderContext, each: records.Expunged) -> SearchDoc:
    number = index_number(each.post, ctx.site.archive.registers)
    url, day = url_of(each.post), each.post[:10]
    return SearchDoc(url, each.title, "", day, "", (), "", number, zh_names.ERASED)


def search_list(_ctx: RenderContext) -> Iterator[FinalUnit]:
    """search/index.json, from the heads of all parts."""

    def make(site: UnfinishedSite) -> Iterator[File]:
        heads = [site.read(path) for path in site.heads if path.startswith(FOLDER)]
        yield f"{FOLDER}index.json", build_manifest(heads)

    yield FinalUnit("search", make)
