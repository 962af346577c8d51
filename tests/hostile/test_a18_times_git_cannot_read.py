"""A18: a commit must say when it was made, or nobody can tell when its change entered main."""

from pathlib import Path

import pytest

from pipeline.publish.build_site import Order, build_site
from pipeline.report.language import translator
from pipeline.source.git.bulk_history import read_history, times
from pipeline.source.git.history import GitHistory, first_parents
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF, email
from tests.builders.named import shows
from tests.builders.verdicts import finds, refused_for, run_verify

WHO = f"a <{email('zz-a')}>"
COMMITTERS = {
    "none": "",
    "a word": f"committer {WHO} tomorrow\n",
    "no number": f"committer {WHO}\n",
    "before 1970": f"committer {WHO} -5 +0000\n",
    "year 20000": f"committer {WHO} 569000000000 +0000\n",
    "no end": f"committer {WHO} {'9' * 30} +0000\n",
}


def _made(archive: ArchiveRepo, committer: str) -> str:
    """A commit on the proposal that brings a note."""
    archive.write("docs/note.md", "x\n")
    archive.git("add", "--all")
    tree, parent = archive.git("write-tree"), archive.head()
    author = f"author {WHO} 1793760000 +0800\n"
    raw = f"tree {tree}\nparent {parent}\n{author}{committer}\nx\n".encode()
    made = archive.git.raw("commit", raw)
    archive.git("update-ref", "HEAD", made)
    return made


@pytest.mark.parametrize("name", COMMITTERS)
def test_it_is_refused_by_name(archive: ArchiveRepo, name: str) -> None:
    made = _made(archive, COMMITTERS[name])
    assert refused_for(archive.verify(), ("R13-7", f"commit-undated {made[:12]}"))


def test_a_commit_on_the_way_and_one_that_changes_nothing(archive: ArchiveRepo) -> None:
    made = _made(archive, "")
    (archive.root / "docs/note.md").unlink()
    archive.commit("去掉", "zz-a")
    assert archive.git("diff", "--name-only", "main", "HEAD") == ""
    assert refused_for(archive.verify(), ("R13-7", f"commit-undated {made[:12]}"))


@pytest.mark.parametrize("name", COMMITTERS)
def test_on_main_the_audit_names_it(archive: ArchiveRepo, name: str) -> None:
    made = _made(archive, COMMITTERS[name])
    archive.git("update-ref", "refs/heads/main", made)
    report = archive.audit("main")
    assert report.exit_code == 11
    assert finds(report, "R13-7", f"commit-undated {made[:12]}")


@pytest.mark.parametrize(
    "committer",
    [
        f"committer {WHO} 1924992000\n",
        f"committer {WHO} 1924992000.5 +0800\n",
        f"committer {WHO} 1924992000 +0800\ncommitter {WHO} 1793760000 +0800\n",
    ],
    ids=["no zone", "a fraction", "two committers"],
)
def test_one_to_come_that_git_tells_in_two_ways(archive: ArchiveRepo, committer: str) -> None:
    """`git log --format=%ct` is blank, or the other committer's; by `git rev-list` all that comes
    later would be of 2031."""
    made = _made(archive, committer)
    wanted = ("R13-7", f"commit-in-future {made[:12]}")
    assert refused_for(archive.verify(), wanted)
    archive.git("update-ref", "refs/heads/main", made)
    assert finds(archive.audit("main"), *wanted)


@pytest.mark.inside
def test_the_build_refuses_and_says_so(archive: ArchiveRepo, tmp_path: Path) -> None:
    made = _made(archive, "")
    order = Order(tmp_path / "site", tmp_path / "work")
    built = build_site(archive.open(), made, lambda _: AS_OF, order, translator("en"))
    assert built.site is None
    assert finds(built.report, "R13-7", f"commit-undated {made[:12]}")


@pytest.mark.inside
@pytest.mark.parametrize("name", COMMITTERS)
def test_it_enters_no_earlier_than_what_it_stands_on(archive: ArchiveRepo, name: str) -> None:
    made = _made(archive, COMMITTERS[name])
    later = archive.commit("后来", "zz-a")
    told = times(archive.open(), later)
    first, last = told[archive.head("main")], told[later]
    assert first == told[made] < last


@pytest.mark.inside
def test_a_replay_in_one_go_sees_the_same(archive: ArchiveRepo) -> None:
    """On main, and on a branch that was merged."""
    one = _made(archive, COMMITTERS["a word"])
    archive.switch("main")
    archive.commit("别的", "zz-a")
    merged = archive.merge("proposal")
    other = _made(archive, "")
    repository = archive.open()
    line, asked = read_history(repository, other), GitHistory(repository)
    commits = first_parents(repository, other)
    for base, commit in zip(commits, commits[1:], strict=False):
        assert line.undated(base, commit) == asked.undated(base, commit)
    assert (line.undated("", merged), line.undated("", other)) == ((one,), (other,))


def test_in_chinese(archive: ArchiveRepo) -> None:
    made = _made(archive, "")
    done = run_verify(archive.root, "--base", "main", lang="zh")
    assert done.returncode == 11, done.stderr
    assert shows(done.stdout, "commit-undated", "zh", commit=made[:12])
