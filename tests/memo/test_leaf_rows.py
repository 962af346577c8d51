"""A log whose leaves lie in rows is the log of its leaves, and no row passes for another."""

import pickle
import random
from functools import cache, partial
from typing import cast

import pytest

from pipeline.evidence.log.leaves import make_log, prove
from pipeline.evidence.log.merkle import BUILD, Leaf, Levels
from pipeline.memo import leaf_rows
from pipeline.memo.leaf_rows import LeafRows


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaf_rows, "ROW", 4)


def _leaf(number: int, kind: str = "confirmation") -> Leaf:
    return Leaf(kind, f"p/{number}", f"{number % 37:064x}", "", number + 1)


def _read(store: dict[str, bytes], asked: list[str], key: str) -> tuple[Leaf, ...]:
    asked.append(key)
    leaves: tuple[Leaf, ...] = pickle.loads(store[key])
    return leaves


@pytest.mark.parametrize("seed", range(4))
def test_it_holds_what_a_tuple_holds_however_it_grew(seed: int) -> None:
    draw = random.Random(seed)
    rows, every, store = LeafRows(), tuple[Leaf, ...](), dict[str, bytes]()
    levels = cast(Levels, ((),))
    for count in (0, 3, 1, 9, 0, 4, 17, 2):
        new = [_leaf(len(every) + n, draw.choice((BUILD, "update"))) for n in range(count)]
        log, plain = make_log("o", rows.followed_by(new), levels), make_log("o", (*every, *new))
        every = (*every, *new)
        assert (tuple(log.leaves), log.levels, log.places) == (every, plain.levels, plain.places)
        assert [prove(log, x.record) for x in every] == [prove(plain, x.record) for x in every]
        stored, raws = rows.followed_by(new).in_rows()
        assert store.keys().isdisjoint(raws), "a row is written once"
        store |= raws
        rows, levels = pickle.loads(pickle.dumps(stored)), log.levels
        asked: list[str] = []
        rows.read = cache(partial(_read, store, asked))
        assert rows.builds == [leaf for leaf in every if leaf.kind == BUILD]
        assert len(rows) == len(every) and len(rows.rest) < 4
        assert rows[len(every) - len(rows.rest) :] == rows.rest
        assert not asked, "no row was needed for it"
        for _ in range(6):
            at = draw.randrange(-40, 40)
            some = slice(draw.randrange(-40, 40), draw.randrange(-40, 40), draw.choice((1, 3, -1)))
            assert rows[some] == every[some]
            if -len(every) <= at < len(every):
                assert rows[at] == every[at]
            else:
                with pytest.raises(IndexError):
                    rows[at]
        assert list(rows) == list(every) and len(set(asked)) == len(asked) == len(rows.keys)


def test_equal_leaves_in_another_row_have_another_name() -> None:
    same = [_leaf(0)] * 8
    _, raws = LeafRows().followed_by(same).in_rows()
    assert len(raws) == 2 and len({*raws.values()}) == 1
