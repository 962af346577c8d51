"""What waits is printed so that it can be sent on: numbers masked, nothing where nothing waits."""

from pipeline.cli.status import status
from tests.builders.archive import ArchiveRepo
from tests.cli.at_the_desk import run

NUMBERED = "冬季防火三件事，编号13912345678"


def test_numbers_in_titles_are_masked(archive: ArchiveRepo) -> None:
    archive.draft(title=NUMBERED)
    archive.commit("起草", "zz-a")
    done = run(status, archive)
    assert "冬季防火三件事，编号139******78" in done.stdout
    assert "某xxy-a" in done.stdout and "13912345678" not in done.output


def test_nothing_is_printed_where_nothing_waits(archive: ArchiveRepo) -> None:
    """A message to a group chat is made of stdout: the remark is none."""
    done = run(status, archive)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "nothing-waits" in done.stderr
