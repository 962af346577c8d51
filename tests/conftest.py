"""Where the tests put their files."""

import os
from pathlib import Path

MEMORY = Path("/dev/shm")
NEEDED = 4 << 30
"""Bytes; a run fills a quarter of it at the most."""


def pytest_configure() -> None:
    """Archives are thousands of small files: keep them in memory where it is wide and may run."""
    if MEMORY.is_dir():
        here = os.statvfs(MEMORY)
        if here.f_bavail * here.f_frsize > NEEDED and not here.f_flag & os.ST_NOEXEC:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
