"""Declarations, rotations and waivers: what counts, and under which clause what does not."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pipeline.evidence.review.records import read_signed
from pipeline.evidence.review.statements import write_statement
from pipeline.judge.load_governance import Trusted, trust
from pipeline.model.evidence import SignedFile
from pipeline.model.findings import Effect
from pipeline.source.content.paths import MemoryTree
from tests.builders.cast import at, governance, key, registers, sign_as

PLACES = {"declaration": "declarations", "rotation": "rotations", "waiver": "waivers"}
PREDICATES: dict[str, dict[str, Any]] = {
    "declaration": {
        "role": "section-head", "name": "basis-review", "version": 1, "text_digest": "a" * 64,
        "subject": "", "from": "2026-01-01", "until": "2026-11-04",
    },
    "rotation": {
        "role": "operator", "account": "wx", "rotated_at": at("2026-11-04 09:00"),
        "custodian": "gly-a", "reason": "scheduled", "classes": 2, "long_enough": True,
    },
    "waiver": {
        "role": "section-head", "clause": "R16-2", "post": "2026-11-05-x", "text": "务必转发",
        "content": "c" * 64, "reason": "转述来稿原话", "expires_on": "2026-12-01",
    },
}  # fmt: skip
DEFAULT = {"declaration": "R01-1", "rotation": "R14-1", "waiver": "R16-2"}
"""The clause a verified but uncounted record violates: of its wording, its schema, its own."""


@pytest.fixture(scope="module")
def trusted() -> Trusted:
    retired = {"revocation": "retired", "revoked_at": "2026-11-01T00:00:00+08:00"}
    roster = registers()["roster"]
    keys = [k if k["person"] != "ld-b" else k | retired for k in roster["keys"]]
    stranger = key("xxy-b", "somebody")
    changed = {"roster": roster | {"keys": [*keys, stranger]}}
    return trust(MemoryTree(governance(changed)))


def made(kind: str, by: str = "kz-a", signer: str = "", **changes: Any) -> SignedFile:
    stated = {
        "archive": "yunlan-yjj", "person": by, "signed_at": at("2026-11-04 10:00"),
    } | PREDICATES[kind] | changes  # fmt: skip
    statement = write_statement(kind, {"x": "a" * 64}, stated)
    path = f"content/records/{PLACES[kind]}/2026/one.json"
    return SignedFile(path, statement, sign_as(signer or by, statement))


def read(trusted: Trusted, kind: str, *files: SignedFile) -> tuple[Any, Any]:
    return read_signed(files, trusted.registers, trusted.statements[kind], kind)


@pytest.mark.parametrize("kind", PREDICATES)
def test_a_record_that_verifies_is_read_with_typed_values(trusted: Trusted, kind: str) -> None:
    (signed,), problems = read(trusted, kind, made(kind))
    assert problems == ()
    assert (signed.kind, signed.id, signed.person) == (kind, "one", "kz-a")
    assert signed.path == f"content/records/{PLACES[kind]}/2026/one.json"
    assert signed.role == PREDICATES[kind]["role"]
    assert signed.signed_at == at("2026-11-04 10:00")
    assert signed.subject == {"x": "a" * 64}
    assert signed.fingerprint == trusted.registers.roster.keys[2].fingerprint
    for name in ("until", "rotated_at", "expires_on"):
        assert not isinstance(signed.get(name), str)


REASONS: list[tuple[Callable[[str], SignedFile], str]] = [
    (lambda kind: made(kind, archive="other"), "record-misplaced"),
    (
        lambda kind: made(kind, signer="gly-a"),
        "record-key-foreign",
    ),
    (
        lambda kind: made(kind, "nobody", "gly-a"),
        "record-key-foreign",
    ),
    (lambda kind: made(kind, "ld-b"), "key-not-valid"),
    (
        lambda kind: made(kind, signed_at=at("2025-12-31 23:59")),
        "key-not-valid",
    ),
    (lambda kind: made(kind, signer="unknown"), "record-key-foreign"),
]


@pytest.mark.parametrize("kind", PREDICATES)
@pytest.mark.parametrize(("file", "name"), REASONS)
def test_a_record_that_does_not_count_is_named_under_its_clause(
    trusted: Trusted, kind: str, file: Callable[[str], SignedFile], name: str
) -> None:
    signed, (problem,) = read(trusted, kind, file(kind))
    assert signed == ()
    assert (problem.clause, problem.effect) == (DEFAULT[kind], Effect.REFUSE)
    assert problem.name == name
    assert problem.location.path == f"content/records/{PLACES[kind]}/2026/one.json"


def test_without_wordings_a_declaration_counts_against_the_clause_of_its_schema(
    trusted: Trusted,
) -> None:
    known = trusted.registers
    entries = {name: rows for name, rows in known.entries.items() if name != "wordings"}
    schema, file = trusted.statements["declaration"], made("declaration", archive="other")
    _, (problem,) = read_signed([file], replace(known, entries=entries), schema, "declaration")
    assert problem.clause == schema.clause


@pytest.mark.parametrize("kind", PREDICATES)
def test_nothing_of_an_unverified_statement_is_believed(trusted: Trusted, kind: str) -> None:
    sound = made(kind)
    assert sound.statement is not None
    changed = sound.statement.replace(b"kz-a", b"ld-a")
    for file in (
        SignedFile(sound.path, changed, sound.signature),
        SignedFile(sound.path, sound.statement, None),
        SignedFile(sound.path, None, sound.signature),
        SignedFile(sound.path, sound.statement, b"no signature"),
    ):
        signed, (problem,) = read(trusted, kind, file)
        assert signed == ()
        assert problem.clause == trusted.statements[kind].clause


@pytest.mark.parametrize(
    ("kind", "name"), [(k, n) for k, p in PREDICATES.items() for n in (*p, "person", "archive")]
)
def test_a_statement_spoiled_in_one_field_does_not_count(
    trusted: Trusted, kind: str, name: str
) -> None:
    for spoil in (lambda p: p.pop(name), lambda p: p.update({name: []})):
        raw = made(kind).statement
        assert raw is not None
        value = json.loads(raw)
        spoil(value["predicate"])
        statement = json.dumps(value).encode()
        file = SignedFile("a.json", statement, sign_as("kz-a", statement))
        signed, problems = read(trusted, kind, file)
        assert signed == ()
        assert len(problems) == 1


def test_a_key_of_somebody_who_is_in_no_register_does_not_count(trusted: Trusted) -> None:
    people = {i: p for i, p in trusted.registers.people.items() if i != "kz-a"}
    known = replace(trusted.registers, people=people)
    signed, (problem,) = read_signed(
        [made("rotation")], known, trusted.statements["rotation"], "rotation"
    )
    assert signed == ()
    assert problem.name == "record-key-foreign"


def test_one_kind_is_never_read_as_another(trusted: Trusted) -> None:
    signed, problems = read(trusted, "rotation", made("declaration"))
    assert signed == ()
    assert [p.clause for p in problems] == ["R14-1"]


def test_no_field_can_hold_a_password(trusted: Trusted) -> None:
    signed, problems = read(trusted, "rotation", made("rotation", password="Geheim#2026"))
    assert signed == ()
    assert "password" in str(problems[0].message)
    assert "Geheim" not in str(problems)
