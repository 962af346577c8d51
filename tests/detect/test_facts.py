"""Dates, document numbers and accidents: offsets, edges and what must not be found."""

from datetime import date
from decimal import Decimal
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect import facts
from pipeline.detect.facts import WEEKDAYS, class_of, wrong_classes, wrong_dates
from pipeline.detect.typography import wrong_document_numbers
from tests.builders.named import worded

NEAR = date(2026, 11, 22)


DAYS = (
    "定于{y}年{m}月{d}日（星期{w}）举行",
    "**{y}年{m}月{d}日**（周{w}）",
    "{y}年{m}月{d}日，星期{w}，会期半天",
    "{y} 年 {m} 月 {d} 日【礼拜{w}】",
    "{y}-{m:02}-{d:02} 周{w}",
    "{y}年{m}月{d}日是星期{w}",
    "星期{w}（{y}年{m}月{d}日）",
    "| 日期 | 星期 | 事项 |\n|---|---|---|\n| {y}年{m}月{d}日 | {w} | 值班 |",
    "| {y}年{m}月{d}日 | 周{w} |",
)
"""Ways to write a day beside its weekday."""


@given(st.dates(date(2020, 1, 1), date(2033, 12, 31)), st.integers(0, 6), st.sampled_from(DAYS))
def test_a_weekday_is_wrong_unless_it_is_that_of_its_date(day: date, week: int, form: str) -> None:
    text = form.format(y=day.year, m=day.month, d=day.day, w=WEEKDAYS[week])
    found = wrong_dates(text, NEAR)
    assert bool(found) == (week != day.weekday())
    assert all(f.meant == day and f.right == WEEKDAYS[day.weekday()] for f in found)


def test_two_wrong_weekdays_of_one_stretch_come_in_the_order_of_the_text() -> None:
    for month in range(1, 13):  # a set would give each of them in an order of its own
        first = date(2026, month, 7).weekday()
        signs = WEEKDAYS[first - 1], WEEKDAYS[first - 2]
        text = f"{month}月7日至9日（周{signs[0]}至周{signs[1]}）"
        assert tuple(wrong.stated for wrong in wrong_dates(text, NEAR)) == signs


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("11月22日至24日（周日至周三）", "二"),
        ("11月22日—24日，星期一至星期二", "日"),
        ("11/22（周一）", "日"),
        ("11.22 星期一", "日"),
    ],
)
def test_weekdays_of_stretches_and_short_dates(text: str, right: str) -> None:
    assert [wrong.right for wrong in wrong_dates(text, NEAR)] == [right]


@pytest.mark.parametrize(
    "text", ["11月22日至24日（周日至周二）", "11/22（周日）", "3.5 周一至周五"]
)
def test_right_weekdays_of_stretches_and_short_dates(text: str) -> None:
    assert wrong_dates(text, NEAR) == ()


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("关于2025年度安全生产责任制考核的通知\n请于1月20日（星期{}）前报送", "二"),
        ("按照2025年工作安排，我局1月20日（星期{}）召开会议", "二"),
        ("2025年全市火灾下降，1月12日（星期{}）市应急局通报", "一"),
        ("2025年放假安排通知\n10月1日（星期{}）放假", "三"),
    ],
)
def test_a_year_that_is_told_leaves_the_days_around_now(text: str, right: str) -> None:
    near = date(2026, 1, 14)
    assert wrong_dates(text.format(right), near) == ()
    assert len(wrong_dates(text.format("六"), near)) == 1


def test_a_year_above_ten_thousand_days_is_looked_up_once() -> None:
    begun = process_time()
    assert not wrong_dates("2026年安排\n" + "3月5日（星期四）值班\n" * 10_000, date(2026, 3, 1))
    assert process_time() - begun < 10, "it was read from the year to each day: 40 s"


def test_a_date_in_chinese_numerals_has_its_weekday() -> None:
    [wrong] = wrong_dates("十一月二十二日（星期一）", NEAR)
    assert (wrong.meant, wrong.right) == (NEAR, "日")
    assert wrong_dates("十一月二十二日（星期日）、农历十月三十二日", NEAR) == ()


