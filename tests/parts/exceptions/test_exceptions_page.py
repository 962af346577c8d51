"""例外与清除: what leaders answer for beside reviews, by the same key and on the same branches."""

import json
from hashlib import sha256
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.desks import DeskRun, answer_of, browser, bureau
from tests.builders.git import Git

JSON = {"accept": "application/json"}
TEXT = f"content/posts/2026/{POST}/post.md"
DRAFT = "2026-11-05-words"
MARK = sha256(repr(("R16-2", "务必转发")).encode()).hexdigest()
WAIVED = {"finding": MARK, "reason": "转述原话", "expires": "2026-11-20"}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    """A post on main, and a draft on its branch with words that a clause refuses."""
    made = bureau(tmp_path_factory.mktemp("bureau") / "archive")
    made.draft()
    made.commit("起草", "zz-a")
    made.approve_all()
    made.commit("审核", "kz-a")
    made.merge("proposal")
    made.branch("words")
    made.draft(DRAFT, body="关好火源再出门，请务必转发。\n")
    made.commit("起草", "zz-a")
    made.switch("main")
    return made


def sign(client: TestClient, address: str, name: str, **fields: str) -> Any:
    answer = client.post(f"/exceptions/{address}", data=fields, headers=JSON).json()
    if "error" in answer:
        return answer
    proof = answer_of(answer["challenge"], name)
    return client.post(f"/sign/{answer['id']}", json=proof, headers=JSON).json()


def test_a_finding_stands_by_a_signed_waiver_on_the_branch_of_the_post(run: DeskRun) -> None:
    client = browser(run.open(), "kz-a")
    assert "R16-2" in client.get(f"/exceptions/{DRAFT}").text
    assert sign(client, f"{DRAFT}/waive", "kz-a", **WAIVED) == {"next": f"/exceptions/{DRAFT}"}
    assert "R16-2" in run.log("words")[0]
    assert "务必转发" not in client.get(f"/exceptions/{DRAFT}").text


def test_a_form_answers_its_own_questions_alone(run: DeskRun) -> None:
    """Which post, clause and words are excused is what the page showed, whatever is posted."""
    client = browser(run.open(), "kz-a")
    more = {"post": POST, "clause": "R01-1", "text": "关好火源"}
    assert "next" in sign(client, f"{DRAFT}/waive", "kz-a", **WAIVED, **more)
    (path,) = [
        line for line in Git(run.remote)("ls-tree", "-r", "--name-only", "words").splitlines()
        if line.startswith("content/records/waivers/") and line.endswith(".json")
    ]  # fmt: skip
    stated = json.loads(run.read("words", path))["predicate"]
    assert (stated["post"], stated["clause"], stated["text"]) == (DRAFT, "R16-2", "务必转发")
    assert (stated["reason"], stated["expires_on"]) == ("转述原话", "2026-11-20")


@pytest.mark.parametrize(
    "fields",
    [{"reason": " "}, {"expires": "soon"}, {"expires": "2031-01-01"}, {"finding": ""},
     {"finding": MARK[1:]}],
)  # fmt: skip
def test_what_is_no_finding_or_has_no_reason_or_end_is_not_waived(
    run: DeskRun, fields: dict[str, str]
) -> None:
    assert "error" in sign(
        browser(run.open(), "kz-a"), f"{DRAFT}/waive", "kz-a", **{**WAIVED, **fields}
    )
    assert run.log("words") == ["起草"]


def mine(client: TestClient) -> str:
    """The list of what waits for who is signed in."""
    return client.get("/").text.partition('aria-label="待我办理"')[2].partition("</section>")[0]


def test_two_people_erase_a_post_and_it_leaves_main(run: DeskRun) -> None:
    head, leader = browser(run.open(), "kz-a"), browser(run.open(), "ld-a")
    assert "<li>正文</li>" in head.get(f"/exceptions/{POST}").text
    assert "next" in sign(head, f"{POST}/erase", "kz-a", reason="误载", title="已清除")
    assert "error" in sign(head, f"{POST}/erase", "kz-a", reason="误载")
    head.post("/merge", data={"branch": f"expunge/{POST}"})
    assert "关好火源" in run.read("main", TEXT)
    assert f"/exceptions/{POST}" not in mine(head) and f"/exceptions/{POST}" in mine(leader)
    assert "误载" in leader.get(f"/exceptions/{POST}").text
    assert "next" in sign(leader, f"{POST}/erase", "ld-a", reason="另说")
    record = f"content/records/authorisations/2026/expunge-{POST}/ld-a.json"
    stated = json.loads(run.read("main", record))["predicate"]
    assert (stated["reason"], stated["expunges"]["title"]) == ("误载", "已清除")
    assert "已入档" in leader.get("/").text
    assert TEXT not in Git(run.remote)("ls-tree", "-r", "--name-only", "main")


@pytest.mark.parametrize("address", [f"{POST}/erase", f"{DRAFT}/waive"])
def test_who_leads_nothing_signs_nothing(run: DeskRun, address: str) -> None:
    client = browser(run.open(), "xxy-a")
    assert "<form method" not in client.get(f"/exceptions/{POST}").text.split("</header>")[1]
    assert "error" in sign(client, address, "xxy-a", **WAIVED)


def test_what_main_never_held_is_not_erased(run: DeskRun) -> None:
    assert "error" in sign(browser(run.open(), "kz-a"), f"{DRAFT}/erase", "kz-a", reason="误载")
    assert "error" in sign(browser(run.open(), "kz-a"), "2026-11-05-x/erase", "kz-a", reason="误载")
