"""What a sheet of paper bears: text on each, type that the old can read, the code on the first."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.serving import POST
from tests.site import sample
from tests.site.sample_drafts import AS_OF

pytestmark = pytest.mark.browser
ALERT = f"posts/2026/{sample.ALERT}/"
POSTS = (POST, f"posts/2026/{sample.LONG}/", ALERT)
TEXT = "https://text.example/"
LONGER = """([text, more]) => {
  const body = document.querySelector('[data-signed=body]');
  if (!body.querySelector(`[href="${text}"]`))
    for (const part of document.querySelectorAll('.sn-lead, [data-signed=body] :is(p, li, td)'))
      part.insertAdjacentHTML('beforeend', `<a href="${text}">*</a>`);
  const line = '入冬以来，我市气温明显下降，请提前检查取暖设备。'.repeat(more);
  body.insertAdjacentHTML('beforeend', `<p>${line}<a href="${text}">*</a></p>`);
}"""
SMALL = """([where, least]) => [...document.querySelectorAll(where + ', ' + where + ' *')]
  .filter((e) => e.checkVisibility()
    && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
  .map((e) => [parseFloat(getComputedStyle(e).fontSize) * 0.75, e.textContent.trim().slice(0, 30)])
  .filter(([size]) => size < least - 0.01)"""


@pytest.fixture
def sheet(tab: Page) -> Iterator[Page]:
    tab.emulate_media(media="print")
    yield tab
    tab.emulate_media(media="screen")


def sheets(page: Page) -> list[list[str]]:
    """Where the links of each sheet lead."""
    pdf = page.pdf(prefer_css_page_size=True)
    objects = dict(re.findall(rb"\n(\d+) 0 obj\n(.*?)endobj", pdf, re.S))
    made = []
    for page_object in (each for each in objects.values() if b"/Type /Page\n" in each):
        named = re.search(rb"/Annots \[(.*?)\]", page_object, re.S)
        links = [objects[n] for n in re.findall(rb"(\d+) 0 R", named[1])] if named else []
        found = (re.search(rb"/URI \((.*?)\)", link) for link in links)
        made.append([uri[1].decode() for uri in found if uri])
    return made


@pytest.mark.parametrize("path", POSTS)
def test_no_sheet_holds_signatures_alone(page: Page, address: str, path: str) -> None:
    """However long the text is: where they want another sheet, the last of it goes with them."""
    page.clock.set_fixed_time(AS_OF)
    page.goto(address + path)
    page.emulate_media(media="print")
    made: list[list[str]] = []
    while len(made) < 3:
        page.evaluate(LONGER, [TEXT, 3])
        made = sheets(page)
        bare = [n for n, links in enumerate(made, 1) if TEXT not in links]
        board = [1] if path == ALERT else []  # which says what to do
        assert bare == board, f"{bare} of {len(made)} without text"
        assert any(link.endswith("/accounts/yunlan-wechat/") for link in made[-1])


@pytest.mark.parametrize("path", POSTS)
def test_paper_is_read_without_glasses(sheet: Page, address: str, path: str) -> None:
    """Text in 10.5 points (五号) at least; in 9 (小五) what is of record, and wide tables."""
    sheet.goto(address + path)
    text = ".sn-article:not(:has(th:nth-child(9)))"
    assert sheet.evaluate(SMALL, [text, 10.5]) == []
    assert sheet.evaluate(SMALL, [".md-content", 9]) == []


@pytest.mark.parametrize("path", POSTS)
def test_code_and_words_stand_with_the_text(sheet: Page, address: str, path: str) -> None:
    sheet.goto(address + path)
    assert f"{address}authenticity/" in sheets(sheet)[0], "the line of the check code"
    title = sheet.locator("h1").bounding_box()
    for part in (".sn-qr svg", ".sn-check:has(strong)"):
        box = sheet.locator(part).bounding_box()
        assert box and title and box["y"] + box["height"] <= title["y"], part


def test_a_post_of_a_page_is_two_sheets_with_its_signatures(sheet: Page, address: str) -> None:
    sheet.goto(address + POST)
    assert len(sheets(sheet)) <= 2


def test_who_asked_for_large_type_has_it_on_paper(sheet: Page, address: str) -> None:
    sheet.goto(address + POST)
    size = "e => parseFloat(getComputedStyle(e).fontSize) * 0.75"
    text = sheet.locator("[data-signed=body] > p").first
    assert round(text.evaluate(size), 2) == 12
    sheet.evaluate("document.documentElement.classList.add('sn-elder-mode')")
    assert round(text.evaluate(size), 2) == 14


def test_a_film_and_what_was_withdrawn_are_of_paper_too(sheet: Page, address: str) -> None:
    """A film's transcript unfolds below a small picture; no row ends in a sign that joins rows."""
    sheet.goto(address + POST)
    sheet.locator(".sn-lead").first.evaluate(
        """e => e.insertAdjacentHTML('beforebegin', `<div class="sn-player"><video width="1200"
            height="675"></video><details><summary>文字稿</summary><p>先通风。</p></details></div>`)"""
    )
    assert sheet.get_by_text("先通风。", exact=True).is_visible()
    film = sheet.locator(".sn-player video").bounding_box()
    assert film and film["height"] < 180
    sheet.goto(f"{address}posts/2026/{sample.WITHDRAWN}/")
    joined = "e => getComputedStyle(e, '::after').content"
    assert sheet.locator(".sn-meta td").first.evaluate(joined) == "none"
    assert sheet.locator(".sn-evidence td .sn-code").first.is_hidden()
    assert len(sheets(sheet)) == 1
