"""W14: main is mirrored to a second forge, and somebody clicks or merges there."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.history.pending_records import pending_records
from pipeline.model.findings import Effect
from pipeline.source.git.branches import mains_apart
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF, at, email
from tests.builders.named import shows
from tests.builders.payloads import payload, review
from tests.builders.two_forges import (
    MIRROR,
    THERE,
    THERE_ACCOUNTS,
    consented,
    hand_over,
    on_both,
    pressed,
)
from tests.builders.verdicts import marks, passes, refused_for, run, waits_for
from tests.builders.witness import BOT, FORGE
from tests.builders.witnessing import recorded, witnessed

DAY = "2026-11-05"
OTHER_POST = "2026-11-05-dry-season"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    made = ArchiveRepo.begin(tmp_path_factory.mktemp("two") / "archive", **on_both())
    made.branch("proposal")
    made.draft()
    made.commit("起草")
    return made


@pytest.fixture
def archive(begun: ArchiveRepo, tmp_path: Path) -> ArchiveRepo:
    return begun.copy(tmp_path / "archive")


def handed_over(archive: ArchiveRepo, day: str = DAY) -> None:
    """Main names the mirror from a day on, and the proposal stands on that main."""
    archive.switch("main")
    archive.branch("hand-over")
    hand_over(archive, day)
    consented(archive)
    assert passes(archive.verify())
    archive.switch("main")
    archive.merge("hand-over")
    archive.switch("proposal")
    env = archive.git.people(email("gly-a"), email("gly-a"))
    archive.git("merge", "--quiet", "--no-edit", "main", env=env)


def there(archive: ArchiveRepo, *rows: dict[str, Any], number: int = 3) -> dict[str, Any]:
    """What the mirror answers of the same branch: other numbers, for all but the bytes."""
    value = payload(archive.head(), rows)
    value["pull"] |= {"number": number, "html_url": f"https://{THERE}/yunlan/archive/pulls/3"}
    for end in ("head", "base"):
        value["pull"][end] = value["pull"][end] | {"repo": {"id": 3, "full_name": "yunlan/a"}}
    for row in (value["pull"], *value["reviews"]):
        row["user"] = row["user"] | {"id": THERE_ACCOUNTS[row["user"]["login"]]}
    return value


def test_w14_a_click_on_the_mirror_is_told_where_to_press(archive: ArchiveRepo) -> None:
    """And nobody is left with "the next round tries again"."""
    answer = witnessed(archive, there(archive, review(1, "xxy-a"), review(2, "kz-a")), code=3)
    assert (answer["commit"], answer["records"], answer["awaited"]) == ("", [], [])
    assert FORGE in answer["notice"] and MIRROR in answer["notice"]
    assert {row["outcome"] for row in answer["reviews"]} == {"not-counted"}


def test_w14_the_forge_that_handed_over_witnesses_no_more(archive: ArchiveRepo) -> None:
    handed_over(archive)
    rows = review(1, "xxy-a"), review(2, "kz-a")
    answer = witnessed(archive, payload(archive.head(), rows), code=3)
    assert answer["records"] == [] and MIRROR in answer["notice"]


def test_w14_accounts_that_are_asked_are_those_of_this_forge(archive: ArchiveRepo) -> None:
    """Each number of the mirror is somebody else's here."""
    answer = witnessed(archive, payload(archive.head(), [review(1, "xxy-a")]), code=3)
    assert [p["accounts"] for p in answer["awaited"][0]["people"]] == [[104]]
    handed_over(archive)
    answer = witnessed(archive, there(archive, review(1, "xxy-a")), code=3)
    assert [p["accounts"] for p in answer["awaited"][0]["people"]] == [[105]]


