"""A8, A12: a web squash names everybody as co-author; who only signed made nothing of the post."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.judge.judgements import standing
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF, email, person, registers
from tests.builders.files import folder
from tests.builders.verdicts import finds, marks, passes, refused_for

FORGE = "noreply@github.com"
STEPS = (("first", "xxy-a"), ("second", "kz-a"), ("final", "ld-a"), ("confirm", "kz-a"))
HIDDEN = "41898282+{}@users.noreply.github.com"


def github(people: list[str], title: str) -> str:
    """What "Squash and merge" writes of several commits (`squash_merge_commit_message`)."""
    names = "\n".join(f"Co-authored-by: {p.split('@')[0]} <{p}>" for p in people)
    return f"{title} (#7)\n\n* 起草\n\n* 初审\n\n* 复审\n\n---------\n\n{names}\n"


def gitea(people: list[str], title: str) -> str:
    """What Gitea writes since 1.13, here merged by another than the one who proposed."""
    names = "\n".join(f"Co-authored-by: {p.split('@')[0]} <{p}>" for p in people)
    return (
        f"{title} (#7)\n\nReviewed-on: https://git.yunlan.example/yjj/archive/pulls/7\n"
        f"Reviewed-by: kz-a <{email('kz-a')}>\n{names}\n"
        f"Co-committed-by: zz-a <{email('zz-a')}>\n"
    )


def _wrote(who: str) -> tuple[str, str, str]:
    place = {"xxy-a": "1-first.json", "kz-a": "2-second.json", "ld-a": "3-final.json"}[who]
    return "R11-1", "reviewer-made-post", place


def _reviewed(archive: ArchiveRepo, **people: str) -> None:
    """Each reviewer commits their own record to the branch."""
    for step, who in STEPS:
        role = {"role": "principal"} if people.get(step) == "ld-b" else {}
        archive.review(POST, step, people.get(step, ""), **role)
        archive.commit(step, people.get(step, who))


def _squash(
    archive: ArchiveRepo,
    words: Callable[[list[str], str], str] = github,
    author: str = "zz-a",
    committer: str = FORGE,
    branch: str = "proposal",
    hidden: bool = False,
) -> str:
    """Land a branch on main as one commit; returns what main held before."""
    base = archive.head("main")
    span = ("log", "--no-merges", "--format=%ae", f"main..{branch}")
    people = dict.fromkeys(archive.git(*span).split())
    merges = archive.git("log", "--merges", "--format=%ae", f"main..{branch}").split()
    named = [HIDDEN.format(p.split("@")[0]) if hidden else p for p in [*people, *merges]]
    made = HIDDEN.format(author) if hidden else email(author) if "@" not in author else author
    env = archive.git.people(made, committer if "@" in committer else email(committer))
    archive.switch("main")
    archive.git("merge", "--quiet", "--squash", branch, env=env)
    message = words([p for p in named if p != made], "冬季防火")
    archive.git("commit", "--quiet", "--message", message, env=env)
    return base


def _stands(archive: ArchiveRepo, base: str) -> bool:
    """The landed change, all that stands, and all of history pass."""
    audit = {r for r in marks(archive.audit("main")) if r[0] in ("R11-1", "R13-7")}
    assert not audit, audit
    return passes(archive.verify(base, "main")) and passes(archive.standing("main"))


@pytest.fixture
def proposed(archive: ArchiveRepo) -> ArchiveRepo:
    archive.draft()
    archive.commit("起草", "zz-a")
    _reviewed(archive)
    assert passes(archive.verify())
    return archive


@pytest.mark.parametrize("hidden", [False, True], ids=["own address", "private address"])
@pytest.mark.parametrize(
    ("words", "author", "committer"),
    [
        (github, "zz-a", FORGE),
        (github, "kz-a", FORGE),
        (gitea, "zz-a", "gly-a"),
        (gitea, "zz-a", "zz-a"),
        (gitea, "zz-a", "ld-a"),
        (gitea, "ld-a", "kz-a"),
    ],
    ids=[
        "GitHub", "GitHub, opened by a reviewer", "Gitea, merged by the operator",
        "Gitea, merged by the writer", "Gitea, merged by a reviewer", "Gitea, by two reviewers",
    ],
)  # fmt: skip
def test_a_web_squash_stands_as_its_proposal_did(
    proposed: ArchiveRepo,
    words: Callable[[list[str], str], str],
    author: str,
    committer: str,
    hidden: bool,
) -> None:
    base = _squash(proposed, words, author, committer, hidden=hidden)
    assert "Co-authored-by:" in proposed.git("log", "-1", "--format=%B", "main")
    assert _stands(proposed, base)


def test_a_squash_after_a_button_brought_the_branch_up_to_date(proposed: ArchiveRepo) -> None:
    """GitHub's "Update branch" makes whoever pressed it the author of a merge commit."""
    proposed.switch("main")
    proposed.write("docs/a.md", "x\n")
    proposed.commit("别的", "gly-a")
    proposed.switch("proposal")
    env = proposed.git.people(email("ld-a"), FORGE)
    words = "Merge branch 'main' into proposal"
    proposed.git("merge", "--quiet", "--no-ff", "--message", words, "main", env=env)
    assert passes(proposed.verify())
    assert _stands(proposed, _squash(proposed))


