"""The publication records of a post, held to its reviews and to the log (threats A23, A24)."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from pipeline.evidence.log.leaves import record_digest
from pipeline.evidence.review.publication_checks import check_times
from pipeline.evidence.review.site_bundle import SiteBundle, moment_of
from pipeline.model.emergency import KINDS
from pipeline.model.evidence import record_stem
from pipeline.model.findings import Message, say
from pipeline.model.records import Publication
from pipeline.verify_site.page import MAIN, Folder, Remark, post_of


def carried_problems(
    folder: Folder,
    bundle: SiteBundle,
    standing: Sequence[Publication],
    known: Collection[str] | None,
) -> Iterator[Message | Remark]:
    """What is wrong with the times of a post's records, or their place in the log.

    `standing`: those that count; `known`: digests of those that the log has of it; None: there is
    no log.
    """
    ordered_at = _ordered(folder, bundle)
    problems, late = check_times(bundle, standing, ordered_at)
    yield from problems
    for name in late:
        words = say(
            "{post} was carried after its reviews had run out ({name}).",
            post=bundle.post, name=name,
        )  # fmt: skip
        yield Remark(words)
    if known is not None:
        yield from _logged(bundle, known, folder.withdrawn and MAIN not in folder.digests)


def _logged(bundle: SiteBundle, known: Collection[str], gone: bool) -> Iterator[Message]:
    """All records are in the log, and all that it has are here: unless the post was withdrawn."""
    held = [record_digest(*record) for record in bundle.records]
    for number, digest in enumerate(held, 1):
        if digest not in known:
            yield say("{name} is not in the log.", name=f"{record_stem(number)}.json")
    missing = len(set(known) - set(held))
    if missing and not gone:
        yield say(
            "The log knows of {n} records of publication that the evidence does not hold.",
            n=missing,
        )


def _ordered(folder: Folder, bundle: SiteBundle) -> datetime | None:
    """When a leader ordered the post out before its reviews, as the reviewed words say (A27)."""
    if MAIN not in folder.held:
        return None
    post = post_of(folder, bundle)
    order = post.meta.get("emergency")
    try:
        return moment_of(order["ordered_at"]) if order and post.kind in KINDS else None
    except (ValueError, TypeError, KeyError):
        return None
