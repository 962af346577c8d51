"""Law × rules × schemas, one to one, or there is no verdict (design.md .3).

A rule file is found by its name: ``pipeline/rules/aNN_*.py`` is Article NN's and ``aff_*.py`` the
annex form's; the schema of the same stem stands in ``schemas/articles/``. Nothing registers them.
"""

import hashlib
import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import jsonschema_rs

from pipeline import rules
from pipeline.errors import Fault
from pipeline.model.documents import schema_in
from pipeline.model.findings import say
from pipeline.model.law import Article, ClauseText, Rule, Rulebook

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
            say("`git checkout -- {path}` restores it; let the editor save it with LF.",
                path=REGULATION),
        )  # fmt: skip
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


# The rules that a tree carries, beside those that run: an archive outlives its program (0024).

RULES = "pipeline/rules/"
_STEM = re.compile(r"a(\d\d|ff)_[a-z_]+")
Rows = frozenset[tuple[str, str]]
"""(path below `RULES`, git's id of its bytes) of the files of one rule."""

NONE: Rows = frozenset()


def key_of(stem: str) -> str:
    """``a05_updates`` → ``05``; ``aff_form`` → ``F``. Raises Fault for any other name."""
    name = _STEM.fullmatch(stem)
    if name is None:
        raise Fault(say("{name} is not named for an article, like a05_updates.", name=stem))
    return "F" if name[1] == "ff" else name[1]


def carried_rules(files: Mapping[str, str]) -> dict[str, Rows]:
    """Key of an article → the files of its rule; `files`: path → git's id, of a tree."""
    by_key: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for path, oid in files.items():
        name = path.removeprefix(RULES)
        stem = name.split("/")[0].removesuffix(".py")
        if name.endswith(".py") and _STEM.fullmatch(stem):
            by_key[key_of(stem)].add((name, oid))
    return {key: frozenset(rows) for key, rows in by_key.items()}


def differs(rows: Rows, module: str) -> bool:
    """Whether a tree's rule is not the one that runs. Of files in memory git has no id: no."""
    ids = [oid for _, oid in rows if oid]
    return bool(ids) and rows != _running(module, len(ids[0]))


@lru_cache(256)
def _running(module: str, digits: int) -> Rows:
    loaded = importlib.import_module(f"{rules.__name__}.{module}")
    top = Path(str(loaded.__file__))
    files = sorted(top.parent.rglob("*.py")) if top.name == "__init__.py" else [top]
    base = Path(rules.__path__[0])
    return frozenset(
        (PurePosixPath(*f.relative_to(base).parts).as_posix(), git_id(f.read_bytes(), digits))
        for f in files
    )


