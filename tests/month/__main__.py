"""python -m tests.month [--few] [--width N]: play the month and print what each act took.

`--few`: one act of each kind, instead of the whole month; a width of 390 is a phone.
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

import pipeline.program  # noqa: F401 - puts the program together
from tests.month.bureau import founded
from tests.month.play import FEW, WHOLE, play


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.month", description=__doc__)
    parser.add_argument("--few", action="store_true")
    parser.add_argument("--width", type=int, default=1440)
    given = parser.parse_args()
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--lang=zh-CN"]
        )
        with founded(browser, Path(folder) / "archive", given.width) as bureau:
            try:
                play(bureau, FEW if given.few else WHOLE)
            finally:
                print(bureau.tally.table(), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
