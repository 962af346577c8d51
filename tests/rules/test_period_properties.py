"""Properties of all period clauses: order, removal, and records of another account.

Each look holds a part of a pool of records, in some order. Nothing is expected of a single clause
but what must hold of every one, those of later articles included.
"""

import importlib
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import pipeline.rules
from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, say
from pipeline.model.law import PeriodClause, Rule
from pipeline.model.records import Fact, Publication, Signed
from tests.rules.builders import archive, post, publication, until_nothing
from tests.rules.facts import declaration, entries, fact, signed, with_facts, wording
from tests.rules.governance import account, at, day
from tests.rules.standing import registers

Record = Fact | Signed | Publication
Clauses = tuple[tuple[str, PeriodClause], ...]
MOMENTS = tuple(map(at, ("2026-11-22 20:00", "2026-11-30 00:00", "2027-03-01 09:00")))
WORDINGS = (
    wording("basis-review", "section-head"),
    wording("account-hygiene", "operator", "account", every_months=1),
    wording("staff-conduct", "information-officer", "person", every_months=1),
    wording("no-unregistered-accounts", "information-officer", "department", every_months=1),
    wording("relays-complete", "information-officer", every_months=1, grace_days=3),
)
NAMED = {w["name"]: w for w in WORDINGS}


@cache
def period_clauses() -> Clauses:
    """(file and number, clause) of every rule there is."""
    found = []
    for module in pkgutil.iter_modules(pipeline.rules.__path__):
        if re.match(r"a(\d\d|ff)_", module.name):
            rule: Rule = importlib.import_module(f"pipeline.rules.{module.name}").RULE
            clauses = [c for c in rule.clauses if isinstance(c, PeriodClause)]
            found += [(f"{module.name} {c.number}", c) for c in clauses]
    return tuple(found)


def inquiry(id: str, of: str, type: str, when: str, **more: Any) -> Fact:
    return fact("inquiries", id, person="xxy-a", account=of, type=type, received_at=at(when),
                summary="咨询", **more)  # fmt: skip


def event(id: str, of: str, type: str, when: str, **more: Any) -> Fact:
    steps = {
        "applied": {"person": "kz-a", "department": "xjk", "on": day("2026-09-01")},
        "reviewed": {"person": "ld-a", "on": day("2026-09-01")},
        "signed": {"person": "ld-b", "on": day("2026-09-01")},
    }
    return fact("account-events", id, person="xxy-a", account=of, type=type, what="事",
                effective_on=day(when), **steps, **more)  # fmt: skip


def of_account(of: str) -> list[Record]:
    """Records that speak of one account alone."""
    reply = {"person": "gly-a", "at": at("2026-11-18 09:00"), "text": "您好。"}
    relay = fact("relays", f"{of}-r", person="xxy-a", title="通知", accounts=[of],
                 source={"name": "某部", "level": "national", "url": "https://mem.example/a"},
                 source_published_at=at("2026-11-20 08:00"), post="2026-11-20-a")  # fmt: skip
    counts = [
        fact("statistics", f"{of}-s{n}", person="gly-a", account=of, on=day(f"2026-11-{n:02}"),
             followers=1000 * n * n, reads=1)
        for n in (2, 9, 16)
    ]  # fmt: skip
    turned = [
        signed("rotation", who, "operator", when, id=f"{of}{when[:10]}", account=of,
               rotated_at=at(when), custodian=who, reason=why, classes=n, long_enough=n > 1)
        for who, when, why, n in (
            ("gly-a", "2026-08-20 09:00", "scheduled", 2),
            ("gly-b", "2026-11-01 09:00", "handover", 1),
            ("xxy-a", "2026-11-02 09:00", "scheduled", 3),
        )
    ]  # fmt: skip
    hygiene = NAMED["account-hygiene"]
    return [
        inquiry(f"{of}-q1", of, "general", "2026-11-02 10:00"),
        inquiry(f"{of}-q2", of, "general", "2026-11-16 10:00", reply=reply),
        inquiry(f"{of}-q3", of, "processing", "2026-11-13 18:00"),
        inquiry(f"{of}-q4", of, "report", "2026-11-13 17:00"),
        event(f"{of}-e1", of, "open", "2026-09-02"),
        event(f"{of}-e2", of, "close", "2026-09-02", filing={"ref": "1", "to": "府办",
                                                            "on": day("2026-09-20")}),
        relay,
        *counts,
        *turned,
        publication("2026-11-10 10:00", "2026-11-10-a", of),
        publication("2026-11-21 07:00", "2026-11-20-a", of),
        declaration(hygiene, "gly-a", "2026-10-20 09:00", subject=of),
        declaration(hygiene, "gly-b", "2026-11-20 09:00", subject=of),
        declaration(hygiene, "xxy-a", "2026-11-21 09:00", subject=of),
    ]  # fmt: skip


