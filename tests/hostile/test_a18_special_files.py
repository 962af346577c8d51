"""A18: only regular files enter content: no link, no submodule, no program."""

import os

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.files import folder
from tests.builders.verdicts import places, reasons, run_verify

HERE = folder(POST)


def _special(mode: str) -> set[tuple[str, str]]:
    return {
        ("R11-2", f"This is not a regular file (mode {mode})."),
        ("R13-7", f"Only regular files may enter content (mode {mode})."),
    }


@pytest.mark.parametrize("target", ["/etc/passwd", "../../../policy.yml", "post.md", "nowhere"])
def test_a_symbolic_link(approved: ArchiveRepo, target: str) -> None:
    os.symlink(target, approved.root / HERE / "plan.txt")
    approved.commit("链接")
    report = approved.verify()
    assert report.exit_code == 11
    assert _special("120000") <= reasons(report), reasons(report)
    assert (f"{HERE}/plan.txt", 0) in places(report, "R13-7")


def test_the_post_itself_as_a_link(archive: ArchiveRepo) -> None:
    archive.draft()
    text = archive.read(f"{HERE}/post.md")
    archive.write("elsewhere.md", text)
    (archive.root / HERE / "post.md").unlink()
    os.symlink("../../../../elsewhere.md", archive.root / HERE / "post.md")
    archive.commit("链接")
    report = archive.verify()
    assert report.exit_code == 11
    assert _special("120000") <= reasons(report)


def test_a_program(approved: ArchiveRepo) -> None:
    path = approved.write(f"{HERE}/plan.txt", "原文。\n")
    path.chmod(0o755)
    approved.commit("程序")
    report = approved.verify()
    assert _special("100755") <= reasons(report), reasons(report)


@pytest.mark.parametrize("name", ["plan.txt", "post.md"])
def test_a_submodule(approved: ArchiveRepo, name: str) -> None:
    (approved.root / HERE / name).unlink(missing_ok=True)
    oid = approved.head("main")
    approved.git("update-index", "--add", "--cacheinfo", f"160000,{oid},{HERE}/{name}")
    env = approved.git.people("zz-a@yunlan.example.org", "zz-a@yunlan.example.org")
    approved.git("commit", "--quiet", "--message", "子模块", env=env)
    report = approved.verify()
    assert report.exit_code == 11
    assert _special("160000") <= reasons(report), reasons(report)


@pytest.mark.parametrize("end", ["", ".sig"])
def test_a_review_that_is_a_link(approved: ArchiveRepo, end: str) -> None:
    """To a real review, so that reading through it would find what counts."""
    path = approved.root / f"{approved.place(POST, 'first')}{end}"
    path.rename(approved.root / "kept")
    os.symlink("../../../../../kept", path)
    approved.commit("链接")
    report = approved.verify()
    assert report.exit_code == 11
    assert ("R13-7", "Only regular files may enter content (mode 120000).") in reasons(report)
    decision = {v.subject: v.publishable for v in report.verdicts}
    assert decision[POST] is False


def test_a_register_that_is_a_link(archive: ArchiveRepo) -> None:
    register = archive.root / "content/registers/people.yml"
    register.rename(archive.root / "people.yml")
    os.symlink("../../people.yml", register)
    archive.commit("链接")
    report = archive.verify()
    assert report.exit_code == 11
    assert ("R13-7", "Only regular files may enter content (mode 120000).") in reasons(report)


def test_the_command_says_what_to_do(approved: ArchiveRepo) -> None:
    os.symlink("/etc/passwd", approved.root / HERE / "plan.txt")
    approved.commit("链接")
    done = run_verify(approved.root, "--base", "main")
    assert done.returncode == 11
    assert "Only regular files may enter content (mode 120000)." in done.stdout
    assert "Next: Replace the link, module or executable by a plain file." in done.stdout
    assert "root:" not in done.stdout
