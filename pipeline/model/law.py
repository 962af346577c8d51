"""The shape of law and rules: articles, clauses, rules, the rulebook, and what they rest on."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple, TypedDict, TypeVar, Unpack

from pipeline.model.archive import Archive, Change, Mode
from pipeline.model.evidence import Step
from pipeline.model.findings import Complaint, Effect, Location, Message, Outcome, Reason, say
from pipeline.model.ids import ClauseId, Digest, sha256_of
from pipeline.model.posts import Post
from pipeline.model.program import Program
from pipeline.model.records import Fact, Filed
from pipeline.model.registers import Registers

ItemCheck = Callable[[Post, Archive], Iterable[Complaint]]
PeriodCheck = Callable[[Archive], Iterable[Complaint]]
ChangeCheck = Callable[[Change, Archive], Iterable[Complaint]]


class NothingEntered(Exception):
    """A clause has nothing to judge, for what it asks about was never entered: it does not apply.
    What it noted before counts."""


def something(entered: Collection[Any]) -> None:
    """Go on where there is anything to judge. Raises NothingEntered."""
    if not entered:
        raise NothingEntered


def left_by(change: Change) -> Registers:
    """The registers as a change would leave them. Raises NothingEntered where it touches none."""
    if change.proposed is None:
        raise NothingEntered
    return change.proposed


class More(TypedDict, total=False):
    """What else a complaint may have."""

    owes: str
    due: datetime | None
    waivable: str
    cause: str


_IN_TEXT = Message("")
"""Nothing but what stands in the clause's text."""


def refuse(
    name: str,
    at: Location,
    message: Message = _IN_TEXT,
    remedy: Message | None = None,
    **more: Unpack[More],
) -> Complaint:
    """What is wrong. Without a text or `remedy`: those of that name in the clause's text."""
    return Complaint(name, Effect.REFUSE, message, at, remedy, **more)


def note(
    name: str,
    at: Location,
    message: Message = _IN_TEXT,
    remedy: Message | None = None,
    **more: Unpack[More],
) -> Complaint:
    """What is worth knowing; `message` and `remedy` as of `refuse`."""
    return Complaint(name, Effect.NOTE, message, at, remedy, **more)


def always(_post: Post, _archive: Archive) -> bool:
    """Every post is in the clause's scope."""
    return True


def reviewed(_post: Post, archive: Archive) -> bool:
    """Only posts that evidence is expected of: a writer's draft has none yet."""
    return archive.mode is not Mode.DRAFT


def published_since(parameter: str) -> Callable[[Post, Archive], bool]:
    """Only posts published from the day on that a parameter names (docs/decisions/0024)."""

    def applies(post: Post, archive: Archive) -> bool:
        day = archive.day_of(post)
        return day.isoformat() >= str(archive.registers.parameter(parameter, day))

    return applies


@dataclass(frozen=True)
class ItemClause:
    """Gates a post, unless a front-matter key of `needs` breaks its schema. Keys may be absent."""

    number: int
    check: ItemCheck
    needs: tuple[str, ...] = ()
    applies: Callable[[Post, Archive], bool] = always
    declared: Callable[[Post, Archive], Iterable[Filed]] | None = None
    """The signed records in force that cover what it asks: declared where there are any, not
    applicable without, and never checked (docs/decisions/0060)."""
    rests_on: Callable[[Post, Archive], Iterable[Fact]] | None = None
    """The plain records that its answer on a post rests on: counted as entered where no signature
    answers for them, and never as checked (docs/decisions/0047)."""
    since: str = ""
    """The version it came with: not asked of what an older program judged (0069)."""


@dataclass(frozen=True)
class PeriodClause:
    """Feeds the audit: a duty over time, such as cadence."""

    number: int
    check: PeriodCheck
    declared: Callable[[Archive], Iterable[Filed]] | None = None
    """As of `ItemClause`."""
    lapse: bool = False
    """It is about what the bureau missed or still owes, not about what is written wrongly: the
    audit refuses, and no change is refused for saying so (docs/decisions/0023)."""
    rests_on: tuple[str, ...] = ()
    """Kinds of plain records that its answer rests on; counted as of `ItemClause`."""
    since: str = ""
    """As of `ItemClause`."""


