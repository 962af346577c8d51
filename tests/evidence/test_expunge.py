"""Whose signatures erase a post, and what is still awaited (R13-10, threats A36)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pipeline.evidence.review.expunge import expunged_posts, foreign_reviews
from pipeline.evidence.review.statements import write_statement
from pipeline.judge.load_governance import Trusted, trust
from pipeline.model.evidence import SignedFile
from pipeline.model.findings import Effect
from pipeline.model.records import Authorisation, Expunged, Expunging
from pipeline.model.registers import Registers, Tenure
from pipeline.source.content.paths import MemoryTree
from tests.builders.cast import at, governance, sign_as

POST = "2026-11-04-open-day"
FILES = frozenset({(f"content/posts/2026/{POST}/post.md", "a" * 64)})
WHAT = Expunging(POST, 2, "（内容已清除）", FILES)


@pytest.fixture(scope="module")
def trusted() -> Trusted:
    return trust(MemoryTree(governance()))


def _signed(person: str, what: Expunging | None = WHAT, **changes: Any) -> Authorisation:
    signed = Authorisation(
        f"{person}.json",
        person,
        "",
        f"因 {person}",
        at("2026-11-05 10:00"),
        {},
        1,
        "",
        "",
        (),
        what,
    )  # fmt: skip
    return replace(signed, **changes)


def _erased(trusted: Trusted, *signed: Authorisation, **people: Any) -> Expunged:
    registers = _with(trusted.registers, people)
    return expunged_posts(signed, registers)[POST]


def _with(registers: Registers, people: dict[str, Any]) -> Registers:
    """`people`: name with _ for - → what is changed of them."""
    rows = {i.replace("_", "-"): changes for i, changes in people.items()}
    changed = {i: replace(registers.people[i], **changes) for i, changes in rows.items()}
    return replace(registers, people={**registers.people, **changed})


def test_a_head_and_a_leader_erase_a_post(trusted: Trusted) -> None:
    late = at("2026-11-05 11:00")
    found = _erased(trusted, _signed("ld-a"), _signed("kz-a", signed_at=late))
    assert found == Expunged(
        POST, 2, "（内容已清除）", "因 kz-a", late, FILES,
        ("kz-a", "ld-a"), ("kz-a.json", "ld-a.json"), (),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("people", "awaits"),
    [
        (("kz-a",), ("leader",)),
        (("kz-a", "kz-a"), ("leader",)),
        (("ld-a",), ("head",)),
        (("ld-a", "ld-b"), ("head",)),
        (("kz-a", "ld-b"), ()),
        (("gly-a", "xxy-a"), ("head", "leader")),
        (("kz-a", "nobody"), ("leader",)),
        (("nobody",), ("head", "leader")),
    ],
)
def test_what_is_still_awaited(
    trusted: Trusted, people: tuple[str, ...], awaits: tuple[str, ...]
) -> None:
    signed = [_signed(p, path=f"{n}.json") for n, p in enumerate(people)]
    found = _erased(trusted, *signed)
    assert found.awaits == awaits
    assert found.people == people


def _tenures(*roles: tuple[str, str, str | None]) -> dict[str, Any]:
    return {
        "tenures": tuple(
            Tenure(r, d, date(2026, 1, 1), date.fromisoformat(e) if e else None)
            for r, d, e in roles
        )
    }


BOTH = _tenures(("section-head", "xjk", None), ("leader-in-charge", "xjk", None))


def test_one_person_of_both_offices_is_one_person(trusted: Trusted) -> None:
    assert _erased(trusted, _signed("kz-a"), kz_a=BOTH).awaits == ("leader",)
    assert _erased(trusted, _signed("kz-a"), _signed("ld-a"), kz_a=BOTH).awaits == ()
    heads = _tenures(("section-head", "xjk", None))
    two = _erased(trusted, _signed("kz-a"), _signed("xxy-a"), kz_a=BOTH, xxy_a=heads)
    assert two.awaits == ()


@pytest.mark.parametrize(
    ("changes", "awaits"),
    [
        (_tenures(("section-head", "jzk", None)), ("head",)),
        (_tenures(("section-head", "xjk", "2026-11-04")), ("head",)),
        (_tenures(("section-head", "xjk", "2026-11-05")), ()),
        ({"contractor": True}, ("head",)),
    ],
)
def test_an_office_counts_on_the_day_of_signing_and_in_its_department(
    trusted: Trusted, changes: dict[str, Any], awaits: tuple[str, ...]
) -> None:
    assert _erased(trusted, _signed("kz-a"), _signed("ld-a"), kz_a=changes).awaits == awaits


def test_who_names_other_bytes_than_the_first_is_not_counted_with_them(trusted: Trusted) -> None:
    other = replace(WHAT, files=frozenset())
    found = _erased(trusted, _signed("ld-a", other), _signed("kz-a"))
    assert (found.people, found.awaits, found.files) == (("kz-a",), ("leader",), FILES)
    later = _signed("ld-b", path="z.json")
    assert _erased(trusted, _signed("ld-a", other), _signed("kz-a"), later).awaits == ()


def test_each_post_by_its_own_signatures(trusted: Trusted) -> None:
    second = replace(WHAT, post=f"{POST}-2")
    signed = (_signed("kz-a"), _signed("ld-a", second), _signed("ld-b", None))
    found = expunged_posts(signed, trusted.registers)
    assert {post: each.awaits for post, each in found.items()} == {
        POST: ("leader",), f"{POST}-2": ("head",),
    }  # fmt: skip


def test_a_review_of_bytes_that_nobody_erased_is_named(trusted: Trusted) -> None:
    gone = _erased(trusted, _signed("kz-a"), _signed("ld-a"))
    (path, digest), *_ = FILES
    same, other, more = ({path: digest}, {path: "b" * 64}, {path: digest, "x": "c" * 64})
    found = [
        [f.location.path for f in foreign_reviews(gone, [_review(s)], trusted.statements["review"])]
        for s in (same, other, more)
    ]
    assert found == [[], ["r.json"], ["r.json"]]
    (finding,) = foreign_reviews(gone, [_review(other)], trusted.statements["review"])
    assert (finding.clause, finding.effect) == ("R13-10", Effect.REFUSE)
    broken = SignedFile("r.json", b"{}", b"")
    assert foreign_reviews(gone, [broken], trusted.statements["review"]) == ()


def _review(subject: dict[str, str]) -> SignedFile:
    said = {
        "archive": "yunlan-yjj", "post": POST, "revision": 1, "step": "first",
        "decision": "approve", "opinion": "同意", "reviewer": "xxy-a",
        "role": "information-officer", "acting_for": "", "accounts": ["wx"], "content": "a" * 64,
        "roster": {"serial": 1, "digest": "a" * 64}, "regulation": "a" * 64, "previous": None,
        "assertions": {}, "signed_at": at("2026-11-04 10:00"),
        "not_after": at("2026-12-04 10:00"),
    }  # fmt: skip
    statement = write_statement("review", subject, said)
    return SignedFile("r.json", statement, sign_as("xxy-a", statement))
