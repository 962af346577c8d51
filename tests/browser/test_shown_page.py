"""A51: whatever a host draws with our own scripts unaltered, after a press only verified bytes are
seen, or no page. What is asserted is what is seen: words, pixels, the tree of accessibility."""

import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Error, Page, expect

from tests.browser.conftest import WIDE, put_back
from tests.browser.forging_host import REST, Forgery, ForgingHost, forging
from tests.browser.serving import ANSWER, LAYOUTS, POST, answered, pressed, violations
from tests.site.conftest import Built
from tests.site.sample_drafts import picture

pytestmark = pytest.mark.browser
BUTTON = "在本浏览器中核验签名"
FRAUD = "请立即向账户621700转账"
LINE = f'.sn-body::before {{ display: block; font-size: 3em; content: "{FRAUD}" }}'
BODY = '<div data-signed="body">'
ROOT = "../../../"
SCALE = 1.0 if LAYOUTS else 0.5
"""Pixels of a picture of the page for one of its own, each way: drawing and comparing them takes
half of the time, and whatever a reader can see is there in a quarter of them."""
SIZED = f"{POST}sized/stove.png.960.webp"
DRAWN = """async () => {
  await document.fonts.ready;
  for (const image of document.images) image.loading = "eager";
  await Promise.all(Array.from(document.images, (image) => image.decode().catch(() => {})));
}"""
Change = Callable[[str], str]
Seen = tuple[str, str, bytes]
Honest = tuple[tuple[bytes, bytes], Seen]


@pytest.fixture(scope="module")
def host(built: Built) -> Iterator[ForgingHost]:
    yield from forging(built.out)


@contextmanager
def _tab(browser: Browser) -> Iterator[Page]:
    with browser.new_context(
        viewport=WIDE, color_scheme="light", device_scale_factor=SCALE
    ) as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def shared_tab(browser: Browser) -> Iterator[Page]:
    with _tab(browser) as page:
        yield page


@pytest.fixture
def tab(shared_tab: Page) -> Iterator[Page]:
    yield shared_tab
    put_back(shared_tab)


@pytest.fixture(autouse=True)
def _honest_again(host: ForgingHost) -> Iterator[None]:
    yield
    host.forgery = Forgery()


def _seen(page: Page) -> Seen:
    """Words, accessibility tree and pixels of what stands beside the answer."""
    page.evaluate("document.querySelectorAll('.sn-proof-line, .sn-proof').forEach(e => e.remove())")
    page.evaluate(DRAWN)
    tree = re.sub(r"blob:\S+", "blob:", page.locator("body").aria_snapshot())
    return str(page.evaluate("document.body.innerText")), tree, page.screenshot(full_page=True)


def _alike(one: Seen, other: Seen) -> bool:
    """Whether two are seen alike; the edge of a letter may be a shade lighter when drawn again."""
    drawn = (Image.open(BytesIO(pixels)).convert("RGB") for pixels in (one[2], other[2]))
    shades = ImageChops.difference(*drawn).getextrema()
    return one[:2] == other[:2] and all(most <= 2 for _, most in shades)


@pytest.fixture(scope="module")
def honest(browser: Browser, host: ForgingHost) -> Honest:
    """The honest page as it comes, its first screen and all, and what is seen after the press."""
    with _tab(browser) as page:
        page.goto(host.address + POST)
        page.evaluate(DRAWN)
        before = page.screenshot(), page.screenshot(full_page=True)
        result, words = pressed(page)
        assert result == "good", words
        return before, _seen(page)


def _put(old: str, new: str) -> Change:
    def change(html: str) -> str:
        html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
        assert old in html
        return html.replace(old, new, 1)

    return change


def _head(words: str) -> Change:
    return _put("</head>", f"{words}</head>")


def _above(words: str) -> Change:
    return _put(BODY, f"{words}{BODY}")


