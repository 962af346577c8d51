"""What citizens, journalists and inspectors type leads to the post they want, over the demo.

Half of `queries.jsonl` is marked `untouched`: nobody looked at its answers one by one.
`voices.jsonl` was written group by group, in many voices, before the search was tuned on it.
`nothing.jsonl` asks for what the archive has nothing of; half of it was scored once.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.search import score
from tests.browser.search.search_archive import Site, serve
from tests.builders.demo_search import demo_docs

pytestmark = pytest.mark.browser
FOLDER = Path(__file__).parent


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from serve(tmp_path_factory.mktemp("demo"), demo_docs())


@pytest.mark.parametrize(
    ("name", "first", "three"), [("queries.jsonl", 0.92, 0.98), ("voices.jsonl", 0.86, 0.93)]
)
def test_the_right_post_comes_first_or_among_three_and_hardly_a_query_finds_nothing(
    tab: Page, demo: Site, name: str, first: float, three: float
) -> None:
    queries = score.read(FOLDER / name)
    answers = score.ask(tab, demo.address.removesuffix("search/"), queries)
    for group, counted in score.by_group(queries, answers):
        print(f"{group:12}{counted}")
    total = score.score(queries, answers)
    assert total.first >= first * total.asked
    assert total.three >= three * total.asked
    assert total.empty <= 0.02 * total.asked
    assert total.silent == total.none
    assert total.asked >= 150


def test_nothing_is_claimed_for_what_the_archive_has_nothing_of(tab: Page, demo: Site) -> None:
    queries = score.read(FOLDER / "nothing.jsonl")
    answers = score.ask(tab, demo.address.removesuffix("search/"), queries)
    claimed = [
        query["query"]
        for query, answer in zip(queries, answers, strict=True)
        if answer.posts and not answer.near
    ]
    assert len(queries) == 120
    assert claimed == []
    assert sum(not answer.posts for answer in answers) >= 80


@pytest.mark.parametrize("how", ["in five years", "without a segmenter"])
def test_many_parts_and_an_older_browser_find_as_much(
    browser: Browser, tmp_path: Path, how: str
) -> None:
    docs = demo_docs()
    page = browser.new_page()  # of its own: what a page is told to begin with it never forgets
    if how == "in five years":
        docs = [replace(d, date=f"{2022 + at % 5}{d.date[4:]}") for at, d in enumerate(docs)]
    else:
        page.add_init_script("delete Intl.Segmenter")
    queries = score.read(FOLDER / "voices.jsonl")
    for site in serve(tmp_path, docs):
        total = score.score(queries, score.ask(page, site.address.removesuffix("search/"), queries))
        assert total.first >= 0.83 * total.asked
        assert total.three >= 0.92 * total.asked
    page.close()


def test_a_score_counts_what_is_first_in_three_empty_and_claimed_for_nothing() -> None:
    queries = [{"posts": ["a", "b"]}, {"posts": ["a"]}, {"posts": ["a"]}]
    queries += [{"posts": [], "none": True}] * 3
    answers = [(["b"], False), (["x", "y", "a"], True), ([], False)]
    answers += [([], False), (["x"], True), (["x"], False)]
    counted = score.score(queries, [score.Answer(*each) for each in answers])
    assert counted == score.Score(asked=3, first=1, three=2, empty=1, none=3, silent=2)
