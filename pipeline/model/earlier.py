"""What accounts carried before the archive was begun: listed, and not reviewed here.

A record of the kind ``earlier`` lists it, and the head of the lead department signs the list
(`sanshen attest`). Nothing of it counts as reviewed, as an update or as a post.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.model.archive import Archive
from pipeline.model.attestations import ATTESTATION, attestations, bound_name, events
from pipeline.model.calendar import local_date
from pipeline.model.records import Fact
from pipeline.model.registers import in_office

EARLIER = "earlier"
"""The record kind."""


def signed_earlier(archive: Archive) -> Iterator[tuple[Fact, int, Mapping[str, Any]]]:
    """(record, number, item) of what a head in office signed; nothing else is shown."""
    for record in archive.records(EARLIER):
        accepted = accepted_events(record, archive)
        for number, item in enumerate(record["posts"]):
            if f"posts.{number}" in accepted:
                yield record, number, item


def accepted_events(record: Fact, archive: Archive) -> set[str]:
    """The events of a record that the head of the lead department signed, in office that day."""
    registers, accepted = archive.registers, set[str]()
    every = attestations(archive.signed.get(ATTESTATION, ()), record)
    if not every:
        return accepted
    names = {bound_name(record, event): (event, digest) for event, digest in events(record).items()}
    for signed in every:
        person, day = registers.people.get(signed.person), local_date(signed.signed_at)
        if in_office(person, "section-head", day, registers):
            rows = ((names.get(name), digest) for name, digest in signed.subject.items())
            accepted |= {row[0] for row, digest in rows if row and row[1] == digest}
    return accepted
