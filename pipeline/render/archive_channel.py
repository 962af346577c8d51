"""The archive as a channel, and what no channel can show as meant."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.model.channels import ChannelCode, ChannelRegisters
from pipeline.model.findings import Effect, Location, say
from pipeline.model.lazy import regex
from pipeline.model.posts import Post
from pipeline.model.renditions import ChannelProblem, Rendition, Sizes
from pipeline.render.archive import render_archive
from pipeline.render.body import Body, read_body
from pipeline.render.token_words import located
from pipeline.render.tokens import commonmark, well_formed

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
