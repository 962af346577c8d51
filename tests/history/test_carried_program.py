"""An archive that carries its program goes on verifying under the program of today."""

import json

import pytest

from tests.builders.archive import ArchiveRepo
from tests.builders.judging import run
from tests.builders.old_archive import ASSETS


def test_its_history_is_judged_as_its_own_program_judged_it(carried: ArchiveRepo) -> None:
    before = json.loads((ASSETS / "audit.json").read_bytes())
    done = run(carried.root, "audit", "--as-of", before["as_of"], "--format", "json", lang="zh")
    now = json.loads(done.stdout)
    assert now["verdicts"] == before["verdicts"]
    assert (now["decision"], now["exit_code"]) == (before["decision"], before["exit_code"])


@pytest.mark.parametrize("post", ["2026-11-05-winter-fire", "2026-11-05-gas"])
def test_its_posts_stand(carried: ArchiveRepo, post: str) -> None:
    report = carried.standing()
    (verdict,) = (v for v in report.verdicts if v.subject == post)
    assert verdict.publishable
