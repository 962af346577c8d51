"""Who leaves an office is shown what stays to be handed over, and by which command."""

from datetime import date
from typing import Any

import pytest

from pipeline.history.change_in_words import governed_with
from pipeline.judge.load_governance import trust
from pipeline.model.registers import Registers
from pipeline.parts.people import offices
from pipeline.report.governed_change import unfinished_matters
from pipeline.source.content.paths import MemoryTree
from tests.builders.cast import governance, registers

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


def _open(registers: Registers, *given: Any) -> list[tuple[str, str]]:
    rows = unfinished_matters(registers, *given)
    return [(str(what), str(following)) for what, following in rows]


def test_an_operator_hands_over_passwords_accounts_devices_and_keys(tree: MemoryTree) -> None:
    files = offices.hand_over(tree, "gly-a", "gly-b", "operator", DAY)
    after = trust(governed_with(tree, files)).registers
    matters = _open(after, "gly-a", BEFORE, "gly-b")
    rotate = "sanshen rotate {} --reason handover --custodian gly-b"
    commands = "\n".join(following for _, following in matters)
    assert all(rotate.format(account) in commands for account in ("wx", "wb"))
    assert "sanshen amend accounts wx --custodian gly-b" in commands
    assert "sanshen amend accounts wb" not in commands
    assert "sanshen amend devices pc-1 --keeper gly-b" in commands
    assert "sanshen roster propose --retire SHA256:" in commands
    assert "sanshen roster propose --add gly-b=gly-b.pub" in commands
    assert matters[-1][0].endswith("某kz-a, 某ld-a, 某ld-b.")


def test_a_leader_leaves_an_empty_office_a_mandate_and_an_account(tree: MemoryTree) -> None:
    after = trust(governed_with(tree, offices.end_offices(tree, "ld-a", BEFORE))).registers
    what, following = _open(after, "ld-a", BEFORE)[0]
    assert what == "From 2026-12-01 on 宣教和信息技术科 has no leader-in-charge."
    assert "people role PERSON --role leader-in-charge --department xjk" in following
    commands = "\n".join(following for _, following in _open(after, "ld-a", BEFORE))
    assert "--end-mandate ld-a:ld-b --at 2026-12-01" in commands
    assert "--end-account forge.example:7 --at 2026-12-01" in commands
    assert "sanshen rotate" not in commands


def test_who_keeps_another_office_keeps_the_key(tree: MemoryTree) -> None:
    files = offices.end_offices(tree, "xxy-c", BEFORE, department="bgs")
    after = trust(governed_with(tree, files)).registers
    assert (
        len(unfinished_matters(after, "xxy-c", BEFORE)) == 1
    )  # the two signatures; xxy-d goes on in bgs
