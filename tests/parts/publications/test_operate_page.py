"""待发布: only main's confirmed bytes are copied, and where they went is signed and recorded."""

import hashlib
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipeline.history.pending_records import pending_records
from pipeline.parts.desk.writer import QueuedChange
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF, at, email
from tests.builders.desks import DeskRun, answer_of, browser, bureau
from tests.builders.git import Git
from tests.builders.named import shows
from tests.hostile.test_a27_emergency_road import ALERT

JSON = {"accept": "application/json"}
URL = "https://wechat.example/wx/1"
TEXT = f"content/posts/2026/{POST}/post.md"
BRANCH = f"records/{AS_OF:%Y-%m-%d}-gly-a"
FIRST = f"content/records/publications/2026/{AS_OF:%Y-%m-%d}.wx.{POST}.json"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    """One post that main holds confirmed, another that its branch alone holds so, and a draft."""
    made = bureau(tmp_path_factory.mktemp("bureau") / "archive")
    made.draft()
    made.commit("起草", "zz-a")
    made.approve_all()
    made.commit("审核", "kz-a")
    made.merge("proposal")
    made.branch("second")
    made.draft("2026-11-06-gas", title="未入库的稿件")
    made.commit("起草", "zz-a")
    made.approve_all("2026-11-06-gas")
    made.commit("审核", "kz-a")
    made.branch("early", "main")
    made.draft("2026-11-05-early", title="先发的稿件")
    made.commit("起草", "zz-a")
    made.switch("main")
    return made


def press(client: TestClient, post: str = POST, name: str = "gly-a", **fields: str) -> Any:
    """Fill in the form and touch the reader."""
    given = {"account": "wx", "url": URL, **fields}
    answer = client.post(f"/operate/{post}/record", data=given, headers=JSON).json()
    if "error" in answer:
        return answer
    proof = answer_of(answer["challenge"], name)
    return client.post(f"/sign/{answer['id']}", json=proof, headers=JSON).json()


def test_the_list_holds_what_main_holds_and_nothing_else(run: DeskRun) -> None:
    page = browser(run.open(), "gly-a").get("/operate").text
    assert f"/operate/{POST}" in page
    assert "2026-11-06-gas" not in page
    assert f'href="/operate/{POST}"' in browser(run.open(), "gly-a").get("/").text


def test_the_copy_page_is_the_one_that_may_be_copied(run: DeskRun) -> None:
    answer = browser(run.open(), "gly-a").get(f"/operate/{POST}/copy/wechat")
    assert "关好火源" in answer.text
    assert "data-copy" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "script-src 'sha256-" in policy
    assert "form-action 'none'" in policy


def test_what_is_not_merged_can_only_be_looked_at(run: DeskRun) -> None:
    client = browser(run.open(), "gly-a")
    page = client.get("/operate/2026-11-06-gas/copy/wechat").text
    assert "未经审核" in page
    assert "<button" not in page
    assert 'name="url"' not in client.get("/operate/2026-11-06-gas").text
    assert "error" in press(client, "2026-11-06-gas")
    assert "还不在 main 上" in press(client, "2026-11-06-gas")["error"]


def test_bytes_changed_on_a_branch_reach_neither_the_copy_nor_the_record(run: DeskRun) -> None:
    """Not even on the branch to which the operator's records go: that takes none any more."""
    desk = run.open()
    raw = run.read("main", TEXT).replace("关好火源", "打开火源").encode()
    desk.writer.put(
        QueuedChange(BRANCH, {TEXT: raw}, "改稿", "zz-a", email("zz-a"), int(AS_OF.timestamp()))
    )
    client = browser(desk, "gly-a")
    assert "打开火源" not in client.get(f"/operate/{POST}/copy/wechat").text
    assert "next" in press(client)
    subject = json.loads(run.read(f"{BRANCH}-2", FIRST))["subject"]
    digest = hashlib.sha256(f"{run.read('main', TEXT)}\n".encode()).hexdigest()
    assert digest in str(subject)


