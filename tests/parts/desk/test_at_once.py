"""Many read, write and sign at the same moment: nothing is lost, nothing stands twice."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.model.evidence import Step
from pipeline.model.findings import say
from pipeline.model.ids import PersonId
from pipeline.model.registers import Person
from pipeline.parts.desk.app import THREADS
from pipeline.parts.desk.desk import Bench, Desk, SignedAct, ask, desk_of
from pipeline.sign.act import Sign, SignedOutcome, context_at
from pipeline.sign.review_step import StepDecision, review
from pipeline.source.git.branches import tip_of
from pipeline.source.git.repository import Repository
from tests.builders.desks import DeskRun, answer_of, bureau
from tests.builders.live_desks import free_port, serving

READERS, SIGNERS = 12, 5
POSTS = [f"2026-11-05-fire-{letter}" for letter in "abcde"]


def approve(request: Request) -> Response:
    """The least page that signs: the first review of a post."""
    clone, wanted = desk_of(request).clone, request.path_params["post"]

    def act(repository: Repository, person: Person, now: datetime, sign: Sign) -> SignedAct:
        head, trusted = tip_of(repository, "proposal"), clone.trusted(repository)
        context = context_at(repository, trusted, head, now, frozenset({wanted}))
        made = review(
            context,
            context.post(wanted),
            StepDecision(Step.FIRST, "approve", "同意"),
            person,
            now,
            sign,
        )
        return SignedAct(SignedOutcome(made, say("Sign")), Bench(context, "proposal"))

    return ask(request, act, say("Sign"))


def sign(desk: Desk, post: str) -> Any:
    with client_of(desk) as client:
        given = client.post(f"/approve/{post}").json()
        return client.post(f"/sign/{given['id']}", json=answer_of(given["challenge"], "xxy-a",
                           origin=desk.origin)).json()  # fmt: skip


def read(desk: Desk) -> int:
    with client_of(desk) as client:
        return client.get("/").status_code


def client_of(desk: Desk) -> httpx2.Client:
    cookie = desk.sessions.begin("xxy-a", desk.now())
    return httpx2.Client(
        base_url=desk.origin, cookies={"desk": cookie}, timeout=120,
        headers={"origin": desk.origin, "accept": "application/json"},
    )  # fmt: skip


def test_a_dozen_read_and_five_sign_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening, origin = free_port()
    archive = bureau(tmp_path / "archive", origin)
    for post in POSTS:
        archive.draft(post, title=f"防火提示{post[-1]}")
    archive.commit("起草", "zz-a")
    run = DeskRun.over(archive, tmp_path)
    from pipeline.parts.desk import waiting_list

    monkeypatch.setattr(
        waiting_list, "ROUTES",
        [*waiting_list.ROUTES, Route("/approve/{post}", approve, methods=["POST"])],
    )  # fmt: skip
    desk = run.open(origin)
    with serving(desk, listening), ThreadPoolExecutor(READERS + SIGNERS) as pool:
        reading = [pool.submit(read, desk) for _ in range(READERS)]
        signing = [pool.submit(sign, desk, post) for post in POSTS]
        assert {future.result() for future in reading} == {200}
        assert [future.result() for future in signing] == [{"next": "/"}] * SIGNERS
    stood = [run.read("proposal", f"content/reviews/2026/{p}/r1/1-first.json") for p in POSTS]
    assert len(set(stood)) == SIGNERS
    assert len(run.log("proposal")) == 1 + SIGNERS


def test_forty_people_check_their_drafts_at_once(tmp_path: Path) -> None:
    """Each is told all; no more repositories are open than there are turns, and all are back."""
    listening, origin = free_port()
    archive = bureau(tmp_path / "archive", origin)
    archive.draft()
    archive.commit("起草", "zz-a")
    desk = DeskRun.over(archive, tmp_path).open(origin)
    given = {"_branch": "proposal", "_post": "2026-11-05-winter-fire", "_base": "",
             "_act": "watch", "_body": "关好火源再出门。"}  # fmt: skip
    cookies = [desk.sessions.begin(PersonId("zz-a"), desk.now()) for _ in range(40)]
    alive = [cookie for cookie in cookies if cookie in desk.sessions.entries]

    def check(number: int) -> tuple[int, int]:
        cookie = alive[number % len(alive)]
        with httpx2.Client(base_url=origin, cookies={"desk": cookie}, timeout=300,
                           headers={"origin": origin}) as client:  # fmt: skip
            lines = client.post("/write/draft", data=given).text.splitlines()
        return len(lines), json.loads(lines[-1])["left"]

    with serving(desk, listening), ThreadPoolExecutor(40) as threads:
        answers = set(threads.map(check, range(40)))
        assert len(answers) == 1 and answers.pop()[1] == 0
        assert desk.clone._idle.qsize() <= THREADS
