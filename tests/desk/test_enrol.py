"""A passkey is enrolled by a proposal that others must consent to."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from pipeline.desk.desk import Desk
from pipeline.desk.sign_in import BRANCH
from pipeline.desk.signing import to_base64url
from pipeline.model.findings import Effect
from pipeline.model.registers import check_number
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import seed
from tests.builders.desks import DeskRun, answer_of, browser
from tests.builders.git import Git
from tools.sign_in_process import passkey_of

ROSTER = "content/registers/roster.yml"


def spki(name: str) -> str:
    prefix = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
    return to_base64url(prefix + passkey_of(seed(f"passkey of {name}")).raw)


def enrol(client: TestClient, who: str, name: str = "", **fields: Any) -> dict[str, Any]:
    """Enrol the passkey of a name for a person, as the page does; what the desk says."""
    given = client.post("/enrol/options", json={"who": who}).json()
    if "error" in given:
        return dict(given)
    proof = answer_of(given["challenge"], name or f"new {who}", **fields)
    key = spki(name or f"new {who}")
    body = {**proof, "publicKey": key, "challenge": given["challenge"], "who": who}
    answer: dict[str, Any] = client.post(
        "/enrol", json=body, headers={"accept": "application/json"}
    ).json()
    return answer


def waiting(run: DeskRun) -> list[str]:
    keys = yaml.safe_load(run.read(BRANCH, ROSTER))["keys"]
    old = yaml.safe_load(run.read("main", ROSTER))["keys"]
    return [row["person"] for row in keys if row not in old]


def test_a_visitor_hands_in_a_key_and_gets_a_number_to_read_out(run: DeskRun, desk: Desk) -> None:
    answer = enrol(browser(desk), "某xxy-b")
    assert answer["number"] == check_number(passkey_of(seed("passkey of new 某xxy-b")).fingerprint)
    assert waiting(run) == ["xxy-b"]


def test_main_is_as_it_was_until_others_consent(run: DeskRun, desk: Desk) -> None:
    before = run.branch("main")
    enrol(browser(desk), "xxy-b")
    assert run.branch("main") == before
    client = browser(desk)
    fresh = client.post("/sign-in/challenge").json()
    body = {**answer_of(fresh["challenge"], "new xxy-b"), **fresh}
    answer = client.post("/sign-in", json=body, headers={"accept": "application/json"})
    assert "error" in answer.json()


def test_several_wait_in_one_proposal(run: DeskRun, desk: Desk) -> None:
    for who in ("xxy-b", "gly-b@YUNLAN.example.org", "xxy-b"):
        enrol(browser(desk), who)
    assert waiting(run) == ["gly-b", "xxy-b"] or waiting(run) == ["xxy-b", "gly-b"]


def test_of_many_at_once_on_two_desks_none_is_lost(run: DeskRun) -> None:
    names, desks = ("xxy-b", "gly-b", "zz-b", "xxy-c"), (run.open(), run.open())
    clients = {name: browser(desks[at % 2]) for at, name in enumerate(names)}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda name: enrol(clients[name], name), names))
    assert all("number" in answer for answer in answers)
    assert sorted(waiting(run)) == sorted(names)
    assert not desks[0].writer.set_aside() + desks[1].writer.set_aside()


def test_a_flood_of_strangers_fills_neither_the_proposal_nor_the_queue(
    run: DeskRun, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.desk.sign_in.MOST", 1)
    assert "number" in enrol(browser(desk), "xxy-b")
    assert "error" in enrol(browser(desk), "gly-b")
    assert waiting(run) == ["xxy-b"]
    monkeypatch.undo()
    run.remote.rename(run.remote.with_name("gone.git"))
    assert "通行密钥未登记" in enrol(browser(desk), "gly-b")["error"]
    assert not desk.writer.waiting()


def test_the_proposal_is_judged_like_any_roster(run: DeskRun, desk: Desk, tmp_path: Path) -> None:
    enrol(browser(desk), "xxy-b")
    folder = tmp_path / "clone-2"
    Git(tmp_path)("clone", "--quiet", str(run.remote), str(folder))
    report = ArchiveRepo.at(folder).verify("origin/main", f"origin/{BRANCH}")
    wrong = [f for v in report.verdicts for f in v.findings if f.effect > Effect.NOTE]
    assert {f.clause for f in wrong} == {"R13-7"}  # the two consents are missing


@pytest.mark.parametrize("who", ["", "某", "stranger", "a" * 5000, "' OR 1=1"])
def test_a_name_that_is_no_persons_is_told_nothing(desk: Desk, who: str) -> None:
    answer = browser(desk).post("/enrol/options", json={"who": who})
    assert answer.status_code == 409
    assert "xxy" not in answer.text


@pytest.mark.parametrize("fields", [{"origin": "http://evil.example"}, {"flags": 1}])
def test_a_key_that_cannot_sign_here_is_refused(
    run: DeskRun, desk: Desk, fields: dict[str, Any]
) -> None:
    assert "error" in enrol(browser(desk), "xxy-b", **fields)
    with pytest.raises(AssertionError):
        run.branch(BRANCH)


def test_a_key_of_somebody_else_is_refused(desk: Desk) -> None:
    assert "error" in enrol(browser(desk), "xxy-b", "kz-a")  # one key belongs to one person
