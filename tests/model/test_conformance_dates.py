"""Dates are written one way: what sorts as text and what a reader expects."""

import pytest

from pipeline.model.conformance import Conformance
from pipeline.model.documents import Document

SCHEMA = {"properties": {"day": {"format": "date"}, "at": {"format": "date-time"}}}


@pytest.mark.parametrize(
    ("key", "value", "fine"),
    [
        ("day", "2026-11-03", True),
        ("day", "2024-02-29", True),
        ("day", "2026-02-29", False),
        ("day", "2026-W45-1", False),
        ("day", "20261103", False),
        ("day", "２026-11-03", False),
        ("at", "2026-11-03T09:30:00+08:00", True),
        ("at", "2026-W45-1T09:30:00+08:00", False),
        ("at", "2026-11-03T09:30:00", False),
    ],
)
def test_one_way_of_writing(key: str, value: str, fine: bool) -> None:
    found = list(Conformance(SCHEMA, "R13-7").findings(Document("x.yml", {key: value})))
    assert (found == []) is fine
