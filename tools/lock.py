"""Lock every dependency by version and hash (`make lock`); no address enters the files."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ("editables", "hatchling")
"""What an editable install of a checkout needs, so that no build fetches anything unlocked."""

JUDGE = (
    "ahocorasick-rs", "click", "cryptography", "filelock", "GitPython", "Jinja2", "jsonschema",
    "jsonschema-rs", "markdown-it-py", "nh3", "Pillow", "PyYAML", "rjieba",
)  # fmt: skip
"""Of the project's dependencies those that a verdict and a signature need."""
BEYOND = "# Beyond judging: pages, forms and the desk.\n"
"""Parts the list: `make install JUDGE=yes` installs what stands before this line."""
UV = "uv"
"""What installs ten times as fast as pip, where a machine is made for one run (`make UV=uv`)."""


def main() -> None:
    """Rewrite requirements/run.txt, build.txt and dev.txt there, and .github/uv.txt."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = "\n".join([*project["dependencies"], ""])
    build = "\n".join(["-c requirements/run.txt", *BUILD, ""])
    extra = (ROOT / "requirements" / "dev.in").read_text(encoding="utf-8")
    run = ROOT / "requirements/run.txt"
    _compile(wanted, "requirements/run.txt")
    run.write_text(parted(run.read_text("utf-8"), _compile("\n".join(JUDGE), "-")), "utf-8")
    _compile(build, "requirements/build.txt")
    _compile(wanted + build + extra, "requirements/dev.txt")
    _compile(f"{UV}\n", ".github/uv.txt")


def parted(run: str, judge: str) -> str:
    """The lock `run`, what the lock `judge` holds first."""
    blocks = re.findall(r"^[a-z](?:.*\\\n)+.*\n", run, re.M)
    first = {line.partition("==")[0] for line in judge.splitlines()}
    rows = [block for block in blocks if block.partition("==")[0] in first]
    return "".join([*rows, BEYOND, *(block for block in blocks if block not in rows)])


def _compile(wanted: str, path: str) -> str:
    """Lock what is wanted into a file, or print it, by the versions of requirements/run.txt."""
    held = ["-c", "requirements/run.txt"] if path == "-" else ["--generate-hashes", "-o", path]
    done = subprocess.run(
        [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-emit-index-url",
         "--no-header", "--no-annotate", "--universal", "--python-version", "3.11", "-", *held],
        cwd=ROOT, input=wanted, text=True, check=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    return done.stdout


if __name__ == "__main__":
    main()
