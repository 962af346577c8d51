"""Repositories that cannot prove anything are faults with a way out; objects are read as stored."""

import os
import subprocess
from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.history.pending_records import pending_records
from pipeline.model.ids import BranchName, CommitId
from pipeline.source.git.branches import MAIN, publish_commit
from pipeline.source.git.git_process import folders_at
from pipeline.source.git.history import GitHistory, handlers
from pipeline.source.git.repository import Repository
from tests.builders import storing
from tests.builders.archive import PNG, POST, ArchiveRepo
from tests.builders.cast import email
from tests.builders.files import folder
from tests.builders.git import Git
from tests.builders.named import named, refuses
from tests.builders.verdicts import run_verify


def _fault(folder: Path, *arguments: str, words: str, way_out: str) -> None:
    done = run_verify(folder, *arguments, lang="names")
    assert done.returncode == 1, done.stdout + done.stderr
    assert words in done.stderr
    assert way_out in done.stderr
    assert "Next: " in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_folder_that_is_no_repository(tmp_path: Path) -> None:
    _fault(tmp_path, words="no-repository", way_out="sanshen init")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    _fault(tmp_path / "nowhere", words="folder-missing", way_out="-C")


def test_a_file_in_place_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="ascii")
    done = run_verify(tmp_path / "file")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_shallow_clone(approved: ArchiveRepo, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    approved.git("clone", "--quiet", "--depth", "1", f"file://{approved.root}", str(clone))
    _fault(clone, words="shallow clone", way_out="git fetch --unshallow")


def test_a_missing_base(approved: ArchiveRepo) -> None:
    _fault(
        approved.root,
        "--base",
        "nowhere",
        words="commit-unknown nowhere",
        way_out="git fetch",
    )


@pytest.mark.parametrize("revision", ["--all", "-n1", "--output=x"])
def test_a_revision_that_is_an_option(approved: ArchiveRepo, revision: str) -> None:
    with refuses("revision-misformed"):
        approved.open().commit(revision)


def test_a_base_that_is_no_commit(approved: ArchiveRepo) -> None:
    with pytest.raises(Fault, match="does not exist"):
        approved.open().commit("HEAD:content/policy.yml")


@pytest.mark.parametrize(
    "revision", ["", "main\n", "main commit 5", "main@{upstream}", ":", "main:", "\udcff", "^main"]
)
def test_what_names_no_commit(approved: ArchiveRepo, revision: str) -> None:
    """None of them makes the process that answers answer another question."""
    repository = approved.open()
    with pytest.raises(Fault) as fault:
        repository.commit(revision)
    assert "commit-unknown" in named(fault.value.message)
    assert repository.commit("main") == approved.head("main")


def test_an_id_names_a_commit_whatever_branches_are_called(approved: ArchiveRepo) -> None:
    main, head = approved.head("main"), approved.head("proposal")
    approved.git("update-ref", f"refs/heads/{head}", main)
    approved.git("tag", "main", head)
    repository = approved.open()
    assert repository.base(head) == repository.commit(head) == head
    assert repository.base("main") == main


def test_an_unborn_branch(tmp_path: Path) -> None:
    Git(tmp_path)("init", "--quiet", "--initial-branch=main")
    _fault(tmp_path, words="commit-unknown HEAD", way_out="Commit first")


def test_a_repository_without_a_law(tmp_path: Path) -> None:
    made = ArchiveRepo(tmp_path)
    made.git("init", "--quiet", "--initial-branch=main")
    made.write("README.md", "x\n")
    made.commit("空")
    _fault(tmp_path, words="regulation-missing", way_out="sanshen init")


def _loose(repo: ArchiveRepo) -> Path:
    """The file of an object of its own that holds a post, out of whatever pack."""
    objects = repo.root / ".git/objects"
    for pack in objects.glob("pack/*.pack"):
        data = pack.read_bytes()
        for part in objects.glob(f"pack/{pack.stem}.*"):
            part.unlink()
        subprocess.run(["git", "unpack-objects", "-q"], cwd=repo.root, input=data, check=True)
    oid = repo.head(f"HEAD:{folder(POST)}/post.md")
    return objects / oid[:2] / oid[2:]


def test_a_damaged_object(approved: ArchiveRepo) -> None:
    path = _loose(approved)
    path.chmod(0o644)
    path.write_bytes(b"garbage")
    done = run_verify(approved.root, "--base", "main")
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr, done.stderr[-300:]


def test_a_missing_object(approved: ArchiveRepo) -> None:
    _loose(approved).unlink()
    done = run_verify(approved.root, "--base", "main")
    assert done.returncode == 1, done.stdout
    assert "Traceback" not in done.stderr, done.stderr[-300:]


def test_advice_of_git_is_not_the_error(approved: ArchiveRepo) -> None:
    """It warns of the graft file that is named so that none is read."""
    with pytest.raises(Fault, match="failed: fatal: bad object"):
        approved.open().git("rev-list", "0" * 39 + "1")


def test_replace_refs_are_off(approved: ArchiveRepo) -> None:
    path = f"{folder(POST)}/post.md"
    oid = approved.head(f"HEAD:{path}")
    approved.git("replace", oid, approved.git.blob(b"another\n"))
    repository = approved.open()
    assert repository.tree(repository.commit("HEAD")).read(path) == approved.read(path)


def test_the_callers_environment_does_not_lead_elsewhere(
    approved: ArchiveRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIT_DIR of a hook that runs `sanshen verify -C elsewhere`."""
    other = ArchiveRepo(tmp_path / "other")
    other.root.mkdir()
    other.git("init", "--quiet", "--initial-branch=main")
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.root))
    assert approved.open().commit("main") == approved.head("main")


def test_names_come_whole(archive: ArchiveRepo) -> None:
    """Spaces, quotes, newlines and bytes that are no text, as git stores them."""
    names = ["a b.txt", 'q"uote.txt', "new\nline.txt", "汉字.txt"]
    for name in names:
        archive.write(f"odd/{name}", "x")
    os.close(os.open(bytes(archive.root / "odd") + b"/\xff", os.O_CREAT | os.O_WRONLY))
    archive.commit("名字")
    repository = archive.open()
    tree = repository.tree(repository.commit("HEAD"))
    assert {f"odd/{n}" for n in names} <= tree.files.keys()
    assert "odd/\udcff" in tree.files
    changed = {c.path for c in repository.changes(archive.head("main"), archive.head())}
    assert changed == {p for p in tree.files if p.startswith("odd/")}


def test_handlers_are_all_who_touched_the_post(archive: ArchiveRepo) -> None:
    archive.draft(files={"a.png": PNG})
    archive.commit("起草\n\nCo-authored-by: X <Kz-A@Yunlan.example.org>", "zz-a", "gly-a")
    archive.approve_all()
    archive.commit("审核", "ld-a")
    (archive.root / folder(POST) / "a.png").unlink()
    archive.commit("删图", "zz-b")
    found = handlers(archive.open(), archive.head())
    who = {(h.email, h.part) for h in found[folder(POST)]}
    assert who == {
        (email("zz-a"), "author"),
        (email("gly-a"), "committer"),
        (email("kz-a"), "co-author"),
        (email("zz-b"), "author"),
        (email("zz-b"), "committer"),
    }


def test_a_clean_merge_makes_nobody_a_handler(approved: ArchiveRepo) -> None:
    approved.merge("proposal", committer="ld-a")
    found = handlers(approved.open(), "main")
    assert email("ld-a") not in {h.email for h in found[folder(POST)]}


def test_a_proposal_passes_the_posts_that_its_own_commits_touch(approved: ArchiveRepo) -> None:
    """As git tells it of merges that are combined: a clean one touches nothing."""
    base = approved.head("main")
    one, two, evil = (f"2026-11-0{day}-post" for day in (1, 2, 3))
    approved.branch("other", "main")
    approved.draft(one)
    approved.commit("别的一篇", "zz-b")
    approved.switch("proposal")
    people = approved.git.people("a@x.org", "a@x.org")
    approved.git("merge", "--quiet", "--no-edit", "other", env=people)
    clean = approved.head()
    approved.branch("third", "main")
    approved.draft(two)
    approved.commit("第三篇", "zz-b")
    approved.switch("proposal")
    approved.git("merge", "--quiet", "--no-commit", "--no-ff", "third", env=people)
    approved.draft(evil)
    merge = approved.commit("合并时再加一篇", "zz-a")
    approved.write(f"{folder(evil)}/post.md", b"")
    approved.git("rm", "-r", "--quiet", "--force", folder(evil))
    head = approved.commit("又拿掉", "zz-a")
    repository = approved.open()
    for start, end in ((base, clean), (f"{merge}^", merge), (clean, head), (base, head)):
        start = repository.commit(start)
        passed = set(GitHistory(repository).passed(start, end))
        assert passed == handlers(repository, f"{start}..{end}").keys(), (start, end)
    assert passed == {folder(post) for post in (POST, one, two, evil)}


def test_a_mailmap_does_not_rename_a_maker(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.write(".mailmap", f"Somebody <{email('zz-b')}> <{email('ld-a')}>\n")
    archive.commit("起草", "ld-a")
    found = handlers(archive.open(), archive.head())
    assert {h.email for h in found[folder(POST)]} == {email("ld-a")}


def test_a_created_repository_begins_on_main(tmp_path: Path) -> None:
    made = Repository.create(tmp_path / "new")
    assert made.root == tmp_path / "new"
    with pytest.raises(Fault):
        made.commit("HEAD")
    assert made.setting("no.such.setting") == ""


def test_main_went_on_from_a_commit_along_first_parents_alone(archive: ArchiveRepo) -> None:
    repository, main = archive.open(), archive.head("main")
    archive.draft()
    first = archive.commit("起草")
    merged = archive.merge("proposal")
    assert repository.after(main, merged) == (merged,)
    assert repository.after(merged, merged) == ()
    assert repository.after(first, merged) is None  # it came by the side
    assert repository.after(merged, main) is None
    assert repository.after("0" * 40, main) is None


def test_two_commits_are_compared_whatever_the_index_holds(archive: ArchiveRepo) -> None:
    repository, main = archive.open(), archive.head("main")
    archive.draft()
    head = archive.commit("起草")
    told = repository.changes(main, head)
    archive.git("rm", "-r", "--quiet", "--cached", ".")
    assert repository.changes(main, head) == told
    (archive.root / ".git/index").write_bytes(b"no index")
    assert repository.changes(main, head) == told


def _hook(folder: Path, name: str) -> Path:
    """Lay a hook that leaves a trace; the trace."""
    trace = folder / f"ran-{name}"
    (folder / "hooks").mkdir(exist_ok=True)
    (folder / "hooks" / name).write_text(f"#!/bin/sh\ntouch {trace}\n", encoding="ascii")
    (folder / "hooks" / name).chmod(0o755)
    return trace


@pytest.mark.parametrize("setting", ["true", "false", None])
def test_nothing_is_written_into_a_bare_repository_but_refs_and_objects(
    archive: ArchiveRepo, tmp_path: Path, setting: str | None
) -> None:
    """Its own folder is no work tree, whatever its settings say of it: a commit that holds
    `hooks/post-merge` would lay a program there."""
    archive.switch("main")
    one = CommitId(archive.head())
    archive.write("hooks/post-merge", "#!/bin/sh\n")
    archive.commit("x")
    two = CommitId(archive.head())
    bare = tmp_path / "bare.git"
    archive.git("clone", "--quiet", "--bare", str(archive.root), str(bare))
    archive.git("-C", str(bare), "remote", "remove", "origin")
    archive.git("-C", str(bare), "update-ref", "refs/heads/main", one)

    def files() -> set[Path]:
        return {path for path in bare.rglob("*") if not {"objects", "logs"} & {*path.parts}}

    before = files()
    change = ("core.bare", setting) if setting else ("--unset", "core.bare")
    archive.git("-C", str(bare), "config", *change)
    with Repository.open(bare) as repository:
        with pytest.raises(Fault) as refused:
            publish_commit(repository, two, MAIN, one)
        with pytest.raises(Fault):
            repository.git("merge", "--ff-only", two)
        side = BranchName("side")
        publish_commit(repository, two, side, CommitId(""))
        assert (repository.commit("main"), repository.commit("side")) == (one, two)
        assert repository.merged(one, two)
    assert "no work tree" in str(refused.value)
    assert files() - before == {bare / "refs/heads/side"}


def test_a_linked_work_tree_is_read_and_moved(archive: ArchiveRepo, tmp_path: Path) -> None:
    archive.switch("main")
    archive.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "linked"))
    one = CommitId(archive.head())
    archive.write("content/x", "x")
    archive.commit("x")
    two = CommitId(archive.head())
    with Repository.open(tmp_path / "linked") as repository:
        assert (repository.branch, repository.base(MAIN)) == ("side", two)
        assert repository.root == tmp_path / "linked"
        publish_commit(repository, two, BranchName("side"), one)
        assert (tmp_path / "linked/content/x").read_text("ascii") == "x"
        assert repository.git("status", "--porcelain") == b""
        repository.git("merge-tree", "--write-tree", one, two)


def test_hooks_run_at_what_a_person_does_alone(archive: ArchiveRepo) -> None:
    """One of a clone runs where git writes an index, moves a ref or merges: none of it is asked
    for by who reads."""
    archive.switch("main")
    one = CommitId(archive.head())
    archive.branch("records/x")
    archive.write("content/records/incidents/2026/2026-11-05-x.yml", "id: x\n")
    archive.commit("r")
    two = CommitId(archive.head())
    archive.switch("main")
    names = ("post-index-change", "reference-transaction", "post-merge")
    traces = [_hook(archive.root / ".git", name) for name in names]
    with archive.open() as repository:
        assert pending_records(repository).branches
        publish_commit(repository, two, BranchName("side"), CommitId(""))
        publish_commit(repository, two, MAIN, one)
        assert [trace for trace in traces if trace.exists()] == []
        committing = _hook(archive.root / ".git", "pre-commit")
        repository.git("commit", "--quiet", "--allow-empty", "--message", "of a person")
        assert committing.exists()


@pytest.mark.parametrize("name", ["two\nlines", "ends\n", "three\n\n\nlines\nfalse"])
@pytest.mark.parametrize("bare", [(), ("--bare",)])
def test_a_line_break_in_a_folders_name_is_a_fault(
    tmp_path: Path, name: str, bare: tuple[str, ...]
) -> None:
    subprocess.run(["git", "init", "--quiet", *bare, tmp_path / name], check=True)
    with pytest.raises(Fault, match="line break"):
        Repository.open(tmp_path / name)


@pytest.mark.parametrize("name", ["审 稿", "a\u2028b", "a\rb"])
def test_any_other_name_of_a_folder_will_do(tmp_path: Path, name: str) -> None:
    Repository.create(tmp_path / name).close()
    with Repository.open(tmp_path / name) as repository:
        assert repository.root == tmp_path / name


def test_a_plain_repository_lies_where_git_says(archive: ArchiveRepo) -> None:
    """Tests open it without a process; whatever is odd is left to git."""
    assert vars(storing.folders(archive.root)) == vars(folders_at(archive.root))
    archive.git("config", "core.worktree", "/nowhere")
    with pytest.raises(storing.NotPlain):
        storing.folders(archive.root)
