"""Where the tests put their files, and how long a property may take."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.register_profile("long", deadline=None, max_examples=3_000)
settings.load_profile("long" if "SANSHEN_LONG" in os.environ else "suite")
# The suite draws the same examples from the same tests, so that it judges a change and not its
# luck; new ones are looked for by `make fuzz` (https://hypothesis.readthedocs.io, "derandomize").
# A deadline of a fifth of a second by the clock tells how busy a machine is, and nothing of the
# code; what must be fast is measured by `make bench`, what must not hang by `make fuzz`.

MEMORY = Path("/dev/shm")
NEEDED = 4 << 30
"""Bytes; a run fills a quarter of it at the most."""


def pytest_configure() -> None:
    """Archives are thousands of small files: keep them in memory where it is wide and may run."""
    if MEMORY.is_dir():
        here = os.statvfs(MEMORY)
        if here.f_bavail * here.f_frsize > NEEDED and not here.f_flag & os.ST_NOEXEC:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture(autouse=True)
def no_process_of_git_outlives_its_test() -> Iterator[None]:
    """Tests open repositories by the hundred and look at them as long as they like."""
    yield
    if children := sys.modules.get("pipeline.source.git.git_process"):
        for child in tuple(children.RUNNING):
            child.end()
