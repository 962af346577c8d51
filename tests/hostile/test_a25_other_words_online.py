"""A25: what a platform shows is held against the approved text, and a record against the bytes."""

from pathlib import Path

import pytest

from pipeline.evidence.review.statements import write_statement
from tests.builders.archive import BODY, POST, ArchiveRepo
from tests.builders.cast import at
from tests.builders.verdicts import marks, passes, run

TITLE = "冬季防火三件事"


@pytest.fixture
def published(approved: ArchiveRepo) -> ArchiveRepo:
    approved.publication(POST)
    approved.commit("发布", "gly-a")
    approved.merge("proposal")
    assert passes(approved.standing())
    return approved


def _drift(archive: ArchiveRepo, folder: Path, text: str) -> tuple[int, str]:
    page = folder / "page.txt"
    page.write_text(text, encoding="utf-8")
    done = run(archive.root, "drift", POST, str(page), "--for", "app", lang="names")
    return done.returncode, done.stdout + done.stderr


def _shown() -> str:
    return f"{TITLE}\n\n{BODY.replace('## ', '')}"


def test_the_approved_words_do_not_drift(published: ArchiveRepo, tmp_path: Path) -> None:
    code, said = _drift(published, tmp_path, _shown())
    assert code == 0, said
    assert "text-as-approved" in said


@pytest.mark.parametrize(
    ("old", "new"),
    [("断电、关火", "关火"), ("出门", "不出门"), ("关好火源", "关好火源（广告：某牌灭火器）")],
)
def test_other_words_are_found_and_named(
    published: ArchiveRepo, tmp_path: Path, old: str, new: str
) -> None:
    code, said = _drift(published, tmp_path, _shown().replace(old, new))
    assert code == 11, said
    assert "text-differs" in said


def test_a_record_of_other_bytes_is_refused(approved: ArchiveRepo) -> None:
    """The operator signs that the account carried something else than was confirmed."""
    path = approved.publication(POST)
    other = dict.fromkeys(approved.manifest(POST), "0" * 64)
    stated = {
        "archive": "yunlan-yjj", "post": POST, "revision": 1, "account": "wx", "title": TITLE,
        "url": "https://wechat.example/wx/1", "published_at": at("2026-11-05 09:30"),
        "operator": "gly-a", "batch": "", "recorded_at": at("2026-11-05 09:35"),
    }  # fmt: skip
    approved.sign(path, write_statement("publication", other, stated), "gly-a")
    approved.commit("发布", "gly-a")
    report = approved.verify()
    assert report.exit_code == 11
    assert "R11-4" in {clause for clause, _ in marks(report)}
