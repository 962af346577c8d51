"""Policies that ask for tokens of trusted time, which no program reads any more (0082)."""

from collections.abc import Sequence

import pytest

from pipeline.model.archive import Archive, Mode
from pipeline.model.findings import Effect
from pipeline.model.reports import Report
from pipeline.rules.a11_reviews import RULE
from pipeline.rules.a11_reviews.signatures import asks_no_tokens
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.two_forges import consented
from tests.builders.verdicts import refused_for
from tests.rules.builders import archive, change, entry, only
from tests.rules.changes import brought
from tests.rules.governance import at
from tests.rules.standing import Setting, checked, policed, said

NONE: Setting = ([], "[D]", "2026-08-17")
ASKED: Setting = (["final"], "[D]", "2026-08-17")
AGAIN: Setting = (["first"], "[D]", "2026-12-01")
HEALED: Setting = ([], "[D]", "2026-12-01")
REVIEW = "content/reviews/2026/2026-11-03-a/r1/3-final.json"


def _stands(*settings: Setting, on: str = "2026-11-22 20:00", mode: Mode = Mode.CHANGE) -> Archive:
    return archive(registers=policed(review__stamped_steps=settings), as_of=at(on), mode=mode)


def _said(old: Sequence[Setting], new: Sequence[Setting], mode: Mode = Mode.CHANGE) -> list[object]:
    before, after = (policed(review__stamped_steps=each) for each in (old, new))
    return [*said(brought(asks_no_tokens, before, after, mode=mode))]


def test_1_accepted_no_tokens_asked_for() -> None:
    assert checked(RULE, 1, _stands(NONE)) == []
    assert _said([NONE], [NONE, HEALED]) == []


@pytest.mark.parametrize("old", [[], [NONE], [ASKED], [ASKED, HEALED]])
def test_1_violated_a_change_asks_for_tokens(old: list[Setting]) -> None:
    new = [*(s for s in old if s is not HEALED), AGAIN]
    assert _said(old, new) == [(Effect.REFUSE, "tokens-asked")]


@pytest.mark.parametrize("new", [[ASKED], [ASKED, HEALED]])
def test_1_boundary_what_stands_holds_up_no_change(new: list[Setting]) -> None:
    assert _said([ASKED], new) == []


def test_1_boundary_another_source_asks_for_nothing_new() -> None:
    assert _said([ASKED], [(ASKED[0], "[S] 细则第十一条", ASKED[2])]) == []


def test_1_boundary_what_was_asked_for_in_the_past_is_noted() -> None:
    assert _said([NONE], [NONE, AGAIN], Mode.STANDING) == [(Effect.NOTE, "tokens-asked")]


@pytest.mark.parametrize(("day", "noted"), [("2026-11-30", True), ("2026-12-01", False)])
def test_1_boundary_a_standing_policy_is_noted_until_it_asks_for_none(
    day: str, noted: bool
) -> None:
    found = checked(RULE, 1, _stands(ASKED, HEALED, on=f"{day} 12:00"))
    assert said(found) == [(Effect.NOTE, "tokens-unchecked")] * noted


def test_1_boundary_a_proposal_of_reviews_says_that_tokens_are_unchecked() -> None:
    brings = change(entry(REVIEW, "reviews", "A"))
    only([*asks_no_tokens(brings, _stands(ASKED))], Effect.NOTE, "tokens-unchecked")
    assert [*asks_no_tokens(brings, _stands(NONE))] == []


def _add(made: ArchiveRepo, value: str) -> None:
    """Append a setting of today's to those of the parameter."""
    lines = made.read("content/policy.yml").decode().splitlines(keepends=True)
    at = lines.index("  review.stamped_steps:\n")
    row = (
        f"    - {{value: {value}, unit: 步骤, source: '[D] 本局', effective_from: '2026-11-05'}}\n"
    )
    end = next(n for n in range(at + 1, len(lines)) if not lines[n].startswith("    "))
    made.write("content/policy.yml", "".join([*lines[:end], row, *lines[end:]]))


def _names(report: Report) -> set[str]:
    return {f.name for verdict in report.verdicts for f in verdict.findings}


def test_an_archive_that_asked_for_tokens_goes_on_and_is_healed(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    root = tmp_path_factory.mktemp("tokens") / "archive"
    made = ArchiveRepo.begin(root, parameters={"review.stamped_steps": ["final"]})
    made.branch("post")
    made.draft()
    made.approve_all(POST)
    made.commit("送审")
    report = made.verify()
    assert report.exit_code == 0
    assert "tokens-unchecked" in _names(report)
    made.switch("main")
    made.branch("more")
    _add(made, "[first]")
    consented(made)
    assert refused_for(made.verify("main", "more"), ("R11-1", "tokens-asked 2026-11-05"))
    made.switch("main")
    assert "tokens-unchecked" in _names(made.audit())
    made.branch("healed")
    _add(made, "[]")
    consented(made)
    assert made.verify("main", "healed").exit_code == 0
    made.switch("main")
    made.merge("healed")
    after = made.audit()
    assert after.exit_code == 0
    assert "tokens-unchecked" not in _names(after)
