"""A lost phone is stopped on pages: from now on, in two consents, its owner none of the two."""

import re
from datetime import timedelta
from typing import Any

import pytest

from pipeline.evidence.ssh.keys import PublicKey, parse_public_key
from pipeline.model.registers import RosterKey, check_number
from pipeline.parts.desk.desk import Desk
from pipeline.report.governed_change import key_in_words
from pipeline.report.language import translator
from pipeline.sign.roster import ROSTER, Ending, next_roster
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF, at, email, seed
from tests.builders.desks import DeskRun, answer_of, browser, bureau, change, merged, passkey_line
from tests.builders.fixtures import shared
from tests.builders.git import Git
from tests.builders.named import shows
from tests.parts.desk.test_gate import JSON
from tests.parts.people.test_govern import branches, consent, propose, registers
from tools.sign_in_process import passkey_of


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    """A post stands on main, its final review made with the leader's phone."""

    def make(root: Any) -> None:
        made = bureau(root)
        made.draft()
        made.commit("起草", "zz-a")
        for step in ("first", "second"):
            made.review(POST, step)
        made.review(POST, "final", key="ld-a")
        made.review(POST, "confirm")
        made.commit("审核", email("xxy-a"))
        made.merge("proposal")
        made.git("branch", "--delete", "proposal")
        made.pack()

    return ArchiveRepo.at(shared(tmp_path_factory, "standing-post", make))


def phone(person: str) -> str:
    key = parse_public_key(passkey_line(person))
    assert isinstance(key, PublicKey)
    return key.fingerprint


def file_key(desk: Desk, person: str) -> str:
    keys = (k for k in registers(desk).roster.keys if k.person == person)
    return next(k.fingerprint for k in keys if not k.is_passkey)


def test_keys_are_named_for_people(desk: Desk) -> None:
    page = browser(desk, "zz-b").get("/govern/people").text
    number = check_number(phone("ld-a"))
    assert f"某ld-a：手机或电脑（通行密钥），2026-01-01 00:00起用，核对号{number}" in page
    words = re.sub(r"<[^>]*>", "", page)
    assert "SHA256:" not in words and "AAAA" not in words


def test_a_lost_phone_stops_now_in_two_consents(run: DeskRun, desk: Desk) -> None:
    colleague, head = browser(desk, "zz-b"), browser(desk, "kz-a")
    lost = {"key": phone("ld-a"), "how": "compromised"}
    looked = colleague.post("/govern/propose/roster", data=lost).text
    assert shows(looked, "no-post-loses", "zh") and "密钥的主人不算" in looked
    branch = propose(colleague, "roster", **lost)
    shown = head.get("/govern/proposal", params={"branch": branch}).text
    assert check_number(phone("ld-a")) in shown
    assert "可以同意的人" in shown and "某ld-a" not in shown.partition("可以同意的人")[2]
    assert "next" in consent(head, branch, "kz-a")
    assert "error" in consent(browser(desk, "ld-a"), branch, "ld-a"), "the owner is neither"


def test_a_session_of_a_stopped_key_ends(run: DeskRun, desk: Desk) -> None:
    client = browser(desk)
    fresh = client.post("/sign-in/challenge").json()
    body = {**answer_of(fresh["challenge"], "ld-a"), **fresh}
    assert client.post("/sign-in", json=body, headers=JSON).json() == {"next": "/"}
    assert client.get("/").status_code == 200
    Git(run.root)("fetch", "--quiet")
    stopped(run, desk, "ld-a")
    assert client.get("/").status_code == 303, "who found the phone is out"


def stopped(run: DeskRun, desk: Desk, person: str) -> None:
    """Main says that a phone is lost."""
    with desk.clone.repository() as repository:
        tree = repository.tree(repository.commit("origin/main"))
        raw = next_roster(
            tree, desk.now(), endings=[Ending(phone(person), "compromised", desk.now())]
        )
    merged(desk, change("main", files={ROSTER: raw}))


