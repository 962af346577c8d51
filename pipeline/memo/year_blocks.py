"""What is kept of the posts of one year: a block, written anew only when something in it changed,
and a few values that tell whether it needs to be read.
"""

import hashlib
import json
from collections.abc import Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import Any

from pipeline.memo.tracked_archive import Queries
from pipeline.memo.verdict_codec import NotKept, VerdictCodec
from pipeline.model.cards import Card
from pipeline.model.clock import Span
from pipeline.model.findings import Verdict
from pipeline.model.publications import Tally
from pipeline.model.records import Publication
from pipeline.model.year_volumes import Counts, Shown

KIND = "year"


@dataclass(frozen=True)
class Row:
    """One post that may be published."""

    told: Verdict | str
    """Its verdict, or the row of it (`verdict_rows`) in JSON, read when somebody asks."""
    card: Card
    counts: Counts
    span: Span
    """The times of a run at which the verdict is this one."""
    place: tuple[int, int] | None = None
    """As `Shown.place`."""
    codec: VerdictCodec | None = field(default=None, repr=False, compare=False)
    rest: str = field(default="", repr=False, compare=False)
    """All but `told`, as it was read and will be written again."""

    @property
    def verdict(self) -> Verdict:
        """The verdict: nothing of it forbids to publish."""
        if isinstance(self.told, Verdict):
            return self.told
        assert self.codec is not None
        return self.codec.unpack(json.loads(self.told))

    @property
    def shown(self) -> Shown:
        return Shown(self.card, self.counts, self.place)


@dataclass(frozen=True)
class Block:
    """What is known of the posts of a year."""

    rows: Mapping[str, Row] = field(default_factory=dict)
    """By id, of those that may be published."""
    publications: tuple[Publication, ...] = ()
    """Those that carry them, by path."""
    others: Mapping[str, str] = field(default_factory=dict)
    """Paths of their publication records that do not count, superseded or void → git's names of
    their bytes."""
    queries: Queries = field(default_factory=Queries)
    """What the verdicts of the rows asked for besides their posts."""


@dataclass(frozen=True)
class Year:
    """What is known of a block without reading it."""

    block: str
    """Name of its file, by what it holds."""
    posts: int
    """Rows in it."""
    whole: bool
    """There is a row for every post of the year, and all are shown."""
    span: Span
    """For which times of a run all that holds."""
    kinds: frozenset[str]
    missing: frozenset[str]
    """As in `Queries`; the members that were found are in the block."""
    bare: frozenset[str]
    """Posts that its publications carry and that are not there: erased ones."""
    rare: frozenset[str]
    """Keys of `cards.RARE` that a post of it states."""
    folders: tuple[str, str]
    """Git's objects of the folders of the year's posts and of their reviews."""
    cited: Mapping[str, tuple[Publication, ...]]
    """Post that a relay names → its publications: the duty to relay asks for them at every run."""
    updates: Tally
    mark: str
    """As `Volume.mark`."""
    content: str = field(default="", repr=False, compare=False)
    """The block as it is to be written; empty when the file is known to hold it."""

    def closed(self, moment: datetime, folders: tuple[str, str]) -> bool:
        """Whether nothing of it can have changed if no commit since touched a post of it."""
        return self.whole and self.span.holds(moment) and self.folders == folders


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def name_of(content: str) -> str:
    """The key of a block's row."""
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def told_block(block: Block) -> tuple[str, Set[str]]:
    """A block in lines of JSON, and the posts of the rows that can be written so.

    A line for all that is no row, then two for each row: those of most rows were read so.
    """
    codec = next((row.codec for row in block.rows.values() if row.codec), VerdictCodec({}))
    rows: dict[str, tuple[str, str]] = {}
    for post, row in block.rows.items():
        with suppress(NotKept):
            rows[post] = _lines(row, codec)
    head = [
        {digest: raw.decode() for digest, raw in codec.rows.items()},
        [record_of(p) for p in block.publications],
        sorted(block.others.items()),
        [sorted(block.queries.kinds), sorted(block.queries.members), sorted(block.queries.missing)],
    ]
    return "\n".join([_encode(head), *chain.from_iterable(rows.values())]), rows.keys()


def _lines(row: Row, codec: VerdictCodec) -> tuple[str, str]:
    """A row in two lines of JSON. Raises NotKept."""
    if isinstance(row.told, str) and row.rest:
        return row.told, row.rest
    rest = _encode([row.card, row.counts, *row.span.as_json(), row.place])
    return (
        row.told if isinstance(row.told, str) else _encode(codec.pack(row.told)),
        rest,
    )


def read_block(text: str) -> Block:
    """What `told_block` wrote."""
    head, *lines = text.split("\n")
    told, publications, others, queries = json.loads(head)
    codec = VerdictCodec({digest: raw.encode() for digest, raw in told.items()})
    rests = lines[1::2]
    read = zip(lines[::2], json.loads(f"[{','.join(rests)}]"), rests, strict=True)
    return Block(
        {rest[0][0]: _row(of, rest, codec, raw) for of, rest, raw in read},
        tuple(map(publication_of, publications)),
        dict(others),
        Queries("", *map(set, queries)),
    )


def _row(told: str, rest: list[Any], codec: VerdictCodec, raw: str) -> Row:
    card, counts, low, high, place = rest
    for n in _LISTS:
        card[n] = tuple(card[n])
    for n in _PAIRS:
        card[n] = tuple(map(tuple, card[n]))
    where = None if place is None else (place[0], place[1])
    return Row(told, Card(*card), Counts(*counts), Span.of(low, high), where, codec, raw)


_LISTS = [Card._fields.index(name) for name in ("accounts", "tags", "reviews", "rare")]
_PAIRS = [Card._fields.index(name) for name in ("files", "attachments")]


_TIMES = (6, 9)  # published_at, recorded_at
_all_of = attrgetter(*(f.name for f in fields(Publication)))  # astuple copies deeply: 50 µs each


def record_of(publication: Publication) -> list[Any]:
    """A publication in values of JSON."""
    return [v.isoformat() if n in _TIMES else v for n, v in enumerate(_all_of(publication))]


def publication_of(told: list[Any]) -> Publication:
    """What `record_of` was given."""
    for n in _TIMES:
        told[n] = datetime.fromisoformat(told[n])
    return Publication(*told)
