"""A53: at the desk nobody writes on another's branch, a record's or a governed proposal's."""

from pathlib import Path
from typing import Any

import pytest

from pipeline.parts.desk.desk import Desk
from pipeline.source.content.paths import home
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import email
from tests.builders.desks import DeskRun, browser, bureau, change
from tests.builders.fixtures import shared
from tests.builders.git import Git
from tests.builders.named import shows
from tests.parts.desk.test_write_page import FILLED, Writer, fields_of
from tests.parts.people.test_govern import consent, propose

pytestmark = pytest.mark.inside
HTML = {"accept": "text/html"}
OTHER = "2026-11-06-other-tip"


@pytest.fixture
def run(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> DeskRun:
    """zz-a's post under review on ``proposal``; zz-b's own stands on main."""

    def make(root: Path) -> None:
        made = bureau(root)
        made.switch("main")
        made.draft(OTHER, author="zz-b", title="别人的稿件")
        made.commit("入档", "zz-b")
        made.git("branch", "--force", "proposal", "main")
        made.switch("proposal")
        made.draft()
        made.commit("起草", "zz-a")
        made.review(POST, "first")
        made.commit("审核", email("xxy-a"))
        made.pack()

    return DeskRun.over(ArchiveRepo.at(shared(tmp_path_factory, "two-writers", make)), tmp_path)


@pytest.fixture
def desk(run: DeskRun) -> Desk:
    return run.open()


def heads(run: DeskRun) -> str:
    return Git(run.remote)("for-each-ref", "refs/heads")


ACTS = ("save", "submit", "check")


@pytest.mark.parametrize("act", ACTS)
def test_another_writers_post_is_not_written(run: DeskRun, desk: Desk, act: str) -> None:
    before, client = heads(run), browser(desk, "zz-b")
    given = {"_branch": "proposal", "_post": POST, "_act": act, "title": "改了"}
    answer = client.post("/write/draft", data=given, headers=HTML)
    assert (answer.status_code, shows(answer.text, "only-writers-change", "zh")) == (409, True)
    shown = client.get(f"/write/draft?branch=proposal&post={POST}", headers=HTML)
    assert shown.status_code == 409
    files = {"file": ("a.txt", b"x")}
    given = {"_branch": "proposal", "_post": POST}
    assert client.post("/write/files", data=given, files=files, headers=HTML).status_code == 409
    assert heads(run) == before


TARGETS = ("proposal", "main", "HEAD", "records/2026-11-05-gly-a", "govern/x", "roster/x",
           "expunge/x", "draft/x", "origin/main", "refs/heads/proposal")  # fmt: skip


@pytest.mark.parametrize("branch", TARGETS)
def test_ones_own_post_is_no_key_to_another_branch(run: DeskRun, desk: Desk, branch: str) -> None:
    """zz-b's post lies in the tree of every branch, for main holds it."""
    if "/x" in branch or branch.startswith("records"):
        desk.writer.put(change(branch, files={"content/records/a.txt": b"1\n"}))
    before, client = heads(run), browser(desk, "zz-b")
    for address in ("/write/draft", "/write/discard"):
        given = {"_branch": branch, "_post": OTHER, "_act": "save", "title": "改了"}
        assert client.post(address, data=given, headers=HTML).status_code == 409
    files = {"file": ("a.txt", b"x")}
    answer = client.post(
        "/write/files", data={"_branch": branch, "_post": OTHER}, files=files, headers=HTML
    )
    assert answer.status_code == 409
    assert heads(run) == before


@pytest.mark.parametrize("prefix", ["records/x", "govern/x", "roster/x", "expunge/x"])
def test_no_writer_writes_where_records_or_registers_are_proposed(
    run: DeskRun, desk: Desk, prefix: str
) -> None:
    path = f"{home(POST)}/post.md"
    raw = run.read("proposal", path).encode() + b"\n"
    desk.writer.put(change(prefix, files={path: raw}))
    given = {"_branch": prefix, "_post": POST, "_act": "save", "title": "改了"}
    answer = browser(desk, "zz-a").post("/write/draft", data=given, headers=HTML)
    assert answer.status_code == 409


def test_a_review_is_ended_only_by_a_second_warned_click(run: DeskRun) -> None:
    writer = Writer(run)
    fields = writer.load(f"/write/draft?branch=proposal&post={POST}")
    before = run.branch("proposal")
    warned = writer.send("save", fields, **FILLED)
    assert warned.status_code == 409
    assert "某xxy-a：初审" in warned.text and shows(warned.text, "saving-ends-review", "zh")
    assert run.branch("proposal") == before
    again = writer.send("save", fields_of(warned.text))
    assert again.status_code == 303
    assert writer.text("proposal", POST)[0]["revision"] == 2


def test_a_picture_ends_no_review_unasked(run: DeskRun, desk: Desk) -> None:
    client, before = browser(desk, "zz-a"), run.branch("proposal")
    given, files = {"_branch": "proposal", "_post": POST}, {"file": ("a.txt", b"x")}
    answer = client.post("/write/files", data=given, files=files, headers=HTML)
    assert "这一版正在审核" in answer.text
    assert run.branch("proposal") == before


def test_a_colleague_adds_nothing_to_a_governed_proposal(run: DeskRun, desk: Desk) -> None:
    head, colleague = browser(desk, "kz-a"), browser(desk, "zz-a")
    branch = propose(head, "end", person="zz-b", on="2026-11-30")
    before = run.branch(branch)
    given = {"person": "zz-a", "on": "2026-11-30", "_branch": branch, "_confirmed": "yes"}
    assert colleague.post("/govern/propose/end", data=given).status_code == 409
    assert colleague.post("/govern/withdraw", data={"branch": branch}).status_code == 409
    assert run.branch(branch) == before
    assert "next" in consent(head, branch, "kz-a")
    added: Any = head.post("/govern/propose/end", data=given)
    assert added.status_code == 409, "what one consented to grows no more, by its maker either"
