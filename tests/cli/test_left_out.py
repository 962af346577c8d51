"""What is left out is named all at once, and a wrong value is refused: no verb asks (exit 2)."""

from pathlib import Path
from typing import Any

import click
import pytest

from pipeline.cli.declare import rotate
from pipeline.cli.new import kinds, new
from pipeline.errors import Misuse
from pipeline.program import sanshen
from pipeline.source.content.text import read_yaml
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import private_key_file
from tests.builders.judging import run as sanshen_run
from tests.builders.named import worded
from tests.builders.samples import CALENDAR, ENTRIES, RECORDS
from tests.cli.at_the_desk import fault, run
from tests.cli.test_new_entries import options


def sample(kind: str, *without: str) -> list[str]:
    """The options of a sound entry but for some fields."""
    value = (ENTRIES | RECORDS | {"calendar": CALENDAR})[kind]
    return list(options({k: v for k, v in value.items() if k not in without}))


@pytest.mark.parametrize(
    "given",
    [
        ("devices", *sample("devices", "hardened"), "--hardened", "maybe"),
        ("devices", *sample("devices", "hardened")),
        ("devices", *sample("devices", "keeper"), "--keeper", "nobody"),
        ("statistics", *sample("statistics", "on"), "--on", "2026-02-29"),
        ("statistics", *sample("statistics", "followers"), "--followers", "一千"),
        ("statistics", *sample("statistics"), "--name", "../up"),
        ("calendar", *sample("calendar", "off_days")),
        ("relays", *sample("relays", "source_published_at"), "--source-published-at", "九点"),
        ("post", "Not_A_Slug"),
        ("post", "slug", "--title", "标题", "--account", "none"),
        ("post", "slug", "--title", "标题", "--account", "wx", "--kind", "喜报"),
        ("post", "slug", "--title", "标题", "--account", "wx", "--kind", "tip", "--category", "9"),
    ],
)
def test_a_wrong_or_missing_value_is_a_usage_error(
    archive: ArchiveRepo, given: tuple[str, ...]
) -> None:
    archive.commit("base")
    for attended in (False, True):
        refused = run(new, archive, *given, typed="y\n", attended=attended)
        found = refused.exception
        assert getattr(found, "exit_code", getattr(found, "code", None)) == 2, refused.output
    assert archive.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("init", "new"), ["--id …（", "--unit …（"]),
        (("new", "statistics"), ["--account …（统计的账号）", "--followers …（当日粉丝数）"]),
        (("new", "inquiries"), ["--type general|processing|report（", "--summary …（"]),
        (("file", "2026-11-05"), ["--in …（", "--by …（"]),
        (("authorise",), ["--reason …（"]),
        (("explain",), ["CLAUSE"]),
        (("return",), ["POST", "--opinion …（"]),
    ],
)
def test_all_that_is_missing_is_named_in_one_sentence(
    archive: ArchiveRepo, given: tuple[str, ...], words: list[str]
) -> None:
    archive.commit("base")
    done = sanshen_run(archive.root, *given, lang="zh")
    assert (done.returncode, done.stdout) == (2, "")
    if "--year=x" not in given:
        [line] = [line for line in done.stderr.splitlines() if line.startswith("sanshen: 还缺")]
        assert all(word in line for word in words), line


def test_what_was_given_is_not_asked_for_again(archive: ArchiveRepo) -> None:
    given = ("--person=gly-a", "--account", "wx", "--reads", "7")
    done = sanshen_run(archive.root, "new", "statistics", *given, lang="zh")
    [line] = [line for line in done.stderr.splitlines() if "还缺" in line]
    assert "--followers" in line and not {"--person", "--account", "--reads"} & {*line.split()}


def test_who_records_is_needed_where_git_names_nobody(archive: ArchiveRepo) -> None:
    archive.git("config", "user.email", "nobody@yunlan.example.org")
    given = ("--account", "wx", "--followers", "7", "--reads", "9")
    assert fault(run(new, archive, "statistics", *given)).startswith("Still needed: --person")


