"""A bureau gives its archive an article of its own: who is asked what, and from when on."""

import json
from pathlib import Path

import pytest

from pipeline.model.findings import Effect
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF
from tests.builders.named import worded
from tests.builders.own_article import (
    BEGINS,
    RULE,
    RULE_PATH,
    SCHEMA_PATH,
    propose_rule,
    rules_allowed,
    state_article,
)
from tests.builders.verdicts import finds, marks, passes, refused_for, run, run_verify

__all__ = ["rules_allowed"]
AT_NIGHT = "T03:30:00+08:00"


@pytest.fixture
def stated(approved: ArchiveRepo) -> ArchiveRepo:
    """A post stands, of before dawn; then the article's text and number came."""
    approved.merge("proposal")
    state_article(approved)
    return approved


@pytest.fixture
def grown(stated: ArchiveRepo) -> ArchiveRepo:
    """Its rule stands, too."""
    propose_rule(stated)
    stated.merge("rule")
    return stated


def test_while_proposed_it_is_a_gap_and_does_not_run(stated: ArchiveRepo, tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    propose_rule(stated, rule=f"{RULE}\nopen({str(marker)!r}, 'w')\n")
    done = run_verify(stated.root, "--base", "main", "--head", "rule")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "第十九条" in done.stdout and not marker.exists()


def test_without_two_consents_it_does_not_come(stated: ArchiveRepo) -> None:
    propose_rule(stated, consents=False)
    assert marks(stated.verify("main", "rule"), Effect.HOLD) == {
        ("R13-7", "head-consent-missing"),
        ("R13-7", "leader-consent-missing"),
    }


@pytest.mark.parametrize(
    ("hour", "found"), [("T09:30:00+08:00", set()), (AT_NIGHT, {"night-chosen"})]
)
def test_from_then_on_it_is_asked(
    grown: ArchiveRepo, rules_allowed: None, hour: str, found: set[str]
) -> None:
    grown.branch("more", "main")
    grown.draft(f"{BEGINS}-more", publish_at=BEGINS + hour)
    grown.commit("起草", "zz-a")
    assert {m for c, m in marks(grown.verify("main", "more")) if c == "R19-1"} == found


def test_its_key_is_known_and_its_own(grown: ArchiveRepo, rules_allowed: None) -> None:
    for name, value in (("urgent", True), ("spoiled", "very")):
        grown.branch(name, "main")
        grown.draft(f"{BEGINS}-more", urgent=value)
        grown.commit("起草", "zz-a")
    told = {name: marks(grown.verify("main", name)) for name in ("urgent", "spoiled")}
    assert not [m for _, m in told["urgent"] if "urgent" in m]
    assert ("R19-1", "type-wrong urgent") in told["spoiled"]


def test_of_history_it_was_never_asked(archive: ArchiveRepo, rules_allowed: None) -> None:
    """Neither of the changes of before, nor of a post whose day had no such number."""
    archive.draft(POST, publish_at=POST[:10] + AT_NIGHT)
    archive.commit("起草", "zz-a")
    archive.approve_all()
    archive.commit("审核", "zz-a")
    archive.merge("proposal")
    state_article(archive)
    propose_rule(archive)
    archive.merge("rule")
    report = archive.audit("main")
    assert passes(report) and passes(archive.standing("main"))
    assert {v.subject for v in report.verdicts if "R19-1" in v.outcomes} == {"archive"}


def test_a_rule_that_refuses_what_stands_is_met_in_a_rehearsal(
    stated: ArchiveRepo, rules_allowed: None
) -> None:
    """On its branch, by who trusts it: the base that judges the proposal never runs it."""
    propose_rule(stated, rule=RULE.replace("< until", "< 24"))
    assert passes(stated.verify("main", "rule"))
    assert refused_for(stated.standing("rule"), ("R19-1", "night-chosen"))


@pytest.mark.parametrize("command", ["verify", "audit", "status"])
def test_who_did_not_allow_it_runs_none_of_it(
    stated: ArchiveRepo, tmp_path: Path, command: str
) -> None:
    marker = tmp_path / "ran"
    propose_rule(stated, rule=f"{RULE}\nopen({str(marker)!r}, 'w')\n")
    stated.merge("rule")
    done = run(stated.root, command)
    assert done.returncode == 1 and not marker.exists()
    assert worded("own-rules-unrun", path="rules/") in done.stderr
    assert "sanshen --own-rules" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["verify", "audit"])
