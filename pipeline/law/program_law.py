"""What the program asks by itself, whatever the regulation (docs/decisions/0070).

An archive whose own regulation stands instead of the program's is held to these clauses too, and
has the program's default of each of these parameters that no article of its own owns.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any

from pipeline.model.brings import load
from pipeline.model.ids import ClauseId
from pipeline.model.law import Article, ChangeClause, Clause, Rule
from pipeline.model.part import program

CLAUSES: Mapping[str, int] = {
    "a13_content_safety": 7,
    "a17_entry_into_force": 2,
    "a18_supplements": 1,
}
"""Rule of the program → its clause that holds under any regulation: what is governed changes by the
consent of two, a number that stood is never altered, and no number is laxer than a limit."""

PARAMETERS = frozenset({
    "account.decisions_signed_from", "archive.retention", "cadence.exempt_weeks", "change.people",
    "change.signed_areas", "form.channels", "form.granularity", "mandate.max_days",
    "outsourcing.contractor_may_operate", "password.access_roles", "password.min_classes",
    "password.min_length", "record.late_hours", "record.signed_kinds", "relay.hours",
    "relay.platforms", "reply.general_workdays", "reprint.label_format", "review.allow_post_hoc",
    "review.desk_origins", "review.first_may_prepare", "review.forge", "review.neutral_committers",
    "review.post_hoc_hours", "review.stamp_hours", "review.stamp_roots", "review.stamped_steps",
    "review.valid_days", "review.witnessed_steps", "roster.late_days", "time.tolerance_minutes",
    "waiver.max_days",
})  # fmt: skip
"""Parameters that the program reads outside its rules; the schemas of its articles say the rest."""

IF_OWNED = frozenset({
    "cadence.text.count", "cadence.av.max_gap_days", "cadence.redline_days", "gate.duties",
    "regulation.in_force_from",
})  # fmt: skip
"""Of a law's own duties: pages and tables show them where an article owns them."""

KEYS = ("title", "kind", "accounts", "publish_at", "revision", "author")
"""Front-matter keys without which the program cannot show, sign or publish a post."""
MORE_KEYS = (
    "ai", "alert", "category", "co_authors", "created_on", "expires_on", "media", "origin",
    "origin_dept", "source", "summary", "tags", "topic", "validity",
)  # fmt: skip
"""Keys that the program shows or heeds where an article owns them."""

DEFAULT = "[D] 程序默认值"
"""The source of a parameter that no article of the archive's owns."""
_HEADING = "程序自身的要求（R{key}）"


def shipped_rule(stem: str) -> ModuleType:
    """The module of a rule that comes with the program."""
    module: ModuleType = load(f"{program().rules}.{stem}")
    return module


BESIDE = (
    "a01_purpose", "a10_quality", "a11_reviews", "a13_content_safety", "a15_confirmation",
)  # fmt: skip
"""Rules with clauses on a change that are asked under any law (`ChangeClause.always`)."""


def clauses_beside(asked: Iterable[Clause]) -> Iterator[tuple[ClauseId, ChangeClause]]:
    """(clause id, clause) of those that a law lacks; `asked`: all that it has."""
    had = set(map(id, asked))
    for stem in BESIDE:
        for clause in shipped_rule(stem).RULE.clauses:
            if getattr(clause, "always", False) and id(clause) not in had:
                yield ClauseId(f"R{stem[1:3]}-{clause.number}"), clause


def program_articles(
    parts: Mapping[str, Mapping[str, Any]], owned: Collection[str], texts: Any
) -> Iterator[Article]:
    """The clauses and parameters above as articles without text, to stand behind the archive's own.

    `parts`: rule → parameters of the program's articles; `owned`: names that the archive's articles
    own; `texts`: docstring → (number, text) of its clauses.
    """
    every = {name: schema for part in parts.values() for name, schema in part.items()}
    asked = {
        name: {**every[name], "source": DEFAULT, "unowned": True}
        for name in sorted(PARAMETERS & every.keys() - {*owned})
    }
    for stem, number in CLAUSES.items():
        module, key = shipped_rule(stem), stem[1:3]
        clauses = tuple(c for c in module.RULE.clauses if c.number == number)
        words = {number: dict(texts(module.__doc__))[number]}
        heading = _HEADING.format(key=key)
        yield Article(key, heading, "", Rule(clauses), stem, words, {}, asked)
        asked = {}
