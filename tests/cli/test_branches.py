"""What waits on other branches is told to whoever looks, and no post is lost for where it lies."""

import os
import re

import pytest
from click.testing import Result

from pipeline.cli.publish import publish
from pipeline.cli.review import approve, confirm, return_
from pipeline.cli.status import status
from pipeline.cli.verify import check
from pipeline.errors import Fault, Misuse
from pipeline.parts.form.verbs import form
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.files import folder
from tests.builders.named import named, shows, worded
from tests.cli.at_the_desk import fault, run

OTHER = "2026-11-04-gas-safety"


def clone(archive: ArchiveRepo) -> ArchiveRepo:
    """A colleague's clone of it, on main."""
    place = archive.root.parent / "clone"
    archive.git("clone", "--quiet", "--branch", "main", str(archive.root), str(place))
    return ArchiveRepo(place)


def remedy(result: Result) -> str:
    assert isinstance(result.exception, Fault), result.output
    return str(result.exception.remedy)


@pytest.fixture
def drafted(archive: ArchiveRepo) -> ArchiveRepo:
    archive.draft()
    archive.commit("起草", "zz-a")
    return archive


def test_a_post_on_a_branch_of_the_remote_waits_with_the_commands_to_it(
    drafted: ArchiveRepo,
) -> None:
    shown = run(status, clone(drafted))
    first, where, awaited, *commands = shown.stdout.splitlines()
    assert (first, where) == (f"{POST}  冬季防火三件事", "    on the branch origin/proposal")
    assert awaited.startswith("    waits for first review by 某xxy-a")
    assert commands == [
        "    git switch proposal",
        f"    sanshen approve {POST} --commit --push",
    ]
    assert "Nothing waits" not in shown.stderr


def test_status_says_which_branches_it_read_and_when_they_were_fetched(
    drafted: ArchiveRepo,
) -> None:
    assert (worded("branches-read", names="main, proposal") + "\n") in run(status, drafted).stderr
    colleague = clone(drafted)
    names = "Branches read: main, origin/main, origin/proposal, as fetched "
    cloned = run(status, colleague).stderr
    assert re.search(rf"{names}\d{{4}}-\d\d-\d\d \d\d:\d\d\. `git fetch` brings", cloned), cloned
    colleague.git("fetch", "--quiet")
    os.utime(colleague.root / ".git/refs/remotes/origin/HEAD", (1, 1))
    os.utime(colleague.root / ".git/FETCH_HEAD", (1793800000, 1793800000))
    assert f"{names}2026-11-04 21:46." in run(status, colleague).stderr


def test_a_branch_that_was_fetched_and_not_pulled_is_told_in_its_newer_state(
    drafted: ArchiveRepo,
) -> None:
    colleague = clone(drafted)
    colleague.git("switch", "--quiet", "proposal")
    run(approve, drafted, POST, by="xxy-a")
    drafted.commit("初审", "xxy-a")
    colleague.git("fetch", "--quiet")
    shown = run(status, colleague).stdout
    assert shown.count(POST) == 2  # its line, and the command
    assert "waits for second review" in shown
    assert "    git pull\n" in shown and "git switch" not in shown
    colleague.git("switch", "--quiet", "main")
    assert "    git switch proposal\n    git pull\n" in run(status, colleague).stdout


def test_a_branch_of_one_s_own_ahead_of_the_remote_is_told_once(drafted: ArchiveRepo) -> None:
    colleague = clone(drafted)
    colleague.git("switch", "--quiet", "proposal")
    run(approve, colleague, POST, by="xxy-a")
    colleague.commit("初审", "xxy-a")
    for branch in ("proposal", "main"):
        colleague.git("switch", "--quiet", branch)
        shown = run(status, colleague).stdout
        assert shown.count(f"{POST}  ") == 1
        assert "waits for second review" in shown
        assert ("git switch proposal" in shown) is (branch == "main")
        assert "git pull" not in shown


def test_what_main_holds_already_waits_on_no_branch(approved: ArchiveRepo) -> None:
    """A squash leaves the branch unmerged for git, and old revisions stay on old branches."""
    approved.git("branch", "stale", "proposal~1")
    approved.switch("main")
    approved.git("merge", "--quiet", "--squash", "proposal")
    approved.commit("proposal (#1)", "zz-a")
    shown = run(status, clone(approved)).stdout
    assert "on the branch" not in shown
    assert shows(shown, "waits-for-publication")
    assert f"sanshen publish {POST} --account wx --url https://… --commit" in shown


def test_main_fetched_and_not_pulled_is_read_too(approved: ArchiveRepo) -> None:
    colleague = clone(approved)
    approved.merge("proposal")
    colleague.git("fetch", "--quiet", "origin")
    shown = run(status, colleague).stdout
    assert shown.count(f"{POST}  ") == 1
    assert shows(shown.partition("    on the branch origin/main\n")[2], "waits-for-publication")
    assert "    git pull\n    sanshen publish" in shown


def test_an_approved_post_on_its_branch_waits_to_be_merged(approved: ArchiveRepo) -> None:
    shown = run(status, clone(approved)).stdout
    assert "on the branch origin/proposal\n    " + worded("waits-to-be-merged") in shown
    assert "sanshen" not in shown


def test_a_branch_without_a_common_past_hides_no_other(drafted: ArchiveRepo) -> None:
    drafted.git("switch", "--quiet", "--orphan", "pages")
    drafted.write("index.html", "<p>\n")
    drafted.commit("pages")
    drafted.switch("main")
    assert f"git switch proposal\n    sanshen approve {POST}" in run(status, drafted).stdout


def test_a_branch_that_cannot_be_read_silences_no_other(drafted: ArchiveRepo) -> None:
    """A blob is gone, as in a clone that a full disk cut short."""
    drafted.git("switch", "--quiet", "--create", "broken", "main")
    drafted.draft(OTHER)
    drafted.commit("起草")
    oid = drafted.git("rev-parse", f"HEAD:{folder(OTHER)}/post.md")
    drafted.switch("main")
    (drafted.root / ".git/objects" / oid[:2] / oid[2:]).unlink()
    shown = run(status, drafted)
    assert f"sanshen approve {POST}" in shown.stdout
    assert "broken: " in shown.stderr


@pytest.mark.parametrize("verb", [approve, return_, confirm, publish, check, form])
def test_a_post_that_is_not_here_leads_to_status(drafted: ArchiveRepo, verb) -> None:
    given = {
        return_: [POST, "-m", "改"],
        publish: [POST, "-a", "wx", "-u", "https://mp.weixin.qq.com/s/x"],
        form: ["--post", POST],
    }
    copy = clone(drafted)
    result = run(verb, copy, *given.get(verb, [POST]))
    assert fault(result) == f"post-unknown {POST}"
    assert "sanshen status" in remedy(result)
    assert "git switch proposal" in run(status, copy).stdout


def test_a_part_of_an_id_that_is_unique_is_enough(drafted: ArchiveRepo) -> None:
    part = POST[11:]
    assert run(check, drafted, part).exit_code == 0
    assert run(approve, drafted, part, by="xxy-a").exception is None
    assert (drafted.root / f"content/reviews/{POST[:4]}/{POST}/r1/1-first.json").exists()


def test_a_part_that_several_ids_hold_names_them(drafted: ArchiveRepo) -> None:
    drafted.draft(OTHER)
    result = run(check, drafted, "2026-11")
    assert isinstance(result.exception, Misuse)
    assert fault(result) == "2026-11 names 2 posts."
    assert named(result.exception.remedy) == f"post-ambiguous {', '.join(sorted([POST, OTHER]))}"
