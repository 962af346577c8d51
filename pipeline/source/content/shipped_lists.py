"""The lists that come with the program, beside the archive's own of the same name.

`pipeline/detect/lists` is any bureau's; the wordings are those of the program's regulation.
"""

from functools import cache
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.model.conformance import Conformance
from pipeline.model.documents import Document, schema_in
from pipeline.model.ids import R13_7, R15_2
from pipeline.model.program import asked_of
from pipeline.model.records import Fact
from pipeline.prepared import Prepared
from pipeline.source import program
from pipeline.source.content import text

_PACKAGE = Path(__file__).parents[2]
WORDINGS = "wordings"
_READ = Prepared("lists", text.__file__)
LISTS = ("instruments", "lexicons", "terms", WORDINGS)
"""Those of which an archive may have entries of its own."""


@cache
def shipped(name: str, made_for: str = __version__) -> tuple[Fact, ...]:
    """The program's entries of a list, as a version of it had them; they have no path. The same
    tuple each time: what is made of a list is kept by its identity."""
    return tuple(entry for since, entry in _entries(name) if asked_of(since, made_for))


@cache
def _entries(name: str) -> tuple[tuple[str, Fact], ...]:
    """(the version that it came with, entry), in file order; ``since`` of a file is of them all."""
    folder = _PACKAGE / ("rules" if name == WORDINGS else "detect/lists")
    lists = [f for f in (folder / f"{name}.yml", folder / f"general-{name}.yml") if f.is_file()]
    values = [_value(f.name, f.read_bytes()) for f in lists]
    for raw in program.shipped(f"schemas/registers/{name}.json").values():
        # Dates become dates, as in a register.
        values = [*map(Conformance(schema_in(raw), R13_7).convert, values)]
    return tuple(
        (row.get("since", value.get("since", "")), Fact(name, row["id"], row, Document("")))
        for value in values
        for row in value[name]
    )


def _value(name: str, raw: bytes) -> Any:
    return _READ.of(name, raw, lambda: text.read_yaml(name, raw, R15_2).value)


def with_shipped(name: str, own: tuple[Fact, ...], made_for: str = __version__) -> tuple[Fact, ...]:
    """An archive's entries and the program's; one that has the id of the program's replaces it,
    and one that says ``off`` takes it out."""
    if not own:
        return shipped(name, made_for)
    entered = {entry.id for entry in own}
    theirs = (entry for entry in shipped(name, made_for) if entry.id not in entered)
    return (*theirs, *(entry for entry in own if not entry.get("off")))