def test_what_would_be_lost_is_shown_before_anyone_signs(desk: Desk) -> None:
    given = {"key": file_key(desk, "ld-a"), "how": "since", "since": "2026-11-03T08:00"}
    client = browser(desk, "zz-b")
    looked = client.post("/govern/propose/roster", data=given).text
    assert "《冬季防火三件事》：某ld-a，终审" in looked and "从网站撤下" in looked
    branch = propose(client, "roster", **given)
    shown = browser(desk, "kz-a").get("/govern/proposal", params={"branch": branch}).text
    assert "《冬季防火三件事》：某ld-a，终审" in shown


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"how": "since", "since": "2026-12-01T08:00"}, "这一刻还没有到"),
        ({"how": "since", "since": "2025-12-01T08:00"}, "自2026-01-01 00:00才启用"),
        ({"how": "since", "since": "gestern"}, "gestern"),
        ({"how": "since"}, ""),
        ({"how": "compromised", "key": "SHA256:" + "A" * 43}, ""),
    ],
    ids=str,
)
def test_a_stop_that_cannot_be_meant_is_refused_before_anyone_signs(
    run: DeskRun, desk: Desk, given: dict[str, str], words: str
) -> None:
    before = branches(run)
    asked = {"key": phone("ld-a"), **given, "_confirmed": "yes"}
    answer = browser(desk, "zz-b").post("/govern/propose/roster", data=asked)
    assert (answer.status_code, words in answer.text) == (409, True), answer.text
    assert branches(run) == before


def test_one_that_is_given_up_takes_nothing_from_what_stands(run: DeskRun, desk: Desk) -> None:
    """Today means from now on, and not midnight; an earlier day is refused with a next step."""
    given = {"key": file_key(desk, "ld-a"), "how": "retired", "on": "2026-11-05"}
    branch = propose(browser(desk, "zz-b"), "roster", **given)
    made = registers(desk, branch).roster.key(given["key"])
    assert made and made.revoked_at == AS_OF
    assert "next" in consent(browser(desk, "kz-a"), branch, "kz-a")


def test_a_key_is_proposed_once_and_stopped_once(run: DeskRun, desk: Desk) -> None:
    client, lost = browser(desk, "zz-b"), {"key": phone("ld-a"), "how": "compromised"}
    propose(client, "roster", **lost)
    again = browser(desk, "zz-a").post("/govern/propose/roster", data={**lost, "_confirmed": "yes"})
    assert (again.status_code, "已有人提出" in again.text) == (409, True)
    stopped(run, desk, "kz-a")
    twice = {"key": phone("kz-a"), "how": "compromised", "_confirmed": "yes"}
    answer = client.post("/govern/propose/roster", data=twice)
    assert (answer.status_code, "已经停用" in answer.text) == (409, True)


def test_a_proposal_is_withdrawn_by_its_maker_with_the_consents(run: DeskRun, desk: Desk) -> None:
    maker, head = browser(desk, "zz-b"), browser(desk, "kz-a")
    branch = propose(maker, "roster", key=phone("ld-a"), how="compromised")
    given = head.post(
        "/govern/authorise", data={"branch": branch, "reason": "丢失"}, headers=JSON
    ).json()
    assert "next" in consent(head, branch, "kz-a")
    refused = head.post("/govern/withdraw", data={"branch": branch})
    assert (refused.status_code, "只有提出的人" in refused.text) == (409, True)
    assert maker.post("/govern/withdraw", data={"branch": branch}).status_code == 303
    assert branch not in branches(run)
    assert maker.post("/govern/withdraw", data={"branch": branch}).status_code == 409
    late = answer_of(given["challenge"], "kz-a")  # a consent that was on its way
    assert "error" in head.post(f"/sign/{given['id']}", json=late, headers=JSON).json()
    assert branch not in branches(run)
    run.present.moment += timedelta(seconds=1)
    again = propose(maker, "roster", key=phone("ld-a"), how="compromised")
    shown = head.get("/govern/proposal", params={"branch": again}).text
    assert "还没有人同意" in shown or "同意并签名" in shown, "the consent that was given is gone"


def test_check_numbers_are_never_masked(desk: Desk) -> None:
    """Of a thousand, some read as mobile numbers or cards."""
    tr, known = translator("zh"), registers(desk)
    for number in range(1000):
        line = passkey_of(seed(f"device {number}")).line
        fingerprint = parse_public_key(line)
        assert isinstance(fingerprint, PublicKey)
        key = RosterKey(
            "ld-a", line, fingerprint.fingerprint, at("2026-01-01 00:00"), None, None, ""
        )
        assert check_number(key.fingerprint) in tr(key_in_words(key, known))
