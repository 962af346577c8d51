"""What judging costs inside a process.

Processor time of every clause on the posts of a corpus, after they and their signatures were read,
and of their renditions.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from benchmarks.lab import Lab
from benchmarks.measure import table
from pipeline.judge.judgements import standing
from pipeline.law.engine import judge_post
from pipeline.model.archive import Archive
from pipeline.model.law import ItemClause, Rulebook
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.render.channels import render_channels
from pipeline.source.git.repository import Repository

SAMPLE, DEAREST = 200, 15
"""Posts that are judged, and clauses that are listed."""


def load(lab: Lab) -> tuple[Archive, Rulebook]:
    """All that stands in a corpus, with the regulation in force from before its first post."""
    repository = Repository.open(lab.corpus.folder)
    archive, trusted = standing(repository, repository.commit("HEAD"), _as_of)
    policy, name = archive.registers.policy, "regulation.in_force_from"
    # Posts older than the regulation are held to one clause; here every post meets all of them.
    always = tuple(replace(s, value="2000-01-01") for s in policy.parameters[name])
    policy = replace(policy, parameters={**policy.parameters, name: always})
    return replace(archive, registers=replace(archive.registers, policy=policy)), trusted.rulebook


def _as_of(registers: Registers) -> datetime:
    return datetime.fromisoformat(str(registers.policy.archive["as_of"]))


def dearest(archive: Archive, rulebook: Rulebook) -> list[tuple[str, str, str]]:
    """(clause, check, µs a post), dearest first.

    Clauses are run in the order of the law, so that what several share is charged to the first.
    """
    clauses, posts = rulebook.of_shape(ItemClause), _sample(archive)
    spent = [0.0] * len(clauses)
    for post in posts:
        for index, (_, clause) in enumerate(clauses):
            began = time.thread_time()
            if clause.applies(post, archive):
                tuple(clause.check(post, archive))
            spent[index] += time.thread_time() - began
    ranked = sorted(zip(spent, clauses, strict=True), key=lambda pair: -pair[0])
    return [
        (name, clause.check.__name__, f"{seconds / len(posts) * 1e6:.0f}")
        for seconds, (name, clause) in ranked[:DEAREST]
    ]


def _sample(archive: Archive) -> Sequence[Post]:
    return [archive.posts[name] for name in sorted(archive.posts)[:SAMPLE]]


def a_post(archive: Archive, work: Callable[[Post], object]) -> float:
    """Milliseconds of processor time a post; what is made or read once is there beforehand."""
    posts = _sample(archive)
    for post in posts:
        work(post)
    began = time.process_time()
    for post in posts:
        work(post)
    return (time.process_time() - began) / len(posts) * 1000


def section(posts: int) -> Iterator[str]:
    """A heading, what a post costs, and the dearest clauses."""
    archive, rulebook = load(Lab.of(posts, lean=True))
    judging = a_post(archive, lambda post: judge_post(post, archive, rulebook))
    rendering = a_post(archive, lambda post: render_channels(post, archive.registers))
    yield "## Inside a process\n"
    yield (
        f"Processor time a post, when posts and signatures were read: all clauses {judging:.2f} "
        f"ms; the renditions of its channels with their checks {rendering:.2f} ms.\n"
    )
    yield table("clause | check | µs a post", dearest(archive, rulebook)) + "\n"
