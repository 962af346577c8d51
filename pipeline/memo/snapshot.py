"""What stands at a commit of main whose history passed, cached from one build to the next.

One row is the head. It names the commit, whose id stands for all input but three things: the
program, the erased posts, and the time of the run, held as the spans in which verdicts hold
(`Clock`). Each post has a row with its verdict and card, each publication a row with its values,
and the leaves of the publication log have one. A post that is refused or held has no row: every
build judges it anew. The head pins the rows by one digest, so no row of an earlier build passes for
one of this.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from operator import attrgetter
from typing import Any, NamedTuple

from pipeline.evidence.log.merkle import LeafRow
from pipeline.memo.store import Rows, SealedStore
from pipeline.memo.tracked_archive import Queries
from pipeline.memo.verdict_cache import KIND as OUTCOMES
from pipeline.memo.verdict_cache import NotKept, VerdictCodec, as_json, of_json
from pipeline.model.calendar import FIRST, NEVER, Span
from pipeline.model.cards import Card, Counts, Shown
from pipeline.model.findings import Verdict
from pipeline.model.records import Publication
from pipeline.source.content.paths import POSTS
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Folders

HEAD, POST, PUBLICATION, LOG = "head", "post", "publication", "log"
"""Kinds of rows."""
_LEAVES = "leaves"
"""Key of the one row of kind `LOG`."""


@dataclass(frozen=True)
class PostRow:
    """A post that may be published: its verdict, and what the verdict depends on besides it."""

    post: str
    mark: tuple[str, Counts, tuple[int, int] | None]
    """Seal of its card, counts, and where its confirmation is in the log, as `Shown` has them."""
    moment: datetime
    """When it is to be published."""
    rare: tuple[str, ...]
    """The keys of `cards.RARE` that it states."""
    span: Span
    """The times of a run at which the verdict is this one."""
    queries: Queries
    body: "RowBody" = field(compare=False)

    @property
    def card(self) -> Card:
        return self.body.value[0]

    @property
    def verdict(self) -> Verdict:
        """None of its findings forbids to publish."""
        return self.body.value[1]

    @property
    def shown(self) -> Shown:
        return Shown(self.card, self.mark[1], self.mark[2])

    def at(self, position: tuple[int, int] | None) -> "PostRow":
        """The same post with its position in the log."""
        return replace(self, mark=(*self.mark[:2], position), body=RowBody(lambda: self.body.value))


@dataclass(eq=False)
class RowBody:
    """Card and verdict of a post, read lazily."""

    read: Callable[[], tuple[Card, Verdict]]
    raw: bytes = b""
    """The whole row as read; empty for a new one."""

    @cached_property
    def value(self) -> tuple[Card, Verdict]:
        return self.read()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as values: another process cannot read the row."""
        return _body, self.value


def _body(card: Card, verdict: Verdict) -> RowBody:
    return RowBody(lambda: (card, verdict))


def post_row(card: Card, counts: Counts, verdict: Verdict, span: Span, queries: Queries) -> PostRow:
    """The row of a post that this run judged."""
    mark, moment = (card.seal, counts, None), datetime.fromisoformat(card.moment)
    return PostRow(card.id, mark, moment, card.rare, span, queries, _body(card, verdict))


class PublicationRow(NamedTuple):
    """A publication that counts, and the bytes that its row holds."""

    value: Publication
    raw: bytes

    @classmethod
    def of(cls, publication: Publication) -> "PublicationRow":
        values = _values_of(publication)
        times = [v.isoformat() if v and n in _TIMES else v for n, v in enumerate(values)]
        return cls(publication, _encode(times))

    @classmethod
    def read(cls, raw: bytes) -> "PublicationRow":
        values = _decode(raw)
        for n in _TIMES:
            values[n] = values[n] and datetime.fromisoformat(values[n])
        return cls(Publication(*values), raw)


@dataclass(frozen=True)
class Snapshot:
    """The cached state of one commit of main."""

    commit: str = ""
    genesis: str = ""
    governance: str = ""
    """Digest of its governance (`load_governance.governance`)."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """`time_settings` of its policy."""
    span: Span = NEVER
    """The times of a run at which every change up to it passes."""
    entered: datetime = FIRST
    """When it came to main (`first_appearances.times`)."""
    ever: frozenset[str] = frozenset()
    """Folders of posts that history holds and the commit does not."""
    posts: Mapping[str, PostRow] = field(default_factory=dict)
    """Id → row, of the posts that may be published."""
    publications: Mapping[str, PublicationRow] = field(default_factory=dict)
    """Path → row, of the publications that count."""
    uncounted: Mapping[str, str] = field(default_factory=dict)
    """Path → git object id, of publication records that do not count: superseded or void."""
    log: Sequence[LeafRow] = ()
    """The leaves of the publication log, this build's own left out."""

    def ever_held(self, repository: Repository) -> Callable[[str], bool]:
        """Predicate: whether history up to the commit ever held the folder of a post."""
        standing = Folders(repository.tree(self.commit), POSTS)
        return lambda folder: folder in self.ever or folder in standing


NOTHING = Snapshot()


