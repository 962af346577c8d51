"""What a reader's browser is sent, counted in Chromium: a post page, and a first search.

Every answer comes from the built site's files; each file counts once, as it is and as gzip packs
it. Pictures, sound and film are left out, as the budget says. Recall is held to a plain scan of
the posts.
"""

import gzip
import random
import shutil
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks.lab import Lab
from benchmarks.measure import Missing
from benchmarks.ours import site_of
from benchmarks.paint import painted, served

PAGE = "a post page with all it loads but its media"
FIRST_QUERY = "a first search: median of all queries"
WORST_QUERY = "a first search: worst of all queries"
RECALL = "found of what a plain scan finds"
PAINT = "largest paint on a slow phone, seconds: worst of home, post, alert, search"
SHIFT = "layout shift on a slow phone: worst of the same"
QUERIES, MOST = 24, 100
"""Queries, and hits read of each at most: a common word stands in every post."""
HITS = """async ([query, most]) => {
  const session = await window.sanshenSearch.open(query), hits = [];
  while (hits.length < most && session.left) hits.push(...await session.page(most - hits.length));
  return hits;
}"""
HOST = "https://bench.example/"


@dataclass(frozen=True)
class Sent:
    """Bytes of files: packed for the wire, and as they lie on disk."""

    wire: float
    raw: float


NAMES = (PAGE, FIRST_QUERY, WORST_QUERY, RECALL, PAINT, SHIFT)


def rows(lab: Lab) -> Iterator[tuple[str, Sent | float | Missing]]:
    """All figures of readers for the site that our build left."""
    chromium = shutil.which("chromium")
    if not chromium:
        reason = Missing("Chromium is not installed (`make browser`)")
        yield from ((name, reason) for name in NAMES)
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            yield from _figures(Reader(browser, site_of(lab)), lab)
        finally:
            browser.close()


def _figures(reader: "Reader", lab: Lab) -> Iterator[tuple[str, Sent | float]]:
    page = reader.opened(f"posts/{lab.corpus.last[:4]}/{lab.corpus.last}/")
    yield PAGE, reader.size(page)
    posts = {name: "".join(text.split()) for name, text in lab.texts()}
    wires, raws, wanted, found = [], [], 0, 0
    for query in _queries(posts):
        files, answer = reader.searched(query)
        # A browser that came from a page of the site has the frame already.
        sent = reader.size(files - page)
        wires.append(sent.wire)
        raws.append(sent.raw)
        expected = {name for name, text in posts.items() if query in text}
        wanted += min(len(expected), MOST)
        found += len(expected & {Path(hit["url"]).name for hit in answer})
    yield FIRST_QUERY, Sent(statistics.median(wires), statistics.median(raws))
    yield WORST_QUERY, Sent(max(wires), max(raws))
    yield RECALL, found / wanted
    alerts = (name for name, text in posts.items() if "kind:alert" in text)
    alert = max(alerts, default=lab.corpus.last)
    pages = "", *(f"posts/{name[:4]}/{name}/" for name in (lab.corpus.last, alert))
    with served(reader.site) as address:
        seen = [painted(reader.browser, address + path) for path in (*pages, "search/?q=应急")]
    yield PAINT, max(seconds for seconds, _ in seen)
    yield SHIFT, max(shift for _, shift in seen)


def _queries(posts: dict[str, str]) -> Iterator[str]:
    """Cuts of two to eight characters out of posts' texts, the same every time."""
    draw = random.Random(QUERIES)
    for name in draw.sample(sorted(posts), min(QUERIES, len(posts))):
        body = posts[name].rpartition("---")[2]
        start = draw.randrange(len(body) - 8)
        yield body[start : start + draw.randint(2, 8)]


class Reader:
    """A browser that sees nothing but a folder."""

    def __init__(self, browser: Any, site: Path) -> None:
        self.browser, self.site = browser, site

    def opened(self, path: str) -> frozenset[Path]:
        """The files that a page loads."""
        with self.browser.new_context() as context:
            return self._visit(context.new_page(), path)

    def searched(self, query: str) -> tuple[frozenset[Path], list[dict[str, str]]]:
        """The files that a query costs whoever comes by its address, and what it finds."""
        with self.browser.new_context() as context:
            page = context.new_page()
            files = self._visit(page, f"search/?q={quote(query)}")
            page.wait_for_function("() => Boolean(window.sanshenSearch)")
            return files, page.evaluate(HITS, [query, MOST])

    def _visit(self, page: Any, path: str) -> frozenset[Path]:
        loaded: set[Path] = set()

        def answer(route: Any) -> None:
            file = self.site / route.request.url.removeprefix(HOST).partition("?")[0]
            file = file / "index.html" if file.is_dir() else file
            if route.request.resource_type not in ("image", "media"):
                loaded.add(file)
            if file.is_file():
                route.fulfill(path=file)
            else:
                raise SystemExit(f"{path} asks for {file}, which the site lacks")

        page.route("**/*", answer)
        page.goto(HOST + path, wait_until="networkidle")
        return frozenset(loaded)

    def size(self, files: frozenset[Path]) -> Sent:
        raw = [file.read_bytes() for file in sorted(files)]
        return Sent(sum(len(gzip.compress(r, mtime=0)) for r in raw), sum(map(len, raw)))
