"""What a run keeps for the next one can be written by nobody else."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.memo.sealed import Sealed, own_key

KEY = bytes(range(32))


@pytest.fixture
def sealed(tmp_path: Path) -> Sealed:
    return Sealed(tmp_path / "kept", KEY)


def test_what_was_written_is_read(sealed: Sealed) -> None:
    sealed.write("a", b"one")
    sealed.write("a", b"two")
    assert sealed.read("a") == b"two"
    assert [p.name for p in sealed.folder.iterdir()] == ["a"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 200), mask=st.integers(1, 255))
def test_no_altered_byte_is_read(sealed: Sealed, at: int, mask: int) -> None:
    sealed.write("a", b"what a run found out")
    path = sealed.folder / "a"
    raw = bytearray(path.read_bytes())
    raw[at % len(raw)] ^= mask
    path.write_bytes(raw)
    assert sealed.read("a") is None


@pytest.mark.parametrize("cut", [0, 1, 63, 64, 65])
def test_no_part_is_read(sealed: Sealed, cut: int) -> None:
    sealed.write("a", b"what a run found out")
    path = sealed.folder / "a"
    path.write_bytes(path.read_bytes()[:cut])
    assert sealed.read("a") is None


def test_a_file_under_another_name_or_of_another_key_is_not_read(sealed: Sealed) -> None:
    sealed.write("a", b"one")
    (sealed.folder / "a").rename(sealed.folder / "b")
    assert sealed.read("b") is None
    sealed.write("a", b"one")
    assert Sealed(sealed.folder, bytes(32)).read("a") is None


def test_links_pipes_and_folders_are_not_read(sealed: Sealed, tmp_path: Path) -> None:
    sealed.write("a", b"one")
    (sealed.folder / "link").symlink_to(sealed.folder / "a")
    os.mkfifo(sealed.folder / "pipe")
    (sealed.folder / "folder").mkdir()
    assert [sealed.read(n) for n in ("link", "pipe", "folder", "none")] == [None] * 4
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "elsewhere")
    Sealed(tmp_path / "linked", KEY).write("a", b"one")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_what_other_code_kept_of_a_kind_goes(sealed: Sealed) -> None:
    for name in ("stood-1", "changes-1", "stood-2"):
        sealed.write(name, b"one")
    assert sorted(p.name for p in sealed.folder.iterdir()) == ["changes-1", "stood-2"]


def test_files_of_a_kind_can_lie_beside_each_other(sealed: Sealed) -> None:
    assert all(sealed.put(name, b"one") for name in ("log-1", "log-2", "log-3", "logs-1"))
    sealed.only("log", {"log-2", "log-4"})
    assert sorted(p.name for p in sealed.folder.iterdir()) == ["log-2", "logs-1"]
    assert sealed.read("log-2") == b"one"


def test_nothing_is_removed_where_a_link_leads(sealed: Sealed, tmp_path: Path) -> None:
    sealed.put("log-1", b"one")
    sealed.put(".log-1.999999999.0", b"")
    linked = Sealed(tmp_path / "linked", KEY)
    linked.folder.symlink_to(sealed.folder)
    linked.only("log", ())
    assert not linked.put("log-2", b"one")
    linked.write("log-2", b"one")
    assert sorted(p.name for p in sealed.folder.iterdir()) == [".log-1.999999999.0", "log-1"]
    sealed.write("log-1", b"two")
    assert [p.name for p in sealed.folder.iterdir()] == ["log-1"]


def test_a_folder_that_cannot_be_made_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    kept = Sealed(tmp_path / "file" / "kept", KEY)
    kept.write("a", b"one")
    kept.only("a", ())
    assert not kept.put("a", b"one")
    assert kept.read("a") is None


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
