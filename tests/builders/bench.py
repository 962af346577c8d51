"""One post with its evidence as values, to judge the chain without git."""

from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from pipeline.evidence.review.chain import approvals
from pipeline.judge.archive_at import assemble
from pipeline.judge.load_governance import Trusted, trust
from pipeline.model.archive import OnMain
from pipeline.model.calendar import Clock
from pipeline.model.evidence import Approvals, SignedFile
from pipeline.model.policy import Parameter, Policy
from pipeline.model.posts import Post
from pipeline.source.content.records import reviews_by_post, signed_files
from pipeline.source.git.history import handlers
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF


class Bench(NamedTuple):
    """One approved post with its evidence, as values."""

    trusted: Trusted
    post: Post
    files: tuple[SignedFile, ...]

    def judge(self, files: Any = None, post: Post | None = None, **registers: Any) -> Approvals:
        known = replace(self.trusted.registers, **registers)
        schema = self.trusted.statements["review"]
        given = self.files if files is None else files
        return approvals(post or self.post, given, known, Clock(AS_OF), schema)


def bench_of(repo: ArchiveRepo) -> Bench:
    opened = repo.open()
    tree = opened.tree(opened.commit("HEAD"))
    trusted = trust(tree)
    archive = assemble(trusted, tree, OnMain(), Clock(AS_OF), handlers(opened, "HEAD"))
    files = signed_files(tree, reviews_by_post(tree)[POST])
    return Bench(trusted, archive.posts[POST], files)


def first_may_prepare(bench: Bench, *settings: tuple[bool, str]) -> Policy:
    """The policy with these values of the parameter, each from its day on (ISO 8601)."""
    policy, name = bench.trusted.registers.policy, "review.first_may_prepare"
    stated = tuple(
        Parameter(name, value, "", "[S]", date.fromisoformat(day)) for value, day in settings
    )
    return replace(policy, parameters={**policy.parameters, name: stated})