@pytest.mark.parametrize(
    ("forge", "moment", "counts"),
    [
        (FORGE, "2026-11-04 23:59", True),
        (FORGE, "2026-11-05 08:00", True),  # what stood that morning stands
        (FORGE, "2026-11-06 00:00", False),
        (MIRROR, "2026-11-04 23:59", False),
        (MIRROR, "2026-11-05 00:00", True),
        (MIRROR, "2026-11-06 00:00", True),
    ],
)
def test_w14_a_record_counts_on_the_days_of_its_forge(
    archive: ArchiveRepo, forge: str, moment: str, counts: bool
) -> None:
    handed_over(archive)
    pressed(archive, "first", forge, at(moment))
    archive.commit("见证", BOT)
    report = archive.verify(as_of=at("2026-11-06 09:00"))
    if counts:
        assert ("R11-1", "second-review-missing") in marks(report, Effect.HOLD)
    else:
        assert refused_for(report, ("R11-1", "witness-forge-foreign"))


def test_w14_a_post_of_that_morning_stands_after_the_hand_over_at_noon(
    archive: ArchiveRepo,
) -> None:
    """Else one change would stop the whole site, in the very hour in which a forge is away."""
    recorded(archive, payload(archive.head(), [review(1, "xxy-a"), review(2, "kz-a")]))
    for step in ("final", "confirm"):
        archive.review(POST, step, signed_at=AS_OF.replace(hour=11))
    archive.commit("审核", "gly-a")
    archive.switch("main")
    archive.merge("proposal")
    assert passes(archive.standing())
    archive.branch("hand-over")
    hand_over(archive, DAY)
    consented(archive)
    assert passes(archive.verify())
    archive.switch("main")
    archive.merge("hand-over")
    assert passes(archive.standing())
    assert not marks(archive.audit())


def test_w14_a_click_there_before_the_hand_over_stands_in_nobodys_way(
    archive: ArchiveRepo,
) -> None:
    """It is told so, and the same person's later one counts."""
    handed_over(archive)
    early = review(1, "xxy-a", submitted_at="2026-11-04T15:00:00Z")
    asks = review(2, "kz-a", "return", body="未到。", submitted_at="2026-11-04T15:01:00Z")
    rows = [early, asks, review(3, "xxy-a"), review(4, "kz-a")]
    value = there(archive, *rows)
    for row in value["reviews"][:2]:
        row["commit_id"] = archive.head("proposal^1")
    answer = witnessed(archive, value)
    assert len(answer["records"]) == 2
    assert [row["outcome"] for row in answer["reviews"]] == [
        "not-counted", "not-counted", "recorded", "recorded",
    ]  # fmt: skip
    assert shows(answer["reviews"][0]["message"], "forge-not-named")


def test_w14_who_pressed_on_both_counts_once_and_numbers_of_the_two_are_two(
    archive: ArchiveRepo,
) -> None:
    """The first step was recorded here; there the same review has the other's number, and a click
    of the same number is another person's."""
    click = payload(archive.head(), [review(1, "xxy-a", "return", body="缺来源。")])
    recorded(archive, click)
    assert refused_for(archive.verify(), ("R11-1", "first-review-returned"))
    handed_over(archive)
    answer = witnessed(archive, there(archive, review(1, "kz-a"), review(2, "xxy-a")), code=3)
    assert answer["records"] == []
    assert all("returned already" in row["message"] for row in answer["reviews"])


def test_w14_a_step_recorded_here_is_not_taken_again_there(archive: ArchiveRepo) -> None:
    pressed(archive, "first", FORGE, at("2026-11-04 10:00"))
    archive.commit("见证", BOT)
    handed_over(archive)
    later = [review(1, "xxy-a"), review(2, "kz-a")]
    answer = witnessed(archive, there(archive, *later))
    assert [path.rpartition("/")[2] for path in answer["records"]] == ["2-second.json"]
    assert answer["reviews"][0]["outcome"] == "settled"
    archive.git("merge", "--quiet", "--ff-only", answer["commit"])
    assert waits_for(archive.verify(), ("R11-1", "final-review-missing"))


