"""The lists that come with the program, beside the archive's own of the same name.

`pipeline/detect/lists` is any bureau's; the wordings are those of the program's regulation.
"""

from functools import cache
from importlib.resources import files as resources

from pipeline.model.conformance import Conformance
from pipeline.model.documents import Document, schema_in
from pipeline.model.records import Fact
from pipeline.source import program
from pipeline.source.content.text import read_yaml

PUBLIC_NUMBERS = "public-numbers"
"""The list that is the program's alone: an archive's own numbers are a parameter."""
WORDINGS = "wordings"


@cache
def shipped(name: str) -> tuple[Fact, ...]:
    """The program's entries of a list, in file order; their documents have no path."""
    package = resources("pipeline")
    folder = package / "rules" if name == WORDINGS else package / "detect" / "lists"
    lists = [f for f in (folder / f"{name}.yml", folder / f"general-{name}.yml") if f.is_file()]
    schemas = program.shipped(f"schemas/registers/{name}.json")
    values = [read_yaml(f.name, f.read_bytes(), "R15-2").value for f in lists]
    for raw in schemas.values():  # dates become dates, as in a register
        values = [*map(Conformance(schema_in(raw), "R13-7").convert, values)]
    return tuple(Fact(name, r["id"], r, Document("")) for value in values for r in value[name])


def with_shipped(name: str, own: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """An archive's entries and the program's; one that has the id of the program's replaces it,
    and one that says ``off`` takes it out."""
    entered = {entry.id for entry in own}
    theirs = (entry for entry in shipped(name) if entry.id not in entered)
    return (*theirs, *(entry for entry in own if not entry.get("off")))
