"""Lexicons: longest words, exceptions, contexts, offsets, and entries that are none."""

import pytest

from pipeline.detect.words import intents, lexicon, lexicon_problems
from pipeline.model.findings import Effect
from pipeline.model.records import Fact
from tests.builders.named import worded
from tests.detect.register_entries import words

SALE = words("sale", "扫码购买", "加购", exceptions=("增加购", "加购置"))


def found(text: str, *entries: Fact) -> list[tuple[str, str, str]]:
    return [(h.words, h.entry.id, h.context) for h in lexicon(entries or (SALE,)).find(text)]


def test_the_longest_word_counts_once() -> None:
    short, long = words("short", "加盟"), words("long", "招商加盟", "加盟热线")
    assert found("招商加盟热线", short, long) == [("招商加盟", "long", "")]
    assert found("加盟热线，加盟", short, long) == [("加盟热线", "long", ""), ("加盟", "short", "")]


def test_an_exception_is_its_own_entrys_alone() -> None:
    own = words("own", "扫码购买", exceptions=("扫码购买力",))
    other = words("other", "扫码购买")
    assert found("扫码购买力测评", own) == []
    assert found("扫码购买力测评", own, other) == [("扫码购买", "other", "")]


@pytest.mark.parametrize(
    "text",
    [
        "会去你的住处看望",
        "新增加购置款",
        "按规定制定方案",
        "送加购置补贴",
        "大家人们都好",
        "农活该干了",
    ],
)
def test_words_inside_other_words_are_none(text: str) -> None:
    short = words("short", "去你的", "加购", "定制", "家人们", "活该")
    assert found(text, short) == []


def test_the_same_words_by_themselves_are_hits() -> None:
    short = words("short", "去你的", "加购", "活该")
    assert [w for w, _, _ in found("去你的！快加购，活该。", short)] == ["去你的", "加购", "活该"]


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("各单位于周五前将关注“平安云岚”人数报科室，未达80%的说明原因。", "forced-sharing"),
        ("未入群的暂不办理，请先加入“企业服务群”。", "forced-sharing"),
        ("高价回收旧灭火器，上门取货，当场结算，电话同微信。", "advertising"),
        ("某运动员夜会女友，网友酸了。", "entertainment"),
        ("要是我，早就辞职了。", "personal"),
        ("简直拿人命当儿戏！", "emotion"),
    ],
)
def test_a_purpose_is_told_from_classes_of_words(text: str, category: str) -> None:
    hits = [h for h in intents(text, ()) if not h.context]
    assert category in {h.entry["category"] for h in hits}


@pytest.mark.parametrize(
    "text",
    [
        "欢迎扫码关注“云岚应急”公众号，自愿参加抽奖。", "村民会议实行无记名投票，不得委托他人。",
        "群众纷纷点赞，名单另行公布。", "警方提醒：“限时秒杀，扫码下单”是诈骗。",
        "采购预算8万元，请供应商报名，价格面议。",
        "运动员因高温受伤送医。", "村民说：“我真没想到。”", "我市、我局、我省自我管理。",
        "严禁要求群众点赞、转发并截图上报。", "某地要求集赞评优，被上级通报。",
    ],
)  # fmt: skip
def test_other_purposes_with_the_same_words_pass(text: str) -> None:
    assert [h.words for h in intents(text, ()) if not h.context] == []


def test_a_listed_word_and_its_purpose_are_one_finding() -> None:
    text = "全体村民必须关注本号并截图上报。"
    listed = lexicon([words("forced", "必须关注本", category="forced-sharing")]).find(text)
    assert [h.entry.id for h in (*listed, *intents(text, listed))] == ["forced"]


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


NEARLY = worded("word-too-broad", id="{}")
IDLE = worded("exception-idle", id="{}")


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (words("none"), worded("entry-without-word", id="{}")),
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
