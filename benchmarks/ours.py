"""Our own commands, as a person or a workflow types them."""

import os
import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.corpus import SINGLE, Corpus
from benchmarks.lab import Lab, Row
from benchmarks.measure import Spent, empty, middle, repeated, spend

CHANGE = "verify: a change of one post"
CHANGE_MERGES = "verify: a change of one post, a merge a post"
CHECK = "check: one draft"
HELP = "--help"
STANDING = "verify: all that stands"
AUDIT = "audit: cold"
AUDIT_ONE = "audit: cold, one processor"
AUDIT_SAME = "audit: nothing changed"
AUDIT_MERGES = "audit: cold, a merge a post"
BUILD_ALL = "build: cold, everything: verified, built, indexed"
BUILD_ONE = "build: cold, everything, one processor"
BUILD = "build: cold, verification cached"
ADDED = "build: one post added, search included"
SAME = "build: nothing changed"
AGAIN = "build: the site with the posts added, from nothing"
LOG = {"--after": "checkpoint", "--builds": "builds"}
"""Options of a build → files of the log that was published before."""
OVERDUE = 11
"""Of an audit: the corpus declares and files nothing."""

Run = Callable[[], Spent]


def sanshen(corpus: Corpus, *arguments: str | Path, codes: tuple[int, ...] = (0,)) -> Run:
    """One of our commands on a corpus."""
    program = Path(sys.executable).with_name("sanshen")
    command = [str(program), "-C", str(corpus.folder), *map(str, arguments)]
    return partial(spend, command, codes=codes)


def rows(lab: Lab) -> Iterator[Row]:
    """All rows but those of builds, in an order in which each finds the caches it names and no
    others."""
    corpus, cold = lab.corpus, partial(empty, lab.cache)
    yield CHANGE, partial(repeated, sanshen(corpus, "verify", "--base", "HEAD~1"), cold)
    if not lab.lean:
        yield HELP, partial(repeated, sanshen(corpus, "--help"))
        yield CHECK, partial(repeated, sanshen(corpus, "check", corpus.last))
        yield STANDING, partial(repeated, sanshen(corpus, "verify"), cold)
        yield from _audits(lab)


def _audits(lab: Lab) -> Iterator[Row]:
    cold, audit = partial(empty, lab.cache), sanshen(lab.corpus, "audit", codes=(0, OVERDUE))
    yield AUDIT_ONE, partial(repeated, pinned(audit), cold)
    yield AUDIT, partial(repeated, audit, cold)
    yield AUDIT_SAME, partial(repeated, audit)
    merges = lab.merges()
    yield CHANGE_MERGES, partial(repeated, sanshen(merges, "verify", "--base", "HEAD~1"))
    audit = sanshen(merges, "audit", codes=(0, OVERDUE))
    cold = partial(empty, merges.folder / ".git/sanshen-cache")
    yield AUDIT_MERGES, partial(repeated, audit, cold)
    empty(merges.folder)


def builds(lab: Lab) -> Iterator[Row]:
    """All rows of builds, after the others."""
    site, work = site_of(lab), lab.corpus.folder / "build/work"
    bare = partial(empty, site, work)

    def build(head: str = "HEAD", *after: str | Path) -> Run:
        key = Path("tests/assets/keys/log").resolve()
        options = ("--head", head, "--output", site, "--log-key", key, *after)
        return sanshen(lab.corpus, "build", *options)

    first = build(f"HEAD~{SINGLE}")
    everything = partial(empty, site, work, lab.cache)
    if not lab.lean:
        yield BUILD_ONE, partial(repeated, pinned(first), everything)
    yield BUILD_ALL, partial(repeated, first, everything)
    yield BUILD, partial(repeated, first, bare)
    after = [part for option, copy in _predecessor(lab).items() for part in (option, copy)]

    def added() -> Spent:
        grown = [build(f"HEAD~{back}")() for back in reversed(range(1, SINGLE))]
        for option, copy in _predecessor(lab).items():
            copy.write_bytes((site / "log" / LOG[option]).read_bytes())
        return middle([*grown, build()()])

    yield ADDED, added
    yield SAME, partial(repeated, build())

    def again() -> Spent:
        # Of the largest archives not judged anew, a quarter of an hour; tests hold verdicts to it.
        empty(site, work, *(() if lab.lean else (lab.cache,)))
        return build("HEAD", *after)()

    yield AGAIN, again


def _predecessor(lab: Lab) -> dict[str, Path]:
    """Option → copy of what a build from nothing is given of the site before, whose log counts
    builds."""
    return {option: lab.folder / name for option, name in LOG.items()}


def site_of(lab: Lab) -> Path:
    """The site that a build left, as other rows look at it."""
    return lab.folder / "site"


def pinned(run: Run) -> Run:
    """The same, and all that it starts, on one processor."""

    def held() -> Spent:
        ours = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(ours)})
        try:
            return run()
        finally:
            os.sched_setaffinity(0, ours)

    return held


def digest(built: Spent) -> str:
    """The digest of a site that a build printed."""
    found = re.search(r"^([0-9a-f]{64})  ", built.told, re.MULTILINE)
    if not found:
        raise SystemExit(f"no digest of a site in:\n{built.told[-2000:]}")
    return found[1]
