"""The theme's sheets without what no page can match look as the whole ones do."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib.metadata import distribution
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.serving import settled
from tests.site.sample import ALERT, PLAIN, WITHDRAWN

pytestmark = pytest.mark.browser
POSTS = tuple(f"posts/{post[:4]}/{post}/" for post in (PLAIN, ALERT, WITHDRAWN))
PAGES = ("", *POSTS, "search/?q=云岚", "regulation/")
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
LOOKS: Mapping[str, tuple[Mapping[str, int], Mapping[str, Any]]] = {
    "phone": (PHONE, {"media": "screen", "color_scheme": "light", "forced_colors": "none"}),
    "phone, dark": (PHONE, {"media": "screen", "color_scheme": "dark", "forced_colors": "none"}),
    "desktop": (DESKTOP, {"media": "screen", "color_scheme": "light", "forced_colors": "none"}),
    "paper": (DESKTOP, {"media": "print", "color_scheme": "light", "forced_colors": "none"}),
    "forced": (DESKTOP, {"media": "screen", "color_scheme": "light", "forced_colors": "active"}),
}
LOADED = """(link) => new Promise((done) => {
  const whole = link.cloneNode();
  whole.onload = done;
  whole.href = link.href.replace("theme.css", "whole.css");
  link.after(whole);
})"""
DIFFERENT = """async (known) => {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  const folds = document.querySelectorAll("details, [type=checkbox].md-toggle");
  for (const box of folds) box.open = box.checked = true;
  const [cut, whole] = ["theme", "whole"].map((name) => (
    document.querySelector(`link[href$="assets/${name}.css"]`)));
  const chain = (one) => (one ? `${chain(one.parentElement)}>${one.tagName}.${one.className}` : "");
  const met = new Map([...document.querySelectorAll("html, body, body *")].map((one) => (
    [one, chain(one)])));
  const fresh = [...met].filter(([, name]) => !known.includes(name));
  const kinds = new Map(fresh.map(([one, name]) => [name.split(">").slice(-2).join(), one]));
  const drawn = [...kinds].flatMap(([name, one]) => [null, "::before", "::after"].map((part) => (
    [name, part, getComputedStyle(one, part)])));
  const set = ({ style, cssRules }) => [...style ?? [], ...[...cssRules ?? []].flatMap(set)];
  const names = [...new Set(set(whole.sheet))].filter((name) => !name.startsWith("--"));
  const looks = (disabled) => {
    [cut.sheet.disabled, whole.sheet.disabled] = [disabled, !disabled];
    document.body.getBoundingClientRect();
    for (const one of document.getAnimations()) one.finish(); // colours on their way
    return drawn.map(([, part, style]) => (part && style.content === "none" ? "" : (
      names.map((name) => `${name}:${style.getPropertyValue(name)}`).join("; "))));
  };
  const [ours, theirs] = [looks(false), looks(true)];
  const apart = (one, other) => {
    const said = new Set(one.split("; "));
    return other.split("; ").filter((each) => !said.has(each));
  };
  const different = drawn.flatMap(([name, part], at) => (
    ours[at] === theirs[at] ? [] : [[name, part, ...apart(ours[at], theirs[at])]]));
  return [names.length, [...met.values()], document.body.dataset.mdColorScheme, different];
}"""
"""What looks otherwise with the whole sheets: of each kind of element (its name and classes, and
those of all it stands in) that is not known, and of what stands before and after it, all unfolded.
Asked is whatever those sheets set anywhere: the rest follows from it. It is one page, so that
nothing else differs, and none of its scripts runs between the two."""


def _whole() -> str:
    files = distribution("mkdocs-material").files or ()
    sheets = (
        f for n in ("main", "palette") for f in files if f.match(f"stylesheets/{n}.*.min.css")
    )
    return "".join(file.read_text("utf-8") for file in sheets)


@pytest.fixture
def still(tab: Page) -> Iterator[Page]:
    tab.emulate_media(reduced_motion="reduce")  # no colour is on its way
    yield tab
    tab.emulate_media(reduced_motion="no-preference", **LOOKS["desktop"][1])


def test_pages_look_as_with_the_whole_sheets(still: Page, address: str) -> None:
    sheet, known = _whole(), defaultdict[str, set[str]](set)
    still.route(
        "**/assets/whole.css", lambda route: route.fulfill(body=sheet, content_type="text/css")
    )
    for url in PAGES:
        settled(still, address + url)
        still.locator("link[href$='assets/theme.css']").evaluate(LOADED)
        for name, (size, media) in LOOKS.items():
            still.set_viewport_size(size)  # type: ignore[arg-type]
            still.emulate_media(**media)
            names, met, scheme, different = still.evaluate(DIFFERENT, sorted(known[name]))
            assert scheme == ("slate" if "dark" in name else "default")
            assert not different, (url, name, different[:3])
            assert names > 100
            known[name].update(met)
    assert all(len(kinds) > 300 for kinds in known.values())
