"""A28: a proposal that edits the verifier is data to the verifier of its base, and never runs."""

from pathlib import Path

import pytest

from pipeline.errors import Fault
from tests.builders.archive import ArchiveRepo
from tests.builders.named import shows
from tests.builders.own_article import consent, rules_allowed
from tests.builders.verdicts import finds, reasons, refused_for, run_verify, waits_for

__all__ = ["rules_allowed"]

EVIL = b"from pathlib import Path\nPath({marker!r}).write_text('ran')\n"
NAMES = (
    "pipeline/__init__.py", "pipeline/law/engine.py", "pipeline/rules/a00_evil.py", "jsonschema.py",
    "sitecustomize.py", "usercustomize.py", "yaml/__init__.py", "conftest.py",
    "rules/__init__.py", "rules/a19_quiet_hours.py", "rules/a05_updates/__init__.py",
    "program/sanshen-9.9.9-py3-none-any.whl", "program/sanshen.py",
)  # fmt: skip


@pytest.mark.parametrize(
    ("path", "area"),
    [("pipeline/law/engine.py", "rules"), (".github/workflows/verify.yml", "workflows"),
     ("schemas/statements/review.json", "rules"), ("rules/a19_quiet_hours.py", "rules"),
     ("program/sanshen-9.9.9-py3-none-any.whl", "rules"), ("program.lock", "rules")],
)  # fmt: skip
def test_it_does_not_ride_along_with_a_post(approved: ArchiveRepo, path: str, area: str) -> None:
    approved.write(path, b"{}\n" if path.endswith("json") else b"raise SystemExit(0)\n")
    approved.commit("放行")
    report = approved.verify()
    assert any(f"The change mixes {area}" in str(f.message) for f in report.findings)
    assert report.exit_code == 11


def test_a_workflow_alone_awaits_two_signatures(archive: ArchiveRepo) -> None:
    archive.write(".github/workflows/verify.yml", b"on: push\n")
    archive.commit("改流程")
    wanted = (
        ("R13-7", "head-consent-missing"),
        ("R13-7", "leader-consent-missing"),
    )
    assert waits_for(archive.verify(), *wanted)


def test_nothing_of_the_proposal_runs(approved: ArchiveRepo, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    for name in NAMES:
        approved.write(name, EVIL.replace(b"{marker!r}", repr(str(marker)).encode()))
    approved.commit("执行我")
    done = run_verify(approved.root, "--base", "main", "--head", "HEAD")
    assert done.returncode == 11, done.stderr
    assert "The change mixes" in done.stdout
    assert not marker.exists()


def test_hooks_and_filters_of_a_clone_do_not_run(approved: ArchiveRepo, tmp_path: Path) -> None:
    """The proposal's attributes name a filter, and the clone's configuration defines it."""
    marker = tmp_path / "marker"
    approved.write(".gitattributes", b"*.md filter=evil diff=evil\n")
    approved.commit("属性")
    for name in ("filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv"):
        approved.git("config", name, f"touch {marker}; cat")
    report = approved.verify()
    assert report.exit_code == 11
    assert any("The change mixes rules (.gitattributes)" in m for _, m in reasons(report))
    assert not marker.exists()


def test_a_schema_that_says_nothing_cannot_judge(approved: ArchiveRepo) -> None:
    """It would let every statement in, untyped; that is a finding and no crash."""
    approved.merge("proposal")
    approved.branch("open")
    approved.write("schemas/statements/review.json", b"{}\n")
    approved.commit("放开")
    report = approved.verify()
    assert report.exit_code == 11
    assert finds(report, "R13-7", "schemas-unfit")


SHADOWS = ("rules/a05_updates.py", "rules/a05_other.py", "rules/a05_updates/__init__.py")


@pytest.mark.parametrize("path", SHADOWS)
def test_a_rule_that_shadows_one_of_the_program_is_refused_by_name(
    archive: ArchiveRepo, path: str
) -> None:
    """Whatever it is called within, and whoever consents to it."""
    archive.write(path, "RULE = None\n")
    archive.commit("盖过", "gly-a")
    consent(archive, "shadow")
    wanted = ("R13-7", "governance-unreadable")
    assert refused_for(archive.verify(), wanted)


@pytest.mark.parametrize("path", SHADOWS)
def test_one_that_was_pushed_past_everybody_judges_nothing(
    archive: ArchiveRepo, rules_allowed: None, path: str
) -> None:
    archive.write(path, "from pipeline.model.law import Rule\nRULE = Rule(())\n")
    archive.commit("直推", "gly-a")
    archive.merge("proposal")
    with pytest.raises(Fault) as told:
        archive.standing("main")
    assert shows(str(told.value.message), "rule-of-program", key="05")


@pytest.mark.parametrize("name", ["evil", "A05_updates", "a5_updates", "a05-updates", "a055_x"])
def test_a_rule_that_is_not_named_for_an_article_is_refused_by_name(
    archive: ArchiveRepo, name: str
) -> None:
    archive.write(f"rules/{name}.py", "RULE = None\n")
    archive.commit("乱名", "gly-a")
    consent(archive, "name")
    wanted = ("R13-7", "governance-unreadable")
    assert finds(archive.verify(), *wanted)
