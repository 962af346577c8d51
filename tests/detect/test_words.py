"""Lexicons: longest words, exceptions, contexts, offsets, and entries that are none."""

import pytest

from pipeline.detect.words import lexicon, lexicon_problems
from pipeline.model.findings import Effect
from pipeline.model.records import Fact
from tests.detect.register_entries import words

SALE = words("sale", "扫码购买", "加购", exceptions=("增加购", "加购置"))


def found(text: str, *entries: Fact) -> list[tuple[str, str, str]]:
    return [(h.words, h.entry.id, h.context) for h in lexicon(entries or (SALE,)).find(text)]


def test_the_longest_word_counts_once() -> None:
    short, long = words("short", "加盟"), words("long", "招商加盟", "加盟热线")
    assert found("招商加盟热线", short, long) == [("招商加盟", "long", "")]
    assert found("加盟热线，加盟", short, long) == [("加盟热线", "long", ""), ("加盟", "short", "")]


def test_an_exception_is_its_own_entrys_alone() -> None:
    other = words("other", "加购")
    assert found("新增加购置款") == []
    assert found("新增加购置款", SALE, other) == [("加购", "other", "")]
    assert found("快加购") == [("加购", "sale", "")]


@pytest.mark.parametrize("text", ["扫 码 购 买", "扫\u200b码购买", "扫**码**购买", "扫码\n购买"])
def test_disguises_are_seen_through_and_shown_as_written(text: str) -> None:
    assert found(f"快来{text}吧") == [(text, "sale", "")]


def test_case_and_width_do_not_matter() -> None:
    entry = words("app", "下载APP后方可")
    for text in ("下载app后方可", "下载ＡＰＰ后方可", "下载App后方可"):
        assert found(text, entry) == [(text, "app", "")]


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("扫码购买更便宜", ""),
        ("严禁扫码购买", "forbidden"),
        ("不要错过，扫码购买", ""),
        ("警惕以抽奖、扫码购买为名的诈骗", "forbidden"),
        ("扫码购买均为诈骗", "forbidden"),
        ("禁止。扫码购买", ""),
        ("网传“扫码购买可领补贴”", "quoted"),
        ("“扫码购买可领补贴”的消息不实", "quoted"),
        ("“扫码购买”更便宜", ""),
        ("网传谣言。“扫码购买”更便宜", ""),
    ],
)
def test_contexts(text: str, context: str) -> None:
    [hit] = lexicon((SALE,)).find(text)
    assert hit.context == context


def test_offsets_point_into_the_original() -> None:
    text = "。\u200b\u200b请扫 码购买。再加购"
    assert [text[h.start : h.end] for h in lexicon((SALE,)).find(text)] == ["扫 码购买", "加购"]


def test_nothing_in_nothing() -> None:
    assert found("") == []
    assert lexicon(()).find("扫码购买") == ()


def test_the_same_entries_give_the_same_lexicon() -> None:
    entries = (SALE,)
    assert lexicon(entries) is lexicon(entries)


def test_many_texts_are_forgotten_and_found_again() -> None:
    made = lexicon((SALE,))
    for n in range(600):
        assert [h.words for h in made.find(f"{n}扫码购买")] == ["扫码购买"]
    assert len(made.memory) <= 256


NEARLY = "A word of the entry {} would match nearly every text."
IDLE = "An exception of the entry {} excepts no use of it."


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (words("none"), "The entry {} of the lexicon holds no word."),
        (words("one", "的"), NEARLY),
        (words("marks", "，。"), NEARLY),
        (words("hidden", "\u200b\u200b"), NEARLY),
        (words("star", "的*"), NEARLY),
        (words("own", "加购", exceptions=("加购",)), IDLE),
        (words("far", "加购", exceptions=("天气好",)), IDLE),
    ],
)
def test_entries_that_find_nothing_or_everything_are_refused(entry: Fact, message: str) -> None:
    [problem] = lexicon_problems([entry])
    assert (problem.effect, str(problem.message)) == (Effect.REFUSE, message.format(entry.id))
    assert problem.location.path == "content/registers/lexicons.yml"
    assert problem.remedy is not None


def test_sound_entries_have_no_problem() -> None:
    assert lexicon_problems([SALE, words("app", "APP下载")]) == ()
