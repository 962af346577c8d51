"""What no single entry shows: periods that overlap, ids that name nobody, patterns without end."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from pipeline.judge.load_governance import trust
from pipeline.model.calendar import ONE_DAY
from pipeline.model.findings import Effect, Finding
from pipeline.model.registers import Registers
from pipeline.new.yaml_writer import dump
from pipeline.source.content.paths import MemoryTree
from pipeline.source.content.registers import pattern_problem, read_policy
from pipeline.source.content.shipped_lists import shipped
from pipeline.source.content.text import read_yaml
from tests.builders.cast import contractor, device, governance, person, registers
from tests.builders.layers import carried
from tests.rules.governance import day


def governed(name: str = "", rows: Iterable[dict[str, Any]] = ()) -> Registers:
    """The registers with more rows in one of them."""
    standing = registers().get(name, {name: []})[name] if name else []
    changed = {name: {name: [*standing, *rows]}} if name else {}
    return trust(MemoryTree(governance(changed))).registers


def refused(name: str, *rows: dict[str, Any]) -> list[tuple[str, str]]:
    found: tuple[Finding, ...] = governed(name, rows).problems
    assert all(f.effect is Effect.REFUSE and f.remedy for f in found)
    return [(f.clause, f"{f.name} {f.about}".rstrip()) for f in found]


def roles(*periods: tuple[str, str, str, str]) -> dict[str, Any]:
    """``roles`` of a person: (role, department, from, until or empty)."""
    rows = [
        {"role": r, "department": d, "from": a} | ({"until": b} if b else {})
        for r, d, a, b in periods
    ]
    return {"roles": rows}


def test_the_builders_registers_are_sound() -> None:
    assert governed().problems == ()


@pytest.mark.parametrize("second", ["2026-05-31", "2026-01-01"])
def test_one_role_held_twice_at_a_time_refuses(second: str) -> None:
    twice = roles(
        ("writer", "jzk", "2026-01-01", "2026-05-31"), ("writer", "jzk", second, "")
    )  # fmt: skip
    assert refused("people", person("zz-q") | twice) == [("R03-1", "role-held-twice zz-q writer")]


def test_a_role_taken_up_again_the_day_after_it_ended_is_sound() -> None:
    again = roles(
        ("writer", "jzk", "2026-01-01", "2026-05-31"), ("writer", "jzk", "2026-06-01", "")
    )  # fmt: skip
    assert refused("people", person("zz-q") | again) == []


def test_a_person_in_two_departments_is_sound() -> None:
    assert refused("people", person("zz-q", "writer@jzk", "writer@bgs")) == []


@pytest.mark.parametrize("spelt", [str.lower, str.upper])
def test_an_email_of_two_people_refuses(spelt: Callable[[str], str]) -> None:
    """Either could review what they committed themselves: it would count as the other's."""
    (theirs,) = person("zz-a")["emails"]
    assert refused("people", person("zz-q", "writer@jzk") | {"emails": [spelt(theirs)]}) == [
        ("R03-1", "mail-shared zz-q zz-a")
    ]


def test_two_heads_of_one_department_refuse() -> None:
    found = governed("people", [person("kz-b", "section-head@xjk")]).problems
    assert [(f.clause, f"{f.name} {f.about}") for f in found] == [
        ("R03-1", "department-heads-two xjk")
    ]
    document = governed().documents["people"]
    assert found[0].location.line > document.locate("people", 11).line


def test_a_head_who_follows_another_is_sound() -> None:
    first = roles(("section-head", "jzk", "2026-01-01", "2026-11-04"))
    second = roles(("section-head", "jzk", "2026-11-05", ""))
    rows = (person("kz-b") | first, person("kz-c") | second)
    assert refused("people", *rows) == []
    same_day = roles(("section-head", "jzk", "2026-11-04", ""))
    assert len(refused("people", person("kz-b") | first, person("kz-c") | same_day)) == 1


def test_a_role_that_ended_yesterday_is_not_held_today() -> None:
    made = governed(
        "people", [person("kz-b") | roles(("writer", "jzk", "2024-02-29", "2026-11-04"))]
    )
    writer = made.people["kz-b"]
    assert writer.holds("writer", day("2026-11-04"))
    assert not writer.holds("writer", day("2026-11-04") + ONE_DAY)
    assert not writer.holds("writer", day("2024-02-28"))


def test_a_period_that_ends_before_it_begins_refuses() -> None:
    backwards = roles(("writer", "jzk", "2026-05-01", "2026-04-30"))
    assert refused("people", person("zz-q") | backwards) == [("R03-1", "period-backwards")]
    one_day = roles(("writer", "jzk", "2026-05-01", "2026-05-01"))
    assert refused("people", person("zz-q") | one_day) == []


@pytest.mark.parametrize(
    ("name", "row", "clause", "named"),
    [
        ("devices", device("pc-9", "nobody"), "R14-4", "keeper nobody"),
        (
            "devices",
            device("pc-9", "gly-a", department="none"),
            "R14-4",
            "department none",
        ),
        ("contractors", contractor("other", "nobody"), "R06-2", "people nobody"),
        ("people", person("zz-q", "writer@none"), "R03-1", "department none"),
    ],
)
def test_an_id_that_is_in_no_register_refuses(
    name: str, row: dict[str, Any], clause: str, named: str
) -> None:
    found = refused(name, row)
    assert found
    assert {c for c, _ in found} == {clause}
    assert all(words == f"reference-unknown {named}" for _, words in found)


