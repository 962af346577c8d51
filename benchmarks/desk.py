"""The desk over an archive on which fifty proposals wait: requests after the first, and memory."""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from benchmarks.lab import Lab, Row
from benchmarks.measure import Spent, spend
from benchmarks.posts import moment
from pipeline.source.content.paths import home
from pipeline.source.git.repository import Repository
from tests.builders.desks import DeskRun, Present, browser

LIST, OPEN, PROCESS = "desk: what waits", "desk: opening a post", "desk: its process"
CHECK = "desk: judging a draft of 68 kB"
LINE = "各单位要落实责任，关好火源再出门，发现隐患立即报告。\n\n"


def rows(lab: Lab) -> Iterator[Row]:
    """A desk in a process of its own; the archive has more branches after this."""
    process = cache(partial(_asked, lab))

    def answered(name: str) -> Spent:
        wall, cpu = json.loads(process().told)[name]
        return replace(process(), wall=wall, cpu=cpu, peak=0)

    yield PROCESS, process
    yield from ((name, partial(answered, name)) for name in (LIST, OPEN, CHECK))


def _asked(lab: Lab) -> Spent:
    """The process; it tells (wall, CPU) seconds of each request."""
    root, last, posts = lab.corpus.folder, lab.corpus.last, lab.corpus.posts
    with Repository.open(root) as repository:
        tree = repository.tree(main := repository.base("main"))
        draft = {path: tree.read(path) for path in tree.files if path.startswith(f"{home(last)}/")}
        who = "zz-a", "zz-a@bench.example", int(moment(posts).timestamp())
        for post in (f"{last[:10]}-fresh-{n}" for n in range(50)):
            files = {path.replace(last, post): raw for path, raw in draft.items()}
            commit = repository.commit_tree(repository.tree_with(main, files), (main,), post, who)
            repository.git("update-ref", f"refs/heads/{post}", commit)
    return spend([sys.executable, "-m", "benchmarks.desk", str(root), post, str(posts)])


if __name__ == "__main__":
    root, post, posts = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    desk = DeskRun(root, root, Present(moment(posts))).open()
    reader, writer, figures = browser(desk, "xxy-a"), browser(desk, "zz-a"), {}
    long = LINE * (68_000 // len(LINE.encode()))
    given = {"_branch": post, "_post": post, "_base": "", "_act": "check", "_body": long}
    asked = {
        LIST: partial(reader.get, "/"),
        OPEN: partial(reader.get, f"/posts/{post}/"),
        CHECK: partial(writer.post, "/write/draft", data=given),
    }
    for name, ask in [*asked.items()] * 2:  # the second counts
        wall, cpu = time.perf_counter(), time.process_time()
        assert ask().status_code == 200
        figures[name] = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps(figures))