@cache
def _font() -> bytes:
    """Some font of this machine, which draws another face than the page's own."""
    command = ["fc-match", "-f", "%{file}", "DejaVu Serif:bold:italic"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return Path(done.stdout).read_bytes()


SHEET = LINE.encode()
BOX = 'width="600" height="90"'
WORDS = f'<svg xmlns="http://www.w3.org/2000/svg" {BOX}><text id="x" y="50">{FRAUD}</text></svg>'
SVG = {("", "fraud.svg"): WORDS.encode()}
CSS = {("style", "fraud.css"): SHEET}
COUNTS = b".sn-body li { counter-increment: n 3 } .sn-body li::before { content: counter(n) '-' }"
OTHER = picture("fraud", (960, 540))
OTHERS = {("image", SIZED): OTHER, ("image", SIZED.replace("960", "480")): OTHER}
FACE = "@font-face { font-family: F; src: url(/fraud.ttf) } body * { font-family: F !important }"
SHADOW = '<template shadowrootmode="{}"><h1>{}</h1></template>'
TITLED = '<link rel="stylesheet" title="f" href="/fraud.css">'
FOREIGN = f"<svg {BOX}><foreignObject {BOX}><h1>{FRAUD}</h1></foreignObject></svg>"
FIXED = '<p class="sn-proof-line" style="position:fixed;top:0">✓ 相符：已核验</p>'
STOVE = r"(<img [^>]*stove[^>]*>)"
Files = Mapping[tuple[str, str], bytes]
FORGERIES: dict[str, tuple[str, Change, Files]] = {
    # the eight of A51, but the refresh, which is tried below
    "a style in the head": ("good", _head(f"<style>{LINE}</style>"), {}),
    "a data: sheet in the head":
        ("good", _head(f'<link rel="stylesheet" href="data:text/css,{quote(LINE)}">'), {}),
    "an open declarative shadow root":
        ("good", _put(BODY, SHADOW.format("open", FRAUD) + BODY), {}),
    "a closed declarative shadow root":
        ("good", _put(BODY, BODY + SHADOW.format("closed", FRAUD)), {}),
    "another sheet to who asks for a style": ("good", str, {("style", "assets/site.css"): SHEET}),
    "another picture to who asks for an image": ("good", str, OTHERS),
    "attributes of the body":
        ("good", _put('<body dir="ltr"', '<body dir="rtl" style="opacity:.3"'), {}),
    # others
    "attributes of the root":
        ("good", _put('<html lang="zh-CN"', '<html dir="rtl" lang="ar" style="filter:invert(1)"'),
         {}),
    "attributes of the contents":
        ("good", _put('id="content"', 'id="content" style="transform:scaleX(-1)"'), {}),
    "another font": ("good", _head(f"<style>{FACE}</style>"), {("font", "fraud.ttf"): b""}),
    "an import": ("good", _head("<style>@import url(/fraud.css);</style>"), CSS),
    "a base that leads elsewhere": ("bad", _put("<head>", '<head><base href="/elsewhere/a/b/c/">'),
         {}),
    "a sheet in the body that counts":
        ("good", _above('<link rel="stylesheet" href="/fraud.css">'),
         {("style", "fraud.css"): COUNTS}),
    "an alternate sheet that a default calls":
        ("good", _head(f'{TITLED}<meta http-equiv="default-style" content="f">'), CSS),
    "bidirectional words": ("good", _put("拨打 120", '拨打 <bdo dir="rtl">120</bdo>'), {}),
    "a hidden word": ("good", _put("<strong>不要</strong>", "<strong hidden>不要</strong>"), {}),
    "a body that is hidden and inert": ("good", _put(BODY, f"{BODY[:-1]} hidden inert>"), {}),
    "an open dialog": ("altered", _above(f"<dialog open><h1>{FRAUD}</h1></dialog>"), {}),
    "a frame with words of its own":
        ("good", _above(f'<iframe srcdoc="&lt;h1>{FRAUD}&lt;/h1>" width="700"></iframe>'), {}),
    "an object": ("good", _above('<object data="/fraud.svg"></object><embed src="/fraud.svg">'),
         SVG),
    "a drawing of foreign words": ("altered", _above(FOREIGN), {}),
    "a drawing that uses another":
        ("good", _above(f'<svg {BOX}><use href="/fraud.svg#x"/></svg>'), SVG),
    "a closed fold around the body": ("good", _put(BODY, f"<details><summary></summary>{BODY}"),
         {}),
    "another source of a picture":
        ("good", lambda html:
         re.sub(STOVE, r'<picture><source srcset="/fraud.png">\1</picture>', html),
         {("image", "fraud.png"): OTHER}),
    "a page without its first line":
        ("good", _put("<!doctype html>", f"<style>{LINE}</style>"), {}),
    "another title of the window":
        ("altered", lambda html: re.sub("(?<=<title>).*?(?=</)", FRAUD, html), {}),
    "a painted answer": ("altered", _above(FIXED), {}),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_after_the_press_only_verified_bytes_are_seen(
    tab: Page, host: ForgingHost, honest: Honest, name: str
) -> None:
    expected, change, files = FORGERIES[name]
    fonts = {path: _font() for path in files if path[0] == "font"}
    host.forgery = Forgery(change, {**files, **fonts})
    tab.goto(host.address + POST)
    tab.evaluate(DRAWN)
    if name != "another title of the window" and tab.screenshot() == honest[0][0]:
        assert tab.screenshot(full_page=True) != honest[0][1]
    result, words = pressed(tab)
    assert result == expected, words
    if result == "bad":
        assert tab.locator("body > *").count() == 2
        assert "不要相信这一页，并告诉我们" in words
    else:
        assert tab.title().startswith("冬季取暖防范一氧化碳中毒")
        assert tab.evaluate("document.compatMode") == "CSS1Compat"
        assert (
            tab.evaluate("document.documentElement.outerHTML").find(FRAUD) == -1
            or "不同之处" in words
        )
        assert _alike(_seen(tab), honest[1])


def _shows_verified(page: Page, honest: Honest, result: str = "good") -> None:
    found, words = answered(page)
    assert found == result, words
    assert _alike(_seen(page), honest[1])


AWAY = f"{POST}fraud/"
LEFT = f'<button>{BUTTON}</button><p data-sanshen-proof="left"></p>'.encode()


def _leading_away(seconds: int, *, by_header: bool) -> Forgery:
    files, after = {("document", AWAY): LEFT}, f"{seconds};url=/{AWAY}"
    if by_header:
        return Forgery(files=files, headers={"Refresh": after})
    return Forgery(_head(f'<meta http-equiv="refresh" content="{after}">'), files)


@pytest.mark.parametrize("by_header", [False, True])
def test_nothing_leads_away_from_what_was_verified(
    tab: Page, host: ForgingHost, honest: Honest, by_header: bool
) -> None:
    result = ""
    for seconds in (6, 30, 150):  # on a busy machine the page may leave before the answer comes
        host.forgery = _leading_away(seconds, by_header=by_header)
        with suppress(Error):
            tab.goto(host.address + POST)
            result = pressed(tab)[0]
            if result not in ("", "left"):
                break
    assert result == "good"
    tab.wait_for_timeout(seconds * 1000 + 500)
    assert tab.url == host.address + POST
    _shows_verified(tab, honest)


def test_what_comes_after_the_press_comes_nowhere(
    tab: Page, host: ForgingHost, honest: Honest
) -> None:
    """A page that is still on its way, whose scripts run already."""

    def late(html: str) -> str:
        scripts = re.findall(r'<script src="[^"]*assets/(?:verify|post)[.]js"[^>]*></script>', html)
        now = "".join(scripts).replace(" defer", "")
        for script in scripts:
            html = html.replace(script, "")
        end = "</footer></article>"
        return _put(
            end, f"{end}{now}<p>{'x' * 5000}</p>{REST}<h1>{FRAUD}</h1><style>{LINE}</style>"
        )(html)

    host.forgery = Forgery(late, slow=3.0)
    tab.goto(host.address + POST, wait_until="commit")
    tab.get_by_role("button", name=BUTTON).evaluate("e => e.click()")
    assert answered(tab)[0] == "altered"
    tab.wait_for_timeout(3500)
    _shows_verified(tab, honest, "altered")


def test_where_to_compare_is_what_the_verified_page_says(tab: Page, host: ForgingHost) -> None:
    host.forgery = Forgery(lambda html: re.sub(r'(?<=data-sanshen-outside=")[^"]*', FRAUD, html))
    tab.goto(host.address + POST)
    result, words = pressed(tab)
    assert result == "good"
    assert "应与主办单位在本站以外（公文、公告栏、电话）公布的核对" in words
    assert FRAUD not in words


def test_a_link_to_a_file_leads_to_the_verified_bytes(
    tab: Page, host: ForgingHost, built: Built
) -> None:
    """Whatever the host gives to who opens it."""
    host.forgery = Forgery(files={("document", f"{POST}stove.png"): picture("fraud", (300, 200))})
    tab.goto(host.address + POST)
    assert pressed(tab)[0] == "good"
    link = tab.locator("[data-signed=body] a.sn-zoom")
    address = link.evaluate("a => a.href")
    assert address.startswith("blob:")
    link.click()
    expect(tab).to_have_url(address)
    tab.wait_for_load_state()
    drawn = tab.locator("img").evaluate("e => [e.naturalWidth, e.naturalHeight]")
    original = (built.out / POST / "stove.png").read_bytes()
    assert tuple(drawn) == Image.open(BytesIO(original)).size != (300, 200)


FILM = """async () => {
  const { pageReader } = await import("/assets/page.js");
  const zero = "0".repeat(64);
  const here = location.pathname.slice(1);
  const beside = ["index.html", "evidence.json", "p.png"].map((name) => here + name);
  const named = ["manifest/2026.sha256", ...beside];
  const files = {
    "site-manifest.sha256": named.map((name) => `${zero}  ${name}`).join("\\n") + "\\n",
    [location.href]: `<body><video controls src="a.mp4" poster="p.png"></video>
      <a href="a.mp4" download>下载</a><a href="b.csv">表</a></body>`,
  };
  const tools = {
    demand: (truth, words) => { if (!truth) throw new Error(words); },
    get: async (path) => new TextEncoder().encode(files[path.href ?? path] ?? "bytes"),
    sha256: async () => zero,
    text: new TextDecoder(),
  };
  const reader = pageReader(tools, new URL("/", location));
  const page = await reader.published(new URL("evidence.json", location), "", "");
  const [blobs, make] = [[], URL.createObjectURL];
  URL.createObjectURL = (blob) => blobs.push(blob) && make.call(URL, blob);
  const original = new TextEncoder().encode("film");
  const { shown } = await reader.prepared(page, new Map([["a.mp4", original]]));
  const links = [...shown.querySelectorAll("a")];
  const held = await blobs[0].text();
  return [shown.body.innerHTML.replace(links[0].href, "blob:"), links[0].download, held];
}"""


def test_of_a_film_the_poster_is_shown_and_the_original_can_be_had(tab: Page, address: str) -> None:
    """The policy of the site lets no bytes in memory be a film."""
    tab.goto(address + POST)
    html, name, held = tab.evaluate(FILM)
    assert "<video" not in html
    assert '<p><img src="data:image/png;base64,Ynl0ZXM=" alt="">核验过的页面不播放影音' in html
    assert (name, held) == ("a.mp4", "film")
    assert '<a href="blob:" download="a.mp4">' in html and '<a href="b.csv">' in html


NAMES = ("open", "write", "close", "documentElement", "body", "childNodes", "implementation",
         "createElement", "append", "replaceChildren", "adoptedStyleSheets", "styleSheets",
         "querySelectorAll", "title", "contentType", "head")  # fmt: skip


@pytest.mark.parametrize("names", [NAMES, NAMES[:-4], NAMES[3:6], NAMES[:3], ("implementation",)])
def test_names_of_the_host_s_elements_leave_nothing_of_it(
    tab: Page, host: ForgingHost, honest: Honest, names: tuple[str, ...]
) -> None:
    """`document.open` is a form that is called open."""
    forms = "".join(f'<form name="{name}"></form><img name="{name}">' for name in names)
    host.forgery = Forgery(_above(f"{forms}<h1>{FRAUD}</h1><style>{LINE}</style>"))
    tab.goto(host.address + POST)
    tab.locator("[data-sanshen-verify]").evaluate("e => e.click()")
    result, words = answered(tab)
    assert result in ("bad", "altered"), words
    if result == "altered":
        assert _alike(_seen(tab), honest[1])
    else:
        assert tab.evaluate("document.body.children.length") == 2
        assert tab.evaluate("document.documentElement.querySelectorAll('html').length") == 0


def test_an_element_that_passes_for_the_script_gets_no_button(tab: Page, host: ForgingHost) -> None:
    host.forgery = Forgery(_above('<img name="currentScript" src="/elsewhere/x/y.js">'))
    tab.goto(host.address + POST)
    assert tab.locator("[data-sanshen-verify]").is_hidden()


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("img-src 'none'", "不让显示核验过的图片"),
        ("require-trusted-types-for 'script'", "✗ 本页的文件"),
        ("connect-src 'none'", "网络不通或太慢"),
    ],
)
def test_what_the_host_forbids_to_show_is_not_green(
    tab: Page, host: ForgingHost, policy: str, said: str
) -> None:
    host.forgery = Forgery(headers={"Content-Security-Policy": policy})
    tab.goto(host.address + POST)
    result, words = pressed(tab)
    assert result in ("bad", "lack") and said in words
    assert tab.locator("body > *").count() == 2