@dataclass(frozen=True)
class ChangeClause:
    """Gates a change as a whole (docs/decisions/0003)."""

    number: int
    check: ChangeCheck
    rests_on: tuple[str, ...] = ()
    """As of `PeriodClause`."""
    always: bool = False
    """Asked under any law, also where its article is none of it (docs/decisions/0070)."""
    since: str = ""
    """As of `ItemClause`."""


@dataclass(frozen=True)
class Unchecked:
    """A duty that nothing checks yet or ever can; printed under 未检, never a pass."""

    number: int
    since: str = ""
    """As of `ItemClause`."""


def unstated(
    post: Post,
    archive: Archive,
    step: Step,
    sentences: Mapping[str, Reason],
    remedy: Message | None = None,
) -> Iterator[Complaint]:
    """What the review of a step leaves unstated; `sentences`: assertion → what its lack is called.

    Nothing where the review is not there: Articles 11 and 15 await it.
    """
    review = archive.approvals[post.id].approved(step)
    for assertion, (name, message) in sentences.items() if review else ():
        if review and not review.assertions.get(assertion, False):
            yield Complaint(name, Effect.REFUSE, message, Location(review.path), remedy)


def statement(
    number: int, step: Step, sentences: Mapping[str, Reason], remedy: Message | None = None
) -> ItemClause:
    """The clause under which the reviewer of a step states something (`unstated`)."""

    def check(post: Post, archive: Archive) -> Iterator[Complaint]:
        return unstated(post, archive, step, sentences, remedy)

    return ItemClause(number, check, applies=reviewed, declared=stated_at(step))


def stated_at(step: Step) -> Callable[[Post, Archive], Iterable[Filed]]:
    """The review that approves a post at a step, as what its statements rest on."""

    def review(post: Post, archive: Archive) -> Iterable[Filed]:
        return filter(None, [archive.approvals[post.id].approved(step)])

    return review


Clause = ItemClause | PeriodClause | ChangeClause | Unchecked


def basis(clause: Clause) -> Outcome:
    """The best that a clause can say where it finds nothing wrong."""
    if getattr(clause, "rests_on", None):
        return Outcome.ENTERED
    return Outcome.DECLARED if getattr(clause, "declared", None) else Outcome.SATISFIED


Shape = TypeVar("Shape", ItemClause, PeriodClause, ChangeClause)


@dataclass(frozen=True)
class Rule:
    """One article's enforcement. A number may stand twice, as a gate and as a duty."""

    clauses: tuple[Clause, ...]


def rule(*clauses: Clause) -> Rule:
    """The rule of an article, made of its clauses."""
    return Rule(clauses)


class ClauseText(NamedTuple):
    """What a rule file's docstring says of one clause; empty strings for what it leaves out."""

    checked: str
    human: str
    accepted: str = ""
    """A case that passes; `violated`, one that does not; `boundary`, the last that passes."""
    violated: str = ""
    boundary: str = ""
    next: str = ""
    """What an honest bureau does next when the clause refuses."""
    findings: Mapping[str, tuple[str, str]] = {}
    """Name of a finding → (its sentence, what to do), with ``{names}`` of the values of its
    message; empty where the check itself says it."""

    @property
    def cases(self) -> tuple[tuple[Message, Message], ...]:
        """(label, case) of the four cases; none of a clause without."""
        return tuple((CASES[n], Message(getattr(self, n))) for n in CASES if getattr(self, n))


CASES: Mapping[str, Message] = {
    "accepted": say("Accepted"),
    "violated": say("Violated"),
    "boundary": say("Boundary"),
    "next": say("What to do"),
}
"""Field of `ClauseText` → what readers see before the case."""


def worded(complaint: Complaint, findings: Mapping[str, tuple[str, str]]) -> Complaint:
    """A complaint with what its clause's text says of it, where it says nothing itself. Raises
    LookupError where neither has a sentence."""
    sentence, to_do = findings.get(complaint.name, ("", ""))

    def filled(message: Message) -> Message:
        if not (message.text or sentence):
            raise LookupError(complaint.name)
        return Message(message.text or sentence, message.values)

    every = complaint.message.values
    values = tuple((n, filled(v) if isinstance(v, Message) else v) for n, v in every)
    remedy = complaint.remedy or (Message(to_do, values) if to_do else None)
    message = filled(replace(complaint.message, values=values))
    return replace(complaint, message=message, remedy=remedy)


