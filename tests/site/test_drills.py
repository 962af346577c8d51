"""A drill looks like a warning nowhere: on no page, in no feed, to no machine, in no words."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.site import sample
from tests.site.conftest import Built
from tests.site.sample_log import build
from tests.site.test_alerts import checked

TITLE = "【演练】森林火险橙色预警"
SAYS = "本信息为演练，不是真实预警"


@pytest.fixture(scope="module")
def drilled(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sample, its only warning in force being an exercise."""
    with pytest.MonkeyPatch.context() as patch:
        rows = sample.drafts()
        meta, body, files = rows[sample.ALERT]
        meta |= {"title": TITLE, "alert": meta["alert"] | {"exercise": True}}
        patch.setattr(sample, "drafts", lambda: rows | {sample.ALERT: (meta, body, files)})
        site = sample.make()
    base = tmp_path_factory.mktemp("drilled")
    return Built(site, base / "out", base / "work", build(site, base / "out", base / "work"))


def test_the_home_page_has_no_warning_in_force(built: Built, drilled: Built) -> None:
    assert "sn-alert--orange" in built.text("index.html")
    home = drilled.text("index.html")
    assert "sn-alert--" not in home
    assert "data-turns" not in home
    assert "橙色预警 Ⅱ级" not in home
    assert f"<bdi>{TITLE}</bdi>" in home, "among the newest it is named as what it is"


def test_the_page_of_warnings_sets_drills_apart(drilled: Built) -> None:
    page = drilled.text("alerts/index.html")
    current, past, drills = (page.index(f'id="{name}"') for name in ("current", "past", "drills"))
    assert current < page.index("没有未结束的预警") < past
    assert past < drills < page.index(f"posts/2026/{sample.ALERT}/")
    assert page.count(f"posts/2026/{sample.ALERT}/") == 1
    assert "以下是演练，不是真实预警。" in page


def test_a_page_without_drills_has_no_such_part(built: Built) -> None:
    assert "演练" not in built.text("alerts/index.html")


def test_the_feed_of_warnings_holds_none_and_its_message_is_an_exercise(drilled: Built) -> None:
    feed = drilled.text("alerts/feed.xml")
    assert "2026-10-23-rain-alert" in feed
    assert sample.ALERT not in feed
    raw = (drilled.out / f"alerts/{sample.ALERT}.xml").read_bytes()
    said: dict[str, str | None] = {}
    for each in checked(raw).iter():  # what it says in Chinese comes first
        said.setdefault(each.tag.rpartition("}")[2], each.text)
    assert said["status"] == "Exercise"
    assert said["note"] == f"{SAYS}。"
    assert said["event"] == "森林火险橙色预警演练"
    assert said["headline"] == TITLE
    assert f"{SAYS}" in (said["description"] or "")


def test_a_warning_beside_it_stays_what_it_was(drilled: Built) -> None:
    raw = (drilled.out / "alerts/2026-10-23-rain-alert.xml").read_bytes()
    assert b"<status>Test</status>" in raw, "the sample is a demonstration"
    assert b"<note>" not in raw


def test_its_page_says_so_and_counts_by_no_clock(drilled: Built) -> None:
    page = drilled.text(f"posts/2026/{sample.ALERT}/index.html")
    box = page.partition('data-signed="alert">')[2].partition("</aside>")[0]
    assert SAYS in box
    assert "data-turns" not in box and "data-state" not in box and "sn-alert--" not in box
    byline = page.partition('data-signed="byline"')[2].partition("</span></p>")[0]
    assert "预警演练" in byline
    assert f'<p class="ai-label">{SAYS}</p>' in page
    assert 'data-signed="advice"' not in page
    assert "以预警时段为准" not in page.partition('data-signed="meta"')[2].partition("</tbody>")[0]


def test_machines_read_no_announcement(drilled: Built) -> None:
    page = drilled.text(f"posts/2026/{sample.ALERT}/index.html")
    data = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert "NewsArticle" in data
    assert "SpecialAnnouncement" not in data


def test_lists_feeds_and_the_catalogue_call_it_a_drill(drilled: Built) -> None:
    rows = {r["id"]: r for r in json.loads(drilled.text("catalogue/2026.json"))["posts"]}
    assert rows[sample.ALERT]["kind_name"] == "预警演练"
    assert rows[sample.ALERT]["title"] == TITLE
    assert rows["2026-10-23-rain-alert"]["kind_name"] == "预警信息"
    table = csv.reader(io.StringIO(drilled.text("catalogue/2026.csv").removeprefix("\ufeff")))
    assert any("预警演练" in row for row in table)
    assert TITLE in drilled.text("feed.xml")
    listed = drilled.text("kinds/alert/index.html")
    entry = listed.partition(f"posts/2026/{sample.ALERT}/")[2].partition("</li>")[0]
    assert "预警演练" in entry and "data-turns" not in entry


def test_a_search_finds_it_without_the_chip_of_a_warning(built: Built, drilled: Built) -> None:
    def stored(site: Built) -> bytes:
        return b"".join(p.read_bytes() for p in sorted(Path(site.out / "search").rglob("*.*")))

    chip = "橙色预警 Ⅱ级".encode()
    assert chip in stored(built)
    assert chip not in stored(drilled)
    assert "预警演练".encode() in stored(drilled)
