"""What judges: law, rules, schemas, policy and registers of one tree, read together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline.errors import Fault
from pipeline.evidence.roster import roster_problems
from pipeline.judge.governance import governance, rules_of
from pipeline.judge.record_reader import FOLDERS
from pipeline.law.rulebook import REGULATION, load
from pipeline.model.conformance import Conformance
from pipeline.model.documents import schema_in
from pipeline.model.findings import say
from pipeline.model.law import Rulebook, front_matter_schema, parameter_schemas
from pipeline.model.records import Expunged
from pipeline.model.registers import Registers
from pipeline.source.content.post_paths import Files
from pipeline.source.content.records import paths_under
from pipeline.source.content.registers import read_registers
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import REGULAR

STATEMENTS = ("review", "publication", "authorisation", *FOLDERS)


When = Callable[[Registers], datetime]
"""Gives the one time of a run once the policy is known (a demo archive has a fixed one)."""


@dataclass(frozen=True)
class Trusted:
    """What may judge: law, rules, schemas, policy and registers of one tree."""

    rulebook: Rulebook
    registers: Registers
    front_matter: Conformance
    statements: Mapping[str, Conformance]
    schemas: Mapping[str, bytes]
    expunged: Mapping[str, Expunged] = field(default_factory=dict)
    """Posts whose bytes later signatures erased: a replay knows them before they come."""


_TRUSTED: dict[tuple[str, bool], Trusted] = {}
"""Digest of what governs, and whether it is to come → what was read of it; a replay meets the
same again and again."""
_TRUSTED_LIMIT = 16


def trust(tree: Files, *, to_come: bool = False) -> Trusted:
    """Read the governance of a tree. Raises Fault when there is none to judge by.

    `to_come`: of a tree that is proposed, and may bring rules which this program does not have.
    """
    if not isinstance(tree, Tree):
        return _trust(tree, to_come)
    key = governance(tree), to_come
    if key not in _TRUSTED:
        if len(_TRUSTED) >= _TRUSTED_LIMIT:
            _TRUSTED.clear()
        _TRUSTED[key] = _trust(tree, to_come)
    return _TRUSTED[key]


def _trust(tree: Files, to_come: bool) -> Trusted:
    named = (path for path in paths_under(tree, "schemas/") if path.endswith(".json"))
    schemas = {path: tree.read(path) for path in named if tree.files[path].mode in REGULAR}
    try:
        regulation = tree.read(REGULATION)
    except KeyError as error:
        raise Fault(
            say("There is no regulation here ({path}).", path=REGULATION),
            say("Go to an archive's folder, or start one with `sanshen init`."),
        ) from error
    rulebook = load(regulation, schemas, rules_of(tree), to_come=to_come)
    registers = read_registers(tree, schemas, parameter_schemas(rulebook), rulebook.digest)
    return Trusted(
        rulebook,
        replace(registers, problems=(*registers.problems, *roster_problems(registers))),
        Conformance(front_matter_schema(rulebook), "R11-2"),
        {kind: _statement_schema(schemas, kind) for kind in STATEMENTS},
        schemas,
    )


def _statement_schema(schemas: Mapping[str, bytes], kind: str) -> Conformance:
    path = f"schemas/statements/{kind}.json"
    try:
        return Conformance(schema_in(schemas[path]), "R11-1")
    except (KeyError, ValueError) as error:
        raise Fault(
            say("The schema {path} is missing or cannot be read.", path=path),
            say("Restore it from the last release; `sanshen init` writes all schemas."),
        ) from error
