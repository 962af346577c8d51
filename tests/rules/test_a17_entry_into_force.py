"""Article 17: from when the regulation binds, and how policy changes."""

import pytest

from pipeline.model.archive import Archive, Mode
from pipeline.model.findings import Effect
from pipeline.model.law import bound
from pipeline.model.records import Fact
from pipeline.rules.a17_entry_into_force import RULE
from tests.builders.named import worded
from tests.rules.builders import (
    archive,
    authorisation,
    change,
    complaints,
    duties,
    line,
    objections,
    only,
    post,
    situated,
    where,
)
from tests.rules.facts import declaration, entries, fact, with_facts, wording
from tests.rules.governance import at, day
from tests.rules.standing import Setting, checked, declared, policed, proposed, said

FORCE: Setting = ("2023-03-21", "[S] 细则第十七条", "2023-03-21")
OLD: Setting = (2, "[S] 细则第五条", "2023-03-21")
LOST = "setting-altered"
REVIEW = wording("policy-review", "section-head")


def dated(when: str) -> Archive:
    subject = post(f"{when[:10]}-x", publish_at=at(when))
    return archive(subject, mode=Mode.STANDING)


def looked(*settings: Setting, on: str = "2026-11-22 20:00") -> Archive:
    return archive(registers=policed(a__b=settings), as_of=at(on))


def test_1_accepted_everything_since_the_regulation() -> None:
    look = dated("2026-11-03 09:30")
    (subject,) = look.posts.values()
    assert bound(subject, look)
    assert complaints(RULE, 1, subject, look) == []


def test_1_violated_an_older_post_is_noted_and_not_judged() -> None:
    look = dated("2022-05-12 09:00")
    (subject,) = look.posts.values()
    found = only(complaints(RULE, 1, subject, look), Effect.NOTE, "before-regulation")
    assert where(found) == line(subject, "publish_at")
    assert not bound(subject, look)


@pytest.mark.parametrize(
    ("when", "judged"), [("2023-03-20 23:59", False), ("2023-03-21 00:00", True)]
)
def test_1_boundary_midnight_of_the_first_day(when: str, judged: bool) -> None:
    look = dated(when)
    (subject,) = look.posts.values()
    assert bound(subject, look) is judged
    assert (complaints(RULE, 1, subject, look) == []) is judged


def test_1_boundary_no_date_of_old_carries_a_change_past_its_judges() -> None:
    subject = post("2022-05-12-x", publish_at=at("2022-05-12 09:00"))
    look = archive(subject, change=change())
    assert bound(subject, look)
    assert complaints(RULE, 1, subject, look) == []


def test_1_boundary_a_post_without_date_is_judged() -> None:
    subject = post(publish_at=None)
    assert bound(subject, archive(subject, mode=Mode.STANDING))


@pytest.mark.parametrize(("since", "wrong"), [("2023-03-20", True), ("2023-03-21", False)])
def test_1_boundary_no_duty_before_the_regulation(since: str, wrong: bool) -> None:
    settings = policed(since=since, regulation__in_force_from=[FORCE])
    found = checked(RULE, 1, archive(registers=settings))
    words = "counted-before-regulation"
    assert said(found) == ([(Effect.REFUSE, words)] if wrong else [])


def test_2_accepted_a_setting_added_from_a_day_to_come() -> None:
    look = looked(OLD)
    after = policed(a__b=[OLD, (3, "[S] 细则第五条", "2027-01-01")])
    assert objections(RULE, 2, proposed(after), look) == []
    assert objections(RULE, 2, change(), look) == []
    assert checked(RULE, 2, look) == []


@pytest.mark.parametrize(
    "settings",
    [
        [(3, "[S] 细则第五条", "2023-03-21")],
        [(2, "[S] 细则第五条", "2023-03-22")],
        [(2.0001, "[S] 细则第五条", "2023-03-21")],
    ],
)
def test_2_violated_a_setting_that_took_effect_is_gone(settings: list[Setting]) -> None:
    found = objections(RULE, 2, proposed(policed(a__b=settings)), looked(OLD))
    assert (Effect.REFUSE, LOST) in said(found)


def test_2_violated_a_parameter_is_removed() -> None:
    only(objections(RULE, 2, proposed(policed()), looked(OLD)), Effect.REFUSE, "setting-altered")


def test_2_violated_true_and_one_are_not_the_same() -> None:
    on: Setting = (True, "[D] 自定", "2023-03-21")
    number = policed(a__b=[(1, "[D] 自定", "2023-03-21")])
    only(objections(RULE, 2, proposed(number), looked(on)), Effect.REFUSE, "setting-altered")