@dataclass(frozen=True)
class Article:
    """One article: its law, its rule, its schema."""

    key: str
    """``05`` for Article 5, ``F`` for the annex form, ``S`` for what no article asks."""
    heading: str
    text: str
    rule: Rule | None
    """None: a named gap, printed in every report."""
    module: str
    texts: Mapping[int, ClauseText]
    front_matter: Mapping[str, Any]
    """The article's part of the front-matter schema: its own keys only."""
    parameters: Mapping[str, Any]
    elder: bool = False
    """The tree that judges names an older program than the one that runs: what it cannot know yet
    is no part of it (docs/decisions/0069)."""
    outlived: bool = False
    """Its rule is the archive's own, and its tree names an older program than the one that runs."""
    coverage: str | None = None
    """The table of which clause answers for which of its sentences; None: the program's."""

    def clause_id(self, number: int) -> ClauseId:
        return ClauseId(f"{self.key if self.key in 'FS' else f'R{self.key}'}-{number}")


@dataclass(frozen=True)
class Rulebook:
    """Law × rules × schemas, one to one."""

    articles: tuple[Article, ...]
    digest: Digest
    """sha256 of the regulation's stored bytes."""
    locked: Program | None = None
    """The program that shall judge; None: the archive names none, as before 0.9."""
    findings: Mapping[ClauseId, Mapping[str, tuple[str, str]]] = field(default_factory=dict)
    """Clause id → `ClauseText.findings`, of `beside` too."""
    beside: tuple[tuple[ClauseId, ChangeClause], ...] = ()
    """(clause id, clause) of the program's that are asked of every change, of articles that this
    law lacks."""

    @property
    def own(self) -> bool:
        """Whether a regulation of the archive's stands instead of the program's."""
        return any(article.coverage is not None for article in self.articles)

    @cached_property
    def updates(self) -> tuple[Article, tuple[str, ...]] | None:
        """The article of updates, the one that owns parameters named ``cadence.``, and the ids of
        its clauses; None where the law has none."""
        for article in self.articles:
            if article.text and any(name.startswith("cadence.") for name in article.parameters):
                numbers = (
                    dict.fromkeys(c.number for c in article.rule.clauses) if article.rule else ()
                )
                return article, tuple(map(article.clause_id, numbers))
        return None

    @property
    def gaps(self) -> tuple[str, ...]:
        return tuple(a.heading for a in self.articles if a.rule is None)

    @cached_property
    def _clauses(self) -> tuple[tuple[ClauseId, Clause], ...]:
        return tuple(
            (article.clause_id(clause.number), clause)
            for article in self.articles
            for clause in (article.rule.clauses if article.rule else ())
        )

    @cached_property
    def ids(self) -> tuple[ClauseId, ...]:
        """Every clause id once, in the order of the law."""
        return tuple(dict.fromkeys(clause_id for clause_id, _ in self._clauses))

    @cached_property
    def _by_shape(self) -> dict[type, tuple[tuple[ClauseId, Any], ...]]:
        shapes: dict[type, list[tuple[ClauseId, Any]]] = defaultdict(list)
        for clause_id, clause in self._clauses:
            shapes[type(clause)].append((clause_id, clause))
        return {shape: tuple(rows) for shape, rows in shapes.items()}

    @cached_property
    def _parameters(self) -> frozenset[str]:
        return frozenset(name for article in self.articles for name in article.parameters)

    @cached_property
    def _elder(self) -> frozenset[str]:
        rules = ((a, a.rule) for a in self.articles if a.elder and a.rule)
        return frozenset(a.clause_id(c.number) for a, rule in rules for c in rule.clauses)

    def outlived(self, clause_id: ClauseId) -> bool:
        """Whether a clause is the archive's own and was written for an older program."""
        return any(a.outlived and clause_id.startswith(a.clause_id(0)[:-1]) for a in self.articles)

    def later(self, clause_id: ClauseId, parameter: str) -> bool:
        """Whether a clause came after this law: it asks for a parameter that no article has yet."""
        return clause_id in self._elder and parameter not in self._parameters

    def clauses(self) -> Iterable[tuple[ClauseId, Clause]]:
        """(clause id, clause) in the order of the law."""
        return self._clauses

    def of_shape(self, shape: type[Shape]) -> tuple[tuple[ClauseId, Shape], ...]:
        """(clause id, clause) of one shape, in the order of the law."""
        return self._by_shape.get(shape, ())


