"""Shell blocks of documents, run as a reader would paste them."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def block(document: str, name: str) -> str:
    """The shell block that follows ``<!-- name -->``; exactly one."""
    text = (ROOT / document).read_text(encoding="utf-8")
    found = re.findall(rf"^<!-- {name} -->\n```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(found) == 1, f"{document} has {len(found)} blocks {name}"
    return str(found[0])


def environment(home: Path, programs: Path = Path(sys.executable).parent) -> dict[str, str]:
    """A reader's machine: the command on the path, a git name that is nobody's in the archive."""
    home.mkdir(exist_ok=True)
    (home / ".gitconfig").write_text("[user]\nname = Reader\nemail = reader@home.example\n")
    return {
        "PATH": f"{programs}{os.pathsep}{os.getenv('PATH', os.defpath)}",
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
        timeout=900,
        check=False,
    )
