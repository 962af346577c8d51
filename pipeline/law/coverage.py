"""Which clause answers for which sentence of the law: the table ``rules/coverage.md``."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipeline.model import brings, law, run
from pipeline.model.ids import ClauseId
from pipeline.model.part import program

_ROW = re.compile(r"^\| (第[一二三四五六七八九十]+条|附件) \| (.+) \| ([^|]+) \|$", re.MULTILINE)
_ELSEWHERE = re.compile(r"^\| ([RF][0-9]*-[0-9]+) \| (.+) \| (.+) \|$", re.MULTILINE)
_EMENDED = re.compile(r"〔([^〔〕]*)〕\[校\d+\]\([^)]*\)")


class LawPart(NamedTuple):
    """A sentence, or a part of one, as the law has it, and the ids of the clauses it leads to."""

    heading: str
    text: str
    clauses: tuple[str, ...]


def plain(text: str) -> str:
    """The law's text as it is read, without marks of emendation."""
    return _EMENDED.sub(r"\1", text)


@cache
def _table() -> str:
    return Path(brings.load(program().rules).__file__).with_name("coverage.md").read_text("utf-8")


@run.per_run(8)
def rows(table: str | None = None) -> tuple[LawPart, ...]:
    """A table, in its order; None: the program's."""
    text = _table() if table is None else table
    return tuple(LawPart(m[1], m[2], tuple(m[3].split())) for m in _ROW.finditer(text))


def from_elsewhere(table: str | None = None) -> dict[str, str]:
    """Clause id → the instrument that asks for it, of clauses that no sentence leads to."""
    return {m[1]: m[2] for m in _ELSEWHERE.finditer(_table() if table is None else table)}


def sentences(text: str) -> Iterator[str]:
    """The sentences, items and fields of an article, without their end."""
    for part in re.split(r"[。；\n|]", plain(text)):
        sentence = re.sub(r"^（\d）", "", part.strip()).strip()
        if sentence and not re.fullmatch(r"[-: ]+", sentence):
            yield sentence


def led(article: law.Article, clause: ClauseId) -> list[str]:
    """The parts of an article that lead to a clause, as far as they stand in its text."""
    text = plain(article.text)
    return [r.text for r in rows(article.coverage) if clause in r.clauses and r.text in text]


def uncovered(article: law.Article) -> list[str]:
    """The sentences of an article of which no part is in the table: no clause answers for them.
    None where there is no table."""
    if article.coverage == "":
        return []
    tabled = [row.text for row in rows(article.coverage) if row.heading == article.heading]
    return [s for s in sentences(article.text) if not any(k in s or s in k for k in tabled)]
