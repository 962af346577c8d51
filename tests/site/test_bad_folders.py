"""Folders that are damaged, of another version or somebody else's: same site, or a clear fault."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.site.frame import mkdocs_shell
from tests.site.conftest import Built, tree
from tests.site.sample_log import build


def _list_of(value: object) -> Callable[[Path], None]:
    def harm(kept: Path) -> None:
        (kept / "shell.json").write_text(json.dumps(value), encoding="utf-8")

    return harm


def _cut(kept: Path) -> None:
    path = kept / "shell.json"
    path.write_bytes(path.read_bytes()[:-9])


def _unread(kept: Path) -> None:
    (kept / "shell.json").write_bytes(b"\xff\xfe")


def _gone(kept: Path) -> None:
    (kept / "index.html").unlink()


def _folder(kept: Path) -> None:
    (kept / "index.html").unlink()
    (kept / "index.html").mkdir()


def _changed(kept: Path) -> None:
    path = kept / "index.html"
    path.write_bytes(path.read_bytes().replace(b"@@sanshen:content@@", b"@@sanshen:content@@<b>"))


def _short(kept: Path) -> None:
    """Consistent, as another version with fewer frames would have left it."""
    listed = json.loads((kept / "shell.json").read_bytes())
    _list_of({"index.html": listed["index.html"]})(kept)


HARMS = {
    "a list": _list_of([]), "no digests": _list_of({"index.html": 1}),
    "outside": _list_of({"../../../x": "0" * 64}), "a null in a name": _list_of({"a\0b": "0" * 64}),
    "cut": _cut, "no text": _unread, "a file is gone": _gone, "a file is a folder": _folder,
    "fewer frames": _short, "a changed file": _changed,
}  # fmt: skip


@pytest.mark.parametrize("name", HARMS)
def test_a_shell_that_cannot_be_used_is_made_again(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    settings = mkdocs_shell.settings_of(built.site.archive.registers.policy)
    sound = mkdocs_shell.build_shell(built.site.theme, settings, built.work)
    work = tmp_path / "work"
    shutil.copytree(built.work / "shell", work / "shell")
    cached = next((work / "shell").glob("*"))
    files = mkdocs_shell._load(cached)
    assert files
    monkeypatch.setattr(mkdocs_shell, "_make", lambda *_: files)  # mkdocs, which takes a second
    HARMS[name](cached)
    assert mkdocs_shell.build_shell(built.site.theme, settings, work) == sound
    assert mkdocs_shell._load(cached) == files


def test_another_version_of_the_program_makes_its_own_shell(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    shutil.copytree(built.work / "shell", work / "shell")
    files = mkdocs_shell._load(next((work / "shell").glob("*")))
    monkeypatch.setattr(mkdocs_shell, "_make", lambda *_: files)  # mkdocs, which takes a second
    monkeypatch.setattr(mkdocs_shell, "program_digest", lambda: "another")
    settings = mkdocs_shell.settings_of(built.site.archive.registers.policy)
    mkdocs_shell.build_shell(built.site.theme, settings, work)
    assert len(list((work / "shell").iterdir())) == 2


def test_what_others_keep_in_the_working_folder_stays(built: Built, tmp_path: Path) -> None:
    work = tmp_path / "work"
    (work / "shell" / "another").mkdir(parents=True)
    (work / "thesis.doc").write_bytes(b"years of work")
    (work / "shell" / "notes.txt").write_bytes(b"mine")
    build(built.site, tmp_path / "out", work)
    assert tree(tmp_path / "out") == tree(built.out)
    assert (work / "thesis.doc").read_bytes() == b"years of work"
    assert (work / "shell" / "notes.txt").read_bytes() == b"mine"


@pytest.mark.parametrize("place", ["work", "work/shell"])
def test_a_file_where_the_working_folder_should_be_is_a_fault(
    built: Built, tmp_path: Path, place: str
) -> None:
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_bytes(b"mine")
    with pytest.raises(Fault):
        build(built.site, tmp_path / "out", tmp_path / "work")
    assert (tmp_path / place).read_bytes() == b"mine"
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("mkdocs")
def test_a_shell_is_whole_where_its_folder_is_named_from_here(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = mkdocs_shell.settings_of(built.site.archive.registers.policy)
    near = mkdocs_shell.build_shell(built.site.theme, settings, Path("work"))
    assert near == mkdocs_shell.build_shell(built.site.theme, settings, built.work)
    assert near.frames
