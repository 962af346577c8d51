"""``python -m benchmarks``: ours beside its peers, in one run, as the Markdown of a document.

Progress goes to stderr. ``--lean`` leaves out what 100,000 posts need not be asked again.
"""

import argparse
import platform
from collections.abc import Iterator
from datetime import UTC, datetime

from benchmarks import desk, ours, peers, queries, readers, site_peers
from benchmarks.budgets import KB, MIB, Figure, Results, judged
from benchmarks.corpus import signatures
from benchmarks.lab import Lab
from benchmarks.measure import Spent, processors, remark, remove, table
from benchmarks.readers import Sent
from tests.corpora import precision

SOURCES = (peers.rows, ours.rows, site_peers.rows, readers.rows, desk.rows, queries.rows)
"""In this order: the peers of the site look at what ours built."""

INTRODUCTION = """# Measurements

`make bench` lays out deterministic archives, each post with four signed steps and one signed \
publication, and times whole processes, start included, beside their peers in the same run; \
`make bench-100000` does so for large ones. The tables are what they print; remarks are written by \
hand. Only ratios of one run count: machines and hours differ. Seconds of a budget are \
judged at the pace of the machine it was set on, told by the Ed25519 floor (0.35 s for 1,000 \
posts); the clock of the run stands beside.
"""
READING = """Rows are medians of up to three runs, one where a run takes more than ten seconds. \
Cold: caches, and for a build its site and work folder too, were put aside before; nothing is \
removed while a run lasts, for that slows a file system down. ssh-keygen and gittuf verify a \
sample, scaled to all signatures (gittuf: all posts). Hugo and material neither verify nor, here, \
index. Memory is that of all processes together.
"""
WORDS = {True: "yes", False: "**no**", None: "–"}


def measured(posts: int, lean: bool) -> Results:
    """All rows of one size, told as they come."""
    lab, figures = Lab.of(posts, lean), dict[str, Figure]()
    for source in SOURCES:
        for name, figure in source(lab):
            figures[name] = figure
            remark(f"  {name}: {_words(figure)}")
    return Results(posts, lean, figures)


def _words(figure: Figure) -> str:
    return " · ".join(_cells(figure))


def _cells(figure: Figure) -> tuple[str, ...]:
    match figure:
        case Spent():
            peak = f"{figure.peak / MIB:.0f}" if figure.peak else "–"
            return f"{figure.wall:.2f}", f"{figure.cpu:.2f}", peak, str(figure.runs)
        case Sent():
            return f"{figure.wire / KB:.0f} KB", f"raw {figure.raw / KB:.0f} KB"
        case float():
            return (f"{figure:.3f}",)
    return (str(figure),)


def section(here: Results, before: Results | None) -> Iterator[str]:
    """What was measured of one size of archive, and its budgets."""
    yield f"## {here.posts:,} posts, {signatures(here.posts):,} signatures\n"
    spent = [(n, *_cells(f)) for n, f in here.figures.items() if isinstance(f, Spent)]
    yield table("process | wall s | CPU s | memory MiB | runs", spent) + "\n"
    rest = [(n, _words(f)) for n, f in here.figures.items() if not isinstance(f, Spent)]
    if rest:
        yield table("besides | measured", rest) + "\n"
    lines = [(*line[:-1], WORDS[line.met]) for line in judged(here, before)]
    met = sum(line.met is True for line in judged(here, before))
    yield table("work | budget | measured | met", lines)
    yield f"\n{met} of {len(lines)} budgets are met.\n"


def document(sizes: list[int], lean: bool) -> Iterator[str]:
    """The whole page; a lean run gives the sections that follow it."""
    machine = f"{processors()} processors, {platform.machine()}, Python {platform.python_version()}"
    if not lean:
        yield INTRODUCTION
        yield READING
    yield f"Run of {datetime.now(UTC).date()} on {machine}.\n"
    before = None
    for posts in sizes:
        here = measured(posts, lean)
        yield from section(here, before)
        before = here
    if not lean:
        yield precision.section()


def main() -> None:
    """Measure, then print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--lean", action="store_true", help="only what grows with the archive")
    given = parser.parse_args()
    try:
        for part in document(sorted(given.posts), given.lean):
            print(part, flush=True)
    finally:
        remove(*(Lab.place(posts) for posts in given.posts))


if __name__ == "__main__":
    main()
