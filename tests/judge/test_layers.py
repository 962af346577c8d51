"""What governs a tree: the program that its lock names, and the tree's own files over it."""

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from pipeline import __version__
from pipeline.errors import Fault
from pipeline.judge import load_governance
from pipeline.judge.load_governance import Trusted, governance, trust
from pipeline.model import run
from pipeline.model.findings import Effect
from pipeline.new.yaml_writer import dump
from pipeline.source.content import shipped_lists
from pipeline.source.content.paths import MemoryTree
from pipeline.source.content.program_lock import LOCK, OWN
from pipeline.source.git.tree_listing import Blob
from pipeline.source.program import shipped
from tests.builders import cast
from tests.builders.archive import ArchiveRepo
from tests.builders.layers import LISTS, carried, locked, own_schema, schema
from tests.builders.named import like, refuses
from tests.builders.samples import CALENDAR, ENTRIES
from tests.builders.verdicts import passes, refused_for

LATER = "99.1.0"
BOUNDARY = (("99.0.9", False), (LATER, True), ("99.1.1", True))
TERMS, CALENDAR_2027 = "content/registers/terms.yml", "content/registers/calendar/2027.yml"


def read(files: Mapping[str, bytes], **how: bool) -> Trusted:
    return trust(MemoryTree({**cast.governance(), **files}), **how)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The program of a later version, with other files among those that it ships."""

    def ships(files: Mapping[str, bytes] | None = None) -> None:
        def later_shipped(*tops: str) -> Mapping[str, bytes]:
            mine = {p: raw for p, raw in (files or {}).items() if p.startswith(tops)}
            return {**shipped(*tops), **mine}

        monkeypatch.setattr(load_governance, "__version__", "99.9.0")
        monkeypatch.setattr(load_governance, "shipped", later_shipped)
        monkeypatch.setattr(run, "RUNS", [run.Run()])

    return ships


# What came with a later version is not asked of a tree that an older one judges.


@pytest.mark.parametrize(("version", "asked"), BOUNDARY)
def test_a_required_key_of_a_register(
    later: Callable[..., None], version: str, asked: bool
) -> None:
    def change(value: Any) -> None:
        rows = value["properties"]["people"]["items"]
        rows["properties"]["badge"] = {"type": "string", "since": LATER}
        rows["required"].append("badge")

    later(own_schema("registers/people", change))
    problems = read(locked(version)).registers.problems
    assert any("badge is missing" in str(f.message) for f in problems) is asked
    if not asked:
        assert problems == ()
        rows = cast.registers()["people"]
        rows["people"][0]["badge"] = "1"
        ahead = read(locked(version) | {"content/registers/people.yml": dump(rows)})
        assert any("badge is not known" in str(f.message) for f in ahead.registers.problems)


@pytest.mark.parametrize(("version", "asked"), BOUNDARY)
def test_a_required_key_of_a_record_and_a_whole_kind(
    later: Callable[..., None], version: str, asked: bool
) -> None:
    def change(value: Any) -> None:
        value["properties"]["stamp"] = {"type": "string", "since": LATER}
        value["required"].append("stamp")

    kind = {"schemas/records/parades.json": json.dumps({"since": LATER}).encode()}
    later(own_schema("records/inquiries", change) | kind)
    schemas = read(locked(version)).schemas
    assert ("schemas/records/parades.json" in schemas) is asked
    inquiries = json.loads(schemas["schemas/records/inquiries.json"])
    assert ("stamp" in inquiries["properties"]) is ("stamp" in inquiries["required"]) is asked


@pytest.mark.parametrize(("version", "asked"), BOUNDARY)
def test_a_key_of_the_front_matter_and_a_parameter(
    later: Callable[..., None], version: str, asked: bool
) -> None:
    def change(value: Any) -> None:
        front = value["properties"]["front_matter"]
        front["properties"]["mood"] = {"type": "string", "clause": "R05-1", "since": LATER}
        front["required"] = [*front.get("required", ()), "mood"]
        value["properties"]["parameters"]["properties"]["mood.days"] = {
            "type": "integer", "default": 3, "source": "[D] 自定", "since": LATER,
        }  # fmt: skip

    later(own_schema("articles/a05_updates", change))
    trusted = read(locked(version))
    front = trusted.front_matter.schema
    assert ("mood" in front["properties"]) is ("mood" in front["required"]) is asked
    lacks = [f for f in trusted.registers.problems if "mood.days" in str(f.message)]
    assert bool(lacks) is asked and len(trusted.registers.problems) == len(lacks)


@pytest.mark.parametrize(("version", "asked"), BOUNDARY)
def test_a_register_that_must_be_there(
    later: Callable[..., None], version: str, asked: bool
) -> None:
    value = schema("registers/devices") | {"since": LATER}
    later({"schemas/registers/devices.json": json.dumps(value).encode()})
    files = cast.governance() | locked(version)
    del files["content/registers/devices.yml"]
    problems = trust(MemoryTree(files)).registers.problems
    assert bool(problems) is asked


@pytest.mark.parametrize(("version", "asked"), BOUNDARY)
def test_an_entry_of_a_list(
    later: Callable[..., None], monkeypatch: pytest.MonkeyPatch, version: str, asked: bool
) -> None:
    """A later version of a wording is not what people of an older program declare."""
    later()
    standing = shipped_lists._entries("wordings")
    (_, newest), *_ = [(s, w) for s, w in standing if w["name"] == "basis-review"]
    new = replace(newest, id="basis-review-9", value={**newest.value, "version": 9})
    lists = {"wordings": (*standing, (LATER, new))}
    monkeypatch.setattr(shipped_lists, "_entries", lambda name: lists.get(name, ()))
    monkeypatch.setattr(shipped_lists, "shipped", inspect.unwrap(shipped_lists.shipped))
    wordings = read(locked(version)).registers.listed("wordings")
    assert (new in wordings) is asked and len(wordings) == len(standing) + asked


# A lock that names a later program.


def test_a_lock_newer_than_the_program_judges_nothing_and_may_be_proposed() -> None:
    newer = locked("99.0.0")
    with pytest.raises(Fault, match=like("program-too-old", version="99.0.0")):
        read(newer)
    proposed = read(newer, to_come=True)
    assert proposed.lock and proposed.lock.program.version == "99.0.0"
    assert proposed.registers.problems == () and proposed.rulebook.gaps == ()


def test_a_proposal_of_a_newer_program_is_judged_by_base(archive: ArchiveRepo) -> None:
    archive.branch("upgrade")
    archive.write(LOCK, locked("99.0.0")[LOCK])
    archive.commit("升级", "gly-a")
    assert archive.verify("main", "upgrade").exit_code == 10
    archive.authorise("kz-a", "section-head")
    archive.authorise("ld-a", "leader-in-charge")
    archive.commit("授权", "gly-a")
    assert passes(archive.verify("main", "upgrade"))
    archive.merge("upgrade")
    with refuses("program-too-old"):
        trust(archive.open().tree(archive.head()))


@pytest.mark.parametrize("version", [__version__, "99.0.0"])
def test_a_proposed_lock_that_cannot_be_read_is_refused(archive: ArchiveRepo, version: str) -> None:
    archive.branch("upgrade")
    lock = locked(version)[LOCK] + b"--index-url https://evil.example/\n"
    archive.write(LOCK, lock)
    archive.commit("升级", "gly-a")
    archive.authorise("kz-a", "section-head")
    archive.authorise("ld-a", "leader-in-charge")
    archive.commit("授权", "gly-a")
    report = archive.verify("main", "upgrade")
    assert refused_for(report, ("R13-7", "governance-unreadable"))


# Layers: a tree's own file or entry over the program's.


def _stricter(value: Any) -> None:
    value["properties"]["sources"]["items"]["properties"]["name"]["maxLength"] = 3


def test_a_schema_of_the_trees_own_lies_over_the_programs_and_goes_again() -> None:
    own = own_schema("registers/sources", _stricter)
    assert read({}).registers.problems == ()
    (problem,) = read(own).registers.problems
    assert problem.location.path == "content/registers/sources.yml"
    assert read(own).schemas.keys() == read({}).schemas.keys()
    assert read({}).registers.problems == () and governance(MemoryTree(own)) != governance(
        MemoryTree({})
    )


def test_a_schema_that_the_program_lacks_makes_a_kind_of_record() -> None:
    path = "schemas/records/drills.json"
    assert path in read({path: shipped("schemas")["schemas/records/relays.json"]}).schemas
    assert path not in read({}).schemas


@pytest.mark.parametrize("mode", ["120000", "160000"])
@pytest.mark.parametrize(
    "path", ["schemas/registers/sources.json", "rules/a50_own.py", "program.lock"]
)
def test_a_link_or_a_module_in_place_of_a_file_is_a_fault(path: str, mode: str) -> None:
    """It would be passed over in silence, and the program's would judge instead."""
    tree = MemoryTree(cast.governance() | {path: b"x"})
    tree.files[path] = Blob(mode, "0" * 40, 1)  # type: ignore[index]
    with refuses(f"path-no-file {path}"):
        trust(tree)


