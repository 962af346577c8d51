"""登记: one page for every kind of plain record, made of its schema."""

import re
from html import unescape
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, expect
from starlette.testclient import TestClient

from pipeline.model.part import program
from pipeline.parts.records.pages import _kinds
from tests.builders.cast import AS_OF
from tests.builders.desks import DeskRun, answer_of, bureau
from tests.builders.desks import browser as client_of
from tests.builders.live_desks import choose, free_port, person_at, serving, sign_in, usable

HTML, JSON = {"accept": "text/html"}, {"accept": "application/json"}
RELAY = {
    "title": "省厅部署冬季防火", "source.name": "省应急管理厅", "source.level": "provincial",
    "source.url": "https://yjt.example.gov.cn/1", "source_published_at": "2026-11-05T15:00",
}  # fmt: skip
BRANCH = f"records/{AS_OF:%Y-%m-%d}-xxy-a"
PATH = "content/records/relays/2026/2026-11-05-1.yml"


@pytest.fixture
def client(run: DeskRun) -> TestClient:
    return client_of(run.open(), "xxy-a")


def test_every_plain_kind_has_its_page_and_form(client: TestClient) -> None:
    page = client.get("/records").text
    assert {*_kinds()} == {
        "account-events", "supervisions", "rectifications", "opinions", "incidents", "upstream",
        "relays", "shifts", "statistics", "inquiries",
    }  # fmt: skip
    for kind in _kinds():
        assert f'href="/records/{kind}"' in page
        form = unescape(client.get(f"/records/{kind}").text)
        labels = re.findall(r"<(?:label for=[^>]*|legend)>([^<]*)", form)
        assert len(labels) > 1, kind
        assert not [label for label in labels if re.search("[a-z_]{3,}", label)], (kind, labels)
    for kind in ("publications", "filings", "nothing", "../policy"):
        assert client.get(f"/records/{kind}").status_code in (404, 409)


def test_a_relay_is_entered_with_its_twelve_hours_and_completed(
    run: DeskRun, client: TestClient
) -> None:
    done = client.post("/records/relays", data=RELAY, headers=HTML)
    assert done.headers["location"] == "/records/relays/2026-11-05-1"
    made = yaml.safe_load(run.read(BRANCH, PATH))
    assert (made["person"], made["source"]["level"]) == ("xxy-a", "provincial")
    assert made["source_published_at"] == "2026-11-05T15:00:00+08:00"
    for page in (client.get("/records/relays").text, client.get(done.headers["location"]).text):
        assert 'datetime="2026-11-06T03:00:00+08:00" data-until' in page
        assert "省厅部署冬季防火" in page and "2026-11-06 03:00" in page
    assert "有待办期限" in client.get("/records").text
    more = {"notice_received_at": "2026-11-05T16:00"}
    client.post(done.headers["location"], data=more, headers=HTML)
    made = yaml.safe_load(run.read(BRANCH, PATH))
    assert made["notice_received_at"] == "2026-11-05T16:00:00+08:00"
    assert 'datetime="2026-11-06T04:00:00+08:00"' in client.get("/records/relays").text


def test_what_stands_is_not_overwritten_by_the_form_that_completes(
    run: DeskRun, client: TestClient
) -> None:
    address = client.post("/records/relays", data=RELAY, headers=HTML).headers["location"]
    assert 'name="title"' not in client.get(address).text
    forged = {"title": "改掉的标题", "notice_received_at": "2026-11-05T16:00", "person": "ld-a"}
    client.post(address, data=forged, headers=HTML)
    made = yaml.safe_load(run.read(BRANCH, PATH))
    assert (made["title"], made["person"]) == (RELAY["title"], "xxy-a")


@pytest.mark.parametrize(
    "wrong",
    [
        {"source.url": "http://example.gov.cn"}, {"source.level": "county"}, {"title": ""},
        {"source_published_at": "2026-11-06T15:00"}, {"source_published_at": "gestern"},
        {"title": "长" * 100_000}, {"title": "电话" + "1391234" + "5678"},
    ],
)  # fmt: skip
def test_what_is_refused_comes_back_as_it_was_typed(
    run: DeskRun, client: TestClient, wrong: dict[str, str]
) -> None:
    refused = client.post("/records/relays", data=RELAY | wrong, headers=HTML)
    assert refused.status_code == 409
    assert "note--bad" in refused.text and RELAY["source.name"] in refused.text
    with pytest.raises(AssertionError):
        run.read(BRANCH, PATH)


