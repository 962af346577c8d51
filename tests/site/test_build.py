"""The whole site: same bytes, nothing withdrawn, every link leads somewhere, feeds parse."""

import json
import re
from collections import Counter, UserDict
from dataclasses import replace
from html import escape, unescape
from html.parser import HTMLParser
from importlib.metadata import distribution
from itertools import groupby
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import feedparser
import pytest

from pipeline.model.posts import Rendition
from pipeline.parts.app.channel import render_app
from pipeline.site.frame.mkdocs_shell import hashes, headers_file, inline_scripts
from pipeline.site.inputs import SiteInput
from tests.site import sample
from tests.site.conftest import Built, tree
from tests.site.sample_log import build

HOST = "https://archive.yunlan-yjj.example/"


class Reader(HTMLParser):
    """Ids, links and what else a page asks for."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.styles: list[str] = []
        self.h1 = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {k: v or "" for k, v in attrs}
        self.h1 += tag == "h1"
        if "id" in given:
            self.ids.append(given["id"])
        if "style" in given or tag == "style":
            self.styles.append(given.get("style", tag))
        if tag in ("a", "form"):
            self.links.append(given.get("href", given.get("action", "")))
        elif "src" in given or (tag == "link" and given.get("rel") != "canonical"):
            self.loads.append(given.get("src", given.get("href", "")))


def pages(out: Path) -> dict[str, str]:
    found = {p.relative_to(out).as_posix(): p.read_text("utf-8") for p in out.rglob("*.html")}
    assert len(found) > 20
    return found


@pytest.mark.usefixtures("mkdocs")
def test_same_input_same_bytes(built: Built, tmp_path: Path) -> None:
    cold = build(sample.make(), tmp_path / "out", tmp_path / "work")
    build(sample.make(), tmp_path / "again", tmp_path / "work")
    warm = build(sample.make(), tmp_path / "again", tmp_path / "work")
    assert tree(tmp_path / "out") == tree(built.out) == tree(tmp_path / "again")
    assert cold == built.report
    assert warm == replace(cold, made=warm.made)
    assert warm.made * 3 < cold.made


def test_a_post_is_rendered_once_for_its_page_the_search_and_the_feeds(
    built: Built, tmp_path: Path
) -> None:
    asked: Counter[tuple[str, str]] = Counter()

    class Asked(UserDict[tuple[str, str], Rendition]):
        def __getitem__(self, place: tuple[str, str]) -> Rendition:
            asked[place] += 1
            return super().__getitem__(place)

    archive = built.site.archive
    counting = replace(archive, renditions=Asked(archive.renditions))
    build(replace(built.site, archive=counting), tmp_path / "out", built.work)
    shown = {place: n for place, n in asked.items() if place[1] == "archive"}
    assert len(shown) > 10
    assert set(shown.values()) == {1}
    assert tree(tmp_path / "out") == tree(built.out)


def test_what_search_shows_of_a_post_ends_its_pictures_and_headings(built: Built) -> None:
    rows = [json.loads(d) for p, d in tree(built.out).items() if re.match(r"search/[^/]+/d/", p)]
    (body,) = (row[6] for row in rows if row[1] == f"posts/2026/{sample.PLAIN}/")
    assert " 煤炉取暖要点示意图。" in body
    assert " 取暖要通风。 用煤炉取暖" in body


def test_withdrawn_content_is_nowhere_but_its_tombstone(built: Built) -> None:
    files = tree(built.out)
    folder = f"posts/2026/{sample.WITHDRAWN}/"
    beside = {p.removeprefix(folder) for p in files if p.startswith(folder)}
    assert "leaked.png" not in beside
    assert "post.md" not in beside
    leaked = built.site.media(f"content/posts/2026/{sample.WITHDRAWN}/leaked.png")
    assert leaked not in files.values()
    assert not any("误写的正文".encode() in data for data in files.values())
    title = "关于某项检查的通报".encode()
    mention = {p for p, data in files.items() if title in data and not p.startswith(folder)}
    neighbours = {p for p in mention if p.startswith("posts/2026/2026-")}  # next and previous
    assert len(neighbours) == 2
    allowed = {"posts/2026/10/index.html", "corrections/index.html"}
    fed = {p for p in mention if p.endswith(("feed.xml", "feed.json"))}
    assert "feed.xml" in fed, "who holds it learns that it is withdrawn"
    found = {p for p in mention if p.startswith("search/")}
    listed = {"catalogue/2026.json", "catalogue/2026.csv"}
    assert mention - neighbours == allowed | listed | found | fed
    (row,) = (json.loads(files[p]) for p in found)
    assert row == [
        title.decode(), folder, "2026-10-20", "", [], "", "", "MB0000000/2026-1020-old-notice",
        "已撤回",
    ]  # fmt: skip
    tombstone = built.text(f"{folder}index.html")
    assert "本条内容已于2026年10月21日撤回" in tombstone
    assert "<title>已撤回：关于某项检查的通报 - " in tombstone
    assert '<meta name="description" content="“关于某项检查的通报”已撤回，' in tombstone
    assert "MB0000000/2026-1020-old-notice" in tombstone
    assert "内容不准确" in tombstone
    assert "已撤回" in built.text("posts/2026/10/index.html")


def test_every_link_and_fragment_resolves(built: Built) -> None:
    found = {path: Reader(html) for path, html in pages(built.out).items()}
    broken = []
    for path, page in found.items():
        for link in page.links + page.loads:
            url = urlsplit(urljoin(HOST + path, link))
            if url.scheme not in ("http", "https") or not url.geturl().startswith(HOST):
                continue
            target = unquote(url.path).lstrip("/")
            target += "index.html" if target == "" or target.endswith("/") else ""
            ids = found[target].ids if target in found else []
            lost = url.fragment != "" and unquote(url.fragment) not in ids
            if lost or not (built.out / target).is_file():
                broken.append((path, link))
    assert broken == []


def test_every_page_has_one_heading_and_unique_ids(built: Built) -> None:
    for path, html in pages(built.out).items():
        page = Reader(html)
        assert page.h1 == 1, path
        assert len(page.ids) == len(set(page.ids)), path
        assert "@@sanshen" not in html, path
        assert html.count("<title>") == 1, path


def test_pages_load_nothing_from_elsewhere_and_carry_no_inline_style(built: Built) -> None:
    for path, html in pages(built.out).items():
        page = Reader(html)
        outside = [u for u in page.loads if urlsplit(u).netloc and not u.startswith(HOST)]
        assert outside == [], path
        assert page.styles == [], path


def test_policy_covers_every_inline_script_and_no_more(built: Built) -> None:
    headers = built.text("_headers")
    for path, html in pages(built.out).items():
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
        assert policy, path
        named = set(re.findall(r"'sha256-[^']+'", policy[1]))
        assert named == hashes(inline_scripts(html)), path
        assert named, path
        assert "unsafe" not in policy[1], path
        assert all(name in headers for name in named), path


def test_one_script_apart_from_the_pages_may_compile_and_no_page(built: Built) -> None:
    rules = re.findall(r"^(/\S+)\n((?:  .+\n)+)", built.text("_headers"), re.M)
    policies = {path: lines for path, lines in rules if "Content-Security-Policy" in lines}
    assert list(policies) == ["/*", "/assets/authenticity_reader.js"]
    pages, apart = policies.values()
    sources = re.search(r"script-src ([^;]+);", pages)
    assert sources
    assert all(s == "'self'" or s.startswith("'sha256-") for s in sources[1].split()), sources[1]
    assert "unsafe" not in pages
    assert apart.splitlines() == [
        "  ! Content-Security-Policy",  # or a host would join both, and neither would hold
        "  Content-Security-Policy: default-src 'none'; "
        "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
    ]
    assert (built.out / "assets/authenticity_reader.js").is_file()


def test_browsers_come_back_by_https_alone_where_the_site_has_it(built: Built) -> None:
    assert "\n  Strict-Transport-Security: max-age=31536000\n" in built.text("_headers")
    plain = headers_file((), "http://localhost:8000/")
    assert b"Strict-Transport-Security" not in plain


def test_the_example_web_server_says_what_the_header_file_says(built: Built) -> None:
    example = (sample.ROOT / "docs/examples/nginx-site.conf").read_text("utf-8")
    common = (
        built.text("_headers").split("\n/", 1)[0].splitlines()[2:]
    )  # the policy is in the pages
    for line in common:
        name, value = line.strip().split(": ", 1)
        assert re.search(rf'add_header {name} +"{re.escape(value)}"', example), line
    kept = re.findall(r"^/(assets/\w+)/\*\n  Cache", built.text("_headers"), re.M)
    assert all(name.removeprefix("assets/") in example for name in kept)


def test_what_is_kept_for_a_year_is_named_by_its_digest_or_is_a_tile(built: Built) -> None:
    kept = re.findall(r"^/(.+)/\*\n  Cache-Control: .*immutable$", built.text("_headers"), re.M)
    kept.remove("log/tile")
    assert kept == ["assets/stylesheets"]  # of the theme's own sheets, where a build ships them
    theme = distribution("mkdocs-material").files or ()
    files = [path.name for path in theme if path.match(f"templates/{kept[0]}/*.css")]
    files += [path.name for path in (built.out / kept[0]).rglob("*.css")]
    assert files
    assert [name for name in files if not re.search(r"\.[0-9a-f]{8}\.min\.", name)] == []


def test_pages_carry_the_labels_that_search_engines_of_the_state_read(built: Built) -> None:
    """Of the site, the column and the article, by the guideline for government websites.

    Its mandatory ones: of the site three, of a column four, of an article three.
    """

    def labels(page: str) -> dict[str, str]:
        found = re.findall(r'<meta name="([A-Z]\w+)" content="([^"]*)">', built.text(page))
        assert len(found) == len(dict(found))
        return {name: unescape(content) for name, content in found}

    site = {
        "SiteName": "云岚市应急管理局政务新媒体公开档案",
        "SiteDomain": "archive.yunlan-yjj.example",
        "SiteIDCode": "",
    }
    first = labels("index.html")
    assert first["ColumnType"] == first["ColumnName"] == "首页"
    about = "各类政务资讯、宣传教育、单位形象展示、公益活动等信息"
    column = {
        "ColumnName": "资讯宣教公益",
        "ColumnDescription": f"资讯宣教公益：{about}",
        "ColumnKeywords": "资讯宣教公益,栏目,政务新媒体,政务公开",
        "ColumnType": "工作动态",
    }
    assert labels("categories/3/index.html") == site | column
    assert labels(f"posts/2026/{sample.PLAIN}/index.html") == site | column | {
        "ArticleTitle": "冬季取暖防范一氧化碳中毒",
        "PubDate": "2026-11-03 09:30",
        "ContentSource": "云岚市应急管理局",
        "Keywords": "冬季安全,一氧化碳",
        "Image": f"{HOST}posts/2026/{sample.PLAIN}/stove.png",
        "Url": f"{HOST}posts/2026/{sample.PLAIN}/",
    }
    gone = labels(f"posts/2026/{sample.WITHDRAWN}/index.html")
    assert gone.keys() - site.keys() == {"ArticleTitle", "PubDate", "ContentSource", "Url"}
    assert gone["ArticleTitle"] == "关于某项检查的通报"
    kinds = {
        "accounts/": "信息公开目录", "inspector/": "信息公开指南", "regulation/": "政策文件",
        "categories/": "信息公开目录", "categories/5/": "回应关切", "cadence/": "数据发布",
    }  # fmt: skip
    for url, kind in kinds.items():
        told = labels(f"{url}index.html")
        assert told["ColumnType"] == kind
        assert all(told[n] for n in ("ColumnName", "ColumnDescription", "ColumnKeywords"))
    assert labels("404.html") == site


def test_a_link_to_a_page_is_shown_by_title_sentence_and_picture(built: Built) -> None:
    """The Open Graph protocol: four properties are required, a picture among them."""

    def told(page: str) -> dict[str, str]:
        found = re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', built.text(page))
        assert len(found) == len(dict(found))
        return {name: unescape(content) for name, content in found}

    site = {"site_name": "云岚市应急管理局政务新媒体公开档案", "locale": "zh_CN"}
    folder = f"posts/2026/{sample.PLAIN}/"
    post = told(f"{folder}index.html")
    assert post.pop("description").startswith("入冬以后")
    assert post == site | {
        "title": "冬季取暖防范一氧化碳中毒", "type": "article", "url": HOST + folder,
        "image": f"{HOST}{folder}stove.png",
    }  # fmt: skip
    gone = told(f"posts/2026/{sample.WITHDRAWN}/index.html")
    assert gone["title"] == "已撤回：关于某项检查的通报"
    assert gone["image"] == f"{HOST}assets/card.png", "none of what was withdrawn"
    assert told("index.html")["type"] == "website"


def test_the_label_of_a_reprint_names_its_source(built: Built, tmp_path: Path) -> None:
    archive = built.site.archive
    post = archive.posts[sample.PLAIN]
    source = {"id": "mem", "url": "https://news.example/a", "name": '某"报'}
    relayed = replace(post, meta={**post.meta, "origin": "reprint", "source": source})
    changed = sample.changed(built.site, posts={**archive.posts, post.id: relayed})
    build(changed, tmp_path / "out", built.work)
    html = (tmp_path / f"out/posts/2026/{post.id}/index.html").read_text("utf-8")
    name = archive.registers.source_name(source)
    assert f'<meta name="ContentSource" content="{escape(name)}">' in html


def test_feeds_parse_and_tell_the_same(built: Built) -> None:
    feed = feedparser.parse((built.out / "feed.xml").read_bytes())
    assert not feed.bozo
    ids = [entry.id for entry in feed.entries]
    assert len(ids) == len(set(ids)) == len(built.site.archive.posts)
    assert f"tag:archive.yunlan-yjj.example,2026:{sample.PLAIN}" in ids
    other = json.loads(built.text("feed.json"))
    assert [item["id"] for item in other["items"]] == ids
    (whole,) = (i["content_html"] for i in other["items"] if sample.PLAIN in i["id"])
    assert f'<img src="{HOST}posts/2026/{sample.PLAIN}/stove.png"' in whole, "it has no base"
    corrected = next(e for e in feed.entries if sample.PLAIN in e.id)
    assert corrected.updated.startswith("2026-11-04")


def test_a_reader_that_holds_a_withdrawn_post_learns_that_it_is(built: Built) -> None:
    """By the same id and a newer time; in the feeds that the post stood in, and no other."""
    own = built.site.archive.posts[sample.WITHDRAWN].meta["category"]
    lists = {"": 1, "accounts/yunlan-wechat/": 1} | {
        f"categories/{n}/": n == own for n in range(1, 8)
    }
    kind = built.site.archive.posts[sample.WITHDRAWN].meta["kind"]
    lists |= {f"kinds/{name}/": name == kind for name in ("alert", "notice", "tip")}
    for folder, listed in lists.items():
        feed = feedparser.parse((built.out / f"{folder}feed.xml").read_bytes())
        gone = [entry for entry in feed.entries if sample.WITHDRAWN in entry.id]
        assert len(gone) == listed, folder
        for entry in gone:
            assert entry.title == "已撤回：关于某项检查的通报"
            assert entry.updated.startswith("2026-10-21") and entry.published < entry.updated
            assert (
                entry.content[0].value
                == "<p>“关于某项检查的通报”已撤回，本页保留索引号、日期和原因。</p>"
            )
        items = json.loads(built.text(f"{folder}feed.json"))["items"]
        assert [i["title"] for i in items if sample.WITHDRAWN in i["id"]] == [e.title for e in gone]


def test_an_app_gets_a_feed_of_its_own_posts(built: Built, tmp_path: Path) -> None:
    archive = built.site.archive
    held = archive.registers
    app = replace(held.accounts["yunlan-weibo"], id="yunlan-app", platform="app")
    post = archive.posts[sample.PLAIN]
    carried = replace(post, meta={**post.meta, "accounts": ["yunlan-app"]})
    registers = replace(held, accounts={**held.accounts, app.id: app})
    changed = sample.changed(
        built.site,
        registers=registers,
        posts={**archive.posts, post.id: carried},
        renditions={**archive.renditions, (post.id, "app"): render_app(carried, registers)},
    )
    build(changed, tmp_path / "out", built.work)
    feed = json.loads((tmp_path / "out/app.json").read_text("utf-8"))
    assert [item["url"] for item in feed["items"]] == [f"{HOST}posts/2026/{sample.PLAIN}/"]
    assert f'src="{HOST}posts/2026/{sample.PLAIN}/stove.png"' in feed["items"][0]["content_html"]
    about = "移动客户端使用"
    assert about in (tmp_path / "out/about/index.html").read_text("utf-8")
    assert about not in built.text("about/index.html")
    assert not (built.out / "app.json").exists(), "it has no such account"


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("", None),
        ("guides/", ("避险指南", "page")),
        ("cadence/", ("监督核验", "true")),
        ("accounts/yunlan-wechat/", ("监督核验", "true")),
        ("regulation/5/", ("监督核验", "true")),
        (f"posts/2026/{sample.PLAIN}/", None),
        ("map/", None),
    ],
)
def test_the_section_one_is_in_is_said_aloud(
    built: Built, page: str, said: tuple[str, str] | None
) -> None:
    tabs = re.findall(r'md-tabs__link"([^>]*)>([^<]+)<', built.text(f"{page}index.html"))
    here = [(name, more.split('"')[1]) for more, name in tabs if "aria-current" in more]
    assert len(tabs) == 7, "by need, and the name above leads home"
    assert here == ([said] if said else [])


def test_the_site_map_leads_to_every_section_and_year(built: Built) -> None:
    page = built.text("map/index.html")
    content = page[page.index("<article") : page.index("</article>")]
    links = set(re.findall(r'href="\.\./([^"]*)"', content))
    made = {p.removesuffix("index.html") for p in pages(built.out) if p != "404.html"}
    single = {url for url in made if url.count("/") < 2}
    assert single <= links | {"map/"}
    assert {"posts/2026/", "categories/7/", "accounts/yunlan-weibo/", "inspector/#log"} <= links
    for link in links:
        path, _, place = link.partition("#")
        assert path in made
        assert not place or f'id="{place}"' in built.text(f"{path}index.html")
    assert "网站地图</a></li>" in built.text("index.html")


def test_a_law_without_updates_is_not_called_kept(built: Built, tmp_path: Path) -> None:
    """Where no article asks for updates, the page counts them and judges nothing."""
    page, good = "cadence/index.html", "机器检查没有发现更新方面的问题。"
    assert good in built.text(page)
    law = built.site.rulebook
    silent = replace(law, articles=tuple(replace(a, parameters={}) for a in law.articles))
    build(replace(built.site, rulebook=silent), tmp_path / "out", built.work)
    text = (tmp_path / "out" / page).read_text("utf-8")
    assert good not in text and "没有检查更新的条文：只列次数，不作判断。" in text


def test_an_archive_of_nothing_yet_claims_nothing(built: Built, tmp_path: Path) -> None:
    archive = replace(built.site.archive, posts={}, publications=(), corrections=())
    build(replace(built.site, archive=archive, volumes=()), tmp_path / "out", built.work)
    whole = pages(tmp_path / "out").items()
    made = {p: html.partition("<article")[2].partition("</article>")[0] for p, html in whole}
    assert made["posts/index.html"].count("暂无内容。") == 1
    assert "这里还没有内容" in made["guides/index.html"]
    assert "还没有更新记录。" in made["cadence/index.html"]
    assert "从2026年11月22日起统计，为时尚短。" in made["cadence/index.html"]
    assert "没有更正或撤回。" in made["corrections/index.html"]
    assert "暂无关键词。" in made["tags/index.html"]
    assert "按年份" not in made["map/index.html"]
    for path, html in made.items():
        assert not re.search(r" 0 (?:天|周|次|条)|None|<ul[^>]*></ul>", html), path
    assert feedparser.parse((tmp_path / "out/feed.xml").read_bytes()).bozo is False


def test_sitemap_names_every_page(built: Built) -> None:
    parts = re.findall(r"<loc>https://[^<]+/(sitemap-[^<]+)</loc>", built.text("sitemap.xml"))
    assert parts == ["sitemap-2026.xml", "sitemap-pages.xml", "sitemap-messages.xml"]
    listed = {u for p in parts for u in re.findall(r"<loc>([^<]+)</loc>", built.text(p))}
    made = {p.removesuffix("index.html") for p in pages(built.out) if p != "404.html"}
    messages = {p.relative_to(built.out) for p in (built.out / "alerts").glob("*.xml")}
    made |= {p.as_posix() for p in messages if p.name != "feed.xml"}
    assert {unquote(u) for u in listed} == {HOST + p for p in made}


def test_title_of_markup_stays_text(built: Built) -> None:
    page = built.text(f"posts/2026/{sample.LONG}/index.html")
    assert "&lt;b&gt;&amp;标题&lt;/b&gt;" in page
    assert "<b>&" not in page
    assert "\u202e" not in page


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("index.html", "橙色预警 Ⅱ级（严重）"),
        (f"posts/2026/{sample.ALERT}/index.html", "有效至 2026-11-24 16:00</span>"),
        ("posts/2026/2026-10-23-rain-alert/index.html", "已过期"),
        (
            "posts/2026/2026-11-10-fire-month/index.html",
            '来源：<a href="https://www.mem.example/a/1"',
        ),
        (f"posts/2026/{sample.PLAIN}/index.html", "报警器装在离地 <del>1.2</del> 米处。"),
        ("regulation/index.html", "以下是作为依据收到的《实施细则》原文"),
        ("index.html", "有效至 2026-11-24 16:00</span>"),
        ("about/index.html", "每篇内容都有“审核与签名”"),
        ("verify/index.html", "按钮的程序和网页来自同一个网站"),
        ("verify/index.html", f'应当以 <strong class="sn-address">{HOST}</strong> 开头'),
        (
            "cadence/index.html",
            '最近一次更新在<time datetime="2026-11-22" data-ago>2026年11月22日</time>。',
        ),
        ("tags/index.html", '一氧化碳<span class="sn-count">'),
        ("tags/index.html", " 篇</span>"),
        (f"posts/2026/{sample.PLAIN}/index.html", "第 1 版的三级审核和发布前确认"),
        ("corrections/index.html", "烟道 ｜ 无破损 ｜ 每<del>月</del>一次"),
        (
            f"posts/2026/{sample.PLAIN}/index.html",
            '<a href="#corrections">本文已于2026年11月4日更正</a>',
        ),
        (f"posts/2026/{sample.WITHDRAWN}/index.html", '<a href="#corrections">撤回原因</a>'),
        ("posts/2026/2026-10-23-rain-alert/index.html", "预警已过期，仅供查考。</p>"),
        ("cadence/index.html", 'regulation/5/#R05-1">不符合</a>：'),
        ("posts/2026/2026-10-23-rain-alert/index.html", "<td>以预警时段为准</td>"),
        ("posts/2026/11/index.html", '<span class="sn-chip sn-chip--note">已更正</span>'),
        (f"posts/2026/{sample.PLAIN}/index.html", "2026-11-03 09:38"),
        ("cadence/index.html", "没有更新的周：10月12日—10月18日。"),
        ("regulation/index.html", "第十八条"),
        ("regulation/5/index.html", "来源：细则第五条</li>"),
        ("regulation/5/index.html", "来源：自定：参照细则</li>"),
        ("regulation/5/index.html", '<dl id="R05-1"><dt>编号</dt>'),
        ("regulation/5/index.html", 'href="../collation/"'),
        ("regulation/index.html", '<span id="R05-1"></span>'),
        ("regulation/index.html", '至少每<span class="sn-emend">〔</span><ins>周</ins>'),
        ("regulation/collation/index.html", 'id="存疑未改"'),
        ("regulation/5/index.html", "<dt>Accepted</dt><dd>两批。</dd>"),
        ("regulation/5/index.html", "<dt>What to do</dt><dd>改 <code>a&lt;b</code>。</dd>"),
        ("accounts/index.html", "未填写"),
        ("index.html", "演示"),
    ],
)
def test_pages_say_what_they_must(built: Built, path: str, words: str) -> None:
    assert words in built.text(path)


def test_names_and_opinions_stay_out_unless_policy_shows_them(built: Built, tmp_path: Path) -> None:
    page, said = f"posts/2026/{sample.PLAIN}/index.html", ("人员kz-a", "意见：同意")
    assert not any(words in built.text(page) for words in said)
    registers = built.site.archive.registers
    shows = {**registers.policy.archive, "show_names": True, "show_opinions": True}
    open_ = replace(registers, policy=replace(registers.policy, archive=shows))
    build(sample.changed(built.site, registers=open_), tmp_path / "out", built.work)
    assert all(words in (tmp_path / "out" / page).read_text("utf-8") for words in said)


def test_the_versions_of_a_post_are_asked_for_while_its_page_is_made(
    built: Built, tmp_path: Path
) -> None:
    revised = {
        i: replace(p, meta={**p.meta, "revision": 2}) for i, p in built.site.archive.posts.items()
    }
    asked: list[str] = []

    def earlier(_: SiteInput, post: str) -> tuple[()]:
        asked.append(post)
        return ()

    site = replace(sample.changed(built.site, posts=revised), earlier=earlier)
    build(site, tmp_path / "out", built.work)
    runs = [post for post, _ in groupby(asked)]
    assert len(runs) == len({*runs}) > 1


def test_many_corrections_have_numbered_pages_and_a_new_one_changes_the_newest(
    built: Built, tmp_path: Path
) -> None:
    first = built.site.archive.corrections[0]

    def corrected(count: int) -> dict[str, str]:
        records = [replace(first, id=f"c{number:02d}", changes=()) for number in range(count)]
        build(sample.changed(built.site, corrections=records), tmp_path / "out", built.work)
        made = (tmp_path / "out/corrections").rglob("*.html")
        return {p.parent.name: p.read_text("utf-8").split("<article", 1)[1] for p in made}

    before, after = corrected(50), corrected(51)
    assert before.keys() == after.keys() == {"corrections", "page-1"}
    newest, oldest = after["corrections"], after["page-1"]
    assert [page.count("<h2 class") for page in (newest, oldest)] == [31, 20]
    assert before["corrections"] != newest
    assert before["page-1"] == oldest
    assert "共 51 条" in newest
    assert 'href="../corrections/page-1/"' in newest
    assert 'rel="prev" href="../../corrections/"' in oldest


def test_a_theme_without_a_pager_shows_all_corrections_on_one_page(
    built: Built, tmp_path: Path
) -> None:
    first, name = built.site.archive.corrections[0], "site/templates/corrections.html.j2"
    records = [replace(first, id=f"c{number:02d}", changes=()) for number in range(50)]
    before = built.site.theme[name].replace(b"{{ parts.pager(leaf, root) }}", b"")
    site = replace(built.site, theme={**built.site.theme, name: before})
    build(sample.changed(site, corrections=records), tmp_path / "out", built.work)
    (page,) = (tmp_path / "out/corrections").rglob("*.html")
    assert page.read_text("utf-8").count("<h2 class") == 50