@pytest.mark.parametrize("how", ["merge", "one commit rebased", "cherry-picked"])
def test_other_ways_stand_as_well(proposed: ArchiveRepo, how: str) -> None:
    base, env = proposed.head("main"), proposed.git.people("x@x", email("ld-a"))
    if how == "merge":
        proposed.merge("proposal", committer="ld-a")
    else:  # whoever presses the button, or picks the commit, is its committer
        proposed.git("reset", "--quiet", "--soft", "main")
        proposed.commit("一次提交", "zz-a")
        assert passes(proposed.verify())
        picked = proposed.head()
        proposed.switch("main")
        proposed.write("docs/a.md", "x\n")
        base = proposed.commit("别的", "gly-a")
        proposed.git("cherry-pick", picked, env=env)
    assert _stands(proposed, base)


def test_a_queue_judges_the_squash_before_it_lands(proposed: ArchiveRepo) -> None:
    main = proposed.head("main")
    _squash(proposed)
    proposed.branch("queue", "main")
    proposed.git("branch", "--quiet", "--force", "main", main)
    assert passes(proposed.verify(main, "queue"))


@pytest.mark.parametrize("words", [github, gitea])
@pytest.mark.parametrize("committer", [FORGE, "zz-a"])
def test_the_second_revision_of_a_squashed_post_is_reviewed_by_the_same_people(
    proposed: ArchiveRepo, words: Callable[[list[str], str], str], committer: str
) -> None:
    _squash(proposed, words, committer=committer)
    proposed.branch("again", "main")
    proposed.draft(body="关好火源，再出门。\n", revision=2)
    proposed.commit("修订", "zz-a")
    _reviewed(proposed)
    assert not {r for r in marks(proposed.verify()) if r[0] == "R11-1"}
    _squash(proposed, words, committer=committer, branch="again")
    assert not {r for r in marks(proposed.standing("main")) if r[0] == "R11-1"}


@pytest.mark.parametrize("who", ["kz-a", "ld-a"])
@pytest.mark.parametrize("how", ["own commit", "named as co-author", "committed for another"])
def test_who_wrote_and_signed_is_refused_before_the_squash(
    archive: ArchiveRepo, who: str, how: str
) -> None:
    archive.draft()
    words = f"起草\n\nCo-authored-by: {who} <{email(who)}>" if "named" in how else "起草"
    archive.commit(
        words, who if how == "own commit" else "zz-a", who if "committed" in how else "zz-a"
    )
    _reviewed(archive)
    assert refused_for(archive.verify(), _wrote(who))


def test_a_commit_of_a_proposal_that_holds_all_is_no_squash(archive: ArchiveRepo) -> None:
    """Nothing tells whether its co-author wrote or signed; main alone could not tell either."""
    archive.draft()
    archive.approve_all()
    archive.commit(f"一次提交\n\nCo-authored-by: ld-a <{email('ld-a')}>", "zz-a")
    assert refused_for(archive.verify(), _wrote("ld-a"))


def test_a_co_author_who_signed_nothing_made_the_post(proposed: ArchiveRepo) -> None:
    """Of the leader who wrote in the first revision, main's squash says it still in the second."""
    proposed.branch("written", "main")
    proposed.draft()
    proposed.commit(f"起草\n\nCo-authored-by: ld-a <{email('ld-a')}>", "zz-a")
    _reviewed(proposed, final="ld-b")
    assert passes(proposed.verify())
    base = _squash(proposed, lambda people, title: github([*people, email("ld-a")], title),
                   branch="written")  # fmt: skip
    assert passes(proposed.verify(base, "main"))
    proposed.branch("again", "main")
    proposed.draft(body="关好火源，再出门。\n", revision=2)
    proposed.commit("修订", "zz-a")
    _reviewed(proposed)
    assert finds(proposed.verify(), *_wrote("ld-a"))


def test_a_review_of_another_post_excuses_nobody(archive: ArchiveRepo) -> None:
    """A record that was copied beside the post is signed, but speaks of another."""
    other = archive.draft("2026-11-05-elsewhere")
    archive.draft()
    archive.commit("起草", "zz-a")
    archive.approve_all(other)
    _reviewed(archive, final="ld-b")
    waiver = archive.root / f"content/records/waivers/2026/{POST}.{'0' * 12}.json"
    waiver.parent.mkdir(parents=True)
    final = f"content/reviews/2026/{other}/r1/3-final.json"
    for end in ("", ".sig"):
        Path(f"{waiver}{end}").write_bytes((archive.root / f"{final}{end}").read_bytes())
    archive.commit("抄来的记录", "ld-a")
    _squash(archive)
    there, _ = standing(archive.open(), archive.head("main"), lambda _registers: AS_OF)
    people = {h.email for h in there.posts[POST].handlers}
    assert email("ld-a") in people
    assert email("ld-b") not in people


def test_a_first_reviewer_who_may_prepare_is_no_final_reviewer_later(tmp_path: Path) -> None:
    """The policy lets them prepare, so their signature does not tell that they made nothing."""
    rows = [p for p in registers()["people"]["people"] if p["id"] != "xxy-a"]
    both = person("xxy-a", "information-officer@xjk", "leader-in-charge@xjk")
    archive = ArchiveRepo.begin(tmp_path / "two", changed={"people": {"people": [*rows, both]}})
    archive.branch("proposal")
    archive.draft()
    archive.commit("起草", "zz-a")
    archive.change(f"{folder(POST)}/post.md", "防火", "防汛")
    archive.commit("校对", "xxy-a")
    _reviewed(archive)
    assert passes(archive.verify())
    _squash(archive)
    archive.branch("again", "main")
    archive.draft(body="关好火源，再出门。\n", revision=2)
    archive.commit("修订", "zz-a")
    _reviewed(archive, first="xxy-b", final="xxy-a")
    assert finds(archive.verify(), "R11-1", "reviewer-made-post", "3-final.json")
