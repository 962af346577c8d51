"""A log that goes on from what the last build kept is the log made anew from history."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.evidence.log.checkpoint import Checkpoint
from pipeline.evidence.log.leaves import follows, leaf_of, make_log, prove
from pipeline.evidence.log.merkle import BUILD, LeafRow, Log, root
from pipeline.evidence.log.tiles import HEIGHT, WIDTH, tiles
from pipeline.memo.log_cache import KIND, CachedLog, Outline, outline_of
from pipeline.memo.store import FILE, SealedStore
from pipeline.publish.publication_log import publication_log
from pipeline.source.program import running
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF
from tests.memo.spoil import flip, lose, raw_rows, replace

ORIGIN = "archive.example/a"
KINDS = ("confirmation", "publication", "expunge", "correction")


@dataclass
class Kept:
    """What lies in a folder from one build to the next, and all that was ever in the log."""

    store: SealedStore
    outline: Outline = field(default_factory=Outline)
    places: list[LeafRow] = field(default_factory=list)
    again: int = 0
    """How often the log was made anew from history."""

    def grow(self, new: Sequence[LeafRow]) -> tuple[Log, Log]:
        """The log with more leaves as a build finds it, which keeps it; and the whole made anew."""
        log, kept = self.opened(new)
        self.outline = outline_of(json.loads(json.dumps(kept.plus(log, ()))))
        self.store.write({}, {KIND: self.outline.keys})
        self.places += new
        return log, make_log(ORIGIN, map(leaf_of, self.places))

    def opened(self, new: Sequence[LeafRow] = ()) -> tuple[Log, CachedLog]:
        kept = CachedLog("c", self.outline, self.store, cache(partial(self._anew, [*self.places])))
        return kept.log(ORIGIN, map(leaf_of, new)), kept

    def _anew(self, places: list[LeafRow]) -> Log:
        self.again += 1
        return make_log(ORIGIN, map(leaf_of, places))


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(SealedStore(tmp_path / "kept", bytes(32)))


def _new(draw: random.Random, size: int, count: int) -> list[LeafRow]:
    """Leaves of one change; of records that come again, some in the same change."""
    records = [sha256(b"%d" % draw.randrange(4 * (size + 1))).hexdigest() for _ in range(count)]
    return [
        LeafRow(draw.choice(KINDS), f"content/{n}-\udc80", r, f"post-{n}", size + count)
        for n, r in enumerate(records, size)
    ]


def _agree(log: Log, cold: Log, draw: random.Random) -> None:
    assert log.size == cold.size
    assert dict(tiles(log)) == dict(tiles(cold))
    assert tuple(log.leaves) == cold.leaves
    assert tuple(map(tuple, log.levels)) == cold.levels
    size = draw.randint(0, log.size)
    assert root(log.levels, size) == root(cold.levels, size)
    assert follows(log, Checkpoint(ORIGIN, size, root(cold.levels, size), ())) is None
    for record in {x.record for x in cold.leaves} | {"", "0" * 64}:
        assert prove(log, record) == prove(cold, record)
        assert log.places.get(record) == cold.places.get(record)


BATCHES = st.lists(
    st.one_of(st.integers(0, 5), st.sampled_from([WIDTH - 1, WIDTH, WIDTH + 1, 600])), max_size=6
)
_SETTINGS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)


@_SETTINGS
@given(batches=BATCHES, seed=st.integers())
def test_grown_by_any_batches_it_is_the_log_of_all(
    kept: Kept, batches: list[int], seed: int
) -> None:
    kept, draw = Kept(kept.store), random.Random(seed)
    for count in (*batches, 0):
        _agree(*kept.grow(_new(draw, len(kept.places), count)), draw)
    assert kept.again == 0
    assert raw_rows(kept.store, KIND).keys() == kept.outline.keys - {""}
    assert len(kept.outline.rest) == len(kept.places) % WIDTH


def _cut(kept: SealedStore, key: str, draw: random.Random) -> None:
    seal, value = raw_rows(kept, KIND)[key]
    replace(kept, KIND, key, (seal, value[: draw.randrange(len(value))]))


def _exchange(kept: SealedStore, key: str, draw: random.Random) -> None:
    rows = raw_rows(kept, KIND)
    others = [row for other, row in rows.items() if other != key]
    replace(kept, KIND, key, draw.choice(others) if others else (b"", b""))


def _seal(kept: SealedStore, key: str, draw: random.Random) -> None:
    other = SealedStore(kept.folder, b"another key of 32 bytes is here!")
    other.write({KIND: {key: b"[]"}}, {})


def _flip(kept: SealedStore, key: str, draw: random.Random) -> None:
    flip(kept, KIND, key)


def _lose(kept: SealedStore, key: str, draw: random.Random) -> None:
    lose(kept, KIND, key)


HARMS = [_flip, _cut, _exchange, _seal, _lose]


@_SETTINGS
@given(batches=BATCHES, seed=st.integers())
def test_a_row_that_was_spoilt_counts_for_nothing_and_is_made_again(
    kept: Kept, batches: list[int], seed: int
) -> None:
    kept, draw = Kept(kept.store), random.Random(seed)
    kept.grow(_new(draw, 0, WIDTH))
    for count in batches:
        names = sorted(kept.outline.keys)
        for name in draw.sample(names, draw.randint(1, len(names))):
            draw.choice(HARMS)(kept.store, name, draw)
        before = kept.again
        _agree(*kept.grow(_new(draw, len(kept.places), count)), draw)
        assert kept.again == before + 1
        _agree(*kept.grow([]), draw)
        assert kept.again == before + 1


def test_a_new_leaf_opens_no_block(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(1)
    kept.grow(_new(draw, 0, 3 * WIDTH + 5))
    read: list[str] = []
    plain = SealedStore.get
    monkeypatch.setattr(SealedStore, "get", lambda s, k, key: read.append(key) or plain(s, k, key))
    log, _ = kept.grow([("confirmation", "", "f" * 64, "", 3 * WIDTH + 6)])
    assert prove(log, "f" * 64) is not None
    assert log.places.get("e" * 64) is None
    assert root(log.levels)
    assert log.levels[HEIGHT][2]
    assert read == [kept.outline.records]
    assert log.leaves[WIDTH]
    assert read[1:] == [kept.outline.blocks[1][0]]


def test_where_nothing_can_be_written_the_log_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    kept, draw = Kept(SealedStore(tmp_path / "file" / "kept", bytes(32))), random.Random(2)
    for count in (300, 1, 300):
        _agree(*kept.grow(_new(draw, len(kept.places), count)), draw)


def test_from_real_history_it_is_the_same_and_lost_rows_are_made_again(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    """Records of any bytes, changed and brought back, with their signatures at other times."""
    draw, store = random.Random(3), SealedStore(tmp_path / "kept", bytes(32))
    repository, outline, commit = archive.open(), Outline(), ""
    builds: list[LeafRow] = []
    names = [f"content/records/publications/2026/2026-11-05.wx.{n}.json" for n in range(200)]
    for count in (150, 3, 180, 0, 2, 0):
        for path in draw.sample(names, count):
            archive.write(path, b"%d" % draw.randrange(3))
            archive.write(f"{path}.sig", b"%d" % draw.randrange(3))
        if count:
            archive.commit("登记", "gly-a")
        head = archive.head()
        assert outline.fits(builds)
        anew = cache(partial(publication_log, repository, commit, ORIGIN, None, tuple(builds)))
        kept = CachedLog(commit, outline, store, anew)
        log, cold = (publication_log(repository, head, ORIGIN, k, builds) for k in (kept, None))
        _agree(log, cold, draw)
        outline, commit = kept.plus(log, builds), head
        made = running().stated if count else ""
        builds.append(LeafRow(BUILD, head, "0" * 64, AS_OF.isoformat(), log.size + 1, made))
        if count == 2:
            (store.folder / FILE).unlink()
    assert len(outline.blocks) == 1
    assert not outline.fits(builds[1:])
    assert outline.keys == raw_rows(store, KIND).keys()