def test_in_a_frame_of_another_page_it_is_never_green(tab: Page, host: ForgingHost) -> None:
    host.forgery = Forgery(
        files={("document", "frame/"): f'<h1>{FRAUD}</h1><iframe src="/{POST}"></iframe>'.encode()}
    )
    tab.goto(f"{host.address}frame/")
    frame = tab.frame_locator("iframe")
    frame.get_by_role("button", name=BUTTON).evaluate("e => e.click()")
    expect(frame.locator(ANSWER)).to_have_attribute("data-sanshen-proof", "bad")
    expect(frame.locator("body")).to_contain_text("本页被装在别的网页里")


def test_a_page_sent_as_xml_is_not_green(tab: Page, host: ForgingHost) -> None:
    page = f"""<html xmlns="http://www.w3.org/1999/xhtml"><body><h1>{FRAUD}</h1>
      <section data-sanshen-evidence="evidence.json" data-sanshen-log="{ROOT}log/"
        data-sanshen-outside=""><button data-sanshen-verify="">{BUTTON}</button>
        <div data-sanshen-verdict=""><p/></div></section>
      <script src="{ROOT}assets/reading.js"/><script src="{ROOT}assets/verify.js"/></body></html>"""
    host.forgery = Forgery(lambda _: page, headers={"Content-Type": "application/xhtml+xml"})
    tab.goto(host.address + POST)
    result, words = pressed(tab)
    assert result == "bad" and "本页不是按网页发来的" in words
    assert FRAUD not in tab.locator("body").inner_text()


