"""What a page tells of a post besides its words: number, dates, kind, warning, who signed."""

from pathlib import Path

import pytest

from pipeline.evidence.review.site_bundle import SiteBundle, read_site_bundle
from pipeline.render.validity import BY_ITS_TIMES
from pipeline.verify_site.facts import fact_problems
from pipeline.verify_site.page import Folder, NotCompared
from tests.builders.archive import POST
from tests.builders.published import PAGE, stolen
from tests.builders.steps import steps_of

MORE = """\
doc_no: 云应急〔2026〕5号
effective_on: "2026-11-06"
expires_on: "2026-12-31"
alert:
  issuer: 云岚市气象局
  issued_at: "2026-11-05T08:00:00+08:00"
  starts_at: "2026-11-05T09:00:00+08:00"
  ends_at: "2026-11-06T20:00:00+08:00"
  lifted_at: "2026-11-06T08:00:00+08:00"
  level: 3
  color: yellow
  areas: [甲县, 乙县]
---
"""
ALERT = (
    '<aside class="sn-alert sn-alert--yellow" aria-label="预警状态">\n'
    '<p class="sn-alert__head"><strong>黄色预警 Ⅲ级（较重）</strong> '
    '<span class="sn-alert__state">生效中</span></p>\n<dl class="sn-facts">'
    "<div><dt>发布单位</dt><dd>云岚市气象局</dd></div>"
    "<div><dt>发布时间</dt><dd>2026-11-05 08:00</dd></div>"
    "<div><dt>有效时段</dt><dd>2026-11-05 09:00 至 2026-11-06 20:00</dd></div>"
    "<div><dt>影响区域</dt><dd>甲县、乙县</dd></div></dl>\n</aside>"
)
PARTS = [
    '<table class="sn-meta"><tbody>', '<p class="sn-byline"><span>', '<p class="sn-lead">',
    '<aside class="sn-alert sn-alert--red">', "<caption>第 ", "<dt>清单摘要（sha256）</dt><dd>",
    '<tr data-step="1"><th scope="row">x</th><td data-label="角色">',
]  # fmt: skip
LIFTED = "<div><dt>解除时间</dt><dd>2026-11-06 08:00</dd></div></dl>"
Page = tuple[str, str, SiteBundle]
"""The page, post.md, the evidence."""


@pytest.fixture(scope="module")
def plain(built: Path) -> Page:
    read = {n: (built / PAGE / n).read_bytes() for n in ("index.html", "post.md", "evidence.json")}
    bundle = read_site_bundle(read["evidence.json"])
    assert bundle
    return read["index.html"].decode(), read["post.md"].decode(), bundle


@pytest.fixture(scope="module")
def rich(plain: Page) -> Page:
    """The same with a number, an end and a warning, which a page tells too."""
    page, words, bundle = plain
    page = page.replace("有效</td>", "有效，2026年11月6日起施行，有效期至2026年12月31日</td>", 1)
    page = page.replace("文号</th><td>—</td>", "文号</th><td>云应急〔2026〕5号</td>")
    page = page.replace('<div class="sn-scroll"', f'{ALERT}\n<div class="sn-scroll"', 1)
    return page, words.replace("---\n", "", 1).replace("---\n", MORE, 1), bundle


def _told(told: Page, **changes: str) -> list[str]:
    page, words, bundle = told
    words = words if words.startswith("---\n") else f"---\n{words}"
    held = {"index.html": page.encode(), "post.md": words.encode()}
    items = fact_problems(Folder(POST, dict.fromkeys(held, ""), held), bundle)
    return [m.name if isinstance(m, NotCompared) else str(m) for m in items]


def _with(told: Page, old: str, new: str) -> list[str]:
    assert old in told[0]
    return _told((told[0].replace(old, new, 1), *told[1:]))


def test_an_honest_page_has_no_problem(plain: Page, rich: Page) -> None:
    assert _told(plain) == _told(rich) == []


