"""python -m tests.month [--few] [--width N] [--pictures FOLDER]: a month, and what each act took.

`--few`: one act of each kind, instead of the whole month; a width of 390 is a phone. With
`--pictures` the seconds mean nothing: each page is photographed, light and dark, and where an act
fails, what everybody has before them.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import expect, sync_playwright

import pipeline.program  # noqa: F401 - puts the program together
from tests.month.bureau import founded
from tests.month.play import FEW, WHOLE, play


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.month", description=__doc__)
    parser.add_argument("--few", action="store_true")
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--pictures", type=Path)
    given = parser.parse_args()
    expect.set_options(timeout=60_000)  # who looks on a busy machine waits; the seconds are told
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--lang=zh-CN"]
        )
        with founded(browser, Path(folder) / "archive", given.width) as bureau:
            bureau.tally.pictures = given.pictures
            try:
                play(bureau, FEW if given.few else WHOLE)
            except Exception:
                bureau.tally.present = "failed"
                for name, hand in bureau.hands.items():
                    hand.look(name)
                raise
            finally:
                print(bureau.tally.table(), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
