"""A34: names that some disk, browser or reader takes for something else are refused."""

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import email
from tests.builders.files import folder
from tests.builders.verdicts import reasons, refused_for, run_verify

HERE = folder(POST)
NO_PLACE = ("R11-2", "This path has no place in an archive.")
NO_CLASS = ("R13-7", "The path belongs to no class of files.")


def _planted(archive: ArchiveRepo, *paths: str) -> str:
    """The approved post with raw tree entries that no checkout would make."""
    oid = archive.git.blob("原文。\n".encode())
    env = archive.git.people(email("zz-a"), email("zz-a"))
    head = archive.git.grow(archive.head(), [("100644", oid, p) for p in paths], env)
    assert head == archive.head("raw")
    return head


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "a..b.txt",
        "..\\plan.txt",
        "C:plan.txt",
        "C:\\plan.txt",
        "a\\b.txt",
        "plan\x01.txt",
        "plan\n.txt",
        "plan .txt",
        ".hidden.txt",
        "-rf.txt",
        "~plan.txt",
        "方案.txt",
        "plan\u202etxt.exe",
        "рlan.txt",
        "plan.txt:stream",
        "plan%2e%2e.txt",
        "<b>.txt",
        "a" * 81,
        "sub/plan.txt",
    ],
)
def test_a_name_inside_a_post(approved: ArchiveRepo, name: str) -> None:
    head = _planted(approved, f"{HERE}/{name}")
    report = approved.verify("main", head)
    assert report.exit_code == 11
    assert {NO_PLACE, NO_CLASS} <= reasons(report), reasons(report)


@pytest.mark.parametrize("name", ["con.txt", "NUL.png", "aux", "com1.txt", "LPT9.md", "prn.a.txt"])
def test_a_name_that_windows_keeps_for_itself(approved: ArchiveRepo, name: str) -> None:
    report = approved.verify("main", _planted(approved, f"{HERE}/{name}"))
    assert report.exit_code == 11
    assert NO_PLACE in reasons(report), reasons(report)


@pytest.mark.parametrize(
    "post",
    [
        "2026-11-05-Fire",
        "2026-11-05-",
        "2026-11-05",
        "2026-11-05-a--b",
        "2026-11-05-a_b",
        "2025-11-05-old",
        "26-11-05-short",
        "2026-11-05-防火",
        "latest",
    ],
)
def test_a_folder_that_is_no_post_id(archive: ArchiveRepo, post: str) -> None:
    archive.draft(post if len(post) > 10 else POST)
    if len(post) <= 10:
        (archive.root / HERE).rename(archive.root / f"content/posts/2026/{post}")
    elif post.startswith("2025"):
        (archive.root / "content/posts/2025").rename(archive.root / "content/posts/2026")
    elif post.startswith("26"):
        (archive.root / "content/posts/26-1").rename(archive.root / "content/posts/2026")
    archive.commit("起草")
    report = archive.verify()
    assert report.exit_code == 11
    assert {NO_PLACE, NO_CLASS} <= reasons(report), reasons(report)


@pytest.mark.parametrize("other", ["Fire.png", "FIRE.PNG"])
def test_two_names_that_collide_without_case(approved: ArchiveRepo, other: str) -> None:
    report = approved.verify("main", _planted(approved, f"{HERE}/fire.png", f"{HERE}/{other}"))
    assert report.exit_code == 11
    assert any(m.endswith("in capitals only.") for c, m in reasons(report) if c == "R11-2")


@pytest.mark.parametrize(
    "top", ["../content", "..", "Content", "CONTENT", "content.", "content ", "./x"]
)
def test_a_second_content_folder(approved: ArchiveRepo, top: str) -> None:
    """On a disk without case, CONTENT/policy.yml is content/policy.yml."""
    report = approved.verify("main", _planted(approved, f"{top}/policy.yml"))
    assert refused_for(report, NO_CLASS)


@pytest.mark.parametrize("top", [".git", ".GIT", ".git "])
def test_a_git_folder_in_the_tree(approved: ArchiveRepo, top: str) -> None:
    report = approved.verify("main", _planted(approved, f"{HERE}/{top}/config"))
    assert report.exit_code == 11
    assert NO_CLASS in reasons(report)


def test_a_name_with_bytes_that_are_no_text(approved: ArchiveRepo) -> None:
    made = approved.root / HERE
    open(bytes(made) + b"/plan\xff.txt", "wb").close()  # noqa: SIM115, PTH123
    approved.commit("坏名字")
    report = approved.verify()
    assert report.exit_code == 11
    assert {NO_PLACE, NO_CLASS} <= reasons(report)
    done = run_verify(approved.root, "--base", "main")
    assert done.returncode == 11, done.stderr
    assert "Traceback" not in done.stderr


def test_a_name_full_of_controls_is_not_echoed(approved: ArchiveRepo) -> None:
    _planted(approved, f"{HERE}/plan\x1b[31m\n::error::x.txt")
    done = run_verify(approved.root, "--base", "main", "--head", "raw", "--format", "github")
    assert done.returncode == 11, done.stderr
    assert "\x1b" not in done.stdout
    assert not any(line.startswith("::error::x") for line in done.stdout.split("\n"))


def test_plain_names_pass_the_same_road(approved: ArchiveRepo) -> None:
    """The raw commit is refused for its names only: a good name is only unapproved."""
    report = approved.verify("main", _planted(approved, f"{HERE}/plan.txt"))
    assert refused_for(report, ("R11-1", f"{HERE}/plan.txt was changed after this review."))


@pytest.mark.parametrize("area", ["posts", "reviews"])
def test_a_post_or_review_in_the_folder_of_another_year(approved: ArchiveRepo, area: str) -> None:
    """It came with the change, so it is looked at, and named, wherever the change put it."""
    moved = f"content/{area}/2019/{POST}"
    oid = approved.git.blob(approved.read(f"{HERE}/post.md"))
    env = approved.git.people(email("zz-a"), email("zz-a"))
    name = "post.md" if area == "posts" else "r1/1-first.json"
    head = approved.git.grow(approved.head(), [("100644", oid, f"{moved}/{name}")], env)
    report = approved.verify("main", head)
    assert report.exit_code == 11
    assert NO_CLASS in reasons(report)
    assert any(f.location.path == f"{moved}/{name}" for f in report.findings)
