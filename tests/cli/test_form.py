"""`sanshen form`: which forms, which files, what it says about missing signatures."""

from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from pipeline.cli.options import Session
from pipeline.errors import Fault
from pipeline.parts.form.verbs import form
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.named import fault_named, speaking

LATER = "2026-11-06-stove"
AS_OF = ["--as-of", "2026-11-06T18:00:00+08:00"]
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a signed post and one that nobody has signed, on two days of one month."""
    made = ArchiveRepo.begin(tmp_path_factory.mktemp("archive"))
    made.draft()
    made.approve_all()
    made.draft(LATER, title="炉火三不要")
    made.commit()
    return made.root


@pytest.fixture
def run(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the verb from another, empty folder."""
    monkeypatch.chdir(tmp_path)
    session = Session(root, "en", speaking("names"), {})

    def invoked(*arguments: str) -> Result:
        return CliRunner().invoke(form, [*arguments, *AS_OF], obj=session)

    return invoked


def fault(result: Result) -> str:
    assert isinstance(result.exception, Fault)
    assert result.exception.remedy is not None
    return fault_named(result.exception)


def made(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_a_day_becomes_a_pdf_named_for_it(run: Run, tmp_path: Path) -> None:
    result = run("--day", POST[:10])
    assert (result.exit_code, result.stdout, result.stderr) == (0, "2026-11-05.pdf\n", "")
    assert (tmp_path / "2026-11-05.pdf").read_bytes().startswith(b"%PDF-1.7")
    assert made(tmp_path) == ["2026-11-05.pdf"]


def test_a_post_is_named_by_id_or_path(run: Run, tmp_path: Path) -> None:
    for name in (POST, f"content/posts/2026/{POST}/post.md"):
        result = run("--post", name, "--format", "html", "--output", "one.html")
        assert result.stdout == "one.html\n"
    text = (tmp_path / "one.html").read_text("utf-8")
    assert f"SP2026-1105-{POST[11:]}" in text
    assert made(tmp_path) == ["one.html"]


def test_a_month_fills_a_folder(run: Run, tmp_path: Path) -> None:
    result = run("--month", "2026-11", "-f", "html", "-o", "forms/2026")
    assert result.stdout.split() == ["forms/2026/2026-11-05.html", "forms/2026/2026-11-06.html"]
    assert made(tmp_path) == result.stdout.split()


def test_missing_signatures_are_told_on_stderr_and_left_empty(run: Run, tmp_path: Path) -> None:
    result = run("--day", LATER[:10], "-f", "html")
    assert result.exit_code == 0
    assert result.stderr == "boxes-empty 2026-11-06 3\n"
    assert (tmp_path / "2026-11-06.html").read_text("utf-8").count("（签字）") == 3


def test_same_archive_same_bytes(run: Run, tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        run("--day", POST[:10], "-o", name)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_name_without_ending_is_a_folder(run: Run, tmp_path: Path) -> None:
    assert run("--day", POST[:10], "-f", "html", "-o", "out").stdout == "out/2026-11-05.html\n"
    assert made(tmp_path) == ["out/2026-11-05.html"]


@pytest.mark.parametrize("given", [[], ["--day", "2026-11-05", "--month", "2026-11"]])
def test_exactly_one_thing_is_asked_for(run: Run, given: list[str]) -> None:
    result = run(*given)
    assert result.exit_code == click.UsageError.exit_code
    assert "form-of-what" in result.stderr


@pytest.mark.parametrize("given", [["--day", "2026-11-31"], ["--day", "5.11."], ["--month", "11"]])
def test_what_is_no_day_is_refused(run: Run, given: list[str], tmp_path: Path) -> None:
    assert run(*given).exit_code == click.UsageError.exit_code
    assert made(tmp_path) == []


def test_nothing_to_print_is_a_fault(run: Run, tmp_path: Path) -> None:
    assert fault(run("--day", "2026-11-04")) == "no-post-planned 2026-11-04"
    assert fault(run("--month", "2025-11")) == "no-post-planned 2025-11"
    assert fault(run("--post", "2026-11-05-gone")) == "post-unknown 2026-11-05-gone"
    assert made(tmp_path) == []


def test_several_forms_do_not_go_into_one_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "there.pdf").write_bytes(b"mine")
    message = fault(run("--month", "2026-11", "-o", "there.pdf"))
    assert message == "folder-needed there.pdf"
    assert (tmp_path / "there.pdf").read_bytes() == b"mine"
