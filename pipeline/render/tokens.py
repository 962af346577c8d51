"""One parse of a post's body, which every channel renders from (CommonMark 0.31, GFM tables).

Raw HTML is text, links go only where `links_to` lets them, and a body nested deeper than the
parser follows is shown as it was typed, so that no words vanish between review and reader. So is
one that would cost out of proportion to its length; that one is refused too (`Body.problems`).
"""

import re
import unicodedata
from collections.abc import Container, Iterator, Sequence
from itertools import islice
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from pipeline.model.findings import Reason, say
from pipeline.model.lazy import regex

# A paragraph that is typed as in a Chinese document: a line indented by two ideographic spaces.
#
# Text pasted from a document program has one line break to a paragraph and an indent of two U+3000,
# no empty line (decision 0034). CommonMark would join such lines into one paragraph.

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


# Fast paths through the Markdown parser for plain words, which most of a post is.
#
# All make the tokens that the parser's own rules make, only sooner: a paragraph is recognised
# before every other kind of block has been tried on its lines, words without a single sign of
# markup are one text, and line ends are looked for by what few texts have. What is not plain beyond
# doubt is left to the parser's rules.

_WORDS = regex(r"[^\x00-@\[-`{-\x7f]|\d+[^\d.)\s]", re.ASCII)
"""What a line begins with that neither begins nor ends any block but a paragraph: a letter or any
character beyond ASCII (a class that excludes compiles a hundred times faster), or a number."""
_ACTIVE = regex(r"[\n\\`~*_\[<&]")
"""Signs that a rule for inline tokens begins at; every other is a text's own."""


def plain_words(parser: MarkdownIt) -> None:
    """A parser's plugin: the fast paths, before the rules that they spare or instead of them."""
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


UNLINKED = "unlinked"
DEEPEST = 20  # levels, two to a list; hostile brackets take time in proportion (A33)
MOST_SIGNS = 20_000
"""Signs of markup and lines of one body; each may cost a tenth of a millisecond (A48)."""
MOST_TOKENS = 60_000
"""The parser fills the short rows of a table with cells that were never typed (A48)."""
MOST_EXPANDED = 100_000
"""Characters of addresses and titles beyond the body's own length: a reference writes them out
wherever it is used (A48)."""
TOO_DEEP = "markup-deep", say("Stressed words stand too deep in one another.")
TOO_MANY = "markup-heavy", say("The text has too many signs of Markdown and lines.")
TOO_LONG = (
    "references-long",
    say("Links by reference repeat too long an address or title too often."),
)
_SIGN = regex(r"[\n\\`*_~\[<&|]")
_NO_TEXT = regex(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\ufffe\uffff]"
)
"""Also bidirectional controls: an entity hides them from every check of the source."""

