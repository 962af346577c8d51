"""Years that did not change are not opened, and nothing of the site tells that they were not."""

import json
import random
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from pipeline.model.calendar import Clock
from pipeline.model.cards import Shown
from pipeline.model.ids import sha256_of
from pipeline.model.records import Correction
from pipeline.parts.statistics.months import months_of
from pipeline.site import build as building
from pipeline.site import state
from pipeline.site.build import Plan
from pipeline.site.frame.mkdocs_shell import Shell
from pipeline.site.inputs import SiteInput
from pipeline.site.render_context import RenderContext
from tests.site import sample, sample_years
from tests.site.conftest import Built, pages
from tests.site.sample_log import build
from tests.site.sample_registers import NOTHING

Change = Callable[[SiteInput], SiteInput]
Cold = Callable[[str], tuple[dict[str, bytes], int]]
NEW = "2026-11-22-one-more"


@pytest.fixture(scope="module")
def long(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    base = tmp_path_factory.mktemp("years")
    site = sample_years.make()
    return Built(site, base / "out", built.work, build(site, base / "out", built.work, Plan(2)))


class Closed(Mapping[str, Shown]):
    """The posts of a year that nobody may ask for anything but their number."""

    def __init__(self, posts: Mapping[str, Shown]) -> None:
        self._number = len(posts)

    def __getitem__(self, post: str) -> Shown:
        raise AssertionError(f"{post} was looked at")

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("a year was gone through")

    def __len__(self) -> int:
        return self._number


def closed(site: SiteInput, *years: str) -> SiteInput:
    return replace(
        site,
        volumes=tuple(
            replace(v, posts=Closed(v.posts)) if v.year in years else v for v in site.volumes
        ),
    )


def one_more(site: SiteInput) -> SiteInput:
    return sample_years.holding(site, {NEW: {"title": "又一篇"}})


def later(site: SiteInput) -> SiteInput:
    return sample.changed(site, clock=Clock(site.archive.as_of + timedelta(hours=60)))


def retitled(site: SiteInput) -> SiteInput:
    return sample_years.holding(site, {"2024-03-02-n1": {"title": "改了的旧闻"}})


def old_less(site: SiteInput) -> SiteInput:
    return sample.without(site, "2023-03-02-n1")


def year_less(site: SiteInput) -> SiteInput:
    gone = {i: p for i, p in site.archive.posts.items() if not i.startswith("2024")}
    return sample.changed(site, posts=gone)


def corrected(site: SiteInput, reason: str = "地名写错") -> SiteInput:
    record = replace(NOTHING, digest=sha256_of(reason.encode()))
    more = Correction(
        "c9", "c9", "2023-03-04-n3", 1, "correction", reason, date(2026, 11, 5), "kz-a", (),
        record,
    )  # fmt: skip
    return sample.changed(site, corrections=(*site.archive.corrections, more))


def short(site: SiteInput) -> SiteInput:
    """No list is longer than its first page."""
    few = {i: p for i, p in site.archive.posts.items() if not i.startswith("2025")}
    return sample.changed(site, posts=few)


CHANGES: dict[str, Change] = {
    change.__name__: change for change in (one_more, retitled, old_less, year_less, short)
} | {"corrected": corrected, "nothing": lambda site: site}


@pytest.fixture(scope="module")
def cold(long: Built, tmp_path_factory: pytest.TempPathFactory) -> Cold:
    """The pages, and the number of files, of a cold build after one of the changes."""

    @cache
    def made(name: str) -> tuple[dict[str, bytes], int]:
        out = tmp_path_factory.mktemp("cold") / "out"
        report = build(CHANGES[name](long.site), out, long.work, Plan(2))
        return pages(out), report.files

    return made


def test_any_sequence_of_changes_gives_the_bytes_of_a_cold_build(
    long: Built, cold: Cold, tmp_path: Path
) -> None:
    assert len({cold(name)[0]["site-manifest.sha256"] for name in CHANGES}) == len(CHANGES)
    draw, out = random.Random(5), long.copy(tmp_path / "out")
    for _ in range(6):
        name = draw.choice(list(CHANGES))
        report = build(CHANGES[name](long.site), out, long.work)
        assert (pages(out), report.files) == cold(name)


def test_a_post_more_opens_its_year_and_the_one_before(long: Built, tmp_path: Path) -> None:
    long.copy(tmp_path / "out")
    grown = one_more(later(long.site))  # the open alert is lifted by then: 2022 is opened, too
    build(later(long.site), tmp_path / "out", long.work)
    report = build(closed(grown, "2022", "2023", "2024"), tmp_path / "out", long.work)
    assert report.made <= 60
    build(grown, tmp_path / "cold", long.work)
    assert pages(tmp_path / "out") == pages(tmp_path / "cold")


def test_a_correction_that_reads_otherwise_opens_its_year(long: Built, tmp_path: Path) -> None:
    """Its path is the same, so the key of the year has to name its bytes."""
    out, page = long.copy(tmp_path / "out"), "posts/2023/2023-03-04-n3/index.html"
    build(corrected(long.site), out, long.work)
    again = corrected(long.site, "时间写错")
    build(again, out, long.work)
    assert "时间写错" in (out / page).read_text("utf-8")
    build(again, tmp_path / "cold", long.work)
    assert pages(out) == pages(tmp_path / "cold")


def test_an_open_alert_opens_its_year_whenever_time_passes(long: Built, tmp_path: Path) -> None:
    page = f"posts/2022/{sample_years.OPEN}/index.html"
    long.copy(tmp_path / "out")
    assert "data-turns=" in (tmp_path / "out" / page).read_text("utf-8")
    assert sample_years.OPEN in (tmp_path / "out/index.html").read_text("utf-8")
    build(later(long.site), tmp_path / "out", long.work)
    assert "已解除" in (tmp_path / "out" / page).read_text("utf-8")
    assert sample_years.OPEN not in (tmp_path / "out/index.html").read_text("utf-8")


def test_a_last_day_turns_a_page_once_and_then_its_year_stays_closed(
    long: Built, tmp_path: Path
) -> None:
    out, page = long.copy(tmp_path / "out"), f"posts/2024/{sample_years.EXPIRES}/index.html"

    def until(hours: int) -> SiteInput:
        return sample.changed(
            long.site, clock=Clock(long.site.archive.as_of + timedelta(hours=hours))
        )

    build(closed(until(27), "2024"), out, long.work)
    before = (out / page).read_text("utf-8")
    assert "<td>有效期至2026年11月23日</td>" in before
    assert "本文已失效" not in before
    build(until(28), out, long.work)  # midnight after the last day
    after = (out / page).read_text("utf-8")
    assert "<td>有效期至2026年11月23日</td>" in after
    assert "本文已失效，有效期至2026年11月23日，仅供查考。" in after
    month = (out / page).parents[1] / page.split("/")[2][5:7] / "index.html"
    assert '<span class="sn-chip">已失效</span>' in month.read_text("utf-8")
    build(closed(until(99), "2024"), out, long.work)
    build(until(99), tmp_path / "cold", long.work)
    assert pages(out) == pages(tmp_path / "cold")


def test_a_long_list_names_its_years_and_a_short_one_has_no_more_pages(long: Built) -> None:
    first = long.text("categories/3/index.html")
    links = re.findall(r'<a href="(\d{4}/)">', first)
    assert links == ["2026/", "2025/", "2024/", "2023/", "2022/"]
    assert first.count('<li class="sn-entry') == 30
    for link in links:
        assert (long.out / "categories/3" / link / "index.html").is_file()
    newest, older = (long.text(f"categories/3/{page}/index.html") for page in ("2025", "2025-1"))
    assert [page.count('<li class="sn-entry') for page in (newest, older)] == [35, 30]
    pagers = [re.findall(r'<a rel="(\w+)" href="([^"]*)"', page) for page in (newest, older)]
    assert pagers[0][:1] == [("next", "../../../categories/3/2025-1/")]
    assert pagers[1] == [
        ("prev", "../../../categories/3/2025/"),
        ("next", "../../../categories/3/2024/"),
    ]
    assert '<span aria-current="page">第 2 页</span>' in older, "counted from the newest"
    assert not list((long.out / "categories/1").glob("2*"))


@pytest.mark.parametrize("harmed", ["2023", "whole"])
def test_units_of_a_group_that_are_lost_mean_everything_anew(
    long: Built,
    cold: Cold,
    tmp_path: Path,
    harmed: str,
) -> None:
    out = long.copy(tmp_path / "out")
    path = state.beside(out)
    head, *lines = path.read_bytes().split(b"\n")
    at = [group for group, _ in json.loads(head)].index(harmed)
    lines[at] = b"{}"
    path.write_bytes(b"\n".join([head, *lines]))
    report = build(corrected(long.site), out, long.work, Plan(2))  # it opens 2023
    assert (pages(out), report.files) == cold("corrected")
    assert report.reason is not None
    assert "missing or damaged" in str(report.reason)


def test_what_a_tree_lost_of_a_year_that_stands_is_made_again(
    long: Built, cold: Cold, tmp_path: Path
) -> None:
    """The second tree needs a year that the first one has, but for a page."""
    out = long.copy(tmp_path / "out")
    build(retitled(long.site), out, long.work)
    build(long.site, out, long.work)
    (out / "posts/2024/2024-03-03-n2/index.html").unlink()
    build(one_more(long.site), out, long.work)
    assert pages(out) == cold("one_more")[0]


def test_all_files_are_in_lists_that_stock_tools_check(long: Built) -> None:
    lists = sorted(p.relative_to(long.out) for p in long.out.glob("manifest/*.sha256"))
    assert [p.stem for p in lists] == ["2022", "2023", "2024", "2025", "2026"]
    command = ["sha256sum", "--check", "--quiet", "site-manifest.sha256", *map(str, lists)]
    done = subprocess.run(command, cwd=long.out, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    texts = [long.text("site-manifest.sha256"), *(long.text(str(path)) for path in lists)]
    listed = [line[66:] for text in texts for line in text.splitlines()]
    assert len(set(listed)) == len(listed)
    assert set(listed) == set(pages(long.out)) - {"site-manifest.sha256"}


def test_years_made_one_after_another_give_the_bytes_of_all_at_once(
    long: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "_POSTS_AT_ONCE", 1)
    build(long.site, tmp_path / "out", long.work)
    assert pages(tmp_path / "out") == pages(long.out)


def test_a_month_of_four_hundred_is_paged_and_one_of_none_stands_empty(built: Built) -> None:
    """Its calendar leads to each day, on whatever page; one post more changes the newest."""
    posts = {f"2026-02-{1 + n % 28:02d}-p{n:03d}": {"title": f"{n}"} for n in range(400)}
    one_more = {**posts, "2026-02-28-q": {"title": "又一篇"}}
    sites = (sample_years.holding(built.site, some) for some in (posts, one_more))
    before, after = (RenderContext(site, Shell({}, {}, ())) for site in sites)
    months = [months_of(ctx.years[-1])[2] for ctx in (before, after)]
    listed = [[(url, [v.id for v in views]) for url, views in month.pages] for month in months]
    assert [len(views) for _, views in listed[0]] == [40, *[30] * 12]
    assert listed[0][1:] == listed[1][1:]
    days = {d.number: d for week in months[0].weeks for d in week if d}
    assert sum(d.posts for d in days.values()) == 400
    for day in days.values():
        url, _, anchor = day.url.partition("#")
        assert anchor == f"d{day.number}"
        assert any(i[8:10] == f"{day.number:02d}" for i in dict(listed[0])[url])
    empty = months_of(before.years[-1])[5]
    assert (empty.posts, empty.pages) == (0, (("posts/2026/05/", ()),))
    assert all(not d.url for week in empty.weeks for d in week if d)
