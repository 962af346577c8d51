"""What every report ends with, in every format (design.md .6)."""

from pipeline.model.findings import Effect, Message, Outcome, say
from pipeline.model.reports import Report
from pipeline.report.language import Translate, harmless

SUBJECTS = {
    "change": say("change"),
    "archive": say("archive"),
    "registers": say("registers"),
}
"""What is judged and is no post."""
DISCLAIMER = say("A machine pass is not a finding of legality.")

EFFECTS: dict[Effect | None, Message] = {
    Effect.REFUSE: say("REFUSED"),
    Effect.HOLD: say("HELD"),
    Effect.NOTE: say("note"),
    None: say("passed"),
}
OUTCOMES = {
    Outcome.SATISFIED: say("satisfied"),
    Outcome.VIOLATED: say("violated"),
    Outcome.DECLARED: say("declared"),
    Outcome.NOT_APPLICABLE: say("not applicable"),
    Outcome.NOT_EVALUATED: say("not evaluated"),
}


def closing(report: Report) -> tuple[Message, ...]:
    """The last lines: judged by what, how many pass, what nobody checked, and the disclaimer."""
    tally, counts = report.tally(), report.counts
    return (
        _basis(report),
        say(
            "Subjects: {passed} pass, {held} held, {refused} refused.",
            passed=tally["pass"],
            held=tally["hold"],
            refused=tally["refuse"],
        ),
        say(
            "Clauses: {checked} checked, {declared} declared, {unchecked} unchecked.",
            checked=counts.checked,
            declared=counts.declared,
            unchecked=counts.unchecked,
        ),
        say("Unchecked: {names}.", names=", ".join(report.unchecked)),
        DISCLAIMER,
    )


def subject_in_words(subject: str, tr: Translate) -> str:
    """A post's id, or in words what else is judged; in an audit after the commit."""
    commit, _, name = subject.rpartition(" ")
    known = SUBJECTS.get(name)
    return " ".join(filter(None, (commit, tr(known)))) if known else harmless(subject)


def _basis(report: Report) -> Message:
    if not report.head:
        return say(
            "Judged a working tree, without a base: nothing is proven by this. Time: {as_of}.",
            as_of=report.as_of,
        )
    if report.command == "audit":
        return say(
            "Replayed all changes from {base} to {head}, each judged by the registers before it."
            " Time: {as_of}.",
            base=report.base[:12],
            head=report.head[:12],
            as_of=report.as_of,
        )
    if report.base == report.head:
        return say(
            "Judged what stands at {head} by its own registers. Time: {as_of}.",
            head=report.head[:12],
            as_of=report.as_of,
        )
    return say(
        "Judged {head} by the registers of {base}. Time: {as_of}.",
        head=report.head[:12],
        base=report.base[:12],
        as_of=report.as_of,
    )
