"""The publication records of an evidence file, checked with nothing but itself.

They prove that the operator's key signed where and when an account carried these files, after they
were confirmed. They cannot prove that the platform shows them. Only `audit` can check in the
registers that the signer was in office as operator.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from pipeline.evidence.log.leaves import record_digest
from pipeline.evidence.review.bundle_checks import Trusted, claimed, distrusted
from pipeline.evidence.review.records import without_superseded
from pipeline.evidence.review.site_bundle import SiteBundle
from pipeline.evidence.review.statements import NAMESPACE, moment_of, strict_json
from pipeline.evidence.ssh.keys import PublicKey
from pipeline.evidence.ssh.sshsig import verify
from pipeline.model.evidence import Step, record_stem
from pipeline.model.findings import Effect, Message, say
from pipeline.model.records import Publication

PREDICATE = "urn:sanshen:publication/v1"
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
        read = _read(bundle, name, statement, signature, trusted)
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


def _read(
    bundle: SiteBundle, name: str, statement: bytes, signature: bytes, trusted: Trusted
) -> Publication | Message:
    """A record by itself, or why it does not count."""
    key = verify(signature, statement, NAMESPACE)
    if not isinstance(key, PublicKey):
        return say("The signature of {name} does not verify.", name=name)
    try:
        value = strict_json(statement)
        if value["predicateType"] != PREDICATE:
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


def _typed(name: str, value: Any, key: PublicKey, digest: str) -> Publication:
    """Raises ValueError, TypeError, KeyError or AttributeError for another shape."""
    predicate = value["predicate"]
    account, title, url, operator, batch, rendition, supersedes, reason = texts = (
        *(predicate[k] for k in ("account", "title", "url", "operator", "batch")),
        *(predicate.get(k, "") for k in ("rendition", "supersedes", "reason")),
    )
    void, revision = predicate.get("void", False), predicate["revision"]
    moments = [moment_of(predicate[k]) for k in ("published_at", "recorded_at")]
    if not all(isinstance(t, str) for t in texts) or (type(revision), type(void)) != (int, bool):
        raise TypeError("a value of another type")
    if not all(1 < moment.year < 9999 for moment in moments):
        raise ValueError("a time that has no day in Shanghai")
    manifest = {row["name"]: row["digest"]["sha256"] for row in value["subject"]}
    if len(manifest) != len(value["subject"]):
        raise ValueError("a file twice")
    return Publication(
        name, predicate["post"], revision, account, title, url, moments[0], operator, batch,
        moments[1], manifest, key.fingerprint, digest, rendition,
        supersedes, reason, void,
    )  # fmt: skip


def check_times(
    bundle: SiteBundle, standing: Sequence[Publication], ordered_at: datetime | None
) -> tuple[tuple[Message, ...], tuple[str, ...]]:
    """What is wrong with the times, revisions and files of records that count, and the names of
    those that went out when the reviews had run out: true, and worth a remark.

    `ordered_at`: when a leader ordered the post out before its reviews, or None. The confirmation
    of an earlier revision is no longer published, so its times are not checked.
    """
    confirmation = _confirmation(bundle)
    files = {name: digest for name, (digest, _) in bundle.files.items()}
    problems: list[Message] = []
    late: list[str] = []
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
            problems.append(
                say("{name} is of other files than those that were confirmed.", name=name)
            )
        if confirmation is None or (ordered_at is not None and ordered_at <= published):
            continue
        confirmed_at, expires_at = confirmation
        if published < confirmed_at:
            problems.append(
                say("{name} says that the post was carried before it was confirmed.", name=name)
            )
        if published - expires_at > SLACK:
            late.append(name)
    return tuple(problems), tuple(late)


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
