"""Small reports to render: one subject, four clauses, one article without a rule."""

from collections.abc import Callable
from datetime import datetime

from pipeline.model.calendar import SHANGHAI
from pipeline.model.findings import Effect, Finding, Location, Outcome, say
from pipeline.model.law import Article, ItemClause, Rule, Rulebook, Unchecked
from pipeline.model.program import Program
from pipeline.model.reports import Report, Verdict
from pipeline.report import formats
from pipeline.report.formats import render_text
from pipeline.report.language import translator

TELL = translator("en")
PROGRAM = Program("0.9.0", "ab" * 32)
PATH = "content/posts/2026/2026-11-02-x/post.md"

Render = Callable[[Report], str]
RENDERERS: dict[str, Render] = {
    "text": lambda report: render_text(report, TELL, lambda words, _effect: words),
    "json": lambda report: formats.render_json(report, TELL),
    "markdown": lambda report: formats.render_markdown(report, TELL),
}


def sample_rulebook() -> Rulebook:
    clauses = (
        ItemClause(1, lambda _post, _archive: ()),
        ItemClause(2, lambda _post, _archive: ()),
        ItemClause(3, lambda _post, _archive: (), declared=lambda _post, _archive: ()),
        Unchecked(4),
    )
    article = Article("09", "第九条", "", Rule(clauses), "a09_x", {}, {}, {})
    gap = Article("12", "第十二条", "", None, "", {}, {}, {})
    return Rulebook((article, gap), "ab" * 32)


def sample_finding(
    words: str, effect: Effect = Effect.REFUSE, path: str = PATH, line: int = 7
) -> Finding:
    message = say("The title {title} is wrong.", title=words)
    remedy = say("Write {title} anew.", title=words)
    return Finding("R09-1", "so-it-is", effect, message, Location(path, line, 3), remedy)


def sample_report(*findings: Finding, subject: str = "2026-11-02-x") -> Report:
    """One subject with these findings; 1 and 2 checked, 3 declared, 4 open."""
    outcomes = {
        "R09-1": Outcome.VIOLATED if findings else Outcome.SATISFIED,
        "R09-2": Outcome.SATISFIED,
        "R09-3": Outcome.DECLARED,
    }
    as_of = datetime(2026, 11, 22, 20, tzinfo=SHANGHAI)
    signed = {"R09-3": ("content/reviews/{subject}/r1/3-final.json",)}
    verdict = Verdict(subject, outcomes, findings, signed=signed)
    return Report("verify", as_of, "a" * 40, "b" * 40, (verdict,), sample_rulebook(), PROGRAM)
