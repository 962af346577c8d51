"""Article 18: supplementary law (第十八条 未尽事宜).

1. Policy states the limits that instruments of nation, province and city set to its parameters,
   each with an instrument of its own layer; a setting in force or to come that is laxer than such
   a limit refuses, and so does a limit laxer than that of a higher layer, today and in every change
   of policy; a change that drops a limit is noted and may not use it at once.
   | Human: whether the limits are complete.
   accepted: a setting as strict as the city's limit, or stricter.
   violated: a setting in force that is laxer than a limit.
   boundary: a laxer setting whose time is over; a limit that a change drops is noted.
   next: append a setting that is as strict; drop a limit only when its instrument was repealed.
   limit-laxer: The limit on {name} is laxer than that of a higher layer. | The stricter one holds:
   make it as strict, or take it out.
   limit-loosened: The change drops or loosens a limit on {name}. | Do so only when the instrument
   behind it was repealed, and say so in the reason.
   limit-parameter-unknown: A limit is set to {name}, which is no parameter. | Compare it with
   `sanshen rules --parameters`.
   limit-without-instrument: The limit on {name} names no instrument of its own layer. | List the
   instrument in the register instruments and name it as the source.
   limits-missing: The policy states no limits of higher layers. | List under `limits` what nation,
   province and city demand.
   setting-laxer: The setting of {name} from {day} is laxer than {source} allows. | Make it as
   strict as the limit, or stricter.
2. The parameters that are the archive's own, or rest on unconfirmed sources, are listed in
   every audit. | Human: whether they are reasonable.
   accepted: a parameter that the regulation or a listed instrument sets.
   violated: a parameter of the archive's own, which every audit lists.
   boundary: an own setting that begins tomorrow is not listed yet.
   next: nothing to do; review the list each year.
   own-choices: {count} parameters are this archive's own choice ([D] in `source`). | Nothing to do;
   review them yearly.
   sources-unconfirmed: {count} parameters rest on unconfirmed sources: {names}. | Nothing to do;
   review them yearly.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pipeline.model import law
from pipeline.model.archive import Archive, Change
from pipeline.model.findings import Complaint, Reason, say, say_day
from pipeline.model.policy import Policy
from pipeline.model.registers import Registers

Limit = Mapping[str, Any]


def limits_respected(archive: Archive) -> Iterator[Complaint]:  # 18 参照国家、省、市
    """The policy in force against the limits above it."""
    policy = archive.registers.policy
    if not policy.limits:
        yield law.note("limits-missing", policy.document.locate("limits"))
    yield from _faults(archive.registers, archive.today)


def limits_stay(change: Change, archive: Archive) -> Iterator[Complaint]:  # 18 参照国家、省、市
    """A change keeps to its own limits and to those of its base; a dropped one is noted."""
    if change.proposed is None:
        return
    policy = change.proposed.policy
    yield from _faults(change.proposed, archive.today)
    for limit in archive.registers.policy.limits:
        if any(_covers(other, limit) for other in policy.limits):
            continue
        name = limit["parameter"]
        location = policy.document.locate("limits")
        yield law.note("limit-loosened {name}", location, say(name=name))
        for fault, message in _laxer_settings(limit, policy, archive.today):
            yield law.refuse(fault, location, message)


def own_defaults(archive: Archive) -> Iterator[Complaint]:  # 18 未尽事宜
    """The settings in force that no instrument demands."""
    policy = archive.registers.policy
    by_mark: dict[str, list[str]] = defaultdict(list)
    for parameter in policy.parameters:
        by_mark[law.mark_of(policy.setting(parameter, archive.today).source)].append(parameter)
    at, own, unsure = policy.document.locate("parameters"), by_mark["D"], by_mark["K"]
    if own:
        yield law.note("own-choices", at, say(count=len(own)))
    if unsure:
        names = ", ".join(sorted(unsure))
        yield law.note("sources-unconfirmed", at, say(count=len(unsure), names=names))


def _faults(registers: Registers, today: date) -> Iterator[Complaint]:
    policy = registers.policy
    for index, limit in enumerate(policy.limits):
        location = policy.document.locate("limits", index)
        for name, message in (*_unsound(limit, registers), *_laxer_settings(limit, policy, today)):
            yield law.refuse(name, location, message)


def _unsound(limit: Limit, registers: Registers) -> Iterator[Reason]:
    """What is wrong with a limit itself."""
    policy, name, layer = registers.policy, limit["parameter"], limit["layer"]
    if name not in policy.parameters:
        yield "limit-parameter-unknown {name}", say(name=name)
    if not any(entry["layer"] == layer for entry in law.cited(limit["source"], registers.basis)):
        yield "limit-without-instrument {name}", say(name=name)
    for other in policy.limits:
        higher = law.LAYERS.index(other["layer"]) < law.LAYERS.index(layer)
        if higher and other["parameter"] == name and _looser(limit, other):
            yield "limit-laxer {name}", say(name=name)


def _laxer_settings(limit: Limit, policy: Policy, today: date) -> Iterator[Reason]:
    """Settings in force today or later that the limit does not allow."""
    name = limit["parameter"]
    settings = policy.parameters.get(name, ())
    if not settings:
        return
    since = policy.setting(name, today).effective_from
    for setting in settings:
        if setting.effective_from >= since and not _allowed(setting.value, limit):
            day = say_day(setting.effective_from)
            yield "setting-laxer {name} {day}", say(name=name, day=day, source=limit["source"])


def _allowed(value: object, limit: Limit) -> bool:
    """Whether a number keeps to a limit; what is no number cannot."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    most, least = limit.get("at_most"), limit.get("at_least")
    return (most is None or value <= most) and (least is None or value >= least)


def _looser(limit: Limit, other: Limit) -> bool:
    """Whether a limit lets through what another of the same parameter does not."""
    most, least = limit.get("at_most"), limit.get("at_least")
    return (most is not None and "at_most" in other and most > other["at_most"]) or (
        least is not None and "at_least" in other and least < other["at_least"]
    )


def _covers(other: Limit, limit: Limit) -> bool:
    """Whether a limit of the same layer, side and parameter is at least as strict."""
    same = all(other[key] == limit[key] for key in ("parameter", "layer"))
    return same and ("at_most" in other) == ("at_most" in limit) and not _looser(other, limit)


RULE = law.rule(
    law.PeriodClause(1, limits_respected),
    law.ChangeClause(1, limits_stay),
    law.PeriodClause(2, own_defaults),
)
