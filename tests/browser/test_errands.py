"""Thirty errands: what citizens, journalists and inspectors come for, over the shipped demo.

Each begins on the home page unless an address was given to the reader, takes the ways that the page
shows, and ends where the reader knows. The clock stands at the demo's own time. Taps and signs of
each, for docs/measurements.md, are properties of its case (`-o junit_family=xunit1 --junitxml`);
SANSHEN_PICTURES names a folder for the screen at which each ends (tools/looks.py).
"""

import csv
import io
import json
import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from demo.paths import ROOT
from tests.browser.serving import pressed, served
from tests.builders.command import ours
from tests.builders.fixtures import shared

pytestmark = pytest.mark.browser
NOW = datetime.fromisoformat("2026-11-22T20:00:00+08:00")
ALERT = "posts/2026/2026-11-21-forest-fire-alert/"
SHELTERS = "posts/2026/2026-10-20-shelter-list/"
VIDEO = "posts/2026/2026-09-04-confined-space-video/"
REPRINT = "posts/2026/2026-11-17-reprint-alarm-install/"


@pytest.fixture(scope="module")
def site(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        made = ["-C", str(demo), "build", "--output", str(folder), "--log-key"]
        done = ours([*made, str(ROOT / "tests/assets/keys/log")], str(ROOT))
        assert done.returncode == 0, done.stdout + done.stderr

    return shared(tmp_path_factory, "demo-site", make)


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    yield from served(site)


@pytest.fixture(scope="module")
def phone(browser: Browser, address: str) -> Iterator[Page]:
    viewport: ViewportSize = {"width": 390, "height": 844}
    with browser.new_context(viewport=viewport, base_url=address) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield context.new_page()


@pytest.fixture
def counted(
    monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> Iterator[None]:
    """Records what the reader does with their hands."""
    counts, click, fill = Counter[str](), Locator.click, Locator.fill

    def tap(self: Locator, **how: Any) -> None:
        counts["taps"] += 1
        click(self, **how)

    def write(self: Locator, value: str, **how: Any) -> None:
        counts["signs"] += len(value)
        fill(self, value, **how)

    monkeypatch.setattr(Locator, "click", tap)
    monkeypatch.setattr(Locator, "fill", write)
    yield
    for name in ("taps", "signs"):
        record_property(name, counts[name])


@pytest.fixture
def home(phone: Page, counted: None, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The home page on a phone that remembers nothing."""
    phone.clock.set_fixed_time(NOW)
    phone.goto("")
    yield phone
    if folder := os.environ.get("SANSHEN_PICTURES"):
        phone.screenshot(path=Path(folder, f"{request.node.name}.png"))
    phone.evaluate("localStorage.clear(); sessionStorage.clear()")


def follow(page: Page, *names: str) -> None:
    """Follow links of these names, one after another."""
    for name in names:
        with page.expect_navigation():
            page.get_by_role("link", name=name, exact=True).locator("visible=true").first.click()


def way(page: Page, name: str) -> None:
    """One of the entries of the menu."""
    page.get_by_role("button", name="菜单").click()
    follow(page, name)


def find(page: Page, words: str) -> None:
    """Type words into the search and open the first answer."""
    page.locator("a.sn-find__small").click()
    page.locator("#sanshen-search [name=q]").fill(words)
    page.locator(".sanshen-hit a").first.click()
    page.wait_for_url("**/posts/**")


class TestACitizen:
    def test_finds_the_shelter_near_by(self, home: Page) -> None:
        find(home, "避难所")
        expect(home.get_by_role("row", name="岚河公园")).to_be_visible()

    def test_sees_whether_a_warning_is_still_on(self, home: Page) -> None:
        state = home.locator(".sn-warnings [data-state]").first
        expect(state).to_have_text("生效中")
        home.clock.set_fixed_time(NOW + timedelta(days=3))
        home.reload()
        expect(state).to_have_text("已过期")

    def test_reads_what_to_do_now(self, home: Page) -> None:
        follow(home, "云岚市发布森林火险橙色预警")
        box = home.locator(".sn-advice").bounding_box()
        assert box
        assert box["y"] < 700

    def test_knows_whom_to_call(self, home: Page) -> None:
        assert home.locator("a[href='tel:119']").first.is_visible()

    def test_asks_about_gas_poisoning_in_their_own_words(self, home: Page) -> None:
        find(home, "煤气中毒怎么办")
        expect(home.locator("h1")).to_contain_text("一氧化碳")

    def test_looks_for_guides(self, home: Page) -> None:
        way(home, "避险指南")
        expect(home.get_by_role("link", name="地震来了，记住伏地、遮挡、手抓牢")).to_be_visible()

    def test_asks_whether_a_rumour_is_true(self, home: Page) -> None:
        way(home, "辟谣")
        home.locator(".sn-entry a").first.click()
        expect(home.get_by_text("结论：信息不实")).to_be_visible()

    def test_watches_a_film_with_its_captions(self, home: Page) -> None:
        home.goto(VIDEO)
        film = home.locator("video")
        film.evaluate("v => { v.muted = true; return v.play(); }")
        told = "() => document.querySelector('video').textTracks[0].activeCues?.[0]?.text"
        assert home.wait_for_function(told).json_value() == "清池清井，先通风、再检测、后作业。"
        assert film.evaluate("v => v.textTracks[0].mode") == "showing"

    def test_reads_large_type_on_the_next_page_too(self, home: Page) -> None:
        size = "getComputedStyle(document.querySelector('p')).fontSize"
        before = float(home.evaluate(size)[:-2])
        home.get_by_role("button", name="大字版").click()
        follow(home, "云岚市发布森林火险橙色预警")
        home.wait_for_url(f"**/{ALERT}")
        assert float(home.evaluate(size)[:-2]) > before

    def test_tells_a_real_account_from_a_fake(self, home: Page) -> None:
        way(home, "监督核验")
        follow(home, "政务新媒体账号")
        expect(home.get_by_text("未列入的账号与本单位无关")).to_be_visible()
        assert home.get_by_role("link", name="云岚应急", exact=True).first.is_visible()

    def test_reads_last_week_by_its_day(self, home: Page) -> None:
        home.goto("posts/2026/11/")
        home.get_by_role("link", name="18", exact=False).first.click()
        expect(home.get_by_role("link", name="睡前三分钟，给家做一次防火巡查")).to_be_in_viewport()

    def test_sends_the_link_to_a_neighbour(self, home: Page) -> None:
        home.goto(ALERT)
        home.get_by_role("button", name="复制链接").click()
        home.get_by_text("已复制", exact=True).wait_for()
        copied = home.evaluate("navigator.clipboard.readText()")
        assert copied.endswith(ALERT)

    def test_reads_without_script(self, scriptless: Page, address: str) -> None:
        scriptless.goto(address + ALERT)
        expect(scriptless.locator(".sn-advice")).to_be_visible()

    def test_comes_by_a_wrong_address(self, home: Page) -> None:
        """A host answers it with the bytes of 404.html."""
        words = home.request.get("404.html").body()
        home.route("**/lost/*", lambda route: route.fulfill(status=404, body=words))
        home.goto("lost/避难所.html")
        expect(home.get_by_role("link", name="火警救援 119")).to_be_in_viewport()
        home.get_by_role("main").get_by_role("button", name="检索").click()
        expect(home.locator(".sanshen-hit a").first).to_contain_text("避难")


class TestAJournalist:
    def test_sees_whether_a_post_was_changed_and_how(self, home: Page) -> None:
        home.goto(SHELTERS)
        follow(home, "本文已于2026年10月26日更正")
        expect(home.locator("#corrections")).to_be_in_viewport()
        for words in ("12050", "10250", "原因：制表时数字录入错位"):
            expect(home.locator(".sn-changes").get_by_text(words)).to_be_visible()

    def test_reads_the_first_version(self, home: Page) -> None:
        home.goto(SHELTERS)
        home.locator("a[href*='r1/']").first.click()
        park = home.get_by_role("row", name="柏水公园")
        expect(park.get_by_role("cell", name="12050")).to_be_visible()

    def test_sees_who_approved_it(self, home: Page) -> None:
        home.goto(ALERT)
        home.locator(".sn-approved").get_by_role("link", name="怎样核验").click()
        steps = home.get_by_role("table", name="第 1 版的三级审核和发布前确认")
        expect(steps).to_be_in_viewport()
        for step, role in (
            ("初审", "政务新媒体信息员"),
            ("复审", "科室负责人"),
            ("终审", "分管领导"),
            ("发布前确认", "科室负责人"),
        ):
            row = steps.get_by_role("row").filter(has=home.get_by_role("rowheader", name=step))
            expect(row.get_by_text(role)).to_be_visible()
            expect(row.get_by_text("2026-11-21 17:")).to_be_visible()

    def test_takes_all_posts_of_a_year_as_data(self, home: Page) -> None:
        follow(home, "开放数据")
        with home.expect_download() as download:
            home.get_by_role("link", name="2026.csv", exact=True).click()
        text = Path(download.value.path()).read_text("utf-8-sig")
        assert len(list(csv.reader(io.StringIO(text)))) == 44

    def test_subscribes(self, home: Page) -> None:
        follow(home, "订阅")
        row = home.get_by_role("row", name="全部内容")
        with home.expect_navigation() as opened:
            row.get_by_role("link", name="feed.xml").click()
        feed = feedparser.parse(opened.value.body())
        assert [entry.title for entry in feed.entries[:2]] == [
            "云岚市发布森林火险橙色预警",
            "冬季取暖防中毒，五查五不要",
        ]

    def test_cites(self, home: Page) -> None:
        home.goto(ALERT)
        home.get_by_text("引用格式和二维码").click()
        cited = home.locator("[data-sanshen-cite]")
        expect(cited.get_by_text("[EB/OL]. (2026-11-21)")).to_be_visible()

    def test_counts_how_often_the_accounts_spoke(self, home: Page) -> None:
        way(home, "监督核验")
        follow(home, "统计")
        spoken = home.get_by_role("table", name="按账号")
        for name, posts in (("@云岚应急", 41), ("云岚应急", 31), ("云岚应急视频号", 12)):
            row = spoken.get_by_role("row", name=f"{name} {posts}", exact=True)
            expect(row).to_be_visible()

    def test_finds_where_a_reprint_comes_from(self, home: Page) -> None:
        home.goto(REPRINT)
        expect(home.get_by_role("link", name="云岚日报")).to_be_visible()

    def test_finds_every_correction(self, home: Page) -> None:
        way(home, "监督核验")
        follow(home, "更正与撤回")
        for title in (
            "关于举办冬季企业安全员培训班的通知",
            "全市主要应急避难场所名单公布",
            "云岚市发布暴雨蓝色预警",
        ):
            expect(home.get_by_role("link", name=title)).to_be_visible()

    def test_finds_a_penalty_by_the_sort_of_news(self, home: Page) -> None:
        way(home, "通报与执法")
        expect(home.get_by_role("link", name="非法储存烟花爆竹，两起案件公开")).to_be_visible()

    def test_reads_warnings_by_machine(self, home: Page) -> None:
        home.goto(ALERT)
        with home.expect_navigation() as opened:
            home.get_by_role("link", name="本条预警的 CAP 1.2 数据").click()
        cap = ElementTree.fromstring(opened.value.body())
        headline = cap.findtext(".//{urn:oasis:names:tc:emergency:cap:1.2}headline")
        assert headline == "云岚市发布森林火险橙色预警"


class TestAnInspector:
    def test_verifies_a_page_in_the_browser(self, home: Page) -> None:
        home.goto(ALERT)
        assert pressed(home)[0] == "good"

    def test_verifies_without_trusting_this_site(self, site: Path) -> None:
        """Signers and key come from elsewhere in life; here from the same folder."""
        signers = str(site / "evidence/allowed_signers")
        done = ours(["verify-site", str(site), "--signers", signers], str(ROOT))
        assert (done.returncode, done.stdout.count("\n")) == (0, 1), done.stdout

    def test_verifies_one_post_with_openssh_alone(self, home: Page, tmp_path: Path) -> None:
        tar = home.request.get(f"{ALERT}evidence.tar").body()
        (tmp_path / "evidence.tar").write_bytes(tar)
        subprocess.run(["tar", "-xf", "evidence.tar"], cwd=tmp_path, check=True)
        [first] = tmp_path.rglob("1-first.json")
        signers = home.request.get("evidence/allowed_signers").body()
        (tmp_path / "signers").write_bytes(signers)
        person = json.loads(first.read_text())["predicate"]["reviewer"]
        namespace = ["-n", "sanshen-review@v1", "-I", person, "-f", str(tmp_path / "signers")]
        check = ["ssh-keygen", "-Y", "verify", *namespace, "-s", f"{first}.sig"]
        subprocess.run(check, input=first.read_bytes(), check=True, capture_output=True)

    def test_reads_how_a_clause_is_checked(self, home: Page) -> None:
        way(home, "监督核验")
        follow(home, "实施细则")
        home.get_by_role("link", name="第五条怎样检查").click()
        home.locator("summary", has_text="R05-4").click()
        answer = home.locator("dl#R05-4")
        expect(answer.get_by_text("登记、声明：登记为需转发的上级信息")).to_be_visible()
        expect(answer).to_be_in_viewport()

    def test_finds_the_number_that_is_published_elsewhere(self, home: Page, site: Path) -> None:
        follow(home, "怎样核验")
        number = sha256((site / "evidence/roster.yml").read_bytes()).hexdigest()[:8]
        step = home.get_by_role("listitem").filter(has=home.get_by_role("heading", name="对一个数"))
        expect(step.get_by_text(number)).to_be_visible()
