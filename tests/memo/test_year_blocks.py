"""A year in which nothing changed is not opened, and what is found is the same all the same."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.evidence.review.statements import digest
from pipeline.history.judge_commits import Means
from pipeline.history.standing import stand
from pipeline.memo.judged_tree import Keep
from pipeline.memo.store import SealedStore
from pipeline.memo.year_blocks import KIND
from pipeline.model.cards import RARE
from pipeline.model.duties import update_days
from pipeline.model.findings import Effect
from pipeline.new.yaml_writer import dump
from pipeline.publish.build_site import Built
from pipeline.site.inputs import SiteInput
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import at, governance
from tests.builders.evidence import CAST
from tests.builders.files import folder
from tests.builders.seeds import seeds
from tests.history.store_folder import Place
from tests.memo.spoil import Raw, flip, lose, raw_rows, replace
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
    place = Place(repo, Keep(None, ""), repo.root)
    _add(place, EVE, kind="penalty", pii_exemption=EXEMPTION)
    _carry(place, EVE, at("2026-12-31 23:50"), "turn", url=ARTICLE)
    _add(place, NEW)
    _carry(place, NEW, at("2027-01-01 10:10"), "turn")
    _add(place, PLAIN)
    _carry(place, PLAIN, at("2027-06-01 10:00"), "summer")
    _add(place, WAITS, publish_at="2027-12-31T20:00:00+08:00")
    return repo


@pytest.fixture(scope="module")
def first(made: ArchiveRepo, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The archive, built once when the last post still waited."""
    out = tmp_path_factory.mktemp("built")
    place = Place(made, Keep.of(SealedStore(out / "kept", bytes(32)), ()), out)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr("pipeline.publish.build_site._built", _opened)
        place.build(at("2027-12-31 18:00"))
    assert {y: year.whole for y, year in place.past().years.items()} == {
        "2026": True, "2027": False,
    }  # fmt: skip
    made.pack()
    return place


@pytest.fixture
def place(first: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr("pipeline.publish.build_site._built", _opened)
    return first.copy(tmp_path)


def _opened(site: SiteInput, _order: object) -> object:
    """A site that shows every post."""
    return [dict(volume.posts) for volume in site.volumes]


def _keys(place: Place) -> dict[str, str]:
    """Year → the key of its block."""
    return {year: of.block for year, of in place.past().years.items()}


def _store(place: Place) -> SealedStore:
    assert place.keep.store is not None
    return place.keep.store


def _last(place: Place) -> None:
    _add(place, LAST)


def _touch_old(place: Place) -> None:
    path = f"{folder(EVE)}/post.md"
    place.repo.write(path, place.repo.read(path) + b"more\n")
    place.repo.commit("改", "gly-a")


def _remove_old(place: Place) -> None:
    place.repo.git("rm", "-rq", folder(PLAIN))
    place.repo.commit("撤", "gly-a")


def _astray(place: Place) -> None:
    """A post of an old year in the folder of another."""
    path = f"{folder(EVE)}/post.md"
    place.repo.write(path.replace("posts/2026", "posts/2027"), place.repo.read(path))
    place.repo.commit("错放", "gly-a")


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
    _last, _touch_old, _remove_old, _astray, _carry_again, _supersede, _correct, _carry_late,
)  # fmt: skip


@pytest.mark.parametrize("act", ACTS, ids=lambda f: f.__name__)
def test_after_a_change_both_agree(place: Place, act: Callable[[Place], None]) -> None:
    place.build(NOW)
    act(place)
    place.agrees(NOW)
    place.build(NOW)
    place.agrees(NOW)


