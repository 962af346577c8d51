"""One Chromium and one served sample for all tests of this package.

They end with it: where threads run, a build takes one process, and others test it with several.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.browser.serving import CHROMIUM, PROGRAM, served
from tests.site import conftest
from tests.site.conftest import Built

built = conftest.built
PATIENCE = 180_000
"""Milliseconds until what is expected must be there, on a machine however busy: no measure."""
WIDE: ViewportSize = {"width": 1280, "height": 900}


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=PROGRAM, args=CHROMIUM)
        for name in ("new_context", "new_page"):  # the second makes a context that no one sees
            setattr(chromium, name, _patient(getattr(chromium, name)))
        yield chromium
        chromium.close()


def _patient(make: Callable[..., Any]) -> Callable[..., Any]:
    def made(**how: Any) -> Any:
        opened = make(**how)
        opened.set_default_timeout(PATIENCE)
        return opened

    return made


@pytest.fixture(scope="package")
def address(built: Built) -> Iterator[str]:
    """Where the sample site is; whoever needs it changed changes what the browser gets of it."""
    yield from served(built.out)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new page, for a test that remembers, listens, or sets what a page cannot put back.

    It costs a process of Chromium: more than what most tests do with it.
    """
    yield from _blank(browser)


@pytest.fixture(scope="package")
def shared_tab(browser: Browser) -> Iterator[Page]:
    yield from _blank(browser)


@pytest.fixture(scope="package")
def scriptless(browser: Browser) -> Iterator[Page]:
    """A page of a browser that runs no script."""
    with browser.new_context(java_script_enabled=False) as context:
        yield context.new_page()


def _blank(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport=WIDE, color_scheme="light") as context:
        yield context.new_page()


@pytest.fixture
def tab(shared_tab: Page) -> Iterator[Page]:
    """One page for all tests that open addresses and change what the browser gets of them."""
    yield shared_tab
    put_back(shared_tab)


def put_back(page: Page) -> None:
    page.unroute_all()
    page.emulate_media(media="screen")
    page.set_viewport_size(WIDE)
    if page.url.startswith("http"):
        page.evaluate("localStorage.clear()")
