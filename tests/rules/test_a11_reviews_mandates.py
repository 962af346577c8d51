"""A mandate that may not be given is refused at the door; history is asked nothing (A26)."""

from dataclasses import replace

import pytest

from pipeline.model.archive import Mode
from pipeline.model.documents import Document
from pipeline.model.registers import Delegation, Registers
from pipeline.rules.a11_reviews.roster import mandates_given
from tests.rules.changes import brought
from tests.rules.governance import PEOPLE, at, person, registers

GOOD = Delegation(
    "ld-a", "ld-b", "leader-in-charge", at("2026-11-04 00:00"), at("2026-11-20 23:59"),
    "云应急〔2026〕7号",
)  # fmt: skip
HEAD = person("kz-b", "section-head@jzk")
CONTRACTOR = person("wb-z", "section-head@jzk", contractor=True)


def _with(*mandates: Delegation) -> Registers:
    made = registers(people=[*PEOPLE, HEAD, CONTRACTOR], delegations=list(mandates))
    return replace(made, documents={**made.documents, "roster": Document("roster.yml")})


def _said(given: Delegation, *others: Delegation, before: tuple[Delegation, ...] = ()) -> list[str]:
    found = brought(mandates_given, _with(*before), _with(*others, given))
    assert all(f.remedy for f in found)
    return [f.name for f in found]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"delegate": "kz-b"},
        {"authority": "局长办公会议纪要，2026年11月3日"},
        {"authority": "电话会议纪要〔2026〕3号"},
        {"end": at("2027-02-02 00:00")},
        {"delegator": "ld-b", "delegate": "ld-a", "role": "principal"},
        {"delegator": "kz-a", "delegate": "kz-b", "role": "section-head"},
    ],
    ids=str,
)
def test_a_mandate_that_may_be_given(changes: dict[str, object]) -> None:
    assert _said(replace(GOOD, **changes)) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"end": at("2026-11-03 00:00")}, "mandate-backwards"),
        ({"end": GOOD.start}, "mandate-backwards"),
        ({"delegate": "ld-a"}, "mandate-for-oneself"),
        ({"delegate": "xxy-a"}, "mandate-holder-unfit"),
        ({"delegate": "gly-a"}, "mandate-holder-unfit"),
        ({"delegate": "wb-z"}, "mandate-holder-unfit"),
        ({"delegate": "nobody"}, "mandate-holder-unfit"),
        ({"role": "principal"}, "mandate-giver-unfit"),
        ({"delegator": "kz-b", "role": "section-head", "delegate": "ld-b"},
         "mandate-giver-unfit"),
        ({"end": at("2027-02-02 00:01")}, "mandate-too-long"),
        ({"end": at("2036-11-04 00:00")}, "mandate-too-long"),
        ({"authority": "口头"}, "mandate-undocumented"),
        ({"authority": "局长2026年11月3日口头授权"}, "mandate-undocumented"),
        ({"authority": "2026-11-03 微信"}, "mandate-undocumented"),
        ({"authority": "会议决定"}, "mandate-undocumented"),
    ],
    ids=str,
)  # fmt: skip
def test_a_mandate_that_may_not(changes: dict[str, object], words: str) -> None:
    (said,) = _said(replace(GOOD, **changes))
    assert said == words


def test_two_for_one_office_at_one_time() -> None:
    other = replace(GOOD, delegate="kz-b", start=at("2026-11-20 00:00"), end=at("2026-12-01 00:00"))
    (said,) = _said(GOOD, other, before=(other,))
    assert said == "mandates-overlap"
    after = replace(other, start=GOOD.end)
    assert _said(GOOD, after, before=(after,)) == []
    assert len(_said(GOOD, other)) == 2, "both are new: each is told"


def test_what_stands_is_asked_nothing_and_may_be_ended() -> None:
    bad = replace(GOOD, delegate="xxy-a", authority="口头", end=at("2036-11-04 00:00"))
    assert brought(mandates_given, _with(bad), _with(bad)) == ()
    assert _said(replace(bad, end=at("2026-11-05 00:00")), before=(bad,)) == []
    longer = replace(bad, end=at("2037-11-04 00:00"))
    assert len(_said(longer, before=(bad,))) == 3


def test_history_is_not_judged_by_what_is_new() -> None:
    bad = replace(GOOD, delegate="xxy-a")
    assert brought(mandates_given, _with(), _with(bad), mode=Mode.STANDING) == ()
