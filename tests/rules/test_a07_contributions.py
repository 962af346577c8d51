"""Article 7: information officers, contributions and proposals of departments."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pipeline.model.archive import Archive
from pipeline.model.findings import Effect
from pipeline.model.registers import Person
from pipeline.rules.a07_contributions import RULE
from tests.rules.builders import archive, duties, only, post, where
from tests.rules.facts import fact, with_facts
from tests.rules.governance import at, day, person
from tests.rules.standing import DEPARTMENTS, registers, said

PAIR = (
    person("a", "information-officer@xjk", "information-officer@jzk"),
    person("b", "information-officer@xjk", "information-officer@jzk"),
)


def staffed(*people: Person) -> Archive:
    return archive(registers=registers(people=people))


def test_1_accepted_two_officers_each_even_the_same_people() -> None:
    assert duties(RULE, 1, staffed(*PAIR)) == []


@pytest.mark.parametrize(
    "other",
    [
        person("c", "writer@jzk"),
        person("c", "information-officer@jzk", contractor=True),
        person("c", "information-officer@jzk", until="2026-11-21"),
    ],
)
def test_1_violated_a_department_without_officer(other: Person) -> None:
    people = (person("a", "information-officer@xjk"), person("b", "information-officer@xjk"), other)
    found = only(
        duties(RULE, 1, staffed(*people)),
        Effect.REFUSE,
        "officer-missing",
    )
    assert (where(found), found.owes) == ((DEPARTMENTS, 3), "jzk")


def test_1_boundary_a_single_officer_is_noted() -> None:
    last = person("b", "information-officer@xjk", until="2026-11-22")
    found = duties(RULE, 1, staffed(PAIR[0], last))
    only(found, Effect.NOTE, "officer-single")


def supplied(on: str, *posts: tuple[str, str], since: str = "2026-08-17") -> Archive:
    """An archive with a post for each (id, department)."""
    made = registers()
    policy = replace(made.policy, archive={**made.policy.archive, "since": day(since)})
    rows = [post(i, origin_dept=department) for i, department in posts]
    return archive(*rows, as_of=at(on), registers=replace(made, policy=policy))


BOTH = [("2026-10-02-x", "xjk"), ("2026-11-02-x", "jzk")]


def test_2_accepted_everybody_supplied() -> None:
    assert duties(RULE, 2, supplied("2026-12-31 20:00", *BOTH)) == []


def test_2_violated_a_quarter_gone_by_without_a_post() -> None:
    found = only(
        duties(RULE, 2, supplied("2027-01-01 00:00", BOTH[0])),
        Effect.NOTE,
        "contributions-due",
    )
    assert (found.owes, where(found)) == ("jzk", (DEPARTMENTS, 3))


@pytest.mark.parametrize(("on", "count"), [("2026-11-30 23:59", 0), ("2026-12-01 00:00", 1)])
def test_2_boundary_named_in_the_last_thirty_days(on: str, count: int) -> None:
    found = duties(RULE, 2, supplied(on, BOTH[0]))
    assert len(found) == count
    if found:
        assert found[0].due == at("2026-12-31 23:59").replace(second=59)
        assert found[0].name == ("contributions-due")


@pytest.mark.parametrize(("since", "count"), [("2026-07-01", 2), ("2026-07-02", 0)])
def test_2_boundary_only_whole_quarters_of_the_archive(since: str, count: int) -> None:
    look = supplied("2026-10-01 00:00", since=since)
    assert len(duties(RULE, 2, look)) == count


def test_2_boundary_nothing_is_said_where_not_all_posts_are_loaded() -> None:
    look = supplied("2026-12-31 20:00", BOTH[0])
    partial = replace(look, post_ids=look.post_ids | {"2026-10-09-y"})
    assert duties(RULE, 2, partial) == []


def event(departments: Sequence[str], hot: bool = True) -> Archive:
    found = at("2026-11-05 09:00")
    opinion = fact("opinions", hot=hot, departments=list(departments), found_at=found)
    return with_facts(archive(registers=registers()), opinion)


def test_3_accepted_those_concerned_are_asked() -> None:
    asked = event(["xjk", "jzk"])
    task = fact("inquiries", tasks=[{"department": "jzk"}])
    assert duties(RULE, 3, with_facts(asked, task)) == []


def test_3_violated_only_the_lead_is_asked_of_a_hot_event() -> None:
    only(duties(RULE, 3, event(["xjk"])), Effect.NOTE, "departments-not-asked")


def test_3_violated_departments_that_do_not_exist() -> None:
    task = fact("inquiries", tasks=[{"department": "jzk"}, {"department": "none"}])
    found = duties(RULE, 3, with_facts(event(["jzk", "gone"]), task))
    assert said(found) == [
        (Effect.REFUSE, "department-unknown"),
        (Effect.REFUSE, "department-unknown"),
    ]


def test_3_boundary_an_event_of_little_attention_and_an_inquiry_without_task() -> None:
    assert duties(RULE, 3, with_facts(event(["xjk"], hot=False), fact("inquiries"))) == []


def test_2_boundary_two_quarters_of_a_department_are_two_findings() -> None:
    """What a change brings is told by name, subject and place: the quarter is of the subject."""
    look = supplied("2026-12-31 20:00", since="2026-07-01")
    about = [c.about for c in duties(RULE, 2, look)]
    assert len(about) == len(set(about)) > 2
