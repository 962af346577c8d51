"""Article 10: alerts, validity, brevity, alternative texts."""

from dataclasses import replace

import pytest

from pipeline.model.archive import Archive, Mode
from pipeline.model.findings import Effect
from pipeline.model.posts import Link, MediaFact, Post
from pipeline.rules.a10_quality import RULE
from tests.rules.builders import archive, complaints, line, only, post, rendition, where
from tests.rules.governance import at, day

ALERT = {
    "issuer": "云岚市气象台",
    "issued_at": at("2026-11-03 08:00"),
    "starts_at": at("2026-11-03 08:00"),
    "ends_at": at("2026-11-03 20:00"),
    "level": 4,
    "color": "blue",
    "areas": ["城区"],
}


@pytest.mark.parametrize(
    ("level", "color"), [(1, "red"), (2, "orange"), (3, "yellow"), (4, "blue")]
)
def test_1_accepted_level_and_colour(level: int, color: str) -> None:
    subject = post(kind="alert", alert=ALERT | {"level": level, "color": color})
    assert complaints(RULE, 1, subject, archive(subject)) == []


@pytest.mark.parametrize("level", [1, 2, 3])
def test_1_violated_level_and_colour(level: int) -> None:
    subject = post(kind="alert", alert=ALERT | {"level": level})
    found = only(complaints(RULE, 1, subject, archive(subject)), Effect.REFUSE, "alert-level-wrong")
    assert where(found) == line(subject, "alert", "level")


def test_1_violated_alert_without_warning() -> None:
    subject = post(kind="alert")
    found = only(complaints(RULE, 1, subject, archive(subject)), Effect.REFUSE, "alert-missing")
    assert where(found) == line(subject, "kind")
    gone = post(kind="alert", validity="withdrawn")
    assert complaints(RULE, 1, gone, archive(gone)) == []


def test_1_boundary_colours_in_the_title() -> None:
    other = post(kind="alert", alert=ALERT, title="暴雨黄色预警")
    found = only(
        complaints(RULE, 1, other, archive(other, mode=Mode.DRAFT)),
        Effect.REFUSE,
        "alert-title-differs",
    )
    assert where(found) == line(other, "title")
    both = post(kind="alert", alert=ALERT, title="黄色预警降为蓝色预警")
    assert complaints(RULE, 1, both, archive(both)) == []


def test_1_boundary_an_alert_lasts_longer_than_no_time() -> None:
    subject = post(kind="alert", alert=ALERT | {"ends_at": ALERT["starts_at"]})
    only(complaints(RULE, 1, subject, archive(subject)), Effect.REFUSE, "alert-ends-early")
    minute = post(kind="alert", alert=ALERT | {"ends_at": at("2026-11-03 08:01")})
    assert complaints(RULE, 1, minute, archive(minute)) == []


def test_2_accepted_no_dates() -> None:
    subject = post()
    assert complaints(RULE, 2, subject, archive(subject)) == []


def test_2_violated_expired_but_valid() -> None:
    subject = post(expires_on=day("2026-11-21"))
    found = only(complaints(RULE, 2, subject, archive(subject)), Effect.NOTE, "validity-ended")
    assert where(found) == line(subject, "expires_on")


def test_2_boundary_last_day_and_other_validity() -> None:
    last = post(expires_on=day("2026-11-22"))
    assert complaints(RULE, 2, last, archive(last)) == []
    marked = post(expires_on=day("2026-11-21"), validity="expired")
    assert complaints(RULE, 2, marked, archive(marked)) == []


def test_2_boundary_expiry_against_effect() -> None:
    wrong = post(effective_on=day("2027-01-02"), expires_on=day("2027-01-01"))
    found = only(complaints(RULE, 2, wrong, archive(wrong)), Effect.REFUSE, "validity-backwards")
    assert where(found) == line(wrong, "expires_on")
    same = post(effective_on=day("2027-01-01"), expires_on=day("2027-01-01"))
    assert complaints(RULE, 2, same, archive(same)) == []


def test_2_boundary_alert_published_at_its_end_and_after() -> None:
    at_end = post(alert=ALERT, publish_at=at("2026-11-03 20:00"))
    assert complaints(RULE, 2, at_end, archive(at_end)) == []
    after = post(alert=ALERT, publish_at=at("2026-11-03 20:01"))
    only(complaints(RULE, 2, after, archive(after)), Effect.NOTE, "alert-ended")


