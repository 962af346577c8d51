"""Slips in common words: each listed word is right, and one with a sign wrong is seen."""

import pytest

from pipeline.detect.vocabulary import SIZE, _groups, _two, _usual, listed, misspelt
from pipeline.model.run import RUNS

WORDS = sorted({word for line in listed("vocabulary.txt") for word in line.split()})


def read(text: str) -> list[tuple[str, str]]:
    return [(text[s.start : s.end], s.right) for s in misspelt(text)]


def test_the_listed_words_are_right_and_long_enough() -> None:
    assert [word for word in WORDS if len(word) < SIZE or read(word)] == []


def test_a_sign_that_sounds_or_looks_alike_is_seen_in_nearly_all_of_them() -> None:
    alike = {sign: group for sign, groups in _groups().items() for group in groups}
    tried = seen = 0
    for word in WORDS:
        other = next((s for s in alike.get(word[1], "").rpartition(" ")[2] if s != word[1]), "")
        slip = word[0] + other + word[2:]
        if other and slip not in WORDS:
            tried += 1
            seen += bool(read(f"，{slip}。"))
    assert tried > 1000
    assert seen > 0.95 * tried


@pytest.mark.parametrize(
    ("text", "words", "right"),
    [
        ("望全体队员再接再励", "再接再励", "再接再厉"),
        ("感谢大家一如继往的支持", "一如继往", "一如既往"),
        ("开展拉网式隐患排察", "隐患排察", "隐患排查"),
        ("及时关注气象预信息", "气象预信息", "气象预警信息"),
        ("落实全安生产措施", "落实全安", "落实安全"),
        ("做到防患于末然", "防患于末", "防患于未"),
        ("压实企业主体主体责任", "主体主体", "主体"),
        ("开展地毯式排查排查", "排查排查", "排查"),
        ("不要不要在河道内游泳", "不要不要", "不要"),
        ("传达了上级文件精，研究部署", "文件精", "文件精神"),
        ("我局深入企业开宣传", "开宣传", "开展宣传"),
        ("请于本月底前前报送", "前前", "前"),
        ("检查的的重点", "的的", "的"),
        ("请到先关部门办理", "先关部门", "相关部门"),
    ],
)
def test_a_slip_is_told_with_what_may_be_meant(text: str, words: str, right: str) -> None:
    assert read(text) == [(words, right)]


@pytest.mark.parametrize(
    "text",
    [
        "各有关方面形成合理机制", "启东应急管理局", "防患于“未燃”", "按部就班",
        "有的有的放矢地整改", "执法人员在在建工地检查", "对对口支援的队伍",
        "警钟常鸣、警钟长鸣", "矿山、安全、生产", "他鞠躬尽瘁四十载",
        "闻到气味先关阀门再开窗", "请先关电再施救", "先关后开",
    ],
)  # fmt: skip
def test_other_words_and_variants_pass(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "words", "right"),
    [
        ("消除隐换，保持警剔", "隐换", "隐患"),
        ("按 顺 续 来", "顺 续", "顺序"),
        ("及时消除隐患患", "患患", "患"),
        ("挽求财产损失约40万元", "挽求", "挽救"),
    ],
)
def test_a_slip_in_a_word_of_two_signs_is_told(text: str, words: str, right: str) -> None:
    assert words in "".join(w for w, _ in read(text)) or right in dict(read(text)).values()


@pytest.mark.parametrize(
    "text",
    [
        "体制理顺之后", "责任任务清单", "市市场监管局", "一看一问\n答复如下", "望岭县制理镇",
        "先审后发", "用灭火器", "防指决定", "天天检查", "前前后后查了三遍", "国庆前前往指定地点",
        "灭火器要要求统一", "他的的确确来过", "即使整改完成，也要复查", "房前前沿公路已封闭",
        "的" * 50, "部" * 50, "做好防雾工作",
    ],
)  # fmt: skip
def test_signs_that_meet_by_chance_are_no_slip(text: str) -> None:
    assert read(text) == []


def test_the_lists_of_signs_are_in_order() -> None:
    words = _two()
    joined = [a + b for a, follow in words.joined.items() for b in follow]
    assert [pair for pair in joined if words.has(pair)] == []
    for name in ("words.txt", "joined.txt", "phrases.txt", "apart.txt"):
        signs = [line.split(" ")[0] for line in listed(name)]
        assert signs == sorted(set(signs))
        assert all(line.split(" ")[1].strip("|") for line in listed(name))


def test_a_text_without_a_point_is_dropped_with_all_that_it_may_mean() -> None:
    """A desk serves for weeks: each look at such a draft held 40 MB for as long."""
    assert read("抓好安全生惨工作")
    at_hand = RUNS[-1].answers[_usual].cache_info
    before = at_hand().currsize
    assert len(read("安全生惨" * 1000)) == 1000
    assert at_hand().currsize == before
