"""Signed records other than reviews: publications, authorisations, declarations (design.md .5)."""

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import fields
from typing import Any

from pipeline.evidence.review.statements import Statement, Unusable, page_problem, read_statement
from pipeline.evidence.review.superseding import without_superseded
from pipeline.model.calendar import local_date
from pipeline.model.conformance import Conformance
from pipeline.model.evidence import SignedFile
from pipeline.model.findings import Effect, Finding, Location, Reason, say
from pipeline.model.ids import NO_DIGEST, R11_4, ClauseId
from pipeline.model.records import Authorisation, Expunging, Publication, Signed
from pipeline.model.registers import Registers

NAME_DIFFERS = "file-name-differs", say("The file's name says another thing than the record.")


def counted_publications(
    read: Iterable[Publication | Finding],
) -> tuple[tuple[Publication, ...], tuple[Finding, ...]]:
    """Publications that count, and findings on the records that do not.

    A record superseded by a later one does not count and stays visible as a note.
    """
    publications: list[Publication] = []
    problems: list[Finding] = []
    for one in read:
        if isinstance(one, Publication):
            publications.append(one)
        else:
            problems.append(one)
    standing, notes = without_superseded(publications)
    return standing, (*problems, *notes)


def read_publication(
    file: SignedFile, registers: Registers, schema: Conformance
) -> Publication | Finding:
    """One verified publication, or why it does not count."""
    statement = read_statement(file, schema)
    objection = objection_to(statement, registers, "operator", "recorded_at")
    if objection is not None or isinstance(statement, Unusable):
        return refusal(R11_4, file.path, objection)
    if not _name_matches(file.path, statement.predicate):  # records are found by their names
        return refusal(R11_4, file.path, NAME_DIFFERS)
    return _publication(statement)


def unsigned_publication(path: str, raw: bytes, schema: Conformance) -> Publication:
    """As `unsigned`, of a publication."""
    return _publication(_unsigned(path, raw, schema))


_STATED = {f.name for f in fields(Publication)}


def _publication(statement: Statement) -> Publication:
    return Publication(
        path=statement.path,
        manifest=statement.subject,
        fingerprint=statement.fingerprint,
        digest=statement.digest,
        **{key: value for key, value in statement.predicate.items() if key in _STATED},
    )


def _name_matches(path: str, predicate: Mapping[str, Any]) -> bool:
    """Whether a record's file name holds its day, its account and its post."""
    day, *names = path.rpartition("/")[2].removesuffix(".json").split(".")
    day_published = local_date(predicate["published_at"]).isoformat()
    return [day[:10], *names] == [day_published, predicate["account"], predicate["post"]]


def read_authorisations(
    files: Iterable[SignedFile], registers: Registers, schema: Conformance
) -> tuple[tuple[Authorisation, ...], tuple[Finding, ...]]:
    """Verified authorisations, judged by the registers that held before the change (A1)."""
    authorisations: list[Authorisation] = []
    counted, problems = _counted(files, registers, schema, "authorisation")
    for statement in counted:
        p = statement.predicate
        files_after = {**statement.subject, **dict.fromkeys(p["removed"], "")}
        authorisations.append(
            Authorisation(
                statement.path,
                p["person"],
                p["role"],
                p["reason"],
                p["signed_at"],
                files_after,
                p["roster"]["serial"],
                p["roster"]["digest"],
                statement.fingerprint,
                tuple(p.get("acknowledges", ())),
                _expunging(p.get("expunges")),
            )
        )
    return tuple(authorisations), problems


def _expunging(value: Any) -> Expunging | None:
    if value is None:
        return None
    files = frozenset((f["name"], f["sha256"]) for f in value["files"])
    return Expunging(value["post"], value["revision"], value["title"], files)


