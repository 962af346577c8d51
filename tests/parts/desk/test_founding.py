"""Founding at the desk: who is let in, what is refused, and what stands after a kill."""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from pipeline.errors import Fault
from pipeline.model.ids import PersonId
from pipeline.model.registers import check_number
from pipeline.new import new_archive as new_archive_module
from pipeline.new.new_archive import Member
from pipeline.parts.desk import founding as module
from pipeline.parts.desk.desk import CODE_LASTS
from pipeline.parts.desk.founding import Founding, book_of, founding_app, state
from tests.builders.cast import seed
from tests.builders.desks import browser
from tests.builders.foundings import (
    JSON,
    SIX,
    add,
    all_enrolled,
    answered,
    enrolled,
    founding_at,
    id_of,
    leading,
    press,
)
from tests.builders.git import Git
from tests.builders.named import like, shows
from tools.sign_in_process import passkey_of


@pytest.fixture(autouse=True)
def committer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "建档")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "setup@example.org")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def founding(folder: Path) -> Founding:
    return founding_at(folder)


def registered(folder: Path, name: str) -> Any:
    return yaml.safe_load(Git(folder)("show", f"main:content/registers/{name}.yml"))


def words(answer: Any) -> str:
    return re.sub(r"<[^>]+>|\s", "", answer.text)


def test_what_is_committed_is_what_six_people_enrolled(folder: Path, founding: Founding) -> None:
    with leading(founding) as client:
        all_enrolled(client, founding)
        assert press(client, founding).headers["location"] == "/root"
        assert client.get("/root").status_code == 200, "it takes no session"
        assert "某局长" not in client.get("/root").text, "names are for who is signed in"
    rows = {row["person"]: row["key"] for row in registered(folder, "roster")["keys"]}
    assert rows == {f"{role}-1": passkey_of(seed(f"passkey of {name}")).line
                    for name, role in SIX.items()}  # fmt: skip
    policy = yaml.safe_load(Git(folder)("show", "main:content/policy.yml"))
    assert policy["parameters"]["review.desk_origins"][0]["value"] == [founding.origin]
    assert Git(folder)("rev-list", "--count", "main") == "1"
    assert not book_of(folder).exists()


def test_only_the_printed_address_leads_and_only_once(founding: Founding) -> None:
    with leading(founding, enters=False) as client:
        assert client.get("/").headers["location"].startswith("/sign-in")
        assert client.get("/enter?token=guessed").status_code == 409
        for path in ("/people", "/facts", "/found"):
            assert client.post(path).status_code == 303, "a stranger is led to sign in"
        assert client.get(f"/enter?token={founding.sessions.token}").status_code == 200
        assert client.get("/").status_code == 200
        other = TestClient(founding_app(founding), base_url=founding.origin,
                           follow_redirects=False)  # fmt: skip
        used = other.get(f"/enter?token={founding.sessions.token}")
        assert used.status_code == 409
        assert shows(used.text, "founding-address-used", "zh"), "what to do, and whom to ask"
        assert other.get("/").status_code == 303
    assert founding.book()["people"] == []


def test_another_host_or_site_gets_nothing(founding: Founding) -> None:
    with leading(founding) as client:
        assert client.get("/", headers={"host": "evil.example"}).status_code == 421
        evil = {"origin": "http://evil.example"}
        assert client.post("/people", data={"act": "add"}, headers=evil).status_code == 403


def test_a_code_opens_one_enrolment_of_its_person(founding: Founding) -> None:
    with leading(founding) as client:
        add(client, "某科长", "section-head")
        add(client, "某分管", "leader-in-charge")
        code = founding.codes.give(id_of(founding, "某科长"), founding.now())  # type: ignore[arg-type]
        assert "error" in answered(client, founding, "某分管", code=code)
        assert "error" in answered(client, founding, "某科长", code="ABCDEFGHJK")
        body = answered(client, founding, "某科长", code=code)
        assert client.post("/enrol", json=body, headers=JSON).json()["number"] == check_number(
            passkey_of(seed("passkey of 某科长")).fingerprint
        )
        before = founding.book()
        assert "error" in client.post("/enrol", json=body, headers=JSON).json(), "replayed"
        assert "error" in answered(client, founding, "某科长", code=code), "spent"
    assert founding.book() == before


@pytest.mark.parametrize("act", ["remove", "change"])
def test_a_code_is_not_good_for_who_comes_after(founding: Founding, act: str) -> None:
    with leading(founding) as client:
        add(client, "某科长", "section-head")
        id = PersonId(id_of(founding, "某科长"))
        code, later = founding.codes.give(id, founding.now()), {"name": "后任", "email": ""}
        changed = {"id": id, "act": act, "role": "section-head", **later}
        assert client.post("/people", data=changed).status_code == 303
        if act == "remove":
            add(client, "后任", "section-head")
        assert id_of(founding, "后任") == id
        assert "error" in answered(client, founding, "后任", code=code)
        assert "number" in enrolled(client, founding, "后任")


