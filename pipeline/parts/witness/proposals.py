"""What a proposal is told: who is next, which reviews count, the outcome."""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import Fault
from pipeline.model.evidence import STEP_NAMES, Step
from pipeline.model.findings import (
    EXIT_HOLD,
    EXIT_NOTHING,
    EXIT_OK,
    EXIT_REFUSE,
    Message,
    say,
    say_names,
)
from pipeline.report.language import Translate, harmless

COUNTS = ("recorded", "waiting", "same")
"""Outcomes of a click that counts (`schemas/witness.json`)."""


def quoted(faults: Iterable[Fault], tr: Translate) -> str:
    """Markdown above each report: what is wrong beside the proposal."""
    return "".join(f"> {tr(fault.message)}\n\n" for fault in faults)


def preface(answer: Mapping[str, Any], tr: Translate) -> str:
    """Markdown of an answer of `sanshen witness`. Raises KeyError, TypeError for another shape."""
    reviews, notice = answer["reviews"], harmless(answer.get("notice") or "")
    ordered = sorted(reviews, key=lambda row: row["moment"])
    latest = {(row["post"], row["person"] or row["login"]): row for row in ordered}.values()
    above = f"{tr(say('### No review of this proposal can count'))}\n\n{notice}\n\n"
    unheard = [
        row
        for row in reviews
        if row["outcome"] in ("held", "refused")
        or (row["outcome"] == "not-counted" and row in latest)
    ]
    sections = (
        (say("### Next"), awaited, answer["awaited"]),
        (say("### Reviews that do not count"), _click, unheard),
        (say("### Reviews that count"), _click, [r for r in reviews if r["outcome"] in COUNTS]),
    )
    below = "".join(
        _section(title, [*map(line, rows)], tr) for title, line, rows in sections if rows
    )
    return (above if notice else "") + below


def composed(tr: Translate, answer: Path, report: str) -> str:
    """A report under what a witness answered; Fault when the file holds no answer."""
    try:
        return preface(json.loads(answer.read_text(encoding="utf-8")), tr) + report
    except (ValueError, KeyError, TypeError) as error:
        message = say("{path} is no answer of `sanshen witness`.", path=str(answer))
        remedy = say("Give the file that `sanshen witness --format json` wrote.")
        raise Fault(message, remedy) from error


def witnessed(
    sanshen: Callable[..., tuple[int, str]],
    tr: Translate,
    base: str,
    head: str,
    number: int,
    reviews: Path,
    key: Path,
) -> tuple[int, dict[str, Any]]:
    """Exit code and answer of `sanshen witness`; of one that failed a notice alone: a click that
    counts for no step must not be passed over, and a commit of a fault is none."""
    where = ("--base", base, "--head", head, "--pull", str(number))
    given = ("--reviews", str(reviews), "--key", str(key), "--format", "json")
    code, shown = sanshen("witness", *where, *given)
    answer: dict[str, Any] = {}
    with suppress(ValueError):  # a fault of another kind has no answer
        answer = json.loads(shown)
    if code in (EXIT_OK, EXIT_NOTHING):
        return code, answer
    unseen = say("The reviews were not witnessed: exit code {code}, see the log; the next round"
                 " tries again.", code=code)  # fmt: skip
    notice = ("" if answer.get("commit") else answer.get("notice")) or tr(unseen)
    nothing: dict[str, Any] = {"version": 1, "records": [], "reviews": [], "awaited": []}
    return code, nothing | {"commit": "", "notice": notice}


def _section(title: Message, lines: list[Message], tr: Translate) -> str:
    listed = "".join(f"- {harmless(tr(line))}\n" for line in lines)
    return f"{tr(title)}\n\n{listed}\n"


def accounts(answer: Mapping[str, Any]) -> list[int]:
    """Account ids of those whose click is awaited, each once: one would not count where a key
    signs, and the forge would ask for it for ever."""
    rows = answer["awaited"]
    people = (person for row in rows if not row.get("signed") for person in row["people"])
    return sorted({n for person in people for n in person["accounts"] if isinstance(n, int)})


def awaited(row: Mapping[str, Any]) -> Message:
    """Who takes a step, and where a key signs it, how."""
    names = say_names([person["name"] for person in row["people"]])
    step, post = Step(row["step"]), row["post"]
    values = {"post": post, "people": names, "step": STEP_NAMES[step]}
    if not row.get("signed"):
        return say("{post}: the {step} by {people}.", **values)
    return say("{post}: the {step} by {people}, signed with their own key, at the desk or by"
               " `sanshen {verb} {post} --commit --push`; a click here does not count for it.",
               verb="confirm" if step is Step.CONFIRM else "approve", **values)  # fmt: skip


def _click(row: Mapping[str, Any]) -> Message:
    """A click with its step, its time (month, day, hour, minute) and the revision it was of."""
    at, number, login, message = row["moment"], row["revision"], row["login"], row["message"]
    of: list[str | Message] = [STEP_NAMES[Step(row["step"])]] if row["step"] else []
    of += [f"{at[5:10]} {at[11:16]}", *([say("revision {number}", number=number)] * bool(number))]
    return say("{login}, {about}: {message}", login=login, about=say_names(of), message=message)


class ProposalOutcome(NamedTuple):
    """What a proposal is told after a round."""

    name: str
    state: str
    """Of the status `sanshen/verify`."""
    words: Message
    label: str
    """What stands on the proposal, behind 三审/, whatever language the round speaks."""
    level: str = "notice"
    """Of the line in the log of a workflow."""


FAULT = ProposalOutcome(
    "fault", "error", say("No verdict: the pipeline failed, which is no pass"), "没有结论", "error"
)
HELD = ProposalOutcome(
    "held", "pending", say("Held: a review, a time or a duty is awaited"), "等待"
)
OUTCOMES: Mapping[int, ProposalOutcome] = {
    EXIT_OK: ProposalOutcome(
        "publishable",
        "success",
        say("The machine checks passed (≠ a verdict on compliance)"),
        "可以合并",
    ),
    EXIT_NOTHING: ProposalOutcome(
        "nothing", "success", say("Nothing in this change has to be judged"), "可以合并"
    ),
    EXIT_HOLD: HELD,
    EXIT_REFUSE: ProposalOutcome(
        "refused", "failure", say("Refused: clauses are violated"), "需要改正", "warning"
    ),
}
"""Exit code of `verify` → outcome; any other, and a verdict without a report, is a `FAULT`."""
