"""Which key signs: named, set in git, at its usual place, or in an agent with its .pub alone."""

import os
import subprocess
from pathlib import Path

import pytest

from pipeline.cli.publish import publish
from pipeline.cli.review import approve
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import PASSKEY, private_key_file, public_line
from tests.cli.at_the_desk import fault, run


@pytest.fixture
def draft(archive: ArchiveRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ArchiveRepo:
    """A draft to review, an empty home and an agent that holds the first reviewer's key."""
    archive.draft()
    archive.commit("起草", "zz-a")
    home, socket = tmp_path / "home", str(tmp_path / "agent")
    (home / ".ssh").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("SSH_AUTH_SOCK", socket)
    return archive


def in_agent(tmp_path: Path) -> subprocess.Popen[bytes]:
    socket = os.environ["SSH_AUTH_SOCK"]
    process = subprocess.Popen(["ssh-agent", "-D", "-a", socket], stdout=subprocess.DEVNULL)
    key = private_key_file("xxy-a", tmp_path)
    subprocess.run(
        f"until ssh-add -q {key}; do sleep 0.05; done",
        shell=True, check=True, timeout=300, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    key.unlink()
    return process


@pytest.mark.parametrize("place", ["usual", "setting"])
def test_a_key_that_only_the_agent_holds(draft: ArchiveRepo, tmp_path: Path, place: str) -> None:
    usual = Path(os.environ["HOME"], ".ssh", "id_ed25519.pub")
    line = public_line("xxy-a")
    if place == "usual":
        usual.write_text(f"{line}\n")
    else:
        own = tmp_path / "own.pub"
        own.write_text(f"{line}\n")
        draft.git("config", "gpg.format", "ssh")
        draft.git("config", "user.signingkey", str(own))
    agent = in_agent(tmp_path)
    try:
        made = run(approve, draft, POST, "--yes")
    finally:
        agent.terminate()
        agent.wait()
    assert made.exit_code == 0, made.exception
    assert made.stdout.strip().splitlines()[-1].endswith("1-first.json")


def test_a_key_of_openpgp_is_not_taken_for_a_file(draft: ArchiveRepo) -> None:
    draft.git("config", "user.signingkey", "0123456789ABCDEF")
    home = os.environ["HOME"]
    assert fault(run(approve, draft, POST, "--yes")) == f"key-missing {home}/.ssh/id_ed25519"


def test_a_folder_is_no_key(draft: ArchiveRepo, tmp_path: Path) -> None:
    given = (POST, "--account", "wx", "--url", "https://mp.weixin.qq.com/s/a")
    refused = run(publish, draft, *given, "--key", str(tmp_path))
    assert fault(refused) == f"key-missing {tmp_path}"


def test_a_passkey_is_sent_to_the_desk(draft: ArchiveRepo, tmp_path: Path) -> None:
    (tmp_path / "phone.pub").write_text(public_line(f"xxy-a{PASSKEY}"))
    refused = run(approve, draft, POST, "--yes", "--key", str(tmp_path / "phone.pub"))
    assert fault(refused) == "passkey-needs-browser"
