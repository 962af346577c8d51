"""A paragraph that is typed as in a Chinese document: a line indented by two ideographic spaces.

Text pasted from a document program has one line break to a paragraph and an indent of two U+3000,
no empty line (decision 0034). CommonMark would join such lines into one paragraph.
"""

from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from pipeline.model.regex import regex

INDENT = "\u3000\u3000"
_BREAK = regex(rf"(?<!  )(?<!\\)\n[ \t]*(?={INDENT})")
"""Not after the two signs by which Markdown breaks a line: such a line is broken already."""


def typed_breaks(parser: MarkdownIt) -> None:
    """A parser's plugin: an indented line begins a paragraph."""
    parser.core.ruler.after("block", "typed_breaks", _split)


def _split(state: StateCore) -> None:
    if INDENT in state.src:
        state.tokens = list(_paragraphs(state.tokens))


def _paragraphs(tokens: Sequence[Token]) -> Iterator[Token]:
    inside = False
    for index, token in enumerate(tokens):
        if token.type == "paragraph_open" and _BREAK.search(tokens[index + 1].content):
            inside = True
            yield from _divided(*tokens[index : index + 3])
        elif not inside:
            yield token
        inside = inside and token.type != "paragraph_close"


def _divided(opening: Token, inline: Token, closing: Token) -> Iterator[Token]:
    """One paragraph as several; in a tight list none is hidden, or their words would run on."""
    line = inline.map[0] if inline.map else 0
    for words in _BREAK.split(inline.content):
        lines = [line, line + words.count("\n") + 1]
        yield opening.copy(map=lines, hidden=False)
        yield inline.copy(map=lines, content=words)
        yield closing.copy(hidden=False)
        line = lines[1]
