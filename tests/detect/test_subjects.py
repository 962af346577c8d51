"""What a post is about, on passages typed as officials type them: floors, and hard negatives."""

import json
from pathlib import Path

import pytest

from pipeline.detect.subjects import subjects

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "corpora/subjects.jsonl")
    .read_text("utf-8")
    .split("\n")
    if line
]
FLOORS = {"alert": 0.95, "accident": 0.95, "rumor": 0.95}
"""Kind → the least share of its passages that are seen."""


def kinds(row: dict[str, str]) -> list[str]:
    return [subject.kind for subject in subjects(row["title"], row["text"])]


@pytest.mark.parametrize("kind", FLOORS)
def test_most_passages_of_a_subject_are_seen(kind: str) -> None:
    own = [row for row in ROWS if row["expect"] == kind]
    assert len(own) >= 15
    assert sum(kinds(row) == [kind] for row in own) / len(own) >= FLOORS[kind]


@pytest.mark.parametrize("row", [r for r in ROWS if not r["expect"]], ids=lambda r: r["title"])
def test_lessons_drills_laws_and_summaries_are_about_none(row: dict[str, str]) -> None:
    assert kinds(row) == []


def test_the_corpus_is_large_enough() -> None:
    assert sum(bool(r["expect"]) for r in ROWS) >= 60 <= sum(not r["expect"] for r in ROWS)


def test_under_a_title_that_says_nothing_the_body_is_not_certain() -> None:
    body = "云岚市气象台6月3日8时发布暴雨红色预警信号，请立即停止户外活动。"
    assert [(s.kind, s.certain) for s in subjects("紧急通知", body)] == [("alert", False)]
    assert [(s.kind, s.certain) for s in subjects("云岚市发布暴雨红色预警", body)] == [
        ("alert", True)
    ]


@pytest.mark.parametrize(
    ("title", "about"),
    [
        ("云岚市发布暴雨红色预警", ["alert"]),
        ("云岚市发布暴雨红色预警 演练", []),
        ("暴雨红色预警怎么看", []),
    ],
)
def test_a_title_alone_is_not_enough_and_can_excuse(title: str, about: list[str]) -> None:
    body = "云岚市气象台7月12日6时15分发布暴雨红色预警信号，请注意防范。"
    assert [s.kind for s in subjects(title, body)] == about
    assert subjects(title, "请注意出行安全。") == ()
