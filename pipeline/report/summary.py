"""What every report ends with, in every format (design.md .6)."""

from collections.abc import Iterable, Sequence

from pipeline.model.findings import Effect, Finding, Message, Outcome, say
from pipeline.model.program import Program
from pipeline.model.reports import Report, Verdict
from pipeline.report.language import Translate, harmless

# Causes: a text names the cause of findings and counts what follows from it.

_POSTS = "content/posts/"
"""What the writer of a post reads from top to bottom."""


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Heaviest first. Of one effect first what others follow from, then what stands in a post, line
    by line, then by the law, the annex last, then what follows from others; within a clause as
    found, which is the order of the steps."""
    rows = list(findings)
    causes = {f.cause for f in rows}

    def sort_key(finding: Finding) -> tuple[int, int, int, str, int, bool, int, int]:
        article, _, number = finding.clause.partition("-")
        leads = finding.location.path in causes and finding.cause != finding.location.path
        rank = 0 if leads else 1 + bool(finding.cause)
        by_law = article == "F", int(article[1:] or 0), int(number)
        at = finding.location
        if at.path.startswith(_POSTS):
            return -finding.effect, rank, 0, at.path, at.line, *by_law
        return -finding.effect, rank, 1, "", 0, *by_law

    return sorted(rows, key=sort_key)


def summarise(verdicts: Sequence[Verdict]) -> list[tuple[Verdict, list[Finding]]]:
    """Every verdict with the findings to print: the others follow from a finding of the report that
    is printed and weighs no less. Those that others follow from come first."""
    lists = [(verdict, _commit(verdict), ordered(verdict.findings)) for verdict in verdicts]
    rows = [(of, finding) for _, of, findings in lists for finding in findings]
    led: dict[tuple[str, str], Effect] = {}

    def follows(of: str, finding: Finding) -> bool:
        if not finding.cause:
            return False
        root = led.get((of, finding.cause)) or led.get(("", finding.cause), Effect.NOTE)
        return root >= max(finding.effect, Effect.HOLD)

    before = -1
    while before < len(led):  # what follows leads what follows from it; a circle leads nothing
        before = len(led)
        for of, finding in rows:
            if not finding.cause or follows(of, finding):
                led.setdefault((of, finding.location.path), finding.effect)
                led.setdefault(("", of), finding.effect)
    made = [(v, [f for f in some if not follows(of, f)]) for v, of, some in lists]
    causes = {finding.cause for _, finding in rows}
    return sorted(made, key=lambda one: causes.isdisjoint(f.location.path for f in one[1]))


def _commit(verdict: Verdict) -> str:
    """The commit that an audit's subject begins with; empty in any other report."""
    return verdict.subject.split(" ", 1)[0] if " " in verdict.subject else ""


SUBJECTS = {"change": say("change"), "archive": say("archive"), "registers": say("registers")}
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
    Outcome.ENTERED: say("entered"),
    Outcome.NOT_APPLICABLE: say("not applicable"),
    Outcome.NOT_EVALUATED: say("not evaluated"),
}


def closing(report: Report) -> tuple[Message, ...]:
    """The last lines: judged by what, how many pass, what no one declared or checked."""
    tally, counts, open_ = report.tally(), report.counts, report.undeclared
    undeclared = say("Undeclared: {names}.", names=", ".join(open_))
    return (
        _basis(report),
        judged_by(report.program, report.rulebook.locked),
        say(
            "Subjects: {passed} pass, {held} held, {refused} refused.",
            passed=tally["pass"],
            held=tally["hold"],
            refused=tally["refuse"],
        ),
        say(
            "Clauses: {checked} checked, {declared} declared, {entered} entered, {undeclared} "
            "undeclared, {unchecked} unchecked.",
            checked=counts.checked,
            declared=counts.declared,
            entered=counts.entered,
            undeclared=counts.undeclared,
            unchecked=counts.unchecked,
        ),
        *([undeclared] if open_ else ()),
        say("Unchecked: {names}.", names=", ".join(report.unchecked)),
        DISCLAIMER,
    )


def subject_in_words(subject: str, tr: Translate) -> str:
    """A post's id, or in words what else is judged; in an audit after the commit."""
    commit, _, name = subject.rpartition(" ")
    word = SUBJECTS.get(name)
    return " ".join(filter(None, (commit, tr(word)))) if word else harmless(subject)


BY_ANOTHER = say("[by another program]")
"""What each line of a report begins with whose program is not the one that the archive names."""


def judged_by(own: Program, locked: Program | None) -> Message:
    """Which program judged, and whether it is the one that is named."""
    version, digest = own.version, own.short
    if locked is None:
        return say("Judged by sanshen {version} {digest}; no program is named there.",
                   version=version, digest=digest)  # fmt: skip
    if locked == own:
        return say("Judged by sanshen {version} {digest}, the very bytes that are named there.",
                   version=version, digest=digest)  # fmt: skip
    return say(
        "Judged by sanshen {version} {digest}, and not by the program that is named there,"
        " {other} {wanted}: it proves nothing.",
        version=version, digest=digest, other=locked.version, wanted=locked.short,
    )  # fmt: skip


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
