"""The catalogue: as its schema says, the same in JSON and CSV, harmless in a spreadsheet."""

import csv
import io
import json

import pytest
from jsonschema import Draft202012Validator

from pipeline.model.zh_names import CATALOGUE_COLUMNS as COLUMNS
from pipeline.parts.open_data.catalogue import _cell
from tests.site import sample
from tests.site.conftest import Built

SCHEMA = json.loads((sample.ROOT / "schemas/catalogue.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def test_both_kinds_of_file_are_as_the_schema_says(built: Built) -> None:
    years = json.loads(built.text("catalogue.json"))
    assert list(VALIDATOR.iter_errors(years)) == []
    assert years["years"] == [
        {"year": 2026, "posts": 21, "json": "catalogue/2026.json", "csv": "catalogue/2026.csv"}
    ]
    assert list(VALIDATOR.iter_errors(json.loads(built.text("catalogue/2026.json")))) == []


def test_the_schema_refuses_what_it_must(built: Built) -> None:
    year = json.loads(built.text("catalogue/2026.json"))
    gone = next(p for p in year["posts"] if p["validity"] == "withdrawn")
    for wrong in (
        {**year, "version": 1},
        {**year, "posts": []},
        {**year, "posts": [{**gone, "summary": "what was withdrawn"}]},
        {**year, "posts": [{**year["posts"][0], "manifest": {"post.md": "abc"}}]},
        {"version": 2},
    ):
        assert not VALIDATOR.is_valid(wrong)


def test_every_post_is_there_once_newest_first_withdrawn_ones_with_less(built: Built) -> None:
    posts = json.loads(built.text("catalogue/2026.json"))["posts"]
    assert [p["id"] for p in posts] == [v.id for v in sample.views(built.site)]
    gone = next(p for p in posts if p["id"] == sample.WITHDRAWN)
    assert gone["validity"] == "withdrawn"
    assert "manifest" not in gone
    plain = next(p for p in posts if p["id"] == sample.PLAIN)
    assert plain["manifest"] == dict(built.site.archive.posts[sample.PLAIN].manifest)


def test_a_warning_that_is_over_does_not_stand_as_valid(built: Built) -> None:
    posts = json.loads(built.text("catalogue/2026.json"))["posts"]
    holds = {post["id"]: post["validity"] for post in posts}
    page = built.text("posts/2026/2026-10-23-rain-alert/index.html")
    assert "<td>以预警时段为准</td>" in page
    assert "预警已过期，仅供查考" in page
    assert holds["2026-10-23-rain-alert"] == "expired"
    assert holds[sample.ALERT] == holds[sample.PLAIN] == "valid"


def test_the_table_says_what_the_json_says(built: Built) -> None:
    raw = (built.out / "catalogue/2026.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    posts = json.loads(built.text("catalogue/2026.json"))["posts"]
    assert [r["索引号"] for r in rows] == [p["index_no"] for p in posts]
    assert [r["标题"] for r in rows] == [p["title"] for p in posts]
    plain = next(r for r in rows if r["编号"] == sample.PLAIN)
    assert plain["发布时间"] == "2026-11-03 09:30"
    assert plain["发布账号"] == "云岚应急；@云岚应急"
    assert (plain["有效性"], plain["信息分类"]) == ("有效", "资讯宣教公益")
    gone = next(r for r in rows if r["编号"] == sample.WITHDRAWN)
    assert gone["有效性"] == "已撤回"
    assert not any(gone[name] for name in ("信息分类", "主题分类", "发布账号", "关键词", "摘要"))


def test_the_schema_names_the_columns_of_the_table() -> None:
    fields = SCHEMA["$defs"]["post"]["properties"]
    assert {n: f["title"] for n, f in fields.items() if "title" in f} == COLUMNS
    assert fields.keys() - COLUMNS.keys() == {"kind", "manifest"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "＝", "＋", "＠"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert _cell(f"{start}cmd|'/c calc'!A1").startswith("'")
    assert _cell(f"安全{start}") == f"安全{start}"
