"""来信: taken in from a table without private data, dealt with step by step, due in time."""

import re
from typing import Any

import pytest
from starlette.testclient import TestClient

from pipeline.parts.desk.writer import QueuedChange
from pipeline.parts.inquiries.incoming import comments_in
from pipeline.source.content.text import read_yaml
from tests.builders.cast import AS_OF, email
from tests.builders.desks import DeskRun, browser, merged
from tests.corpora.fictional import mobile

INQUIRIES = "content/records/inquiries/"
DAY = f"{AS_OF:%Y-%m-%d}"
BRANCH = f"records/{DAY}-gly-a"
TABLE = f"时间,作者,内容\n{DAY} 09:30,某人,询问报警器哪里领\n"
ID = comments_in(TABLE.encode())[0].name
FIRST = f"{INQUIRIES}2026/{ID}.yml"
ROW = {"account": "wx", "text": TABLE, "take": FIRST}


@pytest.fixture
def client(run: DeskRun) -> TestClient:
    return browser(run.open(), "gly-a")


def look(client: TestClient, table: str) -> Any:
    files = {"file": ("a.csv", table.encode())}
    return client.post("/inquiries", data={"account": "wx", "text": ""}, files=files)


def record(run: DeskRun, path: str = FIRST, branch: str = BRANCH) -> Any:
    return read_yaml(path, run.read(branch, path).encode()).value


