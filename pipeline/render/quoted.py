"""A sentence of a post as a correction quotes it: what a reader saw, no signs of Markdown."""

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from pipeline.render.token_words import plain_text
from pipeline.render.tokens import parse

BETWEEN = " ｜ "
"""Between the cells of a table's row."""


def quoted(sentence: str) -> str:
    """Its words, a line to each block or row of a table. Never raises."""
    return plain_text(_tokens(sentence), BETWEEN)


def _tokens(sentence: str) -> list[Token]:
    """Rows without their table's head are no table to the parser: an empty head stands in."""
    tokens = parse(sentence)
    rows = [line.strip() for line in sentence.strip().splitlines()]
    bare = rows and all(row.startswith("|") for row in rows)
    if not bare or any(token.type == "table_open" for token in tokens):
        return tokens
    columns = max(len(escapedSplit(row)) for row in rows)
    return parse("\n".join((f"|{' |' * columns}", f"|{'-|' * columns}", *rows)))
