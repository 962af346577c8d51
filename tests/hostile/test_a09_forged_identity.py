"""A9: an e-mail address proves nothing; keys decide."""

from pipeline.model.findings import Effect
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import email
from tests.builders.evidence import CAST
from tests.builders.verdicts import marks, refused_for


def test_commits_under_every_reviewers_address_approve_nothing(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.commit("起草", "zz-a")
    for who in CAST.values():
        archive.commit(f"同意 Reviewed-by: {email(who)}", who)
    report = archive.verify()
    assert report.exit_code == 10
    held = {m for c, m in marks(report, Effect.HOLD) if c in ("R11-1", "R15-2")}
    assert held == {
        "first-review-missing",
        "second-review-missing",
        "final-review-missing",
        "confirmation-missing",
    }


def test_a_key_of_nobody_under_the_reviewers_name(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.commit("起草")
    archive.review(POST, "first", key="a recycled login")
    archive.commit("初审", "xxy-a")
    assert refused_for(archive.verify(), ("R11-1", "key-unregistered"))


def test_a_colleagues_key_under_the_reviewers_name(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.commit("起草")
    archive.review(POST, "first", key="xxy-b")
    archive.commit("初审", "xxy-a")
    assert refused_for(archive.verify(), ("R11-1", "key-of-another"))


def test_a_maker_who_commits_under_a_colleagues_address(archive: ArchiveRepo) -> None:
    """Forging the writer's address hides a reviewer's hand from git, not the declared author."""
    archive.draft(author="kz-a")
    archive.commit("起草", "zz-a")
    archive.approve_all()
    archive.commit("审核", "zz-a")
    assert refused_for(archive.verify(), ("R11-1", "reviewer-made-post"))
