"""`sanshen submit`: from a draft in the working tree to a branch that reviewers see."""

import re
from pathlib import Path

import pytest
from click.testing import Result

from pipeline.cli import calls as forge_calls
from pipeline.cli import submit as submit_module
from pipeline.cli.declare import waive
from pipeline.cli.forge_api import Unanswered
from pipeline.cli.review import approve, return_
from pipeline.cli.status import status
from pipeline.cli.submit import submit
from pipeline.errors import Fault
from pipeline.model.findings import say
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.files import folder
from tests.builders.named import shows
from tests.cli.at_the_desk import fault, run

OTHER = "2026-11-04-gas-safety"


@pytest.fixture(autouse=True)
def writer(monkeypatch: pytest.MonkeyPatch) -> None:
    for part in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{part}_NAME", "某zz-a")
        monkeypatch.setenv(f"GIT_{part}_EMAIL", "zz-a@yunlan.example.org")


@pytest.fixture
def desk(archive: ArchiveRepo, tmp_path: Path) -> ArchiveRepo:
    """A writer's clone on main, with a draft that git does not know."""
    remote = tmp_path / "remote.git"
    archive.switch("main")
    archive.git("branch", "--quiet", "-D", "proposal")
    archive.git("clone", "--quiet", "--bare", str(archive.root), str(remote))
    archive.git("clone", "--quiet", "--branch", "main", str(remote), str(tmp_path / "clone"))
    made = ArchiveRepo(tmp_path / "clone")
    made.draft()
    return made


def on_remote(desk: ArchiveRepo, branch: str = POST) -> str:
    return desk.git("ls-remote", "origin", f"refs/heads/{branch}").partition("\t")[0]


def remedy(result: Result) -> str:
    assert isinstance(result.exception, Fault), result.output
    return str(result.exception.remedy)


def test_a_draft_goes_to_a_branch_of_its_own_and_waits_for_its_first_reviewer(
    desk: ArchiveRepo,
) -> None:
    desk.write("content/registers/notes.txt", "mine")
    desk.draft(OTHER)
    done = run(submit, desk, POST)
    assert done.exception is None
    head = desk.head()
    assert on_remote(desk) == head and desk.open().branch == POST
    files = desk.git("show", "--name-only", "--format=%ae", head).split()
    assert files == ["zz-a@yunlan.example.org", f"{folder(POST)}/post.md"]
    assert desk.git("rev-parse", "HEAD^") == desk.git("rev-parse", "origin/main")
    assert "proposals-not-opened" in done.stderr
    assert (desk.root / folder(OTHER)).is_dir()  # what is not of the post stays as it was
    assert "waits for first review" in run(status, ArchiveRepo(desk.root)).stdout


def test_the_next_draft_begins_at_main_and_not_at_the_branch_of_the_last(desk: ArchiveRepo) -> None:
    run(submit, desk)  # the only one that is changed
    desk.draft(OTHER)
    assert run(submit, desk, OTHER).exception is None
    assert desk.git("rev-parse", "HEAD^") == desk.git("rev-parse", "origin/main")
    assert on_remote(desk, OTHER) == desk.head()


def test_a_returned_draft_goes_to_the_same_branch_whatever_is_checked_out(
    desk: ArchiveRepo, tmp_path: Path
) -> None:
    run(submit, desk)
    reviewer = desk.copy(tmp_path / "reviewer")
    run(return_, reviewer, POST, "-m", "日期与原件不符", by="xxy-a")
    reviewer.commit("退回", "xxy-a")
    reviewer.git("push", "--quiet")
    desk.change(f"{folder(POST)}/post.md", "三件事", "四件事")
    again = run(submit, desk)
    assert fault(again) == f"Revision 1 of {POST} was reviewed already."
    desk.change(f"{folder(POST)}/post.md", "revision: 1", "revision: 2")
    assert run(submit, desk).exception is None
    assert on_remote(desk) == desk.head()
    assert desk.git("rev-parse", "HEAD^") == reviewer.head()  # on top of the return
    assert len(desk.git("ls-remote", "--heads", "origin").splitlines()) == 2


def test_what_a_waiver_can_excuse_is_submitted_and_waived_on_its_branch(
    desk: ArchiveRepo, tmp_path: Path
) -> None:
    desk.draft(body="关好火源再出门，请务必转发。\n")
    done = run(submit, desk)
    assert done.exception is None and "R16-2" in done.stdout
    commands = re.findall("`(.*?)`", done.stderr)[:2]
    assert commands == [f"git switch {POST}", f"sanshen waive {POST}"]
    leader = desk.copy(tmp_path / "leader")
    leader.git(*commands[0].split()[1:])
    assert run(waive, leader, *commands[1].split()[2:]).stdout.startswith("R16-2  务必转发")
    given = ("--clause", "R16-2", "--text", "务必转发", "--reason", "转述来稿原话", "--push")
    assert run(waive, leader, POST, *given, by="kz-a").exception is None
    assert on_remote(desk) == leader.head()
    assert run(approve, leader, POST, by="xxy-a").exception is None


def test_what_check_refuses_is_not_committed(desk: ArchiveRepo) -> None:
    desk.draft(topic="sport")
    before = desk.head()
    done = run(submit, desk)
    assert fault(done).startswith("draft-refused")
    assert "R04-1" in done.stdout
    assert (desk.head(), on_remote(desk), desk.open().branch) == (before, "", "main")


def test_a_stranger_to_the_registers_is_told_which_address_to_set(
    desk: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "root@localhost")
    done = run(submit, desk)
    assert fault(done) == "committer-unregistered root@localhost"
    assert "git config user.email" in remedy(done) and desk.open().branch == "main"


