"""Entries of registers for the tests of detectors, short to write."""

from typing import Any

from pipeline.model.records import Fact
from tests.rules.facts import fact


def words(id: str, *found: str, exceptions: tuple[str, ...] = (), **more: Any) -> Fact:
    """An entry of the lexicons that refuses."""
    base: dict[str, Any] = {
        "category": "advertising",
        "effect": "refuse",
        "words": list(found),
        "exceptions": list(exceptions),
        "reason": "商业广告",
        "suggestion": "删去",
    }
    return fact("lexicons", id, **(base | more))


def term(text: str, *near: str, id: str = "t") -> Fact:
    """A protected term with its legitimate neighbours."""
    return fact("terms", id, text=text, kind="office", near=list(near), reason="名称")
