"""The reviewer's page: what is shown is what is signed, and approving takes a look at all of it."""

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipeline.model.evidence import Step
from pipeline.parts.desk.desk import Desk
from pipeline.sign.review_step import AFFIRMED
from tests.builders.archive import OTHER_PNG, PNG, POST, ArchiveRepo
from tests.builders.cast import AS_OF, at, email, registers
from tests.builders.desks import DeskRun, answer_of, browser, bureau, change
from tests.builders.files import folder
from tests.builders.named import shows, worded

PAGE = f"/posts/{POST}/"
JSON = {"accept": "application/json"}
PICTURE = [{"file": "fire.png", "alt": "炉火", "author": "zz-a", "licence": "原创"}]
BODY = "第一句不变。第二句有错。\n\n![炉火](fire.png)\n"
HOSTILE = "\n电话13912345678。<script>alert(1)</script>\n"
CONFIRMED = f"content/reviews/2026/{POST}/r1/4-confirm.json"
RECORD = f"content/reviews/2026/{POST}/r1/1-first.json"


def drafted(root: Path, body: str = BODY) -> ArchiveRepo:
    made = bureau(root)
    made.switch("proposal")
    revise(made, 1, body)
    return made


def revise(archive: ArchiveRepo, number: int, body: str, picture: bytes = PNG) -> None:
    archive.draft(body=body, media=PICTURE, revision=number, summary=f"第{number}个摘要")
    archive.write(f"{folder(POST)}/fire.png", picture)
    archive.write(f"{folder(POST)}/notice.csv", b"a,b\n")
    archive.commit(f"第{number}版", "zz-a")


def returned(root: Path) -> ArchiveRepo:
    """A second revision, after the section head returned the first one."""
    made = drafted(root)
    made.review(POST, "first", "xxy-a")
    made.review(POST, "second", "kz-a", decision="return", opinion="第二句不实")
    made.commit("退回", "kz-a")
    revise(made, 2, BODY.replace("有错", "改对"), OTHER_PNG)
    return made


@pytest.fixture(scope="module")
def bureaus(tmp_path_factory: pytest.TempPathFactory) -> dict[str, DeskRun]:
    """Desks over a post that the machine refuses, and over a second revision."""
    root = tmp_path_factory.mktemp("bureaus")
    made = {"refused": drafted(root / "a" / "archive", BODY + HOSTILE),
            "second": returned(root / "b" / "archive")}  # fmt: skip
    return {name: DeskRun.over(archive, archive.root.parent) for name, archive in made.items()}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    return drafted(tmp_path_factory.mktemp("good") / "archive")


@pytest.fixture
def run(template: ArchiveRepo, tmp_path: Path) -> DeskRun:
    """A desk over a post that may be approved."""
    return DeskRun.over(template, tmp_path)


def ticked(client: TestClient, **other: object) -> dict[str, Any]:
    """What a browser sends of the form, all of it ticked."""
    page = client.get(PAGE).text
    names = {name: re.findall(rf'name="{name}" value="([^"]+)"', page)
             for name in ("shown", "seen", "affirm")}  # fmt: skip
    return {**names, "decision": "approve", "opinion": "", **other}


def sign(client: TestClient, person: str, given: dict[str, Any]) -> dict[str, str]:
    """What the desk answers in the end, or the fault that it prepares nothing for."""
    asked: dict[str, str] = client.post(f"{PAGE}decide", data=given, headers=JSON).json()
    if "error" in asked:
        return asked
    proof = answer_of(asked["challenge"], person)
    made: dict[str, str] = client.post(f"/sign/{asked['id']}", json=proof, headers=JSON).json()
    return made


def test_findings_lead_to_their_sentences_and_nothing_private_or_live_is_shown(
    bureaus: dict[str, DeskRun],
) -> None:
    page = browser(bureaus["refused"].open(), "xxy-a").get(PAGE).text
    assert "13912345678" not in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert ">稿件类型<" in page
    target = re.search(r'R13-10\s+<a href="#(sentence-\d+)"', page)
    assert target
    assert f'id="{target[1]}" data-effect="refuse">电话139******78' in page
    for anchor in re.findall(r'href="#([^"]+)"', page):
        assert page.count(f'id="{anchor}"') == 1, anchor


