"""A deterministic archive of N posts, signed for real.

Two shapes. `BATCHES`: a commit a hundred posts, so that a measurement is not one of git's own log.
`MERGES`: as an archive grows in life, a branch a post with the writer's commit and one a reviewer,
merged by the operator, who records in the evening the publications of the day, its filed form, an
inquiry that was answered and, now and then, an item of a superior body. The last `SINGLE` posts
come one a first-parent commit, with all that belongs to them, in both.
"""

import multiprocessing
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import chain
from pathlib import Path

from benchmarks.posts import (
    PEOPLE,
    PER_DAY,
    SIGNER,
    START,
    Files,
    Made,
    genesis,
    make_post,
    moment,
    named,
    post_id,
    records_of_day,
    signed_at,
)
from demo.layout import Commit, lay_out
from pipeline.model.evidence import Step

BATCHES, MERGES = SHAPES = ("batches", "merges")
A_BATCH, SINGLE = 100, 3
AHEAD = 5000
"""Posts that may be signed before they are written: no more lie in memory."""
CHECKED_OUT = 20_000
"""Posts up to which there is a work tree: eleven files a post are slow to write and to remove."""
EVENING = timedelta(hours=9)


@dataclass(frozen=True)
class Corpus:
    """Where the archive lies and what a measurement needs to know of it."""

    folder: Path
    posts: int
    shape: str = BATCHES

    @property
    def last(self) -> str:
        """Id of the newest post, which HEAD alone adds."""
        return post_id(self.posts - 1)


def make(folder: Path, posts: int, shape: str = BATCHES) -> Corpus:
    """Lay out an archive of so many posts; the same number and shape give the same commits."""
    if posts <= SINGLE:
        raise SystemExit(f"{posts}: a corpus has more than {SINGLE} posts")
    emails = {p: (p, f"{p}@bench.example") for p in PEOPLE}
    lay_out(_commits(posts, shape), emails, folder, checkout=posts <= CHECKED_OUT)
    return Corpus(folder, posts, shape)


def _commits(posts: int, shape: str) -> Iterator[Commit]:
    files = genesis(posts)
    yield Commit("main", "gly-a", START - timedelta(days=1), "genesis", files)
    made = enumerate(_posts(posts, named(files)))
    yield from (_batches if shape == BATCHES else _merges)(made, posts - SINGLE)
    for number, post in made:
        yield Commit("main", "zz-a", moment(number) + EVENING, "one post", _all(post))


def _posts(posts: int, laws: tuple[str, str]) -> Iterator[Made]:
    """All posts in order, signed in as many processes as there are processors."""
    processes = len(os.sched_getaffinity(0))
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        for first in range(0, posts, AHEAD):
            block = range(first, min(posts, first + AHEAD))
            yield from pool.imap(partial(make_post, laws=laws), block, A_BATCH)


def _batches(made: Iterator[tuple[int, Made]], until: int) -> Iterator[Commit]:
    batch: Files = {}
    for number in range(until):
        batch |= _all(next(made)[1])
        if number % A_BATCH == A_BATCH - 1 or number == until - 1:
            yield Commit("main", "zz-a", moment(number) + EVENING, "batch", batch)
            batch = {}


def _merges(made: Iterator[tuple[int, Made]], until: int) -> Iterator[Commit]:
    day: list[tuple[int, Made]] = []
    for number in range(until):
        day.append((number, next(made)[1]))
        yield from _merged(*day[-1])
        if number % PER_DAY == PER_DAY - 1 or number == until - 1:
            published = chain.from_iterable(post.publication.items() for _, post in day)
            files = dict(published) | records_of_day(day)
            yield Commit("main", "gly-a", moment(number) + EVENING, "evening", files)
            day = []


def _merged(number: int, post: Made) -> Iterator[Commit]:
    """The writer's commit, one a signature, and the merge."""
    branch, when = f"post/{post_id(number)}", moment(number)
    yield Commit(branch, "zz-a", when - timedelta(hours=1), "draft", post.draft)
    for step, files in zip(Step, post.steps, strict=True):
        yield Commit(branch, SIGNER[step], signed_at(when, step), step.value, files)
    # fast-import starts a merge from its first parent's files, so the branch's are named again.
    files = dict(chain.from_iterable(f.items() for f in (post.draft, *post.steps)))
    yield Commit("main", "gly-a", when - timedelta(minutes=5), "merge", files, branch)


def _all(post: Made) -> Files:
    parts = (post.draft, *post.steps, post.publication)
    return dict(chain.from_iterable(part.items() for part in parts))
