"""What a slow phone shows, and when: largest paint and layout shift, in Chromium.

The throttle is that of the field's audits of mobile pages: a processor four times slower, 1.6
Mbit/s, 150 ms a round trip. Figures are those that the browser reports of itself
(https://w3c.github.io/largest-contentful-paint/, https://wicg.github.io/layout-instability/).
"""

import functools
import gzip
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from typing import Any

RUNS = 3
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 3, "is_mobile": True}
NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SLOWER = 4
SETTLED = 1000  # milliseconds after the last answer: a slow processor draws long after the network
WATCH = """window.painted = 0; window.shifted = 0;
new PerformanceObserver((list) => { for (const e of list.getEntries()) painted = e.startTime; })
  .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => {
  for (const e of list.getEntries()) if (!e.hadRecentInput) shifted += e.value;
}).observe({ type: "layout-shift", buffered: true });"""


class _Packed(BaseHTTPRequestHandler):
    """A folder as a public server sends it: packed by gzip, connections kept open."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: Any, folder: Path) -> None:
        self.folder = folder
        super().__init__(*arguments)

    def do_GET(self) -> None:
        file = self.folder / self.path.partition("?")[0].lstrip("/")
        file = file / "index.html" if file.is_dir() else file
        body = gzip.compress(file.read_bytes()) if file.is_file() else b""
        self.send_response(200 if file.is_file() else 404)
        self.send_header("Content-Type", guess_type(file.name)[0] or "application/octet-stream")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a folder on this machine."""
    handler = functools.partial(_Packed, folder=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def painted(browser: Any, address: str) -> tuple[float, float]:
    """Seconds to the largest paint (median of runs) and the worst layout shift of a page."""
    visits = [_visit(browser, address) for _ in range(RUNS)]
    return statistics.median(seconds for seconds, _ in visits), max(shift for _, shift in visits)


def _visit(browser: Any, address: str) -> tuple[float, float]:
    """First visit of a page: nothing of the site is in the browser's cache."""
    with browser.new_context(**PHONE) as context:
        page = context.new_page()
        page.add_init_script(WATCH)
        session = context.new_cdp_session(page)
        session.send("Network.emulateNetworkConditions", NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.goto(address, wait_until="load")
        page.wait_for_load_state("networkidle")
        page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
        page.wait_for_timeout(SETTLED)
        seconds, shift = page.evaluate("[painted / 1000, shifted]")
    return float(seconds), float(shift)  # a page that does not move answers with a whole 0
