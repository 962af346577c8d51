"""Where the tests put their files, how many examples a property draws, and archives to copy."""

import gc
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import pipeline.program  # noqa: F401  # puts the program together
from tests.builders import fixtures, old_archive

template = fixtures.template
frames_of_mkdocs = fixtures.frames_of_mkdocs
proposal_template = fixtures.proposal_template
archive = fixtures.archive
approved_template = fixtures.approved_template
approved = fixtures.approved
demo = fixtures.demo
carried_template = old_archive.carried_template
carried = old_archive.carried

settings.register_profile("suite", deadline=None, derandomize=True, database=None, max_examples=10)
settings.register_profile("long", deadline=None, max_examples=3_000)
settings.load_profile("long" if "SANSHEN_LONG" in os.environ else "suite")
# The suite draws the same few examples from the same tests, so that it judges a change and not its
# luck; `make fuzz` looks for new ones (https://hypothesis.readthedocs.io, "derandomize").
# A deadline of a fifth of a second by the clock tells how busy a machine is, and nothing of the
# code; what must be fast is measured by `make bench`, what must not hang by `make fuzz`.

ENVIRONMENT = re.compile(
    "PATH|HOME|LANG|LANGUAGE|TERM|TMPDIR|TZ|USER|LOGNAME|SHELL|SYSTEMROOT|MUTANT_UNDER_TEST"
    "|(LC|PYTHON|PYTEST|SANSHEN|HYPOTHESIS|XDG|PIP|PLAYWRIGHT|SSL|FORGE)(_.*)?|PYTHON.*|PYTEST.*"
)
"""What tests see of the environment. A service of continuous integration has a hundred variables,
and each of the sixty thousand processes of a run would copy all."""
GITCONFIG = Path(__file__).with_name("assets") / "gitconfig"
"""What git knows of a person besides what a test says: a name and an address."""
MEMORY = Path("/dev/shm")
NEEDED = 4 << 30
"""Bytes; a run fills a quarter of it at the most."""


def pytest_configure() -> None:
    """Keep thousands of small files in memory where it is wide, and what was compiled on disk.

    Collecting compiles every test, and a test that runs the command compiles all of it: without
    bytecode each worker and each command pays again.
    """
    for name in [name for name in os.environ if not ENVIRONMENT.fullmatch(name)]:
        del os.environ[name]
    # Whoever runs the tests may have git sign, ignore files or change line ends, and one that no
    # one has told anything knows no committer: neither bears on them.
    os.environ |= {"GIT_CONFIG_GLOBAL": str(GITCONFIG), "GIT_CONFIG_NOSYSTEM": "1"}
    gc.disable()  # what is collected is kept: looking for garbage in it is in vain
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if MEMORY.is_dir():
        here = os.statvfs(MEMORY)
        if here.f_bavail * here.f_frsize > NEEDED and not here.f_flag & os.ST_NOEXEC:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


@pytest.fixture(autouse=True)
def no_process_of_git_outlives_its_test() -> Iterator[None]:
    """Tests open repositories by the hundred and look at them as long as they like."""
    yield
    if children := sys.modules.get("pipeline.source.git.git_process"):
        for child in children.RUNNING.copy():
            child.end()


def pytest_collection_finish() -> None:
    """What was collected lives as long as the run: no search for garbage need look at it.

    A test leaves little else: one search in thirty of the usual ones finds it.
    """
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
    gc.enable()
