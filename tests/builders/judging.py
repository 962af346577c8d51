"""Who judges the archives of tests: this code, or any command that answers as design.md .6 says.

``SANSHEN_JUDGE="other-command" pytest tests/hostile`` (`make hostile JUDGE=…`) holds another
implementation to every hostile archive: it is run as ``other-command -C FOLDER --lang en verify
--as-of … --base … --head … --format json`` (or ``audit``), and its report is read in place of ours.
Tests marked `inside` look into this code and are left out then.
"""

import json
import os
import shlex
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.errors import Fault
from pipeline.model.findings import Effect, Finding, Location, Message, Outcome
from pipeline.model.law import Rulebook
from pipeline.model.program import Program
from pipeline.model.reports import Report, Verdict
from tests.builders.cast import ROOT
from tests.builders.command import SECONDS, ours
from tests.builders.git import ENVIRONMENT

JUDGE = shlex.split(os.environ.get("SANSHEN_JUDGE", ""))
"""Another implementation's command; empty: this one, called without a process where that is the
same."""
_FAULTS = (1, 2)


@dataclass(frozen=True)
class Heard(Report):
    """A report that a command gave, with its exit code."""

    code: int = 0

    @property
    def exit_code(self) -> int:
        return self.code


def run(folder: Path, *arguments: str, lang: str = "en") -> subprocess.CompletedProcess[str]:
    """The real command in a scrubbed environment."""
    given, place = ["-C", str(folder), "--lang", lang, *arguments], os.path.dirname(folder)
    if not JUDGE:
        return ours(given, place)
    return subprocess.run(
        [*JUDGE, *given],
        env={**ENVIRONMENT, "PYTHONPATH": str(ROOT)},
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )


def heard(folder: Path, verb: str, as_of: datetime, *arguments: str) -> Report:
    """What the command says of an archive. Raises Fault with its words when it gives no verdict."""
    given = ("--as-of", as_of.isoformat(), "--format", "json", *arguments)
    done = run(folder, verb, *given)
    if done.returncode in _FAULTS:
        raise Fault(Message(done.stderr.partition(": ")[2]), Message(done.stderr))
    told = json.loads(done.stdout)
    assert told["exit_code"] == done.returncode
    return Heard(
        told["command"],
        datetime.fromisoformat(told["as_of"]),
        told["base"] or "",
        told["head"] or "",
        tuple(map(_verdict, told["verdicts"])),
        Rulebook((), told["regulation"]),
        Program("", ""),
        code=done.returncode,
    )


def _verdict(told: dict[str, Any]) -> Verdict:
    outcomes = {clause: Outcome(word) for clause, word in told["outcomes"].items()}
    found = tuple(map(_finding, told["findings"]))
    # A break that was answered for passes though nothing was evaluated of it (decision 0010).
    answered = told["decision"] == "note" and not outcomes
    verdict = Verdict(told["subject"], outcomes, found, acknowledged=answered)
    decision = verdict.decision.name.lower() if verdict.decision else "pass"
    assert told["decision"] == decision, "it is the maximum of the findings (design.md .2)"
    return verdict


def _finding(told: dict[str, Any]) -> Finding:
    place, remedy, due = told["location"], told["remedy"], told["due"]
    return Finding(
        told["clause"],
        told["name"],
        Effect[told["effect"].upper()],
        Message(told["message"]),
        Location(place["path"], place["line"], place["column"]),
        Message(remedy) if remedy else None,
        told["owes"] or "",
        datetime.fromisoformat(due) if due else None,
        about=told["about"] or "",
    )
