"""The articles' front-matter schemas: what is accepted, what violates which clause."""

from typing import Any

import pytest

from pipeline.model.conformance import Conformance
from pipeline.model.documents import Document
from pipeline.model.findings import Effect
from tests.rules.governance import at, day
from tests.rules.test_every_clause_has_cases import STEMS, schema_of

PARTS = [schema_of(stem)["properties"]["front_matter"] for stem in STEMS]
WHOLE = Conformance(
    {
        "type": "object",
        "properties": {k: v for part in PARTS for k, v in part["properties"].items()},
        "required": [k for part in PARTS for k in part["required"]],
        "additionalProperties": False,
    },
    "front matter",
)
PLAIN: dict[str, Any] = {
    "title": "冬季防火提示",
    "accounts": ["yunlan-wechat"],
    "author": "zz-a",
    "origin_dept": "jzk",
    "created_on": "2026-11-02",
    "topic": "disaster",
    "category": 3,
    "origin": "original",
    "summary": "冬季用火用电注意事项。",
    "kind": "tip",
    "revision": 1,
    "publish_at": "2026-11-03T09:30:00+08:00",
    "ai": "none",
    "secrecy_review": {"person": "xxy-a", "date": "2026-11-02", "result": "releasable"},
}
SOURCE = {
    "id": "mem",
    "url": "https://www.mem.gov.cn/a/1.html",
    "title": "冬季防火提示",
    "published_at": "2026-11-01T08:00:00+08:00",
    "snapshot": "source.txt",
    "fetched_at": "2026-11-02T08:00:00+08:00",
    "exception": {"reason": "市委要求。", "approved_by": "ld-a"},
}
FULL: dict[str, Any] = {
    "co_authors": ["zz-b"],
    "event_date": "2026-11-01",
    "disclosure": "mandatory",
    "source": SOURCE,
    "title_change_reason": "版面所限。",
    "excerpt": True,
    "license": {"basis": "written-permission", "evidence": "函〔2026〕3号"},
    "justification": "市里部署。",
    "leader_approval": {"person": "ld-a", "date": "2026-11-01", "ref": "批示"},
    "consent": {"obtained_on": "2026-11-01", "ref": "书面"},
    "refutes": {"claim": "某谣言", "evidence": ["公告"]},
    "media": [
        {
            "file": "a.mp4",
            "alt": "火场",
            "author": "宣教科",
            "licence": "自有",
            "source": "自拍",
            "portrait": False,
            "minor": "none",
            "captions": "a.vtt",
            "transcript": "a.txt",
        }
    ],
    "tags": ["防火"],
    "doc_no": "云应急〔2026〕1号",
    "alert": {
        "issuer": "云岚市气象台",
        "issued_at": "2026-11-03T08:00:00+08:00",
        "starts_at": "2026-11-03T08:00:00+08:00",
        "ends_at": "2026-11-03T20:00:00+08:00",
        "level": 4,
        "color": "blue",
        "areas": ["城区"],
        "lifted_at": "2026-11-03T19:00:00+08:00",
    },
    "validity": "valid",
    "effective_on": "2026-11-03",
    "expires_on": "2027-03-31",
    "remarks": "无。",
    "facts": [{"claim": "收缴产品312箱", "source": "执法记录"}],
    "requires_follow": False,
    "emergency": {
        "reason": "汛情紧急。",
        "ordered_by": "ld-a",
        "ordered_at": "2026-11-03T09:00:00+08:00",
    },
    "involves_units": ["云岚市公安局"],
    "coordination": [
        {
            "unit": "云岚市公安局",
            "contact": "联络员",
            "date": "2026-11-02",
            "evidence": "会签",
        }
    ],
    "guardian_consent": {"obtained_on": "2026-11-02", "ref": "存宣教科"},
    "pii_exemption": {
        "type": "penalty",
        "legal_basis": "行政处罚法第四十八条",
        "fields": ["name"],
        "subject_kind": "person",
        "expires_on": "2029-11-02",
        "approved_by": "ld-a",
    },
}


def violated(value: dict[str, Any]) -> list[tuple[str, str]]:
    """(clause, key) of every finding, each of them a refusal."""
    found = list(WHOLE.findings(Document("post.md", value)))
    assert all(finding.effect is Effect.REFUSE for finding, _ in found)
    return [(finding.clause, ".".join(map(str, route))) for finding, route in found]