def _counted(
    files: Iterable[SignedFile],
    registers: Registers,
    schema: Conformance,
    kind: str,
    allowed: Container[str] | None = None,
) -> tuple[list[Statement], tuple[Finding, ...]]:
    """The records of a kind that count, and findings on others; `allowed`: of `objection_to`."""
    counted: list[Statement] = []
    problems: list[Finding] = []
    for file in files:
        statement = read_statement(file, schema)
        objection = objection_to(statement, registers, "person", "signed_at", allowed)
        if objection is not None or isinstance(statement, Unusable):
            clause = _clause(statement, registers, kind, schema.clause)
            problems.append(refusal(clause, file.path, objection))
        else:
            counted.append(statement)
    return counted, tuple(problems)


def objection_to(
    statement: Statement | Unusable,
    registers: Registers,
    signer: str,
    moment: str,
    allowed: Container[str] | None = None,
) -> Reason | None:
    """Why the record does not count: unusable, another archive's, or not this person's key.

    `signer` and `moment` name the keys of the predicate; `allowed`: ids of the people who may sign,
    where the roster alone does not decide it.
    """
    if isinstance(statement, Unusable):
        return statement.name, statement.reason
    predicate = statement.predicate
    if predicate["archive"] != registers.policy.archive.get("id"):
        return "record-misplaced", say("The record was made for another archive.")
    key = registers.roster.key(statement.fingerprint)
    stranger = allowed is not None and predicate[signer] not in allowed
    if key is None or key.person != predicate[signer] or stranger:
        message = say("The key that signed is not the key of {person}.", person=predicate[signer])
        return "record-key-foreign", message
    if objection := key.objection(predicate[moment], statement.digest):
        return objection
    problem = page_problem(statement.origin, predicate[moment], registers)
    return problem[:2] if problem else None


def refusal(clause: ClauseId, path: str, reason: Reason | None) -> Finding:
    name, message = reason or ("record-unusable", say("The record cannot be used."))
    remedy = say("Restore the record as it was signed, or record the fact again.")
    return Finding(clause, name, Effect.REFUSE, message, Location(path), remedy)


# Declarations, rotations, waivers and attestations: verified here, judged by rules (design.md .5).
#
# A record that does not verify counts against its clause: that of a declaration's wording, the one
# that a waiver names, or the one of its schema.


def read_signed(
    files: Iterable[SignedFile], registers: Registers, schema: Conformance, kind: str
) -> tuple[tuple[Signed, ...], tuple[Finding, ...]]:
    """The records of one predicate kind whose signature holds, and findings on the others.

    Checked: signature and schema, this archive, a key of the person that was valid at the time of
    signing. Rules check role, freshness and wording.
    """
    counted, problems = _counted(files, registers, schema, kind, registers.people)
    return tuple(_signed(statement, kind) for statement in counted), problems


def _clause(
    statement: Statement | Unusable, registers: Registers, kind: str, default: ClauseId
) -> ClauseId:
    if isinstance(statement, Unusable):
        return default
    if kind == "waiver":
        return ClauseId(statement.predicate["clause"])
    name = statement.predicate.get("name")
    wordings = registers.entries.get("wordings", ())
    return next((ClauseId(w["clause"]) for w in wordings if w["name"] == name), default)


def unsigned(path: str, raw: bytes, schema: Conformance, kind: str) -> Signed:
    """A well-formed statement before it is signed, as a rule will read it."""
    return _signed(_unsigned(path, raw, schema), kind)


def _unsigned(path: str, raw: bytes, schema: Conformance) -> Statement:
    value = json.loads(raw)
    subject = {row["name"]: row["digest"]["sha256"] for row in value["subject"]}
    return Statement(path, subject, schema.convert(value)["predicate"], "", NO_DIGEST)


def _signed(statement: Statement, kind: str) -> Signed:
    p = statement.predicate
    return Signed(
        kind,
        statement.path,
        statement.path.rpartition("/")[2].removesuffix(".json"),
        p["person"],
        p.get("role", ""),
        p["signed_at"],
        p,
        statement.subject,
        statement.fingerprint,
    )
