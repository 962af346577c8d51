"""An archive that carries its program goes on verifying under the program of today."""

import json
from pathlib import Path

import pytest

from pipeline.judge.change_facts import theme_of
from pipeline.source.git.repository import Repository
from pipeline.source.program import pack, running, shipped
from tests.builders.archive import ArchiveRepo
from tests.builders.judging import run
from tests.builders.old_archive import ASSETS, as_of_then
from tests.builders.upgrading import upgrading, wheel_file
from tests.cli.at_the_desk import fault


def test_its_history_is_judged_as_its_own_program_judged_it(carried: ArchiveRepo) -> None:
    before = json.loads((ASSETS / "audit.json").read_bytes())
    done = run(carried.root, "audit", "--as-of", before["as_of"], "--format", "json", lang="zh")
    now = json.loads(done.stdout)
    judged = [[*map(as_of_then, report["verdicts"])] for report in (now, before)]
    assert judged[0] == judged[1]
    assert (now["decision"], now["exit_code"]) == (before["decision"], before["exit_code"])


@pytest.mark.parametrize("post", ["2026-11-05-winter-fire", "2026-11-05-gas"])
def test_its_posts_stand(carried: ArchiveRepo, post: str) -> None:
    report = carried.standing()
    (verdict,) = (v for v in report.verdicts if v.subject == post)
    assert verdict.publishable


def test_what_its_theme_lacks_is_the_program_s(carried: ArchiveRepo) -> None:
    path = "site/templates/list.html.j2"
    carried.write("site/templates/map.html.j2", b"ours")
    carried.git("rm", "-q", path)
    carried.commit("less")
    with Repository.open(carried.root) as repository:
        theme = theme_of(repository.tree(repository.commit("HEAD")))
    assert theme[path] == shipped(path)[path]
    assert theme["site/templates/map.html.j2"] == b"ours"


def test_it_is_not_moved(carried: ArchiveRepo, tmp_path: Path) -> None:
    """Its version was never released (docs/decisions/0076)."""
    wheel = wheel_file(tmp_path, running().version, raw=pack()[1])
    refused = upgrading(carried, wheel)
    assert "it carries one" in fault(refused) and refused.exception.remedy  # type: ignore[union-attr]
    assert "upgrade" not in carried.git("branch")
