"""What a wheel brings is enough: installed alone, far from the repository, every verb starts.

The walk-through of the README is walked from it (test_readme.py).
"""

from pathlib import Path

from pipeline.cli import VERBS
from tests.builders.cast import ROOT
from tests.e2e.pasted import environment, paste

HELP = """
import sys
from pipeline.cli import main
for verb in sys.argv[1:]:
    try:
        main([verb, "--help"])
    except SystemExit as end:
        assert end.code == 0, verb
"""


def test_the_program_is_the_wheels(wheel: Path, tmp_path: Path) -> None:
    code = "import pipeline, sys; print(pipeline.__file__, sys.path)"
    done = paste(f"python -c '{code}'", tmp_path, environment(tmp_path / "home", wheel))
    where, _, path = done.stdout.partition(" ")
    assert Path(where).is_relative_to(wheel.parent), done.stderr
    assert f"'{ROOT}'" not in path


def test_every_verb_has_its_help(wheel: Path, tmp_path: Path) -> None:
    shell = f"python -c '{HELP}' {' '.join(VERBS)}"
    done = paste(shell, tmp_path, environment(tmp_path / "home", wheel))
    assert (done.returncode, done.stderr) == (0, "")
    assert all(f"Usage: sanshen {verb} " in done.stdout for verb in VERBS)
