"""The publication records of an evidence file, checked with nothing but itself.

What they prove: the operator's key signed where and when an account carried these files, after
they were confirmed. Whether the platform shows them, nobody proves; whether the signer was in
office as operator, `audit` asks the registers.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from pipeline.evidence.log.leaves import record_digest
from pipeline.evidence.review.bundle_checks import Trusted, claimed, distrusted
from pipeline.evidence.review.publications import without_superseded
from pipeline.evidence.review.site_bundle import SiteBundle, moment_of
from pipeline.evidence.review.statements import NAMESPACE, strict_json
from pipeline.evidence.ssh.keys import PublicKey
from pipeline.evidence.ssh.sshsig import verify
from pipeline.model.evidence import Step, record_stem
from pipeline.model.findings import Effect, Message, say
from pipeline.model.records import Publication

PREDICATE = "urn:sanshen:publication/v1"
SLACK = timedelta(minutes=60)
"""The most that policy may let clocks differ (`time.tolerance_minutes`)."""


def carried_of(
    bundle: SiteBundle, trusted: Trusted
) -> tuple[tuple[Publication, ...], tuple[Message, ...]]:
    """The records of a bundle that count, and what is wrong with any.

    `trusted`: as in `bundle_problems`. The path of a record is its name in ``evidence.tar``.
    """
    found: list[Publication] = []
    problems: list[Message] = []
    for number, (statement, signature) in enumerate(bundle.records, 1):
        name = f"{record_stem(number)}.json"
        read = _read(bundle, name, statement, signature, trusted)
        if isinstance(read, Message):
            problems.append(read)
        elif any(read.digest == other.digest for other in found):
            problems.append(say("{name} is there twice.", name=name))
        else:
            found.append(read)
    standing, told = without_superseded(found)
    problems += (
        say("{name} takes the place of a record that is not there.", name=finding.location.path)
        for finding in told
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
        said = value["predicate"]
        if (said["archive"], said["post"]) != (bundle.archive, bundle.post):
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
    said = value["predicate"]
    account, title, url, operator, batch, rendition, supersedes, reason = texts = (
        *(said[k] for k in ("account", "title", "url", "operator", "batch")),
        *(said.get(k, "") for k in ("rendition", "supersedes", "reason")),
    )
    void, revision = said.get("void", False), said["revision"]
    moments = [moment_of(said[k]) for k in ("published_at", "recorded_at")]
    if not all(isinstance(t, str) for t in texts) or (type(revision), type(void)) != (int, bool):
        raise TypeError("a value of another type")
    if not all(1 < moment.year < 9999 for moment in moments):
        raise ValueError("a time that has no day in Shanghai")
    manifest = {row["name"]: row["digest"]["sha256"] for row in value["subject"]}
    if len(manifest) != len(value["subject"]):
        raise ValueError("a file twice")
    return Publication(
        name, said["post"], revision, account, title, url, moments[0], operator, batch,
        moments[1], manifest, key.fingerprint, digest, rendition,
        supersedes, reason, void,
    )  # fmt: skip


def timed_problems(
    bundle: SiteBundle, standing: Sequence[Publication], ordered_at: datetime | None
) -> Iterator[Message]:
    """What is wrong with the times, revisions and files of records that count.

    `ordered_at`: when a leader ordered the post out before its reviews; None: nobody did. Of an
    earlier revision the confirmation is not published any more, and its times are not looked at.
    """
    confirmed = _confirmed(bundle)
    files = {name: digest for name, (digest, _) in bundle.files.items()}
    for record in standing:
        name, published = record.path, record.published_at
        if published - record.recorded_at > SLACK:
            yield say("{name} was signed before the time it tells.", name=name)
        number = record.revision
        if not 0 < number <= bundle.revision:
            yield say("{name} is of revision {n}, which is not shown.", name=name, n=number)
        if number != bundle.revision:
            continue
        if record.manifest != files:
            yield say("{name} is of other files than those that were confirmed.", name=name)
        if confirmed is None or (ordered_at is not None and ordered_at <= published):
            continue
        if published < confirmed[0]:
            yield say("{name} says that the post was carried before it was confirmed.", name=name)


def late_records(
    bundle: SiteBundle, standing: Sequence[Publication], ordered_at: datetime | None
) -> Iterator[str]:
    """Names of records of what went out when its reviews had run out: true, and worth telling."""
    confirmed = _confirmed(bundle)
    for record in standing:
        out = ordered_at is not None and ordered_at <= record.published_at
        shown = confirmed and not out and record.revision == bundle.revision
        if confirmed and shown and record.published_at - confirmed[1] > SLACK:
            yield record.path


def _confirmed(bundle: SiteBundle) -> tuple[datetime, datetime] | None:
    """When the post was confirmed and until when it could be published, by all its steps; None when
    that cannot be read, which `bundle_problems` tells."""
    if not bundle.steps or bundle.steps[-1].step != Step.CONFIRM.value:
        return None
    try:
        every = [strict_json(step.statement)["predicate"] for step in bundle.steps]
        ends = min(moment_of(said["not_after"]) for said in every)
        return moment_of(every[-1]["signed_at"]), ends
    except (ValueError, TypeError, KeyError):
        return None
