"""The public list of words that search takes for the same: each finds what it is meant for."""

import pytest
from playwright.sync_api import Page

from tests.browser.search.search_archive import ROOT

pytestmark = pytest.mark.browser
ASSETS = ROOT / "pipeline/parts/search/site/assets"
GROUPS = [
    line.split(" ") for line in (ASSETS / "search_words.js").read_text().split("`")[1].splitlines()
][1:]
SPECS = [
    [part.strip() for part in line.split("|")]
    for line in (ASSETS / "search_words.specs.txt").read_text().splitlines()[1:]
]


def test_every_group_has_its_specs_and_every_word_stands_once() -> None:
    assert [first for first, *_ in SPECS] == [group[0] for group in GROUPS]
    words = [word for group in GROUPS for word in group]
    assert len(words) == len(set(words))
    assert len(GROUPS) >= 300
    assert all(len(group) > 1 for group in GROUPS)


def test_every_group_hits_what_it_is_meant_for_and_misses_what_it_is_not(page: Page) -> None:
    asked = [text for _, *texts in SPECS for text in "; ".join(texts).split("; ")]
    meant = page.evaluate(
        "queries => Promise.all(queries.map(window.sanshenSearch.groupsOf))", asked
    )
    hits = dict(zip(asked, map(set, meant), strict=True))
    wanted = [(first, hit) for first, those, _ in SPECS for hit in those.split("; ")]
    unwanted = [(first, miss) for first, _, those in SPECS for miss in those.split("; ")]
    assert [(first, hit) for first, hit in wanted if first not in hits[hit]] == []
    assert [(first, miss) for first, miss in unwanted if first in hits[miss]] == []


@pytest.mark.parametrize(
    ("typed", "group"),
    [
        ("灭火汽怎么使", "灭火器"), ("森林放火期", "森林防火期"), ("一氧化谈", "一氧化碳"),
        ("避难场索", "避难场所"), ("电动自形车", "电动自行车"), ("森林防伙期", "森林防火期"),
        ("寒朝", "寒潮"), ("滅火器", "灭火器"), ("carbon monoxide", "一氧化碳"),
        ("earthquakes", "地震"), ("三级", "黄色预警"), ("Ⅲ级", "黄色预警"),
        ("mieihuoqi", "灭火器"), ("避难chang所", "避难场所"), ("地zhen来了", "地震"),
        ("xiaofang宣传月", "消防宣传月"), ("山上冒烟了", "爬山"),
        ("煤汽", "燃气"), ("煤汽泄漏", "燃气"),
    ],
)  # fmt: skip
def test_slips_other_scripts_and_english_lead_to_a_group(
    page: Page, typed: str, group: str
) -> None:
    assert group in page.evaluate("query => window.sanshenSearch.groupsOf(query)", typed)


@pytest.mark.parametrize(
    "typed",
    [
        "养老金怎么领",
        "今天股票行情",
        "足球比赛",
        "公交卡余额",
        "zzzz",
        "qqqqqq",
        "冒烟了",
        "app下载",
    ],
)
def test_what_is_of_another_matter_leads_to_none(page: Page, typed: str) -> None:
    assert page.evaluate("query => window.sanshenSearch.groupsOf(query)", typed) == []
