"""One Chromium and one served sample for all tests of this package.

They end with it: where threads run, a build takes one process, and others test it with several.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.serving import CHROMIUM, served
from tests.site import conftest
from tests.site.conftest import Built

built = conftest.built


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def address(built: Built) -> Iterator[str]:
    """Where the sample site is; whoever needs it changed changes what the browser gets of it."""
    yield from served(built.out)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    yield context.new_page()
    context.close()
