"""A8: whoever made a post, under whichever name, does not review it."""

from pathlib import Path

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import email, person, registers
from tests.builders.files import folder
from tests.builders.verdicts import finds, passes, refused_for, run_verify

STRANGER = ("R11-1", "maker-unregistered")


@pytest.fixture(scope="module")
def strict_template(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    root = tmp_path_factory.mktemp("strict") / "archive"
    return ArchiveRepo.begin(root, parameters={"review.first_may_prepare": False})


@pytest.fixture
def archive(strict_template: ArchiveRepo, tmp_path: Path) -> ArchiveRepo:
    """As everywhere; but the policy lets not even the first reviewer prepare a post."""
    made = strict_template.copy(tmp_path / "archive")
    made.branch("proposal")
    return made


def _wrote(who: str) -> tuple[str, str, str]:
    place = {"xxy-a": "1-first.json", "kz-a": "2-second.json", "ld-a": "3-final.json"}[who]
    return "R11-1", "reviewer-made-post", place


def _approve(archive: ArchiveRepo) -> None:
    archive.approve_all(POST)
    archive.commit("审核", "gly-a")


@pytest.mark.parametrize("who", ["xxy-a", "kz-a", "ld-a"])
def test_the_declared_author(archive: ArchiveRepo, who: str) -> None:
    archive.draft(author=who)
    archive.commit("起草", "zz-a")
    _approve(archive)
    assert refused_for(archive.verify(), _wrote(who))


@pytest.mark.parametrize("who", ["xxy-a", "kz-a", "ld-a"])
def test_a_declared_co_author(archive: ArchiveRepo, who: str) -> None:
    archive.draft(co_authors=["zz-b", who])
    archive.commit("起草", "zz-a")
    _approve(archive)
    assert refused_for(archive.verify(), _wrote(who))


@pytest.mark.parametrize("part", ["author", "committer", "trailer", "later author"])
@pytest.mark.parametrize("who", ["xxy-a", "kz-a", "ld-a"])
def test_a_hidden_maker(archive: ArchiveRepo, who: str, part: str) -> None:
    """Every identity of every commit on the post's files counts."""
    archive.draft()
    message = (
        f"起草\n\nCo-Authored-By: Some Body <{email(who).upper()}>" if part == "trailer" else "起草"
    )
    archive.commit(message, who if part == "author" else "zz-a", who if part == "committer" else "")
    if part == "later author":
        archive.change(f"content/posts/2026/{POST}/post.md", "防火", "防汛")
        archive.commit("改稿", who, "zz-a")
    _approve(archive)
    assert refused_for(archive.verify(), _wrote(who))


def test_a_second_mail_address_of_a_reviewer(tmp_path: Path) -> None:
    rows = [p for p in registers()["people"]["people"] if p["id"] != "ld-a"]
    leader = person("ld-a", "leader-in-charge@xjk", emails=[email("ld-a"), "leader@home.example"])
    archive = ArchiveRepo.begin(tmp_path / "own", changed={"people": {"people": [*rows, leader]}})
    archive.branch("proposal")
    archive.draft()
    archive.commit("起草", "zz-a", "Leader@Home.example")
    _approve(archive)
    assert refused_for(archive.verify(), _wrote("ld-a"))


@pytest.mark.parametrize(
    ("author", "committer"),
    [("nobody@home.example", "zz-a"), ("zz-a", "nobody@home.example"), ("", "zz-a")],
    ids=["author", "committer", "no address"],
)
def test_an_identity_that_is_nobodys(archive: ArchiveRepo, author: str, committer: str) -> None:
    """It may be a reviewer's second account."""
    archive.draft()
    archive.commit("起草", author or "x@", committer)
    _approve(archive)
    assert refused_for(archive.verify(), STRANGER)


def test_a_co_author_who_is_nobody(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.commit("起草\n\nCo-authored-by: X <nobody@home.example>", "zz-a")
    _approve(archive)
    assert refused_for(archive.verify(), STRANGER)


def test_a_forge_commits_but_never_writes(archive: ArchiveRepo) -> None:
    """review.neutral_committers excuses a committer only."""
    archive.draft()
    archive.commit("起草", "noreply@github.com", "noreply@github.com")
    _approve(archive)
    assert refused_for(archive.verify(), STRANGER)


def test_a_contractor_reviews_nothing(tmp_path: Path) -> None:
    """Article 6: also with every role, and a key."""
    value = registers()
    rows = [p for p in value["people"]["people"] if p["id"] != "ld-a"]
    leader = person("ld-a", "leader-in-charge@xjk", contractor=True)
    archive = ArchiveRepo.begin(tmp_path / "own", changed={"people": {"people": [*rows, leader]}})
    archive.branch("proposal")
    archive.draft()
    archive.commit("起草")
    _approve(archive)
    assert refused_for(archive.verify(), ("R11-1", "reviewer-contractor"))


def test_reviewers_may_commit_their_own_records(archive: ArchiveRepo) -> None:
    """Only the post's files make a maker; the review files are the reviewers' own commits."""
    archive.draft()
    archive.commit("起草", "zz-a")
    for step, who in (
        ("first", "xxy-a"),
        ("second", "kz-a"),
        ("final", "ld-a"),
        ("confirm", "kz-a"),
    ):
        archive.review(POST, step)
        archive.commit(step, who)
    assert passes(archive.verify())


@pytest.mark.parametrize("stamp", ["1793750400 +08000", "1793750400 +0800 x", "", "-1 0800"])
def test_an_author_line_that_cannot_be_read(archive: ArchiveRepo, stamp: str) -> None:
    """A commit made by hand: its maker is somebody, so it is not nobody's commit."""
    archive.draft()
    archive.commit("起草", "zz-a")
    raw = archive.git("cat-file", "commit", "HEAD") + "\n"
    author = next(line for line in raw.split("\n") if line.startswith("author "))
    forged = raw.replace(author, f"author ld-a <{email('ld-a')}> {stamp}".rstrip())
    archive.git("reset", "--quiet", "--hard", archive.git.raw("commit", forged.encode()))
    _approve(archive)
    report = archive.verify()
    assert report.exit_code == 11, "the hand-made commit hid its author"
    assert finds(report, *_wrote("ld-a")) or finds(report, *STRANGER)


def test_a_maker_on_a_side_branch_that_brought_the_same_bytes(archive: ArchiveRepo) -> None:
    """History simplification would follow the other parent only."""
    archive.draft()
    archive.branch("side")
    archive.commit("旁支", "ld-a")
    archive.switch("proposal")
    archive.draft()
    archive.commit("主支", "zz-a")
    env = archive.git.people(email("zz-a"), email("zz-a"))
    archive.git("merge", "--quiet", "--no-ff", "--message", "并入", "side", env=env)
    _approve(archive)
    assert refused_for(archive.verify(), _wrote("ld-a"))


def test_the_command_names_the_person(archive: ArchiveRepo) -> None:
    archive.draft(author="ld-a")
    archive.commit("起草", "zz-a")
    _approve(archive)
    done = run_verify(archive.root, "--base", "main")
    assert done.returncode == 11
    assert finds(archive.verify(), "R11-1", "reviewer-made-post")
    assert "Next: " in done.stdout


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside a page"])
@pytest.mark.parametrize("how", ["words", "mode", "away and back"])
def test_a_hand_of_which_nothing_is_left(approved: ArchiveRepo, how: str, beside: bool) -> None:
    """Whoever touched the post is seen for ever, so the change that brings it must say so."""
    approved.merge("proposal")
    assert passes(approved.standing())
    approved.branch("again")
    path = approved.root / f"{folder(POST)}/post.md"
    raw = path.read_bytes()
    if how == "words":
        path.write_bytes(raw + b"x\n")
    elif how == "mode":
        path.chmod(0o755)
    else:
        path.unlink()
    approved.commit("改", "kz-a")
    path.unlink(missing_ok=True)
    path.write_bytes(raw)
    if beside:
        approved.write("docs/a.md", "x\n")
    approved.commit("改回", "zz-a")
    assert refused_for(approved.verify(), _wrote("kz-a"))
    approved.merge("again")
    assert refused_for(approved.standing(), _wrote("kz-a"))
    assert finds(approved.audit("main"), *_wrote("kz-a"))


@pytest.mark.parametrize("how", ["author", "co_authors", "git"])
@pytest.mark.parametrize("who", ["xxy-a", "kz-a", "ld-a"])
def test_the_first_reviewer_alone_may_have_prepared_the_post(
    approved: ArchiveRepo, who: str, how: str
) -> None:
    """Article 11 gives the information officer collecting, proofreading and the first review."""
    approved.branch("other", "main")
    made = {"author": who} if how == "author" else {"co_authors": [who]}
    approved.draft(**(made if how != "git" else {}))
    approved.commit("起草", who if how == "git" else "zz-a")
    _approve(approved)
    report = approved.verify()
    assert passes(report) if who == "xxy-a" else refused_for(report, _wrote(who))
