"""A writer begins, writes, saves and submits a post on pages, and no keystroke is lost."""

import io
import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlencode

import pytest
from PIL import Image
from starlette.testclient import TestClient

from pipeline.cli.forge_api import RemoteForge, Unanswered
from pipeline.errors import Fault
from pipeline.judge.judgements import check_files
from pipeline.model.findings import say
from pipeline.model.ids import PersonId
from pipeline.parts.desk import draft_branches
from pipeline.source.content.front_matter import split_post
from tests.builders.archive import POST
from tests.builders.desks import DeskRun, browser, bureau, change
from tests.builders.files import folder
from tests.builders.git import Git
from tests.builders.live_desks import free_port, serving
from tests.builders.named import shows

HTML = {"accept": "text/html"}
FILLED = {
    "title": ["冬季取暖三件事"], "summary": ["通风、检查、会求助。"], "accounts": ["", "wx"],
    "publish_at": ["2026-11-05T09:30"], "topic": ["education"], "category": ["3"],
    "created_on": ["2026-11-04"], "ai": ["none"], "origin": ["original"],
    "secrecy_review.person": ["xxy-d"], "secrecy_review.date": ["2026-11-04"],
    "secrecy_review.result": ["releasable"],
    "_body": ["关好火源再出门。\r\n\r\n断电、清通道。\r\n"],
}  # fmt: skip


@pytest.fixture
def run(tmp_path: Path) -> DeskRun:
    archive = bureau(tmp_path / "archive")
    archive.draft()
    archive.commit("起草", "zz-a")
    return DeskRun.over(archive, tmp_path)


class Writer:
    """A browser without scripts in the hands of a writer."""

    def __init__(self, run: DeskRun, person: str = "zz-a") -> None:
        self.desk = run.open()
        self.client: TestClient = browser(self.desk, person)
        self.run = run

    def begin(self, kind: str = "tip") -> "dict[str, list[str]]":
        begun = self.client.post("/write", data={"kind": kind}, headers=HTML)
        return self.load(begun.headers["location"])

    def load(self, address: str) -> dict[str, list[str]]:
        self.page = self.client.get(address, headers=HTML)
        assert self.page.status_code == 200, self.page.text
        return fields_of(self.page.text)

    def send(self, act: str, fields: dict[str, list[str]], **changed: list[str]) -> Any:
        self.page = self.client.post(
            "/write/draft", data={**fields, **changed, "_act": act}, headers=HTML
        )
        return self.page

    def text(self, branch: str, post: str) -> tuple[dict[str, Any], str]:
        document, body, _ = split_post(
            "", self.run.read(branch, f"{folder(post)}/post.md").encode()
        )
        return document.value, body or ""


def fields_of(html: str) -> dict[str, list[str]]:
    """What a browser would send of the draft's form as it came."""
    form = html.split(" data-editor ")[1].split(">", 1)[1].split("</form>")[0]
    sent: dict[str, list[str]] = {}
    control = r"<(input|select|textarea)([^>]*)>(.*?)(?=<input|<select|<textarea|$)"
    for tag in re.finditer(control, form, re.DOTALL):
        kind, attributes, rest = tag.groups()
        given = {k: unescape(v) for k, v in re.findall(r'([\w-]+)="([^"]*)"', attributes)}
        name = given.get("name", "")
        box = given.get("type") in ("checkbox", "radio")
        if not name or (box and " checked" not in attributes):
            continue
        value = given.get("value", "")
        if kind == "textarea":
            value = unescape(rest.split("</textarea>")[0].removeprefix("\n"))
        if kind == "select":
            chosen = re.search(r'value="([^"]*)" selected', rest.split("</select>")[0])
            value = unescape(chosen[1]) if chosen else ""
        sent.setdefault(name, []).append(value)
    return sent


