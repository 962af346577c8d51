"""Signing in with a passkey of the roster."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipeline.desk.desk import Desk
from tests.builders.desks import DeskRun, answer_of, browser, bureau

JSON = {"accept": "application/json"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bureau")
    DeskRun.over(bureau(made / "archive"), made)
    return made


@pytest.fixture
def run(folder: Path) -> DeskRun:
    return DeskRun(folder / "clone", folder / "remote.git")


@pytest.fixture
def desk(run: DeskRun) -> Desk:
    return run.open()


def test_a_passkey_of_the_roster_signs_in(desk: Desk) -> None:
    client = browser(desk)
    assert sign_in(client, next="/nothing") == {"next": "/nothing"}
    assert client.get("/nothing").status_code == 404


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("stranger", {}),
        ("xxy-a", {"origin": "http://localhost:8738"}),
        ("xxy-a", {"flags": 1}),
    ],
)
def test_another_key_page_or_an_unverified_user_does_not_sign_in(
    desk: Desk, name: str, given: dict[str, Any]
) -> None:
    client = browser(desk)
    assert "error" in sign_in(client, name, given)
    assert not desk.sessions.entries


def test_an_answer_signs_in_once(desk: Desk) -> None:
    client = browser(desk)
    given = client.post("/sign-in/challenge").json()
    body = {**answer_of(given["challenge"], "xxy-a"), **given}
    assert "next" in client.post("/sign-in", json=body, headers=JSON).json()
    assert "error" in client.post("/sign-in", json=body, headers=JSON).json()


def test_an_answer_that_is_late_does_not_sign_in(run: DeskRun, desk: Desk) -> None:
    client = browser(desk)
    given = client.post("/sign-in/challenge").json()
    run.present.moment += timedelta(minutes=5)
    body = {**answer_of(given["challenge"], "xxy-a"), **given}
    assert "error" in client.post("/sign-in", json=body, headers=JSON).json()


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_signing_in_leads_to_no_other_site(desk: Desk, address: str) -> None:
    assert sign_in(browser(desk), next=address) == {"next": "/"}


def sign_in(
    client: TestClient, name: str = "xxy-a", given: dict[str, Any] | None = None, **fields: str
) -> dict[str, str]:
    """Answer a fresh challenge with the passkey of a name; what the desk says."""
    fresh = client.post("/sign-in/challenge").json()
    body = {**answer_of(fresh["challenge"], name, **(given or {})), **fresh, **fields}
    answer: dict[str, str] = client.post("/sign-in", json=body, headers=JSON).json()
    return answer
