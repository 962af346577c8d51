"""Our own commands, as a person or a workflow types them."""

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
STANDING = "verify: all that stands"
AUDIT = "audit: cold"
AUDIT_SAME = "audit: nothing changed"
AUDIT_MERGES = "audit: cold, a merge a post"
BUILD_ALL = "build: cold, everything: verified, built, indexed"
BUILD = "build: cold, verification cached"
ADDED = "build: one post added, search included"
SAME = "build: nothing changed"
AGAIN = "build: the site with the posts added, from nothing"
SHARD = "build: the slowest of four shards, verification cached"
ASSEMBLE = "build: four shards assembled"
SHARDS = 4
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
    """All rows, in an order in which each finds the caches it names and no others."""
    corpus, cold = lab.corpus, partial(empty, lab.cache)
    yield CHANGE, repeated(sanshen(corpus, "verify", "--base", "HEAD~1"), cold)
    if not lab.lean:
        yield CHECK, repeated(sanshen(corpus, "check", corpus.last))
        yield STANDING, repeated(sanshen(corpus, "verify"), cold)
        yield from _audits(lab)
    yield from _builds(lab)


def _audits(lab: Lab) -> Iterator[Row]:
    audit = sanshen(lab.corpus, "audit", codes=(0, OVERDUE))
    yield AUDIT, repeated(audit, partial(empty, lab.cache))
    yield AUDIT_SAME, repeated(audit)
    merges = lab.merges()
    yield CHANGE_MERGES, repeated(sanshen(merges, "verify", "--base", "HEAD~1"))
    audit = sanshen(merges, "audit", codes=(0, OVERDUE))
    yield AUDIT_MERGES, repeated(audit, partial(empty, merges.folder / ".git/sanshen-cache"))
    empty(merges.folder)


def _builds(lab: Lab) -> Iterator[Row]:
    site, work = site_of(lab), lab.corpus.folder / "build/work"
    bare = partial(empty, site, work)

    def build(head: str = "HEAD", *after: str | Path) -> Run:
        key = Path("tests/assets/keys/log").resolve()
        options = ("--head", head, "--output", site, "--log-key", key, *after)
        return sanshen(lab.corpus, "build", *options)

    first = build(f"HEAD~{SINGLE}")
    yield BUILD_ALL, repeated(first, partial(empty, site, work, lab.cache))
    yield BUILD, repeated(first, bare)
    grown = [build(f"HEAD~{back}")() for back in reversed(range(1, SINGLE))]
    after = _predecessor(lab)
    grown.append(build()())
    yield ADDED, middle(grown)
    yield SAME, repeated(build())
    # Of the largest archives not judged anew, a quarter of an hour; tests hold verdicts to that.
    empty(site, work, *(() if lab.lean else (lab.cache,)))
    cold = build("HEAD", *after)()
    yield AGAIN, cold
    _equal(cold, grown[-1], "posts added one by one")
    if not lab.lean:
        yield from _shards(lab, cold, after)


def _predecessor(lab: Lab) -> tuple[str | Path, ...]:
    """What a build from nothing is given of the site before, whose log counts builds."""
    files = {option: site_of(lab) / "log" / name for option, name in LOG.items()}
    copies = {option: lab.folder / file.name for option, file in files.items()}
    for option, copy in copies.items():
        copy.write_bytes(files[option].read_bytes())
    return tuple(part for pair in copies.items() for part in pair)


def site_of(lab: Lab) -> Path:
    """The site that a build left, as other rows look at it."""
    return lab.folder / "site"


def _shards(lab: Lab, cold: Spent, after: tuple[str | Path, ...]) -> Iterator[Row]:
    work = lab.corpus.folder / "build/work"
    shares = [lab.folder / f"share-{number}" for number in range(1, SHARDS + 1)]
    spent = []
    for number, share in enumerate(shares, 1):
        empty(work)  # every shard is made on a machine of its own
        which = ("--shard", f"{number}/{SHARDS}", "--output", share, *after)
        spent.append(sanshen(lab.corpus, "build", *which)())
    yield SHARD, max(spent, key=lambda one: one.wall)
    given = [part for share in shares for part in ("--assemble", share)]
    out = lab.folder / "assembled"
    empty(work)
    key = ("--log-key", Path("tests/assets/keys/log").resolve())
    whole = sanshen(lab.corpus, "build", *given, "--output", out, *key, *after)()
    yield ASSEMBLE, whole
    _equal(cold, whole, "shards assembled")
    empty(out, *shares)


def digest(built: Spent) -> str:
    """The digest of a site that a build printed."""
    found = re.search(r"^([0-9a-f]{64})  ", built.told, re.MULTILINE)
    if not found:
        raise SystemExit(f"no digest of a site in:\n{built.told[-2000:]}")
    return found[1]


def _equal(cold: Spent, other: Spent, how: str) -> None:
    if digest(cold) != digest(other):
        raise SystemExit(f"{how}: {digest(other)}, a cold build: {digest(cold)}: not one site")
