"""An audit of years has more notes than anybody reads: a text counts them, hiding nothing else."""

from dataclasses import replace

from pipeline.model.findings import Effect, Finding, Location, Outcome, say
from pipeline.model.reports import Verdict
from pipeline.report.formats import MOST_NOTES, render_text
from tests.report.samples import TELL, sample_report


def _noted(number: int, effect: Effect = Effect.NOTE) -> Verdict:
    found = Finding(
        "R10-5", "so-it-is", effect, say("No picture."), Location(f"content/posts/{number}")
    )
    return Verdict(str(number), {"R10-5": Outcome.VIOLATED}, (found,))


def _text(*verdicts: Verdict) -> str:
    return render_text(replace(sample_report(), verdicts=verdicts), TELL, lambda t, _e: t)


def test_few_notes_are_named_one_by_one() -> None:
    assert _text(*map(_noted, range(MOST_NOTES))).count("No picture.") == MOST_NOTES


def test_many_notes_of_a_clause_are_counted() -> None:
    text = _text(*map(_noted, range(MOST_NOTES + 1)))
    assert "No picture." not in text
    assert f"R10-5: {MOST_NOTES + 1} notes" in text


def test_what_refuses_or_was_acknowledged_is_never_folded() -> None:
    refused = _noted(900, Effect.REFUSE)
    broken = replace(_noted(901), acknowledged=True)
    text = _text(*map(_noted, range(MOST_NOTES + 1)), refused, broken)
    assert text.count("No picture.") == 2


def test_a_note_in_several_commits_is_said_once_and_a_refusal_each_time() -> None:
    noted, refused = _noted(1), _noted(2, Effect.REFUSE)
    text = _text(noted, replace(noted, subject="abc"), refused, replace(refused, subject="def"))
    assert text.count("content/posts/1\n") == 1
    assert "abc" not in text
    assert text.count("content/posts/2\n") == 2