def test_an_answer_painted_beside_a_check_that_cannot_end_is_gone_after_the_press(
    tab: Page, host: ForgingHost
) -> None:
    host.forgery = Forgery(
        _above(f"{FIXED}<style>[data-sanshen-verdict] {{ display: none }}</style>"),
        {("empty", f"{POST}evidence.json"): b"{"},
    )
    tab.goto(host.address + POST)
    assert pressed(tab)[0] == "bad"
    assert "✓ 相符" not in tab.locator("body").inner_text()


def test_a_worker_left_behind_draws_nothing(
    browser: Browser, host: ForgingHost, honest: Honest
) -> None:
    worker = f"""addEventListener('fetch', (event) => event.request.destination === 'style'
      && event.respondWith(new Response({LINE!r}, {{headers: {{'Content-Type': 'text/css'}}}})))"""
    host.forgery = Forgery(files={("serviceworker", "left.js"): worker.encode()})
    with _tab(browser) as page:
        page.goto(host.address + "about/")
        page.evaluate(
            "navigator.serviceWorker.register('/left.js').then(() => navigator.serviceWorker.ready)"
        )
        page.goto(host.address + POST)
        assert FRAUD in page.evaluate(
            "getComputedStyle(document.querySelector('.sn-body'), '::before').content"
        )
        pressed(page)
        _shows_verified(page, honest)


