"""A folder served to the browser on this machine, the button of a page, and what axe finds."""

import functools
import threading
from collections.abc import Iterator, Mapping
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.site import sample

POST = f"posts/2026/{sample.PLAIN}/"
CHROMIUM = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def served(folder: Path) -> Iterator[str]:
    """Serve a folder while the fixture lives; its address ends in a slash."""
    handler = functools.partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def verdict(page: Page, url: str) -> tuple[str, str]:
    """What the button of the page at an address answers: its result and its words."""
    page.goto(url)
    return pressed(page)


def pressed(page: Page) -> tuple[str, str]:
    """What the button of the open page answers.

    A script presses it: a pointer waits for two frames to be drawn. Other tests use pointer and
    keyboard.
    """
    page.get_by_role("button", name="在本浏览器中核验签名").evaluate("e => e.click()")
    place = page.locator("[data-sanshen-verdict]")
    page.wait_for_selector('[data-sanshen-verdict]:not([data-result="busy"])[data-result]')
    return str(place.get_attribute("data-result")), str(place.text_content())


CONTRAST = {"runOnly": ["color-contrast"]}
LAYOUT = {"rules": {"color-contrast": {"enabled": False}}}
"""What another scheme of colours changes, and what another width does: each half of the work."""
_AXE = Axe()


def violations(page: Page, options: Mapping[str, Any] = {}) -> list[str]:
    """Each rule of axe that the open page breaks, with the elements that do."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE.axe_script)
    given = {"resultTypes": ["violations"], **options}
    broken = page.evaluate("options => axe.run(options).then((done) => done.violations)", given)
    return [f"{v['id']} {[n['html'][:150] for n in v['nodes'][:2]]}" for v in broken]
