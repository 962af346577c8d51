"""Waivers in real repositories: each way to get more out of one than a reviewer gave fails."""

from typing import Any

import pytest

from pipeline.model.findings import Effect
from pipeline.model.reports import Report
from tests.builders.archive import BODY, ArchiveRepo
from tests.builders.cast import at, person, registers
from tests.builders.records import WORDS, waive
from tests.builders.verdicts import marks, passes, refused_for

FOUND = ("R16-2", "words-listed")
NEIGHBOUR = "转发任务"
BODY_WITH_WORDS = BODY + f"\n有人说{WORDS}给家人。\n"
EXCUSED = "Waived by 某kz-a until 2026-12-01: 转述来稿原话"


def drafted(archive: ArchiveRepo, body: str = BODY_WITH_WORDS, **meta: Any) -> ArchiveRepo:
    archive.draft(body=body, **meta)
    archive.commit("起草", "zz-a")
    return archive


def judged(archive: ArchiveRepo) -> Report:
    archive.approve_all()
    archive.commit("审核", "xxy-a")
    return archive.verify()


def test_a_sound_waiver_lets_the_post_pass_with_a_note(archive: ArchiveRepo) -> None:
    waive(drafted(archive))
    report = judged(archive)
    assert passes(report)
    assert any(EXCUSED in str(f.message) for f in report.findings if f.effect is Effect.NOTE)
    archive.merge("proposal")
    assert passes(archive.standing())


def test_without_it_the_words_refuse(archive: ArchiveRepo) -> None:
    assert refused_for(judged(drafted(archive)), FOUND)


ATTACKS: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({"who": "xxy-a"}, ("R16-2", "waiver-lacks-role")),
    ({"key": "gly-a"}, ("R16-2", "record-key-foreign")),
    ({"who": "zz-a"}, ("R16-2", "record-key-foreign")),
    ({"archive": "other"}, ("R16-2", "record-misplaced")),
    ({"signed_at": at("2025-12-31 23:59")}, ("R16-2", "key-not-valid")),
    ({"post": "2026-11-05-other"}, ("R16-2", "waiver-without-post")),
]


@pytest.mark.parametrize(("changes", "wanted"), ATTACKS, ids=lambda x: str(x)[:60])
def test_a_waiver_that_cannot_count_excuses_nothing_and_refuses_itself(
    archive: ArchiveRepo, changes: dict[str, Any], wanted: tuple[str, str]
) -> None:
    given = dict(changes)
    waive(drafted(archive), given.pop("who", "kz-a"), **given)
    assert refused_for(judged(archive), FOUND, wanted)


HARMLESS: list[dict[str, Any]] = [
    {"clause": "R16-3"},
    {"text": NEIGHBOUR},
    {"content": "0" * 64},
]


@pytest.mark.parametrize("changes", HARMLESS, ids=str)
def test_other_words_clauses_and_contents_excuse_nothing(
    archive: ArchiveRepo, changes: dict[str, Any]
) -> None:
    waive(drafted(archive), **changes)
    assert refused_for(judged(archive), FOUND)


@pytest.mark.parametrize("changes", [{"text": ""}, {"text": "x" * 201}, {"reason": "无"}], ids=str)
def test_a_malformed_waiver_refuses(archive: ArchiveRepo, changes: dict[str, Any]) -> None:
    waive(drafted(archive), **changes)
    assert refused_for(judged(archive), FOUND, ("R13-2", "statement-malformed"))


def test_who_committed_the_text_as_its_author_does_not_waive(archive: ArchiveRepo) -> None:
    archive.draft(body=BODY_WITH_WORDS)
    archive.commit("起草", "kz-a", "zz-a")
    waive(archive)
    found = marks(judged(archive))
    assert ("R16-2", "waiver-by-maker") in found
    assert any(FOUND[1] in words for clause, words in found if clause == FOUND[0])


def test_the_head_of_another_department_does_not_waive(tmp_path: Any) -> None:
    """Article 11 gives the second review to the head of the lead department alone."""
    value = registers()
    people = [p for p in value["people"]["people"] if p["id"] != "ld-b"]
    value["people"]["people"] = [*people, person("ld-b", "principal@bgs", "section-head@jzk")]
    made = ArchiveRepo.begin(tmp_path / "own", changed=value)
    made.branch("proposal")
    drafted(made)
    waive(made, "ld-b")
    assert refused_for(judged(made), ("R16-2", "waiver-lacks-role"), FOUND)


def test_a_signature_without_its_statement_does_not_enter(archive: ArchiveRepo) -> None:
    """What would refuse as it stands is refused before it stands."""
    drafted(archive)
    path = waive(archive)
    (archive.root / path).unlink()
    report = judged(archive)
    assert report.exit_code == 11
    assert any(f.location.path.startswith(path) and f.effect is Effect.REFUSE
               for f in report.findings)  # fmt: skip


def test_it_never_reaches_a_clause_that_nothing_excuses(archive: ArchiveRepo) -> None:
    """Private data: the words of the finding are masked, and none may be waived."""
    number = "13800138000"
    drafted(archive, BODY + f"\n请联系{number}。\n")
    for count, text in enumerate(("138****8000", "138******00", "请联系")):
        waive(archive, name=f"{count}" * 12, clause="R13-10", text=text)
    assert refused_for(judged(archive), ("R13-10", "private-data-shown"))


def test_it_never_stands_for_a_review(archive: ArchiveRepo) -> None:
    waive(drafted(archive))
    for count, clause in enumerate(("R11-1", "R15-2", "R13-1"), 1):
        waive(archive, name=f"{count}" * 12, clause=clause, text="first")
    archive.commit("豁免", "xxy-a")
    report = archive.verify()
    assert report.exit_code == 10
    awaited = marks(report, Effect.HOLD)
    assert {clause for clause, _ in awaited} >= {"R11-1", "R15-2"}
