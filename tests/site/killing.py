"""``python -m tests.site.killing N FOLDER``: kill a build N times, at moments spread over it.

Each time the site must be the old one or the new one, to the byte, and the next build must give
the new one. Prints how often it was which.
"""

import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from pipeline.site.build import Plan
from pipeline.site.inputs import SiteInput
from tests.site import sample
from tests.site.conftest import pages
from tests.site.sample_log import build


def attempt(site: SiteInput, base: Path, delay: float) -> None:
    """Build in a child and kill it after `delay` seconds."""
    child = os.fork()
    if child == 0:
        try:
            build(site, base / "out", base / "work", Plan(2))
        finally:
            os._exit(0)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def main(times: int, base: Path) -> None:
    whole = sample.make()
    sites = [whole, sample.without(whole, "2026-09-21-tip")]
    trees = []
    for number, site in enumerate(sites):
        place = base / f"wanted-{number}"
        build(site, place, base / "work")
        trees.append(pages(place))
    build(sites[0], base / "out", base / "work", Plan(2))
    began = time.perf_counter()
    build(sites[1], base / "out", base / "work", Plan(2))
    spent = time.perf_counter() - began
    draw, seen = random.Random(7), Counter[str]()
    here = 1
    for _ in range(times):
        there = 1 - here
        attempt(sites[there], base, draw.uniform(0, spent * 1.1))
        found = pages(base / "out")
        assert found in (trees[here], trees[there]), "neither the old site nor the new"
        seen["new" if found == trees[there] else "old"] += 1
        build(sites[there], base / "out", base / "work", Plan(2))
        assert pages(base / "out") == trees[there]
        here = there
    print(f"{seen['old']} old, {seen['new']} new")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
