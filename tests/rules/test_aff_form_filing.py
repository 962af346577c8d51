"""Annex: what is filed: its number, its items, its signatures in ink."""

import pytest

from pipeline.model.evidence import Step
from pipeline.model.findings import Effect
from pipeline.rules.aff_form import RULE
from tests.rules.builders import (
    POST,
    approvals,
    complaints,
    only,
    post,
    review,
    where,
)
from tests.rules.filings import DAY, both, filing, holding, scans
from tests.rules.governance import day, registers


@pytest.mark.parametrize("name", [DAY, f"{DAY}-2"])
def test_0_accepted_named_and_numbered_for_its_day(name: str) -> None:
    filed = filing(name)
    assert both(0, filed, holding(filed)) == []


def test_0_violated_another_number() -> None:
    filed = filing(number="X/SP2026-1104")
    found = only(both(0, filed, holding(filed)), Effect.REFUSE, "form-number-wrong")
    assert where(found) == (filed.document.path, filed.at("number").line)


def test_0_violated_another_name() -> None:
    filed = filing("2026-11-04")
    assert only(both(0, filed, holding(filed)), Effect.REFUSE, "form-misnamed")


def test_0_boundary_of_one_post_the_name_is_the_posts() -> None:
    filed = filing(POST, day=None, post=POST)
    assert both(0, filed, holding(filed)) == []
    off = filing(f"{POST}x", day=None, post=POST)
    assert len(both(0, off, holding(off))) == 1


def test_6_accepted_lists_the_day_and_the_bytes() -> None:
    filed = filing()
    look = holding(filed)
    assert both(6, filed, look) == [] and complaints(RULE, 6, post(), look) == []


def test_6_violated_an_item_of_another_day_or_of_none() -> None:
    for strange in ("2026-11-04-other", "2026-11-03-never"):
        item = filing()["items"][0] | {"post": strange}
        filed = filing(items=[*filing()["items"], item])
        found = only(both(6, filed, holding(filed)), Effect.REFUSE, "form-item-misplaced")
        assert where(found)[1] == filed.at("items", 1).line


def test_6_violated_other_bytes_and_two_forms() -> None:
    item = filing()["items"][0] | {"manifest": "0" * 64}
    filed = filing(items=[item])
    only(complaints(RULE, 6, post(), holding(filed)), Effect.REFUSE, "form-other-bytes")
    twice = holding(filing(), filing(f"{DAY}-2"))
    only(complaints(RULE, 6, post(), twice), Effect.REFUSE, "form-item-twice")


def test_6_boundary_one_item_to_a_form_where_policy_says_so() -> None:
    filed = filing(items=[*filing()["items"], filing()["items"][0] | {"revision": 2}])
    look = holding(filed, registers=registers(form__granularity="item"))
    only(both(6, filed, look), Effect.REFUSE, "form-items-many")
    assert both(6, filed, holding(filed)) == []


def test_6_boundary_a_replaced_filing_no_longer_counts() -> None:
    wrong = filing(items=[filing()["items"][0] | {"manifest": "0" * 64}])
    right = filing(f"{DAY}-2", replaces=DAY, reason="摘要有误")
    assert complaints(RULE, 6, post(), holding(wrong, right)) == []


def test_6_boundary_the_confirmed_bytes_of_an_earlier_revision_stay_filed() -> None:
    first, second = post(), post(revision=2)
    signed = {second.id: approvals(second, earlier=[review(Step.CONFIRM, first)])}
    look = holding(filing(subject=first), subject=second, approvals=signed)
    assert complaints(RULE, 6, second, look) == []


SCAN = {"file": "2026-11-03.pdf", "sha256": "a" * 64, "scanned_on": day("2026-11-04")}


def test_7_accepted_ink_with_its_scan_and_keys_without() -> None:
    wet = filing(signature="wet", scan=SCAN)
    assert both(7, wet, holding(wet, stored=scans(**{"2026-11-03_pdf": "a" * 64}))) == []
    filed = filing()
    assert both(7, filed, holding(filed)) == []


def test_7_violated_ink_without_scan() -> None:
    wet = filing(signature="wet")
    only(both(7, wet, holding(wet)), Effect.REFUSE, "form-scan-missing")


@pytest.mark.parametrize("stored", [{}, {"2026-11-03_pdf": "b" * 64}, {"2026-11-03_png": "a" * 64}])
def test_7_boundary_the_scan_is_the_stored_one_or_none(stored: dict[str, str]) -> None:
    wet = filing(signature="wet", scan=SCAN)
    found = only(
        both(7, wet, holding(wet, stored=scans(**stored))), Effect.REFUSE, "form-scan-differs"
    )
    assert where(found)[1] == wet.at("scan", "sha256").line
