"""How much a small bureau is asked to sign in a year (力戒形式主义, Article 16)."""

from collections import Counter
from datetime import date

from pipeline.judge.load_governance import trust
from pipeline.model.calendar import Clock
from pipeline.model.duties import subjects_of, wording_on
from pipeline.sign.review_step import AFFIRMED, ASSERTIONS
from pipeline.source.content.paths import MemoryTree
from tests.builders.cast import ROOT, at
from tests.builders.layers import locked
from tests.rules.builders import archive

MORE_OFTEN = {
    "relays-complete": 1, "no-unregistered-accounts": 3, "account-hygiene": 1,
    "interaction-discipline": 1, "no-forced-actions": 6,
}  # fmt: skip
"""Months between two declarations as they were shipped before."""


def asked(before: bool = False) -> tuple[int, int]:
    """(declarations, signatures when a person signs at once what falls due together) a year."""
    files = [p for p in (ROOT / "content/registers").rglob("*") if p.is_file()]
    paths = [*files, ROOT / "content/policy.yml", ROOT / "content/regulation.md"]
    stated = {p.relative_to(ROOT).as_posix(): p.read_bytes() for p in paths}
    demo = trust(MemoryTree(stated | locked()))
    look = archive(registers=demo.registers, clock=Clock(at("2026-11-20 09:00")))
    declarations, times = 0, Counter[str]()
    for name in {w["name"] for w in demo.registers.entries["wordings"]}:
        wording = wording_on(look, name, date(2026, 11, 20))
        assert wording is not None
        months = (before and MORE_OFTEN.get(name)) or wording["every_months"]
        for _, person in subjects_of(look, wording):
            declarations += 12 // months
            times[person] = max(times[person], 12 // months)
    return declarations, sum(times.values())


def test_half_as_much_is_declared_as_before_and_one_signature_covers_what_is_due() -> None:
    was, _ = asked(before=True)
    now, signatures = asked()
    assert (was, now, signatures) == (209, 76, 23)
    assert 2 * now <= was


def test_a_post_is_stated_in_eight_sentences_and_no_clause_is_lost() -> None:
    assert sum(map(len, AFFIRMED.values())) == 8
    assert sum(map(len, ASSERTIONS.values())) == 20
