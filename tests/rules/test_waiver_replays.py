"""Waivers played again, copied, doubled, changed or cut in half, in real repositories."""

from collections.abc import Callable

import pytest

from pipeline.model.findings import Effect
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.verdicts import finds, passes, refused_for
from tests.rules.test_waiver_attacks import BODY_WITH_WORDS, FOUND, drafted, judged, waive

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
    assert finds(report, "R16-2", "waiver-other-content", effect=Effect.NOTE)


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
    assert finds(report, "R16-2", "waiver-misnamed")


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
    assert refused_for(judged(archive), ("R16-2", "waiver-lacks-role"))


@pytest.mark.parametrize("part", ["", ".sig"])
def test_a_waiver_is_never_changed_or_taken_away(archive: ArchiveRepo, part: str) -> None:
    path = waive(drafted(archive))
    assert passes(judged(archive))
    archive.merge("proposal")
    archive.branch("later")
    (archive.root / f"{path}{part}").unlink()
    archive.commit("撤豁免", "gly-a")
    assert finds(archive.verify(), "R13-7", "signed-file-changed")


def test_a_waiver_without_its_signature_refuses(archive: ArchiveRepo) -> None:
    path = waive(drafted(archive))
    (archive.root / f"{path}.sig").unlink()
    assert refused_for(judged(archive), FOUND, ("R13-2", "statement-missing"))
