"""What stands is whole, and any one review file that is missing names who is awaited."""

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.evidence import CAST
from tests.builders.verdicts import finds, passes, reasons, run_verify

NAMED = {
    "first": ("某xxy-a xxy-a", "某xxy-b xxy-b"),
    "second": ("某kz-a kz-a",),
    "final": ("某ld-a ld-a", "某ld-b ld-b"),
    "confirm": ("某kz-a kz-a",),
}


@pytest.fixture
def standing(approved: ArchiveRepo) -> ArchiveRepo:
    approved.merge("proposal")
    return approved


def test_it_passes(standing: ArchiveRepo) -> None:
    assert passes(standing.standing())
    done = run_verify(standing.root)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 held, 0 refused" in done.stdout
    assert "Unchecked: R01-2" in done.stdout


@pytest.mark.parametrize("ends", [("",), (".sig",), ("", ".sig")], ids=["json", "sig", "both"])
@pytest.mark.parametrize("step", CAST)
def test_a_missing_file_names_who_is_awaited(
    standing: ArchiveRepo, step: str, ends: tuple[str, ...]
) -> None:
    for end in ends:
        (standing.root / f"{standing.place(POST, step)}{end}").unlink()
    standing.commit("丢失", "gly-a")
    report = standing.standing()
    assert report.exit_code == 11
    clause = "R15-2" if step == "confirm" else "R11-1"
    sentences = [m for c, m in reasons(report) if c == clause]
    for name in NAMED[step]:
        assert any(name in m for m in sentences), f"{name} is not named: {sentences}"


@pytest.mark.parametrize("step", ["first", "confirm"])
def test_the_command_says_so(standing: ArchiveRepo, step: str) -> None:
    for end in ("", ".sig"):
        (standing.root / f"{standing.place(POST, step)}{end}").unlink()
    standing.commit("丢失", "gly-a")
    done = run_verify(standing.root)
    assert done.returncode == 11
    word = {"first": "first-review-missing", "confirm": "confirmation-missing"}
    assert word[step] in {f.name for f in standing.standing().findings}
    assert f"sanshen {'confirm' if step == 'confirm' else 'approve'} {POST}" in done.stdout


def test_the_command_says_so_in_chinese(standing: ArchiveRepo) -> None:
    for end in ("", ".sig"):
        (standing.root / f"{standing.place(POST, 'first')}{end}").unlink()
    standing.commit("丢失", "gly-a")
    done = run_verify(standing.root, lang="zh")
    assert done.returncode == 11
    assert "缺少初审" in done.stdout
    assert "某xxy-a xxy-a" in done.stdout
    assert f"sanshen approve {POST}" in done.stdout
    assert "机器检查通过" in done.stdout.split("\n")[-2]


@pytest.mark.parametrize("step", CAST)
def test_removing_it_by_a_change_is_refused(standing: ArchiveRepo, step: str) -> None:
    standing.branch("again")
    (standing.root / standing.place(POST, step)).unlink()
    standing.commit("删记录", "zz-a")
    report = standing.verify("main", "again")
    assert finds(report, "R13-7", "signed-file-changed")


def test_a_draft_alone_is_held_for_four_people(archive: ArchiveRepo) -> None:
    """Waiting is no wrong: a proposal is held, what stands is refused."""
    archive.draft()
    archive.commit("起草")
    assert archive.verify().exit_code == 10
    archive.merge("proposal")
    assert archive.standing().exit_code == 11


def test_nothing_to_judge(archive: ArchiveRepo) -> None:
    assert archive.verify().exit_code == 3
    assert run_verify(archive.root, "--base", "main").returncode == 3
