"""proof: notes of the model."""

from pathlib import Path

from pipeline.parts.proofreading.verb import proof
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.desks import bureau
from tests.cli.at_the_desk import run as at_the_desk


def drafted(root: Path) -> ArchiveRepo:
    archive = bureau(root)
    archive.draft(body="单位应当加强安全生产管里。\n\n电话13912345678。\n")
    return archive


def test_a_draft_is_noted_with_line_and_column_and_nothing_is_refused(tmp_path: Path) -> None:
    archive = drafted(tmp_path / "archive")
    result = at_the_desk(proof, archive, POST)
    assert result.exit_code == 0, result.output
    assert (
        "/post.md:" in result.output and ":11 “管里”" in result.output and "管理" in result.output
    )