def test_a_draft_is_told_what_its_kind_needs_and_what_may_be_named(archive: ArchiveRepo) -> None:
    given = {"title": "寒潮提示", "kind": "reprint", "category": "3", "topic": "disaster",
             "account": "wx", "summary": "三条提醒。", "author": "zz-a"}  # fmt: skip
    refused = run(new, archive, "cold", *(p for k, v in given.items() for p in (f"--{k}", v)))
    assert fault(refused).startswith("Still needed: --source … (")
    assert "--source-url" in fault(refused) and "--basis" in fault(refused)
    assert isinstance(refused.exception, Misuse)
    assert "--source: yunlan-weather" in str(refused.exception.remedy)
    alert = run(new, archive, "cold", *(p for k, v in (given | {"kind": "alert"}).items()
                                        for p in (f"--{k}", v)))  # fmt: skip
    for option in ("--level 1|2|3|4 (", "--issuer … (", "--ends YYYY-MM-DDTHH:MM (", "--area … ("):
        assert option in fault(alert)
    assert archive.git("status", "--porcelain", "content/posts") == ""


def test_a_rumour_may_be_begun_before_what_refutes_it_is_written(archive: ArchiveRepo) -> None:
    given = {"title": "网传水库溃坝不属实", "kind": "rumor", "category": "5", "topic": "disaster",
             "account": "wx", "summary": "三条提醒。", "author": "zz-a"}  # fmt: skip
    options = [part for k, v in given.items() for part in (f"--{k}", v)]
    assert run(new, archive, "dam", *options).exit_code == 0
    half = run(new, archive, "dam-2", *options, "--refutes-claim", "水库溃坝")
    assert fault(half) == "key-missing evidence"
    whole = (*options, "--refutes-claim", "水库溃坝", "--refutes-evidence", "水利局通报")
    assert run(new, archive, "dam-3", *whole).exit_code == 0


@pytest.mark.parametrize(
    ("kind", "field", "typed", "value"),
    [
        ("statistics", "followers", "1,200", 1200),
        ("statistics", "followers", "１２００", 1200),
        ("devices", "hardened", "是", True),
        ("relays", "source_published_at", "2026-11-04 09:30", "2026-11-04T09:30:00+08:00"),
        ("people", "emails", "", []),
    ],
)
def test_values_are_read_as_a_form_reads_them(
    archive: ArchiveRepo, kind: str, field: str, typed: str, value: Any
) -> None:
    archive.draft()
    option = [f"--{field.replace('_', '-')}", typed] if typed else []
    made = run(new, archive, kind, *sample(kind, field), *option)
    assert made.exit_code == 0, made.exception
    written = read_yaml("x", archive.read(made.stdout.strip())).value
    assert (written[kind][-1] if kind in ENTRIES else written)[field] == value


def test_every_option_of_an_entry_says_what_it_is_about() -> None:
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


def test_every_required_option_of_every_verb_has_help() -> None:
    context = click.Context(sanshen)
    todo = [sanshen.get_command(context, name) for name in sanshen.list_commands(context)]
    while todo:
        command = todo.pop()
        if isinstance(command, click.Group):
            todo += [command.get_command(context, name) for name in command.list_commands(context)]
        for each in command.params if command else ():
            assert not isinstance(each, click.Option) or not each.required or each.help, each.opts


def test_what_was_typed_at_a_yes_or_no_is_not_repeated(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    """Many type a password twice; the second time it is not asked for."""
    given = ("wx", "-r", "scheduled", "--key", str(private_key_file("gly-a", tmp_path)))
    done = run(rotate, archive, *given, typed="Geheim#26\nGeheim#26\ny\n", attended=True)
    assert done.exit_code == 0, done.output
    told = [line for line in done.stderr.splitlines() if "neither" in line]
    assert told == [("Error: " + worded("neither-yes-nor-no"))]
