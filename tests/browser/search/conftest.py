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
    yield from serve(tmp_path_factory.mktemp("large"), corpus(2000, 1000, years=8))


@pytest.fixture
def page(browser: Browser, small: Site) -> Iterator[Page]:
    opened = browser.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(small.address)
    yield opened
    opened.close()
    assert [text for text in complaints if "ERR_INTERNET_DISCONNECTED" not in text] == []
