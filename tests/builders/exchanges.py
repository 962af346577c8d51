"""What a server answered: tests/assets/forge/recorded, as provenance.json tells."""

import copy
import json
from functools import cache
from typing import Any

from tests.builders.cast import ROOT

ASSETS = ROOT / "tests/assets/forge"


@cache
def exchanges(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((ASSETS / f"recorded/{name}.json").read_bytes())
    return rows


def answers(name: str, *, who: str = "") -> dict[str, Any]:
    """Path below the repository, or from the root, → its last answer, of a recorded scene."""
    return {
        row["request"]
        .partition(" /api/v1/")[2]
        .removeprefix("repos/yunlan/archive"): copy.deepcopy(row["answer"])
        for row in exchanges(name)
        if row["status"] == 200 and who in ("", row["as"])
    }


def proposal(name: str) -> dict[str, Any]:
    """The payload of a recorded proposal, as the poller writes it."""
    pull, reviews, timeline = answers(name).values()
    return {"pull": pull, "reviews": reviews, "timeline": timeline, "complete": True}
