"""What the first screen waits for: counted in requests that wait for others, never in time."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.serving import POST, held, served, settled
from tests.site.conftest import Built
from tests.site.sample_drafts import picture
from tests.site.sample_log import build
from tests.site.test_media import holding

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pictured(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sample, with a post that begins with a picture."""
    drawn = {"large.png": picture("large", (1600, 900))}
    site, _ = holding(built.site, drawn, "先看图。\n\n![大图](large.png)\n\n再看字。\n")
    out: Path = tmp_path_factory.mktemp("pictured") / "out"
    build(site, out, built.work)
    yield from served(out)


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    screen = {"width": 390, "height": 844}
    with browser.new_context(viewport=screen, device_scale_factor=3) as context:  # type: ignore[arg-type]
        yield context.new_page()


def test_the_first_picture_and_the_first_script_wait_for_no_style_sheet(
    phone: Page, pictured: str
) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    release = held(phone, "**/*.css")
    with (
        phone.expect_request("**/sized/large.png.*"),
        phone.expect_request("**/assets/reading.js"),
    ):
        phone.goto(pictured + POST, wait_until="commit")
    release()
    phone.wait_for_function("() => [...document.images].some((e) => e.complete && e.currentSrc)")
    shown = phone.evaluate("document.querySelector('[data-signed=body] img').currentSrc")
    phone.wait_for_load_state()
    assert [name for name in asked if name.startswith("large")] == [shown.rpartition("/")[2]]
    assert len(set(asked)) == len(asked), "nothing is loaded twice"


def test_a_search_reads_posts_before_any_style_sheet_has_come(phone: Page, address: str) -> None:
    """Its list of parts waits for no script but the one that asks for it."""
    sheets = held(phone, "**/*.css")
    scripts = held(phone, re.compile(r"/assets/search(_page|_words)?\.js$"))
    with (
        phone.expect_request("**/search/index.json"),
        phone.expect_request("**/assets/search_page.js"),
        phone.expect_request("**/assets/search.js"),
        phone.expect_request("**/assets/search_words.js"),
    ):
        phone.goto(f"{address}search/?q=取暖", wait_until="commit")
    with phone.expect_request(re.compile(r"/search/[^/]+/d/\d+\.json")):
        scripts()
    sheets()
    phone.locator("#search-results a").first.wait_for()


def test_a_search_of_a_small_archive_asks_for_its_lists_in_one_go(
    phone: Page, address: str
) -> None:
    """Where a round trip costs more than a few lists: none waits for the answer of another."""
    lists: list[str] = []
    phone.on("request", lambda request: lists.append(request.url) if "/s/" in request.url else None)
    settled(phone, f"{address}search/?q=冬季取暖安全防火提示")
    every = len(lists)
    release = held(phone, re.compile(r"/search/[^/]+/s/\w+\.txt"))
    lists.clear()
    phone.goto(f"{address}search/?q=冬季取暖安全防火提示", wait_until="commit")
    for _ in range(1200):  # one that waits for the answer of another never comes
        if len(lists) == every:
            break
        phone.wait_for_timeout(50)
    assert len(lists) == every > 2
    release()
    phone.locator("#search-results a").first.wait_for()
    assert len(lists) == every


@pytest.mark.parametrize(("query", "some"), [("冬季取暖防范", True), ("冬季取暖海啸", False)])
def test_only_posts_that_hold_all_of_a_query_are_asked_for_before_the_engine(
    phone: Page, address: str, query: str, some: bool
) -> None:
    posts: set[str] = set()
    phone.on("request", lambda request: posts.add(request.url) if "/d/" in request.url else None)
    phone.route("**/assets/search_words.js", lambda route: route.abort())  # it never comes
    phone.goto(f"{address}search/?q={query}", wait_until="networkidle")
    assert bool(posts) == some
    assert len(posts) <= 3


@pytest.mark.parametrize("path", ["", POST, "search/?q=取暖", "regulation/"])
def test_none_of_the_theme_s_script_is_asked_for(phone: Page, address: str, path: str) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(address + path)
    assert not any("/javascripts/" in url for url in asked)
    assert phone.locator("script[src*=javascripts], #__config").count() == 0