@pytest.mark.parametrize("state", ["有效", "已失效", "尚未生效", "已解除", BY_ITS_TIMES])
def test_what_the_day_of_the_build_decides_may_be_either(rich: Page, state: str) -> None:
    assert _with(rich, "有效，2026", f"{state}，2026") == []
    assert _with(rich, "</dl>\n</aside>", f"{LIFTED}\n</aside>") == []


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("/2026-1105-winter-fire</td>", "/2026-1105-winter</td>", "索引号"),
        ("资讯宣教公益</td>", "决策部署</td>", "信息分类"),
        ("宣传教育</td>", "应急管理</td>", "主题分类"),
        ("2026年11月4日</td>", "2026年11月3日</td>", "生成日期"),
        ("2026年11月5日</td>", "2026年11月6日</td>", "发布日期"),
        ("2026年11月5日</td>", "</td>", "发布日期"),
        ("文号</th><td>—</td>", "文号</th><td>云应急〔2026〕5号</td>", "文号"),
        (">防火</a>", '>防火</a>　<a href="../../../tags/x/">别的</a>', "关键词"),
        (">防火</a>", ">防水</a>", "关键词"),
        ("有效</td>", "已废止</td>", "有效性"),
        ("有效</td>", "已失效</td>", "有效性"),
        ("有效</td>", "有效，有效期至2026年12月31日</td>", "有效性"),
        (
            'datetime="2026-11-05T09:30:00+08:00"',
            'datetime="2026-11-05T09:31:00+08:00"',
            "发布时间",
        ),
        (">2026-11-05 09:30</time>", ">2026-11-05 09:31</time>", "发布时间"),
        ("<span>安全提示</span></p>", "<span>预警信息</span></p>", "种类"),
        ('<p class="sn-lead">', '<p class="sn-lead">不', "摘要"),
        ('<table class="sn-meta">', f'{ALERT}<table class="sn-meta">', "预警级别"),
        ("第 1 版的三级", "第 2 版的三级", "版号"),
        ('<th scope="row">复审</th>', '<th scope="row">终审</th>', "2-second 步骤"),
        ("政务新媒体信息员</td>", "分管领导</td>", "1-first 角色"),
        ("分管领导</td>", "分管领导（代行）</td>", "3-final 角色"),
        ("分管领导</td>", "主要负责人<br>某人</td>", "3-final 角色"),
        ('class="sn-when">2026-11-04', 'class="sn-when">2026-11-03', "1-first 签署时间"),
        ('<code class="sn-code">SHA256:', '<code class="sn-code">SHA256:x', "1-first 密钥指纹"),
        ('<tr data-step="3-final">', '<tr data-step="3-other">', "3-other 角色"),
        (
            '清单摘要（sha256）</dt><dd><code class="sn-code">',
            '清单摘要（sha256）</dt><dd><code class="sn-code">0',
            "清单摘要",
        ),
    ],
)
def test_the_page_says_what_nobody_signed(plain: Page, old: str, new: str, name: str) -> None:
    assert any(f" for {name}, where the signed bytes" in p for p in _with(plain, old, new))


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("sn-alert--yellow", "sn-alert--blue", "预警颜色"),
        ("黄色预警 Ⅲ级（较重）", "蓝色预警 Ⅳ级（一般）", "预警级别"),
        ("<dd>云岚市气象局", "<dd>云岚市", "预警发布单位"),
        ("2026-11-05 08:00</dd>", "2026-11-05 08:01</dd>", "预警发布时间"),
        ("2026-11-06 20:00</dd>", "2026-11-05 20:00</dd>", "预警有效时段"),
        ("甲县、乙县", "甲县", "预警影响区域"),
        ("</dl>\n</aside>", LIFTED.replace("08:00", "09:00") + "\n</aside>", "预警解除时间"),
        ("有效，2026年11月6日起施行，", "有效，", "有效性"),
        ("有效期至2026年12月31日", "有效期至2027年12月31日", "有效性"),
        ("云应急〔2026〕5号", "云应急〔2026〕6号", "文号"),
    ],
)  # fmt: skip
def test_the_page_says_another_warning_or_end(rich: Page, old: str, new: str, name: str) -> None:
    assert any(f" for {name}, where the signed bytes" in p for p in _with(rich, old, new))


