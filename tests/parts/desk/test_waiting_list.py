"""待我办理: each person sees what waits for them, wherever it lies."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.history.waiting import WaitingPost
from tests.builders.archive import POST
from tests.builders.desks import DeskRun, browser, bureau
from tests.builders.named import shows


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("bureau")
    archive = bureau(folder / "archive")
    archive.draft(title="冬季防火<b>提示</b>")
    archive.commit("起草", "zz-a")
    archive.review(POST, "first")
    archive.commit("初审", "xxy-a")
    return DeskRun.over(archive, folder)


def lists(run: DeskRun, person: str) -> dict[str, str]:
    """Label of a list → its HTML."""
    page = browser(run.open(), person).get("/").text
    cards = page.split('<section class="card"')[1:]
    return {card.split('"')[1]: card for card in cards if "aria-label" in card[:20]}


def test_the_next_reviewer_has_the_post_with_who_signed_before(run: DeskRun) -> None:
    mine = lists(run, "kz-a")["待我办理"]
    assert f"/posts/{POST}" in mine
    assert "某xxy-a" in mine
    assert "复审" in mine


def test_who_signed_finds_it_below(run: DeskRun) -> None:
    mine = lists(run, "xxy-a")
    assert "待我办理" not in mine
    assert POST in mine["我已办理"]


def test_others_find_it_with_its_next_people(run: DeskRun) -> None:
    assert "某kz-a" in lists(run, "gly-a")["他人办理中"]


def test_an_empty_list_says_what_was_read_and_when(run: DeskRun, tmp_path: Path) -> None:
    page = browser(run.open(), "gly-a").get("/").text
    assert shows(page, "nothing-waits-for-you", "zh")
    assert "共查看 2 处" in page
    assert "分支" not in page


def test_a_title_runs_no_markup(run: DeskRun) -> None:
    assert "<b>" not in browser(run.open(), "kz-a").get("/").text


def test_no_post_is_compared_with_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each holds the archive it was read in: to compare two takes longer than to show both."""
    archive, other = bureau(tmp_path / "archive"), f"{POST}-2"
    for post in (POST, other):
        archive.draft(post)
        archive.commit("起草", "zz-a")
        archive.review(post, "first")
        archive.commit("初审", "xxy-a")

    def compared(*_: object) -> bool:
        raise AssertionError("compared")

    monkeypatch.setattr(WaitingPost, "__eq__", compared)
    signed = lists(DeskRun.over(archive, tmp_path), "xxy-a")["我已办理"]
    assert all(f"/posts/{post}/" in signed for post in (POST, other))
