"""入档: only what verify passes becomes part of main."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from pipeline.errors import Fault
from pipeline.model.findings import Effect, Finding, Location, Message
from pipeline.model.reports import Report, Verdict
from pipeline.parts.desk import merging
from pipeline.parts.desk.desk import Desk
from pipeline.source.git.repository import Repository
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import email
from tests.builders.desks import DeskRun, browser, bureau
from tests.builders.git import Git

JSON = {"accept": "application/json"}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = bureau(tmp_path_factory.mktemp("bureau") / "archive")
    post = made.draft()
    made.commit("起草", "zz-a")
    made.branch("unsigned")
    made.branch(f"draft/{post}-correct-r2-kz-a")
    made.switch("proposal")
    made.approve_all(post)
    made.commit("审核", email("xxy-a"))
    return made


def press(desk: Desk, branch: str, person: str = "gly-a") -> Any:
    client = browser(desk, person)
    return client.post("/merge", data={"branch": branch, "next": "/"}, headers=JSON).json()


def test_a_confirmed_post_becomes_part_of_main_and_its_branch_goes(
    run: DeskRun, desk: Desk, tmp_path: Path
) -> None:
    assert press(desk, "proposal") == {"next": "/"}
    assert Git(run.remote)("log", "-1", "--format=%an %P", "main").split()[0] == "gly-a"
    with pytest.raises(AssertionError):
        run.branch("proposal")
    folder = tmp_path / "copy"
    Git(tmp_path)("clone", "--quiet", str(run.remote), str(folder))
    assert ArchiveRepo.at(folder).audit().exit_code == 0


@pytest.mark.parametrize("branch", ["unsigned", "", "nothing", "--all", "main~0", "a\0b"])
def test_nothing_else_comes_to_main(run: DeskRun, desk: Desk, branch: str) -> None:
    before = run.branch("main")
    assert "error" in press(desk, branch)
    assert run.branch("main") == before


@pytest.mark.parametrize("person", ["gly-a", "kz-a"])
@pytest.mark.parametrize("before", ["", "/", "./", "x/../"])
def test_a_draft_is_answered_like_one_that_is_not_there(
    run: DeskRun, desk: Desk, person: str, before: str
) -> None:
    name = f"{before}draft/{POST}-correct-r2-"
    assert before or run.branch(f"{name}kz-a")
    assert press(desk, f"{name}kz-a", person) == press(desk, f"{name}zz-a", person)
    assert "error" in press(desk, f"{name}kz-a", person)


def test_a_tab_that_browsers_drop_leads_to_no_other_site(desk: Desk) -> None:
    given = {"branch": "main", "next": "/\t/evil.example"}
    answer = browser(desk, "gly-a").post("/merge", data=given, headers=JSON)
    assert answer.json() == {"next": "/"}


def test_a_refusal_names_the_clause_and_the_file(desk: Desk) -> None:
    assert "R11-" in press(desk, "unsigned")["error"]


def test_a_refusal_without_a_place_leaves_none_empty() -> None:
    message = Message("The commit 7d57 tells of a person.")
    grave = Finding("R13-7", "so-it-is", Effect.REFUSE, message, Location(""), message)
    report = SimpleNamespace(verdicts=(Verdict("change", own=(grave,)),))
    with pytest.raises(Fault) as refused:
        merging._unless_passed(cast("Report", report))
    assert str(refused.value.message) == f"Not yet: R13-7: {message}"


def test_a_guarded_main_leads_to_the_forge(run: DeskRun, desk: Desk) -> None:
    hook = run.remote / "hooks" / "pre-receive"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\nread old new ref; test $ref != refs/heads/main\n")
    hook.chmod(0o755)
    answer = press(desk, "proposal")
    assert "平台" in answer["remedy"]
    assert run.branch("proposal")


def test_main_that_moves_on_meanwhile_is_judged_again(
    run: DeskRun, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged, bases = merging._judged, []

    def slow(desk: Desk, repository: Repository, main: str, head: str) -> Report:
        report = judged(desk, repository, main, head)
        if not bases:
            commit(run, {"content/registers/b.txt": b"1"})
        bases.append(main)
        return report

    monkeypatch.setattr(merging, "_judged", slow)
    press(desk, "proposal")
    assert len(set(bases)) == 2


def commit(run: DeskRun, files: Any) -> None:
    """Push a commit to main from another clone, past every lock of this one."""
    other = run.root.with_name("other")
    Git(run.root)("clone", "--quiet", str(run.remote), str(other))
    for path, raw in files.items():
        (other / path).write_bytes(raw)
    git = Git(other)
    git("add", ".")
    git("commit", "--quiet", "-m", "x", env=git.people(email("gly-a"), email("gly-a")))
    git("push", "--quiet", "origin", "main")
