"""What a run does not import: each of these costs more than what the run is for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders.archive import POST, ArchiveRepo

SELDOM = (
    "PIL", "cryptography.x509", "filelock", "icalendar", "importlib.metadata", "jinja2",
    "jsonschema", "mkdocs", "segno", "typst", "zipfile",
)  # fmt: skip
"""Used by runs with pictures, tokens, zip files or a site alone, and imported by those."""


def test_a_check_starts_without_what_few_posts_need() -> None:
    code = f"import pipeline.cli.verify, sys; print(*({{*{SELDOM!r}}} & {{*sys.modules}}))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert shown.stdout.split() == []


def test_the_list_of_verbs_imports_none_of_them() -> None:
    code = (
        "import sys; from pipeline.program import VERBS, main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        'modules = {where.partition(":")[0] for where in VERBS.values()}\n'
        "print(*({'git', 'pipeline.model.registers', *modules} & {*sys.modules}), file=sys.stderr)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert shown.stderr.split() == []


@pytest.mark.parametrize(
    ("verb", "most"),
    [(("check", POST), 4), (("verify", "--base", "main", "--any-program"), 9)],
    ids=["check", "verify"],
)
def test_a_run_starts_few_processes_and_no_second_reader_of_git(
    approved: ArchiveRepo, tmp_path: Path, verb: tuple[str, ...], most: int
) -> None:
    """One process reads objects; each other question to git is a process of its own."""
    events, state = tmp_path / "events", {"XDG_STATE_HOME": str(tmp_path / "state")}
    code = (
        "import sys; from pipeline.program import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit as end: print(end.code, *({'git'} & {*sys.modules}), file=sys.stderr)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code, "-C", str(approved.root), *verb], capture_output=True,
        text=True, env={**os.environ, **state, "GIT_TRACE2_EVENT": str(events)},
    )  # fmt: skip
    assert shown.stderr.split()[-1].isdecimal(), shown.stderr
    started = [row for row in events.read_text().splitlines() if '"event":"start"' in row]
    assert 0 < len(started) <= most, started
