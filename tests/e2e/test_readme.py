"""The commands that README.md and docs/inspector.md promise, run as a reader would paste them."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def block(document: str, name: str) -> str:
    """The shell block that follows ``<!-- name -->``; exactly one."""
    text = (ROOT / document).read_text(encoding="utf-8")
    found = re.findall(rf"^<!-- {name} -->\n```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(found) == 1, f"{document} has {len(found)} blocks {name}"
    return str(found[0])


def environment(home: Path) -> dict[str, str]:
    """A reader's machine: the command on the path, a git name that is nobody's in the archive."""
    home.mkdir(exist_ok=True)
    (home / ".gitconfig").write_text("[user]\nname = Reader\nemail = reader@home.example\n")
    return {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.getenv('PATH', os.defpath)}",
        "HOME": str(home),
        "LANG": "en_US.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
    }


def paste(script: str, folder: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


# README.md


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the walk-through was done."""
    folder = tmp_path_factory.mktemp("walk")
    home = tmp_path_factory.mktemp("reader") / "home"
    done = paste(block("README.md", "walk-through"), folder, environment(home))
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "A machine pass is not a finding of legality." in done.stdout
    return folder / "archive"


def _page(archive: Path) -> Path:
    (page,) = (archive / "build" / "site" / "posts").glob("*/*-gas-safety/index.html")
    return page


def test_the_walk_through_ends_with_a_public_page(walked: Path) -> None:
    page = _page(walked).read_text(encoding="utf-8")
    assert "居家用气安全三件事" in page
    assert "闻到气味先关阀门再开窗" in page
    with tarfile.open(_page(walked).parent / "evidence.tar") as bundle:
        signed = [name for name in bundle.getnames() if name.endswith(".json.sig")]
    assert len(signed) == 4, "three reviews, a confirmation"


def test_both_readmes_run_the_same_commands() -> None:
    def commands(document: str) -> list[str]:
        lines = block(document, "walk-through").splitlines()
        told = [re.sub(r"--message .*", "--message", line) for line in lines]
        return [line for line in told if not line.startswith("#")]

    assert commands("README.zh-CN.md") == commands("README.md")


def test_the_walk_through_leaves_nothing_uncommitted(walked: Path, tmp_path: Path) -> None:
    done = paste("git status --porcelain", walked, environment(tmp_path / "home"))
    assert (done.returncode, done.stdout) == (0, "")


def test_a_changed_character_is_refused_as_the_readme_says(walked: Path, tmp_path: Path) -> None:
    copy = tmp_path / "archive"
    shutil.copytree(walked, copy, ignore=shutil.ignore_patterns("build"))
    (post,) = (copy / "content" / "posts").rglob("post.md")
    post.write_text(post.read_text(encoding="utf-8").replace("关阀门", "开阀门"), encoding="utf-8")
    script = "git commit --quiet --all --message changed; sanshen verify"
    done = paste(script, copy, environment(tmp_path / "home"))
    assert done.returncode == 11, done.stdout + done.stderr
    assert "REFUSED" in done.stdout
    assert "R11-1" in done.stdout