def test_a_draft_is_begun_filled_in_saved_and_submitted(run: DeskRun) -> None:
    writer = Writer(run)
    fields = writer.begin()
    assert fields["kind"] == ["tip"] and "ai" not in fields, "ai is asked, never filled in"
    branch, post = fields["_branch"][0], fields["_post"][0]
    assert branch == f"draft/{post}"
    refused = writer.send("submit", fields)
    assert refused.status_code == 409 and "尚未送审" in refused.text
    saved = writer.send("save", fields, **FILLED)
    assert saved.status_code == 303
    post = saved.headers["location"].rpartition("post=")[2]
    assert post == f"2026-11-05{post[10:]}", "its folder follows the day of publication"
    value, body = writer.text(branch, post)
    assert body == "关好火源再出门。\n\n断电、清通道。"
    assert value["publish_at"] == "2026-11-05T09:30:00+08:00" and value["revision"] == 1
    assert run.log(branch)[0] == "撰写《冬季取暖三件事》"
    fields = writer.load(saved.headers["location"])
    assert "已保存" in writer.page.text
    assert "冬季取暖三件事" in writer.client.get("/write").text
    others = browser(run.open(), "xxy-a").get("/").text.split('aria-label="他人办理中"')
    assert "冬季取暖三件事" not in others[0], "a draft waits for its writer alone"
    asked: list[tuple[str, Any]] = []
    writer.desk.forge = RemoteForge("gitea", "forge.example", "yj/archive")

    def answered(_path: str, method: str, body: Any) -> Any:
        asked.append((method, body))
        if method == "GET":
            raise none_yet
        return []

    none_yet = Unanswered(say("No such proposal."))
    none_yet.why = "404"
    writer.desk.ask_forge = answered
    done = writer.send("submit", fields)
    opened = {"title": "冬季取暖三件事", "body": "", "head": post, "base": "main"}
    assert asked[-1] == ("POST", opened), "what the forge answers then is of no matter"
    assert done.status_code == 303, re.findall(r"<ul class=.hints.*?</ul>", done.text, re.DOTALL)
    assert writer.text(post, post)[0]["title"] == "冬季取暖三件事"
    gone = writer.client.get(saved.headers["location"], headers=HTML)
    assert gone.status_code == 409, "the branch of the draft is gone"
    waits = browser(run.open(), "xxy-a").get("/").text
    assert waits.count("冬季取暖三件事") == 1 and "初审" in waits


def test_what_a_waiver_can_excuse_is_submitted_for_a_leader_to_waive(run: DeskRun) -> None:
    writer = Writer(run)
    fields = writer.begin()
    saved = writer.send("save", fields, **FILLED | {"_body": ["关好火源再出门，请务必转发。"]})
    post = saved.headers["location"].rpartition("post=")[2]
    fields = writer.load(saved.headers["location"])
    assert shows(writer.page.text, "waiver-once-submitted", "zh")
    assert writer.send("submit", fields).status_code == 303
    assert "先签署豁免" in writer.client.get("/write", headers=HTML).text
    leader = browser(run.open(), "kz-a").get(f"/exceptions/{post}").text
    assert f'action="/exceptions/{post}/waive"' in leader and "R16-2" in leader


def test_a_draft_is_deleted_by_its_writer_until_it_is_submitted(run: DeskRun) -> None:
    writer = Writer(run)
    fields = writer.begin()
    of_it = {name: fields[name][0] for name in ("_branch", "_post")}
    other = browser(run.open(), "xxy-a")
    assert other.post("/write/discard", data=of_it, headers=HTML).status_code == 409
    assert shows(
        other.post("/write/discard", data=of_it, headers=HTML).text, "only-writers-delete", "zh"
    )
    submitted = {"_branch": "proposal", "_post": POST}
    assert writer.client.post("/write/discard", data=submitted, headers=HTML).status_code == 409
    assert writer.client.post("/write/discard", data=of_it, headers=HTML).status_code == 303
    assert of_it["_post"] not in writer.client.get("/write").text
    with pytest.raises(AssertionError):
        run.read(of_it["_branch"], ".gitignore")


