"""Answers at the prompts of `new`: a wrong one is asked again, and elsewhere it is exit 2."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.cli.declare import rotate
from pipeline.cli.new import kinds, new
from pipeline.errors import Misuse
from pipeline.source.content.text import read_yaml
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import private_key_file
from tests.builders.samples import CALENDAR, ENTRIES, RECORDS
from tests.cli.at_the_desk import fault, run
from tests.cli.test_new_entries import options


def written(archive: ArchiveRepo, stdout: str, register: str = "") -> Any:
    """What the command wrote: the record, or the register's last entry."""
    path = stdout.strip()
    value = read_yaml(path, archive.read(path)).value
    return value[register][-1] if register else value


def answered(archive: ArchiveRepo, kind: str, *given: str, typed: tuple[str, ...]) -> Any:
    """The command at a terminal; each answer in turn, and none is left over."""
    lines = "".join(f"{line}\n" for line in (*typed, "left over"))
    return run(new, archive, kind, *given, typed=lines, attended=True)


def sample(kind: str, *without: str) -> list[str]:
    """The options of a sound entry but for some fields."""
    value = (ENTRIES | RECORDS | {"calendar": CALENDAR})[kind]
    return list(options({k: v for k, v in value.items() if k not in without}))


@pytest.mark.parametrize(
    ("kind", "field", "typed", "value"),
    [
        ("devices", "hardened", ("maybe", "是"), True),
        ("devices", "id", ("PC 1", "pc-9"), "pc-9"),
        ("devices", "keeper", ("nobody", "gly-a"), "gly-a"),
        ("contractors", "nda", ("昨天", "2026-01-1", "２０２６-01-01", "2028-12-31", "wb-a"),
         {"signed_on": "2026-01-01", "until": "2028-12-31", "people": ["wb-a"]}),
        ("people", "id", ("zz-a", "zz-z"), "zz-z"),
        ("sources", "kind", ("报纸", "mainstream-media"), "mainstream-media"),
        ("statistics", "followers", ("一千", "-3", "1，200"), 1200),
        ("statistics", "account", ("抖音", "wx"), "wx"),
        ("inquiries", "summary", ("", "  ", "问路，问车"), "问路，问车"),
        ("relays", "source_published_at", ("九点", "2026-11-04 09：30"),
         "2026-11-04T09:30:00+08:00"),
        ("opinions", "departments", ("xjk，nowhere", "xjk、jzk"), ["xjk", "jzk"]),
        ("opinions", "actions", ("核实，发布", "约谈", ""), ["核实，发布", "约谈"]),
        ("opinions", "reports", ("y", "police", "publicity", "昨天", "2026-11-04T09:30", ""),
         [{"to": "publicity", "at": "2026-11-04T09:30:00+08:00"}]),
        ("opinions", "posts", ("winter", ""), []),
        ("people", "emails", ("",), []),
        ("people", "roles", ("头儿", "writer", "jzk", "", "no"),
         [{"role": "writer", "department": "jzk", "from": "2026-11-05"}]),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_asked_again(
    archive: ArchiveRepo, kind: str, field: str, typed: tuple[str, ...], value: Any
) -> None:
    archive.draft()
    made = answered(archive, kind, *sample(kind, field), typed=typed)
    assert made.exit_code == 0, made.output
    assert "left over" not in made.stderr
    entry = written(archive, made.stdout, kind if kind in ENTRIES else "")
    assert entry[field] == value


def test_days_off_are_asked_and_never_none(archive: ArchiveRepo) -> None:
    given = sample("calendar", "off_days", "work_weekends")
    typed = ("", "2027-02-14", "", "", "", "2027-01-01，2027-02-05", "")
    made = answered(archive, "calendar", *given, typed=typed)
    assert made.exit_code == 0, made.output
    assert "--off-days is needed." in made.stderr
    value = written(archive, made.stdout)
    assert value["off_days"] == ["2027-01-01", "2027-02-05"]
    assert value["work_weekends"] == ["2027-02-14"]  # kept by Enter


def test_what_was_filled_in_unasked_can_be_mended_too(archive: ArchiveRepo) -> None:
    """`found_at` is the present unless given; what was done before it would be refused for ever."""
    typed = (
        "假冒账号", "短视频", "y", "platform", "2026-11-05 09:00", "y", "police",
        "2026-11-05 10:00", "n", "", "", "", "2026-11-05 08:30", "", "", "", "", "", "",
    )  # fmt: skip
    given = ("--person", "gly-a", "--verified-at", "2026-11-05T09:00:00+08:00")
    made = answered(archive, "incidents", *given, typed=typed)
    assert made.exit_code == 0, made.output
    value = written(archive, made.stdout)
    assert value["found_at"] == "2026-11-05T08:30:00+08:00"
    assert [row["body"] for row in value["notified"]] == ["platform", "police"]


@pytest.mark.parametrize(
    "given",
    [
        ("devices", *sample("devices", "hardened"), "--hardened", "maybe"),
        ("devices", *sample("devices", "hardened")),
        ("devices", *sample("devices", "keeper"), "--keeper", "nobody"),
        ("statistics", *sample("statistics", "on"), "--on", "2026-02-29"),
        ("statistics", *sample("statistics"), "--name", "../up"),
        ("calendar", *sample("calendar", "off_days")),
        ("post", "Not_A_Slug"),
        ("post", "slug", "--title", "标题", "--account", "none"),
        ("post", "slug", "--title", "标题", "--account", "wx", "--kind", "喜报"),
        ("post", "slug", "--title", "两\n行", "--account", "wx"),
    ],
)
def test_elsewhere_a_wrong_value_is_a_usage_error(
    archive: ArchiveRepo, given: tuple[str, ...]
) -> None:
    archive.commit("base")
    refused = run(new, archive, *given)
    found = refused.exception
    assert getattr(found, "exit_code", getattr(found, "code", None)) == 2, refused.output
    assert archive.git("status", "--porcelain") == ""


def test_a_draft_is_asked_for_until_each_answer_can_be(archive: ArchiveRepo) -> None:
    archive.git("config", "user.email", "nobody@yunlan.example.org")
    typed = (
        "Gas_Safety", "gas-safety", "nobody", "zz-a", "两\t行", "冬季提醒", "喜报", "安全提示",
        "9", "２", "宣教", "education", "微博", "wx", "三条提醒。",
    )  # fmt: skip
    made = run(new, archive, typed="".join(f"{t}\n" for t in typed), attended=True)
    assert made.exit_code == 0, made.output
    assert made.stderr.count("Error: ") == 7
    assert b'kind: "tip"' in archive.read(made.stdout.strip())


def test_a_reprint_is_asked_for_its_source(archive: ArchiveRepo) -> None:
    """From those that are listed; without it the draft passed for an original."""
    given = {"title": "寒潮提示", "kind": "reprint", "category": "3", "topic": "disaster",
             "account": "wx", "summary": "三条提醒。", "author": "zz-a",
             "source-url": "https://qxj.yunlan.gov.cn.example/1.html",
             "basis": "stated-reprintable"}  # fmt: skip
    options = [part for key, value in given.items() for part in (f"--{key}", value)]
    typed = "somewhere\nyunlan-weather\n"
    made = run(new, archive, "cold", *options, typed=typed, attended=True)
    assert made.exit_code == 0, made.output
    text = archive.read(made.stdout.strip().split("\n")[-1])
    assert b'origin: "reprint"' in text and b'id: "yunlan-weather"' in text
    archive.register("sources", {"sources": []})
    none = run(new, archive, "cold-2", *options, attended=True)
    assert fault(none) == "A reprint needs --source."


def test_every_question_says_what_it_is_about() -> None:
    """A field without description was asked for by the name of its option alone."""
    bare = [
        f"{name}: {'.'.join(route)}"
        for name, kind in kinds().items()
        for route in _bare(kind.entry)
    ]
    assert bare == []


def _bare(schema: Any, route: tuple[str, ...] = ()) -> Any:
    for key, part in schema.get("properties", {}).items():
        here = (*route, key)
        below = part.get("items", {}).get("properties") and part["items"]
        if not part.get("description") and not part.get("properties"):
            yield here
        yield from _bare(below or part, here)


def test_a_misuse_is_a_fault_with_an_exit_of_its_own(archive: ArchiveRepo) -> None:
    refused = run(new, archive, "devices", *sample("devices"), "--keeper", "nobody")
    assert isinstance(refused.exception, Misuse)
    assert fault(refused).startswith("keeper names nobody")


def test_what_was_typed_at_a_yes_or_no_is_not_repeated(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    """Many type a password twice; the second time it is not asked for."""
    given = ("wx", "-r", "scheduled", "--key", str(private_key_file("gly-a", tmp_path)))
    done = run(rotate, archive, *given, typed="Geheim#26\nGeheim#26\ny\n", attended=True)
    assert done.exit_code == 0, done.output
    told = [line for line in done.stderr.splitlines() if "neither" in line]
    assert told == ["Error: That is neither yes nor no."]
