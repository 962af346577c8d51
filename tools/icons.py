"""Pictures of the site for phones and chats, drawn from site/assets/icon.svg by Chromium.

    .venv/bin/python -m tools.icons

A bureau with an emblem of its own replaces icon.svg, whose first `fill` is the ground of the card,
or the pictures themselves.
"""

from base64 import b64encode
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ASSETS = Path(__file__).parents[1] / "site/assets"
SQUARES = {"icon-192.png": 192, "icon-512.png": 512, "apple-touch-icon.png": 180}
"""Full to the edge, with the emblem in the inner two thirds: a phone may cut a circle out of it."""
CARD = (1200, 630)
_FONT = "font-family:'Noto Sans CJK SC',sans-serif;color:#fff;text-align:center;white-space:nowrap"


def main() -> None:
    """Write the pictures into site/assets."""
    svg = (ASSETS / "icon.svg").read_text("utf-8")
    ground = svg.split('fill="')[1].split('"')[0]
    light = svg.replace(ground, "#fff0").replace("<path", '<path stroke="#fff"', 1)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"]
        )
        page = browser.new_page()

        def draw(name: str, width: int, height: int, ground: str, emblem: str, words: str) -> None:
            side = 0.44 if words else 0.66
            source = b64encode(emblem.encode()).decode()
            page.set_viewport_size({"width": width, "height": height})
            page.set_content(
                f'<body style="margin:0;height:100vh;background:{ground};display:grid;'
                f'place-content:center;justify-items:center;gap:4vh;{_FONT}">'
                f'<img src="data:image/svg+xml;base64,{source}" width="{height * side}">{words}'
            )
            page.locator("img").evaluate("image => image.decode()")
            page.screenshot(path=ASSETS / name)
            with Image.open(ASSETS / name) as picture:
                picture.convert("RGB").quantize(32).save(ASSETS / name, optimize=True)

        for name, size in SQUARES.items():
            draw(name, size, size, "#fff", svg, "")
        words = (
            '<b style="font-size:72px;letter-spacing:.08em">政务新媒体公开档案</b>'
            '<span style="font-size:36px">三级审核，四次签名，任何人都可以核验</span>'
        )
        draw("card.png", *CARD, ground, light, words)
        browser.close()


if __name__ == "__main__":
    main()
