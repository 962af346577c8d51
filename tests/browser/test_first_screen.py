"""What the first screen waits for: counted in requests that wait for others, never in time."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import POST, held, served
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


def test_the_page_is_read_before_the_script_of_the_theme_has_come(
    phone: Page, address: str
) -> None:
    release = held(phone, "**/javascripts/bundle*")
    phone.goto(address + POST, wait_until="commit")
    phone.wait_for_function("() => document.readyState === 'interactive'")
    release()


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


def test_the_script_of_the_theme_comes_after_the_answers_and_works(
    phone: Page, address: str
) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    posts = held(phone, re.compile(r"/search/[^/]+/d/\d+\.json"))
    phone.goto(f"{address}search/?q=取暖")
    assert not any("/bundle" in url for url in asked)
    posts()
    expect(phone.locator("#search-results a").first).to_be_visible()
    phone.locator("[data-md-component=palette] label:not([hidden])").click()
    expect(phone.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
