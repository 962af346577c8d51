"""What stands in a plain record is never rewritten, and what comes late is told as such."""

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline.judge.load_governance import Trusted, trust
from pipeline.judge.record_entries import disordered, entry_findings
from pipeline.model.archive import Archive, Change, Entry, OnBranch
from pipeline.model.attestations import CORRECTED, rewrites, value_at
from pipeline.model.calendar import Clock
from pipeline.model.findings import Effect, Finding, say
from pipeline.model.part import program
from pipeline.new.yaml_writer import dump
from pipeline.source.content.paths import MemoryTree
from pipeline.source.content.records import RECORDS as FOLDER
from pipeline.source.content.records import read_records
from pipeline.source.content.text import read_yaml
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import ROOT, at, email, governance
from tests.builders.layers import own_schema
from tests.builders.samples import RECORDS, TIME
from tests.builders.verdicts import mark

KINDS = tuple(
    kind
    for kind, row in program().records.items()
    if not row.predicate
    and CORRECTED in json.loads((ROOT / f"schemas/records/{kind}.json").read_bytes())["properties"]
)
"""Every kind of plain record that is corrected beside, and never rewritten."""
DEMO = {
    path.relative_to(ROOT).as_posix(): read_yaml(path.name, path.read_bytes()).value
    for kind in KINDS
    for path in sorted((ROOT / FOLDER / kind).glob("*/*.yml"))
}


@cache
def governed() -> Trusted:
    return trust(MemoryTree(governance()))


def judged(
    kind: str,
    before: Any,
    after: Any,
    now: str = "2026-11-04 18:00",
    trusted: Trusted | None = None,
) -> list[Finding]:
    path, trusted = f"{FOLDER}{kind}/2026/a.yml", trusted or governed()
    change = Change("", "", (Entry(path, "M" if before else "A", "records", ""),))
    archive = Archive(
        OnBranch(change), Clock(at(now)), trusted.registers, {}, frozenset(), {}, (), ()
    )
    trees = [MemoryTree({path: dump(v)} if v else {}) for v in (after, before)]
    return list(entry_findings(archive, trees[0], lambda: trees[1], trusted, lambda _: {}))


