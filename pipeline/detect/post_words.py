"""Every word of a post in one text, each with where it came from (R13-3, R13-10)."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model.documents import Route
from pipeline.model.findings import Location
from pipeline.model.lazy import Once
from pipeline.model.posts import Post
from pipeline.model.regex import regex

_BETWEEN = "\n\n"
"""Between parts, so that the words of one give no context to a number in the next."""
_MARK = regex(r"[*_~`\\&\[\]<>;]")
_MARKED_UP = regex(r"\d[*_~`\\&\[\]<>]|[*_;\\`~\]>]\d|&#")
"""Markup or an entity beside a digit: what readers see may hold a number that the source hides."""
_MOMENT = regex(r"\d{4}-\d\d-\d\d(?:T[\d:]{5,8}(?:[+-]\d\d:\d\d|Z)?)?")
"""Dates are no private data, and so many that searching them would cost most of the time."""


@dataclass(frozen=True)
class Words:
    """One text made of parts, and where each part stands: a file, and a key or a first line."""

    post: Post
    text: str
    parts: tuple[tuple[str, str, Route | int], ...]
    """(words, path, route in the front matter, or line that the words begin on; 0: no lines)"""

    def locate(self, offset: int) -> Location:
        """The location of an offset of the text."""
        for words, path, origin in self.parts:
            if offset <= len(words):
                return self._location(words[:offset], path, origin)
            offset -= len(words) + len(_BETWEEN)
        raise IndexError(offset)

    def _location(self, before: str, path: str, origin: Route | int) -> Location:
        if isinstance(origin, tuple):
            return self.post.at(*origin)
        if origin == 0:
            return Location(path)
        column = len(before) - before.rfind("\n")
        return Location(path, origin + before.count("\n"), column)


def _gather(post: Post) -> Words:
    parts = tuple(part for part in _parts(post) if part[0])
    return Words(post, _BETWEEN.join([part[0] for part in parts]), parts)


words_of: Once[Post, Words] = Once(_gather)
"""The words of a post: body, front matter, file names, snapshots, attachments."""


def is_marked_up(post: Post) -> bool:
    """Whether the body as shown may hold numbers that its source does not spell out."""
    return bool(_MARK.search(post.body) and _MARKED_UP.search(post.body))


def _parts(post: Post) -> Iterator[tuple[str, str, Route | int]]:
    yield post.body, post.path, post.body_line
    for value, route in _strings(post.document.value, ()):
        yield value, post.path, route
    for path in sorted(post.manifest):
        if path != post.path:
            yield path.rpartition("/")[2], path, 0
    for path, text in sorted(post.texts.items()):
        yield text, path, 1
    for fact in post.media:
        yield fact.words, fact.path, 0


def _strings(value: object, route: Route) -> Iterator[tuple[str, Route]]:
    """Every string of the front matter as written, the keys that failed their schema included."""
    if isinstance(value, str):
        if not _MOMENT.fullmatch(value):
            yield value, route
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from _strings(below, (*route, str(key)))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _strings(below, (*route, index))
