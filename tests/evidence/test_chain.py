"""Approvals: complete only for exactly these bytes, records and people; never by accident."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence.review.chain import approvals
from pipeline.evidence.review.conditions import makers
from pipeline.evidence.review.statements import digest
from pipeline.model.calendar import Clock
from pipeline.model.evidence import (
    Approved,
    Missing,
    Rejected,
    SignedFile,
    Step,
)
from pipeline.model.posts import Handler
from tests.builders.archive import ArchiveRepo
from tests.builders.bench import Bench, bench_of, first_may_prepare
from tests.builders.cast import email


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    repo = ArchiveRepo.begin(tmp_path_factory.mktemp("chain") / "archive")
    repo.draft()
    repo.commit("起草")
    repo.approve_all()
    repo.commit("审核", "gly-a")
    return bench_of(repo)


def test_it_is_complete(bench: Bench) -> None:
    found = bench.judge()
    assert found.complete
    assert [s.review.reviewer for s in found.states.values() if isinstance(s, Approved)] == [
        "xxy-a",
        "kz-a",
        "ld-a",
        "kz-a",
    ]
    assert found.earlier == ()
    assert found.opening is None


def test_each_review_names_the_one_before(bench: Bench) -> None:
    states = list(bench.judge().states.values())
    for before, after in zip(states, states[1:], strict=False):
        assert isinstance(before, Approved)
        assert isinstance(after, Approved)
        assert after.review.previous == before.review.digest
    first = bench.files[0]
    assert isinstance(states[0], Approved)
    assert first.statement is not None
    assert first.signature is not None
    assert states[0].review.digest == digest(first.statement, first.signature)


@given(st.sets(st.integers(0, 3), min_size=1))
def test_without_any_of_the_four_it_is_not_complete(bench: Bench, gone: set[int]) -> None:
    found = bench.judge([f for n, f in enumerate(bench.files) if n not in gone])
    assert not found.complete
    for number, step in enumerate(Step):
        state = found.states[step]
        if number in gone:
            assert isinstance(state, Missing)
        elif number > min(gone):
            assert isinstance(state, Rejected)
        else:
            assert isinstance(state, Approved)


@given(st.permutations(range(4)))
def test_the_order_of_the_files_does_not_matter(bench: Bench, order: list[int]) -> None:
    assert bench.judge([bench.files[n] for n in order]) == bench.judge()


@given(st.integers(0, 3), st.booleans(), st.data())
def test_one_changed_byte_is_never_complete(
    bench: Bench, number: int, in_statement: bool, data: st.DataObject
) -> None:
    signed = bench.files[number]
    raw = signed.statement if in_statement else signed.signature
    assert raw is not None
    at = data.draw(st.integers(0, len(raw) - 1))
    changed = raw[:at] + bytes([raw[at] ^ data.draw(st.integers(1, 255))]) + raw[at + 1 :]
    spoiled = (
        replace(signed, statement=changed) if in_statement else replace(signed, signature=changed)
    )
    files = [spoiled if n == number else f for n, f in enumerate(bench.files)]
    found = bench.judge(files)
    assert not found.complete
    assert isinstance(found.states[list(Step)[number]], Rejected)


@given(st.permutations(range(4)))
def test_records_under_each_others_names_are_not_complete(bench: Bench, order: list[int]) -> None:
    moved = [
        replace(f, statement=bench.files[n].statement, signature=bench.files[n].signature)
        for f, n in zip(bench.files, order, strict=True)
    ]
    assert bench.judge(moved).complete is (order == [0, 1, 2, 3])


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_no_bytes_make_it_raise(bench: Bench, statement: bytes, signature: bytes) -> None:
    files = [SignedFile(bench.files[0].path, statement, signature), *bench.files[1:]]
    assert not bench.judge(files).complete


@given(st.sampled_from(["statement", "signature", "both"]), st.integers(0, 3))
def test_half_a_record_is_none(bench: Bench, part: str, number: int) -> None:
    gone: dict[str, Any] = dict.fromkeys(("statement", "signature") if part == "both" else (part,))
    files = [replace(f, **gone) if n == number else f for n, f in enumerate(bench.files)]
    found = bench.judge(files)
    assert isinstance(found.states[list(Step)[number]], Missing)


PATHS = st.sampled_from(["post.md", "more.txt"])


@given(PATHS, st.sampled_from(["0" * 64, ""]))
def test_another_manifest_is_never_complete(bench: Bench, name: str, sha: str) -> None:
    manifest = {**bench.post.manifest, f"{bench.post.folder}/{name}": sha}
    found = bench.judge(post=replace(bench.post, manifest=manifest))
    assert not any(isinstance(s, Approved) for s in found.states.values())
    first = found.states[Step.FIRST]
    assert isinstance(first, Rejected)  # and names the file that was changed, added or taken away
    path = f"{bench.post.folder}/{name}"
    assert first.name.startswith("file-changed-since")
    assert dict(first.reason.values) == {"path": path}


@given(st.sampled_from(["accounts", "revision"]), st.integers(2, 9))
def test_another_account_or_revision_is_never_complete(bench: Bench, key: str, number: int) -> None:
    value: object = ("wx", "wb") if key == "accounts" else number
    changed = replace(bench.post, meta={**bench.post.meta, key: value})
    assert not bench.judge(post=changed).complete


@pytest.mark.parametrize("who", ["xxy-a", "kz-a", "ld-a"])
@pytest.mark.parametrize("part", ["author", "committer", "co-author"])
def test_a_maker_is_no_reviewer(bench: Bench, who: str, part: str) -> None:
    handlers = (*bench.post.handlers, Handler(email(who), part, "c" * 40))
    policy = first_may_prepare(bench, (False, "2023-03-21"))
    found = bench.judge(post=replace(bench.post, handlers=handlers), policy=policy)
    assert not found.complete
    rejected = [s for s in found.states.values() if isinstance(s, Rejected)]
    assert (rejected[0].name, dict(rejected[0].reason.values)["person"]) == (
        "reviewer-made-post",
        who,
    )


def test_makers_are_declared_and_found(bench: Bench) -> None:
    post = replace(bench.post, meta={**bench.post.meta, "co_authors": ["zz-b"]})
    assert makers(post, bench.trusted.registers) == {"zz-a", "zz-b"}


def test_a_handler_who_is_nobody_is_astray(bench: Bench) -> None:
    for part, neutral in (("author", False), ("committer", True), ("co-author", False)):
        handler = Handler("noreply@github.com", part, "c" * 40)
        found = bench.judge(post=replace(bench.post, handlers=(handler,)))
        assert found.complete is neutral
        assert len(found.stray) == (not neutral)


def test_files_of_no_step_or_revision_are_astray(bench: Bench) -> None:
    folder = bench.files[0].path.rsplit("/", 2)[0]
    for place in ("r2/1-first.json", "r9/4-confirm.json", "r0/1-first.json", "x/1-first.json"):
        extra = replace(bench.files[0], path=f"{folder}/{place}")
        found = bench.judge([*bench.files, extra])
        assert not found.complete, place
        assert [s.location.path for s in found.stray] == [extra.path]


def test_a_roster_without_the_key(bench: Bench) -> None:
    roster = bench.trusted.registers.roster
    for owner, step in (("xxy-a", Step.FIRST), ("kz-a", Step.SECOND), ("ld-a", Step.FINAL)):
        keys = tuple(k for k in roster.keys if k.person != owner)
        found = bench.judge(roster=replace(roster, keys=keys))
        state = found.states[step]
        assert isinstance(state, Rejected)
        assert state.name == "key-unregistered"


def test_without_people_nobody_counts(bench: Bench) -> None:
    assert not any(isinstance(s, Approved) for s in bench.judge(people={}).states.values())


@pytest.mark.parametrize(("minutes", "counts"), [(10, True), (11, False)])
def test_the_tolerance_for_clocks(bench: Bench, minutes: int, counts: bool) -> None:
    last = bench.judge().states[Step.CONFIRM]
    assert isinstance(last, Approved)
    now = last.review.signed_at - timedelta(minutes=minutes)
    schema = bench.trusted.statements["review"]
    found = approvals(bench.post, bench.files, bench.trusted.registers, Clock(now), schema)
    assert found.complete is counts