def test_what_the_machine_refuses_can_only_be_returned_with_words(
    bureaus: dict[str, DeskRun],
) -> None:
    client = browser(bureaus["refused"].open(), "xxy-a")
    given = ticked(client, affirm=[*map(str, range(len(AFFIRMED[Step.FIRST])))])
    assert 'value="approve"' not in client.get(PAGE).text
    assert "R" in sign(client, "xxy-a", given)["error"]
    assert sign(client, "xxy-a", given | {"decision": "return"})["error"] == "退回须写明意见。"
    assert sign(client, "xxy-a", given | {"decision": ""})["error"] == "没有作出选择。"
    with pytest.raises(AssertionError):
        bureaus["refused"].read("proposal", RECORD)


def test_a_second_revision_opens_on_what_changed(bureaus: dict[str, DeskRun]) -> None:
    client = browser(bureaus["second"].open(), "xxy-a")
    page = client.get(PAGE).text
    assert 'id="tab-changes" checked' in page
    assert "第二句不实" in page.partition('id="changes"')[2].partition("</section>")[0]
    assert "第二句<del>有错</del>。" in page
    assert "第二句<ins>改对</ins>。" in page
    assert "<del>1</del>个摘要" in page
    assert client.get(f"{PAGE}fire.png?earlier").content == PNG
    assert client.get(f"{PAGE}fire.png").content == OTHER_PNG


def test_who_signs_for_the_first_time_opens_on_the_whole_text_with_changes_marked(
    bureaus: dict[str, DeskRun],
) -> None:
    page = browser(bureaus["second"].open(), "xxy-b").get(PAGE).text
    assert 'id="tab-text" checked' in page and 'id="tab-changes" checked' not in page
    text = page.partition('<article class="reading">')[2].partition("</article>")[0]
    assert ">第一句不变。</span>" in text and 'data-effect="changed">第二句改对。' in text
    assert text.count('data-effect="changed"') == 1
    assert shows(page, "first-signature-here", "zh") and 'name="decision"' in page
    signer = browser(bureaus["second"].open(), "xxy-a").get(PAGE).text
    assert not shows(signer, "first-signature-here", "zh") and 'data-effect="changed"' not in signer


def confirmed(tmp_path: Path, desk: Desk, **form: object) -> tuple[TestClient, str]:
    """What the head of the lead department reads after the confirmation."""
    client = browser(desk, "kz-a")
    assert sign(client, "kz-a", ticked(client, **form)) == {"next": "/"}
    return client, client.get("/").text


@pytest.fixture
def reviewed(template: ArchiveRepo, tmp_path: Path) -> DeskRun:
    """A post that lacks its confirmation alone."""
    made = template.copy(tmp_path / "archive")
    for step, person in (("first", "xxy-a"), ("second", "kz-a"), ("final", "ld-a")):
        made.review(POST, step, person)
    made.commit("审核", "ld-a")
    return DeskRun.over(made, tmp_path)


def test_a_confirmation_enters_the_post_in_the_archive(reviewed: DeskRun, tmp_path: Path) -> None:
    client, page = confirmed(tmp_path, reviewed.open())
    assert "确认" in page and "已入档" in page and "/merge" not in page
    assert "冬季防火三件事" in reviewed.read("main", f"{folder(POST)}/post.md")
    with pytest.raises(AssertionError):
        reviewed.branch("proposal")
    assert f"/operate/{POST}" in browser(reviewed.open(), "gly-a").get("/").text


def test_where_main_is_guarded_it_says_why_and_stands_in_the_operators_list(
    reviewed: DeskRun, tmp_path: Path
) -> None:
    hook = reviewed.remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nread old new ref; test $ref != refs/heads/main\n")
    hook.chmod(0o755)
    client, page = confirmed(tmp_path, reviewed.open())
    assert "尚未入档" in page and '"approve"' in reviewed.read("proposal", CONFIRMED)
    assert 'action="/merge"' in browser(reviewed.open(), "gly-a").get("/").text
    assert 'action="/merge"' in client.get("/").text  # who confirmed may try again


def test_a_post_whose_hour_is_to_come_waits_and_says_so(reviewed: DeskRun, tmp_path: Path) -> None:
    desk = reviewed.open()
    reviewed.present.moment = at("2026-11-05 09:00")
    _, page = confirmed(tmp_path, desk)
    assert "尚未入档" in page
    waits = browser(desk, "gly-a").get("/").text.partition('aria-label="待我办理"')[2]
    assert "已审定，待入档" in waits and "11-05 09:30起" in waits
    assert 'action="/merge"' not in waits, "it would be refused"
    reviewed.present.moment = AS_OF
    assert 'action="/merge"' in browser(desk, "gly-a").get("/").text
    done = browser(desk, "gly-a").post("/merge", data={"branch": "proposal"}, headers=JSON)
    assert done.json() == {"next": "/"}
    assert reviewed.read("main", CONFIRMED)