def test_a_text_is_saved_up_to_what_the_gate_lets_in(run: DeskRun) -> None:
    writer = Writer(run)
    fields, long = writer.begin(), "断电、清通道。" * 20_000  # 1.2 MB as a form sends it
    assert writer.send("save", fields, **{**FILLED, "_body": [long]}).status_code == 303
    post = writer.page.headers["location"].rpartition("post=")[2]
    assert writer.text(fields["_branch"][0], post)[1] == long


def test_a_form_sent_back_as_it_came_saves_nothing(run: DeskRun) -> None:
    writer = Writer(run)
    address = f"/write/draft?branch=proposal&post={POST}"
    fields = writer.load(address)
    before = run.branch("proposal")
    assert writer.send("save", fields).status_code == 303
    assert run.branch("proposal") == before
    fields["note"] = ["nothing of the form"]
    writer.send("save", fields, _body=["改一句。\n"])
    value, body = writer.text("proposal", POST)
    assert body == "改一句。" and value["tags"] == ["防火"] and "note" not in value


def test_what_cannot_be_seen_is_left_out_and_the_draft_opens_again(run: DeskRun) -> None:
    """Other programs put such signs on the clipboard, and a file with one cannot be read."""
    writer = Writer(run)
    address = f"/write/draft?branch=proposal&post={POST}"
    fields = writer.load(address)
    typed = (
        "\u200b关\x0b火\u2028断\x00电\u00ad\ufeff cafe\u0301\ufffe。\n<<<<<<< HEAD\n---\ntitle: x\n"
    )
    assert (
        writer.send("save", fields, _body=[typed], title=["标\u200b题\x07: # ---"]).status_code
        == 303
    )
    assert writer.load(address)["_body"] == ["关\n火\n断电 café。\n\\<<<<<<< HEAD\n---\ntitle: x\n"]
    assert writer.load(address)["title"] == ["标题: # ---"]


def test_a_finding_leads_to_its_sentence_or_field(run: DeskRun) -> None:
    writer = Writer(run)
    fields = writer.load(f"/write/draft?branch=proposal&post={POST}")
    body = "😀首段。\n\n第一句没事。请不传谣、不信谣,谢谢！再见。\n"
    before = run.branch("proposal")
    page = writer.send("check", fields, _body=[body], summary=[""], **{"alert.level": ["3"]})
    assert page.status_code == 200 and run.branch("proposal") == before
    links = set(re.findall(r'<a href="#([^"]+)" data-start', page.text))
    assert {"f-summary", "f-_body", "f-alert.issuer"} <= links
    spans = re.findall(r'href="#f-_body" data-start="(\d+)" data-end="(\d+)"', page.text)
    typed = body.encode("utf-16-le")
    words = {typed[2 * int(a) : 2 * int(b)].decode("utf-16-le") for a, b in spans}
    assert "请不传谣、不信谣,谢谢！" in words, words


def test_a_term_a_listed_word_and_a_common_one_have_a_button_that_corrects_them(
    run: DeskRun,
) -> None:
    writer = Writer(run)
    fields = writer.load(f"/write/draft?branch=proposal&post={POST}")
    body = "😀首段，应及管理局提醒。\n\n请按排好值班，望大家再接再励。\n"
    page = writer.send("check", fields, _body=[body]).text
    shape = r'data-swap="([^"]+)" [^>]*data-start="(\d+)" data-end="(\d+)" data-script hidden>改为'
    typed = body.encode("utf-16-le")
    swaps = {
        (typed[2 * int(a) : 2 * int(b)].decode("utf-16-le"), right)
        for right, a, b in re.findall(shape, page)
    }
    assert swaps >= {("应及管理局", "应急管理局"), ("按排", "安排"), ("再接再励", "再接再厉")}


