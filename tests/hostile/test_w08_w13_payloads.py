"""W8–W13: what a forge may answer, and what becomes of the answer."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.payloads import payload, review
from tests.builders.verdicts import refused_for
from tests.builders.witness import governed
from tests.builders.witnessing import recorded, witnessed


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    made = ArchiveRepo.begin(tmp_path_factory.mktemp("payloads") / "archive", **governed())
    made.branch("proposal")
    made.draft()
    made.commit("起草")
    return made


@pytest.fixture
def archive(begun: ArchiveRepo, tmp_path: Path) -> ArchiveRepo:
    return begun.copy(tmp_path / "archive")


def clicks(archive: ArchiveRepo, **first: Any) -> dict[str, Any]:
    return payload(archive.head(), [review(1, "xxy-a", **first), review(2, "kz-a")])


def nothing(archive: ArchiveRepo, value: Any) -> list[str]:
    answer = witnessed(archive, value, code=3)
    assert (answer["commit"], answer["records"]) == ("", [])
    assert "recorded" not in [row["outcome"] for row in answer["reviews"]]
    return [row["message"] for row in answer["reviews"]]


def test_w08_a_click_on_other_bytes_counts_for_nothing(archive: ArchiveRepo) -> None:
    value = clicks(archive)
    archive.draft(body="改过的正文。\n")
    archive.commit("改")
    value["pull"]["head"]["sha"] = archive.head()
    assert all("changed-since" in words for words in nothing(archive, value))


@pytest.mark.parametrize("commit", [None, "e" * 40, "main", "--all", "HEAD", "0" * 64])
def test_w08_a_commit_that_is_unknown_or_none(archive: ArchiveRepo, commit: str | None) -> None:
    """Or a name that git would take for another: a reviewer may post any."""
    assert "changed-since" in nothing(archive, clicks(archive, commit=commit))[0]


def test_w08_a_commit_of_the_same_bytes_counts_whatever_its_name(archive: ArchiveRepo) -> None:
    value = clicks(archive)
    archive.commit("更新分支", "gly-a")
    value["pull"]["head"]["sha"] = archive.head()
    assert len(witnessed(archive, value)["records"]) == 2


def test_w08_an_account_that_is_gone(archive: ArchiveRepo) -> None:
    assert "account-unknown" in nothing(archive, clicks(archive, user=None))[0]


def test_w09_a_run_that_is_run_again_records_nothing_twice(archive: ArchiveRepo) -> None:
    old = clicks(archive)
    recorded(archive, json.loads(json.dumps(old)))
    assert "stands at" in witnessed(archive, old, code=1)["error"]
    old["pull"]["head"]["sha"] = archive.head()
    answer = witnessed(archive, old, code=3)
    assert (answer["commit"], answer["records"]) == ("", [])
    assert {row["outcome"] for row in answer["reviews"]} == {"recorded"}


@pytest.mark.parametrize(
    "broken",
    [
        {"message": "Server Error"},
        {"complete": False},
        {"total": 3},
        {"reviews": None},
        {"reviews": [review(1, "xxy-a", "SOMETHING_NEW", commit="c")]},
    ],
)
def test_w10_an_outage_is_a_fault_and_never_no_reviews(
    archive: ArchiveRepo, broken: dict[str, Any]
) -> None:
    value = broken if "message" in broken else clicks(archive) | broken
    assert "cannot be used" in witnessed(archive, value, code=1)["error"]


def test_w10_half_an_answer_is_a_fault(archive: ArchiveRepo) -> None:
    assert "cannot be used" in witnessed(archive, json.dumps(clicks(archive))[:-9], code=1)["error"]


def test_w11_a_fork_is_told_what_to_do(archive: ArchiveRepo) -> None:
    value = clicks(archive)
    for repo in ({"id": 8, "full_name": "other/archive"}, None):
        value["pull"]["head"]["repo"] = repo
        assert all("branch-missing" in words for words in nothing(archive, value))


def test_w12_a_return_that_is_pushed_away_comes_back(archive: ArchiveRepo) -> None:
    first = review(1, "xxy-a", "return", body="缺来源。")
    value = payload(archive.head(), [first])
    before = archive.head()
    recorded(archive, value)
    assert refused_for(archive.verify(), ("R11-1", "first-review-returned"))
    archive.git("reset", "--quiet", "--hard", before)
    value["pull"]["head"]["sha"] = before
    assert witnessed(archive, value)["records"] == [
        f"content/reviews/2026/{POST}/r1/1-first.json"
    ]  # fmt: skip


def test_w12_dismissing_it_on_the_forge_lifts_nothing(archive: ArchiveRepo) -> None:
    """GitHub then hides what it was; another may not approve over it."""
    rows = [review(1, "xxy-a", "DISMISSED"), review(2, "xxy-b"), review(3, "kz-a")]
    nothing(archive, payload(archive.head(), rows))


def test_w13_a_bot_of_the_forge_is_nobody(archive: ArchiveRepo) -> None:
    """Not even under the number of an account that is in the roster."""
    bot = review(1, "xxy-a")["user"] | {"type": "Bot", "login": "forge-actions[bot]"}
    assert "account-unknown" in nothing(archive, clicks(archive, user=bot))[0]
