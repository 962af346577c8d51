"""Records that a site publishes of a post, compared with its reviews and with the log.

Publications (threats A23, A24), changes after publication (A15), and the rosters that reviews name
(A2).
"""

from collections.abc import Collection, Iterator, Sequence, Set
from datetime import date, datetime

from pipeline.evidence.log.leaves import record_digest
from pipeline.evidence.review.bundle_checks import check_times
from pipeline.evidence.review.site_bundle import SiteBundle
from pipeline.evidence.review.statements import moment_of, predicate_of
from pipeline.model.documents import Document
from pipeline.model.evidence import record_stem
from pipeline.model.findings import Message, say
from pipeline.model.ids import NO_PERSON, sha256_of
from pipeline.model.records import Correction, Publication
from pipeline.parts.verify_site.page import MAIN, Folder, Item, NotCompared, Remark, post_of
from pipeline.site.fragments import NAMES
from pipeline.source.content.text import read_yaml

ROSTER = "evidence/roster.yml"


def carried_problems(
    folder: Folder,
    bundle: SiteBundle,
    standing: Sequence[Publication],
    logged: Collection[str] | None,
) -> Iterator[Message | Remark]:
    """What is wrong with a post's publication records: their times, and whether the log has them.

    `standing`: the records that count; `logged`: digests of the post's records in the log, or None
    without a log.
    """
    ordered_at = _ordered(folder, bundle)
    problems, remarks = check_times(bundle, standing, ordered_at)
    yield from problems
    yield from map(Remark, remarks)
    if logged is not None:
        yield from _unlogged(bundle, logged, folder.withdrawn and MAIN not in folder.digests)


def _unlogged(bundle: SiteBundle, logged: Collection[str], gone: bool) -> Iterator[Message]:
    """Records that only the log or only the evidence holds; a withdrawn post may hold fewer."""
    held = [record_digest(*record) for record in bundle.records]
    for number, digest in enumerate(held, 1):
        if digest not in logged:
            yield say("{name} is not in the log.", name=f"{record_stem(number)}.json")
    missing = len(set(logged) - set(held))
    if missing and not gone:
        yield say(
            "The log knows of {n} records of publication that the evidence does not hold.",
            n=missing,
        )


def _ordered(folder: Folder, bundle: SiteBundle) -> datetime | None:
    """When a leader ordered the post out before its reviews, as the reviewed text says (A27)."""
    if MAIN not in folder.held:
        return None
    post = post_of(folder, bundle)
    order = post.meta.get("emergency")
    try:
        return moment_of(order["ordered_at"]) if order and post.may_go_first else None
    except (ValueError, TypeError, KeyError):
        return None


def corrections_of(bundle: SiteBundle) -> Iterator[Correction]:
    """The records of changes after publication.

    Raises ValueError, TypeError or KeyError for a record of another shape or post.
    """
    for raw in bundle.corrections or ():
        value = read_yaml("", raw).value
        if value["post"] != bundle.post:
            raise ValueError("the record of another post")
        changes = tuple((str(c["old"]), str(c["new"])) for c in value["changes"])
        day, revision = date.fromisoformat(value["changed_on"]), int(value["revision"])
        yield Correction(
            "", f"{bundle.post}.r{revision}", bundle.post, revision, str(value["kind"]),
            str(value["reason"]), day, NO_PERSON, changes, Document(""),
        )  # fmt: skip


def correction_problems(bundle: SiteBundle, logged: Set[str] | None) -> Iterator[Item]:
    """Records of changes that neither log nor review names, or that the evidence leaves out.

    `logged`: digests of the records in the log. None: there is no log, and only a review names the
    record of its own revision.
    """
    held = {sha256_of(raw) for raw in bundle.corrections or ()}
    reviewed = {predicate_of(step.statement).get("correction") for step in bundle.steps}
    unknown, missing = held - reviewed - (logged or set()), (logged or set()) - held
    if unknown and logged is not None:
        yield say("The evidence holds a record of a correction that is not in the log.")
    elif unknown or (missing and bundle.corrections is None):
        yield NotCompared(NAMES["corrections"])
    if missing and bundle.corrections is not None:
        yield say(
            "The log knows of {n} records of corrections that the evidence does not hold.",
            n=len(missing),
        )


class Rosters:
    """The rosters that reviews name: one digest for each serial, and none later than the site's.

    A person who was shown a forged roster signed its digest, and the other reviews disagree. A site
    publishes the digests of its last two rosters (`published`: the file, if it shows one). For an
    earlier one, the first review decides the digest, and the others must agree.
    """

    def __init__(self, published: bytes | None) -> None:
        self._digests: dict[object, object] = {}
        """Serial → digest, as far as it was read."""
        self._last: int | None = None
        value = read_yaml(ROSTER, published or b"").value
        if published is not None and isinstance(value, dict) and type(value.get("serial")) is int:
            self._last = value["serial"]
            self._digests = {self._last: sha256_of(published)}
            self._digests[self._last - 1] = value.get("previous")

    def problems(self, bundle: SiteBundle) -> Iterator[Message]:
        """What is wrong with the rosters that a post's reviews name."""
        for step in bundle.steps:
            try:
                roster = predicate_of(step.statement)["roster"]
                serial, digest = roster["serial"], roster["digest"]
                later = self._last is not None and serial > self._last
                other = self._digests.setdefault(serial, digest) != digest
            except (ValueError, TypeError, KeyError):
                continue  # `bundle_problems` reports a statement that cannot be read
            if later or other:
                yield say(
                    "The step {step} names a roster that is not the site's.", step=step.step_name
                )