def test_the_second_of_two_tabs_is_told_what_changed_and_loses_nothing(run: DeskRun) -> None:
    first, second = Writer(run), Writer(run)
    address = f"/write/draft?branch=proposal&post={POST}"
    ours, theirs = first.load(address), second.load(address)
    assert (
        second.send("save", theirs, title=["他们的标题"], _body=["他们的话。\n"]).status_code == 303
    )
    refused = first.send("save", ours, _body=["我们的话。\n"])
    assert refused.status_code == 409
    assert "他们的标题" in refused.text and "他们的话。" in refused.text
    again = fields_of(refused.text)
    assert again["_body"] == ["我们的话。\n"]
    assert first.text("proposal", POST)[1] == "他们的话。"
    assert first.send("save", again).status_code == 303
    assert first.text("proposal", POST)[1] == "我们的话。"


def test_without_the_remote_the_words_stay_on_the_page_and_come_later(run: DeskRun) -> None:
    writer = Writer(run)
    fields = writer.load(f"/write/draft?branch=proposal&post={POST}")
    away = run.remote.rename(run.remote.with_name("away.git"))
    waits = writer.send("save", fields, _body=["断网时写的。\n"])
    assert "没有丢失" in waits.text and fields_of(waits.text)["_body"] == ["断网时写的。\n"]
    away.rename(run.remote)
    writer.desk.writer.drain()
    assert writer.text("proposal", POST)[1] == "断网时写的。"


def test_a_returned_draft_shows_the_opinion_and_becomes_the_next_revision(tmp_path: Path) -> None:
    archive = bureau(tmp_path / "archive")
    archive.draft()
    archive.commit("起草", "zz-a")
    archive.review(POST, "first", decision="return", opinion="第二段改短。")
    archive.commit("退回", "xxy-a")
    writer = Writer(DeskRun.over(archive, tmp_path))
    listed = writer.client.get("/write").text
    address = re.search(r'href="(/write/draft[^"]+)"', listed)
    assert address and "退回" in listed
    fields = writer.load(unescape(address[1]))
    assert "第二段改短。" in writer.page.text
    writer.send("save", fields)
    assert writer.text("proposal", POST)[0]["revision"] == 1, "nothing was changed"
    assert "没有改动" in writer.send("submit", fields).text
    done = writer.send("submit", fields, _body=["改好了。\n"])
    assert done.status_code == 303 and writer.text("proposal", POST)[0]["revision"] == 2


def photograph() -> bytes:
    exif = Image.Exif()
    exif[0x013B] = "某某"
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_picture_comes_beside_the_draft_and_its_words_are_asked(run: DeskRun) -> None:
    writer = Writer(run)
    fields = writer.load(f"/write/draft?branch=proposal&post={POST}")
    where = {k: fields[k][0] for k in ("_branch", "_post")}
    given = {"file": ("微信图片.jpg", photograph(), "image/jpeg")}
    added = writer.client.post(
        "/write/files", data=where, files=given, headers={"accept": "application/json"}
    )
    assert added.json() == {
        "name": "picture.jpg", "picture": True, "listed": True, "words": {},
    }  # fmt: skip
    fields = writer.load(f"/write/draft?branch=proposal&post={POST}")
    assert fields["media.0.file"] == ["picture.jpg"] and fields["media.0.alt"] == [""]
    words = {
        "media.0.alt": ["红色的灶[台]"],
        "media.0.author": ["某科"],
        "media.0.licence": ["本单位原创"],
    }
    writer.send("save", fields, _body=["![](picture.jpg)\n"], **words)
    value, body = writer.text("proposal", POST)
    assert value["media"] == [
        {"file": "picture.jpg", "alt": "红色的灶[台]", "author": "某科", "licence": "本单位原创"}
    ]
    assert body == "![红色的灶\\[台\\]](picture.jpg)"
    fields = writer.load(f"/write/draft?branch=proposal&post={POST}")
    writer.send("check", fields, _body=["[附件1：现场](picture.jpg)\n"])
    assert '/picture.jpg">附件1：现场</a> <label>' in writer.page.text, (
        "not by its name in the archive"
    )
    writer.send("save", fields, _drop=["picture.jpg", "../../policy.yml"], _body=["无图。\n"])
    assert "media" not in writer.text("proposal", POST)[0]
    left = Git(run.remote)("ls-tree", "--name-only", f"proposal:{folder(POST)}")
    assert left == "post.md"
    bad = {"file": ("a.svg", b"<svg/>", "image/svg+xml")}
    assert writer.client.post("/write/files", data=where, files=bad).status_code == 409
    large = {"file": ("a.pdf", bytes(50 << 20), "application/pdf")}
    assert writer.client.post("/write/files", data=where, files=large).status_code == 413


