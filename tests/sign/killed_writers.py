"""`python -m tests.sign.killed_writers --moments 200`: SIGKILL whoever writes, see what is left.

A child signs record after record, or erases post after post; it is killed at a random moment, and
what lies on disk must be whole records and nothing else. Run as a program, because it forks.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random

from pipeline.sign.act import Record, write_record
from pipeline.sign.acts.authorise import remove

SIZE = 200_000
"""Bytes of a statement here: enough that a kill falls into the middle of a write."""
FILES = 8


def record(number: int) -> Record:
    """A record whose bytes tell whether they are whole."""
    body = f"{number}\n".encode() * (SIZE // 8)
    return Record(
        f"content/reviews/2026/p{number}/r1/1-first.json",
        body + sha256(body).hexdigest().encode(),
        sha256(body).hexdigest().encode() * 4,
    )


def post_of(number: int) -> str:
    return f"2026-01-01-p{number}"


def approve(root: Path) -> None:
    """Sign for ever."""
    for number in count():
        write_record(root, record(number))


def expunge(root: Path) -> None:
    """Write each record, then take the post away, for ever."""
    for number in count():
        folder = root / "content" / "posts" / "2026" / post_of(number)
        if not folder.is_dir():
            folder.mkdir(parents=True)
            for name in range(FILES):
                (folder / f"{name}.txt").write_text("x" * 100, encoding="ascii")
            (folder / "whole").touch()
        write_record(root, record(number))
        remove(root, post_of(number))


def killed(root: Path, work: object, seconds: float, *, begun: bool) -> None:
    """Let a child work, and kill it after that time; where it is to have begun, once a record
    stands."""
    child = os.fork()
    if child == 0:
        try:
            work(root)  # type: ignore[operator]
        finally:
            os._exit(1)
    while begun and not any(root.rglob("1-first.json")):
        assert os.waitpid(child, os.WNOHANG) == (0, 0), "the writer ended by itself"
        time.sleep(0.001)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the writer ended by itself"


def inspect(root: Path) -> int:
    """How many whole records there are; AssertionError for a half one or a post lost without."""
    found = 0
    for path in sorted(root.rglob("1-first.json")):
        number = int(path.parts[-3].removeprefix("p"))
        wanted = record(number)
        assert path.read_bytes() == wanted.statement, f"half a statement: {path}"
        assert Path(f"{path}.sig").read_bytes() == wanted.signature, f"half a signature: {path}"
        found += 1
    for folder in sorted(root.glob("content/posts/2026/*")):
        missing = [n for n in range(FILES) if not (folder / f"{n}.txt").is_file()]
        if missing and not (folder / "whole").exists():
            number = int(folder.name.rpartition("p")[2])
            here = (root / record(number).path).is_file()
            begun = not here and not (folder / f"{FILES - 1}.txt").exists()
            assert here or begun, f"bytes are gone before the record stands: {folder}"
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.sign.killed_writers")
    parser.add_argument("--moments", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    random, whole = Random(given.seed), 0
    for number in range(given.moments):
        work = (approve, expunge)[number % 2]
        with tempfile.TemporaryDirectory() as folder:
            # On a busy machine a child may be killed before its first step.
            killed(Path(folder), work, random.uniform(0.0, 0.03), begun=number % 4 > 1)
            whole += inspect(Path(folder))
            if work is expunge:  # whoever was interrupted runs the same command again
                for post in sorted(Path(folder).glob("content/posts/2026/*")):
                    remove(Path(folder), post.name)
                    assert not post.exists()
    print(f"{given.moments} moments, {whole} whole records, no half one")
    return 0


if __name__ == "__main__":
    sys.exit(main())
