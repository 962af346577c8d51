"""A list of a forge is whole or there is none: pages, rows left out, servers that lie or loop."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from pipeline.cli import calls
from pipeline.cli.calls import PAGES, ForgeApi
from pipeline.cli.forge_api import Endpoint, Unanswered

Rows = list[dict[str, int]]
API = ForgeApi("yunlan/archive", Endpoint("git.example", "api/v1/", "t"))


def rows(first: int, end: int) -> Rows:
    return [{"id": number} for number in range(first, end)]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int]]:
    """Answer page N with what `page` gives for it, and with `total` behind the status."""

    def serve(page: Callable[[int], Any], total: str = "") -> list[int]:
        asked: list[int] = []

        def run(command: Sequence[str], given: str, **_: Any) -> tuple[int, str]:
            found = re.search(r"[?&]page=(\d+)", given)
            assert command[0] == "curl" and found
            asked.append(int(found[1]))
            return 0, f"{json.dumps(page(asked[-1]))}\n200 {total}"

        monkeypatch.setattr(calls, "run", run)
        return asked

    return serve


def pages(*given: Rows | None) -> Callable[[int], Any]:
    return lambda number: given[number - 1] if number <= len(given) else []


@pytest.mark.parametrize("total", ["", "0", "130", "%header{x-total-count}"])
def test_pages_are_read_up_to_the_empty_one(served: Any, total: str) -> None:
    """Older curl prints the name of the header, and GitHub counts nothing."""
    served(pages(rows(0, 50), rows(50, 100), rows(100, 130)), total)
    assert API.every("/pulls?state=open") == rows(0, 130)


def test_a_server_that_cuts_pages_shorter_is_read_whole(served: Any) -> None:
    asked = served(pages(rows(0, 10), rows(10, 20), rows(20, 21)), "21")
    assert API.every("/pulls") == rows(0, 21)
    assert asked == [1, 2, 3, 4]


@pytest.mark.parametrize("empty", [[], None])
def test_a_page_without_what_is_hidden_does_not_end_the_list(served: Any, empty: Any) -> None:
    """Line comments stand in no timeline, and another's unsent review in no list."""
    served(pages(rows(0, 50), empty, rows(100, 110)), "0")
    assert API.every("/timeline", hidden=50) == rows(0, 50) + rows(100, 110)
    served(pages(empty, rows(50, 55)), "55")
    assert API.every("/reviews", -1) == rows(50, 55)


def test_what_is_hidden_at_the_end_is_no_reason_to_ask_for_ever(served: Any) -> None:
    asked = served(pages([]), "1")
    assert API.every("/reviews", -1) == [] and asked == [1]
    asked = served(pages(rows(0, 49)), "50")
    assert API.every("/reviews", -1) == rows(0, 49) and asked == [1, 2]


def test_a_list_shorter_than_the_forge_counts_is_none(served: Any) -> None:
    for short in (pages(rows(0, 50)), pages([]), pages(rows(0, 50), [], rows(0, 10))):
        served(short, "75")
        with pytest.raises(Unanswered, match="whole"):
            API.every("/pulls")


@pytest.mark.parametrize("total", ["", "75"])
def test_a_page_that_comes_again_is_no_page(served: Any, total: str) -> None:
    asked = served(lambda _: rows(0, 50), total)
    with pytest.raises(Unanswered, match="whole"):
        API.every("/pulls")
    assert asked == [1, 2]


@pytest.mark.parametrize(("many", "total"), [(70, "70"), (50, "50"), (1, ""), (70, ""), (3, "0")])
def test_what_knows_no_pages_is_there_at_once(served: Any, many: int, total: str) -> None:
    """Gitea answers all comments of a proposal whatever page is asked for."""
    asked = served(lambda _: rows(0, many), total)
    assert API.every("/issues/7/comments") == rows(0, many)
    assert asked == [1, 2]


def test_a_list_without_an_end_is_given_up(served: Any) -> None:
    asked = served(lambda number: rows(number, number + 1), "")
    with pytest.raises(Unanswered, match="whole"):
        API.every("/pulls")
    assert len(asked) == PAGES