DECLARED: list[Record] = [
    declaration(NAMED["basis-review"], "kz-a", "2026-09-01 09:00"),
    declaration(NAMED["basis-review"], "kz-a", "2026-11-01 09:00"),
    declaration(NAMED["relays-complete"], "xxy-a", "2026-11-01 09:00"),
    declaration(NAMED["staff-conduct"], "xxy-a", "2026-10-01 09:00", subject="xxy-a"),
    declaration(NAMED["staff-conduct"], "xxy-a", "2026-11-01 09:00", subject="xxy-a"),
    declaration(NAMED["no-unregistered-accounts"], "xxy-a", "2026-11-01 09:00", subject="xjk"),
    declaration(NAMED["no-unregistered-accounts"], "zz-a", "2026-11-02 09:00", subject="jzk"),
]
ONE, OTHER = of_account("wx"), of_account("wb")
RECORDS = [*ONE, *OTHER, *DECLARED]


def look(records: Sequence[Record], when: datetime) -> Archive:
    rules = registers(accounts=[account(), account("wb", "weibo")])
    posts = [post(f"{i}-a", publish_at=at(f"{i} 09:00")) for i in ("2026-11-10", "2026-11-20")]
    carried = tuple(r for r in records if isinstance(r, Publication))
    made = archive(*posts, registers=entries(rules, "wordings", *WORDINGS), as_of=when,
                   publications=carried)  # fmt: skip
    return with_facts(made, *(r for r in records if not isinstance(r, Publication)))


def said(seen: Archive, clauses: Clauses = ()) -> Iterator[tuple[str, Complaint]]:
    for name, clause in clauses or period_clauses():
        for complaint in until_nothing(clause, seen):
            yield name, complaint


def told(seen: Archive, clauses: Clauses = ()) -> Counter[Any]:
    return Counter(
        (n, c.effect, c.name, c.location, c.owes, c.due, c.waivable) for n, c in said(seen, clauses)
    )


some = st.lists(st.sampled_from(range(len(RECORDS))), unique=True, min_size=8)


def test_the_pool_makes_most_kinds_of_duty_speak() -> None:
    """The properties below would hold of an archive in which nothing is ever said."""
    spoken = {name for when in MOMENTS for name, _ in said(look(RECORDS, when))}
    wanted = ("a05_updates 1", "a05_updates 4", "a08_account_changes 2", "a12_replies 1",
              "a12_replies 2", "a12_replies 3", "a14_account_safety 1", "a14_account_safety 2",
              "a14_account_safety 4", "a16_conduct 1", "a01_purpose 1", "a13_content_safety 8",
              "a08_account_changes 1")  # fmt: skip
    assert spoken >= set(wanted), set(wanted) - spoken


@given(some, st.randoms(use_true_random=False), st.sampled_from(MOMENTS))
def test_the_order_of_records_never_matters(chosen: list[int], chance: Any, when: datetime) -> None:
    rows = [RECORDS[n] for n in chosen]
    mixed = list(rows)
    chance.shuffle(mixed)
    assert told(look(rows, when)) == told(look(mixed, when))


def late(seen: Archive) -> Counter[Any]:
    """What is overdue, without the days that the words name."""
    return Counter((n, c.owes, c.location) for n, c in said(seen) if c.effect > Effect.NOTE)


@given(some, st.data(), st.sampled_from(MOMENTS))
def test_removing_a_declaration_never_helps(
    chosen: list[int], data: st.DataObject, when: datetime
) -> None:
    rows = [RECORDS[n] for n in chosen]
    words = [r for r in rows if isinstance(r, Signed) and r.kind == "declaration"]
    if words:
        gone = data.draw(st.sampled_from(words))
        rest = [r for r in rows if r is not gone]
        assert not late(look(rows, when)) - late(look(rest, when))


def mine(seen: Archive, of: str) -> Counter[Any]:
    """What is said of an account and of its records.

    The annex's form is of a day, whichever accounts carried its items: it speaks of none.
    """
    return Counter({key: n for key, n in told(seen).items() if _speaks_of(key, of)})


def _speaks_of(key: Any, of: str) -> bool:
    clause, _, message, location, owes, *_ = key
    if clause.startswith("aff_form"):
        return False
    name = rf"\b{of}\b"
    return owes == of or bool(re.search(name, message) or re.search(name, location.path))


@given(some, st.sampled_from(OTHER), st.sampled_from(MOMENTS))
def test_a_record_of_another_account_changes_nothing_of_ones_own(
    chosen: list[int], more: Record, when: datetime
) -> None:
    rows = [RECORDS[n] for n in chosen if RECORDS[n] is not more]
    assert mine(look(rows, when), "wx") == mine(look([*rows, more], when), "wx")


def test_a_clause_that_looks_at_the_order_would_be_found() -> None:
    """The first property can fail: a clause that names the first record it meets is seen."""

    def first(seen: Archive) -> Iterator[Complaint]:
        inquiry = seen.facts["inquiries"][0]
        yield Complaint("so-it-is", Effect.NOTE, say("First."), inquiry.at())

    bad = (("first", PeriodClause(1, first)),)
    rows = [ONE[0], ONE[1]]
    ways = (look(rows, MOMENTS[0]), look(rows[::-1], MOMENTS[0]))
    assert told(ways[0], bad) != told(ways[1], bad)
    assert told(ways[0]) == told(ways[1])
