"""What a change of policy and registers does, in words."""

from collections.abc import Mapping
from typing import Any

import pytest

from pipeline.evidence.ssh.keys import PublicKey, parse_public_key
from pipeline.history.change_in_words import change_in_words, governed_with
from pipeline.model.registers import check_number
from pipeline.new.yaml_writer import dump
from pipeline.parts.people import offices
from pipeline.report.language import translator
from pipeline.source.content.paths import MemoryTree
from pipeline.source.content.registers import CALENDAR
from pipeline.source.program import shipped
from tests.builders.cast import PASSKEY, governance, key, public_line, registers

FROM = "2026-12-01T00:00:00+08:00"
MANDATE = {
    "delegator": "ld-a", "delegate": "ld-b", "role": "leader-in-charge",
    "from": FROM, "until": "2026-12-31T00:00:00+08:00", "authority": "会议纪要",
}  # fmt: skip
ACCOUNT = {"person": "xxy-a", "forge": "forge.example", "id": 7, "from": FROM}


@pytest.fixture(scope="module")
def tree() -> MemoryTree:
    return MemoryTree(governance())


def _words(tree: MemoryTree, files: Mapping[str, bytes], language: str = "en") -> list[str]:
    tr = translator(language)
    return [tr(m) for m in change_in_words(tree, governed_with(tree, files))]


def _register(name: str, value: Any) -> dict[str, bytes]:
    return {f"content/registers/{name}.yml": dump(value)}


def _row(name: str, index: int = 0, /, **changes: Any) -> dict[str, bytes]:
    rows = registers()[name][name]
    rows[index] |= changes
    return _register(name, {name: rows})


def _keys(**changes: Any) -> list[dict[str, Any]]:
    first, *others = registers()["roster"]["keys"]
    return [first | changes, *others]


def _number(name: str) -> str:
    key = parse_public_key(public_line(name))
    assert isinstance(key, PublicKey)
    return check_number(key.fingerprint)


CASES: list[tuple[dict[str, bytes], list[str]]] = [
    ({}, []),
    (
        _row("people", 0, roles=[registers()["people"]["people"][0]["roles"][0]
                                 | {"until": "2026-11-30"}]),
        ["某xxy-a（xxy-a） ceases to be information-officer of 宣教和信息技术科: 2026-11-30 is the"
         " last day, until now no end."],
    ),
    (
        _row("people", 0, roles=[{"role": "writer", "department": "bgs", "from": "2026-12-01"}]),
        ["The entry that 某xxy-a（xxy-a） is information-officer of 宣教和信息技术科 from"
         " 2026-01-01 is taken out.",
         "某xxy-a（xxy-a） becomes writer of 办公室 on 2026-12-01, with no end as the last day."],
    ),
    (
        _row("people", 0, emails=["a@b", "xxy-a@yunlan.example.org"], name="甲"),
        ["people 甲（xxy-a）: name was 某xxy-a and becomes 甲.",
         "people 甲（xxy-a）: emails gains a@b and loses -."],
    ),
    (
        _register("people", {"people": registers()["people"]["people"][1:]}),
        ["people: 某xxy-a（xxy-a） is taken out.",
         "The entry that 某xxy-a（xxy-a） is information-officer of 宣教和信息技术科 from"
         " 2026-01-01 is taken out."],
    ),
    (
        _row("accounts", 0, custodian="gly-a", verified=False),
        ["accounts 云岚wx（wx）: verified was yes and becomes no.",
         "accounts 云岚wx（wx）: custodian is gly-a."],
    ),
    (
        _register("sources", {"sources": []}),
        ["sources: yunlan-weather is taken out."],
    ),
    (
        _register("roster", registers()["roster"] | {"keys": [*_keys(), key("gly-b")],
                  "delegations": [MANDATE], "forge_accounts": [ACCOUNT]}),
        ["The key file of 某gly-b（gly-b） (since 2026-01-01 00:00, check number"
         f" {_number('gly-b')}) may sign from"
         " then on.",
         "New: 某ld-b（ld-b） acts for 某ld-a（ld-a） as leader-in-charge, 2026-12-01 00:00 to"
         " 2026-12-31 00:00 (会议纪要)",
         "New: 某xxy-a（xxy-a）  account 7 of forge.example  2026-12-01 00:00 to -"],
    ),
    (
        _register("roster", registers()["roster"]
                  | {"keys": [*_keys(), key("gly-b", f"gly-b{PASSKEY}")]}),
        ["The phone or computer (passkey) of 某gly-b（gly-b） (since 2026-01-01 00:00, check number"
         f" {_number(f'gly-b{PASSKEY}')}) may sign from then on."],
    ),
    (
        _register("roster", registers()["roster"]
                  | {"keys": _keys(revoked_at=FROM, revocation="retired")}),
        ["The key file of 某xxy-a（xxy-a） (since 2026-01-01 00:00, check number"
         f" {_number('xxy-a')}) signs until"
         " 2026-12-01 00:00 only."],
    ),
    (
        _register("roster", registers()["roster"]
                  | {"keys": _keys(revoked_at=FROM, revocation="compromised")}),
        ["The key file of 某xxy-a（xxy-a） (since 2026-01-01 00:00, check number"
         f" {_number('xxy-a')}) is lost or stolen:"
         " of what it signed counts only what was in the archive before 2026-01-01 00:00."],
    ),
    (
        {"content/registers/devices.yml": b"devices: 1\n"},
        ["The register devices can no longer be read: `sanshen verify` says why."],
    ),
    (
        {"content/registers/calendar/2026.yml": shipped(CALENDAR)[f"{CALENDAR}2026.yml"]
         .replace(b"off_days:", b"off_days:\n  - \"2026-12-03\"")},
        ["The working days of 2026 change; 1 days are counted otherwise."],
    ),
    (
        {"content/regulation.md": governance()["content/regulation.md"] + b"\n"},
        ["The wording of the regulation changes."],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "said"), CASES)
def test_a_change_is_told_before_it_is_signed(
    tree: MemoryTree, files: dict[str, bytes], said: list[str]
) -> None:
    words = _words(tree, files)
    assert words == said


def test_a_setting_is_told_with_what_it_means(tree: MemoryTree) -> None:
    policy = governance()["content/policy.yml"].replace(
        b"  cadence.text.count:\n    - value: 2\n", b"  cadence.text.count:\n    - value: 3\n"
    )
    (altered, stated) = _words(tree, {"content/policy.yml": policy})
    assert altered.startswith(
        "cadence.text.count: the setting 2 次/周 from 2023-03-21 is taken out or altered. Updates"
    )
    assert "from 2 次/周 to 3 次/周 from 2023-03-21 on; [S]" in stated


def test_a_fact_of_the_unit_is_told(tree: MemoryTree) -> None:
    (line,) = _words(tree, offices.set_fact(tree, "unit.short_name", "云岚"))
    assert line.endswith("unit.short_name was 云岚应急 and becomes 云岚.")


def test_the_words_are_chinese_for_a_leader(tree: MemoryTree) -> None:
    end = {"until": "2026-11-30"}
    role = registers()["people"]["people"][0]["roles"][0] | end
    (line,) = _words(tree, _row("people", 0, roles=[role]), "zh")
    assert line == (
        "某xxy-a（xxy-a）不再担任宣教和信息技术科政务新媒体信息员："
        "最后一天为2026年11月30日，原为不限期。"
    )
