"""A log as static files (C2SP tlog-tiles)."""

import pytest

from pipeline.evidence.log import merkle, tiles
from pipeline.evidence.log.leaves import make_log
from pipeline.evidence.log.merkle import Leaf, Log


def _log(size: int) -> Log:
    return make_log(
        "archive.example/a",
        (Leaf("publication", f"p{i}", f"{i:064x}", "", i) for i in range(1, size + 1)),
    )


@pytest.mark.parametrize(
    ("level", "index", "width", "path"),
    [
        (0, 0, 256, "tile/0/000"),
        (0, 5, 7, "tile/0/005.p/7"),
        (3, 1234067, 256, "tile/3/x001/x234/067"),
        ("entries", 1000, 1, "tile/entries/x001/000.p/1"),
    ],
)
def test_names_of_tiles(level: int | str, index: int, width: int, path: str) -> None:
    assert tiles.tile_path(level, index, width) == path


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 600])
def test_tiles_hold_the_whole_tree(size: int) -> None:
    log = _log(size)
    files = dict(tiles.tiles(log))
    assert tiles.read_entries(files.get, size) == tuple(x.data for x in log.leaves)
    hashes: list[bytes] = []
    for index, width in tiles.spans(size):
        found = _hashes(files[tiles.tile_path(0, index, width)])
        assert len(found) == width
        hashes += found
    assert merkle.root(merkle.grow(hashes)) == merkle.root(log.levels)
    assert ("tile/1/000.p/1" in files) == (256 <= size < 512)
    assert all(files.values()), "no empty tile stands for what is not there"
    if size == 600:
        assert _hashes(files["tile/1/000.p/2"]) == [*log.levels[8]]


def _hashes(tile: bytes) -> list[bytes]:
    assert len(tile) % 32 == 0
    return [tile[at : at + 32] for at in range(0, len(tile), 32)]


def test_a_bundle_that_is_cut_missing_or_too_long_is_named() -> None:
    files = dict(tiles.tiles(_log(300)))
    second = "tile/entries/001.p/44"
    for broken in (files[second][:-1], files[second] + b"\0", files[second] + b"\0\0", b"", None):
        assert tiles.read_entries((files | {second: broken}).get, 300) == second


def test_an_entry_that_does_not_fit_is_refused() -> None:
    with pytest.raises(OverflowError):
        tiles.pack_entry(b"x" * 65_536)


def test_an_entry_without_bytes_is_one_too() -> None:
    assert tiles.unpack_entries(tiles.pack_entry(b"x") + tiles.pack_entry(b"")) == (b"x", b"")


@pytest.mark.parametrize(("more", "read"), [(0, True), (1, False)])
def test_an_entry_has_a_largest_size(more: int, read: bool) -> None:
    data = b"x" * (tiles.MAX_LEAF + more)
    assert tiles.unpack_entries(tiles.pack_entry(data)) == ((data,) if read else None)


@pytest.mark.parametrize("written", [b"{ }", b'{"kind": "confirmation",  "record": "r"}', b"\xff"])
def test_a_published_leaf_keeps_its_bytes_however_they_are_written(written: bytes) -> None:
    (leaf,) = tiles.log_of_entries("archive.example", (written,), ((),)).leaves
    assert leaf.data == written
