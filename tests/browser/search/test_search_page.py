"""search_page.js in a real browser: what a reader types, sees and hears."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from pipeline.parts.search.index import SearchDoc
from tests.browser.search.search_archive import Site, ask, scan, serve
from tests.browser.serving import CONTRAST, held, violations

pytestmark = pytest.mark.browser

READ = 8  # posts that are read for a first page, in `search.js`
GUESSED = 3  # posts that are asked for before the engine is there, in `search_lists.js`


def test_typing_lists_marks_and_remembers(page: Page, small: Site) -> None:
    page.locator("input[name=q]").press_sequentially("第7号")
    expect(page.locator("#search-status")).to_contain_text("10 篇")
    first = page.locator("#search-results li").first
    # Of "第7", typed on the way, ten are found as well.
    expect(first.locator("mark").first).to_have_text(re.compile(r"^第 ?[7７] ?号$"))
    expect(page).to_have_url(re.compile(re.escape("/search/?q=%E7%AC%AC7%E5%8F%B7")))
    address = first.locator("a").evaluate("a => a.href")
    assert address.removeprefix(small.address.removesuffix("search/")) in scan(small.docs, "第7号")


def test_an_address_opens_its_search(page: Page, small: Site) -> None:
    page.goto(f"{small.address}?q=应急管理&year=2025&category=notice&account=nowhere")
    expect(page.locator("#search-status")).to_contain_text("10 篇")
    assert page.locator("select[name=year]").input_value() == "2025"
    assert page.locator("select[name=account]").input_value() == ""
    facts = page.locator(".sanshen-hit__facts").all_inner_texts()
    assert all(text.startswith("2025年") and " · 通知公告 · " in text for text in facts)
    page.locator("select[name=year]").select_option("2026")
    expect(page.locator(".sanshen-hit__facts").first).to_contain_text("2026年")
    assert "year=2026" in page.url


def test_what_was_typed_before_the_script_came_is_looked_for(tab: Page, small: Site) -> None:
    release = held(tab, "**/search_page.js")
    tab.goto(small.address, wait_until="commit")
    tab.locator("input[name=q]").fill("第7号")
    release()
    expect(tab.locator("#search-status")).to_contain_text("10 篇")
    expect(tab.locator("input[name=q]")).to_have_value("第7号")


def test_eight_posts_are_read_in_one_go_and_six_listed_before_the_rest_of_the_page(
    tab: Page, small: Site
) -> None:
    waiting: list[Route] = []
    enough = READ

    def hold(route: Route) -> None:
        waiting.append(route)
        if len(waiting) == enough:
            release()

    def release() -> None:
        for route in waiting:
            route.continue_()
        waiting.clear()

    tab.route("**/d/*.json*", hold)
    tab.goto(f"{small.address}?q=应急管理")
    hits = tab.locator("#search-results li")
    expect(hits).to_have_count(6)
    first = hits.all_inner_texts()
    enough = 1
    release()
    expect(hits).to_have_count(10)
    assert hits.all_inner_texts()[:6] == first, "what was read stays where it is"
    expect(tab.locator("#search-status")).to_contain_text("10 篇")


def test_lists_and_posts_are_asked_for_before_the_words_have_come(tab: Page, small: Site) -> None:
    release = held(tab, "**/search_words.js")
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    with tab.expect_request(lambda _: sum("/d/" in url for url in asked) == GUESSED):
        tab.goto(f"{small.address}?q=应急管理", wait_until="commit")
    assert tab.locator("#search-results li").count() == 0
    release()
    expect(tab.locator("#search-results li")).to_have_count(10)


def test_a_list_of_parts_from_before_is_not_believed(tab: Page, small: Site) -> None:
    """What the browser preloaded names other files; what the host confirms is what is read."""
    given = 0

    def old(route: Route) -> None:
        nonlocal given
        given += 1
        answer = route.fetch()
        text = answer.text().replace('"shards":', '"shards":1') if given == 1 else answer.text()
        route.fulfill(response=answer, body=text)

    tab.route("**/search/index.json", old)
    tab.goto(f"{small.address}?q=应急管理")
    expect(tab.locator("#search-results li")).to_have_count(10)
    assert given == 2
    answers = {hit["url"] for hit in ask(tab, "应急管理")}
    assert answers >= scan(small.docs, "应急管理")


def test_keyboard_alone(page: Page) -> None:
    box = page.locator("input[name=q]")
    box.focus()
    page.keyboard.type("应急管理")
    page.keyboard.press("Enter")
    links = page.locator("#search-results a")
    expect(links).to_have_count(10)
    page.keyboard.press("ArrowDown")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    for _ in range(11):
        page.keyboard.press("ArrowDown")
    expect(page.locator("#search-more")).to_be_focused()
    page.keyboard.press("Enter")
    expect(links).to_have_count(20)
    expect(links.nth(10)).to_be_focused()


def test_paging_reaches_the_last_hit_once(page: Page, small: Site) -> None:
    page.goto(f"{small.address}?q=《条例》")
    status, more = page.locator("#search-status"), page.locator("#search-more")
    total = len(scan(small.docs, "《条例》"))
    for shown in range(10, total + 10, 10):
        expect(page.locator("#search-results li")).to_have_count(min(shown, total))
        if shown < total:
            more.click()
    expect(more).to_be_hidden()
    expect(status).to_have_text(f"找到 {total} 篇，已显示 {total} 篇。")
    hrefs = page.locator("#search-results a").evaluate_all("all => all.map(a => a.href)")
    assert len(set(hrefs)) == len(hrefs) == total


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "请输入要找的内容，多个词用空格隔开。"),
        ("x", "“x”太短：请再多输入一些。"),
        ("龘龘", "没有找到含“龘龘”的内容。请换一个说法再试。"),
        ("龘", "没有找到含“龘”的内容。"),
        ("<img src=x onerror=alert(1)>", "没有找到含“<img”、“src=x”、“onerror=alert(1)>”的内容。"),
    ],
)
def test_the_page_says_why_there_is_nothing(page: Page, query: str, says: str) -> None:
    page.locator("input[name=q]").fill(query)
    page.keyboard.press("Enter")
    expect(page.locator("#search-status")).to_contain_text(says)
    assert page.locator("#search-results li").count() == 0


def test_a_search_that_has_not_read_every_candidate_says_so_and_goes_on(page: Page) -> None:
    page.goto(page.url + "?q=号第7号第7号第12号第7号")  # its pairs stand in many posts, it in none
    status, more = page.locator("#search-status"), page.locator("#search-more")
    expect(status).to_contain_text("另有")
    left = int(status.inner_text().split("另有 ")[1].split(" ")[0])
    assert left > 100
    more.focus()
    page.keyboard.press("Enter")
    expect(status).not_to_contain_text(f"另有 {left} 篇")
    expect(page.locator("#search-results a").nth(10)).to_be_focused()
    for _ in range(left // 8 + 1):
        if more.is_visible():
            more.press("Enter")
            expect(page.locator("#search-results")).not_to_have_attribute("aria-busy", "true")
    expect(status).to_contain_text("的意思找到 30 篇，已显示 30 篇。")


def test_a_year_that_cannot_be_read_is_named_and_the_others_are_searched(
    tab: Page, small: Site
) -> None:
    status = tab.locator("#search-status")
    tab.route("**/search/2025-*/s/*", lambda route: route.fulfill(status=404))
    tab.goto(f"{small.address}?q=应急管理")
    expect(status).to_contain_text(
        "检索不完整：2025年的索引没有全部载入，可按回车键重试。其余部分："
    )
    days = tab.locator(".sanshen-hit__facts").all_inner_texts()
    assert days
    assert not any(day.startswith("2025") for day in days)
    tab.locator("select[name=year]").select_option("2025")
    expect(status).to_have_text("检索索引未能载入。请稍后按回车键重试。")
    tab.unroute("**/search/2025-*/s/*")
    tab.locator("input[name=q]").press("Enter")
    expect(status).to_contain_text("已找到 10 篇")
    expect(status).not_to_contain_text("不完整")


def test_a_post_that_cannot_be_read_takes_no_other_away(tab: Page, tmp_path: Path) -> None:
    docs = [
        SearchDoc(f"posts/2026/{n}/", f"防汛第{n}号", "", f"2026-01-0{n}", "", (), "")
        for n in range(1, 7)
    ]
    for site in serve(tmp_path, docs):
        hits, status = tab.locator("#search-results li"), tab.locator("#search-status")
        tab.route("**/d/2.json*", lambda route: route.fulfill(status=404))
        tab.goto(f"{site.address}?q=防汛")
        expect(hits).to_have_count(5)
        expect(status).to_contain_text("检索不完整：2026年的索引没有全部载入")
        tab.unroute("**/d/2.json*")
        tab.locator("input[name=q]").press("Enter")
        expect(hits).to_have_count(6)
        expect(status).to_have_text("找到 6 篇，已显示 6 篇。")


def test_typing_pinyin_searches_when_the_word_is_chosen(page: Page) -> None:
    """Amid the composition of an input method the letters typed are no query."""
    session = page.context.new_cdp_session(page)
    page.locator("input[name=q]").focus()
    for letters in ("f", "fang", "fang xun"):
        session.send(
            "Input.imeSetComposition",
            {"text": letters, "selectionStart": len(letters), "selectionEnd": len(letters)},
        )
    page.wait_for_timeout(400)
    assert "q=" not in page.url
    session.send("Input.insertText", {"text": "防汛"})
    expect(page.locator("#search-status")).to_contain_text("找到 ")
    assert page.url.endswith("?q=%E9%98%B2%E6%B1%9B")


def test_the_way_back_from_a_post_leads_to_the_same_answer(page: Page, small: Site) -> None:
    page.goto(small.address)
    page.locator("input[name=q]").fill("应急管理")
    page.locator("select[name=year]").select_option("2025")
    expect(page.locator(".sanshen-hit__facts").first).to_contain_text("2025年")
    page.goto(f"{small.address}?other")
    page.go_back()
    expect(page.locator(".sanshen-hit__facts").first).to_contain_text("2025年")
    assert page.locator("input[name=q]").input_value() == "应急管理"
    assert page.locator("select[name=year]").input_value() == "2025"


def test_each_search_is_a_step_to_go_back_to(page: Page, small: Site) -> None:
    """Typed in one go, with a filter, and left for another word: a step each, none for a letter."""
    box, status = page.locator("input[name=q]"), page.locator("#search-status")
    steps = page.evaluate("history.length")
    page.goto(f"{small.address}?q=第7号")
    expect(status).to_contain_text("第7号")
    box.fill("")
    box.press_sequentially("第12号")
    expect(status).to_contain_text("“第12号”")
    box.press("Enter")
    page.locator("select[name=year]").select_option("2025")
    expect(page.locator("#search-results:not([aria-busy]) li").first).to_contain_text("2025年")
    assert page.evaluate("history.length") == steps + 3
    page.go_back()
    expect(page.locator("select[name=year]")).to_have_value("")
    expect(box).to_have_value("第12号")
    page.go_back()
    expect(box).to_have_value("第7号")
    expect(status).to_contain_text("第7号")
    assert page.locator("mark").first.inner_text().replace(" ", "") == "第7号"
    page.go_forward()
    expect(status).to_contain_text("“第12号”")


def test_no_hit_under_a_filter_suggests_to_widen_it(page: Page, small: Site) -> None:
    page.goto(f"{small.address}?q=龘龘&year=2025")
    expect(page.locator("#search-status")).to_contain_text("可以放宽筛选条件再试。")


def test_what_was_read_once_needs_no_network(page: Page, small: Site) -> None:
    page.goto(f"{small.address}?q=第7号")
    results, status = page.locator("#search-results li"), page.locator("#search-status")
    expect(results).to_have_count(10)
    page.locator("input[name=q]").fill("")
    expect(status).to_contain_text("请输入")
    page.context.set_offline(True)
    page.locator("input[name=q]").fill("第７号")
    expect(results).to_have_count(10)
    page.locator("input[name=q]").fill("防汛抗旱")
    expect(status).to_contain_text("现在没有网络")
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(results).to_have_count(10)


@pytest.mark.parametrize(
    "query",
    [
        *("<script>alert(1)</script>", "'\"><svg/onload=alert(1)>", "\\", "%00%", "(.*[", "\ue000"),
        *(
            "雪",
            "🙂",
            "取暖" * 250,
            "a" * 500,
            "qǔ nuǎn",
            "lǜ sè",
            "qu3nuan3",
            "zzzz''v",
            "十月",
            "99-99",
        ),
    ],
)
def test_nothing_that_is_typed_breaks_the_page(page: Page, query: str) -> None:
    page.evaluate(
        "query => { const q = document.querySelector('input[name=q]'); q.value = query;"
        " q.form.requestSubmit(); }", query,
    )  # fmt: skip
    status = page.locator("#search-status")
    expect(status).to_have_text(re.compile("找到|太短|最接近|可能含有"))
    assert page.locator("main script, main svg, main img").count() == 0


def test_where_nothing_is_found_keywords_and_numbers_stand(page: Page) -> None:
    help_ = page.locator("#search-help")
    for query, shown in (
        ("龘龘", True),
        ("第7号", False),
        ("", True),
        ("应急管理第龘", True),
        ("zzzz", True),
    ):
        page.locator("input[name=q]").fill(query)
        page.keyboard.press("Enter")
        expect(help_).to_be_visible() if shown else expect(help_).to_be_hidden()


def test_what_was_not_found_is_copied_and_sent_nowhere(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    report = page.locator("#search-report")
    expect(report).to_be_hidden()
    page.locator("input[name=q]").fill("龘龘")
    page.keyboard.press("Enter")
    expect(report).to_contain_text("没找到您要的？请告诉我们：政务服务便民热线12345。")
    assert report.locator("a").count() == 0
    report.get_by_role("button").press("Enter")
    expect(report.get_by_role("button")).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"我在检索检索“龘龘”，没有找到需要的内容。{page.url}"


def test_what_was_not_found_may_be_written_to_an_address(tab: Page, small: Site) -> None:
    def mended(route: Route) -> None:
        page = route.fetch()
        route.fulfill(response=page, body=page.text().replace("热线12345", "邮箱 a@bureau.example"))

    tab.route("**/search/?q=*", mended)
    tab.goto(f"{small.address}?q=龘龘%26cc=x@y.example")
    mail = tab.locator("#search-report a")
    expect(mail).to_have_text("写邮件")
    href = mail.get_attribute("href") or ""
    assert href.startswith("mailto:a@bureau.example?subject=%")
    assert href.count("&") == 1, "what was typed adds no field"


def test_on_a_narrow_screen_the_answers_come_before_the_filters(tab: Page, small: Site) -> None:
    tab.set_viewport_size({"width": 390, "height": 800})
    tab.goto(f"{small.address}?q=应急管理")
    fold, year = tab.locator(".sn-filters"), tab.locator("select[name=year]")
    expect(tab.locator("#search-results li")).to_have_count(10)
    expect(year).to_be_hidden()
    fold.press("Enter")
    expect(year).to_be_visible()
    year.select_option("2025")
    expect(tab.locator(".sanshen-hit__facts").first).to_contain_text("2025年")
    tab.reload()
    expect(year).to_be_visible()
    tab.set_viewport_size({"width": 1000, "height": 800})
    expect(fold).to_be_hidden()
    expect(year).to_be_visible()


def test_a_kind_and_a_month_narrow_the_answer(page: Page, small: Site) -> None:
    page.goto(f"{small.address}?q=应急管理&month=03&kind=news")
    expect(page.locator(".sanshen-hit__facts").first).to_contain_text("年3月")
    days = page.locator(".sanshen-hit__facts time").all_inner_texts()
    assert {day[4:7] for day in days} == {"年3月"}
    page.locator("select[name=kind]").select_option("预警信息")
    expect(page.locator("#search-results li")).to_have_count(0)


def test_the_last_answer_stands_until_the_next_is_there(tab: Page, small: Site) -> None:
    tab.goto(f"{small.address}?q=应急管理")
    hits = tab.locator("#search-results li")
    expect(hits).to_have_count(10)
    tab.evaluate(
        """() => {
          window.fewest = 10;
          const list = document.getElementById("search-results");
          new MutationObserver(() => {
            window.fewest = Math.min(window.fewest, list.children.length);
          }).observe(list, { childList: true });
        }"""
    )
    tab.locator("input[name=q]").fill("第7号")
    tab.locator("input[name=q]").press("Enter")
    expect(hits.first.locator("mark").first).to_have_text(re.compile("第.?[7７]"))
    assert tab.evaluate("window.fewest") == 10


def test_what_is_typed_is_sent_nowhere_and_kept_nowhere(page: Page, small: Site) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    page.locator("input[name=q]").press_sequentially("应急管理")
    expect(page.locator("#search-results li")).to_have_count(10)
    origin = small.address.removesuffix("search/")
    assert sent
    assert [url for url in sent if not url.startswith(origin)] == []
    assert [url for url in sent if "%E5%BA%94" in url or "应" in url] == []
    kept = "[localStorage.length, sessionStorage.length, document.cookie]"
    assert page.evaluate(kept) == [0, 0, ""]


def test_markup_in_a_post_stays_text(tab: Page, tmp_path: Path) -> None:
    bad = "<img src=x onerror=alert(1)>&lt;b&gt;"
    hostile = SearchDoc("posts/2026/x/", bad, f"甲乙{bad}", "2026-01-01", bad, (bad,), "news")
    for site in serve(tmp_path, [hostile]):
        tab.goto(f"{site.address}?q=onerror")
        expect(tab.locator("#search-results li")).to_have_count(1)
        assert tab.locator("#search-results img, #search-results b").count() == 0
        assert bad in tab.locator("#search-results h2").inner_text()


def test_an_extract_begins_with_a_word_and_has_no_gaps(tab: Page, tmp_path: Path) -> None:
    body = "甲" * 10 + "，" + "乙" * 23 + "取暖要通风。 夜里留条缝。\n两头都要留。"
    doc = SearchDoc("posts/2026/x/", "提示", body, "2026-01-01", "", (), "")
    for site in serve(tmp_path, [doc]):
        tab.goto(f"{site.address}?q=取暖")
        said = tab.locator(".sanshen-hit__text")
        expect(said).to_have_text("…" + "乙" * 23 + "取暖要通风。夜里留条缝。两头都要留。")


def test_of_facts_beside_the_text_an_extract_shows_those_that_were_meant(
    tab: Page, tmp_path: Path
) -> None:
    head = "带上水。\n预警；森林防火；冬季；森林防火；宣传教育"
    doc = SearchDoc("posts/2026/x/", "提示", "下山。", "2026-01-01", "", (), "", head=head)
    for site in serve(tmp_path, [doc]):
        tab.goto(f"{site.address}?q=防火")
        expect(tab.locator(".sanshen-hit__text")).to_have_text("森林防火。带上水。")


@pytest.mark.parametrize("why", ["已撤回", "已依规清除"])
def test_a_post_that_is_gone_is_listed_by_title_and_number_and_marked(
    tab: Page, tmp_path: Path, why: str
) -> None:
    gone = SearchDoc(
        "posts/2026/2026-11-20-heating-tip/", "取暖提示", "", "2026-11-20", "", (), "",
        "MB0000000/2026-1120-heating-tip", gone=why,
    )  # fmt: skip
    for site in serve(tmp_path, [gone]):
        for query, number in (("取暖提示", ""), (gone.index_no, f" · 索引号 {gone.index_no}")):
            tab.goto(f"{site.address}?q={query}")
            hit = tab.locator("#search-results li")
            expect(hit.locator(".sanshen-hit__facts")).to_have_text(
                f"2026年11月20日 · {why}{number}"
            )
            assert hit.locator("mark").inner_text() == query
            assert hit.locator(".sanshen-hit__text").count() == 0
            assert violations(tab) == []


@pytest.mark.parametrize("query", ["", "号", "第7号", "龘龘"])
def test_every_state_is_accessible(page: Page, small: Site, query: str) -> None:
    page.goto(f"{small.address}?q={query}")
    expect(page.locator("#search-status")).not_to_contain_text("正在检索")
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, CONTRAST) == []
    page.emulate_media(color_scheme="light")
