"""What a reviewer compares with: the very bytes that were signed, read from the history."""

from pipeline.judge.load_governance import trust
from pipeline.model.evidence import Step
from pipeline.sign.act import open_context
from pipeline.sign.review_step import SignedRevision, last_signed
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at

NOW = at("2026-11-05 18:00")


def base(archive: ArchiveRepo, reader: str) -> SignedRevision | None:
    context = open_context(archive.open(), NOW, frozenset({POST}))
    reviews = context.archive.approvals[POST]
    trusted = trust(context.files)
    return last_signed(context.repository, trusted, "HEAD", context.post(POST), reviews, reader)


def revised(archive: ArchiveRepo, number: int) -> None:
    archive.draft(body=f"第{number}版。\n", revision=number)
    archive.commit(f"第{number}版", "zz-a")


def test_it_is_the_last_one_of_the_reader_else_the_last_of_all(archive: ArchiveRepo) -> None:
    revised(archive, 1)
    assert base(archive, "kz-a") is None
    archive.review(POST, "first", "xxy-a")
    archive.review(POST, "second", "kz-a", decision="return")
    archive.commit("退回", "kz-a")
    revised(archive, 2)
    archive.review(POST, "first", "xxy-a", revision=2, decision="return")
    archive.commit("退回", "xxy-a")
    revised(archive, 3)
    for reader, number, step in (("kz-a", 1, Step.SECOND), ("xxy-a", 2, Step.FIRST)):
        signed = base(archive, reader)
        assert signed is not None
        assert (signed.review.revision, signed.review.step) == (number, step)
        assert signed.post.body == f"第{number}版。\n"
    stranger = base(archive, "ld-a")
    assert stranger is not None
    assert stranger.review.revision == 2


def test_there_is_none_where_no_commit_holds_the_signed_bytes(archive: ArchiveRepo) -> None:
    revised(archive, 1)
    archive.review(POST, "first", "xxy-a", decision="return")
    archive.git("reset", "--soft", "HEAD~1")
    revised(archive, 2)
    assert base(archive, "xxy-a") is None
