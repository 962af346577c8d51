"""已发布: a published post is found, corrected, withdrawn, its warning lifted; and refused well."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml

from demo.layout import lay_out_demo
from pipeline.parts.desk.desk import Desk
from pipeline.parts.desk.writer import Clone
from pipeline.report.language import translator
from pipeline.source.content.front_matter import split_post
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.desks import ORIGIN, DeskRun, answer_of, browser
from tests.builders.files import folder
from tests.builders.git import Git
from tests.builders.named import shows
from tests.builders.two_posts import HTML, REASON, WARNING, Editor, published
from tools.pictures import NOW

JSON = {"accept": "application/json"}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    """A tip with a picture and a warning in force, confirmed, carried, and part of main."""
    return published(tmp_path_factory.mktemp("bureau"))


def post_on(run: DeskRun, branch: str, post: str = POST) -> tuple[dict[str, Any], str]:
    document, body, _ = split_post("", run.read(branch, f"{folder(post)}/post.md").encode())
    return document.value, body or ""


def record_on(run: DeskRun, branch: str, revision: int, post: str = POST) -> Any:
    path = f"content/records/corrections/2026/{post}.r{revision}.yml"
    return yaml.safe_load(run.read(branch, path))


def review(run: DeskRun, person: str, post: str = POST, **given: str) -> Any:
    client = browser(run.open(), person)
    page = client.get(f"/posts/{post}/").text
    names = ("shown", "seen", "affirm")
    ticks = {name: re.findall(rf'name="{name}" value="([^"]+)"', page) for name in names}
    data = {**ticks, "decision": "approve", "opinion": "", **given}
    asked = client.post(f"/posts/{post}/decide", data=data, headers=JSON).json()
    assert "challenge" in asked, asked
    proof = answer_of(asked["challenge"], person)
    return client.post(f"/sign/{asked['id']}", json=proof, headers=JSON).json()


def approve(run: DeskRun, post: str = POST) -> Any:
    """All four steps; what the last one answers."""
    for person in ("xxy-a", "kz-a", "ld-a", "kz-a"):
        run.present.moment += timedelta(minutes=1)
        last = review(run, person, post)
    return last


def test_a_post_is_found_by_its_words_and_kind(run: DeskRun) -> None:
    client = browser(run.open(), "zz-a")
    every = client.get("/find").text
    assert f"/published/{POST}" in every and f"/published/{WARNING}" in every and "有效" in every
    found = client.get("/find", params={"q": "加固 棚架", "kind": "alert"}).text
    assert WARNING in found and POST not in found
    for odd in ("没有的词", "--open-files-in-pager=touch", "-e", "../../x", "[", "\\"):
        assert client.get("/find", params={"q": odd}).status_code == 200
    assert "没有找到" in client.get("/find", params={"q": "加固", "kind": "tip"}).text
    assert client.get("/published/2026-01-01-none").status_code == 409


def test_a_correction_is_written_with_its_record_and_goes_through_the_reviews(run: DeskRun) -> None:
    editor = Editor(run)
    refused = editor.begin("correct")
    assert refused.status_code == 409 and "没有填写" in refused.text
    begun = editor.begin("correct", reason=REASON)
    address = begun.headers["location"]
    given = editor.form(address)
    branch = given["_branch"]
    assert branch == f"draft/{POST}-correct-r2-zz-a"
    text = "关好火源和气阀。\n\n![炉火](fire.png)\n"
    saved = editor.act(given, "save", _body=text, title="防火三件事")
    assert saved.status_code == 303, saved.text
    told = record_on(run, branch, 2)
    assert told["kind"] == "correction" and told["reason"] == REASON and told["person"] == "zz-a"
    assert {"old": "关好火源。", "new": "关好火源和气阀。"} in told["changes"]
    assert {"old": "标题：冬季防火三件事", "new": "标题：防火三件事"} in told["changes"]
    assert "您已开始写第2版" in editor.page().replace(" ", "")
    done = editor.act(editor.form(address), "submit")
    assert done.status_code == 303, done.text
    assert approve(run) == {"next": "/"}
    value, body = post_on(run, "main")
    assert (value["revision"], value["title"]) == (2, "防火三件事") and "气阀" in body
    shown = Editor(run).page()
    assert "更正" in shown and REASON in shown


def test_a_fresh_correction_asks_for_the_change_and_not_for_a_record(run: DeskRun) -> None:
    editor = Editor(run)
    address = editor.begin("correct", reason=REASON).headers["location"]
    fresh = unescape(editor.client.get(address, headers=HTML).text)
    assert shows(fresh, "nothing-seen-changed", "zh") and "没有更正记录" not in fresh
    assert not re.findall(r'class="hint"[^>]*>[A-Za-z]', fresh), "every hint is Chinese"
    assert "拒绝" in editor.act(editor.form(address), "submit").text, "nothing is handed in yet"
    checked = editor.act(editor.form(address), "check", _body="关好火源和气源。")
    assert "还没有改动" not in unescape(checked.text)


def test_a_correction_is_itself_corrected(run: DeskRun) -> None:
    test_a_correction_is_written_with_its_record_and_goes_through_the_reviews(run)
    editor = Editor(run)
    begun = editor.begin("correct", reason="上次更正漏了一处，一并更正。")
    given = editor.form(begun.headers["location"])
    editor.act(given, "save", _body="关好火源、电源和气阀。\n\n![炉火](fire.png)\n")
    assert record_on(run, given["_branch"], 3)["changes"] == [
        {"old": "关好火源和气阀。", "new": "关好火源、电源和气阀。"}
    ]
    done = editor.act(editor.form(begun.headers["location"]), "submit")
    assert done.status_code == 303, done.text
    assert post_on(run, f"{POST}")[0]["revision"] == 3


def test_what_was_not_public_stays_out_of_the_record(run: DeskRun) -> None:
    editor = Editor(run)
    begun = editor.begin("correct", reason="误发了当事人的姓名，予以隐去。")
    given = editor.form(begun.headers["location"])
    editor.act(given, "save", _body="关好气阀。\n", **{"_record.withhold": "true"})
    told = record_on(run, given["_branch"], 2)
    assert told["withhold"] is True
    assert all(row["old"] in ("", "（不再公开）") for row in told["changes"])
    assert "关好火源" not in str(told)


def test_a_withdrawal_takes_text_and_files_away_and_is_shown_before_it_is_handed_in(
    run: DeskRun,
) -> None:
    editor = Editor(run, "xxy-a")
    begun = editor.begin("withdraw", reason="地点有误，先行撤回。")
    shown = editor.client.get(begun.headers["location"]).text
    assert "地点有误，先行撤回。" in shown and "note--bad" not in shown
    frame = re.search(r'src="(/posts/[^"]+/site/[^"]+)"', shown)
    assert frame and "撤回" in editor.client.get(frame[1]).text
    done = editor.act(editor.form(begun.headers["location"]), "submit")
    assert done.status_code == 303, done.text
    value, body = post_on(run, POST)
    assert value["validity"] == "withdrawn" and "media" not in value
    assert body == "本内容已于11月5日撤回。"
    left = Git(run.remote)("ls-tree", "--name-only", f"{POST}:{folder(POST)}")
    assert left == "post.md"
    assert record_on(run, POST, 2)["kind"] == "withdrawal"
    approve(run)
    assert post_on(run, "main")[0]["validity"] == "withdrawn"
    page = editor.page()
    assert 'value="withdraw"' not in page and "已撤回" in page
    again = editor.begin("withdraw", reason="再撤一次。")
    assert again.status_code == 409 and "已经撤回" in again.text


def test_while_a_revision_waits_another_is_refused_and_a_withdrawal_takes_its_place(
    run: DeskRun,
) -> None:
    editor = Editor(run)
    begun = editor.begin("update", reason="增加一条提示。")
    given = editor.form(begun.headers["location"])
    editor.act(given, "save", _body="关好火源，再看气阀。\n")
    assert editor.act(editor.form(begun.headers["location"]), "submit").status_code == 303
    review(run, "xxy-a")
    other = Editor(run, "xxy-d")
    refused = other.begin("correct", reason=REASON)
    assert refused.status_code == 409
    assert "第2版正在办理" in refused.text.replace(" ", "") and "撤回代替" in refused.text
    done = other.withdraw(reason="整篇有误，夜间先行撤回。")
    assert done.status_code == 303, done.text
    value, _ = post_on(run, POST)
    assert (value["revision"], value["validity"]) == (3, "withdrawn"), "on the same branch"
    tree = Git(run.remote)("ls-tree", "-r", "--name-only", POST)
    assert f"{POST}.r3.yml" in tree and f"{POST}.r2.yml" not in tree
    assert f"reviews/2026/{POST}/r2/1-first.json" in tree, "what was signed stands"
    twice = editor.begin("withdraw", reason="我也来撤回。")
    assert twice.status_code == 409 and "办理" in twice.text
    assert approve(run) == {"next": "/"}
    assert post_on(run, "main")[0]["validity"] == "withdrawn"


def test_a_returned_correction_becomes_the_next_revision_with_one_record(run: DeskRun) -> None:
    editor = Editor(run)
    begun = editor.begin("correct", reason=REASON)
    editor.act(editor.form(begun.headers["location"]), "save", _body="关好气阀。\n")
    editor.act(editor.form(begun.headers["location"]), "submit")
    review(run, "xxy-a", decision="return", opinion="漏了火源。")
    given = editor.form(f"/write/draft?branch={POST}&post={POST}")
    saved = editor.act(given, "submit", _body="关好火源、气阀。\n")
    assert saved.status_code == 303, saved.text
    tree = Git(run.remote)("ls-tree", "-r", "--name-only", POST)
    assert f"{POST}.r3.yml" in tree and f"{POST}.r2.yml" not in tree
    assert record_on(run, POST, 3)["reason"] == REASON
    assert approve(run) == {"next": "/"}
    assert post_on(run, "main")[0]["revision"] == 3


def test_a_warning_is_lifted_with_nothing_typed_at_all(run: DeskRun) -> None:
    editor = Editor(run)
    begun = editor.begin("lift", WARNING)
    assert begun.status_code == 303, begun.text
    done = editor.act(editor.form(begun.headers["location"]), "submit")
    assert done.status_code == 303, done.text
    value, body = post_on(run, WARNING, WARNING)
    assert value["alert"]["lifted_at"] == "2026-11-05T18:00:00+08:00"
    assert body.startswith("**更新：** 云岚市气象局11月5日18时0分解除预警。\n\n大风")
    told = record_on(run, WARNING, 2, WARNING)
    assert told["kind"] == "update" and "解除预警" in told["reason"]
    assert any("18" in row["new"] for row in told["changes"])


@pytest.mark.parametrize(
    ("lifted_at", "why"),
    [("2026-11-05T07:59", "不能早于发布"), ("2026-11-06T08:01", "自行结束"), ("gestern", "")],
)
def test_a_warning_is_not_lifted_before_it_was_issued_nor_after_its_end(
    run: DeskRun, lifted_at: str, why: str
) -> None:
    refused = Editor(run).begin("lift", WARNING, lifted_at=lifted_at)
    assert refused.status_code == 409 and why in refused.text


@pytest.mark.parametrize("lifted_at", ["2026-11-05T08:00", "2026-11-06T08:00"])
def test_a_warning_is_lifted_from_issue_to_its_last_minute(run: DeskRun, lifted_at: str) -> None:
    assert Editor(run).begin("lift", WARNING, lifted_at=lifted_at).status_code == 303


def test_a_warning_is_lifted_once(run: DeskRun) -> None:
    editor = Editor(run)
    address = editor.begin("lift", WARNING).headers["location"]
    editor.act(editor.form(address), "submit")
    twice = editor.begin("lift", WARNING)
    assert twice.status_code == 409 and "办理" in twice.text
    approve(run, WARNING)
    again = Editor(run).begin("lift", WARNING)
    assert again.status_code == 409 and "已于" in again.text and "更正" in again.text
    assert Editor(run).begin("lift", POST).status_code == 409, "no warning"


def test_a_draft_of_a_revision_is_of_who_began_it(run: DeskRun) -> None:
    editor, other = Editor(run, "xxy-a"), Editor(run, "kz-a")
    given = editor.form(editor.begin("correct", reason=REASON).headers["location"])
    assert other.client.post("/write/discard", data=given, headers=HTML).status_code == 409
    assert "尚未送审" not in other.page()
    assert editor.client.post("/write/discard", data=given, headers=HTML).status_code == 303
    assert given["_branch"] not in Git(run.remote)("branch")


def test_a_draft_that_main_overtook_says_so(run: DeskRun) -> None:
    slow, quick = Editor(run, "xxy-a"), Editor(run)
    address = slow.begin("correct", reason=REASON).headers["location"]
    slow.act(slow.form(address), "save", _body="慢慢改。\n")
    quick.withdraw()
    approve(run)
    late = slow.act(slow.form(address), "submit")
    assert late.status_code == 409 and "已有第2版" in late.text.replace(" ", "")


def test_who_has_no_session_and_whose_key_was_stopped_begin_nothing(run: DeskRun) -> None:
    desk = run.open()
    stranger = browser(desk)
    given = {"kind": "withdraw", "reason": REASON}
    turned = stranger.post(f"/published/{POST}/revise", data=given, headers=HTML)
    assert turned.headers["location"].startswith("/sign-in")
    holder = browser(desk)
    secret = desk.sessions.begin("zz-a", desk.now(), key="SHA256:stopped-a-minute-ago")
    holder.cookies.set("desk", secret)
    turned = holder.post(f"/published/{POST}/revise", data=given, headers=JSON)
    assert turned.status_code == 401 and turned.json()["next"].startswith("/sign-in")
    forged = browser(desk, "zz-a")
    forged.headers["origin"] = "https://evil.example"
    assert forged.post(f"/published/{POST}/revise", data=given).status_code == 403
    assert "draft/" not in Git(run.remote)("branch")


def test_what_is_typed_is_no_path_and_no_command(run: DeskRun, tmp_path: Path) -> None:
    editor = Editor(run)
    for post in ("..%2f..%2fpolicy", "-x", "2026-11-05-none"):
        address = f"/published/{post}/revise"
        answer = editor.client.post(address, data={"kind": "lift"}, headers=HTML)
        assert answer.status_code in (404, 409)
    assert editor.begin("destroy").status_code == 409
    long = editor.begin("correct", reason="长" * 300_000)
    if long.status_code == 303:
        sent = editor.act(editor.form(long.headers["location"]), "submit")
        assert sent.status_code == 409


def test_a_confirmed_correction_that_could_not_enter_stands_in_a_list(run: DeskRun) -> None:
    """All accounts carried the first revision: the second one waits for nobody but main."""
    editor = Editor(run)
    begun = editor.begin("update", reason="增加一条提示。")
    given = editor.form(begun.headers["location"])
    editor.act(given, "save", _body="关好火源，再看气阀。\n")
    editor.act(editor.form(begun.headers["location"]), "submit")
    hook = run.remote / "hooks" / "update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\n[ "$1" != refs/heads/main ]\n')
    hook.chmod(0o755)
    approve(run)
    assert post_on(run, "main")[0]["revision"] == 1
    mine = browser(run.open(), "gly-a").get("/").text.partition("他人办理中")[0]
    assert "冬季防火三件事" in mine and "入档" in mine


def test_killed_between_writing_down_and_git_draft_and_record_come_together(run: DeskRun) -> None:
    """One change in the queue holds both; whichever desk starts next puts them on their branch."""
    editor = Editor(run)
    away = run.remote.rename(run.remote.with_name("away.git"))
    waits = editor.begin("withdraw", reason="地点有误，先行撤回。")
    assert waits.status_code == 202 or "没有丢失" in waits.text
    away.rename(run.remote)
    assert "draft/" not in Git(run.remote)("branch")
    run.open().writer.drain()
    branch = f"draft/{POST}-withdraw-r2-zz-a"
    assert post_on(run, branch)[0]["validity"] == "withdrawn"
    assert record_on(run, branch, 2)["kind"] == "withdrawal"
    commits = Git(run.remote)("rev-list", "--count", f"main..{branch}")
    assert commits == "1"


def test_a_post_of_every_kind_of_the_demo_is_withdrawn_without_a_refusal(tmp_path: Path) -> None:
    """A reprint as well, whose source stays named though its copy goes."""
    lay_out_demo(tmp_path / "demo")
    desk = Desk(Clone(tmp_path / "demo"), ORIGIN, lambda: NOW, translator("zh"), tmp_path / "queue")
    client = browser(desk, "zz-b")
    for post in (
        "2026-11-06-reprint-heating-fire", "2026-10-27-forward-winter-plan",
        "2026-09-04-confined-space-video", "2026-11-13-cold-wave-alert",
    ):  # fmt: skip
        given = {"kind": "withdraw", "reason": REASON}
        begun = client.post(f"/published/{post}/revise", data=given, headers=HTML)
        assert begun.status_code == 303, begun.text
        assert "note--bad" not in client.get(begun.headers["location"]).text, post
