"""The working tree is listed a folder at a time, and shows what git would show of it all."""

import os
import subprocess
from pathlib import Path

import pytest

from pipeline.judge.judgements import check, check_files
from pipeline.judge.load_governance import trust
from pipeline.model.findings import Effect
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import name_of
from pipeline.source.git.tree_listing import Blob
from pipeline.source.git.worktree import _TOPS, edited, overlay, work_tree
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF
from tests.builders.files import folder as post_folder

FOLDER = "content/posts/2026"


@pytest.fixture
def odd(archive: ArchiveRepo) -> ArchiveRepo:
    """All that may stand in a working tree, beside an archive in order."""
    half = ("half/a.md", "half/b.md", "half-2/a.md")
    for name in (
        "kept/a.md",
        "gone/a.md",
        "was-a-file",
        "ignored/tracked.log",
        "汉字/ b.md",
        *half,
    ):
        archive.write(f"{FOLDER}/{name}", "x")
    archive.write("content/.gitignore", "*.log\n/posts/2026/hidden/\n")
    archive.write("elsewhere/a.md", "x")
    archive.write("rules/a50_own.py", "x")
    archive.write("schemas/articles/a50_own.json", "x")
    archive.commit("有")
    (archive.root / FOLDER / "gone/a.md").unlink()
    (archive.root / FOLDER / "half/a.md").unlink()
    (archive.root / FOLDER / "was-a-file").unlink()
    for name in ("was-a-file/new.md", "new/a.md", "new/b.log", "hidden/a.md", "ignored/new.log"):
        archive.write(f"{FOLDER}/{name}", "x")
    (archive.root / FOLDER / "empty").mkdir()
    (archive.root / FOLDER / "link.md").symlink_to("kept/a.md")
    (archive.root / FOLDER / "link").symlink_to(archive.root / "elsewhere")
    os.mkfifo(archive.root / FOLDER / "pipe")
    nested = archive.root / FOLDER / "nested"
    subprocess.run(["git", "init", "--quiet", str(nested)], check=True)
    (nested / "a.md").write_text("x", encoding="utf-8")
    return archive


def _by_git(repository: Repository) -> dict[str, str]:
    """Path → kind, of all that git tracks or would add and that is there."""
    raw = repository.git(
        "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *_TOPS
    )
    paths = {name_of(name) for name in raw.split(b"\0") if name}
    return {p: _kind(repository.root / p) for p in paths if os.path.lexists(repository.root / p)}


def _kind(path: Path) -> str:
    if path.is_symlink():
        return "120000"
    return "100644" if path.is_file() else "040000"


def _kinds(files: dict[str, Blob]) -> dict[str, str]:
    return {path: blob.mode for path, blob in files.items()}


def test_it_shows_what_git_would_show(odd: ArchiveRepo) -> None:
    repository = odd.open()
    expected = _by_git(repository)
    assert expected.pop(f"{FOLDER}/was-a-file") == "040000"  # the folder stands there instead
    assert _kinds(dict(work_tree(repository).files)) == expected
    for shown in ("new/a.md", "was-a-file/new.md", "ignored/tracked.log", "link", "nested/"):
        assert f"{FOLDER}/{shown}" in expected
    for hidden in ("new/b.log", "hidden/a.md", "gone/a.md", "nested/a.md", "link/a.md", "pipe"):
        assert f"{FOLDER}/{hidden}" not in expected


def test_folders_asked_for_one_by_one_show_the_same(odd: ArchiveRepo) -> None:
    repository = odd.open()
    whole = dict(work_tree(repository).files)
    for folder in ("kept", "gone", "new", "hidden", "empty", "link", "was-a-file", "汉字", "none"):
        name = f"{FOLDER}/{folder}/"
        expected = sorted(path for path in whole if path.startswith(name))
        assert sorted(work_tree(repository).files.under(name)) == expected, folder
    files = work_tree(repository).files
    assert all(files[path] == blob for path, blob in whole.items())


def test_names_that_are_no_utf_8_are_found_as_git_orders_them(archive: ArchiveRepo) -> None:
    names = ("\udcff/a.md", "\udce6/a.md", "￿/a.md", "𠮷/a.md", "a/a.md", "a.md")
    for name in names:
        archive.write(f"{FOLDER}/odd/{name}", "x")
    archive.commit("有")
    archive.write(f"{FOLDER}/odd/\udcfe/new.md", "x")
    repository = archive.open()
    expected, every = _by_git(repository), (*names, "\udcfe/new.md")
    assert {f"{FOLDER}/odd/{name}" for name in every} <= expected.keys()
    assert _kinds(dict(work_tree(repository).files)) == expected
    shown = work_tree(repository).files.folders(f"{FOLDER}/odd")
    assert set(shown) == {name.split("/")[0] for name in every if "/" in name}
    assert work_tree(repository).files.under(f"{FOLDER}/\ud800/") == []


def test_a_folder_of_which_nothing_shows_is_none(odd: ArchiveRepo) -> None:
    """Neither empty, nor ignored, nor deleted but not committed, nor behind a link."""
    files = work_tree(odd.open()).files
    assert set(files.folders(FOLDER)) >= {"kept", "new", "was-a-file", "ignored", "汉字"}
    assert not {"gone", "hidden", "empty", "link", "pipe"} & set(files.folders(FOLDER))
    assert set(files.folders("")) == {"content", "rules", "schemas"}
    assert files.folders("elsewhere") == ()


