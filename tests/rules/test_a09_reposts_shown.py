"""Article 9 paragraph 2: source line, faithful title and text, media."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.archive import Archive
from pipeline.model.findings import Effect
from pipeline.model.posts import Post
from pipeline.rules.a09_reposts import RULE
from tests.rules.builders import (
    POST,
    archive,
    change,
    complaints,
    entry,
    line,
    only,
    post,
    rendition,
    where,
)
from tests.rules.governance import registers
from tests.rules.test_a09_reposts import LISTED, SOURCE

URL = str(SOURCE["url"])
LINE = "来源：应急管理部网站"
TEXT = "进入冬季，用火用电增多。各单位要加强检查，及时消除隐患。" * 4
SNAPSHOT = f"content/posts/2026/{POST}/source.txt"


def reprint(body: str = TEXT, snapshot: str = TEXT, **meta: Any) -> Post:
    made = post(body=body, files=["source.txt"], **({"origin": "reprint", "source": SOURCE} | meta))
    return replace(made, texts={SNAPSHOT: snapshot})


def test_4_accepted_line_and_link() -> None:
    subject = reprint()
    shown = [
        rendition(text=f"{LINE}\n正文", links=[URL]),
        rendition("wechat", text=f"{LINE}\n正文"),
        rendition("app", text=LINE, links=["https://x.example", URL]),
    ]
    assert complaints(RULE, 4, subject, archive(subject, registers=LISTED, renditions=shown)) == []


def test_4_accepted_unlisted_source_under_the_name_the_post_gives() -> None:
    subject = reprint(source=SOURCE | {"id": "luan", "name": "云岚日报"})
    shown = [rendition(text="来源：云岚日报\n正文", links=[URL])]
    assert complaints(RULE, 4, subject, archive(subject, registers=LISTED, renditions=shown)) == []
    by_id = [rendition(text="来源：luan\n正文", links=[URL])]
    found = complaints(RULE, 4, subject, archive(subject, registers=LISTED, renditions=by_id))
    assert (
        str(only(found, Effect.REFUSE, "source-line-missing").remedy)
        == "Show it as: 来源：云岚日报"
    )


def test_4_boundary_the_name_of_the_register_goes_first() -> None:
    subject = reprint(source=SOURCE | {"name": "别名"})
    shown = [rendition(text=LINE, links=[URL])]
    assert complaints(RULE, 4, subject, archive(subject, registers=LISTED, renditions=shown)) == []


def test_4_violated_neither_line_nor_link() -> None:
    subject = reprint()
    found = complaints(RULE, 4, subject, archive(subject, registers=LISTED))
    assert [(c.effect, c.name, where(c)) for c in found] == [
        (Effect.REFUSE, "source-line-missing", line(subject, "source")),
        (
            Effect.REFUSE,
            "source-link-missing",
            line(subject, "source", "url"),
        ),
    ]
    assert str(found[0].remedy) == f"Show it as: {LINE}"


def test_4_boundary_every_channel_shows_the_line_and_the_app_links() -> None:
    subject = reprint()
    shown = [
        rendition(text=LINE, links=[URL]),
        rendition("weibo", text="来源:应急管理部网站"),
        rendition("app", text=LINE, links=[f"{URL}#part"]),
    ]
    found = complaints(RULE, 4, subject, archive(subject, registers=LISTED, renditions=shown))
    assert [c.name for c in found] == [
        "source-line-missing",
        "source-link-missing",
    ]


def test_4_boundary_a_short_text_shows_the_line_as_well() -> None:
    subject = reprint()
    fine = replace(rendition("weibo", text=LINE), short=f"短。\n{LINE}")
    for made, count in ((fine, 0), (replace(fine, short="短。"), 1)):
        shown = [rendition(text=LINE, links=[URL]), made]
        look = archive(subject, registers=LISTED, renditions=shown)
        assert len(complaints(RULE, 4, subject, look)) == count


def test_4_boundary_the_form_of_the_line_is_policy() -> None:
    subject = reprint()
    rules = replace(LISTED, policy=registers(reprint__label_format="转自“{name}”").policy)
    shown = [rendition(text="转自“应急管理部网站”", links=[URL])]
    assert complaints(RULE, 4, subject, archive(subject, registers=rules, renditions=shown)) == []


def test_4_boundary_a_withdrawn_reprint_shows_nothing() -> None:
    subject = reprint(validity="withdrawn")
    look = archive(subject, registers=LISTED)
    assert complaints(RULE, 4, subject, look) == complaints(RULE, 5, subject, look) == []


def test_5_accepted_same_title_and_text() -> None:
    subject = reprint(body=f"## 通知\n\n**{TEXT}**\n", snapshot=f"通知\n{TEXT}")
    assert complaints(RULE, 5, subject, archive(subject)) == []


@pytest.mark.parametrize("title", ["冬季 防火提示", "冬季防火提示　"])
def test_5_boundary_width_and_spacing_of_the_title_are_free(title: str) -> None:
    subject = reprint(title=title)
    assert complaints(RULE, 5, subject, archive(subject)) == []


def test_5_violated_changed_title() -> None:
    silent = reprint(title="冬季防火提示？")
    found = only(complaints(RULE, 5, silent, archive(silent)), Effect.REFUSE, "title-differs")
    assert where(found) == line(silent, "title")
    told = reprint(title="冬季防火提示？", title_change_reason="版面所限。")
    only(complaints(RULE, 5, told, archive(told)), Effect.NOTE, "title-differs")


@pytest.mark.parametrize(
    ("title", "effect"),
    [("冬季防火山水花鸟", Effect.NOTE), ("冬季防火山水花鸟鱼", Effect.REFUSE)],
)
def test_5_boundary_likeness_of_the_title(title: str, effect: Effect) -> None:
    """Four of 6 and of 8 or 9 characters agree: 8/14 is below 0.6 in both; policy moves it."""
    subject = reprint(title=title, title_change_reason="版面所限。")
    look = archive(subject, registers=registers(reprint__title_min=8 / 14))
    found = complaints(RULE, 5, subject, look)
    assert [c.effect for c in found] == [effect]
    strict = complaints(RULE, 5, subject, archive(subject))
    assert strict[0].name == "title-not-source"


def test_5_violated_changed_text() -> None:
    subject = reprint(body=TEXT.replace("及时消除隐患", "不必消除"))
    found = complaints(RULE, 5, subject, archive(subject))
    assert [c.effect for c in found] == [Effect.REFUSE]
    assert found[0].name == "text-not-source"
    assert where(found[0]) == (subject.path, subject.body_line)


@pytest.mark.parametrize(("cut", "fine"), [(2, True), (3, False)])
def test_5_boundary_two_percent_of_the_text(cut: int, fine: bool) -> None:
    """Of 100 and 100 characters 98 agree at a cut of two, 97 at three."""
    whole = "".join(chr(0x4E00 + n) for n in range(100))
    other = whole[: 100 - cut] + "甲乙丙"[:cut]
    subject = reprint(body=other, snapshot=whole)
    found = complaints(RULE, 5, subject, archive(subject))
    assert [c.effect for c in found] == [Effect.NOTE if fine else Effect.REFUSE]


def brought(subject: Post) -> Archive:
    """The archive that a proposal brings the post to."""
    return archive(subject, change=change(entry(subject.path, "posts")))


def test_5_violated_one_wrong_figure_in_a_long_text() -> None:
    """Its likeness is near 1, and it is a distortion all the same."""
    told = "全省发生火灾12000起，3人死亡。"
    wrong = reprint(body=f"{TEXT * 5}\n\n" + told.replace("3人", "5人"), snapshot=TEXT * 5 + told)
    found = only(complaints(RULE, 5, wrong, brought(wrong)), Effect.REFUSE, "facts-changed")
    assert where(found) == (wrong.path, wrong.body_line + 2)
    only(
        complaints(RULE, 5, wrong, archive(wrong)), Effect.NOTE, "facts-changed"
    )  # it goes on to stand
    written = reprint(body=TEXT * 5 + told.replace("12000", "1.2万"), snapshot=TEXT * 5 + told)
    assert [c.effect for c in complaints(RULE, 5, written, brought(written))] == [Effect.NOTE]


def test_5_violated_five_safety_tips_lose_their_negation() -> None:
    tips = [
        f"第{n}，不要{what}。" for n, what in enumerate(("靠近", "触摸", "拆卸", "覆盖", "折叠"), 1)
    ]
    source = TEXT * 8 + "\n".join(tips)
    subject = reprint(body=source.replace("不要", "要"), snapshot=source)
    found = complaints(RULE, 5, subject, brought(subject))
    assert [c.effect for c in found] == [Effect.REFUSE] * 5
    assert found[0].name == "facts-changed"


def test_5_violated_a_title_loses_its_negation_whatever_the_reason() -> None:
    titles = {"title": "电热毯可以折叠", "title_change_reason": "版面所限。"}
    subject = reprint(source=SOURCE | {"title": "电热毯不可以折叠"}, **titles)
    found = complaints(RULE, 5, subject, brought(subject))
    only(found, Effect.REFUSE, "title-differs")


def test_5_accepted_other_words_and_a_marked_note_are_shown_to_the_reviewers() -> None:
    body = f"编者按：我市同步部署，已有3个乡镇完成。\n\n{TEXT * 3}\n\n请大家转告家人。"
    subject = reprint(body=body, snapshot=f"{TEXT * 3}\n请大家告知家人。")
    found = complaints(RULE, 5, subject, brought(subject))
    assert [(c.effect, c.name) for c in found] == [
        (
            Effect.NOTE,
            "editor-note-added",
        ),
        (
            Effect.NOTE,
            "sentence-changed",
        ),
    ]


def test_5_boundary_private_data_of_a_sentence_is_masked() -> None:
    number = "138" + "00138000"
    subject = reprint(body=f"{TEXT * 5}请拨打{number}。", snapshot=f"{TEXT * 5}请来电。")
    found = complaints(RULE, 5, subject, brought(subject))
    assert number not in found[0].name and found[0].name == "facts-changed"


def test_5_boundary_an_excerpt_keeps_whole_sentences_and_a_reprint_all_of_them() -> None:
    def effects(body: str, **meta: Any) -> list[Effect]:
        part = reprint(body=body, **meta)
        return [c.effect for c in complaints(RULE, 5, part, brought(part))]

    whole = TEXT[:12]
    excerpt: dict[str, Any] = {"origin": "forward", "excerpt": True}
    assert effects(whole, **excerpt) == []
    assert effects(f"摘编说明：全文见原文。\n\n{whole}", **excerpt) == [Effect.NOTE]
    assert effects(TEXT[:20], **excerpt) == [Effect.REFUSE]
    assert effects(whole, origin="forward") == effects(whole, excerpt=True) == [Effect.REFUSE]


def test_5_boundary_pictures_and_link_targets_are_no_text() -> None:
    body = TEXT[:30] + "![新图](a.png)[" + TEXT[30:40] + "](https://x.example/long)" + TEXT[40:]
    subject = reprint(body=body)
    assert complaints(RULE, 5, subject, archive(subject)) == []


def test_5_boundary_texts_too_different_to_compare_refuse_in_bounded_time() -> None:
    whole = "".join(chr(0x4E00 + n % 5000) for n in range(6000))
    subject = reprint(body=whole[::-1], snapshot=whole)
    assert [c.effect for c in complaints(RULE, 5, subject, archive(subject))] == [Effect.REFUSE]


def test_5_violated_snapshot_absent() -> None:
    subject = replace(reprint(), texts={})
    found = only(complaints(RULE, 5, subject, archive(subject)), Effect.REFUSE, "snapshot-missing")
    assert where(found) == line(subject, "source", "snapshot")


@given(st.text(max_size=60))
def test_5_a_text_is_always_like_itself(text: str) -> None:
    subject = reprint(body=text, snapshot=text)
    if not any(mark in text for mark in ("](", "![")):
        assert complaints(RULE, 5, subject, archive(subject)) == []


MEDIUM = {"file": "a.png", "alt": "火场", "author": "宣教科", "licence": "自有"}


def test_6_accepted_listed_media() -> None:
    subject = post(files=["a.png", "notes.txt"], media=[MEDIUM])
    assert complaints(RULE, 6, subject, archive(subject)) == []


@pytest.mark.parametrize("name", ["b.png", "b.JPG", "film.mp4"])
def test_6_violated_unlisted_file(name: str) -> None:
    subject = post(files=["a.png", name], media=[MEDIUM])
    found = only(complaints(RULE, 6, subject, archive(subject)), Effect.REFUSE, "file-unlisted")
    assert where(found) == line(subject, "media")


def test_6_violated_listed_file_absent() -> None:
    subject = post(files=["a.png"], media=[MEDIUM, MEDIUM | {"file": "c.mp4", "captions": "c.txt"}])
    found = complaints(RULE, 6, subject, archive(subject))
    assert [(c.name, where(c)) for c in found] == [
        ("listed-file-missing", line(subject, "media", 1, "file")),
        ("listed-file-missing", line(subject, "media", 1, "captions")),
    ]


def test_6_boundary_portrait_with_and_without_consent() -> None:
    entry = MEDIUM | {"portrait": True}
    subject = post(files=["a.png"], media=[entry])
    found = only(
        complaints(RULE, 6, subject, archive(subject)), Effect.NOTE, "portrait-without-consent"
    )
    assert where(found) == line(subject, "media", 0, "portrait")
    agreed = post(files=["a.png"], media=[entry], consent={"ref": "书面"})
    assert complaints(RULE, 6, agreed, archive(agreed)) == []
    object_ = post(files=["a.png"], media=[MEDIUM | {"portrait": False}])
    assert complaints(RULE, 6, object_, archive(object_)) == []
