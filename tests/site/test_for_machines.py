"""What pages say to machines: linked data, previews of links, feeds, icons, headers."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urljoin

from icalendar import Calendar
from jsonschema import Draft202012Validator
from PIL import Image

from pipeline.parts.open_data.linked_data import web_manifest
from pipeline.site.build import build
from pipeline.site.frame.page_frame import Frame, Publisher, stamp
from pipeline.site.render_context import RenderContext
from pipeline.site.units import Crumb, Page
from tests.site import sample
from tests.site.conftest import Built
from tests.site.test_build import HOST, pages

DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)
ARTICLE = {
    "@id", "url", "headline", "datePublished", "dateModified", "publisher", "author", "identifier",
    "inLanguage", "mainEntityOfPage",
}  # fmt: skip


def graph(html: str) -> dict[str, dict[str, Any]]:
    """Type → the one thing of that type in a page's JSON-LD."""
    (text,) = DATA.findall(html)
    value = json.loads(text)
    assert value.keys() == {"@context", "@graph"}
    assert value["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in value["@graph"]}


def post(built: Built, post_id: str) -> dict[str, dict[str, Any]]:
    return graph(built.text(f"posts/2026/{post_id}/index.html"))


def test_a_corrected_post_is_an_article_with_its_correction(built: Built) -> None:
    article = post(built, sample.PLAIN)["NewsArticle"]
    assert article.keys() > ARTICLE
    assert article["dateModified"] > article["datePublished"]
    (correction,) = article["correction"]
    assert correction["@type"] == "CorrectionComment"
    assert (correction["text"], correction["datePublished"]) == ("高度写错", "2026-11-04")
    assert article["image"].startswith(f"{HOST}posts/2026/{sample.PLAIN}/")


def test_a_warning_is_an_announcement_that_says_until_when_and_where(built: Built) -> None:
    things = post(built, sample.ALERT)
    assert things.keys() == {"SpecialAnnouncement", "BreadcrumbList"}
    warning = things["SpecialAnnouncement"]
    assert warning.keys() > {"name", "text", "datePosted", "expires", "category", "url"}
    assert warning["category"] in warning["name"], "what it warns of"
    assert warning["spatialCoverage"][0]["@type"] == "Place"
    assert "creativeWorkStatus" not in warning, "a build may be late"


def test_of_a_withdrawn_post_machines_learn_no_more_than_readers(built: Built) -> None:
    article = post(built, sample.WITHDRAWN)["NewsArticle"]
    assert article["creativeWorkStatus"] == "已撤回"
    assert article["correction"][0]["name"] == "撤回"
    assert not article.keys() & {"description", "articleSection", "keywords", "image", "text"}


def test_every_page_names_the_way_to_it(built: Built) -> None:
    for path, html in pages(built.out).items():
        if path.endswith("/index.html") and 'http-equiv="refresh"' not in html:
            steps = graph(html)["BreadcrumbList"]["itemListElement"]
            assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))
            assert steps[-1]["item"] == HOST + path.removesuffix("index.html")


def test_no_title_ends_the_data_block() -> None:
    name = "</script><!--<script>alert(1)"
    frame = Frame.cut("@@sanshen:head@@@@sanshen:content@@", "page")
    html = stamp(frame, Page("a/", name, "", "", (Crumb(name, "b/"),)), Publisher("档案", HOST))
    (text,) = DATA.findall(html.decode())
    assert "<" not in text
    assert name in json.dumps(json.loads(text))


def test_every_page_shows_a_picture_where_its_link_is_shared(built: Built) -> None:
    for path, html in pages(built.out).items():
        if 'http-equiv="refresh"' not in html:
            (picture,) = re.findall(r'<meta property="og:image" content="([^"]+)"', html)
            assert (built.out / picture.removeprefix(HOST)).is_file(), path


LANGUAGE = re.compile(r'<link rel="alternate" hreflang="([\w-]+)"[^>]*? href="([^"]+)">')


