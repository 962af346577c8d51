"""What every report ends with, in every format (design.md .6)."""

from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.model.findings import Effect, Finding, Message, Outcome, say
from pipeline.model.frozen import dataclass
from pipeline.model.program import Program
from pipeline.model.reports import Report
from pipeline.model.verdicts import Verdict
from pipeline.report.language import Translate, harmless

# Causes: a text names the cause of findings and counts what follows from it.

_POSTS = "content/posts/"
"""What the writer of a post reads from top to bottom."""
MOST_SUBJECTS = 2
"""Other subjects that a count names."""
Row = tuple[Verdict, Finding]


@dataclass(frozen=True)
class VerdictSummary:
    """A verdict with those of its findings that follow from no other one."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    follow: tuple[tuple[Row, ...], ...]
    """What follows from each of them, in this verdict and in others."""

    @property
    def elsewhere(self) -> int:
        """How many of the verdict's findings follow from one of another verdict."""
        own = sum(v is self.verdict for rows in self.follow for v, _ in rows)
        return len(self.verdict.findings) - len(self.findings) - own


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


def summarise(verdicts: Sequence[Verdict]) -> list[VerdictSummary]:
    """Every verdict with the findings to print, and what follows from each of them.

    In the order given; but a verdict that earlier ones follow from comes before all of them.
    """
    rows = [(verdict, finding) for verdict in verdicts for finding in ordered(verdict.findings)]
    roots = _roots(rows)
    follow: dict[int, list[Row]] = {n: [] for n, root in enumerate(roots) if n == root}
    early = set()
    for number, root in enumerate(roots):
        if number != root:
            follow[root].append(rows[number])
            if number < root and rows[number][0] is not rows[root][0]:
                early.add(id(rows[root][0]))
    own: dict[int, list[int]] = {id(verdict): [] for verdict in verdicts}
    for number in follow:
        own[id(rows[number][0])].append(number)
    made = [
        VerdictSummary(
            v, tuple(rows[n][1] for n in own[id(v)]), tuple(tuple(follow[n]) for n in own[id(v)])
        )
        for v in verdicts
    ]
    return sorted(made, key=lambda one: id(one.verdict) not in early)


def _roots(rows: Sequence[Row]) -> list[int]:
    """For each finding the number of its first cause, which may be itself."""
    at: dict[tuple[str, str], int] = {}
    for number, (verdict, finding) in enumerate(rows):
        commit, path = _commit(verdict), finding.location.path
        if finding.cause != path:
            at.setdefault((commit, path), number)
        if not finding.cause:
            at.setdefault(("", commit), number)

    def above(number: int) -> int:
        verdict, finding = rows[number]
        if not finding.cause:
            return number
        root = at.get((_commit(verdict), finding.cause), at.get(("", finding.cause), number))
        heavier = max(finding.effect, Effect.HOLD) <= rows[root][1].effect
        return root if heavier else number

    roots = []
    for number in range(len(rows)):
        way = [number]
        while (after := above(way[-1])) not in way:
            way.append(after)
        roots.append(way[-1] if after == way[-1] else number)  # a circle explains nothing
    return roots


def _commit(verdict: Verdict) -> str:
    """The commit that an audit's subject begins with; empty in any other report."""
    return verdict.subject.split(" ", 1)[0] if " " in verdict.subject else ""


def following_counts(verdict: Verdict, follow: Sequence[Row], tr: Translate) -> Message:
    """How many findings follow from one of this verdict: their clauses, and other subjects."""
    clauses = Counter(finding.clause for finding in ordered(finding for _, finding in follow))
    names = ", ".join(f"{c} ×{n}" if n > 1 else c for c, n in clauses.items())
    others = dict.fromkeys(v.subject for v, _ in follow if v is not verdict)
    some = [subject_in_words(subject, tr) for subject in list(others)[:MOST_SUBJECTS]]
    values = {"count": len(follow), "clauses": names}
    if not others:
        return say("{count} more follow from it: {clauses}. Mend it and judge again;"
                   " --format json names each.", **values)  # fmt: skip
    return say(
        "{count} more follow from it: {clauses}, also of other subjects ({others}): {some}."
        " Mend it and judge again; --format json names each.",
        **values,
        some=", ".join(some) + (" …" if len(others) > MOST_SUBJECTS else ""),
        others=len(others),
    )


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
