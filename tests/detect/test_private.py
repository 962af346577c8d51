"""Private data: kinds, ways of writing, offsets, what is none, and masks."""

import pytest

from pipeline.detect.folding import Match, fold
from pipeline.detect.private import _MARKER, mask, private_data, shown_match
from tests.corpora.fictional import card, credit, identity, mobile

ID, MOBILE, CARD = identity(3), mobile(6), card(9, 19)


def test_a_mark_of_a_list_is_an_odd_sign_and_its_own_plain_form_or_a_number() -> None:
    """So a text whose fold left every sign in its place holds none."""
    marks = [c for c in map(chr, range(0x3000)) if _MARKER.match(f"{c}1")]
    assert len(marks) > 100
    assert all(not isinstance(fold(mark).origin, range) for mark in marks)
    assert fold("❶").text == "❶"


def found(text: str) -> list[tuple[str, str, bool]]:
    """(kind, the stretch found, certain)"""
    return [(f.kind, text[f.start : f.end], f.certain) for f in private_data(text)]


@pytest.mark.parametrize(
    ("text", "kind", "stretch"),
    [
        (f"身份证号{ID}。", "identity", ID),
        (f"电话{MOBILE}", "mobile", MOBILE),
        (f"卡号{CARD}", "bank-card", CARD),
        ("持护照E00001234", "passport", "E00001234"),
    ],
)
def test_certain_kinds(text: str, kind: str, stretch: str) -> None:
    assert found(text) == [(kind, stretch, True)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("拨打0564-3000123", "landline"),
        ("通行证H00001234", "permit"),
        ("肇事车皖A·0000K", "plate"),
        ("皖AD00001是新能源车", "plate"),
        ("写信到someone@mail.example.com", "email"),
        ("QQ：1000123", "messenger"),
        ("微信号：abc_12345", "messenger"),
        ("柏东村3组12号", "address"),
        ("幸福小区五栋二单元三〇一室", "address"),
        ("死者张小满，男", "name"),
        ("张小满（男，35岁）", "birth"),
        ("出生日期：1980年1月", "birth"),
        ("张小满，女，9岁，走失", "minor"),
        (f"证件号{ID[:14]}****", "weak-mask"),
        ("身份证号340000000101001", "identity-old"),
    ],
)
def test_kinds_that_somebody_has_to_look_at(text: str, kind: str) -> None:
    assert [f[0] for f in found(text)] == [kind]


def test_an_old_identity_number_is_certain_only_where_the_text_says_so() -> None:
    assert found("身份证号340000000101001")[0][2] is True
    assert found("样品340000000101001")[0][2] is False


def test_a_number_that_is_called_an_identity_number_is_one_with_a_wrong_check_sign() -> None:
    wrong = ID[:17] + ("1" if ID[17] != "1" else "2")
    assert found(f"身份证号{wrong}") == [("identity", wrong, True)]
    assert found(f"登记如下：{wrong}") == [("identity", wrong, False)]


@pytest.mark.parametrize("part", ["", " ", "-", "\u200b", "·", "\u3000", "\ufeff", "\u2060"])
def test_separators_and_signs_without_width_hide_nothing(part: str) -> None:
    text = f"证件{part.join(ID)}（本人）"
    [(kind, stretch, certain)] = found(text)
    assert (kind, stretch, certain) == ("identity", part.join(ID), True)


@pytest.mark.parametrize(
    "digits",
    [
        "０１２３４５６７８９",
        "零一二三四五六七八九",
        "〇壹贰叁肆伍陆柒捌玖",
        "⓪①②③④⑤⑥⑦⑧⑨",
        "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗",
    ],
)
def test_other_digits_hide_nothing(digits: str) -> None:
    written = MOBILE.translate({ord(str(n)): d for n, d in enumerate(digits)})
    assert found(f"请打{written}找我") == [("mobile", written, True)]


def test_offsets_point_into_the_text_as_given() -> None:
    text = f"\u200b扫\u200b码\ufeff１２３，㊣联系{MOBILE}；①"
    [f] = private_data(text)
    assert text[f.start : f.end] == MOBILE


@pytest.mark.parametrize(
    "text",
    [
        "119 110 120 12345 12350 95598 400-820-0000", "138****0000", f"{ID[:4]}**********{ID[-4:]}",
        f"统一社会信用代码{credit(1)}", f"统一社会信用代码{credit(3)}", f"投资{MOBILE}元",
        "2026-11-03T09:30:00+08:00", "云应急〔2026〕12号", "0" * 64, "a" + MOBILE + "f",
        f"参数0.{MOBILE}", "死者家属情绪稳定。", "伤者张某已送医", "患者李明（化名）说",
        "微信公众号：yunlan-yingji", "市政务服务中心3号楼201室", "",
    ],
)  # fmt: skip
def test_what_is_not_private(text: str) -> None:
    assert found(text) == []


def test_a_part_of_a_longer_number_is_none() -> None:
    assert not [f for f in found(f"9{MOBILE}00000000") if f[0] == "mobile"]
    assert [f[0] for f in found(f"{MOBILE} {mobile(8)}")] == ["mobile", "mobile"]


