"""A60: an archive is judged by another program than the one that its trusted commit names."""

import json
from collections.abc import Mapping
from pathlib import Path

import click
import pytest

from pipeline import __version__
from pipeline.cli.desk import desk
from pipeline.cli.publish import authorise
from pipeline.cli.review import approve
from pipeline.cli.site import build
from pipeline.cli.status import status
from pipeline.cli.verify import FORMATS, audit, check, verify
from pipeline.errors import Fault
from pipeline.report.formats import markdown_cell
from pipeline.report.summary import BY_ANOTHER
from pipeline.source.content.program_lock import LOCK
from pipeline.source.program import running
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import email
from tests.builders.desks import DeskRun, browser
from tests.builders.layers import carried, locked
from tests.builders.payloads import payload
from tests.builders.witnessing import witnessed
from tests.cli.at_the_desk import fault, run

pytestmark = pytest.mark.inside
OTHERS: Mapping[str, tuple[dict[str, bytes], str]] = {
    "newer": (locked("99.0.0"), "is older than the archive, which names 99.0.0."),
    "older": (locked("0.8.0"), "is newer than the one that the archive names, 0.8.0."),
    "other bytes": (
        locked(digest="0" * 64),
        f"has the version that the archive names, {__version__}, and other bytes: sha256:",
    ),
}
"""Lock of main → what is said of the program that runs."""
JUDGING: tuple[tuple[click.Command, tuple[str, ...], str], ...] = (
    (verify, (), ""),
    (verify, ("--base", "main", "--head", "proposal"), ""),
    (audit, (), ""),
    (build, (), ""),
    (desk, ("--port", "0"), ""),
    (approve, (POST,), "xxy-a"),
    (authorise, ("--reason", "试一试。"), "kz-a"),
)
"""Verb, its words, who signs."""
MARK = str(BY_ANOTHER)


@pytest.fixture
def draft(archive: ArchiveRepo) -> ArchiveRepo:
    """A draft on a branch of its own, which main does not hold."""
    archive.draft()
    archive.commit("起草", "zz-a")
    return archive


def name(archive: ArchiveRepo, lock: Mapping[str, bytes]) -> None:
    """Let main name another program."""
    archive.switch("main")
    for path, raw in lock.items():
        archive.write(path, raw)
    archive.commit("换锁", "gly-a")


def relock(archive: ArchiveRepo, lock: Mapping[str, bytes]) -> None:
    """Let main name another program, and the proposal stand on it."""
    name(archive, lock)
    people = archive.git.people(email("zz-a"), email("zz-a"))
    archive.git("rebase", "--quiet", "main", "proposal", env=people)


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize(("command", "words", "by"), JUDGING)
def test_nothing_is_judged_or_signed_by_it(
    draft: ArchiveRepo, other: str, command: click.Command, words: tuple[str, ...], by: str
) -> None:
    lock, named = OTHERS[other]
    relock(draft, lock)
    done = run(command, draft, *words, by=by)
    assert named in fault(done)
    assert draft.git("status", "--porcelain") == ""


@pytest.mark.parametrize("other", OTHERS)
def test_no_review_of_a_forge_is_witnessed_by_it(draft: ArchiveRepo, other: str) -> None:
    lock, named = OTHERS[other]
    relock(draft, lock)
    assert named in witnessed(draft, payload(draft.head(), []), code=1)["error"]


@pytest.mark.parametrize("command", [check, status])
@pytest.mark.parametrize("other", ["older", "other bytes"])
def test_who_only_looks_is_not_kept_out(
    draft: ArchiveRepo, other: str, command: click.Command
) -> None:
    lock, _ = OTHERS[other]
    relock(draft, lock)
    done = run(command, draft)
    assert not isinstance(done.exception, Fault), done.exception
    if command is check:
        assert "and not by the program that is named there" in done.stdout
        assert MARK not in done.stdout


# What --any-program says.


def lines_of(form: str, text: str) -> list[str]:
    """What a report in this form says, sentence by sentence."""
    if form == "json":
        report = json.loads(text)
        return [
            json.dumps(part)
            for part in (
                {k: v for k, v in report.items() if k != "verdicts"},
                *report["verdicts"],
                *(f for v in report["verdicts"] for f in v["findings"]),
            )
        ]
    if form == "sarif":
        (made,) = json.loads(text)["runs"]
        return [r["message"]["text"] for r in made["results"]] + made["properties"]["closing"]
    rows = [line for line in text.splitlines() if line.strip()]
    return [row for row in rows if not row.startswith(("|---", "| Clause"))]


@pytest.mark.parametrize("form", FORMATS)
def test_each_line_says_it_and_none_does_of_the_named_one(draft: ArchiveRepo, form: str) -> None:
    words = ("--base", "main", "--head", "proposal", "--format", form)
    mark = '"by_another": true' if form == "json" else MARK
    if form == "markdown":
        mark = markdown_cell(MARK)
    honest = lines_of(form, run(verify, draft, *words).stdout)
    relock(draft, OTHERS["other bytes"][0])
    lines = lines_of(form, run(verify, draft, *words, "--any-program").stdout)
    assert len(lines) >= len(honest) > 5
    assert [line for line in lines if mark not in line.replace(MARK, mark)] == []
    assert [line for line in honest if mark in line or MARK in line] == []


def test_an_older_program_cannot_judge_at_all(draft: ArchiveRepo) -> None:
    relock(draft, OTHERS["newer"][0])
    done = run(verify, draft, "--any-program")
    assert OTHERS["newer"][1] in fault(done)


def test_an_archive_of_before_is_judged_by_any_and_the_report_says_so(draft: ArchiveRepo) -> None:
    draft.switch("main")
    draft.git("rm", "--quiet", LOCK)
    for path, raw in carried({}).items():
        draft.write(path, raw)
    draft.commit("旧样", "gly-a")
    done = run(verify, draft)
    assert f"Judged by sanshen {__version__} {running().short}; no program is named" in done.stdout


# Desks.


def test_a_desk_shows_no_page_of_an_archive_that_names_another(
    draft: ArchiveRepo, tmp_path: Path
) -> None:
    """Two archives in one process: one names the program that runs, the other a later one."""
    same = DeskRun.over(draft, tmp_path / "same")
    relock(draft, OTHERS["other bytes"][0])
    other = DeskRun.over(draft, tmp_path / "other")
    pages = ("/", "/due", "/write", f"/posts/{POST}/", "/sign-in")
    opened, closed = browser(same.open(), "xxy-a"), browser(other.open(), "xxy-a")
    for page in (*pages, *pages):
        assert opened.get(page).status_code == 200, page
        answer = closed.get(page)
        assert answer.status_code == 503 and "文件内容却不同" in answer.text, page
    asked = closed.post("/declare", data={"declare": "x"})
    assert asked.status_code == 503


def test_a_desk_closes_when_main_names_another(draft: ArchiveRepo, tmp_path: Path) -> None:
    made = DeskRun.over(draft, tmp_path)
    client = browser(made.open(), "xxy-a")
    assert client.get("/").status_code == 200
    clone = ArchiveRepo.at(made.root)
    name(clone, OTHERS["newer"][0])
    clone.git("update-ref", "refs/remotes/origin/main", "main")
    answer = client.get("/")
    assert answer.status_code == 503 and "99.0.0" in answer.text
