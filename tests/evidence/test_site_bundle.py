"""The evidence file beside a page, as a server that lies would write it: never an exception."""

import json
from base64 import b64encode
from typing import Any

import pytest

from pipeline.evidence.log.leaves import make_log
from pipeline.evidence.review.bundle_checks import bundle_problems, proof_problems
from pipeline.evidence.review.site_bundle import Proof, read_site_bundle
from pipeline.evidence.review.statements import digest
from pipeline.model.evidence import STEP_NAMES, Step
from tests.builders.cast import public_line, sign_as
from tests.builders.evidence import CAST
from tests.builders.named import named
from tests.evidence.taken_apart import key_of

Said = dict[str, Any]


def _bundle(changed: int = -1, **changes: Any) -> bytes:
    """Four signed steps; one of them is signed with words that are changed (None: left out)."""
    steps, previous = [], None
    for number, (step, person) in enumerate(CAST.items()):
        said: Said = {
            "archive": "a", "post": "p", "revision": 1, "step": step, "decision": "approve",
            "reviewer": person, "previous": previous, "signed_at": f"2026-11-04T1{number}:00+08:00",
            "not_after": "2026-12-04T00:00:00+08:00",
        }  # fmt: skip
        subject = [{"name": "post.md", "digest": {"sha256": "0" * 64}}]
        if number == changed:
            subject = changes.pop("subject", subject)
            said = {k: v for k, v in (said | changes).items() if v != "-"}
        kind = {"predicateType": "urn:sanshen:review/v1"}
        raw = json.dumps(kind | {"predicate": said, "subject": subject}).encode()
        signature = sign_as(person, raw)
        previous = digest(raw, signature)
        steps.append({"step": step, "statement": _text(raw), "signature": _text(signature)})
    keys = [_key(person) for person in dict.fromkeys(CAST.values())]
    files = [{"name": "post.md", "sha256": "0" * 64, "url": None}]
    return json.dumps({
        "version": 1, "namespace": "sanshen-review@v1", "archive": "a", "post": "p", "revision": 1,
        "steps": steps, "keys": keys, "files": files, "log": None,
        "publications": [],
    }).encode()  # fmt: skip


def _text(raw: bytes) -> str:
    return b64encode(raw).decode()


def _key(person: str) -> Said:
    fingerprint = key_of(sign_as(person, b"")).fingerprint
    return {"person": person, "line": public_line(person), "fingerprint": fingerprint,
            "from": "2026-01-01T00:00:00+08:00", "until": None}  # fmt: skip


def _problems(raw: bytes) -> list[str]:
    found = read_site_bundle(raw)
    assert found is not None
    return [named(m) for m in bundle_problems(found, None)]


def test_a_right_one_has_no_problem_but_its_place_in_the_log() -> None:
    assert _problems(_bundle()) == []
    found = read_site_bundle(_bundle())
    assert found is not None
    assert named(next(proof_problems(found, make_log("o", ())))) == "proof-missing"


@pytest.mark.parametrize("key", ["previous", "signed_at", "not_after", "reviewer", "decision"])
@pytest.mark.parametrize("step", range(4))
def test_a_signed_statement_leaves_out_what_it_must_say(step: int, key: str) -> None:
    name = list(CAST)[step]
    assert _problems(_bundle(step, **{key: "-"})) == [f"step-unreadable {STEP_NAMES[Step(name)]}"]


@pytest.mark.parametrize("value", [1, None, [], {}, "2026-11-04T10:00", "x", "9" * 5000])
def test_a_signed_time_is_none(value: Any) -> None:
    assert _problems(_bundle(1, signed_at=value)) == ["step-unreadable second review"]


def test_a_signed_statement_names_a_file_twice() -> None:
    row = {"name": "post.md", "digest": {"sha256": "1" * 64}}
    twice = [row, {"name": "post.md", "digest": {"sha256": "0" * 64}}]
    assert _problems(_bundle(0, subject=twice)) == ["step-other-files first review"]


@pytest.mark.parametrize(
    "revision", ["1e400", "-1e400", "1.0", '"1"', "true", "null", "[]", "NaN", "9" * 5000]
)
def test_a_revision_is_no_whole_number(revision: str) -> None:
    raw = _bundle().replace(b'"revision": 1, "steps"', f'"revision": {revision}, "steps"'.encode())
    assert read_site_bundle(raw) is None


@pytest.mark.parametrize("place", ["index", "size"])
def test_a_place_in_the_log_is_no_whole_number(place: str) -> None:
    proof = {"origin": "o", "leaf": "x", "index": 0, "size": 1, "root": "", "hashes": []}
    value = json.loads(_bundle()) | {"log": proof}
    assert read_site_bundle(json.dumps(value).encode()) is not None
    raw = json.dumps(value).replace(f'"{place}": {proof[place]}', f'"{place}": 1e400')
    assert read_site_bundle(raw.encode()) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"[]", b"{}", b"null", b"[" * 100_000, b'{"steps": 1}', b"\xff",
        _bundle().replace(b'"post": "p", "revision": 1, "steps"',
                          b'"post": "q", "post": "p", "revision": 1, "steps"'),
    ],
    ids=lambda raw: str(raw[:20]),
)  # fmt: skip
def test_what_is_no_bundle_is_none(raw: bytes) -> None:
    assert read_site_bundle(raw) is None


PROOF: Said = {
    "origin": "o", "leaf": "{}", "index": 3, "size": 7, "root": _text(b"r"),
    "hashes": [_text(b"a"), _text(b"b")],
}  # fmt: skip


def _proof(**changes: Any) -> Proof | None:
    found = read_site_bundle(json.dumps(json.loads(_bundle()) | {"log": PROOF | changes}).encode())
    return found.proof if found else None


def test_a_place_in_the_log_is_read_as_it_is_told() -> None:
    assert _proof() == Proof("o", b"{}", 3, 7, b"r", (b"a", b"b"))


@pytest.mark.parametrize("text", ["c!g==", "cg==\n", "cg", "c", " cg==", "ch=="])
def test_bytes_have_one_form(text: str) -> None:
    assert _proof(root=text) is None
    assert _proof(hashes=[text]) is None


@pytest.mark.parametrize("records", [None, 1, [1], [{}], [{"statement": "!", "signature": ""}]])
def test_records_of_another_shape(records: object) -> None:
    assert (
        read_site_bundle(json.dumps(json.loads(_bundle()) | {"publications": records}).encode())
        is None
    )