def test_plain_and_full_front_matter_are_accepted() -> None:
    assert violated(PLAIN) == []
    assert violated(PLAIN | FULL) == []
    assert {*PLAIN, *FULL} == {k for part in PARTS for k in part["properties"]}


@pytest.mark.parametrize("key", sorted(PLAIN))
def test_every_required_key_is_missed_by_its_own_clause(key: str) -> None:
    clauses = {k: v["clause"] for part in PARTS for k, v in part["properties"].items()}
    rest = {k: v for k, v in PLAIN.items() if k != key}
    assert violated(rest) == [(clauses[key], key)]


@pytest.mark.parametrize(
    ("changed", "clause", "key"),
    [
        ({"accounts": []}, "R02-1", "accounts"),
        ({"accounts": ["wx", "wx"]}, "R02-1", "accounts"),
        ({"accounts": "wx"}, "R02-1", "accounts"),
        ({"author": "../zz"}, "R03-1", "author"),
        ({"created_on": "2026-02-29"}, "R03-3", "created_on"),
        ({"topic": "sport"}, "R04-1", "topic"),
        ({"category": 0}, "R09-1", "category"),
        ({"category": 8}, "R09-1", "category"),
        ({"category": "3"}, "R09-1", "category"),
        ({"origin": "stolen"}, "R09-2", "origin"),
        ({"source": SOURCE | {"url": "javascript:alert(1)"}}, "R09-2", "source.url"),
        ({"source": SOURCE | {"snapshot": "../x.txt"}}, "R09-2", "source.snapshot"),
        ({"source": SOURCE | {"fetched_at": "2026-11-02T08:00:00"}}, "R09-2", "source.fetched_at"),
        ({"source": SOURCE | {"extra": 1}}, "R09-2", "source.extra"),
        ({"license": {"basis": "hope"}}, "R09-3", "license.basis"),
        ({"excerpt": "yes"}, "R09-5", "excerpt"),
        ({"media": [{"file": "a.png"}]}, "R09-6", "media.0.alt"),
        ({"media": [FULL["media"][0] | {"alt": " "}]}, "R09-6", "media.0.alt"),
        ({"alert": FULL["alert"] | {"level": 5}}, "R10-1", "alert.level"),
        ({"alert": FULL["alert"] | {"color": "pink"}}, "R10-1", "alert.color"),
        ({"validity": "maybe"}, "R10-2", "validity"),
        ({"summary": "长" * 121}, "R10-3", "summary"),
        ({"summary": " \n"}, "R10-3", "summary"),
        ({"kind": "poem"}, "R11-7", "kind"),
        ({"revision": 0}, "R11-1", "revision"),
        ({"revision": True}, "R11-1", "revision"),
        ({"ai": "maybe"}, "R13-5", "ai"),
        ({"secrecy_review": {"person": "xxy-a"}}, "R13-3", "secrecy_review.date"),
        (
            {"secrecy_review": PLAIN["secrecy_review"] | {"result": "unknown"}},
            "R13-3",
            "secrecy_review.result",
        ),
        ({"involves_units": []}, "R13-9", "involves_units"),
        ({"coordination": [{"unit": "公安局"}]}, "R13-9", "coordination.0.contact"),
        (
            {"pii_exemption": FULL["pii_exemption"] | {"fields": ["shoe size"]}},
            "R13-11",
            "pii_exemption.fields.0",
        ),
        ({"publish_at": "2026-11-03"}, "F-2", "publish_at"),
        ({"title": ""}, "F-3", "title"),
    ],
)
def test_a_wrong_value_violates_its_clause(changed: dict[str, Any], clause: str, key: str) -> None:
    assert (clause, key) in violated(PLAIN | changed)


@pytest.mark.parametrize("changed", [{"summary": "长" * 120}, {"category": 7}, {"category": 1}])
def test_limits_are_included(changed: dict[str, Any]) -> None:
    assert violated(PLAIN | changed) == []


def test_dates_and_times_become_values_at_every_depth() -> None:
    made = WHOLE.convert(PLAIN | FULL)
    assert made["created_on"] == day("2026-11-02")
    assert made["publish_at"] == at("2026-11-03 09:30")
    assert made["leader_approval"]["date"] == day("2026-11-01")
    assert made["source"]["fetched_at"] == at("2026-11-02 08:00")
    assert made["alert"]["ends_at"] == at("2026-11-03 20:00")
