"""``python -m tests.worst``: what input made to cost takes, of detectors, of all channels, and of
all clauses that read a body of the largest size allowed.

Tests count the steps of Python; what a pattern does within one step shows only by the clock. Ends
with 1 when something takes longer than `LIMIT`.
"""

import sys
import time
from collections.abc import Callable, Iterator

import pipeline.program  # noqa: F401 - puts the program together
from benchmarks.measure import table
from pipeline.model.archive import Archive
from pipeline.model.channels import render_channel
from pipeline.model.law import ItemClause
from pipeline.model.part import program
from pipeline.model.posts import Post
from pipeline.rules import a10_quality, a13_content_safety, a15_confirmation, a16_conduct
from pipeline.source.content.text import TEXT_LIMIT
from tests.detect.test_hostile_texts import BEGUN, DETECTORS, REPEATED
from tests.render.conftest import make_post, make_registers
from tests.render.test_bounded_work import BODIES
from tests.rules.builders import archive, post

CLAUSES = tuple(
    clause
    for module in (a10_quality, a13_content_safety, a15_confirmation, a16_conduct)
    for clause in module.RULE.clauses
    if isinstance(clause, ItemClause) and not clause.needs and not clause.declared
)
CHANNELS = tuple(program().channels)
LIMIT = 3.0
"""Processor seconds."""
SIGNS = 50_000
"""Characters of a text."""
SIZE = 100_000
"""Characters of a body."""


def _spent(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def texts() -> Iterator[str]:
    """Texts that a pattern may go back and forth in."""
    for part in REPEATED:
        yield (part * SIGNS)[:SIGNS] + "甲"
    for begun, part in BEGUN:
        yield begun + (part * SIGNS)[:SIGNS] + "甲"


def rows() -> Iterator[tuple[str, float]]:
    """(name, seconds of the worst of its texts or of its body)."""
    for number, detect in enumerate(DETECTORS):
        spent = max(_spent(lambda text=text, run=detect: run(text)) for text in texts())  # type: ignore[misc]
        yield f"detector {number}", spent
    registers = make_registers()
    for name, body in BODIES.items():
        repeated = SIZE // max(1, len(body(101)) - len(body(100)))
        post = make_post(body(repeated), ["a.png"])
        yield (
            f"body `{name}`",
            _spent(lambda p=post: [render_channel(c, p, registers).html for c in CHANNELS]),  # type: ignore[misc]
        )


def judged() -> Iterator[tuple[str, float]]:
    """(name, seconds of all clauses on a post) of bodies as long as a file may be."""
    made = {**BODIES, "quotes": lambda n: "“‘（《" * n, "cells": lambda n: ("|a" * 200 + "\n") * n}
    for name, body in made.items():
        grown = len(body(101).encode()) - len(body(100).encode())
        subject = post(body=body(TEXT_LIMIT // max(1, grown)))
        look = archive(subject)

        def judge(subject: Post = subject, look: Archive = look) -> None:
            for clause in CLAUSES:
                if clause.applies(subject, look):
                    list(clause.check(subject, look))

        yield f"clauses on `{name}`", _spent(judge)


def main() -> None:
    """Print the table."""
    found = sorted((*rows(), *judged()), key=lambda row: -row[1])
    print(table("input | CPU s", [(name.replace("|", "/"), f"{s:.2f}") for name, s in found]))
    sys.exit(int(found[0][1] > LIMIT))


if __name__ == "__main__":
    main()
