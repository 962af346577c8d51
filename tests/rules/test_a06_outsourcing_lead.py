"""Article 6: the lead department, posts by contractors, guidance."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.model.archive import Archive
from pipeline.model.calendar import Clock
from pipeline.model.findings import Effect
from pipeline.model.registers import Department, Person
from pipeline.rules.a06_outsourcing import RULE
from tests.rules.builders import archive, change, duties, objections, only, post, values, where
from tests.rules.facts import declaration, recorded, with_facts, wording
from tests.rules.governance import PEOPLE, at, day, person
from tests.rules.standing import DEPARTMENTS, NAMED, declared, registers, said

PUBLIC = registers()


def test_1_accepted_one_lead_with_its_head() -> None:
    assert duties(RULE, 1, archive(registers=PUBLIC)) == []


@pytest.mark.parametrize(("leads", "count"), [((False, False), 0), ((True, True), 2)])
def test_1_violated_none_or_two(leads: tuple[bool, bool], count: int) -> None:
    both = [replace(d, lead=lead) for d, lead in zip(NAMED, leads, strict=True)]
    heads = (*PEOPLE, person("kz-b", "section-head@jzk"))
    found = duties(RULE, 1, archive(registers=registers(both, heads)))
    (wrong,) = [c for c in found if c.name == "lead-not-one"]
    assert (wrong.effect, values(wrong)) == (Effect.REFUSE, {"count": count})
    assert where(found[0]) == (DEPARTMENTS, 3 if count else 1)


@pytest.mark.parametrize(
    "head",
    [
        person("kz-a", "section-head@xjk", until="2026-11-21"),
        person("kz-a", "section-head@jzk"),
        person("kz-a", "section-head@xjk", contractor=True),
    ],
)
def test_1_violated_no_head_in_office(head: Person) -> None:
    found = duties(RULE, 1, archive(registers=registers(people=[head])))
    only(found, Effect.REFUSE, "lead-without-head", department="xjk")


def test_1_boundary_a_head_on_the_last_day() -> None:
    last = person("kz-a", "section-head@xjk", until="2026-11-22")
    assert duties(RULE, 1, archive(registers=registers(people=[last]))) == []


def test_1_boundary_another_name_is_noted() -> None:
    other = Department("xjk", "新闻科", True, ("宣传科",))
    only(
        duties(RULE, 1, archive(registers=registers([other]))),
        Effect.NOTE,
        "lead-misnamed",
        department="xjk",
    )
    named = registers([other], lead__names=["宣传科"])
    assert duties(RULE, 1, archive(registers=named)) == []


@pytest.mark.parametrize(
    ("former", "noted"),
    [((), True), (((day("2026-11-20"), "救助科"),), False)],
)
def test_1_boundary_a_department_renamed_keeps_its_name_for_before(
    former: tuple[Any, ...], noted: bool
) -> None:
    renamed = replace(NAMED[1], name="救灾科", former=former)
    proposal = change(proposed=registers([NAMED[0], renamed]))
    found = objections(RULE, 1, proposal, archive(registers=PUBLIC))
    assert said(found) == [(Effect.NOTE, "department-renamed")] * noted
    assert [renamed.name_on(d) for d in ("2026-11-20-x", "2026-11-21")] == (
        ["救灾科", "救灾科"] if noted else ["救助科", "救灾科"]
    )


def quarter(written: int, count: int) -> Archive:
    ids = [f"2026-11-{n:02}-x" for n in range(1, count + 1)]
    authors = (post(i, author="wb-a" if n < written else "zz-a") for n, i in enumerate(ids))
    return archive(*authors)


def test_3_accepted_few_by_contractors() -> None:
    assert duties(RULE, 3, quarter(2, 10)) == []


def test_3_violated_most_by_contractors() -> None:
    only(
        duties(RULE, 3, quarter(6, 10)), Effect.NOTE, "contractors-write-much", written=6, count=10
    )


def test_3_boundary_half_of_ten_is_allowed_and_nine_are_too_few() -> None:
    assert duties(RULE, 3, quarter(5, 10)) == []
    assert duties(RULE, 3, quarter(9, 9)) == []


GUIDED = wording("guidance-report", "section-head")


def test_4_accepted_declared_this_year() -> None:
    look = recorded(archive(registers=PUBLIC), "wordings", [GUIDED])
    found = declared(RULE, 4, with_facts(look, declaration(GUIDED, "kz-a", "2026-11-02 09:00")))
    assert [(c.effect, str(c.due)[:10]) for c in found] == [(Effect.NOTE, "2027-11-02")]


def test_4_violated_a_year_gone_by() -> None:
    look = recorded(archive(registers=PUBLIC), "wordings", [GUIDED])
    later = replace(look, clock=Clock(at("2027-11-22 20:00")))
    only(
        declared(RULE, 4, later),
        Effect.NOTE,
        "declaration-due",
        what="guidance-report",
        day="2027-08-17",
    )


def test_4_boundary_the_wording_itself_is_missing() -> None:
    only(
        declared(RULE, 4, archive(registers=PUBLIC)),
        Effect.REFUSE,
        "wording-missing",
        name="guidance-report",
    )
