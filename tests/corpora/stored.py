"""The labelled corpora: one JSON object a line, to be edited by hand.

`text` is what the detector reads, `expect` whether it ought to find something, `why` the kind of
case. Numbers of people stand as places that `fictional.fill` fills.
"""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def read(name: str) -> list[dict[str, Any]]:
    """The rows of one corpus."""
    return rows_of(HERE / f"{name}.jsonl")


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a file, one a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
