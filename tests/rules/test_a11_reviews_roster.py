"""The next roster: it counts on from the one in force, and takes nothing back (threats A2, A26)."""

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

import pytest

from pipeline.judge.load_governance import trust
from pipeline.model.archive import Mode
from pipeline.model.findings import Complaint, Effect
from pipeline.model.records import Authorisation
from pipeline.model.registers import Delegation, Registers, RosterKey, Tenure
from pipeline.rules.a11_reviews.roster import mandates_given, roster_follows
from pipeline.source.content.paths import MemoryTree
from tests.builders.cast import at, governance, registers
from tests.rules.changes import brought

unsigned = partial(brought, mandates_given, mode=Mode.STANDING)
"""Who signed a mandate; which ones may be given at all is asked in test_a11_reviews_mandates.py."""
ENDED = at("2026-11-03 00:00")
REMOVED = "key-removed ld-a"
TAKEN_BACK = "revocation-taken-back ld-a"
LD_A = 3
"""Place of ld-a's key in the roster."""


@pytest.fixture(scope="module")
def old() -> Registers:
    mandates = [
        {"delegator": leader, "delegate": "xxy-b", "role": "leader-in-charge",
         "from": "2026-11-04T00:00:00+08:00", "until": "2026-11-09T23:59:59+08:00",
         "authority": "云应急〔2026〕7号"}
        for leader in ("ld-a", "ld-b")
    ]  # fmt: skip
    roster = registers()["roster"] | {"delegations": mandates}
    return trust(MemoryTree(governance({"roster": roster}))).registers


MARKS = {("serial",): (7, 1), ("delegations",): (50, 1), ("delegations", 2): (61, 5)}


def _next(old: Registers, **changes: Any) -> Registers:
    before = old.roster
    follows = {"serial": before.serial + 1, "previous": before.digest, "digest": "f" * 64}
    document = replace(old.documents["roster"], marks=MARKS)
    documents = {**old.documents, "roster": document}
    return replace(old, roster=replace(before, **(follows | changes)), documents=documents)


def _with_key(old: Registers, **changes: Any) -> Registers:
    keys = [*old.roster.keys]
    keys[LD_A] = replace(keys[LD_A], **changes)
    return replace(old, roster=replace(old.roster, keys=tuple(keys)))


def _words(found: tuple[Complaint, ...]) -> list[str]:
    for each in found:
        assert each.effect is Effect.REFUSE
        assert each.location.path == "content/registers/roster.yml"
    return [f"{each.name} {each.about}".strip() for each in found]


def test_the_same_roster_and_one_that_follows_have_no_problem(old: Registers) -> None:
    assert brought(roster_follows, old, old) == ()
    assert brought(roster_follows, old, _next(old)) == ()
    turned = tuple(reversed(old.roster.keys))
    assert brought(roster_follows, old, _next(old, keys=turned)) == ()


@pytest.mark.parametrize(
    "changes", [{"serial": 1}, {"serial": 3}, {"previous": "0" * 64}, {"previous": None}]
)
def test_one_that_does_not_follow_is_told_what_to_say(
    old: Registers, changes: dict[str, Any]
) -> None:
    found = brought(roster_follows, old, _next(old, **changes))
    assert _words(found) == ["roster-not-following"]
    assert found[0].remedy
    assert {2, old.roster.digest} <= {v for _, v in found[0].remedy.values}
    assert found[0].location.line == 7


@pytest.mark.parametrize("gone", [True, False])
def test_a_key_stays_with_its_person(old: Registers, gone: bool) -> None:
    keys = old.roster.keys
    other: tuple[RosterKey, ...] = () if gone else (replace(keys[LD_A], person="ld-b"),)
    new = _next(old, keys=(*keys[:LD_A], *other, *keys[LD_A + 1 :]))
    found = brought(roster_follows, old, new)
    assert _words(found) == [REMOVED]
    assert found[0].remedy


@pytest.mark.parametrize(
    ("before", "after", "stays"),
    [
        (("retired", ENDED), ("retired", ENDED), True),
        (("retired", ENDED), ("compromised", ENDED), True),
        (("compromised", ENDED), ("compromised", ENDED), True),
        (("compromised", ENDED), ("retired", ENDED), False),
        (("retired", ENDED), ("retired", at("2026-11-04 00:00")), False),
        (("retired", ENDED), ("compromised", at("2026-11-04 00:00")), False),
        (("retired", ENDED), ("", None), False),
        (("compromised", ENDED), ("compromised", None), False),
        (("", None), ("retired", ENDED), True),
    ],
)
def test_what_is_revoked_stays_revoked(
    old: Registers,
    before: tuple[str, datetime | None],
    after: tuple[str, datetime | None],
    stays: bool,
) -> None:
    then = _with_key(old, revocation=before[0], revoked_at=before[1])
    keys = _with_key(old, revocation=after[0], revoked_at=after[1]).roster.keys
    found = brought(roster_follows, then, _next(then, keys=keys))
    assert _words(found) == ([] if stays else [TAKEN_BACK])
    assert stays or found[0].remedy