def test_a_number_in_an_address_is_certain_only_behind_tel() -> None:
    assert found(f"https://www.example.cn/a/{MOBILE}.html")[0][2] is False
    assert found(f"[拨打](tel:{MOBILE})")[0][2] is True


def test_a_serial_number_that_looks_like_a_mobile_is_none_unless_it_is_called() -> None:
    assert found(f"订单编号{MOBILE}") == []
    assert found(f"工单编号，联系电话{MOBILE}") == [("mobile", MOBILE, True)]


def test_shown_never_holds_more_than_five_signs() -> None:
    text = f"{ID} {MOBILE} 死者张小满，微信号：abc_12345"
    for f in private_data(text):
        value = text[f.start : f.end]
        assert value not in shown_match(f, text)
        assert sum(c != "*" for c in shown_match(f, text)) <= 5


def test_mask_reaches_every_way_of_writing() -> None:
    spoken = MOBILE.translate(str.maketrans("0123456789", "零一二三四五六七八九"))
    line = mask(f"{ID}，{' '.join(MOBILE)}，{spoken}，{CARD}，E00001234护照")
    for value in (ID, MOBILE, spoken, CARD, "E00001234", " ".join(MOBILE)):
        assert value not in line
    assert mask("预警11月3日8时，拨打12345") == "预警11月3日8时，拨打12345"
    assert mask(mask(line)) == mask(line)


def test_found_is_a_place_and_no_value() -> None:
    assert set(vars(Match("mobile", 1, 2, True))) == {"kind", "start", "end", "certain"}


def test_long_runs_of_digits_end_in_time() -> None:
    assert private_data("1 " * 50_000) == ()
    assert private_data("3400001900" * 5_000 + "*" * 9) == ()
    assert private_data("幸福小区5栋" * 5_000) == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("经抢救，郁三省、佟小兵二人因中毒死亡。", "郁三省"),
        ("失踪渔民公孙胜仍在搜救中。", "公孙胜"),
        ("| 姓名 | 伤情 |\n|---|---|\n| 左知远 | 重伤 |", "左知远"), ("1. 死亡：冉秋白", "冉秋白"),
        ("队员臧海楼落水，至今没有消息。", "臧海楼"), ("溺水儿童谷小满今年9岁", "谷小满"),
        ("又有一名伤员去世。她叫晏慧，是质检员。", "晏慧"), ("遇难者尤国栋的家属已到。", "尤国栋"),
        ("消防员宗牧野同志在扑火中牺牲。", "宗牧野"), ("牧民顿珠·嘎玛被埋。", "顿珠"),
        ("失联的是：茹振业、佘有根二人。", "佘有根"),
    ],
)  # fmt: skip
def test_names_of_those_who_suffer_with_any_surname(text: str, name: str) -> None:
    marked = [text[m.start : m.end] for m in private_data(text) if m.kind in ("name", "minor")]
    assert any(words.startswith(name) for words in marked)


@pytest.mark.parametrize(
    "text",
    [
        "经调查，事故造成3人死亡。", "患者应当及时就医。", "副县长茅小川看望慰问遇难者家属。",
        "尤其是溺水事故。",
        "死者郑某某，男，45岁。", "联系人：阳牧之，负责伤亡信息统计。", "明火，造成两人烧伤。",
        "荣砥柱，公司总经理，对死亡事故负有责任。", "班长邱铁军下井，把被困的孩子托举上来。",
        "山洪、井盖伤人，关火、盖锅盖。", "伤者送仁济医院、康宁医院。", "（文/简书白）无人伤亡。",
    ],
)  # fmt: skip
def test_no_name_of_officials_and_no_other_word(text: str) -> None:
    assert [text[m.start : m.end] for m in private_data(text) if m.kind == "name"] == []


@pytest.mark.parametrize(
    "text",
    [
        "住址：云溪县石桥乡大湾村第七村民组", "户籍地：柳林镇前进村三社",
        "马某家在第二化肥厂家属院5号楼三楼东户",
        "| 姓名 | 家庭住址 |\n|---|---|\n| 何某 | 七里镇下畈村塘埂组 |",
        "中奖地址核对：张某，锦绣花园12-3-602",
        "报警来自民主街46号院1号楼东门501。", "水岸帝景，九号楼，二单元，一八零二",
        "脱贫户，家庭住址弄怀村那良屯。",
        "周老师（住教师新村2排4号）", "居民钱某家中（阳光城二期22栋304）",
    ],
)  # fmt: skip
def test_homes_in_villages_and_buildings(text: str) -> None:
    assert [m.kind for m in private_data(text)] == ["address"]


@pytest.mark.parametrize(
    "text",
    [
        "考试地点：职业技术学院3号教学楼201教室", "住所：经开区纬三路88号", "请入住迎宾馆2号楼",
        "住院部3号楼断电", "入户走访15组、16组住户", "派出所（河湾路3号）户籍窗口：河湾路3号",
        "推演：某小区12号楼801室起火",
        "登记家庭住址、联系电话等信息", "工作组、专家组已到居住地。",
        "清水巷社区居委会（清水巷30号）",
    ],
)  # fmt: skip
def test_public_places_are_no_homes(text: str) -> None:
    assert [text[m.start : m.end] for m in private_data(text) if m.kind == "address"] == []