@pytest.mark.parametrize(
    "text", ["11月22日，周一至周五开放", "11月22日，周一闭馆", "11月22日、周六、周一值班"]
)
def test_a_weekday_of_something_else_is_not_the_dates(text: str) -> None:
    assert wrong_dates(text, NEAR) == ()


@pytest.mark.parametrize(
    ("text", "near", "meant"),
    [
        ("1月3日（周一）", date(2026, 12, 30), date(2027, 1, 3)),
        ("12月30日（周一）", date(2027, 1, 3), date(2026, 12, 30)),
        ("2月29日（周一）", date(2027, 6, 1), date(2028, 2, 29)),
        ("11月22日 星期一", NEAR, NEAR),
        ("2026-11-22(周一)", NEAR, NEAR),
    ],
)
def test_the_year_left_out_is_the_nearest(text: str, near: date, meant: date) -> None:
    [wrong] = wrong_dates(text, near)
    assert wrong.meant == meant


@pytest.mark.parametrize(
    ("text", "near", "wrong"),
    [
        ("今年3月5日（星期四）", date(2026, 11, 30), False),
        ("今年3月5日（星期五）", date(2026, 11, 30), True),
        ("将于3月5日（星期四）", date(2026, 11, 30), True),
        ("今年1月5日（星期一）", date(2026, 11, 30), False),
    ],
)
def test_this_year_is_that_of_the_post(text: str, near: date, wrong: bool) -> None:
    assert bool(wrong_dates(text, near)) == wrong


def test_sunday_has_two_names_and_a_range_two_weekdays() -> None:
    assert wrong_dates("11月22日（星期天）、11月22日（周日）", NEAR) == ()
    [wrong] = wrong_dates("11月21日（周六）至22日（周一）", NEAR)
    assert (wrong.stated, wrong.right) == ("一", "日")


@pytest.mark.parametrize("text", ["2月30日", "13月1日", "2027年2月29日", "2026.02.30", "4月31日"])
def test_dates_that_are_none(text: str) -> None:
    [wrong] = wrong_dates(f"于{text}举行", NEAR)
    assert (wrong.meant, f"于{text}举行"[wrong.start : wrong.end]) == (None, text)


@pytest.mark.parametrize(
    "text",
    ["农历2月30日", "2028年2月29日", "12031年1月40日", "1.2.3", "117.28-31.86", "11月每周一"],
)
def test_no_date_is_found(text: str) -> None:
    assert wrong_dates(text, NEAR) == ()


FORM = worded("year-not-bracketed")


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("国办发[2018]123号", FORM),
        ("国办发（2018）123号", FORM),
        ("国办发〔2018）123号", FORM),
        ("国办发〔18〕123号", worded("year-misformed")),
        (
            "国办发〔2018年〕123号",
            worded("year-misformed"),
        ),
        ("国办发〔2018〕第123号", worded("serial-prefixed")),
        ("国办发〔2018〕012号", worded("serial-zero-first")),
        ("国办发〔2018〕no.12", worded("serial-prefixed")),
        ("国办发《2018》12号", FORM),
        ("国办发〔2018 12号", FORM),
        ("国办发2018年12号", FORM),
        ("国办发\\[2018\\]12号", FORM),
        ("国办发〔2018〕12期", worded("number-ending")),
        ("国办发 〔2018〕12号", worded("number-with-space")),
    ],
)
def test_document_numbers(number: str, why: str) -> None:
    text = f"依据《通知》（{number}），办理"
    [wrong] = wrong_document_numbers(text)
    assert str(wrong.why) == why
    assert text[wrong.start : wrong.end].strip("\\") == number[number.index("发") + 1 :].strip(
        " \\"
    )


@pytest.mark.parametrize("issuer", ["建质", "安监总管三", "黔应急信", "财企", "云消"])
def test_an_issuer_needs_no_list_of_issuers(issuer: str) -> None:
    [wrong] = wrong_document_numbers(f"根据{issuer}（2026）7号")
    assert str(wrong.why) == FORM
    assert wrong_document_numbers(f"根据{issuer}〔2026〕7号") == ()