def test_an_opinion_is_signed_where_it_is_shown_and_corrected(
    run: DeskRun, client: TestClient
) -> None:
    given = {
        "title": "小区停水传言", "level": "other", "found_at": "2026-11-05T10:00",
        "lead.person": "ld-b", "departments": "xjk", "hot": "false",
        "reports.0.to": "publicity", "reports.0.at": "2026-11-05T11:00",
    }  # fmt: skip
    wrong = client.post("/records/opinions", data=given | {"reports.0.to": "leader"}, headers=HTML)
    assert "不在允许范围内" in wrong.text and "（to）" not in wrong.text
    done = client.post("/records/opinions", data=given, headers=HTML)
    assert done.status_code == 303, re.findall(r"note--bad[^<]*", done.text)
    address = done.headers["location"]
    shown = client.get(address).text
    assert "小区停水传言" in shown and 'action="/attest"' in shown
    kind, id, digest = (
        re.search(rf'name="{key}" value="([^"]+)"', shown)[1]  # type: ignore[index]
        for key in ("kind", "id", "digest")
    )
    asked = client.post("/attest", data={"kind": kind, "id": id, "digest": digest}, headers=JSON)
    pending = asked.json()
    proof = answer_of(pending["challenge"], "xxy-a")
    assert "next" in client.post(f"/sign/{pending['id']}", json=proof, headers=JSON).json()


def test_posts_are_chosen_by_their_titles(tmp_path: Path) -> None:
    archive = bureau(tmp_path / "archive")
    archive.draft(title="冬季防火提示")
    archive.commit("起草", "zz-a")
    archive.merge("proposal")
    archive.switch("main")
    page = client_of(DeskRun.over(archive, tmp_path).open(), "xxy-a").get("/records/relays").text
    assert re.search(r'<option value="2026-11-05-winter-fire">冬季防火提示', page)


def test_a_source_is_chosen_by_its_name(client: TestClient) -> None:
    shown = unescape(client.get("/records/upstream").text)
    assert 'name="source" value="yunlan-weather">云岚市气象局' in shown


def test_strangers_and_other_origins_enter_nothing(run: DeskRun) -> None:
    desk = run.open()
    turned = client_of(desk).post("/records/relays", data=RELAY, headers=HTML)
    assert turned.headers["location"].startswith("/sign-in")
    other = client_of(desk, "xxy-a")
    other.headers["origin"] = "https://evil.example"
    assert other.post("/records/relays", data=RELAY).status_code == 403
    other.headers["host"] = "evil.example"
    assert other.get("/records/relays").status_code == 421


def test_no_kind_is_forgotten() -> None:
    """A new plain kind has its page by itself; what has none is signed or filed."""
    rest = {name for name in program().records if name not in _kinds()}
    assert rest >= {"publications", "corrections", "filings", "earlier"}


@pytest.mark.browser
def test_the_clock_runs_by_the_readers_own(browser: Browser, tmp_path: Path) -> None:
    listening, origin = free_port()
    desk = DeskRun.over(bureau(tmp_path / "archive", origin), tmp_path).open(origin)
    with serving(desk, listening):
        page = person_at(browser, origin, "xxy-a", viewport={"width": 390, "height": 844})
        page.clock.set_fixed_time(AS_OF)
        sign_in(page)
        page.goto("/records/relays")
        for name, words in RELAY.items():
            if name == "source.level":
                choose(page, name, words)
            else:
                page.locator(f'[name="{name}"]').fill(words)
        page.get_by_role("button", name="登记", exact=True).click()
        clock = page.locator("[data-until]")
        expect(clock).to_contain_text("还剩9小时0分")
        for address in ("/records", "/records/relays", "/records/relays/2026-11-05-1"):
            page.goto(address)
            usable(page)
        page.context.close()
