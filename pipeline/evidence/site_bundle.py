"""The evidence file beside a published page, checked with nothing but itself and the log.

What it can prove: that the keys it names signed these bytes in order, that three reviewers
differ, and that the confirmation is in the log. Whose keys they are, the roster says: readers who
want to know give an allowed_signers file that they obtained elsewhere.
"""

from base64 import b64decode
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.evidence.keys import PublicKey
from pipeline.evidence.log import record_digest
from pipeline.evidence.merkle import leaf_hash, root, verify_inclusion
from pipeline.evidence.signers import Signer
from pipeline.evidence.sshsig import verify
from pipeline.evidence.statements import NAMESPACE, strict_json
from pipeline.model.evidence import REVIEW_STEPS, Step
from pipeline.model.findings import Message, say
from pipeline.model.log import Log

ORDER = tuple(step.value for step in Step)
REVIEWS = tuple(step.value for step in REVIEW_STEPS)
Trusted = Collection[Signer] | None
"""Who may sign, see `bundle_problems`."""


@dataclass(frozen=True)
class KeyClaim:
    """A key as the site presents it."""

    person: str
    line: str
    fingerprint: str
    start: datetime
    end: datetime | None
    void: bool


@dataclass(frozen=True)
class SignedStep:
    """One step of a bundle, not verified yet."""

    step: str
    statement: bytes
    signature: bytes


@dataclass(frozen=True)
class Proof:
    """The place in the log that a bundle claims for its confirmation."""

    origin: str
    leaf: bytes
    index: int
    size: int
    root: bytes
    hashes: tuple[bytes, ...]


@dataclass(frozen=True)
class SiteBundle:
    """An ``evidence.json``, typed."""

    archive: str
    post: str
    revision: int
    keys: tuple[KeyClaim, ...]
    files: Mapping[str, tuple[str, str]]
    """Path in the archive → (sha256, address beside the page or empty)."""
    steps: tuple[SignedStep, ...]
    proof: Proof | None


def read_site_bundle(raw: bytes) -> SiteBundle | None:
    """The bundle, or None for bytes of another shape. Never raises."""
    try:
        return _typed(strict_json(raw))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _typed(value: Any) -> SiteBundle:
    if (value["version"], value["namespace"]) != (1, NAMESPACE):
        raise ValueError("another version")
    steps = tuple(
        SignedStep(str(s["step"]), _bytes(s["statement"]), _bytes(s["signature"]))
        for s in value["steps"]
    )
    keys = tuple(
        KeyClaim(
            str(k["person"]),
            str(k["line"]),
            str(k["fingerprint"]),
            _moment(k["from"]),
            _moment(k["until"]) if k["until"] is not None else None,
            bool(k.get("void", False)),
        )
        for k in value["keys"]
    )
    files = {str(f["name"]): (str(f["sha256"]), str(f["url"] or "")) for f in value["files"]}
    if len(files) != len(value["files"]):
        raise ValueError("a file twice")
    log = value.get("log")
    proof = None if log is None else _proof(log)
    archive, post = str(value["archive"]), str(value["post"])
    return SiteBundle(archive, post, _whole(value["revision"]), keys, files, steps, proof)


def _proof(log: Any) -> Proof:
    hashes = tuple(_bytes(h) for h in log["hashes"])
    leaf = str(log["leaf"]).encode()
    index, size = _whole(log["index"]), _whole(log["size"])
    return Proof(str(log["origin"]), leaf, index, size, _bytes(log["root"]), hashes)


def _whole(value: Any) -> int:
    """Not `int()`: it takes 1.5 and "1" for 1, and raises OverflowError for 1e400."""
    if type(value) is not int:
        raise TypeError("no whole number")
    return value


def _bytes(text: str) -> bytes:
    return b64decode(text, validate=True)


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a time without an offset")
    return found


def bundle_problems(bundle: SiteBundle, trusted: Trusted) -> Iterator[Message]:
    """What is wrong with the signatures, their order and their people.

    `trusted`: keys obtained elsewhere (`signers.read_signers`), each for its person and its time;
    None: the keys are taken as the site presents them.
    """
    if tuple(s.step for s in bundle.steps) != ORDER:
        yield say("The four steps are not there in order.")
        return
    previous, since, people = None, None, []
    for number, signed in enumerate(bundle.steps):
        said = _read_step(bundle, signed, trusted)
        if isinstance(said, Message):
            yield said
            return
        opening = number == 0 and bundle.revision > 1
        if said.previous != previous and not opening:
            yield say("The step {step} does not follow the one before it.", step=signed.step)
        if since is not None and said.moment < since:
            yield say("The step {step} claims to be older than the one before.", step=signed.step)
        previous, since = record_digest(signed.statement, signed.signature), said.moment
        people.append(said.reviewer)
    if len(set(people[: len(REVIEWS)])) != len(REVIEWS):
        yield say("The three reviews are not by three different people.")


@dataclass(frozen=True)
class _Said:
    """What the order of the steps asks of a statement."""

    previous: str | None
    moment: datetime
    reviewer: str


def _read_step(bundle: SiteBundle, signed: SignedStep, trusted: Trusted) -> _Said | Message:
    """What a step says, or what is wrong with it by itself."""
    key = verify(signed.signature, signed.statement, NAMESPACE)
    if not isinstance(key, PublicKey):
        return say("The signature of the step {step} does not verify.", step=signed.step)
    try:
        value = strict_json(signed.statement)
        said = value["predicate"]
        read = _Said(said["previous"], _moment(said["signed_at"]), str(said["reviewer"]))
        return _statement_problem(bundle, signed, value, key, trusted) or read
    except (ValueError, TypeError, KeyError, AttributeError):
        return say("The statement of the step {step} cannot be read.", step=signed.step)


def _statement_problem(
    bundle: SiteBundle, signed: SignedStep, value: Any, key: PublicKey, trusted: Trusted
) -> Message | None:
    said = value["predicate"]
    named = sorted((row["name"], row["digest"]["sha256"]) for row in value["subject"])
    about = (said["archive"], said["post"], said["revision"], said["step"], said["decision"])
    if about != (bundle.archive, bundle.post, bundle.revision, signed.step, "approve"):
        return say("The step {step} was signed for something else.", step=signed.step)
    if named != sorted((name, digest) for name, (digest, _) in bundle.files.items()):
        return say("The step {step} was signed over other files.", step=signed.step)
    moment, person = _moment(said["signed_at"]), said["reviewer"]
    claims = [k for k in bundle.keys if k.fingerprint == key.fingerprint and k.line == key.line]
    if not any(
        k.person == person and not k.void and k.start <= moment and (not k.end or moment < k.end)
        for k in claims
    ):
        return say("The key of the step {step} was not valid for {person}.", step=signed.step,
                   person=str(person)[:64])  # fmt: skip
    if trusted is not None and not any(t.signs(person, key.line, moment) for t in trusted):
        return say("The key of {person} is not among those you trust.", person=str(person)[:64])
    return None


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
    found = (_reviewer(s.statement) for s in bundle.steps if s.step in REVIEWS)
    return frozenset(person for person in found if person)


def _reviewer(statement: bytes) -> str:
    try:
        return str(strict_json(statement)["predicate"]["reviewer"])
    except (ValueError, TypeError, KeyError):
        return ""
