"""What an audit or a build keeps can be deleted, spoiled or be another's: the answer stays."""

import pickle
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.history.judge_commits import Means
from pipeline.history.replay import audit
from pipeline.memo.store import FILE, SealedStore
from pipeline.memo.verdict_cache import LEDGER, Ledger, digest_of
from pipeline.model.reports import Report
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF
from tests.builders.files import folder
from tests.builders.seeds import seeds
from tests.memo.dated_clauses import CLAUSES, TURN, any_clause, lay_down, moments
from tests.memo.spoil import edit, raw_rows

KEY = bytes(range(32))
PATH = f"{folder(POST)}/post.md"


def _audit(archive: ArchiveRepo, store: SealedStore | None) -> Report:
    return audit(archive.open(), archive.head("main"), lambda _: AS_OF, "", Means(store))


def _same(one: Report, two: Report) -> bool:
    return (one.exit_code, one.verdicts) == (two.exit_code, two.verdicts)


@pytest.fixture
def store(tmp_path: Path) -> SealedStore:
    return SealedStore(tmp_path / "kept", KEY)


@pytest.fixture
def merged(approved: ArchiveRepo) -> ArchiveRepo:
    approved.merge("proposal")
    return approved


def _forged(archive: ArchiveRepo) -> None:
    archive.change(PATH, "断电、关火", "断电、点火")
    archive.commit("直接推送", "gly-a")


def test_a_second_audit_says_the_same(merged: ArchiveRepo, store: SealedStore) -> None:
    assert _same(_audit(merged, store), _audit(merged, None))
    assert raw_rows(store, LEDGER)
    assert _same(_audit(merged, store), _audit(merged, None))
    _forged(merged)
    report = _audit(merged, store)
    assert report.exit_code == 11
    assert _same(report, _audit(merged, None))
    assert _same(_audit(merged, store), report)


def test_what_was_kept_of_a_sound_archive_covers_no_other(
    merged: ArchiveRepo, store: SealedStore, tmp_path: Path
) -> None:
    """Rows of the same store, made under the same key, of an archive that was not forged."""
    twin = merged.copy(tmp_path / "twin")
    _forged(twin)
    _audit(merged, store)
    report = _audit(twin, store)
    assert report.exit_code == 11
    assert _same(report, _audit(twin, None))


@pytest.mark.parametrize("spoil", ["forged", "foreign", "garbage", "empty", "gone", "linked"])
def test_a_spoiled_store_is_no_help(
    merged: ArchiveRepo, store: SealedStore, tmp_path: Path, spoil: str
) -> None:
    """An insider writes into .git what says that the forged commit passed."""
    _audit(merged, store)
    sound, path = merged.head("main"), store.folder / FILE
    _forged(merged)
    ledger = Ledger.open(store, ())
    ledger.changes[merged.head("main")] = ledger.changes[sound]
    passing = pickle.dumps((ledger.changes, ledger.duties))
    if spoil == "forged":  # the forged commit passes, under the old seal
        edit(store, "UPDATE row SET value = ? WHERE kind = ?", passing, LEDGER)
    elif spoil == "foreign":
        SealedStore(store.folder, bytes(32)).write({LEDGER: {digest_of(()): passing}}, {})
    elif spoil == "linked":
        path.rename(tmp_path / "other")
        path.symlink_to(tmp_path / "other")
    elif spoil == "gone":
        path.unlink()
    else:
        path.write_bytes({"garbage": b"{" * 5000, "empty": b""}[spoil])
    report = _audit(merged, store)
    assert report.exit_code == 11
    assert _same(report, _audit(merged, None))


def test_what_is_kept_of_a_change_holds_until_its_reviews_would_run_out(
    merged: ArchiveRepo, store: SealedStore
) -> None:
    """No clause takes the time or the day into its hands where a post is in order."""
    _audit(merged, store)
    span = Ledger.open(store, ()).changes[merged.head("main")].span
    assert span.high - AS_OF > timedelta(days=300)
    assert span.low <= AS_OF


@pytest.mark.parametrize("asks", CLAUSES)
def test_a_clause_refuses_from_its_day_on_warm_and_cold(
    merged: ArchiveRepo, store: SealedStore, monkeypatch: pytest.MonkeyPatch, asks: str
) -> None:
    lay_down(CLAUSES[asks], monkeypatch)
    for moment, late in ((TURN - timedelta(seconds=1), False), (TURN, True)):
        cold = _agree(merged, store, moment)
        told = [f for v in cold.verdicts for f in v.findings if str(f.message) == "Too late."]
        assert bool(told) is late


@seeds(1)
def test_any_clauses_say_the_same_warm_and_cold_at_any_time(
    merged: ArchiveRepo, store: SealedStore, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    draw = random.Random(seed)  # noqa: S311
    lay_down(any_clause(draw), monkeypatch)
    for moment in moments(draw):
        _agree(merged, store, moment)


def _agree(archive: ArchiveRepo, store: SealedStore, moment: datetime) -> Report:
    warm, cold = (
        audit(archive.open(), archive.head("main"), lambda _: moment, "", Means(kept))
        for kept in (store, None)
    )
    assert _same(warm, cold)
    return cold


def test_a_link_to_an_article_of_the_time_still_passes_a_year_later(
    merged: ArchiveRepo,
) -> None:
    merged.publication(POST, url="https://mp.weixin.qq.com/s/own-article")
    merged.commit("发布", "gly-a")
    merged.branch("linked")
    linked = merged.draft(
        "2026-11-05-linked", "见[原文](https://mp.weixin.qq.com/s/own-article)。\n"
    )
    merged.approve_all(linked)
    merged.commit("一篇", "zz-a")
    commit = merged.merge("linked")
    for days in (0, 400):
        report = audit(merged.open(), commit, lambda _, d=days: AS_OF + timedelta(d), "", Means())
        of_post = [v for v in report.verdicts if v.subject == f"{commit[:12]} {linked}"]
        told = [(f.clause, str(f.message)) for v in of_post for f in v.findings]
        assert of_post, days
        assert not any("account on" in message for _, message in told), (days, told)
