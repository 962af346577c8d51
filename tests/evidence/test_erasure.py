"""The two signatures beside an erased post's page, with nothing but the log at hand (R13-10)."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest

from pipeline.evidence.log.leaves import record_digest
from pipeline.evidence.review.expunge import erasure_problems
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.evidence.ssh.allowed_signers import Signer
from tests.builders.cast import at, public_line, sign_as
from tests.builders.named import named

POST = "2026-11-04-open-day"
SIGNED = "2026-11-05T17:00:00+08:00"
PEOPLE = ("kz-a", "ld-a")
TRUSTED = tuple(
    Signer(p, public_line(p), at("2026-01-01 00:00"), at("2027-01-01 00:00")) for p in PEOPLE
)
FEW = "erasure-signers-missing"
Files = dict[str, bytes]


def _signed(*people: str, **changes: Any) -> Files:
    """A record a person, and its signature; `raw`, `key`, `kind`, `space`: what, and how."""
    files: Files = {}
    raw = changes.pop("raw", None)
    key, space = changes.pop("key", ""), changes.pop("space", NAMESPACE)
    kind = f"urn:sanshen:{changes.pop('kind', 'authorisation')}/v1"
    for number, person in enumerate(people, 1):
        said = {"person": person, "signed_at": SIGNED, "expunges": {"post": POST}} | changes
        value = {"predicateType": kind, "predicate": said}
        statement = raw if raw is not None else json.dumps(value).encode()
        files[f"erased-{number}.json"] = statement
        files[f"erased-{number}.json.sig"] = sign_as(key or person, statement, space)
    return files


def _records(files: Files) -> set[str]:
    return {record_digest(raw, files.get(f"{n}.sig", b"")) for n, raw in files.items()}


def _problems(
    files: Files, records: Iterable[str] | None = None, signers: Iterable[Signer] = TRUSTED
) -> list[str]:
    known = _records(files) if records is None else set(records)
    return [named(m) for m in erasure_problems(POST, files, known, tuple(signers))]


def test_two_people_erase_a_post_whatever_the_order_of_the_files() -> None:
    files = _signed(*PEOPLE)
    assert _problems(files) == []
    assert _problems(dict(reversed(files.items()))) == []


@pytest.mark.parametrize("people", [(), ("kz-a",), ("kz-a", "kz-a")])
def test_fewer_than_two_people_erase_nothing(people: tuple[str, ...]) -> None:
    assert _problems(_signed(*people)) == [FEW]


def test_a_record_that_the_log_does_not_have_counts_for_nobody() -> None:
    files = _signed(*PEOPLE)
    first = record_digest(files["erased-1.json"], files["erased-1.json.sig"])
    assert _problems(files, [first]) == ["record-unlogged erased-2.json", FEW]
    # The digest is that of the statement with its signature, not of the statement alone.
    alone = [record_digest(raw) for raw in files.values()]
    assert _problems(files, alone) == [
        "record-unlogged erased-1.json", "record-unlogged erased-2.json", FEW,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"expunges": {"post": f"{POST}-2"}},
        {"expunges": {}},
        {"expunges": POST},
        {"expunges": None},
        {"person": "ld-a"},
        {"person": None},
        {"signed_at": "2026-11-05T17:00:00"},
        {"kind": "declaration"},
        {"signed_at": "x"},
        {"signed_at": 1},
        {"signed_at": None},
        {"signed_at": "2025-12-31T23:59:59+08:00"},
        {"signed_at": "2027-01-01T00:00:00+08:00"},
        {"key": "ld-a"},
        {"space": "git"},
        {"raw": b""},
        {"raw": b"\xff"},
        {"raw": b"null"},
        {"raw": b"[]"},
        {"raw": b"{}"},
        {"raw": b'{"predicate": 1}'},
        {"raw": b'{"predicate": []}'},
        {"raw": b'{"predicate": {}}'},
    ],
    ids=str,
)
def test_what_does_not_say_so_is_named_and_never_raises(changes: dict[str, Any]) -> None:
    files = _signed("kz-a", **changes)
    assert _problems(files) == ["erasure-unsigned erased-1.json", FEW]


def test_a_time_without_its_offset_is_none_for_a_key_that_never_ends_too() -> None:
    files = _signed(*PEOPLE, signed_at="2026-11-05T17:00:00")
    ever = [Signer(p, public_line(p)) for p in PEOPLE]
    assert _problems(_signed(*PEOPLE), signers=ever) == []
    assert FEW in _problems(files, signers=ever)


def test_nor_does_a_changed_record_or_one_without_its_signature() -> None:
    files = _signed(*PEOPLE)
    changed = files | {"erased-2.json": files["erased-2.json"] + b" "}
    bare = {name: raw for name, raw in files.items() if name != "erased-2.json.sig"}
    for other in (changed, bare):
        assert _problems(other) == [
            "erasure-unsigned erased-2.json", FEW,
        ]  # fmt: skip


def test_only_those_whom_the_reader_knows_erase() -> None:
    assert _problems(_signed(*PEOPLE), signers=()) == [
        "erasure-unsigned erased-1.json",
        "erasure-unsigned erased-2.json",
        FEW,
    ]
    # A second key of the same person, and none of them good for both.
    more = [Signer("kz-a", public_line("xxy-a")), *TRUSTED]
    assert _problems(_signed(*PEOPLE), signers=more) == []


def test_a_name_is_told_no_longer_than_a_line() -> None:
    long = "erased-" + "9" * 400 + ".json"
    assert _problems({long: b""}) == [
        f"erasure-unsigned {long[:200]}", FEW,
    ]  # fmt: skip
    signed = _signed("kz-a")
    files = {long: signed["erased-1.json"], f"{long}.sig": signed["erased-1.json.sig"]}
    assert _problems(files, ()) == [f"record-unlogged {long[:200]}", FEW]


def test_the_first_moment_of_a_key_counts() -> None:
    start = datetime.fromisoformat(SIGNED)
    begun = [Signer(p, public_line(p), start) for p in PEOPLE]
    assert _problems(_signed(*PEOPLE), signers=begun) == []
