"""Entries and records of every kind as forms write them: sound, or not written at all."""

from copy import deepcopy
from typing import Any

import pytest

from pipeline.errors import Misuse
from pipeline.judge.load_governance import trust
from pipeline.new.yaml_writer import dump
from pipeline.source.content.paths import MemoryTree
from pipeline.source.content.program_lock import LOCK
from pipeline.source.content.records import read_records
from pipeline.source.content.text import read_yaml
from pipeline.source.program import shipped
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF
from tests.builders.entering import complete, correct, enter
from tests.builders.named import fault_named
from tests.builders.samples import ENTRIES, RECORDS

INQUIRY = "content/records/inquiries/2026/2026-11-05-1.yml"


def refused(call: Any, *given: Any, **more: Any) -> str:
    """The name of the fault."""
    with pytest.raises(Misuse) as raised:
        call(*given, **more)
    return fault_named(raised.value)


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_of_every_kind_is_written_as_given(archive: ArchiveRepo, kind: str) -> None:
    archive.draft()  # the post that relays name
    path = enter(archive.root, kind, RECORDS[kind])
    assert path == f"content/records/{kind}/2026/2026-11-05-1.yml"
    raw = archive.read(path)
    assert read_yaml(path, raw).value == RECORDS[kind]
    (fact,), problems = read_records(MemoryTree({path: raw}), shipped("schemas"), kind, [path])
    assert problems == ()
    assert fact.id == "2026-11-05-1"


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_of_every_register_is_appended_as_given(archive: ArchiveRepo, name: str) -> None:
    path = f"content/registers/{name}.yml"
    begun = (archive.root / path).is_file()  # lists come with the program, and an archive adds
    before = read_yaml(path, archive.read(path)).value[name] if begun else []
    assert enter(archive.root, name, ENTRIES[name]) == path
    assert read_yaml(path, archive.read(path)).value[name] == [*before, ENTRIES[name]]


def test_an_entry_goes_into_an_empty_register_too(archive: ArchiveRepo) -> None:
    archive.register("devices", {"devices": []})
    raw = archive.read(enter(archive.root, "devices", ENTRIES["devices"]))
    assert read_yaml("x", raw).value == {"devices": [ENTRIES["devices"]]}


def test_two_records_of_a_day_have_two_names(archive: ArchiveRepo) -> None:
    paths = [enter(archive.root, "statistics", RECORDS["statistics"]) for _ in range(2)]
    assert [p[-5:] for p in paths] == ["1.yml", "2.yml"]