def read_snapshot(store: SealedStore | None, erased: str) -> Snapshot:
    """The snapshot of the last build; `NOTHING` when this program sealed none.

    `erased`: digest of the erased posts.
    """
    if store is None:
        return NOTHING
    kinds = HEAD, POST, PUBLICATION, LOG, OUTCOMES
    heads, posts, publications, log, outcomes = store.rows(*kinds)
    if erased not in heads:
        return NOTHING
    head = _decode(heads[erased])
    pinned, verdicts = head["pinned"], head["outcomes"]
    if pinned != _pin(posts, publications, log) or not outcomes.keys() >= set(verdicts):
        return NOTHING
    codec = VerdictCodec({digest: outcomes[digest] for digest in verdicts})
    commit, genesis, governance = head["commit"]
    low, high, entered = head["span"]
    return Snapshot(
        commit,
        genesis,
        governance,
        of_json(head["settings"]),
        Span.of(low, high),
        datetime.fromisoformat(entered),
        frozenset(head["ever"]),
        {row.post: row for row in (_post_of(raw, codec) for raw in posts.values())},
        {row.value.path: row for row in map(PublicationRow.read, publications.values())},
        head["uncounted"],
        tuple(LeafRow(*row) for row in _decode(log[_LEAVES])),
    )


def write_snapshot(store: SealedStore, erased: str, new: Snapshot, past: Snapshot) -> None:
    """Replace `past` by `new`: write the rows that changed, and the head that pins them all."""
    codec = VerdictCodec({})
    posts: dict[str, bytes] = {}
    fresh: set[str] = set()
    for post, row in new.posts.items():
        with suppress(NotKept):
            posts[_key(post)] = row.body.raw or _encoded_post(row, codec)
            if not row.body.raw:
                fresh.add(_key(post))
    publications = {_key(path): row.raw for path, row in new.publications.items()}
    old = {_key(path): row.raw for path, row in past.publications.items()}
    log = {_LEAVES: _encode(new.log)}
    head = {
        "commit": [new.commit, new.genesis, new.governance],
        "settings": as_json(new.settings),
        "span": [*new.span.as_json(), new.entered.isoformat()],
        "ever": sorted(new.ever),
        "uncounted": new.uncounted,
        "outcomes": sorted({_outcomes_of(raw) for raw in posts.values()}),
        "pinned": _pin(posts, publications, log),
    }
    put: dict[str, Rows] = {
        POST: {key: posts[key] for key in fresh},
        PUBLICATION: {key: raw for key, raw in publications.items() if old.get(key) != raw},
        LOG: log,
        OUTCOMES: codec.rows,
        HEAD: {erased: _encode(head)},
    }
    only = {POST: posts.keys(), PUBLICATION: publications.keys(), LOG: {_LEAVES}, HEAD: {erased}}
    store.write(put, only)


def _key(name: str) -> str:
    """A name as SQLite takes it, whatever bytes a path holds."""
    return name.encode("unicode_escape").decode("ascii")


def _pin(*kinds: Rows) -> str:
    """sha256 (hex) over all rows of some kinds, by key."""
    made = sha256()
    for rows in kinds:
        for key in sorted(rows):
            made.update(f"{key} {len(rows[key])}\n".encode() + rows[key])
    return made.hexdigest()


def _encode(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _decode(raw: bytes) -> Any:
    return json.loads(raw.decode("utf-8", "surrogatepass"))


def _encoded_post(row: PostRow, codec: VerdictCodec) -> bytes:
    """A line that every build reads, then a line with card and findings.

    Raises NotKept.
    """
    subject, outcomes, own, extra = codec.pack(row.verdict)
    queries = [sorted(q) for q in (row.queries.kinds, row.queries.members, row.queries.missing)]
    head = [outcomes, row.post, *row.mark, row.moment.isoformat(), row.rare]
    head += [*row.span.as_json(), queries]
    return _encode(head) + b"\n" + _encode([row.card, [subject, own, extra]])


def _outcomes_of(raw: bytes) -> str:
    """The digest of outcomes that an encoded row begins with."""
    return raw[2 : raw.index(b'"', 2)].decode()


def _post_of(raw: bytes, codec: VerdictCodec) -> PostRow:
    head = _decode(raw.partition(b"\n")[0])
    outcomes, post, seal, counts, position, moment, rare, low, high, queries = head
    mark = seal, Counts(*counts), tuple(position) if position else None

    def read() -> tuple[Card, Verdict]:
        card, (subject, own, extra) = _decode(raw[raw.index(b"\n") :])
        return Card(*map(_tuples, card)), codec.unpack([subject, outcomes, own, extra])

    return PostRow(
        post, mark, datetime.fromisoformat(moment), tuple(rare), Span.of(low, high),
        Queries("", *map(set, queries)), RowBody(read, raw),
    )  # fmt: skip


def _tuples(value: Any) -> Any:
    """A value of a card out of its JSON: lists become tuples again."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


_TIMES = (6, 9, 19)  # published_at, recorded_at, removed_at
_values_of = attrgetter(*(f.name for f in fields(Publication)))  # astuple copies deeply: 50 µs each
