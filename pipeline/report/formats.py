"""Reports as text, JSON and Markdown: a Report in, a string out."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from pipeline.model.findings import Effect, Finding, Location, Message, say
from pipeline.model.ids import ClauseId
from pipeline.model.lazy import Once
from pipeline.model.reports import Report, Verdict
from pipeline.report import summary
from pipeline.report.duties import due_lists, duty_lines, moment, owner, sentences
from pipeline.report.language import Translate, calling, harmless

REPORT_VERSION = 2
"""Raised whenever a field of the JSON report changes its meaning (schemas/report.json)."""


def render_json(report: Report, tr: Translate) -> str:
    """Versioned JSON for machines (schemas/report.json); sentences in the reader's language."""
    tr, locked = calling(tr, report.names), report.rulebook.locked
    counts, foreign = report.counts, {"by_another": True} if _mark(report, tr) else {}
    value = {
        "version": REPORT_VERSION,
        "program": report.program.value,
        "locked": locked.value if locked else None,
        **foreign,
        "command": report.command,
        "as_of": report.as_of.isoformat(),
        "base": report.base or None,
        "head": report.head or None,
        "exit_code": report.exit_code,
        "decision": _word(report.decision),
        "counts": {
            "checked": counts.checked,
            "declared": counts.declared,
            "entered": counts.entered,
            "undeclared": counts.undeclared,
            "unchecked": counts.unchecked,
        },
        "unchecked": list(report.unchecked),
        "regulation": report.rulebook.digest,
        "verdicts": [foreign | _verdict(v, tr, foreign) for v in report.verdicts],
        "disclaimer": tr(summary.closing(report)[-1]),
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _mark(report: Report, tr: Translate) -> str:
    """What each line begins with; a draft's report, which proves nothing, says it at its end."""
    return f"{tr(summary.BY_ANOTHER)} " if report.foreign and report.head else ""


def _closing(report: Report, tr: Translate) -> list[str]:
    return [_mark(report, tr) + tr(message) for message in summary.closing(report)]


def _verdict(verdict: Verdict, tr: Translate, foreign: Mapping[str, bool]) -> dict[str, Any]:
    return {
        "subject": harmless(verdict.subject),
        "decision": _word(verdict.decision),
        "outcomes": {i: o.value for i, o in verdict.outcomes.items()},
        "signed": {i: list(map(harmless, verdict.records(i))) for i in verdict.signed},
        "findings": [{**foreign, **_finding(f, tr)} for f in summary.ordered(verdict.findings)],
    }


def _finding(finding: Finding, tr: Translate) -> dict[str, Any]:
    where = finding.location
    return {
        "clause": finding.clause,
        "name": finding.name,
        "about": tr(Message("{what}", (("what", finding.about),))) or None,
        "effect": _word(finding.effect),
        "message": tr(finding.message),
        "remedy": tr(finding.remedy) if finding.remedy else None,
        "location": {"path": harmless(where.path), "line": where.line, "column": where.column},
        "owes": harmless(finding.owes) or None,
        "due": finding.due.isoformat() if finding.due else None,
        "cause": harmless(finding.cause) or None,
    }


def render_markdown(report: Report, tr: Translate) -> str:
    """For a step summary, a comment or an issue; text of the proposal is escaped cell by cell.

    What is owed comes first, by who owes it; then every finding once, however many commits share
    it.
    """
    tr = calling(tr, report.names)
    mark = _mark(report, tr)
    lines = [f"## {mark}{tr(summary.EFFECTS[report.decision])}", ""]
    for title, duties in due_lists(report.findings, report.as_of):
        rows = (f"{moment(d)} {owner(d, report.names, tr)} · {mark}{_line(tr, d)}" for d in duties)
        lines += [f"**{tr(title)}**", "", *(f"- {markdown_cell(row)}" for row in rows), ""]
    findings = {_key(f): f for f in summary.ordered(report.findings) if f.due is None}
    if findings:
        titles = (say("Clause"), say("Effect"), say("Place"), say("What is wrong, what to do"))
        lines += ["| " + " | ".join(map(tr, titles)) + " |", "|---|---|---|---|"]
        for f in findings.values():
            words = mark + _line(tr, f)
            cells = (f.clause, tr(summary.EFFECTS[f.effect]), location_text(f.location), words)
            lines.append("| " + " | ".join(map(markdown_cell, cells)) + " |")
        lines.append("")
    return (
        "\n".join([*lines, *(f"- {markdown_cell(line)}" for line in _closing(report, tr))]) + "\n"
    )


def markdown_cell(text: str) -> str:
    """Text in a Markdown table: nothing in it is markup."""
    marks = "\\`*_{}[]<>#|@!~&"
    return "".join(f"&#{ord(c)};" if c in marks else c for c in text).replace("\n", " ")


def markdown_row(cells: Sequence[str]) -> str:
    """A row of a Markdown table, of cells that hold no markup."""
    return "| " + " | ".join(cells) + " |"


def location_text(where: Location) -> str:
    """``path:line:column`` without the zeros; a dash for what stands in no file."""
    numbers = [str(n) for n in (where.line, where.column) if n]
    return ":".join([harmless(where.path) or "—", *numbers])


def _line(tr: Translate, finding: Finding) -> str:
    return " ".join(sentences(tr, finding))


def _word(effect: Effect | None) -> str:
    return effect.name.lower() if effect else "pass"


MOST_NOTES = 50
"""Notes of one clause that a text names one by one."""
_WORDED = 100_000
"""Findings of which a text holds the sentences."""


def render_text(report: Report, tr: Translate, paint: Callable[[str, Effect | None], str]) -> str:
    """For a terminal: subjects that have findings, open duties, then the closing lines.

    Of a clause with very many notes, as in an audit of years, they are only counted. A note that
    several commits share is printed once; what follows from another finding is only counted.
    """
    lines: list[str] = []
    tr = calling(tr, report.names)
    # What is overdue stands in the report and in its list.
    worded = Once(partial(sentences, tr), size=_WORDED)
    # Worth knowing, and no duties, which stand in a list of their own.
    every = (f for f in report.findings if f.effect is Effect.NOTE and f.due is None)
    notes = Counter(f.clause for f in every)
    many = {clause: count for clause, count in sorted(notes.items()) if count > MOST_NOTES}
    printed: set[tuple[object, ...]] = set()
    shown = summary.summarise(report.verdicts)
    for verdict, findings in shown:
        counted = () if verdict.acknowledged else many
        rows = [f for f in findings if _is_named(f, counted, printed)]
        printed.update(map(_key, rows))
        if rows or not (verdict.publishable or len(findings) < len(verdict.findings)):
            lines += _block(verdict, rows, tr, worded, paint)
    if follow := sum(len(verdict.findings) - len(findings) for verdict, findings in shown):
        words = say("{count} more follow from these; --format json names each.", count=follow)
        lines += [tr(words), ""]
    lines += [tr(_counted(*each)) for each in many.items()]
    lines += duty_lines(report.findings, report.names, report.as_of, tr, worded=worded)
    mark = _mark(report, tr)
    return "\n".join([*(line and mark + line for line in lines), *_closing(report, tr)]) + "\n"


def _counted(clause: ClauseId, count: int) -> Message:
    return say("{clause}: {count} notes; --format json names each.", clause=clause, count=count)


def _is_named(finding: Finding, counted: Collection[str], printed: Collection[object]) -> bool:
    once = finding.clause not in counted and _key(finding) not in printed
    return finding.effect > Effect.NOTE or (finding.due is None and once)


def _block(
    verdict: Verdict,
    findings: Iterable[Finding],
    tr: Translate,
    worded: Callable[[Finding], Sequence[str]],
    paint: Callable[[str, Effect | None], str],
) -> Iterator[str]:
    word = paint(tr(summary.EFFECTS[verdict.decision]), verdict.decision)
    yield f"{word}  {summary.subject_in_words(verdict.subject, tr)}"
    for finding in findings:
        at = location_text(finding.location)
        yield f"  {finding.clause}  {tr(summary.EFFECTS[finding.effect])}  {at}"
        yield from (f"      {line}" for line in worded(finding))
    yield ""


def _key(finding: Finding) -> tuple[object, ...]:
    return *finding.mark, finding.location
