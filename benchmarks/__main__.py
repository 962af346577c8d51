"""``python -m benchmarks``: ours beside its peers, in one run, as the Markdown of a document.

Each row is written as soon as it is measured, so a run that ends early leaves what it has; one
that fails is named with its reason, and the others go on. ``--lean`` leaves out what 100,000 posts
need not be asked again.
"""

import argparse
import platform
import sys
import sysconfig
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime

from benchmarks import desk, earlier, ours, peers, queries, readers, site_peers
from benchmarks.budgets import KB, MIB, Results, judged
from benchmarks.corpus import signatures
from benchmarks.lab import Figure, Lab
from benchmarks.measure import Missing, Sent, Spent, line, processors, remove, table
from tests.corpora import precision

SOURCES = (
    peers.rows,
    ours.rows,
    ours.builds,
    site_peers.rows,
    readers.rows,
    desk.rows,
    queries.rows,
    earlier.rows,
)
"""In this order: the peers of the site look at what ours built."""

INTRODUCTION = """# Measurements

`make bench` lays out deterministic archives, each post with four signed steps and one signed \
publication, and times whole processes, start included, beside their peers in the same run; \
`make bench-100000` does so for large ones. The tables are what they print; remarks are written by \
hand. Budgets are processor seconds of a machine on which `python -I -S -c 'sum(i*i for i in \
range(10**7))'` takes 0.60 of them. That loop runs in turn with every process, with the same \
interpreter, and stands beside it: a row is judged by its processor seconds × 0.60 ÷ the loop's. \
Peers stand beside for information; nothing is judged by their pace.
"""
READING = """Rows are medians of up to three runs, one where a run takes more than ten seconds. \
Cold: caches, and for a build its site and work folder too, were put aside before; nothing is \
removed while a run lasts, for that slows a file system down. ssh-keygen and gittuf verify a \
sample, scaled to all signatures (gittuf: all posts). Hugo and material neither verify nor, here, \
index. Memory is that of all processes together. The queries are the project's own: what \
strangers type finds less.
"""
WORDS = {True: "yes", False: "**no**", None: "–"}
HEADER = "row | CPU s | wall s | loop CPU s | memory MiB | runs, or what else was measured"


def measured(posts: int, lean: bool) -> Iterator[tuple[str, Figure]]:
    """All rows of one size as they come. What cannot be measured is a figure that says why."""
    lab = Lab.of(posts, lean)
    for source in SOURCES:
        name = source.__module__
        try:
            for name, measure in source(lab):
                yield name, _attempted(measure)
        except (Exception, SystemExit) as failure:
            yield f"what follows {name}", _failed(failure)


def _attempted(measure: Callable[[], Figure]) -> Figure:
    try:
        return measure()
    except (Exception, SystemExit) as failure:
        return _failed(failure)


def _failed(failure: BaseException) -> Missing:
    lines = f"{type(failure).__name__}: {failure}".splitlines()
    return Missing(f"**failed**: {' '.join(lines)[-300:].replace('|', ' ')}")


def _cells(figure: Figure) -> tuple[str, ...]:
    match figure:
        case Spent():
            peak = f"{figure.peak / MIB:.0f}" if figure.peak else "–"
            seconds = (f"{each:.2f}" for each in (figure.cpu, figure.wall, figure.loop))
            return (*seconds, peak, str(figure.runs))
        case Sent():
            return (*"––––", f"{figure.wire / KB:.0f} KB · raw {figure.raw / KB:.0f} KB")
        case float():
            return (*"––––", f"{figure:.3f}")
    return (*"––––", str(figure))


def section(posts: int, lean: bool, before: Results | None) -> Generator[str, None, Results]:
    """One size of archive, line by line as it is measured, then its budgets; the results."""
    yield f"## {posts:,} posts, {signatures(posts):,} signatures\n"
    yield table(HEADER, ())
    figures = dict[str, Figure]()
    for name, figure in measured(posts, lean):
        figures[name] = figure
        yield line((name, *_cells(figure)))
    here = Results(posts, lean, figures)
    lines = list(judged(here, before))
    yield "\n" + table(
        "work | budget | measured | met", [(*each[:-1], WORDS[each.met]) for each in lines]
    )
    yield f"\n{sum(each.met is True for each in lines)} of {len(lines)} budgets are met.\n"
    return here


def document(sizes: list[int], lean: bool) -> Iterator[str]:
    """The whole page, line by line; a lean run gives the sections that follow it."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    options = sysconfig.get_config_var("CONFIG_ARGS") or ""
    build = " and ".join(
        words
        for words, option in (("PGO", "--enable-optimizations"), ("LTO", "--with-lto"))
        if option in options
    )
    machine = f"{processors()} processors, {platform.machine()}, {python}"
    if not lean:
        yield INTRODUCTION
        yield READING
    yield f"Run of {datetime.now(UTC).date()} on {machine}, {build or 'neither PGO nor LTO'}.\n"
    before = None
    for posts in sizes:
        before = yield from section(posts, lean, before)
    if not lean:
        yield precision.section()


def main() -> int:
    """Measure and print; 1 where a row failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--lean", action="store_true", help="only what grows with the archive")
    given = parser.parse_args()
    failed = False
    try:
        for part in document(sorted(given.posts), given.lean):
            failed |= "**failed**" in part
            print(part, flush=True)
    finally:
        remove(*(Lab.place(posts) for posts in given.posts))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
