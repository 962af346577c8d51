"""A post of which nothing changed is not opened, and the verdicts are the same all the same."""

import dataclasses
import random
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.evidence.review.statements import digest
from pipeline.history.judge_commits import Means
from pipeline.memo import leaf_rows
from pipeline.memo.snapshot import LOG, NOTHING, SNAPSHOT, YEAR, LostRow, Year
from pipeline.memo.store import SealedStore
from pipeline.memo.verdict_cache import digest_of
from pipeline.model.cards import RARE
from pipeline.model.duties import update_days
from pipeline.model.findings import Effect
from pipeline.publish.build_site import Built
from pipeline.site.inputs import SiteInput
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import at, governance
from tests.builders.evidence import CAST
from tests.builders.files import folder
from tests.builders.seeds import seeds
from tests.history.store_folder import Place, standing_at
from tests.memo.spoil import flip, lose, raw_rows, replace
from tests.site import sample

EVE, NEW, PLAIN, WAITS = (
    "2026-12-31-eve", "2027-01-01-new", "2027-06-01-plain", "2027-12-31-waits",
)  # fmt: skip
LAST = "2028-01-03-last"
ARTICLE = "https://mp.weixin.qq.com/s/eve"
"""Where the first one stands on a platform."""
NOW = at("2028-01-04 18:00")
EXEMPTION = {
    "type": "penalty", "legal_basis": "行政处罚法第四十八条", "fields": ["name"],
    "subject_kind": "person", "expires_on": "2029-11-02", "approved_by": "ld-a",
}  # fmt: skip


def _add(place: Place, post: str, body: str = "睡前巡查四个地方。\n", **front: object) -> None:
    repo, day = place.repo, at(f"{post[:10]} 00:00") - timedelta(days=1)
    repo.branch(post)
    secrecy = {"person": "xxy-d", "date": f"{day:%Y-%m-%d}", "result": "releasable"}
    repo.draft(post, body, created_on=f"{day:%Y-%m-%d}", secrecy_review=secrecy, **front)
    for hour, step in enumerate(CAST, 10):
        repo.review(post, step, signed_at=day + timedelta(hours=hour))
    repo.commit(post, "zz-a")
    repo.merge(post)


def _carry(place: Place, post: str, moment: datetime, batch: str = "", **more: object) -> None:
    place.number += 1
    more = {"url": f"https://mp.weixin.qq.com/s/{place.number}"} | more
    place.repo.publication(post, published_at=moment, batch=batch, **more)
    place.repo.commit("发布", "gly-a")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    """Posts of two years, one that states a rare key, and one that waits for its time."""
    repo = ArchiveRepo(tmp_path_factory.mktemp("years") / "archive")
    repo.root.mkdir()
    repo.git("init", "--quiet", "--initial-branch=main")
    for path, raw in (governance() | sample.theme()).items():
        repo.write(path, raw)
    # the accounts of these tests are certified for longer than the two years of most others
    repo.change("content/registers/accounts.yml", "2028-01-01", "2029-01-01")
    repo.change(
        "content/registers/accounts.yml", "https://wechat.example/", "https://mp.weixin.qq.com/"
    )
    repo.commit("建库", "gly-a")
    place = Place(repo, SealedStore(repo.root, bytes(32)), repo.root)
    _add(place, EVE, kind="penalty", pii_exemption=EXEMPTION)
    _carry(place, EVE, at("2026-12-31 23:50"), "turn", url=ARTICLE)
    _add(place, NEW)
    _carry(place, NEW, at("2027-01-01 10:10"), "turn")
    _add(place, PLAIN)
    _carry(place, PLAIN, at("2027-06-01 10:00"), "summer")
    _add(place, WAITS, publish_at="2027-12-31T20:00:00+08:00")
    return repo


@pytest.fixture(scope="module")
def first(made: ArchiveRepo, tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Place]:
    """The archive, built once when the last post still waited; and built again when all stood."""
    out = tmp_path_factory.mktemp("built")
    early = Place(made, SealedStore(out / "kept", bytes(32)), out)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr("pipeline.publish.build_site.build", _opened)
        early.build(at("2027-12-31 18:00"))
        assert early.rows().keys() == {EVE, NEW, PLAIN}
        made.pack()
        later = early.copy(tmp_path_factory.mktemp("again"))
        later.build(NOW)
    return early, later


