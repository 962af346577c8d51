"""A20: what was pushed past the reviewers is found, stops the build, and is healed by signature."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.model.findings import Effect
from pipeline.publish.build_site import Order, build_site
from pipeline.report.language import translator
from tests.builders.answering import acknowledge
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF, email, key, registers
from tests.builders.files import folder
from tests.builders.verdicts import finds, marks, reasons

ROSTER = "content/registers/roster.yml"
THIEF = "gly-b"


def _build(archive: ArchiveRepo, out: Path) -> Any:
    opened = archive.open()
    when = lambda _: AS_OF  # noqa: E731
    tr = translator("en")
    return build_site(opened, archive.head(), when, Order(out / "site", out / "work"), tr)


@pytest.fixture
def robbed(archive: ArchiveRepo) -> ArchiveRepo:
    """Somebody with push rights puts a key of their own in the place of the final reviewer's."""
    archive.switch("main")
    value = registers()["roster"]
    stolen = [key("ld-a", THIEF) if k["person"] == "ld-a" else k for k in value["keys"]]
    archive.register("roster", value | {"keys": stolen})
    archive.commit("换钥匙", "gly-a")
    return archive


def test_the_audit_names_it_and_the_build_refuses(robbed: ArchiveRepo, tmp_path: Path) -> None:
    assert robbed.audit().exit_code == 11
    assert "R13-7" in {clause for clause, _ in marks(robbed.audit())}
    built = _build(robbed, tmp_path)
    assert built.site is None
    assert built.report.exit_code == 11
    assert not (tmp_path / "site").exists()


def test_all_that_follows_is_judged_by_nobody(robbed: ArchiveRepo) -> None:
    robbed.write("README.md", b"x\n")
    robbed.commit("别的事", "gly-a")
    assert finds(robbed.audit(), "R13-7", "authorisation-lacking")


def _restored(archive: ArchiveRepo) -> list[str]:
    broken = archive.head()
    archive.register("roster", registers()["roster"])
    archive.commit("恢复", "gly-a")
    return [broken, archive.head()]


def test_two_people_answer_for_it_and_it_stays_visible(robbed: ArchiveRepo, tmp_path: Path) -> None:
    commits = _restored(robbed)
    assert robbed.audit().exit_code == 11
    acknowledge(robbed, commits, ("kz-a", "kz-a"), ("ld-a", "ld-a"))
    report = robbed.audit()
    assert report.exit_code == 0, marks(report)
    assert any(v.acknowledged for v in report.verdicts)


@pytest.mark.parametrize(
    "signers",
    [
        [("kz-a", "kz-a")],
        [("ld-a", "ld-a")],
        [("kz-a", "kz-a"), ("ld-a", THIEF)],
        [("ld-a", "ld-a"), ("ld-b", "ld-b")],
    ],
)
def test_fewer_or_others_do_not_heal_it(
    robbed: ArchiveRepo, signers: list[tuple[str, str]]
) -> None:
    commits = _restored(robbed)
    acknowledge(robbed, commits, *signers)
    assert robbed.audit().exit_code == 11


BOTH = ("kz-a", "kz-a"), ("ld-a", "ld-a")
STANDS = "R13-7", "break-still-stands"


def _pushed(archive: ArchiveRepo, what: str) -> str:
    """Something that nobody reviewed or authorised, pushed onto main after a sound post."""
    archive.merge("proposal")
    if what == "new post":
        archive.draft("2026-11-05-unreviewed")
    elif what == "edited post":
        archive.change(f"{folder(POST)}/post.md", "防火", "防汛")
    elif what == "removed reviews":
        archive.git("rm", "-r", "--quiet", "content/reviews")
    else:
        archive.write("site/templates/extra.html.j2", "x\n")
    return archive.commit("直接推送", "gly-a")


@pytest.mark.parametrize("what", ["new post", "edited post", "removed reviews", "theme"])
def test_what_two_people_answered_for_is_restored_first(approved: ArchiveRepo, what: str) -> None:
    broken = _pushed(approved, what)
    acknowledge(approved, [broken], *BOTH)
    report = approved.audit()
    assert report.exit_code == 11
    assert finds(report, *STANDS)
    approved.git("revert", "--no-edit", broken, env=approved.git.people(*[email("gly-a")] * 2))
    acknowledge(approved, [broken, approved.head()], *BOTH)
    left = {m for _, m in reasons(approved.audit())}
    assert not left, left


BASE = "R13-7", "base-unlawful"


def test_a_proposal_is_not_judged_by_a_broken_main_without_a_word(archive: ArchiveRepo) -> None:
    """The thief signs the final review with the key that was pushed: all four steps count."""
    archive.switch("main")
    value = registers()["roster"]
    stolen = [key("ld-a", THIEF) if k["person"] == "ld-a" else k for k in value["keys"]]
    archive.register("roster", value | {"keys": stolen})
    broken = archive.commit("换钥匙", "gly-a")
    archive.branch("brought")
    archive.draft()
    archive.commit("起草")
    for step in ("first", "second", "final", "confirm"):
        archive.review(POST, step, **({"key": THIEF} if step == "final" else {}))
    archive.commit("审核")
    report = archive.verify()
    assert report.exit_code == 10, marks(report)
    assert finds(report, BASE[0], f"{BASE[1]} {broken[:12]}", effect=Effect.HOLD)


def test_a_proposal_that_restores_the_roster_is_not_held_for_its_base(robbed: ArchiveRepo) -> None:
    robbed.branch("brought")
    robbed.register("roster", registers()["roster"])
    robbed.commit("恢复", "gly-a")
    assert not finds(robbed.verify(), *BASE, effect=Effect.HOLD)
    robbed.merge("brought")
    robbed.branch("later")
    robbed.write("docs/a.md", "x\n")
    robbed.commit("别的", "gly-a")
    assert not finds(robbed.verify(), *BASE, effect=Effect.HOLD)