def test_the_text_of_an_original_is_kept_with_the_time_it_was_copied(run: DeskRun) -> None:
    writer = Writer(run)
    fields = writer.begin("reprint")
    branch, post = fields["_branch"][0], fields["_post"][0]
    writer.send("save", fields, _original=["原文一。\r\n"], **{"source.title": ["原题"]})
    value, _ = writer.text(branch, post)
    assert value["source"]["snapshot"] == "source.txt" and value["source"]["fetched_at"]
    assert run.read(branch, f"{folder(post)}/source.txt") == "原文一。"


@pytest.mark.parametrize(
    ("branch", "post"),
    [("main", POST), ("proposal", "../../policy"), ("x;rm", POST), ("", ""), ("a%00b", POST)],
)
def test_what_is_no_draft_is_not_opened(run: DeskRun, branch: str, post: str) -> None:
    writer = Writer(run)
    assert writer.client.get(f"/write/draft?branch={branch}&post={post}").status_code == 409
    sent = writer.send("save", {"_branch": [branch], "_post": [post], "title": ["x"]})
    assert sent.status_code == 409


def test_an_original_that_is_no_text_is_shown_and_replaced(run: DeskRun) -> None:
    writer = Writer(run)
    fields = writer.begin("reprint")
    branch, post = fields["_branch"][0], fields["_post"][0]
    writer.send("save", fields, _original=["原文一。"], **{"source.title": ["原题"]})
    path = f"{folder(post)}/source.txt"
    writer.desk.writer.put(change(branch, files={path: b"\xff\xfe\x00"}))
    fields = writer.load(f"/write/draft?branch={branch}&post={post}")
    assert writer.send("check", fields).status_code == 200
    assert writer.send("save", fields, _original=["原文二。"]).status_code == 303
    assert run.read(branch, path) == "原文二。"


# What is typed and not saved.


def test_what_was_checked_and_not_saved_comes_back_on_any_device(run: DeskRun) -> None:
    address = f"/write/draft?branch=proposal&post={POST}"
    desktop, phone = Writer(run), Writer(run)
    fields = desktop.load(address)
    desktop.send("check", fields, _body=["写到一半。\n"], title=["半个标题"])
    again = phone.load(address)
    assert again["_body"] == ["写到一半。\n"] and again["title"] == ["半个标题"]
    assert "为止写下的内容" in phone.page.text and again["_base"] == fields["_base"]
    assert "写到一半" not in Writer(run, "xxy-a").client.get(address).text, "another's is not shown"
    files = [*run.root.glob(".git/sanshen-desk/unsaved/*")]
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600]
    assert phone.send("save", again).status_code == 303
    assert desktop.load(address)["_body"] == ["写到一半。\n"]
    assert "为止写下的内容" not in desktop.page.text and not [
        *run.root.glob(".git/sanshen-desk/unsaved/*")
    ]


def test_one_goes_back_to_what_is_saved(run: DeskRun) -> None:
    address = f"/write/draft?branch=proposal&post={POST}"
    writer = Writer(run)
    fields = writer.load(address)
    writer.send("check", fields, _body=["不要的话。\n"])
    assert writer.send("forget", fields).status_code == 303
    assert writer.load(address)["_body"] == fields["_body"]