_MANNERS: Mapping[type, str] = {
    ItemClause: "item",
    PeriodClause: "period",
    ChangeClause: "change",
    Unchecked: "unchecked",
}


def manners(article: Article) -> dict[int, tuple[str, ...]]:
    """Number → how its clause is looked at: item, period, change, declared, entered, unchecked."""
    numbers: dict[int, dict[str, None]] = {}
    for clause in article.rule.clauses if article.rule else ():
        outcome = basis(clause)
        manner = _MANNERS[type(clause)] if outcome is Outcome.SATISFIED else outcome.value
        numbers.setdefault(clause.number, {})[manner] = None
    return {number: tuple(kinds) for number, kinds in sorted(numbers.items())}


def front_matter_schema(rulebook: Rulebook) -> dict[str, Any]:
    """The whole front-matter schema, made of every article's part; unknown keys are refused.

    The clause of an unknown key is R11-2: format is part of the first review (格式).
    """
    parts = [a.front_matter for a in rulebook.articles]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "clause": "R11-2",
        "properties": {k: v for p in parts for k, v in p.get("properties", {}).items()},
        "required": [k for p in parts for k in p.get("required", [])],
        "additionalProperties": False,
    }


def parameter_schemas(rulebook: Rulebook) -> dict[str, Mapping[str, Any]]:
    """Parameter name → schema of its value, of every article."""
    return {k: v for a in rulebook.articles for k, v in a.parameters.items()}


# From which day the regulation binds (Article 17).


def in_force_from(archive: Archive) -> date:
    """The day of `regulation.in_force_from`; a policy without it (which refuses) spares nothing."""
    if "regulation.in_force_from" not in archive.registers.policy.parameters:
        return date.min
    return date.fromisoformat(archive.registers.parameter("regulation.in_force_from", date.min))


def bound(post: Post, archive: Archive) -> bool:
    """Whether a post is judged: all are but those that stand and are dated before the regulation.

    A change that brings one in or alters it is judged whatever its date, so that no date of old
    carries anything past the reviews.
    """
    since = in_force_from(archive)
    if post.publish_day is not None and post.publish_day >= since:
        return True
    return archive.change is not None or archive.day_of(post) >= since


LAYERS = ("national", "provincial", "city", "bureau")
"""From the highest to the lowest; the stricter of two wins, whatever its layer."""

UNNUMBERED = "无文号"
"""Stands where a published text has no document number."""
UNCHECKED = "文号未核对"
"""Stands where it was not read yet which number a text has: it is not guessed."""

_ARTICLE = re.compile(r"第[一二三四五六七八九十]+条|附件")
_EMENDED = re.compile(r"\[校\d+\]\([^)]*\)")
_PREFIX = "中华人民共和国"


def mark_of(source: str) -> str:
    """The letter of evidence a source begins with: S, V, K or D; empty when there is none."""
    return source[1] if re.match(r"\[[SVKD]\] ", source) else ""


def article_digest(source: str, articles: Mapping[str, str]) -> str:
    """sha256 of the articles, or the annex, that a source names, without marks of emendation; empty
    when it names none of the law. `articles`: heading → text."""
    headings = dict.fromkeys(h for h in _ARTICLE.findall(source) if h in articles)
    texts = "\n".join(_EMENDED.sub("", articles[heading]) for heading in headings)
    return sha256_of(texts.encode()) if headings else ""


def cited(source: str, basis: Iterable[Any]) -> Iterator[Any]:
    """The instruments that a source names by number or by title."""
    text = _bare_letters(source)
    for entry in basis:
        names = (
            _bare_letters(entry["number"]),
            _bare_letters(entry["title"]).removeprefix(_PREFIX),
        )
        if any(name and name not in (UNNUMBERED, UNCHECKED) and name in text for name in names):
            yield entry


def _bare_letters(text: str) -> str:
    return re.sub(r"[\s《》]", "", text)
