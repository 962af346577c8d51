"""The lists that come with the program (`pipeline/detect/lists`), beside the archive's own."""

from functools import cache
from importlib.resources import files as resources

from pipeline.model.documents import Document
from pipeline.model.records import Fact
from pipeline.source.content.text import read_yaml

PUBLIC_NUMBERS = "public-numbers"
"""The list that is the program's alone: an archive's own numbers are a parameter."""


@cache
def shipped(name: str) -> tuple[Fact, ...]:
    """The program's entries of a list, in file order; their documents have no path."""
    file = resources("pipeline") / "detect" / "lists" / f"{name}.yml"
    rows = read_yaml(file.name, file.read_bytes(), "R15-2").value[name] if file.is_file() else ()
    return tuple(Fact(name, row["id"], row, Document("")) for row in rows)


def with_shipped(name: str, own: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """An archive's entries and the program's; one that has the id of the program's replaces it,
    and one that says ``off`` takes it out."""
    entered = {entry.id for entry in own}
    theirs = (entry for entry in shipped(name) if entry.id not in entered)
    return (*theirs, *(entry for entry in own if not entry.get("off")))
