"""What a reader's browser is sent, counted in Chromium: a post page, and a first search.

Every answer comes from the built site's files; each file counts once, as it is and as gzip packs
it. Pictures, sound and film are left out, as the budget says. Recall is held to a plain scan of
the posts.
"""

import gzip
import random
import shutil
import statistics
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from benchmarks.lab import Lab, Row
from benchmarks.measure import Missing, Sent
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


def rows(lab: Lab) -> Iterator[Row]:
    """All figures of readers for the site that our build left."""
    chromium = shutil.which("chromium")
    if not chromium:
        reason = "Chromium is not installed (`make browser`)"
        names = (PAGE, FIRST_QUERY, WORST_QUERY, RECALL, PAINT, SHIFT)
        yield from ((name, partial(Missing, reason)) for name in names)
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            yield from Reader(browser, site_of(lab), lab).rows()
        finally:
            browser.close()


def queries(posts: dict[str, str]) -> Iterator[str]:
    """Cuts of two to eight characters out of posts' texts without blanks, the same every time; of
    a body that is shorter, all of it."""
    draw = random.Random(QUERIES)
    for name in draw.sample(sorted(posts), min(QUERIES, len(posts))):
        body = posts[name].rpartition("---")[2]
        length = draw.randint(2, 8)
        start = draw.randrange(max(1, len(body) - length + 1))
        if body:
            yield body[start : start + length]


class Answered(NamedTuple):
    """What the queries cost, each, and what they brought of what they should."""

    sent: tuple[Sent, ...]
    wanted: int
    hits: int


class Reader:
    """A browser that sees nothing but a folder."""

    def __init__(self, browser: Any, site: Path, lab: Lab) -> None:
        self.browser, self.site, self.lab = browser, site, lab

    def rows(self) -> Iterator[Row]:
        yield PAGE, lambda: self.size(self.page)
        yield FIRST_QUERY, lambda: self._queried(statistics.median)
        yield WORST_QUERY, lambda: self._queried(max)
        yield RECALL, lambda: self.answered.hits / self.answered.wanted
        yield PAINT, lambda: max(seconds for seconds, _ in self.seen)
        yield SHIFT, lambda: max(shift for _, shift in self.seen)

    @cached_property
    def page(self) -> frozenset[Path]:
        """The files of the newest post's page."""
        last = self.lab.corpus.last
        return self.opened(f"posts/{last[:4]}/{last}/")

    @cached_property
    def posts(self) -> dict[str, str]:
        """Id of a post → its file without blanks."""
        return {name: "".join(text.split()) for name, text in self.lab.texts()}

    @cached_property
    def answered(self) -> Answered:
        sent, wanted, hits = [], 0, 0
        for query in queries(self.posts):
            files, answer = self.searched(query)
            # A browser that came from a page of the site has the frame already.
            sent.append(self.size(files - self.page))
            expected = {name for name, text in self.posts.items() if query in text}
            wanted += min(len(expected), MOST)
            hits += len(expected & {Path(hit["url"]).name for hit in answer})
        return Answered(tuple(sent), wanted, hits)

    def _queried(self, of: Callable[[Iterable[float]], float]) -> Sent:
        sent = self.answered.sent
        return Sent(of([one.wire for one in sent]), of([one.raw for one in sent]))

    @cached_property
    def seen(self) -> list[tuple[float, float]]:
        """(largest paint in seconds, layout shift) of home, a post, an alert and the search."""
        last = self.lab.corpus.last
        alerts = (name for name, text in self.posts.items() if "kind:alert" in text)
        shown = (last, max(alerts, default=last))
        pages = "", *(f"posts/{name[:4]}/{name}/" for name in shown), "search/?q=应急"
        with served(self.site) as address:
            return [painted(self.browser, address + path) for path in pages]

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
