"""What follows from a finding is counted in a text, and named one by one in JSON."""

import json
from dataclasses import replace

import pytest

from pipeline.model.findings import Effect, Finding, Location, Outcome, say
from pipeline.model.reports import Verdict
from pipeline.report.summary import ordered
from tests.builders.named import worded
from tests.report.samples import RENDERERS, sample_report

FIRST, PEOPLE = "content/reviews/2026/x/r1/1-first.json", "content/registers/people.yml"


def found(
    clause: str, path: str, cause: str = "", effect: Effect = Effect.REFUSE, words: str = ""
) -> Finding:
    message = say(words or f"{clause} of {path}.")
    return Finding(
        clause, "so-it-is", effect, message, Location(path), say("Mend it."), cause=cause
    )


def verdict(subject: str, *findings: Finding) -> Verdict:
    return Verdict(subject, {"R11-1": Outcome.VIOLATED}, findings)


CHANGED = found("R11-1", FIRST, words=worded("changed-after-review", path="post.md"))
SECOND = found("R11-1", FIRST.replace("1-first", "2-second"), FIRST)
TITLE = found("F-3", "content/records/publications/p.json", FIRST)
UNCONFIRMED = found("R11-4", "content/records/publications/p.json", FIRST)
LINK = found("R10-6", "content/posts/2026/x/post.md")


def text(*verdicts: Verdict) -> str:
    return RENDERERS["text"](replace(sample_report(), verdicts=verdicts))


def test_the_cause_stands_first_and_what_follows_last() -> None:
    note = found("R01-1", "a", effect=Effect.NOTE)
    annex = found("F-10", "a")
    early = [found("R10-5", "a"), found("R10-10", "a")]
    mixed = (TITLE, SECOND, note, annex, LINK, *reversed(early), UNCONFIRMED, CHANGED)
    expected = [CHANGED, LINK, *early, annex, SECOND, UNCONFIRMED, TITLE, note]
    assert ordered(mixed) == expected
    assert ordered(reversed(ordered(mixed)))[0] == CHANGED


def test_what_stands_in_a_post_is_named_line_by_line() -> None:
    rows = [found("R11-2", LINK.location.path), found("R10-6", LINK.location.path)]
    below, above = (
        replace(f, location=replace(f.location, line=n)) for f, n in zip(rows, (9, 3), strict=True)
    )
    assert ordered([below, above]) == [above, below]


@pytest.mark.parametrize("form", ["json", "markdown"])
def test_every_other_format_names_each_in_that_order(form: str) -> None:
    told = RENDERERS[form](
        replace(sample_report(), verdicts=(verdict("x", TITLE, SECOND, UNCONFIRMED, CHANGED),))
    )
    places = [told.index(word) for word in ("1-first", "2-second", "R11-4", "F-3")]
    assert places == sorted(places)
    assert told.count("2-second.json") >= 1


def test_json_says_what_follows_from_what() -> None:
    told = json.loads(RENDERERS["json"](sample_report(TITLE, CHANGED)))
    assert [f["cause"] for f in told["verdicts"][0]["findings"]] == [None, FIRST]


def test_a_text_tells_the_cause_once_and_counts_the_rest() -> None:
    told = text(verdict("x", TITLE, SECOND, LINK, UNCONFIRMED, CHANGED))
    more = "\n" + worded("more-follow", count=3)
    assert told.index("post.md was changed") < told.index("R10-6") < told.index(more)
    assert "2-second" not in told and "R11-4" not in told
    assert "Subjects: 0 pass, 0 held, 1 refused." in told


def test_without_its_cause_a_finding_is_told_like_any_other() -> None:
    """Nor does it hide under what weighs less, or under itself."""
    assert "R11-4  REFUSED" in text(verdict("x", UNCONFIRMED))
    noted = replace(CHANGED, effect=Effect.NOTE)
    assert "R11-4  REFUSED" in text(verdict("x", UNCONFIRMED, noted))
    own = found("R03-1", PEOPLE, PEOPLE)
    assert "R03-1  REFUSED" in text(verdict("x", own))
    circle = (found("R11-1", "a", "b"), found("R11-1", "b", "a"))
    assert text(verdict("x", *circle)).count("R11-1  REFUSED") == 2


def test_a_register_that_cannot_be_read_is_told_once_for_all_posts() -> None:
    """And what follows from what follows from it, too."""
    broken = found("R03-1", PEOPLE, words="The key nmae is not known.")
    unknown = replace(CHANGED, cause=PEOPLE)
    keys = found("R11-1", "content/registers/roster.yml", PEOPLE)
    posts = [verdict(f"2026-11-0{n}-x", unknown, SECOND, LINK) for n in (1, 2)]
    told = text(*posts, verdict("2026-11-03-x", unknown), verdict("registers", broken, keys))
    assert "REFUSED  registers\n  R03-1" in told and told.count("R11-1") == 0
    assert told.count("R10-6  REFUSED") == 2
    assert "REFUSED  2026-11-03-x" not in told
    assert told.count("\n" + worded("more-follow", count=6)) == 1
    assert "Subjects: 0 pass, 0 held, 4 refused." in told


def test_a_break_of_main_is_told_once_for_all_that_was_judged_by_it() -> None:
    broken = verdict("aaaaaaaaaaaa change", found("R13-7", PEOPLE))
    usurped = found("R13-7", "content/registers/roster.yml", "aaaaaaaaaaaa")
    later = [verdict(f"{n}bbbbbbbbbbb change", usurped) for n in range(3)]
    own = verdict("cccccccccccc change", usurped, LINK)
    sound = verdict("dddddddddddd change")
    told = text(sound, broken, *later, own)
    assert told.count("roster.yml") == 0
    assert "bbbbbbbbbbb change" not in told
    assert "REFUSED  cccccccccccc change\n  R10-6" in told


def test_reviews_of_one_commit_explain_nothing_of_another() -> None:
    told = text(verdict("aaaaaaaaaaaa x", CHANGED), verdict("bbbbbbbbbbbb x", UNCONFIRMED))
    assert "R11-4  REFUSED" in told
