"""The second counter: the same answer as the first on everything, found by other means (A30)."""

import ast
import inspect
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence.review.statements import digest
from pipeline.model.calendar import Clock
from pipeline.model.evidence import Approvals, Approved, Missing, SignedFile, Step
from pipeline.model.posts import Handler
from pipeline.model.registers import Delegation
from tests.builders.archive import ArchiveRepo
from tests.builders.bench import Bench, bench_of, first_may_prepare
from tests.builders.cast import AS_OF, SIGNERS, at, email, sign_as
from tests.oracles import counter

KEYS = ("xxy-a", "kz-a", "ld-a", "kz-a")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    repo = ArchiveRepo.begin(tmp_path_factory.mktemp("counter") / "archive")
    repo.draft()
    repo.commit("起草")
    repo.approve_all()
    repo.commit("审核", "gly-a")
    return bench_of(repo)


def resigned(
    bench: Bench, changes: dict[int, dict[str, Any]], keys: dict[int, str] | None = None
) -> tuple[SignedFile, ...]:
    """The four records with predicates changed by number, signed and chained anew."""
    made: list[SignedFile] = []
    previous = None
    for number, signed in enumerate(bench.files):
        assert signed.statement is not None
        value = json.loads(signed.statement)
        value["predicate"] |= {"previous": previous}
        value["predicate"] |= {k: v for k, v in changes.get(number, {}).items() if k != "subject"}
        value["subject"] = changes.get(number, {}).get("subject", value["subject"])
        raw = (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()
        signature = sign_as((keys or {}).get(number, KEYS[number]), raw)
        previous = digest(raw, signature)
        made.append(replace(signed, statement=raw, signature=signature))
    return tuple(made)


def first_count(found: Approvals) -> int:
    """Steps that the first counter counts, from the first without a gap."""
    states = list(found.states.values())
    return next((n for n, s in enumerate(states) if not isinstance(s, Approved)), 4)


def disagree(bench: Bench, found: Approvals, files: Any) -> bool:
    return counter.differs(found, bench.post, files, bench.trusted.registers, Clock(AS_OF))


def second(bench: Bench, files: Any, post: Any = None, **registers: Any) -> int:
    known = replace(bench.trusted.registers, **registers)
    return counter.count(post or bench.post, files, known, Clock(AS_OF))


def test_it_stands_on_nothing_of_the_first() -> None:
    tree = ast.parse(inspect.getsource(counter))
    modules = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {m for m in modules if m and m.startswith("pipeline.") and ".model." not in m} == {
        "pipeline.evidence.ssh.keys",
        "pipeline.evidence.ssh.sshsig",
    }


ALTERED: list[dict[str, Any]] = [
    {"archive": "another"}, {"post": "2026-11-05-other"}, {"revision": 2}, {"step": "first"},
    {"step": "final"}, {"decision": "return"}, {"accounts": ["wb"]}, {"accounts": ["wx", "wb"]},
    {"content": "0" * 64}, {"previous": None}, {"previous": "0" * 64}, {"subject": []},
    {"reviewer": "xxy-b"}, {"reviewer": "ld-b"}, {"reviewer": "wb-a"}, {"reviewer": "zz-a"},
    {"role": "principal"}, {"role": "section-head"}, {"role": "information-officer"},
    {"acting_for": "ld-a"}, {"acting_for": "ld-b"}, {"acting_for": "nobody"},
    {"signed_at": "2026-11-04T10:10:00+08:00"}, {"signed_at": "2026-11-04T09:00:00+08:00"},
    {"signed_at": "2026-11-04T23:00:00+08:00"},
    {"signed_at": "2026-11-05T18:10:00+08:00"}, {"signed_at": "2026-11-05T18:10:01+08:00"},
    {"signed_at": "9999-12-31T23:59:59-12:00"}, {"signed_at": "0001-01-01T00:00:00+14:00"},
    {"signed_at": "2027-01-01T00:00:00+08:00"}, {"not_after": "2026-11-04T10:00:00+08:00"},
    {"not_after": "2026-11-04T12:10:00+08:00"}, {"roster": {"serial": 0, "digest": "0" * 64}},
    {"roster": {"serial": 1, "digest": "0" * 64}}, {"roster": {"serial": 2, "digest": "0" * 64}},
    {"opinion": "another"}, {"regulation": "0" * 64},
    {"correction": ""}, {"correction": "0" * 64}, {"correction": "1" * 64}, {"correction": None},
]  # fmt: skip


@pytest.mark.parametrize("changes", ALTERED, ids=str)
def test_both_say_the_same_of_every_altered_statement(
    bench: Bench, changes: dict[str, Any]
) -> None:
    for number in range(4):
        files = resigned(bench, {number: changes})
        found = bench.judge(files)
        assert first_count(found) == second(bench, files), (number, changes)
        assert not disagree(bench, found, files)


MANDATE = Delegation(
    "ld-a", "xxy-b", "leader-in-charge", at("2026-11-04 00:00"), at("2026-11-04 12:10"), "文"
)


@given(
    st.dictionaries(st.integers(0, 3), st.sampled_from(ALTERED), max_size=2),
    st.dictionaries(st.integers(0, 3), st.sampled_from(SIGNERS), max_size=2),
    st.sets(st.integers(0, 3), max_size=1),
    st.sampled_from(["", *SIGNERS, "zz-b"]),
    st.booleans(),
    st.sampled_from(["", "0" * 64]),
)
def test_both_say_the_same_of_any_mixture(
    bench: Bench,
    changes: dict[int, dict[str, Any]],
    keys: dict[int, str],
    gone: set[int],
    maker: str,
    mandated: bool,
    told: str,
) -> None:
    files = [f for n, f in enumerate(resigned(bench, changes, keys)) if n not in gone]
    handlers = (Handler(email(maker), "author", "c" * 40),) if maker else ()
    post = replace(bench.post, handlers=(*bench.post.handlers, *handlers), correction=told)
    roster = replace(bench.trusted.registers.roster, delegations=(MANDATE,) * mandated)
    found = bench.judge(files, post, roster=roster)
    assert first_count(found) == second(bench, files, post, roster=roster)


@pytest.mark.parametrize(
    ("said", "stands", "wanted"),
    [
        ("", "", 4),
        ("0" * 64, "0" * 64, 4),
        ("", "0" * 64, 1),
        ("0" * 64, "", 1),
        ("1" * 64, "0" * 64, 1),
    ],
)  # fmt: skip
def test_both_hold_a_step_to_the_record_of_the_correction_that_it_names(
    bench: Bench, said: str, stands: str, wanted: int
) -> None:
    """The other steps are of before the field, and say nothing of it."""
    post = replace(bench.post, correction=stands)
    files = resigned(bench, {1: {"correction": said}})
    assert second(bench, files, post) == wanted
    assert first_count(bench.judge(files, post)) == wanted


def test_a_mandate_lets_a_deputy_count(bench: Bench) -> None:
    acting = {"reviewer": "xxy-b", "acting_for": "ld-a"}
    files = resigned(bench, {2: acting}, {2: "xxy-b"})
    roster = replace(bench.trusted.registers.roster, delegations=(MANDATE,))
    assert second(bench, files) == 2
    assert second(bench, files, roster=roster) == 4
    assert bench.judge(files, roster=roster).complete


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, 4),
        ({"start": at("2026-11-04 12:10")}, 4),
        ({"start": at("2026-11-04 12:11")}, 2),
        ({"end": at("2026-11-04 12:09")}, 2),
        ({"delegator": "ld-b"}, 2),
        ({"delegate": "xxy-c"}, 2),
        ({"role": "principal"}, 2),
    ],
    ids=str,
)
def test_both_read_a_mandate_alike(bench: Bench, changes: dict[str, Any], wanted: int) -> None:
    files = resigned(bench, {2: {"reviewer": "xxy-b", "acting_for": "ld-a"}}, {2: "xxy-b"})
    given_ = (replace(MANDATE, **changes),)
    roster = replace(bench.trusted.registers.roster, delegations=given_)
    assert second(bench, files, roster=roster) == wanted
    assert first_count(bench.judge(files, roster=roster)) == wanted


