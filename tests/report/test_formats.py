"""Every form of a report: its escapes, its masks and how it ends."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import datetime

import pytest
from markdown_it import MarkdownIt

from pipeline.model.calendar import SHANGHAI
from pipeline.model.findings import Effect, say
from pipeline.model.month import PeriodReport, Table
from pipeline.report.language import translator
from pipeline.report.tables import tables_csv
from tests.builders.cast import at
from tests.builders.named import worded
from tests.report.samples import RENDERERS, sample_finding, sample_report

DISCLAIMER = worded("machine-pass")
COUNTS = "Clauses: 2 checked, 1 declared, 0 entered, 0 undeclared, 2 unchecked."
every_format = pytest.mark.parametrize("form", RENDERERS)


def _identity_number() -> str:
    """Eighteen digits in the form of an identity number, put together here and nowhere stored."""
    return "".join(("110", "101", "1990", "0307", f"{123:03d}", "4"))


# Markdown


@pytest.mark.parametrize(
    "words",
    [
        "a|b", "`code`", "<img src=x onerror=alert(1)>", "<!-- sanshen-verdict -->",
        "[link](https://evil.example)", "![picture](https://evil.example/x.png)",
        "**bold** _soft_ ~~gone~~", "# heading", "\\| back", "@everyone #1",
    ],
)  # fmt: skip
def test_markdown_shows_words_as_they_are(words: str) -> None:
    text = RENDERERS["markdown"](sample_report(sample_finding(words)))
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    cells = [t for t in tokens if t.type == "inline" and "The title" in t.content]
    assert len(cells) == 1
    parts = cells[0].children or []
    assert {p.type for p in parts} <= {"text", "text_special"}, "the words became markup"
    shown = "".join(p.content for p in parts)
    assert shown == f"The title {words} is wrong. Next: Write {words} anew."
    assert sum(t.type == "td_open" for t in tokens) == 4


def test_markdown_calls_nobody() -> None:
    text = RENDERERS["markdown"](sample_report(sample_finding("@everyone see #1")))
    assert "@everyone" not in text
    assert "#1" not in text


# Every format


@every_format
def test_it_ends_with_counts_and_the_disclaimer(form: str) -> None:
    for report in (sample_report(), sample_report(sample_finding("x"))):
        text = RENDERERS[form](report)
        assert text.endswith("\n")
        assert _ending(form, text) == (COUNTS, DISCLAIMER)


def _ending(form: str, text: str) -> tuple[str, str]:
    """(counts, disclaimer) as the end of a report states them."""
    if form == "json":
        value = json.loads(text)
        assert list(value)[-1] == "disclaimer"
        numbers = value["counts"]
        return f"Clauses: {', '.join(f'{n} {k}' for k, n in numbers.items())}.", value["disclaimer"]
    lines = [line.removeprefix("- ") for line in text.splitlines()]
    return lines[-3], lines[-1]


@every_format
def test_it_names_what_is_unchecked(form: str) -> None:
    text = RENDERERS[form](sample_report())
    assert "R09-4" in text
    assert "第十二条" in text


@every_format
def test_control_characters_are_made_visible(form: str) -> None:
    words = "\x1b[2Ja\x07\x00\u202eb\u200b"
    report = sample_report(sample_finding(words, path=f"content/{words}"), subject=f"s{words}")
    text = RENDERERS[form](report)
    shown = json.dumps(json.loads(text), ensure_ascii=False) if form == "json" else text
    assert all(c.isprintable() for c in shown.replace("\n", ""))
    assert "001b" in shown, "it is shown, not dropped"


@every_format
def test_private_numbers_are_masked(form: str) -> None:
    number = _identity_number()
    report = sample_report(
        sample_finding(f"证件{number}", path=f"content/posts/{number}.md"), subject=number
    )
    text = RENDERERS[form](report)
    assert number not in text
    stars = r"(?:\*|&#42;)"
    assert re.search(rf"110{stars}{{13}}34", text), "its ends stay, so that it can be found"


@every_format
def test_a_long_value_is_cut(form: str) -> None:
    assert len(RENDERERS[form](sample_report(sample_finding("长" * 100_000)))) < 10_000


@pytest.mark.parametrize("start", ["=", " =", "＝", "@"])
def test_no_cell_of_a_month_is_a_formula(start: str) -> None:
    table = Table(say("None."), (say("Account"),), ((f"{start}cmd|'/c calc'!A1",),))
    made = PeriodReport(say("None."), (table,), at("2026-12-01 00:00"))
    rows = list(csv.reader(io.StringIO(tables_csv(made, translator("en")), newline="")))
    assert rows[1][1].startswith("'")


def test_markdown_tells_first_who_owes_what_and_each_finding_once() -> None:
    late = datetime(2026, 11, 20, 18, tzinfo=SHANGHAI)
    owed = replace(sample_finding("reply", Effect.HOLD), owes="zhou", due=late)
    note = sample_finding("again", Effect.NOTE)
    report = sample_report(note, note, owed)
    report = replace(report, verdicts=report.verdicts * 2, names={"zhou": "信息员甲"})
    told = RENDERERS["markdown"](report)
    assert told.count("again") == 2  # its sentence and its remedy
    assert told.index("**Overdue") < told.index("信息员甲") < told.index("| Clause")
    assert "reply" not in told[told.index("| Clause") :]