def test_w14_what_another_forge_showed_is_said_not_to_be_compared(archive: ArchiveRepo) -> None:
    recorded(archive, payload(archive.head(), [review(1, "xxy-a"), review(2, "kz-a")]))
    handed_over(archive)
    answer = witnessed(archive, there(archive), "--check", code=3)
    assert (answer["records"], answer["reviews"]) == ([], [])
    assert "2 records" in answer["notice"]


# Two mains that went apart.


def mirrored(archive: ArchiveRepo, root: Path) -> dict[str, ArchiveRepo]:
    """Two bare servers with one main, and a clone of each."""
    clones = {}
    for name in ("origin", "mirror"):
        server = root / f"{name}.git"
        archive.git("clone", "--quiet", "--bare", str(archive.root), str(server))
        archive.git("remote", "add", name, str(server))
        clones[name] = archive.copy(root / f"of-{name}")
    archive.git("fetch", "--quiet", "--all")
    return clones


def approved(archive: ArchiveRepo, post: str, server: str) -> str:
    """A post reviewed and merged on one server alone; main's last commit there."""
    archive.switch("main")
    archive.branch(f"post/{post}")
    archive.draft(post)
    archive.commit("起草")
    archive.approve_all(post)
    archive.commit("审核", "gly-a")
    assert passes(archive.verify())
    archive.switch("main")
    archive.merge(f"post/{post}")
    archive.git("push", "--quiet", server, "main")
    return archive.head()


