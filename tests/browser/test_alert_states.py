"""Whether an alert holds, by the reader's clock; without script, words that stay true."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.serving import verdict, violations
from tests.site import sample
from tests.site.sample_drafts import AS_OF

pytestmark = pytest.mark.browser
POST = f"posts/2026/{sample.ALERT}/"
PLACES = {
    POST: ".sn-alert__state",
    "": ".sn-warnings [data-state]",
    "alerts/": ".sn-warnings [data-state]",
    "posts/2026/11/": f".sn-entry:has(a[href*='{sample.ALERT}']) [data-state]",
    "search/?q=森林火险": ".sanshen-hit:first-child [data-state]",
}
UNTIL = "有效至 2026-11-24 16:00"


@pytest.fixture(scope="module")
def shared(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        yield context.new_page()


@pytest.fixture
def page(shared: Page) -> Iterator[Page]:
    """One page for all tests that set its clock."""
    shared.set_viewport_size({"width": 1280, "height": 900})
    yield shared
    shared.emulate_media(media="screen")
    shared.evaluate("localStorage.clear()")


@pytest.fixture
def announced(page: Page, address: str) -> Iterator[None]:
    """As where the newest record is older: before a warning begins, no clock is doubted."""

    def older(route: Route) -> None:
        words = re.sub(r'(datetime|newest)="[^"]*"', r'\1="2026-10-01"', route.fetch().text())
        route.fulfill(content_type="text/html; charset=utf-8", body=words)

    page.route(re.compile(f"{address}(alerts/|posts/.*/|search/.*)?$"), older)
    page.route("**/newest.json", lambda route: route.fulfill(body='"2026-10-01"'))
    yield
    page.unroute_all(behavior="ignoreErrors")  # some page is asked for ahead


@pytest.mark.parametrize(("days", "why"), [(-365, "还早，一定不对"), (301, "晚 300 天以上")])
def test_a_clock_that_cannot_be_right_tells_the_dates_alone(
    page: Page, address: str, days: int, why: str
) -> None:
    page.clock.set_fixed_time(AS_OF + timedelta(days=days))
    for path, selector in PLACES.items():
        page.goto(address + path)
        expect(page.locator(selector).first).to_have_text(UNTIL)
        expect(page.locator("[data-clock]")).to_contain_text(why)  # once
        page.evaluate("sanshenStates(document)")  # as it is said again while a page is open
        expect(page.locator("[data-clock]")).to_contain_text(why)
        assert not re.search("没有生效中|生效中|未开始|已过期", _of_the_warning(page)), path
        assert not page.locator("[data-turns][data-over]").count()
    page.goto(address + POST)
    expect(page.locator(".sn-advice")).to_be_visible()
    page.clock.set_fixed_time(AS_OF + timedelta(hours=1))  # put right while the page is open
    page.evaluate("sanshenStates(document)")
    expect(page.locator(".sn-alert__state")).to_have_text("生效中")
    expect(page.locator("[data-clock]")).to_have_count(0)
    page.clock.set_fixed_time(AS_OF + timedelta(days=days))
    page.evaluate("sanshenStates(document)")
    expect(page.locator(".sn-alert__state")).to_have_text(UNTIL)


def _of_the_warning(page: Page) -> str:
    """What is seen of the region of warnings, of the lists' own entry, or of the box."""
    own = f"li:has([href*='{sample.ALERT}'])"
    parts = page.locator(f".sn-now, .sn-warnings, [data-signed=alert], {own}")
    return " ".join(parts.all_inner_texts())


@pytest.mark.parametrize(
    ("file", "state", "said"),
    [('"2027-11-20T08:00:00+08:00"', "已过期", 0), ("", UNTIL, 1), ("null", UNTIL, 1)],
)
def test_a_page_that_is_a_year_old_asks_whether_the_site_goes_on(
    page: Page, address: str, file: str, state: str, said: int
) -> None:
    page.clock.set_fixed_time(AS_OF + timedelta(days=365))
    page.route("**/newest.json", lambda route: route.fulfill(body=file))
    for path in (POST, "posts/2026/11/"):
        page.goto(address + path)
        expect(page.locator(PLACES[path]).first).to_have_text(state)
        expect(page.locator("[data-clock]")).to_have_count(said)
    page.unroute_all()


