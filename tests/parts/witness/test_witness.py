"""`sanshen witness`: a payload goes in, one proved commit comes out, and nothing moves."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pipeline.model.ids import CommitId
from pipeline.parts.witness.proposals import preface
from pipeline.parts.witness.verb import _revision
from pipeline.report.language import translator
from pipeline.source.git.repository import Repository
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF, ROOT, email, private_key_file
from tests.builders.files import folder
from tests.builders.named import worded
from tests.builders.payloads import payload, review, stored
from tests.builders.verdicts import passes, run, waits_for
from tests.builders.witness import BOT, drafted
from tests.builders.witnessing import witnessed as asked

ANSWER = Draft202012Validator(json.loads((ROOT / "schemas/witness.json").read_bytes()))
FIRST, SECOND = (f"content/reviews/2026/{POST}/r1/{s}.json" for s in ("1-first", "2-second"))


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    return drafted(tmp_path_factory.mktemp("witness") / "archive")


@pytest.fixture
def archive(begun: ArchiveRepo, tmp_path: Path) -> ArchiveRepo:
    return begun.copy(tmp_path / "archive")


def witnessed(archive: ArchiveRepo, value: Any, *more: str, **how: Any) -> dict[str, Any]:
    """The answer, held to its schema."""
    answer = asked(archive, value, *more, **how)
    if "error" not in answer:
        ANSWER.validate(answer)
    return answer


def outcomes(answer: dict[str, Any]) -> list[tuple[int, str, str]]:
    return [(row["id"] - 9000, row["step"], row["outcome"]) for row in answer["reviews"]]


def approved(archive: ArchiveRepo, forge: str = "github") -> dict[str, Any]:
    clicks = [review(1, "xxy-a", forge=forge), review(2, "kz-a", body="可以。", forge=forge)]
    return payload(archive.head(), clicks)


def test_two_clicks_are_one_commit_that_nothing_leads_to(archive: ArchiveRepo) -> None:
    head, refs = archive.head(), archive.git("for-each-ref")
    answer = witnessed(archive, approved(archive))
    assert answer["records"] == [FIRST, SECOND]
    assert outcomes(answer) == [(1, "first", "recorded"), (2, "second", "recorded")]
    assert [(a["step"], [p["person"] for p in a["people"]]) for a in answer["awaited"]] == [
        ("final", ["ld-a", "ld-b"])
    ]
    assert (archive.head(), archive.git("for-each-ref")) == (head, refs)
    assert archive.git("status", "--porcelain") == ""
    commit = answer["commit"]
    assert archive.git("log", "-1", "--format=%P %ae %ce", commit) == " ".join(
        (head, email(BOT), email(BOT))
    )
    changed = archive.git("diff", "--name-only", head, commit).split()
    assert changed == [FIRST, f"{FIRST}.sig", SECOND, f"{SECOND}.sig"]
    said = json.loads(archive.git("show", f"{commit}:{SECOND}"))["predicate"]
    assert said["opinion"] == "可以。"
    assert said["signed_at"] == "2026-11-05T10:02:00+08:00"
    assert said["witness"] == {
        "account": 104, "by": BOT, "commit": head, "forge": "forge.example/7", "login": "kz-a",
        "pull": 12, "review": 9002,
    }  # fmt: skip


def test_with_the_leaders_signature_and_a_confirmation_it_passes(archive: ArchiveRepo) -> None:
    answer = witnessed(archive, approved(archive))
    archive.git("merge", "--quiet", "--ff-only", answer["commit"])
    assert waits_for(archive.verify(), ("R11-1", "final-review-missing"))
    for step in ("final", "confirm"):
        moment = AS_OF.replace(hour=11)
        archive.review(POST, step, signed_at=moment)
    archive.commit("审核", "gly-a")
    assert passes(archive.verify())
    for squash in (True, False):
        copy = archive.copy(archive.root.parent / f"merged-{squash}")
        copy.merge("proposal", squash=squash)
        assert passes(copy.standing())


def test_what_is_recorded_is_not_recorded_again(archive: ArchiveRepo) -> None:
    value = approved(archive)
    archive.git("merge", "--quiet", "--ff-only", witnessed(archive, value)["commit"])
    value["pull"]["head"]["sha"] = archive.head()
    again = witnessed(archive, value, code=3)
    assert (again["commit"], again["records"]) == ("", [])
    assert outcomes(again) == [(1, "first", "recorded"), (2, "second", "recorded")]


def settled_by_keys(
    archive: ArchiveRepo, *clicks: dict[str, Any], late: tuple[dict[str, Any], ...] = ()
) -> list[dict[str, Any]]:
    """Answers after two clicks and more, and after each key that signs behind them."""
    value, head = approved(archive), archive.head()
    value["reviews"] += [one | {"commit_id": head} for one in clicks]
    first = witnessed(archive, value)
    value["reviews"] += [one | {"commit_id": head} for one in late]
    archive.git("merge", "--quiet", "--ff-only", first["commit"])
    made = [first]
    for step, who in (("final", "ld-a"), ("confirm", "kz-a")):
        archive.review(POST, step, signed_at=AS_OF.replace(hour=11))
        archive.commit("审核", who)
        value["pull"]["head"]["sha"] = archive.head()
        made.append(witnessed(archive, value, code=3))
    return made


def test_a_click_where_a_key_signs_is_settled_by_the_signature(archive: ArchiveRepo) -> None:
    """Before it, its maker must do something; after it nothing, and what counted still counts."""
    click, *signed = settled_by_keys(archive, review(3, "ld-a"))
    assert outcomes(click)[2] == (3, "final", "not-counted")
    assert "own key" in click["reviews"][2]["message"]
    for answer in signed:
        assert outcomes(answer)[:2] == [(1, "first", "recorded"), (2, "second", "recorded")]
        assert [row["outcome"] for row in answer["reviews"]][2] == "settled"
    assert [a["step"] for answer in (click, *signed) for a in answer["awaited"]] == [
        "final", "confirm",
    ]  # fmt: skip
    assert all(a["signed"] for answer in (click, *signed) for a in answer["awaited"])
    text = preface(signed[-1], translator("zh"))
    assert "### 已算数的点击" in text and "没有算数" not in text and "11-05 10:01" in text


def test_who_asks_for_changes_after_signing_is_not_passed_over(archive: ArchiveRepo) -> None:
    late = review(3, "ld-a", "return", body="发现日期有误。")
    for answer in settled_by_keys(archive, late=(late,))[1:]:
        assert outcomes(answer)[2][2] in ("not-counted", "held")


def test_of_an_earlier_revision_only_what_still_matters_is_listed(archive: ArchiveRepo) -> None:
    """Who has not spoken on the second revision is told of it once; who has, no more."""
    head = archive.head()
    clicks = [
        review(1, "xxy-a", commit=head), review(2, "ld-a", commit=head),
        review(3, "ld-a", commit=head), review(4, "kz-a", "return", commit=head, body="改。"),
    ]  # fmt: skip
    returned = witnessed(archive, payload(head, clicks))
    archive.git("merge", "--quiet", "--ff-only", returned["commit"])
    archive.change(f"{folder(POST)}/post.md", "revision: 1", "revision: 2")
    archive.change(f"{folder(POST)}/post.md", "三件事", "四件事")
    archive.commit("改", "zz-a")
    again = witnessed(archive, payload(archive.head(), [*clicks, review(5, "xxy-a")]), code=3)
    assert [(row["outcome"], row["revision"]) for row in again["reviews"]] == [
        ("settled", 1), ("not-counted", 1), ("not-counted", 1), ("settled", 1), ("waiting", 2),
    ]  # fmt: skip
    lines = preface(again, translator("zh")).splitlines()
    listed = [line for line in lines if line.startswith(("- ld-a", "- xxy-a"))]
    assert [line.partition("）")[0] for line in listed] == [
        "- ld-a（终审、11-05 10:03、第1版", "- xxy-a（初审、11-05 10:05、第2版",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "front", ["revision: [1]", "revision: true", "revision: 99999", "revision: *x", "\x00"]
)
def test_a_revision_that_cannot_be_read_is_none(archive: ArchiveRepo, front: str) -> None:
    """Of bytes that anyone may have written."""
    path = f"{folder(POST)}/post.md"
    archive.change(path, "revision: 1", front)
    archive.commit("坏", "zz-a")
    assert _revision(Repository.open(archive.root), path, archive.head()) == 0
    assert _revision(Repository.open(archive.root), path, CommitId("HEAD")) == 0
    assert _revision(Repository.open(archive.root), "content/none.md", archive.head()) == 0


def test_one_click_waits_for_the_other(archive: ArchiveRepo) -> None:
    answer = witnessed(archive, payload(archive.head(), [review(1, "xxy-a")]), code=3)
    assert outcomes(answer) == [(1, "first", "waiting")]
    assert [(a["step"], [p["person"] for p in a["people"]]) for a in answer["awaited"]] == [
        ("second", ["kz-a"])
    ]
    assert answer["awaited"][0]["people"][0]["accounts"] == [104]


def test_a_return_is_recorded_at_once_with_what_came_before(archive: ArchiveRepo) -> None:
    clicks = [review(1, "xxy-a"), review(2, "kz-a", "return", body="第三句没有来源。")]
    answer = witnessed(archive, payload(archive.head(), clicks))
    assert answer["records"] == [FIRST, SECOND]
    said = json.loads(archive.git("show", f"{answer['commit']}:{SECOND}"))["predicate"]
    assert (said["decision"], said["opinion"]) == ("return", "第三句没有来源。")
    assert not any(said["assertions"].values())
    assert answer["awaited"] == []


def test_gitea_is_read_as_github_is(archive: ArchiveRepo) -> None:
    other = archive.copy(archive.root.parent / "other")
    answers = [witnessed(archive, approved(archive)), witnessed(other, approved(other, "gitea"))]
    assert [outcomes(a) for a in answers] == [outcomes(answers[0])] * 2
    assert answers[0]["commit"] == answers[1]["commit"]


def test_a_post_that_the_machine_refuses_is_not_recorded(archive: ArchiveRepo) -> None:
    archive.draft(body="联系电话" + "138" + "12345678" + "。\n")
    archive.commit("改")
    answer = witnessed(archive, approved(archive), code=3)
    assert {row["outcome"] for row in answer["reviews"]} == {"refused"}
    assert all("R13" in row["message"] for row in answer["reviews"])


def test_no_click_is_signed_as_older_than_the_commit_that_it_names(archive: ArchiveRepo) -> None:
    """Where a forge tells only when a review was begun, that may be before its bytes were."""
    born = datetime.fromisoformat(archive.git("log", "-1", "--format=%cI"))
    rows = [review(n, who, submitted_at=(born - timedelta(hours=n)).isoformat())
            for n, who in ((2, "xxy-a"), (1, "kz-a"))]  # fmt: skip
    value = payload(archive.head(), rows)
    answer = witnessed(archive, value)
    said = [json.loads(archive.git("show", f"{answer['commit']}:{p}")) for p in answer["records"]]
    assert [datetime.fromisoformat(s["predicate"]["signed_at"]) for s in said] == [born, born]
    archive.git("merge", "--quiet", "--ff-only", answer["commit"])
    value["pull"]["head"]["sha"] = archive.head()
    assert witnessed(archive, value, "--check")["records"] == []


def test_a_record_of_when_a_review_was_begun_is_no_difference(archive: ArchiveRepo) -> None:
    """Records made before the timeline was read stand."""
    value = approved(archive, "gitea")
    archive.git("merge", "--quiet", "--ff-only", witnessed(archive, value)["commit"])
    value["pull"]["head"]["sha"] = archive.head()
    entry = {"type": "review", "review_id": 9001, "created_at": "2026-11-05T11:30:00Z"}
    assert witnessed(archive, value | {"timeline": [entry]}, "--check")["records"] == []


@pytest.mark.parametrize("change", [{"state": "UNKNOWN"}, {"user": {"id": "x"}}, {"id": 0}])
def test_a_payload_that_cannot_be_read_is_said_and_not_swallowed(
    archive: ArchiveRepo, tmp_path: Path, change: dict[str, Any]
) -> None:
    value = approved(archive)
    value["reviews"][0] |= change
    done = run(
        archive.root, "witness", "--head", archive.head(), "--format", "json",
        "--reviews", str(stored(tmp_path, value)), "--key", str(private_key_file(BOT, tmp_path)),
    )  # fmt: skip
    answer = json.loads(done.stdout)
    ANSWER.validate(answer)
    assert done.returncode == 1 and "reviews[" in answer["notice"]
    assert (answer["commit"], answer["reviews"]) == ("", [])
    assert answer["notice"] in done.stderr


@pytest.mark.parametrize(
    "head", [{"ref": "refs/pull/12/head"}, {"repo": None}, {"repo": {"id": 8}}]
)
def test_a_proposal_without_a_branch_here_says_so_before_anybody_presses(
    archive: ArchiveRepo, head: dict[str, Any]
) -> None:
    value = payload(archive.head(), [])
    value["pull"]["head"] |= head
    answer = witnessed(archive, value, code=3)
    assert "branch-missing" in answer["notice"]
    assert witnessed(archive, payload(archive.head(), []), code=3)["notice"] == ""


@pytest.mark.parametrize("more", [("--pull", "13"), ("--key", "gly-a")], ids=str)
def test_another_proposal_and_another_key_are_faults(
    archive: ArchiveRepo, more: tuple[str, ...]
) -> None:
    value = approved(archive)
    if more[0] == "--key":
        assert "is no witness's" in witnessed(archive, value, code=1, key=more[1])["error"]
    else:
        assert "of proposal 12" in witnessed(archive, value, *more, code=1)["error"]


def test_check_tells_what_the_forge_shows_otherwise(archive: ArchiveRepo) -> None:
    value = approved(archive)
    archive.git("merge", "--quiet", "--ff-only", witnessed(archive, value)["commit"])
    value["pull"]["head"]["sha"] = archive.head()
    assert witnessed(archive, value, "--check")["records"] == []
    value["reviews"][0]["state"] = "DISMISSED"
    assert witnessed(archive, value, "--check")["records"] == []
    value["reviews"][0]["state"] = "CHANGES_REQUESTED"
    del value["reviews"][1]
    answer = witnessed(archive, value, "--check", code=11)
    assert answer["records"] == [FIRST, SECOND]
    assert [row["message"] for row in answer["reviews"]] == [
        "decision-differs", "review-missing",
    ]  # fmt: skip


def test_people_read_who_is_next_and_what_did_not_count(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    value = payload(archive.head(), [review(1, "kz-a"), review(2, "xxy-a")])
    asked = "--head", archive.head(), "--reviews", str(stored(tmp_path, value))
    key = str(private_key_file(BOT, tmp_path))
    given = *asked, "--key", key, "--as-of", AS_OF.isoformat()
    done = run(archive.root, "witness", *given, lang="zh")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.splitlines() == [
        (f"9001  kz-a  {POST}  复审  " + worded("click-out-of-turn", "zh")),
        (f"9002  xxy-a  {POST}  初审  " + worded("click-counts", "zh")),
        f"{POST}：复审，由 某kz-a 办理。",
    ]


def test_a_key_that_cannot_sign_is_a_fault_and_no_verdict(archive: ArchiveRepo) -> None:
    folder = archive.root.parent
    private_key_file(BOT, folder).unlink()
    value = stored(folder, approved(archive))
    done = run(
        archive.root, "witness", "--head", archive.head(), "--reviews", str(value),
        "--key", str(folder / f"{BOT}.pub"), "--as-of", AS_OF.isoformat(),
    )  # fmt: skip
    assert done.returncode == 1 and done.stdout == ""
