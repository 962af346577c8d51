"""The first day: who one is here, or the first thing that is missing and the next step."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.setup import setup
from pipeline.errors import Fault
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import email, key, passkey_of, private_key_file, registers, seed
from tests.builders.named import speaking
from tests.cli.at_the_desk import NOW, DeskSession, fault


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with an empty folder for keys."""
    (tmp_path / "home/.ssh").mkdir(parents=True)
    return tmp_path / "home"


def _ask(archive: Path, home: Path) -> Result:
    env = {"PATH": os.environ["PATH"], "HOME": str(home)}
    session = DeskSession(archive, "en", speaking("names"), env, NOW)
    return CliRunner().invoke(setup, obj=session)


def _introduce(archive: ArchiveRepo, person: str) -> None:
    archive.git("config", "user.email", email(person))


def _give_key(home: Path, person: str) -> None:
    private_key_file(person, home / ".ssh").rename(home / ".ssh/id_ed25519")
    (home / f".ssh/{person}.pub").rename(home / ".ssh/id_ed25519.pub")


def _remedy(result: Result) -> str:
    assert isinstance(result.exception, Fault)
    return str(result.exception.remedy)


def test_who_has_address_key_and_role_is_greeted(archive: ArchiveRepo, home: Path) -> None:
    _introduce(archive, "xxy-a")
    _give_key(home, "xxy-a")
    result = _ask(archive.root, home)
    assert result.exit_code == 0
    assert "information-officer" in result.stdout


def test_a_stranger_is_told_the_next_step(archive: ArchiveRepo, home: Path) -> None:
    archive.git("config", "user.email", "x@y")
    result = _ask(archive.root, home)
    assert fault(result) == "signer-unknown x@y" and "people.yml" in _remedy(result)


def test_a_key_that_is_not_enrolled_is_printed_to_hand_in(archive: ArchiveRepo, home: Path) -> None:
    _introduce(archive, "xxy-b")
    _give_key(home, "zz-a")
    assert "for xxy-b in `keys` of content/registers/roster.yml: ssh-ed25519 AAAA" in _remedy(
        _ask(archive.root, home)
    )


def test_a_signer_without_a_key_is_told_how_to_make_one_and_nothing_is_written(
    archive: ArchiveRepo, home: Path
) -> None:
    _introduce(archive, "xxy-a")
    before = archive.read(".git/config")
    assert "`ssh-keygen -t ed25519`" in _remedy(_ask(archive.root, home))
    assert archive.read(".git/config") == before and not [*(home / ".ssh").iterdir()]


def test_a_passkey_of_the_roster_is_enough(archive: ArchiveRepo, home: Path) -> None:
    _introduce(archive, "xxy-b")
    roster = registers()["roster"]
    roster["keys"] = [key("xxy-b") | {"key": passkey_of(seed("xxy-b")).line}]
    archive.register("roster", roster)
    archive.commit("通行密钥", "gly-a")
    assert _ask(archive.root, home).exit_code == 0


def test_who_signs_nothing_needs_no_key(archive: ArchiveRepo, home: Path) -> None:
    _introduce(archive, "zz-a")
    assert _ask(archive.root, home).exit_code == 0


def test_outside_an_archive_that_is_said(home: Path) -> None:
    assert fault(_ask(home, home)).startswith("no-repository")
