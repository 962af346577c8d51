"""The evidence file beside a published page, checked with nothing but itself and the log.

It proves that the keys it names signed these bytes in order, that three reviewers differ, and that
the confirmation is in the log. Only the roster says whose keys they are: readers who want to check
that give an allowed_signers file that they obtained elsewhere.

Its publication records prove that the operator's key signed where and when an account carried these
files, after they were confirmed. They cannot prove that the platform shows them. Only `audit` can
check in the registers that the signer was in office as operator.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pipeline.evidence.log.leaves import record_digest
from pipeline.evidence.log.merkle import Log, leaf_hash, root, verify_inclusion
from pipeline.evidence.review.site_bundle import SignedStep, SiteBundle
from pipeline.evidence.review.statements import NAMESPACE, moment_of, predicate_of, strict_json
from pipeline.evidence.review.superseding import without_superseded
from pipeline.evidence.ssh.allowed_signers import Signer
from pipeline.evidence.ssh.keys import PublicKey
from pipeline.evidence.ssh.sshsig import verify
from pipeline.model.evidence import REVIEW_STEPS, Step, record_stem
from pipeline.model.findings import Effect, Message, say
from pipeline.model.ids import Digest, PersonId
from pipeline.model.records import Publication

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
    people: list[PersonId] = []
    witnesses: set[str] = set()
    for number, signed in enumerate(bundle.steps):
        claims = _read_step(bundle, signed, trusted)
        if isinstance(claims, Message):
            yield claims
            return
        opening = number == 0 and bundle.revision > 1
        if claims.previous != previous and not opening:
            yield say("The step {step} does not follow the one before it.", step=signed.step_name)
        if since is not None and claims.moment < since:
            yield say(
                "The step {step} claims to be older than the one before.", step=signed.step_name
            )
        if until is not None and until < claims.moment:
            yield say("A step before {step} had run out when it was signed.", step=signed.step_name)
        previous, since = record_digest(signed.statement, signed.signature), claims.moment
        until = min(until or claims.until, claims.until)
        people.append(claims.reviewer)
        witnesses |= {claims.signer} - {claims.reviewer}
    if witnesses & {*people}:
        yield say("One key vouches for a review and signs another.")
    if len(set(people[: len(REVIEWS)])) != len(REVIEWS):
        yield say("The three reviews are not by three different people.")


def correction_mismatches(bundle: SiteBundle, recorded: str) -> Iterator[Message]:
    """Steps that read another record of the correction than the log holds (A15).

    `recorded`: digest of this revision's record in the log, or empty. Older statements name none,
    and an unreadable one is a problem of its own.
    """
    for signed in bundle.steps:
        if predicate_of(signed.statement).get("correction", recorded) != recorded:
            yield say(
                "The step {step} read another record of the correction.", step=signed.step_name
            )


@dataclass(frozen=True)
class _Claims:
    """What a statement claims and the order of the steps needs."""

    previous: str | None
    moment: datetime
    until: datetime
    reviewer: PersonId
    signer: PersonId
    """Whose key must have signed: the reviewer's, or that of the witness."""


def _read_step(bundle: SiteBundle, signed: SignedStep, trusted: Trusted) -> _Claims | Message:
    """What a step claims, or what is wrong with the step by itself."""
    key = verify(signed.signature, signed.statement, NAMESPACE)
    if not isinstance(key, PublicKey):
        return say("The signature of the step {step} does not verify.", step=signed.step_name)
    try:
        value = strict_json(signed.statement)
        predicate = value["predicate"]
        signed_at, until = (moment_of(predicate[name]) for name in ("signed_at", "not_after"))
        reviewer, signer = PersonId(str(predicate["reviewer"])), signer_of(predicate)
        claims = _Claims(predicate["previous"], signed_at, until, reviewer, signer)
        return _statement_problem(bundle, signed, value, key, trusted) or claims
    except (ValueError, TypeError, KeyError, AttributeError):
        return say("The statement of the step {step} cannot be read.", step=signed.step_name)


