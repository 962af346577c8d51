"""A build that goes on from the last one finds what one that begins anew finds."""

import random
import shutil
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import Fault
from pipeline.history import judge_commits
from pipeline.history.judge_commits import MainLine, Means, Prior, judged_changes
from pipeline.history.replay import erased, replay
from pipeline.judge.judge_posts import judge_all
from pipeline.judge.judgements import change_report, standing
from pipeline.law.engine import judge_post
from pipeline.memo.snapshot import NOTHING
from pipeline.memo.store import SealedStore
from pipeline.memo.verdict_cache import Ledger, digest_of
from pipeline.model.archive import Look
from pipeline.model.calendar import LAST, SHANGHAI, midnight
from pipeline.model.findings import Effect
from pipeline.model.ids import CommitId, PostId
from pipeline.model.part import program
from pipeline.model.reports import Report
from pipeline.new.yaml_writer import dump
from pipeline.source.git.bulk_history import read_history, times
from pipeline.source.git.history import Proposed
from pipeline.source.git.repository import Repository
from pipeline.workers import spread
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF
from tests.builders.files import folder
from tests.builders.records import erase, waive
from tests.builders.seeds import seeds
from tests.history.store_folder import Place, standing_at
from tests.memo.dated_clauses import any_clause, lay_down, moments
from tests.memo.spoil import edit
from tests.site import sample

OTHER = "2026-11-05-night-check"
THIRD = "2026-11-05-linked"
GONE = "2026-11-05-gone"
LATER = timedelta(days=40)
"""Long after the reviews of a post that was carried nowhere have ended."""


