"""The program that is put together of parts.

The kernel imports no part: `pipeline.program` hands them to it, and `program()` gives them to who
asks (docs/decisions/0073).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.model import brings


@dataclass(frozen=True, kw_only=True)
class PutTogether:
    """The parts of a program, in their order, and what judging asks of modules it need not know."""

    parts: Sequence[brings.Part] = ()
    rules: str
    """Package of the rules of the program's own law."""
    looks: brings.Deferred[..., Any]
    """→ what looks into the files beside one post: path, bytes → `MediaFact`. Each has a budget."""
    masked: brings.Deferred[..., Any]
    """Text → the same with private data hidden."""
    starred: brings.Deferred[..., Any]
    """Old text, new text → whether the new one is the old one with nothing but these hidden."""
    theme_faults: brings.Deferred[..., Any]
    """Path → bytes of a theme → findings on it."""

    def __post_init__(self) -> None:
        before: set[str] = set()
        for part in self.parts:
            if part.name in before or not before.issuperset(part.needs):
                raise ValueError(f"{part.name} stands twice, or before a part that it needs")
            before.add(part.name)

    @cached_property
    def verbs(self) -> Mapping[str, str]:
        """Verb → ``"module:function"``."""
        return dict(verb for part in self.parts for verb in part.verbs)

    @cached_property
    def channels(self) -> Mapping[str, brings.Channel]:
        """Platform → channel; the first is the archive, which carries every post."""
        return {channel.platform: channel for part in self.parts for channel in part.channels}

    @cached_property
    def forges(self) -> Mapping[str, brings.Forge]:
        """Kind → forge."""
        return {forge.kind: forge for part in self.parts for forge in part.forges}

    @property
    def desks(self) -> Sequence[brings.Deferred[[], Any]]:
        """What makes the pages of the desk, part by part."""
        return [part.desk for part in self.parts if part.desk]

    @property
    def founding(self) -> brings.Deferred[..., None]:
        """What founds an archive on pages."""
        return next(part.founding for part in self.parts if part.founding)

    @cached_property
    def tables(self) -> Sequence[str]:
        """Of the report of a month."""
        return [table for part in self.parts for table in part.tables]

    @cached_property
    def reports(self) -> Sequence[brings.ReportOption]:
        """Of a period, beside that of the work of a month."""
        return [report for part in self.parts for report in part.reports]

    @cached_property
    def kinds(self) -> Mapping[str, brings.Kind]:
        """Name → register or kind of record."""
        return {kind.name: kind for part in self.parts for kind in part.kinds}

    def kind(self, name: str) -> brings.Kind:
        """A register or kind of record; one that the program has no row for is a plain record."""
        return self.kinds.get(name) or brings.Kind(name, "")

    @cached_property
    def records(self) -> Mapping[str, brings.Kind]:
        """Folder below content/records → kind of record."""
        return {name: kind for name, kind in self.kinds.items() if not kind.register}

    @cached_property
    def lists(self) -> Sequence[str]:
        """Names of the registers that are lists of entries."""
        return [name for name, kind in self.kinds.items() if kind.register and kind.listed]

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Name of a register or kind of record → what it is called in Chinese."""
        return {name: kind.label for name, kind in self.kinds.items()}

    @cached_property
    def words(self) -> Mapping[str, str]:
        """Key or choice of an entry or record → what it is called in Chinese."""
        return {key: word for kind in self.kinds.values() for key, word in kind.words.items()}

    @cached_property
    def named_by(self) -> Mapping[str, brings.Kind]:
        """Key of an entry or record → the register whose entry it names."""
        return {key: kind for kind in self.kinds.values() for key in kind.named_by}

    @cached_property
    def with_posts(self) -> frozenset[str]:
        """Kinds of records that a kept verdict need not ask for."""
        return frozenset(name for name, kind in self.records.items() if kind.with_posts)

    @cached_property
    def signed_folders(self) -> Mapping[str, str]:
        """Kind of the statement → folder below content/records, of those without own readers."""
        signed = (k for k in self.records.values() if k.predicate and not k.own_reader)
        return {kind.predicate: kind.name for kind in signed}

    @cached_property
    def decisions(self) -> Mapping[str, tuple[str, ...]]:
        """Kind of record → events that are a person's own decision."""
        return {name: kind.decisions for name, kind in self.records.items() if kind.decisions}

    @cached_property
    def pages(self) -> Sequence[brings.PageGroup]:
        """What parts bring to the public site."""
        return [part.pages for part in self.parts if part.pages]

    def links(self, where: str, own: Iterable[brings.PageLink] = ()) -> list[brings.PageLink]:
        """A list of links on the site; those of parts stand where they say, else last."""
        rows = [*own]
        for link in (link for group in self.pages for link in group.links if link.where == where):
            urls = [row.url for row in rows]
            rows.insert(urls.index(link.before) if link.before in urls else len(rows), link)
        return rows


_PUT_TOGETHER: list[PutTogether] = []


def put_together(made: PutTogether) -> None:
    """Make this the program; called once, by the composition root."""
    _PUT_TOGETHER[:] = [made]


def program() -> PutTogether:
    """The program that runs."""
    return _PUT_TOGETHER[0]