def _statement_problem(
    bundle: SiteBundle, signed: SignedStep, value: Any, key: PublicKey, trusted: Trusted
) -> Message | None:
    predicate = value["predicate"]
    subject = sorted((row["name"], row["digest"]["sha256"]) for row in value["subject"])
    about = (
        value["predicateType"],
        *(predicate[k] for k in ("archive", "post", "revision", "step", "decision")),
    )
    wanted = (PREDICATE, bundle.archive, bundle.post, bundle.revision, signed.step, "approve")
    if about != wanted:
        return say("The step {step} was signed for something else.", step=signed.step_name)
    if subject != sorted((name, digest) for name, (digest, _) in bundle.files.items()):
        return say("The step {step} was signed over other files.", step=signed.step_name)
    moment, person = moment_of(predicate["signed_at"]), signer_of(predicate)
    if not claimed(bundle, key, person, moment):
        return say("The key of the step {step} was not valid for {person}.", step=signed.step_name,
                   person=str(person)[:64])  # fmt: skip
    return distrusted(key, person, moment, trusted)


def signer_of(predicate: Any) -> Any:
    """Whose key must have signed a review: its reviewer's, or that of the witness of a click."""
    return predicate["witness"]["by"] if "witness" in predicate else predicate["reviewer"]


def claimed(bundle: SiteBundle, key: PublicKey, person: Any, moment: datetime) -> bool:
    """Whether the site presents a key as this person's at that time."""
    claims = (k for k in bundle.keys if k.fingerprint == key.fingerprint and k.line == key.line)
    return any(
        k.person == person and not k.void and k.start <= moment and (not k.end or moment < k.end)
        for k in claims
    )


def distrusted(key: PublicKey, person: Any, moment: datetime, trusted: Trusted) -> Message | None:
    """The objection that a key is not among the trusted ones; None: it is, or all are."""
    if trusted is None or any(t.signs(person, key.line, moment) for t in trusted):
        return None
    return say("The key of {person} is not among those you trust.", person=str(person)[:64])


def proof_problems(bundle: SiteBundle, log: Log) -> Iterator[Message]:
    """What is wrong with a bundle's proof that its confirmation is in the site's log."""
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
    """The people that the three reviews name; no signature is verified."""
    predicates = (predicate_of(s.statement) for s in bundle.steps if s.step in REVIEWS)
    people = (str(p.get("reviewer", "")) for p in predicates)
    return frozenset(person for person in people if person)


PUBLICATION = "urn:sanshen:publication/v1"
SLACK = timedelta(minutes=60)
"""The most that policy may let clocks differ (`time.tolerance_minutes`)."""


def counted_records(
    bundle: SiteBundle, trusted: Trusted
) -> tuple[tuple[Publication, ...], tuple[Message, ...]]:
    """The records of a bundle that count, and what is wrong with the others.

    `trusted`: as in `bundle_problems`. The path of a record is its name in ``evidence.tar``.
    """
    counted: list[Publication] = []
    problems: list[Message] = []
    for number, (statement, signature) in enumerate(bundle.records, 1):
        name = f"{record_stem(number)}.json"
        read = _read_publication(bundle, name, statement, signature, trusted)
        if isinstance(read, Message):
            problems.append(read)
        elif any(read.digest == other.digest for other in counted):
            problems.append(say("{name} is there twice.", name=name))
        else:
            counted.append(read)
    standing, notes = without_superseded(counted)
    problems += (
        say("{name} takes the place of a record that is not there.", name=finding.location.path)
        for finding in notes
        if finding.effect is Effect.REFUSE
    )
    return standing, tuple(problems)


def _read_publication(
    bundle: SiteBundle, name: str, statement: bytes, signature: bytes, trusted: Trusted
) -> Publication | Message:
    """A record by itself, or why it does not count."""
    key = verify(signature, statement, NAMESPACE)
    if not isinstance(key, PublicKey):
        return say("The signature of {name} does not verify.", name=name)
    try:
        value = strict_json(statement)
        if value["predicateType"] != PUBLICATION:
            return say("{name} is no record of a publication.", name=name)
        predicate = value["predicate"]
        if (predicate["archive"], predicate["post"]) != (bundle.archive, bundle.post):
            return say("{name} is the record of another post.", name=name)
        record = _typed(name, value, key, record_digest(statement, signature))
    except (ValueError, TypeError, KeyError, AttributeError):
        return say("{name} cannot be read.", name=name)
    person = record.operator[:64]
    if not claimed(bundle, key, record.operator, record.recorded_at):
        return say("The key of {name} was not valid for {person}.", name=name, person=person)
    return distrusted(key, record.operator, record.recorded_at, trusted) or record


