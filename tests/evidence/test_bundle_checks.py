"""What evidence beside a page proves: signatures, their order, their people, their place in a log.

Each case changes one thing about evidence that holds; what a server may write instead of
evidence is the subject of `test_site_bundle`.
"""

import json
from dataclasses import replace
from typing import Any

import pytest

from pipeline.evidence.log.leaves import make_log, prove, record_digest
from pipeline.evidence.log.merkle import Leaf, Log
from pipeline.evidence.review.bundle_checks import (
    bundle_problems,
    correction_mismatches,
    proof_problems,
    reviewers_of,
)
from pipeline.evidence.review.site_bundle import KeyClaim, Proof, SignedStep, SiteBundle
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.evidence.ssh.allowed_signers import Signer
from pipeline.evidence.ssh.keys import PublicKey
from pipeline.evidence.ssh.sshsig import verify
from tests.builders.cast import at, public_line, sign_as
from tests.builders.evidence import CAST
from tests.builders.named import named

FILES = {"post.md": ("0" * 64, "post.md"), "a.png": ("1" * 64, "")}
STEPS = tuple(CAST)
TIMES = dict(zip(STEPS, ("10:00", "10:00", "11:00", "12:00"), strict=True))


def _bundle(revision: int = 1, **changes: dict[str, Any]) -> SiteBundle:
    """Four steps in order; `changes`: step → what its statement says otherwise."""
    steps, previous = [], None if revision == 1 else "e" * 64
    for step, person in CAST.items():
        other = changes.get(step, {})
        said = {
            "archive": "a", "post": "p", "revision": revision, "step": step, "decision": "approve",
            "reviewer": person, "previous": previous,
            "signed_at": f"2026-11-04T{TIMES[step]}:00+08:00",
            "not_after": "2026-12-04T00:00:00+08:00",
        } | {k: v for k, v in other.items() if k not in ("key", "kind", "subject")}  # fmt: skip
        subject = other.get("subject", {n: d for n, (d, _) in FILES.items()})
        rows = [{"name": n, "digest": {"sha256": d}} for n, d in subject.items()]
        kind = other.get("kind", "review")
        raw = json.dumps({"predicateType": f"urn:sanshen:{kind}/v1", "predicate": said,
                          "subject": rows}).encode()  # fmt: skip
        signature = sign_as(other.get("key", person), raw)
        steps.append(SignedStep(step, raw, signature))
        previous = record_digest(raw, signature)
    keys = tuple(map(_claim, dict.fromkeys(CAST.values())))
    return SiteBundle("a", "p", revision, keys, FILES, tuple(steps), None)


def _claim(person: str) -> KeyClaim:
    key = verify(sign_as(person, b""), b"", NAMESPACE)
    assert isinstance(key, PublicKey)
    line, start = public_line(person), at("2026-01-01 00:00")
    return KeyClaim(person, line, key.fingerprint, start, None, False)


def _said(bundle: SiteBundle, trusted: tuple[Signer, ...] | None = None) -> list[str]:
    return [named(m) for m in bundle_problems(bundle, trusted)]


@pytest.mark.parametrize("revision", [1, 2, 3])
def test_what_holds_has_no_problem(revision: int) -> None:
    assert _said(_bundle(revision)) == []


@pytest.mark.parametrize("step", STEPS)
def test_each_step_names_the_one_before(step: str) -> None:
    """But the first of a later revision names one that the evidence does not hold."""
    word = _word(step)
    wrong = [f"step-not-following {word}"]
    assert _said(_bundle(1, **{step: {"previous": "f" * 64}})) == wrong
    assert _said(_bundle(2, **{step: {"previous": "f" * 64}})) == (
        [] if step == STEPS[0] else wrong
    )


def _word(step: str) -> str:
    return str(SignedStep(step, b"", b"").step_name)


def test_a_step_is_never_older_than_the_one_before() -> None:
    early = {"signed_at": "2026-11-04T09:59:59+08:00"}
    assert _said(_bundle(second=early)) == ["step-older second review"]
    # In another zone the same moment is the same moment.
    assert _said(_bundle(second={"signed_at": "2026-11-04T02:00:00+00:00"})) == []


@pytest.mark.parametrize("step", STEPS[:3])
def test_no_step_before_had_run_out(step: str) -> None:
    """The confirmation is of 12:00, the final review of 11:00."""
    for end, late in (("11:59:59", ["confirm"]), ("12:00:00", [])):
        ends = {"not_after": f"2026-11-04T{end}+08:00"}
        assert _said(_bundle(**{step: ends})) == [f"step-after-expiry {_word(n)}" for n in late]


@pytest.mark.parametrize("swap", [(0, 1), (2, 3)])
def test_the_four_steps_stand_in_order(swap: tuple[int, int]) -> None:
    bundle = _bundle()
    steps = [*bundle.steps]
    steps[swap[0]], steps[swap[1]] = steps[swap[1]], steps[swap[0]]
    for others in (steps, bundle.steps[:3], (*bundle.steps, bundle.steps[3]), ()):
        assert _said(replace(bundle, steps=tuple(others))) == ["steps-out-of-order"]


