"""From a button to a record on the branch: what was shown is what is signed and written."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from pipeline.model.evidence import Step
from pipeline.model.findings import say
from pipeline.model.registers import Person
from pipeline.parts.desk import desk as desk_module
from pipeline.parts.desk.desk import Bench, Desk, SignedAct, desk_of
from pipeline.sign.act import Sign, SignedOutcome, context_at
from pipeline.sign.review_step import StepDecision, review
from pipeline.source.git.branches import tip_of
from pipeline.source.git.repository import Repository
from tests.builders.archive import POST
from tests.builders.desks import DeskRun, answer_of, browser, bureau

JSON = {"accept": "application/json"}
FIRST = f"content/reviews/2026/{POST}/r1/1-first.json"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = bureau(tmp_path_factory.mktemp("bureau") / "archive")
    made.draft()
    made.commit("起草", "zz-a")
    return made


def approve(request: Request) -> Response:
    """The least page that signs: the first review of the post."""
    clone = desk_of(request).clone

    def act(repository: Repository, person: Person, now: datetime, sign: Sign) -> SignedAct:
        head = tip_of(repository, "proposal")
        context = context_at(repository, clone.trusted(repository), head, now, frozenset({POST}))
        post = context.post(POST)
        made = review(context, post, StepDecision(Step.FIRST, "approve", "同意"), person, now, sign)
        files = context.files.files
        same = {path: files[path].oid for path in post.manifest}
        done = say("{step} of {post} approved by {person}.", step="1", post=POST,
                   person=person.name)  # fmt: skip
        return SignedAct(SignedOutcome(made, done), Bench(context, "proposal", same=same))

    return desk_module.ask(request, act, say("Sign"))


def at_the_desk(desk: Desk, person: str = "xxy-a", **session: bool) -> TestClient:
    client = browser(desk, person, **session)
    client.app.router.routes.append(Route("/approve", approve, methods=["POST"]))  # type: ignore[attr-defined]
    return client


def prepare(client: TestClient) -> dict[str, Any]:
    given: dict[str, Any] = client.post("/approve", headers=JSON).json()
    return given


def touch(client: TestClient, given: dict[str, Any], name: str = "xxy-a", **fields: Any) -> Any:
    proof = answer_of(given["challenge"], name, **fields)
    return client.post(f"/sign/{given['id']}", json=proof, headers=JSON).json()


def test_a_touch_puts_a_record_that_counts_on_the_branch(run: DeskRun, desk: Desk) -> None:
    client = at_the_desk(desk)
    assert touch(client, prepare(client)) == {"next": "/"}
    assert POST in run.log("proposal")[0]
    with desk.archive() as (repository, _):
        head = tip_of(repository, "proposal")
        context = context_at(
            repository, desk.clone.trusted(repository), head, desk.now(), frozenset({POST})
        )
    assert context.archive.approvals[POST].approved(Step.FIRST)


def test_the_next_page_says_once_what_was_done(desk: Desk) -> None:
    client = at_the_desk(desk)
    touch(client, prepare(client))
    assert "某xxy-a已完成" in client.get("/").text
    assert "某xxy-a已完成" not in client.get("/").text


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("kz-a", {}),
        ("stranger", {}),
        ("xxy-a", {"origin": "http://localhost:8738"}),
        ("xxy-a", {"flags": 1}),
        ("xxy-a", {"flags": 4}),
        ("xxy-a", {"rp_id": "evil.example"}),
    ],
)
def test_another_key_page_address_or_an_unverified_user_signs_nothing(
    run: DeskRun, desk: Desk, name: str, fields: dict[str, Any]
) -> None:
    client = at_the_desk(desk)
    assert "error" in touch(client, prepare(client), name, **fields)
    assert run.log("proposal") == ["起草"]


def test_an_answer_to_another_statement_signs_nothing(run: DeskRun, desk: Desk) -> None:
    client = at_the_desk(desk)
    first = prepare(client)
    run.present.moment += timedelta(seconds=1)
    second = prepare(client)
    assert "error" in touch(client, {**second, "challenge": first["challenge"]})
    assert run.log("proposal") == ["起草"]


def test_a_prepared_statement_is_signed_once_by_its_own_person_and_soon(
    run: DeskRun, desk: Desk
) -> None:
    mine, other = at_the_desk(desk), at_the_desk(desk, "kz-a")
    given = prepare(mine)
    assert "error" in touch(other, given)
    assert "error" in touch(other, given, "kz-a")
    assert "next" in touch(mine, given)
    assert "error" in touch(mine, given)
    run.present.moment += timedelta(minutes=5)
    assert run.log("proposal")[1:] == ["起草"]


def _edit(run: DeskRun) -> None:
    post = f"content/posts/2026/{POST}/post.md"
    text = run.read("proposal", post).replace("关好火源", "看好火源") + "\n"
    from tests.builders.desks import change

    run.open().writer.put(change(files={post: text.encode()}, message="改稿", person="zz-a"))


def _sign_first(run: DeskRun) -> None:
    desk = run.open()
    client = at_the_desk(desk, "xxy-a")
    run.present.moment += timedelta(seconds=1)
    touch(client, prepare(client))


@pytest.mark.parametrize("meanwhile", [_edit, _sign_first])
def test_what_changed_between_showing_and_signing_is_not_signed(
    run: DeskRun, desk: Desk, meanwhile: Callable[[DeskRun], None]
) -> None:
    client = at_the_desk(desk)
    given = prepare(client)
    meanwhile(run)
    before = run.log("proposal")
    assert "error" in touch(client, given)
    assert run.log("proposal") == before


def test_of_two_desks_that_sign_the_same_step_at_once_one_counts(run: DeskRun) -> None:
    clients, given = [at_the_desk(run.open()) for _ in range(2)], []
    for client in clients:
        given.append(prepare(client))
        run.present.moment += timedelta(seconds=1)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(touch, clients, given))
    assert sorted("next" in answer for answer in answers) == [False, True]
    assert len(run.log("proposal")) == 2


def test_two_clicks_at_once_sign_once(run: DeskRun, desk: Desk) -> None:
    clients = [at_the_desk(desk) for _ in range(4)]
    given = prepare(clients[0])
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda client: touch(client, given), clients))
    assert sum("next" in answer for answer in answers) == 1
    assert len(run.log("proposal")) == 2 and not desk.writer.set_aside()


def test_after_a_wrong_answer_the_same_statement_can_be_signed(desk: Desk) -> None:
    client = at_the_desk(desk)
    given = prepare(client)
    assert "error" in touch(client, given, "kz-a")
    assert touch(client, given) == {"next": "/"}


def test_what_waits_for_the_remote_is_not_signed_a_second_time(run: DeskRun, desk: Desk) -> None:
    client, gone = at_the_desk(desk), run.remote.with_name("gone.git")
    given = prepare(client)
    run.remote.rename(gone)
    assert "尚未送达" in touch(client, given)["error"]
    assert "error" in touch(client, given)
    assert "有 1 份记录等待送出" in client.get("/").text
    gone.rename(run.remote)
    desk.writer.drain()
    assert len(run.log("proposal")) == 2 and not desk.writer.set_aside()


def test_a_record_that_would_not_count_is_not_written(run: DeskRun, desk: Desk) -> None:
    client = at_the_desk(desk, "zz-a")  # the writer may not review
    assert "error" in touch(client, prepare(client), "zz-a")
    assert run.log("proposal") == ["起草"]


def test_far_from_the_machine_its_key_signs_nothing(run: DeskRun, desk: Desk) -> None:
    client = at_the_desk(desk)
    given = prepare(client)
    answer = client.post(f"/sign/{given['id']}", data={"passphrase": ""}, headers=JSON)
    assert "error" in answer.json()
    assert run.log("proposal") == ["起草"]
