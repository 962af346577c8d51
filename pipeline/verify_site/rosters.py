"""Rosters that a site's reviews name: one of each serial, and none that is not the site's (A2).

Whoever was shown a roster of their own signed its digest; beside the others it comes out.
"""

from collections.abc import Iterator
from hashlib import sha256

from pipeline.evidence.review.site_bundle import SiteBundle
from pipeline.evidence.review.statements import predicate_of
from pipeline.model.findings import Message, say
from pipeline.source.content.yaml import read_yaml

ROSTER = "evidence/roster.yml"


class Rosters:
    """Serial → digest of what is known so far; `published`: the site's roster, where it shows it.

    Of a roster before the last but one a site does not tell the digest: what the first review says
    of it, the others are held to.
    """

    def __init__(self, published: bytes | None) -> None:
        self._digests: dict[object, object] = {}
        self._last: int | None = None
        value = read_yaml(ROSTER, published or b"").value
        if published is not None and isinstance(value, dict) and type(value.get("serial")) is int:
            self._last = value["serial"]
            self._digests = {self._last: sha256(published).hexdigest()}
            self._digests[self._last - 1] = value.get("previous")

    def problems(self, bundle: SiteBundle) -> Iterator[Message]:
        """What is wrong with the rosters that a post's reviews name."""
        for step in bundle.steps:
            try:
                named = predicate_of(step.statement)["roster"]
                serial, digest = named["serial"], named["digest"]
                later = self._last is not None and serial > self._last
                other = self._digests.setdefault(serial, digest) != digest
            except (ValueError, TypeError, KeyError):
                continue  # a statement that cannot be read is a problem of its own
            if later or other:
                yield say("The step {step} names a roster that is not the site's.", step=step.word)
