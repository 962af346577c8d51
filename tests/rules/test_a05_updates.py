"""Article 5: cadence by week, gaps, the red line, true dates."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect
from pipeline.model.law import Rule
from pipeline.model.records import Publication
from pipeline.model.registers import Account
from pipeline.rules.a05_updates import RULE
from tests.builders.named import worded
from tests.rules import builders
from tests.rules.builders import archive, only, values, where
from tests.rules.builders import publication as published
from tests.rules.governance import account, at, day, registers

REGISTER = "content/registers/accounts.yml"
TEXT = account(opened_on=day("2026-11-09"))
FILM = account("sp", "channels", "av", opened_on=day("2026-11-01"))


def duties(rule: Rule, number: int, look: Archive) -> list[Complaint]:
    """Breaches and warnings; what an account owes in good time is told apart below."""
    found = builders.duties(rule, number, look)
    return [c for c in found if " owes " not in str(c.message)]


def publication(when: str, of: str = "", **more: Any) -> Publication:
    """A publication of a post of its own, unless one is named."""
    return published(when, of or f"{when[:10]}-at-{when[11:13]}{when[14:16]}", **more)


def look(
    found: Sequence[Publication], of: Account = TEXT, as_of: str = "2026-11-16 09:00"
) -> Archive:
    return archive(registers=registers([of]), publications=tuple(found), as_of=at(as_of))


def test_1_accepted_two_in_the_week() -> None:
    found = [publication("2026-11-10 09:00"), publication("2026-11-13 09:00")]
    assert duties(RULE, 1, look(found)) == []


def test_1_violated_one_in_a_finished_week() -> None:
    found = only(
        duties(RULE, 1, look([publication("2026-11-10 09:00")])),
        Effect.REFUSE,
        "updates-too-few",
        account="云岚wx",
        count=1,
        monday="2026-11-09",
        needed=2,
    )
    assert (where(found), found.owes) == ((REGISTER, 2), "wx")


def test_1_boundary_a_batch_is_one_update_and_single_posts_are_their_own() -> None:
    together = [
        publication("2026-11-10 09:00", batch="b1"),
        publication("2026-11-10 09:01", batch="b1"),
    ]
    assert [c.effect for c in duties(RULE, 1, look(together))] == [Effect.REFUSE]
    alone = [publication("2026-11-10 09:00"), publication("2026-11-10 09:01")]
    assert duties(RULE, 1, look(alone)) == []


def test_1_boundary_the_same_post_recorded_twice_is_one_update() -> None:
    found = [publication(f"2026-11-{n} 09:00", of="2026-11-10-same") for n in (10, 12)]
    assert [c.effect for c in duties(RULE, 1, look(found))] == [Effect.REFUSE]


def test_1_boundary_a_batch_name_used_again_is_another_batch() -> None:
    found = [publication(f"2026-11-{n} 09:00", batch="morning") for n in (10, 12)]
    assert duties(RULE, 1, look(found)) == []


@pytest.mark.parametrize(
    ("second", "enough"), [("2026-11-15 23:59", True), ("2026-11-16 00:00", False)]
)
def test_1_boundary_the_last_second_of_a_week(second: str, enough: bool) -> None:
    found = [publication("2026-11-09 00:00"), publication(second)]
    assert (duties(RULE, 1, look(found)) == []) is enough


def test_1_boundary_another_account_does_not_count() -> None:
    found = [publication("2026-11-10 09:00"), publication("2026-11-11 09:00", on="wb")]
    assert [c.effect for c in duties(RULE, 1, look(found))] == [Effect.REFUSE]


@pytest.mark.parametrize(
    ("as_of", "noted"), [("2026-11-12 23:59", False), ("2026-11-13 00:00", True)]
)
def test_1_boundary_running_week_from_friday(as_of: str, noted: bool) -> None:
    found = duties(RULE, 1, look([], as_of=as_of))
    if noted:
        only(
            found,
            Effect.NOTE,
            "updates-due",
            account="云岚wx",
            count=0,
            needed=2,
            sunday="2026-11-15",
        )
    else:
        assert found == []


def test_1_boundary_sunday_night_is_still_the_running_week() -> None:
    found = [publication("2026-11-10 09:00")]
    only(
        duties(RULE, 1, look(found, as_of="2026-11-15 23:59")),
        Effect.NOTE,
        "updates-due",
        account="云岚wx",
        count=1,
        needed=2,
        sunday="2026-11-15",
    )
    found.append(publication("2026-11-15 23:59"))
    assert duties(RULE, 1, look(found, as_of="2026-11-15 23:59")) == []


def test_1_boundary_weeks_not_wholly_active_do_not_count() -> None:
    tuesday = account(opened_on=day("2026-11-10"))
    assert duties(RULE, 1, look([], tuesday)) == []
    assert duties(RULE, 1, look([], tuesday, "2026-11-14 09:00")) == []
    closed = account(opened_on=day("2026-11-09"), closed_on=day("2026-11-14"))
    assert duties(RULE, 1, look([], closed)) == []


def test_1_boundary_audit_window_of_eight_weeks() -> None:
    """On Monday 16 November eight finished weeks reach back to 21 September."""
    old = account(opened_on=day("2026-09-07"))
    *recent, older = duties(RULE, 1, look([], old))
    assert [c.effect for c in recent] == [Effect.REFUSE] * 8
    assert values(recent[0])["monday"] == "2026-09-21"
    only(
        [older],
        Effect.NOTE,
        "updates-short-earlier",
        account="云岚wx",
        weeks=2,
        monday="2026-09-14",
    )


def test_1_boundary_no_duty_before_the_regulation() -> None:
    ancient = account(opened_on=day("2019-01-01"))
    (found,) = duties(RULE, 1, look([], ancient, "2023-04-03 09:00"))
    assert (found.name, values(found)["monday"]) == ("updates-too-few", "2023-03-27")


def test_2_accepted_within_ten_days() -> None:
    found = [publication(f"2026-11-{n:02} 09:00", on="sp") for n in (5, 12)]
    assert duties(RULE, 2, look(found, FILM)) == []


@pytest.mark.parametrize(("first", "refused"), [("2026-11-11", False), ("2026-11-12", True)])
def test_2_boundary_ten_and_eleven_days_from_the_opening(first: str, refused: bool) -> None:
    found = duties(RULE, 2, look([publication(f"{first} 00:00", on="sp")], FILM))
    if refused:
        assert (
            only(
                found,
                Effect.REFUSE,
                "silence-too-long",
                account="云岚sp",
                days=11,
                start="2026-11-01",
                limit=10,
            ).owes
            == "sp"
        )
    else:
        assert found == []


@pytest.mark.parametrize(
    ("as_of", "effect"),
    [
        ("2026-11-08", None),
        ("2026-11-09", Effect.NOTE),
        ("2026-11-11", Effect.NOTE),
        ("2026-11-12", Effect.REFUSE),
    ],
)
def test_2_boundary_running_gap(as_of: str, effect: Effect | None) -> None:
    found = duties(RULE, 2, look([], FILM, f"{as_of} 09:00"))
    assert [c.effect for c in found] == ([effect] if effect else [])
    if as_of == "2026-11-09":
        assert where(
            only(
                found,
                Effect.NOTE,
                "update-due",
                account="云岚sp",
                start="2026-11-01",
                due="2026-11-11",
            )
        ) == (REGISTER, 2)


def test_2_violated_old_gap_is_only_noted() -> None:
    """The audited weeks begin on 21 September; the gap ends the day before, or on that day."""
    film = account("sp", "channels", "av", opened_on=day("2026-09-01"))
    after = ["2026-09-30", "2026-10-10", "2026-10-20", "2026-10-30", "2026-11-09"]
    for end, effect in (("2026-09-20", Effect.NOTE), ("2026-09-21", Effect.REFUSE)):
        found = [publication(f"{d} 09:00", on="sp") for d in (end, *after)]
        assert [c.effect for c in duties(RULE, 2, look(found, film))] == [effect]


def test_2_boundary_text_accounts_have_no_such_duty() -> None:
    assert duties(RULE, 2, look([], account())) == []


def test_3_accepted_thirteen_days() -> None:
    assert duties(RULE, 3, look([], FILM, "2026-11-14 09:00")) == []


def test_3_violated_fourteen_days_on_any_account() -> None:
    text = account(opened_on=day("2026-11-01"))
    found = only(
        duties(RULE, 3, look([], text, "2026-11-15 09:00")),
        Effect.REFUSE,
        "silence-red-line",
        account="云岚wx",
        days=14,
        start="2026-11-01",
        limit=14,
    )
    assert (where(found), found.owes) == ((REGISTER, 2), "wx")
    assert str(found.remedy) == worded("publish-now")


def test_3_boundary_closed_account_is_silent_only_while_in_use() -> None:
    short = account(opened_on=day("2026-11-01"), closed_on=day("2026-11-14"))
    assert duties(RULE, 3, look([], short, "2026-11-30 09:00")) == []
    long = account(opened_on=day("2026-11-01"), closed_on=day("2026-11-15"))
    found = duties(RULE, 3, look([], long, "2026-11-30 09:00"))
    assert [(c.effect, str(c.remedy)[:10]) for c in found] == [(Effect.REFUSE, "A past gap")]


def test_3_boundary_a_time_to_come_is_no_update() -> None:
    later = publication("2026-11-15 10:00", on="sp")
    assert len(duties(RULE, 3, look([later], FILM, "2026-11-15 09:00"))) == 1


def test_3_boundary_account_opened_tomorrow() -> None:
    assert duties(RULE, 3, look([], FILM, "2026-10-31 09:00")) == []


PUBLICATIONS = st.lists(
    st.builds(
        lambda d, h, on, b: publication(
            f"2026-{d // 28 + 9:02}-{d % 28 + 1:02} {h:02}:00", on=on, batch=b
        ),
        st.integers(0, 80),
        st.integers(0, 23),
        st.sampled_from(("wx", "sp")),
        st.sampled_from(("", "b1", "b2")),
    ),
    max_size=12,
)


@given(st.data(), PUBLICATIONS)
def test_order_of_publications_changes_nothing(
    data: st.DataObject, found: list[Publication]
) -> None:
    shuffled = data.draw(st.permutations(found))
    both = registers([account(opened_on=day("2026-09-01")), FILM])
    for number in (1, 2, 3):
        one, other = (
            duties(RULE, number, archive(registers=both, publications=tuple(p)))
            for p in (found, shuffled)
        )
        assert one == other


@given(PUBLICATIONS)
def test_one_more_update_never_makes_a_week_worse(found: list[Publication]) -> None:
    before = duties(RULE, 1, look(found, account(opened_on=day("2026-09-07"))))
    more = [*found, publication("2026-11-10 09:00", of="2026-11-10-extra")]
    after = duties(RULE, 1, look(more, account(opened_on=day("2026-09-07"))))
    assert len(after) <= len(before)