@seeds(2)
def test_after_many_changes_both_agree(place: Place, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311
    for act in draw.sample(ACTS[1:], k=4):
        act(place)
        place.agrees(NOW)
        if draw.random() < 0.5:
            place.build(NOW)
    place.agrees(at("2027-12-31 18:00"))


def test_nothing_of_a_year_without_change_is_opened(place: Place) -> None:
    place.build(NOW)
    _add(place, LAST)
    past = place.past()
    assert all(year.whole for year in past.years.values())
    found = stand(place.repo.open(), place.repo.head("main"), lambda _: NOW, Means(), past)
    assert found.judged.keys() - {""} == {LAST}
    assert past.opened == {}
    assert sum(update_days(found.archive)["wx"].counts) == 3
    assert EVE in found.archive.cards
    assert len(found.archive.posts) == 5
    assert past.opened == {}
    assert [p.id for p in found.archive.stating(RARE[1])] == [EVE]
    assert set(past.opened) == {"2026"}


def test_a_post_comes_due_in_an_old_year(place: Place) -> None:
    early = at("2027-12-31 18:00")
    assert WAITS in _left_out(place, early)
    assert WAITS not in _left_out(place, NOW)
    assert place.past().years["2027"].whole
    assert WAITS in _left_out(place, early)
    place.agrees(early)
    place.agrees(NOW)


def _left_out(place: Place, moment: datetime) -> tuple[str, ...]:
    built: list[Built] = []
    place.build(moment, built.append)
    return built[0].left_out


def test_a_year_is_written_again_only_when_something_in_it_changed(place: Place) -> None:
    place.build(NOW)
    before = _keys(place)
    _add(place, LAST)
    place.build(NOW)
    after = _keys(place)
    assert {y for y, key in after.items() if before.get(y) != key} == {"2028"}
    _supersede(place)
    place.build(NOW)
    assert {y for y, key in _keys(place).items() if after[y] != key} == {"2027"}
    assert raw_rows(_store(place), KIND).keys() == set(_keys(place).values())


def _delete(store: SealedStore, key: str, _other: str, _old: Raw) -> None:
    lose(store, KIND, key)


def _flip(store: SealedStore, key: str, _other: str, _old: Raw) -> None:
    flip(store, KIND, key)


def _swap(store: SealedStore, key: str, other: str, _old: Raw) -> None:
    rows = raw_rows(store, KIND)
    replace(store, KIND, key, rows[other])
    replace(store, KIND, other, rows[key])


def _older(store: SealedStore, key: str, _other: str, old: Raw) -> None:
    assert raw_rows(store, KIND)[key] != old
    replace(store, KIND, key, old)


SPOILERS = (_delete, _flip, _swap, _older)


@pytest.fixture
def spoiled(place: Place, request: pytest.FixtureRequest) -> Iterator[Place]:
    """The blocks of both old years spoiled; what stood in each earlier was sound, too."""
    old = raw_rows(_store(place), KIND)[_keys(place)["2027"]]
    place.build(NOW)
    keys = _keys(place)
    request.param(_store(place), keys["2027"], keys["2026"], old)
    yield place


@pytest.mark.parametrize("spoiled", SPOILERS, indirect=True, ids=lambda f: f.__name__)
def test_a_spoiled_year_is_judged_anew(spoiled: Place) -> None:
    _add(spoiled, LAST)
    built: list[Built] = []
    spoiled.build(NOW, built.append)
    assert built[0].report.exit_code != 11
    past = spoiled.past()
    assert all(past.block(year) for year in past.years)
    spoiled.agrees(NOW)


@pytest.mark.parametrize("spoiled", SPOILERS, indirect=True, ids=lambda f: f.__name__)
@pytest.mark.parametrize("act", [_touch_old, _remove_old, _astray], ids=lambda f: f.__name__)
def test_a_spoiled_year_hides_no_refusal(spoiled: Place, act: Callable[[Place], None]) -> None:
    act(spoiled)
    built: list[Built] = []
    spoiled.build(NOW, built.append)
    assert built[0].report.exit_code == 11
    assert built[0].site is None


def test_a_hand_in_an_old_post_is_seen_though_its_year_is_lost(place: Place) -> None:
    """Who handled it before is known from history, not from what was kept."""
    place.build(NOW)
    repo, path = place.repo, f"{folder(EVE)}/post.md"
    raw = repo.read(path)
    repo.branch("hand")
    repo.write(path, raw + b"\n")
    repo.commit("改", "kz-a")
    repo.write(path, raw)
    repo.commit("改回", "kz-a")
    repo.merge("hand")
    lose(_store(place), KIND, _keys(place)["2026"])
    assert place.agrees(NOW)[EVE].decision is Effect.REFUSE


@pytest.mark.parametrize("lost", [False, True])
def test_a_link_to_an_article_that_goes_refuses_a_post_of_another_year(
    place: Place, lost: bool
) -> None:
    _add(place, LAST, f"见我局公众号[原文]({ARTICLE})。\n")
    place.build(NOW)
    assert place.agrees(NOW)[LAST].publishable
    if lost:
        lose(_store(place), KIND, _keys(place)["2026"])
    name = f"content/records/publications/2026/2026-12-31.wx.{EVE}.json"
    place.repo.git("rm", "-q", name, f"{name}.sig")
    place.repo.commit("删记录", "gly-a")
    assert place.agrees(NOW)[LAST].decision is Effect.REFUSE


def test_a_relay_of_an_old_year_opens_no_year(place: Place) -> None:
    """The duty to relay asks for its posts at every run."""
    relay = {
        "title": "省厅通知", "source": {"name": "省应急厅", "level": "provincial", "url": "https://example.gov.cn/1"},
        "source_published_at": "2027-06-01T08:00:00+08:00", "person": "xxy-d",
        "post": PLAIN, "accounts": ["wx"],
    }  # fmt: skip
    place.repo.write("content/records/relays/2027/r1.yml", dump(relay))
    place.repo.commit("转载", "gly-a")
    place.build(NOW)
    place.agrees(NOW)
    _supersede(place)  # its year is written again, and knows now that it is asked for
    place.build(NOW)
    _add(place, LAST)
    past = place.past()
    found = stand(place.repo.open(), place.repo.head("main"), lambda _: NOW, Means(), past)
    (asked,) = found.archive.facts["relays"]
    assert len(found.archive.publications_of(asked["post"])) == 1
    assert asked["post"] in found.archive.post_ids
    assert past.opened == {}
    place.agrees(NOW)
