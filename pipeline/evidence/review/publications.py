"""Publication records that take the place of wrong ones; nothing is ever replaced in place."""

from collections.abc import Iterable, Sequence

from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.records import Publication

CLAUSE = "R11-4"


def without_superseded(
    found: Sequence[Publication],
) -> tuple[tuple[Publication, ...], tuple[Finding, ...]]:
    """The records that count, in the order given, and what is to be said of the others.

    A record supersedes one of the same post, made no later than itself and not superseded
    already; one that claims more than that does not count, and what it names does.
    """
    if not any(p.supersedes or p.void for p in found):
        return tuple(found), ()
    named = {p.digest: p for p in found}
    gone: set[str] = set()
    findings: list[Finding] = []
    refused: set[str] = set()
    for record in sorted(found, key=lambda p: (p.recorded_at, p.path)):
        if not record.supersedes:
            continue
        target = named.get(record.supersedes)
        if _may(record, target, gone, refused) and target is not None:
            gone.add(target.digest)
            findings.append(_superseded(target, record))
        else:
            refused.add(record.digest)
            findings.append(_astray(record))
    out = {p.digest for p in found if p.void} | gone | refused
    return tuple(p for p in found if p.digest not in out), tuple(findings)


def _may(
    record: Publication,
    target: Publication | None,
    gone: Iterable[str],
    refused: Iterable[str],
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
    return Finding(
        CLAUSE,
        Effect.NOTE,
        say(
            "This record was wrong and is superseded by {path}: {reason}",
            path=record.path,
            reason=record.reason,
        ),
        Location(target.path),
        say("Nothing to do: it stays where it is and no longer counts."),
    )


def _astray(record: Publication) -> Finding:
    return Finding(
        CLAUSE,
        Effect.REFUSE,
        say("This record supersedes none that stands here for the same post."),
        Location(record.path),
        say("Record it again with --supersedes and the path of the wrong record."),
    )
