"""The public half of a person's key, and never a question for a passphrase."""

import os
import subprocess
from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.evidence.ssh import signing
from pipeline.evidence.ssh.signing import public_line
from tests.builders.cast import private_key_file
from tests.builders.cast import public_line as line_of
from tests.builders.named import refuses

ENV = {"PATH": os.environ["PATH"]}


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A key file with its ``.pub`` beside it."""
    return private_key_file("kz-a", tmp_path)


def test_the_public_file_is_read_and_nothing_is_started(key: Path) -> None:
    wanted = f"{line_of('kz-a')} kz-a"
    key.with_name("kz-a.pub").write_text(f"\n{wanted}\n", encoding="utf-8")
    key.write_bytes(b"not looked at")
    assert public_line(key, {"PATH": ""}) == wanted
    assert public_line(key.with_name("kz-a.pub"), {"PATH": ""}) == wanted


def test_a_name_with_a_dot_has_its_own_public_file(key: Path) -> None:
    dotted = key.rename(key.with_name("kz.a"))
    key.with_name("kz-a.pub").rename(key.with_name("kz.a.pub"))
    dotted.write_bytes(b"not looked at")
    assert public_line(dotted, {"PATH": ""}) == f"{line_of('kz-a')} kz-a"


def test_a_public_key_under_any_name(tmp_path: Path) -> None:
    other = tmp_path / "key-of-a-leader"
    other.write_text(f"{line_of('ld-a')} 领导\n", encoding="utf-8")
    assert public_line(other, {"PATH": ""}) == f"{line_of('ld-a')} 领导"


def test_a_key_without_its_public_file_tells_it_itself(key: Path) -> None:
    key.with_name("kz-a.pub").unlink()
    assert public_line(key, ENV).split()[:2] == line_of("kz-a").split()


@pytest.mark.parametrize(("name", "raw"), [("key", b"no key\n"), ("key.pub", b"\xff\xfe\n")])
def test_a_file_that_holds_no_key_is_called_that(tmp_path: Path, name: str, raw: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(raw)
    with refuses("no-ssh-key"):
        public_line(file, ENV)


def test_a_security_key_under_any_name(tmp_path: Path) -> None:
    other = tmp_path / "key-of-a-leader"
    other.write_text("sk-ssh-ed25519@openssh.com AAAA 领导\n", encoding="utf-8")
    assert public_line(other, {"PATH": ""}).startswith("sk-ssh-ed25519")


def test_without_ssh_keygen_it_is_a_fault_too(key: Path, tmp_path: Path) -> None:
    key.with_name("kz-a.pub").unlink()
    with pytest.raises(Fault, match="is missing"):
        public_line(key, {"PATH": str(tmp_path)})


def test_a_locked_key_alone_is_a_fault_that_says_what_to_do(tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    assert not signing.locked(private_key_file("kz-a", tmp_path))
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "geheim", "-f", str(locked)]
    subprocess.run(command, check=True)
    locked.with_name("locked.pub").unlink()
    assert signing.locked(locked)
    with refuses("public-half-missing") as found:
        public_line(locked, ENV)
    assert str(found.value.remedy) == (
        f"Put locked.pub beside it: `ssh-keygen -y -f {locked} > {locked}.pub`."
    )
