"""Waivers in real repositories: each way to get more out of one than a reviewer gave fails."""

from collections.abc import Callable
from typing import Any

import pytest

from pipeline.evidence.statements import write_statement
from pipeline.model.findings import Effect
from pipeline.model.reports import Report
from tests.builders import fixtures
from tests.builders.archive import BODY, POST, ArchiveRepo
from tests.builders.cast import at, person, registers
from tests.builders.verdicts import passes, reasons, refused_for

template = fixtures.template
archive = fixtures.archive

WORDS = "务必转发"
FOUND = ("R16-2", f"“{WORDS}” stands here")
NEIGHBOUR = "转发任务"
BODY_WITH_WORDS = BODY + f"\n有人说{WORDS}给家人。\n"
EXCUSED = "Waived by kz-a until 2026-12-01: 转述来稿原话"


def drafted(archive: ArchiveRepo, body: str = BODY_WITH_WORDS, **meta: Any) -> ArchiveRepo:
    archive.draft(body=body, **meta)
    archive.commit("起草", "zz-a")
    return archive


def waive(
    archive: ArchiveRepo,
    who: str = "kz-a",
    /,
    *,
    key: str = "",
    name: str = "0" * 12,
    **changes: Any,
) -> str:
    """A waiver that counts, changed as told; the path of its statement."""
    stated = {
        "archive": "yunlan-yjj",
        "person": who,
        "role": "section-head",
        "signed_at": at("2026-11-04 14:00"),
        "clause": "R16-2",
        "post": POST,
        "text": WORDS,
        "content": archive.content(POST),
        "reason": "转述来稿原话",
        "expires_on": "2026-12-01",
    } | changes
    path = f"content/records/waivers/2026/{POST}.{name}.json"
    archive.sign(path, write_statement("waiver", archive.manifest(POST), stated), key or who)
    return path


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
    ({"who": "xxy-a"}, ("R16-2", "xxy-a may not waive")),
    ({"who": "xxy-a", "role": "information-officer"}, ("R16-2", "xxy-a may not waive")),
    ({"who": "gly-a", "role": "operator"}, ("R16-2", "gly-a may not waive")),
    ({"role": "principal"}, ("R16-2", "kz-a may not waive")),
    ({"key": "gly-a"}, ("R16-2", "The key that signed is not the key of kz-a.")),
    ({"who": "zz-a"}, ("R16-2", "The key that signed is not the key of zz-a.")),
    ({"archive": "other"}, ("R16-2", "The record was made for another archive.")),
    ({"expires_on": "2026-11-03"}, ("R16-2", "The waiver had expired on 2026-11-03.")),
    ({"signed_at": at("2026-11-05 18:01")}, ("R16-2", "The waiver was signed in the future.")),
    ({"signed_at": at("2025-12-31 23:59")}, ("R16-2", "was not valid at the time of signing")),
    ({"post": "2026-11-05-other"}, ("R16-2", "This waiver belongs to no post.")),
    ({"clause": "R99-9"}, ("R13-2", "The waiver names the clause R99-9, which is none.")),
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
    {"clause": "R13-2"},
    {"text": NEIGHBOUR},
    {"text": WORDS[:2]},
    {"text": WORDS + "给家人"},
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
    assert refused_for(judged(archive), FOUND, ("R13-2", "The statement is malformed"))


@pytest.mark.parametrize("meta", [{"author": "kz-a"}, {"co_authors": ["kz-a"]}])
def test_who_made_the_post_does_not_waive(archive: ArchiveRepo, meta: dict[str, Any]) -> None:
    waive(drafted(archive, **meta))
    report = judged(archive)
    assert report.exit_code == 11
    found = reasons(report)
    assert ("R16-2", "kz-a made the post and may not waive on it.") in found
    assert any(FOUND[1] in words for clause, words in found if clause == FOUND[0])


def test_who_committed_the_text_as_its_author_does_not_waive(archive: ArchiveRepo) -> None:
    archive.draft(body=BODY_WITH_WORDS)
    archive.commit("起草", "kz-a", "zz-a")
    waive(archive)
    found = reasons(judged(archive))
    assert ("R16-2", "kz-a made the post and may not waive on it.") in found
    assert any(FOUND[1] in words for clause, words in found if clause == FOUND[0])


def test_a_head_who_left_before_signing_does_not_waive(tmp_path: Any) -> None:
    people = registers()["people"]["people"]
    ended = [p if p["id"] != "ld-a" else _until(p, "2026-11-03") for p in people]
    follows = person("ld-c", "leader-in-charge@xjk")
    governed = {"people": {"people": [*ended, follows]}}
    made = ArchiveRepo.begin(tmp_path / "a", changed=governed)
    made.branch("proposal")
    waive(drafted(made), "ld-a", role="leader-in-charge")
    made.review(POST, "first")
    made.review(POST, "second")
    made.review(POST, "final", "ld-b", role="principal")
    made.review(POST, "confirm")
    made.commit("审核", "xxy-a")
    assert refused_for(made.verify(), FOUND, ("R16-2", "ld-a may not waive"))


