"""Article 14: no password, key or token in what is written down."""

from collections.abc import Iterator, Mapping
from itertools import chain

from pipeline.detect.post_words import words_of
from pipeline.detect.secrets import secrets, speaks_of_secrets
from pipeline.model.archive import Archive
from pipeline.model.documents import Route
from pipeline.model.findings import Complaint, Effect, Location, say
from pipeline.model.posts import Post

_APART = "\n" * 4
"""More than stands between a word and its secret, so that two texts make none together."""


def none_in_post(post: Post, _archive: Archive) -> Iterator[Complaint]:  # 14(1)
    """Front matter, body and the texts beside the post."""
    if not speaks_of_secrets(words_of(post).text):
        return
    strings = tuple(_strings(post.document.value))
    # All texts are looked at together first, because there is nearly always nothing in any.
    if not secrets(_APART.join((*(t for _, t in strings), post.body, *post.texts.values()))):
        return
    for route, text in strings:
        yield from _secrets(text, post.at(*route))
    for path, first, text in (
        (post.path, post.body_line, post.body),
        *((path, 1, text) for path, text in sorted(post.texts.items())),
    ):
        yield from _secrets(text, Location(path, first), lines=True)


def none_in_records(archive: Archive) -> Iterator[Complaint]:  # 14(1)
    """Plain and signed records, and registers that hold entries."""
    facts = chain(*archive.facts.values(), *archive.registers.entries.values())
    for fact in facts:
        for route, text in _strings(fact.value):
            yield from _secrets(text, fact.at(*route))
    for record in chain(*archive.signed.values()):
        for _, text in _strings(record.value):
            yield from _secrets(text, record.at())


def _secrets(text: str, place: Location, *, lines: bool = False) -> Iterator[Complaint]:
    """A complaint for each secret of a text; it never holds what was found.

    `lines`: the text begins at the place and goes on line by line, as it stands in its file.
    """
    for found in secrets(text):
        message = say("Something that looks like a secret stands here: {kind}.", kind=found.kind)
        remedy = say(
            "Remove it; whoever it opens something for changes it at once, because history keeps "
            "what was once written."
        )
        effect = Effect.REFUSE if found.certain else Effect.NOTE
        down = text.count("\n", 0, found.start)
        yield Complaint(
            effect, message, Location(place.path, place.line + down) if lines else place, remedy
        )


def _strings(value: object, route: Route = ()) -> Iterator[tuple[Route, str]]:
    """Every string of a value with its route."""
    if isinstance(value, str):
        yield route, value
    elif isinstance(value, Mapping):
        for key, below in value.items():
            yield from _strings(below, (*route, key))
    elif isinstance(value, list | tuple):
        for index, below in enumerate(value):
            yield from _strings(below, (*route, index))
