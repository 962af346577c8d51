"""报告: the month as a page, a Word document and a PDF, all of the same words."""

import io
import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser
from starlette.testclient import TestClient

from pipeline.cli.due import REPORTS
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.desks import DeskRun, bureau
from tests.builders.desks import browser as client_of
from tests.builders.live_desks import free_port, serving, usable

WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
TITLE = "<冬季>防火 & “三件事”"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    made = bureau(tmp_path_factory.mktemp("bureau") / "archive")
    made.draft(title=TITLE)
    made.commit("起草", "zz-a")
    made.approve_all()
    made.commit("审核", "kz-a")
    made.publication(POST)
    made.commit("发布", "gly-a")
    made.merge("proposal")
    made.switch("main")
    return made


@pytest.fixture
def client(run: DeskRun) -> TestClient:
    return client_of(run.open(), "kz-a")


def test_every_report_has_a_name_and_a_page(client: TestClient) -> None:
    assert not re.findall(r"<option[^>]*>[A-Za-z]", client.get("/reports").text)
    for name, report in REPORTS.items():
        period = "2026Q4" if report.quarter else "2026-11"
        page = client.get("/reports", params={"of": name, "period": period})
        assert page.status_code == 200 and "<h1>" in page.text
        assert "None" not in page.text
    assert "2026-11" in client.get("/reports").text


def test_the_word_document_holds_what_the_page_shows_and_is_the_same_to_the_byte(
    client: TestClient,
) -> None:
    page = unescape(client.get("/reports").text)
    made = client.get("/reports/file.docx")
    assert made.headers["content-disposition"] == 'attachment; filename="month-2026-11.docx"'
    assert made.content == client.get("/reports/file.docx").content
    with ZipFile(io.BytesIO(made.content)) as packed:
        assert packed.testzip() is None
        parts = {name: ElementTree.fromstring(packed.read(name)) for name in packed.namelist()}
    words = [node.text or "" for node in parts["word/document.xml"].iter(WORDS)]
    assert TITLE in words and "无。" in words and "None" not in words
    cells = re.findall(r"<(?:th|td)[^>]*>([^<]+)</", client.get("/reports").text)
    assert {unescape(cell) for cell in cells} <= {*words}
    assert re.search(r"<h1>(.*?)</h1>", page)[1] == words[0]  # type: ignore[index]


def test_the_pdf_is_one_and_the_same_to_the_byte(client: TestClient) -> None:
    made = client.get("/reports/file.pdf")
    assert made.status_code == 200 and made.content.startswith(b"%PDF-1.")
    assert made.content == client.get("/reports/file.pdf").content


@pytest.mark.parametrize(
    "given",
    [{"period": "2026-13"}, {"period": "2027-01"}, {"period": "../x"}, {"period": "2026Q4"},
     {"of": "inspection", "period": "2026-11"}, {"of": "inspection", "period": "2027Q1"}],
)  # fmt: skip
def test_a_period_that_is_none_or_has_not_begun_is_refused(
    client: TestClient, given: dict[str, str]
) -> None:
    refused = client.get("/reports", params=given)
    assert refused.status_code == 409 and "下一步" in refused.text
    assert client.get("/reports/file.exe").status_code in (200, 404, 409)
    assert client.get("/reports", params={"of": "__class__"}).status_code == 200


@pytest.mark.browser
def test_the_page_is_for_everybody(browser: Browser, template: ArchiveRepo, tmp_path: Path) -> None:
    listening, origin = free_port()
    desk = DeskRun.over(template, tmp_path).open(origin)
    with serving(desk, listening):
        page = browser.new_context().new_page()
        secret = desk.sessions.begin("kz-a", desk.now())
        page.context.add_cookies([{"name": "desk", "value": secret, "url": origin}])
        page.goto(f"{origin}/reports")
        usable(page)
        with page.expect_download() as saved:
            page.get_by_role("link", name="存为 Word").click()
        assert saved.value.suggested_filename == "month-2026-11.docx"
        page.context.close()