def test_3_accepted_short_title() -> None:
    subject = post()
    assert complaints(RULE, 3, subject, archive(subject)) == []


@pytest.mark.parametrize(
    ("title", "width"), [("火" * 30 + "a", 31), ("火" * 31, 31), ("a" * 61, 31)]
)
def test_3_violated_long_title(title: str, width: int) -> None:
    subject = post(title=title)
    found = only(complaints(RULE, 3, subject, archive(subject)), Effect.NOTE, "title-wide")
    assert where(found) == line(subject, "title")


@pytest.mark.parametrize("title", ["火" * 30, "火" * 29 + "ab", "a" * 60])
def test_3_boundary_thirty_characters(title: str) -> None:
    subject = post(title=title)
    assert complaints(RULE, 3, subject, archive(subject)) == []


def test_3_violated_summary_repeats_the_title() -> None:
    subject = post(summary=" 冬季防火提示 ")
    found = only(
        complaints(RULE, 3, subject, archive(subject)), Effect.NOTE, "summary-repeats-title"
    )
    assert where(found) == line(subject, "summary")


def _pictured(*files: str) -> Post:
    subject = post()
    added = {f"{subject.folder}/{file}": "a" * 64 for file in files}
    return replace(subject, manifest={**subject.manifest, **added})


def test_5_accepted_described_picture() -> None:
    subject = _pictured("a.png")
    look = archive(subject, renditions=[rendition(images=[("a.png", "消防车驶出")])])
    assert complaints(RULE, 5, subject, look) == []


@pytest.mark.parametrize("file", ["stove.png", "https://elsewhere.example/a.png", "a.svg"])
def test_5_violated_a_picture_that_is_not_there(file: str) -> None:
    subject = _pictured("a.png")
    look = archive(subject, renditions=[rendition(images=[("a.png", "火场"), (file, "火场")])])
    found = only(complaints(RULE, 5, subject, look), Effect.REFUSE, "picture-missing")
    assert where(found) == (subject.path, 52)


@pytest.mark.parametrize("alt", ["", "  ", "a.png", "a"])
def test_5_violated_alternative_text(alt: str) -> None:
    subject = _pictured("a.png", "b.png")
    shown = rendition(images=[("b.png", "火场"), ("a.png", alt)])
    look = archive(subject, renditions=[shown])
    found = only(complaints(RULE, 5, subject, look), Effect.REFUSE, "picture-undescribed")
    assert where(found) == (subject.path, 52)


def test_5_violated_a_kind_that_no_page_shows() -> None:
    subject = _pictured("a.svg", "b.AVIF")
    shown = rendition(images=[("b.AVIF", "火场"), ("a.svg", "火场")])
    look = archive(subject, renditions=[shown])
    only(complaints(RULE, 5, subject, look), Effect.REFUSE, "picture-kind-unfit")


@pytest.mark.parametrize(("captions", "noted"), [
    ({"captions": "a.vtt"}, False), ({"captions": "a.srt"}, True), ({}, True),
])  # fmt: skip
def test_5_a_film_without_captions_is_noted(captions: dict[str, str], noted: bool) -> None:
    film = {"file": "a.mp4", "alt": "演示", "author": "甲", "licence": "自有"} | captions
    look = archive(subject := post(media=[film, {**film, "file": "b.png"}]))
    found = complaints(RULE, 5, subject, look)
    words = [c.name for c in found if c.effect is Effect.NOTE]
    assert ("film-without-captions" in words) is noted
    assert all("b.png" not in one for one in words)


@pytest.mark.parametrize("broken", [False, True])
def test_5_a_file_that_cannot_be_read(broken: bool) -> None:
    base = _pictured("a.png")
    fact = MediaFact(f"{base.folder}/a.png", broken=broken, author=True)
    subject = replace(base, media=(fact,))
    found = complaints(RULE, 5, subject, archive(subject))
    if broken:
        assert where(only(found, Effect.REFUSE, "file-unsound"))[0] == fact.path
    else:
        assert found == []


def test_5_boundary_no_picture_at_all() -> None:
    subject = post()
    assert complaints(RULE, 5, subject, archive(subject)) == []


