"""A folder served to the browser on this machine, the button of a page, and what axe finds."""

import functools
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from re import Pattern
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route

from tests.site import sample

LAYOUTS = "SANSHEN_LAYOUTS" in os.environ
"""Whether every page is looked at in every way, as `make layouts` does; else one of a template."""
PROGRAM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or "chromium"
"""The first draws no window around a page: it takes two thirds of the time of the second."""
POST = f"posts/2026/{sample.PLAIN}/"
ANSWER = "[data-sanshen-proof]"
CHROMIUM = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
    " --disable-features=RenderDocument,WebUIOmniboxPopup,WebUIOmniboxAimPopup"
).split()
"""The popups below the address line are pages too, drawn anew for each page though no one sees
them: half of what a test's page costs. Another page of a site may be drawn by what drew the one
before: to make that anew (RenderDocument) takes a fifth of what it costs to open it."""


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


def held(page: Page, pattern: str | Pattern[str]) -> Callable[[], None]:
    """Keep what the browser asks for waiting until the function that is returned is called."""
    waiting: list[Route] = []
    free = False

    def hold(route: Route) -> None:
        if free:
            route.continue_()
        else:
            waiting.append(route)

    def release() -> None:
        nonlocal free
        free = True
        for route in waiting:
            route.continue_()

    page.route(pattern, hold)
    return release


def settled(page: Page, url: str) -> None:
    """Open a page and wait for what its script shows, not for half a second of silence."""
    page.goto(url)
    if "?q=" in url:
        page.locator("#search-results:not([aria-busy])").locator("a, h2").first.wait_for()


def verdict(page: Page, url: str) -> tuple[str, str]:
    """What the button of the page at an address answers: its result and its words."""
    page.goto(url)
    return pressed(page)


def pressed(page: Page) -> tuple[str, str]:
    """What the button of the open page answers. What an earlier answer put there is left first.

    A script presses it: a pointer waits for two frames to be drawn. Other tests use pointer and
    keyboard.
    """
    if page.locator(ANSWER).count():
        page.reload()
    page.get_by_role("button", name="在本浏览器中核验签名").evaluate("e => e.click()")
    return answered(page)


def answered(page: Page) -> tuple[str, str]:
    """The answer that takes the place of a page: its result, and its words with all its rows."""
    line = page.wait_for_selector(ANSWER)
    assert line
    words = page.locator(f"{ANSWER} > div, p{ANSWER}, p{ANSWER} + p, .sn-proof").all_text_contents()
    return str(line.get_attribute("data-sanshen-proof")), "\n".join(words)


CONTRAST = {"runOnly": ["color-contrast"]}
LAYOUT = {"rules": {"color-contrast": {"enabled": False}}}
"""What another scheme of colours changes, and what another width does: each half of the work."""
BOXES = {"runOnly": ["scrollable-region-focusable"]}
"""What larger type changes at one width where it shows nothing more."""
_AXE = f"""{Axe().axe_script};
axe.configure({{rules: ['color-contrast', 'color-contrast-enhanced'].map(
  (id) => ({{id, selector: '*:not([data-seen])'}}))}})"""
_LOOKS = """() => {
  const looks = JSON.parse(sessionStorage.getItem('axe-looks') ?? '{}');
  const drawn = new Map();
  for (const e of document.body.querySelectorAll('*')) {
    const s = getComputedStyle(e);
    const look = [drawn.get(e.parentElement), s.color, s.backgroundColor, s.backgroundImage,
      s.fontSize, s.fontWeight, s.opacity].join();
    looks[look] ??= {number: Object.keys(looks).length, seen: 0};
    drawn.set(e, looks[look].number);
    e.toggleAttribute('data-seen', looks[look].seen++ >= 2);
  }
  sessionStorage.setItem('axe-looks', JSON.stringify(looks));
}"""
"""Marks what has ink, grounds, size and weight of two others in the same tab: the contrast of each
word is two thirds of what axe computes, and the words of a site look alike."""
_RUN = "(how) => axe.run(how).then((done) => done.violations)"


def violations(page: Page, options: Mapping[str, Any] = {}) -> list[str]:
    """Each rule of axe that the open page breaks, with the elements that do."""
    page.wait_for_load_state()  # a click waits for the answer's first byte, not for its body
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    if options is not LAYOUT and options is not BOXES:
        page.evaluate(_LOOKS)
    broken = page.evaluate(_RUN, {"resultTypes": ["violations"], "preload": False, **options})
    return [f"{v['id']} {[n['html'][:150] for n in v['nodes'][:2]]}" for v in broken]
