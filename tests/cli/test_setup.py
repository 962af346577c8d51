"""The first day: what is in order, what is missing, and the next step."""

import os
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from pipeline.cli.setup import _checks, setup
from pipeline.report.language import translator
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import email, key, passkey_of, private_key_file, registers, seed
from tests.builders.named import named, speaking
from tests.cli.at_the_desk import NOW, DeskSession


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with an empty folder for keys; a remote stands beside it."""
    (tmp_path / "home/.ssh").mkdir(parents=True)
    return tmp_path / "home"


def _ask(archive: Path, home: Path, *arguments: str, **environment: str) -> Result:
    env = {"PATH": os.environ["PATH"], "HOME": str(home)} | environment
    session = DeskSession(archive, "en", speaking("names"), env, NOW)
    return CliRunner().invoke(setup, arguments, obj=session)


def _rows(archive: ArchiveRepo, home: Path) -> dict[str, dict[str, Any]]:
    env = {"PATH": os.environ["PATH"], "HOME": str(home)}
    session = DeskSession(archive.root, "en", translator("en"), env, NOW)
    with click.Context(setup, obj=session):
        return {
            c.name: {"ok": c.good, "text": named(c.what), "next": str(c.following or "") or None}
            for c in _checks(session)
        }


def _introduce(archive: ArchiveRepo, person: str) -> None:
    archive.git("config", "user.name", f"某{person}")
    archive.git("config", "user.email", email(person))
    archive.git("remote", "add", "origin", str(archive.root))


def test_all_is_in_order(archive: ArchiveRepo, home: Path) -> None:
    _introduce(archive, "xxy-a")
    private_key_file("xxy-a", home / ".ssh").rename(home / ".ssh/id_ed25519")
    (home / ".ssh/xxy-a.pub").rename(home / ".ssh/id_ed25519.pub")
    result = _ask(archive.root, home)
    assert result.exit_code == 0
    assert result.stdout.count("✓") == 7
    assert "`sanshen guide cards/first-reviewer`" in result.stdout


def test_a_stranger_is_told_each_next_step(archive: ArchiveRepo, home: Path) -> None:
    archive.git("config", "user.email", "x@y")
    result = _ask(archive.root, home)
    assert result.exit_code == 11
    assert "✗ remote-missing" in result.stdout
    assert "✗ address-unregistered x@y" in result.stdout


def test_a_key_that_is_not_enrolled_is_printed_to_hand_in(archive: ArchiveRepo, home: Path) -> None:
    _introduce(archive, "xxy-b")
    private_key_file("gly-b", home / ".ssh").rename(home / ".ssh/id_ed25519")
    (home / ".ssh/gly-b.pub").rename(home / ".ssh/id_ed25519.pub")
    key = _rows(archive, home)["key"]
    assert not key["ok"]
    assert "--add xxy-b=FILE.pub`: ssh-ed25519 AAAA" in key["next"]


def test_a_passkey_of_the_roster_is_enough(archive: ArchiveRepo, home: Path) -> None:
    _introduce(archive, "xxy-b")
    roster = registers()["roster"]
    roster["keys"] = [key("xxy-b") | {"key": passkey_of(seed("xxy-b")).line}]
    archive.register("roster", roster)
    archive.commit("通行密钥", "gly-a")
    assert _rows(archive, home)["key"] == {
        "ok": True, "text": "signs-at-desk",
        "next": None,
    }  # fmt: skip


def test_who_signs_nothing_needs_no_key(archive: ArchiveRepo, home: Path) -> None:
    _introduce(archive, "zz-a")
    assert "key" not in _rows(archive, home)


def test_outside_an_archive_the_programs_are_checked(home: Path) -> None:
    result = _ask(home, home)
    assert (result.exit_code, result.stdout.count("✓")) == (11, 2)
    assert "no-repository" in result.stdout


def test_a_missing_program_is_named(home: Path) -> None:
    result = _ask(home, home, PATH=str(home))
    assert "✗ git is not installed." in result.stdout


def test_nothing_is_written_and_each_command_is_named(archive: ArchiveRepo, home: Path) -> None:
    _introduce(archive, "xxy-a")
    archive.git("config", "user.name", "别名")
    before = archive.read(".git/config")
    rows = _rows(archive, home)
    assert rows["identity"]["next"] == '`git config user.name "某xxy-a"`, as in people.yml'
    assert "`ssh-keygen -t ed25519`" in rows["key"]["next"]
    assert archive.read(".git/config") == before and not [*(home / ".ssh").iterdir()]
