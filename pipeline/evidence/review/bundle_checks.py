"""The evidence file beside a published page, checked with nothing but itself and the log.

What it can prove: that the keys it names signed these bytes in order, that three reviewers
differ, and that the confirmation is in the log. Whose keys they are, the roster says: readers who
want to know give an allowed_signers file that they obtained elsewhere.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.evidence.log.leaves import record_digest
from pipeline.evidence.log.merkle import leaf_hash, root, verify_inclusion
from pipeline.evidence.review.site_bundle import SignedStep, SiteBundle, moment_of
from pipeline.evidence.review.statements import NAMESPACE, predicate_of, strict_json
from pipeline.evidence.ssh.allowed_signers import Signer
from pipeline.evidence.ssh.keys import PublicKey
from pipeline.evidence.ssh.sshsig import verify
from pipeline.model.evidence import REVIEW_STEPS, Step
from pipeline.model.findings import Message, say
from pipeline.model.log import Log

PREDICATE = "urn:sanshen:review/v1"
ORDER = tuple(step.value for step in Step)
REVIEWS = tuple(step.value for step in REVIEW_STEPS)
Trusted = Collection[Signer] | None
"""Who may sign, see `bundle_problems`."""


def bundle_problems(bundle: SiteBundle, trusted: Trusted) -> Iterator[Message]:
    """What is wrong with the signatures, their order and their people.

    `trusted`: keys obtained elsewhere (`signers.read_signers`), each for its person and its time;
    None: the keys are taken as the site presents them.
    """
    if tuple(s.step for s in bundle.steps) != ORDER:
        yield say("The four steps are not there in order.")
        return
    previous, since, until = None, None, None
    people: list[str] = []
    witnesses: set[str] = set()
    for number, signed in enumerate(bundle.steps):
        said = _read_step(bundle, signed, trusted)
        if isinstance(said, Message):
            yield said
            return
        opening = number == 0 and bundle.revision > 1
        if said.previous != previous and not opening:
            yield say("The step {step} does not follow the one before it.", step=signed.word)
        if since is not None and said.moment < since:
            yield say("The step {step} claims to be older than the one before.", step=signed.word)
        if until is not None and until < said.moment:
            yield say("A step before {step} had run out when it was signed.", step=signed.word)
        previous, since = record_digest(signed.statement, signed.signature), said.moment
        until = min(until or said.until, said.until)
        people.append(said.reviewer)
        witnesses |= {said.signer} - {said.reviewer}
    if witnesses & {*people}:
        yield say("One key vouches for a review and signs another.")
    if len(set(people[: len(REVIEWS)])) != len(REVIEWS):
        yield say("The three reviews are not by three different people.")


def told_problems(bundle: SiteBundle, recorded: str) -> Iterator[Message]:
    """Steps that read another record of the correction than `recorded`: what the log says is the
    record of this revision, empty where it knows none (A15). Older statements name none, and one
    that cannot be read is a problem of its own."""
    for signed in bundle.steps:
        if predicate_of(signed.statement).get("correction", recorded) != recorded:
            yield say("The step {step} read another record of the correction.", step=signed.word)


@dataclass(frozen=True)
class _Said:
    """What the order of the steps asks of a statement."""

    previous: str | None
    moment: datetime
    until: datetime
    reviewer: str
    signer: str
    """Whose key must have signed: the reviewer's, or that of the witness."""


def _read_step(bundle: SiteBundle, signed: SignedStep, trusted: Trusted) -> _Said | Message:
    """What a step says, or what is wrong with it by itself."""
    key = verify(signed.signature, signed.statement, NAMESPACE)
    if not isinstance(key, PublicKey):
        return say("The signature of the step {step} does not verify.", step=signed.word)
    try:
        value = strict_json(signed.statement)
        said = value["predicate"]
        signed_at, until = (moment_of(said[name]) for name in ("signed_at", "not_after"))
        signer = signer_of(said)
        read = _Said(said["previous"], signed_at, until, str(said["reviewer"]), str(signer))
        return _statement_problem(bundle, signed, value, key, trusted) or read
    except (ValueError, TypeError, KeyError, AttributeError):
        return say("The statement of the step {step} cannot be read.", step=signed.word)


def _statement_problem(
    bundle: SiteBundle, signed: SignedStep, value: Any, key: PublicKey, trusted: Trusted
) -> Message | None:
    said = value["predicate"]
    named = sorted((row["name"], row["digest"]["sha256"]) for row in value["subject"])
    about = (
        value["predicateType"],
        *(said[k] for k in ("archive", "post", "revision", "step", "decision")),
    )
    wanted = (PREDICATE, bundle.archive, bundle.post, bundle.revision, signed.step, "approve")
    if about != wanted:
        return say("The step {step} was signed for something else.", step=signed.word)
    if named != sorted((name, digest) for name, (digest, _) in bundle.files.items()):
        return say("The step {step} was signed over other files.", step=signed.word)
    moment, person = moment_of(said["signed_at"]), signer_of(said)
    if not claimed(bundle, key, person, moment):
        return say("The key of the step {step} was not valid for {person}.", step=signed.word,
                   person=str(person)[:64])  # fmt: skip
    return distrusted(key, person, moment, trusted)


def signer_of(said: Any) -> Any:
    """Whose key must have signed a review: its reviewer's, or that of the witness of a click."""
    return said["witness"]["by"] if "witness" in said else said["reviewer"]


def claimed(bundle: SiteBundle, key: PublicKey, person: Any, moment: datetime) -> bool:
    """Whether the site presents a key as this person's at that time."""
    claims = (k for k in bundle.keys if k.fingerprint == key.fingerprint and k.line == key.line)
    return any(
        k.person == person and not k.void and k.start <= moment and (not k.end or moment < k.end)
        for k in claims
    )


def distrusted(key: PublicKey, person: Any, moment: datetime, trusted: Trusted) -> Message | None:
    """That a key is not among those obtained elsewhere; None: it is, or none were."""
    if trusted is None or any(t.signs(person, key.line, moment) for t in trusted):
        return None
    return say("The key of {person} is not among those you trust.", person=str(person)[:64])


def proof_problems(bundle: SiteBundle, log: Log) -> Iterator[Message]:
    """What is wrong with a bundle's place in the log that the site's checkpoint commits to."""
    proof = bundle.proof
    if proof is None:
        yield say("There is no proof that the confirmation is in the log.")
        return
    confirm = next((s for s in bundle.steps if s.step == ORDER[-1]), None)
    record = record_digest(confirm.statement, confirm.signature) if confirm else ""
    wanted = (
        proof.origin == log.origin
        and 0 <= proof.index < proof.size <= log.size
        and log.leaves[proof.index].data == proof.leaf
        and _names(proof.leaf, record)
        and proof.root == root(log.levels, proof.size)
    )
    if not wanted:
        yield say("The confirmation is not in the log where the page says.")
    elif not verify_inclusion(
        leaf_hash(proof.leaf), proof.index, proof.size, proof.hashes, proof.root
    ):
        yield say("The proof that the confirmation is in the log does not hold.")


def _names(leaf: bytes, record: str) -> bool:
    value = strict_json(leaf)
    return isinstance(value, dict) and (value.get("kind"), value.get("record")) == (
        "confirmation",
        record,
    )


def reviewers_of(bundle: SiteBundle) -> frozenset[str]:
    """The people that the three reviews name, however well they are signed."""
    said = (predicate_of(s.statement) for s in bundle.steps if s.step in REVIEWS)
    found = (str(p.get("reviewer", "")) for p in said)
    return frozenset(person for person in found if person)
