"""What waits for whom, read from commits; and which posts are looked at for it."""

from collections import Counter
from datetime import timedelta

import pytest

from pipeline.history import waiting as history
from pipeline.history.pending_records import pending_records
from pipeline.history.waiting import WaitingPost, WaitState, may_wait, still_to_carry, waiting
from pipeline.judge.archive_at import RECENT
from pipeline.model.evidence import Step
from pipeline.model.findings import Effect
from pipeline.source.git.git_process import GitClient
from pipeline.source.git.repository import Repository
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF, at, registers
from tests.builders.files import folder
from tests.builders.named import shows
from tests.builders.verdicts import run
from tests.rules import builders as made

LONG_AFTER = AS_OF + RECENT + timedelta(days=60)
"""The builders commit on days near `AS_OF`."""


@pytest.fixture
def carried(approved: ArchiveRepo) -> ArchiveRepo:
    approved.publication(POST)
    approved.commit("发布", "gly-a")
    approved.merge("proposal")
    return approved


def waits(archive: ArchiveRepo, *, later: bool) -> bool:
    now = LONG_AFTER if later else AS_OF
    return POST in may_wait(archive.open(), archive.head(), now)


def test_a_post_of_late_may_wait_and_one_carried_long_ago_does_not(carried: ArchiveRepo) -> None:
    assert waits(carried, later=False)
    assert not waits(carried, later=True)


def test_one_that_nobody_carried_waits_for_ever(approved: ArchiveRepo) -> None:
    approved.merge("proposal")
    assert waits(approved, later=True)


def test_a_correction_that_an_account_does_not_show_waits_for_ever(carried: ArchiveRepo) -> None:
    record = f"content/records/corrections/2026/{POST}.r2.yml"
    carried.write(record, b"kind: correction\n")
    carried.commit("更正", "zz-a")
    assert waits(carried, later=True)
    earlier = carried.root.glob(f"content/records/publications/2026/*.{POST}.json")
    for path in earlier:  # what corrects a record of the same day carries nothing anew
        _, account, _ = path.name.split(".", 2)
        carried.write(f"content/records/publications/2026/{path.stem}.2.json", b"{}")
    carried.commit("登记", "gly-a")
    assert waits(carried, later=True)
    carried.write(f"content/records/publications/2026/2026-11-09.{account}.{POST}.json", b"{}")
    carried.commit("改发", "gly-a")
    assert not waits(carried, later=True)


@pytest.mark.parametrize("area", ["posts", "reviews", "records/publications"])
def test_a_change_of_late_brings_it_back(carried: ArchiveRepo, area: str) -> None:
    names = {
        "posts": f"{folder(POST)}/post.md",
        "reviews": f"content/reviews/2026/{POST}/r2/1-first.json",
        "records/publications": f"content/records/publications/2027/2027-05-01.app.{POST}.json",
    }
    carried.write(names[area], b"changed")
    carried.git("add", "--all")
    when = carried.git.people("a@x", "a@x") | {"GIT_COMMITTER_DATE": LONG_AFTER.isoformat()}
    carried.git("commit", "--quiet", "--message", "x", env=when)
    assert waits(carried, later=True)


# The values.

NOW = at("2026-11-05 18:00")
OTHER = "2026-11-04-gas-safety"


def clone(archive: ArchiveRepo) -> ArchiveRepo:
    path = archive.root.parent / "clone"
    archive.git("clone", "--quiet", "--branch", "main", str(archive.root), str(path))
    return ArchiveRepo(path)


def only(archive: ArchiveRepo) -> WaitingPost:
    (item,) = waiting(archive.open(), NOW).items
    return item


@pytest.fixture
def drafted(archive: ArchiveRepo) -> ArchiveRepo:
    archive.draft()
    archive.commit("起草", "zz-a")
    return archive


def names(item: WaitingPost) -> set[str]:
    return {taker.person.id for taker in item.takers}