@pytest.fixture(autouse=True)
def no_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.publish.build_site.build", _opened)


@pytest.fixture
def early(first: tuple[Place, Place], tmp_path: Path) -> Place:
    return first[0].copy(tmp_path)


@pytest.fixture
def place(first: tuple[Place, Place], tmp_path: Path) -> Place:
    return first[1].copy(tmp_path)


def _opened(site: SiteInput, *_: object) -> object:
    """A site that shows every post."""
    return [dict(volume.posts) for volume in site.volumes]


def _last(place: Place) -> None:
    _add(place, LAST)


def _touch_old(place: Place) -> None:
    path = f"{folder(EVE)}/post.md"
    place.repo.write(path, place.repo.read(path) + b"more\n")
    place.repo.commit("改", "gly-a")


def _remove_old(place: Place) -> None:
    if (place.repo.root / folder(PLAIN)).exists():
        place.repo.git("rm", "-rq", folder(PLAIN))
        place.repo.commit("撤", "gly-a")


def _astray(place: Place) -> None:
    """A post of an old year in the folder of another."""
    path = f"{folder(EVE)}/post.md"
    place.repo.write(path.replace("posts/2026", "posts/2027"), place.repo.read(path))
    place.repo.commit("错放", "gly-a")


def _move(place: Place) -> None:
    """A post of one year goes to another, and its records stay."""
    if (place.repo.root / folder(PLAIN)).exists():
        place.repo.git("mv", folder(PLAIN), folder("2026-06-02-moved"))
        place.repo.commit("改名", "gly-a")


def _carry_again(place: Place) -> None:
    """One batch of posts of two years, and another far from New Year's Eve."""
    for post, day, batch in (
        (EVE, "2027-01-01 10:15", "turn"), (EVE, "2027-06-01 10:05", "summer"),
    ):  # fmt: skip
        _carry(place, post, at(day), batch)


def _supersede(place: Place) -> None:
    """One record takes the place of another, of the same day."""
    if not (place.repo.root / folder(PLAIN)).exists():
        return
    repo, name = place.repo, f"wx.{PLAIN}.json"
    first, second = (f"content/records/publications/2027/2027-06-01{n}.{name}" for n in ("", "-2"))
    old = {end: repo.read(first + end) for end in ("", ".sig")}
    repo.publication(
        PLAIN, url="https://mp.weixin.qq.com/s/2", published_at=at("2027-06-01 10:30"),
        supersedes=digest(old[""], old[".sig"]), reason="时间写错了。",
        recorded_at=at("2027-06-03 10:00"),
    )  # fmt: skip
    for end, raw in old.items():
        repo.write(second + end, repo.read(first + end))
        repo.write(first + end, raw)
    repo.commit("更正记录", "gly-a")


def _correct(place: Place) -> None:
    place.repo.correction(NEW, 1)
    place.repo.commit("更正", "gly-a")


def _carry_late(place: Place) -> None:
    if not (place.repo.root / folder(PLAIN)).exists():
        return
    _carry(place, PLAIN, at("2027-06-02 10:00"))


ACTS: tuple[Callable[[Place], None], ...] = (
    _last, _touch_old, _remove_old, _astray, _carry_again, _supersede, _correct, _carry_late, _move,
)  # fmt: skip


@pytest.mark.parametrize("act", ACTS, ids=lambda f: f.__name__)
def test_after_a_change_both_agree(place: Place, act: Callable[[Place], None]) -> None:
    act(place)
    place.agrees(NOW)
    place.build(NOW)
    place.agrees(NOW)


