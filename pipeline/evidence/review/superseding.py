"""Which publication records take the place of others; nothing is replaced in place."""

from collections.abc import Iterable, Mapping, Sequence

from pipeline.model.calendar import minute
from pipeline.model.findings import Effect, Finding, Location, Message, say
from pipeline.model.ids import R11_4, Digest
from pipeline.model.records import Publication

REMOVERS: Mapping[str, Message] = {
    "platform": say("the platform"),
    "order": say("order of a superior body"),
    "ourselves": say("the bureau itself"),
}
"""`Publication.removed_by` → words."""


def without_superseded(
    publications: Sequence[Publication],
) -> tuple[tuple[Publication, ...], tuple[Finding, ...]]:
    """The records that count, in the order given, and findings on the others.

    Nothing is replaced in place: a record supersedes one of the same post that is no newer than
    itself and not superseded yet. One that claims more does not count, and its target does.
    """
    if not any(p.supersedes or p.void for p in publications):
        return tuple(publications), ()
    by_digest = {p.digest: p for p in publications}
    gone: set[str] = set()
    findings: list[Finding] = []
    refused: set[str] = set()
    for record in sorted(publications, key=lambda p: (p.recorded_at, p.path)):
        if not record.supersedes:
            continue
        target = by_digest.get(Digest(record.supersedes))
        if _may_supersede(record, target, gone, refused) and target is not None:
            gone.add(target.digest)
            findings.append(_superseded(target, record))
        else:
            refused.add(record.digest)
            findings.append(_supersedes_none(record))
    out = {p.digest for p in publications if p.void} | gone | refused
    return tuple(p for p in publications if p.digest not in out), tuple(findings)


def _may_supersede(
    record: Publication, target: Publication | None, gone: Iterable[str], refused: Iterable[str]
) -> bool:
    return (
        target is not None
        and target.post == record.post
        and target.recorded_at <= record.recorded_at
        and target.digest != record.digest
        and target.digest not in gone
        and target.digest not in refused
        and not target.void
    )


def _superseded(target: Publication, record: Publication) -> Finding:
    name, path = "record-superseded {path}", target.path
    message = say("This record was wrong and is superseded by {path}: {reason}",
                  path=record.path, reason=record.reason)  # fmt: skip
    if record.removed_at and not target.removed_at:
        name, path, who = "publication-removed", record.path, REMOVERS[record.removed_by]
        message = say("What was published was removed at {at} by {who}: {reason}",
                      at=minute(record.removed_at), who=who, reason=record.reason)  # fmt: skip
    elif target.unconfirmed and not record.unconfirmed:
        # At the new record: the change that brings it shows it, and so does every audit.
        name, path = "unconfirmed-taken-back", record.path
        message = say(
            "The record before said that the post went out before its confirmation; this one,"
            " which takes its place, does not: {reason}",
            reason=record.reason,
        )
    remedy = say("Nothing to do: it stays where it is and no longer counts.")
    return Finding(R11_4, name, Effect.NOTE, message, Location(path), remedy)


def _supersedes_none(record: Publication) -> Finding:
    message = say("This record supersedes none that stands here for the same post.")
    remedy = say("Record it again with --supersedes and the path of the wrong record.")
    location = Location(record.path)
    return Finding(R11_4, "superseded-unknown", Effect.REFUSE, message, location, remedy)
