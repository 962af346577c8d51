"""Folders that are damaged, of another version or somebody else's: same site, or a clear fault."""

from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.site.frame import mkdocs_shell
from tests.site.conftest import Built, tree
from tests.site.sample_log import build


def test_what_others_keep_in_the_working_folder_stays(built: Built, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "thesis.doc").write_bytes(b"years of work")
    build(built.site, tmp_path / "out", work)
    assert tree(tmp_path / "out") == tree(built.out)
    assert (work / "thesis.doc").read_bytes() == b"years of work"


@pytest.mark.usefixtures("mkdocs")
def test_a_file_where_the_working_folder_should_be_is_a_fault(built: Built, tmp_path: Path) -> None:
    (tmp_path / "work").write_bytes(b"mine")
    with pytest.raises(Fault):
        build(built.site, tmp_path / "out", tmp_path / "work")
    assert (tmp_path / "work").read_bytes() == b"mine"
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
