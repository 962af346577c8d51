"""The shape of law and rules: articles, clauses, rules and the rulebook."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pipeline.model.archive import Archive, Change
from pipeline.model.findings import Complaint
from pipeline.model.posts import Post

ItemCheck = Callable[[Post, Archive], Iterable[Complaint]]
PeriodCheck = Callable[[Archive], Iterable[Complaint]]
ChangeCheck = Callable[[Change, Archive], Iterable[Complaint]]


def always(_post: Post, _archive: Archive) -> bool:
    """Every post is in the clause's scope."""
    return True


@dataclass(frozen=True)
class ItemClause:
    """Gates a post. `needs` are front-matter keys without which it is not evaluated."""

    number: int
    check: ItemCheck
    needs: tuple[str, ...] = ()
    applies: Callable[[Post, Archive], bool] = always
    declared: bool = False
    """What is looked at is somebody's signed word: counted as declared, never as checked."""


@dataclass(frozen=True)
class PeriodClause:
    """Feeds the audit: a duty over time, such as cadence."""

    number: int
    check: PeriodCheck
    declared: bool = False
    """As of `ItemClause`."""


@dataclass(frozen=True)
class ChangeClause:
    """Gates a change as a whole (docs/decisions/0003)."""

    number: int
    check: ChangeCheck


@dataclass(frozen=True)
class Unchecked:
    """A duty that nothing checks yet or ever can; printed under 未检, never a pass."""

    number: int


Clause = ItemClause | PeriodClause | ChangeClause | Unchecked


@dataclass(frozen=True)
class Rule:
    """One article's enforcement. A number may stand twice, as a gate and as a duty."""

    clauses: tuple[Clause, ...]


class ClauseText(NamedTuple):
    """What a rule file's docstring says of one clause."""

    checked: str
    human: str


@dataclass(frozen=True)
class Article:
    """One article: its law, its rule, its schema."""

    key: str
    """``05`` for Article 5, ``F`` for the annex form."""
    heading: str
    text: str
    rule: Rule | None
    """None: a named gap, printed in every report."""
    module: str
    texts: Mapping[int, ClauseText]
    front_matter: Mapping[str, Any]
    """The article's part of the front-matter schema: its own keys only."""
    parameters: Mapping[str, Any]

    def clause_id(self, number: int) -> str:
        return f"F-{number}" if self.key == "F" else f"R{self.key}-{number}"


@dataclass(frozen=True)
class Rulebook:
    """Law × rules × schemas, one to one."""

    articles: tuple[Article, ...]
    digest: str
    """sha256 of the regulation's stored bytes."""

    @property
    def gaps(self) -> tuple[str, ...]:
        return tuple(a.heading for a in self.articles if a.rule is None)

    def clauses(self) -> Iterable[tuple[str, Clause]]:
        """(clause id, clause) in the order of the law."""
        for article in self.articles:
            for clause in article.rule.clauses if article.rule else ():
                yield article.clause_id(clause.number), clause