def test_2_violated_a_setting_from_a_day_that_has_passed() -> None:
    after = policed(a__b=[OLD, (3, "[D] 自定", "2026-11-21")])
    found = only(
        objections(RULE, 2, proposed(after), looked(OLD)),
        Effect.REFUSE,
        "setting-backdated",
    )
    assert str(found.remedy) == worded("take-effect-later", day="2026-11-22")


def test_2_violated_two_settings_from_one_day() -> None:
    twice = policed(a__b=[OLD, (3, "[D] 自定", "2023-03-21")])
    words = "setting-twice"
    only(checked(RULE, 2, archive(registers=twice)), Effect.REFUSE, "setting-twice")
    assert (Effect.REFUSE, words) in said(objections(RULE, 2, proposed(twice), looked(OLD)))


def test_2_boundary_today_is_early_enough_and_a_better_source_no_change() -> None:
    after = policed(a__b=[(2, "[V] 国办发〔2018〕123号", "2023-03-21"), (3, "[D]", "2026-11-22")])
    assert objections(RULE, 2, proposed(after), looked(OLD)) == []


def test_2_boundary_what_is_to_come_may_still_be_withdrawn() -> None:
    to_come: Setting = (9, "[D] 自定", "2026-11-23")
    assert objections(RULE, 2, proposed(policed(a__b=[OLD])), looked(OLD, to_come)) == []
    kept = looked(OLD, to_come, on="2026-11-23 00:00")
    assert len(objections(RULE, 2, proposed(policed(a__b=[OLD])), kept)) == 1


def test_2_boundary_a_new_parameter_may_state_the_past() -> None:
    after = policed(a__b=[OLD], c__d=[(1, "[D] 自定", "2023-03-21")])
    assert objections(RULE, 2, proposed(after), looked(OLD)) == []


@pytest.mark.parametrize(("effective", "wrong"), [("2024-05-06", False), ("2024-05-05", True)])
def test_2_boundary_a_look_back_takes_the_day_of_the_last_signature(
    effective: str, wrong: bool
) -> None:
    after = policed(a__b=[OLD, (3, "[D] 自定", effective)])
    signed = tuple(
        authorisation(who, role, (), signed_at=at(when))
        for who, role, when in (
            ("kz-a", "section-head", "2024-05-04 09:00"),
            ("ld-a", "leader-in-charge", "2024-05-06 00:00"),
        )
    )
    look = archive(registers=policed(a__b=[OLD]), mode=Mode.STANDING)
    came = situated(look, entered=at("2024-05-08 09:00"))
    found = objections(RULE, 2, proposed(after, authorisations=signed), came)
    assert bool(found) is wrong
    late = situated(look, entered=at("2024-05-14 09:00"))  # a week after that day, and one more
    assert objections(RULE, 2, proposed(after, authorisations=signed), late)


def test_3_accepted_review_of_this_year() -> None:
    look = archive(registers=entries(policed(since="2025-01-01"), "wordings", REVIEW))
    made = declaration(REVIEW, "kz-a", "2026-11-20 10:00")
    (found,) = declared(RULE, 3, with_facts(look, made))
    assert (found.effect, found.due) == (Effect.NOTE, at("2027-11-20 23:59").replace(second=59))


def test_3_violated_never_reviewed() -> None:
    look = archive(registers=entries(policed(since="2025-01-01"), "wordings", REVIEW))
    only(declared(RULE, 3, look), Effect.NOTE, "declaration-due")


def test_3_boundary_leap_day() -> None:
    look = archive(
        registers=entries(policed(since="2024-01-01"), "wordings", REVIEW),
        as_of=at("2025-02-28 23:59"),
    )
    made = declaration(REVIEW, "kz-a", "2024-02-29 10:00", until=day("2024-02-29"))
    (found,) = declared(RULE, 3, with_facts(look, made))
    assert found.effect is Effect.NOTE


# What was published before the archive was begun.


def earlier(*days: str) -> Fact:
    posts = [
        {"title": d, "url": "https://a.example/1", "published_at": at(f"{d} 09:00")} for d in days
    ]
    return fact("earlier", "old", account="wx", posts=posts)


def test_1_accepted_what_is_listed_came_before_the_archive() -> None:
    look = with_facts(archive(registers=policed(since="2026-01-01")), earlier("2025-12-31"))
    (waits,) = duties(RULE, 1, look)
    assert waits.effect is Effect.NOTE and waits.name == "earlier-unsigned"


def test_1_boundary_the_first_day_of_the_archive_is_no_earlier_one() -> None:
    look = with_facts(archive(registers=policed(since="2026-01-01")), earlier("2026-01-01"))
    refused, _ = duties(RULE, 1, look)
    assert refused.effect is Effect.REFUSE
    assert refused.name == "not-earlier"