@given(st.permutations(range(4)))
def test_the_order_of_the_files_does_not_matter(bench: Bench, order: list[int]) -> None:
    assert second(bench, [bench.files[n] for n in order]) == 4


@given(st.sets(st.integers(0, 3)), st.sampled_from(ALTERED), st.integers(0, 3))
def test_taking_evidence_away_never_helps(
    bench: Bench, gone: set[int], changes: dict[str, Any], number: int
) -> None:
    files = resigned(bench, {number: changes})
    less = [f for n, f in enumerate(files) if n not in gone]
    assert second(bench, less) <= second(bench, files)


@given(st.integers(0, 3), st.integers(0, 3))
def test_records_count_up_one_by_one(bench: Bench, one: int, other: int) -> None:
    low, high = sorted((one, other))
    assert second(bench, bench.files[:low]) <= second(bench, bench.files[:high])
    assert second(bench, bench.files[:high]) == high


@pytest.mark.parametrize("who", ["xxy-a", "kz-a", "ld-a"])
def test_who_made_the_post_is_not_counted(bench: Bench, who: str) -> None:
    wanted = {"xxy-a": 0, "kz-a": 1, "ld-a": 2}[who]
    policy = first_may_prepare(bench, (False, "2023-03-21"))
    for post in (
        replace(bench.post, meta={**bench.post.meta, "author": who}),
        replace(bench.post, meta={**bench.post.meta, "co_authors": [who]}),
        replace(bench.post, handlers=(Handler(email(who).upper(), "committer", "c" * 40),)),
    ):
        assert second(bench, bench.files, post, policy=policy) == wanted