def test_an_old_page_knows_a_clock_that_is_a_year_behind(page: Page, address: str) -> None:
    """Its own day was before that."""
    page.clock.set_fixed_time(AS_OF)
    page.route("**/newest.json", lambda route: route.fulfill(body='"2027-11-20T08:00:00+08:00"'))
    page.goto(address + POST)
    expect(page.locator(".sn-alert__state")).to_have_text(UNTIL)
    expect(page.locator("[data-clock]")).to_contain_text("2027-11-20 08:00")
    page.unroute_all()


def test_a_clock_that_cannot_be_right_alters_no_page(page: Page, address: str) -> None:
    page.clock.set_fixed_time(AS_OF - timedelta(days=365))
    assert verdict(page, address + POST)[0] != "bad"


def test_every_place_tells_the_state_by_the_readers_clock(
    page: Page, address: str, announced: None
) -> None:
    for hours, minutes, state, paths in (
        (-5, 0, "未开始", (POST, "")),
        (0, 0, "生效中", PLACES),
        (43, 59, "生效中", (POST, "posts/2026/11/")),
        (44, 0, "已过期", PLACES),
    ):
        page.clock.set_fixed_time(AS_OF + timedelta(hours=hours, minutes=minutes))
        for path in paths:
            selector = PLACES[path]
            page.goto(address + path)
            expect(page.locator(selector).first).to_have_text(state)
            over = page.locator(f"[data-turns][data-over]:has({selector.split()[-1]})")
            assert (over.count() > 0) == (state == "已过期"), path


def test_paper_says_what_to_do_while_the_warning_holds(page: Page, address: str) -> None:
    page.clock.set_fixed_time(AS_OF)
    page.goto(address + POST)
    page.emulate_media(media="print")
    advice = page.locator(".sn-advice")
    expect(advice).to_be_visible()
    text = page.locator(".sn-body p").first
    assert (box := advice.bounding_box()) and (body := text.bounding_box())
    assert box["y"] < body["y"], "before the text"
    expect(page.locator(".sn-advice__more")).to_be_hidden()
    assert (code := page.locator(".sn-qr").bounding_box())
    assert (title := page.locator("h1").bounding_box())
    assert code["y"] + code["height"] <= title["y"], "the code is on the first sheet"
    assert (check := page.locator(".sn-check").first.bounding_box())
    assert check["y"] + check["height"] <= title["y"], "so are the words that are checked"
    broken = "e => getComputedStyle(e).breakBefore"
    begins = page.locator(".sn-article > .sn-lead, .sn-body > * > :first-child").first
    assert begins.evaluate(broken) == "page", "the text begins on another sheet"
    signed = page.locator(".sn-evidence tbody").bounding_box()
    assert signed and signed["height"] < 100, "who signed is said in short, and last"
    assert _sheets(page) == 2
    page.clock.set_fixed_time(AS_OF + timedelta(days=3))
    page.goto(address + POST)
    expect(advice).to_be_hidden()
    assert begins.evaluate(broken) == "auto", "what is over needs no sheet of its own"
    assert _sheets(page) <= 2


def _sheets(page: Page) -> int:
    return len(re.findall(rb"/Type /Page\b", page.pdf(format="A4")))


def test_a_list_on_paper_says_of_when_a_state_is(page: Page, address: str, announced: None) -> None:
    shown = "e => e.textContent + getComputedStyle(e, '::after').content"
    for hours, words in ((-5, "未开始"), (0, "生效中"), (44, "已过期")):
        page.clock.set_fixed_time(AS_OF + timedelta(hours=hours))
        for path in ("alerts/", "posts/2026/11/"):
            page.goto(address + path)
            page.emulate_media(media="print")
            state = page.locator(PLACES[path]).first
            expect(state).to_be_visible()
            said = state.evaluate(shown)
            moment = (AS_OF + timedelta(hours=hours)).astimezone(timezone(timedelta(hours=8)))
            day = f"{moment.month}月{moment.day}日 {moment:%H:%M}"
            assert ("截至" in said) == (words != "已过期"), said
            assert words in said
            assert words == "已过期" or f"（截至{day}）" in said.replace('" "', "")
            page.emulate_media(media="screen")


