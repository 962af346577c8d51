"""A host that holds no key and answers as it likes, by what a browser says that it wants."""

import functools
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path

from tests.browser.serving import Quiet

Change = Callable[[str], str]
REST = "<!--the rest comes late-->"
"""Where a page stops for a while."""


@dataclass
class Forgery:
    """What is answered otherwise than the honest site does."""

    page: Change = str
    """Of the page's HTML, to a browser that opens it (`Sec-Fetch-Dest: document`, or a frame)."""
    files: Mapping[tuple[str, str], bytes] = field(default_factory=dict)
    """(`Sec-Fetch-Dest`, path) → bytes; an empty destination is whatever asks."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """More headers of the page that is opened."""
    slow: float = 0.0
    """Seconds for which a page stops at `REST`."""
    first: bool = False
    """Whether files are others only for the first who asks."""


class _Host(Quiet):
    forging: "ForgingHost"

    def do_GET(self) -> None:  # noqa: N802
        self.path = self.path.replace("/elsewhere/", "/")  # the same once more
        forgery, path = self.forging.forgery, self.path.partition("?")[0].lstrip("/")
        wanted = self.headers.get("Sec-Fetch-Dest", "")
        rests: tuple[bytes, ...] = ()
        headers = {"Cache-Control": "no-store"}
        raw = next(
            (forgery.files[k] for k in ((wanted, path), ("", path)) if k in forgery.files), None
        )
        if raw is not None and forgery.first:
            forgery.files = {k: v for k, v in forgery.files.items() if k[1] != path}
        if raw is None:
            file = Path(self.translate_path(self.path))
            file = file / "index.html" if file.is_dir() else file
            if not file.is_file():
                self.send_error(404)
                return
            raw = file.read_bytes()
            if wanted in ("document", "iframe") and path.startswith("posts/2026/2"):
                raw, *more = forgery.page(raw.decode()).encode().split(REST.encode())
                rests, headers = tuple(more), headers | dict(forgery.headers)
        self.send_response(200)
        headers = {"Content-Type": self.guess_type(path if "." in path else "x.html")} | headers
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)
        for rest in rests:
            self.wfile.flush()
            time.sleep(forgery.slow)
            self.wfile.write(rest)


class ForgingHost:
    """The site of a folder, and what is forged of it at the moment."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.forgery = Forgery()


def forging(folder: Path) -> Iterator[ForgingHost]:
    """Serve a folder while the fixture lives."""
    handler = functools.partial(_Host, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a browser left
        host = _Host.forging = ForgingHost(f"http://127.0.0.1:{server.server_address[1]}/")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield host
        server.shutdown()
