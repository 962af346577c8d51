"""search.js in a real browser: what it answers, and what an answer costs on the wire."""

import json
import random
import sys
import unicodedata
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipeline.parts.search import index as search
from pipeline.parts.search.index import SearchDoc, normalise, squeeze
from tests.browser.search.search_archive import Site, ask, plain, queries, scan, serve

pytestmark = pytest.mark.browser


def test_recall_is_that_of_a_plain_scan(page: Page, small: Site) -> None:
    wanted = found = 0
    asked = queries(small.docs, 50)
    answers = page.evaluate(
        "queries => Promise.all(queries.map(async (query) =>"
        " (await window.sanshenSearch(query, {})).map((hit) => hit.url)))", asked,
    )  # fmt: skip
    for query, answered in zip(asked, answers, strict=True):
        expected, answer = scan(small.docs, query), set(answered)
        wanted += len(expected)
        found += len(expected & answer)
    assert wanted > 400
    assert found / wanted >= 0.99


def test_titles_come_first(page: Page, small: Site) -> None:
    titles = {d.url: plain(d.title) for d in small.docs}
    for query in ("第7号", "应急管理", "12345"):
        keys = [query not in titles[h["url"]] for h in ask(page, query)]
        assert any(keys) and not all(keys)
        assert keys == sorted(keys)


def post(day: int, title: str, body: str = "", head: str = "", kind: str = "") -> SearchDoc:
    date = f"2026-01-{day:02}"
    return SearchDoc(f"posts/2026/{day}/", title, body, date, "3", (), kind, head=head)


def test_the_more_relevant_comes_before_the_newer_and_the_newer_before_its_like(
    tab: Page, tmp_path: Path
) -> None:
    docs = [
        post(1, "取暖防中毒"),
        post(2, "寒潮将至", head="注意取暖\n预警信息"),
        post(3, "冬季提示", "取暖时开窗，取暖后熄火，取暖设备要查。"),
        post(4, "冬季提示", "取暖时开窗。" + "其他事项。" * 400),
        post(5, "冬季提示", "取暖时开窗。" + "其他事项。" * 400),
    ]
    for site in serve(tmp_path, docs):
        tab.goto(site.address)
        assert [hit["url"][11:-1] for hit in ask(tab, "取暖")] == ["1", "3", "2", "5", "4"]


def test_every_printed_field_is_found(tab: Page, tmp_path: Path) -> None:
    head = "山区请开窗通风\n一氧化碳；安全提示；云应急〔2026〕18号；减灾救灾科"
    docs = [post(5, "冬季要点", "查烟囱。", head), post(6, "另一篇", "无关。")]
    for site in serve(tmp_path, docs):
        tab.goto(site.address)
        for query in ("开窗通风", "一氧化碳", "安全提示", "云应急〔2026〕18号", "减灾救灾科 烟囱"):
            assert [hit["url"] for hit in ask(tab, query)] == [docs[0].url], query


def test_where_no_post_holds_every_word_the_nearest_are_listed(tab: Page, tmp_path: Path) -> None:
    docs = [
        post(1, "电动自行车充电", "不进楼道，不在室内过夜充电。"),
        post(2, "酒店逃生", "看疏散图。"),
        post(3, "通告", "充电口已建成。"),
    ]
    for site in serve(tmp_path, docs):
        for query, says in (
            ("电瓶车楼道里能不能充电", "的意思找到"),
            ("楼道充电 水星", "同时含“楼道充电”、“水星”的内容。以下 2 篇最接近："),
            ("楼道充电 水星", "：提到了“楼道”、“充电”，没有提到“水星”。"),
            ("电动自行车楼道丙", "：提到了“电动自行车”、“楼道”，没有提到“丙”。"),
            ("充电 楼道堆物 疏散", "提到了“充电”、“楼道堆物”（楼道）、“疏散”，但不在同一句里。"),
        ):
            tab.goto(f"{site.address}?q={query}")
            expect(tab.locator("#search-results h2").first).to_have_text(docs[0].title)
            expect(tab.locator("#search-status")).to_contain_text(says)
        assert ask(tab, "今天股票行情") == []