@pytest.mark.parametrize(
    "text",
    [
        "国办发〔2018〕123号",
        "（2023）皖15民终12号",
        "青水检（2026）5号楼",
        "应急管理部令第11号",
        "安全函授班[2026]3班",
        "应急管理部公告2026年第3号",
        "印发2026年1号文件",
        "皖安许证字（2026）12号",
    ],
)
def test_no_wrong_document_number(text: str) -> None:
    assert wrong_document_numbers(text) == ()


@pytest.mark.parametrize(
    ("deaths", "injuries", "loss", "reached"),
    [
        (2, 9, Decimal(9_999_999), "一般"),
        (3, 0, 0, "较大"),
        (0, 10, 0, "较大"),
        (0, 0, 10_000_000, "较大"),
        (9, 49, 49_999_999, "较大"),
        (10, 0, 0, "重大"),
        (0, 50, 0, "重大"),
        (0, 0, 50_000_000, "重大"),
        (29, 99, 99_999_999, "重大"),
        (30, 0, 0, "特别重大"),
        (0, 100, 0, "特别重大"),
        (0, 0, 100_000_000, "特别重大"),
    ],
)
def test_limits_of_the_classes(deaths: int, injuries: int, loss: int, reached: str) -> None:
    assert class_of(deaths, injuries, loss) == reached


def test_a_class_against_figures_of_other_paragraphs() -> None:
    text = "事故造成3人死亡。\n\n现场已封控。\n\n经认定为一般生产安全责任事故。"
    [wrong] = wrong_classes(text)
    assert (wrong.stated, wrong.figures, wrong.certain) == ("一般", "较大", True)
    assert text[wrong.start : wrong.end] == "一般生产安全责任事故"
    [low] = wrong_classes("造成1人死亡，属重大事故。")
    assert low.certain is False


@pytest.mark.parametrize(
    "text",
    [
        "6名失联人员均已无生命体征。此次一般事故善后正在进行。",
        "直接损失1000万元，认定为一般事故。",
        "| 事故 | 死亡 | 等级 |\n|---|---|---|\n| 爆燃 | 7人 | 一般事故 |",
        "通报两起较大事故：一是死亡3人；二是死亡1人，均为较大事故。",
        "遇难者**18**名，这起特别重大事故教训惨痛。",
        "致3死5伤，为一般道路交通亡人事故。",
    ],
)
def test_figures_are_read_however_they_are_set(text: str) -> None:
    assert len(wrong_classes(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "较大事故。",
        "一般事故造成2人死亡，参照较大事故提级调查。",
        "| 死亡 | 等级 |\n|---|---|\n| 1人 | 一般事故 |\n| 4人 | 较大事故 |",
        "二季度4人死亡，一般事故时有发生。",
        "造成3人死亡。",
        "造成3人以上死亡的，为较大事故。造成10人以上死亡的，为重大事故。",
        "造成3人死亡。坚决防范重大事故。",
        "造成1人死亡，1人重伤，直接经济损失300万元，为一般事故。",
        "较大事故2起，死亡20人。",
    ],
)
def test_no_wrong_class(text: str) -> None:
    assert wrong_classes(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "该起坍塌事故死亡2人，等级：较大",
        "搜救结束，遇难人数增至10人，事故等级为较大。",
        "3名工人中毒窒息，经抢救无效全部死亡，调查组认定为一般事故。",
        "现场2人当场死亡，另有2人送医后死亡，该事故属一般生产安全事故。",
        "事故共夺去9条生命，属于重大生产安全事故",
        "| 类型 | 死亡 | 等级 |\n|---|---|---|\n| 火灾 | 4 | 一般 |\n| 坍塌 | 1 | 一般 |",
    ],
)
def test_classes_and_deaths_as_clerks_write_them(text: str) -> None:
    assert wrong_classes(text)


