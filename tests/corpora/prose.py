"""``python -m tests.corpora.prose REPOSITORY [FOLDER …]``: false alarms on long official prose.

Laws, decrees and government reports hold hardly anything to find, so what the detectors show a
person there is nearly all false. Texts are read from the newest commit of a git repository (a bare
one will do) and never copied here: https://github.com/LawRefBook/Laws and
https://github.com/ropensci/textworkshop17 are the ones of docs/measurements.md.
"""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

from benchmarks.measure import table
from tests.corpora.precision import OUTSIDE

NO_TITLE = OUTSIDE.keys() - {"title_body"}
_MARKS = re.compile("<!--.*?-->", re.DOTALL)
"""Marks of the repository's own programs, no prose."""
CHARACTERS = 500_000
"""Enough: whole files, evenly spread over the names, up to about this many characters."""


def _git(repository: str, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "core.quotepath=off", "-C", repository, *arguments],
        capture_output=True, check=True,
    )  # fmt: skip
    return done.stdout.decode("utf-8", "replace")


def texts(repository: str, folders: list[str]) -> Iterator[str]:
    """Texts of the newest commit, one a file, in an order that takes from everywhere."""
    listed = _git(repository, "ls-tree", "-r", "--name-only", "HEAD", "--", *folders)
    names = [n for n in listed.splitlines() if n.endswith((".md", ".txt"))]
    for name in sorted(names, key=lambda n: names.index(n) * 7919 % (len(names) or 1)):
        yield _git(repository, "show", f"HEAD:{name}")


def alarms(sources: Iterator[str], characters: int = CHARACTERS) -> tuple[int, Counter[str]]:
    """Characters read, and kind → lines in which the detectors of that kind find something."""
    read, counted = 0, Counter[str]()
    for text in sources:
        for line in filter(None, map(str.strip, _MARKS.sub("", text).splitlines())):
            row = {"text": line, "near": "2026-06-15"}
            counted.update(kind for kind in NO_TITLE if OUTSIDE[kind](row))
        read += len(text)
        if read >= characters:
            break
    return read, counted


def report(read: int, counted: Counter[str]) -> str:
    """A Markdown table of alarms per 10,000 characters, with the sum last."""
    each = [(kind, counted[kind]) for kind in sorted(NO_TITLE)] + [("all", counted.total())]
    rows = [(kind, n, f"{n * 10_000 / max(read, 1):.3f}") for kind, n in each]
    return f"{read:,} characters\n\n" + table("kind | lines | per 10,000 characters", rows)


if __name__ == "__main__":
    print(report(*alarms(texts(sys.argv[1], sys.argv[2:]))))