@pytest.mark.parametrize(
    ("settings", "wanted"),
    [
        ((), 4),
        (((True, "2023-03-21"),), 4),
        (((False, "2023-03-21"),), 0),
        (((True, "2023-03-21"), (False, "2026-11-04")), 0),
        (((False, "2023-03-21"), (True, "2026-11-04")), 4),
        (((True, "2023-03-21"), (False, "2026-11-05")), 4),
        (((False, "2026-11-05"),), 0),
    ],
)
def test_both_let_the_first_reviewer_prepare_by_the_policy_of_the_day_of_signing(
    bench: Bench, settings: tuple[tuple[bool, str], ...], wanted: int
) -> None:
    policy = first_may_prepare(bench, *settings)
    post = replace(bench.post, meta={**bench.post.meta, "author": "xxy-a"})
    assert second(bench, bench.files, post, policy=policy) == wanted
    assert first_count(bench.judge(post=post, policy=policy)) == wanted


@pytest.mark.parametrize(("person", "wanted"), [("xxy-a", 0), ("kz-a", 1), ("ld-a", 2)])
def test_keys_end_and_are_void(bench: Bench, person: str, wanted: int) -> None:
    roster = bench.trusted.registers.roster

    def counted(**changes: Any) -> int:
        keys = tuple(replace(k, **changes) if k.person == person else k for k in roster.keys)
        found = bench.judge(roster=replace(roster, keys=keys))
        number = second(bench, bench.files, roster=replace(roster, keys=keys))
        assert first_count(found) == number
        return number

    early, late = at("2026-11-04 10:00"), at("2026-11-04 23:00")
    assert counted(valid_until=early) == wanted
    assert counted(revoked_at=early, revocation="retired") == wanted
    assert counted(revoked_at=late, revocation="retired") == 4
    assert counted(valid_from=late) == wanted
    assert counted(revoked_at=late, revocation="compromised") == wanted
    prior = frozenset(digest(f.statement or b"", f.signature or b"") for f in bench.files)
    assert counted(revoked_at=late, revocation="compromised", prior_records=prior) == 4


def test_time_has_a_tolerance(bench: Bench) -> None:
    last = bench.judge().states[Step.CONFIRM]
    assert isinstance(last, Approved)
    for minutes, counts in ((10, 4), (11, 3)):
        now = last.review.signed_at - timedelta(minutes=minutes)
        assert counter.count(bench.post, bench.files, bench.trusted.registers, Clock(now)) == counts
    parameters = {
        k: v
        for k, v in bench.trusted.registers.policy.parameters.items()
        if k != "time.tolerance_minutes"
    }
    policy = replace(bench.trusted.registers.policy, parameters=parameters)
    now = last.review.signed_at - timedelta(seconds=1)
    known = replace(bench.trusted.registers, policy=policy)
    assert counter.count(bench.post, bench.files, known, Clock(now)) == 3


@pytest.mark.parametrize(
    "value",
    [
        [], "x", None, {"predicateType": "urn:sanshen:review/v1"},
        {"predicateType": "urn:sanshen:review/v1", "predicate": {}, "subject": [1]},
        {"predicateType": "urn:sanshen:review/v1", "predicate": {}, "subject": [{"name": "a"}]},
        {"predicateType": "urn:sanshen:review/v1", "predicate": {"reviewer": ["a"]}, "subject": []},
        {"predicateType": "urn:sanshen:review/v1", "predicate": {"reviewer": "xxy-a"},
         "subject": []},
    ],
    ids=str,
)  # fmt: skip
def test_other_shapes_count_nothing_and_break_nothing(bench: Bench, value: Any) -> None:
    raw = json.dumps(value).encode()
    odd = replace(bench.files[0], statement=raw, signature=sign_as("xxy-a", raw))
    assert second(bench, [odd, *bench.files[1:]]) == 0


def test_a_name_twice_counts_nothing(bench: Bench) -> None:
    assert bench.files[0].statement is not None
    rows = json.loads(bench.files[0].statement)["subject"]
    assert second(bench, resigned(bench, {0: {"subject": rows + rows[:1]}})) == 0


def test_the_second_contradicts_what_the_first_lets_pass(bench: Bench) -> None:
    """A first counter that counts too much, and one that finds nothing without a reason."""
    found = bench.judge()
    short = bench.files[:3]
    assert disagree(bench, found, short)
    blind = replace(found, states={s: Missing(s) for s in Step})
    assert disagree(bench, blind, bench.files)
    assert not disagree(bench, bench.judge(short), short)


def test_a_return_and_the_revision_that_answers_it(bench: Bench) -> None:
    old = resigned(bench, {1: {"decision": "return"}})[:2]
    assert second(bench, old) == 1
    post = replace(bench.post, meta={**bench.post.meta, "revision": 2})
    last = digest(old[1].statement or b"", old[1].signature or b"")
    moved = resigned(bench, {n: {"revision": 2} for n in range(4)} | {
        0: {"revision": 2, "previous": last}
    })  # fmt: skip
    new = tuple(replace(f, path=f.path.replace("/r1/", "/r2/")) for f in moved)
    found = bench.judge([*old, *new], post)
    assert first_count(found) == second(bench, [*old, *new], post) == 4
    assert second(bench, [old[0], *new], post) == 0
    assert second(bench, new, post) == 0
