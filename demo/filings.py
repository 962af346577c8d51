"""File the demo's forms: what the archivist laid into the archive, in five batches.

A filing holds digests of the reviews and publications it lists, so it is made after they are
signed, from the archive as it then stands.
"""

import shutil
import tempfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pipeline.program  # noqa: F401 - puts the program together
from demo.paths import ROOT
from pipeline.judge.judgements import standing
from pipeline.model.ids import PersonId
from pipeline.parts.form.rendering import forms_of_day
from pipeline.parts.form.verbs import FilingDetails, filing
from pipeline.source.git.repository import Repository

FOLDER = "content/records/filings/2026"
ARCHIVIST = "xxy-c"
BATCHES = (
    ("2026-08-17", "2026-08-31", "2026-09-10"), ("2026-09-01", "2026-09-15", "2026-09-28"),
    ("2026-09-16", "2026-09-30", "2026-10-12"), ("2026-10-01", "2026-10-15", "2026-10-28"),
    ("2026-10-16", "2026-10-31", "2026-11-12"), ("2026-11-01", "2026-11-14", "2026-11-20"),
)  # fmt: skip
"""First day, last day, day of filing."""


def entered() -> list[tuple[datetime, str]]:
    """(when it came to main, path) of every filing that is there."""
    found = []
    for path in sorted((ROOT / FOLDER).glob("*.yml")):
        day = path.stem[:10]
        filed = next(on for first, last, on in BATCHES if first <= day <= last)
        found.append((datetime.fromisoformat(f"{filed}T16:00:00+08:00"), f"{FOLDER}/{path.name}"))
    return found


def write_filings(lay_out: Callable[[Path], None], as_of: datetime) -> None:
    """Write the filings anew from what is signed; `lay_out` makes the archive in a folder."""
    shutil.rmtree(ROOT / FOLDER, ignore_errors=True)
    with tempfile.TemporaryDirectory() as place:
        lay_out(Path(place) / "demo")
        with Repository.open(Path(place) / "demo") as repository:
            archive, _ = standing(repository, repository.commit("HEAD"), lambda _: as_of)
            days = {p.published_at.astimezone(as_of.tzinfo).date() for p in archive.publications}
            for first, last, filed in BATCHES:
                details = FilingDetails(PersonId(ARCHIVIST), "局档案室", date.fromisoformat(filed))
                for day in sorted(d for d in days if first <= d.isoformat() <= last):
                    for form in forms_of_day(archive, day):
                        for path, raw in filing(archive, form, details, ()).items():
                            target = ROOT / path
                            target.parent.mkdir(parents=True, exist_ok=True)
                            target.write_bytes(raw)