NO_SCHEMAS = (
    b"", b"[]", b"{", b"\xff", b'{"type": 5}', b"null", b'{"properties": 1}',
    b'{"properties": {"a": {"pattern": "("}}}',
    b'{"$schema": "https://evil.example/schema"}', b'{"$ref": "https://evil.example/x"}',
    b'{"properties": {"a": {"allOf": [{"$ref": "file:///etc/hostname"}]}}}',
    b'{"properties": {"a": {"$dynamicRef": "other.json#/a"}}}',
)  # fmt: skip


@pytest.mark.parametrize("raw", NO_SCHEMAS)
@pytest.mark.parametrize(
    "name",
    ["registers/sources", "records/relays", "statements/review", "articles/a05_updates",
     "records/drills"],
)  # fmt: skip
def test_a_schema_of_the_trees_own_that_is_none_is_a_fault(name: str, raw: bytes) -> None:
    """One that leads elsewhere would be fetched, by whoever judges, from the network or a disk."""
    for to_come in (False, True):
        with pytest.raises(Fault, match=like("schema-missing", path=f"schemas/{name}.json")):
            read({f"schemas/{name}.json": raw}, to_come=to_come)


def test_a_year_of_the_trees_own_lies_over_the_programs_and_beside_it() -> None:
    years = {int(p[-8:-4]) for p in shipped("content/registers/calendar/")}
    assert years and read({}).registers.calendar.years == years
    own = read({CALENDAR_2027: dump(CALENDAR)}).registers.calendar
    assert own.years == {*years, 2027}
    newest = max(years)
    path = f"content/registers/calendar/{newest}.yml"
    other = CALENDAR | {"year": newest, "off_days": [f"{newest}-12-31"], "work_weekends": []}
    off = read({path: dump(other)}).registers.calendar
    assert off != read({}).registers.calendar and off.years == years
    broken = read({path: b"year: 1\n"}).registers
    assert newest not in broken.calendar.years, "no other file stands in for one that is broken"
    assert any(f.effect is Effect.REFUSE and f.location.path == path for f in broken.problems)


