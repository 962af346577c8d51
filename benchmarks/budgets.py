"""The budgets of a run: what is measured, against what, and whether it is met. Nothing is typed.

Seconds are processor seconds of whole processes, start included, as they would be on the machine
and interpreter that budgets are set for: a loop of plain Python ran in turn with each and tells
how far this one is from that (`measure.LOOP`). Peers stand beside for information, never as a pace.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from benchmarks import desk, earlier, ours, readers, site_peers
from benchmarks.lab import Figure
from benchmarks.measure import Missing, Sent, Spent

T = TypeVar("T")
MIB, KB = 1 << 20, 1000
SMALL, LARGE = (0, 10_000), (10_001, 10**9)
ALWAYS = (SMALL[0], LARGE[1])
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
        spent = here.spent(row)
        return spent.judged, f"{spent.judged:.2f} s ({_clocks(spent)})"

    return Budget(row, f"≤ {limit:g} CPU s", limit, value, posts=posts)


def a_post(row: str, milliseconds: float) -> Budget:
    def value(here: Results, _: Results) -> tuple[float, str]:
        spent = here.spent(row)
        each = spent.judged * 1000 / here.posts
        return each, f"{each:.1f} ms ({_clocks(spent)})"

    return Budget(row, f"≤ {milliseconds:g} CPU ms a post", milliseconds, value)


def _clocks(spent: Spent) -> str:
    return f"here CPU {spent.cpu:.2f} s, loop {spent.loop:.2f}"


def memory(row: str, mib: int, posts: tuple[int, int] = ALWAYS) -> Budget:
    def value(here: Results, _: Results) -> tuple[float, str]:
        peak = here.spent(row).peak / MIB
        return peak, f"{peak:.0f} MiB"

    return Budget(row, f"≤ {mib} MiB", mib, value, posts=posts)


def cores(alone: str, together: str, limit: float) -> Budget:
    """How much sooner all processors of the machine are done than one of them."""

    def value(here: Results, _: Results) -> tuple[float, str]:
        ratio = here.spent(alone).wall / here.spent(together).wall
        return ratio, f"{ratio:.2f}×"

    text = f"≥ {limit:g}× as fast as on one processor"
    return Budget(together, text, limit, value, at_least=True)


def under(row: str, peer: str, posts: tuple[int, int]) -> Budget:
    return Budget(
        row, f"< {peer}", 1, lambda r, _: _ratio(r.spent(row), r.spent(peer)), posts=posts
    )


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
    """Of two rows of one run; what a loop took beside each is no part of it."""
    return over.cpu / under.cpu, f"{over.cpu / under.cpu:.2f}×"


BUDGETS = (
    seconds(ours.HELP, 0.10),
    seconds(ours.CHANGE, 0.40),
    seconds(ours.CHANGE_MERGES, 0.40),
    growth(ours.CHANGE, 1.3),
    seconds(ours.CHECK, 0.36),
    growth(ours.CHECK, 1.1),
    *(
        budget
        for audit in (ours.AUDIT, ours.AUDIT_MERGES)
        for budget in (a_post(audit, 8), linear(audit, 1.1), memory(audit, 1024))
    ),
    cores(ours.AUDIT_ONE, ours.AUDIT, 1.8),
    seconds(ours.AUDIT_SAME, 0.5),
    a_post(ours.BUILD_ALL, 14),
    linear(ours.BUILD_ALL, 1.1),
    memory(ours.BUILD_ALL, 4096),
    cores(ours.BUILD_ONE, ours.BUILD_ALL, 1.8),
    a_post(ours.BUILD, 4.5),
    seconds(ours.ADDED, 1.2, SMALL),
    under(ours.ADDED, site_peers.HUGO_CHANGED, (10_000, 10_000)),
    same_site(ours.ADDED),
    wire(readers.PAGE, 120),
    wire(readers.WORST_QUERY, 100, SMALL),
    wire(readers.WORST_QUERY, 150, LARGE),
    number(readers.RECALL, 0.99, at_least=True),
    number(readers.PAINT, 1.5),
    number(readers.SHIFT, 0.02),
    seconds(desk.LIST, 0.5, SMALL),
    seconds(desk.OPEN, 0.7, SMALL),
    seconds(desk.CHECK, 3, SMALL),
    memory(desk.PROCESS, 300, SMALL),
    *(number(earlier.row(work), 1.1) for work in earlier.WORK),
)
