"""The catalogue and the texts of a year: as their schema says, the same in all forms, harmless in
a spreadsheet."""

import csv
import hashlib
import io
import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pipeline.detect.html_tree import Element, tree_of
from pipeline.model.zh_names import CATALOGUE_COLUMNS as COLUMNS
from pipeline.parts.open_data.catalogue import _cell
from tests.site import sample, sample_years
from tests.site.conftest import Built, pages
from tests.site.sample_log import build

SCHEMA = json.loads((sample.ROOT / "schemas/catalogue.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


TEXTS = "texts/2026.jsonl"


def digest_of(built: Built) -> str:
    return hashlib.sha256((built.out / TEXTS).read_bytes()).hexdigest()


def lines(built: Built) -> list[dict[str, Any]]:
    return [json.loads(line) for line in built.text(TEXTS).splitlines()]


def words(text: str) -> set[str]:
    """Runs of Chinese signs."""
    return set(re.findall(r"[\u4e00-\u9fff]+", text))


def texts(element: Element) -> str:
    """Its words, apart where lines are, a picture by its own."""
    apart = "" if element.tag in ("a", "bdi", "code", "em", "s", "span", "strong", "wbr") else " "
    inside = (c if isinstance(c, str) else texts(c) for c in element.children)
    apart += element.attributes.get("alt", "")
    return f"{apart}{''.join(inside)}{apart}"


def test_both_kinds_of_file_are_as_the_schema_says(built: Built) -> None:
    years = json.loads(built.text("catalogue.json"))
    assert list(VALIDATOR.iter_errors(years)) == []
    assert years["years"] == [
        {
            "year": 2026,
            "posts": 21,
            "json": "catalogue/2026.json",
            "csv": "catalogue/2026.csv",
            "texts": {"jsonl": TEXTS, "sha256": digest_of(built)},
        }
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
        {**year["posts"][0], "version": 2},
        {**lines(built)[0], "withheld": True},
        {**lines(built)[0], "validity": "withdrawn"},
        {k: v for k, v in lines(built)[0].items() if k != "text"},
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


def test_the_texts_of_a_year_are_those_of_its_pages_and_no_withdrawn_one(built: Built) -> None:
    found = lines(built)
    assert all(VALIDATOR.is_valid(line) for line in found)
    standing = [view for view in sample.views(built.site) if not view.withdrawn]
    assert [line["id"] for line in found] == [view.id for view in standing]
    assert sample.WITHDRAWN not in built.text(TEXTS)
    listed = {p["id"]: p for p in json.loads(built.text("catalogue/2026.json"))["posts"]}
    for line in found:
        assert listed[line["id"]].items() <= line.items()
        page = tree_of(built.text(f"posts/2026/{line['id']}/index.html"))
        (body,) = (e for e in page.walk() if e.attributes.get("class") == "sn-body")
        assert words(texts(body)) - {"站外"} <= words(line["text"]), line["id"]
        assert words(line["text"]) <= words(texts(page)), line["id"]


def test_a_corrected_text_comes_with_its_corrections(built: Built) -> None:
    (line,) = (line for line in lines(built) if line["id"] == sample.PLAIN)
    (made,) = [c for c in built.site.archive.corrections if c.post == sample.PLAIN]
    assert line["updated_at"] == "2026-11-04T00:00:00+08:00"
    assert line["corrections"] == [
        {
            "kind": "correction",
            "changed_on": "2026-11-04",
            "revision": made.revision,
            "reason": "高度写错",
            "changes": [{"old": old, "new": new} for old, new in made.changes],
        }
    ]


def test_the_digest_of_the_texts_is_the_one_in_every_place(built: Built) -> None:
    subprocess.run(
        ["sha256sum", "--check", "--strict", "2026.jsonl.sha256"],
        cwd=built.out / "texts",
        check=True,
        capture_output=True,
    )
    (year,) = json.loads(built.text("data/dcat.jsonld"))["dcat:dataset"]
    told = [d["spdx:checksum"] for d in year["dcat:distribution"] if "spdx:checksum" in d]
    assert [each["spdx:checksumValue"]["@value"] for each in told] == [digest_of(built)]
    assert f"{digest_of(built)}  {TEXTS}\n" in built.text("manifest/2026.sha256")
    assert 'href="../texts/2026.jsonl.sha256"' in built.text("data/index.html")


def test_a_year_whose_posts_are_all_withdrawn_has_no_texts(built: Built, tmp_path: Path) -> None:
    site = built.site
    for post in built.site.archive.posts:
        site = site if post == sample.WITHDRAWN else sample.without(site, post)
    build(site, tmp_path / "out", built.work)
    (year,) = json.loads((tmp_path / "out/catalogue.json").read_text("utf-8"))["years"]
    assert "texts" not in year
    assert not (tmp_path / "out/texts").exists()
    assert "jsonl" not in (tmp_path / "out/data/dcat.jsonld").read_text("utf-8")


def test_a_post_is_one_line_whatever_it_holds(built: Built, tmp_path: Path) -> None:
    """Readers in Python, JavaScript and elsewhere take other signs for ends of lines, too."""
    key, ends = (sample.PLAIN, "archive"), "一\u2028二\u2029三\x85四\r五\n六\x0c\x1e七"
    held = built.site.archive.renditions
    site = sample.changed(built.site, renditions={**held, key: replace(held[key], text=ends)})
    build(site, tmp_path / "out", built.work)
    raw = (tmp_path / "out" / TEXTS).read_bytes().decode()
    found = [json.loads(line) for line in raw.splitlines()]
    assert len(found) == len(lines(built))
    assert [each["text"] for each in found if each["id"] == sample.PLAIN] == [ends]


def test_only_the_year_that_changed_is_written(built: Built, tmp_path: Path) -> None:
    site = sample_years.make()
    build(site, tmp_path / "out", built.work)
    before = {path.name: path.stat() for path in (tmp_path / "out/texts").iterdir()}
    more = sample_years.holding(site, {"2024-03-02-n1": {"title": "改了的旧闻"}})
    build(more, tmp_path / "out", built.work)
    build(more, tmp_path / "cold", built.work)
    after = {path.name: path.stat() for path in (tmp_path / "out/texts").iterdir()}
    assert len(after) > 4
    changed = {name for name in after if after[name].st_ino != before[name].st_ino}
    assert changed == {"2024.jsonl", "2024.jsonl.sha256"}
    assert pages(tmp_path / "out") == pages(tmp_path / "cold")
