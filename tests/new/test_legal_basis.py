"""What may be cited stands in one register; each number names the instrument that states it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from pipeline.model.law import UNNUMBERED, cited, mark_of
from pipeline.new.new_archive import LIMITS, empty_archive
from tests.builders.cast import ROOT

REGISTER = ROOT / "pipeline/detect/lists/instruments.yml"
UNCONFIRMED = "文号未核对"
PROFILES = sorted((ROOT / "pipeline/rules/profiles").glob("*.yml"))
INSTRUMENTS: list[dict[str, Any]] = [
    entry
    for path in (REGISTER, *PROFILES)
    for entry in yaml.safe_load(path.read_text("utf-8")).get("instruments", ())
]


def test_the_five_hours_of_a_first_answer_stand_in_no_80_of_2016() -> None:
    schema = json.loads((ROOT / "schemas/articles/a12_replies.json").read_text("utf-8"))
    parameters = schema["properties"]["parameters"]["properties"]
    limits = {limit["parameter"]: limit["source"] for limit in LIMITS}
    for source in (limits["opinion.major_first_hours"],
                   parameters["opinion.major_first_hours"]["source"]):  # fmt: skip
        assert [entry["number"] for entry in cited(source, INSTRUMENTS)] == ["国办发〔2016〕80号"]
    for name in ("opinion.major_press_hours", "opinion.other_hours"):
        assert (
            "国办发〔2016〕61号" in limits[name]
            and "国办发〔2016〕61号" in parameters[name]["source"]
        )


def test_the_demo_and_a_new_archive_rest_on_listed_instruments() -> None:
    path = "content/policy.yml"
    for raw in ((ROOT / path).read_bytes(), empty_archive().read(path)):
        policy = yaml.safe_load(raw)
        assert "legal_basis" not in policy
        sources = [v["source"] for values in policy["parameters"].values() for v in values]
        for source in sources + [limit["source"] for limit in policy["limits"]]:
            assert mark_of(source) not in ("V", "K") or [*cited(source, INSTRUMENTS)], source


def test_no_limit_rests_on_a_report() -> None:
    """The notice of 2023 tells what was reached; three months are of the websites' half."""
    schemas = [json.loads(p.read_text("utf-8")) for p in (ROOT / "schemas/articles").glob("*.json")]
    owned = [s["properties"].get("parameters", {}).get("properties", {}) for s in schemas]
    sources = {name: row["source"] for rows in owned for name, row in rows.items()}
    notice = next(e["title"] for e in INSTRUMENTS if e["id"] == "city-2023-q2")
    assert all(mark_of(s) == "D" for s in sources.values() if notice in s)
    assert mark_of(sources["reply.hard_cap_months"]) == "D"
    limited = {limit["parameter"] for limit in LIMITS}
    assert not limited & {"reply.hard_cap_months", "reply.general_workdays"}


def test_each_instrument_stands_once_and_says_what_was_confirmed() -> None:
    for key in ("id", "title", "number"):
        values = [e[key] for e in INSTRUMENTS if e[key] not in (UNNUMBERED, UNCONFIRMED)]
        assert len(values) == len(set(values))
    assert not any("演示" in e["purpose"] for e in INSTRUMENTS)  # a new archive gets this register
    for entry in INSTRUMENTS:
        dated = "issued" in entry or "in_force" in entry
        assert dated or "dates" not in entry["confirmed"], entry["id"]
        numbered = entry["number"] not in (UNNUMBERED, UNCONFIRMED)
        assert numbered or "number" not in entry["confirmed"], entry["id"]


TITLE = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》")
NUMBER = re.compile(
    r"[一-龥]{1,8}〔[0-9]{4}〕[0-9]+号|[一-龥]{1,8}令(?:第[0-9]+|[0-9]+)号"
    r"|\b(?:GB|DA)(?:/T)? ?[0-9]{2,}(?:-[0-9]{4})?"
)
OF_THE_BUREAU = re.compile(
    r"细则|.*信息发布审批表|云岚市.*|.*外包服务保密安全管理办法|关于划定森林防火期和禁火区的通告"
    r"|(?:云政|云应急|青水检|局务会).*号|\{.*\}"
)
"""Names that are no instrument: of the law itself, of its form, and of the demo's bureau."""
MARK = r"\[校\d+\]\(#校勘记\)|[〔〕](?![0-9])(?<![0-9]〕)"
"""Of an emendation."""
FOLDERS = (
    "pipeline",
    "schemas",
    "content/registers",
    "content/policy.yml",
    "content/regulation.md",
    "content/posts",
    "docs",
)
NO_CITATION = ("pipeline/detect", "docs/decisions", "pipeline/rules/profiles")
"""Patterns and examples of names; records of decisions, which tell of what was; the law of other
places, which an archive there lists in its own register."""


def citations() -> Iterator[tuple[str, str]]:
    """(path, title or number) of what shipped texts cite."""
    for folder in FOLDERS:
        top = ROOT / folder
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            name = path.relative_to(ROOT).as_posix()
            read = path.suffix in (".py", ".json", ".yml", ".md", ".po", ".j2")
            if not read or name.startswith(NO_CITATION):
                continue
            text = re.sub(MARK, "", path.read_text("utf-8"))
            yield from ((name, c) for c in (*TITLE.findall(text), *NUMBER.findall(text)))


def is_listed(citation: str) -> bool:
    plain = citation.removeprefix("中华人民共和国").replace(" ", "")
    names = [n.replace(" ", "") for e in INSTRUMENTS for n in (e["title"], e["number"])]
    return any(plain in name or (len(name) > 5 and name in plain) for name in names)


def test_nothing_is_cited_that_is_not_listed() -> None:
    found = list(citations())
    assert {"国办发〔2018〕123号", "国务院令第493号"} <= {c for _, c in found}
    assert [row for row in found
            if not OF_THE_BUREAU.fullmatch(row[1]) and not is_listed(row[1])] == []  # fmt: skip


def test_an_unlisted_citation_is_seen() -> None:
    assert not is_listed("国办发〔2018〕124号")
    assert not is_listed("政务新媒体管理暂行条例")
    assert NUMBER.findall("对照国令493号核对") and not is_listed("国令493号")
