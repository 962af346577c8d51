"""A post's form is made of the schemas, and what it is given back changes what was typed alone."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.judge.judgements import check
from pipeline.judge.load_governance import Trusted, trust
from pipeline.model.findings import Effect
from pipeline.new.fields import Field, Input, answers_of, entered, fields
from pipeline.new.post_form import (
    FormField,
    deciding,
    needed_by,
    new_front_matter,
    post_bytes,
    sections,
)
from pipeline.report.front_matter import Wording
from pipeline.report.language import translator
from pipeline.source.content.front_matter import split_post
from pipeline.source.content.paths import MemoryTree
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import ROOT, governance

SCHEMA: Mapping[str, Any] = json.loads((ROOT / "schemas/front-matter.json").read_text("utf-8"))
ALL = fields(SCHEMA)
DAY = date(2026, 11, 5)

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99) | texts | st.just("2026-11-03T09:30:00+08:00"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)


def fitting(field: Field) -> st.SearchStrategy[Any]:
    """Values that a form can show and be given back as they are."""
    words = texts.map(str.strip).filter(bool)
    if field.rows:
        rows = st.fixed_dictionaries(
            {}, optional={f.key: fitting(f) for f in fields(field.single)}
        ).filter(bool)
        return st.lists(rows, min_size=1, max_size=3)
    one: st.SearchStrategy[Any] = {
        Input.DAY: st.dates(date(1950, 1, 1), date(2100, 1, 1)).map(str),
        Input.MOMENT: st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)).map(
            lambda m: f"{m.isoformat('T', 'seconds')}+08:00"
        ),
        Input.YES_NO: st.booleans(),
        Input.NUMBER: st.integers(1, 99),
    }.get(field.input, words)
    if field.codes:
        one = st.sampled_from(field.codes)
    return st.lists(one, min_size=1, max_size=3) if field.many else one


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for field in ALL:
        if field.name in flat:
            level = value
            for key in field.route[:-1]:
                level = level.setdefault(key, {})
            level[field.key] = flat[field.name]
    return value


@given(st.fixed_dictionaries({}, optional={f.name: fitting(f) for f in ALL}).map(nested))
def test_what_a_form_shows_makes_the_value_again(value: dict[str, Any]) -> None:
    assert entered(ALL, answers_of(ALL, value), {}) == value


@given(
    st.dictionaries(texts | st.sampled_from([f.route[0] for f in ALL]), anything, max_size=6),
    st.sampled_from(("\r\n", "\r", "\n")),
)
def test_a_form_that_is_sent_back_as_it_came_changes_nothing(
    value: dict[str, Any], ends: str
) -> None:
    """Not even what no form can show: strange keys, wrong types, texts where a mapping belongs."""
    answers = {n: [t.replace("\n", ends) for t in ts] for n, ts in answers_of(ALL, value).items()}
    after = entered(ALL, answers, value)
    assert json.dumps(after) == json.dumps(value)
    front_matter, body, _ = split_post("post.md", post_bytes(after, "正文\r\n"))
    if not front_matter.problems:
        assert body == "正文\n"
        assert json.dumps(front_matter.value) == json.dumps(value)


def test_what_is_typed_alone_changes() -> None:
    before = {
        "title": "旧",
        "note": "不在表里",
        "alert": {"level": 3, "extra": 1, "areas": ["甲县", "乙县"]},
        "facts": [{"claim": "一", "source": "甲", "page": 3}, {"claim": "二", "source": "乙"}],
        "consent": {"obtained_on": "2026-11-01", "ref": "书面"},
    }
    answers = answers_of(ALL, before) | {
        "title": ["新"],
        "alert.areas": ["甲县\r\n丙县，含开发区\r\n"],
        "alert.ends_at": ["2026-11-05T20:00"],
        "publish_at": ["明天上午"],
        "facts.0.source": ["甲，第３页"],
        "facts.1.claim": [""],
        "facts.1.source": [" "],
        "facts.2.claim": ["三"],
        "consent.obtained_on": [""],
        "consent.ref": [""],
        "category": ["３"],
        "excerpt": ["false"],
    }
    assert entered(ALL, answers, before) == {
        "title": "新",
        "note": "不在表里",
        "alert": {
            "level": 3,
            "extra": 1,
            "areas": ["甲县", "丙县，含开发区"],
            "ends_at": "2026-11-05T20:00:00+08:00",
        },
        "publish_at": "明天上午",
        "facts": [{"claim": "一", "source": "甲，第３页", "page": 3}, {"claim": "三"}],
        "category": 3,
        "excerpt": False,
    }


@pytest.fixture(scope="module")
def trusted() -> Trusted:
    return trust(MemoryTree(governance()))


def form(trusted: Trusted, value: Mapping[str, Any]) -> dict[str, FormField]:
    wording = Wording(translator("zh"), True, trusted.registers)
    made = sections(trusted.front_matter.schema, value, wording, DAY)
    return {field.name: field for section in made for field in section.fields}


def test_every_key_is_asked_in_chinese_and_offers_what_the_registers_hold(
    trusted: Trusted,
) -> None:
    asked = form(trusted, {"kind": "tip", "author": "gone", "created_on": "昨天"})
    assert {f.name for f in ALL} - asked.keys() == {"revision"}
    assert not [f.name for f in asked.values() if f.label.isascii() and f.label != "AI"]
    assert ("wx", trusted.registers.called("wx")) in asked["accounts"].choices
    assert asked["accounts"].input == "choices" and asked["co_authors"].input == "choices"
    assert ("gone", "gone") in asked["author"].choices, "who left is not taken out unasked"
    assert asked["created_on"].input == "text", "a field for days would show nothing"
    assert asked["source.id"].input == "text" and asked["source.id"].choices
    assert asked["category"].choices[0][0] == "1" and asked["category"].input == "choice"
    assert asked["ai"].values == () and asked["ai"].required
    assert asked["excerpt"].choices == (("true", "是"), ("false", "否"))
    names = {f.name: f.input for f in asked["media"].rows[0]}
    assert names["media.0.alt"] == "text"
    assert names["media.0.author"] == "text", "a photographer is in no register"
    for key in ("secrecy_review.person", "pii_exemption.approved_by", "emergency.ordered_by"):
        assert asked[key].input == "choice", key


@pytest.mark.parametrize("kind", ["alert", "reprint", "frontline", "rumor", "tip"])
def test_the_form_of_a_kind_asks_what_the_judge_refuses_to_miss(
    archive: ArchiveRepo, kind: str
) -> None:
    """A draft of which all that the form calls required is filled in lacks no key."""
    schema = trust(MemoryTree(governance())).front_matter.schema
    begun = new_front_matter(kind, "zz-a", "jzk", datetime(2026, 11, 4, 8, tzinfo=UTC), ["wx"])
    archive.draft(**begun, **({} if "category" in begun else {"category": 3}))
    report = check(archive.open(), frozenset({POST}), lambda _: datetime(2026, 11, 5, tzinfo=UTC))
    messages = [
        str(f.message) + str(f.remedy)
        for f in report.verdicts[0].findings
        if f.effect is Effect.REFUSE
    ]
    needed = needed_by(schema, {"category": 3, **begun})
    lacking = {"alert", "source", "consent", "refutes", "justification", "leader_approval"}
    missed = {key for key in lacking if any(key in m for m in messages)}
    assert missed == lacking & needed, messages


def test_a_tip_asks_little_and_all_else_stands_behind_one_word(trusted: Trusted) -> None:
    """What each kind is asked for follows from the schemas of the articles."""
    wording = Wording(translator("zh"), True, trusted.registers)
    schema = trusted.front_matter.schema

    def asked(**value: object) -> set[str]:
        made = sections(schema, value, wording, DAY)
        return {f.name.split(".")[0] for s in made if not s.more for f in s.fields}

    tip = asked(kind="tip", origin="original", category=3)
    assert len([s for s in sections(schema, {"kind": "tip"}, wording, DAY) if not s.more]) <= 5
    assert tip.isdisjoint({"alert", "source", "license", "consent", "doc_no", "emergency", "facts"})
    assert {"title", "summary", "tags", "accounts", "secrecy_review", "media"} < tip
    assert asked(kind="alert", origin="original") - tip == {"alert", "emergency"}
    assert asked(kind="reprint", origin="reprint") - tip == {
        "source",
        "license",
        "title_change_reason",
    }
    assert {"doc_no", "effective_on", "disclosure"} < asked(kind="policy") - tip
    assert asked(kind="tip", category=7) - tip == {"leader_approval"}
    assert "doc_no" in asked(kind="tip", doc_no="云应急〔2026〕1号"), "what is filled in is shown"
    assert deciding(schema) == {"kind", "origin", "category"}


def test_what_a_schema_does_not_say_is_not_asked(trusted: Trusted) -> None:
    """A schema of an archive's own, older or of another law, that says nothing of when."""
    part = {"clause": "R19-1", "type": "string"}
    schema = {"properties": {"note": part, "title": part}, "required": ["title"]}
    wording = Wording(translator("zh"), True, trusted.registers)
    made = {f.name: s.more for s in sections(schema, {}, wording, DAY) for f in s.fields}
    assert made == {"title": False, "note": True}
    assert needed_by(schema, {"kind": ["x"]}) == set() == deciding(schema)