def git_id(raw: bytes, digits: int = 40) -> str:
    """Git's id of a file's bytes, in a repository of SHA-1 or of SHA-256 (gitformat-pack(5))."""
    algorithm = "sha1" if digits == 40 else "sha256"
    return hashlib.new(algorithm, b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()


DRAFT = "https://json-schema.org/draft/2020-12/schema"
ARTICLE_SCHEMAS = "schemas/articles/"
_CLAUSE_LINE = re.compile(r"^(\d+)\. ", re.MULTILINE)
_CASE_LINE = re.compile(rf"^ +({'|'.join(ClauseText._fields[2:])}): ", re.MULTILINE)


def load(
    regulation: bytes,
    schemas: Mapping[str, bytes],
    carried: Mapping[str, Rows] | None = None,
    *,
    to_come: bool = False,
) -> Rulebook:
    """Read the law (`content/regulation.md`) and schemas (path → bytes), and match the rules.

    `carried`: the rules that the same tree holds; None when it holds no program. What came after
    the tree is no part of it; `to_come`: of a proposed tree, a rule that only the program which it
    brings can run is a gap (docs/decisions/0024).

    Raises Fault when an article has a rule without a schema, a schema or rule without an article,
    a clause without a text, or when a front-matter key or a parameter is owned twice.
    """
    law = _unique(articles_of(regulation))
    modules = _unique((key_of(m.name), m.name) for m in pkgutil.iter_modules(rules.__path__))
    parts = _unique(
        (key_of(_stem(path)), path) for path in sorted(schemas) if path.startswith(ARTICLE_SCHEMAS)
    )
    if carried is not None:
        modules = {key: name for key, name in modules.items() if key in carried or key in parts}
    own = carried or {}
    later = parts.keys() & own.keys() - modules.keys()
    if later and not to_come:
        raise Fault(
            say("This program is older than the archive: it lacks the rule {key}.", key=min(later)),
            say("Install the archive's own: check out main and run `make install`."),
        )
    _refuse_gaps(law.keys(), modules.keys(), parts.keys() - later)
    articles = tuple(
        _article(key, heading, text, modules.get(key, ""), _owned(parts.get(key, ""), schemas))
        for key, (heading, text) in law.items()
    )
    _refuse_shared_keys(articles)
    return Rulebook(tuple(_of_its_day(articles, own)), hashlib.sha256(regulation).hexdigest())


T = TypeVar("T")


def _unique(pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    """Article key → value; a Fault for two of one article."""
    by_key: dict[str, T] = {}
    for key, value in pairs:
        if key in by_key:
            raise Fault(
                say("Article {key} stands twice among headings, rules or schemas.", key=key)
            )
        by_key[key] = value
    return by_key


def _refuse_gaps(law: Set[str], modules: Set[str], parts: Set[str]) -> None:
    """Law, rules and schemas, by the keys of their articles, that do not fit together."""
    for key in sorted((modules | parts) - law):
        raise Fault(
            say("The regulation has no article for the rule or schema {key}.", key=key),
            say("Add the article's heading to {path}.", path=REGULATION),
        )
    for key in sorted(modules ^ parts):
        raise Fault(
            say("Article {key} has a rule without a schema, or a schema without a rule.", key=key),
            say("A rule is three files: rule, schema, test."),
        )


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].removesuffix(".json")


Owned = tuple[Mapping[str, Any], Mapping[str, Any]]
"""Front-matter part and parameters of an article."""


def _owned(path: str, schemas: Mapping[str, bytes]) -> Owned:
    parts = _schema(_stem(path), schemas[path]) if path else {}
    return parts.get("front_matter", {}), parts.get("parameters", {}).get("properties", {})


def _of_its_day(articles: tuple[Article, ...], carried: Mapping[str, Rows]) -> Iterator[Article]:
    """Articles with the clauses that the tree's own rules can have: none that need newer keys."""
    keys = {k for a in articles for k in a.front_matter.get("properties", {})}
    for article in articles:
        if article.rule and differs(carried.get(article.key, NONE), article.module):
            older = (c for c in article.rule.clauses if keys.issuperset(getattr(c, "needs", ())))
            yield replace(article, rule=Rule(tuple(older)), elder=True)
        else:
            yield article


def _article(key: str, heading: str, text: str, module: str, owned: Owned) -> Article:
    if not module:
        return Article(key, heading, text, None, "", {}, *owned)
    loaded = importlib.import_module(f"{rules.__name__}.{module}")
    rule: Rule = loaded.RULE
    texts = dict(clause_texts(loaded.__doc__ or ""))
    for clause in rule.clauses:
        if clause.number not in texts:
            raise Fault(
                say(
                    "{module} has no line for clause {number} in its docstring.",
                    module=module,
                    number=clause.number,
                )
            )
    return Article(key, heading, text, rule, module, texts, *owned)


@lru_cache(maxsize=256)
def _schema(module: str, raw: bytes) -> Mapping[str, Any]:
    try:
        schema = schema_in(raw)
        # The quick check first; what it rejects is checked again by jsonschema.
        if schema.get("$schema") != DRAFT or not jsonschema_rs.meta.is_valid(schema):
            _check(schema, module)
        properties: Mapping[str, Any] = schema["properties"]
        return properties
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unusable(module, error) from error


def _check(schema: Mapping[str, Any], module: str) -> None:
    # Most runs need no second check, and the import is a tenth of a short run.
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        raise _unusable(module, error) from error


def _unusable(module: str, error: Exception) -> Fault:
    return Fault(
        say(
            "The schema of {module} cannot be used: {error}.",
            module=module,
            error=type(error).__name__,
        ),
        say("Correct {path}{module}.json.", path=ARTICLE_SCHEMAS, module=module),
    )


def clause_texts(docstring: str) -> Iterator[tuple[int, ClauseText]]:
    """(number, text) of each ``N. checked | human`` line of a rule file's docstring.

    Cases stand below it, each as ``accepted: …``.
    """
    for number, text in _sections(_CLAUSE_LINE, docstring):
        head = _CASE_LINE.split(text, maxsplit=1)[0]
        cases = {case: " ".join(words.split()) for case, words in _sections(_CASE_LINE, text)}
        checked, _, human = " ".join(head.split()).partition(" | ")
        yield int(number), ClauseText(checked, human.removeprefix("Human: "), **cases)


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
                    )
                )
            owner[name] = article.key
