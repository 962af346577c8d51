"""What a run keeps for the next one can be written by no one else, and may go at any time."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.memo import store as store_module
from pipeline.memo.store import FILE, SealedStore, own_key
from pipeline.workers import spread
from tests.memo.spoil import edit, rows

KEY = bytes(range(32))


@pytest.fixture
def store(tmp_path: Path) -> SealedStore:
    made = SealedStore(tmp_path / "kept", KEY)
    assert made.write({"post": {"a": b"one", "b": b"two"}, "log": {"a": b"three"}}, {})
    return made


def again(store: SealedStore) -> SealedStore:
    """As another run opens it."""
    return SealedStore(store.folder, store.key)


def test_what_was_written_is_read(store: SealedStore) -> None:
    assert again(store).get("post", "a") == b"one"
    assert rows(again(store), "post", "log", "none") == [
        {"a": b"one", "b": b"two"},
        {"a": b"three"},
        {},
    ]
    assert store.write({"post": {"a": b"four"}}, {"post": {"a"}})
    assert rows(again(store), "post", "log") == [{"a": b"four"}, {"a": b"three"}]
    store.keep("shell-1", b"x")
    store.keep("shell-2", b"y")
    assert [store.find(name) for name in ("shell-1", "shell-2")] == [None, b"y"]


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE row SET value = CAST('six' AS BLOB) WHERE kind = 'post' AND key = 'a'",
        "UPDATE row SET seal = zeroblob(32) WHERE kind = 'post' AND key = 'a'",
        "UPDATE row SET seal = 'text' WHERE kind = 'post' AND key = 'a'",
        "UPDATE row SET value = 'one' WHERE kind = 'post' AND key = 'a'",
        "DELETE FROM row WHERE kind = 'post' AND key = 'a'",
    ],
)
def test_an_altered_row_is_absent_and_the_others_stay(store: SealedStore, forged: str) -> None:
    edit(store, forged)
    assert rows(again(store), "post") == [{"b": b"two"}]
    assert again(store).get("post", "a") is None


@pytest.mark.parametrize("column", ["kind", "key"])
def test_a_row_under_another_name_is_absent(store: SealedStore, column: str) -> None:
    edit(store, f"UPDATE row SET {column} = 'other' WHERE kind = 'log'")
    assert rows(again(store), "log", "other") == [{}, {}]


def test_a_row_of_another_key_or_program_is_absent(
    store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rows(SealedStore(store.folder, bytes(32)), "post") == [{}]
    monkeypatch.setattr(store_module, "code_digest", lambda: "f" * 64)
    assert rows(again(store), "post") == [{}]
    assert again(store).write({"post": {"c": b"three"}}, {})
    monkeypatch.undo()
    assert rows(again(store), "post", "log") == [{}, {}]  # removed, not only unread


@pytest.mark.parametrize("at", range(0, 20_480, 601))
def test_no_altered_byte_changes_a_value(store: SealedStore, at: int) -> None:
    raw = bytearray((store.folder / FILE).read_bytes())
    raw[at % len(raw)] ^= 0xFF
    (store.folder / FILE).write_bytes(raw)
    for kind, key, value in (("post", "a", b"one"), ("post", "b", b"two"), ("log", "a", b"three")):
        assert again(store).get(kind, key) in (value, None)


@pytest.mark.parametrize("cut", [0, 1, 100, 4096, 5000])
def test_a_cut_file_is_absent_and_is_made_again(store: SealedStore, cut: int) -> None:
    path = store.folder / FILE
    path.write_bytes(path.read_bytes()[:cut])
    assert rows(again(store), "post") == [{}]
    assert again(store).write({"post": {"a": b"new"}}, {})
    assert rows(again(store), "post") == [{"a": b"new"}]


@pytest.mark.parametrize(
    "schema",
    [
        "CREATE VIEW other AS SELECT * FROM row",
        "CREATE TRIGGER hand AFTER INSERT ON row BEGIN DELETE FROM row; END",
    ],
)
def test_a_file_with_more_than_our_table_is_not_read(store: SealedStore, schema: str) -> None:
    edit(store, schema)
    assert rows(again(store), "post") == [{}]
    assert again(store).write({"post": {"a": b"new"}}, {})
    assert rows(again(store), "post") == [{"a": b"new"}]


def _deleted(path: Path) -> None:
    path.unlink()


def _restored(path: Path) -> None:
    raw = path.read_bytes()
    path.unlink()
    path.write_bytes(raw[:0])


@pytest.mark.parametrize("harm", [_deleted, _restored])
def test_an_open_store_sees_that_its_file_is_another(
    store: SealedStore, harm: Callable[[Path], None]
) -> None:
    assert store.get("post", "a") == b"one"
    harm(store.folder / FILE)
    assert store.get("post", "a") is None
    assert store.write({"post": {"a": b"new"}}, {})
    assert again(store).get("post", "a") == b"new"


def test_links_pipes_and_folders_are_left_alone(store: SealedStore, tmp_path: Path) -> None:
    linked = SealedStore(tmp_path / "linked", KEY)
    linked.folder.symlink_to(store.folder)
    assert rows(linked, "post") == [{}]
    assert not linked.write({"post": {"c": b"x"}}, {"post": set()})
    path = store.folder / FILE
    path.rename(tmp_path / "elsewhere")
    for lay in (
        lambda: path.symlink_to(tmp_path / "elsewhere"),
        lambda: os.mkfifo(path),
        path.mkdir,
    ):
        lay()
        assert rows(again(store), "post") == [{}]
        assert not again(store).write({"post": {"c": b"x"}}, {"post": set()})
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    (tmp_path / "elsewhere").rename(path)
    assert rows(again(store), "post") == [{"a": b"one", "b": b"two"}]


def test_a_store_that_cannot_be_made_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    kept = SealedStore(tmp_path / "file" / "kept", KEY)
    assert not kept.write({"post": {"a": b"one"}}, {"post": set()})
    assert kept.get("post", "a") is None


def test_while_another_process_writes_rows_are_absent(
    store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_WAIT", 0)
    other = sqlite3.connect(store.folder / FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert rows(again(store), "post") == [{}]
    assert not again(store).write({"post": {"a": b"x"}}, {})
    other.execute("ROLLBACK")
    assert again(store).get("post", "a") == b"one"
    other.close()


def test_a_full_disk_leaves_what_was_there(
    store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store.get("post", "a") == b"one"
    connect = sqlite3.connect

    def full(*given: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*given, **options)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        return connection

    monkeypatch.setattr(sqlite3, "connect", full)
    assert not store.write({"post": {"a": b"x", "big": bytes(100_000)}}, {"log": set()})
    monkeypatch.undo()
    assert rows(again(store), "post", "log") == [{"a": b"one", "b": b"two"}, {"a": b"three"}]


def test_nothing_but_a_plain_file_is_opened(store: SealedStore) -> None:
    """A pipe would wait for whoever writes into it."""
    (store.folder / FILE).unlink()
    os.mkfifo(store.folder / FILE)
    assert store.get("post", "a") is None
    assert not store.write({"post": {"a": b"x"}}, {})


def test_forked_workers_read_and_write_the_same_file(
    store: SealedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_WAIT", 600)  # a busy machine may hold one up

    def work(number: int) -> bool:
        assert store.get("post", "a") == b"one"
        return store.write({"post": {str(number): b"x"}}, {})

    assert store.get("post", "a") == b"one"
    assert all(spread(range(20), work, 2, few=1))
    assert len(rows(store, "post")[0]) == 22


def test_the_key_is_made_once_and_is_the_callers_alone(tmp_path: Path) -> None:
    place = tmp_path / "state" / "seal.key"
    key = own_key(place)
    assert key is not None
    assert len(key) == 32
    assert own_key(place) == key
    assert place.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("path", "mode"), [("state/seal.key", 0o644), ("state", 0o777)])
def test_a_key_that_others_can_reach_is_none(tmp_path: Path, path: str, mode: int) -> None:
    place = tmp_path / "state" / "seal.key"
    assert own_key(place)
    (tmp_path / path).chmod(mode)
    assert own_key(place) is None


def test_a_key_of_another_length_or_a_link_is_none(tmp_path: Path) -> None:
    place = tmp_path / "state" / "seal.key"
    assert own_key(place)
    place.write_bytes(b"short")
    assert own_key(place) is None
    place.rename(tmp_path / "other")
    (tmp_path / "other").write_bytes(bytes(32))
    place.symlink_to(tmp_path / "other")
    assert own_key(place) is None
