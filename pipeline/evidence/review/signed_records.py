"""Declarations, rotations and waivers: verified, and judged no further (design.md .5).

A record that does not verify counts against the clause it is about: that of a declaration's
wording, that a waiver names, or the one of its schema.
"""

from collections.abc import Iterable

from pipeline.evidence.review.records import objection_to, refusal
from pipeline.evidence.review.statements import Statement, Unusable, read_statement
from pipeline.model.conformance import Conformance
from pipeline.model.evidence import SignedFile
from pipeline.model.findings import Finding
from pipeline.model.records import Signed
from pipeline.model.registers import Registers


def read_signed(
    files: Iterable[SignedFile], registers: Registers, schema: Conformance, kind: str
) -> tuple[tuple[Signed, ...], tuple[Finding, ...]]:
    """The records of one predicate kind whose signature holds, and findings on the others.

    Held: signature and schema, this archive, a key of the named person that was valid at the
    time of signing. Role, freshness and wording are the business of rules.
    """
    counted: list[Signed] = []
    problems: list[Finding] = []
    for file in files:
        statement = read_statement(file, schema)
        objection = objection_to(statement, registers, "person", "signed_at", registers.people)
        if isinstance(statement, Unusable) or objection is not None:
            clause = _clause(statement, registers, kind, schema.clause)
            problems.append(refusal(clause, file.path, objection))
        else:
            counted.append(_signed(statement, kind))
    return tuple(counted), tuple(problems)


def _clause(statement: Statement | Unusable, registers: Registers, kind: str, default: str) -> str:
    if isinstance(statement, Unusable):
        return default
    if kind == "waiver":
        return str(statement.predicate["clause"])
    name = statement.predicate.get("name")
    wordings = registers.entries.get("wordings", ())
    return next((str(w["clause"]) for w in wordings if w["name"] == name), default)


def _signed(statement: Statement, kind: str) -> Signed:
    p = statement.predicate
    return Signed(
        kind,
        statement.path,
        statement.path.rpartition("/")[2].removesuffix(".json"),
        p["person"],
        p["role"],
        p["signed_at"],
        p,
        statement.subject,
        statement.fingerprint,
    )
