"""Short ways through the Markdown parser for plain words, which most of a post is.

All make the tokens that the parser's own rules make, only sooner: a paragraph is recognised
before every other kind of block has been tried on its lines, words without a single sign of
markup are one text, and line ends are looked for by what few texts have. What is not plain beyond
doubt is left to the parser's rules.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from pipeline.model.regex import regex

_WORDS = regex(r"[^\x00-@\[-`{-\x7f]|\d+[^\d.)\s]", re.ASCII)
"""What a line begins with that neither begins nor ends any block but a paragraph: a letter or any
character beyond ASCII (a class that excludes compiles a hundred times faster), or a number."""
_ACTIVE = regex(r"[\n\\`~*_\[<&]")
"""Signs that a rule for inline tokens begins at; every other is a text's own."""


def plain_words(parser: MarkdownIt) -> None:
    """A parser's plugin: the short ways, before the rules that they spare or in their place."""
    parser.core.ruler.at("normalize", _one_line_end)
    parser.block.ruler.before("table", "plain_paragraph", _paragraph)
    parser.core.ruler.at("inline", _inline)


def _one_line_end(state: StateCore) -> None:
    state.src = state.src.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _paragraph(state: StateBlock, start: int, _end: int, _silent: bool) -> bool:
    """A paragraph of plain lines up to an empty one, indented as its surroundings."""
    line = start
    while line < state.lineMax and not state.isEmpty(line):
        if state.sCount[line] != state.blkIndent or not _begins_plainly(state, line):
            return False
        line += 1
    state.line = line
    state.push("paragraph_open", "p", 1).map = [start, line]
    inline = state.push("inline", "", 0)
    inline.content = mdTrim(state.getLines(start, line, state.blkIndent, False))
    inline.map, inline.children = [start, line], []
    state.push("paragraph_close", "p", -1)
    return True


def _begins_plainly(state: StateBlock, line: int) -> bool:
    first = state.bMarks[line] + state.tShift[line]
    return _WORDS.match(state.src, first, state.eMarks[line]) is not None


def _inline(state: StateCore) -> None:
    for token in state.tokens:
        if token.type != "inline":
            continue
        token.children = []
        if _ACTIVE.search(token.content):
            state.md.inline.parse(token.content, state.md, state.env, token.children)
        elif token.content:
            token.children.append(Token("text", "", 0, content=token.content))
