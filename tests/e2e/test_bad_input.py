"""Every bad situation of a working day ends in one clear Chinese message, exit 1, no traceback."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import ROOT
from tests.builders.command import ours
from tests.builders.named import shows

KEYS = Path(__file__).parent.parent / "assets" / "keys"


def sanshen(*arguments: str, folder: Path, limit: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command in Chinese, at no terminal, with nobody's keys."""
    given = ["-C", str(folder), *arguments]
    foreign = {k: v for k, v in os.environ.items() if k.startswith("GIT_TEST_ASSUME")}
    clean = {**foreign, "PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8",
             "PYTHONPATH": str(ROOT)}  # fmt: skip
    if not limit:
        return ours(given, str(ROOT), clean)
    # -B: bytecode that the limit cuts short would lie beside the program, for every later run.
    run = [sys.executable, "-B", "-m", "pipeline"]
    limited = ["bash", "-c", f'ulimit {limit}; exec "$@"', "bash", *run]
    return subprocess.run(
        [*limited, *given], env=clean, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False, timeout=600,
    )  # fmt: skip


def told(done: subprocess.CompletedProcess[str], *words: str, code: int = 1) -> None:
    """The message says all the words and what to do next, and nothing of our insides."""
    said = done.stdout + done.stderr
    assert done.returncode == code, said
    assert "Traceback" not in said
    assert "下一步：" in said
    for word in words:
        assert word in said, said


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)],
        check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return path


def test_no_repository(tmp_path: Path) -> None:
    told(sanshen("verify", folder=tmp_path), "git")


def test_no_folder(tmp_path: Path) -> None:
    told(sanshen("verify", folder=tmp_path / "nowhere"), "nowhere")


def test_unborn_branch(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    told(sanshen("verify", folder=tmp_path), "HEAD")
    told(sanshen("status", folder=tmp_path), "HEAD")


def test_shallow_clone(archive: ArchiveRepo, tmp_path: Path) -> None:
    source = f"file://{archive.root}"
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", source, str(tmp_path / "cut")], check=True
    )
    told(sanshen("verify", folder=tmp_path / "cut"), "git fetch --unshallow")


def test_missing_base(archive: ArchiveRepo) -> None:
    told(sanshen("verify", "--base", "nowhere", folder=archive.root), "nowhere", "--base")


def test_no_key(approved: ArchiveRepo) -> None:
    _draft_again(approved)
    told(sanshen("approve", POST, "--yes", folder=approved.root), "id_ed25519", "--key")


def test_a_key_that_is_not_in_the_roster(approved: ArchiveRepo, key: Path) -> None:
    _draft_again(approved)
    done = sanshen("approve", POST, "--yes", "--key", str(key), folder=approved.root)
    told(done, "SHA256:", "roster.yml")


def test_an_encrypted_key_without_agent(approved: ArchiveRepo, tmp_path: Path) -> None:
    _draft_again(approved)
    for name in ("xxy-a", "xxy-a.pub"):
        shutil.copy(KEYS / name, tmp_path / name)
    (tmp_path / "xxy-a").chmod(0o600)
    subprocess.run(
        ["ssh-keygen", "-q", "-p", "-N", "locked", "-f", str(tmp_path / "xxy-a")],
        check=True, stdin=subprocess.DEVNULL, capture_output=True,
    )  # fmt: skip
    done = sanshen("approve", POST, "--yes", "--key", str(tmp_path / "xxy-a"), folder=approved.root)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_dirty_work_tree(approved: ArchiveRepo, key: Path) -> None:
    path = approved.root / f"content/posts/{POST[:4]}/{POST}/post.md"
    path.write_text(path.read_text() + "\n多一句。\n")
    done = sanshen("approve", POST, "--yes", "--key", str(key), folder=approved.root)
    told(done, f"{POST}/post.md")


def test_an_unknown_post(archive: ArchiveRepo, key: Path) -> None:
    told(sanshen("check", "2026-01-01-nowhere", folder=archive.root), "2026-01-01-nowhere")


def test_a_folder_that_cannot_be_written(approved: ArchiveRepo) -> None:
    told(
        sanshen("verify", "-o", "/proc/verdict.txt", folder=approved.root),
        "/proc/verdict.txt：没有",
    )


def test_an_archive_of_another_user(archive: ArchiveRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a shared folder; git has a variable for its own tests that makes it so."""
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    done = sanshen("verify", folder=archive.root)
    told(done, str(archive.root), "另一用户", "safe.directory")


def test_in_a_folder_of_a_post(approved: ArchiveRepo) -> None:
    """Paths are printed as `git add` takes them there, and no form joins the signed files."""
    folder = approved.root / f"content/posts/{POST[:4]}/{POST}"
    before = sorted(folder.iterdir())
    told(sanshen("form", "--post", ".", folder=folder), "--output")
    assert sorted(folder.iterdir()) == before
    made = sanshen("new", "smoke", "--kind", "tip", "--category", "3", "--topic", "disaster",
                   "--account", "wx", "--title", "防烟三件事", "--summary", "三条提醒。",
                   "--author", "zz-a", "--ai", "none", folder=folder)  # fmt: skip
    assert (folder / made.stdout.strip()).is_file(), made.stderr


def test_a_full_disk(approved: ArchiveRepo) -> None:
    """A limit on file size stands for the disk: the system refuses the write in the same way."""
    done = sanshen("verify", "-f", "json", "-o", "verdict.json", folder=approved.root,
                   limit="-f 1")  # fmt: skip
    told(done, "剩余空间")
    assert not (approved.root / "verdict.json").exists()


def test_nobody_is_there_to_affirm(approved: ArchiveRepo, tmp_path: Path) -> None:
    _draft_again(approved)
    done = sanshen("approve", POST, "--key", str(KEYS / "xxy-a"), folder=approved.root)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def _draft_again(archive: ArchiveRepo) -> None:
    """A new revision, so that a first review is awaited."""
    archive.change(f"content/posts/{POST[:4]}/{POST}/post.md", "revision: 1", "revision: 2")
    archive.commit("再改")


def test_an_archive_that_would_be_refused_is_not_begun(tmp_path: Path, key: Path) -> None:
    """One key for two people: no folder is left over that the next try would stumble on."""
    roles = ("information-officer", "section-head", "leader-in-charge", "operator")
    members = [f"--member={role}={key}.pub,{role}@yunlan.example" for role in roles]
    done = sanshen("init", str(tmp_path / "new"), "--id", "ab", "--unit", "局", *members,
                   "--member=writer=,w@yunlan.example", folder=_named(tmp_path))  # fmt: skip
    assert done.returncode and shows(done.stderr, "key-entered-twice", "zh")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("member", "named"),
    [("chef=,w@yunlan.example", "chef"), ("writer=,w@yunlan.example", "政务新媒体信息员")],
)
def test_a_member_that_cannot_found_an_archive_is_a_wrong_call(
    tmp_path: Path, member: str, named: str
) -> None:
    done = sanshen("init", str(tmp_path / "new"), "--id", "ab", "--unit", "局",
                   f"--member={member}", folder=_named(tmp_path))  # fmt: skip
    assert done.returncode == 2
    assert named in done.stderr.splitlines()[0]


def _named(home: Path) -> Path:
    """A home whose git knows a name."""
    (home / ".gitconfig").write_text("[user]\nname = x\nemail = x@yunlan.example\n")
    return home
