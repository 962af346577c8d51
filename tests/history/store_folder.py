"""An archive and what the last build of it kept: whoever goes on from it finds no other verdict."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.evidence.log.merkle import Log
from pipeline.history.judge_commits import REGISTERS, Means, Standing, posts_by_year, unjudged_at
from pipeline.history.replay import Replayed, replay_since
from pipeline.judge.load_governance import When
from pipeline.law.engine import judge_periods
from pipeline.memo.snapshot import NOTHING, PostRow, Snapshot, read_snapshot, rows_of
from pipeline.memo.store import SealedStore
from pipeline.memo.verdict_cache import digest_of
from pipeline.model.cards import RARE, Shown
from pipeline.model.duties import update_days
from pipeline.model.findings import Effect, Finding
from pipeline.model.ids import CommitId, PostId
from pipeline.model.reports import Verdict
from pipeline.publish.build_site import Built, Order, build_site
from pipeline.publish.publication_log import publication_log
from pipeline.report.language import translator
from pipeline.source.git.bulk_history import BulkHistory, read_history, times
from pipeline.source.git.repository import Repository
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF


def standing_at(
    repository: Repository, head: CommitId, when: When, means: Means, past: Snapshot
) -> Standing:
    """Judge what stands at a commit; `past`: what an earlier build of this program judged."""
    return unjudged_at(repository, head, when, past).judge(means, {})


@dataclass
class Place:
    """An archive and what the last build of it kept."""

    repo: ArchiveRepo
    store: SealedStore
    out: Path
    number: int = 0
    anew: dict[tuple[str, datetime], tuple[Standing, Replayed]] = field(default_factory=dict)
    """By commit and time of a run that nothing was kept for."""

    def copy(self, out: Path) -> "Place":
        """The same archive and all that was kept of it, in another folder."""
        kept = Path(shutil.copytree(self.store.folder, out / "kept"))
        store = SealedStore(kept, self.store.key)
        return Place(self.repo.copy(out / "archive"), store, out, self.number)

    def past(self) -> Snapshot:
        return read_snapshot(self.store, digest_of(()))

    def rows(self) -> dict[PostId, PostRow]:
        """What is kept of posts."""
        return dict(rows_of(self.past().years))

    def build(
        self, as_of: datetime = AS_OF, tell: Callable[[Built], object] = lambda _: None
    ) -> None:
        """Build, and forget the site itself: only what was judged is asked about here."""
        means = Means(self.store)
        order = Order(self.out / "site", self.out / "work", means=means)
        built = build_site(
            self.repo.open(), self.repo.head("main"), lambda _: as_of, order, translator("zh")
        )
        assert built.site is not None or built.report.exit_code == 11
        tell(built)

    def agrees(self, as_of: datetime = AS_OF) -> dict[str, Verdict]:
        """The verdicts, the same whether or not something was kept."""
        repository, head, past = self.repo.open(), self.repo.head("main"), self.past()
        warm = standing_at(repository, head, lambda _: as_of, Means(), past)
        if (head, as_of) not in self.anew:
            history = read_history(repository, head)
            stood = unjudged_at(repository, head, lambda _: as_of, NOTHING, history).judge(
                Means(), {}
            )
            line = _replayed(repository, head, stood, as_of, NOTHING, history)
            self.anew[head, as_of] = stood, line
        cold, line = self.anew[head, as_of]
        assert _told(warm.verdicts) == _told(cold.verdicts)
        assert _refusals(warm) == _refusals(cold)
        assert warm.archive.cards == cold.archive.cards
        for name in ("publications", "corrections"):
            assert [*getattr(warm.archive, name)] == [*getattr(cold.archive, name)], name
        for name in ("post_ids", "expunged"):
            assert getattr(warm.archive, name) == getattr(cold.archive, name), name
        assert update_days(warm.archive) == update_days(cold.archive)
        assert [[p.id for p in warm.archive.stating(key)] for key in RARE] == [
            [p.id for p in cold.archive.stating(key)] for key in RARE
        ]
        law = cold.trusted.rulebook
        assert judge_periods(warm.archive, law) == judge_periods(cold.archive, law)
        log = publication_log(repository, head, cold.archive.registers.policy.log_name)
        assert _volumes(warm, log) == _volumes(cold, log)
        since = _replayed(repository, head, cold, as_of, past)
        new = {commit[:12] for commit in repository.after(past.commit, head) or ()}
        later = tuple(v for v in line.verdicts if v.subject[:12] in new)
        assert since.verdicts in (later, line.verdicts)
        assert since.entered == times(repository, head)[head]
        return {v.subject: v for v in cold.verdicts}


def _replayed(
    repository: Repository,
    head: str,
    standing: Standing,
    as_of: datetime,
    past: Snapshot,
    history: BulkHistory | None = None,
) -> Replayed:
    """Changes since the last build, judged as from the first commit on; what a replay judged of
    posts is what they are judged to be as they stand."""
    line = replay_since(repository, head, lambda _: as_of, "", {}, Means(), past, history)
    once = unjudged_at(repository, head, lambda _: as_of, past, history).judge(Means(), line.rows)
    assert _told(once.verdicts) == _told(standing.verdicts)
    rows = ({i: (r.mark[:2], r.card) for i, r in s.rows.items()} for s in (once, standing))
    assert next(rows) == next(rows)
    return line


def _volumes(standing: Standing, log: Log) -> list[tuple[str, str, dict[str, Shown], list[Any]]]:
    """What the site is given of the posts, and of records that do not count."""
    placed = standing.placed(log)
    return [
        (v.year, v.mark, dict(v.posts), [placed.uncounted(i) for i in v.posts])
        for v in posts_by_year(placed.due)
    ]


def _refusals(standing: Standing) -> set[Finding]:
    """What is wrong with registers and records; a run that goes on may name it in another order."""
    return {f for f in standing.judged[REGISTERS].findings if f.effect is Effect.REFUSE}


def _told(verdicts: tuple[Verdict, ...]) -> list[Any]:
    return [(v.subject, v.outcomes, v.own, v.extra) for v in verdicts if v.subject != "registers"]
