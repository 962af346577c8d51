"""The records of changes after publication that a site publishes, held to log and reviews (A15)."""

from collections.abc import Iterator, Set
from datetime import date
from hashlib import sha256

from pipeline.evidence.review.site_bundle import SiteBundle
from pipeline.evidence.review.statements import predicate_of
from pipeline.model.documents import Document
from pipeline.model.findings import say
from pipeline.model.records import Correction
from pipeline.site.fragments import NAMES
from pipeline.source.content.yaml import read_yaml
from pipeline.verify_site.page import Item, NotCompared


def corrections_of(bundle: SiteBundle) -> Iterator[Correction]:
    """The records. Raises ValueError, TypeError or KeyError for one of another shape or post."""
    for raw in bundle.corrections or ():
        value = read_yaml("", raw).value
        if value["post"] != bundle.post:
            raise ValueError("the record of another post")
        changes = tuple((str(c["old"]), str(c["new"])) for c in value["changes"])
        day, revision = date.fromisoformat(value["changed_on"]), int(value["revision"])
        yield Correction(
            "", f"{bundle.post}.r{revision}", bundle.post, revision, str(value["kind"]),
            str(value["reason"]), day, "", changes, Document(""),
        )  # fmt: skip


def correction_problems(bundle: SiteBundle, logged: Set[str] | None) -> Iterator[Item]:
    """Records that nobody vouches for, or that are kept back.

    `logged`: digests of those that the log has; None: there is no log, and a review alone names the
    record of its own revision.
    """
    held = {sha256(raw).hexdigest() for raw in bundle.corrections or ()}
    named = {predicate_of(step.statement).get("correction") for step in bundle.steps}
    unknown, missing = held - named - (logged or set()), (logged or set()) - held
    if unknown and logged is not None:
        yield say("The evidence holds a record of a correction that is not in the log.")
    elif unknown or (missing and bundle.corrections is None):
        yield NotCompared(NAMES["corrections"])
    if missing and bundle.corrections is not None:
        yield say(
            "The log knows of {n} records of corrections that the evidence does not hold.",
            n=len(missing),
        )