def test_a_returned_confirmation_enters_nothing(reviewed: DeskRun, tmp_path: Path) -> None:
    before = reviewed.branch("main")
    _, page = confirmed(tmp_path, reviewed.open(), decision="return", opinion="改")
    assert "入档" not in page.partition('role="status"')[2].partition("</p>")[0]
    assert reviewed.branch("main") == before


def test_frames_run_nothing_and_other_files_are_saved(bureaus: dict[str, DeskRun]) -> None:
    client = browser(bureaus["refused"].open(), "xxy-a")
    wechat = client.get(f"{PAGE}wechat")
    policy = wechat.headers["content-security-policy"]
    assert policy.startswith("sandbox allow-same-origin; default-src 'none';")
    assert "script" not in policy
    assert "<script>alert" not in wechat.text
    assert "13912345678" not in wechat.text
    saved = client.get(f"{PAGE}notice.csv")
    assert saved.headers["content-disposition"].startswith("attachment")
    assert saved.headers["content-type"] == "application/octet-stream"
    assert client.get(f"{PAGE}nothing.png").status_code == 404
    assert client.get("/posts/2026-01-01-nothing/").status_code == 409


def test_an_approval_is_signed_by_passkey_and_stands_on_its_branch(run: DeskRun) -> None:
    client = browser(run.open(), "xxy-a")
    page = client.get(PAGE).text
    decision = re.findall(r'<button[^>]* name="decision" value="(\w+)"', page)
    assert decision == ["approve", "return"]
    assert sign(client, "xxy-a", ticked(client)) == {"next": "/"}
    assert '"opinion": "同意"' in run.read("proposal", RECORD)
    assert re.search("已完成《.+》的初审；下一步：牵头科室负责人", client.get("/").text)
    assert "等待某kz-a" in client.get(PAGE).text.replace("、", "某")


@pytest.mark.parametrize("left", ["seen", "affirm"])
def test_what_is_not_ticked_is_not_approved_and_may_be_returned(run: DeskRun, left: str) -> None:
    client = browser(run.open(), "xxy-a")
    given = ticked(client)
    given[left] = given[left][1:]
    assert sign(client, "xxy-a", given)["error"] == worded("boxes-unticked", "zh")
    words = {"decision": "return", "opinion": "改"}
    assert sign(client, "xxy-a", given | words) == {"next": "/"}
    assert '"decision": "return"' in run.read("proposal", RECORD)


def test_what_changed_since_it_was_shown_is_not_signed(run: DeskRun) -> None:
    desk = run.open()
    client = browser(desk, "xxy-a")
    given = ticked(client)
    asked = client.post(f"{PAGE}decide", data=given, headers=JSON).json()
    files = {f"{folder(POST)}/notice.csv": b"a,c\n"}
    desk.writer.put(change(files=files, person="zz-a", email=email("zz-a")))
    proof = answer_of(asked["challenge"], "xxy-a")
    late = client.post(f"/sign/{asked['id']}", json=proof, headers=JSON).json()
    assert (
        late["error"] == sign(client, "xxy-a", given)["error"] == worded("changed-meanwhile", "zh")
    )
    with pytest.raises(AssertionError):
        run.read("proposal", RECORD)


def test_who_may_not_take_the_step_has_no_form(run: DeskRun) -> None:
    client = browser(run.open(), "gly-a")
    assert 'name="decision"' not in client.get(PAGE).text
    given = ticked(browser(run.open(), "xxy-a"))
    assert "error" in sign(client, "gly-a", given)


def test_who_acts_for_another_chooses_for_whom(tmp_path: Path) -> None:
    mandate = {"delegator": "ld-a", "delegate": "gly-a", "role": "leader-in-charge",
               "from": "2026-11-01T00:00:00+08:00", "until": "2026-12-31T00:00:00+08:00",
               "authority": "纪要"}  # fmt: skip
    made = bureau(tmp_path / "archive")
    made.register("roster", registers()["roster"] | {"delegations": [mandate]})
    made.commit("委托", "gly-a")
    made.git("branch", "--force", "main", "HEAD")
    revise(made, 1, BODY)
    for step, person in (("first", "xxy-a"), ("second", "kz-a")):
        made.review(POST, step, person)
    made.commit("初审、复审", "kz-a")
    page = browser(DeskRun.over(made, tmp_path).open(), "gly-a").get(PAGE).text
    assert '<option value="ld-a">某ld-a</option>' in page