def test_what_comes_back_does_not_overwrite_what_another_saved(run: DeskRun) -> None:
    address = f"/write/draft?branch=proposal&post={POST}"
    first, second = Writer(run), Writer(run)
    fields = first.load(address)
    first.send("check", fields, _body=["我们的话。\n"])
    second.run.open().writer.put(
        change("proposal", files={f"{folder(POST)}/post.md": OTHERS.encode()})
    )
    refused = first.send("save", first.load(address))
    assert refused.status_code == 409 and "他们的话。" in refused.text
    assert fields_of(refused.text)["_body"] == ["我们的话。\n"]


OTHERS = "---\ntitle: 他们的标题\nkind: tip\nrevision: 1\nauthor: zz-a\n---\n\n他们的话。\n"


@pytest.mark.parametrize("raw", [b"", b"[1", b"[]", b'["x", "y"]', b'{"at": 1}', b"\xff"])
def test_a_stored_text_that_cannot_be_read_keeps_no_draft_shut(run: DeskRun, raw: bytes) -> None:
    address = f"/write/draft?branch=proposal&post={POST}"
    writer = Writer(run)
    fields = writer.load(address)
    writer.send("check", fields, _body=["写到一半。\n"])
    (file,) = run.root.glob(".git/sanshen-desk/unsaved/*")
    file.write_bytes(raw)
    assert writer.load(address)["_body"] == fields["_body"]


def test_a_full_disk_is_said_and_the_findings_come_all_the_same(run: DeskRun) -> None:
    writer = Writer(run)
    fields = writer.load(f"/write/draft?branch=proposal&post={POST}")
    folder_ = run.root / ".git/sanshen-desk/unsaved"
    folder_.parent.mkdir(exist_ok=True)
    folder_.write_text("a file where the folder should be")
    page = writer.send("check", fields, _body=["写到一半。\n"])
    assert "磁盘已写不进去" in page.text and "data-findings" in page.text
    assert fields_of(page.text)["_body"] == ["写到一半。\n"]


def test_what_is_old_goes(run: DeskRun) -> None:
    writer = Writer(run)
    fields = writer.load(f"/write/draft?branch=proposal&post={POST}")
    writer.send("check", fields, _body=["写到一半。\n"])
    (file,) = run.root.glob(".git/sanshen-desk/unsaved/*")
    other = file.with_name("0.json")
    other.write_bytes(b"[]")
    os.utime(other, (0, 0))
    writer.send("check", fields, _body=["又写一句。\n"])
    assert file.exists() and not other.exists()


def test_a_file_that_is_gone_before_its_age_is_read_is_no_full_disk(run: DeskRun) -> None:
    """Two tabs store the same draft: what one lists, the other has renamed by then."""
    writer = Writer(run)
    fields = writer.load(f"/write/draft?branch=proposal&post={POST}")
    writer.send("check", fields, _body=["写到一半。\n"])
    (file,) = run.root.glob(".git/sanshen-desk/unsaved/*")
    file.with_name("0.json").symlink_to("gone")
    page = writer.send("check", fields, _body=["又写一句。\n"])
    assert "磁盘已写不进去" not in page.text and file.exists()


