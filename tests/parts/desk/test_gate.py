"""Who is let in, and what a page of another site can do: nothing."""

from collections.abc import MutableMapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipeline.parts.desk.app import create_app
from pipeline.parts.desk.desk import Desk
from pipeline.parts.desk.gate import MOST_BYTES
from tests.builders.cast import AS_OF, registers
from tests.builders.desks import ORIGIN, DeskRun, answer_of, browser, bureau, in_own_loop

JSON = {"accept": "application/json"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bureau")
    DeskRun.over(bureau(made / "archive"), made)
    return made


@pytest.fixture
def run(folder: Path) -> DeskRun:
    return DeskRun(folder / "clone", folder / "remote.git")


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost:1", "127.0.0.1:8737", "localhost:8737.evil.example", ""]
)
def test_another_host_is_refused_before_any_page(desk: Desk, host: str) -> None:
    answer = browser(desk, "xxy-a").get("/sign-in", headers={"host": host})
    assert answer.status_code == 421


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:8738", "https://localhost:8737"]
)
def test_a_form_of_another_site_does_nothing(desk: Desk, origin: str) -> None:
    client = browser(desk, "xxy-a")
    assert client.post("/sign-out", headers={"origin": origin}).status_code == 403
    assert desk.sessions.entries


def test_a_form_without_an_origin_does_nothing(desk: Desk) -> None:
    client = browser(desk, "xxy-a")
    del client.headers["origin"]
    assert client.post("/sign-out").status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_unknown(desk: Desk, method: str) -> None:
    assert browser(desk, "xxy-a").request(method, "/sign-in").status_code == 405


def test_without_a_session_every_page_leads_to_signing_in(desk: Desk) -> None:
    answer = browser(desk).get("/anything")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/anything"


@pytest.mark.parametrize("path", ["/rooted", "/states", "/enrolments", "/sign-ins"])
def test_a_page_is_not_open_for_its_name_begins_like_an_open_one(desk: Desk, path: str) -> None:
    answer = browser(desk).get(path, follow_redirects=False)
    assert answer.headers["location"] == f"/sign-in?next={path}"


