"""What two programs say of one archive, held side by side: the findings that only one has."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pipeline.model.findings import Message, say

MOST = 20
"""Differences that are listed."""
_EFFECTS = {"note": say("note"), "hold": say("hold"), "refuse": say("refusal")}
_Row = tuple[str, str, str, str]


def differences(old: Sequence[Any], new: Sequence[Any], proposal: str) -> list[Message]:
    """A sentence for each finding that only one of two programs has, after one that counts them.

    `old`, `new`: reports (JSON) of the same verbs; `proposal`: the commit that only the new program
    judged, which is left out.
    """
    was, now = Counter(_rows(old, proposal)), Counter(_rows(new, proposal))
    gone, came = sorted((was - now).elements()), sorted((now - was).elements())
    count = len(gone) + len(came)
    judged = sum(len(report["verdicts"]) for report in old)
    if not count:
        return [
            say("Both programs judge alike what stands and the whole history: {count} verdicts."
                " They ran with the libraries that are installed here.", count=judged),
        ]  # fmt: skip
    rows = [
        *(_sentence(say("Only the new one"), row) for row in came),
        *(_sentence(say("No longer"), row) for row in gone),
    ]
    more = [say("{count} more.", count=count - MOST)] if count > MOST else []
    return [
        say("{count} findings of {verdicts} verdicts differ, on what stands and the whole history."
            " The programs ran with the libraries that are installed here.",
            count=count, verdicts=judged),
        *rows[:MOST],
        *more,
    ]  # fmt: skip


def _rows(reports: Sequence[Any], proposal: str) -> list[_Row]:
    return [
        (finding["clause"], verdict["subject"], finding["effect"], finding["message"])
        for report in reports
        for verdict in report["verdicts"]
        if not verdict["subject"].startswith(proposal[:12])
        for finding in verdict["findings"]
    ]


def _sentence(which: Message, row: _Row) -> Message:
    clause, subject, effect, message = row
    return say("{which}: {clause} {effect}, {subject}: {message}",
               which=which, clause=clause, effect=_EFFECTS.get(effect, effect), subject=subject,
               message=message)  # fmt: skip