def test_how_long_a_warning_holds_is_said_by_the_readers_clock(
    page: Page, address: str, announced: None
) -> None:
    for hours, words in (
        (-5, "1 小时后开始"),
        (0, "还有 44 小时"),
        (43.5, "还有不到 1 小时"),
        (44, ""),
        (-72, "2 天后开始"),
    ):
        page.clock.set_fixed_time(AS_OF + timedelta(hours=hours))
        page.goto(address + POST)
        state = page.locator(".sn-alert__state")
        expect(state).to_have_attribute("data-left", words)
        shown = state.evaluate("e => getComputedStyle(e, '::after').content")
        assert shown == (f'"，{words}"' if words else "none")
        page.emulate_media(media="print")  # a sheet hangs for days: what will change is not on it
        expect(state).to_be_visible(visible=not words)
        page.emulate_media(media="screen")


def test_days_since_an_update_are_counted_by_the_readers_clock(page: Page, address: str) -> None:
    latest = "最近一次更新在2026年11月22日"
    shanghai = timezone(timedelta(hours=8))
    for moment, words in (
        (datetime(2026, 11, 22, 23, 59, tzinfo=shanghai), f"{latest}（今天）。"),
        (datetime(2026, 11, 23, 0, 0, tzinfo=shanghai), f"{latest}（距今 1 天）。"),
        (datetime(2027, 1, 1, 9, 0, tzinfo=shanghai), f"{latest}（距今 40 天）。"),
        (datetime(2026, 11, 21, 9, 0, tzinfo=shanghai), f"{latest}。"),
    ):
        page.clock.set_fixed_time(moment)
        page.goto(address + "cadence/")
        expect(page.locator("section:has(time[data-ago]) p").first).to_contain_text(words)


def test_what_an_account_owes_counts_no_days_to_the_build(page: Page, address: str) -> None:
    """Every count of days that reaches to now is the reader's; a duty that was due says so."""
    for days, late in ((0, 0), (1, 1), (10, 1), (365, 0)):
        page.clock.set_fixed_time(AS_OF + timedelta(days=days))
        page.goto(address + "cadence/")
        sections = [one.replace("\n", " ") for one in page.locator("section").all_inner_texts()]
        assert sections
        for words in sections:
            assert not re.search(r"距上次更新|已 ?\d+ ?天", words), words
            since = [int(n) for n in re.findall(r"距今 (\d+) 天", words)]
            assert len(since) <= 1
        duties = page.locator("[data-due]")
        assert duties.count()
        assert page.get_by_text("（这个期限已过）").count() == late * duties.count()
        bars = page.locator(".sn-weeks").first.locator("> span:not(.sn-weeks__gap)").count()
        assert f"以下为最近 {bars} 周" in page.locator(".sn-note").first.inner_text()


def test_an_open_page_turns_when_the_alert_ends(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.clock.install(time=AS_OF)
    page.goto(address + POST)
    expect(page.locator(".sn-alert__state")).to_have_text("生效中")
    page.clock.fast_forward(timedelta(hours=44, minutes=1).seconds * 1000 + 86_400_000)
    expect(page.locator(".sn-alert__state")).to_have_text("已过期")
    page.close()


def test_the_state_stands_before_the_page_is_whole(browser: Browser, address: str) -> None:
    """Said after the first paint, it would hide the advice under a reader's thumb."""
    page = browser.new_page()  # that has no script in its cache
    page.route(
        "**/assets/find.js", lambda _: None
    )  # never comes; all that is deferred waits for it
    page.clock.set_fixed_time(AS_OF + timedelta(hours=44))
    for path, selector in list(PLACES.items())[:4]:
        page.goto(address + path, wait_until="commit")
        expect(page.locator(selector).first).to_have_text("已过期")
        assert page.evaluate("document.readyState") != "complete"
    page.close()


def test_without_script_the_words_stay_true(scriptless: Page, address: str) -> None:
    for path, selector in list(PLACES.items())[:4]:
        scriptless.goto(address + path)
        expect(scriptless.locator(selector).first).to_have_text(UNTIL)
        assert "生效中" not in scriptless.locator("#content").inner_text()
    scriptless.goto(address + POST)
    expect(scriptless.locator(".sn-meta")).to_contain_text("以预警时段为准")


def test_what_to_do_stands_on_the_first_screen_of_a_phone(page: Page, address: str) -> None:
    page.clock.set_fixed_time(AS_OF)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address + POST)
    tops = []
    for selector in (".sn-title", ".sn-alert", ".sn-call", ".sn-advice"):
        box = page.locator(selector).bounding_box()
        assert box, selector
        tops.append(box["y"])
    assert tops == sorted(tops)
    assert tops[-1] < 650
    heights = page.locator(".sn-call a").evaluate_all(
        "all => all.map((a) => a.getBoundingClientRect().height)"
    )
    assert min(heights) >= 44, "as large as a thumb"
    terms = page.locator(".sn-alert dt").all_inner_texts()
    assert terms[:2] == ["有效时段", "影响区域"], "until when and where come before who says so"
    assert page.locator(".sn-call a").evaluate_all("links => links.map(l => l.href)") == [
        "tel:119", "tel:120", "tel:110", "tel:12345",
    ]  # fmt: skip
    expect(page.locator(".sn-meta")).to_be_hidden()
    page.locator(".sn-fold:has(.sn-meta) > summary").click()
    expect(page.locator(".sn-meta")).to_be_visible()
    assert violations(page) == []


