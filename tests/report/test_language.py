"""What may be printed of a draft: masked, without controls, and never cut in silence."""

from dataclasses import replace

from pipeline.model.findings import say, say_names
from pipeline.report import formats
from pipeline.report.formats import render_text
from pipeline.report.language import LONGEST_VALUE, harmless, translator, whole
from tests.report.samples import sample_finding, sample_report


def test_what_is_cut_says_so() -> None:
    assert harmless("字" * LONGEST_VALUE) == "字" * LONGEST_VALUE
    assert harmless("字" * (LONGEST_VALUE + 1)) == "字" * LONGEST_VALUE + "…"
    assert translator("zh")(say("{path}: {what}", path="字" * 9000, what="x")).endswith("…：x")


def test_names_are_parted_as_the_language_parts_them() -> None:
    for names, english, chinese in (
        ([], "-", "-"),
        (["甲"], "甲", "甲"),
        (["甲", "乙", "\x1b"], "甲, 乙, \\u001b", "甲、乙、\\u001b"),
    ):
        waits = say("waits for {step} by {people}", step="x", people=say_names(names))
        assert translator("en")(waits) == f"waits for x by {english}"
        assert translator("zh")(waits) == f"待x，办理人：{chinese}"


def test_the_whole_is_masked_and_not_cut() -> None:
    text = "字" * 9000 + "13912345678\x1b"
    assert whole(text) == "字" * 9000 + "139******78\\u001b"


def test_a_control_character_beside_a_number_hides_it_from_no_mask() -> None:
    assert whole("\x1b13912345678") == "\\u001b139******78"
    assert "13912345678" not in whole("1391234\x1b5678").replace("\\u001b", "")
    assert whole("2026\n13912345678\u200b") == "2026\\u000a139******78\\u200b"


def test_what_is_judged_is_named_in_words() -> None:
    def text(subject: str) -> str:
        report = sample_report(sample_finding("x"), subject=subject)
        return render_text(report, translator("zh"), lambda t, _e: t)

    assert text("change").startswith("拒绝  整项变更\n")
    assert text("0123456789ab archive").startswith("拒绝  0123456789ab 时段职责\n")
    assert text("2026-11-02-change").startswith("拒绝  2026-11-02-change\n")


def test_an_audit_says_that_it_replayed() -> None:
    report = replace(sample_report(), command="audit", base="a" * 40, head="b" * 40)
    text = render_text(report, translator("zh"), lambda t, _e: t)
    assert "已重放 aaaaaaaaaaaa 至 bbbbbbbbbbbb 的全部变更" in text


def test_what_stands_in_no_file_has_no_place_for_it() -> None:
    """The message of a commit, for one."""
    report, tell = sample_report(sample_finding("x", path="", line=0)), translator("zh")
    assert "| — | " in formats.render_markdown(report, tell).replace("—:3", "—")
