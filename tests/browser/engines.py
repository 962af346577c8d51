"""A smoke test in Firefox and WebKit: python -m tests.browser.engines SITE (`make engines`).

Ten pages, the button, search, warnings and *is it real?* of a built site, in Debian's Firefox by
Marionette and in WebKitGTK by WebDriver: the engines of the phones that no Chromium runs on. Both
protocols speak the same commands (W3C, WebDriver). It fails where an engine is not installed.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from tests.browser.serving import ANSWER, served

PATIENCE = 120.0
PAGES = (
    "", "alerts/", "guides/", "posts/", "cadence/", "statistics/", "regulation/5/", "corrections/",
    "subscribe/", "authenticity/",
)  # fmt: skip
FIREFOX, MINIBROWSER = "firefox-esr", "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"
QUIET = subprocess.DEVNULL
Call = Callable[..., Any]


@contextmanager
def firefox() -> Iterator[Call]:
    """Its commands, ``call("Navigate", url=…)``, in a profile of its own."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as profile:
        settings = f'user_pref("marionette.port", {port});\n'
        Path(profile, "user.js").write_text(settings, encoding="utf-8")
        command = [_program(FIREFOX), "--headless", "--marionette", "-no-remote", "-profile"]
        process = subprocess.Popen([*command, profile], stdout=QUIET, stderr=QUIET)
        try:
            with _connected(port) as line:
                _message(line)  # its greeting
                count = 0

                def call(name: str, **values: Any) -> Any:
                    nonlocal count
                    count += 1
                    raw = json.dumps([0, count, f"WebDriver:{name}", values]).encode()
                    line.sendall(b"%d:%s" % (len(raw), raw))
                    _, _, error, result = _message(line)
                    if error:
                        raise RuntimeError(f"{name}: {error}")
                    return result.get("value", result) if isinstance(result, dict) else result

                call("NewSession")
                yield call
        finally:
            process.terminate()
            process.wait(PATIENCE)


@contextmanager
def webkit() -> Iterator[Call]:
    """The same commands of WebKitGTK's own small browser, on a screen in memory."""
    port = _free_port()
    command = ["xvfb-run", "-a", _program("WebKitWebDriver"), f"--port={port}", "--host=127.0.0.1"]
    _program(command[0])
    browser = next(Path("/").glob(MINIBROWSER[1:]), None)
    if browser is None:
        raise SystemExit(f"{MINIBROWSER} is not installed")
    process = subprocess.Popen(command, stdout=QUIET, stderr=QUIET, start_new_session=True)
    paths = {"Navigate": "url", "ExecuteScript": "execute/sync", "SetWindowRect": "window/rect"}
    try:
        _connected(port).close()
        options = {"binary": str(browser), "args": ["--automation"]}
        wanted = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        session = _asked(f"http://127.0.0.1:{port}/session", wanted)["sessionId"]

        def call(name: str, **values: Any) -> Any:
            return _asked(f"http://127.0.0.1:{port}/session/{session}/{paths[name]}", values)

        yield call
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # the screen, the driver and its browser, too
        process.wait(PATIENCE)


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise SystemExit(f"{name} is not installed")
    return path


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _connected(port: int) -> socket.socket:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), PATIENCE)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _message(line: socket.socket) -> Any:
    """One message of Marionette: its length, a colon, JSON."""
    size = b""
    while not size.endswith(b":"):
        size += line.recv(1)
    raw, wanted = b"", int(size[:-1])
    while len(raw) < wanted:
        raw += line.recv(wanted - len(raw))
    return json.loads(raw)


def _asked(url: str, values: Mapping[str, Any]) -> Any:
    request = urllib.request.Request(url, json.dumps(values).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)["value"]


class Tab:
    """A page of an engine."""

    def __init__(self, call: Call, address: str) -> None:
        self._call, self._address = call, address

    def open(self, path: str) -> None:
        self._call("Navigate", url=self._address + path)

    def ask(self, script: str) -> Any:
        """What a script returns."""
        return self._call("ExecuteScript", script=f"return {script}", args=[])

    def until(self, script: str) -> Any:
        """What a script returns as soon as it returns something."""
        end = time.monotonic() + PATIENCE
        while not (found := self.ask(script)):
            if time.monotonic() > end:
                raise AssertionError(f"never: {script}")
            time.sleep(0.1)
        return found


def pages(tab: Tab) -> Iterator[str]:
    """Each page draws, its scripts run, and nothing is wider than the window."""
    for path in PAGES:
        tab.open(path)
        tab.until("document.readyState === 'complete' && document.querySelector('h1')?.textContent")
        assert tab.ask("document.documentElement.classList.contains('js')"), path
        assert tab.ask("document.documentElement.scrollWidth <= innerWidth"), path
        yield path or "home"


def button(tab: Tab, post: str) -> Iterator[str]:
    """A true page is called true, and what the reader then sees are the verified bytes alone."""
    there = "[...document.querySelectorAll('button')].find((b) => /核验签名/.test(b.textContent))"
    tab.open(post)
    tab.until(there)
    tab.ask(f"{there}.click()")
    result = tab.until(f"document.querySelector('{ANSWER}')?.dataset.sanshenProof")
    assert result == "good", tab.ask(f"document.querySelector('{ANSWER}').innerText")
    yield f"button: {result}"


