"""Whatever a test has judged in its own process, counted once more by the second counter."""

from collections.abc import Iterable
from typing import Any

import pytest

from pipeline.evidence.review.chain import approvals
from pipeline.judge import archive_at
from pipeline.model.calendar import Clock
from pipeline.model.evidence import Approvals, SignedFile
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from tests.oracles.counter import differs


def watched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count once more whatever is judged in this process; the posts that are counted otherwise."""
    miscounted: list[str] = []

    def counted(
        post: Post, files: Iterable[SignedFile], registers: Registers, clock: Clock, schema: Any
    ) -> Approvals:
        stored = tuple(files)
        first = approvals(post, stored, registers, clock, schema)
        if differs(first, post, stored, registers, clock):
            miscounted.append(post.id)
        return first

    monkeypatch.setattr(archive_at, "approvals", counted)
    return miscounted