def test_an_inquiry_may_be_held_at_a_higher_class() -> None:
    assert wrong_classes("该起事故1人死亡，按较大事故成立了调查组。") == ()
    assert wrong_classes("全市一般事故21起，死亡18人；未发生较大及以上事故。") == ()


@pytest.mark.parametrize(
    "text",
    [
        "12月9日上午（星期{}）集合", "12月9日17时（周{}）前反馈", "12月9日（农历十一月初一，周{}）",
        "12月9日，也就是下周{}，开始报名", "周{}，12月9日，9时",
        "| 日期 | 星期 | 值班 |\n|---|---|---|\n| 12月9日 | 星期{} | 张主任 |",
    ],
)  # fmt: skip
def test_a_weekday_apart_from_its_date(text: str) -> None:
    near = date(2026, 11, 28)
    assert wrong_dates(text.format("三"), near) == ()
    assert len({w.right for w in wrong_dates(text.format("五"), near)}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "湘安办〖2025〗101号", "粤应急〔二〇二六〕11号", "青应急2026〔12〕号", "〔2026〕青应急12号",
        "青应急2026年12号文", "青应急2026 12号", "青应急〔2026〕十二号",
    ],
)  # fmt: skip
def test_document_numbers_in_another_order_or_script(text: str) -> None:
    assert wrong_document_numbers(text)


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("2026年12月15日那天刚好是星期六", "六"),
        ("2026年12月4日（国家宪法日），星期四，集中宣誓", "四"),
        ("2027年国庆节（10月1日）恰逢星期三", "三"),
        ("2026年12月9日（Thu）停电检修", "四"),
        ("请于 2 0 2 6 年 1 1 月 9 日 （ 周 六 ） 前报送", "六"),
        ("2026－12－18（星期四）前反馈", "四"),
        ("适用于2024年。试鸣时间为9月18日（星期日）", "日"),
    ],
)
def test_a_weekday_is_read_in_many_ways(text: str, stated: str) -> None:
    assert [wrong.stated for wrong in wrong_dates(text, NEAR)] == [stated]


@pytest.mark.parametrize(
    "text",
    [
        "2024年全国消防日系列活动：11月9日（星期六）现场体验",
        "2025年总结：3月5日（星期三）召开动员会",
        "12月1日印发的通知要求，周五前报送",
        "从2026年12月1日起，每星期三开放",
        "2026年12月9日（Wed）停电检修",
        "2026年12月4日（国家宪法日），星期五，集中宣誓",
    ],
)
def test_a_named_year_and_what_is_no_weekday_of_the_day(text: str) -> None:
    assert wrong_dates(text, NEAR) == ()


def test_a_class_said_over_and_over_has_its_sentence_read_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = []
    figures = facts._class_by_figures
    monkeypatch.setattr(facts, "_class_by_figures", lambda t: read.append(len(t)) or figures(t))
    text = "较大事故，" * 300 + "造成1人死亡"
    assert {wrong.figures for wrong in wrong_classes(text)} == {"一般"}
    assert sum(read) < 4 * len(text)


@pytest.mark.parametrize(
    "text",
    [
        "31名矿工没有走出井口，定为重大事故。",
        "一家四口全部遇难，事故级别为一般。",
        "现场找到5具遗体，事故等级：一般。",
        "共3人离世，按一般事故结案。",
        "现场2人当场死亡；昨日，1名重伤员经抢救无效死亡。该起一般事故的善后正有序开展。",
        "先后有55名工人被诊断为重伤，事故被定为较大等级。",
    ],
)
def test_deaths_and_classes_in_other_words(text: str) -> None:
    assert len(wrong_classes(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "共3人死亡，其中1名重伤员经抢救无效死亡，为较大事故。",
        "该路段三年间累计死亡12人，多为一般事故。",
        "直接经济损失经核算为1000万元，造成1人死亡，认定为较大事故。",
    ],
)
def test_deaths_and_classes_that_agree(text: str) -> None:
    assert wrong_classes(text) == ()
