"""The theme's sheets without what no page can match look as the whole ones do."""

from collections.abc import Mapping
from importlib.metadata import distribution
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.serving import settled
from tests.site.sample import ALERT, AS_OF, PLAIN, WITHDRAWN

pytestmark = pytest.mark.browser
POSTS = tuple(f"posts/{post[:4]}/{post}/" for post in (PLAIN, ALERT, WITHDRAWN))
PAGES = ("", *POSTS, "search/?q=云岚", "regulation/")
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
STILL: Mapping[str, Any] = {"reduced_motion": "reduce"}  # no colour is on its way
LOOKS: Mapping[str, tuple[Mapping[str, int], Mapping[str, Any]]] = {
    "phone": (PHONE, {"media": "screen", "color_scheme": "light", "forced_colors": "none"}),
    "phone, dark": (PHONE, {"media": "screen", "color_scheme": "dark", "forced_colors": "none"}),
    "desktop": (DESKTOP, {"media": "screen", "color_scheme": "light", "forced_colors": "none"}),
    "paper": (DESKTOP, {"media": "print", "color_scheme": "light", "forced_colors": "none"}),
    "forced": (DESKTOP, {"media": "screen", "color_scheme": "light", "forced_colors": "active"}),
}
STYLES = """async () => {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  for (const one of document.getAnimations()) one.finish(); // colours on their way
  const folds = document.querySelectorAll("details, [type=checkbox].md-toggle");
  for (const box of folds) box.open = box.checked = true;
  const look = (element) => [null, "::before", "::after"].map((part) => {
    const style = getComputedStyle(element, part);
    const names = [...style].filter((name) => !name.startsWith("--"));
    const said = names.map((name) => `${name}:${style.getPropertyValue(name)}`).join(";");
    return part && style.content === "none" ? "" : `${element.outerHTML.slice(0, 80)} ${said}`;
  });
  const kind = ({ tagName, className, parentElement }) => (
    [tagName, className, parentElement?.tagName, parentElement?.className].join());
  const kinds = new Map([...document.querySelectorAll("*")].map((one) => [kind(one), one]));
  return [...kinds.values()].flatMap(look);
}"""
"""What an element of each kind, and what stands before and after it, looks like, all unfolded."""


def _whole() -> str:
    files = distribution("mkdocs-material").files or ()
    sheets = (
        f for n in ("main", "palette") for f in files if f.match(f"stylesheets/{n}.*.min.css")
    )
    return "".join(file.read_text("utf-8") for file in sheets)


def _looks(page: Page, url: str) -> dict[str, list[str]]:
    seen = {}
    for name, (size, media) in LOOKS.items():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(**media)
        settled(page, url)  # anew: a page's script follows a change of the scheme in its own time
        seen[name] = page.evaluate(STYLES)
    return seen


def test_pages_look_as_with_the_whole_sheets(browser: Browser, address: str) -> None:
    sheet, asked = _whole(), []

    def give(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=sheet, content_type="text/css")

    with browser.new_context(**STILL) as cut, browser.new_context(**STILL) as whole:
        ours, theirs = cut.new_page(), whole.new_page()
        for page in (ours, theirs):
            page.clock.set_fixed_time(AS_OF)  # no minute passes between the two
        theirs.route("**/assets/theme.css", give)
        for url in PAGES:
            with_ours, with_theirs = _looks(ours, address + url), _looks(theirs, address + url)
            for name in LOOKS:
                for one, other in zip(with_ours[name], with_theirs[name], strict=True):
                    said, wanted = one.split(";"), other.split(";")
                    assert (url, name, set(said) - set(wanted)) == (url, name, set())
    assert len(asked) == len(PAGES) * len(LOOKS)