def test_staff_entered_under_a_contractor_refuse() -> None:
    assert refused("contractors", contractor("other", "zz-a")) == [
        ("R06-2", "contractor-unmarked zz-a")
    ]


@pytest.mark.parametrize("missing", ["contractors", "devices"])
def test_a_register_that_is_missing_refuses(missing: str) -> None:
    tree = governance()
    del tree[f"content/registers/{missing}.yml"]
    found = trust(MemoryTree(tree)).registers.problems
    path = f"content/registers/{missing}.yml"
    assert ("register-missing", path) in [(f.name, f.location.path) for f in found]


@pytest.mark.parametrize("name", ["wordings", "terms", "lexicons", "instruments"])
def test_a_list_that_an_archive_leaves_out_is_the_programs(name: str) -> None:
    tree = governance()
    assert f"content/registers/{name}.yml" not in tree
    read = trust(MemoryTree(tree)).registers
    assert read.problems == () and read.listed(name) == shipped(name)


def test_an_archive_of_before_lists_its_instruments_in_policy() -> None:
    tree = carried(governance())
    del tree["content/registers/instruments.yml"]
    rows = "legal_basis:\n- {title: 某通知, number: 某令1号, layer: city}\n"
    tree["content/policy.yml"] += rows.encode()
    read = trust(MemoryTree(tree)).registers
    assert read.problems == ()
    assert [e["title"] for e in read.basis] == ["某通知"]


@pytest.mark.parametrize("word", ["", "。", "\u200b", " "])
def test_a_lexicon_entry_that_matches_everything_refuses(word: str) -> None:
    row = {
        "id": "all", "category": "personal", "effect": "note", "words": [word], "exceptions": [],
        "reason": "试", "suggestion": "试",
    }  # fmt: skip
    assert {clause for clause, _ in refused("lexicons", row)} == {"R13-2"}


def test_a_term_with_too_few_signs_refuses() -> None:
    row = {"id": "short", "text": "，，，，，", "kind": "office", "reason": "试"}
    assert refused("terms", row) == [("R15-2", "term-too-short short")]


def test_a_term_that_is_its_own_neighbour_refuses() -> None:
    row = {"id": "own", "text": "领导小组", "near": ["领导小组"], "kind": "office", "reason": "试"}
    assert refused("terms", row) == [("R15-2", "term-own-neighbour own")]


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$", "a*b*c", "(ab)?(cd)?", r"(a)\1", "a{2,}", "a?" * 20 + "a" * 20, "a{1,20}" * 4,
        "(a|a)" * 20, "[", "x" * 201, "(?P<n>a)(?P=n)",
    ],
)  # fmt: skip
def test_a_pattern_that_may_never_end_refuses(pattern: str) -> None:
    assert pattern_problem(pattern) is not None


@pytest.mark.parametrize(
    "pattern", ["第[0-9]{1,4}号", r"\+86", "[*+?]", "一次|二次", "a?b", r"\(x\)\*"]
)
def test_a_pattern_that_surely_ends_is_taken(pattern: str) -> None:
    assert pattern_problem(pattern) is None


@pytest.mark.parametrize(("value", "count"), [(["(a+)+", "第[0-9]{1,4}号"], 1), (["一", "二"], 0)])
def test_policy_patterns_are_held_to_that_when_policy_loads(value: list[str], count: int) -> None:
    setting = {"value": value, "unit": "—", "source": "[D] 自定", "effective_from": "2023-03-21"}
    document = read_yaml("content/policy.yml", dump({"parameters": {"x.patterns": [setting]}}))
    schema = {"type": "array", "items": {"type": "string", "format": "regex"}}
    problems: list[Finding] = []
    read_policy(document.value, document, {"x.patterns": schema}, problems)
    assert [p.name for p in problems] == ["pattern-endless"] * count
    assert all(p.location.line == 2 for p in problems)


def test_policy_states_basis_and_limits() -> None:
    policy = governed().policy
    layers = {b["layer"] for b in governed().basis}
    assert layers == {"national", "provincial", "city", "bureau"} and not policy.legal_basis
    names = {limit["parameter"] for limit in policy.limits}
    assert "cadence.redline_days" in names <= policy.parameters.keys()


def test_a_limit_on_no_parameter_refuses() -> None:
    tree = governance()
    policy = tree["content/policy.yml"].decode()
    tree["content/policy.yml"] = policy.replace(
        'parameter: "cadence.redline_days"', 'parameter: "cadence.redlines"'
    ).encode()
    problems = trust(MemoryTree(tree)).registers.problems
    assert [(f.clause, f"{f.name} {f.about}") for f in problems] == [
        ("R18-1", "limit-unowned cadence.redlines")
    ]


@pytest.mark.parametrize(
    "limit",
    ["    at_most: 14\n    at_least: 1\n", "", "    at_most: many\n"],
    ids=["both", "none", "word"],
)
def test_a_limit_has_exactly_one_side(limit: str) -> None:
    tree = governance()
    policy = tree["content/policy.yml"].decode()
    assert "    at_most: 14\n" in policy
    tree["content/policy.yml"] = policy.replace("    at_most: 14\n", limit, 1).encode()
    found = trust(MemoryTree(tree)).registers.problems
    assert "R18-1" in {f.clause for f in found}
