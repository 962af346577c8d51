"""Article 5: what an account owes next, with its time; weeks that policy exempts."""

from datetime import timedelta

from pipeline.model.findings import Effect
from pipeline.report.language import translator
from pipeline.rules.a05_updates import RULE
from tests.rules import builders
from tests.rules.builders import archive, only
from tests.rules.governance import at, registers
from tests.rules.test_a05_updates import FILM, TEXT, duties, look, publication


def test_1_accepted_what_the_running_week_still_owes_has_its_time() -> None:
    found = only(
        builders.duties(RULE, 1, look([publication("2026-11-10 09:00")], as_of="2026-11-11 09:00")),
        Effect.NOTE,
        "updates-due",
        account="云岚wx",
        count=1,
        needed=2,
        sunday="2026-11-15",
    )
    assert found.due == at("2026-11-15 23:59") + timedelta(seconds=59)


def test_1_said_in_chinese_with_the_account_s_name_and_a_chinese_date() -> None:
    (found,) = duties(RULE, 1, look([publication("2026-11-10 09:00")], as_of="2026-11-16 09:00"))
    (said,) = builders.duties(RULE, 1, look([], as_of="2026-11-11 09:00"))
    chinese = translator("zh")
    assert chinese(found.message) == "账号“云岚wx”在2026年11月9日起的一周更新1次；应更新2次。"
    assert chinese(said.message) == "账号“云岚wx”本周（至2026年11月15日）须更新 2 次，已更新 0 次。"
    assert found.owes == said.owes == "wx"


def test_1_boundary_a_week_that_policy_exempts_owes_nothing() -> None:
    exempt = registers([TEXT], cadence__exempt_weeks=["2026-11-11"])
    seen = archive(registers=exempt, publications=(), as_of=at("2026-11-16 09:00"))
    assert duties(RULE, 1, seen) == []


def test_2_boundary_a_running_gap_tells_when_the_next_update_is_due() -> None:
    found = only(
        builders.duties(RULE, 2, look([], FILM, "2026-11-03 09:00")),
        Effect.NOTE,
        "update-due",
        account="云岚sp",
        start="2026-11-01",
        due="2026-11-11",
    )
    assert found.due == at("2026-11-11 23:59") + timedelta(seconds=59)
