"""The next version of the roster."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.errors import Fault
from pipeline.judge.change_facts import objections
from pipeline.judge.load_governance import governing_files, trust
from pipeline.model.calendar import SHANGHAI
from pipeline.model.findings import say
from pipeline.model.ids import PersonId
from pipeline.model.registers import Delegation, Registers, RosterKey
from pipeline.new.yaml_writer import rewritten
from pipeline.source.content.paths import Files, MemoryTree

ROSTER = "content/registers/roster.yml"


@dataclass(frozen=True)
class NewKey:
    """A key that joins."""

    person: PersonId
    line: str
    """OpenSSH public key line without comment."""
    start: datetime


@dataclass(frozen=True)
class Ending:
    """A key that ends."""

    key: str
    """Its fingerprint or check number, or its person when only one key of theirs is in force."""
    how: str
    """``retired`` or ``compromised``."""
    at: datetime
    """When it ends; of a lost key the moment of the report."""
    point: str = ""
    """From where a compromised key is void: a commit or an ISO time; empty: `at`."""


def next_roster(
    tree: Files,
    now: datetime,
    keys: Iterable[NewKey] = (),
    endings: Iterable[Ending] = (),
    mandates: Iterable[Delegation] = (),
) -> bytes:
    """The next version of the roster, after the one in a tree; `now`: when it is proposed.

    `mandates`: one without an authority ends that of the two. Raises Fault when the verifier would
    not accept it.
    """
    before, added = trust(tree), tuple(keys)
    for key in added:
        if key.person not in before.registers.people:
            raise Fault(
                say("{person} is not among the people as committed.", person=key.person),
                say("Enter them in people.yml and commit that first, on the same branch."),
            )
    value = _next(before.registers, added, endings, mandates)
    raw = rewritten(ROSTER, tree.read(ROSTER), value)
    after = trust(MemoryTree({**governing_files(tree), ROSTER: raw}))
    problems = (f for f in after.registers.problems if f not in before.registers.problems)
    for problem in (*problems, *objections(before, after, ROSTER, now)):
        raise Fault(problem.message, problem.remedy, name=problem.name)
    return raw


def _next(
    registers: Registers,
    keys: Iterable[NewKey],
    endings: Iterable[Ending],
    mandates: Iterable[Delegation],
) -> dict[str, Any]:
    old: Mapping[str, Any] = registers.documents["roster"].value
    rows = [dict(k) for k in old["keys"]]
    delegations = [dict(d) for d in old["delegations"]]
    for ending in endings:
        lost = ending.how == "compromised"
        row = rows[_index_of(registers.roster.keys, ending.key, lost=lost)]
        row |= {"revoked_at": row.get("revoked_at", _text(ending.at)), "revocation": ending.how}
        row |= {"revoked_from": ending.point or _text(ending.at)} if lost else {}
    rows += [{"person": k.person, "key": k.line, "from": _text(k.start)} for k in keys]
    for mandate in mandates:
        _mandate(delegations, mandate)
    head = {"serial": registers.roster.serial + 1, "previous": registers.roster.digest}
    return {**old, **head, "keys": rows, "delegations": delegations}


def _mandate(rows: list[Any], mandate: Delegation) -> None:
    """Enter a mandate, or end the one between the same two that would outlast its start."""
    start, both = _text(mandate.start), (mandate.delegator, mandate.delegate)
    if mandate.authority:
        row = {"delegator": both[0], "delegate": both[1], "role": mandate.role, "from": start}
        rows.append({**row, "until": _text(mandate.end), "authority": mandate.authority})
        return
    open_ = [
        row for row in rows
        if (row["delegator"], row["delegate"]) == both
        and datetime.fromisoformat(row["until"]) > mandate.start
    ]  # fmt: skip
    if not open_:
        raise Fault(
            say("{delegate} has no mandate of {delegator}.", delegate=both[1], delegator=both[0]),
            say("`sanshen roster show` lists them."),
        )
    for row in open_:
        row["until"] = start


def _index_of(keys: tuple[RosterKey, ...], wanted: str, *, lost: bool) -> int:
    """Which key is meant; `lost`: one that was retired may still be found stolen."""
    digits = wanted.replace(" ", "")
    matches = [
        i for i, k in enumerate(keys)
        if wanted in (k.fingerprint, k.person) or digits == str(k.number).replace(" ", "")
    ]  # fmt: skip
    open_ = [i for i in matches if not keys[i].revocation]
    if lost and len(matches) == 1 and not keys[matches[0]].stopped:
        open_ = matches
    if not open_ and len(matches) == 1:
        raise Fault(
            say("This key is stopped already, since {moment}.", moment=keys[matches[0]].end),
            say("Nothing is left to do."),
        )
    if len(open_) != 1:
        raise Fault(
            say("{key} names no single key that is still in force.", key=wanted),
            say("Name it by its check number: `sanshen roster show` lists them."),
        )
    return open_[0]


def _text(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")
