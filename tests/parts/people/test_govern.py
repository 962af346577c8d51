"""The lead department's pages: a form becomes words, a proposal, two consents, and is in force."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from pipeline.judge.load_governance import trust
from pipeline.model.findings import say
from pipeline.model.part import program
from pipeline.model.registers import Registers
from pipeline.parts.desk.desk import Desk
from tests.builders.desks import DeskRun, answer_of, browser, change
from tests.builders.git import Git
from tests.builders.named import SENTENCES, shows

JSON = {"accept": "application/json"}
END = {"person": "zz-b", "on": "2026-11-30"}


def propose(client: TestClient, what: str, **given: str) -> str:
    """Confirm a form; the branch of its proposal."""
    answer = client.post(f"/govern/propose/{what}", data={**given, "_confirmed": "yes"})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("branch=")[2]


def branches(run: DeskRun) -> str:
    return Git(run.remote)("for-each-ref")


def consent(client: TestClient, branch: str, name: str) -> Any:
    form = {"branch": branch, "reason": "交接"}
    given = client.post("/govern/authorise", data=form, headers=JSON).json()
    if "id" not in given:
        return given
    proof = answer_of(given["challenge"], name)
    return client.post(f"/sign/{given['id']}", json=proof, headers=JSON).json()


def registers(desk: Desk, branch: str = "") -> Registers:
    with desk.clone.repository() as repository:
        name = f"origin/{branch}" if branch else "origin/main"
        return trust(repository.tree(repository.commit(name))).registers


def test_a_form_is_shown_in_words_before_anything_is_written(run: DeskRun, desk: Desk) -> None:
    shown = browser(desk, "kz-a").post("/govern/propose/end", data=END)
    assert "不再担任灾害救助科部门作者：最后一天为2026年11月30日" in shown.text
    assert 'name="person" value="zz-b"' in shown.text
    assert "govern/" not in branches(run)


def test_two_consents_put_a_handover_into_force(desk: Desk) -> None:
    head, leader = browser(desk, "kz-a"), browser(desk, "ld-a")
    given = {"person": "gly-a", "successor": "xxy-b", "role": "operator", "on": "2026-12-01"}
    branch = propose(head, "handover", **given)
    page = head.get("/govern/proposal", params={"branch": branch}).text
    assert "某gly-a（gly-a）不再担任" in page
    assert "某gly-a知道“云岚wx”的密码" in page
    assert "入档生效" not in page
    assert "next" in consent(head, branch, "kz-a")
    assert "已授权 1/2" in leader.get("/").text
    assert not shows(leader.get("/").text, "nothing-waits-for-you", "zh")
    assert shows(head.get("/").text, "nothing-waits-for-you", "zh")
    assert consent(leader, branch, "ld-a") == {"next": "/govern"}
    assert "已入档" in leader.get("/govern").text
    assert registers(desk).people["xxy-b"].tenures[-1].role == "operator"
    assert "没有待办的变更" in leader.get("/govern").text


def test_one_consents_once_and_strangers_not_at_all(desk: Desk) -> None:
    head, writer = browser(desk, "kz-a"), browser(desk, "zz-a")
    branch = propose(writer, "end", **END)
    assert "error" in consent(writer, branch, "zz-a")
    assert "next" in consent(head, branch, "kz-a")
    assert "error" in consent(head, branch, "kz-a")
    assert "同意并签名" not in head.get("/govern/proposal", params={"branch": branch}).text


def test_a_consent_covers_only_what_was_shown(desk: Desk) -> None:
    head = browser(desk, "kz-a")
    branch = propose(head, "end", **END)
    given = head.post(
        "/govern/authorise", data={"branch": branch, "reason": "离任"}, headers=JSON
    ).json()
    propose(head, "end", person="zz-a", on="2026-11-30", _branch=branch)
    proof = answer_of(given["challenge"], "kz-a")
    assert "error" in head.post(f"/sign/{given['id']}", json=proof, headers=JSON).json()


@pytest.mark.parametrize(
    ("what", "given", "words"),
    [
        (
            "begin",
            {"person": "xxy-a", "role": "writer", "department": "bgs", "on": "2026-12-01"},
            "某xxy-a（xxy-a）自2026年12月1日起任办公室部门作者",
        ),
        (
            "setting",
            {"name": "cadence.text.count", "value": "3", "from": "2026-12-01", "ground": "D",
             "source": "局务会纪要"},
            "自2026年12月1日起由2 次/周改为3 次/周；依据：[D] 局务会纪要",
        ),
        (
            "setting",
            {"name": "review.allow_post_hoc", "value": "true", "from": "2026-12-01",
             "ground": "D", "source": "局务会纪要"},
            "自2026年12月1日起由否改为是；依据：[D] 局务会纪要",
        ),
        ("setting", {"name": "archive.show_names", "value": "true"}, "公开姓名由否改为是。"),
        ("setting", {"name": "unit.footer.icp", "value": "皖ICP备1号"}, "改为皖ICP备1号"),
        (
            "entry",
            {"_kind": "accounts", "_entry": "wx", "name": "云岚应急", "verified": "false"},
            "账号“云岚应急（wx）”：认证由是改为否",
        ),
        (
            "entry",
            {"_kind": "devices", "_entry": "", "id": "pc-9", "kind": "台式机", "keeper": "gly-b",
             "department": "xjk", "hardened": "true", "from": "2026-11-05"},
            "设备：新登记“pc-9”。",
        ),
        (
            "roster",
            {"leader": "ld-a", "delegate": "ld-b", "role": "leader-in-charge",
             "from": "2026-12-01", "until": "2026-12-08", "authority": "会议纪要〔2026〕9号"},
            "新增：某ld-b（ld-b）",
        ),
    ],
)  # fmt: skip
def test_every_form_says_what_it_does(
    desk: Desk, what: str, given: dict[str, str], words: str
) -> None:
    shown = browser(desk, "kz-a").post(f"/govern/propose/{what}", data=given)
    assert words in shown.text


def test_what_is_emptied_in_a_form_goes(desk: Desk) -> None:
    head = browser(desk, "kz-a")
    given = {"_kind": "accounts", "_entry": "wx"}
    first = propose(head, "entry", **given, custodian="gly-a")
    assert registers(desk, first).accounts["wx"].custodian == "gly-a"
    propose(head, "entry", **given, custodian="", _branch=first)
    assert registers(desk, first).accounts["wx"].custodian == ""


def test_what_is_no_register_is_read_line_by_line(run: DeskRun, desk: Desk) -> None:
    desk.writer.put(change("theme", files={"site/assets/x.css": b"p { color: red }\n"}))
    shown = browser(desk, "kz-a").get("/govern/proposal", params={"branch": "theme"}).text
    assert "有 1 个文件变更" in shown and "b/site/assets/x.css" in shown
    assert "+p { color: red }" in shown


def test_a_proposal_that_cannot_be_read_is_listed_with_its_reason(desk: Desk) -> None:
    broken = {"schemas/statements/review.json": b"{", "content/registers/devices.yml": b"x"}
    desk.writer.put(change("broken", files=broken))
    assert "schemas/statements/review.json" in browser(desk, "kz-a").get("/govern").text


def test_a_key_ends_and_stays_in_the_roster(desk: Desk) -> None:
    head = browser(desk, "kz-a")
    key = registers(desk).roster.keys[0]
    branch = propose(head, "roster", key=key.fingerprint, how="retired", on="2026-12-01")
    made = registers(desk, branch).roster.key(key.fingerprint)
    assert made and made.revocation == "retired"


@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("end", {"person": "zz-b", "on": "30.11.2026"}),
        ("end", {"person": "zz-b"}),
        ("end", {"person": "ghost", "on": "2026-11-30"}),
        ("entry", {"_kind": "roster", "_entry": ""}),
        ("entry", {"_kind": "accounts", "_entry": "wx"}),
        ("setting", {"name": "no.such", "value": "1", "from": "2026-12-01", "source": "x"}),
        ("nothing", {}),
    ],
)
def test_what_cannot_be_meant_is_answered_with_a_next_step(
    run: DeskRun, desk: Desk, what: str, given: dict[str, str]
) -> None:
    before = branches(run)
    answer = browser(desk, "kz-a").post(f"/govern/propose/{what}", data=given)
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert branches(run) == before


@pytest.mark.parametrize(
    "address",
    ["/govern", "/govern/people", "/govern/policy", "/govern/policy?name=cadence.text.count",
     "/govern/policy?name=unit.footer.icp",
     "/govern/register/accounts", "/govern/register/accounts?entry=wx",
     "/govern/register/people?entry=", "/govern/register/contractors?entry=lanyun"],
)  # fmt: skip
def test_every_page_is_shown(desk: Desk, address: str) -> None:
    answer = browser(desk, "kz-a").get(address)
    assert answer.status_code == 200


def test_a_yes_or_no_is_chosen_and_shown_in_words(desk: Desk) -> None:
    """The page said true 是否, and asked for the word true."""
    client = browser(desk, "kz-a")
    text = client.get("/govern/policy?name=review.allow_post_hoc").text
    assert "自2023-03-21起否；" in text
    assert '<option value="false" selected>否</option>' in text
    assert "是否</td>" not in text
    facts = client.get("/govern/policy?name=archive.show_names").text
    assert '<option value="false" selected>否</option>' in facts
    assert "<td>False</td>" not in facts


def test_the_desk_calls_people_by_name(desk: Desk) -> None:
    desk.present("kz-a")
    words = desk.tr(say(SENTENCES["authoriser-unfit"], person="xxy-a"))
    assert words.startswith("某xxy-a")


def test_pages_of_what_is_not_there_say_so(desk: Desk) -> None:
    client = browser(desk, "kz-a")
    assert client.get("/govern/register/nothing").status_code == 409
    assert client.get("/govern/proposal?branch=nothing").status_code == 409


@pytest.mark.parametrize("name", program().lists)
def test_every_register_with_entries_has_its_page_and_its_form(desk: Desk, name: str) -> None:
    client = browser(desk, "kz-a")
    assert f'href="/govern/register/{name}"' in client.get("/govern").text
    shown = [client.get(f"/govern/register/{name}{entry}") for entry in ("", "?entry=")]
    assert [page.status_code for page in shown] == [200, 200]
    assert all(program().labels[name] in page.text for page in shown)
