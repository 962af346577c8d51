"""Article 6: the lead department, posts by contractors, guidance."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.model.archive import Archive
from pipeline.model.calendar import Clock
from pipeline.model.findings import Effect
from pipeline.model.registers import Department, Person
from pipeline.rules.a06_outsourcing import RULE
from tests.rules.builders import archive, change, duties, objections, only_said, post, where
from tests.rules.facts import declaration, recorded, with_facts, wording
from tests.rules.governance import PEOPLE, at, day, person
from tests.rules.standing import DEPARTMENTS, NAMED, declared, in_words, registers

PUBLIC = registers()


def test_1_accepted_one_lead_with_its_head() -> None:
    assert duties(RULE, 1, archive(registers=PUBLIC)) == []


@pytest.mark.parametrize(("leads", "count"), [((False, False), 0), ((True, True), 2)])
def test_1_violated_none_or_two(leads: tuple[bool, bool], count: int) -> None:
    both = [replace(d, lead=lead) for d, lead in zip(NAMED, leads, strict=True)]
    heads = (*PEOPLE, person("kz-b", "section-head@jzk"))
    found = duties(RULE, 1, archive(registers=registers(both, heads)))
    words = f"There are {count} lead departments."
    assert (Effect.REFUSE, words) in in_words(found)
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
    only_said(found, Effect.REFUSE, "The lead department xjk has no head in office today.")


def test_1_boundary_a_head_on_the_last_day() -> None:
    last = person("kz-a", "section-head@xjk", until="2026-11-22")
    assert duties(RULE, 1, archive(registers=registers(people=[last]))) == []


def test_1_boundary_another_name_is_noted() -> None:
    other = Department("xjk", "新闻科", True, ("宣传科",))
    words = "The regulation knows the lead department xjk by another name."
    only_said(duties(RULE, 1, archive(registers=registers([other]))), Effect.NOTE, words)
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
    words = "The department 救助科 is called 救灾科, and so on pages and forms of before."
    assert [(c.effect, str(c.message)) for c in found] == [(Effect.NOTE, words)] * noted
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
    words = "Contractors wrote 6 of 10 posts of this quarter."
    only_said(duties(RULE, 3, quarter(6, 10)), Effect.NOTE, words)


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
    only_said(
        declared(RULE, 4, later),
        Effect.NOTE,
        "The declaration guidance-report was due on 2027-08-17.",
    )


def test_4_boundary_the_wording_itself_is_missing() -> None:
    words = "The wording of the declaration guidance-report is missing."
    only_said(declared(RULE, 4, archive(registers=PUBLIC)), Effect.REFUSE, words)
