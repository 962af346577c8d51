"""A review on a forge counts as its reviewer's, in both counters, where everything is right."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipeline.evidence.roster import roster_problems
from pipeline.judge.load_governance import trust
from pipeline.model.calendar import Clock
from pipeline.model.evidence import Approved, Rejected, Step
from pipeline.model.policy import Parameter
from pipeline.model.registers import ForgeAccount, Registers, Tenure
from pipeline.rules.a11_reviews.roster import roster_follows
from pipeline.source.content.paths import MemoryTree
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.bench import Bench, bench_of
from tests.builders.cast import AS_OF, at, governance
from tests.builders.named import shows, worded
from tests.builders.verdicts import mark, passes
from tests.builders.witness import ACCOUNTS, BOT, FORGE, HOST, account, click, drafted, governed
from tests.oracles import counter
from tests.rules.changes import brought

FIRST = Step.FIRST


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    return drafted(tmp_path_factory.mktemp("witnessed") / "archive")


@pytest.fixture
def archive(begun: ArchiveRepo, tmp_path: Any) -> Iterator[ArchiveRepo]:
    yield begun.copy(tmp_path / "own")


def reviewed(archive: ArchiveRepo, **first: Any) -> Bench:
    """The first step as told, the second witnessed, the others signed."""
    click(archive, POST, "first", **first)
    click(archive, POST, "second")
    archive.review(POST, "final")
    archive.review(POST, "confirm")
    archive.commit("审核", "gly-a")
    return bench_of(archive)


def counts(bench: Bench, **changes: Any) -> tuple[Any, int]:
    """(state of the first step, steps that the second counter counts)."""
    known = replace(bench.trusted.registers, **changes)
    second = counter.count(bench.post, bench.files, known, Clock(AS_OF))
    return bench.judge(**changes).states[FIRST], second


def test_two_witnessed_and_two_signed_steps_pass_and_are_noted(archive: ArchiveRepo) -> None:
    bench = reviewed(archive)
    state, second = counts(bench)
    assert isinstance(state, Approved) and second == 4
    assert state.review.evidence == "witnessed"
    assert (state.review.signer, state.review.reviewer) == (BOT, "xxy-a")
    report = archive.verify()
    assert passes(report)
    notes = [str(f.message) for v in report.verdicts for f in v.findings if f.clause == "R11-1"]
    assert len(notes) == 2 and all(BOT in note for note in notes)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "another forge": ({"witness": {"forge": "other.example/7"}}, "on another forge"),
    "another repository": ({"witness": {"forge": f"{HOST}/8"}}, "on another forge"),
    "an account of another": ({"witness": {"account": ACCOUNTS["kz-a"]}}, "was not xxy-a's"),
    "an unknown account": ({"witness": {"account": 5}}, "was not xxy-a's"),
    "its reviewer's own key": ({"key": "xxy-a"}, worded("key-of-another-witness", owner="xxy-a")),
    "a key of nobody": ({"key": "nobody"}, worded("signing-key-unknown")),
    "a witness without the role": (
        {"key": "gly-a", "witness": {"by": "gly-a"}}, "gly-a is no witness",
    ),
    "no person as witness": (
        {"witness": {"by": "ghost"}}, worded("key-of-another-witness", owner="bot"),
    ),
    "an account as text": ({"witness": {"account": "102"}}, "malformed"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_both_counters_refuse(archive: ArchiveRepo, name: str) -> None:
    changes, words = WRONG[name]
    state, second = counts(reviewed(archive, **changes))
    assert isinstance(state, Rejected) and words in str(state.reason)
    assert second == 0


def test_a_field_more_is_malformed(archive: ArchiveRepo) -> None:
    state, _ = counts(reviewed(archive, witness={"kind": "signed"}))
    assert isinstance(state, Rejected) and "malformed" in str(state.reason)


def test_a_witness_who_signs_without_saying_so_is_no_reviewer(archive: ArchiveRepo) -> None:
    archive.review(POST, "first", "xxy-a", key=BOT)
    archive.commit("审核", "gly-a")
    state, second = counts(bench_of(archive))
    assert isinstance(state, Rejected) and "belongs to bot" in str(state.reason)
    assert second == 0


def _policy(registers: Registers, name: str, *settings: tuple[Any, str]) -> Any:
    stated = tuple(Parameter(name, v, "", "[D]", date.fromisoformat(day)) for v, day in settings)
    return replace(registers.policy, parameters={**registers.policy.parameters, name: stated})


STEPS, NAME = "review.witnessed_steps", "review.forge"


@pytest.mark.parametrize(
    ("name", "settings", "good"),
    [
        (STEPS, [(["second"], "2023-03-21")], False),
        (STEPS, [([], "2023-03-21"), (["first", "second"], "2026-11-05")], False),
        (STEPS, [(["first", "second"], "2023-03-21"), ([], "2026-11-05")], True),
        (STEPS, [], False),
        (NAME, [("", "2023-03-21")], False),
        (NAME, [("other.example/1", "2023-03-21"), (FORGE, "2026-11-04")], True),
    ],
    ids=str,
)
def test_the_policy_of_the_day_of_the_click_decides(
    archive: ArchiveRepo, name: str, settings: list[tuple[Any, str]], good: bool
) -> None:
    bench = reviewed(archive)
    state, second = counts(bench, policy=_policy(bench.trusted.registers, name, *settings))
    assert (isinstance(state, Approved), second > 0) == (good, good)


CLICK = at("2026-11-04 10:10")


@pytest.mark.parametrize(
    ("start", "end", "good"),
    [
        (CLICK, None, True),
        (at("2026-11-04 10:11"), None, False),
        (at("2026-11-01 00:00"), CLICK, False),
        (at("2026-11-01 00:00"), at("2026-11-04 10:11"), True),
    ],
    ids=str,
)
def test_the_account_was_theirs_at_that_moment(
    archive: ArchiveRepo, start: Any, end: Any, good: bool
) -> None:
    bench = reviewed(archive)
    roster = bench.trusted.registers.roster
    rows = [
        ForgeAccount(a.person, a.forge, a.id, start, end) if a.person == "xxy-a" else a
        for a in roster.accounts
    ]
    state, second = counts(bench, roster=replace(roster, accounts=tuple(rows)))
    assert (isinstance(state, Approved), second > 0) == (good, good)


def test_a_witness_who_left_the_role_vouches_for_nothing_later(archive: ArchiveRepo) -> None:
    bench = reviewed(archive)
    people = dict(bench.trusted.registers.people)
    gone = Tenure("witness", "xjk", date(2026, 1, 1), date(2026, 11, 3))
    people[BOT] = replace(people[BOT], tenures=(gone,))
    state, second = counts(bench, people=people)
    assert isinstance(state, Rejected) and shows(str(state.reason), "witness-not-that-day")
    assert second == 0


# The roster's rows, and the role that stands alone.


def _trusted(**changed: Any) -> Registers:
    given = governed()
    given["changed"]["roster"] |= changed
    return trust(MemoryTree(governance(**given))).registers


def test_an_account_belongs_to_one_person_for_ever() -> None:
    ended = account("zz-a", until="2026-11-02T00:00:00+08:00")
    rows = [ended, account("xxy-a", id=ACCOUNTS["zz-a"]), account("kz-a", person="ghost")]
    words = [str(f.message) for f in roster_problems(_trusted(forge_accounts=rows))]
    assert any(shows(each, "account-entered-twice", one="zz-a", other="xxy-a") for each in words)
    assert any("belongs to ghost" in each for each in words)


@pytest.mark.parametrize(
    ("rows", "good"),
    [
        ([account("zz-a")], True),
        ([account("zz-a", until="2026-11-05T00:00:00+08:00")], True),
        ([account("zz-a"), account("xxy-a")], True),
        ([], False),
        ([account("zz-a", id=5)], False),
        ([account("zz-a", **{"from": "2026-02-01T00:00:00+08:00"})], False),
    ],
    ids=str,
)
def test_a_row_stays_for_ever(rows: list[Any], good: bool) -> None:
    old = _trusted(forge_accounts=[account("zz-a")])
    follows = {"serial": 2, "previous": old.roster.digest}
    found = brought(roster_follows, old, _trusted(forge_accounts=rows, **follows))
    assert bool([f for f in found if "An account of" in str(f.message)]) is not good


def test_an_end_is_not_taken_back() -> None:
    row = account("zz-a", until="2026-11-05T00:00:00+08:00")
    old = _trusted(forge_accounts=[row])
    new = _trusted(forge_accounts=[account("zz-a")], serial=2, previous=old.roster.digest)
    assert any("An account of zz-a" in str(f.message) for f in brought(roster_follows, old, new))


def test_a_witness_holds_no_other_role() -> None:
    given = governed()
    given["changed"]["people"]["people"][-1]["roles"].append(
        {"role": "operator", "department": "xjk", "from": "2026-01-01"}
    )
    found = trust(MemoryTree(governance(**given))).registers.problems
    assert [mark(f) for f in found] == ["witness-holds-role bot"]


def test_who_waits_for_a_click_is_told_so(archive: ArchiveRepo) -> None:
    found = [f for v in archive.verify().verdicts for f in v.findings if f.clause == "R11-1"]
    pressed = [shows(str(f.remedy), "approve-there-or-here") for f in found]
    assert pressed == [True, True, False]
