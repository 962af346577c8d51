"""``python -m tests.oracles.archive FOLDER``: every post of an archive by both counters (A30)."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pipeline.program  # noqa: F401 - puts the program together
from pipeline.judge.archive_at import assemble
from pipeline.judge.load_governance import trust
from pipeline.model.archive import OnMain
from pipeline.model.calendar import Clock
from pipeline.source.content.records import reviews_by_post, signed_files
from pipeline.source.git.history import handlers
from pipeline.source.git.repository import Repository
from tests.oracles.counter import count, differs


def counts(repository: Repository, now: datetime) -> Iterator[tuple[str, int, bool]]:
    """(post, steps that the second counter counts, whether the program's contradicts) at HEAD."""
    tree, clock = repository.tree(repository.commit("HEAD")), Clock(now)
    trusted, reviews = trust(tree), reviews_by_post(tree)
    archive = assemble(trusted, tree, OnMain(), clock, handlers(repository, "HEAD"))
    for post in archive.posts.values():
        files = signed_files(tree, reviews.get(post.id, ()))
        first = archive.approvals[post.id]
        counted = count(post, files, trusted.registers, clock)
        yield post.id, counted, differs(first, post, files, trusted.registers, clock)


if __name__ == "__main__":
    rows = [*counts(Repository.open(Path(sys.argv[1])), datetime.now(UTC))]
    sys.exit(", ".join(post for post, _, wrong in rows if wrong) or (None if rows else "no posts"))