def test_three_people_review_and_one_of_them_may_confirm() -> None:
    assert _said(_bundle(final={"reviewer": "kz-a", "key": "kz-a"})) == ["reviewers-not-three"]
    keys = (*_bundle().keys, _claim("gly-a"))
    other = replace(_bundle(confirm={"reviewer": "gly-a", "key": "gly-a"}), keys=keys)
    assert _said(other) == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"archive": "b"}, "step-of-another"),
        ({"post": "q"}, "step-of-another"),
        ({"revision": 2}, "step-of-another"),
        ({"step": "final"}, "step-of-another"),
        ({"decision": "return"}, "step-of-another"),
        ({"kind": "declaration"}, "step-of-another"),
        ({"subject": {"post.md": "0" * 64}}, "step-other-files"),
        ({"subject": {"post.md": "0" * 64, "b.png": "1" * 64}}, "step-other-files"),
        ({"subject": {"post.md": "2" * 64, "a.png": "1" * 64}}, "step-other-files"),
    ],
    ids=str,
)
def test_a_step_that_was_signed_for_another_thing(changes: dict[str, Any], found: str) -> None:
    assert _said(_bundle(second=changes)) == [f"{found} second review"]


def test_a_signature_of_other_bytes_ends_the_look() -> None:
    bundle = _bundle()
    steps = [*bundle.steps]
    steps[1] = replace(steps[1], statement=steps[1].statement + b" ")
    assert _said(replace(bundle, steps=tuple(steps))) == ["step-signature-broken second review"]


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        ({}, True),
        ({"start": at("2026-11-04 10:00")}, True),
        ({"start": at("2026-11-04 10:01")}, False),
        ({"end": at("2026-11-04 10:01")}, True),
        ({"end": at("2026-11-04 10:00")}, False),
        ({"void": True}, False),
        ({"person": "somebody"}, False),
        ({"fingerprint": "SHA256:x"}, False),
        ({"line": "ssh-ed25519 AAAA"}, False),
    ],
    ids=str,
)
def test_a_key_counts_for_its_person_and_its_time(changes: dict[str, Any], holds: bool) -> None:
    bundle = _bundle()
    first = replace(bundle.keys[0], **changes)
    said = _said(replace(bundle, keys=(first, *bundle.keys[1:])))
    assert said == ([] if holds else ["step-key-invalid first review xxy-a"])


def _trusted(**changes: Any) -> tuple[Signer, ...]:
    rows = [Signer(p, public_line(p)) for p in dict.fromkeys(CAST.values())]
    return tuple(replace(r, **changes) if r.person == "kz-a" else r for r in rows)


@pytest.mark.parametrize(
    "changes",
    [
        {"person": "x"},
        {"line": public_line("gly-a")},
        {"end": at("2026-11-04 10:00")},
        {"start": at("2026-11-04 10:01")},
    ],
    ids=str,
)
def test_a_key_that_the_reader_does_not_know(changes: dict[str, Any]) -> None:
    assert _said(_bundle(), _trusted()) == []
    assert _said(_bundle(), _trusted(**changes)) == ["key-untrusted kz-a"]


def test_a_person_is_named_no_longer_than_a_line() -> None:
    long = "k" * 400
    told = f"step-key-invalid first review {long[:64]}"
    bundle = _bundle(first={"reviewer": long, "key": "xxy-a"})
    assert _said(bundle) == [told]
    keys = (replace(bundle.keys[0], person=long), *bundle.keys[1:])
    assert _said(replace(bundle, keys=keys), _trusted()) == [f"key-untrusted {long[:64]}"]


def test_the_reviewers_are_those_whom_the_three_reviews_name() -> None:
    bundle = _bundle(confirm={"reviewer": "gly-a", "key": "gly-a"})
    assert reviewers_of(bundle) == {"xxy-a", "kz-a", "ld-a"}
    for broken in (b"", b"[]", b"{}", b'{"predicate": 1}', b'{"predicate": {}}'):
        steps = (replace(bundle.steps[0], statement=broken), *bundle.steps[1:])
        assert reviewers_of(replace(bundle, steps=steps)) == {"kz-a", "ld-a"}


def _logged(extra: int = 5, at_: int = 2) -> tuple[SiteBundle, Log]:
    """Evidence with its place in a log of `extra` other leaves, at the index `at_`."""
    bundle = _bundle()
    confirm = bundle.steps[-1]
    record = record_digest(confirm.statement, confirm.signature)
    leaves = [_leaf("publication", f"{n:064x}") for n in range(extra)]
    leaves.insert(at_, _leaf("confirmation", record))
    grown = [leaf._replace(since=n + 1) for n, leaf in enumerate(leaves)]
    log = make_log("origin", grown)
    found = prove(log, record)
    assert found is not None
    place = Proof("origin", found.leaf.data, found.index, found.size, found.root, found.hashes)
    return replace(bundle, proof=place), log


def _leaf(kind: str, record: str) -> Leaf:
    return Leaf(kind, "p", record, "", 0)


