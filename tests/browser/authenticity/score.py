"""How the page judges texts and pictures: ``python -m tests.browser.authenticity.score FOLDER``.

FOLDER holds rows.jsonl: {"id", "kind": "text" | "picture", "text" or "file", "truth": "issued" |
"altered" | "unknown", "post"} and the pictures. They are put to the page of a built site, of the
demo unless ``--site DIR`` names another, as a reader would. Right is: issued for issued, of that
post; different, or put together of several, for altered; not there for unknown. That it cannot
tell, and what to do, is neither right nor wrong and counted apart; so is that it holds a notice,
and which words before or after it are not the bureau's.

A second figure goes by what that list holds, of rows with "added" (words that are not the
bureau's) or "where" (those that are altered): right, too, is an honest text told apart where each
run of the list consists of words of "added", and an altered one where it quotes all of "where".
"""

import argparse
import json
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.browser.serving import CHROMIUM, PROGRAM, served

ISSUED = {"whole", "excerpt", "several"}
DIFFERENT = {"differs", "joined"}
ABSENT = {"none", "short"}
RIGHT = {"issued": ISSUED, "altered": DIFFERENT, "unknown": ABSENT}
UNCLEAR = {"unclear", "within", "unread"}
"""Nothing is said of it: it cannot be read, or not all of it was looked at."""
FILL = "(field, text) => { field.value = text; }"
SETTLED = "() => { const a = document.getElementById('authenticity-answer'); return !a.hidden; }"


QUOTED = "#authenticity-answer :is(.sn-others, h3 + p + ul) li"
SHORTEST = 2
"""Letters of words of "added" that may follow on others in one run."""


def put(page: Page, row: dict[str, Any], folder: Path) -> tuple[str, str, str]:
    """(answer, its heading, addresses of the posts it names)."""
    page.evaluate("document.getElementById('authenticity-answer').hidden = true")
    if row["kind"] == "text":
        # as a paste does; typed text with thousands of line breaks takes a browser long
        page.locator("#authenticity-words").evaluate(FILL, row["text"])
        page.get_by_role("button", name="核对文字").click()
    else:
        page.set_input_files("#authenticity-picture", [])
        page.set_input_files("#authenticity-picture", folder / row["file"])
    page.wait_for_function(SETTLED, timeout=600_000)
    place = page.locator("#authenticity-answer")
    links = place.locator("a").evaluate_all("all => all.map((a) => a.href).join(' ')")
    return str(place.get_attribute("data-answer")), place.locator("h2").inner_text(), str(links)


def outcome(row: dict[str, Any], answer: str, links: str) -> str:
    truth = row["truth"]
    if answer in ISSUED and truth != "issued":
        return "forgery called issued"
    if answer in ISSUED and row.get("post") and row["post"] not in links:
        return "another post"
    if answer in RIGHT[truth]:
        return "right"
    if answer == "beside" and truth != "unknown":
        return "told apart" if row.get("post", "") in links else "another post"
    if answer in UNCLEAR:
        return "cannot tell"
    return {"issued": "honest called different", "altered": "altered, not told where"}.get(
        truth, "unknown called different"
    )


def letters(words: str) -> str:
    """Without blanks and marks."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", words) if sign.isalnum())


def several(words: str | list[str] | None) -> list[str]:
    return [one for one in map(letters, [words] if isinstance(words, str) else words or []) if one]


def consists(run: str, added: list[str]) -> bool:
    """Whether a run is made up of words of ``added``, or of parts of them, and of nothing else."""
    reached = {0}
    for at in range(len(run)):
        if at not in reached:
            continue
        for end in range(at + 1, len(run) + 1):
            piece = run[at:end]
            short = len(piece) < SHORTEST and piece != run and piece not in added
            if not short and any(piece in one for one in added):
                reached.add(end)
    return len(run) in reached


def by_list(row: dict[str, Any], how: str, quoted: list[str]) -> str:
    """The outcome by what the answer lists as not the bureau's."""
    if how != "told apart":
        return how
    runs = [letters(one) for one in quoted]
    if row["truth"] == "issued" and row.get("added"):
        right = all(consists(run, several(row["added"])) for run in runs)
        return "right" if right else "bureau's words listed"
    if row["truth"] == "altered" and row.get("where"):
        right = all(one in "".join(runs) for one in several(row["where"]))
        return "right" if right else "altered, not told where"
    return how


def judged(address: str, folder: Path) -> Iterator[tuple[dict[str, Any], str, str, str, str]]:
    """(row, answer, its heading, outcome, outcome by the list)."""
    rows = [json.loads(line) for line in (folder / "rows.jsonl").read_text("utf-8").splitlines()]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=CHROMIUM)
        page = browser.new_page()
        page.goto(f"{address}authenticity/")
        page.locator("#authenticity-form fieldset:enabled").first.wait_for()
        for row in rows:
            answer, head, links = put(page, row, folder)
            how = outcome(row, answer, links)
            quoted = page.locator(QUOTED).all_inner_texts() if answer == "beside" else []
            yield row, answer, head, how, by_list(row, how, quoted)
        browser.close()


def demo_site(folder: Path) -> Path:
    for command in ("-m demo.layout", "-m pipeline -C"):
        words = [sys.executable, *command.split(), str(folder / "demo")]
        subprocess.run(
            [*words, "build"] if "-C" in words else words, check=True, capture_output=True
        )
    return folder / "demo/build/site"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--site", type=Path)
    asked = parser.parse_args()
    tally: Counter[tuple[str, str, str]] = Counter()
    listed: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        for address in served(asked.site or demo_site(Path(scratch))):
            for row, answer, head, how, by in judged(address, asked.folder):
                tally[row["kind"], row["truth"], how] += 1
                listed[row["truth"], by] += 1
                if how != "right":
                    print(row["id"], row["kind"], row["truth"], answer, how, by, head, sep="\t")
    for (kind, truth, how), count in sorted(tally.items()):
        print(f"{kind}\t{truth}\t{how}\t{count}")
    right = sum(count for (*_, how), count in tally.items() if how == "right")
    forged = sum(count for (*_, how), count in tally.items() if how == "forgery called issued")
    unclear = sum(count for (*_, how), count in tally.items() if how == "cannot tell")
    print(f"right {right} of {tally.total()} ({right / tally.total():.1%})")
    for (truth, by), count in sorted(listed.items()):
        print(f"by the list\t{truth}\t{by}\t{count}")
    right = sum(count for (_, by), count in listed.items() if by == "right")
    print(f"right by the list {right} of {tally.total()} ({right / tally.total():.1%})")
    print(f"cannot tell: {unclear}")
    print(f"forgeries called issued: {forged}")


if __name__ == "__main__":
    main()
