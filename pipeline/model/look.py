"""An archive as the clauses on one post see it: what tells whether an answer rests on it alone."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pipeline.model.archive import Archive
from pipeline.model.ids import PostId
from pipeline.model.posts import Rendition
from pipeline.model.records import Signed


class Look:
    """An archive as the clauses on one post see it, which takes note of who looks further."""

    parameter, day_of = Archive.parameter, Archive.day_of
    # A rule may make another archive of it: `dataclasses.replace` asks for both, and reads all.
    __dataclass_fields__ = Archive.__dataclass_fields__
    __class__ = property(lambda self: Archive)

    def __init__(self, archive: Archive, post: PostId) -> None:
        self._archive, self._post, self.beyond = archive, post, False
        self.registers = archive.registers
        self.renditions: Mapping[Any, Rendition] = _Renditions(archive.renditions, self.own)
        # What `law.settled` tells apart. Who asks it of another post looked further to have that.
        self.mode, self.brings = archive.mode, archive.brings

    def own(self, post: object) -> None:
        """Takes note of another post's id."""
        self.beyond |= post != self._post

    def waivers_of(self, post: PostId) -> tuple[Signed, ...]:
        self.own(post)
        return self._archive.waivers_of(post)

    def __getattr__(self, name: str) -> Any:
        self.beyond = True
        return getattr(self._archive, name)


class _Renditions(Mapping[tuple[PostId, str], Rendition]):
    """Renditions; who asks for another post's, or for all, looks further."""

    def __init__(self, rows: Mapping[Any, Rendition], own: Callable[[object], None]) -> None:
        self._rows, self._own = rows, own

    def __getitem__(self, key: tuple[PostId, str]) -> Rendition:
        self._own(key[0])
        return self._rows[key]

    def __iter__(self) -> Iterator[tuple[PostId, str]]:
        self._own(None)
        return iter(self._rows)

    def __len__(self) -> int:
        self._own(None)
        return len(self._rows)
