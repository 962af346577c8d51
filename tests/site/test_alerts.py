"""The page of warnings, their messages as CAP 1.2 has them, and the feed that lists these."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import capparser
import pytest
from capparselib.parsers import CAPParser

from demo.paths import CONTENT, ROOT, front_matter, load
from pipeline.detect.classes import classes
from pipeline.model.calendar import Clock
from pipeline.model.lazy import HAN
from pipeline.parts.alerts.pages import (
    address,
    alert_units,
    english_line,
    hazard_in_english,
    message,
)
from pipeline.parts.search.index import sound_of
from pipeline.site.addresses import version_url
from pipeline.site.frame.mkdocs_shell import Shell
from pipeline.site.pages.site_plan import first_steps
from pipeline.site.render_context import RenderContext
from tests.site import sample
from tests.site.conftest import Built
from tests.site.sample_log import build

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
ORDER = {
    "alert": "identifier sender sent status msgType source? scope restriction? addresses? code*"
    " note? references? incidents? info*",
    "info": "language? category+ event responseType* urgency severity certainty audience?"
    " eventCode* effective? onset? expires? senderName? headline? description? instruction? web?"
    " contact? parameter* resource* area*",
    "area": "areaDesc polygon* circle* geocode* altitude? ceiling?",
}
"""The sequences of CAP 1.2, 3.4 (XML schema)."""
WORDS = {
    "status": "Actual|Exercise|System|Test|Draft",
    "msgType": "Alert|Update|Cancel|Ack|Error",
    "scope": "Public|Restricted|Private",
    "category": "Geo|Met|Safety|Security|Rescue|Fire|Health|Env|Transport|Infra|CBRNE|Other",
    "responseType": "Shelter|Evacuate|Prepare|Execute|Avoid|Monitor|Assess|AllClear|None",
    "urgency": "Immediate|Expected|Future|Past|Unknown",
    "severity": "Extreme|Severe|Moderate|Minor|Unknown",
    "certainty": "Observed|Likely|Possible|Unlikely|Unknown",
    "identifier|sender": r"[^\s,&<]+",
    "references": r"[^\s,]+,[^\s,]+,[^\s,]+( [^\s,]+,[^\s,]+,[^\s,]+)*",
    "value": r"\d{6}",
    "sent|effective|onset|expires": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d",
}
ADVICE = "<h2>防御指南</h2>\n<p>严禁野外用火 &amp; 吸烟，听到通知立即转移。</p>\n"
PICTURE = '<figure><img src="a.png" alt="地图上涂红"><figcaption>范围</figcaption></figure>\n'
BODY = f"<p>受持续晴热少雨影响。</p>\n{PICTURE}<p>坏\x0b字 &lt;b&gt;</p>\n"
LIFTED = (sample.AS_OF + timedelta(hours=2)).isoformat()


def checked(raw: bytes) -> ET.Element:
    """A message that has the structure of CAP 1.2."""
    root = ET.fromstring(raw)
    assert root.tag == f"{{{CAP}}}alert"
    for element in root.iter():
        name = element.tag.removeprefix(f"{{{CAP}}}")
        if name in ORDER:
            children = "".join(f"{c.tag.removeprefix(f'{{{CAP}}}')} " for c in element)
            pattern = "".join(
                f"(?:{e.rstrip('?*+')} ){e[-1] if e[-1] in '?*+' else ''}"
                for e in ORDER[name].split()
            )
            assert re.fullmatch(pattern, children), children
        for names, words in WORDS.items():
            if name in names.split("|"):
                assert re.fullmatch(words, element.text or ""), (name, element.text)
    read_elsewhere(raw.decode(), root)
    return root


def read_elsewhere(message: str, root: ET.Element) -> None:
    """By two readers of others, of which the first holds it to the schema of OASIS."""
    (one,) = CAPParser(message).as_dict()
    other = capparser.parse(stringXML=message)
    infos = root.findall(f"{{{CAP}}}info")
    assert one["cap_id"] == other.getIdentifier() == root.findtext(f"{{{CAP}}}identifier")
    assert len(one.get("cap_info", ())) == len(other.info[0]) == len(infos)
    for info, told, read in zip(infos, one.get("cap_info", ()), other.info[0], strict=True):
        headline = info.findtext(f"{{{CAP}}}headline")
        assert told["cap_headline"] == headline == read.headline[0]
        areas = [area.findtext(f"{{{CAP}}}areaDesc") for area in info.findall(f"{{{CAP}}}area")]
        assert [area["area_description"] for area in told["cap_area"]] == areas


def _message(built: Built, revision: int = 1, **alert: Any) -> tuple[str, dict[str, str]]:
    ctx = RenderContext(built.site, Shell({}, {}, ()))
    view = next(v for year in ctx.years for v in year.views if v.id == sample.ALERT)
    gone = alert.pop("validity", "valid")
    confirms = {f"x/r{n}/4-confirm.json": _confirm(n) for n in (1, 3, 4) if n <= revision}
    confirms["x/r2/4-confirm.json"] = _confirm(2, "return")
    site = replace(built.site, media=confirms.__getitem__)
    card = view.card._replace(
        revision=revision,
        reviews=(f"x/r{revision}/4-confirm.json",),
        alert={**(view.card.alert or {}), **alert},
        validity=gone,
        confirmed_at=(sample.AS_OF + timedelta(hours=revision)).isoformat(),
    )
    ((name, raw),) = message(replace(ctx, site=site), replace(view, card=card), BODY, ADVICE)
    infos = checked(raw).findall(f"{{{CAP}}}info")
    first = [e for info in infos[:1] for e in info.iter()]
    elements = [e for e in [*checked(raw), *first] if len(e) == 0]
    values: dict[str, str] = {}
    for e in elements:
        key = e.tag.removeprefix(f"{{{CAP}}}")
        values[key] = f"{values[key]} {e.text}" if key in values else e.text or ""
    return name, values


def _confirm(revision: int, decision: str = "approve") -> bytes:
    moment = sample.AS_OF + timedelta(hours=revision)
    value = {"decision": decision, "signed_at": moment.isoformat()}
    return json.dumps({"predicate": value}).encode()


def test_a_warning_is_a_message_of_cap(built: Built) -> None:
    name, first = _message(built)
    assert name == f"alerts/{sample.ALERT}.xml"
    assert "references" not in first
    for key, value in {
        "msgType": "Alert", "sent": "2026-11-22T21:00:00+08:00", "language": "zh-CN",
        "category": "Fire", "event": "森林火险橙色预警", "urgency": "Immediate",
        "severity": "Severe", "certainty": "Likely", "effective": "2026-11-22T16:00:00+08:00",
        "expires": "2026-11-24T16:00:00+08:00", "headline": "森林火险橙色预警",
        "senderName": "云岚市气象局、云岚市应急管理局", "areaDesc": "岚城区 云溪县",
        "description": "受持续晴热少雨影响。\n坏\ufffd字 <b>",
        "instruction": "防御指南\n严禁野外用火 & 吸烟，听到通知立即转移。",
    }.items():  # fmt: skip
        assert first[key] == value, key


@pytest.mark.parametrize(
    ("revision", "alert", "kind"),
    [
        (3, {"level": 1, "color": "red"}, "Update"),
        (3, {"lifted_at": LIFTED}, "Cancel"),
        (4, {"validity": "withdrawn"}, "Cancel"),
    ],
)
def test_a_later_revision_names_every_message_before_it(
    built: Built, revision: int, alert: dict[str, Any], kind: str
) -> None:
    _, told = _message(built, revision, **alert)
    former = [row.split(",") for row in told["references"].split()]
    assert told["msgType"] == kind
    assert [(row[1][-2:], row[2]) for row in former] == [
        (".1", "2026-11-22T21:00:00+08:00"), (".3", "2026-11-22T23:00:00+08:00"),
    ][: revision - 2]  # fmt: skip
    assert told["identifier"].endswith(f".{sample.ALERT}.{revision}")
    if kind == "Update":
        assert told["severity"] == "Extreme"
    elif "lifted_at" in alert:
        assert (told["urgency"], told["responseType"]) == ("Past", "AllClear")
        assert told["expires"] == LIFTED
        assert "instruction" not in told
    else:
        assert "headline" not in told, "a withdrawn post shows none of its words"


def test_a_warning_says_the_same_once_more_in_english(built: Built) -> None:
    ctx = RenderContext(built.site, Shell({}, {}, ()))
    view = next(v for year in ctx.years for v in year.views if v.id == sample.ALERT)
    alert = view.card.alert or {}
    line = english_line(ctx, view, alert)
    assert line == (
        "Orange warning (level II, severe): forest fire danger. From 2026-11-22 16:00 to"
        " 2026-11-24 16:00 (UTC+8). Areas: 岚城区, 云溪县."
        " Fire and rescue 119, ambulance 120, police 110."
    )
    assert english_line(ctx, view, {**alert, "lifted_at": LIFTED}).endswith(". Lifted.")
    drill = replace(view, card=view.card._replace(alert={**alert, "exercise": True}))
    assert english_line(ctx, drill, alert).startswith("EXERCISE ONLY. ")
    page = built.text(f"posts/2026/{sample.ALERT}/index.html")
    assert f'<p class="sn-english" lang="en">{line}</p>' in page
    assert "sn-english" not in built.text("posts/2026/2026-10-23-rain-alert/index.html"), (
        "it is over"
    )
    english = checked((built.out / f"alerts/{sample.ALERT}.xml").read_bytes()).findall(
        f"{{{CAP}}}info"
    )[1]
    assert english.findtext(f"{{{CAP}}}language") == "en"
    assert english.findtext(f"{{{CAP}}}headline") == line


def test_every_hazard_that_a_title_names_has_an_english_name() -> None:
    """By the class of words itself: each alternative, spelled out, leads to a name."""
    alternatives = classes("alerts", han=HAN)["hazard"].pattern.replace("\n", "").split("|")
    spelled = [one for one in alternatives if not {*one} & {*"()?:"}]
    assert len(spelled) > 25
    words = [
        *spelled,
        "森林草原火险",
        "草原火险",
        "森林火灾",
        "高森林火险等级",
        "空气重污染",
        "重污染",
    ]
    assert [word for word in words if not hazard_in_english(word)] == []
    assert hazard_in_english("雷雨大风") == "thunderstorm and gale", "the whole word, not a part"


@pytest.mark.parametrize("asked", [[], ["Avoid", "Prepare"]])
def test_what_readers_do_is_as_the_author_states_it(built: Built, asked: list[str]) -> None:
    """Not guessed by words: the advice speaks of 转移."""
    _, told = _message(built, **({"responses": asked} if asked else {}))
    assert told.get("responseType", "").split() == asked
    _, told = _message(built, 3, responses=asked, lifted_at=LIFTED)
    assert told["responseType"] == "AllClear"


def test_in_a_rendered_warning_what_to_do_stands_once(built: Built) -> None:
    """As its page is made: its headings have ids there, and the advice none."""
    raw = (built.out / f"alerts/{sample.ALERT}.xml").read_bytes()
    info = checked(raw).findall(f"{{{CAP}}}info")[0]
    description, instruction = (
        info.findtext(f"{{{CAP}}}{k}") for k in ("description", "instruction")
    )
    page = built.text(f"posts/2026/{sample.ALERT}/index.html")
    assert re.search('<h2 id="[^"]+">防御', page) and "<h2>防御" in page
    assert instruction and "严禁野外用火" in instruction and "防御" in instruction
    assert description and "受持续晴热" in description
    for line in instruction.splitlines():
        assert line not in description.splitlines()


def _placed(built: Built, **facts: Any) -> Built:
    """The sample with other facts of its unit."""
    policy = built.site.archive.registers.policy
    policy = replace(policy, unit={**policy.unit, **facts})
    registers = replace(built.site.archive.registers, policy=policy)
    site = replace(built.site, archive=replace(built.site.archive, registers=registers))
    return replace(built, site=site)


def test_places_carry_the_codes_that_the_policy_names(built: Built) -> None:
    _, first = _message(_placed(built, areas={"岚城区": "990102"}))
    assert (first["areaDesc"], first["valueName"], first["value"]) == (
        "岚城区 云溪县", "GB/T 2260", "990102",
    )  # fmt: skip


def test_places_have_the_english_names_that_the_unit_gives_and_no_others(built: Built) -> None:
    """One that it does not give stays Chinese: no reading is guessed."""
    given = _placed(built, english_areas={"岚城区": "Lancheng District"})
    ctx = RenderContext(given.site, Shell({}, {}, ()))
    view = next(v for year in ctx.years for v in year.views if v.id == sample.ALERT)
    ((_, raw),) = message(ctx, view, BODY, ADVICE)
    chinese, english = checked(raw).findall(f"{{{CAP}}}info")
    for info, first in ((chinese, "岚城区"), (english, "Lancheng District")):
        places = [e.text for e in info.iter(f"{{{CAP}}}areaDesc")]
        assert places == [first, "云溪县"]
    line = english_line(ctx, view, view.card.alert or {})
    assert "Areas: Lancheng District, 云溪县." in line
    assert line in (english.findtext(f"{{{CAP}}}description") or "")
    assert ctx.value("english")(view) == line


def test_the_demo_names_each_of_its_places_in_english_by_the_rule() -> None:
    """The specific part in pinyin, one word; the generic one in English."""
    unit = load(CONTENT / "policy.yml")["unit"]
    generic = {"区": "District", "县": "County"}
    assert unit["english_areas"].keys() == unit["areas"].keys()
    for name, english in unit["english_areas"].items():
        first, second = english.split(" ")
        assert second == generic[name[-1]], name
        assert first == "".join(map(sound_of, name[:-1])).capitalize(), name


POSTS = (*CONTENT.glob("posts/*/*/post.md"), *ROOT.glob("demo/first-versions/*/post.md"))
DEMO = sorted(path for path in POSTS if "alert" in front_matter(path))


@pytest.mark.parametrize("path", DEMO, ids=lambda path: path.parent.name)
def test_each_warning_of_the_demo_says_what_to_do_and_where(built: Built, path: Path) -> None:
    told = front_matter(path)["alert"]
    demo = load(CONTENT / "policy.yml")["unit"]["areas"]
    _, first = _message(_placed(built, areas=demo), **told)
    asked = ["AllClear"] if "lifted_at" in told else told["responses"]
    assert first["responseType"].split() == asked
    assert first["areaDesc"].split() == told["areas"]
    assert first["value"].split() == [demo[area] for area in told["areas"]]
    assert all(code.startswith("99") for code in demo.values()), "a code of no real place"


def test_the_message_of_an_earlier_version_stays_at_its_address(built: Built) -> None:
    ctx = RenderContext(built.site, Shell({}, {}, ()))
    view = next(v for year in ctx.years for v in year.views if v.id == sample.ALERT)
    assert address(view.url) == f"alerts/{sample.ALERT}.xml"
    assert address(version_url(sample.ALERT, 1)) == f"alerts/{sample.ALERT}.r1.xml"


def test_a_sitemap_lists_every_message_and_of_earlier_versions_those_that_there_are(
    built: Built, tmp_path: Path
) -> None:
    def listed(out: Path) -> list[str]:
        text = (out / "sitemap-messages.xml").read_text("utf-8")
        return re.findall(r"<loc>.*/(alerts/[^<]+)</loc>", text)

    there = [f"alerts/{path.name}" for path in sorted((built.out / "alerts").glob("2*.xml"))]
    assert listed(built.out) == there
    assert "sitemap-messages.xml</loc>" in built.text("sitemap.xml")
    posts = built.site.archive.posts
    present = posts[sample.ALERT]
    revised = {**posts, present.id: replace(present, meta={**present.meta, "revision": 2})}
    first = built.site.archive.corrections[0]
    update = replace(first, id="c3", path="c3", post=present.id, revision=2, kind="update")
    site = sample.changed(built.site, posts=revised, corrections=(first, update))
    site = replace(site, earlier=lambda _, post: (built.site,) if post == present.id else ())
    build(site, tmp_path / "out", tmp_path / "work")
    message = f"alerts/{sample.ALERT}.r1.xml"
    assert (tmp_path / "out" / message).is_file()
    assert listed(tmp_path / "out") == sorted([*there, message])


def test_every_warning_of_the_site_has_a_message_that_the_feed_names(built: Built) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.fromstring((built.out / "alerts/feed.xml").read_bytes())
    links = [
        e.attrib["href"] for e in feed.iter(f"{atom}link")
        if e.attrib.get("type") == "application/cap+xml"
    ]  # fmt: skip
    assert [Path(link).name for link in links] == [
        f"{sample.ALERT}.xml", "2026-10-23-rain-alert.xml",
    ]  # fmt: skip
    listed = built.text("site-manifest.sha256") + built.text("manifest/2026.sha256")
    for link in links:
        checked((built.out / "alerts" / Path(link).name).read_bytes())
        assert f"  alerts/{Path(link).name}\n" in listed
    assert "  alerts/feed.xml\n" in listed
    assert 'href="alerts/feed.xml"' in built.text("index.html")


def test_feed_and_calendar_read_no_review_to_tell_when_each_was_confirmed(built: Built) -> None:
    def read(path: str) -> bytes:
        assert not path.startswith("content/reviews/")
        return built.site.media(path)

    ctx = RenderContext(replace(built.site, media=read), Shell({}, {}, ()))
    (unit,) = (unit for unit in alert_units(ctx) if unit.id == "feed:alerts/")
    for name, raw in unit.make():
        assert (built.out / name).read_bytes() == raw
    card = next(v.card for y in ctx.years for v in y.views if v.id == sample.ALERT)
    assert card.reviews[-1].startswith("content/reviews/")
    signed = json.loads(built.site.media(card.reviews[-1]))["predicate"]["signed_at"]
    assert datetime.fromisoformat(card.confirmed_at) == datetime.fromisoformat(signed)


def test_the_page_tells_current_warnings_from_past_ones(built: Built) -> None:
    page = built.text("alerts/index.html")
    current, past = page.index('id="current"'), page.index('id="past"')
    assert current < page.index(f"posts/2026/{sample.ALERT}/") < past
    assert past < page.index("posts/2026/2026-10-23-rain-alert/")
    assert 'href="alerts/"' in built.text("index.html")


def test_a_later_build_moves_a_warning_and_leaves_its_message(built: Built, tmp_path: Path) -> None:
    later = replace(built.site.archive, clock=Clock(sample.AS_OF + timedelta(days=3)))
    build(replace(built.site, archive=later), tmp_path / "out", built.work)
    page = (tmp_path / "out/alerts/index.html").read_text("utf-8")
    assert page.index('id="past"') < page.index(f"posts/2026/{sample.ALERT}/")
    for name in ("feed.xml", f"{sample.ALERT}.xml"):
        same = (tmp_path / "out/alerts" / name).read_bytes()
        assert same == (built.out / "alerts" / name).read_bytes()


def test_a_step_with_steps_of_its_own_is_one_step_on_the_home_page() -> None:
    advice = "<ol>\n<li>关窗：\n<ul>\n<li>先关阳台</li>\n<li>再关<a href='x'>厨房</a></li>\n</ul>\n"
    body = f"<h2>怎样做</h2>\n{advice}</li>\n<li>带药 &amp; 水</li>\n</ol>\n"
    assert first_steps(body) == ["关窗： 先关阳台 再关厨房", "带药 & 水"]
    assert first_steps("<h2>怎样做</h2>\n<p>不要用火 &amp; 吸烟。</p>\n") == ["不要用火 & 吸烟。"]
