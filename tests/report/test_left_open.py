"""Who leaves an office is shown what stays to be handed over."""

from collections.abc import Mapping
from datetime import date

import pytest

from pipeline.history.change_in_words import governed_with
from pipeline.judge.load_governance import trust
from pipeline.parts.people import offices
from pipeline.report.governed_change import matters_left
from pipeline.source.content.paths import MemoryTree
from tests.builders.cast import governance, registers
from tests.builders.named import shows, worded

DAY, BEFORE = date(2026, 12, 1), date(2026, 11, 30)


@pytest.fixture(scope="module")
def tree() -> MemoryTree:
    rows = registers()
    rows["accounts"]["accounts"][0]["custodian"] = "gly-a"
    rows["roster"]["delegations"] = [
        {"delegator": "ld-a", "delegate": "ld-b", "role": "leader-in-charge", "authority": "纪要",
         "from": "2026-11-01T00:00:00+08:00", "until": "2026-12-31T00:00:00+08:00"}
    ]  # fmt: skip
    rows["roster"]["forge_accounts"] = [
        {"person": "ld-a", "forge": "forge.example", "id": 7, "from": "2026-11-01T00:00:00+08:00"}
    ]
    return MemoryTree(governance({n: rows[n] for n in ("accounts", "roster")}))


def _left(tree: MemoryTree, files: Mapping[str, bytes]) -> list[str]:
    after = trust(governed_with(tree, files)).registers
    return [str(what) for what in matters_left(trust(tree).registers, after)]


def test_an_operator_hands_over_passwords_accounts_devices_and_keys(tree: MemoryTree) -> None:
    left = _left(tree, offices.hand_over(tree, "gly-a", "gly-b", "operator", DAY))
    passwords = [
        worded("has-password", person="某gly-a", account=f"云岚{account}")
        for account in ("wx", "wb")
    ]
    assert {*passwords, "某gly-a keeps the device pc-1."} <= {*left}
    assert [w for w in left if shows(w, "is-keeper")] == [
        worded("is-keeper", person="某gly-a", account="云岚wx")
    ]
    assert any("某gly-a" in what and what.endswith("still signs.") for what in left)


def test_a_leader_leaves_an_empty_office_a_mandate_and_an_account(tree: MemoryTree) -> None:
    left = _left(tree, offices.end_offices(tree, "ld-a", BEFORE))
    assert left[0] == "From 2026-12-01 on 宣教和信息技术科 has no leader-in-charge."
    assert any(what.startswith("某ld-b acts for 某ld-a until 2026-12-31") for what in left)
    assert any("account 7 of forge.example still count" in what for what in left)
    assert not any("password" in what for what in left)


def test_who_keeps_another_office_keeps_the_key(tree: MemoryTree) -> None:
    assert _left(tree, offices.end_offices(tree, "xxy-c", BEFORE, department="bgs")) == []


def test_nothing_is_left_where_no_office_ends(tree: MemoryTree) -> None:
    assert _left(tree, offices.begin_office(tree, "xxy-c", "writer", "bgs", DAY)) == []
