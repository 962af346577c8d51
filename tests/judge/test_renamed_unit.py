"""A bureau and a department are renamed: what was published and filed before keeps its own."""

from datetime import date
from pathlib import Path

import pytest

from pipeline.judge.judgements import standing
from pipeline.model.policy import Policy
from pipeline.parts.form.rendering import forms_of_day
from pipeline.parts.form.verbs import FilingDetails, filing
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF, UNIT, registers
from tests.builders.published import PAGE, begun, built_site
from tests.builders.verdicts import passes, refused_for

NAME, CODE, SECTION = "云岚市应急管理和消防局", "MB1234567", "救灾和物资保障科"
FORMER = f'''  former:
    - until: "2026-11-05"
      full_name: "{UNIT}"
      short_name: "云岚应急"
      organisation_code: "MB0000000"
'''
SETTLED = ("F-0", "form-number-wrong")


def _renamed(folder: Path, former: str) -> ArchiveRepo:
    """A published post on a filed form, and the proposal to bear another name from the 6th on."""
    archive = begun(folder)
    opened = archive.open()
    look, _ = standing(opened, opened.commit("HEAD"), lambda _: AS_OF)
    (form,) = forms_of_day(look, date(2026, 11, 5))
    for path, raw in filing(
        look, form, FilingDetails("xxy-a", "档案室", date(2026, 11, 5)), ()
    ).items():
        archive.write(path, raw)
    archive.commit("归档", "xxy-a")
    accounts = registers()["accounts"]["accounts"]
    for account in accounts:
        archive.event(account["id"], "change", "2026-11-05", changes={"subject": NAME})
    archive.commit("账号主体变更", "gly-a")
    archive.branch("renamed")
    names, code = f'full_name: "{UNIT}"\n', '  organisation_code: "MB0000000"\n  footer'
    archive.change("content/policy.yml", names, f'full_name: "{NAME}"\n{former}')
    archive.change("content/policy.yml", code, code.replace("MB0000000", CODE))
    archive.register("accounts", {"accounts": [a | {"subject": NAME} for a in accounts]})
    departments = registers()["departments"]["departments"]
    departments[1] |= {"name": SECTION, "former": [{"until": "2026-11-05", "name": "灾害救助科"}]}
    archive.register("departments", {"departments": departments})
    archive.commit("机构改革", "gly-a")
    archive.authorise("kz-a", "section-head")
    archive.authorise("ld-a", "leader-in-charge")
    archive.commit("授权", "gly-a")
    return archive


def test_forgetting_the_former_name_is_refused_by_what_was_filed(tmp_path: Path) -> None:
    assert refused_for(_renamed(tmp_path, "").verify(), SETTLED)


def test_what_was_published_before_keeps_name_and_number(tmp_path: Path) -> None:
    archive = _renamed(tmp_path, FORMER)
    assert passes(archive.verify())
    archive.merge("renamed")
    site = built_site(archive, tmp_path)
    post = (site / PAGE / "index.html").read_text("utf-8")
    assert f'MB0000000/<span data-signed="number">2026-1105-{POST[11:]}</span>' in post
    assert CODE not in post
    assert f">{UNIT}<" in post
    assert "灾害救助科" in post and SECTION not in post
    opened = archive.open()
    (form,) = forms_of_day(standing(opened, archive.head(), lambda _: AS_OF)[0], date(2026, 11, 5))
    assert form.rows[0].origin == "原创（灾害救助科）"
    about = (site / "about/index.html").read_text("utf-8")
    assert f"本站是{NAME}" in about


@pytest.mark.parametrize(
    ("day", "code"),
    [("2020-01-01", "A"), ("2024-12-31", "A"), ("2025-01-01", "B"), ("2026-11-05", "B"),
     ("2026-11-06", "C"), ("2030-13-99", "C")],
)  # fmt: skip
def test_a_day_has_one_name(day: str, code: str) -> None:
    former = [
        {"until": date(2026, 11, 5), "organisation_code": "B", "full_name": "二"},
        {"until": date(2024, 12, 31), "organisation_code": "A", "full_name": "一"},
    ]
    unit = {"organisation_code": "C", "full_name": "三", "footer": {}, "former": former}
    policy = Policy(None, {}, unit, {})  # type: ignore[arg-type] — no file is asked for
    assert policy.unit_of(f"{day}-x")["organisation_code"] == code
    assert policy.unit_of(day)["footer"] == {}
    assert policy.names == ("三", "二", "一")


@pytest.mark.parametrize("log", ["", "old.example/yjj/a"])
def test_a_feed_knows_a_post_by_one_id_for_ever(log: str) -> None:
    archive = {"url": "https://old.example:8443/yjj/", "id": "a"} | ({"log": log} if log else {})
    before = Policy(None, archive, {}, {})  # type: ignore[arg-type] — no file is asked for
    assert before.tag("2026-11-05-x") == "tag:old.example,2026:2026-11-05-x"
    moved = Policy(None, archive | {"url": "https://new.example/"}, {}, {})  # type: ignore[arg-type]
    assert (moved.tag("2026-11-05-x") == before.tag("2026-11-05-x")) is bool(log)