def test_a_draft_of_a_branch_waits_for_its_first_reviewers_with_all_that_a_page_shows(
    drafted: ArchiveRepo,
) -> None:
    item = only(clone(drafted))
    assert (item.post.id, item.post.title, item.post.kind) == (POST, "冬季防火三件事", "tip")
    assert (item.post.accounts, item.post.revision, item.accounts) == (("wx",), 1, ("wx",))
    assert (item.branch, item.commit) == ("refs/remotes/origin/proposal", drafted.head())
    assert (item.state, item.step, item.merged) == (WaitState.STEP, Step.FIRST, False)
    assert "xxy-a" in names(item) and item.waits_for("xxy-a") and not item.waits_for("kz-a")
    assert (item.steps, item.reason, item.remedy) == ((), None, None)
    stamp = drafted.git("log", "-1", "--format=%cI", "proposal")
    assert item.since and item.since.isoformat() == stamp
    assert item.post.publish_at == at("2026-11-05 09:30")
    assert item.count(Effect.REFUSE) == 0


def test_a_step_that_is_signed_is_told_with_its_person_and_its_time(drafted: ArchiveRepo) -> None:
    drafted.review(POST, "first")
    drafted.commit("初审", "xxy-a")
    item = only(drafted)
    (first,) = item.steps
    assert (first.reviewer, first.step, first.decision) == ("xxy-a", Step.FIRST, "approve")
    assert (item.step, item.since) == (Step.SECOND, first.signed_at)


def test_a_returned_post_waits_for_its_makers_with_the_opinion(drafted: ArchiveRepo) -> None:
    drafted.review(POST, "first", decision="return", opinion="日期与原件不符")
    drafted.commit("退回", "xxy-a")
    item = only(drafted)
    assert (item.state, item.step) == (WaitState.RETURNED, Step.FIRST)
    assert names(item) == {"zz-a"}
    assert item.steps[-1].decision == "return"
    assert "日期与原件不符" in str(item.remedy)


def test_a_file_that_belongs_to_no_step_and_a_record_that_does_not_count_are_two_states(
    drafted: ArchiveRepo,
) -> None:
    drafted.review(POST, "first")
    drafted.change(f"{folder(POST)}/post.md", "冬季防火三件事", "冬季防火四件事")
    drafted.commit("改后未再审", "zz-a")
    assert (only(drafted).state, only(drafted).step) == (WaitState.REJECTED, Step.FIRST)
    drafted.write(f"content/reviews/2026/{POST}/r1/notes.json", "{}")
    drafted.commit("杂", "zz-a")
    stray = only(drafted)
    assert stray.state is WaitState.STRAY and stray.reason and stray.remedy


def test_an_approved_post_waits_for_the_merge_then_for_its_accounts_then_for_nobody(
    approved: ArchiveRepo,
) -> None:
    item = only(approved)
    assert (item.state, item.merged, names(item)) == (WaitState.MERGE, False, {"gly-a", "gly-b"})
    approved.merge("proposal")
    item = only(approved)
    assert (item.state, item.merged, item.accounts) == (WaitState.PUBLICATION, True, ("wx",))
    assert (names(item), item.branch) == ({"gly-a", "gly-b"}, "refs/heads/main")
    approved.publication(POST)
    approved.commit("发布", "gly-a")
    item = only(approved)
    assert (item.state, item.takers, item.accounts) == (WaitState.PUBLISHED, (), ())


def test_an_account_that_a_change_leaves_out_carries_it_no_more() -> None:
    """No record that it did would count; what it shows is taken down, which is a duty."""
    subject = made.post(revision=2, accounts=["wb"])
    carried = (made.publication("2026-11-03 09:30"), made.publication("2026-11-03 09:31", on="wb"))
    assert still_to_carry(subject, made.archive(subject, publications=carried)) == ("wb",)


@pytest.mark.parametrize("validity", ["valid", "withdrawn", "expired"])
def test_a_change_waits_again_for_the_accounts_that_carried_the_first(
    approved: ArchiveRepo, validity: str
) -> None:
    """What is withdrawn or over is not sent anew."""
    approved.merge("proposal")
    approved.publication(POST)
    approved.draft(revision=2, validity=validity)
    approved.correction(POST, 2)
    approved.commit("更正", "zz-a")
    approved.approve_all()
    approved.commit("审核", "kz-a")
    item = only(approved)
    if validity != "valid":
        assert (item.state, item.again) == (WaitState.PUBLISHED, ())
        return
    assert (item.state, item.accounts, item.again) == (WaitState.PUBLICATION, ("wx",), ("wx",))
    assert item.archive.registers.name_of("wx") in str(item.reason), "not by its id"
    approved.publication(POST, revision=2)
    approved.commit("重新发布", "gly-a")
    assert (only(approved).state, only(approved).again) == (WaitState.PUBLISHED, ())


