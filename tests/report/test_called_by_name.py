"""In Chinese people, accounts and departments of a register are called by their names."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.errors import Fault
from pipeline.model.findings import Message, say, say_names
from pipeline.report import formats
from pipeline.report.formats import render_text
from pipeline.report.language import calling, translator
from tests.builders.archive import ArchiveRepo
from tests.builders.named import SENTENCES, shows, worded
from tests.report.samples import sample_finding, sample_report

NAMES = {"kz-a": "某科长", "wx": "云岚应急（wx）", "bgs": "办公室", "bad": "甲\x1b13912345678"}
ZH = calling(translator("zh"), NAMES)


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (
            say(SENTENCES["confirmation-returned"], person="kz-a"),
            worded("confirmation-returned", "zh", person="某科长"),
        ),
        (
            say("Next: {what}", what=say(SENTENCES["change-and-rotate"],
                                         account="wx")),
            "下一步：更改密码并签署：`sanshen rotate wx`",
        ),
        (say("Ask one of: {people}.", people=say_names(["kz-a", "wx"])), None),
        (say(SENTENCES["confirmation-returned"], person="nobody"), None),
    ],
)  # fmt: skip
def test_an_id_is_called_by_name_but_where_it_is_typed(message: Message, line: str | None) -> None:
    shown = ZH(message)
    if line:
        assert shown == line
    elif "nobody" in str(message):
        assert shown.startswith("nobody")
    else:
        assert "某科长、云岚应急（wx）" in shown
    english = translator("en")
    assert calling(english, NAMES)(message) == english(message)


def test_a_name_of_a_register_is_masked_and_shows_no_control_character() -> None:
    shown = ZH(say(SENTENCES["confirmation-returned"], person="bad"))
    assert shown.startswith("甲\\u001b139******78")


def test_words_of_a_text_are_no_ids() -> None:
    """A quotation that happens to read like an id stays as it was written."""
    message = say("“{words}” stands here: {reason}.", words="wx", reason="kz-a")
    assert ZH(message) == translator("zh")(message)


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_every_report_calls_people_by_name(form: str) -> None:
    message = say(SENTENCES["confirmation-returned"], person="kz-a")
    report = replace(sample_report(replace(sample_finding("x"), message=message)), names=NAMES)
    tr = translator("zh")
    shown = (
        render_text(report, tr, lambda text, _effect: text)
        if form == "text"
        else getattr(formats, f"render_{form}")(report, tr)
    )
    assert shows(shown, "confirmation-returned", "zh", person="某科长")
    assert "kz-a" not in shown


def test_a_fault_calls_people_by_the_names_of_the_archive_at_hand(
    archive: ArchiveRepo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:  # fmt: skip
    fault = Fault(say(SENTENCES["authoriser-unfit"], person="kz-a"))

    def shown(language: str) -> str:
        with pytest.raises(SystemExit):
            cli._end(fault, language)
        return capsys.readouterr().err

    monkeypatch.chdir(archive.root)
    assert shown("zh").startswith("sanshen: 某kz-a")
    assert shown("en").startswith("sanshen: kz-a may not")
    monkeypatch.chdir(tmp_path)  # no archive is here: the id says it
    assert shown("zh").startswith("sanshen: kz-a")


def test_who_types_no_key_sees_none_and_what_people_wrote_stays() -> None:
    """A page of the desk; the words of a draft may hold a key in brackets, too."""
    message = say("{key}: {what}", key="reviewed", what="标题（title）")
    assert ZH(message).startswith("审核（reviewed）")
    page = calling(translator("zh"), NAMES, keys=False)
    shown = page(message)
    assert "审核" in shown and "reviewed" not in shown and "标题（title）" in shown