@pytest.mark.parametrize(
    ("before", "after", "stays"),
    [
        (("compromised", "ab"), ("compromised", "ab"), True),
        (("compromised", "ab"), ("compromised", "a"), True),
        (("compromised", "a"), ("compromised", "ab"), False),
        (("compromised", ""), ("compromised", "a"), False),
        (("retired", ""), ("compromised", "a"), True),
    ],
)
def test_what_is_void_counts_never_again(
    old: Registers, before: tuple[str, str], after: tuple[str, str], stays: bool
) -> None:
    """A letter each for the records that stood before the key was void."""
    then, now = (
        _with_key(old, revocation=how, revoked_at=ENDED, prior_records=frozenset(kept))
        for how, kept in (before, after)
    )
    found = brought(roster_follows, then, _next(then, keys=now.roster.keys))
    assert _words(found) == ([] if stays else [TAKEN_BACK])


def test_everything_wrong_is_told(old: Registers) -> None:
    then = _with_key(old, revocation="retired", revoked_at=ENDED)
    keys = old.roster.keys[1:]
    assert _words(brought(roster_follows, then, _next(then, serial=9, keys=keys))) == [
        "roster-not-following",
        REMOVED.replace("ld-a", "xxy-a"),
        TAKEN_BACK,
    ]


def _signed(*people: str, on: str = "2026-11-05 10:00") -> tuple[Authorisation, ...]:
    return tuple(
        Authorisation(f"{p}.json", p, "leader-in-charge", "", at(on), {}, 1, "", "") for p in people
    )


def _mandates(old: Registers, *changes: dict[str, Any]) -> Registers:
    """The mandates in force, and one more for each of these."""
    known = old.roster.delegations
    more: tuple[Delegation, ...] = tuple(replace(known[0], **each) for each in changes)
    return _next(old, delegations=(*known, *more))


LONGER = {"end": at("2026-12-09 00:00")}
UNSIGNED = "mandate-unsigned {}"


@pytest.mark.parametrize("changes", [LONGER, {"delegate": "gly-b"}, {"role": "principal"}], ids=str)
def test_a_new_mandate_is_signed_by_who_gives_it(old: Registers, changes: dict[str, Any]) -> None:
    new = _mandates(old, changes)
    for signers in (("kz-a", "ld-a"), ("ld-a",), ("kz-a", "ld-b")):
        assert unsigned(old, new, _signed(*signers)) == ()
    (found,) = unsigned(old, new, _signed("kz-a", "gly-b"))
    assert _words((found,)) == [UNSIGNED.format("ld-a")]
    assert "sanshen authorise" in str(found.remedy)
    assert (found.location.line, found.location.column) == (61, 5)


def test_each_mandate_by_its_own_giver_and_those_in_force_by_nobody(old: Registers) -> None:
    new = _mandates(old, LONGER, {"delegator": "kz-a"})
    assert _words(unsigned(old, new, _signed("kz-a"))) == [UNSIGNED.format("ld-a")]
    assert _words(unsigned(old, new, _signed("gly-b"))) == [
        UNSIGNED.format("ld-a"), UNSIGNED.format("kz-a"),
    ]  # fmt: skip
    assert unsigned(old, _mandates(old), _signed("gly-b")) == ()


def test_while_nobody_signed_that_is_what_is_awaited(old: Registers) -> None:
    assert unsigned(old, _mandates(old, LONGER), ()) == ()


@pytest.mark.parametrize(
    ("role", "start", "end", "counts"),
    [
        ("principal", "2026-01-01", None, True),
        ("principal", "2026-01-01", "2026-11-05", True),
        ("principal", "2026-01-01", "2026-11-04", False),
        ("principal", "2026-11-06", None, False),
        ("leader-in-charge", "2026-01-01", None, False),
    ],
)
def test_the_principal_is_who_was_it_on_the_day_of_signing(
    old: Registers, role: str, start: str, end: str | None, counts: bool
) -> None:
    last = date.fromisoformat(end) if end else None
    tenure = Tenure(role, "bgs", date.fromisoformat(start), last)
    people = {**old.people, "gly-b": replace(old.people["gly-b"], tenures=(tenure,))}
    before = replace(old, people=people)
    found = unsigned(before, _mandates(before, LONGER), _signed("kz-a", "gly-b"))
    assert _words(found) == ([] if counts else [UNSIGNED.format("ld-a")])
    unknown = _signed("nobody", "gly-b")
    assert bool(unsigned(before, _mandates(before, LONGER), unknown)) is not counts
