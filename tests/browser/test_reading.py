"""Paper, line breaks and forced colours: what nothing but a look at the page tells."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from pipeline.site.build import build
from tests.browser.serving import served
from tests.site import sample

pytestmark = pytest.mark.browser
POST = f"posts/2026/{sample.PLAIN}/"
KINDS = (
    "", POST, f"posts/2026/{sample.ALERT}/", f"posts/2026/{sample.WITHDRAWN}/", "posts/",
    "categories/", "accounts/", "cadence/", "corrections/", "inspector/", "regulation/",
)  # fmt: skip
PHONE = {"width": 360, "height": 740}
LINES = """(selector) => [...document.querySelectorAll(selector)].map((e) => {
  const range = document.createRange();
  range.selectNodeContents(e);
  const tops = [...range.getClientRects()].map((r) => Math.round(r.top / 4));
  return [e.textContent, new Set(tops).size];
})"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    base = tmp_path_factory.mktemp("reading")
    build(sample.make(), base / "out", base / "work")
    yield from served(base / "out")


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE)
    yield context.new_page()
    context.close()


def _style(page: Page, selector: str, name: str, pseudo: str = "") -> str:
    script = "(e, [name, pseudo]) => getComputedStyle(e, pseudo)[name]"
    return str(page.locator(selector).first.evaluate(script, [name, pseudo]))


def test_paper_is_white_though_the_screen_was_dark(browser: Browser, address: str) -> None:
    context = browser.new_context(color_scheme="dark", viewport={"width": 582, "height": 900})
    page, trouble = context.new_page(), []
    contrast = {"runOnly": ["color-contrast"]}
    for kind in KINDS:
        page.emulate_media(media="screen", color_scheme="dark")
        page.goto(address + kind)
        assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"
        page.emulate_media(media="print", color_scheme="dark")
        assert _style(page, "body", "backgroundColor") == "rgb(255, 255, 255)"
        found = Axe().run(page, options=contrast).response["violations"]
        trouble += [f"{kind}: {n['html'][:120]}" for v in found for n in v["nodes"]]
    context.close()
    assert trouble == []


def test_paper_names_where_links_lead_and_keeps_tables_whole(phone: Page, address: str) -> None:
    phone.emulate_media(media="print")
    phone.goto(address + POST)
    link = ".sn-carried a[rel~=external]"
    assert phone.locator(link).first.get_attribute("href") in _style(
        phone, link, "content", "::after"
    )
    assert _style(phone, ".sn-evidence .sn-scroll", "breakInside") == "avoid"
    phone.goto(address + "cadence/")
    assert _style(phone, ".sn-heat", "breakInside") == "avoid"
    assert _style(phone, ".sn-heat tfoot", "display") == "table-row-group", "not on every page"
    phone.goto(address)
    left, right = phone.locator(".sn-columns > *").all()
    assert left.bounding_box()["x"] == right.bounding_box()["x"]  # type: ignore[index]
