"""Article 6: contractors within their bounds."""

from collections.abc import Sequence
from typing import Any

import pytest

from pipeline.model.archive import Archive
from pipeline.model.findings import Effect
from pipeline.model.records import Fact
from pipeline.model.registers import Person
from pipeline.model.reports import names_of
from pipeline.rules.a06_outsourcing import RULE
from tests.rules.builders import archive
from tests.rules.facts import fact, recorded, with_facts, wording
from tests.rules.governance import PEOPLE, account, at, day, person
from tests.rules.standing import (
    checked,
    declared,
    registers,
    without_due,
)

CONTRACT = {
    "number": "云应采〔2026〕2号",
    "signed_on": day("2025-12-20"),
    "from": day("2026-01-01"),
    "until": day("2026-12-31"),
    "scope": ["technical-support", "editing"],
    "responsibilities": "排版和技术保障；不发布、不审核。",
    "procurement": "竞争性磋商",
    "confidentiality_system": "云应办〔2025〕8号",
}
NDA = {"signed_on": day("2025-12-22"), "until": day("2027-01-31"), "people": ["wb-a"]}


def contractor(
    contract: dict[str, Any] | None = None,
    nda: dict[str, Any] | None = None,
    people: Sequence[str] = ("wb-a",),
) -> Fact:
    terms = {"contract": {**CONTRACT, **(contract or {})}, "nda": {**NDA, **(nda or {})}}
    return fact("contractors", "lanyun", name="蓝云公司", people=list(people), **terms)


def employing(*rows: Fact, people: Sequence[Person] = PEOPLE, on: str = "2026-11-22 20:00",
              **more: Any) -> Archive:  # fmt: skip
    made = registers(people=people, entries={"contractors": rows}, **more)
    return archive(registers=made, as_of=at(on))


def kinds(look: Archive) -> list[tuple[Effect, str]]:
    return without_due(checked(RULE, 2, look))


def test_2_accepted_contract_and_agreement_in_force() -> None:
    assert kinds(employing(contractor())) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"responsibilities": " "},
            "contract-without-duties",
        ),
        (
            {"procurement": ""},
            "contract-without-choice",
        ),
        (
            {"confidentiality_system": "\u3000"},
            "contract-without-secrecy",
        ),
        (
            {"until": day("2026-11-21")},
            "contract-ends",
        ),
        (
            {"from": day("2026-11-23")},
            "contract-not-begun",
        ),
    ],
)
def test_2_violated_contract(changed: dict[str, Any], words: str) -> None:
    assert kinds(employing(contractor(changed))) == [(Effect.REFUSE, words)]


def test_2_violated_work_that_policy_does_not_let_out() -> None:
    narrow = {"outsourcing__allowed_scope": ["technical-support", "maintenance"]}
    words = "contract-scope-excessive"
    assert kinds(employing(contractor(), **narrow)) == [(Effect.REFUSE, words)]


@pytest.mark.parametrize(
    ("nda", "words"),
    [
        ({"people": ["wb-b"]}, "secrecy-unsigned-by"),
        (
            {"until": day("2026-11-21")},
            "secrecy-ends",
        ),
        (
            {"signed_on": day("2026-11-23")},
            "secrecy-unsigned",
        ),
    ],
)
def test_2_violated_agreement_on_secrecy(nda: dict[str, Any], words: str) -> None:
    assert kinds(employing(contractor(nda=nda))) == [(Effect.REFUSE, words)]


@pytest.mark.parametrize(
    ("on", "names"),
    [
        ("2026-11-30 23:59", []),
        ("2026-12-01 00:00", ["contract-ends"]),
        (
            "2027-01-01 00:00",
            ["contract-ends"],
        ),
    ],
)
def test_2_boundary_thirty_days_before_the_end_and_the_day_after(on: str, names: list[str]) -> None:
    look = employing(contractor(), on=on)
    found = [c for c in checked(RULE, 2, look) if "contract" in c.name]
    assert [c.name for c in found] == names
    if found:
        assert found[0].due == at("2026-12-31 23:59").replace(second=59)


def test_2_boundary_a_contractor_of_the_past_owes_nothing() -> None:
    left = [p for p in PEOPLE if p.id != "wb-a"]
    left.append(person("wb-a", "editor@xjk", contractor=True, until="2026-11-21"))
    past = contractor({"until": day("2026-11-21")}, {"until": day("2026-01-01")})
    assert kinds(employing(past, people=left)) == []


