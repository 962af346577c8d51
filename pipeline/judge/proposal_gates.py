"""What a proposal is refused or held for that is no matter of one post: asked before it enters."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.judge.introduced_faults import records_brought
from pipeline.judge.load_governance import Trusted
from pipeline.judge.theme import theme_brought
from pipeline.law.engine import judge_periods
from pipeline.model.archive import Archive
from pipeline.model.findings import Effect, Finding
from pipeline.model.law import Rulebook
from pipeline.source.git.proposed import posts_named
from pipeline.source.git.tree import Tree


def entering(archive: Archive, after: Tree, before: Tree, trusted: Trusted) -> Iterator[Finding]:
    """Faults in what a proposal records and in its theme, and overdue duties that hold it."""
    yield from records_brought(archive, trusted, before)
    if archive.change and "site" in archive.change.areas:
        yield from theme_brought(after, before)
    yield from _held(archive, trusted.rulebook)


def _held(archive: Archive, rulebook: Rulebook) -> tuple[Finding, ...]:
    """An overdue duty holds a change of posts, but never one that heals it, nor an alert (design.md
    .7), nor what is recorded of posts that stand: a relay, a filed form.
    """
    own = set(posts_named(e.path for e in archive.change.entries)) if archive.change else set()
    posts = [post for i, post in archive.posts.items() if i in own]
    if not posts or any(p.kind == "alert" for p in posts):
        return ()
    served = {a for p in posts for a in p.accounts}
    # A policy that lacks the parameter is refused for that; here every duty then holds.
    stated = "gate.duties" in archive.registers.policy.parameters
    gates = archive.registers.parameter("gate.duties", archive.today) if stated else None
    return tuple(
        replace(f, effect=Effect.HOLD)
        for f in judge_periods(archive, rulebook, gates).findings
        if f.effect is Effect.REFUSE and f.owes not in served
    )
