"""A15: template, stylesheet, picture and generator are bytes too; each has its own approval."""

import pytest

from pipeline.source.program import shipped
from tests.builders.archive import OTHER_PNG, PNG, POST, ArchiveRepo
from tests.builders.evidence import CAST
from tests.builders.verdicts import finds, passes, refused_for, waits_for

SITE = ("site/templates/post.html.j2", "site/assets/site.css", "mkdocs.yml")
AWAITED = ("R13-7", "head-consent-missing"), ("R13-7", "leader-consent-missing")


@pytest.mark.parametrize("path", SITE)
def test_the_look_of_all_pages_needs_two_signatures(archive: ArchiveRepo, path: str) -> None:
    archive.write(path, shipped(path)[path] + b"\n")
    archive.commit("改样式")
    assert waits_for(archive.verify(), *AWAITED)
    for person, role in (("kz-a", "section-head"), ("ld-a", "leader-in-charge")):
        archive.authorise(person, role)
    archive.commit("授权")
    assert passes(archive.verify())


@pytest.mark.parametrize("path", [".vscode/tasks.json", ".pre-commit-config.yaml"])
def test_what_runs_on_the_machine_of_whoever_signs_needs_two_signatures(
    archive: ArchiveRepo, path: str
) -> None:
    """An editor's tasks, or a hook of the commit that brings a review, could reach their keys."""
    archive.write(path, b"{}\n")
    archive.commit("改设置")
    assert waits_for(archive.verify(), *AWAITED)


def test_what_no_site_can_be_built_of_is_refused_before_it_stops_a_build(
    archive: ArchiveRepo,
) -> None:
    """Read, and not run (A28); whoever mends one of two faults answers for neither."""
    good, bad = b"<p>{{ 9**9**9 }}</p>\n", b"<p>: [\n{% if %}</p>\n"
    archive.write("site/templates/list.html.j2", good)
    archive.write("site/templates/post.html.j2", good)
    archive.commit("模板")
    assert waits_for(archive.verify(), *AWAITED)
    archive.branch("broken")
    for path in ("site/templates/list.html.j2", "site/ways.json", "mkdocs.yml"):
        archive.write(path, bad)
    archive.commit("改坏")
    report = archive.verify("main", "broken")
    assert refused_for(
        report,
        ("R13-7", "template-unreadable", "site/templates/list.html.j2"),
        ("R13-7", "theme-table-unusable", "site/ways.json"),
        ("R13-7", "yaml-unreadable", "mkdocs.yml"),
    )
    archive.merge("broken")
    archive.branch("mending")
    archive.write("site/ways.json", b"{}\n")
    archive.commit("修复")
    assert waits_for(archive.verify(), *AWAITED)
    archive.git("rm", "-q", "site/templates/post.html.j2")
    archive.commit("删模板")
    assert waits_for(archive.verify(), *AWAITED)  # the program has it


def test_it_does_not_ride_along_with_an_approved_post(approved: ArchiveRepo) -> None:
    approved.write(SITE[0], b"<h1>other</h1>\n")
    approved.commit("顺便")
    assert refused_for(approved.verify(), ("R13-7", "change-mixed"))


def test_pushed_past_everybody_the_audit_names_it(approved: ArchiveRepo) -> None:
    approved.merge("proposal")
    approved.write(SITE[1], b"article { display: none }\n")
    commit = approved.commit("直推", "gly-a")
    report = approved.audit()
    named = [v for v in report.verdicts if v.subject == f"{commit[:12]} change"]
    assert any(f.name == "leader-consent-missing" for f in named[0].findings)
    assert report.exit_code == 11


def test_a_picture_swapped_after_the_reviews(archive: ArchiveRepo) -> None:
    meta = [{"file": "a.png", "alt": "图", "author": "zz-a", "licence": "本单位原创"}]
    archive.draft(body="看图。\n\n![图](a.png)\n", files={"a.png": PNG}, media=meta)
    archive.commit("起草")
    archive.approve_all()
    archive.write(f"content/posts/2026/{POST}/a.png", OTHER_PNG)
    archive.commit("换图")
    picture = f"content/posts/2026/{POST}/a.png"
    assert refused_for(archive.verify(), ("R11-1", f"file-changed-since {picture}"))


def _published(archive: ArchiveRepo) -> None:
    archive.publication(POST)
    archive.commit("发布", "gly-a")
    archive.merge("proposal")


@pytest.mark.parametrize("revision", [2, 7])
def test_a_correction_of_a_revision_to_come_puts_no_words_on_the_page(
    approved: ArchiveRepo, revision: int
) -> None:
    """Its reason stands there, and 已撤回; it is a plain record that anybody may bring."""
    _published(approved)
    approved.branch("words")
    approved.correction(POST, revision, "withdrawal")
    approved.commit("更正", "zz-a")
    words = "record-other-revision"
    assert refused_for(approved.verify(), ("F-5", words))
    approved.merge("words")
    assert finds(approved.audit("main"), "F-5", words)


@pytest.mark.parametrize("named", [True, False])
def test_a_correction_is_not_written_anew_after_its_revision_was_confirmed(
    approved: ArchiveRepo, named: bool
) -> None:
    """Also where the reviews are of before the field, and name no record."""
    _published(approved)
    approved.branch("second")
    approved.draft(revision=2, body="改过的正文。\n")
    path = approved.correction(POST, 2)
    for step in CAST:
        approved.review(POST, step, without=() if named else ("correction",))
    approved.commit("第二版", "zz-a")
    assert passes(approved.verify())
    approved.merge("second")
    approved.branch("words")
    approved.change(path, "补充一句说明。", "无人审过的话。")
    approved.commit("改更正", "zz-a")
    after = ("R11-1", f"file-changed-since {path}") if named else ("F-5", "record-after-review")
    assert refused_for(approved.verify(), after)


@pytest.mark.parametrize("signed", [1, 2, 3, 4])
@pytest.mark.parametrize("later", ["changed", "added", "removed"])
def test_what_is_told_of_a_change_is_what_its_reviewers_read(
    approved: ArchiveRepo, signed: int, later: str
) -> None:
    """Until its proposal is merged a record may be rewritten, and its words stand on the page."""
    _published(approved)
    approved.branch("second")
    approved.draft(revision=2, body="改过的正文。\n")
    if later != "added":
        path = approved.correction(POST, 2)
    for step in list(CAST)[:signed]:
        approved.review(POST, step)
    if later == "changed":
        approved.change(path, "补充一句说明。", "无人审过的话。")
    elif later == "added":
        path = approved.correction(POST, 2)
    else:
        (approved.root / path).unlink()
    for step in list(CAST)[signed:]:
        approved.review(POST, step)
    approved.commit("第二版", "zz-a")
    assert finds(approved.verify(), "R11-1", f"file-changed-since {path}")


def test_a_correction_is_not_of_a_day_to_come(approved: ArchiveRepo) -> None:
    """The post would lead every list and feed until then."""
    _published(approved)
    approved.branch("second")
    approved.draft(revision=2, body="改过的正文。\n")
    path = approved.correction(POST, 2)
    approved.change(path, '2026-11-05"\nperson', '2027-11-05"\nperson')
    approved.approve_all()
    approved.commit("第二版", "zz-a")
    assert waits_for(approved.verify(), ("F-5", "event-in-future changed_on"))