def _terms(*rows: Mapping[str, Any]) -> dict[str, bytes]:
    return {TERMS: dump({"terms": list(rows)})}


def test_an_entry_of_the_trees_own_replaces_switches_off_and_adds() -> None:
    row = {"id": "prc", "text": "中华人民共和国", "kind": "state", "reason": "本局另有说明"}
    shipped_ids = [t.id for t in shipped_lists.shipped("terms")]
    replaced = read(_terms(row)).registers
    (own,) = [t for t in replaced.listed("terms") if t.id == "prc"]
    assert own["reason"] == "本局另有说明" and own.document.path == TERMS
    assert len(replaced.listed("terms")) == len(shipped_ids)
    off = read(_terms(row | {"off": True})).registers
    assert {t.id for t in off.listed("terms")} == {*shipped_ids} - {"prc"}
    more = read(_terms(row | {"id": "own"})).registers
    assert [t.id for t in more.listed("terms")] == [*shipped_ids, "own"]
    assert not off.problems and not replaced.problems and not more.problems


def test_to_switch_off_what_is_not_there_does_nothing() -> None:
    row = {"id": "none-such", "text": "某机关", "kind": "state", "reason": "停用", "off": True}
    assert read(_terms(row)).registers.listed("terms") == shipped_lists.shipped("terms")


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_cannot_be_read_is_refused_and_the_programs_stays(name: str) -> None:
    path = f"content/registers/{name}.yml"
    found = read({path: b"- 1\n"}).registers
    assert [(f.effect, f.location.path) for f in found.problems] == [(Effect.REFUSE, path)]
    assert found.listed(name) == shipped_lists.shipped(name)


