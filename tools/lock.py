"""Lock every dependency by version and hash (`make lock`); no address enters the files."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ("editables", "hatchling")
"""What an editable install of a checkout needs, so that no build fetches anything unlocked."""

UV = "uv"
"""What installs ten times as fast as pip, where a machine is made for one run (`make UV=uv`)."""


def main() -> None:
    """Rewrite requirements/run.txt, build.txt and dev.txt there, and .github/uv.txt."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = "\n".join([*project["dependencies"], ""])
    build = "\n".join(["-c requirements/run.txt", *BUILD, ""])
    extra = (ROOT / "requirements" / "dev.in").read_text(encoding="utf-8")
    for path, text in (
        ("requirements/run.txt", wanted),
        ("requirements/build.txt", build),
        ("requirements/dev.txt", wanted + build + extra),
        (".github/uv.txt", f"{UV}\n"),
    ):
        subprocess.run(
            [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--generate-hashes",
             "--no-emit-index-url", "--no-header", "--no-annotate", "--universal",
             "--python-version", "3.11", "-", "-o", path],
            cwd=ROOT, input=text, text=True, check=True,
        )  # fmt: skip


if __name__ == "__main__":
    main()
