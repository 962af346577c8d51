"""A17: what nobody knows is refused, never let through."""

from typing import Any

import pytest

from pipeline.model.findings import Effect
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.files import folder
from tests.builders.verdicts import finds, marks, places, reasons, refused_for, run_verify

NO_CLASS = ("R13-7", "path-unknown")


@pytest.mark.parametrize(
    "path",
    [
        "content/notes.txt",
        "content/pages/index.md",
        "content/registers/people.json",
        "content/registers/deep/people.yml",
        "content/records/waivers/2026/all.yml",
        "content/records/authorisations/note.json",
        f"content/reviews/2026/{POST}/r1/5-extra.json",
        f"content/reviews/2026/{POST}/r1/1-first.txt",
        f"content/reviews/2026/{POST}/r0/1-first.json",
        f"content/reviews/2026/{POST}/1-first.json",
        f"content/reviews/2025/{POST}/r1/1-first.json",
        "content/policy.yml.bak",
        "content/registers/calendar/٢٠٢٦.yml",
        f"content/posts/２０２６/２０２６{POST[4:]}/post.md",
        "content/records/waivers/２０２６/all.json",
    ],
)
def test_a_path_without_a_place(approved: ArchiveRepo, path: str) -> None:
    approved.write(path, "{}\n")
    approved.commit("多余文件")
    report = approved.verify()
    assert report.exit_code == 11
    assert finds(report, *NO_CLASS), marks(report)
    assert (path, 0) in places(report, "R13-7")


@pytest.mark.parametrize(
    ("path", "place"),
    [("shifts/2026-11-05-1.yml", "<kind>/<year>/<name>.yml"), ("shift/2026/1.yml", "shifts, ")],
)
def test_who_mistakes_a_folder_is_told_the_place(
    approved: ArchiveRepo, path: str, place: str
) -> None:
    approved.write(f"content/records/{path}", "{}\n")
    approved.commit("登记在别处")
    remedies = [str(finding.remedy) for finding in approved.verify().findings]
    assert any(place in remedy for remedy in remedies), remedies


@pytest.mark.parametrize(
    "path",
    ["yaml.py", "git/__init__.py", "sitecustomize.py", "click.py", "conftest.py", ".gitmodules"],
)
def test_a_file_beside_the_pipeline(approved: ArchiveRepo, path: str) -> None:
    """`python -m pipeline` looks for modules here first: such a file is code that nobody signed."""
    approved.write(path, "print('hello')\n")
    approved.commit("夹带代码")
    report = approved.verify()
    assert refused_for(report, NO_CLASS)
    assert places(report, "R13-7") == {(path, 0)}


def test_an_unknown_key_of_the_front_matter(archive: ArchiveRepo) -> None:
    archive.draft(approved=True)
    archive.commit("起草")
    archive.approve_all()
    archive.commit("审核")
    report = archive.verify()
    assert refused_for(report, ("R11-2", "key-unknown approved"))
    ((path, line),) = places(report, "R11-2")
    assert path == f"{folder(POST)}/post.md"
    assert archive.read(path).decode().split("\n")[line - 1].startswith("approved:")


@pytest.mark.parametrize(
    ("key", "value", "clause"),
    [
        ("kind", "advert", "R11-7"),
        ("topic", "sport", "R04-1"),
        ("category", 8, "R09-1"),
        ("origin", "stolen", "R09-2"),
        ("validity", "maybe", "R10-2"),
    ],
)
def test_a_value_outside_its_list(archive: ArchiveRepo, key: str, value: Any, clause: str) -> None:
    archive.draft(**{key: value})
    archive.commit("起草")
    report = archive.verify()
    assert report.exit_code == 11
    assert {c for c, _ in marks(report)} >= {clause}
    assert {c for c, m in reasons(report) if m.startswith(key)} == {clause}


@pytest.mark.parametrize("step", ["fourth", "", "First"])
def test_a_step_that_does_not_exist(archive: ArchiveRepo, step: str) -> None:
    archive.draft()
    archive.commit("起草")
    archive.review(POST, "first", step=step)
    archive.commit("初审")
    assert refused_for(archive.verify(), ("R11-1", "statement-malformed"))


