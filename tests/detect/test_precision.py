"""Every detector on its labelled corpus: enough sentences, half of them hard, and floors held."""

import pytest

from benchmarks.precision import DETECTORS, measured, table
from tests.corpora.frames import HERE, read

OURS = (
    "terms", "words", "dates", "document_numbers", "accidents", "alerts", "title_numbers",
    "typography", "links", "similarity",
)  # fmt: skip


@pytest.mark.parametrize("name", OURS)
def test_a_corpus_is_large_and_half_negative(name: str) -> None:
    rows = read(name)
    assert len(rows) >= 300
    assert sum(r["expect"] for r in rows) * 2 == len(rows)
    assert len({tuple(sorted((k, str(v)) for k, v in r.items())) for r in rows}) == len(rows)


@pytest.mark.parametrize("name", OURS)
def test_precision_and_recall_hold_their_floor(name: str) -> None:
    figures = measured(name)
    told = "\n".join(str(row) for row in figures.wrong[:10])
    assert figures.precision >= 0.98, told
    assert figures.recall >= 0.98, told


def test_figures_tell_a_wrong_judgement() -> None:
    rows = [
        {"text": "中华人民共合国", "expect": True},
        {"text": "中华人民共和国", "expect": True},
        {"text": "扫黑险恶", "expect": False},
        {"text": "今天", "expect": False},
    ]
    figures = measured("terms", rows)
    assert (figures.rows, figures.precision, figures.recall) == (4, 0.5, 0.5)
    assert [r["text"] for r in figures.wrong] == ["中华人民共和国", "扫黑险恶"]
    nothing = measured("terms", [])
    assert (nothing.precision, nothing.recall) == (1.0, 1.0)


def test_every_corpus_has_a_detector_and_the_table_names_it() -> None:
    stored = {path.stem for path in HERE.glob("*.jsonl")}
    assert stored == DETECTORS.keys()
    printed = table()
    assert all(f"| {name} |" in printed for name in DETECTORS)
