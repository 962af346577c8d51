"""What is left out is named all at once, and a wrong value is refused: no verb asks (exit 2)."""

from pathlib import Path
from typing import Any

import click
import pytest

from pipeline.cli.declare import rotate
from pipeline.cli.new import new
from pipeline.model.part import program
from pipeline.program import sanshen
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import private_key_file
from tests.builders.entering import shape_of
from tests.builders.judging import run as sanshen_run
from tests.cli.at_the_desk import run

SOME = (
    "--title", "寒潮提示", "--kind", "tip", "--category", "3", "--topic", "disaster", "--account",
    "wx", "--summary", "三条提醒。", "--author", "zz-a", "--ai", "none",
)  # fmt: skip
"""All that a draft of any kind needs."""


@pytest.mark.parametrize(
    "given",
    [
        ("Not_A_Slug", *SOME),
        ("slug", *SOME, "--account", "none"),
        ("slug", *SOME, "--kind", "喜报"),
        ("slug", *SOME, "--category", "9"),
        ("slug",),
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
        (
            ("new", "cold"),
            [
                "--title …（",
                "--kind alert 预警信息|tip 安全提示|",
                "--category 1 ",
                "--ai none 未使用|assisted 辅助生成|generated 生成（",
            ],
        ),
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
    given = ("--title=冬季提醒", "--account", "wx", "--kind", "tip")
    done = sanshen_run(archive.root, "new", "cold", *given, lang="zh")
    [line] = [line for line in done.stderr.splitlines() if "还缺" in line]
    assert "--summary" in line and not {"--title", "--account", "--kind"} & {*line.split()}


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("reprint", ["source: {", "license: {"]),
        ("alert", ["alert: {"]),
        ("tip", []),
    ],
)
def test_a_draft_is_told_what_its_kind_needs_besides(
    archive: ArchiveRepo, kind: str, lines: list[str]
) -> None:
    """It is written all the same, and the judge refuses it until all of that stands there."""
    done = run(new, archive, "cold", *SOME, "--kind", kind)
    assert done.exit_code == 0, done.exception
    told = [line for line in done.stderr.splitlines() if "front matter" in line]
    assert len(told) == len(lines)
    assert all(any(line in each for each in told) for line in lines)
    judged = sanshen_run(archive.root, "check", Path(done.stdout.strip()).parent.name, lang="en")
    assert all(f"Fill in {line.partition(':')[0]} with" in judged.stdout for line in lines)


@pytest.mark.parametrize(
    "kind", [*program().lists, *(name for name, kind in program().records.items() if kind.plain)]
)
def test_every_field_of_an_entry_says_what_it_is_about(kind: str) -> None:
    """Pages show it as a hint, editors beside the key."""
    assert [*_bare(shape_of(kind).entry)] == []


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


def test_what_is_typed_at_a_yes_or_no_and_is_no_yes_signs_nothing(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    """Many type a password twice; the second time it is not asked for, nor repeated."""
    given = ("wx", "-r", "scheduled", "--key", str(private_key_file("gly-a", tmp_path)))
    done = run(rotate, archive, *given, typed="Geheim#26\nGeheim#26\n", attended=True)
    assert isinstance(done.exception, SystemExit | click.Abort)
    assert "Geheim" not in done.stderr.replace("[y/N]: Geheim#26", "")
    assert not (archive.root / "content/records/rotations").exists()
