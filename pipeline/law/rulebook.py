"""Law × rules × schemas, one to one, or there is no verdict (design.md .3).

A rule file is found by its name: ``rules/aNN_*.py`` is Article NN's and ``aff_*.py`` the annex
form's; the schema of the same stem stands in ``schemas/articles/``. Nothing registers them.
"""

import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

import jsonschema_rs

from pipeline import __version__
from pipeline.errors import BrokenRule, Fault
from pipeline.law.program_law import BESIDE, clauses_beside, program_articles, shipped_rule
from pipeline.model.brings import load as load_named
from pipeline.model.documents import schema_in
from pipeline.model.findings import say
from pipeline.model.ids import ClauseId, sha256_of
from pipeline.model.law import CASES, Article, ClauseText, Rule, Rulebook
from pipeline.model.part import program
from pipeline.model.program import asked_of
from pipeline.model.run import per_run

# The text of the law, article by article: `content/regulation.md`, one heading each.

REGULATION = "content/regulation.md"
_HEADING = re.compile(r"^### (第[一二三四五六七八九十]+条|附件)$", re.MULTILINE)
_SECTION_END = re.compile(r"^#{1,2} ", re.MULTILINE)
_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")}


def articles_of(regulation: bytes) -> Iterator[tuple[str, tuple[str, str]]]:
    """(key, (heading, text)) of every article heading, in the order of the law.

    Raises Fault for bytes that are no UTF-8 or have the line ends of Windows.
    """
    if b"\r" in regulation:
        raise Fault(
            say("{path} has the line ends of Windows.", path=REGULATION),
            say(
                "`git checkout -- {path}` restores it; let the editor save it with LF.",
                path=REGULATION,
            ),
        )
    try:
        text = regulation.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Fault(say("{path} is not UTF-8 text.", path=REGULATION)) from error
    for heading, body in _sections(_HEADING, text):
        end = _SECTION_END.search(body)
        yield _article_key(heading), (heading, body[: end.start() if end else None].strip())


def _sections(heading: re.Pattern[str], text: str) -> Iterator[tuple[str, str]]:
    """(first group, text up to the next) of each match of a heading."""
    starts = list(heading.finditer(text))
    for start, after in zip(starts, [*starts, None][1:], strict=True):
        yield start[1], text[start.end() : after.start() if after else None]


def _article_key(heading: str) -> str:
    """第十八条 → ``18``; 附件 → ``F``."""
    if heading == "附件":
        return "F"
    tens, _, units = heading[1:-1].rpartition("十")
    ten = (_DIGITS[tens] if tens else 1) if "十" in heading else 0
    return f"{ten * 10 + (_DIGITS[units] if units else 0):02d}"


# The rule files of an article: the program's, and those that an archive brings (0069).

RULES = "rules/"
_STEM = re.compile(r"a(\d\d|ff)_[a-z_]+")


def key_of(stem: str) -> str:
    """``a05_updates`` → ``05``; ``aff_form`` → ``F``. Raises Fault for any other name."""
    name = _STEM.fullmatch(stem)
    if name is None:
        raise Fault(say("{name} is not named for an article, like a05_updates.", name=stem))
    return "F" if name[1] == "ff" else name[1]


ARTICLE_SCHEMAS = "schemas/articles/"
_CLAUSE_LINE = re.compile(r"^(\d+)\. ", re.MULTILINE)
_CASE_LINE = re.compile(rf"^ +({'|'.join(CASES)}|[a-z0-9]+(?:-[a-z0-9]+)+): ", re.MULTILINE)


class Replaced(NamedTuple):
    """What stands beside a regulation of the archive's own."""

    program: Mapping[str, bytes]
    """Path → bytes of the schemas of the program's articles."""
    coverage: str
    """Its own table of which clause answers for which sentence; empty when it brings none."""