@pytest.fixture
def place(first: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    _build_no_pages(monkeypatch)
    return first.copy(tmp_path)


def _build_no_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a site looks like is no matter here, and mkdocs takes a second each time."""
    monkeypatch.setattr("pipeline.publish.build_site.build", lambda *_: object())


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Three reviewed posts on main, the third with a link to the second; built once."""
    out = tmp_path_factory.mktemp("stand")
    repo = ArchiveRepo.begin(out / "archive", sample.theme())
    made = Place(repo, SealedStore(out / "kept", bytes(32)), out)
    for post in (POST, OTHER):
        _add(made, post)
    link = f"https://archive.yunlan.example/posts/2026/{OTHER}/"
    _add(made, THIRD, f"见[另一篇]({link})。\n")
    with pytest.MonkeyPatch.context() as monkeypatch:
        _build_no_pages(monkeypatch)
        made.build()
    assert made.past().commit == repo.head("main")
    repo.pack()
    return made


def _add(place: Place, post: str, body: str = "睡前巡查四个地方。\n") -> None:
    repo = place.repo
    repo.branch(post)
    repo.draft(post, body)
    repo.approve_all(post)
    repo.commit(post, "zz-a")
    repo.merge(post)


def _carry(place: Place) -> None:
    place.repo.publication(POST)
    place.repo.commit("发布", "gly-a")


def _alter(place: Place) -> None:
    place.number += 1
    path = f"{folder(OTHER)}/post.md"
    if (place.repo.root / path).exists():
        place.repo.write(path, place.repo.read(path) + f"第{place.number}次\n".encode())
    place.repo.commit("改", "gly-a")


def _unsign(place: Place) -> None:
    (place.repo.root / place.repo.place(POST, "final")).unlink(missing_ok=True)
    place.repo.commit("删", "gly-a")


def _come_and_go(place: Place) -> None:
    """The second reviewer's hand in the post, although nothing of it is left."""
    place.number += 1
    repo, name, path = place.repo, f"b{place.number}", f"{folder(POST)}/post.md"
    raw = repo.read(path)
    repo.branch(name)
    repo.write(path, raw + b"\n")
    repo.commit("改", "kz-a")
    repo.write(path, raw)
    repo.commit("改回", "kz-a")
    repo.merge(name)


def _remove_target(place: Place) -> None:
    place.repo.git("rm", "-rq", "--ignore-unmatch", folder(OTHER))
    place.repo.commit("撤", "gly-a")


def _govern(place: Place) -> None:
    place.number += 1
    path = "content/policy.yml"
    place.repo.write(path, place.repo.read(path) + f"# {place.number}\n".encode())
    place.repo.commit("改政策", "gly-a")


def _record(place: Place) -> None:
    place.number += 1
    event = f"2026-11-0{place.number % 9 + 1}"
    place.repo.event("wx", "change", event)
    place.repo.commit("事项", "gly-a")


def _record_twice(place: Place) -> None:
    """A record and another of its name, in capitals or in the folder of another year."""
    place.number += 1
    place.repo.event("wx", "change", "2026-10-01")
    path = "content/records/account-events/2026/2026-10-01-wx-change.yml"
    if place.number > 1:
        change = ("/2026/", "/2025/") if place.number % 2 else ("-wx-", "-WX-")
        place.repo.write(path.replace(*change), place.repo.read(path))
    place.repo.commit("事项", "gly-a")


def _waive_in_another_year(place: Place) -> None:
    """A waiver that counts for nothing, where nobody would look for one."""
    path = waive(place.repo, role="principal")
    for end in ("", ".sig"):
        place.repo.write(path.replace("/2026/", "/2001/") + end, place.repo.read(path + end))
        (place.repo.root / (path + end)).unlink()
    place.repo.commit("豁免", "gly-a")


def _erase_and_keep(place: Place) -> None:
    """Two signatures erase a post, which goes, or stands all the same; it had a waiver."""
    repo = place.repo
    if not (repo.root / folder(POST)).exists():
        return
    waive(repo)
    repo.commit("豁免", "kz-a")
    place.number += 1
    repo.branch(f"erase{place.number}")
    erase(repo, "kz-a", "ld-a")
    if place.number % 2:
        repo.git("checkout", "--quiet", "main", "--", folder(POST))
        repo.commit("还原", "gly-a")
    repo.merge(f"erase{place.number}")


def _empty_folder(place: Place) -> None:
    """A folder without files, which no index would hold, where a post would stand."""
    repo = place.repo
    env = repo.git.people("zz-a@yunlan.example.org", "zz-a@yunlan.example.org")
    empty = repo.git.raw("tree", b"")
    for post in (GONE, OTHER):
        if not (repo.root / folder(post)).exists():
            made = repo.git.grow(repo.head("main"), [("40000", empty, folder(post))], env)
            repo.git("update-ref", "refs/heads/main", made)


def _relay(place: Place) -> None:
    """A record of an item that goes to an account too few; it names one post, then another."""
    place.number += 1
    relay = {
        "title": "省厅通知", "source": {"name": "省厅", "level": "provincial", "url": "https://example.gov.cn/1"},
        "source_published_at": "2026-11-05T08:00:00+08:00", "person": "xxy-d",
        "post": (POST, OTHER)[place.number % 2], "accounts": ["app"],
    }  # fmt: skip
    place.repo.write("content/records/relays/2026/r1.yml", dump(relay))
    place.repo.commit("转载", "gly-a")


def _more(place: Place) -> None:
    place.number += 1
    _add(place, f"2026-11-05-more-{place.number}")


def _rebuild(place: Place) -> None:
    place.build()


def _undo(place: Place) -> None:
    """The files as they stood a change ago, in a change of its own."""
    place.repo.git("read-tree", "-u", "--reset", "HEAD~1")
    place.repo.commit("退回", "gly-a")


def _carry_under_another_name(place: Place) -> None:
    """A record of one post in a file that is named for another."""
    path = place.repo.publication(POST, revision=2)
    _rename(place, path, f"{path}.sig")
    place.repo.commit("发布", "gly-a")


def _take_back(place: Place) -> None:
    """A record that one takes the place of, which a third takes back."""
    wrong = place.repo.publication(POST)
    path = place.repo.superseding(wrong, POST, batch="b")
    place.repo.commit("更换", "gly-a")
    place.repo.superseding(path, POST, void=True)
    place.repo.commit("撤销", "gly-a")


def _correct_under_another_name(place: Place) -> None:
    _rename(place, place.repo.correction(POST, 1))
    place.repo.commit("更正", "gly-a")


def _rename(place: Place, *paths: str) -> None:
    for path in paths:
        place.repo.write(path.replace(POST, OTHER), place.repo.read(path))
        (place.repo.root / path).unlink()


ACTS: tuple[Callable[[Place], None], ...] = (
    _carry, _alter, _unsign, _come_and_go, _remove_target, _govern, _record, _relay, _more,
    _carry_under_another_name, _correct_under_another_name, _record_twice, _waive_in_another_year,
    _erase_and_keep, _empty_folder, _take_back,
)  # fmt: skip
OF_A_POST = (
    _carry, _come_and_go, _waive_in_another_year, _carry_under_another_name, _take_back,
    _correct_under_another_name,
)  # fmt: skip
"""What needs the first post; another act may have erased it."""


@pytest.mark.parametrize("act", ACTS, ids=lambda f: f.__name__)
def test_after_any_one_change_both_agree(place: Place, act: Callable[[Place], None]) -> None:
    act(place)
    place.agrees()
    place.build()
    place.agrees()


def test_whoever_touched_a_post_is_seen_though_nothing_is_left(place: Place) -> None:
    assert place.agrees()[POST].publishable
    _come_and_go(place)
    assert place.agrees()[POST].decision is Effect.REFUSE


def test_a_relay_is_asked_for_by_the_post_it_names_alone(place: Place) -> None:
    """Before, after, and when it is gone: no other post is judged again for it."""
    for named, refused in ((OTHER, {OTHER}), (POST, {POST})):
        _relay(place)
        found = place.agrees()
        assert {i for i in (POST, OTHER, THIRD) if not found[i].publishable} == refused
        again = standing_at(
            place.repo.open(), place.repo.head("main"), lambda _: AS_OF, Means(), place.past()
        )
        assert named in again.delta.touched
        assert not again.judged.keys() & {THIRD}
    place.repo.git("rm", "-q", "content/records/relays/2026/r1.yml")
    place.repo.commit("删", "gly-a")
    assert all(place.agrees()[i].publishable for i in (POST, OTHER, THIRD))


@pytest.mark.parametrize("governed", [False, True])
def test_whoever_touched_a_post_before_the_last_build_is_seen(place: Place, governed: bool) -> None:
    """Also when registers changed since, and when the post had gone: git is not asked for less."""
    repo = place.repo
    repo.branch("old")
    repo.draft(GONE)
    repo.commit("稿", "kz-a")  # the second reviewer
    repo.git("rm", "-rq", folder(GONE))
    repo.commit("撤稿", "kz-a")
    repo.merge("old")
    place.build()
    assert folder(GONE) in place.past().ever
    if governed:
        _govern(place)
    _add(place, GONE)
    found = replay(repo.open(), repo.head("main"), lambda _: AS_OF)
    (verdict,) = (v for v in found if v.subject == f"{repo.head('main')[:12]} {GONE}")
    assert verdict.decision is Effect.REFUSE
    place.agrees()


def test_a_folder_without_files_is_no_post(place: Place) -> None:
    """A post that goes and leaves one behind is gone for those that link to it."""
    _empty_folder(place)
    assert GONE not in place.agrees()
    place.build()
    assert place.past().commit == place.repo.head("main")
    place.repo.git("rm", "-rq", folder(OTHER))
    place.repo.commit("撤", "gly-a")
    _empty_folder(place)
    found = place.agrees()
    assert not found.keys() & {GONE, OTHER}
    assert found[THIRD].decision is Effect.REFUSE


@seeds(1)
def test_after_many_changes_both_agree(place: Place, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311
    for act in draw.choices((*ACTS, _undo, _rebuild, _rebuild), k=6):
        if act not in OF_A_POST or (place.repo.root / folder(POST)).exists():
            act(place)
        place.agrees()
    place.agrees(AS_OF + LATER)


def test_time_alone_ends_what_was_kept(place: Place) -> None:
    turns = {
        moment for row in place.rows().values() for moment in (row.span.low, row.span.high)
    } - {LAST}
    assert turns
    for moment in sorted(turns):
        for near in (moment - timedelta(seconds=1), moment, moment + timedelta(seconds=1)):
            if near > AS_OF - LATER:
                place.agrees(near.astimezone(SHANGHAI))


@seeds(1)
def test_any_clauses_agree_at_any_time(
    place: Place, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    draw = random.Random(seed)  # noqa: S311
    lay_down(any_clause(draw), monkeypatch)
    shutil.rmtree(place.store.folder)  # of the rules of before
    for moment in moments(draw):
        place.build(moment)
        place.agrees(moment + timedelta(seconds=draw.randrange(-90_000, 90_000)))


def test_a_build_keeps_for_how_long_history_passes_though_no_post_is_judged_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or every later build of this commit would go through all of history."""
    lay_down(lambda archive: bool(archive.change and archive.today < AS_OF.date()), monkeypatch)
    shutil.rmtree(place.store.folder)  # of the rules of before
    for days in (0, 3):
        place.build(AS_OF + timedelta(days))
        assert place.past().span.holds(AS_OF + timedelta(days))


def test_what_stands_is_not_judged_again_on_a_later_day(place: Place) -> None:
    later = AS_OF + timedelta(days=3)
    again = standing_at(
        place.repo.open(), place.repo.head("main"), lambda _: later, Means(), place.past()
    )
    assert not again.judged.keys() & {POST, OTHER, THIRD}


def test_nothing_is_judged_again_when_nothing_changed(place: Place) -> None:
    repository = place.repo.open()
    again = standing_at(repository, place.repo.head("main"), lambda _: AS_OF, Means(), place.past())
    assert not len(again.judged) > 1
    _more(place)
    again = standing_at(
        place.repo.open(), place.repo.head("main"), lambda _: AS_OF, Means(), place.past()
    )
    assert again.delta.touched == {"2026-11-05-more-1"}


def test_a_build_that_begins_anew_judges_a_post_once(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []
    monkeypatch.setattr(
        "pipeline.judge.judge_posts.judge_post",
        lambda post, *others: judged.append(post.id) or judge_post(post, *others),
    )
    shutil.rmtree(place.store.folder)
    place.build()
    assert sorted(judged) == sorted((POST, OTHER, THIRD))


@pytest.mark.parametrize("name", ["change", "entered", "entry_day"])
def test_a_clause_that_looks_at_the_change_leaves_no_row_to_what_stands(
    place: Place, name: str
) -> None:
    plain, _ = standing(place.repo.open(), place.repo.head("main"), lambda _: AS_OF)
    tracked = Look(plain, PostId(POST))
    asked = tracked.queries
    assert not tracked.brings(plain.posts[POST])
    assert asked.kinds <= program().with_posts
    getattr(tracked, name)
    assert not asked.kinds <= program().with_posts


def test_a_change_on_the_line_is_found_though_the_last_build_passed(place: Place) -> None:
    """Put back before the next build: only the history shows it."""
    _alter(place)
    _undo(place)
    before = place.past()
    place.build()
    assert place.past() == before
    repository, head = place.repo.open(), place.repo.head("main")
    assert any(v.decision is Effect.REFUSE for v in replay(repository, head, lambda _: AS_OF))
    assert erased(repository, head) == {}


def test_another_history_of_the_same_files_takes_nothing_from_the_last(place: Place) -> None:
    repo = place.repo
    repo.git("checkout", "--quiet", "--orphan", "new", "main")
    repo.commit("从头", "gly-a")
    repo.git("branch", "--force", "main", "HEAD")
    head = repo.head("main")
    found = standing_at(repo.open(), head, lambda _: AS_OF, Means(), place.past())
    assert found.delta.past == NOTHING


@pytest.mark.parametrize("processes", [2, 4])
def test_processes_make_no_difference(
    place: Place, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.history.judge_commits.spread", partial(spread, few=1))
    head = place.repo.head("main")
    one = standing_at(place.repo.open(), head, lambda _: AS_OF, Means(), NOTHING)
    found = standing_at(
        place.repo.open(), head, lambda _: AS_OF, Means(processes=processes), NOTHING
    )
    assert found.rows == one.rows
    assert all(row.verdict == one.rows[i].verdict for i, row in found.rows.items())
    assert found.archive.cards == one.archive.cards


def test_no_worker_waits_for_a_whole_change(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the fork one post is judged, though each change of main brings three."""
    repo = place.repo
    (genesis,) = repo.git("rev-list", "--max-parents=0", "main").split()
    tree = repo.git("rev-parse", "main^{tree}").strip()
    author = ("-c", "user.name=a", "-c", "user.email=a@b.example")
    made = repo.git(*author, "commit-tree", tree, "-p", genesis, "-m", "全部")
    head = CommitId(made.strip())
    judged: list[list[str]] = []

    def report(repository: Repository, proposal: Proposed, *rest: Any, **more: Any) -> Report:
        judged.append(sorted(proposal.touched))
        return change_report(repository, proposal, *rest, **more)

    def share(tasks: Sequence[int], work: Callable[[int], object], *_: int, **more: Any) -> Any:
        assert (judged, more["first"]) == ([[min(POST, OTHER, THIRD)]], None)
        return [work(task) for task in tasks]

    one = replay(repo.open(), head, lambda _: AS_OF)
    monkeypatch.setattr(judge_commits, "change_report", report)
    monkeypatch.setattr(judge_commits, "spread", share)
    monkeypatch.setattr(judge_commits, "FEW", 0)
    monkeypatch.setattr(judge_commits, "_WORTH_A_FORK", 1)
    assert replay(repo.open(), head, lambda _: AS_OF, means=Means(processes=2)) == one
    assert judged[1:] == [sorted((POST, OTHER, THIRD))]


def test_before_the_fork_files_are_listed_up_to_the_first_change_of_a_post(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Further on, each worker would list all files anew, 4.5 KB a post."""
    repo = place.repo
    (genesis,) = repo.git("rev-list", "--max-parents=0", "main").split()
    tree = repo.git("rev-parse", "main^{tree}").strip()
    author = ("-c", "user.name=a", "-c", "user.email=a@b.example")
    made = repo.git(*author, "commit-tree", tree, "-p", genesis, "-m", "全部").strip()
    repo.git("checkout", "--quiet", "-B", "main", made)
    _alter(place)  # a smaller change
    reached: list[int] = []
    with repo.open() as repository:
        head = repository.base("main")
        history = read_history(repository, head)

        def share(tasks: Sequence[int], work: Callable[[int], object], *_: int, **__: Any) -> Any:
            reached.append(history._at)
            return [work(task) for task in tasks]

        monkeypatch.setattr(judge_commits, "spread", share)
        monkeypatch.setattr(judge_commits, "_WORTH_A_FORK", 1)
        line, means = [*history.numbers], Means(processes=2)
        main = MainLine(repository, line, lambda _: AS_OF, {}, Ledger.open(None, ()), means)
        judged_changes(main, Prior(times(repository, head), history=history))
    assert reached == [1]


def test_what_other_processes_ask_of_the_time_bounds_the_verdict(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay_down(lambda archive: archive.clock.day_passed(AS_OF.date()), monkeypatch)
    monkeypatch.setattr("pipeline.judge.judge_posts.spread", partial(spread, few=1))
    archive, trusted = standing(place.repo.open(), place.repo.head("main"), lambda _: AS_OF)
    judge_all(archive, trusted.rulebook, processes=2)
    assert archive.clock.span.high == midnight(AS_OF.date() + timedelta(days=1))


def test_what_is_kept_is_read_as_it_was(place: Place) -> None:
    kept, rows = place.past(), place.rows()
    assert rows.keys() == {POST, OTHER, THIRD}
    kept.save(place.store, digest_of(()))
    assert (place.past(), place.rows()) == (kept, rows)
    assert all(row.verdict.publishable for row in rows.values())


def test_what_nobody_sealed_is_not_read(place: Place) -> None:
    edit(place.store, "UPDATE row SET value = zeroblob(32)")
    assert place.past() == NOTHING


def test_a_repository_without_the_commit_that_was_kept_begins_anew(
    place: Place, tmp_path: Path
) -> None:
    other = ArchiveRepo.begin(tmp_path / "other")
    repository = other.open()
    with pytest.raises(Fault):
        repository.commit(place.past().commit)
    assert repository.after(place.past().commit, other.head()) is None
