"""A46, A52: a host that serves other bytes at the addresses people open, or by any header."""

import gzip
import http.server
import re
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.builders.cast import ROOT, public_line
from tests.builders.fixtures import shared
from tests.builders.named import shows
from tests.builders.published import PAGE, publish, relist
from tests.builders.verdicts import run

Cloak = Callable[[str, str], bool]
"""Path and User-Agent → whether this visitor is shown the altered bytes."""


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shared(tmp_path_factory, "published", publish) / "site"


@contextmanager
def _host(site: Path, cloak: Cloak, packed: bool = False) -> Iterator[tuple[str, list[str]]]:
    """The address of a host that holds no key, and the User-Agents that came."""
    visitors: list[str] = []

    class Host(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:  # noqa: N802
            agent = self.headers["User-Agent"]
            visitors.append(agent)
            if self.path.endswith("index.html") and packed:
                self.send_response(308)
                self.send_header("Location", self.path.removesuffix("index.html"))
                self.end_headers()
                return
            path = Path(self.translate_path(self.path))
            raw = (path / "index.html" if path.is_dir() else path).read_bytes()
            if cloak(self.path, agent):
                raw = raw.replace("关火".encode(), "开火".encode()).replace(b"PNG", b"GNP")
            self.send_response(200)
            if packed and "gzip" in self.headers["Accept-Encoding"]:
                raw = gzip.compress(raw)
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(raw)

    handler = partial(Host, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_address[1]}/", visitors
        made.shutdown()


@pytest.mark.parametrize(
    ("cloak", "said"),
    [
        (lambda path, _: path.endswith(f"{PAGE}/"), "file-changed"),
        (lambda path, _: path.endswith(f"{PAGE}/index.html"), "bytes-differ http"),
        (lambda path, who: "iPhone" in who and PAGE in path, "bytes-differ-on-phones http"),
        (lambda path, who: "Windows" in who and PAGE in path, "file-changed"),
        (lambda path, who: "Mozilla" in who and PAGE in path, "file-changed"),
        (
            lambda path, who: "iPhone" in who and path.endswith("/post.md"),
            "bytes-differ-on-phones http",
        ),
    ],
)
def test_a_host_without_keys_alters_what_people_open(built: Path, cloak: Cloak, said: str) -> None:
    with _host(built, cloak) as (address, _):
        done = run(ROOT, "verify-site", address, "--key", public_line("log"), lang="names")
    assert done.returncode == 11, (done.stdout, done.stderr)
    assert said in done.stdout
    assert "site agrees" not in done.stdout


@pytest.mark.parametrize("packed", [False, True])
def test_an_honest_host_is_opened_in_every_form(built: Path, packed: bool) -> None:
    """Also one that packs its answers, and leads from a page's file to its folder."""
    with _host(built, lambda *_: False, packed) as (address, visitors):
        done = run(ROOT, "verify-site", address, "--key", public_line("log"), lang="names")
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert all("Mozilla/5.0" in who for who in visitors)
    assert sum("iPhone" in who for who in visitors) > len(visitors) / 3
    assert f"{len(visitors)} answers" in done.stderr or packed
    assert shows(done.stderr, "addresses-opened")


def _asked(**wanted: str) -> Callable[[str, Mapping[str, str]], bool]:
    return lambda _path, headers: all(
        re.search(value, headers.get(name.replace("_", "-"), "")) for name, value in wanted.items()
    )


def _not_asked(name: str) -> Callable[[str, Mapping[str, str]], bool]:
    return lambda _path, headers: name not in headers


CHANGED = "file-changed"
PHONES = "bytes-differ-on-phones"
SCRIPT = "bytes-differ-to-scripts"
SHEET, ICON, VERIFY = "assets/site.css", "assets/icon-192.png", "assets/verify.js"
Asked = Callable[[str, Mapping[str, str]], bool]
BY_HEADERS: list[dict[str, tuple[Asked, str]]] = [
    {
        SHEET: (_asked(Sec_Fetch_Dest="style"), CHANGED),
        "assets/print.css": (_asked(Sec_Fetch_Site="same-origin"), CHANGED),
        "assets/panels.css": (_asked(Sec_CH_UA="Chromium"), CHANGED),
        "assets/narrow.css": (_asked(Accept="^text/css"), CHANGED),
        "assets/theme.css": (_asked(Cookie="seen=1", User_Agent="iPhone"), PHONES),
        "assets/find.js": (_not_asked("Cookie"), CHANGED),
        ICON: (_asked(Sec_Fetch_Dest="image"), CHANGED),
        "assets/icon-512.png": (_asked(Accept="^image/avif"), CHANGED),
        VERIFY: (_asked(Sec_Fetch_Dest="script"), CHANGED),
        "post.md": (_asked(Sec_Fetch_Mode="navigate"), CHANGED),
        PAGE: (_asked(Sec_Fetch_Dest="document"), CHANGED),
        "about/": (_asked(Sec_Fetch_Dest="empty"), SCRIPT),
    },
    {
        SHEET: (_asked(Cache_Control="no-cache"), SCRIPT),
        "assets/print.css": (_not_asked("Cache-Control"), CHANGED),
    },
]
"""What a host answers by: part of a file's address → to whom it gives other bytes, and what is said
of the file. The first part that an address has counts."""


@pytest.mark.parametrize("altered", BY_HEADERS)
def test_a_host_that_answers_by_a_header_is_seen(
    built: Path, altered: dict[str, tuple[Asked, str]]
) -> None:
    """Each header as a browser sends it for the kind of file; cookies as the host sets them."""

    def cloak(path: str, headers: Mapping[str, str]) -> bool:
        part = next((part for part in altered if part in path), None)
        return part is not None and altered[part][0](path, headers)

    with _by_headers(built, cloak) as address:
        done = run(ROOT, "verify-site", address, "--key", public_line("log"), lang="names")
    assert done.returncode == 11, (done.stdout, done.stderr)
    lines = done.stdout.splitlines()
    for path, (_, said) in altered.items():
        assert any(path in line and said in line for line in lines), (path, done.stdout)


@contextmanager
def _by_headers(
    site: Path, cloak: Callable[[str, Mapping[str, str]], bool], more: bytes = b""
) -> Iterator[str]:
    """The address of a host that adds to a file; at `hidden.css` it has one that no list names."""

    class Host(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:  # noqa: N802
            path = Path(self.translate_path(self.path))
            path = path / "index.html" if path.is_dir() else path
            hidden = bool(more) and path.name == "hidden.css"
            self.send_response(200 if hidden or path.is_file() else 404)
            self.send_header("Set-Cookie", "seen=1; Path=/")
            self.end_headers()
            if hidden or path.is_file():
                raw = more if hidden else path.read_bytes()
                self.wfile.write(raw + b" " * cloak(self.path, self.headers))

    handler = partial(Host, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_address[1]}/"
        made.shutdown()


@pytest.mark.parametrize("where", ["page", "sheet"])
def test_what_a_page_or_sheet_names_and_no_list_is_opened(
    built: Path, tmp_path: Path, where: str
) -> None:
    """By whoever holds the log's key: a listed file leads to one that stands in no list."""
    site = Path(shutil.copytree(built, tmp_path / "site"))
    path = "about/index.html" if where == "page" else "assets/site.css"
    words = (
        '<link rel="stylesheet" href="../hidden.css">'
        if where == "page"
        else "@import '../hidden.css';"
    )
    (site / path).write_text((site / path).read_text("utf-8") + words, "utf-8")
    relist(site)
    with _by_headers(site, lambda *_: False, b"body { display: none }") as address:
        done = run(ROOT, "verify-site", address, lang="names")
    assert "hidden.css: file-named-unlisted" in done.stdout
    assert done.returncode == 11
    with _by_headers(site, lambda *_: False) as address:
        done = run(ROOT, "verify-site", address, lang="names")
    assert "hidden.css" not in done.stdout, "what is named and not there is no lie"


def test_of_a_folder_nothing_is_fetched_and_it_says_so(built: Path, tmp_path: Path) -> None:
    site = Path(shutil.copytree(built, tmp_path / "site"))
    done = run(ROOT, "verify-site", str(site), "--key", public_line("log"), lang="names")
    assert done.returncode == 0
    assert "server-unasked" in done.stderr
    assert "addresses" not in done.stderr