def load(
    regulation: bytes,
    schemas: Mapping[str, bytes],
    made_for: str = __version__,
    own: Mapping[str, ModuleType | None] | None = None,
    replaced: Replaced | None = None,
) -> Rulebook:
    """Read the law (`content/regulation.md`) and schemas (path → bytes), and match the rules.

    `made_for`: the version that the tree names; what came with a later one is no part of it. `own`:
    article key → the archive's own rule, or None for one that does not run here, which is a gap;
    `replaced`: the archive's regulation stands instead of the program's (docs/decisions/0070).

    Raises Fault when an article has a rule or a schema without the other, a rule of the archive's
    stands where the program has one, a clause has no text, or when a front-matter key or a
    parameter is owned twice.
    """
    law = unique(articles_of(regulation))
    parts = unique(
        (key_of(_stem(path)), path) for path in sorted(schemas) if path.startswith(ARTICLE_SCHEMAS)
    )
    ours = {
        key: module
        for key, name in _shipped_rules().items()
        if key in parts and not replaced
        for module in [shipped_rule(name)]
        if any(asked_of(clause.since, made_for) for clause in module.RULE.clauses)
    }
    theirs = own or {}
    for key in sorted(theirs.keys() & ours.keys()):
        message = say("The archive brings a rule of article {key}, which the program has.", key=key)
        remedy = say("Take it away: no rule of an archive stands in for one of the program's.")
        raise Fault(message, remedy)
    modules = {**ours, **theirs}
    _refuse_gaps(law.keys(), modules.keys(), parts.keys())
    articles = tuple(
        _article(key, heading, text, modules.get(key), owned_by(parts.get(key, ""), schemas))
        for key, (heading, text) in law.items()
    )
    _refuse_shared_keys(articles)
    if replaced is not None:
        articles = _beside_the_program(articles, replaced)
    if made_for != __version__:
        keys = {k for a in articles for k in a.front_matter.get("properties", {})}
        articles = tuple(
            replace(a, outlived=True) if a.key in theirs else _of_its_day(a, keys, made_for)
            for a in articles
        )
    asked = (clause for a in articles if a.rule for clause in a.rule.clauses)
    digest = sha256_of(regulation)
    beside = tuple(clauses_beside(asked))
    return Rulebook(articles, digest, findings=_findings(articles), beside=beside)


def _findings(articles: Iterable[Article]) -> dict[ClauseId, Mapping[str, tuple[str, str]]]:
    """As of `Rulebook`, of the program's clauses beside a law before that law's own."""
    rules = ((f"R{stem[1:3]}", shipped_rule(stem).__doc__ or "") for stem in BESIDE)
    texts = [(ClauseId(f"{key}-{n}"), text) for key, doc in rules for n, text in clause_texts(doc)]
    texts += [(a.clause_id(n), text) for a in articles for n, text in a.texts.items()]
    findings: dict[ClauseId, Mapping[str, tuple[str, str]]] = {}
    for clause_id, text in texts:
        findings[clause_id] = {**findings.get(clause_id, {}), **text.findings}
    return findings


def _beside_the_program(articles: tuple[Article, ...], replaced: Replaced) -> tuple[Article, ...]:
    """The archive's own articles, and what the program asks under any regulation."""
    parts = {path: owned_by(path, replaced.program)[1] for path in sorted(replaced.program)}
    owned = {name for article in articles for name in article.parameters}
    ours = (replace(article, coverage=replaced.coverage) for article in articles)
    return (*ours, *program_articles(parts, owned, clause_texts))


def _shipped_rules() -> dict[str, str]:
    """Article key → module of each rule that comes with the program."""
    folder = load_named(program().rules).__path__
    return unique((key_of(m.name), m.name) for m in pkgutil.iter_modules(folder))


def own_articles(paths: Iterable[str], folder: str) -> dict[str, str]:
    """Article key → path of a file of its rule, of rules in a folder that the program lacks."""
    names = ((p.removeprefix(folder).split("/")[0].removesuffix(".py"), p) for p in paths)
    return {
        key: path
        for stem, path in names
        if _STEM.fullmatch(stem) and (key := key_of(stem)) not in _shipped_rules()
    }


T = TypeVar("T")


