"""Collect every sentence people read, keep its translation, compile the catalogue.

Sentences come from three places: ``say("…")`` in the code, the clause lines of rule files'
docstrings, and the help of commands and options.
"""

import ast
import importlib
import io
import json
import pkgutil
import re
from collections.abc import Iterator, Mapping
from inspect import cleandoc
from itertools import chain
from pathlib import Path
from typing import Any

import click
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from pipeline import rules
from pipeline.law import side_checks
from pipeline.law.rulebook import clause_texts
from pipeline.model.part import program
from pipeline.new.new_archive import shipped_schemas
from pipeline.new.new_entry import Shape
from pipeline.parts.desk.drafts import ASKED
from pipeline.program import sanshen

PACKAGE = Path(__file__).resolve().parent.parent / "pipeline"
FOLDER = PACKAGE / "locale" / "zh_CN" / "LC_MESSAGES"
_SAY = re.compile(r'\bsay\("([^"]+)"')
"""A sentence in a template."""
DOMAINS = ("sanshen", "messages")
"""The program's own sentences; click's (its gettext domain is called ``messages``)."""


def sentences() -> set[str]:
    """Every gettext id of the program."""
    return {s for s in {*said_anywhere(), *_clauses(), *_help(sanshen), *_described()} if s}


def said_anywhere() -> set[str]:
    """Those of code and templates."""
    found = {text for path in PACKAGE.rglob("*.py") for text in _said(path)}
    pages = {text for path in PACKAGE.rglob("*.j2") for text in _SAY.findall(path.read_text())}
    return found | pages


def _said(path: Path) -> Iterator[str]:
    """First arguments of ``say`` in a file, also inside f-strings, which Babel's reader skips."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
            for first in node.args[:1]:
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


def _clauses() -> Iterator[str]:
    articles = (f"{rules.__name__}.{info.name}" for info in pkgutil.iter_modules(rules.__path__))
    for name in (*articles, side_checks.__name__):
        for _, text in clause_texts(importlib.import_module(name).__doc__ or ""):
            yield from (*text[:-1], *chain.from_iterable(text.findings.values()))


def _help(command: click.Command) -> Iterator[str]:
    yield cleandoc(command.help or "")
    for parameter in command.params:
        yield getattr(parameter, "help", "") or ""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            if below is not None:
                yield from _help(below)


def _described() -> Iterator[str]:
    """What stands beside each key of an entry, of a post's form and of the catalogue, and each
    parameter."""
    articles = [a["properties"] for a in shipped_schemas("articles").values()]
    parts = (a.get(name, {}) for a in articles for name in ("front_matter", "parameters"))
    catalogue = json.loads((PACKAGE.parent / "schemas/catalogue.json").read_text("utf-8"))
    rows = (catalogue["$defs"][name] for name in ("post", "line"))
    registers, records = shipped_schemas("registers"), shipped_schemas("records")
    shapes = [Shape(name, True, registers[name]) for name in program().lists]
    shapes += [Shape(n, False, records[n]) for n, k in program().records.items() if k.plain]
    change = records["corrections"]["properties"]
    yield from (change[key]["description"] for key in ASKED)
    entries = (shape.entry for shape in shapes)
    for schema in (*entries, *parts, *rows):
        yield from _descriptions(schema)


def _descriptions(schema: Mapping[str, Any]) -> Iterator[str]:
    for part in filter(None, (*schema.get("properties", {}).values(), schema.get("items"))):
        yield part.get("description", "")
        yield from _descriptions(part)


def read_catalogue(domain: str) -> Catalog:
    """The stored catalogue, or an empty one."""
    path = FOLDER / f"{domain}.po"
    if not path.exists():
        return Catalog(locale="zh_CN", domain=domain, charset="utf-8")
    return read_po(io.BytesIO(path.read_bytes()), locale="zh_CN", domain=domain)


def update(catalogue: Catalog) -> Catalog:
    """The catalogue with exactly today's sentences, known translations kept."""
    fresh = Catalog(
        locale="zh_CN",
        domain="sanshen",
        charset="utf-8",
        project="sanshen",
        version="1",
        creation_date=catalogue.creation_date,
        fuzzy=False,
    )
    for sentence in sorted(sentences()):
        known = catalogue.get(sentence)
        fresh.add(sentence, known.string if known else "", flags=())
    return fresh


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def main() -> None:
    """Rewrite the catalogues; name what has no translation yet."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    own = update(read_catalogue("sanshen"))
    out = io.BytesIO()
    write_po(out, own, width=0, omit_header=False, ignore_obsolete=True, include_lineno=False)
    (FOLDER / "sanshen.po").write_bytes(out.getvalue())
    for domain, catalogue in (("sanshen", own), ("messages", read_catalogue("messages"))):
        (FOLDER / f"{domain}.mo").write_bytes(compiled(catalogue))
    missing = [m.id for m in own if m.id and not m.string]
    print(f"{len(own)} sentences, {len(missing)} without translation", *missing, sep="\n  ")


if __name__ == "__main__":
    main()
