"""Every detector on its labelled corpus: enough sentences, half of them hard, and floors held."""

import json
import re
from pathlib import Path

import pytest

from tests.corpora import published
from tests.corpora.fictional import fill
from tests.corpora.fifth import LOOKS, scored
from tests.corpora.precision import (
    DETECTORS,
    HALVES,
    OUTSIDE,
    measured,
    on_own,
    outside,
    side_by_side,
    table,
)
from tests.corpora.prose import alarms, report
from tests.corpora.stored import HERE, read


@pytest.mark.parametrize("name", DETECTORS)
def test_a_corpus_is_large_and_half_negative_and_its_floors_hold(name: str) -> None:
    rows = read(name)
    assert len(rows) >= 300
    assert abs(sum(r["expect"] for r in rows) * 2 - len(rows)) <= len(rows) * 0.1
    assert len({tuple(sorted((k, str(v)) for k, v in r.items())) for r in rows}) == len(rows)
    figures = on_own(name)
    told = "\n".join(str(row) for row in figures.wrong[:10])
    assert figures.precision >= 0.98, told
    assert figures.recall >= 0.98, told


@pytest.mark.parametrize("name", ["identity", "mobile", "bank_card"])
def test_the_stored_positives_hold_places_instead_of_numbers(name: str) -> None:
    for row in read(name):
        if row["expect"]:
            assert re.search(r"\{(?:identity|mobile|card16|card19):\d+", row["text"])
            assert not re.search(r"\d{11}", row["text"])


def test_what_is_filled_in_is_nobodys() -> None:
    identity = fill("{identity:7}")
    assert identity[6:17] == "19000101000"
    assert identity[2:5] == "000"
    assert fill("{mobile}") == "13800138000"
    assert fill("{mobile:5}")[:3] in ("142", "154")
    assert fill("{card19:5}").startswith("620000")


def test_figures_tell_a_wrong_judgement() -> None:
    rows = [
        {"text": "中华人民共合国", "expect": True},
        {"text": "中华人民共和国", "expect": True},
        {"text": "扫黑险恶", "expect": False},
        {"text": "今天", "expect": False},
    ]
    figures = measured(DETECTORS["terms"], rows)
    assert (figures.rows, figures.precision, figures.recall) == (4, 0.5, 0.5)
    assert [r["text"] for r in figures.wrong] == ["中华人民共和国", "扫黑险恶"]
    nothing = measured(DETECTORS["terms"], [])
    assert (nothing.precision, nothing.recall) == (1.0, 1.0)


def test_every_corpus_has_a_detector_and_the_table_names_it() -> None:
    stored = {path.stem for path in HERE.glob("*.jsonl")}
    assert stored - {"subjects"} == DETECTORS.keys(), "test_subjects.py measures those"
    printed = table()
    assert all(f"| {name} |" in printed for name in DETECTORS)


@pytest.mark.parametrize("half", HALVES)
def test_a_half_of_the_outside_corpus_has_every_kind_half_negative(half: str) -> None:
    assert {path.stem for path in (HERE / "outside" / half).glob("*.jsonl")} == OUTSIDE.keys()
    for kind in OUTSIDE:
        rows = read(f"outside/{half}/{kind}")
        assert len(rows) >= 26, kind
        assert abs(sum(r["expect"] for r in rows) * 2 - len(rows)) <= len(rows) * 0.1, kind
        assert len({(r.get("title"), r.get("near"), r["text"]) for r in rows}) == len(rows), kind


def test_the_table_side_by_side_names_every_kind() -> None:
    printed = side_by_side()
    assert all(f"| {kind} |" in printed for kind in OUTSIDE)


def test_slips_of_a_clerk_spoil_a_number() -> None:
    assert fill("{identity:7:wrong}")[:-1] == fill("{identity:7}")[:-1]
    assert fill("{identity:7:wrong}") != fill("{identity:7}")
    assert len(fill("{mobile:5:long}")) == len(fill("{mobile:5:short}")) + 2 == 12
    assert "O" in fill("{card19:5:ohs}")
    assert fill("{mobile:5:wide-hyphen}").count("－") == 2
    assert len(fill("{mobile:5:long-spaced}").split()) == 3


