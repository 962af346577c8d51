"""What an act asks for, as a form answers it: read by its kind, and no more than is asked."""

from dataclasses import dataclass
from datetime import date, datetime

import pytest

from pipeline.errors import Misuse
from pipeline.model.calendar import SHANGHAI
from pipeline.model.findings import say
from pipeline.sign.act import answered, ask, asked_fields, refuse_left_open
from tests.builders.named import SENTENCES

NAMES = ("post", "words", "day", "moment", "number", "several", "sure", "kind")


@dataclass(frozen=True)
class Everything:
    post: str = ask(say("Post"), argument=True)
    words: str = ask(say("Reason"), default="", required=True)
    day: date | None = ask(say(SENTENCES["last-day"]), default=None)
    moment: datetime | None = ask(say(SENTENCES["changed-when"]), default=None)
    number: int | None = ask(say("Account"), default=None)
    several: tuple[str, ...] = ask(say("Account"), default=())
    sure: bool = ask(say("Account"), default=False)
    kind: str = ask(say("Reason"), default="", choices={"a": say("yes"), "b": say("no")})
    measured: int = 0


BEGUN = Everything("2026-11-05-a")


def test_each_kind_is_read() -> None:
    texts = {
        "words": " 写明 ", "day": "2026-11-03", "moment": "2026-11-03T09:30", "number": "2",
        "several": "a, b", "sure": "1", "kind": "b",
    }  # fmt: skip
    assert answered(BEGUN, texts, NAMES) == Everything(
        "2026-11-05-a", "写明", date(2026, 11, 3), datetime(2026, 11, 3, 9, 30, tzinfo=SHANGHAI), 2,
        ("a", "b"), True, "b",
    )  # fmt: skip


def test_what_is_not_answered_stays_as_it_was_begun() -> None:
    assert answered(BEGUN, {"words": " ", "day": ""}, NAMES) == BEGUN


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("day", "2026-02-30"), ("day", "soon"), ("moment", "2026-11-03T25:00"), ("moment", "昨天"),
        ("number", "一"), ("number", "²"), ("number", "1e3"), ("kind", "c"),
        ("day", "0000-00-00"), ("moment", "9" * 40),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(name: str, text: str) -> None:
    with pytest.raises(Misuse):
        answered(BEGUN, {name: text}, NAMES)


def test_a_form_answers_what_it_asks_for_and_no_more() -> None:
    hostile = {"post": "2026-11-05-other", "measured": "9", "words": "写明", "nothing": "x"}
    assert answered(BEGUN, hostile, ("words", "measured")) == Everything("2026-11-05-a", "写明")


@pytest.mark.parametrize("words", ["", "  ", "\n"])
def test_what_must_be_said_is_not_left_open(words: str) -> None:
    with pytest.raises(Misuse, match="Reason"):
        refuse_left_open(Everything("2026-11-05-a", words))


def test_what_is_measured_is_asked_for_nowhere() -> None:
    assert [each.name for each in asked_fields(Everything)] == list(NAMES)
