"""What a page of the desk shows of a remedy that was written for the terminal, too."""

import pytest

from pipeline.model.findings import say
from pipeline.parts.desk.frame import without_commands
from pipeline.report.language import translator


@pytest.mark.parametrize(
    ("remedy", "shown"),
    [
        ("更正日期。", "更正日期。"),
        ("改写建议：报名。确需保留的：用 `sanshen waive` 签名豁免。", "改写建议：报名。"),
        ("删去。改日再用 sanshen check 看。然后送审。", "删去。"),
        ("用 `sanshen waive` 签名豁免。然后送审。", None),
        ("", None),
    ],
)
def test_a_page_shows_what_stands_before_a_command(remedy: str, shown: str | None) -> None:
    tr = translator("zh")
    made = without_commands(say("{name}", name=remedy), tr)
    assert (tr(made) if made else None) == shown
