"""``python -m benchmarks.log [--leaves N]``: what a warm build pays for the log, without git.

A log is made and kept; then it is opened, two leaves more are put to it, both are proved, and it
is kept again. Milliseconds, the least of five, because other work on the machine only adds.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from pipeline.evidence.log.leaves import leaf_of, make_log, prove
from pipeline.evidence.log.merkle import root
from pipeline.evidence.log.tiles import other_tiles
from pipeline.memo.log_cache import KIND, KeptLog, Outline, outline_of
from pipeline.memo.sealed import Sealed
from pipeline.model.log import Log, Place

ORIGIN = "archive.example/a"


def place(number: int) -> Place:
    """A confirmation, or the publication after it, with paths as long as real ones."""
    post, record = f"2026-11-03-notice-{number // 2}", sha256(b"%d" % number).hexdigest()
    if number % 2:
        path = f"content/records/publications/2026/{post}.yunlan-weixin.r1.json"
        return "publication", path, record, post, number + 1
    return (
        "confirmation",
        f"content/reviews/2026/{post}/r1/4-confirm.json",
        record,
        post,
        number + 1,
    )


def made(numbers: Iterable[int]) -> Log:
    return make_log(ORIGIN, (leaf_of(place(n)) for n in numbers))


def no_log() -> Log:
    raise AssertionError("nothing was lost, so nothing is made anew")


def warm(sealed: Sealed, outline: bytes, size: int) -> None:
    """All that a build with one new post asks of the log."""
    kept = KeptLog("kept", outline_of(json.loads(outline)), sealed, no_log)
    log = kept.log(ORIGIN, (leaf_of(place(n)) for n in (size, size + 1)))
    root(log.levels)
    assert all(prove(log, place(n)[2]) for n in (size, size + 1))
    list(other_tiles(log))
    sealed.write("stood-1", json.dumps(kept.plus(log)).encode())
    sealed.only(KIND, kept.outline.files)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.log")
    parser.add_argument("--leaves", type=int, nargs="+", default=[2_000, 20_000, 200_000])
    print("leaves  made anew, ms  warm, ms")
    for size in parser.parse_args().leaves:
        with tempfile.TemporaryDirectory() as folder:
            sealed = Sealed(Path(folder) / "kept", bytes(32))
            start = time.perf_counter()
            log = made(range(size))
            cold = time.perf_counter() - start
            outline = json.dumps(KeptLog("", Outline(), sealed, no_log).plus(log)).encode()
            del log
            print(f"{size:6d}  {cold * 1e3:13.0f}  {least(sealed, outline, size) * 1e3:8.1f}")


def least(sealed: Sealed, outline: bytes, size: int) -> float:
    """Seconds."""
    found = []
    for _ in range(5):
        start = time.perf_counter()
        warm(sealed, outline, size)
        found.append(time.perf_counter() - start)
    return min(found)


if __name__ == "__main__":
    main()
