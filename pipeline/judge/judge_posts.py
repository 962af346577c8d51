"""The verdicts on posts, one or all, and on registers and records as they stand."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipeline.judge.load_governance import compromise_notes, without_stopped
from pipeline.law.engine import Watch, judge_governance, judge_post, unwatched
from pipeline.model.archive import Archive
from pipeline.model.calendar import Span
from pipeline.model.findings import Effect
from pipeline.model.ids import PostId
from pipeline.model.law import Rulebook
from pipeline.model.reports import Verdict, shared
from pipeline.workers import spread


def judge_one(
    post: PostId, archive: Archive, rulebook: Rulebook, watch: Watch = unwatched
) -> Verdict:
    """The verdict on one post. Evidence is read first, so a fault of git blames no clause."""
    _ = archive.approvals[post]
    return judge_post(archive.posts[post], archive, rulebook, watch)


Judges = Callable[[Archive, Rulebook], Callable[[PostId], Verdict]]
"""Given an archive and its law, what judges a post of it."""


def one_by_one(archive: Archive, rulebook: Rulebook) -> Callable[[PostId], Verdict]:
    """As `judge_one`, of posts in turn."""
    return lambda post: judge_one(post, archive, rulebook)


def judge_standing(post: PostId, archive: Archive, rulebook: Rulebook) -> Verdict:
    """The verdict on a standing post, with notes on compromised keys that signed it.

    A post that lost a signature since, for a key was stopped, waits to be reviewed anew.
    """
    verdict = judge_one(post, archive, rulebook)
    eased = without_stopped(verdict.own, Effect.HOLD)
    if eased != verdict.own and archive.change is None:  # to ask for the change has its cost
        verdict = replace(verdict, own=eased)
    return replace(verdict, extra=(*verdict.extra, *compromise_notes(archive, post)))


def judge_all(archive: Archive, rulebook: Rulebook, processes: int = 1) -> tuple[Verdict, ...]:
    """Verdicts of every post and of the registers, in a fixed order."""
    outcomes: dict[Any, Any] = {}

    def judge(post: PostId) -> tuple[Verdict, Span]:
        verdict, span = archive.clock.tracked(lambda: judge_standing(post, archive, rulebook))
        return shared([verdict], outcomes)[0], span

    judged = spread(sorted(archive.posts), judge, processes)
    for _, span in judged:  # another process has a clock of its own
        archive.clock.narrow(span)
    return (*(verdict for verdict, _ in judged), judge_governance(archive))
