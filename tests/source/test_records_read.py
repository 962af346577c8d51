"""Plain records out of a tree: typed, named, referred; only what a change looks at is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import pytest

from pipeline.judge.load_governance import trust
from pipeline.judge.record_reader import Recorded, RecordReader
from pipeline.model.archive import Change, Entry
from pipeline.model.records import filed_under
from pipeline.new.yaml_writer import dump
from pipeline.source.content.paths import MemoryTree
from pipeline.source.content.records import read_records
from pipeline.source.git.tree_listing import Blob, Listing
from pipeline.source.program import shipped
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF, governance
from tests.builders.samples import RECORDS

ONE = "content/records/inquiries/2026/one.yml"


class Counting(MemoryTree):
    """A tree that remembers what was read."""

    @property
    def seen(self) -> list[str]:
        return self.__dict__.setdefault("_seen", [])  # type: ignore[no-any-return]

    def read(self, path: str) -> bytes:
        self.seen.append(path)
        return super().read(path)


def looked_at(
    records: Mapping[str, Any], only: frozenset[str] | None = None, change: Change | None = None
) -> tuple[Recorded, Counting]:
    """Records (path → value or bytes) as an archive of the builders would read them."""
    written = {p: v if isinstance(v, bytes) else dump(v) for p, v in records.items()}
    trusted = trust(MemoryTree(governance()))
    tree = Counting(written)
    reader = RecordReader(tree, trusted.registers, trusted.schemas, trusted.statements, frozenset())
    return reader.all(AS_OF, only, change), tree


def change_of(*paths: str) -> Change:
    return Change("b", "h", tuple(Entry(p, "A", "records", "e" * 64) for p in paths))


def told(found: Recorded) -> list[tuple[str, str]]:
    return [(f.clause, f"{f.name} {f.about}".rstrip()) for f in found.problems]


def test_values_are_typed_and_can_be_pointed_at() -> None:
    found, _ = looked_at({ONE: RECORDS["inquiries"]})
    (inquiry,) = found.facts["inquiries"]
    assert (inquiry.kind, inquiry.id) == ("inquiries", "one")
    assert isinstance(inquiry["received_at"], datetime)
    assert inquiry["acknowledged"]["promised_due"] == date(2026, 11, 10)
    assert inquiry.at("reply", "text").line > inquiry.at("reply").line > 1
    assert told(found) == []


def test_every_kind_is_there_though_nothing_is_recorded() -> None:
    found, _ = looked_at({})
    assert not found.facts["opinions"]
    assert not found.signed["waiver"]
    assert "passwords" not in found.facts
    with pytest.raises(KeyError):
        found.facts["passwords"]


def test_nothing_is_read_before_it_is_asked_for() -> None:
    found, tree = looked_at({ONE: RECORDS["inquiries"]}, only=frozenset())
    assert tree.seen == []
    assert not found.facts["relays"]
    assert tree.seen == []
    assert len(found.facts["inquiries"]) == len(found.facts["inquiries"]) == 1
    assert tree.seen == [ONE]


def test_of_records_found_by_name_no_other_is_read() -> None:
    paths = [f"content/records/inquiries/{y}/{n}.yml" for y, n in ((2025, "a1"), (2026, "b1"))]
    found, tree = looked_at(dict.fromkeys(paths, RECORDS["inquiries"]), only=frozenset())
    assert [f.id for f in filed_under(found.facts["inquiries"], "b")] == ["b1"]
    assert tree.seen == paths[1:]
    assert [f.id for f in filed_under(tuple(found.facts["inquiries"]), "a")] == ["a1"]
    assert filed_under(found.facts["inquiries"], "c") == ()


@dataclass
class Moving:
    """A tree whose files change, as that of a replay does."""

    raw: dict[str, bytes] = field(default_factory=dict)
    files: Listing = field(default_factory=lambda: Listing.of({}))
    seen: list[str] = field(default_factory=list)

    def put(self, path: str, value: Any) -> None:
        if value is None:
            self.files.put(path, None)
            return
        self.raw[path] = dump(value)
        oid = sha256(path.encode() + self.raw[path]).hexdigest()
        self.files.put(path, Blob("100644", oid, len(self.raw[path])))

    def read(self, path: str) -> bytes:
        self.seen.append(path)
        return self.raw[path]


def test_a_kind_is_read_again_when_a_record_of_it_changed_and_only_then() -> None:
    """A replay asks for all relays at each of ten thousand changes."""
    trusted, tree = trust(MemoryTree(governance())), Moving()

    def summaries() -> list[str]:
        reader = RecordReader(
            tree, trusted.registers, trusted.schemas, trusted.statements, frozenset()
        )
        found = reader.all(AS_OF, frozenset({"2026-11-05-a"}), None)
        assert filed_under(found.facts["inquiries"], "one") == tuple(found.facts["inquiries"])
        return [f["summary"] for f in found.facts["inquiries"]]

    assert summaries() == []
    tree.put(ONE, RECORDS["inquiries"] | {"summary": "甲"})
    assert summaries() == summaries() == ["甲"]
    assert tree.seen == [ONE]
    tree.put(ONE.replace("inquiries", "relays"), RECORDS["relays"])
    assert summaries() == ["甲"]
    tree.put(ONE, RECORDS["inquiries"] | {"summary": "乙"})
    assert summaries() == ["乙"]
    tree.put(ONE, None)
    assert summaries() == []


def test_a_change_does_not_look_at_records_of_all_years() -> None:
    years = {f"content/records/relays/{y}/r{y}.yml": RECORDS["relays"] for y in range(2023, 2027)}
    found, _ = looked_at(years, only=frozenset({"2026-11-05-winter-fire"}))
    assert [f.id for f in found.facts["relays"]] == ["r2024", "r2025", "r2026"]
    found, _ = looked_at(years, only=frozenset({"2023-11-05-old-post"}))
    assert len(found.facts["relays"]) == 4
    found, _ = looked_at(years)
    assert len(found.facts["relays"]) == 4
    event = RECORDS["account-events"]
    events = {p.replace("relays", "account-events"): event for p in years}
    found, _ = looked_at(events, only=frozenset({"2026-11-05-winter-fire"}))
    assert len(found.facts["account-events"]) == 4, "an opening counts as long as the account"


def test_a_change_looks_at_its_own_records_wherever_it_put_them() -> None:
    years = {f"content/records/relays/{y}/r{y}.yml": RECORDS["relays"] for y in (2001, 2026)}
    found, _ = looked_at(years, frozenset(), change_of("content/records/relays/2026/r2026.yml"))
    assert [f.id for f in found.facts["relays"]] == ["r2026"]
    found, _ = looked_at(years, frozenset(), change_of("content/records/relays/2001/r2001.yml"))
    assert [f.id for f in found.facts["relays"]] == ["r2001", "r2026"]


def test_a_change_of_a_january_looks_at_the_relays_of_the_december_before() -> None:
    relay = "content/records/relays/2021/2021-12-31-1.yml"
    found, _ = looked_at({relay: RECORDS["relays"]}, only=frozenset({"2022-01-01-new-year"}))
    assert [f.path for f in found.facts["relays"]] == [relay]


def test_records_that_are_asked_for_by_name_are_found_in_any_year() -> None:
    path = ONE.replace("2026", "2001")
    found, _ = looked_at({path: RECORDS["inquiries"]}, only=frozenset())
    assert [f.path for f in filed_under(found.facts["inquiries"], "one")] == [path]
    assert not found.facts["inquiries"]


def test_problems_of_a_change_are_those_of_its_own_records() -> None:
    bad, other = RECORDS["inquiries"] | {"account": "none"}, ONE.replace("one", "two")
    records = {ONE: bad, other: bad}
    found, _ = looked_at(records, frozenset(), change_of(other))
    words = "reference-unknown account none"
    assert [(f.location.path, f"{f.name} {f.about}") for f in found.problems] == [(other, words)]
    assert len(looked_at(records)[0].problems) == 2


def test_a_record_may_name_an_account_that_is_about_to_open() -> None:
    event = RECORDS["account-events"] | {"account": "app", "type": "open"}
    assert told(looked_at({"content/records/account-events/2026/e.yml": event})[0]) == []
    unknown = event | {"applied": {"person": "who", "department": "xjk", "on": "2026-11-02"}}
    found, _ = looked_at({"content/records/account-events/2026/e.yml": unknown})
    assert told(found) == [("R08-2", "reference-unknown person who")]


def test_one_name_in_two_years_refuses() -> None:
    again = {ONE.replace("2026", y): RECORDS["inquiries"] for y in ("2025", "2026")}
    twice = [(p, "id-twice one") for p in again]
    found, _ = looked_at(again)
    assert [(f.location.path, f"{f.name} {f.about}") for f in found.problems] == twice
    for path in again:
        found, _ = looked_at(again, frozenset(), change_of(path))
        assert [(f.location.path, f"{f.name} {f.about}") for f in found.problems] == twice


def test_a_kind_without_schema_is_not_silently_unread() -> None:
    found, _ = looked_at({"content/records/secrets/2026/one.yml": b"x: 1\n"})
    assert told(found) == [("R13-7", "record-kind-unknown secrets")]


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff\xfe", b"- a\n- b\n", b"just words\n", b"a: &x 1\nb: *x\n", b"x" * 1_000_001],
    ids=["empty", "binary", "list", "text", "anchors", "giant"],
)
def test_what_is_no_record_refuses_under_its_clause(raw: bytes) -> None:
    found, _ = looked_at({ONE: raw})
    assert not found.facts["inquiries"]
    assert {clause for clause, _ in told(found)} == {"R12-1"}


def test_a_link_in_place_of_a_record_refuses(archive: ArchiveRepo) -> None:
    target = archive.root / ONE
    target.parent.mkdir(parents=True)
    target.symlink_to("/etc/hostname")
    archive.commit("链接", "xxy-a")
    tree = archive.open().tree(archive.head())
    facts, problems = read_records(tree, shipped("schemas"), "inquiries", [ONE])
    assert facts == ()
    assert [f.clause for f in problems] == ["R12-1"]


def test_a_replayed_record_is_parsed_once(archive: ArchiveRepo) -> None:
    archive.write(ONE, dump(RECORDS["inquiries"]))
    archive.commit("来信", "xxy-a")
    tree = archive.open().tree(archive.head())
    schemas = shipped("schemas")
    first = read_records(tree, schemas, "inquiries", [ONE])[0][0]
    assert read_records(tree, schemas, "inquiries", [ONE])[0][0] is first
    archive.write(ONE, dump(RECORDS["inquiries"] | {"summary": "另一件事"}))
    archive.commit("改", "xxy-a")
    later = read_records(archive.open().tree(archive.head()), schemas, "inquiries", [ONE])[0][0]
    assert later["summary"] == "另一件事"


def test_a_link_to_the_words_of_a_record_that_was_read_refuses_too(archive: ArchiveRepo) -> None:
    """Git gives a file and a link of the same bytes one object."""
    words = dump(RECORDS["inquiries"])
    archive.write(ONE, words)
    archive.commit("来信", "xxy-a")
    schemas = shipped("schemas")
    assert read_records(archive.open().tree(archive.head()), schemas, "inquiries", [ONE])[0]
    (archive.root / ONE).unlink()
    (archive.root / ONE).symlink_to(words)
    archive.commit("链接", "xxy-a")
    tree = archive.open().tree(archive.head())
    facts, problems = read_records(tree, schemas, "inquiries", [ONE])
    assert (facts, [f.name for f in problems]) == ((), ["record-unfit"])
