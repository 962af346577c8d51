"""What a row of the single vetoes says of a fault that signatures closed."""

from pipeline.model.findings import Effect, Finding, Location, Outcome, say
from pipeline.model.reports import Verdict
from pipeline.parts.inspection.reports import Inspected, inspection_tables
from tests.builders.named import SENTENCES
from tests.rules.builders import archive
from tests.rules.governance import registers
from tests.rules.test_a05_updates import TEXT


def test_a_silence_that_was_explained_and_closed_happened() -> None:
    """It is found, with its rectification, and never reads as none found."""
    explained = Finding(
        "R05-3", "so-it-is", Effect.NOTE, say("silent, rectified"), Location("x"),
        say(SENTENCES["rectification-recorded"]), "wx", waivable="wx 2026-10-01",
    )  # fmt: skip
    periods = Verdict("archive", {"R05-3": Outcome.DECLARED}, (explained,))
    given = Inspected.of(archive(registers=registers([TEXT])), {}, periods, (2026, 3))
    vetoes = inspection_tables(given)[0].rows
    (row,) = [r for r in vetoes if r[3] == "R05-3"]
    assert (str(row[2]), str(row[5])) == ("found: 1", "silent, rectified")