def _typed(name: str, value: Any, key: PublicKey, digest: Digest) -> Publication:
    """Raises ValueError, TypeError, KeyError or AttributeError for another shape."""
    predicate = value["predicate"]
    account, title, url, operator, batch, rendition, supersedes, reason, *_ = texts = (
        *(predicate[k] for k in ("account", "title", "url", "operator", "batch")),
        *(predicate.get(k, "") for k in ("rendition", "supersedes", "reason")),
        *(predicate.get(k, "") for k in ("unconfirmed", "pressed_by", "removed_by")),
    )
    why, by, remover = texts[-3:]
    void, revision = predicate.get("void", False), predicate["revision"]
    moments = [moment_of(predicate[k]) for k in ("published_at", "recorded_at")]
    removed = moment_of(predicate["removed_at"]) if "removed_at" in predicate else None
    if not all(isinstance(t, str) for t in texts) or (type(revision), type(void)) != (int, bool):
        raise TypeError("a value of another type")
    if not all(1 < moment.year < 9999 for moment in (*moments, removed or moments[0])):
        raise ValueError("a time that has no day in Shanghai")
    manifest = {row["name"]: row["digest"]["sha256"] for row in value["subject"]}
    if len(manifest) != len(value["subject"]):
        raise ValueError("a file twice")
    return Publication(
        name, predicate["post"], revision, account, title, url, moments[0], operator, batch,
        moments[1], manifest, key.fingerprint, digest, rendition,
        supersedes, reason, void, why, by, removed, remover,
    )  # fmt: skip


def check_times(
    bundle: SiteBundle, standing: Sequence[Publication], ordered_at: datetime | None
) -> tuple[tuple[Message, ...], tuple[Message, ...]]:
    """What is wrong with the times, revisions and files of records that count; and remarks on those
    that went out when the reviews had run out, or before they were there, as the record says.

    `ordered_at`: when a leader ordered the post out before its reviews, or None. The confirmation
    of an earlier revision is no longer published, so its times are not checked.
    """
    confirmation = _confirmation(bundle)
    files = {name: digest for name, (digest, _) in bundle.files.items()}
    problems: list[Message] = []
    remarks: list[Message] = []
    for record in standing:
        name, number, published = record.path, record.revision, record.published_at
        if published - record.recorded_at > SLACK:
            problems.append(say("{name} was signed before the time it tells.", name=name))
        if not 0 < number <= bundle.revision:
            problems.append(
                say("{name} is of revision {n}, which is not shown.", name=name, n=number)
            )
        if number != bundle.revision:
            continue
        if record.manifest != files:
            (remarks if record.unconfirmed else problems).append(
                say("{name} is of other files than those that were confirmed.", name=name)
            )
        if confirmation is None or (ordered_at is not None and ordered_at <= published):
            continue
        confirmed_at, expires_at = confirmation
        if published < confirmed_at:
            (remarks if record.unconfirmed else problems).append(
                say("{name} says that the post was carried before it was confirmed.", name=name)
            )
        if published - expires_at > SLACK:
            words = say("{post} was carried after its reviews had run out ({name}).",
                        post=bundle.post, name=name)  # fmt: skip
            remarks.append(words)
    return tuple(problems), tuple(remarks)


def _confirmation(bundle: SiteBundle) -> tuple[datetime, datetime] | None:
    """When the post was confirmed, and when the first of its reviews expires.

    None when a step cannot be read, which `bundle_problems` reports.
    """
    if not bundle.steps or bundle.steps[-1].step != Step.CONFIRM.value:
        return None
    try:
        predicates = [strict_json(step.statement)["predicate"] for step in bundle.steps]
        ends = min(moment_of(predicate["not_after"]) for predicate in predicates)
        return moment_of(predicates[-1]["signed_at"]), ends
    except (ValueError, TypeError, KeyError):
        return None
