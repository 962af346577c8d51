"""Which clause answers for which sentence of the law: the table ``rules/coverage.md``."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from pipeline.model.law import Article

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
    return (files("pipeline.rules") / "coverage.md").read_text("utf-8")


@cache
def rows() -> tuple[LawPart, ...]:
    """The table, in the order of the shipped law."""
    return tuple(LawPart(m[1], m[2], tuple(m[3].split())) for m in _ROW.finditer(_table()))


def from_elsewhere() -> dict[str, str]:
    """Clause id → the instrument that asks for it, of clauses that no sentence leads to."""
    return {m[1]: m[2] for m in _ELSEWHERE.finditer(_table())}


def sentences(text: str) -> Iterator[str]:
    """The sentences, items and fields of an article, without their end."""
    for part in re.split(r"[。；\n|]", plain(text)):
        sentence = re.sub(r"^（\d）", "", part.strip()).strip()
        if sentence and not re.fullmatch(r"[-: ]+", sentence):
            yield sentence


def led(article: Article, clause: str) -> list[str]:
    """The parts of an article that lead to a clause, as far as they stand in its text."""
    text = plain(article.text)
    return [r.text for r in rows() if clause in r.clauses and r.text in text]


def uncovered(article: Article) -> list[str]:
    """The sentences of an article of which no part is in the table: no clause answers for them."""
    tabled = [row.text for row in rows() if row.heading == article.heading]
    return [s for s in sentences(article.text) if not any(k in s or s in k for k in tabled)]
