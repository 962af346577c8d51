"""Writing: the old site stays until the new one is whole; other people's files are left alone."""

import errno
import os
from pathlib import Path

import pytest
from filelock import FileLock

from pipeline.errors import Fault
from pipeline.site import output_folder, state
from pipeline.site.output_folder import (
    MARKER,
    Staging,
    building_into,
    finish_swap,
    os_errors_as_faults,
    staging_of,
    state_name,
)
from pipeline.site.state import SiteState, SpoiledState
from pipeline.site.units import UnitFiles
from tests.builders.named import refuses
from tests.site import killing
from tests.site.conftest import tree


def unit(staging: Staging, **files: bytes) -> UnitFiles:
    """A unit of plain files, written into a tree."""
    rows = [staging.put((f"{name}.html", data)) for name, data in files.items()]
    lines = "".join(f"{digest}  {path}\n" for path, digest, _ in rows)
    return UnitFiles("", sum(size for *_, size in rows), lines)


def begun(out: Path) -> Staging:
    """The staging tree of a build that looks at all the site has."""
    present = state.load(state.beside(out), state_name(out))
    staging = output_folder.begin(out, present)
    units = present.units("group") if present else {}
    for files in units.values():
        staging.old.update(files.files)
    return staging


def write(out: Path, **files: bytes) -> None:
    """One build of plain files, as `build` does it."""
    with building_into(out):
        staging = begun(out)
        made = {"unit": unit(staging, **files)}
        staging.claim(made["unit"])
        groups = {"group": state.built_group("", made, (), None)}
        new = SiteState(groups, {"group": state.line_of(made)})
        new.save(state.beside(out))
        staging.finish(new.digest, "note")


def pages(folder: Path) -> dict[str, bytes]:
    return {name: data for name, data in tree(folder).items() if name != MARKER}


def test_a_site_replaces_the_one_before(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, index=b"old", gone=b"x")
    for wanted in (
        {"index": b"new"},
        {"index": b"newer", "more": b"y"},
        {"other": b"z", "more": b"y"},
    ):
        write(out, **wanted)
        assert pages(out) == {f"{name}.html": data for name, data in wanted.items()}
        assert tree(staging_of(out)) == tree(out)


def test_what_did_not_change_is_the_same_file_and_is_never_written_into(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, index=b"a", same=b"same")
    first = (out / "same.html").stat().st_ino
    write(out, index=b"b", same=b"same")
    assert (out / "same.html").stat().st_ino == first
    with (out / "same.html").open("rb") as served:
        write(out, index=b"c", same=b"other")
        assert served.read() == b"same"


def test_where_files_cannot_be_shared_they_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    write(out, index=b"a", same=b"same")

    def refuse(*_args: object) -> None:
        raise PermissionError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    for text in (b"b", b"c"):
        write(out, index=text, same=b"same")
        assert pages(out) == {"index.html": text, "same.html": b"same"}


def test_foreign_files_are_refused_and_left(tmp_path: Path) -> None:
    for place in (tmp_path / "out", staging_of(tmp_path / "site")):
        place.mkdir()
        (place / "thesis.doc").write_bytes(b"years of work")
    for name in ("out", "site"):
        with refuses("output-not-ours"):
            write(tmp_path / name, index=b"new")
    for place in (tmp_path / "out", staging_of(tmp_path / "site")):
        assert tree(place) == {"thesis.doc": b"years of work"}


def test_an_empty_folder_is_taken_and_a_file_or_link_is_not(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write(tmp_path / "empty", index=b"new")
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    (tmp_path / "file").write_bytes(b"mine")
    for name in ("link", "file"):
        with pytest.raises(Fault, match="not a folder"):
            write(tmp_path / name, index=b"newer")
    assert (tmp_path / "empty/index.html").read_bytes() == b"new"


@pytest.mark.parametrize("name", ["../index.html", "/index.html", MARKER, "", "a/../../b", "a\nb"])
def test_no_page_leaves_the_folder(tmp_path: Path, name: str) -> None:
    draft = output_folder.begin(tmp_path / "out", None)
    with refuses("page-path-taken"):
        draft.put((name, b"x"))
    assert {p.name for p in tmp_path.iterdir()} == {".out.next"}


def test_two_pages_of_one_path_are_refused(tmp_path: Path) -> None:
    staging = output_folder.begin(tmp_path / "out", None)
    staging.put(("a.html", b"x"))
    with pytest.raises(Fault, match="Two pages"):
        staging.put(("a.html", b"y"))


def test_two_pages_of_one_path_are_refused_where_the_site_before_had_one(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for text in (b"older", b"old"):
        write(out, a=text)
    staging = begun(out)
    staging.claim(unit(staging, a=b"x"))
    with pytest.raises(Fault, match="Two pages"):
        staging.claim(unit(staging, a=b"y"))


def test_nothing_is_built_upon_a_site_that_misses_a_file(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, a=b"a", b=b"b")
    (out / "b.html").unlink()
    with pytest.raises(SpoiledState):
        begun(out)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "disk is full"),
        (errno.EROFS, "cannot be written"),
        (errno.EIO, "failed"),
    ],
)
def test_what_the_system_refuses_is_a_fault(tmp_path: Path, number: int, words: str) -> None:
    with pytest.raises(Fault, match=words), os_errors_as_faults(tmp_path):
        raise OSError(number, os.strerror(number))


