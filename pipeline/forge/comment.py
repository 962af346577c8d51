"""What a proposal's comment adds to the report: who is next, and which clicks do not count."""

import re
from collections.abc import Mapping
from typing import Any

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
"""Outcomes of a click that need nothing more of its maker (`schemas/witness.json`)."""


def preface(answer: Mapping[str, Any], tr: Translate) -> str:
    """Markdown of an answer of `sanshen witness`. Raises KeyError, TypeError for another shape."""
    reviews = answer["reviews"]
    sections = (
        (say("### Next"), [_awaited(row) for row in answer["awaited"]]),
        (
            say("### Reviews that do not count"),
            [_click(row) for row in reviews if row["outcome"] not in COUNTS],
        ),
        (
            say("### Reviews that count"),
            [_click(row) for row in reviews if row["outcome"] in COUNTS],
        ),
    )
    return "".join(_section(title, lines, tr) for title, lines in sections if lines)


def _section(title: Message, lines: list[Message], tr: Translate) -> str:
    listed = "".join(f"- {harmless(tr(line))}\n" for line in lines)
    return f"{tr(title)}\n\n{listed}\n"


def accounts(answer: Mapping[str, Any]) -> list[int]:
    """Account ids of those who are awaited, each once."""
    people = (person for row in answer["awaited"] for person in row["people"])
    return sorted({number for person in people for number in person["accounts"]})


def _awaited(row: Mapping[str, Any]) -> Message:
    names = say_names([person["name"] for person in row["people"]])
    return say("{post}: the {step} by {people}.", post=row["post"], people=names,
               step=STEP_NAMES[Step(row["step"])])  # fmt: skip


def _click(row: Mapping[str, Any]) -> Message:
    if not row["step"]:
        return say("{login}: {message}", login=row["login"], message=row["message"])
    step = STEP_NAMES[Step(row["step"])]
    return say("{login}, {step}: {message}", login=row["login"], step=step, message=row["message"])


# The one comment itself, where no workflow writes it.

MARKER = "<!-- sanshen-verdict -->"
LONGEST = 55_000
"""Characters of a report that a comment holds."""
VERDICTS: Mapping[int, tuple[str, Message]] = {
    EXIT_OK: ("success", say("The machine checks passed (≠ a verdict on compliance)")),
    EXIT_NOTHING: ("success", say("Nothing in this change has to be judged")),
    EXIT_HOLD: ("pending", say("Held: a review, a time or a duty is awaited")),
    EXIT_REFUSE: ("failure", say("Refused: clauses are violated")),
}
"""Exit code of `verify` → state of the status `sanshen/verify`, and its words."""
NO_VERDICT = ("error", say("No verdict: the pipeline failed, which is no pass"))


_TIME = re.compile(r"(?:时间：|Time: )[0-9][0-9 :-]*[。.]")
"""The time of a run in its report."""


def same_comment(one: str, other: str) -> bool:
    """Whether two comments differ in nothing but the time of the run: each round has another."""
    return _TIME.sub("", one).rstrip() == _TIME.sub("", other).rstrip()


def body_of(headline: str, head: str, text: str) -> str:
    """The comment; ``@name`` in a proposal's text mentions no account, and long text is cut."""
    harmless_text = text.replace("@", "@\u2060")[:LONGEST]
    return f"{MARKER}\n### {headline}\n\n{head}\n\n{harmless_text}"
