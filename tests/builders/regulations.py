"""Folders that hold a regulation, for `sanshen init --regulation`."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from pipeline.law.rulebook import ARTICLE_SCHEMAS, REGULATION, RULES
from pipeline.new.regulation import FILE
from pipeline.new.yaml_writer import dump
from pipeline.source.content.shipped_lists import shipped as shipped_entries
from pipeline.source.program import packed_files, shipped
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


def shipped_folder() -> dict[str, bytes]:
    """The program's regulation as a folder for `init --regulation`: name → bytes."""
    ours = {p.removeprefix("pipeline/"): raw for p, raw in packed_files()}
    law = next(dict(e.value) for e in shipped_entries("instruments") if e.id == "regulation")
    return {
        "regulation.md": shipped(REGULATION)[REGULATION],
        **shipped(ARTICLE_SCHEMAS),
        **{name: raw for name, raw in ours.items() if FILE.fullmatch(name)},
        "wordings.yml": re.sub(rb"(?m)^since:.*\n", b"", ours[f"{RULES}wordings.yml"]),
        "instruments.yml": dump({"instruments": [law]}),
    }