@pytest.mark.parametrize(
    ("again", "name"),
    [
        ('<table class="sn-meta"><tr><th>文号</th><td>5号</td></tr></table>', "文号"),
        (ALERT * 2, "预警级别"),
        ('<table><tr data-step="1-first"><th>终审</th></tr></table>', "1-first 步骤"),
        ('<p class="sn-lead">假</p>', "摘要"),
        ("<table><caption>第 7 版的三级审核", "版号"),
    ],
)
def test_what_stands_there_twice_says_the_same(plain: Page, again: str, name: str) -> None:
    said = _with(plain, '<div class="sn-body">', f'{again}<div class="sn-body">')
    assert any(f" for {name}, where the signed bytes" in p for p in said)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<p class="sn-byline"><span>', "<p data-x class='wide sn-byline'>\n<span class=unit>"),
        ('<table class="sn-meta"><tbody>', '<table id=facts class="sn-meta plain">'),
        ('<p class="sn-lead">', '<p lang="zh" class="sn-lead big"><!-- > --> '),
        ("</td><th", "<th"),
        ('<tr data-step="2-second">', '<tr class="odd" data-step="2-second">'),
        ('<th scope="row">生成日期</th>', '<th><span class="icon"></span>生成日期</th>'),
        ("", '<script>"<p class=sn-lead>假</p>"</script><template><p class=sn-lead>假</template>'),
    ],
)
def test_a_theme_may_write_its_html_in_another_way(plain: Page, old: str, new: str) -> None:
    assert _with(plain, old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ('<p class="sn-lead">', '<p class="lead">', ["摘要"]),
        ('<p class="sn-byline">', '<p class="by">', ["发布时间", "种类"]),
        ('<tr><th scope="row">生成日期', "<tr hidden><th>生成日期", ["发布日期", "生成日期"]),
        ('<th scope="row">主题分类', "<th>主题", ["主题", "主题分类"]),
        ("<caption>第 1 版", "<caption>本版", ["版号"]),
        ('<td data-label="角色">', "<td>", ["1-first 角色"]),
    ],
)
def test_what_a_theme_shows_elsewhere_is_named_and_not_accused(
    plain: Page, old: str, new: str, names: list[str]
) -> None:
    assert _with(plain, old, new) == names


def test_a_warning_that_is_left_out_is_named(rich: Page) -> None:
    names = ("级别", "有效时段", "影响区域", "发布单位", "发布时间", "颜色")
    assert sorted(_with(rich, ALERT, "")) == sorted(f"预警{name}" for name in names)


def test_the_whole_site_is_refused_for_it(site: Path, tmp_path: Path) -> None:
    page = site / PAGE / "index.html"
    page.write_bytes(
        page.read_bytes().replace("2026年11月5日</td>".encode(), "2026年1月5日</td>".encode())
    )
    said = "The page says “2026年1月5日” for 发布日期, where the signed bytes say “2026年11月5日”."
    assert stolen(site, tmp_path) == (11, f"{PAGE}/evidence.json: {said}\n")


@pytest.mark.parametrize("part", PARTS)
def test_a_page_of_nothing_but_beginnings_takes_work_in_proportion(plain: Page, part: str) -> None:
    def steps(times: int) -> int:
        page: Page = (f"{part}<p>" * times, *plain[1:])
        assert _told(page) != []
        return steps_of(lambda: _told(page))

    base, once, twice = steps(0), steps(200), steps(400)
    assert twice - base < 2.5 * (once - base)
