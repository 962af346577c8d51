"""Read a workflow as data; run one step's script as a runner does, against stand-ins."""

import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

import pytest
import yaml

TOOLS = tuple(
    dict.fromkeys(
        str(Path(found).parent)
        for tool in ("bash", "curl", "git", "jq", "od")
        if (found := which(tool))
    )
)
WORKFLOWS = Path(__file__).parents[2] / ".github" / "workflows"

SANSHEN = """#!/bin/bash
# Stand-in: notes its arguments, leaves a report where told to, ends with the code set for it.
if [ "$1" = simulate ]; then
  if [ -z "$STUB_TRIAL" ]; then exit 3; fi
  printf '%s\\n' "$*" >> "$STUB/trials"
  while [ "$1" != --output ]; do shift; done
  printf '%b' "$STUB_TRIAL" > "$2"
  exit 0
fi
calls=$STUB/calls
printf '%s\\n' "$*" >> "$calls"
env > "$STUB/env"
codes=($STUB_CODES)
n=$(wc -l < "$calls")
printf '%b' "$STUB_STDOUT"
printf '%b' "$STUB_STDERR" >&2
while [ $# -gt 0 ]; do
  if [ "$1" = --output ] && [ -n "$STUB_REPORT" ]; then printf '%b' "$STUB_REPORT" > "$2"; fi
  if [ "$1" = --log-key ]; then cp -p "$2" "$STUB/key"; fi
  shift
done
for file in $STUB_SITE; do
  mkdir -p "build/site/$(dirname "$file")" && echo x > "build/site/$file"
done
exit "${codes[$((n - 1))]:-${codes[-1]}}"
"""

CURL = """#!/bin/bash
# Stand-in: notes its arguments, writes the body set for it, prints the status, ends with the code.
printf '%s\\n' "$*" >> "$STUB/calls"
while [ $# -gt 0 ]; do
  if [ "$1" = --output ]; then printf '%b' "$STUB_BODY" > "$2"; fi
  shift
done
printf '%s' "$STUB_STATUS"
exit "$STUB_CODES"
"""

GH = """#!/bin/bash
# Stand-in for `gh api`: answers a reading call from replies/<last part of the path>.json by the
# real filter, notes a writing call with its body.
method=GET filter=. path= body=
printf '%s\\n' "$*" >> "$STUB/gh-calls"
shift
while [ $# -gt 0 ]; do
  case $1 in
    --method) method=$2; shift ;;
    --jq) filter=$2; shift ;;
    --input) body=$2; shift ;;
    --raw-field) printf '%s\\n' "$2" >> "$STUB/fields"; shift ;;
    --*) ;;
    *) path=$1 ;;
  esac
  shift
done
if [ "$method" = GET ]; then
  name=${path%%\\?*}
  exec jq -r "$filter" "$STUB/replies/${name##*/}.json"
fi
printf '%s %s\\n' "$method" "$path" >> "$STUB/writes"
if [ -n "$body" ]; then cp "$body" "$STUB/body.json"; fi
"""


@dataclass(frozen=True)
class Outcome:
    """What a step left behind: exit code, log, step outputs, summary, calls of the stand-ins."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str
    calls: tuple[str, ...]
    stub: Path

    def written(self) -> tuple[str, ...]:
        """Each writing call to the forge, as `METHOD path`."""
        return _lines(self.stub / "writes")

    def fields(self) -> Mapping[str, str]:
        """The raw fields of the writing calls."""
        return dict(line.split("=", 1) for line in _lines(self.stub / "fields"))

    def body(self) -> dict[str, Any]:
        """The last JSON body sent to the forge."""
        parsed: dict[str, Any] = json.loads((self.stub / "body.json").read_text("utf-8"))
        return parsed


def _lines(path: Path) -> tuple[str, ...]:
    return tuple(path.read_text("utf-8").splitlines()) if path.exists() else ()


def load(name: str) -> dict[str, Any]:
    """A workflow as a mapping; YAML 1.1 reads its key `on` as true, so that is put right."""
    document: dict[Any, Any] = yaml.safe_load((WORKFLOWS / f"{name}.yml").read_text("utf-8"))
    document["on"] = document.pop(True)
    return document


def script(workflow: str, job: str, step: str) -> str:
    """The `run:` text of one named step."""
    steps = load(workflow)["jobs"][job]["steps"]
    (found,) = [one["run"] for one in steps if one.get("name") == step and "run" in one]
    return str(found)


class Runner:
    """One empty machine: two folders, and stand-ins for `sanshen`, `gh` and `curl`."""

    def __init__(self, root: Path) -> None:
        self.work, self.temp, self.stub = root / "work", root / "temp", root / "stub"
        for folder in (
            self.work / ".venv/bin",
            self.temp,
            self.stub / "bin",
            self.stub / "replies",
        ):
            folder.mkdir(parents=True)
        self._executable(self.work / ".venv/bin/sanshen", SANSHEN)
        self._executable(self.stub / "bin/gh", GH)
        self._executable(self.stub / "bin/curl", CURL)

    @staticmethod
    def _executable(path: Path, text: str) -> None:
        path.write_text(text, "utf-8")
        path.chmod(0o755)

    def reply(self, name: str, value: object) -> None:
        """Set what the forge answers to a reading call whose path ends in `name`."""
        (self.stub / "replies" / f"{name}.json").write_text(json.dumps(value), "utf-8")

    def run(self, text: str, codes: str = "0", **env: str) -> Outcome:
        """Run a script as the runner's `shell: bash` does; `codes` are the exit codes."""
        output, summary = self.temp / "output", self.temp / "summary"
        output.touch()
        summary.touch()
        defaults = {
            "PATH": ":".join([str(self.stub / "bin"), *TOOLS]),
            "HOME": str(self.temp),
            "LC_ALL": "C.UTF-8",
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_REPOSITORY": "yunlan/archive",
            "GITHUB_SERVER_URL": "https://forge.example",
            "GITHUB_RUN_ID": "42",
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_SHA": "a" * 40,
            "STUB": str(self.stub),
            "STUB_CODES": codes,
            "STUB_REPORT": "# 报告\\n",
            "STUB_TRIAL": "",
            "STUB_STDOUT": "",
            "STUB_STDERR": "",
            "STUB_SITE": "",
            "STUB_BODY": "",
            "STUB_STATUS": "000",
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text],
            cwd=self.work,
            env=defaults | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=900,
            check=False,
        )
        return Outcome(
            code=done.returncode,
            log=done.stdout.decode("utf-8"),
            outputs=dict(line.split("=", 1) for line in _lines(output)),
            summary=summary.read_text("utf-8"),
            calls=_lines(self.stub / "calls"),
            stub=self.stub,
        )


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A fresh machine."""
    return Runner(tmp_path)


@pytest.fixture(name="load")
def load_fixture() -> Callable[[str], dict[str, Any]]:
    """`load(name)`: a workflow as a mapping."""
    return load


@pytest.fixture(name="script")
def script_fixture() -> Callable[[str, str, str], str]:
    """`script(workflow, job, step)`: the `run:` text of a step."""
    return script
