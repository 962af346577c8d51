"""The budgets of a run: what is measured, against what, and whether it is met. Nothing is typed.

Ratios are judged by the clock, beside them stand those by processor time, which other work on the
machine disturbs less. Seconds are judged at the pace of the machine that the budgets were set on:
the same machine has been three times slower on another day. The floor of the run tells its pace.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from benchmarks import desk, ours, peers, readers, site_peers
from benchmarks.measure import Missing, Spent
from benchmarks.readers import Sent

T = TypeVar("T")
Figure = Spent | Sent | float | Missing
MIB, KB = 1 << 20, 1000
SMALL, LARGE = (0, 10_000), (10_001, 10**9)
ALWAYS = (SMALL[0], LARGE[1])
PACE = 0.35 / 1000
"""Seconds of the Ed25519 floor a post where and when the budgets were set (26 November 2026)."""
LEFT_OUT = Missing("left out of this run")


class Unmeasured(Exception):
    """There is no figure, and why."""


@dataclass(frozen=True)
class Results:
    """All figures of one size of archive."""

    posts: int
    lean: bool
    figures: Mapping[str, Figure]

    def spent(self, name: str) -> Spent:
        return self._of(name, Spent)

    def sent(self, name: str) -> Sent:
        return self._of(name, Sent)

    def number(self, name: str) -> float:
        return self._of(name, float)

    def _of(self, name: str, kind: type[T]) -> T:
        figure = self.figures.get(name, LEFT_OUT)
        if isinstance(figure, kind):
            return figure
        raise Unmeasured(figure)


Value = Callable[[Results, Results], tuple[float, str]]
"""Of this archive's results and those of the smaller one before it: a number, and words."""


@dataclass(frozen=True)
class Budget:
    """A bound on one figure, for archives of so many posts."""

    row: str
    text: str
    limit: float
    value: Value
    at_least: bool = False
    posts: tuple[int, int] = ALWAYS
    compares: bool = False
    """With a smaller archive: nothing to say of the first of a run."""


class Judged(NamedTuple):
    """One line of the table; `met` is None where something was not measured."""

    work: str
    budget: str
    measured: str
    met: bool | None


def judged(here: Results, before: Results | None) -> Iterator[Judged]:
    """All budgets of an archive's size."""
    for budget in BUDGETS:
        low, high = budget.posts
        if not low <= here.posts <= high or (budget.compares and not before):
            continue
        try:
            number, words = budget.value(here, before or here)
        except Unmeasured as reason:
            if not (here.lean and reason.args[0] is LEFT_OUT):
                yield Judged(budget.row, budget.text, f"not measured: {reason}", None)
            continue
        met = number >= budget.limit if budget.at_least else number <= budget.limit
        yield Judged(budget.row, budget.text, words, met)


def seconds(row: str, limit: float, posts: tuple[int, int] = ALWAYS) -> Budget:
    def value(here: Results, _: Results) -> tuple[float, str]:
        own = here.spent(row).wall
        paced = own * PACE * here.posts / here.spent(peers.FLOOR).wall
        return paced, f"{paced:.2f} s (by the clock {own:.2f} s)"

    return Budget(row, f"≤ {limit:g} s", limit, value, posts=posts)


def memory(row: str, mib: int, posts: tuple[int, int] = ALWAYS) -> Budget:
    def value(here: Results, _: Results) -> tuple[float, str]:
        peak = here.spent(row).peak / MIB
        return peak, f"{peak:.0f} MiB"

    return Budget(row, f"≤ {mib} MiB", mib, value, posts=posts)


def at_most(row: str, limit: float, peer: str, posts: tuple[int, int] = ALWAYS) -> Budget:
    text = f"≤ {limit:g}× {peer}"
    return Budget(row, text, limit, lambda r, _: _ratio(r.spent(row), r.spent(peer)), posts=posts)


