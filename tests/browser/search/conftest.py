"""One browser and two archives for all tests of search."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.search.search_archive import Site, corpus, serve

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as tool:
        made = tool.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS.split())
        yield made
        made.close()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    yield from serve(tmp_path_factory.mktemp("small"), corpus(300, 500))


@pytest.fixture(scope="module")
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
