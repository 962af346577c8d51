"""A36: a post's bytes are erased by two signatures, from history too, and the rest stays provable.

The rewriting is the one of docs/runbooks/expunge.md, done here with `git filter-branch`, which
every git has; `git filter-repo` leaves the same history.
"""

from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.evidence.log.leaves import checkpoint_of, prove
from pipeline.evidence.log.merkle import Log
from pipeline.evidence.log.tiles import not_extended
from pipeline.model.findings import Effect
from pipeline.model.reports import Report
from pipeline.publish.publication_log import publication_log
from pipeline.sign.acts.authorise import remove
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at, private_key_file, sign_as
from tests.builders.records import erase, waive
from tests.builders.verdicts import finds, marks, passes, refused_for, run

ROSTER = "content/registers/roster.yml"
FOLDER = f"content/posts/2026/{POST}"
SECRET = "张三，身份证号"


@pytest.fixture
def published(archive: ArchiveRepo) -> ArchiveRepo:
    """A published post whose text names somebody, with a picture, and another post after it."""
    archive.draft(body=f"{SECRET}在此。\n", files={"a.txt": b"private\n"})
    archive.commit("起草")
    archive.approve_all()
    archive.commit("审核")
    archive.publication(POST)
    archive.commit("发布", "gly-a")
    archive.merge("proposal")
    archive.branch("later")
    other = archive.draft("2026-11-05-other")
    archive.commit("再起草")
    archive.approve_all(other)
    archive.commit("再审核")
    archive.merge("later")
    return archive


def _audit(archive: ArchiveRepo) -> Report:
    root = sha256(archive.git("show", f"{_first(archive)}:{ROSTER}").encode() + b"\n").hexdigest()
    return archive.audit("main", root)


def _first(archive: ArchiveRepo) -> str:
    return archive.git("rev-list", "--max-parents=0", "main")


def _log(archive: ArchiveRepo) -> Log:
    return publication_log(archive.open(), archive.head("main"), "archive.example/a")


