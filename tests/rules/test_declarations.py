"""Declarations attacked: who may speak for whom, for which days, with which words."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.model.archive import Archive
from pipeline.model.duties import declaration_fault, declarations_due, each_declared
from pipeline.model.findings import Effect, say
from pipeline.model.records import Fact, Signed
from pipeline.model.registers import Person, Tenure
from tests.rules.builders import archive
from tests.rules.facts import declaration, recorded, with_facts, wording
from tests.rules.governance import FORCE, PEOPLE, account, at, day, person
from tests.rules.standing import registers

REVIEW = wording("basis-review", "section-head", every_months=3)
HYGIENE = wording("account-hygiene", "operator", "account", every_months=1)
CONDUCT = wording("staff-conduct", "information-officer", "person", every_months=6)
UNKNOWN = wording("no-unregistered-accounts", "information-officer", "department", every_months=3)
WORDINGS = (REVIEW, HYGIENE, CONDUCT, UNKNOWN)
OTHER_HEAD = person("kz-b", "section-head@jzk")


def look(*people: Person, on: str = "2026-11-22 20:00", **more: Any) -> Archive:
    made = archive(registers=registers(people=(*PEOPLE, *people), **more), as_of=at(on))
    return recorded(made, "wordings", WORDINGS)


def fault(seen: Archive, given: Signed) -> str:
    """The name of what keeps a declaration from counting; empty: it counts."""
    name, _ = declaration_fault(seen, given) or ("", say(""))
    return name


def owed(seen: Archive, of: Fact, *given: Signed) -> list[tuple[Effect, str]]:
    found = declarations_due(with_facts(seen, *given), of["name"])
    return [(c.effect, str(c.due)[:10]) for c in found]


def test_the_head_of_another_department_does_not_speak_for_the_archive() -> None:
    seen = look(OTHER_HEAD)
    other = declaration(REVIEW, "kz-b", "2026-11-20 09:00")
    assert fault(seen, other) == "declarer-lacks-role"
    assert owed(seen, REVIEW, other) == owed(seen, REVIEW) == [(Effect.REFUSE, "2026-11-17")]
    own = declaration(REVIEW, "kz-a", "2026-11-20 09:00")
    assert owed(seen, REVIEW, other, own) == [(Effect.NOTE, "2027-02-20")]


def test_who_owes_it_is_of_the_lead_department_whatever_the_name() -> None:
    (found,) = declarations_due(look(person("a-first", "section-head@jzk")), "basis-review")
    assert found.owes == "kz-a"


def test_an_operator_of_another_department_does_not_speak_for_an_account() -> None:
    seen = look(person("gly-z", "operator@jzk"))
    given = declaration(HYGIENE, "gly-z", "2026-11-20 09:00", subject="wx")
    assert fault(seen, given) == "declarer-lacks-role"
    own = declaration(HYGIENE, "gly-b", "2026-11-20 09:00", subject="wx")
    assert fault(seen, own) == ""


def test_a_contractor_declares_nothing_whatever_the_role() -> None:
    hired = person("wb-k", "section-head@xjk", contractor=True)
    given = declaration(REVIEW, "wb-k", "2026-11-20 09:00")
    assert fault(look(hired), given) == "declarer-contractor"


def test_nobody_declares_for_another_person_or_department() -> None:
    seen = look(person("xxy-b", "information-officer@jzk"))
    for_other = declaration(CONDUCT, "xxy-b", "2026-11-20 09:00", subject="xxy-a")
    assert fault(seen, for_other) == "declared-for-another"
    elsewhere = declaration(UNKNOWN, "xxy-b", "2026-11-20 09:00", subject="xjk")
    assert fault(seen, elsewhere) == "declarer-lacks-role"


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"version": 2}, "wording-outdated"),
        ({"text_digest": "0" * 64}, "wording-outdated"),
        ({"until": day("2026-11-21")}, "period-in-future"),
        ({"from_": day("2026-11-21")}, "period-in-future"),
        ({"name": "no-profit"}, "wording-unknown"),
    ],
    ids=str,
)
def test_other_words_and_other_days_do_not_count(changes: dict[str, Any], name: str) -> None:
    given = declaration(REVIEW, "kz-a", "2026-11-20 09:00", **changes)
    assert fault(look(), given) == name


def test_a_signature_of_tomorrow_does_not_count_today() -> None:
    given = declaration(REVIEW, "kz-a", "2026-11-22 20:01", until=day("2026-11-22"))
    assert fault(look(), given) != ""
    assert fault(look(on="2026-11-22 20:01"), given) == ""


def test_another_role_than_the_wording_names_does_not_count() -> None:
    given = replace(declaration(REVIEW, "kz-a", "2026-11-20 09:00"), role="principal")
    assert fault(look(), given) == "declarer-lacks-role"


@pytest.mark.parametrize(("ended", "counts"), [("2026-11-20", True), ("2026-11-19", False)])
def test_the_role_is_held_on_the_day_of_signing(ended: str, counts: bool) -> None:
    rest = [p for p in PEOPLE if p.id != "kz-a"]
    head = person("kz-a", "section-head@xjk", until=ended)
    seen = archive(registers=registers(people=(*rest, head)))
    given = declaration(REVIEW, "kz-a", "2026-11-20 09:00")
    assert (fault(recorded(seen, "wordings", WORDINGS), given) == "") is counts


def test_old_words_count_for_the_day_on_which_they_were_in_force() -> None:
    newer = replace(
        REVIEW, value={**REVIEW.value, "version": 2, "text": "新的文字，新的承诺内容。",
                       "from": day("2026-11-21")}, id="basis-review-2",
    )  # fmt: skip
    seen = recorded(look(), "wordings", (REVIEW, newer))
    old = declaration(REVIEW, "kz-a", "2026-11-20 23:59")
    late = declaration(REVIEW, "kz-a", "2026-11-21 00:00")
    assert fault(seen, old) == ""
    assert fault(seen, late) == "wording-outdated"
    assert fault(seen, declaration(newer, "kz-a", "2026-11-21 00:00")) == ""


def test_an_account_opened_yesterday_owes_no_months_before_it() -> None:
    new = account("app", "app", opened_on=day("2026-11-21"))
    assert owed(look(accounts=[new]), HYGIENE) == [(Effect.NOTE, "2026-12-21")]
    old = account("app", "app", opened_on=day("2026-01-01"))
    assert owed(look(accounts=[old]), HYGIENE) == [(Effect.REFUSE, "2026-09-17")]


def test_a_person_appointed_today_owes_nothing_for_the_time_before() -> None:
    officer = Tenure("information-officer", "jzk", day("2026-11-22"), None)
    writer = Tenure("writer", "jzk", FORCE, None)
    new = Person("xxy-n", "某", False, (), (writer, officer))
    seen = look(new, on="2027-03-01 09:00")
    found = {c.owes: c.effect for c in declarations_due(seen, "staff-conduct")}
    assert found == {"xxy-a": Effect.REFUSE, "xxy-n": Effect.NOTE}


def test_a_declaration_from_an_earlier_office_does_not_make_a_new_one_late() -> None:
    first = Tenure("information-officer", "jzk", FORCE, day("2026-09-30"))
    again = Tenure("information-officer", "jzk", day("2027-03-01"), None)
    back = Person("xxy-n", "某", False, (), (first, again))
    seen = look(back, on="2027-03-02 09:00")
    given = declaration(CONDUCT, "xxy-n", "2026-08-20 09:00", subject="xxy-n")
    found = declarations_due(with_facts(seen, given), "staff-conduct")
    assert [str(c.due)[:10] for c in found if c.owes == "xxy-n"] == ["2027-09-01"]


def test_without_a_lead_department_nobody_speaks_for_the_archive() -> None:
    seen = look()
    leaderless = {i: replace(d, lead=False) for i, d in seen.registers.departments.items()}
    headless = replace(seen, registers=replace(seen.registers, departments=leaderless))
    given = declaration(REVIEW, "kz-a", "2026-11-20 09:00")
    assert fault(headless, given) == "declarer-lacks-role"


def test_each_declaration_of_one_record_counts_by_itself() -> None:
    """One signature covers a head's review and, wrongly, what only an operator may declare."""
    review = declaration(REVIEW, "kz-a", "2026-11-20 09:00")
    hygiene = declaration(HYGIENE, "kz-a", "2026-11-20 09:00", subject="wx")
    keys = ("role", "name", "version", "text_digest", "subject", "from", "until")
    also = [{key: hygiene[key] for key in keys}]
    first, second = each_declared(replace(review, value={**review.value, "also": also}))
    seen = look()
    assert fault(seen, first) == ""
    assert fault(seen, second) == "declarer-lacks-role"
    assert each_declared(review) == (review,)
