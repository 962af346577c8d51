"""What citizens type, asked of our search and of three peers over the same pages, the demo's.

    python -m benchmarks.queries FILE

prints a table of how a set of queries (tests/browser/search/score.py) fares group by group. In
`make bench` the set is that of the tests, of which half was never looked at while search was tuned.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.lab import Lab, Row
from benchmarks.measure import WORK, Missing, empty, spend
from benchmarks.paint import served
from benchmarks.site_peers import PEERS, install
from tests.browser.search import score

PAGEFIND, LUNR = "pagefind[extended]==1.5.2", "lunr@2.3.9"
QUERIES = Path("tests/browser/search/queries.jsonl")
DEPTHS = {"first": "first", "among the first three": "three"}
OUR = "our search"
PEERS_OF_SEARCH = {
    "Pagefind": "pagefind",
    "lunr, words of the segmenter, any": "lunr",
    "BM25 over pairs of signs, any": "pairs",
}
SCRIPTS = Path(__file__).with_name("search_peers.js").read_text("utf-8").strip()
MAKE = f"([name, pages]) => (\n{SCRIPTS}\n)[name](pages)"
ANSWER = """queries => Promise.all(queries.map(async (query) =>
  [(await window.answer(query)).map((url) => url.split("/").at(-2)), false]))"""
Ask = Callable[[Sequence[score.Query]], list[score.Answer]]


def rows(lab: Lab) -> Iterator[Row]:
    """The share of queries whose right post comes first, and among the first three."""
    if lab.lean or not shutil.which("chromium"):
        return
    chosen = [query for query in score.read(QUERIES) if query["untouched"]]
    with engines(lab.fresh("demo")) as asked:
        for engine, ask in asked.items():
            for words, depth in DEPTHS.items():
                name = f"{engine}: right post {words}, of queries of our own"
                yield name, partial(share, ask, chosen, depth)


def share(ask: Ask | Missing, queries: Sequence[score.Query], depth: str) -> float | Missing:
    if isinstance(ask, Missing):
        return ask
    counted = score.score(queries, ask(queries))
    return float(getattr(counted, depth) / counted.asked)


@contextmanager
def engines(folder: Path) -> Iterator[Mapping[str, Ask | Missing]]:
    """Every engine by name, over the demo built into `folder`, or why it is missing."""
    archive, site = folder / "archive", folder / "site"
    subprocess.run([sys.executable, "-m", "demo.layout", str(archive)], check=True)
    sanshen = str(Path(sys.executable).with_name("sanshen"))
    spend([sanshen, "-C", str(archive), "build", "--output", str(site)])
    files = sorted(site.glob("search/*/d/*.json"))
    rows_of = [json.loads(file.read_text("utf-8")) for file in files]
    pages = [{"url": r[1], "title": r[0], "text": "\n".join(r[10:11] + r[6:7])} for r in rows_of]
    missing = {"pagefind": pagefind(site), "lunr": lunr(site)}
    with score.chromium() as page, served(site) as address:

        def asked(peer: str, queries: Sequence[score.Query]) -> list[score.Answer]:
            page.goto(f"{address}search/")
            page.wait_for_function("() => Boolean(window.sanshenSearch)")
            if (site / "lunr.js").exists():
                page.add_script_tag(url=f"{address}lunr.js")
            page.evaluate(MAKE, [peer, pages])
            answers = page.evaluate(ANSWER, [query["query"] for query in queries])
            return [score.Answer(*each) for each in answers]

        ours: Mapping[str, Ask | Missing] = {OUR: partial(score.ask, page, address)}
        peers = {
            name: missing.get(peer) or partial(asked, peer)
            for name, peer in PEERS_OF_SEARCH.items()
        }
        yield {**ours, **peers}


def pagefind(site: Path) -> Missing | None:
    if lacking := install(PAGEFIND):
        return lacking
    scope = ("--glob", "posts/*/20*/*.html", "--root-selector", "#content")
    command = [str(PEERS / "bin/python"), "-m", "pagefind", "--silent", "--site", str(site)]
    spend([*command, *scope, "--force-language", "zh"])
    return None


def lunr(site: Path) -> Missing | None:
    npm = ["npm", "install", "--silent", "--prefix", str(PEERS), LUNR]
    if not shutil.which("npm") or subprocess.run(npm, check=False, capture_output=True).returncode:
        return Missing(f"could not be installed: {LUNR}")
    shutil.copy(PEERS / "node_modules/lunr/lunr.js", site)
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    queries = score.read(parser.parse_args().file)
    folder = WORK / "queries"
    empty(folder)
    with engines(folder) as asked:
        for engine, ask in asked.items():
            if isinstance(ask, Missing):
                print(f"| {engine} | {ask} |")
                continue
            for group, counted in score.by_group(queries, ask(queries)):
                shares = (f"{n} ({n / (counted.asked or 1):.0%})" for n in counted[1:4])
                print(
                    f"| {engine} | {group} | {counted.asked} | {' | '.join(shares)} |", flush=True
                )


if __name__ == "__main__":
    main()
