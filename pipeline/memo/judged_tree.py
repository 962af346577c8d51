"""What stood at a commit of main when all that led there passed, kept from one build to the next.

The commit's id names all that this is made of but the code and the erased posts, which are in the
name of the file, and the time of the run, kept as the span for which each verdict holds
(`Clock`). A post that was refused or held is not kept: it is judged anew each time. Posts are
kept in a file a year (`years`), which this file names by what they hold.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pipeline.memo.log_cache import KIND as LOG
from pipeline.memo.log_cache import Outline, outline_of
from pipeline.memo.store import SealedStore
from pipeline.memo.verdict_cache import as_json, digest_of, of_json
from pipeline.memo.year_blocks import KIND, Block, Year, publication_of, read_block, record_of
from pipeline.model.clock import FIRST, NEVER, Span
from pipeline.model.publications import Tally
from pipeline.source.content.post_paths import POSTS
from pipeline.source.git.post_folders import Folders
from pipeline.source.git.repository import Repository


@dataclass(frozen=True)
class Stood:
    """All that is known of one commit of main."""

    commit: str = ""
    genesis: str = ""
    governance: str = ""
    """Digest of what judges there (`changes.governance`)."""
    said: Mapping[str, Any] = field(default_factory=dict)
    """What the policy there says about the time of a run."""
    span: Span = NEVER
    """For which times of a run every change up to there passes."""
    entered: datetime = FIRST
    """When it came to main (`appearances.times`)."""
    ever: frozenset[str] = frozenset()
    """Folders of posts that history knows and that do not stand there."""
    years: Mapping[str, Year] = field(default_factory=dict)
    log: Outline = field(default_factory=Outline)
    store: SealedStore | None = field(default=None, repr=False, compare=False)
    """Where the blocks of the years are."""
    opened: dict[str, Block | None] = field(default_factory=dict, repr=False, compare=False)

    def block(self, year: str) -> Block | None:
        """What is kept of a year; None when there is nothing, or no more."""
        if year not in self.opened and year in self.years:
            raw = self.store.get(KIND, self.years[year].block) if self.store else None
            found = None if raw is None else read_block(raw.decode("utf-8", "surrogatepass"))
            self.opened[year] = found
        return self.opened.get(year)

    def knew(self, repository: Repository) -> Callable[[str], bool]:
        """Whether history up to the commit ever held the folder of a post."""
        there = Folders(repository.tree(self.commit), POSTS)
        return lambda folder: folder in self.ever or folder in there

    def lost(self, year: str) -> bool:
        """Whether a year is known to be gone."""
        return year in self.opened and self.opened[year] is None


NOTHING = Stood()


@dataclass(frozen=True)
class Keep:
    """Where what stood is kept, under a name for this very code."""

    store: SealedStore | None
    name: str

    @classmethod
    def of(cls, store: SealedStore | None, expunged: Iterable[Any]) -> "Keep":
        return cls(store, digest_of(expunged))

    def read(self) -> Stood:
        """What the last build kept; `NOTHING` when there is none that this code sealed."""
        raw = self.store.get("stood", self.name) if self.store else None
        return NOTHING if raw is None else _read(raw.decode("utf-8", "surrogatepass"), self.store)

    def write(self, stood: Stood) -> None:
        """Put it in place of what was kept: first the blocks that are new, then what names them."""
        if self.store is None:
            return
        years = {year.block: year.content for year in stood.years.values() if year.content}
        raw = {key: content.encode("utf-8", "surrogatepass") for key, content in years.items()}
        head = {self.name: _told(stood).encode("utf-8", "surrogatepass")}
        only = {KIND: {year.block for year in stood.years.values()}, LOG: stood.log.keys}
        self.store.write({KIND: raw, "stood": head}, {"stood": {self.name}, **only})


def _told(stood: Stood) -> str:
    head = {
        "commit": [stood.commit, stood.genesis, stood.governance],
        "said": as_json(stood.said),
        "span": [*stood.span.as_json(), stood.entered.isoformat()],
        "ever": sorted(stood.ever),
        "years": {year: _told_year(of) for year, of in stood.years.items()},
        "log": stood.log,
    }
    return json.dumps(head, ensure_ascii=False, separators=(",", ":"))


def _read(text: str, store: SealedStore | None) -> Stood:
    told: dict[str, Any] = json.loads(text)
    commit, genesis, governance = told["commit"]
    low, high, entered = told["span"]
    return Stood(
        commit,
        genesis,
        governance,
        of_json(told["said"]),
        Span.of(low, high),
        datetime.fromisoformat(entered),
        frozenset(told["ever"]),
        {year: _year(of) for year, of in told["years"].items()},
        outline_of(told["log"]),
        store,
    )


def _told_year(year: Year) -> list[Any]:
    sets = (year.kinds, year.missing, year.bare, year.rare)
    return [
        year.block, year.posts, year.whole, *year.span.as_json(),
        *map(sorted, sets), year.folders,
        {post: [*map(record_of, of)] for post, of in year.cited.items()},
        year.updates.counts, sorted(year.updates.apart), year.mark,
    ]  # fmt: skip


def _year(told: list[Any]) -> Year:
    block, posts, whole, low, high, *rest = told
    kinds, missing, bare, rare = map(frozenset, rest[:4])
    folders, cited, counts, apart, mark = rest[4:]
    return Year(
        block, posts, whole, Span.of(low, high),
        kinds, missing, bare, rare, (folders[0], folders[1]),
        {post: tuple(map(publication_of, of)) for post, of in cited.items()},
        Tally(counts, frozenset((account, day, name) for account, day, name in apart)), mark,
    )  # fmt: skip
