"""One Chromium for all tests of this package: Playwright refuses a second one in a process."""

from tests.browser import conftest

browser = conftest.browser
