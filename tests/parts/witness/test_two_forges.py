"""Two forges and one hand-over: any clicks, any rounds, against a second selector."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.calendar import local_date
from pipeline.model.evidence import Approvals, Approved, Missing, Returned, Review, Step, Witness
from pipeline.model.findings import Message
from pipeline.model.policy import Parameter
from pipeline.model.registers import ForgeAccount, Registers
from pipeline.parts.witness.payload import Click, Pull
from pipeline.parts.witness.selection import UNNAMED, select
from tests.builders.archive import ArchiveRepo
from tests.builders.bench import Bench, bench_of
from tests.builders.cast import email
from tests.builders.payloads import BEGUN
from tests.builders.two_forges import MIRROR, THERE, THERE_ACCOUNTS
from tests.builders.witness import ACCOUNTS, BOT, FORGE, governed
from tests.parts.witness.naive_selector import STEPS, Naive, Said

HEAD = "c" * 40
DAY = timedelta(days=1)
HANDED_OVER = local_date(BEGUN + DAY)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    repo = ArchiveRepo.begin(tmp_path_factory.mktemp("two") / "archive", **governed())
    repo.draft()
    repo.commit("起草")
    repo.approve_all()  # so that there is a bench; the selector is told of no review
    repo.commit("审核", email("gly-a"))
    made = bench_of(repo)
    return made._replace(trusted=replace(made.trusted, registers=_both(made.trusted.registers)))


def _both(registers: Registers) -> Registers:
    """Everybody has an account on the mirror, to which policy hands over on a day."""
    name, roster, policy = "review.forge", registers.roster, registers.policy
    first = policy.parameters[name][0]
    settings = first, Parameter(name, MIRROR, "", "[D]", HANDED_OVER)
    start = roster.accounts[0].start
    more = (ForgeAccount(who, THERE, id, start, None) for who, id in THERE_ACCOUNTS.items())
    return replace(
        registers,
        roster=replace(roster, accounts=(*roster.accounts, *more)),
        policy=replace(policy, parameters={**policy.parameters, name: settings}),
    )


def named(moment: Any) -> str:
    return MIRROR if local_date(moment) >= HANDED_OVER else FORGE


class After(Naive):
    """The naive selector where some clicks are recorded, and stay whatever is said later."""

    def __init__(self, said: tuple[Said, ...], fixed: set[int]) -> None:
        super().__init__(said, "zz-a", {"zz-a"}, {*STEPS[:2]})
        self.fixed = fixed

    def _takes_back(self, step: str, number: int) -> bool:
        said = self.said[number]
        held = [self.holder(each, number) for each in STEPS[: STEPS.index(step) + 1]]
        own = [h for h in held if h is not None and self.said[h].person == said.person]
        return said.click.word != "approve" and any(h not in self.fixed for h in own)


@dataclass
class Bureau:
    """What is recorded of a post, whichever forge's round recorded it."""

    bench: Bench
    clicks: list[tuple[str, Click]] = field(default_factory=list)
    recorded: list[tuple[str, Click, Step]] = field(default_factory=list)

    def approvals(self) -> Approvals:
        states: dict[Step, Any] = {step: Missing(step) for step in Step}
        for forge, click, step in self.recorded:
            seen = Witness(BOT, forge, 12, click.id, click.account, click.login, HEAD)
            made = Review(
                "yunlan-yjj", self.bench.post.id, 1, step, click.word, "同意", click.login, "", "",
                (), 1, "", "", None, click.moment, click.moment + 30 * DAY, {}, {},
                f"{step.value}.json", "", "", witness=seen,
            )  # fmt: skip
            returned = click.word != "approve"
            states[step] = Returned(step, made) if returned else Approved(step, made)
        return Approvals(states)

    def of(self, forge: str) -> tuple[Click, ...]:
        return tuple(click for each, click in self.clicks if each == forge)

    def naive(self, forge: str) -> list[tuple[int, str, str]]:
        """What a round there records: of clicks that its policy named then, and no more."""
        taken = [(f, c) for f, c, _ in self.recorded]
        if taken and taken[-1][1].word != "approve":
            return []
        seen = [
            (f, c) for f, c in self.clicks
            if (f, c) in taken or (f == forge and named(c.moment) == forge)
        ]  # fmt: skip
        fixed = {n for n, each in enumerate(seen) if each in taken}
        answer, _ = After(tuple(Said(c, c.login, True) for _, c in seen), fixed).answer()
        return answer[len(taken) :]

    def round(self, forge: str, now: Any) -> tuple[list[tuple[int, str, str]], list[Message]]:
        """What a round records, and what the clicks that policy did not name are told."""
        pull = Pull(12, forge, ACCOUNTS["zz-a"], HEAD, True, True, self.of(forge))
        if forge == MIRROR:
            pull = replace(pull, opener=THERE_ACCOUNTS["zz-a"], number=3)
        registers = self.bench.trusted.registers
        chosen = select(pull, self.bench.post, self.approvals(), registers, {HEAD}, now)
        self.recorded += [(forge, c.click, c.step) for c in chosen.choices]
        told = [f.message for f in chosen.fates if named(f.click.moment) != forge]
        return [(c.click.id, c.step.value, c.click.word) for c in chosen.choices], told


