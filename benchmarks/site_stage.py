"""``python -m benchmarks.site_stage FOLDER OUT``: seconds of the site's stage alone.

Reading and judging are left out, as if they were cached: prints JSON with the seconds of a cold
build, of one that finds nothing changed, and of one that adds the newest post, each the median
of three; the shell of the theme is made beforehand for all of them.
"""

import json
import shutil
import statistics
import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pipeline.flow.judge import judge_all, standing
from pipeline.flow.publish import site_input
from pipeline.model.registers import Registers
from pipeline.report.language import translator
from pipeline.site.build import Plan, build
from pipeline.site.inputs import SiteInput
from pipeline.source.repository import Repository

PLAN = Plan(processes=2)


def read(folder: Path) -> SiteInput:
    """The whole input of a site from an archive with a fixed time."""
    repository = Repository.open(folder)
    head = repository.commit("HEAD")
    archive, trusted = standing(repository, head, _fixed)
    judged = (archive, trusted, judge_all(archive, trusted.rulebook))
    return site_input(repository, head, judged, translator("zh"))


def _fixed(registers: Registers) -> datetime:
    moment: datetime = registers.policy.archive["as_of"]
    return moment


def seconds(site: SiteInput, out: Path) -> float:
    began = time.perf_counter()
    build(site, out, out.parent / "work", PLAN)
    return time.perf_counter() - began


def main(folder: Path, out: Path) -> None:
    site = read(folder)
    log = site.log
    site = replace(site, log=None)  # the same log would refuse the site of one post less
    newest = max(site.archive.posts)
    fewer = {i: p for i, p in site.archive.posts.items() if i != newest}
    before = replace(site, archive=replace(site.archive, posts=fewer))
    shutil.rmtree(out.parent, ignore_errors=True)
    seconds(replace(before, log=None), out.parent / "shell")
    cold = seconds(before, out)
    seconds(site, out)  # the second tree is made once
    seconds(before, out)
    added, same = [], []
    for _ in range(3):
        added.append(seconds(site, out))
        same.append(seconds(site, out))
        seconds(before, out)
    print(
        json.dumps(
            {
                "posts": len(site.archive.posts),
                "log": log.size if log else 0,
                "cold": round(cold, 2),
                "added": round(statistics.median(added), 2),
                "same": round(statistics.median(same), 2),
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
