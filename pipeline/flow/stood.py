"""What stood at a commit of main when all that led there passed, kept from one build to the next.

The commit's id names all that this is made of but the code and the erased posts, which are in the
name of the file, and the time of the run, kept as the span for which each verdict holds
(`watched`). A post that was refused or held is not kept: it is judged anew each time.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import datetime
from itertools import chain
from operator import attrgetter
from typing import Any

from pipeline.flow.kept_log import KIND, Outline, outline_of
from pipeline.flow.ledger import as_json, code_digest, of_json
from pipeline.flow.verdict_rows import (
    NotKept,
    Outcomes,
    Patterns,
    outcomes_of,
    row_of,
    told_patterns,
    verdict_of,
    written,
)
from pipeline.flow.watched import FIRST, LAST
from pipeline.model.cards import Card
from pipeline.model.findings import Verdict
from pipeline.model.records import Publication
from pipeline.model.volumes import Counts
from pipeline.source.sealed import Sealed


@dataclass(frozen=True)
class Row:
    """One post that may be published."""

    told: Verdict | str
    """Its verdict, or the row of it (`verdict_rows`) in JSON, read when somebody asks."""
    card: Card
    counts: Counts
    low: datetime
    high: datetime
    patterns: list[Outcomes] = field(default_factory=list, repr=False, compare=False)
    rest: str = field(default="", repr=False, compare=False)
    """All but `told`, as it was read and will be written again."""

    @property
    def verdict(self) -> Verdict:
        """The verdict: nothing of it forbids to publish."""
        if isinstance(self.told, Verdict):
            return self.told
        return verdict_of(json.loads(self.told), self.patterns)

    def holds(self, moment: datetime) -> bool:
        """Whether the verdict is that of this time of a run, too."""
        return self.low <= moment < self.high


@dataclass(frozen=True)
class Stood:
    """All that is known of one commit of main."""

    commit: str = ""
    genesis: str = ""
    governance: str = ""
    """Digest of what judges there (`changes.governance`)."""
    said: Mapping[str, Any] = field(default_factory=dict)
    """What the policy there says about the time of a run."""
    low: datetime = LAST
    high: datetime = FIRST
    """For which times of a run every change up to there passes."""
    kinds: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    """What verdicts asked for besides their posts (`overheard.Heard`)."""
    ever: frozenset[str] = frozenset()
    """Folders of posts that history knows."""
    rows: Mapping[str, Row] = field(default_factory=dict)
    publications: tuple[Publication, ...] = ()
    log: Outline = field(default_factory=Outline)


NOTHING = Stood()


@dataclass(frozen=True)
class Keep:
    """Where what stood is kept, under a name for this very code."""

    sealed: Sealed | None
    name: str

    @classmethod
    def of(cls, sealed: Sealed | None, expunged: Iterable[Any]) -> "Keep":
        made_of = [code_digest(), *map(repr, expunged)] if sealed else []
        return cls(sealed, "stood-" + hashlib.sha256("\n".join(made_of).encode()).hexdigest())

    def read(self) -> Stood:
        """What the last build kept; `NOTHING` when there is none that this code sealed."""
        raw = self.sealed.read(self.name) if self.sealed else None
        return NOTHING if raw is None else _read(raw.decode("utf-8", "surrogatepass"))

    def write(self, stood: Stood) -> None:
        if self.sealed is not None:
            self.sealed.write(self.name, _told(stood).encode("utf-8", "surrogatepass"))
            self.sealed.only(KIND, stood.log.files)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _told(stood: Stood) -> str:
    """A line for all that is no row, then two for each row: those of most rows were read so."""
    kept = next((row.patterns for row in stood.rows.values() if row.patterns), [])
    patterns: Patterns = {tuple(outcomes.items()): n for n, outcomes in enumerate(kept)}
    rows: dict[str, tuple[str, str]] = {}
    for post, row in stood.rows.items():
        with suppress(NotKept):
            rows[post] = _lines(row, patterns)
    head = {
        "commit": [stood.commit, stood.genesis, stood.governance],
        "said": as_json(stood.said),
        "span": [written(stood.low), written(stood.high)],
        "asked": [sorted(stood.kinds), sorted(stood.members)],
        "ever": sorted(stood.ever - {f"content/posts/{p[:4]}/{p}" for p in rows}),
        "patterns": told_patterns(patterns),
        "publications": [_record(p) for p in stood.publications],
        "log": stood.log,
    }
    return "\n".join([_encode(head), *chain.from_iterable(rows.values())])


def _lines(row: Row, patterns: Patterns) -> tuple[str, str]:
    """A row in two lines of JSON. Raises NotKept."""
    if isinstance(row.told, str):
        return row.told, row.rest
    rest = [row.card, row.counts, written(row.low), written(row.high)]
    return _encode(row_of(row.told, patterns)), _encode(rest)


def _read(text: str) -> Stood:
    head, *lines = text.split("\n")
    told: dict[str, Any] = json.loads(head)
    patterns = outcomes_of(told["patterns"])
    rests = lines[1::2]
    read = zip(lines[::2], json.loads(f"[{','.join(rests)}]"), rests, strict=True)
    rows = {rest[0][0]: _row(of, rest, patterns, raw) for of, rest, raw in read}
    commit, genesis, governance = told["commit"]
    kinds, members = map(frozenset, told["asked"])
    low, high = map(datetime.fromisoformat, told["span"])
    return Stood(
        commit,
        genesis,
        governance,
        of_json(told["said"]),
        low,
        high,
        kinds,
        members,
        frozenset(told["ever"]) | {f"content/posts/{p[:4]}/{p}" for p in rows},
        rows,
        tuple(map(_publication, told["publications"])),
        outline_of(told["log"]),
    )


def _row(told: str, rest: list[Any], patterns: list[Outcomes], raw: str) -> Row:
    card, counts, low, high = rest
    for n in _LISTS:
        card[n] = tuple(card[n])
    card[_FILES] = tuple(map(tuple, card[_FILES]))
    span = datetime.fromisoformat(low), datetime.fromisoformat(high)
    return Row(told, Card(*card), Counts(*counts), *span, patterns, raw)


_LISTS = [Card._fields.index(name) for name in ("accounts", "tags", "reviews", "rare")]
_FILES = Card._fields.index("files")


_TIMES = (6, 9)  # published_at, recorded_at
_all_of = attrgetter(*(f.name for f in fields(Publication)))  # astuple copies deeply: 50 µs each


def _record(publication: Publication) -> list[Any]:
    return [written(v) if n in _TIMES else v for n, v in enumerate(_all_of(publication))]


def _publication(told: list[Any]) -> Publication:
    for n in _TIMES:
        told[n] = datetime.fromisoformat(told[n])
    return Publication(*told)