@pytest.fixture
def served(walked: Path, tmp_path: Path) -> Iterator[str]:
    """The address that `sanshen serve` prints, on a free port."""
    process = subprocess.Popen(
        ["sanshen", "serve", "--port", "0"],
        executable=str(Path(sys.executable).with_name("sanshen")),
        cwd=walked,
        env=environment(tmp_path / "home"),
        stderr=subprocess.PIPE,
        text=True,
        # A shell lets what it starts in the background ignore Ctrl-C, and so its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        found = re.match(r"http://127\.0\.0\.1:\d+/", line)
        assert found, line
        yield found[0]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


def test_serve_shows_it(walked: Path, served: str) -> None:
    where = _page(walked).parent.relative_to(walked / "build" / "site").as_posix()
    with urllib.request.urlopen(f"{served}{where}/", timeout=30) as answer:
        assert "居家用气安全三件事" in answer.read().decode()


# docs/inspector.md

POST = "2026-08-17-mountain-flood-alert"
REVIEWS = f"content/reviews/2026/{POST}/r1"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo archive, laid out as a repository of its own."""
    folder = tmp_path_factory.mktemp("demo") / "archive"
    subprocess.run([sys.executable, "-m", "demo.layout", str(folder)], cwd=ROOT, check=True)
    return folder


@pytest.fixture
def copy(demo: Path, tmp_path: Path) -> Path:
    """The demo archive, to be spoiled."""
    return Path(shutil.copytree(demo, tmp_path / "copy"))


def inspect(folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """The blocks of the page, one after another, with its scratch file in the reader's home."""
    blocks = [block("docs/inspector.md", n) for n in ("root", "signers", "post", "makers")]
    script = "\n".join(blocks).replace("/tmp/allowed_signers", str(home / "allowed_signers"))
    env = environment(home)
    env["PATH"] = os.getenv("PATH", os.defpath)  # nothing of ours
    return paste(script, folder, env)


def test_the_inspector_needs_stock_tools_only(demo: Path, tmp_path: Path) -> None:
    done = inspect(demo, tmp_path / "home")
    assert done.returncode == 0, done.stderr
    people = re.findall(r'^Good "sanshen-review@v1" signature for (\S+) ', done.stdout, re.M)
    assert people == ["xxy-a", "kz-a", "ld-a", "kz-a"]
    assert "sanshen" not in re.sub(r"sanshen-review@v1", "", block("docs/inspector.md", "post"))


def _append(path: Path, raw: bytes) -> None:
    path.write_bytes(path.read_bytes() + raw)


def _swap(one: Path, other: Path) -> None:
    for end in ("", ".sig"):
        first, second = Path(f"{one}{end}"), Path(f"{other}{end}")
        held = first.read_bytes()
        first.write_bytes(second.read_bytes())
        second.write_bytes(held)


SPOILS = {
    "text changed": lambda a: _append(a / f"content/posts/2026/{POST}/post.md", b"x"),
    "image changed": lambda a: _append(a / f"content/posts/2026/{POST}/risk-map.png", b"x"),
    "statement changed": lambda a: _append(a / REVIEWS / "3-final.json", b" "),
    "review removed": lambda a: (a / REVIEWS / "2-second.json").unlink(),
    "steps swapped": lambda a: _swap(a / REVIEWS / "2-second.json", a / REVIEWS / "3-final.json"),
    "key not in the roster": lambda a: (a / "content/registers/roster.yml").write_text(
        "keys: []\n"
    ),
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_the_inspector_finds_what_was_spoiled(spoil: str, copy: Path, tmp_path: Path) -> None:
    SPOILS[spoil](copy)
    done = inspect(copy, tmp_path / "home")
    assert done.returncode != 0, done.stdout


def test_the_inspector_finds_an_added_file(copy: Path, tmp_path: Path) -> None:
    (copy / f"content/posts/2026/{POST}/more.png").write_bytes(b"x")
    subprocess.run(["git", "add", "--all"], cwd=copy, check=True)
    assert inspect(copy, tmp_path / "home").returncode != 0


def test_the_inspector_finds_reviews_of_another_post(copy: Path, tmp_path: Path) -> None:
    others = sorted((copy / "content" / "reviews" / "2026").iterdir())
    other = next(o for o in others if o.name != POST)
    shutil.rmtree(copy / REVIEWS)
    shutil.copytree(other / "r1", copy / REVIEWS)
    assert inspect(copy, tmp_path / "home").returncode != 0


def test_the_exported_roster_names_the_keys_that_the_pipeline_names(
    demo: Path, tmp_path: Path
) -> None:
    inspect(demo, tmp_path / "home")
    shown = (tmp_path / "home" / "allowed_signers").read_text()
    roster = (demo / "content" / "registers" / "roster.yml").read_text(encoding="utf-8")
    keys = re.findall(r"ssh-ed25519 [A-Za-z0-9+/]+", roster)
    assert re.findall(r"ssh-ed25519 [A-Za-z0-9+/]+", shown) == keys
    assert shown.count('valid-after="20260801000000"') == len(keys)