def _rewrite(archive: ArchiveRepo, *paths: str) -> None:
    """Every commit without these paths; nothing else changes."""
    command = "git rm -r --cached --quiet --ignore-unmatch " + " ".join(paths)
    archive.switch("main")
    archive.git(
        "filter-branch", "--force", "--prune-empty", "--index-filter", command, "--", "main",
        env={"FILTER_BRANCH_SQUELCH_WARNING": "1", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    for ref in archive.git("for-each-ref", "--format=%(refname)").split("\n"):
        if ref != "refs/heads/main":
            archive.git("update-ref", "-d", ref)
    archive.git("reflog", "expire", "--expire=now", "--all")
    archive.git("gc", "--quiet", "--prune=now")


def _holds_secret(archive: ArchiveRepo) -> bool:
    objects = archive.git("cat-file", "--batch-all-objects", "--batch-check").split("\n")
    blobs = [line.split()[0] for line in objects if " blob " in line]
    return any(SECRET in archive.git("cat-file", "blob", oid) for oid in blobs)


@pytest.fixture
def erased(published: ArchiveRepo) -> ArchiveRepo:
    published.branch("erase")
    erase(published, "kz-a", "ld-a")
    return published


def test_two_people_erase_a_post_and_the_rest_stands(erased: ArchiveRepo) -> None:
    before = _log(erased)
    note = checkpoint_of(before).text.encode()
    assert passes(erased.verify())
    erased.merge("erase")
    assert passes(erased.standing())
    report = _audit(erased)
    assert report.exit_code == 0, marks(report)
    assert not (erased.root / FOLDER).exists()
    after = _log(erased)
    assert after.size == before.size + 2
    assert not_extended(after, note) is None
    assert {x.kind for x in after.leaves[before.size :]} == {"expunge"}


def test_history_without_the_bytes_is_accepted_and_the_log_verifies(erased: ArchiveRepo) -> None:
    erased.merge("erase")
    before = _log(erased)
    assert _holds_secret(erased)
    _rewrite(erased, FOLDER)
    assert not _holds_secret(erased)
    report = _audit(erased)
    assert report.exit_code == 0, marks(report)
    after = _log(erased)
    assert [x.data for x in after.leaves] == [x.data for x in before.leaves]
    assert not_extended(after, checkpoint_of(before).text.encode()) is None
    assert all(prove(after, x.record) for x in after.leaves)


def test_rewriting_without_the_record_is_refused(published: ArchiveRepo) -> None:
    _rewrite(published, FOLDER)
    wanted = [
        ("R11-1", "review-without-post"),
        ("R11-4", "publication-without-post"),
        ("R11-4", "publication-post-unknown"),
    ]
    assert refused_for(_audit(published), *wanted)


def test_nothing_else_may_go_with_it(erased: ArchiveRepo) -> None:
    erased.merge("erase")
    _rewrite(erased, FOLDER, "content/posts/2026/2026-11-05-other")
    assert refused_for(_audit(erased), ("R11-1", "review-without-post"))


@pytest.mark.parametrize(
    "gone",
    [
        f"content/records/publications/2026/2026-11-05.wx.{POST}.json",
        f"content/reviews/2026/{POST}/r1/4-confirm.json",
    ],
)
def test_a_record_that_goes_with_it_breaks_the_log(erased: ArchiveRepo, gone: str) -> None:
    erased.merge("erase")
    note = checkpoint_of(_log(erased)).text.encode()
    _rewrite(erased, FOLDER, gone)
    assert "cut short" in str(not_extended(_log(erased), note))


@pytest.mark.parametrize("people", [("kz-a",), ("ld-a",), ("ld-a", "ld-b")])
def test_one_office_alone_erases_nothing(published: ArchiveRepo, people: tuple[str, ...]) -> None:
    published.branch("erase")
    erase(published, *people)
    report = published.verify()
    assert report.exit_code == 10, marks(report)
    assert finds(report, "R13-7", "erasure-awaited", effect=Effect.HOLD)
    published.merge("erase")
    assert _audit(published).exit_code == 11


def test_a_post_that_is_deleted_without_any_record(published: ArchiveRepo) -> None:
    published.branch("erase")
    remove(published.root, POST)
    published.commit("删", "gly-a")
    report = published.verify()
    assert finds(report, "R13-7", "post-deleted")


def test_an_erased_post_does_not_come_back(erased: ArchiveRepo) -> None:
    erased.merge("erase")
    erased.branch("back")
    erased.draft(body="又来了。\n")
    erased.commit("重写")
    report = erased.verify()
    assert finds(report, "R13-10", "erased-post-back")


def test_an_expunging_covers_only_the_bytes_it_names(erased: ArchiveRepo) -> None:
    """A review of other bytes, slipped in beside the erased post's own."""
    erased.merge("erase")
    erased.branch("more")
    path = f"content/reviews/2026/{POST}/r2/1-first.json"
    source = erased.git("show", f"main:content/reviews/2026/{POST}/r1/1-first.json") + "\n"
    raw = source.replace('"revision": 1', '"revision": 2').replace(
        sha256(b"private\n").hexdigest(), "0" * 64
    )
    erased.write(path, raw.encode())
    erased.write(f"{path}.sig", sign_as("xxy-a", raw.encode()))
    erased.commit("加", "gly-a")
    assert finds(erased.verify(), "R13-10", "review-unerased-bytes")


def test_the_command_erases_and_says_what_is_next(published: ArchiveRepo, tmp_path: Path) -> None:
    published.branch("erase")
    for person in ("kz-a", "ld-a"):
        key = private_key_file(person, tmp_path)
        done = run(
            published.root, "expunge", POST, "-r", "误载个人信息", "--key", str(key), "--yes"
        )
        assert done.returncode == 0, done.stderr
        assert f"/expunge-{POST}/{person}.json" in done.stdout
        assert "docs/runbooks/expunge.md" in done.stderr
        assert SECRET not in done.stdout + done.stderr
        assert not (published.root / FOLDER).exists()
    published.commit("清除", "gly-a")
    report = published.verify(as_of=at("2027-01-01 00:00"))
    assert not finds(report, "R13-7", "post-deleted")
    other = str(private_key_file("gly-a", tmp_path))
    refused = run(published.root, "expunge", POST, "-r", "x", "--key", other, "--yes", lang="names")
    assert refused.returncode == 1
    assert "eraser-unfit" in refused.stderr
    nothing = run(
        published.root,
        "expunge",
        "2026-01-01-none",
        "-r",
        "x",
        "--key",
        str(tmp_path / "kz-a"),
        "--yes",
        lang="names",
    )
    assert nothing.returncode == 1
    assert "post-never-held" in nothing.stderr


def test_a_post_with_a_waiver_is_erased_and_the_waiver_stays(published: ArchiveRepo) -> None:
    """Nobody may delete what was signed, so it must not be in the way."""
    waive(published)
    published.commit("豁免", "kz-a")
    published.branch("erase")
    erase(published, "kz-a", "ld-a")
    assert passes(published.verify())
    published.merge("erase")
    assert passes(published.standing())


def test_two_signatures_that_erase_a_post_which_stays(published: ArchiveRepo) -> None:
    published.branch("erase")
    erase(published, "kz-a", "ld-a")
    published.git("checkout", "--quiet", "main", "--", FOLDER)
    published.commit("还原", "gly-a")
    wanted = ("R13-10", "erased-post-back")
    assert refused_for(published.verify(), wanted)
    published.merge("erase")
    assert refused_for(published.standing(), wanted)
    assert finds(_audit(published), *wanted)
