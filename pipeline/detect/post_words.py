"""The words of a post: part by part as written, and all in one text (R13-3, R13-10).

Each has a way from an offset to where it stands: a line of its file, or a field of front matter.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model.documents import Route
from pipeline.model.findings import Location
from pipeline.model.lazy import regex
from pipeline.model.posts import Post
from pipeline.model.run import PerRun


@dataclass(frozen=True)
class Passage:
    """One stretch of text of a post, exactly as written."""

    part: str
    """``title``, ``summary``, ``tag`` or ``body``."""
    text: str
    location: Location
    """Where the text begins."""

    def at(self, offset: int) -> Location:
        """The line of an offset; of a value of the front matter, where its key stands."""
        if self.part != "body":
            return self.location
        start = self.text.rfind("\n", 0, offset) + 1
        line = self.location.line + self.text.count("\n", 0, start)
        return Location(self.location.path, line, offset - start + 1)


def _passages(post: Post) -> tuple[Passage, ...]:
    if post.withdrawn:
        return ()
    written = post.document.value if isinstance(post.document.value, dict) else post.meta
    parts = [
        Passage(key, text, post.at(key))
        for key in ("title", "summary")
        if isinstance(text := written.get(key), str)
    ]
    tags = written.get("tags", ())
    parts += [
        Passage("tag", str(tag), post.at("tags", index))
        for index, tag in enumerate(tags if isinstance(tags, list | tuple) else [tags])
    ]
    return (*parts, Passage("body", post.body, Location(post.path, post.body_line, 1)))


passages: PerRun[Post, tuple[Passage, ...]] = PerRun(_passages)
"""Title, summary, tags and body as written, also where one breaks its schema; of a withdrawn post
none, for it says nothing any more."""


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


words_of: PerRun[Post, Words] = PerRun(_gather)
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