def test_a_remote_that_is_gone_loses_nothing_and_a_second_run_finishes(
    desk: ArchiveRepo, tmp_path: Path
) -> None:
    (tmp_path / "remote.git").rename(tmp_path / "away.git")
    done = run(submit, desk)
    assert "run `sanshen submit" in remedy(done) and "Nothing is lost" in remedy(done)
    head = desk.head()
    assert folder(POST) in desk.git("show", "--name-only", head)
    (tmp_path / "away.git").rename(tmp_path / "remote.git")
    assert run(submit, desk).exception is None
    assert on_remote(desk) == head == desk.head()


def test_a_push_that_the_remote_refuses_loses_nothing(desk: ArchiveRepo, tmp_path: Path) -> None:
    hook = tmp_path / "remote.git/hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho not you >&2; exit 1\n")
    hook.chmod(0o755)
    assert "Nothing is lost" in remedy(run(submit, desk))
    hook.unlink()
    assert run(submit, desk).exception is None and on_remote(desk) == desk.head()


def test_files_that_stand_otherwise_on_the_branch_stop_it_and_stay(desk: ArchiveRepo) -> None:
    run(submit, desk)
    desk.switch("main")
    desk.draft(title="另一个标题")
    done = run(submit, desk)
    assert f"git switch {POST}" in remedy(done) and shows(remedy(done), "draft-as-it-was")
    assert "另一个标题" in (desk.root / folder(POST) / "post.md").read_text()


def test_a_correction_of_a_post_whose_branch_was_squashed_takes_a_new_branch(
    desk: ArchiveRepo,
) -> None:
    run(submit, desk)
    desk.switch("main")
    desk.git("merge", "--quiet", "--squash", f"origin/{POST}")
    desk.commit("压缩", "gly-a")
    desk.git("push", "--quiet", "origin", "main")
    desk.change(f"{folder(POST)}/post.md", "revision: 1", "revision: 2")
    assert run(submit, desk).exception is None
    assert desk.open().branch == f"{POST}-r2"
    assert desk.git("rev-parse", "HEAD^") == desk.git("rev-parse", "origin/main")


def test_a_draft_begun_at_the_desk_is_submitted_under_its_own_name(desk: ArchiveRepo) -> None:
    desk.branch(f"draft/{POST}")
    desk.commit("起草", "zz-a")
    desk.git("push", "--quiet", "origin", f"draft/{POST}")
    desk.change(f"{folder(POST)}/post.md", "三件事", "三件小事")
    assert run(submit, desk).exception is None
    assert desk.open().branch == POST and on_remote(desk) == desk.head()
    assert "三件小事" in desk.git("show", f"HEAD:{folder(POST)}/post.md")


def test_without_a_remote_the_branch_alone_holds_it(desk: ArchiveRepo) -> None:
    desk.git("remote", "remove", "origin")
    done = run(submit, desk)
    assert done.exception is None and f"draft-kept-here {POST}" in done.stderr


def test_several_drafts_are_named_and_none_is_chosen(desk: ArchiveRepo) -> None:
    desk.draft(OTHER)
    assert fault(run(submit, desk)) == f"posts-changed {OTHER}, {POST}"


@pytest.mark.parametrize(
    ("url", "kind", "page"),
    [
        ("https://git.example/yunlan/archive.git", "gitea",
         f"https://git.example/yunlan/archive/compare/main...{POST}"),
        ("git@github.com:yunlan/archive.git", "",
         f"https://github.com/yunlan/archive/compare/main...{POST}?expand=1"),
        ("ssh://git@code.example:222/yunlan/archive", "", "https://code.example/yunlan/archive"),
    ],
)  # fmt: skip
def test_without_a_token_the_address_to_open_is_printed(
    desk: ArchiveRepo, url: str, kind: str, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submit_module, "fetch", lambda _: None)
    desk.git("remote", "set-url", "origin", url)
    desk.git("remote", "set-url", "--push", "origin", str(desk.root.parent / "remote.git"))
    desk.git("config", "sanshen.forge", kind)
    done = run(submit, desk)
    assert done.stdout == f"{page}\n" and shows(done.stderr, "open-proposal-there")


def test_with_a_token_the_proposal_is_opened_and_no_title_shows_a_private_number(
    desk: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def answer(
        self: forge_calls.ForgeApi, path: str, method: str = "GET", body: object = None
    ) -> object:
        asked.append((*self.endpoint[:2], path.partition("?")[0], method, body))
        if method == "GET":
            raise Unanswered(say("{host} did not answer.", host=self.endpoint.host), None, "404")
        return {"html_url": "https://git.example/yunlan/archive/pulls/7"}

    monkeypatch.setattr(forge_calls.ForgeApi, "ask", answer)
    monkeypatch.setenv("GITEA_TOKEN", "secret")
    monkeypatch.setattr(submit_module, "fetch", lambda _: None)
    desk.draft(title="冬季防火三件事，编号13912345678")
    desk.git("remote", "set-url", "origin", "https://git.example/yunlan/archive.git")
    desk.git("remote", "set-url", "--push", "origin", str(desk.root.parent / "remote.git"))
    desk.git("config", "sanshen.forge", "gitea")
    done = run(submit, desk)
    assert done.stdout == "https://git.example/yunlan/archive/pulls/7\n"
    body = {"title": "冬季防火三件事，编号139******78", "body": "", "head": POST, "base": "main"}
    assert asked[-1] == ("git.example", "api/v1/", "/pulls", "POST", body)