def test_a_record_goes_to_the_branch_of_the_day(run: DeskRun) -> None:
    client = browser(run.open(), "gly-a")
    assert press(client, batch="一批") == {"next": f"/operate/{POST}"}
    stated = json.loads(run.read(BRANCH, FIRST))["predicate"]
    assert (stated["url"], stated["operator"], stated["batch"]) == (URL, "gly-a", "一批")
    assert run.read(BRANCH, f"{FIRST}.sig").startswith("-----BEGIN SSH SIGNATURE")
    page = client.get(f"/operate/{POST}").text
    assert "待入档" in page
    assert "已登记" in client.get("/operate").text
    waits = client.get("/").text
    assert f'href="/operate/{POST}"' not in waits, "nothing is left to publish"
    assert BRANCH in waits, "the record is to be entered"
    assert "next" in press(client, supersedes=FIRST, reason="没有发布", void="1", url="")
    assert f'href="/operate/{POST}"' in client.get("/").text


def test_one_account_carries_a_revision_once_whoever_records_it(run: DeskRun) -> None:
    """The first record is not merged yet, and another day has begun."""
    client = browser(run.open(), "gly-a")
    press(client)
    run.present.moment += timedelta(days=1)
    assert "发布了两次" in press(browser(run.open(), "gly-a"))["error"]


def test_a_wrong_record_is_superseded_and_taken_back_beside_it(run: DeskRun) -> None:
    client = browser(run.open(), "gly-a")
    press(client)
    wrong = {"supersedes": FIRST}
    assert "原因" in press(client, **wrong)["error"]
    run.present.moment += timedelta(days=1)
    client = browser(run.open(), "gly-a")
    assert "next" in press(client, **wrong, reason="网址抄错", url=f"{URL}2")
    with run.open().clone.repository() as repository:
        pending = pending_records(repository)
    second = next(p for p in pending.branches if p not in (FIRST, f"{FIRST}.sig"))
    assert pending.branches[second] == BRANCH
    second = second.removesuffix(".sig")
    assert "next" in press(client, supersedes=second, reason="没有发布", void="1", url="")
    assert "第 1 步" in client.get(f"/operate/{POST}").text


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("javascript:alert(1)", "不是完整的网址"),
        ("http://wechat.example/wx/1", "不是完整的网址"),
        ("https://evil.example.com/1", "不在账号"),
        ("https://wechat.example.evil.com/1", "不在账号"),
        ("https://wechat.example /wx", "不是完整的网址"),
        ("", "没有填写"),
    ],
)
def test_an_address_that_is_none_of_the_account_is_refused(
    run: DeskRun, url: str, words: str
) -> None:
    assert words in press(browser(run.open(), "gly-a"), url=url)["error"]


@pytest.mark.parametrize(
    "fields",
    [
        {"at": "2031-01-01T00:00"},
        {"at": "2026-11-01T09:00"},
        {"at": "gestern"},
        {"account": "wb"},
        {"account": "../../x"},
    ],
)
def test_what_cannot_be_is_not_recorded(run: DeskRun, fields: dict[str, str]) -> None:
    assert "error" in press(browser(run.open(), "gly-a"), **fields)


def test_who_is_no_operator_records_nothing_and_is_offered_nothing(run: DeskRun) -> None:
    client = browser(run.open(), "kz-a")
    assert 'name="url"' not in client.get(f"/operate/{POST}").text
    assert "专职管理员" in press(client, name="kz-a")["error"]


def test_a_merged_branch_takes_no_more_records(run: DeskRun) -> None:
    """After a squash main and the branch would add the same file twice."""
    with run.open().clone.repository() as repository:
        before = pending_records(repository)
        person = run.open().clone.trusted(repository).registers.people["gly-a"]
        assert before.head == before.main
        assert before.branch_for(person, AS_OF) == BRANCH
    press(browser(run.open(), "gly-a"))
    git = Git(run.remote)
    tree = git("rev-parse", f"{BRANCH}^{{tree}}")
    people = git.people(email("gly-a"), email("gly-a"))
    squash = git("commit-tree", tree, "-p", "main", "-m", "入档", env=people)
    git("update-ref", "refs/heads/main", squash)
    desk = run.open()
    desk.clone.refresh()
    with desk.clone.repository() as repository:
        after = pending_records(repository)
        assert after.branches == {}
        assert after.branch_for(person, AS_OF) == f"{BRANCH}-2"