def _until(row: dict[str, Any], day: str) -> dict[str, Any]:
    return row | {"roles": [role | {"until": day} for role in row["roles"]]}


def test_it_excuses_its_own_words_and_no_neighbour(archive: ArchiveRepo) -> None:
    waive(drafted(archive, BODY_WITH_WORDS + f"\n这是{NEIGHBOUR}。\n"))
    assert refused_for(judged(archive), ("R16-2", f"“{NEIGHBOUR}” stands here"))


def test_it_never_reaches_a_clause_that_nothing_excuses(archive: ArchiveRepo) -> None:
    """Private data: the words of the finding are masked, and none may be waived."""
    number = "13800138000"
    drafted(archive, BODY + f"\n请联系{number}。\n")
    for count, text in enumerate((number, "138****8000", "请联系")):
        waive(archive, name=f"{count}" * 12, clause="R13-10", text=text)
    assert refused_for(judged(archive), ("R13-10", "The post shows a mobile number"))


def test_it_never_stands_for_a_review(archive: ArchiveRepo) -> None:
    waive(drafted(archive))
    for count, clause in enumerate(("R11-1", "R15-2", "R13-1"), 1):
        waive(archive, name=f"{count}" * 12, clause=clause, text="first")
    archive.commit("豁免", "xxy-a")
    report = archive.verify()
    assert report.exit_code == 10
    awaited = reasons(report, Effect.HOLD)
    assert {clause for clause, _ in awaited} >= {"R11-1", "R15-2"}


Change = Callable[[ArchiveRepo], None]


def _in_text(archive: ArchiveRepo) -> None:
    archive.draft(body=BODY_WITH_WORDS + "\n再说一遍。\n")


def _in_title(archive: ArchiveRepo) -> None:
    archive.draft(body=BODY_WITH_WORDS, title="冬季防火四件事")


def _in_accounts(archive: ArchiveRepo) -> None:
    archive.draft(body=BODY_WITH_WORDS, accounts=["wx", "wb"])


def _beside(archive: ArchiveRepo) -> None:
    archive.draft(body=BODY_WITH_WORDS, files={"note.txt": "说明。\n".encode()})


@pytest.mark.parametrize("change", [_in_text, _in_title, _in_accounts, _beside])
def test_a_waiver_is_not_played_again_after_the_post_changed(
    archive: ArchiveRepo, change: Change
) -> None:
    waive(drafted(archive))
    change(archive)
    archive.commit("改稿", "zz-a")
    report = judged(archive)
    assert refused_for(report, FOUND)
    words = "The waiver was given for another content of the post."
    assert ("R16-2", words) in reasons(report, Effect.NOTE)


def test_a_copy_under_another_posts_name_is_none_of_its_own(archive: ArchiveRepo) -> None:
    drafted(archive)
    path = waive(archive)
    other = "2026-11-05-other"
    archive.draft(other, body=BODY_WITH_WORDS)
    archive.commit("另一篇", "zz-a")
    copy = path.replace(POST, other)
    for end in ("", ".sig"):
        archive.write(f"{copy}{end}", archive.read(f"{path}{end}"))
    archive.approve_all(other)
    report = judged(archive)
    assert report.exit_code == 11
    refused = {v.subject for v in report.verdicts if v.decision is Effect.REFUSE}
    assert other in refused
    words = "The name of this waiver does not begin with its post."
    assert ("R16-2", words) in reasons(report)


def test_two_waivers_are_no_worse_than_the_one_that_counts(archive: ArchiveRepo) -> None:
    drafted(archive)
    waive(archive)
    waive(archive, "ld-a", name="1" * 12, role="leader-in-charge")
    assert passes(judged(archive))


def test_a_bad_one_beside_a_sound_one_refuses(archive: ArchiveRepo) -> None:
    """Somebody who may not waive tried to: that is a finding, though the words are excused."""
    drafted(archive)
    waive(archive)
    waive(archive, "xxy-a", name="1" * 12)
    assert refused_for(judged(archive), ("R16-2", "xxy-a may not waive"))


@pytest.mark.parametrize("part", ["", ".sig"])
def test_a_waiver_is_never_changed_or_taken_away(archive: ArchiveRepo, part: str) -> None:
    path = waive(drafted(archive))
    assert passes(judged(archive))
    archive.merge("proposal")
    archive.branch("later")
    (archive.root / f"{path}{part}").unlink()
    archive.commit("撤豁免", "gly-a")
    words = "A signed file is changed or deleted; what was signed stands."
    assert ("R13-7", words) in reasons(archive.verify())


def test_a_waiver_without_its_signature_refuses(archive: ArchiveRepo) -> None:
    path = waive(drafted(archive))
    (archive.root / f"{path}.sig").unlink()
    wanted = ("R13-2", "The statement or its signature (.sig) is missing.")
    assert refused_for(judged(archive), FOUND, wanted)