def test_a_table_is_looked_through_before_anything_is_written(client: TestClient) -> None:
    number = mobile(6)
    table = f"时间,作者,内容\n{DAY} 09:30,某人,电话{number}，=1+1\n昨天,,问\n{DAY} 23:59,,问\n"
    page = look(client, table).text
    shown = re.sub("<textarea.*?</textarea>", "", page, flags=re.DOTALL)
    assert "=1+1" in shown and number not in shown
    assert "第 3 行：时间无法识别" in shown and "第 4 行" in shown
    again = re.search(r'id="again" name="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert again and len(again[1].strip().splitlines()) == len(table.strip().splitlines())
    assert page.count(" checked") == 1
    assert "/inquiries/2026" not in client.get("/records/inquiries").text


def test_who_replied_stays_chosen_while_rows_are_mended(client: TestClient) -> None:
    files = {"file": ("a.csv", f"{TABLE}昨天,,问\n".encode())}
    page = client.post("/inquiries", data={"account": "wx", "operator": "gly-b"}, files=files).text
    assert page.count('name="operator" value="gly-b"') == 2


@pytest.mark.parametrize("table", ["", "时间,作者,内容\n"])
def test_who_gives_no_rows_is_asked_for_some(client: TestClient, table: str) -> None:
    answer = look(client, table)
    assert answer.status_code == 409
    assert "时间和内容" in answer.text


def test_what_is_ticked_is_recorded_and_due(run: DeskRun, client: TestClient) -> None:
    two = f"{TABLE}{DAY} 09:31,,好\n"
    assert client.post("/inquiries", data={**ROW, "text": two}).status_code == 303
    assert record(run)["summary"] == "询问报警器哪里领"
    assert (record(run)["person"], record(run)["type"]) == ("gly-a", "general")
    page = client.get("/records/inquiries").text
    assert page.count(f"/records/inquiries/{DAY}-") == 1
    assert "前回复" in page
    again = client.post("/inquiries", data=ROW).text
    assert "有1行已登记过" in again and "checked" not in again


@pytest.mark.parametrize(
    "row",
    ["2031-01-01 00:00,,问", f"{DAY} 09:30,,", f"{DAY} 09:30,,我叫王小明，住幸福路3号2单元501室"],
)
def test_a_row_that_makes_no_record_is_named(run: DeskRun, client: TestClient, row: str) -> None:
    answer = look(client, f"时间,作者,内容\n{row}\n")
    assert "第 2 行" in answer.text and "checked" not in answer.text


def test_a_table_of_no_account_is_refused(client: TestClient) -> None:
    assert client.post("/inquiries", data={**ROW, "account": "nowhere"}).status_code == 409


def test_steps_complete_a_record_and_write_nothing_over(run: DeskRun, client: TestClient) -> None:
    client.post("/inquiries", data=ROW)
    page = f"/records/inquiries/{ID}"
    right = {"field": "type", "value": "processing", "reason": "须办理"}
    assert client.post(f"{page}/correct", data=right).status_code == 303
    assert "答复办理时限" in client.get(page).text
    told = {"acknowledged.at": f"{DAY}T10:00", "acknowledged.promised_due": "2026-11-10"}
    assert client.post(page, data=told).status_code == 303
    task = {
        "tasks.0.department": "jzk",
        "tasks.0.assigned_by": "gly-a",
        "tasks.0.due": "2026-11-09",
    }
    assert client.post(page, data=task).status_code == 303
    back = {**task, "tasks.0.returned_at": f"{DAY}T16:00"}
    assert client.post(page, data=back).status_code == 303
    closed = {"closed_at": f"{DAY}T17:00", "result": "已补配"}
    assert client.post(page, data=closed).status_code == 303
    made = record(run)
    assert [task["returned_at"] for task in made["tasks"]] == [f"{DAY}T16:00:00+08:00"]
    assert made["result"] == "已补配"
    for again in ({**closed, "result": "别的"}, {"summary": "改写"}, {"person": "zz-a"}, {}):
        assert client.post(page, data=again).status_code == 409
    assert record(run) == made
    assert "data-until" not in client.get("/records/inquiries").text


def test_what_stands_on_main_is_corrected_with_a_reason(run: DeskRun, client: TestClient) -> None:
    """On its branch a record is put right in place; on main the right value is written beside."""
    page, right = f"/records/inquiries/{ID}", {"field": "received_at", "value": f"{DAY}T08:30"}
    client.post("/inquiries", data=ROW)
    why = {"reason": "截图上是八点半"}
    assert client.post(f"{page}/correct", data=right | why).status_code == 303
    assert record(run)["received_at"] == f"{DAY}T08:30:00+08:00"
    raw = run.read(BRANCH, FIRST).encode()
    change = QueuedChange(
        "main", {FIRST: raw}, "入库", "gly-a", email("gly-a"), int(AS_OF.timestamp())
    )
    merged(run.open(), change)
    right["value"] = f"{DAY}T08:10"
    assert client.post(f"{page}/correct", data=right | {"reason": ""}).status_code == 409
    assert client.post(f"{page}/correct", data=right | why).status_code == 303
    made = record(run, branch=f"{BRANCH}-2")
    assert made["received_at"] == f"{DAY}T08:30:00+08:00"
    (item,) = made["corrected"]
    assert (item["field"], item["value"]) == ("received_at", f"{DAY}T08:10:00+08:00")
    assert item["reason"] == why["reason"] and item["person"]
    shown = client.get(page).text
    assert why["reason"] in shown and "收到时间" in shown
    unknown = {"field": "answer", "value": "x"} | why
    assert client.post(f"{page}/correct", data=unknown).status_code == 409


def test_a_reply_holds_no_private_data(run: DeskRun, client: TestClient) -> None:
    client.post("/inquiries", data=ROW)
    reply = {"reply.person": "gly-a", "reply.at": f"{DAY}T10:00", "reply.text": f"请拨{mobile(6)}"}
    assert client.post(f"/records/inquiries/{ID}", data=reply).status_code == 409
    assert "reply" not in record(run)


def test_what_another_wrote_meanwhile_is_not_lost(run: DeskRun, client: TestClient) -> None:
    """On main by now, and the branch of today holds it otherwise: the record goes to a new one."""
    client.post("/inquiries", data=ROW)
    raw = run.read(BRANCH, FIRST).encode() + b"\n"
    change = QueuedChange(
        "main", {FIRST: raw}, "入库", "gly-a", email("gly-a"), int(AS_OF.timestamp())
    )
    merged(run.open(), change)
    drafted = {"drafted.person": "xxy-a", "drafted.at": f"{DAY}T10:00"}
    assert client.post(f"/records/inquiries/{ID}", data=drafted).status_code == 303
    assert record(run, branch=f"{BRANCH}-2")["drafted"]["person"] == "xxy-a"


def test_ten_megabytes_are_refused(client: TestClient) -> None:
    answer = look(client, "x" * (10 << 20))
    assert answer.status_code == 413
    assert "MB" in answer.text


def test_a_table_of_thousands_of_rows_is_refused(client: TestClient) -> None:
    answer = look(client, f"{DAY} 09:30,x,y\n" * 3000)
    assert "3000" in answer.text
    assert answer.status_code == 409


def test_an_unknown_inquiry_is_no_page(client: TestClient) -> None:
    assert client.get("/records/inquiries/nothing").status_code == 409
    assert client.post("/records/inquiries/nothing", data={"result": "x"}).status_code == 409
    assert re.search("没有", client.get("/records/inquiries/nothing").text)
