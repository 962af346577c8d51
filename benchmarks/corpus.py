"""A deterministic archive of N posts, signed for real.

Two shapes. `BATCHES`: a commit a hundred posts, so that a measurement is not one of git's own log.
`MERGES`: as an archive grows in life, a branch a post with the writer's commit and one a reviewer,
merged by the operator, who records in the evening the publications of the day, its filed form, an
inquiry that was answered and, now and then, an item of a superior body. Corrections, withdrawals
and lifted alerts follow their posts, with a batch or a day between. The last `SINGLE` posts come
one a first-parent commit, with all that belongs to them, in both.
"""

import multiprocessing
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from pathlib import Path

from benchmarks import posts as content
from benchmarks.posts import SIGNER, Files, Made, moment, post_id
from demo.layout import Commit, lay_out
from pipeline.model.evidence import Step

BATCHES, MERGES = SHAPES = ("batches", "merges")
A_BATCH, SINGLE, SUNDAY = 100, 3, 6
AHEAD = 5000
"""Posts that may be signed before they are written: no more lie in memory."""
CHECKED_OUT = 20_000
"""Posts up to which there is a work tree: eleven files a post are slow to write and to remove."""


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


def signatures(posts: int) -> int:
    """Signatures in an archive of so many posts."""
    return posts * content.SIGNATURES + content.STEPS * sum(
        map(content.is_revised, range(_revised_until(posts)))
    )


def _revised_until(posts: int) -> int:
    """Number of the first post that is too new for a revision: one of the last batch."""
    return (posts - SINGLE - 1) // A_BATCH * A_BATCH


def make(folder: Path, posts: int, shape: str = BATCHES) -> Corpus:
    """Lay out an archive of so many posts; the same number and shape give the same commits."""
    if posts <= SINGLE:
        raise SystemExit(f"{posts}: a corpus has more than {SINGLE} posts")
    emails = {p: (p, f"{p}@bench.example") for p in content.PEOPLE}
    lay_out(_commits(posts, shape), emails, folder, checkout=posts <= CHECKED_OUT)
    return Corpus(folder, posts, shape)


def _commits(posts: int, shape: str) -> Iterator[Commit]:
    files = content.genesis(posts)
    yield Commit("main", "gly-a", content.START - timedelta(days=1), "genesis", files)
    made = enumerate(_posts(posts, content.named(files)))
    yield from (_batches if shape == BATCHES else _merges)(made, posts - SINGLE)
    for number, post in made:
        yield Commit("main", "zz-a", _evening(number), "one post", _all(post))


def _evening(number: int, days: int = 0) -> datetime:
    """The evening of a post's day, or so many days later."""
    return moment(number).replace(hour=21, minute=0) + timedelta(days)


def _posts(posts: int, laws: tuple[str, str]) -> Iterator[Made]:
    """All posts in order, signed in as many processes as there are processors."""
    processes = len(os.sched_getaffinity(0))
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        for first in range(0, posts, AHEAD):
            block = range(first, min(posts, first + AHEAD))
            yield from pool.imap(partial(content.make_post, laws=laws), block, A_BATCH)


def _batches(made: Iterator[tuple[int, Made]], until: int) -> Iterator[Commit]:
    batch: Files = {}
    revisions: Files = {}
    for number in range(until):
        post = next(made)[1]
        batch |= _all(post)
        revisions |= _all(post.revision) if post.revision else {}
        if number % A_BATCH == A_BATCH - 1 or number == until - 1:
            day = moment(number).date()
            yield Commit("main", "zz-a", _evening(number), "batch", batch | content.figures(day))
            batch, revisions = revisions, {}


def _merges(made: Iterator[tuple[int, Made]], until: int) -> Iterator[Commit]:
    day: list[tuple[int, Made]] = []
    revised = _revised_until(until + SINGLE)
    for number in range(until):
        day.append((number, next(made)[1]))
        yield from _merged(f"post/{post_id(number)}", moment(number), day[-1][1])
        if moment(number).date() == moment(number + 1).date() and number != until - 1:
            continue
        published = chain.from_iterable(post.publication.items() for _, post in day)
        files = dict(published) | content.records_of_day(day)
        if _evening(number).weekday() == SUNDAY:
            files |= content.figures(moment(number).date())
        yield Commit("main", "gly-a", _evening(number), "evening", files)
        for old, post in day:
            if post.revision and old < revised:
                branch, when = f"post/{post_id(old)}-r2", moment(old) + timedelta(1)
                yield from _merged(branch, when, post.revision)
        day = []


def _merged(branch: str, when: datetime, post: Made) -> Iterator[Commit]:
    """The writer's commit, one a signature, and the merge."""
    yield Commit(branch, "zz-a", when - timedelta(hours=1), "draft", post.draft)
    for step, files in zip(Step, post.steps, strict=True):
        yield Commit(branch, SIGNER[step], content.signed_at(when, step), step.value, files)
    # fast-import starts a merge from its first parent's files, so the branch's are named again.
    files = dict(chain.from_iterable(f.items() for f in (post.draft, *post.steps)))
    yield Commit("main", "gly-a", when - timedelta(minutes=5), "merge", files, branch)


def _all(post: Made) -> Files:
    parts = (post.draft, *post.steps, post.publication)
    return dict(chain.from_iterable(part.items() for part in parts))
