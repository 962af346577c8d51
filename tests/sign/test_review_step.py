"""Signing: nothing is written that the verifier would not count."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import Fault
from pipeline.model.evidence import Step
from pipeline.sign import act, review_step
from pipeline.sign.acts.publish import PUBLISH, Publishing
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at, public_line, sign_as
from tests.builders.evidence import CAST
from tests.builders.files import folder
from tests.builders.named import like, refuses, worded
from tests.builders.verdicts import finds, passes

NOW = at("2026-11-04 15:00")


def _desk(archive: ArchiveRepo, now: datetime = NOW, post: str = POST) -> act.SigningContext:
    return act.open_context(archive.open(), now, frozenset({post}))


def _step(
    archive: ArchiveRepo,
    person: str,
    *,
    step: Step | None = None,
    key: str = "",
    decision: str = "approve",
    now: datetime = NOW,
    acting_for: str = "",
) -> act.Record:
    place = _desk(archive, now)
    post = place.post(POST)
    chosen = step or review_step.next_step(place.archive.approvals[POST])
    who = place.trusted.registers.people[person]
    return review_step.review(
        place,
        post,
        review_step.StepDecision(chosen, decision, "同意", acting_for),
        who,
        now,
        lambda m: sign_as(key or person, m),
    )


def _files(archive: ArchiveRepo) -> set[str]:
    return {p.as_posix() for p in (archive.root / "content").rglob("*") if p.is_file()}


@pytest.fixture
def drafted(archive: ArchiveRepo) -> ArchiveRepo:
    archive.draft()
    archive.commit("起草")
    return archive


def test_four_signatures_in_order_make_a_post_that_passes(drafted: ArchiveRepo) -> None:
    for hour, (step, person) in enumerate(CAST.items()):
        made = _step(drafted, person, now=NOW + timedelta(hours=hour))
        assert made.path == drafted.place(POST, step)
        statement, signature = act.write_record(drafted.root, made)
        assert statement.read_bytes() == made.statement
        assert signature.name == f"{statement.name}.sig"
    drafted.commit("审核", "gly-a")
    assert passes(drafted.verify())


@pytest.mark.parametrize(
    ("step", "person", "words"),
    [
        (Step.FIRST, "kz-a", worded("role-lacking", person="kz-a")),
        (Step.FIRST, "zz-a", "zz-a"),
        (Step.FIRST, "gly-a", worded("role-lacking", person="gly-a")),
        (Step.SECOND, "ld-a", worded("earlier-step-missing")),
    ],
)
def test_the_wrong_person_or_order_is_a_fault_and_writes_nothing(
    drafted: ArchiveRepo, step: Step, person: str, words: str
) -> None:
    before = _files(drafted)
    with pytest.raises(Fault) as caught:
        _step(drafted, person, step=step)
    assert words in str(caught.value) or "roster" in str(caught.value)
    assert caught.value.remedy is not None
    assert _files(drafted) == before


def test_somebody_elses_key_is_a_fault(drafted: ArchiveRepo) -> None:
    with pytest.raises(Fault, match=like("key-of-another", owner="xxy-b")):
        _step(drafted, "xxy-a", key="xxy-b")


def test_an_unknown_key_is_a_fault(drafted: ArchiveRepo) -> None:
    with pytest.raises(Fault, match=like("signing-key-unknown")):
        _step(drafted, "xxy-a", key="stranger")


def test_the_author_is_a_fault_where_policy_forbids_it(tmp_path: Path) -> None:
    archive = ArchiveRepo.begin(tmp_path, parameters={"review.first_may_prepare": False})
    archive.draft(author="xxy-a")
    archive.commit("起草")
    with refuses("reviewer-made-post xxy-a"):
        _step(archive, "xxy-a")


def test_a_refused_post_cannot_be_approved_but_can_be_returned(archive: ArchiveRepo) -> None:
    archive.draft(topic="sport")
    archive.commit("起草")
    with pytest.raises(Fault, match=like("value-not-allowed", key="topic")) as caught:
        _step(archive, "xxy-a")
    assert "sanshen return" in str(caught.value.remedy)
    made = _step(archive, "xxy-a", decision="return")
    act.write_record(archive.root, made)
    archive.commit("退回", "xxy-a")
    assert finds(archive.verify(), "R11-1", "first-review-returned")


def test_a_post_by_somebody_unknown_can_only_be_returned(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.commit("起草", "nobody")
    with pytest.raises(Fault, match=like("committer-unknown")):
        _step(archive, "xxy-a")
    assert _step(archive, "xxy-a", decision="return").statement


def test_what_is_not_committed_cannot_be_signed(drafted: ArchiveRepo) -> None:
    drafted.change(f"{folder(POST)}/post.md", "关好", "管好")
    with refuses("file-uncommitted"):
        _desk(drafted)


def test_records_of_the_work_tree_are_seen(drafted: ArchiveRepo) -> None:
    """The next reviewer may sign before the record of the one before is committed."""
    act.write_record(drafted.root, _step(drafted, "xxy-a"))
    place = _desk(drafted)
    assert review_step.next_step(place.archive.approvals[POST]) is Step.SECOND


def test_after_a_return_only_a_new_revision_goes_on(drafted: ArchiveRepo) -> None:
    act.write_record(drafted.root, _step(drafted, "xxy-a", decision="return"))
    with refuses("post-returned"):
        _step(drafted, "xxy-b")


def test_after_all_four_steps_there_is_nothing_to_sign(approved: ArchiveRepo) -> None:
    with refuses("steps-all-signed"):
        _step(approved, "kz-a")


def test_a_spoiled_step_is_said_before_anybody_signs(approved: ArchiveRepo) -> None:
    approved.change(f"{folder(POST)}/post.md", "关好", "管好")
    approved.commit("改稿")
    with refuses("file-changed-since"):
        _step(approved, "kz-a")


def test_the_signer_is_found_by_key(drafted: ArchiveRepo) -> None:
    from pipeline.evidence.ssh.keys import PublicKey, parse_public_key

    place = _desk(drafted)
    known, strange = (parse_public_key(public_line(n)) for n in ("kz-a", "stranger"))
    assert isinstance(known, PublicKey)
    assert isinstance(strange, PublicKey)
    assert act.signer(place, known.fingerprint).id == "kz-a"
    with refuses("key-not-in-roster"):
        act.signer(place, strange.fingerprint)


def test_a_post_that_is_not_there(drafted: ArchiveRepo) -> None:
    with pytest.raises(Fault, match=like("post-unknown", post="2026-01-01-nowhere")):
        _desk(drafted).post("2026-01-01-nowhere")


def _publish(archive: ArchiveRepo, person: str = "gly-a", **changes: object) -> act.Record:
    place = _desk(archive, at("2026-11-05 10:00"))
    values: dict[str, Any] = {
        "account": "wx", "url": "https://wechat.example/wx/1", "at": at("2026-11-05 09:30"),
    } | changes  # fmt: skip
    who = place.trusted.registers.people[person]
    when = values["at"]
    assert isinstance(when, datetime)
    return PUBLISH.sign(
        Publishing(
            POST,
            values["account"],
            values["url"],
            when,
            base="HEAD",
            unconfirmed=values.get("unconfirmed", ""),
            revision=values.get("revision", 0),
        ),  # fmt: skip
        place,
        who,
        at("2026-11-05 10:00"),
        lambda m: sign_as(person, m),
    ).record


def test_a_publication_is_recorded_and_passes(approved: ArchiveRepo) -> None:
    approved.merge("proposal")
    act.write_record(approved.root, _publish(approved))
    approved.branch("record")
    approved.commit("登记", "gly-a")
    assert passes(approved.verify("main", "record"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"person": "kz-a"}, like("operator-not-that-day")),
        ({"account": "wb"}, like("account-not-approved", account="wb")),
        ({"account": "nowhere"}, like("account-not-approved", account="nowhere")),
        ({"at": at("2026-11-05 10:31")}, like("publication-in-future")),
        ({"at": at("2026-11-04 09:00")}, like("publication-before-confirmation")),
    ],
    ids=str,
)
def test_a_publication_that_may_not_be(
    approved: ArchiveRepo, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(Fault, match=words):
        _publish(approved, **changes)


def test_what_went_out_on_another_account_is_recorded_with_the_reason(
    approved: ArchiveRepo,
) -> None:
    """At 23:55 it hangs on the wrong account: the truth can be entered, and asks for signatures."""
    approved.merge("proposal")
    reason = {"unconfirmed": "误发到微博，已撤下"}
    record = _publish(approved, account="wb", url="https://weibo.example/wb/1", **reason)
    act.write_record(approved.root, record)
    approved.branch("record")
    approved.commit("登记", "gly-a")
    assert passes(approved.verify("main", "record"))
    approved.merge("record")
    assert "published-elsewhere" in {f.name for f in approved.audit().findings}


def test_an_earlier_revision_is_recorded_on_the_account_it_was_approved_for(
    approved: ArchiveRepo,
) -> None:
    approved.merge("proposal")
    path = f"content/posts/2026/{POST}/post.md"
    second = approved.read(path).decode().replace("revision: 1", "revision: 2", 1)
    approved.branch("second")
    approved.write(path, second.replace('- "wx"', '- "wb"', 1))
    approved.correction(POST, 2)
    approved.approve_all(POST)
    approved.commit("第二版", "zz-a")
    approved.merge("second")
    assert _publish(approved, revision=1)


def test_an_unconfirmed_post_is_not_published(drafted: ArchiveRepo) -> None:
    with pytest.raises(Fault, match="Revision 1 was published unconfirmed"):
        _publish(drafted)


def test_writing_is_whole_or_not_at_all(drafted: ArchiveRepo) -> None:
    """A folder that cannot be written leaves no half record."""
    made = _step(drafted, "xxy-a")
    drafted.write(f"content/reviews/2026/{POST}", "in the way")
    with pytest.raises(OSError, match=r"."):
        act.write_record(drafted.root, made)
    assert not list((drafted.root / "content/reviews").rglob("*.json*"))
