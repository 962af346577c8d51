"""A18: only regular files enter content: no link, no submodule, no program."""

import os

import pytest

from pipeline.evidence.review.statements import write_statement
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at
from tests.builders.files import folder
from tests.builders.layers import lay, own_schema
from tests.builders.verdicts import finds, marks, passes, places, refused_for, run_verify

HERE = folder(POST)


def _special(mode: str) -> set[tuple[str, str]]:
    return {
        ("R11-2", "file-not-regular"),
        ("R13-7", "file-not-regular"),
    }


@pytest.mark.parametrize("target", ["/etc/passwd", "../../../policy.yml", "post.md", "nowhere"])
def test_a_symbolic_link(approved: ArchiveRepo, target: str) -> None:
    os.symlink(target, approved.root / HERE / "plan.txt")
    approved.commit("链接")
    report = approved.verify()
    assert report.exit_code == 11
    assert _special("120000") <= marks(report), marks(report)
    assert (f"{HERE}/plan.txt", 0) in places(report, "R13-7")


def test_the_post_itself_as_a_link(archive: ArchiveRepo) -> None:
    archive.draft()
    text = archive.read(f"{HERE}/post.md")
    archive.write("elsewhere.md", text)
    (archive.root / HERE / "post.md").unlink()
    os.symlink("../../../../elsewhere.md", archive.root / HERE / "post.md")
    archive.commit("链接")
    report = archive.verify()
    assert report.exit_code == 11
    assert _special("120000") <= marks(report)


def test_a_program(approved: ArchiveRepo) -> None:
    path = approved.write(f"{HERE}/plan.txt", "原文。\n")
    path.chmod(0o755)
    approved.commit("程序")
    report = approved.verify()
    assert _special("100755") <= marks(report), marks(report)


@pytest.mark.parametrize("name", ["plan.txt", "post.md"])
def test_a_submodule(approved: ArchiveRepo, name: str) -> None:
    (approved.root / HERE / name).unlink(missing_ok=True)
    oid = approved.head("main")
    approved.git("update-index", "--add", "--cacheinfo", f"160000,{oid},{HERE}/{name}")
    env = approved.git.people("zz-a@yunlan.example.org", "zz-a@yunlan.example.org")
    approved.git("commit", "--quiet", "--message", "子模块", env=env)
    report = approved.verify()
    assert report.exit_code == 11
    assert _special("160000") <= marks(report), marks(report)


@pytest.mark.parametrize("end", ["", ".sig"])
def test_a_review_that_is_a_link(approved: ArchiveRepo, end: str) -> None:
    """To a real review, so that reading through it would find what counts."""
    path = approved.root / f"{approved.place(POST, 'first')}{end}"
    path.rename(approved.root / "kept")
    os.symlink("../../../../../kept", path)
    approved.commit("链接")
    report = approved.verify()
    assert report.exit_code == 11
    assert finds(report, "R13-7", "file-not-regular")
    decision = {v.subject: v.publishable for v in report.verdicts}
    assert decision[POST] is False


def test_a_register_that_is_a_link(archive: ArchiveRepo) -> None:
    register = archive.root / "content/registers/people.yml"
    register.rename(archive.root / "people.yml")
    os.symlink("../../people.yml", register)
    archive.commit("链接")
    report = archive.verify()
    assert report.exit_code == 11
    assert finds(report, "R13-7", "file-not-regular")


def test_the_command_says_what_to_do(approved: ArchiveRepo) -> None:
    os.symlink("/etc/passwd", approved.root / HERE / "plan.txt")
    approved.commit("链接")
    done = run_verify(approved.root, "--base", "main")
    assert done.returncode == 11
    assert finds(approved.verify(), "R13-7", "file-not-regular")
    assert "120000" in done.stdout
    assert "Next: " in done.stdout
    assert "root:" not in done.stdout


@pytest.mark.parametrize("kind", ["link", "module"])
def test_a_link_that_two_people_authorised_as_removed(archive: ArchiveRepo, kind: str) -> None:
    """It has no digest that could be signed, and the site needs its bytes."""
    path = "site/extra.css"
    if kind == "link":
        (archive.root / path).parent.mkdir(parents=True, exist_ok=True)
        os.symlink("/etc/passwd", archive.root / path)
    for who, role in (("kz-a", "section-head"), ("ld-a", "leader-in-charge")):
        stated = {
            "archive": "yunlan-yjj", "person": who, "role": role, "reason": "x",
            "removed": [path], "signed_at": at("2026-11-05 10:00"), "roster": archive.roster(),
        }  # fmt: skip
        record = f"content/records/authorisations/2026/change/{who}.json"
        archive.sign(record, write_statement("authorisation", {}, stated), who)
    archive.git("add", "--all", "--force")
    if kind == "module":
        oid = archive.head("main")
        archive.git("update-index", "--add", "--cacheinfo", f"160000,{oid},{path}")
    env = archive.git.people("zz-a@yunlan.example.org", "zz-a@yunlan.example.org")
    archive.git("commit", "--quiet", "--message", "样式", env=env)
    assert refused_for(archive.verify(), ("R13-7", "file-not-regular"))


def test_a_schema_that_is_a_link(archive: ArchiveRepo) -> None:
    """Over the one that the program ships."""
    lay(archive, own_schema("records/relays", dict.clear))
    schema = archive.root / "schemas/records/relays.json"
    schema.rename(archive.root / "relays.json")
    os.symlink("../../relays.json", schema)
    archive.commit("链接")
    report = archive.verify()
    assert report.exit_code == 11
    assert finds(report, "R13-7", "file-not-regular"), marks(report)


@pytest.mark.parametrize("deep", [False, True], ids=["empty", "empty below"])
def test_a_folder_without_files_is_no_post(approved: ArchiveRepo, deep: bool) -> None:
    """Git takes it from who writes a tree by hand, and shows it to nobody."""
    approved.merge("proposal")
    empty = approved.git.raw("tree", b"")
    if deep:
        empty = approved.git.raw("tree", b"40000 a\0" + bytes.fromhex(empty))
    env = approved.git.people("zz-a@yunlan.example.org", "zz-a@yunlan.example.org")
    folder_of_none = ("40000", empty, "content/posts/2026/2026-11-05-zz")
    made = approved.git.grow(approved.head(), [folder_of_none], env)
    assert passes(approved.verify("main", made))
    report = approved.standing(made)
    assert passes(report)
    assert {v.subject for v in report.verdicts} == {POST, "registers"}
