"""What judging costs: every clause on every post of a laid-out corpus, beside the Ed25519 floor.

``python -m benchmarks.clauses [--posts N]`` prints what each clause takes, what all of them take a
post, and the wall time of two processes for N posts as a ratio to that of verifying the four
signatures of each post, and nothing else, on the same two cores in the same run.
"""

import argparse
import statistics
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from benchmarks.corpus import Corpus, make
from pipeline.engine import judge_post
from pipeline.flow.judge import standing
from pipeline.model.archive import Archive
from pipeline.model.law import ItemClause, Rulebook
from pipeline.model.registers import Registers
from pipeline.site.workers import spread
from pipeline.source.repository import Repository

PROCESSES, REVIEWS = 2, 4
"""Cores of the budget, and signatures of one post's reviews."""
SAMPLE = 200
"""Posts on which single clauses are timed."""


class Row(NamedTuple):
    """One clause's function: microseconds a post."""

    clause: str
    check: str
    cost: float


def load(corpus: Corpus) -> tuple[Archive, Rulebook]:
    """All that stands in a corpus, with the regulation in force from before its first post."""
    repository = Repository.open(corpus.folder)
    archive, trusted = standing(repository, repository.commit("HEAD"), _as_of)
    policy, name = archive.registers.policy, "regulation.in_force_from"
    # Posts older than the regulation are held to one clause; here every post meets all of them.
    always = tuple(replace(s, value="2000-01-01") for s in policy.parameters[name])
    policy = replace(policy, parameters={**policy.parameters, name: always})
    return replace(archive, registers=replace(archive.registers, policy=policy)), trusted.rulebook


def _as_of(registers: Registers) -> datetime:
    return datetime.fromisoformat(str(registers.policy.archive["as_of"]))


def table(archive: Archive, rulebook: Rulebook) -> list[Row]:
    """What each clause takes on the first posts, dearest first.

    Clauses are run in the order of the law, so that what several share is charged to the first.
    """
    clauses = rulebook.of_shape(ItemClause)
    posts = [archive.posts[i] for i in sorted(archive.posts)[:SAMPLE]]
    spent = [0.0] * len(clauses)
    for post in posts:
        for index, (_, clause) in enumerate(clauses):
            began = time.thread_time()
            if clause.applies(post, archive):
                tuple(clause.check(post, archive))
            spent[index] += time.thread_time() - began
    rows = [
        Row(clause_id, clause.check.__name__, seconds / len(posts) * 1e6)
        for (clause_id, clause), seconds in zip(clauses, spent, strict=True)
    ]
    return sorted(rows, key=lambda row: -row.cost)


def a_post(archive: Archive, rulebook: Rulebook) -> float:
    """Processor seconds of all clauses on one post, on average over the first posts."""
    posts = [archive.posts[i] for i in sorted(archive.posts)[: 5 * SAMPLE]]
    began = time.process_time()
    for post in posts:
        judge_post(post, archive, rulebook)
    return (time.process_time() - began) / len(posts)


def judged(archive: Archive, rulebook: Rulebook) -> float:
    """Wall seconds of two processes for all posts, their start included."""
    names = sorted(archive.posts)
    began = time.perf_counter()
    spread(names, lambda n: judge_post(archive.posts[n], archive, rulebook).decision, PROCESSES)
    return time.perf_counter() - began


def floor(posts: int) -> float:
    """Wall seconds of two processes that verify four signatures a post and do nothing else."""
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    signature, public = key.sign(b"x" * 200), key.public_key()

    def verify(_post: int) -> None:
        for _ in range(REVIEWS):
            public.verify(signature, b"x" * 200)

    began = time.perf_counter()
    spread(range(posts), verify, PROCESSES)
    return time.perf_counter() - began


def main() -> None:
    """Print the clauses, then one line for all posts."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--posts", type=int, default=1000)
    parser.add_argument("--clauses", type=int, default=15, help="lines of the table")
    asked = parser.parse_args()
    archive, rulebook = load(make(Path("build/bench") / f"corpus-{asked.posts}", asked.posts))
    a_post(archive, rulebook)  # automata and indexes are made once
    print(f"all clauses: {a_post(archive, rulebook) * 1000:.2f} ms of processor time a post\n")
    print("| clause | check | µs a post |\n|---|---|---|")
    for row in table(archive, rulebook)[: asked.clauses]:
        print(f"| {row.clause} | {row.check} | {row.cost:.0f} |")
    runs = [(judged(archive, rulebook), floor(len(archive.posts))) for _ in range(3)]
    wall, least = (statistics.median(column) for column in zip(*runs, strict=True))
    print(
        f"\n{len(archive.posts)} posts, all clauses, two processes: {wall:.2f} s, "
        f"{wall / least:.2f}× the Ed25519 floor of {REVIEWS * len(archive.posts)} signatures "
        f"({least:.2f} s)"
    )


if __name__ == "__main__":
    main()