def test_2_violated_somebody_of_no_contractor() -> None:
    words = "employer-missing"
    (found,) = checked(RULE, 2, employing())
    assert (found.effect, found.name, found.owes) == (Effect.REFUSE, words, "wb-a")
    assert found.location.path == "content/registers/people.yml"


def test_2_violated_somebody_of_a_contractor_hidden_among_staff() -> None:
    hidden = contractor(people=["wb-a", "zz-a"], nda={"people": ["wb-a", "zz-a"]})
    words = "contractor-unmarked"
    assert kinds(employing(hidden)) == [(Effect.REFUSE, words)]


def test_2_violated_a_role_only_staff_may_hold() -> None:
    reviewing = [p for p in PEOPLE if p.id != "wb-a"]
    reviewing.append(
        person("wb-a", "editor@xjk", "information-officer@xjk", "operator@xjk", contractor=True)
    )
    assert kinds(employing(contractor(), people=reviewing)) == [
        (Effect.REFUSE, "role-of-contractor"),
        (Effect.REFUSE, "role-of-contractor"),
    ]


def test_2_boundary_a_role_that_ended_yesterday() -> None:
    past = [p for p in PEOPLE if p.id != "wb-a"]
    past.append(person("wb-a", "operator@xjk", contractor=True, until="2026-11-21"))
    assert kinds(employing(contractor(), people=past)) == []
    assert len(kinds(employing(contractor(), people=past, on="2026-11-21 23:59"))) == 1


def test_2_violated_a_contractor_keeps_a_password_or_replies() -> None:
    look = employing(contractor(), accounts=[account(custodian="wb-a")])
    words = "password-of-contractor"
    assert kinds(look) == [(Effect.REFUSE, words)]
    answered = fact("inquiries", reply={"person": "wb-a", "at": at("2026-11-02 10:00")})
    words = "contractor-replied"
    assert kinds(with_facts(employing(contractor()), answered)) == [(Effect.REFUSE, words)]
    later = with_facts(employing(contractor(), on="2027-01-02 10:00"), answered)
    assert (Effect.NOTE, words) in kinds(later)  # it can never be mended


def test_2_boundary_replies_of_staff_and_from_before_recording() -> None:
    old = fact("inquiries", "a", reply={"person": "wb-a", "at": at("2026-08-16 23:59")})
    staff = fact("inquiries", "b", reply={"person": "gly-a", "at": at("2026-11-02 10:00")})
    unanswered = fact("inquiries", "c")
    assert kinds(with_facts(employing(contractor()), old, staff, unanswered)) == []


def inspections(*days: str, on: str = "2026-11-22 20:00") -> list[tuple[Effect, Any]]:
    rows = [fact("supervisions", f"s{n}", contractor="lanyun", on=day(d))
            for n, d in enumerate(days)]  # fmt: skip
    look = with_facts(employing(contractor(), on=on), *rows)
    found = [c for c in checked(RULE, 2, look) if c.name == "inspection-due"]
    assert len(found) == 1
    return [(found[0].effect, found[0].due)]


def test_2_boundary_inspection_after_ninety_days_is_noted_as_late() -> None:
    due = at("2026-11-15 23:59").replace(second=59)
    assert inspections() == [(Effect.NOTE, due)]
    look = employing(contractor())
    late = checked(RULE, 2, look)
    assert look.registers.name_of(late[-1].owes) == "蓝云公司"
    assert names_of(look.registers)[late[-1].owes] == "蓝云公司"
    assert late[-1].name == "inspection-due"
    coming = checked(RULE, 2, employing(contractor(), on="2026-11-15 23:59"))
    assert coming[-1].name == "inspection-due"


def test_2_boundary_an_inspection_to_come_does_not_count() -> None:
    assert inspections("2026-11-22")[0][1] == at("2027-02-20 23:59").replace(second=59)
    assert inspections("2026-11-23") == inspections()


def test_2_boundary_supervision_is_declared_only_where_there_are_contractors() -> None:
    yearly = wording("outsourcing-supervision", "section-head")
    look = recorded(employing(contractor()), "wordings", [yearly])
    assert [c.effect for c in declared(RULE, 2, look)] == [Effect.NOTE]
    assert declared(RULE, 2, recorded(look, "contractors", [])) == []
