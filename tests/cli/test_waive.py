"""`sanshen waive`: from a refused draft to an excused one, in a real archive."""

import pytest

from pipeline.cli.declare import waive
from pipeline.model.findings import Effect
from pipeline.model.reports import Report
from pipeline.source.content.shipped_lists import shipped
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at
from tests.cli.at_the_desk import fault, run

WORDS = "务必转发"
GIVEN = ("--clause", "R16-2", "--text", WORDS, "--reason", "转述来稿原话")


@pytest.fixture
def draft(archive: ArchiveRepo) -> ArchiveRepo:
    """A proposal with a post that one lexicon word refuses."""
    archive.draft(body="关好火源再出门，请务必转发。\n")
    archive.commit("起草", "zz-a")
    return archive


def of_clause(report: Report) -> list[tuple[Effect, bool]]:
    """(effect, whether waived) of the clause's findings, wherever they stand."""
    found = (f for f in report.findings if f.clause == "R16-2")
    return sorted((f.effect, "Waived by" in str(f.message)) for f in found if f.due is None)


def test_without_a_choice_it_lists_what_may_be_waived(draft: ArchiveRepo) -> None:
    made = run(waive, draft, POST)
    assert made.stdout.startswith(f"R16-2  {WORDS}  ")
    assert not list(draft.root.glob("content/records/waivers/*/*"))


def test_where_nothing_may_be_waived_it_says_so(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.commit("起草", "zz-a")
    made = run(waive, archive, POST)
    assert made.stdout == ""
    assert made.stderr == "nothing-to-waive\n"


def test_a_waiver_excuses_the_finding_in_the_same_change(draft: ArchiveRepo) -> None:
    assert of_clause(draft.verify()) == [(Effect.REFUSE, False)]
    made = run(waive, draft, POST, *GIVEN, by="kz-a")
    assert made.exit_code == 0, made.exception
    assert made.stdout.startswith(f"content/records/waivers/2026/{POST}.")
    draft.commit("豁免", "kz-a")
    assert of_clause(draft.verify()) == [(Effect.NOTE, True)]


def test_a_change_of_the_post_ends_it(draft: ArchiveRepo) -> None:
    run(waive, draft, POST, *GIVEN, by="kz-a")
    draft.change(f"content/posts/2026/{POST}/post.md", "关好火源", "关好水源")
    draft.commit("改", "zz-a")
    assert of_clause(draft.verify()) == [(Effect.NOTE, False), (Effect.REFUSE, False)]


def test_a_waiver_alone_brings_its_post_under_judgement(draft: ArchiveRepo) -> None:
    """A waiver that does not count cannot slip in without its post."""
    made = run(waive, draft, POST, *GIVEN, by="kz-a")
    path = made.stdout.strip()
    draft.commit("豁免", "kz-a")
    draft.merge("proposal")
    draft.branch("later")
    raw = draft.read(path), draft.read(f"{path}.sig")
    copied = path.replace(POST, f"{POST}").replace(path[-17:-5], "0" * 12)
    draft.write(copied, raw[0])
    draft.write(f"{copied}.sig", raw[1])
    draft.commit("再来一份", "kz-a")
    assert POST in {v.subject for v in draft.verify().verdicts}


def test_a_waiver_of_no_post_is_refused(draft: ArchiveRepo) -> None:
    made = run(waive, draft, POST, *GIVEN, by="kz-a")
    path = made.stdout.strip()
    other = path.replace(POST, "2026-11-05-another")
    draft.write(other, draft.read(path))
    draft.write(f"{other}.sig", draft.read(f"{path}.sig"))
    draft.commit("豁免", "kz-a")
    names = [f.name for f in draft.verify().findings if f.location.path == other]
    assert names == ["waiver-misnamed"]


@pytest.mark.parametrize(
    ("by", "more", "words"),
    [
        ("xxy-a", (), "waiver-lacks-role xxy-a"),
        ("gly-a", (), "waiver-lacks-role gly-a"),
        ("kz-a", ("--expires", "2026-11-04"), "waiver-expired 2026-11-04"),
        ("kz-a", ("--text", "点赞"), "waivable-unknown R16-2"),
        ("kz-a", ("--clause", "R99-1"), "waivable-unknown R99-1"),
        ("kz-a", ("--reason", " "), "left-open"),
    ],
)
def test_what_would_not_count_is_not_written(
    draft: ArchiveRepo, by: str, more: tuple[str, ...], words: str
) -> None:
    assert fault(run(waive, draft, POST, *GIVEN, *more, by=by)).startswith(words)
    assert not list(draft.root.glob("content/records/waivers/*/*"))


def test_the_audit_of_a_later_year_still_honours_it(draft: ArchiveRepo) -> None:
    """Of an entry of the archive's own: by one of the program's what stands is only noted."""
    (entry,) = [e for e in shipped("lexicons") if e.id == "forced-sharing"]
    own = {key: value for key, value in entry.value.items() if key != "specs"}
    draft.register("lexicons", {"lexicons": [own]})
    draft.commit("词表", "gly-a")
    run(waive, draft, POST, *GIVEN, by="kz-a")
    draft.commit("豁免", "kz-a")
    later = draft.standing("proposal", at("2027-11-05 18:00"))
    assert of_clause(later) == [(Effect.NOTE, False), (Effect.NOTE, True)]