def test_5_violated_something_behind_a_picture() -> None:
    base = _pictured("a.png")
    fact = MediaFact(f"{base.folder}/a.png", trailing=True)
    subject = replace(base, media=(fact,))
    only(complaints(RULE, 5, subject, archive(subject)), Effect.REFUSE, "file-holds-more")


def _linking(*names: str, withheld: bool = False) -> tuple[Post, Archive]:
    subject = post(files=["list.pdf", "a.png", "a.doc"])
    fact = MediaFact(f"{subject.folder}/list.pdf", withheld=withheld)
    links = tuple(Link(name, "附件", n) for n, name in enumerate(names, 30))
    shown = replace(rendition(), attachments=links)
    subject = replace(subject, media=(fact,))
    return subject, archive(subject, renditions=[shown])


def test_6_satisfied_a_linked_file() -> None:
    assert complaints(RULE, 6, *_linking("list.pdf")) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("none.pdf", "linked-file-missing"),
        ("a.png", "picture-linked"),
        ("a.doc", "linked-file-unfit"),
    ],
)
def test_6_violated_a_linked_file(name: str, words: str) -> None:
    subject, look = _linking(name)
    assert where(only(complaints(RULE, 6, subject, look), Effect.REFUSE, words))[1] == 30


def test_6_violated_a_linked_file_that_is_not_what_its_name_says() -> None:
    subject, look = _linking("list.pdf", withheld=True)
    only(complaints(RULE, 6, subject, look), Effect.REFUSE, "linked-file-unfit")


DRILL = ALERT | {"exercise": True}


@pytest.mark.parametrize(
    "title", ["【演练】大风蓝色预警", "大风蓝色预警（防汛演练）", "演练：大风蓝色预警"]
)
def test_1_accepted_a_drill_that_says_so(title: str) -> None:
    subject = post(kind="alert", alert=DRILL, title=title)
    assert complaints(RULE, 1, subject, archive(subject)) == []


@pytest.mark.parametrize("title", ["大风蓝色预警", "（非演练）大风蓝色预警", "大风蓝色预警演习"])
@pytest.mark.parametrize("mode", list(Mode))
def test_1_violated_a_drill_whose_title_does_not_say_so(title: str, mode: Mode) -> None:
    subject = post(kind="alert", alert=DRILL, title=title)
    found = only(
        complaints(RULE, 1, subject, archive(subject, mode=mode)),
        Effect.REFUSE,
        "drill-unmarked-title",
    )
    assert where(found) == line(subject, "title")


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("【演练】大风蓝色预警", "市气象台发布大风蓝色预警。"),
        ("大风蓝色预警（演习）", "市气象台发布大风蓝色预警。"),
        ("测试信息：大风蓝色预警", "市气象台发布大风蓝色预警。"),
        ("大风蓝色预警", "【演练】市气象台发布大风蓝色预警。"),
        ("大风蓝色预警", "本条为演练，市气象台发布大风蓝色预警。"),
        ("大风蓝色预警", "\n\n演练演练：\n\n市气象台发布大风蓝色预警。"),
    ],
)
def test_1_violated_a_drill_that_is_not_marked(title: str, body: str) -> None:
    """Refused at the door; one that stands is noted, for older programs knew no mark."""
    for exercise in ({}, {"exercise": False}):
        subject = post(kind="alert", alert=ALERT | exercise, title=title, body=body)
        new = archive(subject, mode=Mode.DRAFT)
        only(complaints(RULE, 1, subject, new), Effect.REFUSE, "drill-unmarked")
        stands = archive(subject, mode=Mode.STANDING)
        only(complaints(RULE, 1, subject, stands), Effect.NOTE, "drill-unmarked")


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("大风蓝色预警", "请注意防范。原定今天的疏散演练取消。"),
        ("大风蓝色预警", "取消今天的演练，请注意防范。"),
        ("（非演练）大风蓝色预警", "市气象台发布大风蓝色预警。"),
    ],
)
def test_1_boundary_a_warning_that_speaks_of_drills(title: str, body: str) -> None:
    subject = post(kind="alert", alert=ALERT, title=title, body=body)
    assert complaints(RULE, 1, subject, archive(subject, mode=Mode.DRAFT)) == []


def test_1_boundary_news_of_a_drill_is_no_warning() -> None:
    subject = post(kind="activity", title="全市开展地震应急演练", body="今天上午开展演练。")
    assert complaints(RULE, 1, subject, archive(subject, mode=Mode.DRAFT)) == []