_WEB = regex(r"https?://[\w.-]+(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_OTHER = regex(r"(?:mailto:|tel:|#)\S+", re.IGNORECASE)
_ESCAPED = regex(r"(?:%(?!2[3-6bcf]|3[abdf]|40)[\da-f]{2})+", re.IGNORECASE)
"""Bytes of words, none of which would end a part of an address."""
_NOT_A_NAME = regex(r"[:\\\s]|^//")


def links_to(url: str) -> bool:
    """Whether a link may lead there: http, https, mailto, tel, or a place on the same page.

    A web address needs a plain host and carries no user name, which only ever serves to make
    one host look like another (RFC 3986, 7.6).
    """
    return bool(_WEB.fullmatch(url) or _OTHER.fullmatch(url))


def well_formed(text: str) -> str:
    """The text without what a feed cannot hold: controls and halves of pairs (XML 1.0, 2.2)."""
    return _NO_TEXT.sub("\ufffd", text)


def _links_or_names(url: str) -> bool:
    """What the parser lets through: links, and names of files for the sake of images."""
    return links_to(url) or not _NOT_A_NAME.search(url)


def _as_typed(url: str) -> str:
    """An address as a page shows it: %E8%B7%AF as a word, but its host as reviewers read it.

    A host of ``xn--`` in its own script may look like another one (UTS #39).
    """
    return _ESCAPED.sub(lambda run: unquote(run[0]), url)


def commonmark(*, html: bool = False) -> MarkdownIt:
    """The parser without its fast paths; `html`: it recognises HTML."""
    options = {"html": html, "linkify": False, "typographer": False, "maxNesting": DEEPEST}
    parser = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    parser.validateLink = _links_or_names  # type: ignore[method-assign]
    parser.normalizeLinkText = _as_typed  # type: ignore[method-assign, assignment]
    return parser.use(typed_breaks)


_PARSER = commonmark().use(plain_words)


def parse(body: str, files: Container[str] = ()) -> list[Token]:
    """The body's tokens; `map` counts its lines from 0. Never raises.

    Of a body out of proportion there is one, whose `meta` has ``why`` (a message) and ``line``.
    A link may lead to one of `files`, by its name. Of those that lead to any other name only the
    words are left, and the block's `meta[UNLINKED]` lists them as (name, words, line in it).

    A line break's content is a space, but nothing between two wide characters: in Chinese that
    space would be one that was never typed (CSS Text 3, segment break transformation).
    """
    body = well_formed(body)
    crowded = _crowded(body)
    if crowded is not None:
        return [_verbatim(body, why=TOO_MANY, line=crowded)]
    environment: dict[str, Any] = {}
    tokens = _PARSER.parse(body, environment)
    excess = next(_excesses(tokens, len(body), bool(environment.get("references"))), None)
    if excess:
        return [_verbatim(body, why=excess[0], line=excess[1])]
    if any(t.nesting == 1 and t.level >= DEEPEST - 1 for t in tokens):
        return [_verbatim(body)]
    for token in tokens:
        if token.children and not _is_words(token):
            token.children, unlinked = _links_only(token.children, files)
            if unlinked:
                token.meta[UNLINKED] = unlinked
            _settle(token.children)
    return tokens


def _crowded(body: str) -> int | None:
    """The line, from 0, on which a body exceeds its signs; None where it does not."""
    if len(body) <= MOST_SIGNS:
        return None
    beyond = next(islice(_SIGN.finditer(body), MOST_SIGNS, None), None)
    return body.count("\n", 0, beyond.start()) if beyond else None


def _excesses(tokens: Sequence[Token], typed: int, referring: bool) -> Iterator[tuple[Reason, int]]:
    """What is out of proportion in a body of so many characters, and its line from 0."""
    if len(tokens) > MOST_TOKENS:
        yield TOO_MANY, _line(tokens[MOST_TOKENS::-1])
    expanded = 0
    for index, token in enumerate(tokens):
        children = () if _is_words(token) else token.children or ()
        if any(child.level >= DEEPEST for child in children):
            yield TOO_DEEP, _line(tokens[index::-1])
        if referring:
            expanded += sum(len(str(v)) for c in children for v in c.attrs.values())
            if expanded > MOST_EXPANDED + typed:
                yield TOO_LONG, _line(tokens[index::-1])


def _line(tokens: Sequence[Token]) -> int:
    """The line of the first token that has one."""
    return next((token.map[0] for token in tokens if token.map), 0)


def _verbatim(body: str, **meta: Any) -> Token:
    lines = [0, body.count("\n") + 1]
    return Token("code_block", "code", 0, map=lines, content=body, block=True, meta=meta)


def _is_words(inline: Token) -> bool:
    """Whether it is mere text, of which `well_formed` has left nothing to settle."""
    return [c.type for c in inline.children or ()] == ["text"] and "&" not in inline.content


def _links_only(
    children: Sequence[Token], files: Container[str]
) -> tuple[list[Token], list[tuple[str, str, int]]]:
    """(tokens without links to mere names, such as `[words](file.pdf)`; those links)."""
    left: list[Token] = []
    unlinked: list[tuple[str, str, int]] = []
    refused: str | None = None
    start = line = 0
    for token in children:
        line += token.type in ("softbreak", "hardbreak")
        if token.type == "link_open":
            address = str(token.attrs["href"])
            is_link = links_to(address) or file_name(address) in files
            refused, start = None if is_link else file_name(address), len(left)
        elif token.type == "link_close" and refused is not None:
            unlinked.append((refused, "".join(t.content for t in left[start:]), line))
            refused = None
            continue
        if token.type == "link_open" and refused is not None:
            continue
        left.append(token)
    return left, unlinked


def file_name(address: str) -> str:
    """The name of a file as the address of a link gives it."""
    return unquote(address).removeprefix("./")


def _settle(children: Sequence[Token]) -> None:
    for index, token in enumerate(children):
        if token.type == "softbreak":
            before = "".join(t.content for t in children[max(index - 1, 0) : index])
            after = "".join(t.content for t in children[index + 1 : index + 2])
            token.content = "" if _wide(before[-1:]) and _wide(after[:1]) else " "
        elif token.type == "hardbreak":
            token.content = "\n"
        elif token.children:
            _settle(token.children)
        else:
            token.content = well_formed(token.content)  # entities can name controls too


def _wide(character: str) -> bool:
    return bool(character) and unicodedata.east_asian_width(character) in "WF"