@pytest.mark.parametrize(
    ("kind", "changed", "words"),
    [
        ("devices", {"keeper": "nobody"}, "reference-unknown keeper nobody"),
        ("devices", {"id": "pc-1"}, "id-twice pc-1"),
        ("devices", {"id": "PC 1"}, "form-wrong devices.1.id"),
        ("devices", {"until": "2020-01-01"}, "period-backwards"),
        ("statistics", {"on": "2026-02-29"}, "date-invalid on"),
        ("statistics", {"account": "none"}, "reference-unknown account none"),
        ("inquiries", {"tasks": [{"department": "jzk"}]}, "key-missing assigned_by"),
        ("supervisions", {"contractor": "x"}, "reference-unknown contractor x"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_not_written(
    archive: ArchiveRepo, kind: str, changed: dict[str, Any], words: str
) -> None:
    archive.commit("base")
    value = (ENTRIES | RECORDS)[kind] | changed
    assert refused(enter, archive.root, kind, value).startswith(words)
    assert archive.git("status", "--porcelain") == ""


def test_the_registers_stay_sound_after_every_entry(archive: ArchiveRepo) -> None:
    for name, entry in ENTRIES.items():
        enter(archive.root, name, entry)
    paths = archive.git("ls-files", "--cached", "--others", "content", LOCK).split("\n")
    assert trust(MemoryTree({p: archive.read(p) for p in paths})).registers.problems == ()


def test_another_entry_of_a_register_takes_the_place_of_one(archive: ArchiveRepo) -> None:
    before = archive.read("content/registers/accounts.yml")
    row = read_yaml("x", before).value["accounts"][0]
    wrong = {**row, "custodian": "nn"}
    assert refused(complete, archive.root, "accounts", "wx", wrong) == (
        "reference-unknown custodian nn"
    )
    assert refused(complete, archive.root, "accounts", "nn", row) == "entry-unknown nn accounts"
    assert archive.read("content/registers/accounts.yml") == before
    complete(archive.root, "accounts", "wx", {**row, "url": "https://other.example"})
    after = read_yaml("x", archive.read("content/registers/accounts.yml")).value["accounts"]
    assert after[0] == {**row, "url": "https://other.example"}


def test_a_record_is_completed(archive: ArchiveRepo) -> None:
    value = {k: v for k, v in RECORDS["inquiries"].items() if k not in ("reply", "tasks")}
    archive.write(INQUIRY, b"# remark\n" + dump(value))
    reply = {"reply": RECORDS["inquiries"]["reply"]}
    assert complete(archive.root, "inquiries", "2026-11-05-1", reply) == INQUIRY
    assert archive.read(INQUIRY).startswith(b"# remark\n")
    assert read_yaml(INQUIRY, archive.read(INQUIRY)).value == value | reply
    task = {"department": "jzk", "assigned_by": "gly-a", "due": "2026-11-09"}
    complete(archive.root, "inquiries", "2026-11-05-1", {"tasks": [task]})
    back = {**task, "returned_at": "2026-11-05T09:00:00+08:00"}
    complete(archive.root, "inquiries", "2026-11-05-1", {"tasks": [back]})
    assert read_yaml(INQUIRY, archive.read(INQUIRY)).value == value | reply | {"tasks": [back]}


def test_a_record_on_main_is_corrected_beside_what_was_entered(archive: ArchiveRepo) -> None:
    """On its branch it may still be rewritten."""
    value = {k: v for k, v in RECORDS["inquiries"].items() if k not in ("tasks", "closed_at")}
    archive.write(INQUIRY, dump(value | {"account": "wb"}))
    of = (archive.root, "inquiries", "2026-11-05-1")
    correct(*of, "account=wx", person="xxy-a")
    archive.commit("登记", "gly-a")
    archive.git("branch", "--force", "main", "HEAD")
    right = ("reply.at=2026-11-04T09:31", "result=补配")
    assert refused(correct, *of, *right, person="xxy-a") == "written-once reply.at"
    correct(*of, *right, person="xxy-a", reason="抄错一位")
    made = read_yaml(INQUIRY, archive.read(INQUIRY)).value
    assert {k: v for k, v in made.items() if k != "corrected"} == value
    first, second = made["corrected"]
    assert first == {
        "field": "reply.at", "value": "2026-11-04T09:31:00+08:00", "reason": "抄错一位",
        "person": "xxy-a", "at": AS_OF.isoformat(),
    }  # fmt: skip
    assert (second["field"], second["value"]) == ("result", "补配")
    correct(*of, f"result={value['result']}", person="xxy-a", reason="原来没错")
    made = read_yaml(INQUIRY, archive.read(INQUIRY)).value
    assert [c["value"] for c in made["corrected"][1:]] == ["补配", value["result"]]
    task = {"department": "jzk", "assigned_by": "gly-a", "due": "2026-11-09"}
    complete(*of, {"tasks": [task]})
    assert len(read_yaml(INQUIRY, archive.read(INQUIRY)).value["corrected"]) == 3


def test_a_value_in_a_list_is_corrected_by_its_place(archive: ArchiveRepo) -> None:
    value = deepcopy({k: v for k, v in RECORDS["inquiries"].items() if k != "closed_at"})
    del value["tasks"][0]["returned_at"]
    of = (archive.root, "inquiries", "2026-11-05-1")
    archive.write(INQUIRY, dump(value))
    correct(*of, "tasks.0.due=2026-11-07", person="xxy-a")
    value["tasks"][0]["due"] = "2026-11-07"
    assert read_yaml(INQUIRY, archive.read(INQUIRY)).value == value
    archive.commit("登记", "gly-a")
    archive.git("branch", "--force", "main", "HEAD")
    right = "tasks.0.due=2026-11-09"
    assert refused(correct, *of, right, person="xxy-a") == "written-once tasks.0.due"
    why: dict[str, Any] = {"person": "xxy-a", "reason": "科室报错日期"}
    assert refused(correct, *of, "reply.by=x", **why) == "key-unknown by"
    assert refused(correct, *of, "answer=x", **why) == "event-missing answer"
    correct(*of, right, "tasks.0.returned_at=2026-11-05T09:00", "result=", **why)
    made = read_yaml(INQUIRY, archive.read(INQUIRY)).value
    assert [(c["field"], c["value"]) for c in made.pop("corrected")] == [
        ("tasks.0.due", "2026-11-09"), ("tasks.0.returned_at", "2026-11-05T09:00:00+08:00"),
        ("result", None),
    ]  # fmt: skip
    assert made == value
