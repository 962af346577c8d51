"""Snapshots, sources and limits of a post's files."""

import pytest

from pipeline.model.findings import Effect, Outcome
from tests.builders.archive import PNG, POST, ArchiveRepo
from tests.builders.files import folder

PATH = f"{folder(POST)}/post.md"


def test_an_unknown_source(archive: ArchiveRepo) -> None:
    source = {
        "id": "nobody",
        "url": "https://news.example/1",
        "title": "冬季防火三件事",
        "published_at": "2026-11-04T08:00:00+08:00",
        "snapshot": "source.txt",
        "fetched_at": "2026-11-04T09:00:00+08:00",
    }
    archive.draft(
        origin="reprint",
        source=source,
        license={"basis": "official-document"},
        files={"source.txt": "关好火源再出门。三件事断电、关火、清通道。\n".encode()},
    )
    archive.commit("转载")
    found = {(f.clause, f.name): f for f in archive.verify().findings}
    wanted = ("R09-2", "source-unlisted")
    assert wanted in found, found.keys()
    line = found[wanted].location.line
    assert archive.read(PATH).decode().split("\n")[line - 1].startswith("source:")


def test_a_snapshot_in_another_encoding(archive: ArchiveRepo) -> None:
    archive.draft(files={"source.txt": "原文".encode("gb18030")})
    archive.commit("转载")
    found = {(f.location.path, f.name) for f in archive.verify().findings}
    assert (f"{folder(POST)}/source.txt", "file-not-utf8") in found


@pytest.mark.parametrize(("count", "refused"), [(59, False), (60, True)])
def test_the_number_of_files_is_bounded(archive: ArchiveRepo, count: int, refused: bool) -> None:
    """Sixty with post.md; a review signs each of them."""
    archive.draft(files={f"note-{n:02}.txt": b"x\n" for n in range(count)})
    archive.commit("附件")
    found = {f.name: f for f in archive.verify().findings}
    assert ("files-too-many" in found) is refused


def test_a_file_beyond_the_limit_is_not_read(archive: ArchiveRepo) -> None:
    archive.draft(files={"film.mp4": PNG})
    with (archive.root / folder(POST) / "film.mp4").open("wb") as film:
        film.truncate(20_000_001)
    archive.commit("大文件")
    found = {f.name: f for f in archive.verify().findings}
    assert "file-too-large" in found


@pytest.mark.parametrize("last", [19_000_000, 20_000_000])
def test_all_files_of_a_post_together_are_bounded(archive: ArchiveRepo, last: int) -> None:
    """What is beyond the limit is refused by the name of the largest, and not read."""
    names = [f"{n}.mp4" for n in range(5)]
    archive.draft(files=dict.fromkeys(names, PNG))
    for name in names:
        with (archive.root / folder(POST) / name).open("wb") as film:
            film.truncate(last)
    archive.commit("视频")
    found = {(f.location.path, f.name) for f in archive.verify().findings}
    assert ((f"{folder(POST)}/4.mp4", "files-too-large") in found) is (last == 20_000_000)


def test_clauses_that_need_a_bad_key_are_not_evaluated(archive: ArchiveRepo) -> None:
    """They are neither passed nor failed, and the post is refused for it."""
    archive.draft(category="three")
    archive.commit("坏稿")
    verdict = next(v for v in archive.verify().verdicts if v.subject == POST)
    outcome = verdict.outcomes["R09-1"]
    assert outcome in (Outcome.NOT_EVALUATED, Outcome.VIOLATED)
    assert verdict.decision is Effect.REFUSE


def test_a_post_without_front_matter_evaluates_nothing_that_needs_it(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.write(PATH, "只有正文。\n")
    archive.commit("坏稿")
    verdict = next(v for v in archive.verify().verdicts if v.subject == POST)
    skipped = {i for i, o in verdict.outcomes.items() if o is Outcome.NOT_EVALUATED}
    assert {"R02-1", "R03-1", "R09-1", "F-1", "F-2"} <= skipped
