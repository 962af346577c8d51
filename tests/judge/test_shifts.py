"""A duty roster names who is there at night, and says what is missing before the night comes."""

from datetime import timedelta

from pipeline.cli.status import status
from pipeline.history.duties import duties
from pipeline.model.findings import Effect
from tests.builders import entering
from tests.builders.archive import ArchiveRepo
from tests.builders.entering import value_of
from tests.cli.at_the_desk import NOW, run

ALL = "xxy-a kz-a ld-a gly-a"


def enter(archive: ArchiveRepo, *days: str) -> None:
    given = [part for day in days for part in ("--days", day)]
    value = value_of("shifts", *given)
    entering.enter(archive.root, "shifts", {"person": "xxy-a", **value})
    archive.commit("值班表", "xxy-a")


def notes(archive: ArchiveRepo) -> list[tuple[str, ...]]:
    owed = duties(archive.open(), archive.head(), lambda _: NOW)
    rows = [f for f in owed.findings if "shifts" in f.location.path]
    assert {f.effect for f in rows} <= {Effect.NOTE}
    return [
        (f.name, f"{f.due:%m-%d}", *(str(v) for _, v in f.message.values)) for f in rows if f.due
    ]


def test_a_night_without_someone_for_a_step_is_told_before_it_comes(archive: ArchiveRepo) -> None:
    days = [f"day={(NOW + timedelta(n)).date()},people={ALL}" for n in range(9)]
    days[2] = days[2].replace(" ld-a", "").replace(" gly-a", "")
    enter(archive, *days)
    assert notes(archive) == [("night-uncovered", "11-07", "2026-11-07", "final review, publish")]


def test_a_later_entry_of_a_day_replaces_an_earlier_one(archive: ArchiveRepo) -> None:
    days = [f"day={(NOW + timedelta(n)).date()},people={ALL}" for n in range(9)]
    enter(archive, days[0].replace(ALL, "kz-a"))
    enter(archive, *days)
    assert notes(archive) == []
    shown = run(status, archive).stdout
    assert "On duty today: 某xxy-a, 某kz-a, 某ld-a, 某gly-a." in shown


def test_a_roster_that_ends_soon_says_so_and_none_is_asked_of_nobody(
    archive: ArchiveRepo,
) -> None:
    assert notes(archive) == []
    enter(archive, f"day=2026-11-08,people={ALL}")
    assert notes(archive) == [("shifts-end", "11-08", "2026-11-08")]
    assert "On duty" not in run(status, archive).stdout