@pytest.mark.parametrize("fields", [{"origin": "http://evil.example"}, {"flags": 1}])
def test_a_key_that_cannot_sign_here_is_refused(founding: Founding, fields: dict[str, Any]) -> None:
    with leading(founding) as client:
        add(client, "某科长", "section-head")
        body = answered(client, founding, "某科长", **fields)
        assert "error" in client.post("/enrol", json=body, headers=JSON).json()
        forged = {**answered(client, founding, "某科长"), "publicKey": body["publicKey"][:-8]}
        assert "error" in client.post("/enrol", json=forged, headers=JSON).json()
    assert not founding.book()["people"][0]["key"]


def test_two_people_never_hold_one_key(founding: Founding) -> None:
    with leading(founding) as client:
        add(client, "某科长", "section-head")
        add(client, "某分管", "leader-in-charge")
        assert "number" in enrolled(client, founding, "某科长")
        assert "error" in enrolled(client, founding, "某分管", "某科长")
    assert [bool(row["key"]) for row in founding.book()["people"]] == [True, False]


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"name": "某科长", "role": "leader-in-charge"}, "三个不同的人"),
        ({"name": "另一科长", "role": "section-head"}, "两名负责人"),
        ({"name": "某分管", "role": "leader-in-charge", "email": "a@b.example"}, "同一个邮箱"),
        ({"name": "某分管", "role": "leader-in-charge", "email": "no address"}, "格式"),
        ({"name": "某分管", "role": "witness"}, "缺少"),
        ({"name": "", "role": "writer"}, "缺少"),
        ({"role": "writer"}, "缺少"),
        ({"name": "长" * 81, "role": "writer"}, "80"),
    ],
)
def test_who_cannot_found_beside_the_others_is_refused(
    founding: Founding, given: dict[str, str], word: str
) -> None:
    with leading(founding) as client:
        add(client, "某科长", "section-head", email="a@b.example")
        before = founding.book()
        answer = client.post("/people", data={"act": "add", "email": "", **given})
        assert answer.status_code == 409
        assert word in words(answer), words(answer)
        assert not re.search("待我办理|列表", words(answer)), "there is no list yet"
    assert founding.book() == before


def test_all_of_it_can_be_corrected_before_the_commit(folder: Path, founding: Founding) -> None:
    facts = {"full_name": "测试市应急局", "lead": "宣教科", "organisation_code": "00MB12345",
             "help": "宣教科 0931-1234567", "verified": "False", "opened_on": "2024-03-01",
             "content_mode": "av"}  # fmt: skip
    with leading(founding) as client:
        assert client.post("/facts", data={"organisation_code": "I"}).status_code == 409
        assert client.post("/facts", data=facts).status_code == 303
        all_enrolled(client, founding)
        writer = {"id": id_of(founding, "某作者")}
        client.post("/people", data={**writer, "act": "forget"})
        assert "某作者尚未登记" in words(client.get("/"))
        assert press(client, founding).status_code == 409
        assert "number" in enrolled(client, founding, "某作者", "a second device")
        renamed = {**writer, "act": "change", "name": "某写手", "role": "writer", "email": ""}
        assert client.post("/people", data=renamed).status_code == 303
        client.post("/people", data={"id": id_of(founding, "某局长"), "act": "remove"})
        assert client.post("/people", data={"id": "nobody", "act": "remove"}).status_code == 409
        assert press(client, founding).status_code == 303
    names = [row["name"] for row in registered(folder, "people")["people"]]
    assert names == ["某信息员", "某科长", "某分管", "某管理员", "某写手"]
    assert registered(folder, "departments")["departments"][0]["name"] == "宣教科"
    (account,) = registered(folder, "accounts")["accounts"]
    assert account["verified"] is False
    assert (account["opened_on"], account["content_mode"]) == ("2024-03-01", "av")
    policy = yaml.safe_load(Git(folder)("show", "main:content/policy.yml"))
    assert policy["unit"]["help"] == facts["help"]
    assert policy["archive"]["name"] == "测试市应急局政务新媒体公开档案"


def test_nothing_is_founded_on_what_nobody_said(folder: Path, founding: Founding) -> None:
    founding.new = replace(founding.new, account={**founding.new.account, "content_mode": ""})
    with leading(founding) as client:
        all_enrolled(client, founding)
        assert "还没有选" in words(client.get("/"))
        assert press(client, founding).status_code == 409
        assert client.post("/facts", data={"content_mode": "text"}).status_code == 303
        silent = client.post("/found", data={"state": state(founding.book())})
        assert silent.status_code == 409 and "外包人员" in words(silent)
        assert not folder.exists()
        assert press(client, founding).status_code == 303


