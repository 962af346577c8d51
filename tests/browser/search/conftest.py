"""Two archives for all tests of search."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.search.search_archive import Site, corpus, serve


@pytest.fixture(scope="package")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from serve(tmp_path_factory.mktemp("small"), corpus(300, 500))


@pytest.fixture(scope="package")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from serve(tmp_path_factory.mktemp("large"), corpus(600, 1000, years=3))


@pytest.fixture(scope="package")
def shared_search(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    opened = browser.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened, complaints
    opened.close()


@pytest.fixture
def page(shared_search: tuple[Page, list[str]], small: Site) -> Iterator[Page]:
    """One page for all tests, opened anew where one searches; no test may set off a complaint."""
    opened, complaints = shared_search
    opened.goto(small.address)
    complaints.clear()
    yield opened
    opened.unroute_all()
    assert [text for text in complaints if "ERR_INTERNET_DISCONNECTED" not in text] == []
