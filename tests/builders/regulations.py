"""Folders that hold a regulation, for `sanshen init --regulation`."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.builders.cast import ROOT

YUNLING = ROOT / "tests/assets/regulations/yunling-weekly"
"""Three articles of a fictional county: updates in seven days, three reviews, listed sources."""


def folder_of(root: Path, files: Mapping[str, bytes]) -> Path:
    """A folder with these files; without any, a copy of `YUNLING`."""
    folder = root / "regulation"
    if not files:
        shutil.copytree(YUNLING, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name, raw in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
    return folder
