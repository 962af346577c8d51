"""What older programs let pass is refused at the door, and noted of what stands (0031)."""

import pytest

from pipeline.model.findings import Effect
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.files import folder
from tests.builders.verdicts import marks, passes

SLIPS = {
    "html": ("甲<br>乙\n", ("R10-3", "html-shown")),
    "empty": ("\n", ("R10-3", "text-missing")),
    "fence": (
        "正文。\n",
        ("R11-2", "front-matter-ambiguous"),
    ),
}


def spoiled(archive: ArchiveRepo, slip: str) -> tuple[str, str]:
    """A post with a slip, reviewed as older programs let it; what is told of it."""
    body, words = SLIPS[slip]
    archive.draft(body=body)
    if slip == "fence":
        archive.change(f"{folder(POST)}/post.md", "---\n\n", "--- \n\n")
    archive.commit("起草", "zz-a")
    archive.approve_all()
    archive.commit("审核", "kz-a")
    return words


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_refused_at_the_door_and_noted_of_what_stands(
    archive: ArchiveRepo, slip: str
) -> None:
    words = spoiled(archive, slip)
    assert marks(archive.verify()) == {words}
    archive.merge("proposal")
    for report in (archive.standing(), archive.audit()):
        assert passes(report) and words in marks(report, Effect.NOTE)
    archive.branch("record")
    archive.publication(POST)
    archive.commit("登记", "gly-a")
    assert passes(archive.verify())


@pytest.mark.parametrize("sign", ["\u202e", "\x00", "\u200b"])
def test_a_statement_with_an_invisible_character_is_refused_at_the_door(
    archive: ArchiveRepo, sign: str
) -> None:
    """Whatever program signed it; both counters go on to count what stands."""
    archive.draft()
    archive.commit("起草", "zz-a")
    archive.review(POST, "first", opinion=f"同意{sign}发布。")
    for step in ("second", "final", "confirm"):
        archive.review(POST, step)
    archive.commit("审核", "kz-a")
    words = ("R11-1", f"character-invisible U+{ord(sign):04X}")
    assert marks(archive.verify()) == {words}
    archive.merge("proposal")
    assert passes(archive.standing())
    report = archive.audit()
    assert passes(report) and words in marks(report, Effect.NOTE)
