"""Returns, earlier revisions and claimed times in a chain of reviews."""

import json
from dataclasses import replace

import pytest

from pipeline.evidence.review.statements import digest
from pipeline.model.calendar import Clock
from pipeline.model.evidence import Rejected, Returned, Step
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.bench import bench_of
from tests.builders.cast import AS_OF
from tests.oracles import counter


@pytest.fixture
def repo(archive: ArchiveRepo) -> ArchiveRepo:
    archive.draft()
    archive.commit("起草")
    return archive


def test_earlier_decisions_are_kept_and_the_next_revision_opens_with_the_last(
    repo: ArchiveRepo,
) -> None:
    repo.review(POST, "first")
    path = repo.review(POST, "second", decision="return", opinion="改")
    repo.draft(revision=2)
    repo.commit("改稿")
    for step in Step:
        repo.review(POST, step.value)
    repo.commit("再审", "gly-a")
    bench = bench_of(repo)
    found = bench.judge()
    assert found.complete
    assert [(r.revision, r.decision) for r in found.earlier] == [(1, "approve"), (1, "return")]
    assert found.opening == digest(repo.read(path), repo.read(f"{path}.sig"))
    without = [f for f in bench.files if f.path != path]
    assert not bench.judge(without).complete


def test_a_return_is_returned(repo: ArchiveRepo) -> None:
    repo.review(POST, "first", decision="return", opinion="重写")
    repo.commit("退回", "gly-a")
    found = bench_of(repo).judge()
    state = found.states[Step.FIRST]
    assert isinstance(state, Returned)
    assert state.review.opinion == "重写"
    assert not found.complete


def test_a_return_by_somebody_without_the_role_is_none(repo: ArchiveRepo) -> None:
    """Or anybody with a key could stop every post."""
    repo.review(POST, "first", "gly-a", decision="return", opinion="重写")
    repo.commit("退回", "gly-a")
    assert isinstance(bench_of(repo).judge().states[Step.FIRST], Rejected)


NAMES = {
    "nothing": "r0", "a zero before": "r01", "Arabic one": "r١", "Arabic zero": "r٠",
    "signed": "r-1", "too long": "r10000", "without end": "r" + "9" * 5000, "no number": "r",
}  # fmt: skip


def test_a_revision_has_one_name(approved: ArchiveRepo) -> None:
    """A record under another one is astray: it neither stands in for one nor opens a revision."""
    bench = bench_of(approved)
    known = bench.trusted.registers
    assert bench.judge().complete
    for what, name in NAMES.items():
        astray = replace(bench.files[0], path=bench.files[0].path.replace("/r1/", f"/{name}/"))
        files = (*bench.files, astray)
        found = bench.judge(files)
        assert not found.complete, what
        assert [s.name for s in found.stray] == ["review-revision-unknown"], what
        assert counter.count(bench.post, files, known, Clock(AS_OF)) == len(Step), what
        assert not counter.differs(found, bench.post, files, known, Clock(AS_OF)), what


def test_a_file_that_is_no_step_is_astray(approved: ArchiveRepo) -> None:
    bench = bench_of(approved)
    for name in ("0-first.json", "1-first.json.bak", "5-other.json", "1-First.json"):
        place = bench.files[0].path.replace("1-first.json", name)
        found = bench.judge((*bench.files, replace(bench.files[0], path=place)))
        assert not found.complete, name
        assert [s.location.path for s in found.stray] == [place]


def test_times_are_compared_as_moments(repo: ArchiveRepo) -> None:
    """The same moment in another offset is the same time."""
    for step in Step:
        repo.review(POST, step.value)
    path = repo.place(POST, "confirm")
    value = json.loads(repo.read(path))
    signed = value["predicate"]["signed_at"]
    assert signed.endswith("+08:00")
    value["predicate"]["signed_at"] = signed.replace("T13:", "T05:").replace("+08:00", "+00:00")
    repo.sign(path, (json.dumps(value, ensure_ascii=False) + "\n").encode(), "kz-a")
    repo.commit("审核", "gly-a")
    assert bench_of(repo).judge().complete
