"""A passkey is enrolled by a proposal that others must consent to."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from pipeline.model.findings import Effect
from pipeline.model.registers import check_number
from pipeline.parts.desk.desk import Desk
from pipeline.parts.desk.sign_in import MOST
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import seed
from tests.builders.desks import DeskRun, answer_of, browser, spki
from tests.builders.git import Git
from tests.builders.named import worded
from tools.sign_in_process import passkey_of

ROSTER = "content/registers/roster.yml"


def enrol(
    client: TestClient, who: str, name: str = "", code: str | None = None, **fields: Any
) -> dict[str, Any]:
    """Enrol the passkey of a name for a person, as the page does with the code that the lead
    department gave; what the desk says."""
    desk = client.app.state.desk  # type: ignore[attr-defined]
    person = who.removeprefix("某").partition("@")[0]
    code = desk.codes.give(person, desk.now()) if code is None else code
    given = client.post("/enrol/options", json={"who": who, "code": code}).json()
    if "error" in given:
        return dict(given)
    proof = answer_of(given["challenge"], name or f"new {who}", **fields)
    key = spki(name or f"new {who}")
    body = {**proof, "publicKey": key, "challenge": given["challenge"], "who": who,
            "code": code}  # fmt: skip
    answer: dict[str, Any] = client.post(
        "/enrol", json=body, headers={"accept": "application/json"}
    ).json()
    return answer


def branches(run: DeskRun) -> list[str]:
    """Each holds one passkey that was handed in."""
    return Git(run.remote)("for-each-ref", "--format=%(refname:short)", "refs/heads/roster").split()


def waiting(run: DeskRun) -> list[str]:
    old = yaml.safe_load(run.read("main", ROSTER))["keys"]
    rows = (yaml.safe_load(run.read(branch, ROSTER))["keys"] for branch in branches(run))
    return sorted(row["person"] for keys in rows for row in keys if row not in old)


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


def test_each_waits_on_a_branch_of_its_own(run: DeskRun, desk: Desk) -> None:
    for who, name in (("xxy-b", ""), ("gly-b@YUNLAN.example.org", ""), ("xxy-b", "other")):
        assert "number" in enrol(browser(desk), who, name)
    assert waiting(run) == ["gly-b", "xxy-b", "xxy-b"]
    assert "error" in enrol(browser(desk), "xxy-b", "other"), "that one waits already"


def test_of_many_at_once_on_two_desks_none_is_lost(run: DeskRun) -> None:
    names, desks = ("xxy-b", "gly-b", "zz-b", "xxy-c"), (run.open(), run.open())
    clients = {name: browser(desks[at % 2]) for at, name in enumerate(names)}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda name: enrol(clients[name], name), names))
    assert all("number" in answer for answer in answers)
    assert waiting(run) == sorted(names)
    assert not desks[0].writer.set_aside() + desks[1].writer.set_aside()


def test_one_person_has_few_that_wait_and_stands_in_nobodys_way(run: DeskRun, desk: Desk) -> None:
    for number in range(MOST):
        assert "number" in enrol(browser(desk), "xxy-b", f"device {number}")
    assert "某xxy-b" in enrol(browser(desk), "xxy-b", "one more")["error"]
    assert "number" in enrol(browser(desk), "gly-b")
    run.remote.rename(run.remote.with_name("gone.git"))
    assert "通行密钥未登记" in enrol(browser(desk), "zz-b")["error"]
    assert not desk.writer.waiting()


def test_those_who_consent_gather_what_was_handed_in(run: DeskRun, desk: Desk) -> None:
    """One proposal by the roster of today, whatever came to main since; one consent covers it."""
    for who in ("xxy-b", "gly-b"):
        enrol(browser(desk), who)
    head = browser(desk, "kz-a")
    assert worded("passkeys-handed-in", "zh") in head.get("/govern").text
    ticked = {"branch": branches(run)}
    assert browser(desk, "zz-a").post("/govern/gather", data=ticked).status_code == 409
    assert len(branches(run)) == 2, "a writer gathers none"
    answer = head.post("/govern/gather", data=ticked)
    page = head.get(answer.headers["location"]).text
    for who in ("xxy-b", "gly-b"):
        assert check_number(passkey_of(seed(f"passkey of new {who}")).fingerprint) in page
    assert branches(run) == []


def test_a_passkey_of_a_stranger_is_withdrawn_by_those_who_consent(
    run: DeskRun, desk: Desk
) -> None:
    enrol(browser(desk), "xxy-b")
    given = {"branch": branches(run)[0]}
    assert browser(desk, "zz-a").post("/govern/withdraw", data=given).status_code == 409
    assert browser(desk, "kz-a").post("/govern/withdraw", data=given).status_code == 303
    assert branches(run) == []


def test_the_proposal_is_judged_like_any_roster(run: DeskRun, desk: Desk, tmp_path: Path) -> None:
    enrol(browser(desk), "xxy-b")
    folder = tmp_path / "clone-2"
    Git(tmp_path)("clone", "--quiet", str(run.remote), str(folder))
    report = ArchiveRepo.at(folder).verify("origin/main", f"origin/{branches(run)[0]}")
    wrong = [f for v in report.verdicts for f in v.findings if f.effect > Effect.NOTE]
    assert {f.clause for f in wrong} == {"R13-7"}  # the two consents are missing


@pytest.mark.parametrize("who", ["", "某", "stranger", "a" * 5000, "' OR 1=1"])
def test_a_name_that_is_no_persons_is_told_nothing(desk: Desk, who: str) -> None:
    answer = browser(desk).post("/enrol/options", json={"who": who, "code": "ABCDEFGHJK"})
    assert answer.status_code == 409
    assert "xxy" not in answer.text


@pytest.mark.parametrize("fields", [{"origin": "http://evil.example"}, {"flags": 1}])
def test_a_key_that_cannot_sign_here_is_refused(
    run: DeskRun, desk: Desk, fields: dict[str, Any]
) -> None:
    assert "error" in enrol(browser(desk), "xxy-b", **fields)
    assert branches(run) == []


def test_a_key_of_somebody_else_is_refused(desk: Desk) -> None:
    assert "error" in enrol(browser(desk), "xxy-b", "kz-a")  # one key belongs to one person