def test_a_guess_is_told_as_one_and_a_word_of_its_own_is_no_slip(tab: Page, tmp_path: Path) -> None:
    docs = [post(1, "灯罩要紧", "护罩破了就换，家里有教室。"), post(2, "灭火器怎么用", "先拔销。")]
    docs.append(post(3, "演练登记", "请先到登记处。"))
    for site in serve(tmp_path, docs):
        for query in ("护照", "教师", "护照登记"):
            tab.goto(f"{site.address}?q={query}")
            expect(tab.locator("#search-status")).to_contain_text("没有找到含")
            assert ask(tab, query) == [], query
        assert ask(tab, "登记")[0]["url"] == docs[2].url
        tab.goto(f"{site.address}?q=灭货器")
        expect(tab.locator("#search-status")).to_have_text(
            "没有找到含“灭货器”的内容。以下 1 篇最接近：把读音或写法相近的“灭货器”当作“灭火器”。"
        )
        assert ask(tab, "灭货器")[0]["url"] == docs[1].url


def test_what_only_sounds_like_a_word_here_and_there_is_not_there(
    tab: Page, tmp_path: Path
) -> None:
    docs = [
        post(1, "救出被困群众", "从坍塌的沟里救出一人，指向出口，怎样避让。"),
        post(2, "幼儿园演练", "幼儿有序撤离，拨打12345询问。"),
        post(3, "灭火器怎么用", "灭火器先拔销。"),
    ]
    for site in serve(tmp_path, docs):
        for nonsense in ("篇聘纠初顿", "疲汁响非", "嘿哩诊言事", "din xo ye", "1234567"):
            tab.goto(f"{site.address}?q={nonsense}")
            expect(tab.locator("#search-status")).to_contain_text("没有找到含")
            assert ask(tab, nonsense) == [], nonsense
        for query, right in (("灭货器", 2), ("纠初", 0), ("ye", 1), ("12345", 1)):
            assert ask(tab, query)[0]["url"] == docs[right].url, query
        tab.goto(f"{site.address}?q=miehuoqi blorf")
        expect(tab.locator("#search-status")).to_contain_text("篇最接近")


def test_first_letters_are_read_in_halves_where_their_words_stand_together(
    tab: Page, tmp_path: Path
) -> None:
    docs = [
        post(1, "寒潮蓝色预警", "全市最低气温将下降，请做好防寒。"),
        post(2, "回访合计", "回家以后，开裂的口令再也没有人提起。"),
    ]
    for site in serve(tmp_path, docs):
        tab.goto(site.address)
        assert [hit["url"] for hit in ask(tab, "hcyj")] == [docs[0].url]
        for nonsense in ("hjkl", "zzzz", "qqqq", "sdfsdf", "klhj"):
            assert ask(tab, nonsense) == [], nonsense


def test_half_typed_letters_and_a_day_without_its_sign_are_understood(
    tab: Page, tmp_path: Path
) -> None:
    docs = [
        post(5, "应急避难场所名单", "就近前往。"),
        post(6, "冬季取暖", "电热毯用后断电。"),
        post(22, "别的", "无关。"),
    ]
    for site in serve(tmp_path, docs):
        tab.goto(site.address)
        for query, right in (
            ("避难chang所", 0), ("yingji避难场所", 0), ("dianreetan", 1), ("一月二十二", 2),
            ("app避难场所", 0),
        ):  # fmt: skip
            assert ask(tab, query)[0]["url"] == docs[right].url, query


def test_words_apart_must_all_occur(page: Page, small: Site) -> None:
    both = scan(small.docs, "防汛抗旱") & scan(small.docs, "《条例》")
    assert both
    assert {hit["url"] for hit in ask(page, "《条例》　防汛抗旱")} >= both
    assert {hit["url"] for hit in ask(page, "第 ７ 号")} >= scan(small.docs, "第7号")
    assert {hit["url"] for hit in ask(page, "号")} >= scan(small.docs, "号")


def test_filters_narrow_the_answer(page: Page, small: Site) -> None:
    every = scan(small.docs, "应急管理")
    chosen = {
        d.url
        for d in small.docs
        if d.url in every
        and d.date < "2026"
        and d.category == "news"
        and "weibo-main" in d.accounts
    }
    assert 0 < len(chosen) < len(every)
    filters = {"year": "2025", "category": "news", "account": "weibo-main"}
    assert {hit["url"] for hit in ask(page, "应急管理", **filters)} == chosen
    assert ask(page, "应急管理", category="no-such") == []


