"""Contact sheets of a built site, for docs/readers.md: every kind of page in every look.

`python -m tools.looks build/site [errands]`, where the second is a folder of screens that
`SANSHEN_PICTURES=errands pytest tests/browser/test_errands.py` left. The clock is the demo's own.
"""

import io
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Page, sync_playwright

from tools.pictures import NOW, PICTURES, served

POSTS = (
    "2026-11-21-forest-fire-alert", "2026-11-13-cold-wave-alert", "2026-10-20-shelter-list",
    "2026-11-20-heating-tip", "2026-09-04-confined-space-video", "2026-10-15-rumor-reservoir",
    "2026-11-17-reprint-alarm-install", "2026-10-30-training-notice", "2026-10-20-shelter-list.r1",
)  # fmt: skip
KINDS = (
    "", *(f"posts/2026/{post}/" for post in POSTS), "alerts/", "guides/", "enforcement/",
    "rumors/", "policies/", "videos/", "posts/", "posts/2026/", "posts/2026/11/", "categories/3/",
    "tags/", "topics/", "departments/", "accounts/", "accounts/yunlan-wechat/",
    "search/?q=煤气中毒", "authenticity/", "oversight/", "cadence/", "statistics/",
    "corrections/", "regulation/", "regulation/5/", "regulation/collation/",
    "regulation/accuracy/", "verify/", "inspector/", "about/", "subscribe/", "data/",
    "accessibility/", "map/", "404.html",
)  # fmt: skip
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
LOOKS: Mapping[str, tuple[Mapping[str, Any], float, int]] = {
    "phone": (PHONE, 0.5, 7), "phone-dark": (PHONE | {"color_scheme": "dark"}, 0.4, 9),
    "phone-large": (PHONE, 0.5, 7), "desk": (DESK, 0.36, 4),
    "desk-dark": (DESK | {"color_scheme": "dark"}, 0.3, 5), "desk-large": (DESK, 0.3, 5),
}  # fmt: skip
"""Options of a context, how much smaller a screen is on the sheet, and how many stand in a row."""
Shot = tuple[str, Image.Image]


def main() -> None:
    """Write `looks-*.webp`, of errands where there are screens of them."""
    site, *errands = map(Path, sys.argv[1:])
    with served(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--lang=zh-CN"]
        )
        for look, (options, scale, row) in LOOKS.items():
            _halves(look, list(_screens(browser, address, look, options)), scale, row)
        _halves("paper", list(_paper(browser, address)), 0.32, 8)
        browser.close()
    for folder in errands:
        named = sorted(folder.glob("*.png"), key=lambda path: path.stat().st_mtime)
        shots = [
            (path.stem.removeprefix("test_").replace("_", " "), Image.open(path)) for path in named
        ]
        _sheet("looks-errands", shots, 0.42, 10)


def _screens(
    browser: Browser, address: str, look: str, options: Mapping[str, Any]
) -> Iterator[Shot]:
    with browser.new_context(**options) as context:
        if look.endswith("large"):
            context.add_init_script("localStorage.setItem('sanshen.elder', 'on')")
        page = context.new_page()
        for kind in KINDS:
            _open(page, address + kind)
            yield kind, Image.open(io.BytesIO(page.screenshot()))


def _paper(browser: Browser, address: str) -> Iterator[Shot]:
    """The first two sheets of each kind, by poppler's pdftoppm."""
    page = browser.new_page(**DESK)
    with TemporaryDirectory() as folder:
        pdf = Path(folder) / "sheets.pdf"
        for kind in KINDS:
            _open(page, address + kind)
            page.pdf(path=pdf, prefer_css_page_size=True)
            make = ("pdftoppm", "-png", "-l", "2", "-r", "92", str(pdf), f"{folder}/sheet")
            subprocess.run(make, check=True)
            for sheet in sorted(pdf.parent.glob("sheet*.png")):
                yield (
                    f"{kind or 'home'} {sheet.stem[-1]}",
                    Image.open(io.BytesIO(sheet.read_bytes())),
                )
                sheet.unlink()


def _open(page: Page, address: str) -> None:
    page.clock.set_fixed_time(NOW)
    page.goto(address)
    page.wait_for_load_state("networkidle")


def _halves(look: str, shots: Sequence[Shot], scale: float, row: int) -> None:
    half = (len(shots) + 1) // 2
    for number, part in enumerate((shots[:half], shots[half:]), 1):
        _sheet(f"looks-{look}-{number}", part, scale, row)


def _sheet(name: str, shots: Sequence[Shot], scale: float, row: int) -> None:
    """Screens in rows, each below its path."""
    width, height = (round(side * scale) for side in shots[0][1].size)
    lines = -(-len(shots) // row)
    sheet = Image.new("RGB", (row * (width + 8) + 8, lines * (height + 24)), "#777")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(12)
    for at, (path, shot) in enumerate(shots):
        left, top = 8 + at % row * (width + 8), at // row * (height + 24)
        words = (path.removeprefix("posts/2026/2026-").partition("?")[0] or "home").strip("/")
        draw.text((left, top + 5), words[: width // 7], "#fff", font)
        small = shot.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
        sheet.paste(small, (left, top + 22))
    sheet.save(PICTURES / f"{name}.webp", quality=40, method=6)


if __name__ == "__main__":
    main()