def test_who_says_so_runs_it(grown: ArchiveRepo, command: str) -> None:
    done = run(grown.root, "--own-rules", command, "--as-of", AS_OF.isoformat(), "-f", "json")
    assert done.returncode == 0, done.stdout + done.stderr
    judged = json.loads(done.stdout)["verdicts"]
    assert any("R19-1" in verdict["outcomes"] for verdict in judged)


def test_it_runs_from_the_commit_and_not_from_the_folder(
    grown: ArchiveRepo, rules_allowed: None, tmp_path: Path
) -> None:
    marker = tmp_path / "ran"
    grown.write(RULE_PATH, f"open({str(marker)!r}, 'w')\n")
    grown.write("rules/__init__.py", f"open({str(marker)!r}, 'w')\n")
    assert passes(grown.standing("main")) and not marker.exists()


def test_repealed_it_keeps_its_files_and_asks_nothing(
    grown: ArchiveRepo, rules_allowed: None
) -> None:
    """History was judged by it. So it goes whole or not at all, and its number stays stated."""
    grown.branch("half", "main")
    grown.git("rm", "--quiet", SCHEMA_PATH)
    grown.commit("删一半", "gly-a")
    assert refused_for(grown.verify("main", "half"), ("R13-7", "governance-unreadable"))
    silent = RULE.replace('ItemClause(1, quiet, ("publish_at",))', "Unchecked(1)")
    propose_rule(
        grown, "repeal", rule=silent.replace("import ItemClause, Rule", "import Rule, Unchecked")
    )
    assert passes(grown.verify("main", "repeal"))
    grown.merge("repeal")
    grown.branch("more", "main")
    grown.draft(f"{BEGINS}-more", publish_at=BEGINS + AT_NIGHT)
    grown.commit("起草", "zz-a")
    assert "R19-1" not in {c for c, _ in marks(grown.verify("main", "more"))}
    assert passes(grown.audit("main"))


BROKEN = {
    "syntax": RULE.replace("def quiet", "def quiet("),
    "another program": RULE.replace("pipeline.model.posts", "pipeline.model.gone"),
    "no rule": "RULE = None\n",
    "no line": RULE.replace("1. Nothing", "2. Nothing"),
}


LOADING = ("R13-7", "own-rule-broken")


@pytest.mark.parametrize("how", BROKEN)
def test_one_that_cannot_be_loaded_refuses_what_stands(
    stated: ArchiveRepo, rules_allowed: None, how: str
) -> None:
    propose_rule(stated, rule=BROKEN[how], consents=False)
    assert refused_for(stated.standing("rule"), LOADING)


def test_one_that_cannot_be_loaded_stops_all_but_its_mend(
    stated: ArchiveRepo, rules_allowed: None
) -> None:
    """Nothing runs before it stands, so two people may consent to it unawares."""
    propose_rule(stated, rule=BROKEN["syntax"])
    assert passes(stated.verify("main", "rule"))
    stated.merge("rule")
    assert refused_for(stated.standing("main"), LOADING)
    stated.branch("more", "main")
    stated.draft(f"{BEGINS}-more")
    stated.commit("起草", "zz-a")
    found = marks(stated.verify("main", "more"))
    assert LOADING in found
    propose_rule(stated, "mend")
    assert passes(stated.verify("main", "mend"))
    stated.merge("mend")
    assert passes(stated.audit("main"))
    stated.branch("night", "main")
    stated.draft(f"{BEGINS}-more", publish_at=BEGINS + AT_NIGHT)
    stated.commit("起草", "zz-a")
    assert finds(stated.verify("main", "night"), "R19-1", "night-chosen")