def leaves(value: Any, route: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, below in parts:
        if isinstance(below, dict | list):
            yield from leaves(below, (*route, key))
        yield (*route, key)


def altered(value: Any, route: tuple[Any, ...], new: Any) -> Any:
    """A copy with another value at a route; None takes it away."""
    changed = deepcopy(value)
    holder = changed
    for key in route[:-1]:
        holder = holder[key]
    if new is None:
        del holder[route[-1]]
    else:
        holder[route[-1]] = new
    return changed


def rewritings(value: Any) -> Iterator[Any]:
    """The value with each part of it changed, removed or, in a list, in another order."""
    for route in leaves(value):
        old = value
        for key in route:
            old = old[key]
        yield altered(value, route, None)
        if isinstance(old, list) and old[::-1] != old:
            yield altered(value, route, old[::-1])
        if isinstance(old, bool):
            yield altered(value, route, not old)
        elif not isinstance(old, dict | list):
            yield altered(value, route, old + 1 if isinstance(old, int) else f"{old}一")


@pytest.mark.parametrize("path", DEMO)
def test_each_way_to_rewrite_a_record_of_the_demo_is_seen(path: str) -> None:
    value = DEMO[path]
    changed = list(rewritings(value))
    assert len(changed) > 6
    assert all(list(rewrites(value, other)) for other in changed)


@pytest.mark.parametrize("path", DEMO)
def test_what_is_added_to_a_record_of_the_demo_rewrites_nothing(path: str) -> None:
    """From each earlier state of it, with a key less or a list cut short, on to the whole."""
    value = DEMO[path]
    assert not list(rewrites(value, deepcopy(value)))
    earlier = [r for r in leaves(value) if not isinstance(r[-1], int)]
    assert not [r for r in earlier if list(rewrites(altered(value, r, None), value))]
    for route in leaves(value):
        *above, last = route
        holder = value
        for key in above:
            holder = holder[key]
        if isinstance(last, int):
            assert not list(rewrites(altered(value, tuple(above), holder[:last]), value))


def _rewritten(value: Any) -> tuple[tuple[Any, ...], Any]:
    """The way to a value that no other follows from, and what may come to stand there."""
    words = ("summary", "title", "what", "finding", "findings")
    for route in leaves(value):
        if route[-1] in words and isinstance(value_at(value, route), str):
            return route, "改过的内容"
    return next((r, "2026-11-03") for r in leaves(value) if r[-1] in ("on", "day"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_value_that_stands_on_main_is_refused_another_with_line_clause_and_item(
    kind: str,
) -> None:
    route, new = _rewritten(RECORDS[kind])
    after = altered(RECORDS[kind], route, new)
    (found,) = judged(kind, RECORDS[kind], after)
    key = ".".join(map(str, route))
    assert (found.name, found.about, found.effect) == ("event-rewritten", key, Effect.REFUSE)
    assert found.location.line > 1
    assert new in str(found.message) and value_at(RECORDS[kind], route) in str(found.message)
    remedy = str(found.remedy)
    assert f"{{field: {key}, value:" in remedy
    clauses = {"inquiries": "R12-3"}  # of the summary; elsewhere that of the kind
    schema = governed().schemas[f"schemas/records/{kind}.json"].decode()
    assert f'"clause": "{found.clause}"' in schema and found.clause == clauses.get(
        kind, found.clause
    )


def test_remarks_and_layout_of_a_record_may_change() -> None:
    path = f"{FOLDER}inquiries/2026/a.yml"
    value = RECORDS["inquiries"]
    plain = dump(value)
    other = "# 备注\n".encode() + dump({k: value[k] for k in sorted(value)}) + b"# end\n"
    change = Change("", "", (Entry(path, "M", "records", ""),))
    archive = Archive(
        OnBranch(change), Clock(at(TIME[:16].replace("T", " "))), governed().registers, {},
        frozenset(), {}, (), (),
    )  # fmt: skip
    trees = MemoryTree({path: other}), MemoryTree({path: plain})
    assert not list(entry_findings(archive, trees[0], lambda: trees[1], governed(), lambda _: {}))


def test_a_private_number_may_give_way_to_its_mask_and_no_more() -> None:
    before = RECORDS["inquiries"] | {"summary": "请回电 13800138000 谢谢"}
    assert not judged("inquiries", before, before | {"summary": "请回电 138******00 谢谢"})
    home = RECORDS["inquiries"] | {"summary": "住幸福路12号3栋502室，报警器坏了"}
    assert not judged("inquiries", home, home | {"summary": "住幸福路12号***，报警器坏了"})
    assert judged("inquiries", home, home | {"summary": "住幸福路12号***，报警器好了"})
    assert judged("inquiries", home, home | {"summary": "住幸福路12号9栋101室，报警器坏了"})
    (found,) = judged("inquiries", before, before | {"summary": "请回电 138******00"})
    assert "13800138000" not in f"{found.message}{found.remedy}"


def _renamed(schema: Any) -> None:
    schema["properties"]["remark"] = schema["properties"].pop("corrected")


def test_an_archive_whose_schemas_know_no_correction_is_not_asked() -> None:
    """Its records could only be put right by rewriting them; the base decides (0024)."""
    old = trust(MemoryTree(governance() | own_schema("records/statistics", _renamed)))
    value = RECORDS["statistics"]
    assert not judged("statistics", value, value | {"reads": 1}, trusted=old)
    assert judged("statistics", value, value | {"reads": 1})


def test_a_record_that_broke_its_schema_on_main_can_be_mended() -> None:
    value = RECORDS["statistics"]
    assert not judged("statistics", value | {"reads": "many"}, value | {"reads": 1})


def test_what_is_entered_within_the_hours_is_not_late_and_a_minute_later_is() -> None:
    value = {k: v for k, v in RECORDS["inquiries"].items() if k not in ("drafted", "reply")}
    late = ("R12-1", Effect.NOTE)
    assert not judged("inquiries", None, value, "2026-11-05 09:30")
    (found,) = judged("inquiries", None, value, "2026-11-05 09:31")
    assert (found.clause, found.effect) == late
    told = dict(found.message.values)
    assert (found.name, told["hours"], told["at"]) == ("event-entered-late", 24, "2026-11-04 09:30")
    reply = {"reply": {"person": "gly-a", "at": "2026-11-06T09:30:00+08:00", "text": "已办。"}}
    assert not judged("inquiries", value, value | reply, "2026-11-07 09:30")
    (found,) = judged("inquiries", value, value | reply, "2026-11-07 09:31")
    assert str(found.message).endswith("on 2026-11-06 09:30: reply.at.")


def test_a_day_is_late_from_its_end() -> None:
    value = RECORDS["statistics"] | {"on": "2026-12-31"}
    assert not judged("statistics", None, value, "2027-01-01 23:59")
    assert judged("statistics", None, value, "2027-01-02 00:00")


ORDER = {
    "reply before receipt": ({"reply": {"person": "gly-a", "at": "{}", "text": "已办。"}}, "R12-1",
                             "event-out-of-order reply.at received_at"),
    "reply before draft": ({"drafted": {"person": "xxy-a", "at": "2026-11-04T10:00:00+08:00"},
                            "reply": {"person": "gly-a", "at": "{}", "text": "已办。"}}, "R12-1",
                           "event-out-of-order reply.at drafted.at"),
    "closed before reply": ({"closed_at": "{}", "reply": {
        "person": "gly-a", "at": "2026-11-04T10:00:00+08:00", "text": "已办。"}}, "R12-1",
        "event-out-of-order closed_at reply.at"),
    "returned before receipt": ({"tasks": [{"department": "jzk", "assigned_by": "gly-a",
                                            "due": "2026-11-06", "returned_at": "{}"}]}, "R12-6",
                                "event-out-of-order tasks.0.returned_at received_at"),
}  # fmt: skip


def disorder(value: dict[str, Any]) -> list[tuple[str, str]]:
    path = f"{FOLDER}inquiries/2026/a.yml"
    tree = MemoryTree({path: dump(value)})
    facts, problems = read_records(tree, governed().schemas, "inquiries", [path])
    assert facts and not problems
    return [(f.clause, mark(f)) for f in disordered(facts, governed(), ())]


@pytest.mark.parametrize("case", ORDER)
def test_an_event_before_the_one_it_answers_is_out_of_order_and_the_same_second_is_not(
    case: str,
) -> None:
    more, clause, words = ORDER[case]
    first = "2026-11-04T10:00:00+08:00" if "draft" in case or "closed" in case else TIME
    plain = {k: RECORDS["inquiries"][k] for k in ("person", "account", "type", "summary")}
    for moment, wrong in ((first, False), (f"{first[:11]}08:59:59+08:00", True)):
        value = json.loads(json.dumps(more).replace("{}", moment))
        found = disorder(plain | {"received_at": "2026-11-04T09:00:00+08:00"} | value)
        assert ((clause, words) in found) is wrong
    across = json.loads(json.dumps(more).replace("{}", "2027-01-01T00:00:01+08:00"))
    assert not disorder(plain | {"received_at": "2026-09-30T23:59:59+08:00"} | across)


def test_what_clauses_refuse_already_is_not_refused_twice() -> None:
    path = f"{FOLDER}inquiries/2026/a.yml"
    value = RECORDS["inquiries"] | {"closed_at": "2026-11-03T09:00:00+08:00"}
    tree = MemoryTree({path: dump(value)})
    facts, _ = read_records(tree, governed().schemas, "inquiries", [path])
    assert [f.location for f in disordered(facts, governed(), ())] == [facts[0].at("closed_at")] * 3
    said = Finding("R12-2", "so-it-is", Effect.REFUSE, say("early"), facts[0].at("closed_at"))
    assert not list(disordered(facts, governed(), [said]))


def test_history_before_the_rule_may_hold_rewritten_records_and_later_history_may_not(
    tmp_path: Path,
) -> None:
    """The schemas of its base judge a change, as they judge all else of it (0024)."""
    path = f"{FOLDER}supervisions/2026/a.yml"
    ((schema, raw),) = own_schema("records/supervisions", _renamed).items()
    archive = ArchiveRepo.begin(tmp_path / "a")
    archive.write(schema, raw)
    env = archive.git.people(email("gly-a"), email("gly-a"))
    archive.git("add", "--all")
    archive.git("commit", "--quiet", "--amend", "--no-edit", env=env)
    value = RECORDS["supervisions"] | {"contractor": "lanyun"}
    commits = []
    for findings in ("抽查", "抽查权限清单"):
        archive.write(path, dump(value | {"findings": findings}))
        commits.append(archive.commit("登记", "gly-a"))
    archive.branch("upgrade")
    (archive.root / schema).unlink()
    archive.commit("升级", "gly-a")
    archive.authorise("kz-a", "section-head")
    archive.authorise("ld-a", "leader-in-charge")
    archive.commit("授权", "gly-a")
    archive.merge("upgrade")
    archive.write(path, dump(value | {"findings": "改过的内容"}))
    last = archive.commit("改写", "gly-a")
    refused = {v.subject[:12] for v in archive.audit().verdicts if v.decision is Effect.REFUSE}
    assert last[:12] in refused and refused.isdisjoint(c[:12] for c in commits)
