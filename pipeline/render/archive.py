"""A post as the public archive shows it: an HTML fragment, and the same as plain text."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from pipeline.model.channels import ChannelCode, ChannelRegisters
from pipeline.model.findings import Effect, Location, say
from pipeline.model.lazy import regex
from pipeline.model.posts import UNKNOWN, ChannelProblem, Link, Post, Rendition, Sizes, late
from pipeline.render import markup
from pipeline.render.body import Body, read_body
from pipeline.render.token_words import headings_of, located, plain_text, says_something
from pipeline.render.tokens import commonmark, parse, well_formed

CHANNEL = "archive"


def render_archive(post: Post, registers: ChannelRegisters, sizes: Sizes = UNKNOWN) -> Rendition:
    """The rendition of channel ``archive``; of a withdrawn post nothing is left but its title.

    `images` holds every image the body asks for, `links` the source's first. Its HTML is made
    lazily. Never raises.
    """
    if post.withdrawn:
        return Rendition(CHANNEL, post.title, "", "", (), ())
    body = read_body(post, registers)
    dialect = _dialect(body, registers, sizes)
    return Rendition(
        CHANNEL,
        post.title,
        late(lambda: _html(post, registers, sizes)),
        body.text(),
        tuple(_links(body, dialect)),
        body.images,
        tuple((h.level, h.id, h.text) for h in dialect.headings),
        ai_label=body.ai_label,
        attachments=body.attachments,
    )


def _dialect(body: Body, registers: ChannelRegisters, sizes: Sizes) -> markup.ArchiveDialect:
    headings = headings_of(without_empty_headings(body.shown))
    return markup.ArchiveDialect(
        body.post, sizes, markup.host_of(str(registers.policy.archive.get("url"))), headings
    )


def _html(post: Post, registers: ChannelRegisters, sizes: Sizes) -> str:
    """Parsed again, so that a rendition that is never shown holds no tokens."""
    body = read_body(post, registers)
    blocks = without_empty_headings(body.shown)
    return markup.sanitise(unfiltered_html(body, registers, sizes, blocks))


def unfiltered_html(
    body: Body, registers: ChannelRegisters, sizes: Sizes, blocks: Sequence[Token]
) -> str:
    """Source line, label and `blocks`, which are those of the body; `sanitise` comes after."""
    dialect = _dialect(body, registers, sizes)
    opening = markup.source_html(body.source, dialect) + markup.label_html(body.label)
    return opening + "".join(markup.blocks_html(blocks, dialect))


def without_empty_headings(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without empty headings, at which a screen reader would stop in silence."""
    left: list[Token] = []
    for token in tokens:
        left.append(token)
        if token.type == "heading_close" and not says_something(left[-2].children or ()):
            del left[-3:]
    return left


def _links(body: Body, dialect: markup.ArchiveDialect) -> Iterator[Link]:
    if body.source and body.source.url:
        yield Link(body.source.url, body.source.name, body.source.line)
    for url, words, line in body.links:
        yield Link(markup.address_of(url, dialect), words, line)


# A sentence of a post as a correction quotes it: what a reader saw, no signs of Markdown.

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


_MAY_BE = regex(r"<[A-Za-z/!?]")
"""How every piece of HTML begins (CommonMark 0.31, 4.6 and 6.6); few bodies hold one."""
_READER = commonmark(html=True)
_LONGEST = 40  # signs of a piece that are quoted


def body_problems(body: Body) -> Iterator[ChannelProblem]:
    """An empty body, and the first piece of HTML on each line; none of a withdrawn post, whose
    body is not shown."""
    post = body.post
    if post.withdrawn:
        return
    if not body.plain.strip() and not body.images:
        yield ChannelProblem(
            "text-missing",
            Effect.REFUSE,
            say("The post has no text."),
            Location(post.path, post.body_line),
            say("Write it below the front matter, or place a picture there."),
        )
    for line, words in html_pieces(post.body):
        yield ChannelProblem(
            "html-shown",
            Effect.REFUSE,
            say("HTML is published as it is typed: {words}", words=words),
            Location(post.path, post.body_line + line),
            say("Write it in Markdown or take it out; a sign < that is meant so is typed \\<."),
        )


def html_pieces(text: str) -> Iterator[tuple[int, str]]:
    """(line from 0, words) of the first piece on each line; code and autolinks are none."""
    if not _MAY_BE.search(text):
        return
    tokens = _READER.parse(well_formed(text))
    pieces = [(t.map[0], t.content) for t in tokens if t.type == "html_block" and t.map]
    pieces += [(line, t.content) for t, line in located(tokens) if t.type == "html_inline"]
    first: dict[int, str] = {}
    for line, words in sorted(pieces, key=lambda piece: piece[0]):
        first.setdefault(line, words.strip().partition("\n")[0][:_LONGEST])
    yield from first.items()


class ArchiveChannel(ChannelCode):
    """The public archive; its rendition carries what every channel refuses, too."""

    def render(self, post: Post, registers: ChannelRegisters, sizes: Sizes) -> Rendition:
        body = read_body(post, registers)
        made = render_archive(post, registers, sizes)
        problems = (*body.problems, *body_problems(body))
        # To replace anything makes the HTML, which few ask for.
        return replace(made, problems=problems) if problems else made


CODE = ArchiveChannel()
