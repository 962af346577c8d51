"""A46: a host that serves other bytes at the addresses people open, or to browsers only."""

import gzip
import http.server
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.builders.cast import ROOT, public_line
from tests.builders.fixtures import shared
from tests.builders.published import PAGE, publish
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
        (lambda path, _: path.endswith(f"{PAGE}/"), "This file was changed."),
        (lambda path, _: path.endswith(f"{PAGE}/index.html"), "index.html shows other bytes"),
        (lambda path, who: "iPhone" in who and PAGE in path, f"{PAGE}/ shows a phone other bytes"),
        (lambda path, who: "Windows" in who and PAGE in path, "This file was changed."),
        (lambda path, who: "Mozilla" in who and PAGE in path, "This file was changed."),
        (
            lambda path, who: "iPhone" in who and path.endswith("/post.md"),
            "post.md shows a phone other",
        ),
    ],
)
def test_a_host_without_keys_alters_what_people_open(built: Path, cloak: Cloak, said: str) -> None:
    with _host(built, cloak) as (address, _):
        done = run(ROOT, "verify-site", address, "--key", public_line("log"))
    assert done.returncode == 11, (done.stdout, done.stderr)
    assert said in done.stdout
    assert "site agrees" not in done.stdout


@pytest.mark.parametrize("packed", [False, True])
def test_an_honest_host_is_opened_in_every_form(built: Path, packed: bool) -> None:
    """Also one that packs its answers, and leads from a page's file to its folder."""
    with _host(built, lambda *_: False, packed) as (address, visitors):
        done = run(ROOT, "verify-site", address, "--key", public_line("log"))
    assert done.returncode == 0, (done.stdout, done.stderr)
    assert all("Mozilla/5.0" in who for who in visitors)
    assert sum("iPhone" in who for who in visitors) > len(visitors) / 3
    assert f"{len(visitors)} answers" in done.stderr or packed
    assert "A host can still tell this program from a reader" in done.stderr


def test_of_a_folder_nothing_is_fetched_and_it_says_so(built: Path, tmp_path: Path) -> None:
    site = Path(shutil.copytree(built, tmp_path / "site"))
    done = run(ROOT, "verify-site", str(site), "--key", public_line("log"))
    assert done.returncode == 0
    assert "A folder was read, nothing was fetched" in done.stderr
    assert "addresses" not in done.stderr
