"""`sanshen new KIND`: entries and records of every kind, sound or not written at all."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.cli.new import new
from pipeline.judge.load_governance import trust
from pipeline.model.part import program
from pipeline.new.new_archive import shipped_schemas
from pipeline.source.content.paths import MemoryTree
from pipeline.source.content.program_lock import LOCK
from pipeline.source.content.records import read_records, record_kinds
from pipeline.source.content.registers import entry_registers
from pipeline.source.content.text import read_yaml
from pipeline.source.program import shipped
from tests.builders.archive import ArchiveRepo
from tests.builders.samples import CALENDAR, ENTRIES, RECORDS
from tests.cli.at_the_desk import fault, run


def options(value: dict[str, Any], route: tuple[str, ...] = ()) -> Iterator[str]:
    """The options that give a sample: the inverse of what the command does."""
    for key, below in value.items():
        here = (*route, key)
        name = "--" + "-".join(here).replace("_", "-")
        if isinstance(below, dict):
            yield from options(below, here)
        elif isinstance(below, list):
            for item in below:
                pairs = item.items() if isinstance(item, dict) else ()
                row = ((k, " ".join(v) if isinstance(v, list) else v) for k, v in pairs)
                yield from (name, ",".join(f"{k}={v}" for k, v in row) or str(item))
        else:
            yield from (name, str(below).lower() if isinstance(below, bool) else str(below))


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_of_every_kind_is_written_as_given(archive: ArchiveRepo, kind: str) -> None:
    archive.draft()  # the post that relays name
    made = run(new, archive, kind, *options(RECORDS[kind]))
    assert made.exit_code == 0, made.exception
    path = f"content/records/{kind}/2026/2026-11-05-1.yml"
    assert made.stdout == f"{path}\n"
    raw = archive.read(path)
    assert read_yaml(path, raw).value == RECORDS[kind]
    (fact,), problems = read_records(MemoryTree({path: raw}), shipped("schemas"), kind, [path])
    assert problems == ()
    assert fact.id == "2026-11-05-1"
    assert raw.startswith(b"# ")


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_of_every_register_is_appended_as_given(archive: ArchiveRepo, name: str) -> None:
    path = f"content/registers/{name}.yml"
    begun = (archive.root / path).is_file()  # lists come with the program, and an archive adds
    before = read_yaml(path, archive.read(path)).value[name] if begun else []
    made = run(new, archive, name, *options(ENTRIES[name]))
    assert made.exit_code == 0, made.exception
    after = read_yaml(path, archive.read(path))
    assert after.value[name] == [*before, ENTRIES[name]]
    assert "authorise" in made.stderr


def test_an_entry_goes_into_an_empty_register_too(archive: ArchiveRepo) -> None:
    archive.register("devices", {"devices": []})
    assert run(new, archive, "devices", *options(ENTRIES["devices"])).exit_code == 0
    raw = archive.read("content/registers/devices.yml")
    assert read_yaml("x", raw).value == {"devices": [ENTRIES["devices"]]}


def test_a_calendar_year_is_a_file_of_its_own(archive: ArchiveRepo) -> None:
    made = run(new, archive, "calendar", *options(CALENDAR))
    assert made.stdout == "content/registers/calendar/2027.yml\n"
    again = run(new, archive, "calendar", *options(CALENDAR))
    assert fault(again) == "content/registers/calendar/2027.yml is there already."


def test_a_correction_is_named_after_its_post_and_revision(archive: ArchiveRepo) -> None:
    made = run(
        new, archive, "corrections", "--post", "2026-11-05-winter-fire", "--revision", "2",
        "--kind", "correction", "--reason", "数字有误", "--changed-on", "2026-11-05", "--person",
        "zz-a", "--changes", "old=三人，两车, 一处,new=四人",
    )  # fmt: skip
    path = "content/records/corrections/2026/2026-11-05-winter-fire.r2.yml"
    assert made.stdout == f"{path}\n"
    value = read_yaml(path, archive.read(path)).value
    assert value["changes"] == [{"old": "三人，两车, 一处", "new": "四人"}]


def test_person_and_time_are_filled_in(archive: ArchiveRepo) -> None:
    archive.git("config", "user.email", "XXY-B@yunlan.example.org")
    made = run(
        new, archive, "inquiries", "--account", "wx", "--type", "general", "--summary", "问路"
    )
    value = read_yaml("x", archive.read(made.stdout.strip())).value
    assert (value["person"], value["received_at"]) == ("xxy-b", "2026-11-05T18:00:00+08:00")


def test_what_may_be_added_later_stands_as_a_comment(archive: ArchiveRepo) -> None:
    made = run(
        new, archive, "inquiries", "--person", "xxy-a", "--account", "wx", "--type", "general",
        "--summary", "问路",
    )  # fmt: skip
    lines = archive.read(made.stdout.strip()).decode().splitlines()
    assert "# closed_at: When the matter was closed." in lines
    at = lines.index("# reply:")
    assert lines[at + 1 : at + 3] == [
        "#   person: The operator who replied.",
        "#   at: When the reply was given.",
    ]
    at = lines.index("# tasks: # Tasks given to departments, each with its time limit.")
    assert lines[at + 1].startswith("#   - department: ")
    assert lines[at + 2].startswith("#     assigned_by: ")


def test_two_records_of_a_day_have_two_names(archive: ArchiveRepo) -> None:
    paths = [
        run(new, archive, "statistics", *options(RECORDS["statistics"])).stdout for _ in range(2)
    ]
    assert [p[-6:] for p in paths] == ["1.yml\n", "2.yml\n"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("devices", "--keeper", "nobody"), "reference-unknown keeper nobody"),
        (("devices", "--id", "pc-1"), "id-twice pc-1"),
        (("devices", "--id", "PC 1"), "form-wrong devices.1.id"),
        (("devices", "--until", "2020-01-01"), "period-backwards"),
        (("statistics", "--on", "2026-02-29"), "date-invalid on"),
        (
            ("statistics", "--account", "none"),
            "reference-unknown account none",
        ),
        (("statistics", "--name", "../up"), "content/records/statistics/2026/../up.yml cannot be"),
        (("inquiries", "--tasks", "department=jzk,assigned_by=gly-a"), "key-missing due"),
        (("inquiries", "--tasks", "department=jzk,who=me"), "form-wrong tasks.0.department"),
        (("inquiries", "--tasks", "jzk"), "option-unreadable --tasks"),
        (("supervisions", "--contractor", "x"), "reference-unknown contractor x"),
    ],
)
def test_what_is_wrong_is_not_written(
    archive: ArchiveRepo, arguments: tuple[str, ...], words: str
) -> None:
    kind, *changed = arguments
    sample = list(options((ENTRIES | RECORDS)[kind]))
    if "--tasks" in changed:
        sample = list(options({k: v for k, v in RECORDS[kind].items() if k != "tasks"}))
    archive.commit("base")
    refused = run(new, archive, kind, *sample, *changed)
    assert fault(refused).startswith(words)
    assert archive.git("status", "--porcelain") == ""


def test_help_names_every_kind_and_every_kind_tells_its_options() -> None:
    paths = [f"schemas/{f}/{n}.json" for f in ("registers", "records") for n in shipped_schemas(f)]
    elsewhere = {name for name, kind in program().kinds.items() if kind.verb}
    kinds = {*entry_registers(paths), *record_kinds(paths)} - elsewhere
    assert kinds <= set(new.list_commands(None))  # type: ignore[arg-type]
    for kind in kinds:
        command = new.get_command(None, kind)  # type: ignore[arg-type]
        assert command is not None
        names = {o for p in command.params for o in p.opts}
        schema = (shipped_schemas("registers") | shipped_schemas("records"))[kind]
        entry = schema["properties"].get(kind, {}).get("items", schema)
        for key in entry["properties"].keys() - {"corrected"}:
            assert any(re.match(rf"--{key.replace('_', '-')}(-|$)", name) for name in names), key


def test_help_says_what_is_required_and_how_a_day_is_written(archive: ArchiveRepo) -> None:
    told = " ".join(run(new, archive, "supervisions", "--help").stdout.split())
    assert "asked for. [required]" in told
    assert "--on YYYY-MM-DD The day of the check. --findings" in told  # today, unless given


def test_whatever_is_no_kind_is_the_name_of_a_draft(archive: ArchiveRepo) -> None:
    lacking = fault(run(new, archive, "winter", "--kind", "tip"))
    assert lacking.startswith("Still needed: --account … (Ids of")
    assert run(new, archive).exit_code == 2


def test_the_registers_stay_sound_after_every_entry(archive: ArchiveRepo) -> None:
    for name, entry in ENTRIES.items():
        assert run(new, archive, name, *options(entry)).exit_code == 0
    paths = archive.git("ls-files", "--cached", "--others", "content", LOCK).split("\n")
    assert trust(MemoryTree({p: archive.read(p) for p in paths})).registers.problems == ()