def test_a_script_without_a_session_is_told_so(desk: Desk) -> None:
    answer = browser(desk).post("/sign/x", headers={"accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json()["next"] == "/sign-in"


def test_a_made_up_secret_is_no_session(desk: Desk) -> None:
    client = browser(desk)
    client.cookies.set("desk", "x" * 43)
    assert client.get("/nothing").status_code == 303


def test_a_session_ends_after_twelve_hours(run: DeskRun, desk: Desk) -> None:
    client = browser(desk, "xxy-a")
    assert client.get("/nothing").status_code == 404
    run.present.moment += timedelta(hours=12)
    assert client.get("/nothing").status_code == 303


def test_a_session_ends_with_the_office_of_its_person(run: DeskRun, desk: Desk) -> None:
    client = browser(desk, "nobody-x")
    assert client.get("/nothing").status_code == 303
    assert not desk.sessions.entries


@pytest.mark.parametrize(
    ("tenures", "days"),
    [([{"until": "2026-11-05"}], 1), ([{"until": "2026-11-04"}], 0), ([], 0)],
)
def test_an_office_opens_the_desk_to_the_end_of_its_last_day(
    tmp_path: Path, tenures: list[dict[str, str]], days: int
) -> None:
    archive = bureau(tmp_path / "archive")
    archive.switch("main")
    people = registers()["people"]
    row = next(person for person in people["people"] if person["id"] == "xxy-a")
    row["roles"] = [{**row["roles"][0], **tenure} for tenure in tenures]
    archive.register("people", people)
    archive.commit("离任", "gly-a")
    run = DeskRun.over(archive, tmp_path)
    desk = run.open()
    client, headers = browser(desk, "xxy-a"), {"accept": "application/json"}
    for day in range(2):
        answer = client.post("/sign/x", json={}, headers=headers)
        assert (answer.status_code == 401) == (day >= days)
        assert bool(desk.sessions.entries) == (day < days)
        run.present.moment = AS_OF.replace(hour=0, minute=0) + timedelta(days=day + 1)


def test_every_answer_forbids_scripts_of_others_and_frames(desk: Desk) -> None:
    for path in ("/sign-in", "/nothing", "/static/desk.css"):
        headers = browser(desk, "xxy-a").get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_a_request_that_is_too_large_is_cut_off(desk: Desk) -> None:
    answer = browser(desk, "xxy-a").post("/sign/x", json={"signature": "x" * MOST_BYTES})
    assert answer.status_code == 413


def test_a_script_learns_as_json_what_is_too_large(desk: Desk) -> None:
    big = {"content-length": str(MOST_BYTES + 1)}
    answer = browser(desk, "kz-a").post("/sign/x", headers={**JSON, **big}, content=b"x")
    assert answer.json()["error"] == "一次最多提交 2 MB。"


def test_a_page_names_no_command_to_who_has_no_terminal(desk: Desk) -> None:
    page = browser(desk, "kz-a").get("/posts/2026-01-01-nothing/").text
    assert "没有稿件 2026-01-01-nothing" in page
    assert "sanshen" not in page


def test_a_body_of_no_stated_length_is_refused_while_it_comes(desk: Desk) -> None:
    """200 MB in pieces: no more is read than may be sent."""
    secret = desk.sessions.begin("xxy-a", desk.now())
    given = {"host": "localhost:8737", "origin": ORIGIN, "cookie": f"desk={secret}",
             "content-type": "application/json"}  # fmt: skip
    headers = [(name.encode(), text.encode()) for name, text in given.items()]
    scope = {"type": "http", "method": "POST", "path": "/sign/x", "query_string": b"",
             "headers": headers}  # fmt: skip
    pieces, answers = iter(range(200)), list[MutableMapping[str, Any]]()

    async def receive() -> dict[str, Any]:
        next(pieces)
        return {"type": "http.request", "body": b"x" * (1 << 20), "more_body": True}

    async def send(message: MutableMapping[str, Any]) -> None:
        answers.append(message)

    in_own_loop(create_app(desk, background=False)(scope, receive, send))
    assert answers[0]["status"] == 413
    assert next(pieces) < 5


def test_the_printed_address_opens_one_session_once(run: DeskRun, desk: Desk) -> None:
    desk.local_email = "gly-a@yunlan.example.org"
    first, second = browser(desk), browser(desk)
    address = f"/enter?token={desk.sessions.token}"
    assert first.get(address).headers["refresh"] == "0; url=/"
    assert first.get("/nothing").status_code == 404
    assert second.get(address).status_code == 409
    assert second.get("/nothing").status_code == 303


@pytest.mark.parametrize("token", ["", "x", "令牌"])
def test_a_wrong_token_opens_nothing(desk: Desk, token: str) -> None:
    desk.local_email = "gly-a@yunlan.example.org"
    client = browser(desk)
    assert client.get("/enter", params={"token": token}).status_code == 409
    assert client.get("/nothing").status_code == 303
    assert desk.sessions.token


def test_a_desk_behind_https_has_no_token(desk: Desk) -> None:
    desk.sessions.token = ""
    assert browser(desk).get("/enter?token=").status_code == 409


def test_the_session_is_a_cookie_that_only_this_host_gets(desk: Desk) -> None:
    desk.local_email = "gly-a@yunlan.example.org"
    answer = browser(desk).get(f"/enter?token={desk.sessions.token}")
    cookie = answer.headers["set-cookie"].casefold()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b"{}", b'{"challenge": 1}', b"\xff"])
def test_an_answer_that_is_none_is_refused(desk: Desk, body: bytes) -> None:
    headers = {**JSON, "content-type": "application/json"}
    answer = browser(desk).post("/sign-in", content=body, headers=headers)
    assert "error" in answer.json()


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


def test_who_signs_in_again_comes_back_to_the_page_and_its_form(desk: Desk) -> None:
    client = browser(desk)
    draft = "/write/draft?branch=draft/a&post=b"
    assert client.get(draft).headers["location"] == (
        "/sign-in?next=/write/draft%3Fbranch%3Ddraft/a%26post%3Db"
    )
    for referer, following in (
        (f"{desk.origin}{draft}", "/write/draft%3Fbranch%3Ddraft/a%26post%3Db"),
        ("https://evil.example/x", "/"), (f"https://evil.example/{desk.origin}/x", "/"),
        (f"{desk.origin}.evil.example/x", "/"), ("", "/"),
    ):  # fmt: skip
        answer = client.post("/write/draft", headers={"referer": referer})
        assert answer.headers["location"] == f"/sign-in?next={following}"
    page = client.get("/sign-in", params={"next": draft}).text
    assert 'data-next="/write/draft?branch=draft/a&amp;post=b"' in page
    for strange in ("//evil.example/x?y", "https://evil.example", "/\\evil", "javascript:1"):
        page = client.get("/sign-in", params={"next": strange}).text
        assert 'data-next="/"' in page