@pytest.mark.parametrize(("key", "value"), [("weight", 1), ("decision", "approve-all")])
def test_a_statement_that_says_more_than_it_may(archive: ArchiveRepo, key: str, value: Any) -> None:
    archive.draft()
    archive.commit("起草")
    archive.review(POST, "first", **{key: value})
    archive.commit("初审")
    assert refused_for(archive.verify(), ("R11-1", "statement-malformed"))


def test_a_review_of_a_revision_to_come(approved: ArchiveRepo) -> None:
    """Signed in advance, it would approve what nobody has seen."""
    path = approved.place(POST, "first", 2)
    approved.review(POST, "first", to=path, revision=2)
    approved.commit("预签")
    assert refused_for(approved.verify(), ("R11-1", "review-revision-unknown"))


def test_reviews_of_a_post_that_does_not_exist(approved: ArchiveRepo) -> None:
    ghost = "2026-11-05-ghost"
    for step in ("first", "second"):
        for end in ("", ".sig"):
            raw = approved.read(approved.place(POST, step) + end)
            approved.write(approved.place(ghost, step) + end, raw)
    approved.commit("无稿之审")
    assert approved.verify().exit_code == 11, "reviews of no post came in"


TOKEN = f"content/reviews/2026/{POST}/r1/1-first.json.tsr"
ANYTHING = {
    "an identity number": "身份证号 11010519491231002X".encode(),
    "wide characters": b"PK" + "11010519491231002X".encode("utf-16"),
    "a megabyte": b"\0" * 1_000_000,
    "nothing": b"",
}


@pytest.mark.parametrize("raw", ANYTHING.values(), ids=ANYTHING)
def test_a_token_of_trusted_time_that_nothing_reads(approved: ArchiveRepo, raw: bytes) -> None:
    approved.write(TOKEN, raw)
    approved.commit("夹带")
    report = approved.verify()
    assert refused_for(report, NO_CLASS)
    assert places(report, "R13-7") == {(TOKEN, 0)}


def test_a_token_that_comes_and_goes_in_one_change(approved: ArchiveRepo) -> None:
    approved.write(TOKEN, b"anything")
    approved.commit("夹带")
    (approved.root / TOKEN).unlink()
    approved.commit("去掉")
    assert refused_for(approved.verify(), NO_CLASS)


@pytest.mark.parametrize("record", ["authorisations/2026/policy/ld-a", "publications/2026/x"])
def test_a_token_beside_a_record(approved: ArchiveRepo, record: str) -> None:
    approved.write(f"content/records/{record}.json.tsr", b"anything")
    approved.commit("夹带")
    assert refused_for(approved.verify(), NO_CLASS)


def test_a_token_that_stands_is_noted_and_stays(approved: ArchiveRepo) -> None:
    approved.write(TOKEN, b"of an older program")
    approved.commit("时间戳")
    approved.merge("proposal")
    approved.switch("main")
    audit = approved.audit()
    assert audit.exit_code == 0
    (noted,) = (f for v in audit.verdicts for f in v.findings if f.name == "path-unknown")
    assert (noted.effect, noted.location.path) == (Effect.NOTE, TOKEN)
    approved.branch("later")
    approved.write("docs/notes.md", "# 说明\n")
    approved.commit("说明")
    assert approved.verify("main", "later").exit_code == 0
    approved.write(TOKEN, b"other")
    approved.commit("改动")
    report = approved.verify("main", "later")
    assert refused_for(report, NO_CLASS, ("R13-7", "signed-file-changed"))


def test_the_command_shows_the_path(approved: ArchiveRepo) -> None:
    approved.write("content/notes.txt", "x\n")
    approved.commit("多余文件")
    done = run_verify(approved.root, "--base", "main")
    assert done.returncode == 11
    assert "R13-7  REFUSED  content/notes.txt" in done.stdout
