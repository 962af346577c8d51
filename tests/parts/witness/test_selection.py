"""Which clicks become records: any sequence of them, against a second selector; and by example."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.evidence import Approvals, Missing, Step
from pipeline.parts.witness.payload import Click, Pull
from pipeline.parts.witness.selection import DISMISSED, Selection, select, why_unsignable
from tests.builders.archive import ArchiveRepo
from tests.builders.bench import Bench, bench_of
from tests.builders.cast import AS_OF, email
from tests.builders.payloads import minute
from tests.builders.witness import ACCOUNTS, FORGE, governed
from tests.parts.witness.naive_selector import STEPS, Naive, Said

HEAD, OTHER = "c" * 40, "d" * 40
PRIVATE = "电话" + "138" + "12345678"
NONE = Approvals({step: Missing(step) for step in Step})


@pytest.fixture(scope="module")
def benches(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Bench]:
    """By the author of the post."""
    made = {}
    for author in ("zz-a", "xxy-b"):
        repo = ArchiveRepo.begin(tmp_path_factory.mktemp(author) / "archive", **governed(*STEPS))
        repo.draft(author=author)
        repo.commit("起草", author)
        made[author] = _bench(repo)
    return made


def _bench(repo: ArchiveRepo) -> Bench:
    repo.approve_all()  # so that there is a bench; the selector is told of no review
    repo.commit("审核", email("gly-a"))
    return bench_of(repo)


def click(number: int, person: str, word: str = "approve", opinion: str = "", **more: Any) -> Click:
    made = Click(number, ACCOUNTS.get(person, 900), person, word, HEAD, minute(number), opinion)
    return replace(made, **more)


def chosen(
    bench: Bench,
    clicks: Iterable[Click],
    opener: str = "zz-a",
    steps: Iterable[str] = STEPS,
    known: Approvals = NONE,
) -> Selection:
    registers = bench.trusted.registers
    policy = registers.policy
    name = "review.witnessed_steps"
    setting = replace(policy.parameters[name][0], value=list(steps))
    policy = replace(policy, parameters={**policy.parameters, name: (setting,)})
    pull = Pull(12, FORGE, ACCOUNTS.get(opener, 900), HEAD, True, True, tuple(clicks))
    return select(pull, bench.post, known, replace(registers, policy=policy), {HEAD}, AS_OF)


def told(selection: Selection) -> list[tuple[int, str, str]]:
    return [(c.click.id, c.step.value, c.click.word) for c in selection.choices]


PEOPLE = ("xxy-a", "xxy-b", "xxy-b", "kz-a", "ld-a", "ld-b", "zz-a")
MOVES = st.tuples(
    st.sampled_from(PEOPLE),
    st.sampled_from(["approve"] * 3 + ["return"] * 3 + ["unknown"]),
    st.sampled_from(["", "改。", "改。", PRIVATE, "看\u200b不见"]),
    st.sampled_from([HEAD] * 6 + [OTHER]),
)
RIGHT = [(person, "approve", "好。", HEAD) for person in ("xxy-a", "kz-a", "ld-a", "kz-a")]


@st.composite
def sequences(draw: st.DrawFn) -> list[Click]:
    """The way it should go, with other clicks between."""
    rows = RIGHT[: draw(st.integers(0, 4))]
    for move in draw(st.lists(MOVES, min_size=1, max_size=5)):
        rows.insert(draw(st.integers(0, len(rows))), move)
    return [
        click(n, person, word, opinion, commit=commit)
        for n, (person, word, opinion, commit) in enumerate(rows, 1)
    ]


@given(
    made=st.lists(sequences(), min_size=4, max_size=4),
    steps=st.sampled_from([{*STEPS}, {*STEPS}, {"first", "second"}, {"first"}, {"second"}, set()]),
    opener=st.sampled_from(["zz-a", "zz-a", "xxy-a", "ld-a", "nobody"]),
    author=st.sampled_from(["zz-a", "xxy-b"]),
)
def test_any_clicks_give_what_the_naive_selector_gives(
    benches: dict[str, Bench],
    made: list[list[Click]],
    steps: set[str],
    opener: str,
    author: str,
) -> None:
    """After each of them, for a run may come at any moment."""
    for clicks in (each[:end] for each in made for end in range(len(each) + 1)):
        selection = chosen(benches[author], clicks, opener, steps)
        said = tuple(
            Said(c, c.login, c.opinion in ("", "好。", "改。")) for c in clicks if c.commit == HEAD
        )
        expected, step = Naive(said, opener, {author}, steps).answer()
        assert told(selection) == expected
        assert (selection.step.value if selection.step else "") == step
        assert len(selection.fates) == len(clicks)
        recorded = {f.click.id for f in selection.fates if f.outcome == "recorded"}
        assert recorded == {id for id, _, _ in expected}


@given(made=sequences())
def test_a_verdict_that_a_later_one_of_the_same_account_replaced_counts_as_it_did(
    benches: dict[str, Bench], made: list[Click]
) -> None:
    """Gitea marks the older ones as dismissed; GitHub leaves them as they are."""
    last = {c.account: c.id for c in made if c.commit == HEAD}
    older = [
        replace(c, dismissed=c.word == "approve" and c.id < last.get(c.account, 0)) for c in made
    ]
    marked, plain = chosen(benches["zz-a"], older), chosen(benches["zz-a"], made)
    assert told(marked) == told(plain)
    assert outcomes(marked) == outcomes(plain)


def outcomes(selection: Selection) -> list[str]:
    return [fate.outcome for fate in selection.fates]


@pytest.fixture
def bench(benches: dict[str, Bench]) -> Bench:
    return benches["zz-a"]


FULL = [click(1, "xxy-a"), click(2, "kz-a"), click(3, "ld-a"), click(4, "kz-a")]


def test_four_clicks_in_order_take_four_steps(bench: Bench) -> None:
    assert told(chosen(bench, FULL)) == [(n, s, "approve") for n, s in enumerate(STEPS, 1)]
    recommended = chosen(bench, FULL[:2], steps=STEPS[:2])
    assert [step for _, step, _ in told(recommended)] == ["first", "second"]
    assert recommended.step is Step.FINAL and recommended.awaited == ("ld-a", "ld-b")


@pytest.mark.parametrize(
    ("clicks", "last"),
    [
        ([click(1, "kz-a"), click(2, "xxy-a")], "waiting"),  # the head pressed too early
        ([click(1, "zz-a")], "not-counted"),  # a maker
        ([click(1, "stranger")], "not-counted"),
        ([click(1, "xxy-a", commit="")], "not-counted"),
        ([click(1, "xxy-a", account=0)], "not-counted"),
        ([click(1, "xxy-a", dismissed=True)], "not-counted"),
        ([click(1, "xxy-a", "return")], "held"),  # without words
        ([click(1, "ld-a", "return", "不妥。"), click(2, "xxy-a")], "held"),
        ([click(1, "xxy-a", "unknown"), click(2, "xxy-b")], "not-counted"),
        ([click(1, "xxy-a", "return", PRIVATE)], "held"),
        ([click(1, "xxy-a", opinion=PRIVATE)], "not-counted"),
        ([click(1, "xxy-a", opinion="长" * 2001)], "not-counted"),
    ],
    ids=str,
)
def test_what_is_not_recorded(bench: Bench, clicks: list[Click], last: str) -> None:
    selection = chosen(bench, clicks)
    assert selection.choices == ()
    assert outcomes(selection)[-1] == last


@pytest.mark.parametrize(
    ("first", "again", "counts"),
    [
        ({"dismissed": True}, {}, True),
        ({"dismissed": True}, {"word": "return", "opinion": "有误。"}, True),
        ({"dismissed": True}, {"commit": OTHER}, False),  # that one is on other bytes
        ({"dismissed": True}, {"dismissed": True}, False),  # the latest was taken back
        ({"dismissed": True, "by_hand": True}, {}, False),  # somebody took this very one back
    ],
)
def test_who_presses_twice_undoes_nobody_s_turn(
    bench: Bench, first: dict[str, Any], again: dict[str, Any], counts: bool
) -> None:
    clicks = [click(1, "xxy-a", **first), click(2, "kz-a"), click(3, "xxy-a", **again)]
    selection = chosen(bench, clicks, steps=STEPS[:2])
    dismissed = [f.click.id for f in selection.fates if f.message is DISMISSED]
    assert (1 not in dismissed) is counts
    if counts and again.get("word") != "return":
        assert told(selection) == [(1, "first", "approve"), (2, "second", "approve")]
    elif counts:
        assert told(selection) == [(3, "first", "return")]
    else:
        assert not {1, 2}.intersection(id for id, _, _ in told(selection))


def test_too_early_is_pressed_again(bench: Bench) -> None:
    early = chosen(bench, [click(1, "kz-a"), click(2, "xxy-a")], steps=STEPS[:2])
    assert outcomes(early) == ["not-counted", "waiting"]
    again = [click(1, "kz-a"), click(2, "xxy-a"), click(3, "kz-a")]
    assert told(chosen(bench, again, steps=STEPS[:2])) == [
        (2, "first", "approve"), (3, "second", "approve"),
    ]  # fmt: skip


def test_the_latest_word_of_a_person_holds(bench: Bench) -> None:
    changed = [click(1, "xxy-a"), click(2, "kz-a"), click(3, "xxy-a", "return", "有误。")]
    assert told(chosen(bench, changed, steps=STEPS[:2])) == [(3, "first", "return")]
    back = [*changed, click(4, "xxy-a"), click(5, "kz-a")]
    assert told(chosen(bench, back, steps=STEPS[:2])) == [
        (4, "first", "approve"), (5, "second", "approve"),
    ]  # fmt: skip


def test_another_cannot_approve_over_a_return(bench: Bench) -> None:
    clicks = [click(1, "xxy-a", "return", "有误。"), click(2, "xxy-b"), click(3, "kz-a")]
    assert told(chosen(bench, clicks, steps=STEPS[:2])) == [(1, "first", "return")]


def test_a_request_that_is_older_than_the_step_before_is_made_again(bench: Bench) -> None:
    """No record may claim to be older than the one before it."""
    taken_back = [click(1, "xxy-a"), click(2, "kz-a", "return", "有误。"),
                  click(3, "xxy-a", "return", "再看。"), click(4, "xxy-a")]  # fmt: skip
    held = chosen(bench, taken_back)
    assert (held.choices, held.awaited) == ((), ("kz-a",))
    again = [*taken_back, click(5, "kz-a", "return", "有误。")]
    assert told(chosen(bench, again)) == [(4, "first", "approve"), (5, "second", "return")]


def test_one_person_with_two_accounts_is_one_person(bench: Bench) -> None:
    roster = bench.trusted.registers.roster
    more = replace(roster.accounts[0], person="ld-a", id=777)
    known = replace(
        bench.trusted.registers, roster=replace(roster, accounts=(*roster.accounts, more))
    )
    trusted = replace(bench.trusted, registers=known)
    opened = chosen(bench._replace(trusted=trusted), [*FULL[:2], click(3, "ld-a", account=777)])
    assert outcomes(opened) == ["waiting", "waiting", "waiting"]
    pull = Pull(12, FORGE, 777, HEAD, True, True, tuple(FULL[:3]))
    selection = select(pull, bench.post, NONE, known, {HEAD}, AS_OF)
    assert outcomes(selection)[-1] == "not-counted"  # opened by the other account


def test_an_account_counts_from_and_until_its_moments(bench: Bench) -> None:
    roster = bench.trusted.registers.roster
    windows = [(1, None, True), (2, None, False), (0, 1, False), (0, 2, True)]
    for begun, ended, good in windows:
        start, end = minute(begun), None if ended is None else minute(ended)
        rows = [
            replace(a, start=start, end=end) if a.person == "xxy-a" else a for a in roster.accounts
        ]
        known = replace(bench.trusted.registers, roster=replace(roster, accounts=tuple(rows)))
        trusted = replace(bench.trusted, registers=known)
        selection = chosen(bench._replace(trusted=trusted), FULL[:1])
        assert outcomes(selection) == ["waiting" if good else "not-counted"]


@pytest.mark.parametrize("text", ["好", "", "请核对\n第三句", "长" * 2000])
def test_what_may_be_signed(text: str) -> None:
    assert why_unsignable(text) is None
