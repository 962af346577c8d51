"""Which rules a tree carries, and whether they are those that run."""

import subprocess
from pathlib import Path

import pytest

from pipeline.law.rulebook import NONE, RULES, carried_rules, differs
from tests.builders.cast import ROOT
from tests.builders.git import ENVIRONMENT


def _ids(folder: Path, kind: str, stem: str) -> dict[str, str]:
    """Path → git's own id of the files of a rule, in a repository of either kind."""
    subprocess.run(
        ["git", "init", "--quiet", f"--object-format={kind}", str(folder)],
        env=ENVIRONMENT, check=True,
    )  # fmt: skip
    files = sorted((ROOT / RULES).glob(f"{stem}*/**/*.py")) or [ROOT / RULES / f"{stem}.py"]
    told = subprocess.run(
        ["git", "-C", str(folder), "hash-object", "--no-filters", *map(str, files)],
        env=ENVIRONMENT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    names = [f.relative_to(ROOT).as_posix() for f in files]
    return dict(zip(names, told.stdout.split(), strict=True))


@pytest.mark.parametrize("kind", ["sha1", "sha256"])
@pytest.mark.parametrize("stem", ["a05_updates", "a02_accounts"])
def test_the_rule_that_runs_is_known_by_gits_ids(tmp_path: Path, kind: str, stem: str) -> None:
    files = _ids(tmp_path, kind, stem)
    ((key, rows),) = carried_rules(files).items()
    assert key == stem[1:3] and len(rows) == len(files)
    assert not differs(rows, stem)
    path = min(files)
    more = {**files, f"{RULES}{stem}/added.py": files[path]}
    for other in ({**files, path: "0" * len(files[path])}, more):
        assert differs(carried_rules(other)[key], stem)


def test_files_in_memory_tell_nothing() -> None:
    assert not differs(carried_rules({f"{RULES}a02_accounts.py": ""})["02"], "a02_accounts")
    assert not differs(NONE, "a02_accounts")


def test_what_is_no_rule_is_none() -> None:
    names = ("__init__.py", "aff_form/note.txt", "b19_x.py", "a19.py", "x/a19_calm.py", "a1_x.py")
    assert carried_rules({f"{RULES}{name}": "0" * 40 for name in names}) == {}
    found = carried_rules({f"{RULES}aff_form.py": "1", f"{RULES}a19_calm/__init__.py": "2"})
    assert sorted(found) == ["19", "F"]