def unique(pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    """Article key → value; a Fault for two of one article."""
    by_key: dict[str, T] = {}
    for key, value in pairs:
        if key in by_key:
            message = say("Article {key} stands twice among headings, rules or schemas.", key=key)
            raise Fault(message)
        by_key[key] = value
    return by_key


def _refuse_gaps(law: Set[str], modules: Set[str], parts: Set[str]) -> None:
    """Raise Fault when an article lacks its law, its rule or its schema (sets of article keys)."""
    for key in sorted((modules | parts) - law):
        message = say("The regulation has no article for the rule or schema {key}.", key=key)
        remedy = say("Add the article's heading to {path}.", path=REGULATION)
        raise Fault(message, remedy)
    for key in sorted(modules ^ parts):
        raise Fault(
            say("Article {key} has a rule without a schema, or a schema without a rule.", key=key),
            say("A rule is three files: rule, schema, test."),
        )


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].removesuffix(".json")


Owned = tuple[Mapping[str, Any], Mapping[str, Any]]
"""Front-matter part and parameters of an article."""


def owned_by(path: str, schemas: Mapping[str, bytes]) -> Owned:
    """What the article of a schema owns; nothing for no path. Raises Fault for one of no use."""
    parts = _schema(_stem(path), schemas[path]) if path else {}
    return parts.get("front_matter", {}), parts.get("parameters", {}).get("properties", {})


def _of_its_day(article: Article, keys: Set[str], made_for: str) -> Article:
    """An article with the clauses that a tree made for an older program can have: none that came
    later, and none that need other front-matter keys than these."""
    older = (
        clause
        for clause in (article.rule.clauses if article.rule else ())
        if asked_of(clause.since, made_for) and keys >= set(getattr(clause, "needs", ()))
    )
    return replace(article, rule=article.rule and Rule(tuple(older)), elder=True)


def _article(key: str, heading: str, text: str, loaded: ModuleType | None, owned: Owned) -> Article:
    if loaded is None:
        return Article(key, heading, text, None, "", {}, *owned)
    module = loaded.__name__.rpartition(".")[2]
    rule: Rule = loaded.RULE
    texts = dict(clause_texts(loaded.__doc__ or ""))
    for clause in rule.clauses:
        if clause.number not in texts:
            raise BrokenRule(
                say(
                    "{module} has no line for clause {number} in its docstring.",
                    module=module,
                    number=clause.number,
                ),
                say("Write it: `{number}. …`, in the docstring of the file.", number=clause.number),
            )
    return Article(key, heading, text, rule, module, texts, *owned)


@per_run(256)
def _schema(module: str, raw: bytes) -> Mapping[str, Any]:
    try:
        schema = schema_in(raw)
        if jsonschema_rs.meta.is_valid(schema):
            properties: Mapping[str, Any] = schema["properties"]
            return properties
        raise ValueError("no schema")
    except (ValueError, KeyError) as error:
        raise Fault(
            say(
                "The schema of {module} cannot be used: {error}.",
                module=module,
                error=type(error).__name__,
            ),
            say("Correct {path}{module}.json.", path=ARTICLE_SCHEMAS, module=module),
        ) from error


def clause_texts(docstring: str) -> Iterator[tuple[int, ClauseText]]:
    """(number, text) of each ``N. checked | human`` line of a rule file's docstring.

    Cases stand below it, each as ``accepted: …``, and under the name of a finding its sentence and
    what to do: ``sentence | remedy``, ``sentence |`` or the remedy alone.
    """
    for number, text in _sections(_CLAUSE_LINE, docstring):
        head = _CASE_LINE.split(text, maxsplit=1)[0]
        cases = {case: " ".join(words.split()) for case, words in _sections(_CASE_LINE, text)}
        checked, _, human = " ".join(head.split()).partition(" | ")
        findings = {name: _parted(cases.pop(name)) for name in [*cases] if name not in CASES}
        human = human.removeprefix("Human: ")
        yield int(number), ClauseText(checked, human, **cases, findings=findings)


def _parted(words: str) -> tuple[str, str]:
    """(sentence, remedy) of a finding's line."""
    sentence, _, remedy = f"{words} ".rpartition(" | ")
    return sentence, remedy.strip()


def _refuse_shared_keys(articles: tuple[Article, ...]) -> None:
    owner: dict[str, str] = {}
    for article in articles:
        for name in (*article.front_matter.get("properties", {}), *article.parameters):
            if name in owner:
                raise Fault(
                    say(
                        "{name} is owned by two articles, {one} and {other}.",
                        name=name,
                        one=owner[name],
                        other=article.key,
                    ),
                    say("Take it out of the schema of one of them."),
                )
            owner[name] = article.key