def test_in_large_type_level_time_area_and_the_way_to_what_to_do_stand_on_the_first_screen(
    page: Page, address: str
) -> None:
    page.clock.set_fixed_time(AS_OF)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address + POST)
    expect(page.locator(".sn-do")).to_be_hidden()  # what to do stands there itself
    page.get_by_role("button", name="大字版").click()
    link = page.get_by_role("link", name="现在怎样做")
    for locator in (link, page.locator(".sn-alert__head"), *page.locator(".sn-alert dd").all()[:2]):
        box = locator.bounding_box()
        assert box
        assert box["y"] + box["height"] <= 844
    link.click()
    advice = page.locator(".sn-advice").bounding_box()
    assert advice
    assert 0 <= advice["y"] < 300
    assert violations(page) == []
    page.emulate_media(media="print")
    expect(page.locator(".sn-do")).to_be_hidden()


@pytest.mark.parametrize("large", [False, True])
def test_nothing_leads_to_what_is_hidden_once_the_alert_is_over(
    page: Page, address: str, large: bool
) -> None:
    page.clock.set_fixed_time(AS_OF + timedelta(hours=44))
    page.goto(address + POST)
    if large:
        page.get_by_role("button", name="大字版").click()
    expect(page.locator(".sn-do")).to_be_hidden()


def test_what_to_do_goes_with_the_alert(page: Page, address: str) -> None:
    page.clock.set_fixed_time(AS_OF + timedelta(hours=44))
    page.goto(address + POST)
    expect(page.locator(".sn-alert__state")).to_have_text("已过期")
    expect(page.locator(".sn-advice")).to_be_hidden()
    expect(page.locator(".sn-body")).to_contain_text("严禁野外用火")


def test_on_paper_metadata_are_unfolded(page: Page, address: str) -> None:
    page.clock.set_fixed_time(AS_OF)
    page.goto(address + POST)
    page.emulate_media(media="print")
    assert page.locator(".sn-meta th").first.evaluate("e => e.checkVisibility()")


@pytest.mark.parametrize("hours", [0, 44])
def test_the_state_of_an_alert_is_no_alteration(page: Page, address: str, hours: int) -> None:
    page.clock.set_fixed_time(AS_OF + timedelta(hours=hours))
    result, said = verdict(page, address + POST)
    assert result == "good", said


def test_a_notice_in_hand_can_be_checked_from_the_first_screen(page: Page, address: str) -> None:
    """On home beside the heading, warning or none; on a warning below what it says."""
    page.set_viewport_size({"width": 390, "height": 844})
    link = page.locator("main").get_by_role("link", name="核对手里的通知")
    for hours in (0, 44):
        page.clock.set_fixed_time(AS_OF + timedelta(hours=hours))
        for path in ("", f"posts/2026/{sample.PLAIN}/"):
            page.goto(address + path)
            expect(link).to_be_in_viewport(ratio=1)
            assert str(link.evaluate("e => e.href")) == f"{address}authenticity/"
    page.goto(address + POST)
    warning, line = page.locator("[data-signed=alert]").bounding_box(), link.bounding_box()
    assert warning and line and line["y"] >= warning["y"] + warning["height"]