def test_w14_a_mirror_that_is_behind_is_no_second_main(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    mirrored(archive, tmp_path)
    approved(archive, POST, "origin")
    archive.git("fetch", "--quiet", "--all")
    assert list(mains_apart(archive.open())) == []


@pytest.fixture
def apart(archive: ArchiveRepo, tmp_path: Path) -> ArchiveRepo:
    """A clone of both, when each had a merge of its own."""
    clones = mirrored(archive, tmp_path)
    approved(archive, POST, "origin")
    other = clones["mirror"]
    approved(other, OTHER_POST, "mirror")
    archive.git("fetch", "--quiet", "--all")
    return archive


@pytest.mark.parametrize("command", [("status",), ("verify", "--base", "main"), ("audit",)])
def test_w14_two_mains_are_named_with_what_each_holds(
    apart: ArchiveRepo, command: tuple[str, ...]
) -> None:
    as_of = () if command == ("status",) else ("--as-of", AS_OF.isoformat())
    done = run(apart.root, *command, *as_of)
    here, there = (apart.head(f"{remote}/main")[:12] for remote in ("origin", "mirror"))
    assert f"origin/main alone holds {here}" in done.stderr
    assert f"mirror/main alone {there}" in done.stderr
    assert "git push origin mirror/main:refs/heads/from-mirror" in done.stderr
    assert there not in done.stdout  # no verdict depends on what was fetched


def test_w14_a_mirrors_main_is_no_branch_of_records(archive: ArchiveRepo, tmp_path: Path) -> None:
    """It holds one more record and nothing else: what completes that would be written to main."""
    other = mirrored(archive, tmp_path)["mirror"]
    for name in ("records/x", "main"):
        other.git("switch", "--quiet", "-C", name, "main")
        other.write(f"content/records/incidents/2026/{DAY}-{name[0]}.yml", "id: x\n")
        other.commit("登记")
        other.git("push", "--quiet", "mirror", name)
    archive.git("fetch", "--quiet", "--all")
    with archive.open() as repository:
        brought = pending_records(repository).branches
    assert {*brought.values()} == {"records/x"}


MISSING = "12345678" * 5


@pytest.mark.parametrize("broken", ["heads/other", "remotes/third/main", "remotes/mirror/main"])
@pytest.mark.parametrize("names", [f"{MISSING}\n", "", "nothing\n"], ids=["gone", "empty", "odd"])
def test_w14_a_broken_branch_ends_no_verdict(apart: ArchiveRepo, broken: str, names: str) -> None:
    """What is whole is compared; of what is broken it is said that it was not."""
    file = apart.root / ".git/refs" / broken
    file.parent.mkdir(exist_ok=True)
    sound = run(apart.root, "verify", "--base", "main", "--as-of", AS_OF.isoformat())
    file.write_text(names, encoding="ascii")
    done = run(apart.root, "verify", "--base", "main", "--as-of", AS_OF.isoformat())
    assert (done.returncode, done.stdout) == (sound.returncode, sound.stdout)
    remote = broken.split("/")[1]
    unchecked = f"Not checked whether origin/main and {remote}/main are one main"
    assert (unchecked in done.stderr) == (remote != "other")
    assert shows(done.stderr, "two-mains") == (remote != "mirror")


def test_w14_where_ones_own_main_is_broken_no_mirror_is_compared(apart: ArchiveRepo) -> None:
    (apart.root / ".git/refs/remotes/origin/main").write_text("", encoding="ascii")
    (one,) = mains_apart(apart.open())
    assert str(one).startswith("Not checked whether origin/main and mirror/main are one main")


def test_w14_what_they_say_to_do_makes_one_main_again(apart: ArchiveRepo) -> None:
    """Word for word, and every review counts: they are bound to bytes, not to a forge."""
    for command in (
        "git push --quiet origin mirror/main:refs/heads/from-mirror",
        "git fetch --quiet origin",
        "git switch --quiet --detach origin/main",
    ):
        apart.git(*command.split()[1:])
    assert passes(apart.verify("origin/main", "origin/from-mirror"))
    apart.merge("origin/from-mirror")
    apart.git("push", "--quiet", "origin", "HEAD:main")
    apart.git("fetch", "--quiet", "--all")
    apart.git("push", "--quiet", "mirror", "origin/main:main")
    apart.git("fetch", "--quiet", "--all")
    assert list(mains_apart(apart.open())) == []
    assert apart.head("origin/main") == apart.head("mirror/main")
    assert passes(apart.standing("origin/main"))
    assert not marks(apart.audit("origin/main"))


def test_w14_one_proposal_merged_on_both_is_one_post(archive: ArchiveRepo, tmp_path: Path) -> None:
    other = mirrored(archive, tmp_path)["mirror"]
    approved(archive, POST, "origin")
    other.git("fetch", "--quiet", str(archive.root), f"post/{POST}:post/{POST}")
    other.switch("main")
    other.git("reset", "--quiet", "--hard", archive.head("origin/main~1"))
    other.merge(f"post/{POST}", committer="ld-a")
    other.git("push", "--quiet", "mirror", "main")
    archive.git("fetch", "--quiet", "--all")
    assert len(list(mains_apart(archive.open()))) == 1
    assert passes(archive.verify("origin/main", "mirror/main"))
    archive.git("switch", "--quiet", "--detach", "origin/main")
    archive.merge("mirror/main")
    assert archive.git("diff", "--name-only", "origin/main", "HEAD") == ""
    assert not marks(archive.audit()) and passes(archive.standing())


def test_w14_what_governs_there_comes_a_step_at_a_time(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    """A post and a setting on the other main: together they are refused, one by one they pass."""
    other = mirrored(archive, tmp_path)["mirror"]
    approved(archive, POST, "origin")
    approved(other, OTHER_POST, "mirror")
    other.branch("hand-over")
    hand_over(other, DAY)
    consented(other)
    other.switch("main")
    other.merge("hand-over")
    other.git("push", "--quiet", "mirror", "main")
    archive.git("fetch", "--quiet", "--all")
    assert marks(archive.verify("origin/main", "mirror/main"))
    archive.switch("main")
    for step in ("mirror/main~1", "mirror/main"):
        assert passes(archive.verify("main", step))
        archive.merge(step)
    assert not marks(archive.audit()) and passes(archive.standing())


def test_w14_a_commit_of_nothing_makes_a_second_main_too(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    other = mirrored(archive, tmp_path)["mirror"]
    other.switch("main")
    other.commit("另一段历史")
    other.git("push", "--quiet", "mirror", "main")
    approved(archive, POST, "origin")
    archive.git("fetch", "--quiet", "--all")
    assert len(list(mains_apart(archive.open()))) == 1