def test_a_page_left_open_founds_nothing_else(folder: Path, founding: Founding) -> None:
    with leading(founding) as client:
        all_enrolled(client, founding)
        shown = state(founding.book())
        add(client, "某副职", "leader-in-charge")
        assert "number" in enrolled(client, founding, "某副职")
        assert press(client, founding, shown).status_code == 409
        assert not folder.exists()
        shown = state(founding.book())
        assert press(client, founding, shown).status_code == 303
        before = Git(folder)("rev-parse", "main")
        late = client.post("/people", data={"act": "add", "name": "某人", "role": "writer"})
        assert late.headers["location"].startswith("/sign-in"), "the desk answers now"
        with pytest.raises(Fault), founding.changing():
            pass
        founding.establish(shown)
    assert Git(folder)("rev-parse", "main") == before


def test_who_signs_nothing_may_be_named_at_the_terminal(folder: Path, founding: Founding) -> None:
    writer = Member("writer", "某写手", "writer", "writer@example.org", "")
    founding.new = replace(founding.new, members=(writer,))
    with leading(founding) as client:
        all_enrolled(client, founding, ["writer"])
        assert press(client, founding).status_code == 303
    assert "writer" not in {row["person"] for row in registered(folder, "roster")["keys"]}


def test_a_closed_terminal_does_not_close_the_desk(folder: Path, founding: Founding) -> None:
    def closed(*_: object) -> None:
        raise OSError

    founding.announce = closed
    with leading(founding) as client:
        all_enrolled(client, founding)
        with pytest.raises(OSError):
            press(client, founding)
        assert client.get("/root").status_code == 200
        assert "待我办理" in words(client.get("/sign-in")) or "通行密钥" in words(
            client.get("/sign-in")
        )


def test_it_goes_on_where_it_was(folder: Path, founding: Founding) -> None:
    with leading(founding) as client:
        add(client, "某科长", "section-head")
        assert "number" in enrolled(client, founding, "某科长")
    again = founding_at(folder)
    with leading(again) as client:
        assert "某科长已登记" in words(client.get("/"))
    with pytest.raises(Fault, match=like("passkeys-of-address")):
        founding_at(folder, "https://desk.example.gov.cn").book()


@pytest.mark.parametrize("at", ["write_whole", "add_and_commit", "rename", "open_desk"])
def test_a_kill_at_any_write_leaves_all_or_nothing(
    folder: Path, founding: Founding, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    where = {"write_whole": module, "add_and_commit": new_archive_module, "rename": Path,
             "open_desk": Founding}[at]  # fmt: skip
    with leading(founding) as client:
        all_enrolled(client, founding)
        shown, before = state(founding.book()), founding.book()
    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(where, at, killed)
        if at == "write_whole":
            with founding.changing() as book:
                book["people"].clear()
        founding.establish(shown)
    again = founding_at(folder)
    if at == "open_desk":
        assert again.stands
        founding_app(again)
        assert again.opened and not book_of(folder).exists()
    else:
        assert not folder.exists() and again.book() == before
        again.establish(shown)
    assert Git(folder)("rev-list", "--count", "main") == "1"
    assert len(registered(folder, "roster")["keys"]) == len(SIX)


def test_who_asks_while_what_was_entered_is_put_away_gets_an_answer(
    founding: Founding, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Devices ask every three seconds; the archive is founded between a look and a read."""
    reads = Path.read_bytes

    def founded(path: Path) -> bytes:
        if path.name == "entered.json":
            shutil.rmtree(path.parent)
        return reads(path)

    with leading(founding) as client:
        add(client, "某科长", "section-head")
        monkeypatch.setattr(Path, "read_bytes", founded)
        assert client.get("/state").status_code == 200
        assert not book_of(founding.clone.folder).exists()


def test_who_leads_sees_codes_while_one_of_them_is_spent(founding: Founding) -> None:
    class Other(str):
        """Of somebody who enrols just as the page looks for another one's code."""

        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            founding.codes.given.pop("CODE", None)
            return False

    with leading(founding) as client:
        add(client, "某科长", "section-head")
        until = founding.now() + CODE_LASTS
        owners = {"CODE": Other("a"), "MORE": Other("b"), "REST": Other("c")}
        founding.codes.given.update({code: (o, until) for code, o in owners.items()})  # type: ignore[misc]
        assert client.get("/").status_code == 200


def test_the_root_is_there_on_every_desk(desk: Any) -> None:
    page = browser(desk).get("/root")
    assert page.status_code == 200
    assert re.search(r"(\d{4} ){3}\d{4}", page.text)