@pytest.mark.parametrize("name", LISTS)
def test_values_of_shipped_entries_are_those_of_a_register(name: str) -> None:
    """Dates are dates; what reads a register's entries reads these alike."""
    own = read({f"content/registers/{name}.yml": dump({name: [ENTRIES[name]]})}).registers
    (entry,) = [e for e in own.listed(name) if e.document.path]
    types: dict[str, set[type]] = {}
    for fact in shipped_lists.shipped(name):
        for key, value in fact.value.items():
            types.setdefault(key, set()).add(type(value))
    for key, value in entry.value.items():
        assert types.get(key, {type(value)}) == {type(value)}, key


# Archives of before.


def test_an_archive_that_carries_its_program_is_read_with_its_own_alone() -> None:
    old = carried(cast.governance())
    trusted = trust(MemoryTree(old))
    assert trusted.lock is None and trusted.registers.problems == ()
    assert trusted.rulebook.gaps == () and all(a.elder for a in trusted.rulebook.articles)
    assert set(trusted.schemas) == {p for p in old if p.startswith("schemas/")}
    for name in LISTS:
        now = read({}).registers.listed(name)
        then = trusted.registers.listed(name)
        assert {e.id for e in then} == {e.id for e in now}
    assert trusted.registers.calendar.years == read({}).registers.calendar.years


@pytest.mark.parametrize("name", LISTS)
def test_what_such_an_archive_took_out_of_a_list_does_not_come_back(name: str) -> None:
    old = carried(cast.governance())
    path = f"content/registers/{name}.yml"
    old[path] = dump({name: [ENTRIES[name]]})
    then = trust(MemoryTree(old)).registers
    beneath = {e.id for e in shipped_lists.shipped(name, "0.1.0")}
    assert {e.id for e in then.listed(name)} == {ENTRIES[name]["id"], *beneath}
    del old[path], old["content/registers/calendar/2026.yml"]
    assert 2026 not in trust(MemoryTree(old)).registers.calendar.years


def test_an_article_that_such_an_archive_did_not_have_is_a_gap() -> None:
    old = carried(cast.governance())
    del old["schemas/articles/a18_supplements.json"]
    assert trust(MemoryTree(old)).rulebook.gaps == ("第十八条",)


def test_another_regulation_has_the_lists_and_none_of_the_articles_or_wordings() -> None:
    law = {"content/regulation.md": "# 办法\n\n### 第一条\n\n略。\n".encode()}
    trusted = read(law | locked(regulation=OWN))
    assert trusted.rulebook.gaps == ("第一条",)
    assert not [p for p in trusted.schemas if p.startswith("schemas/articles/")]
    assert trusted.registers.listed("terms") and not trusted.registers.listed("wordings")
