"""A filing as a change of its own, judged with the scan that lies beside it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from pipeline.history.duties import duties
from pipeline.model.findings import Effect
from pipeline.new.yaml_writer import dump
from pipeline.parts.form.rendering import forms_of_day
from pipeline.parts.form.verbs import FilingDetails, filing
from pipeline.source.content.text import read_yaml
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at
from tests.builders.verdicts import mark, marks, passes
from tests.sign.test_filing import look

SCAN = b"%PDF-1.7 signed"


def filed(approved: ArchiveRepo) -> list[str]:
    """Publish on main, then file the paper on a branch of its own; the paths written."""
    approved.publication(POST)
    approved.commit("登记", "gly-a")
    approved.merge("proposal")
    approved.branch("file")
    archive = look(approved)
    (form,) = forms_of_day(archive, date(2026, 11, 5))
    told = FilingDetails("xxy-a", "档案室", date(2026, 11, 5), scan=("a.pdf", SCAN))
    files = filing(archive, form, told, ())
    for path, raw in files.items():
        approved.write(path, raw)
    return list(files)


def said(approved: ArchiveRepo) -> set[tuple[str, str]]:
    found = approved.verify("main", "file").findings
    return {
        (f.clause, mark(f))
        for f in found
        if f.clause.startswith("F-") and f.effect is not Effect.NOTE
    }


def test_a_filing_with_its_scan_passes_and_is_never_touched_again(approved: ArchiveRepo) -> None:
    paths = filed(approved)
    approved.commit("归档", "xxy-a")
    assert said(approved) == set()
    approved.merge("file")
    for path, word in zip(paths, ("changed", "removed"), strict=True):
        approved.git("branch", "--force", "file", "main")
        approved.switch("file")
        if word == "changed":
            approved.write(path, approved.read(path) + b"\n")
        else:
            approved.git("rm", "--quiet", path)
        approved.commit("改动", "xxy-a")
        assert ("F-9", f"filed-form-{word}") in said(approved)
        approved.switch("main")


@pytest.mark.parametrize("scan", [SCAN + b" ", b""])
def test_another_scan_than_the_records_own_refuses(approved: ArchiveRepo, scan: bytes) -> None:
    record, stored = filed(approved)
    approved.write(stored, scan)
    approved.commit("归档", "xxy-a")
    assert said(approved) == {("F-7", "form-scan-differs")} and record.endswith(".yml")


@pytest.mark.parametrize(
    ("clause", "change"),
    [
        ("F-6", lambda form: form["items"][0].update(manifest="0" * 64)),
        ("F-9", lambda form: form.update(filled_on="2026-11-06")),
    ],
)
def test_a_form_is_judged_with_the_posts_that_it_lists(
    approved: ArchiveRepo, clause: str, change: Callable[[dict[str, Any]], None]
) -> None:
    """Refused on the post as it stands, such a form would have stopped every build."""
    path = filed(approved)[0]
    form = read_yaml(path, approved.read(path)).value
    change(form)
    approved.write(path, dump(form))
    approved.commit("归档", "xxy-a")
    assert {c for c, _ in said(approved)} == {clause}
    approved.merge("file")
    posts = {c for c, _ in marks(approved.standing("main"))}
    assert posts == ({clause} if clause == "F-6" else set())


def test_paper_that_was_filled_in_late_is_filed_as_it_is(approved: ArchiveRepo) -> None:
    """Nobody can mend it: the change notes it, and the audit refuses it for a while."""
    path = filed(approved)[0]
    form = read_yaml(path, approved.read(path)).value
    approved.write(path, dump(form | {"filled_on": "2026-11-06", "filed_on": "2026-11-07"}))
    approved.commit("归档", "xxy-a")
    late = ("F-8", "form-after-publication")
    report = approved.verify("main", "file", at("2026-11-07 18:00"))
    assert passes(report) and late in marks(report, Effect.NOTE)
    approved.merge("file")
    assert late in _overdue(approved, at("2026-12-06 12:00"))
    assert late not in _overdue(approved, at("2026-12-07 12:00"))


def test_a_form_is_filed_whatever_is_overdue(approved: ArchiveRepo) -> None:
    """A duty of an account holds new posts, not the paper of one that is out."""
    filed(approved)
    approved.commit("归档", "xxy-a")
    later = at("2026-11-30 10:00")
    assert ("R05-3", "silence-red-line") in _overdue(approved, later)
    assert passes(approved.verify("main", "file", later))


def _overdue(approved: ArchiveRepo, when: datetime) -> set[tuple[str, str]]:
    repository = approved.open()
    found = duties(repository, repository.commit("main"), lambda _: when).findings
    late = [f for f in found if f.effect is Effect.REFUSE]
    return {(f.clause, mark(f)) for f in late}
