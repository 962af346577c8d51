"""Checks of the items that accounts relay, and of what an overdue one is given."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from pipeline.model import calendar, conformance, duties
from pipeline.model.archive import Archive, Mode
from pipeline.model.attestations import route_of, unattested, value_at
from pipeline.model.findings import Effect, Finding, say
from pipeline.model.ids import ClauseId, PostId
from pipeline.model.records import Fact
from pipeline.source.content.paths import year_before


def early_relays(relays: Iterable[Fact], clause: ClauseId) -> Iterator[Finding]:
    """Relays in a folder that a later change of their post would not read."""
    for relay in relays:
        post = PostId(str(relay.get("post", "")))
        if post and relay.path.split("/")[3] < year_before(post):
            message = say("The relay lies in the folder of a year long before that of its post.")
            remedy = say(
                "Record it under another name in this year's folder, and name the post there."
            )
            location = relay.at("post")
            yield Finding(clause, "relay-misfiled", Effect.REFUSE, message, location, remedy)


_HEALING = ("notice_received_at", "except", "accounts")
"""Keys of a relay that move its twelve hours, or take an account out of them."""


def healed(
    old: Sequence[Fact], fact: Fact, schema: conformance.Conformance, archive: Archive
) -> Iterator[Finding]:
    """A finding on what an overdue relay is given without a signature that would end it.

    It refuses a proposal; what older programs let pass is noted (docs/decisions/0031).
    """
    if not old:
        return
    start = duties.relay_start(old[0])
    hours = archive.registers.parameter_if_stated("relay.hours", calendar.local_date(start))
    if (archive.entered or archive.as_of) <= start + timedelta(hours=hours or 0):
        return
    for event in unattested(archive, fact):
        route = route_of(event)
        if route[0] in _HEALING and value_at(old[0].document.value, route) is None:
            message = say("The relay {relay} is overdue; {key} would end that, and no one signed"
                          " it.", relay=fact["title"], key=event)  # fmt: skip
            remedy = say("Who knows it to be so signs it on this branch: `sanshen attest {kind}"
                         " {id}`.", kind=fact.kind, id=fact.id)  # fmt: skip
            effect = Effect.REFUSE if archive.mode is Mode.CHANGE else Effect.NOTE
            location = fact.at(*route)
            clause = schema.clause_at(route)
            yield Finding(clause, "relay-healed-unsigned {key}", effect, message, location, remedy)
