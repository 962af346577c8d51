"""One Chromium for all tests of parts: Playwright refuses a second one in a process."""

from tests.browser import conftest

browser = conftest.browser
