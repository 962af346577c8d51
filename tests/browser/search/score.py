"""How a set of queries fares over the demo, group by group, in Chromium.

    python -m tests.browser.search.score FILE [--site FOLDER] [--wrong]

Each line of FILE is {"query", "posts", "group", "none"}: the posts that are right first answers, or
`none` where the archive has no answer. With `--site`, the search of a built site is asked instead
of an index of the demo alone; `--wrong` prints what was answered instead.
"""

import argparse
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from tests.browser.search.search_archive import serve
from tests.browser.serving import CHROMIUM, PROGRAM, served
from tests.builders.demo_search import demo_docs

Query = Mapping[str, Any]
ASK = """queries => Promise.all(queries.map(async (query) => {
  const session = await window.sanshenSearch.open(query);
  const hits = [...await session.page(6), ...await session.page(4)]; // as search_page.js reads them
  return [hits.map((hit) => hit.url.split("/")[2]), session.near];
}))"""


class Answer(NamedTuple):
    posts: Sequence[str]
    near: bool
    """Whether the page says that they are only near to what was asked."""


class Score(NamedTuple):
    """Of the queries that have an answer, and of those that have none."""

    asked: int
    first: int
    three: int
    empty: int
    none: int
    silent: int
    """Queries without an answer for which nothing is claimed: no post, or only near ones."""

    def __str__(self) -> str:
        shares = (f"{n:4} ({n / (self.asked or 1):4.0%})" for n in self[1:4])
        return f"{self.asked:6} {' '.join(shares)} {self.silent:4} of {self.none}"


def read(file: Path) -> list[Query]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line]


def rank(query: Query, answer: Answer) -> int:
    """Where the first right post stands; 99 where none is among ten."""
    right = set(query["posts"])
    return next((at for at, post in enumerate(answer.posts) if post in right), 99)


def score(queries: Sequence[Query], answers: Iterable[Answer]) -> Score:
    pairs = list(zip(queries, answers, strict=True))
    real = [pair for pair in pairs if not pair[0].get("none")]
    ranks = [rank(*pair) for pair in real]
    first, three = (sum(rank < most for rank in ranks) for most in (1, 3))
    none = [answer for query, answer in pairs if query.get("none")]
    silent = sum(answer.near or not answer.posts for answer in none)
    empty = sum(not answer.posts for _, answer in real)
    return Score(len(real), first, three, empty, len(none), silent)


def by_group(queries: Sequence[Query], answers: Sequence[Answer]) -> Iterator[tuple[str, Score]]:
    """The score of every group, in the order of the file; last, of all."""
    for group in dict.fromkeys(query.get("group", "all") for query in queries):
        chosen = [at for at, query in enumerate(queries) if query.get("group", "all") == group]
        yield group, score([queries[at] for at in chosen], [answers[at] for at in chosen])
    yield "total", score(queries, answers)


def ask(page: Any, address: str, queries: Sequence[Query]) -> list[Answer]:
    page.goto(f"{address}search/")
    page.wait_for_function("() => Boolean(window.sanshenSearch)")
    return [Answer(*each) for each in page.evaluate(ASK, [query["query"] for query in queries])]


@contextmanager
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=PROGRAM, args=CHROMIUM)
        yield browser.new_context(bypass_csp=True).new_page()
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--site", type=Path)
    parser.add_argument("--wrong", action="store_true")
    given = parser.parse_args()
    queries = read(given.file)
    with tempfile.TemporaryDirectory() as folder, chromium() as page:
        if given.site:
            answers = next(ask(page, address, queries) for address in served(given.site))
        else:
            made = serve(Path(folder), demo_docs())
            address = next(made).address.removesuffix("search/")
            answers = ask(page, address, queries)
            next(made, None)
    print(f"{'group':12} asked  first       in three    empty     nothing claimed")
    for group, counted in by_group(queries, answers):
        print(f"{group:12}{counted}")
    for query, answer in zip(queries, answers, strict=True) if given.wrong else ():
        if rank(query, answer) and not query.get("none"):
            mark = "~" if answer.near else "="
            print(query.get("group"), query["query"], rank(query, answer), mark, answer.posts[:3])


if __name__ == "__main__":
    main()
