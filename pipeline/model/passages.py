"""The words of a post, part by part, with the way from an offset to a line of its file."""

from dataclasses import dataclass

from pipeline.model.findings import Location
from pipeline.model.lazy import Once
from pipeline.model.posts import Post


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


passages: Once[Post, tuple[Passage, ...]] = Once(_passages)
"""Title, summary, tags and body as written, also where one breaks its schema; of a withdrawn post
none, for it says nothing any more."""