def test_who_took_the_first_step_is_not_asked_for_the_next(archive: ArchiveRepo) -> None:
    mandate = {"delegator": "ld-a", "delegate": "xxy-a", "role": "leader-in-charge",
               "from": "2026-11-04T00:00:00+08:00", "until": "2026-11-05T17:59:59+08:00",
               "authority": "纪要"}  # fmt: skip
    archive.register("roster", registers()["roster"] | {"delegations": [mandate]})
    archive.commit("委托", "gly-a")
    archive.git("branch", "--force", "main", "HEAD")
    archive.draft()
    archive.commit("起草", "zz-a")
    for who, step in (("xxy-a", "first"), ("kz-a", "second")):
        archive.review(POST, step, who)
    archive.commit("审核")
    item = next(i for i in waiting(archive.open(), at("2026-11-05 17:00")).items)
    assert item.step is Step.FINAL and "xxy-a" not in names(item)


def test_the_working_tree_is_not_looked_at(drafted: ArchiveRepo) -> None:
    drafted.review(POST, "first")
    drafted.switch("main")
    drafted.write("content/policy.yml", "broken: [")
    drafted.write(f"{folder(OTHER)}/post.md", "---\n---\n")
    item = only(drafted)
    assert (item.post.id, item.step) == (POST, Step.FIRST)


def test_a_clone_reads_the_branches_of_its_remote_and_none_of_its_own(
    drafted: ArchiveRepo,
) -> None:
    colleague = clone(drafted)
    colleague.branch("mine")
    colleague.draft(OTHER)
    colleague.commit("没有推送", "zz-a")
    read = waiting(colleague.open(), NOW)
    assert [item.post.id for item in read.items] == [POST]
    assert sorted(read.branches.commits) == [
        "refs/remotes/origin/main", "refs/remotes/origin/proposal",
    ]  # fmt: skip
    assert read.branches.fetched is not None


def test_a_broken_branch_is_named_and_hides_no_other(drafted: ArchiveRepo) -> None:
    drafted.git("switch", "--quiet", "--create", "broken", "main")
    drafted.draft(OTHER)
    drafted.commit("起草")
    oid = drafted.git("rev-parse", f"HEAD:{folder(OTHER)}/post.md")
    drafted.switch("main")
    (drafted.root / ".git/objects" / oid[:2] / oid[2:]).unlink()
    read = waiting(drafted.open(), NOW)
    assert [item.post.id for item in read.items] == [POST]
    assert [branch for branch, _ in read.unread] == ["broken"]


@pytest.mark.parametrize("name", ["refs/heads/gone", "refs/remotes/origin/gone"])
def test_a_branch_whose_commit_is_missing_is_named_and_hides_no_other(
    drafted: ArchiveRepo, name: str
) -> None:
    drafted.switch("main")
    if "origin" in name:
        tip = drafted.git("rev-parse", "proposal")
        drafted.git("update-ref", "refs/remotes/origin/proposal", tip)
    (drafted.root / ".git" / name).parent.mkdir(parents=True, exist_ok=True)
    (drafted.root / ".git" / name).write_text("12345678" * 5 + "\n", encoding="ascii")
    with drafted.open() as repository:
        read = waiting(repository, NOW)
        assert not pending_records(repository).branches
    assert [item.post.id for item in read.items] == [POST]
    (one,) = read.unread
    assert one[0] == name.partition("/")[2].partition("/")[2]
    assert "cannot be read" in str(one[1])
    done = run(drafted.root, "status")
    assert (done.returncode, POST in done.stdout) == (0, True)
    assert shows(done.stderr.partition(f"{one[0]}: ")[2], "repository-damaged")