def test_a_record_enters_the_archive_by_one_button(run: DeskRun) -> None:
    client = browser(run.open(), "gly-a")
    press(client)
    answer = client.post("/merge", data={"branch": BRANCH, "next": "//evil.example"})
    assert answer.headers["location"] == "/evil.example"
    assert URL in run.read("main", FIRST)
    assert "待入档" not in client.get("/operate").text
    assert POST in client.get("/operate").text


def corrected(tmp_path: Path, recorded: bool = True) -> ArchiveRepo:
    """A post and its correction, both on main, which no account carried; `recorded`: with the
    record of that."""
    archive = bureau(tmp_path / "archive")
    for revision in (1, 2):
        archive.draft(revision=revision, summary=f"第{revision}版。")
        if revision == 2 and recorded:
            archive.correction(POST, 2)
        archive.commit("起草", "zz-a")
        for number, step in enumerate(("first", "second", "final", "confirm")):
            archive.review(POST, step, signed_at=at(f"2026-11-05 1{revision}:0{number}"))
        archive.commit("审核", "kz-a")
    archive.switch("main")
    archive.git("reset", "--quiet", "--hard", "proposal")
    return archive


@pytest.mark.parametrize("url", [URL, "https://wechat.example/wx/2"], ids=["changed", "sent anew"])
def test_a_correction_waits_for_each_account_that_carried_the_first(
    tmp_path: Path, url: str
) -> None:
    """Whether the account changes what it shows, or sends a new item because it cannot."""
    archive = corrected(tmp_path)
    client = browser(DeskRun.over(archive, tmp_path).open(), "gly-a")
    assert press(client, at="2026-11-05T11:30", revision="1") == {"next": f"/operate/{POST}"}
    page = client.get(f"/operate/{POST}").text
    assert shows(page, "account-shows-old", "zh", number=1)
    assert f"/operate/{POST}/copy/wechat" in page
    assert POST in client.get("/").text, "it still waits for the operator"
    assert press(client, at="2026-11-05T13:30", url=url) == {"next": f"/operate/{POST}"}
    page = client.get(f"/operate/{POST}").text
    assert not shows(page, "account-shows-old", "zh", number=1)
    assert f"/operate/{POST}/copy/wechat" not in page


def test_a_change_without_a_record_is_shown_as_far_as_it_is_known(tmp_path: Path) -> None:
    """As what older programs let pass."""
    archive = corrected(tmp_path, recorded=False)
    archive.publication(POST, revision=1)
    archive.commit("登记", "gly-a")
    client = browser(DeskRun.over(archive, tmp_path).open(), "gly-a")
    assert shows(client.get(f"/operate/{POST}").text, "account-shows-old", "zh", number=1)


def test_of_what_was_corrected_the_first_may_be_gone_or_wrongly_recorded(tmp_path: Path) -> None:
    """The page of an account that is behind has the forms for its record, too."""
    client = browser(DeskRun.over(corrected(tmp_path), tmp_path).open(), "gly-a")
    assert press(client, at="2026-11-05T11:30", revision="1") == {"next": f"/operate/{POST}"}
    page = client.get(f"/operate/{POST}").text
    path, revision = (
        re.findall(f'<input type="hidden" name="{name}" value="([^"]+)">', page)
        for name in ("supersedes", "revision")
    )
    assert revision == ["1"]
    mended = {"supersedes": path[0], "revision": revision[0], "reason": "网址抄错"}
    assert press(client, at="2026-11-05T11:30", url=f"{URL}1", **mended) == {
        "next": f"/operate/{POST}"
    }
    page = client.get(f"/operate/{POST}").text
    assert f"{URL}1" in page
    path = re.findall('name="supersedes" value="([^"]+)"', page)
    gone = {"removed_at": "2026-11-05T12:00", "removed_by": "ourselves", "reason": "账号已删除"}
    assert press(client, supersedes=path[0], **gone) == {"next": f"/operate/{POST}"}
    assert not shows(client.get(f"/operate/{POST}").text, "account-shows-old", "zh", number=1)