def test_two_tabs_that_store_the_same_draft_at_once_are_no_full_disk(
    run: DeskRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One has written its file and not put it in place when the other begins, and ends."""
    writer, other = Writer(run), Writer(run)
    address = f"/write/draft?branch=proposal&post={POST}"
    fields, writes = writer.load(address), Path.write_bytes
    beside: list[str] = []

    def meanwhile(path: Path, raw: bytes) -> int:
        done = writes(path, raw)
        if path.parent.name == "unsaved" and not beside:
            beside.append("begun")
            with ThreadPoolExecutor(1) as thread:
                sent = thread.submit(other.send, "check", fields, _body=["另一页写的。\n"])
                beside.append(sent.result().text)
        return done

    monkeypatch.setattr(Path, "write_bytes", meanwhile)
    page = writer.send("check", fields, _body=["写到一半。\n"])
    assert "另一页写的。" in beside[1]
    assert not any("磁盘已写不进去" in text for text in (page.text, beside[1]))
    assert writer.load(address)["_body"] == ["写到一半。\n"], "who is last put in place stays"
    (file,) = run.root.glob(".git/sanshen-desk/unsaved/*")
    assert not file.name.startswith(".")


def pieces(writer: Writer, fields: dict[str, list[str]], **changed: list[str]) -> list[Any]:
    """What the form's script is sent while the draft is checked."""
    answer = writer.send("watch", fields, **changed)
    return [json.loads(line) for line in answer.text.splitlines()]


def test_what_is_found_comes_clause_by_clause_and_at_the_end_as_the_page_has_it(
    run: DeskRun,
) -> None:
    writer = Writer(run)
    wrong = {**writer.begin(), **FILLED, "_body": ["请不传谣、不信谣,谢谢！\n"], "ai": [""]}
    *some, last = pieces(writer, wrong)
    assert [piece["left"] for piece in some] == [*range(len(some), 0, -1)] and last["left"] == 0
    found = [piece["rows"] for piece in some if piece["rows"]]
    assert len(found) > 1 and all(rows.count("<li>") < last["rows"].count("<li>") for rows in found)
    page = writer.send("check", wrong).text
    assert last["rows"] in page and "data-clean hidden" in page
    for row in re.findall("<li>.*?</li>", "".join(found), re.DOTALL):
        assert row in last["rows"]
    *_, last = pieces(writer, {**wrong, **FILLED})
    assert last == {"left": 0, "rows": last["rows"]} and "拒绝" not in last["rows"]


def test_a_check_that_dies_midway_sends_no_end(
    run: DeskRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = list[object]()

    def dies(*given: Any) -> Any:
        def watch(findings: Any) -> None:
            given[-1](findings)
            looked_at.append(findings)
            if len(looked_at) == 9:
                raise Fault(say("The remote cannot be reached."))

        return check_files(given[0], given[1], given[2], given[3], watch)

    writer = Writer(run)
    fields = writer.begin()
    monkeypatch.setattr(draft_branches, "check_files", dies)
    *some, last = pieces(writer, fields)
    assert len(some) == 9 and all(piece["left"] for piece in some) and set(last) == {"error"}


def test_who_listens_no_more_holds_no_thread_and_no_repository(
    run: DeskRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second check begins, or the tab is closed, while the first goes on."""
    fields, over, ended = {**Writer(run).begin(), "_act": ["watch"]}, Event(), Event()
    looked_at = list[object]()

    def slowly(*given: Any) -> Any:
        def watch(findings: Any) -> None:
            looked_at.append(findings)
            given[-1](findings)
            assert over.wait(300)

        try:
            return check_files(given[0], given[1], given[2], given[3], watch)
        finally:
            ended.set()

    monkeypatch.setattr(draft_branches, "check_files", slowly)
    listening, origin = free_port()
    listening.listen()
    desk = run.open(origin)
    with serving(desk, listening):
        secret = desk.sessions.begin(PersonId("zz-a"), desk.now())
        client = HTTPConnection("127.0.0.1", int(origin.rpartition(":")[2]))
        client.request("POST", "/write/draft", urlencode(fields, doseq=True), {
            "Host": origin.removeprefix("http://"), "Origin": origin, "Cookie": f"desk={secret}",
            "Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
        answer = client.getresponse()
        assert answer.getheader("X-Accel-Buffering") == "no"
        assert json.loads(answer.readline())["left"], "it comes before the next clause is judged"
        answer.close()
        client.close()
        over.set()
        assert ended.wait(300)
        # Each piece is handed over by the loop, which meets the closed connection within a few.
        assert len(looked_at) < 30, "the clauses that are left are not judged"
        assert desk.clone._idle.get(timeout=300), "it is given back, with what it has read"


def test_a_disk_that_is_full_is_said_before_what_is_found(
    run: DeskRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer(run)
    fields = writer.begin()

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(draft_branches, "write_whole", full)
    first, *_, last = pieces(writer, {**fields, **FILLED})
    assert "磁盘已写不进去" in first["error"] and last["left"] == 0
