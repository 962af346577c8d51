"""What citizens type, asked of our search and of Pagefind over the same pages: those of the demo.

The queries and the posts they should find are those of the tests; half of them were never looked
at while the search was tuned, and only that half counts here.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

from benchmarks.lab import Lab, Row
from benchmarks.measure import Missing, spend
from benchmarks.paint import served
from benchmarks.site_peers import PEERS, install

ENGINES = {
    "our search": """queries => Promise.all(queries.map(async (query) => {
  const session = await window.sanshenSearch.open(query);
  return (await session.page(10)).map((hit) => hit.url);
}))""",
    "Pagefind": """async (queries) => {
  const pagefind = await import("/pagefind/pagefind.js"), answers = [];
  for (const query of queries) {
    const { results } = await pagefind.search(query);
    const shown = await Promise.all(results.slice(0, 10).map((result) => result.data()));
    answers.push(shown.map((hit) => hit.url));
  }
  return answers;
}""",
}
PAGEFIND = "pagefind[extended]==1.5.2"
QUERIES = Path("tests/browser/search/queries.jsonl")
DEPTHS = {"first": 1, "among the first three": 3}


def rows(lab: Lab) -> Iterator[Row]:
    """The share of queries whose right post comes first, and among the first three."""
    chromium = shutil.which("chromium")
    if lab.lean or not chromium:
        return
    site = lab.fresh("demo") / "site"
    sanshen = str(Path(sys.executable).with_name("sanshen"))
    subprocess.run([sys.executable, "-m", "demo.layout", str(site.parent / "archive")], check=True)
    spend([sanshen, "-C", str(site.parent / "archive"), "build", "--output", str(site)])
    missing = install(PAGEFIND)
    if not missing:
        scope = ("--glob", "posts/*/20*/*.html", "--root-selector", "#content")
        command = [str(PEERS / "bin/python"), "-m", "pagefind", "--silent", "--site", str(site)]
        spend([*command, *scope, "--force-language", "zh"])
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tool, served(site) as address:
        browser = tool.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_context(bypass_csp=True).new_page()
        page.goto(f"{address}search/")
        page.wait_for_function("() => Boolean(window.sanshenSearch)")
        for engine, script in ENGINES.items():
            ranks = cache(partial(_ranks, page, script))

            def share(depth: int, ranks: Callable[[], list[int]] = ranks) -> float:
                return sum(rank < depth for rank in ranks()) / len(ranks())

            for words, depth in DEPTHS.items():
                name = f"{engine}: right post {words}, of queries of our own"
                lacking = missing and engine == "Pagefind"
                yield name, partial(Missing, missing) if lacking else partial(share, depth)
        browser.close()


def _ranks(page: Any, script: str) -> list[int]:
    """Of each query, where the right post stands; 99 where it is not among ten."""
    lines = map(json.loads, QUERIES.read_text("utf-8").splitlines())
    queries = [line for line in lines if line["untouched"]]
    answers = page.evaluate(script, [query["query"] for query in queries])
    names = [[url.rstrip("/").rpartition("/")[2] for url in answer] for answer in answers]
    return [
        min((answer.index(post) for post in query["posts"] if post in answer), default=99)
        for query, answer in zip(queries, names, strict=True)
    ]