def test_what_was_shown_before_its_correction_is_recorded_as_that_revision(tmp_path: Path) -> None:
    """The correction came to main first; the page offers the revisions, and says which it was."""
    archive = corrected(tmp_path)
    client = browser(DeskRun.over(archive, tmp_path).open(), "gly-a")
    assert '<option value="1">' in client.get(f"/operate/{POST}").text
    assert "第 1 版" in str(press(client, at="2026-11-05T11:30", revision="2"))
    assert press(client, at="2026-11-05T11:30", revision="1") == {"next": f"/operate/{POST}"}


def test_what_a_leader_ordered_out_first_is_recorded_on_its_branch(tmp_path: Path) -> None:
    """Where policy allows it; the page to copy from shows it under the red band all the same."""
    order = {"reason": "情况紧急", "ordered_by": "ld-a", "ordered_at": "2026-11-05T08:00:00+08:00"}
    archive = bureau(tmp_path / "archive", **{"review.allow_post_hoc": True})
    archive.draft(**ALERT, emergency=order)
    archive.commit("起草", "zz-a")
    archive.switch("main")
    run = DeskRun.over(archive, tmp_path)
    client = browser(run.open(), "gly-a")
    assert f"/operate/{POST}" in client.get("/operate").text
    assert "未经审核" in client.get(f"/operate/{POST}/copy/wechat").text
    assert press(client, at="2026-11-05T17:30") == {"next": f"/operate/{POST}"}
    assert "《冬季防火三件事》" in run.log("proposal")[0]


# What went out otherwise than Article 11 asks, and what is not shown any more.


def test_what_went_out_before_its_reviews_is_recorded_on_its_branch(run: DeskRun) -> None:
    client = browser(run.open(), "gly-a")
    assert "2026-11-05-early" in client.get("/operate").text
    page = client.get("/operate/2026-11-05-early").text
    assert 'name="unconfirmed" minlength="4" maxlength="400" required' in page
    given = {"post": "2026-11-05-early", "at": "2026-11-05T03:12"}
    assert shows(press(client, **given)["error"], "published-unconfirmed", "zh")
    done = press(client, **given, unconfirmed="电话命令，网络中断", pressed_by="zz-a")
    assert done == {"next": "/operate/2026-11-05-early"}
    lately = client.get("/operate").text.partition("近期已发布")[2]
    assert "发布人：某zz-a" in lately and "登记人：某gly-a" in lately
    path = "content/records/publications/2026/2026-11-05.wx.2026-11-05-early.json"
    stated = json.loads(run.read("early", path))["predicate"]
    assert (stated["unconfirmed"], stated["pressed_by"]) == ("电话命令，网络中断", "zz-a")
    assert (stated["operator"], stated["time_from"]) == ("gly-a", "platform")


def test_a_removal_is_recorded_with_its_time_and_by_whom(run: DeskRun) -> None:
    client = browser(run.open(), "gly-a")
    press(client)
    told = {"supersedes": FIRST, "reason": "平台称标题违规", "removed_by": "platform"}
    assert "未填写删除时间" in press(client, **told)["error"]
    assert shows(
        press(client, **told, removed_at="2026-11-01T09:00")["error"],
        "removal-before-publication",
        "zh",
    )
    at_once = f"{AS_OF:%Y-%m-%dT%H:%M}"
    assert press(client, **told, removed_at=at_once) == {"next": f"/operate/{POST}"}
    page = client.get(f"/operate/{POST}").text
    assert "删除：平台" in page
    again = FIRST.replace(f"{AS_OF:%Y-%m-%d}.", f"{AS_OF:%Y-%m-%d}-2.")
    stated = json.loads(run.read(BRANCH, again))["predicate"]
    assert (stated["removed_by"], stated["url"]) == ("platform", URL)