def test_an_index_number_finds_its_post_alone_and_first(page: Page, small: Site) -> None:
    for post in small.docs[::60]:
        tail = post.index_no.partition("/")[2]
        for query in (post.index_no, tail, f" {post.index_no.lower()} ", tail.replace("-", "－")):
            assert [hit["url"] for hit in ask(page, query)] == [post.url], query
        assert [h["url"] for h in ask(page, tail, category=post.category)] == [post.url]
        other = {"notice": "news", "news": "notice"}[post.category]
        assert ask(page, tail, category=other) == []
        assert ask(page, f"MB9999999/{tail}") == []
        assert ask(page, f"{tail}0") == []


def test_an_index_number_is_found_where_another_post_quotes_it(tab: Page, tmp_path: Path) -> None:
    old, new = (
        SearchDoc(f"posts/2026/2026-01-0{n}-a/", "通告", text, f"2026-01-0{n}", "1", (), "通告", no)
        for n, text, no in (
            (1, "正文。", "MB0000000/2026-0101-a"),
            (2, "原文索引号 MB0000000/2026-0101-a。", "MB0000000/2026-0102-a"),
        )
    )
    for site in serve(tmp_path, [old, new]):
        tab.goto(site.address)
        for query in ("MB0000000/2026-0101-a", "2026-0101-a", "通告 2026-0101-a"):
            assert [hit["url"] for hit in ask(tab, query)] == [old.url, new.url], query
        assert [hit["url"] for hit in ask(tab, "正文 2026-0101-a")] == [old.url]


def test_both_normalisations_agree_on_every_character(page: Page) -> None:
    known = [
        chr(c)
        for c in range(sys.maxunicode + 1)
        if unicodedata.category(chr(c)) not in ("Cn", "Co", "Cs")
    ]
    draw = random.Random(3)
    mixed = ["".join(draw.choices(known, k=12)) for _ in range(3000)] + [
        "ΑΣ ας",
        "e\u200b\u0301",
        "각ᆨ",
    ]
    texts = known + mixed
    for name, here in (("normalise", normalise), ("squeeze", squeeze)):
        # as one text: a list of so many costs Playwright ten times what the comparison does
        there = page.evaluate(
            f"text => text.split('\ue000').map(window.sanshenSearch.{name}).join('\ue000')",
            "\ue000".join(texts),
        ).split("\ue000")
        assert [t for t, out in zip(texts, there, strict=True) if here(t) != out] == []


def test_piecewise_squeezing_loses_nothing(page: Page, small: Site) -> None:
    texts = [d.body for d in small.docs[:60]] + ["e\u0301ｶﾞ각 Ⅷ㎏ﬁ", "\u200bA\ufe0f\u0301", "Å ゙か゚"]
    charts = page.evaluate("texts => texts.map(window.sanshenSearch.chart)", texts)
    for text, chart in zip(texts, charts, strict=True):
        assert "".join(chart["pieces"]) == text
        assert chart["flat"] == squeeze(text)
        assert len(chart["owner"]) == len(chart["flat"].encode("utf-16-le")) // 2


def test_both_sides_find_the_same_shard_and_list(page: Page) -> None:
    keys = ["应急", "7号", "𠮷野", "category=通知公告", "\u0000\uffff", "a"]
    there = page.evaluate("keys => keys.map(k => window.sanshenSearch.shardOf(k, 1999))", keys)
    assert there == [search.shard_of(key, 1999) for key in keys]
    for numbers in ([0, 63, 64, 65, 1999], list(range(0, 2000, 3)), [1793], [1999]):
        code = search.encode(numbers, 2000)
        assert page.evaluate("code => window.sanshenSearch.decode(code)", code) == numbers


def test_first_query_is_light(page: Page, large: Site) -> None:
    """Bytes of scripts, index and texts, nothing packed, nothing cached, worst of 10 queries."""
    costs = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    for query in queries(large.docs, 10):
        large.sent.clear()
        page.goto(large.address)
        page.evaluate("query => window.sanshenSearch(query, { limit: 10 })", query)
        sent = [size for path, size in large.sent if path.endswith((".js", ".json", ".txt"))]
        assert len(sent) > 6, query
        costs.append(sum(sent))
    session.detach()
    assert max(costs) <= 250_000, json.dumps(sorted(costs))  # `benchmarks.search`: 10,000 posts