@seeds(1)
def test_after_many_changes_both_agree(early: Place, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311
    for act in draw.sample(ACTS[1:], k=4):
        act(early)
        early.agrees(NOW)
        if draw.random() < 0.5:
            early.build(NOW)
    early.agrees(at("2027-12-31 18:00"))


def test_a_new_post_alone_is_judged(place: Place) -> None:
    _add(place, LAST)
    past = place.past()
    again = standing_at(place.repo.open(), place.repo.head("main"), lambda _: NOW, Means(), past)
    assert again.judged.keys() - {""} == {LAST}
    assert sum(update_days(again.archive)["wx"].counts) == 3
    assert EVE in again.archive.cards
    assert len(again.archive.posts) == 5
    assert [p.id for p in again.archive.stating(RARE[1])] == [EVE]


def test_a_post_comes_due_in_an_old_year(early: Place) -> None:
    before = at("2027-12-31 18:00")
    assert WAITS in _left_out(early, before)
    assert WAITS not in _left_out(early, NOW)
    assert WAITS in _left_out(early, before)
    early.agrees(before)
    early.agrees(NOW)


def _left_out(place: Place, moment: datetime) -> tuple[str, ...]:
    built: list[Built] = []
    place.build(moment, built.append)
    return built[0].left_out


KEY = digest_of(())
"""Of the row, in an archive in which nothing is erased."""


def _delete(store: SealedStore) -> None:
    lose(store, SNAPSHOT, KEY)


def _flip(store: SealedStore) -> None:
    flip(store, SNAPSHOT, KEY)


def _cut(store: SealedStore) -> None:
    seal, value = raw_rows(store, SNAPSHOT)[KEY]
    replace(store, SNAPSHOT, KEY, (seal, value[:-1]))


def _foreign(store: SealedStore) -> None:
    """By who has no key of the caller's."""
    value = raw_rows(store, SNAPSHOT)[KEY][1]
    SealedStore(store.folder, bytes(31) + b"x").write({SNAPSHOT: {KEY: value}}, {})


SPOILERS = (_delete, _flip, _cut, _foreign)


def _lose_post(place: Place, post: str) -> None:
    """As if it had been held when the last build was made."""
    past = place.past()
    year = past.years[post[:4]].rows
    left = year._replace(posts={i: row for i, row in year.posts.items() if i != post})
    years = {**past.years, post[:4]: Year.of(left)}
    dataclasses.replace(past, waiting=past.waiting | {post}, years=years).save(place.store, KEY)


@pytest.fixture
def spoiled(place: Place, request: pytest.FixtureRequest) -> Place:
    request.param(place.store)
    return place


@pytest.mark.parametrize("spoiled", SPOILERS, indirect=True, ids=lambda f: f.__name__)
def test_spoiled_rows_count_for_nothing(spoiled: Place) -> None:
    assert spoiled.past() == NOTHING
    _add(spoiled, LAST)
    built: list[Built] = []
    spoiled.build(NOW, built.append)
    assert built[0].report.exit_code != 11
    assert LAST in spoiled.rows()
    spoiled.agrees(NOW)


@pytest.mark.parametrize("spoiled", [_delete, _flip], indirect=True, ids=lambda f: f.__name__)
@pytest.mark.parametrize("act", [_touch_old, _remove_old, _astray], ids=lambda f: f.__name__)
def test_spoiled_rows_hide_no_refusal(spoiled: Place, act: Callable[[Place], None]) -> None:
    act(spoiled)
    built: list[Built] = []
    spoiled.build(NOW, built.append)
    assert built[0].report.exit_code == 11
    assert built[0].site is None


@pytest.fixture
def lost(place: Place, request: pytest.FixtureRequest) -> Place:
    """The rows of every year are spoiled, and what every build asks is not."""
    for key in raw_rows(place.store, YEAR):
        request.param(place.store, YEAR, key)
    return place


@pytest.mark.parametrize("lost", [lose, flip], indirect=True, ids=lambda f: f.__name__)
@pytest.mark.parametrize("act", ACTS, ids=lambda f: f.__name__)
def test_a_build_without_the_rows_of_its_years_begins_anew(
    lost: Place, act: Callable[[Place], None]
) -> None:
    assert lost.past() != NOTHING
    act(lost)
    anew = dataclasses.replace(lost, store=SealedStore(lost.out / "none", bytes(32)))
    built: list[Built] = []
    for each in lost, anew:
        each.build(NOW, built.append)
    first, second = (each.report for each in built)
    assert (first.exit_code, built[0].left_out) == (second.exit_code, built[1].left_out)
    if first.exit_code != 11:
        assert lost.rows() == anew.rows()
        lost.agrees(NOW)


def test_rows_of_another_year_pass_for_none(place: Place) -> None:
    first, second = sorted(raw_rows(place.store, YEAR))
    replace(place.store, YEAR, second, raw_rows(place.store, YEAR)[first])
    with pytest.raises(LostRow):
        place.rows()


def _exchange(store: SealedStore, kind: str, key: str) -> None:
    """The row under the name of the one before it, seal and all."""
    names = sorted(raw_rows(store, kind))
    replace(store, kind, key, raw_rows(store, kind)[names[names.index(key) - 1]])


@pytest.mark.parametrize("spoil", [lose, flip, _exchange], ids=lambda f: f.__name__)
def test_a_build_without_the_rows_of_its_log_begins_anew(
    place: Place, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[SealedStore, str, str], None]
) -> None:
    monkeypatch.setattr(leaf_rows, "ROW", 2)
    _add(place, LAST)
    place.build(NOW)
    keys = [*raw_rows(place.store, LOG)]
    assert len(keys) > 2
    for key in keys:
        spoil(place.store, LOG, key)
    with pytest.raises(LostRow):
        tuple(place.past().log)
    _add(place, "2028-01-04-more")
    anew = dataclasses.replace(place, store=SealedStore(place.out / "none", bytes(32)))
    for each in place, anew:
        each.build(NOW)
    assert tuple(place.past().log) == tuple(anew.past().log)
    assert len(place.past().log) > 2 * len(keys)
    assert place.rows() == anew.rows()


