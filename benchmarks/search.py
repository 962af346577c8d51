"""``python -m benchmarks.search [--posts N]``: the bytes of a reader's first query, and recall.

Two texts, because no made text is like all real ones: `varied` draws words by Zipf's law, so that
most pairs of characters are rare; `formulaic` says the same few words in every post, so that the
pairs of a query meet nearly everywhere and only reading tells. Index and page are served from
memory to a real browser, nothing packed and nothing cached. Bytes are those of both scripts,
the manifest, the lists and the texts. Recall is that of the first `PAGES` pages of a query and of
what would still be read for further ones: a post that no list names, or that was read and passed
over, is lost.
"""

import argparse
import json
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, sync_playwright

from benchmarks.posts import WORDS, text_of
from pipeline.site.search import SearchDoc
from tests.browser.search.search_archive import corpus, plain, queries
from tests.browser.serving import CHROMIUM
from tests.builders.search_index import build_index

ROOT = Path(__file__).parents[1]
YEARS = 8
LETTERS = 1000
PAGES = 3
PAGE = "search/index.html"
PAGED = """async ([query, pages]) => {
  const [session, urls] = [await window.sanshenSearch.open(query), []];
  const give = async (count) => urls.push(...(await session.page(count)).map((row) => row.url));
  for (let page = 0; page < pages; page += 1) await give(10);
  while (session.left > session.waiting().length) await give(1); // read, not yet given
  return [urls, session.waiting().map(({ part, number }) => `${part.id}/d/${number}`)];
}"""


def formulaic(count: int) -> list[SearchDoc]:
    """The posts of the signed corpus, spread over as many years as the varied ones."""
    return [
        replace(
            doc,
            title=f"{WORDS[number % len(WORDS)]}工作动态第{number}号",
            body=text_of(number),
        )
        for number, doc in enumerate(corpus(count, 2, YEARS))
    ]


class Served(ThreadingHTTPServer):
    """Files out of memory; `sent` counts the bytes of bodies."""

    daemon_threads = True

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files, self.sent = files, 0
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Served

    def do_GET(self) -> None:
        path = self.path.split("?")[0].lstrip("/")
        body = self.server.files.get(path + "index.html" if path.endswith("/") else path)
        self.send_response(200 if body is not None else 404)
        kind = {"css": "text/css", "js": "text/javascript"}.get(
            path.rpartition(".")[2], "text/html"
        )
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")
        if path.endswith((".js", ".json", ".txt")):
            self.server.sent += len(body or b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(files: dict[str, bytes]) -> Iterator[Served]:
    assets = {f"assets/{p.name}": p.read_bytes() for p in (ROOT / "site/assets").iterdir()}
    page = (ROOT / "tests/site/search_page.html").read_bytes()
    with Served(files | assets | {PAGE: page}) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def first_query(browser: Browser, server: Served, query: str) -> int:
    """Bytes from an empty cache to the first page of results."""
    page = browser.new_page()
    server.sent = 0
    page.goto(f"http://127.0.0.1:{server.server_port}/search/")
    page.locator("input[name=q]").fill(query)
    page.keyboard.press("Enter")
    page.locator("#search-results:not([aria-busy])").wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    page.close()
    return server.sent


def recall(browser: Browser, server: Served, docs: list[SearchDoc], asked: list[str]) -> float:
    """Of the posts that a plain scan finds, the share found; a wrong answer ends the run."""
    rows = ((path, data) for path, data in server.files.items() if "/d/" in path)
    urls = {path[7:-5]: str(json.loads(data)[1]) for path, data in rows}  # search/….json
    texts = [(doc.url, plain(doc.title), plain(doc.body)) for doc in docs]
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/search/")
    wanted = found = 0
    for query in asked:
        terms = [plain(word) for word in query.split()]
        terms = terms if max(map(len, terms)) > 1 else ["".join(terms)]
        every = {u for u, title, body in texts if all(t in title or t in body for t in terms)}
        given, waiting = page.evaluate(PAGED, [query, PAGES])
        if wrong := sorted(set(given) - every):
            raise SystemExit(f"{query!r}: {wrong[:3]} does not hold it")
        wanted += len(every)
        found += len(every & {*given, *map(urls.__getitem__, waiting)})
    page.close()
    return found / wanted


def floor() -> float:
    """CPU milliseconds of one Ed25519 verification, here and now."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    check = partial(key.public_key().verify, key.sign(b"x" * 200), b"x" * 200)
    began = time.process_time()
    for _ in range(2000):
        check()
    return (time.process_time() - began) / 2


def row(name: str, docs: list[SearchDoc], browser: Browser, asked: int) -> str:
    """One corpus: build, ask, and say it in a row."""
    unit, began = floor(), time.process_time()
    files = dict(build_index(docs))
    spent = (time.process_time() - began) * 1000 / len(docs)
    size = sum(map(len, files.values()))
    made = queries(docs, asked)
    with serving(files) as server:
        costs = sorted(first_query(browser, server, query) / 1000 for query in made)
        share = recall(browser, server, docs, made)
    p95 = costs[len(costs) * 95 // 100]
    bytes_ = f"{statistics.median(costs):.0f} / {p95:.0f} / {costs[-1]:.0f}"
    cpu = f"{spent:.2f} ({spent / unit:.1f})"
    return (
        f"| {name} | {bytes_} | {share:.4f} of {asked} | {cpu} | {size / 1e6:.0f} | {len(files)} |"
    )


def main() -> None:
    """Print one Markdown table, a row a text."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--queries", type=int, default=220)
    given = parser.parse_args()
    print(f"{given.posts} posts in {YEARS} years, {given.queries} queries, nothing packed\n")
    print(
        "| text | first query, kB: median / p95 / worst | recall | CPU ms a post (in Ed25519",
        end="",
    )
    print(" verifications) | index, MB | files |\n|---|---|---|---|---|---|")
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        print(
            row("varied", corpus(given.posts, LETTERS, YEARS), browser, given.queries), flush=True
        )
        print(row("formulaic", formulaic(given.posts), browser, given.queries))
        browser.close()


if __name__ == "__main__":
    main()
