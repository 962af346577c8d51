"""What may be printed of a draft: masked, without controls, and never cut in silence."""

from pipeline.model.findings import say
from pipeline.report.language import LONGEST, harmless, translator, whole


def test_what_is_cut_says_so() -> None:
    assert harmless("字" * LONGEST) == "字" * LONGEST
    assert harmless("字" * (LONGEST + 1)) == "字" * LONGEST + "…"
    assert translator("zh")(say("{path}: {what}", path="字" * 9000, what="x")).endswith("…：x")


def test_the_whole_is_masked_and_not_cut() -> None:
    text = "字" * 9000 + "13912345678\x1b"
    assert whole(text) == "字" * 9000 + "139******78\\u001b"