def test_answers_that_change_between_two_questions_are_not_mixed(
    tab: Page, host: ForgingHost, honest: Honest
) -> None:
    """The first who asks for anything gets the forged bytes, whatever for."""
    other = {("empty", path): SHEET for path in ("assets/narrow.css", "assets/print.css")}
    host.forgery = Forgery(files=other | {("empty", SIZED): OTHER}, first=True)
    tab.goto(host.address + POST)
    pressed(tab)
    _shows_verified(tab, honest)
    host.forgery = Forgery(files=other)
    tab.goto(host.address + POST)
    assert pressed(tab)[0] == "bad"
    assert "样式不是文件清单所列的那一份" in tab.locator("body").inner_text()


def _phone(browser: Browser, host: ForgingHost, forgery: Forgery) -> tuple[str, object]:
    host.forgery = forgery
    with browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, color_scheme="dark"
    ) as context:
        page = context.new_page()
        page.goto(host.address + POST)
        result, _ = pressed(page)
        size = page.evaluate(
            "[innerWidth, visualViewport.scale, document.documentElement.scrollWidth]"
        )
        return result, size


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_answer_can_be_read_by_everyone(
    browser: Browser, host: ForgingHost, width: int, scheme: Any
) -> None:
    """Large type, dark colours, a phone; of what was verified, and of what was not."""
    with browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme
    ) as context:
        page = context.new_page()
        page.goto(host.address + POST)
        page.get_by_role("button", name="大字版").click()
        assert pressed(page)[0] == "good"
        assert violations(page) == []
        assert page.locator("body").get_attribute("data-md-color-scheme") == SCHEMES[scheme]
        assert page.locator("html.sn-elder-mode").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        host.forgery = Forgery(files={("empty", f"{POST}evidence.json"): b"{"})
        page.goto(host.address + POST)
        assert pressed(page)[0] == "bad"
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


SCHEMES = {"light": "default", "dark": "slate"}


def test_a_phone_is_not_kept_at_another_width(browser: Browser, host: ForgingHost) -> None:
    wide = _put("width=device-width,initial-scale=1", "width=1600,initial-scale=3,user-scalable=no")
    wanted = _phone(browser, host, Forgery())
    assert _phone(browser, host, Forgery(wide)) == wanted == ("good", [390, 1, 390])


def test_paper_shows_what_was_verified(tab: Page, host: ForgingHost, honest: Honest) -> None:
    """Another sheet for paper alone is never seen on a screen."""

    def printed(forgery: Forgery) -> Seen:
        host.forgery = forgery
        tab.goto(host.address + POST)
        tab.evaluate("localStorage.clear()")
        assert pressed(tab)[0] == "good"
        tab.emulate_media(media="print")
        return _seen(tab)

    wanted = printed(Forgery())
    tab.emulate_media(media="screen")
    forged = printed(
        Forgery(
            _head(f'<style media="print">{LINE}</style>'), {("style", "assets/print.css"): SHEET}
        )
    )
    assert _alike(forged, wanted)