def search(tab: Tab) -> Iterator[str]:
    tab.open("search/?q=%E7%85%A4%E6%B0%94%E4%B8%AD%E6%AF%92")
    first = tab.until("document.querySelector('#search-results a')?.textContent")
    assert "一氧化碳" in first or "中毒" in first, first
    yield f"search: {first}"


WARNING = "posts/2026/2026-11-21-forest-fire-alert/"
MOMENTS = {
    "2026-11-21T23:59:59Z": "未开始",
    "2026-11-22T00:00:00Z": "生效中",
    "2026-11-24T12:00:00Z": "已过期",
}
CLOCK = """const set = Date.parse(new URLSearchParams(location.search).get("at"));
Date.now = () => set;
"""


def clocked(site: Path, folder: Path) -> Path:
    """A copy of a site whose pages of warnings have a reader's clock that their address sets."""
    shutil.copytree(site, folder)
    (folder / "clock.js").write_text(CLOCK, encoding="utf-8")
    for path in ("alerts/", WARNING):
        page = folder / path / "index.html"
        html = page.read_text("utf-8")
        assert html.count("<head>") == 1
        page.write_text(html.replace("<head>", '<head><script src="/clock.js"></script>'), "utf-8")
    return folder


def alerts(tab: Tab) -> Iterator[str]:
    """Before it, from its first second, and from its last: in the list and on its own page."""
    said = "[...document.querySelectorAll('[data-state]')].map((e) => e.textContent)"
    for moment, state in MOMENTS.items():
        tab.open(f"alerts/?at={moment}")
        assert tab.until(said) == [state, "已过期", "已过期", "已解除", "已过期"], moment
        tab.open(f"{WARNING}?at={moment}")
        assert tab.until("document.querySelector('.sn-alert__state')?.textContent") == state
        shown = tab.ask("document.querySelector('.sn-advice').getClientRects().length > 0")
        assert shown == (state != "已过期"), moment
        yield f"alerts: {state}, {'with' if shown else 'without'} what to do"


def authenticity(tab: Tab, post: str) -> Iterator[str]:
    tab.open(post)
    text = tab.until("document.querySelector('[data-signed=body]')?.innerText")
    for words, good in ((text, True), (text.replace("119", "118").replace("不", ""), False)):
        tab.open("authenticity/")
        tab.until("!document.querySelector('#authenticity-form fieldset').disabled")
        tab.ask(f"document.getElementById('authenticity-words').value = {json.dumps(words)}")
        tab.ask("document.querySelector('#authenticity-form button[name=text]').click()")
        place = "document.getElementById('authenticity-answer')"
        result = tab.until(f"!{place}.hidden && {place}.dataset.result")
        assert (result == "good") == good, (result, good)
        yield f"is it real: {'the notice' if good else 'an altered one'}: {result}"


DRAWN = """(() => {
const words = %s;
const canvas = document.createElement('canvas');
[canvas.width, canvas.height] = [1000, 120 + 70 * words.length];
const pen = canvas.getContext('2d');
pen.fillStyle = '#fff';
pen.fillRect(0, 0, canvas.width, canvas.height);
pen.fillStyle = '#000';
pen.font = '40px sans-serif';
words.forEach((line, n) => pen.fillText(line, 40, 100 + 70 * n));
canvas.toBlob((blob) => {
  const files = new DataTransfer();
  files.items.add(new File([blob], 'drawn.png', { type: 'image/png' }));
  const field = document.getElementById('authenticity-picture');
  field.files = files.files;
  field.dispatchEvent(new Event('change', { bubbles: true }));
});
})()"""


def words_in_a_picture(tab: Tab, post: str) -> Iterator[str]:
    """The recogniser is compiled in its worker, under the page's policy that compiles nothing."""
    tab.open(post)
    text = tab.until("document.querySelector('[data-signed=body]')?.innerText")
    flat = "".join(text.split())[:100]
    tab.open("authenticity/")
    tab.until("!document.querySelector('#authenticity-form fieldset').disabled")
    tab.ask(DRAWN % json.dumps([flat[at : at + 20] for at in range(0, 100, 20)]))
    place = "document.getElementById('authenticity-answer')"
    result = tab.until(f"!{place}.hidden && {place}.dataset.answer")
    # By the engine's own letters a few signs are misread, and then it does not judge.
    assert result in ("excerpt", "unread"), tab.ask(f"{place}.textContent")
    read = tab.ask(f"{place}.querySelector('.sn-read').textContent")  # it is folded away
    like = sum(sign in read for sign in flat) / len(flat)
    assert like > 0.8, read
    yield f"words in a picture: {result}, {like:.0%} of its signs read"


def main(site: Path) -> None:
    posts = sorted(p.parent for p in site.glob("posts/*/*/post.md") if "-alert" not in p.parts[-2])
    post = f"{posts[-1].relative_to(site).as_posix()}/"
    with tempfile.TemporaryDirectory() as folder:
        serving = served(site), served(clocked(site, Path(folder) / "site"))
        address, clock = map(next, serving)
        for engine in (firefox, webkit):
            with engine() as call:
                call("SetWindowRect", x=0, y=0, width=500, height=900)
                tab = Tab(call, address)
                for line in chain(
                    pages(tab),
                    button(tab, post),
                    search(tab),
                    alerts(Tab(call, clock)),
                    authenticity(tab, post),
                    words_in_a_picture(tab, post),
                ):
                    print(f"{engine.__name__}: {line}", flush=True)
        for each in serving:
            next(each, None)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