def test_a_folder_that_replaced_a_file_is_looked_into(archive: ArchiveRepo) -> None:
    archive.write(f"{FOLDER}/was-a-file", "x")
    archive.commit("有")
    (archive.root / FOLDER / "was-a-file").unlink()
    archive.write(f"{FOLDER}/was-a-file/post.md", "x")
    files = work_tree(archive.open()).files
    assert "was-a-file" in files.folders(FOLDER)
    assert files[f"{FOLDER}/was-a-file/post.md"].mode == "100644"


def test_a_link_in_place_of_a_folder_leads_nowhere(odd: ArchiveRepo) -> None:
    (odd.root / "content").rename(odd.root / "moved")
    (odd.root / "content").symlink_to("moved")
    files = work_tree(odd.open()).files
    assert files.under(FOLDER) == []
    assert files["content"].mode == "120000"


def test_a_link_on_the_way_to_the_only_tracked_file_shows_nothing_behind_it(
    archive: ArchiveRepo,
) -> None:
    """The year is told to be a folder by one tracked file below it, which is not really there."""
    path = f"content/posts/2031/{POST}/deep/a.md"
    archive.write(path, b"a")
    archive.commit("a")
    whole, real = archive.root / "content/posts/2031", archive.root / f"content/posts/2031/{POST}"
    assert "2031" in work_tree(archive.open()).files.folders("content/posts/")
    real.rename(archive.root / "elsewhere")
    real.symlink_to(archive.root / "elsewhere")
    assert "2031" in work_tree(archive.open()).files.folders("content/posts/")
    real.unlink()
    (whole / "other").mkdir()
    (whole / "other" / "deep").symlink_to(archive.root / "elsewhere/deep")
    files = work_tree(archive.open()).files
    assert "content/posts/2031/other/deep" in files.beginning("content/posts/2031/other", "")
    assert path not in files


def test_a_signer_sees_the_commit_with_the_records_of_the_working_tree(
    approved: ArchiveRepo,
) -> None:
    """Whatever is asked for first, and without looking at all the rest."""
    signed = ("content/reviews/", "content/records/")
    for name in ("reviews/2026/a/r1/1-first.json", "records/waivers/2026/a.json", "records/loose"):
        approved.write(f"content/{name}", "old")
    approved.commit("签")
    approved.write("content/reviews/2026/a/r1/2-second.json", "new")
    (approved.root / "content/records/waivers/2026/a.json").unlink()
    repository, head = approved.open(), approved.head()
    expected = {p: b for p, b in repository.tree(head).files.items() if not p.startswith(signed)}
    expected |= {p: b for p, b in work_tree(repository).files.items() if p.startswith(signed)}
    assert dict(overlay(repository, head).files) == expected
    assert "content/records/waivers/2026/a.json" not in expected
    for folder in ("", "content", "content/reviews/2026", "content/records", FOLDER, "schemas"):
        files, above = overlay(repository, head).files, f"{folder}/" if folder else ""
        below = {p.removeprefix(above) for p in expected if p.startswith(above)}
        inner = {p.split("/")[0] for p in below if "/" in p}
        assert set(files.folders(folder)) == inner, folder
        assert files.beginning(folder, "") == sorted(above + p for p in below if "/" not in p)
        assert sorted(files.under(folder)) == sorted(above + p for p in below)


def test_registers_are_read_again_when_they_changed_and_only_then(archive: ArchiveRepo) -> None:
    first = trust(work_tree(archive.open()))
    assert trust(work_tree(archive.open())) is first
    archive.change("content/registers/people.yml", "某zz-a", "某丙")
    changed = trust(work_tree(archive.open()))
    assert changed.registers.people["zz-a"].name == "某丙"
    archive.commit()
    assert trust(archive.open().tree(archive.head())) is changed


def test_edits_on_top_of_a_commit_show_what_the_commit_of_them_would(archive: ArchiveRepo) -> None:
    """And are judged as `sanshen check` judges them in the working tree, without writing a file."""
    archive.draft(files={"a.txt": b"a", "b.txt": b"b"})
    archive.commit()
    archive.draft(body="关好火源再出门!\n", title="", files={"a.txt": b"other"})
    at, new = post_folder(POST), "content/posts/2027/2027-01-01-new/post.md"
    (archive.root / at / "b.txt").unlink()
    archive.draft("2027-01-01-new")
    changed = ("post.md", "a.txt")
    edits: dict[str, bytes | None] = {
        f"{at}/{name}": (archive.root / at / name).read_bytes() for name in changed
    }
    edits |= {f"{at}/b.txt": None, new: (archive.root / new).read_bytes()}
    with archive.open() as repository:
        tree = repository.tree(repository.commit("HEAD"))
        before = dict(tree.files)
        one_by_one, whole = edited(tree, edits).files, edited(tree, edits).files
        expected = work_tree(repository).files
        for name in (
            "content/posts",
            "content/posts/2027",
            "content/posts/2027/2027-01-01-new",
            at,
        ):
            assert one_by_one.folders(name) == expected.folders(name)
            assert one_by_one.beginning(name, "") == expected.beginning(name, "")
        assert whole.keys() == expected.keys()
        laid = check_files(edited(tree, edits), trust(tree), None, lambda _: AS_OF)
        assert laid == check(repository, None, lambda _: AS_OF)
        assert laid.verdicts[0].decision is Effect.REFUSE
        assert dict(tree.files) == before