def test_without_exchange_the_swap_is_three_renames(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output_folder, "_swap_at_once", lambda _one, _other: False)
    write(tmp_path / "out", index=b"old")
    write(tmp_path / "out", index=b"new")
    assert pages(tmp_path / "out") == {"index.html": b"new"}
    assert tree(staging_of(tmp_path / "out")) == tree(tmp_path / "out")


@pytest.mark.parametrize("killed_after", [1, 2])
def test_killed_between_the_renames_the_next_build_finds_its_trees(
    tmp_path: Path, killed_after: int
) -> None:
    out = tmp_path / "out"
    for text in (b"older", b"old"):
        write(out, index=text)
    fresh = staging_of(out)
    (fresh / "index.html").unlink()  # as it is before it is brought up to date
    (fresh / "index.html").write_bytes(b"older")
    aside = fresh.with_name(f"{fresh.name}.old")
    out.rename(aside)
    if killed_after == 2:
        fresh.rename(out)
    finish_swap(fresh, out)
    assert not aside.exists()
    assert {pages(out)["index.html"], pages(fresh)["index.html"]} == {b"older", b"old"}
    write(out, index=b"new")
    assert pages(out) == {"index.html": b"new"}


def test_an_unfinished_tree_is_not_built_upon(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(out, index=b"old", same=b"same")
    begun(out).put(("half.html", b"of a build that was killed"))
    write(out, index=b"new", same=b"same")
    assert pages(out) == {"index.html": b"new", "same.html": b"same"}


@pytest.mark.parametrize("words", [b"", b"unfin", b"unfinished\n"])
def test_a_build_killed_at_its_first_word_stops_none_after_it(tmp_path: Path, words: bytes) -> None:
    """So leaves it a disk that is full from the start."""
    out = tmp_path / "out"
    write(out, index=b"old")
    output_folder.remove(staging_of(out))
    staging_of(out).mkdir()
    (staging_of(out) / f".{MARKER}.new").write_bytes(words)
    write(out, index=b"new")
    assert pages(out) == {"index.html": b"new"}


def test_a_full_disk_leaves_nothing_that_stops_the_next_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "no space")

    write(tmp_path / "out", index=b"old")
    output_folder.remove(staging_of(tmp_path / "out"))
    with monkeypatch.context() as patched, pytest.raises(Fault, match="disk is full"):
        patched.setattr(Path, "replace", full)  # the marker's draft stands, the marker does not
        write(tmp_path / "out", index=b"new")
    assert pages(tmp_path / "out") == {"index.html": b"old"}
    write(tmp_path / "out", index=b"new")
    assert pages(tmp_path / "out") == {"index.html": b"new"}


def test_a_second_build_at_once_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output_folder, "_SECONDS", 0)
    write(tmp_path / "out", index=b"old")
    with FileLock(tmp_path / ".out.lock"), pytest.raises(Fault, match="Another build"):
        write(tmp_path / "out", index=b"new")
    assert pages(tmp_path / "out") == {"index.html": b"old"}


def test_a_worker_of_a_killed_build_keeps_the_next_one_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output_folder, "_SECONDS", 0)
    until, ended = os.pipe()
    with output_folder.building_into(tmp_path / "out"):
        worker = os.fork()
        if not worker:
            os.close(ended)
            os.read(until, 1)
            os._exit(0)
    try:
        with pytest.raises(Fault, match="Another build"):
            write(tmp_path / "out", index=b"new")
    finally:
        os.close(ended)
        os.waitpid(worker, 0)
        os.close(until)
    write(tmp_path / "out", index=b"new")
    assert pages(tmp_path / "out") == {"index.html": b"new"}


def test_a_state_that_is_not_of_the_site_makes_its_copy_anew(tmp_path: Path) -> None:
    """So leaves it a build that was killed between its state and the swap."""
    out = tmp_path / "out"
    for text in (b"older", b"old"):
        write(out, index=text, same=b"same")
    groups = {"group": state.built_group("key", {}, (), None)}
    SiteState(groups, {"group": state.line_of({})}).save(state.beside(out))
    write(out, index=b"new", same=b"same")
    assert pages(out) == {"index.html": b"new", "same.html": b"same"}


def test_killed_at_any_moment_the_site_is_the_old_or_the_new_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    killing.main(6, tmp_path)
    old, new = (int(word) for word in capsys.readouterr().out.split() if word.isdigit())
    assert old + new == 6
    assert old
