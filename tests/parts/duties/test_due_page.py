"""到期事项: what I can do, what others owe, and declarations signed one touch each."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.builders.archive import ArchiveRepo
from tests.builders.cast import at
from tests.builders.desks import DeskRun, Present, answer_of, browser
from tests.corpora.fictional import mobile

JSON = {"accept": "application/json"}
NOW = at("2027-02-12 10:00")
BRANCH = "records/2027-02-12-{}"


@pytest.fixture
def run(template: ArchiveRepo, tmp_path: Path) -> DeskRun:
    made = DeskRun.over(template, tmp_path)
    made.present = Present(NOW)
    return made


def offered(client: TestClient) -> list[tuple[str, str]]:
    """(wording, subject) of the declarations that the page offers to sign."""
    return re.findall(r'name="name" value="([^":]+):([^",]*)"', client.get("/due").text)


def declare(client: TestClient, name: str, wording: str, subject: str, note: str = "") -> Any:
    return signed(client, name, f"{wording}:{subject}", note)


def signed(client: TestClient, name: str, what: str, note: str = "") -> Any:
    fields = {"name": what, "note": note}
    answer = client.post("/due/declare", data=fields, headers=JSON).json()
    if "error" in answer:
        return answer
    proof = answer_of(answer["challenge"], name)
    return client.post(f"/sign/{answer['id']}", json=proof, headers=JSON).json()


def test_people_with_pages_are_told_no_command(run: DeskRun) -> None:
    text = browser(run.open(), "kz-a").get("/due").text
    assert "其他人的" in text and "sanshen " not in text


def test_each_declaration_is_a_record_of_its_own_and_leaves_the_list(run: DeskRun) -> None:
    client = browser(run.open(), "gly-a")
    before = offered(client)
    assert len(before) > 1
    for wording, subject in before:
        assert declare(client, "gly-a", wording, subject) == {"next": "/due"}
    assert offered(client) == []
    assert len(run.log(BRANCH.format("gly-a"))) == len(before)
    assert "待入档" in client.get("/due").text


def test_all_that_is_mine_takes_one_signature(run: DeskRun) -> None:
    client = browser(run.open(), "gly-a")
    each = [f"{wording}:{subject}" for wording, subject in offered(client)]
    (everything,) = re.findall(r'name="name" value="([^"]+,[^"]+)"', client.get("/due").text)
    assert everything.split(",") == each
    assert signed(client, "gly-a", everything) == {"next": "/due"}
    assert offered(client) == [] and len(run.log(BRANCH.format("gly-a"))) == 1


def test_mine_stands_apart_from_what_others_owe(run: DeskRun) -> None:
    run.present.moment = at("2026-12-02 10:00")
    mine, others = browser(run.open(), "kz-a").get("/due").text.split("其他人的</h2>")
    assert "供稿" in mine
    assert "data-sign" not in others
    assert others.count("<h3>") > 1


def test_another_s_declaration_cannot_be_signed(run: DeskRun) -> None:
    operator, head = browser(run.open(), "gly-a"), browser(run.open(), "kz-a")
    wording, subject = next(row for row in offered(operator) if row not in offered(head))
    assert "error" in declare(head, "kz-a", wording, subject)


def test_a_remark_is_signed_and_holds_no_private_data(run: DeskRun) -> None:
    client = browser(run.open(), "gly-a")
    wording, subject = offered(client)[0]
    assert "手机号码" in declare(client, "gly-a", wording, subject, f"问{mobile(6)}")["error"]
    assert declare(client, "gly-a", wording, subject, "已核对") == {"next": "/due"}
    path = f"content/records/declarations/2027/2027-02-12.{wording}.{subject or 'archive'}.json"
    assert json.loads(run.read(BRANCH.format("gly-a"), path))["predicate"]["note"] == "已核对"


def test_nothing_is_offered_before_it_is_due(run: DeskRun) -> None:
    run.present.moment = at("2026-11-06 10:00")
    assert offered(browser(run.open(), "gly-a")) == []