# How much is read.


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Commands of git by name, and `object` for each that is read."""
    counts: Counter[str] = Counter()
    run, read = GitClient.git, Repository.blob

    def git(self: GitClient, command: str, *arguments: str, **more: object) -> bytes:
        counts[command] += 1
        return run(self, command, *arguments, **more)  # type: ignore[arg-type]

    def blob(self: Repository, oid: str) -> bytes:
        counts["object"] += 1
        return read(self, oid)

    monkeypatch.setattr(GitClient, "git", git)
    monkeypatch.setattr(Repository, "blob", blob)
    return counts


@pytest.fixture
def branched(archive: ArchiveRepo) -> ArchiveRepo:
    for number in range(6):
        archive.git("switch", "--quiet", "--create", f"b{number}", "main")
        archive.draft(f"2026-11-05-post-{number}")
        archive.commit("起草", "zz-a")
    return archive


def test_a_second_look_asks_for_the_names_of_the_branches_alone(
    branched: ArchiveRepo, asked: Counter[str]
) -> None:
    repository = branched.open()
    first = waiting(repository, NOW)
    asked.clear()
    again = waiting(repository, NOW + timedelta(minutes=5))
    assert [i.post.id for i in again.items] == [i.post.id for i in first.items]
    assert len(again.items) == 6
    assert asked.keys() == {"for-each-ref"}


def test_after_a_signature_one_branch_is_read_again_however_many_there_are(
    branched: ArchiveRepo, asked: Counter[str]
) -> None:
    repository = branched.open()
    waiting(repository, NOW)
    branched.review("2026-11-05-post-5", "first")
    branched.commit("初审", "xxy-a")
    asked.clear()
    steps = [item.step for item in waiting(repository, NOW).items]
    assert steps == [Step.FIRST] * 5 + [Step.SECOND]
    assert asked["rev-list"] <= 2 and asked["log"] == 2
    assert asked["object"] <= 3


def test_after_a_merge_the_changed_posts_of_main_alone_are_read_again(
    approved: ArchiveRepo, asked: Counter[str]
) -> None:
    repository = approved.open()
    waiting(repository, NOW)
    approved.merge("proposal")
    assert waiting(repository, NOW).items[0].state is WaitState.PUBLICATION
    approved.git("switch", "--quiet", "--create", "more")
    approved.draft(OTHER)
    approved.commit("起草", "zz-a")
    approved.merge("more")
    asked.clear()
    read = waiting(repository, NOW)
    assert {i.post.id: i.state for i in read.items} == {
        OTHER: WaitState.STEP, POST: WaitState.PUBLICATION
    }  # fmt: skip
    assert asked["object"] <= 2  # of one post
    approved.publication(POST)
    approved.commit("发布", "gly-a")
    states = [item.state for item in waiting(repository, NOW).items]
    assert states == [WaitState.STEP, WaitState.PUBLISHED]


def test_makers_of_what_main_holds_still_may_not_review_after_main_moved(
    approved: ArchiveRepo,
) -> None:
    """Who made the first revision made the second, too."""
    repository = approved.open()
    waiting(repository, NOW)
    approved.merge("proposal")
    waiting(repository, NOW)
    approved.git("switch", "--quiet", "--create", "again")
    approved.change(f"{folder(POST)}/post.md", "revision: 1", "revision: 2")
    approved.commit("修订", "kz-a")
    item = next(i for i in waiting(repository, NOW).items if i.branch.endswith("again"))
    emails = {handler.email.partition("@")[0] for handler in item.post.handlers}
    assert {"zz-a", "kz-a"} <= emails


def test_what_the_machine_says_is_judged_once_for_the_same_bytes(
    branched: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = []
    judge = history.judge_post
    monkeypatch.setattr(history, "judge_post", lambda *a: judged.append(a) or judge(*a))
    repository = branched.open()
    for moment in (NOW, NOW + timedelta(minutes=5)):
        items = waiting(repository, moment).items
        assert [item.count(Effect.REFUSE) for item in items] == [0] * 6
    assert len(judged) == 6


def test_what_is_cached_follows_the_time(branched: ArchiveRepo) -> None:
    repository = branched.open()
    branched.review("2026-11-05-post-5", "first", signed_at=NOW)
    branched.commit("初审", "xxy-a")
    before, after = NOW - timedelta(hours=5), NOW + timedelta(hours=1)
    states = [waiting(repository, moment).items[-1].state for moment in (before, after)]
    assert states == [WaitState.REJECTED, WaitState.STEP]