def test_every_page_says_its_language_and_names_no_english_that_is_not_there(built: Built) -> None:
    """A warning leads to its message, which has English; a wrong address has no language."""
    english = {}
    for path, html in pages(built.out).items():
        if 'http-equiv="refresh"' not in html and path != "404.html":
            told = dict(LANGUAGE.findall(html))
            (own,) = re.findall(r'<link rel="canonical" href="([^"]+)">', html)
            assert (told.pop("zh-CN"), told.pop("x-default")) == (own, own), path
            assert told.keys() <= {"en"}
            english |= {urljoin(HOST + path, file): path for file in told.values()}
    assert not LANGUAGE.findall(built.text("404.html"))
    files = (built.out / "alerts").glob("*.xml")
    both = [f for f in files if "<language>en</language>" in f.read_text("utf-8")]
    assert {f"{HOST}alerts/{f.name}" for f in both} == english.keys()
    assert sample.ALERT in english[f"{HOST}alerts/{sample.ALERT}.xml"]


def _feeds(html: str) -> Iterator[str]:
    for tag in re.findall(r'<link rel="alternate" type=[^>]+>', html):
        (kind, title, address) = re.findall(r' (?:type|title|href)="([^"]+)"', tag)
        assert kind in ("application/atom+xml", "application/feed+json")
        assert title
        yield address


def test_readers_find_the_feeds_of_all_and_of_the_list(built: Built) -> None:
    assert list(_feeds(built.text("index.html"))) == ["feed.xml", "feed.json", "alerts/feed.xml"]
    folder = "accounts/yunlan-wechat/"
    found = list(_feeds(built.text(f"{folder}index.html")))
    assert [f"../../{folder}feed.xml", f"../../{folder}feed.json"] == found[3:]


def test_a_phone_gets_icons_and_a_name(built: Built) -> None:
    manifest = json.loads(built.text("site.webmanifest"))
    assert (manifest["short_name"], manifest["lang"]) == ("云岚应急", "zh-CN")
    for icon in manifest["icons"]:
        with Image.open(io.BytesIO((built.out / icon["src"]).read_bytes())) as picture:
            assert "x".join(map(str, picture.size)) == icon["sizes"]
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    with Image.open(built.out / "assets/apple-touch-icon.png") as picture:
        assert picture.size == (180, 180)
    home = built.text("index.html")
    assert '<link rel="manifest" href="site.webmanifest">' in home
    assert '<link rel="apple-touch-icon" href="assets/apple-touch-icon.png">' in home


def test_a_phone_shows_the_colour_of_the_theme(built: Built) -> None:
    path = "site/overrides/main.html"
    main = re.sub(rb'("theme-color" content=")[^"]+', rb"\1#14532d", built.site.theme[path])
    for theme, colour in (({path: main}, "#14532d"), ({}, None)):
        context = SimpleNamespace(site=replace(built.site, theme=theme), name="")
        _, raw = web_manifest(cast(RenderContext, context))
        assert json.loads(raw).get("theme_color") == colour


def test_the_catalogue_comes_with_schema_dictionary_and_licence(built: Built) -> None:
    served = json.loads(built.text("data/catalogue.schema.json"))
    Draft202012Validator.check_schema(served)
    assert Draft202012Validator(served).is_valid(json.loads(built.text("catalogue/2026.json")))
    page = built.text("data/index.html")
    for name, column in served["$defs"]["post"]["properties"].items():
        (row,) = re.findall(rf'<tr><th scope="row" id="field-{name}">.*?</tr>', page)
        assert column.get("title", "—") in row
    assert "没有写明目录数据的使用许可" in page
    data = graph(page)["Dataset"]
    assert data.keys() > {"name", "description", "url", "creator", "dateModified", "distribution"}
    assert len(data["description"]) > 50, "what search engines for data ask for"
    assert "license" not in data
    files = [part["contentUrl"].removeprefix(HOST) for part in data["distribution"]]
    assert files == ["catalogue/2026.json", "catalogue/2026.csv"]