def test_alarms_on_prose_are_counted_by_kind_and_line() -> None:
    first = "第一条　为了加强安全生产工作。\n\n护照号码E00000131\n<!-- 完 -->"
    prose = iter([first, "后一篇不再读。" * 9])
    read_characters, counted = alarms(prose, characters=20)
    assert read_characters == len(first)
    assert counted == {"passport": 1}
    assert "| all | 1 |" in report(read_characters, counted)


def test_published_figures_are_those_of_a_fresh_run_or_worse() -> None:
    stored = json.loads(published.FIGURES.read_text("utf-8"))
    now = published.fresh({})["corpora"]
    assert stored["corpora"].keys() == now.keys()
    for corpus, kinds in stored["corpora"].items():
        assert kinds.keys() == now[corpus].keys()
        for kind, (rows, *figures) in kinds.items():
            assert rows == now[corpus][kind][0], (corpus, kind)
            name = corpus if corpus == "own" else kind if kind == "all" else "each"
            for shown, fresh in zip(figures, now[corpus][kind][1:], strict=True):
                least = shown - published.TOLERANCES[name]
                assert fresh >= least, f"{corpus} {kind}: {published.__doc__}"


def test_page_and_document_show_the_published_figures() -> None:
    stored = json.loads(published.FIGURES.read_text("utf-8"))
    assert published.TEMPLATE.read_text("utf-8") == published.page(stored)
    assert published.document(stored) in published.PAGE.read_text("utf-8")
    assert published.KINDS.keys() == OUTSIDE.keys()


def test_what_is_published_is_written_where_it_is_shown(tmp_path: Path) -> None:
    stored = {"date": "2026-01-02", "corpora": {"own": {}, "tuning": {"all": [4, 0.5, 0.25]}},
              "prose": {"法律": [20_000, 3]}}  # fmt: skip
    figures, doc, part = (tmp_path / name for name in ("figures.json", "page.md", "part.j2"))
    doc.write_text(f"前\n{published.BEGIN}\n旧\n{published.END}\n后\n", "utf-8")
    published.write(stored, figures, doc, part)
    assert json.loads(figures.read_text("utf-8")) == stored
    told = doc.read_text("utf-8")
    assert "旧" not in told
    assert "| all | — | 0.500 / 0.250 (4) |" in told
    assert "| 法律 | 20,000 | 1.50 |" in told
    assert "每万字误报1.50处" in part.read_text("utf-8")


@pytest.mark.parametrize(
    "kind",
    (
        "advertising alert_level entertainment forced_following home opinion secrecy victim_name"
    ).split(),
)
def test_the_second_outside_passages_hold_their_floors(kind: str) -> None:
    figures = outside("second")[kind]
    assert figures.rows >= 100
    assert figures.precision >= 0.93
    assert figures.recall >= 0.87


@pytest.mark.parametrize("kind", ["home", "identity", "passport", "victim_name"])
def test_the_third_outside_passages_hold_their_floors(kind: str) -> None:
    figures = outside("third")[kind]
    assert figures.rows >= 60
    assert figures.precision >= 0.93
    assert figures.recall >= 0.85


def test_the_fourth_outside_passages_hold_their_floors() -> None:
    """Typed by who wrote the rules: a floor against falling back, no promise."""
    figures = scored(HERE / "outside" / "fourth")
    assert sum(f.rows for f in figures.values()) == 120
    assert all(f.precision >= 0.9 and f.recall >= 0.9 for f in figures.values())


@pytest.mark.parametrize("kind", sorted(path.stem for path in (HERE / "own").glob("*.jsonl")))
def test_the_projects_own_passages_are_all_judged_right(kind: str) -> None:
    assert measured(LOOKS[kind], read(f"own/{kind}")).wrong == ()