def _placed(bundle: SiteBundle, log: Log) -> list[str]:
    return [named(m) for m in proof_problems(bundle, log)]


ELSEWHERE = ["confirmation-not-logged"]


@pytest.mark.parametrize(("extra", "at_"), [(0, 0), (1, 0), (1, 1), (5, 0), (5, 2), (5, 5)])
def test_a_place_in_the_log_holds(extra: int, at_: int) -> None:
    bundle, log = _logged(extra, at_)
    assert _placed(bundle, log) == []


def test_no_place_is_no_proof() -> None:
    bundle, log = _logged()
    assert _placed(replace(bundle, proof=None), log) == ["proof-missing"]


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": "other"},
        {"index": -4},
        {"index": 0},
        {"index": 3},
        {"index": 6},
        {"size": 2},
        {"size": 4},
        {"size": 7},
        {"root": bytes(32)},
        {"leaf": b"{}"},
        {"leaf": b"[]"},
        {"leaf": _leaf("confirmation", "0" * 64).data},
    ],
    ids=str,
)
def test_another_place_is_named(changes: dict[str, Any]) -> None:
    bundle, log = _logged()
    assert bundle.proof is not None
    assert _placed(replace(bundle, proof=replace(bundle.proof, **changes)), log) == ELSEWHERE


def test_a_leaf_of_the_log_that_names_another_record() -> None:
    """The place of a publication, proven rightly, is not that of the confirmation."""
    bundle, log = _logged()
    other = log.leaves[0]
    found = prove(log, other.record)
    assert found is not None
    proof = Proof("origin", other.data, 0, found.size, found.root, found.hashes)
    assert _placed(replace(bundle, proof=proof), log) == ELSEWHERE
    assert _placed(replace(bundle, steps=bundle.steps[:3]), log) == ELSEWHERE


def test_the_confirmation_named_as_something_else() -> None:
    bundle, log = _logged()
    confirm = bundle.steps[-1]
    record = record_digest(confirm.statement, confirm.signature)
    named = make_log("origin", [_leaf("publication", record)._replace(since=1)])
    found = prove(named, record)
    assert found is not None
    proof = Proof("origin", found.leaf.data, 0, 1, found.root, found.hashes)
    assert _placed(replace(bundle, proof=proof), named) == ELSEWHERE


def test_a_path_that_does_not_lead_to_the_root() -> None:
    bundle, log = _logged()
    assert bundle.proof is not None
    proof = bundle.proof
    for hashes in ((), proof.hashes[:-1], (*proof.hashes, bytes(32)), (bytes(32),)):
        assert _placed(replace(bundle, proof=replace(proof, hashes=hashes)), log) == [
            "proof-broken"
        ]


def test_the_record_of_a_correction_is_the_one_that_each_step_read() -> None:
    """A statement of before the field names none; one that cannot be read is told of elsewhere."""
    right, other = {"correction": "c" * 64}, {"correction": "d" * 64}
    assert not list(correction_mismatches(_bundle(2, first=right, final=right), "c" * 64))
    assert not list(correction_mismatches(_bundle(2, first={"correction": ""}), ""))
    said = [
        named(m)
        for m in correction_mismatches(
            _bundle(2, second=other, confirm={"correction": ""}), "c" * 64
        )
    ]
    assert said == [
        "step-other-correction second review",
        "step-other-correction confirmation",
    ]
    broken = _bundle(2, final=other)
    first, *rest = broken.steps
    for raw in (b"", b"[]", b"{}", b'{"predicate": []}'):
        spoilt = replace(broken, steps=(replace(first, statement=raw), *rest))
        assert len(list(correction_mismatches(spoilt, "c" * 64))) == 1


def _seen(reviewer: str, by: str = "bot") -> dict[str, Any]:
    return {"reviewer": reviewer, "witness": {"by": by}, "key": by}


def _with_bot(**changes: dict[str, Any]) -> SiteBundle:
    bundle = _bundle(**changes)
    return replace(bundle, keys=(*bundle.keys, _claim("bot")))


def test_two_witnessed_steps_are_two_people_though_one_key_signs() -> None:
    assert _said(_with_bot(first=_seen("xxy-a"), second=_seen("kz-a"))) == []
    same = _said(_with_bot(first=_seen("ld-a"), second=_seen("ld-a")))
    assert same == ["reviewers-not-three"]


@pytest.mark.parametrize(
    ("first", "found"),
    [
        (_seen("xxy-a") | {"key": "xxy-a"}, "step-key-invalid first review bot"),
        ({"key": "bot"}, "step-key-invalid first review xxy-a"),
        (_seen("xxy-a", by="kz-a"), "witness-reviews-too"),
        ({"witness": {}, "key": "bot"}, "step-unreadable first review"),
        ({"witness": None, "key": "bot"}, "step-unreadable first review"),
    ],
)
def test_a_witness_signs_as_such_and_takes_no_step(first: dict[str, Any], found: str) -> None:
    assert any(found in said for said in _said(_with_bot(first=first)))