def test_what_policy_gives_is_shown_and_nothing_of_others_is_run(
    built: Built, tmp_path: Path
) -> None:
    """The marks of government sites, by a picture of the bureau's or in words; the licence."""
    policy = built.site.archive.registers.policy
    marks = [
        {"name": "政府网站找错", "url": "https://report.example/?a=1&b=2", "image": "report.png"},
        {"name": "党政机关", "url": "https://organ.example/", "image": "missing.png"},
    ]
    licence = {"name": "CC BY 4.0", "url": "https://licence.example/"}
    policy = replace(
        policy,
        unit={**policy.unit, "marks": marks},
        archive={**policy.archive, "data_licence": licence},
    )
    picture = {"site/assets/report.png": built.site.theme["site/assets/icon-192.png"]}
    site = sample.changed(
        built.site, registers=replace(built.site.archive.registers, policy=policy)
    )
    build(replace(site, theme={**site.theme, **picture}), tmp_path / "out", tmp_path / "work")
    page = (tmp_path / "out/data/index.html").read_text("utf-8")
    foot = page[page.index('class="sn-foot__marks"') :]
    assert (
        '<a href="https://report.example/?a=1&amp;b=2" rel="external noopener noreferrer">' in foot
    )
    assert '<img src="../assets/report.png" alt="政府网站找错" height="40">' in foot
    assert 'rel="external noopener noreferrer">党政机关</a>' in foot
    assert graph(page)["Dataset"]["license"] == licence["url"]
    assert "sn-foot__marks" not in built.text("index.html")


def test_who_subscribes_finds_codes_a_calendar_and_feeds_that_are_there(built: Built) -> None:
    page = built.text("subscribe/index.html")
    for account in built.site.archive.registers.accounts.values():
        assert f'src="../accounts/{account.id}/code.svg"' in page
        assert (built.out / f"accounts/{account.id}/code.svg").is_file()
    article = page.partition("<article")[2].partition("</article>")[0]
    feeds = re.findall(r'href="\.\./([\w/]*(?:feed\.\w+|calendar\.ics))"', article)
    assert {"alerts/calendar.ics", "alerts/feed.xml", "feed.json", "guides/feed.xml"} <= {*feeds}
    assert all((built.out / feed).is_file() for feed in feeds)
    assert "https://archive.yunlan-yjj.example/alerts/calendar.ics" in page


def test_a_calendar_holds_each_warning_while_it_lasts(built: Built) -> None:
    calendar = Calendar.from_ical((built.out / "alerts/calendar.ics").read_bytes())
    events: dict[str, Any] = {str(e["uid"]).partition("@")[0]: e for e in calendar.walk("VEVENT")}
    alerts = {p.id: p.meta["alert"] for p in built.site.archive.posts.values() if "alert" in p.meta}
    assert events.keys() == {post for post, alert in alerts.items() if not alert.get("exercise")}
    for ident, event in events.items():
        alert = alerts[ident]
        assert event["dtstart"].dt == alert["starts_at"]
        assert event["dtend"].dt == min(alert["ends_at"], alert.get("lifted_at", alert["ends_at"]))
        assert ident in event["url"]


def test_a_portal_finds_every_year_and_its_licence(built: Built) -> None:
    found = json.loads(built.text("data/dcat.jsonld"))
    sets = found["dcat:dataset"]
    assert [each["@id"].partition("#")[2] for each in sets] == [
        path.stem for path in sorted((built.out / "catalogue").glob("2*.json"), reverse=True)
    ]
    for each in sets:
        for row in each["dcat:distribution"]:
            address = row["dcat:downloadURL"]["@id"]
            assert (built.out / address.removeprefix(found["@id"].removesuffix("data/"))).is_file()
