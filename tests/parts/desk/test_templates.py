"""Templates of a kind: a register like any other, by which a draft begins and nothing is judged."""

from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from pipeline.parts.desk import draft_branches
from tests.builders.desks import DeskRun, browser, bureau
from tests.builders.samples import ENTRIES
from tests.parts.desk.test_write_page import HTML, fields_of

TEMPLATE = ENTRIES["templates"]
REGISTER = "content/registers/templates.yml"


def with_templates(folder: Path, text: str) -> DeskRun:
    archive = bureau(folder / "archive")
    archive.switch("main")
    archive.write(REGISTER, text)
    archive.commit("样板", "kz-a")
    return DeskRun.over(archive, folder)


@pytest.fixture
def run(tmp_path: Path) -> DeskRun:
    return with_templates(tmp_path, yaml.safe_dump({"templates": [TEMPLATE]}, allow_unicode=True))


def begun(client: TestClient, template: str) -> Any:
    return client.post("/write", data={"template": template}, headers=HTML)


def test_a_draft_begins_with_the_title_and_text_of_a_template(run: DeskRun) -> None:
    client = browser(run.open(), "zz-a")
    shown = unescape(client.get("/write").text)
    assert f'value="{TEMPLATE["id"]}">{TEMPLATE["name"]}' in shown
    form = client.get(begun(client, TEMPLATE["id"]).headers["location"]).text
    fields = fields_of(form)
    assert (fields["kind"], fields["title"]) == (["tip"], [TEMPLATE["title"]])
    assert fields["_body"][0].strip() == TEMPLATE["body"].strip()
    for name in ("ai", "secrecy_review.result"):  # of radio buttons none is chosen
        assert f'name="{name}"' in form
        assert fields.get(name, [""]) == [""], "nobody has said so"


def test_an_archive_without_templates_says_where_they_are_entered(tmp_path: Path) -> None:
    client = browser(DeskRun.over(bureau(tmp_path / "archive"), tmp_path).open(), "zz-a")
    shown = client.get("/write").text
    assert 'name="template"' not in shown and "人员与设置" in shown
    assert "样板" in client.get("/govern").text


def test_a_template_that_is_gone_or_of_a_kind_that_is_gone_says_so(
    run: DeskRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(run.open(), "zz-a")
    gone = begun(client, "never-there")
    assert gone.status_code == 409 and "另选一个" in gone.text
    without = {"properties": {"kind": {"enum": ["notice"]}}}
    monkeypatch.setattr(draft_branches.ClonedDrafts, "schema", without)
    refused = begun(client, TEMPLATE["id"])
    assert refused.status_code == 409 and "不再" in refused.text
    assert run.log("main") == [] and "draft/" not in str(run.branch("main"))


def test_a_template_is_entered_on_the_page_of_its_register(run: DeskRun) -> None:
    client = browser(run.open(), "kz-a")
    form = client.get("/govern/register/templates", params={"entry": ""}).text
    assert 'name="body"' in form and "<textarea" in form and "安全提示" in form
    given = {"_kind": "templates", "_entry": "", "id": "heat", "name": "高温提示", "kind": "tip",
             "body": "今起高温。"}  # fmt: skip
    shown = client.post("/govern/propose/entry", data=given)
    assert shown.status_code == 200 and "高温提示" in shown.text
    put = client.post("/govern/propose/entry", data={**given, "_confirmed": "1"})
    branch = put.headers["location"].rpartition("=")[2]
    assert "今起高温。" in run.read(branch, REGISTER)


@pytest.mark.parametrize("text", ["templates: 5\n", "templates: [{id: heat}]\n", "- heat\n", "a"])
def test_a_register_that_cannot_be_read_offers_no_template(tmp_path: Path, text: str) -> None:
    client = browser(with_templates(tmp_path, text).open(), "zz-a")
    shown = client.get("/write")
    assert shown.status_code == 200 and 'name="template"' not in shown.text
    assert begun(client, "heat").status_code == 409
