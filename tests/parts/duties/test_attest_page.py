"""A leader decides on an account at the desk; what an inquiry says is signed on its page."""

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipeline.history.agenda import ActKind, agenda
from pipeline.history.duties import duties
from pipeline.history.pending_records import pending_records
from pipeline.judge.judgements import overview
from pipeline.model.attestations import unattested
from pipeline.model.findings import Effect
from pipeline.new.yaml_writer import dump
from pipeline.source.content.text import read_yaml
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import at
from tests.builders.desks import DeskRun, Present, answer_of, browser
from tests.cli.test_attest import APPLIED, EVENT, INQUIRY
from tests.judge.test_rectifications import LATER
from tests.judge.test_rectifications import bureau as rectified

JSON = {"accept": "application/json"}
NOW = at("2026-11-05 18:00")
ASKED = "content/records/inquiries/2026/one.yml"


@pytest.fixture
def run(template: ArchiveRepo, tmp_path: Path) -> DeskRun:
    archive = template.copy(tmp_path / "begun")
    archive.switch("main")
    archive.write(EVENT, dump(APPLIED))
    archive.write(ASKED, dump(INQUIRY))
    archive.commit("登记", "gly-a")
    made = DeskRun.over(archive, tmp_path)
    made.present = Present(NOW)
    return made


def offered(page: str) -> list[dict[str, str]]:
    """The hidden fields of each form that signs what a record says."""
    forms = re.findall(r'action="/attest".*?</form>', page, re.DOTALL)
    return [dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) for form in forms]


def sign(client: TestClient, name: str, fields: dict[str, str]) -> Any:
    answer = client.post("/attest", data=fields, headers=JSON).json()
    if "error" in answer:
        return answer
    proof = answer_of(answer["challenge"], name)
    return client.post(f"/sign/{answer['id']}", json=proof, headers=JSON).json()


def test_a_leader_finds_the_application_decides_and_signs(run: DeskRun) -> None:
    """The record is completed and signed in one commit; the principal comes after the deputy."""
    client, principal = browser(run.open(), "ld-a"), browser(run.open(), "ld-b")
    assert offered(principal.get("/").text) == []
    page = client.get("/").text
    assert "开设政务APP账号" in page
    (fields,) = offered(page)
    assert sign(client, "ld-a", fields) == {"next": "/"}
    assert offered(client.get("/").text) == []
    value = read_yaml(EVENT, run.read("records/2026-11-05-ld-a", EVENT).encode()).value
    assert value["reviewed"] == {"person": "ld-a", "on": "2026-11-05"}
    assert "审核：某ld-a · 2026-11-05" in principal.get("/").text
    assert len(offered(principal.get("/").text)) == 1


def test_a_decision_is_refused_when_the_record_changed_meanwhile(run: DeskRun) -> None:
    client = browser(run.open(), "ld-a")
    (fields,) = offered(client.get("/").text)
    assert "未签名" in sign(client, "ld-a", fields | {"digest": "0" * 64})["error"]


def test_what_an_inquiry_says_is_signed_on_its_page(run: DeskRun) -> None:
    client = browser(run.open(), "xxy-a")
    (fields,) = offered(client.get("/records/inquiries/one").text)
    assert sign(client, "xxy-a", fields) == {"next": "/records/inquiries/one"}
    assert offered(client.get("/records/inquiries/one").text) == []
    with run.open().clone.repository() as repository:
        head = repository.commit("origin/records/2026-11-05-xxy-a")
        archive, _ = overview(repository, head, lambda _: NOW)
        (fact,) = archive.records("inquiries")
        assert unattested(archive, fact) == []


@pytest.mark.parametrize("branch", ["main", "records/2026-11-18-xxy-a", "ledger"])
def test_what_was_rectified_is_signed_on_the_first_page(
    template: ArchiveRepo, tmp_path: Path, branch: str
) -> None:
    """On main and on its way there, by each in turn; `status` lists the same."""
    archive = template.copy(tmp_path / "begun")
    archive.switch("main")
    if branch != "main":
        archive.branch(branch)
    rectified(archive)
    archive.switch("main")
    run = DeskRun.over(archive, tmp_path)
    run.present = Present(LATER)
    for person in ("xxy-a", "kz-a"):
        with run.open().clone.repository() as repository:
            acts = [a for a in agenda(repository, LATER).acts if a.waits_for(person)]
        assert [a.about for a in acts if a.kind is ActKind.DECISION] == ["rectifications/one"]
        client = browser(run.open(), person)
        (fields,) = offered(page := client.get("/").text)
        assert "R12-1" in page and "late" in page and "交接漏看留言" in page
        assert sign(client, person, fields) == {"next": "/"}
        assert offered(client.get("/").text) == []
    with run.open().clone.repository() as repository:
        owed = duties(repository, pending_records(repository).head, lambda _: LATER)
        assert {f.effect for f in owed.findings if f.clause == "R12-1"} == {Effect.NOTE}
