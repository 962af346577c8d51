"""A leader sees what a new program is, in words, before consenting to it at the desk."""

import re
from pathlib import Path

import pytest

from pipeline.cli.publish import authorise
from pipeline.cli.status import status
from pipeline.source.program import name_of, pack
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import email
from tests.builders.desks import DeskRun, browser, bureau
from tests.builders.fixtures import shared
from tests.builders.named import shows, worded
from tests.builders.upgrading import NEXT, consented, upgrading, wheel_file
from tests.builders.wheels import CHANGELOG, locked_to
from tests.cli.at_the_desk import run
from tests.parts.people.test_govern import consent

BRANCH = f"upgrade-{NEXT}"
NEWS = f"# 更新\n\n## {NEXT}\n\n- 复审提醒提前一天\n\n## 0.0.1\n\n- 很久以前\n"


@pytest.fixture(scope="session")
def proposing_template(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    def make(root: Path) -> None:
        made = bureau(root)
        made.switch("main")
        made.git("branch", "-D", "proposal")
        for path, raw in locked_to(pack()[1]).items():
            made.write(path, raw)
        made.git("add", "--all")
        env = made.git.people(email("gly-a"), email("gly-a"))
        made.git("commit", "--quiet", "--amend", "--no-edit", env=env)
        folder = tmp_path_factory.mktemp("wheel")
        done = upgrading(made, wheel_file(folder, changes={CHANGELOG: NEWS.encode()}), lang="zh")
        assert done.exception is None, done.output
        consented(made, BRANCH, people=0)
        made.git("reset", "--quiet", "--hard", "HEAD~1")  # the empty commit of no consent
        made.pack()

    return ArchiveRepo.at(shared(tmp_path_factory, "proposing", make))


@pytest.fixture
def proposing(proposing_template: ArchiveRepo, tmp_path: Path) -> ArchiveRepo:
    """Another program is proposed; nobody consented yet."""
    return proposing_template.copy(tmp_path / "proposing")


def shown(text: str) -> str:
    return re.sub(r"<[^>]+>", "", text)


def test_a_leader_reads_versions_news_and_no_hashes(proposing: ArchiveRepo, tmp_path: Path) -> None:
    desk = DeskRun.over(proposing, tmp_path).open()
    leader = browser(desk, "ld-a")
    assert f"升级为 {NEXT} 版" in leader.get("/govern").text
    text = shown(leader.get("/govern/proposal", params={"branch": BRANCH}).text)
    assert f"升级为 {NEXT} 版" in text
    assert "复审提醒提前一天" in text
    assert "很久以前" not in text
    assert worded("proposers-own-words", "zh") in text
    assert worded("programs-uncompared", "zh") in text
    assert text.count("复审提醒提前一天") == 1
    assert text.count("sha256:") == 0
    assert len(text.splitlines()) < 300


def test_two_consents_at_the_desk_put_it_into_force(proposing: ArchiveRepo, tmp_path: Path) -> None:
    bureau_run = DeskRun.over(proposing, tmp_path)
    desk = bureau_run.open()
    head, leader = browser(desk, "kz-a"), browser(desk, "ld-a")
    assert "next" in consent(head, BRANCH, "kz-a")
    assert consent(leader, BRANCH, "ld-a") == {"next": "/govern"}
    lock = bureau_run.read("main", "program.lock")
    assert f"# version: {NEXT}" in lock
    # The desk judges no more, until it is started with the program that main names.
    assert shows(leader.get("/govern").text, "program-too-old", "zh", version=NEXT)


def test_the_terminal_says_it_too(proposing: ArchiveRepo) -> None:
    result = run(authorise, proposing, "--reason", "升级", by="kz-a", lang="zh")
    assert result.exception is None, result.output
    assert f"升级为 {NEXT} 版" in result.output
    assert f"升级为 {NEXT} 版" in run(status, proposing, lang="zh").output


def test_a_wheel_that_cannot_be_read_hides_no_proposal(
    proposing: ArchiveRepo, tmp_path: Path
) -> None:
    """Else nobody could read why it is refused, and who made it could not withdraw it there."""
    proposing.switch(BRANCH)
    proposing.write(f"program/{name_of(NEXT)}", b"PK")
    proposing.commit("坏了", "gly-a")
    leader = browser(DeskRun.over(proposing, tmp_path).open(), "ld-a")
    answer = leader.get("/govern/proposal", params={"branch": BRANCH})
    assert answer.status_code == 200
    assert f"升级为 {NEXT} 版" in answer.text
    assert "复审提醒提前一天" not in shown(answer.text).partition("提议人的说明")[0]
