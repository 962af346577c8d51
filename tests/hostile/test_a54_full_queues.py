"""A54: strangers fill neither sign-in nor enrolment, and learn nothing there."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipeline.parts.desk.desk import Desk
from tests.builders.archive import ArchiveRepo
from tests.builders.desks import DeskRun, answer_of, browser, bureau
from tests.builders.fixtures import shared

pytestmark = pytest.mark.inside
JSON = {"accept": "application/json"}


@pytest.fixture
def run(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> DeskRun:
    made = ArchiveRepo.at(shared(tmp_path_factory, "bureau", lambda root: bureau(root).pack()))
    return DeskRun.over(made, tmp_path)


@pytest.fixture
def desk(run: DeskRun) -> Desk:
    return run.open()


def answered(client: TestClient, fresh: dict[str, Any], name: str = "kz-a") -> Any:
    body = {**answer_of(fresh["challenge"], name), **fresh}
    return client.post("/sign-in", json=body, headers=JSON).json()


def test_a_flood_of_visitors_ends_nobodys_challenge(desk: Desk) -> None:
    client, stranger = browser(desk), browser(desk)
    fresh = client.post("/sign-in/challenge").json()
    for _ in range(1200):
        desk.challenges.new("someone", desk.now())
    for _ in range(30):
        stranger.post("/sign-in/challenge")
    assert answered(client, fresh) == {"next": "/"}


def test_a_challenge_is_good_for_the_browser_that_asked_and_once(desk: Desk) -> None:
    client, other = browser(desk), browser(desk)
    fresh = client.post("/sign-in/challenge").json()
    other.post("/sign-in/challenge")
    assert "error" in answered(other, fresh)
    assert answered(client, fresh) == {"next": "/"}
    assert "error" in answered(client, fresh)


def test_a_challenge_ends_and_none_is_made_up(run: DeskRun, desk: Desk) -> None:
    client = browser(desk)
    fresh = client.post("/sign-in/challenge").json()
    for text in ("", "AAAA", "A" * 43, fresh["challenge"][:-2] + "AA"):
        assert "error" in answered(client, {**fresh, "challenge": text})
    run.present.moment += timedelta(minutes=5)
    assert "error" in answered(client, fresh)


@pytest.mark.parametrize("who", ["kz-a", "某kz-a", "ghost", ""])
def test_without_a_code_no_name_is_told_from_another(desk: Desk, who: str) -> None:
    client = browser(desk)
    answers = {
        client.post("/enrol/options", json={"who": who, "code": code}, headers=JSON).text
        for code in ("", "AAAAAAAAAA", desk.codes.give("xxy-b", desk.now()))
    }
    assert len(answers) == 1
    assert answers == {client.post("/enrol/options", json={}, headers=JSON).text}


def test_a_code_is_for_one_person_one_passkey_and_a_day(run: DeskRun, desk: Desk) -> None:
    code, now = desk.codes.give("xxy-b", desk.now()), desk.now()
    assert not desk.codes.opens(code, "kz-a", now)
    assert desk.codes.opens(f"{code[:5]} {code[5:].lower()}", "xxy-b", now)
    assert not desk.codes.opens(code, "xxy-b", now + timedelta(hours=24))
    assert desk.codes.opens(code, "xxy-b", now, use=True)
    assert not desk.codes.opens(code, "xxy-b", now)
    for _ in range(200):
        desk.codes.give("kz-a", now)
    assert len(desk.codes.given) < 5, "a person has few at a time"


def test_codes_are_given_by_the_lead_department_alone(desk: Desk) -> None:
    given = {"person": "xxy-b"}
    assert browser(desk).post("/govern/code", data=given).status_code == 303  # to sign in
    assert browser(desk, "zz-a").post("/govern/code", data=given).status_code == 409
    assert not desk.codes.given
    officer = browser(desk, "xxy-a")
    assert officer.post("/govern/code", data=given).status_code == 303
    (code,) = desk.codes.given
    assert code in officer.get("/govern/people").text


def test_who_is_signed_in_enrols_themselves_and_no_one_else(desk: Desk) -> None:
    client = browser(desk, "xxy-a")
    assert "challenge" in client.post("/enrol/options", json={"who": "xxy-a"}).json()
    assert "error" in client.post("/enrol/options", json={"who": "kz-a"}, headers=JSON).json()
