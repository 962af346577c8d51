"""A12: evidence is files, so no way of merging voids it."""

import pytest

from tests.builders.archive import ArchiveRepo
from tests.builders.cast import email
from tests.builders.named import worded
from tests.builders.verdicts import passes, run_verify

FORGE = "noreply@github.com"


def _proposed_by_the_writer(archive: ArchiveRepo) -> None:
    """The last commit is the writer's, whose name a squash then takes."""
    env = archive.git.people(email("zz-a"), email("zz-a"))
    words = ("commit", "--quiet", "--amend", "--no-edit", "--author", f"zz-a <{email('zz-a')}>")
    archive.git(*words, env=env)


@pytest.mark.parametrize("squash", [False, True], ids=["merge", "squash"])
@pytest.mark.parametrize("committer", ["gly-a", FORGE], ids=["operator", "forge"])
def test_merged(approved: ArchiveRepo, squash: bool, committer: str) -> None:
    base = approved.head("main")
    if squash:
        _proposed_by_the_writer(approved)
    approved.merge("proposal", squash=squash, committer=committer)
    assert passes(approved.verify(base, "main"))
    assert passes(approved.standing("main"))


def test_a_web_merge_that_names_its_co_author(approved: ArchiveRepo) -> None:
    """A forge adds the writer as co-author of its squash; the writer is nobody new."""
    base = approved.head("main")
    env = approved.git.people(email("zz-a"), FORGE)
    approved.switch("main")
    approved.git("merge", "--quiet", "--squash", "proposal", env=env)
    message = f"冬季防火 (#1)\n\nCo-authored-by: zz-a <{email('zz-a')}>"
    approved.git("commit", "--quiet", "--message", message, env=env)
    assert passes(approved.verify(base, "main"))


def _main_moves(archive: ArchiveRepo) -> str:
    archive.switch("main")
    other = archive.draft("2026-11-05-elsewhere")
    archive.commit("别的稿子")
    archive.approve_all(other)
    archive.commit("审核", "gly-a")
    return archive.head()


def test_rebased(approved: ArchiveRepo) -> None:
    base = _main_moves(approved)
    approved.switch("proposal")
    approved.git("rebase", "--quiet", "main", env=approved.git.people("x@x", email("zz-a")))
    assert approved.head("HEAD~2") == base
    assert passes(approved.verify("main", "proposal"))


def test_cherry_picked(approved: ArchiveRepo) -> None:
    base = _main_moves(approved)
    env = approved.git.people("x@x", email("zz-b"))
    approved.git("cherry-pick", "proposal~1", "proposal", env=env)
    assert passes(approved.verify(base, "main"))
    assert passes(approved.standing("main"))


def test_sent_as_a_patch_to_a_mirror(approved: ArchiveRepo) -> None:
    patch = approved.git("format-patch", "--stdout", "--binary", "main..proposal")
    approved.branch("mirror", "main")
    env = approved.git.people("x@x", email("gly-a"))
    approved.git("am", "--quiet", stdin=f"{patch}\n".encode(), env=env)
    assert passes(approved.verify("main", "mirror"))


def test_in_one_commit_with_its_reviews(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.approve_all()
    archive.commit("一次提交")
    assert passes(archive.verify())


def test_commit_signatures_are_never_approvals(approved: ArchiveRepo) -> None:
    """A signature header on a commit, however good, is not looked at."""
    approved.git("rm", "-r", "--quiet", "content/reviews")
    approved.commit("拿掉审核", "kz-a")
    raw = approved.git("cat-file", "commit", "HEAD") + "\n"
    head, _, message = raw.partition("\n\n")
    forged = (
        f"{head}\ngpgsig -----BEGIN SSH SIGNATURE-----\n -----END SSH SIGNATURE-----\n\n{message}"
    )
    oid = approved.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=forged.encode())
    report = approved.verify("main", oid)
    assert report.exit_code == 10
    assert {f.name for f in report.findings} >= {"first-review-missing"}


def test_the_command_passes_a_squash(approved: ArchiveRepo) -> None:
    _proposed_by_the_writer(approved)
    approved.merge("proposal", squash=True, committer=FORGE)
    done = run_verify(approved.root, "--base", "main^", "--head", "main")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Subjects: 2 pass, 0 held, 0 refused." in done.stdout
    assert worded("machine-pass") in done.stdout
