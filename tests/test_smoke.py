"""The kernel from end to end in seconds: `make test PART=…` runs it beside the part's tests."""

import json
from pathlib import Path

from pipeline.model.findings import Effect
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import ROOT
from tests.builders.command import ours
from tests.builders.files import folder
from tests.builders.verdicts import passes


def test_the_demo_verifies(demo: Path) -> None:
    done = ours(["-C", str(demo), "verify", "--format", "json"], str(ROOT))
    assert done.returncode == 0, done.stderr
    assert len({v["subject"] for v in json.loads(done.stdout)["verdicts"]}) > 30


def test_an_approved_proposal_passes_and_stands(approved: ArchiveRepo) -> None:
    assert passes(approved.verify())
    approved.merge("proposal")
    assert passes(approved.standing("main"))
    assert passes(approved.audit("main"))


def test_a_proposal_without_a_review_waits(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.commit("起草", "zz-a")
    report = archive.verify()
    assert report.decision is Effect.HOLD
    assert {f.clause for f in report.findings if f.effect is Effect.HOLD} == {"R11-1", "R15-2"}


def test_a_word_changed_after_approval_is_refused(approved: ArchiveRepo) -> None:
    approved.change(f"{folder(POST)}/post.md", "断电", "通电")
    approved.commit("改字", "zz-a")
    report = approved.verify()
    assert report.decision is Effect.REFUSE
    assert {f.clause for f in report.findings if f.effect is Effect.REFUSE} == {"R11-1", "R15-2"}