WORDS = st.sampled_from(["approve"] * 4 + ["return"])
PEOPLE = st.sampled_from(["xxy-a", "xxy-a", "xxy-b", "kz-a", "kz-a", "ld-a", "zz-a"])
MOVES = st.tuples(
    st.sampled_from([FORGE, MIRROR]), PEOPLE, WORDS, st.sampled_from(["", "改。"]), st.booleans()
)
"""(forge, who, what, words, whether both forges have a round after it)"""


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[int, tuple[str, str, str, str, bool]]]:
    """Moves of the day before the hand-over, of its day, and of the next."""
    right = [(f, who, "approve", "", False) for f in (FORGE, MIRROR) for who in ("xxy-a", "kz-a")]
    days = []
    for day in range(3):
        moves = draw(st.lists(MOVES, max_size=3))
        for each in right[:: draw(st.sampled_from([1, 1, 2, 3]))]:
            moves.insert(draw(st.integers(0, len(moves))), each)
        days += [(day, move) for move in moves]
    return days


@given(made=st.lists(histories(), min_size=4, max_size=4))
def test_any_clicks_on_two_forges_count_once_and_as_the_naive_selector_counts(
    bench: Bench, made: list[list[tuple[int, tuple[str, str, str, str, bool]]]]
) -> None:
    for history in made:
        bureau = Bureau(bench)
        for number, (day, (forge, who, word, opinion, rounds)) in enumerate(history, 1):
            numbers = ACCOUNTS if forge == FORGE else THERE_ACCOUNTS
            id = 9000 + len(bureau.of(forge))  # each forge counts for itself
            now = BEGUN + timedelta(days=day, minutes=number)
            bureau.clicks.append((forge, Click(id, numbers[who], who, word, HEAD, now, opinion)))
            if rounds or number == len(history):
                each = named(now)  # the other's says that it only mirrors
                expected = bureau.naive(each)
                recorded, told = bureau.round(each, now)
                assert recorded == expected, history
                assert all(message is UNNAMED for message in told)
        once(bureau)


def once(bureau: Bureau) -> None:
    """Each review, each step, and each person of the two reviews counts once."""
    reviews = [(forge, click.id) for forge, click, _ in bureau.recorded]
    steps = [step for _, _, step in bureau.recorded]
    people = [click.login for _, click, _ in bureau.recorded]
    for every in (reviews, steps, people):
        assert len(set(every)) == len(every)
    assert all(named(click.moment) == forge for forge, click, _ in bureau.recorded)


def test_what_a_recorded_click_replaced_does_not_come_back(bench: Bench) -> None:
    """Else the leader is not asked, and the head is, for ever."""
    bureau = Bureau(bench)
    moves = (("kz-a", "return"), ("xxy-a", "approve"), ("kz-a", "approve"))
    for number, (who, word) in enumerate(moves, 1):
        now = BEGUN + timedelta(minutes=number)
        bureau.clicks.append((FORGE, Click(number, ACCOUNTS[who], who, word, HEAD, now, "")))
    assert [step for _, step, _ in bureau.round(FORGE, BEGUN)[0]] == ["first", "second"]
    pull = Pull(12, FORGE, ACCOUNTS["zz-a"], HEAD, True, True, bureau.of(FORGE))
    registers = bench.trusted.registers
    again = select(pull, bench.post, bureau.approvals(), registers, {HEAD}, BEGUN)
    assert again.awaited == ("ld-a", "ld-b")
    assert [(fate.outcome, fate.step) for fate in again.fates][1:] == [
        ("recorded", Step.FIRST), ("recorded", Step.SECOND),
    ]  # fmt: skip
    assert again.fates[0].outcome == "not-counted"
