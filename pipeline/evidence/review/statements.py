"""Signed statements: exactly the stored bytes, verified, then read strictly (design.md .5).

Order of the checks: (1) both files exist, (2) the signature verifies in the one namespace, (3) the
bytes are strict JSON, (4) they satisfy the predicate's schema. Nothing of a statement is read
before its signature verifies. Format: https://github.com/in-toto/attestation (Statement v1).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.evidence.ssh.keys import PublicKey
from pipeline.evidence.ssh.sshsig import origin_of, verify
from pipeline.model import calendar, documents, evidence, run
from pipeline.model.conformance import Conformance
from pipeline.model.findings import Location, Message, say
from pipeline.model.ids import Digest, sha256_of
from pipeline.model.registers import Registers

NAMESPACE = "sanshen-review@v1"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
MAX_BYTES = 1_000_000
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


@dataclass(frozen=True)
class Statement:
    """A statement whose signature verified."""

    path: str
    subject: Mapping[str, str]
    """Path → sha256 of every file it covers."""
    predicate: Mapping[str, Any]
    fingerprint: str
    digest: Digest
    """sha256 of the statement's bytes followed by the signature's: the next step names it."""
    origin: str = ""
    """Of the page on which a passkey signed; empty: another kind of key did."""


@dataclass(frozen=True)
class Unusable:
    """Why a record does not count, and what to do."""

    name: str
    reason: Message
    remedy: Message
    location: Location


_SIGN_AGAIN = say("Remove the record and sign again with the command that `sanshen status` shows.")


@run.per_run(128)
def read_statement(signed: evidence.SignedFile, schema: Conformance) -> Statement | Unusable:
    """Verify and read one signed record. Never raises, whatever its bytes hold.

    Cached: one run judges a post when it comes to main and when it is published.
    """

    def unusable(name: str, reason: Message) -> Unusable:
        return Unusable(name, reason, _SIGN_AGAIN, Location(signed.path))

    if signed.statement is None or signed.signature is None:
        message = say("The statement or its signature (.sig) is missing.")
        return unusable("statement-missing", message)
    key = verify(signed.signature, signed.statement, NAMESPACE)
    if not isinstance(key, PublicKey):
        message = say("The signature does not verify ({reason}).", reason=key.reason)
        return unusable("signature-unsound", message)
    value = strict_json(signed.statement)
    if not isinstance(value, dict):
        return unusable("statement-not-json", say("The statement is not strict JSON."))
    finding = next((f for f, _ in schema.findings(documents.Document(signed.path, value))), None)
    if finding is not None:
        message = say("The statement is malformed: {what}", what=finding.message)
        return unusable("statement-malformed", message)
    statement = _statement(signed.path, signed.statement, signed.signature, value, schema, key)
    if len(statement.subject) != len(value["subject"]):
        return unusable("statement-file-twice", say("The statement names a file twice."))
    return statement


def _statement(
    path: str, raw: bytes, signature: bytes, value: Any, schema: Conformance, key: PublicKey
) -> Statement:
    return Statement(
        path,
        {s["name"]: s["digest"]["sha256"] for s in value["subject"]},
        schema.convert(value)["predicate"],
        key.fingerprint,
        digest(raw, signature),
        origin_of(signature, key, NAMESPACE),
    )


def digest(statement: bytes, signature: bytes) -> Digest:
    """What the next step's `previous` holds: it pins both the statement and the signature."""
    return sha256_of(statement + signature)


def moment_of(text: str) -> datetime:
    """A time with its offset. Raises ValueError for any other."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without an offset")
    return moment


def page_problem(
    origin: str, moment: datetime, registers: Registers
) -> tuple[str, Message, Message] | None:
    """Why a passkey's signature does not count that was made on a page of an origin, with the name
    of the reason before it and a remedy behind.

    None: the page was one of the desk's by the policy of that day, or no passkey signed.
    """
    if not origin:
        return None
    desks = registers.parameter_if_stated("review.desk_origins", calendar.local_date(moment)) or ()
    if origin in desks:
        return None
    return (
        "signing-page-foreign",
        say("A passkey signed on a page of {origin}, which is no desk of this archive.",
            origin=origin),
        say("Sign on a page of the desk; review.desk_origins of the policy lists its addresses."),
    )  # fmt: skip


def is_return(raw: bytes) -> bool:
    """Whether bytes are a statement that returns a post, signed or not."""
    return predicate_of(raw).get("decision") == "return"


def write_statement(kind: str, subject: Mapping[str, str], predicate: Mapping[str, Any]) -> bytes:
    """The exact bytes to sign: sorted keys, indented, UTF-8, one newline at the end."""
    value = {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": n, "digest": {"sha256": d}} for n, d in sorted(subject.items())],
        "predicateType": f"urn:sanshen:{kind}/v1",
        "predicate": {k: _with_offset(v) for k, v in predicate.items()},
    }
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _with_offset(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(calendar.SHANGHAI).isoformat(timespec="seconds")
    return value


def predicate_of(raw: bytes) -> Mapping[str, Any]:
    """The predicate of a statement, not verified; empty for bytes of another shape."""
    value = strict_json(raw)
    predicate = value.get("predicate") if isinstance(value, dict) else None
    return predicate if isinstance(predicate, dict) else {}


@run.per_run(32)
def strict_json(raw: bytes) -> Any:
    """The value, to be read and not altered; None: duplicate names, NaN, other encodings and deep
    nesting are refused.

    So is a number with a fraction or an exponent, which none of ours has: readers disagree whether
    1.0 is 1, and 1e400 is infinite.

    So is half a surrogate pair: it is no character, and no page could be written with it.
    """
    if len(raw) > MAX_BYTES:
        return None
    try:
        value = _STRICT.decode(raw.decode("utf-8"))
        if _SURROGATE.search(raw):
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value
    except (ValueError, RecursionError):
        return None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("duplicate name")
    return value


def _refuse(number: str) -> Any:
    raise ValueError(number)


_STRICT = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_refuse)
"""Made once: `json.loads` would make one for each text."""
