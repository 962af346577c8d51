"""The same work by the program of an earlier commit and by this one, in turn.

Figures of two days do not compare, for machines and hours differ: a feature that made a post more
dearer by a third went by unseen for a week. The earlier program is that of the commit which last
changed docs/measurements.md, so that the page says what was lost or won since it was written.
"""

import subprocess
import sys
from collections.abc import Iterator
from functools import cached_property, partial
from pathlib import Path

from benchmarks.corpus import SINGLE, make
from benchmarks.lab import Lab, Row
from benchmarks.measure import ENVIRONMENT, Spent, empty, middle, spend

POSTS = 200
PAGE = "docs/measurements.md"
ROUNDS = 3
WORK = ("verify a change", "audit without a store", "a cold build", "one post more")
"""What is done, in this order: a build finds the site of the one before."""
OVERDUE = 11


def row(work: str) -> str:
    """The row whose budget is how much more this program may take."""
    return f"{work}, {POSTS} posts: beside the program of the last measurements"


def rows(lab: Lab) -> Iterator[Row]:
    """This program's processor time for each piece of work ÷ the earlier program's."""
    if lab.lean:
        return
    turns = Turns(lab.fresh("earlier"))
    for work in WORK:
        yield row(work), partial(turns.ratio, work)


class Turns:
    """Both programs do all the work in turn, each in an archive of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ratio(self, work: str) -> float:
        """Of the medians."""
        earlier, now = (middle(self._spent[name][work]).cpu for name in ("earlier", "now"))
        return now / earlier

    @cached_property
    def _spent(self) -> dict[str, dict[str, list[Spent]]]:
        trees = {"earlier": self._earlier(), "now": Path.cwd()}
        spent = {name: {work: list[Spent]() for work in WORK} for name in trees}
        for name in trees:
            make(self.folder / name, POSTS)
        for _ in range(ROUNDS):
            for name, tree in trees.items():
                for work, one in zip(WORK, self._once(name, tree), strict=True):
                    spent[name][work].append(one)
        return spent

    def _earlier(self) -> Path:
        """The tree of the commit that last changed the page."""
        git = partial(subprocess.run, check=True, capture_output=True, text=True)
        commit = git(["git", "log", "-1", "--format=%H", "--", PAGE]).stdout.strip()
        tree = self.folder / "tree"
        tree.mkdir()
        packed = subprocess.run(["git", "archive", commit], check=True, capture_output=True)
        subprocess.run(["tar", "-x", "-C", tree], check=True, input=packed.stdout)
        return tree

    def _once(self, name: str, tree: Path) -> Iterator[Spent]:
        archive, site = self.folder / name, self.folder / f"site-{name}"
        empty(archive / ".git/sanshen-cache", archive / "build", site)
        run = partial(_run, tree, archive)
        build = partial(run, "build", "--output", str(site), "--log-key", _key(), "--head")
        yield run("verify", "--base", "HEAD~1")
        yield run("audit", "--no-cache")
        yield build(f"HEAD~{SINGLE}")
        yield build(f"HEAD~{SINGLE - 1}")


def _key() -> str:
    return str(Path("tests/assets/keys/log").resolve())


def _run(tree: Path, archive: Path, verb: str, *options: str) -> Spent:
    """One command of a tree's program, whatever program the archive names."""
    command = [sys.executable, "-m", "pipeline", "-C", str(archive), verb, "--any-program"]
    return spend([*command, *options], tree, (0, OVERDUE), ENVIRONMENT | {"PYTHONPATH": str(tree)})