def faster(row: str, limit: float, peer: str) -> Budget:
    text = f"≥ {limit:g}× faster than {peer}"
    return Budget(row, text, limit, lambda r, _: _ratio(r.spent(peer), r.spent(row)), at_least=True)


def growth(row: str, limit: float) -> Budget:
    """However many posts there are."""
    text = f"≤ {limit:g}× the smaller archive"
    return Budget(
        row, text, limit, lambda r, less: _ratio(r.spent(row), less.spent(row)), compares=True
    )


def linear(row: str, limit: float) -> Budget:
    """By the post."""

    def value(here: Results, before: Results) -> tuple[float, str]:
        return _ratio(here.spent(row).times(before.posts / here.posts), before.spent(row))

    text = f"linear: a post ≤ {limit:g}× that of the smaller archive"
    return Budget(row, text, limit, value, compares=True)


def wire(row: str, kilobytes: int, posts: tuple[int, int] = ALWAYS) -> Budget:
    def value(here: Results, _: Results) -> tuple[float, str]:
        sent = here.sent(row)
        return sent.wire / KB, f"{sent.wire / KB:.0f} KB (raw {sent.raw / KB:.0f} KB)"

    return Budget(row, f"≤ {kilobytes} KB over the wire", kilobytes, value, posts=posts)


def number(row: str, limit: float, at_least: bool = False) -> Budget:
    def value(here: Results, _: Results) -> tuple[float, str]:
        return here.number(row), f"{here.number(row):.3f}"

    return Budget(row, f"{'≥' if at_least else '≤'} {limit:g}", limit, value, at_least)


def same_site(row: str) -> Budget:
    def value(here: Results, _: Results) -> tuple[float, str]:
        cold, own = (ours.digest(here.spent(name)) for name in (ours.AGAIN, row))
        return float(own == cold), f"{own[:12]}…, cold {cold[:12]}…"

    return Budget(row, "the bytes of a cold build", 1, value, at_least=True)


def _ratio(over: Spent, under: Spent) -> tuple[float, str]:
    cpu = f"{over.cpu / under.cpu:.2f}×" if under.cpu else "–"
    return over.wall / under.wall, f"{over.wall / under.wall:.2f}× (CPU {cpu})"


BUDGETS = (
    seconds(ours.CHANGE, 0.7, SMALL),
    seconds(ours.CHANGE_MERGES, 0.7, SMALL),
    growth(ours.CHANGE, 1.3),
    seconds(ours.CHECK, 0.5),
    *(
        budget
        for audit in (ours.AUDIT, ours.AUDIT_MERGES)
        for budget in (
            at_most(audit, 5, peers.FLOOR),
            faster(audit, 25, peers.SSH_KEYGEN),
            faster(audit, 28, peers.GITTUF),
            memory(audit, 1024),
        )
    ),
    seconds(ours.AUDIT_SAME, 0.8),
    at_most(ours.BUILD, 2, site_peers.HUGO, SMALL),
    at_most(ours.BUILD_ALL, 8, site_peers.HUGO, SMALL),
    memory(ours.BUILD_ALL, 1536, SMALL),
    memory(ours.BUILD_ALL, 4096, LARGE),
    linear(ours.BUILD_ALL, 1.1),
    seconds(ours.ADDED, 1.0, SMALL),
    seconds(ours.ADDED, 2.0, LARGE),
    faster(ours.ADDED, 5, site_peers.HUGO_CHANGED),
    same_site(ours.ADDED),
    same_site(ours.ASSEMBLE),
    wire(readers.PAGE, 120),
    wire(readers.WORST_QUERY, 300, SMALL),
    wire(readers.WORST_QUERY, 600, LARGE),
    number(readers.RECALL, 0.99, at_least=True),
    number(readers.PAINT, 1.5),
    number(readers.SHIFT, 0.02),
    seconds(desk.LIST, 0.5, SMALL),
    seconds(desk.OPEN, 0.7, SMALL),
    memory(desk.PROCESS, 300, SMALL),
)