def test_a_year_without_a_change_is_neither_read_nor_written(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = raw_rows(place.store, YEAR)
    (old,) = (key for key in before if key.startswith("2026"))
    asked = list[tuple[str, str]]()
    several = SealedStore.several

    def noted(store: SealedStore, names: Iterable[tuple[str, str]]) -> object:
        asked.extend(rows := [*names])
        return several(store, rows)

    monkeypatch.setattr(SealedStore, "several", noted)
    monkeypatch.setattr("pipeline.publish.build_site.build", lambda *_: "no page is made")
    _add(place, LAST)
    place.build(NOW)
    assert (YEAR, old) not in asked
    assert {key[:4] for key in before} | {"2028"} == {k[:4] for k in raw_rows(place.store, YEAR)}
    assert raw_rows(place.store, YEAR)[old] == before[old]


def test_a_build_goes_on_from_what_an_earlier_one_sealed(place: Place) -> None:
    earlier = raw_rows(place.store, SNAPSHOT)[KEY]
    _add(place, LAST)
    place.build(NOW)
    replace(place.store, SNAPSHOT, KEY, earlier)
    assert LAST not in place.rows()
    _touch_old(place)
    place.agrees(NOW)


def test_a_hand_in_an_old_post_is_seen_though_its_row_is_lost(place: Place) -> None:
    """Who handled it before is known from history, not from what was kept."""
    repo, path = place.repo, f"{folder(EVE)}/post.md"
    raw = repo.read(path)
    repo.branch("hand")
    repo.write(path, raw + b"\n")
    repo.commit("改", "kz-a")
    repo.write(path, raw)
    repo.commit("改回", "kz-a")
    repo.merge("hand")
    _lose_post(place, EVE)
    assert place.agrees(NOW)[EVE].decision is Effect.REFUSE


@pytest.mark.parametrize("lost", [False, True])
def test_a_link_to_an_article_that_goes_refuses_a_post_of_another_year(
    place: Place, lost: bool
) -> None:
    _add(place, LAST, f"见我局公众号[原文]({ARTICLE})。\n")
    place.build(NOW)
    assert place.agrees(NOW)[LAST].publishable
    if lost:
        _lose_post(place, EVE)
    name = f"content/records/publications/2026/2026-12-31.wx.{EVE}.json"
    place.repo.git("rm", "-q", name, f"{name}.sig")
    place.repo.commit("删记录", "gly-a")
    assert place.agrees(NOW)[LAST].decision is Effect.REFUSE
