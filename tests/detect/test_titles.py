"""Titles against their texts: what is borne out, however it is written, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.titles import missing_claims
from tests.detect.test_numbers import chinese

SAID = (
    "共转移群众{n}人。",
    "转移 **{n}** 名群众，出动车辆7台。",
    "此次转移{n}余人。",
    "| 乡镇 | 转移人数（人） |\n|---|---|\n| 合计 | {n} |",
    "转移人员：{n} 人",
)
"""Ways in which a text gives the number of a title."""


@given(st.integers(100, 9999), st.integers(100, 9999), st.sampled_from(SAID), st.data())
def test_a_number_is_borne_out_by_its_own_value_alone(
    n: int, other: int, said: str, data: st.DataObject
) -> None:
    written = [str(other), f"{other:,}", chinese(other)]
    wide = "".join(chr(ord(c) + 0xFEE0) for c in str(other))
    body = said.format(n=data.draw(st.sampled_from([*written, wide])))
    title = f"云岚市转移群众{data.draw(st.sampled_from([str(n), chinese(n)]))}人"
    near = "余" in said and abs(n - other) <= other / 10
    if n == other or not near:
        assert bool(missing_claims(title, body)) == (n != other)


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("转移群众12000人", "共转移1.2万人。"),
        ("转移群众1.2万人", "共转移群众一万二千人？不，12,000人。"),
        ("三人受伤", "3名工人受伤。"),
        ("整改率98.5%", "整改率达百分之九十八点五。"),
        ("2026年第5号台风", "请防范。"),
        ("五条措施", "一是检修。"),
        ("119消防日", "今日启动。"),
        ("一起学急救", "按压。"),
        ("11月9日活动", "在广场。"),
        ("无数字标题", ""),
        ("转移群众1.2万人", "共转移12035人。"),
        ("近千人参加演练", "980余人参加。"),
        ("六个县(区)启动检查", "岚城区、青峪县等六县区启动，青峪县、望岭县、石壑县三个县先行。"),
        ("六个县（区）启动检查", "四个县、两个区启动检查。"),
        ("过火面积20公顷", "约300亩。"),
        ("8人伤亡", "3人死亡、5人受伤。"),
        ("第35届科技周开幕", "第三十五届科技活动周开幕。"),
        ("整改率达95%以上", "整改率为95.3%。"),
        ("启动防汛Ⅲ级应急响应", "启动防汛三级应急响应，阵风7级。"),
        ("6·16咨询日", "6月16日上午。"),
        ("9时启动应急响应", "21时启动应急响应"),
        ("11月9日演练", "9日上午，演练举行，11月1日报名"),
        ("12345热线答疑", "拨打12350"),
        ("119消防月", "拨打110"),
        ("24小时值守", "2小时内报告"),
        ("9日起停水", "请于3日内储水。"),
        ("解除暴雨红色预警", "今天发布的暴雨红色预警解除，此前橙色预警同时解除。"),
    ],
)
def test_titles_borne_out(title: str, body: str) -> None:
    assert missing_claims(title, body) == ()


@pytest.mark.parametrize(
    ("title", "body", "words"),
    [
        ("转移群众1200人", "共转移120人。", "1200人"),
        ("转移群众120人", "共转移130人，出动车辆12台。", "120人"),
        ("火灾致三人受伤", "两人受伤。", "三人"),
        ("一民房起火致3人遇难", "2人死亡、1人受伤。", "3人"),
        ("投入80万元", "投入800万元。", "80万元"),
        ("下拨1.5亿元", "下拨1.05亿元。", "1.5亿元"),
        ("全市转移１２０人", "共转移130人。", "１２０人"),
        ("7个乡镇启用", "| 乡镇 | 日期 |\n|---|---|\n| 河口镇等5个乡镇 | 4月1日 |", "7个乡"),
        ("第7期培训班", "第八期培训班开班。", "7期"),
        ("3.2级地震", "2.3级地震。", "3.2级"),
        ("启动Ⅲ级应急响应", "启动四级应急响应。", "Ⅲ级"),
        ("85岁老人获救", "58岁的村民。", "85岁"),
        ("12项措施助企", "出台15项措施。", "12项"),
        ("11月12日停水通知", "定于11月13日8时停水。", "11月12日"),
        ("7月8日至10日停水", "7月8日22时至7月11日6时停水。", "10日"),
        ("演练下午3点开始", "于16:00开始。", "3点"),
        ("12350热线开通", "请拨打12530。", "12350"),
        ("云应急〔2026〕12号解读", "云应急〔2026〕21号", "2026〕12号"),
        ("发布暴雨红色预警", "发布暴雨橙色预警。", "红色"),
        ("六个县(区)启动检查", "五个县区启动检查。", "六个县"),
        ("六个县启动检查", "五个县启动检查。", "六个县"),
    ],
)
def test_titles_not_borne_out(title: str, body: str, words: str) -> None:
    [(start, end)] = missing_claims(title, body)
    assert title[start:end] == words


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("启动防汛Ⅱ级应急响应", "决定启动防汛Ⅲ级应急响应。"),
        ("山体滑坡造成2死4伤", "目前已确认3人遇难，4人受伤送医。"),
        ("安全用电三条提示", "一、不私拉电线\n二、定期检查"),
        ("死亡人数下降两成", "死亡人数同比下降35%。"),
        ("发生一起较大事故", "该起事故为一般事故，造成1人死亡。"),
    ],
)
def test_titles_belied_in_other_words(title: str, body: str) -> None:
    assert missing_claims(title, body)


@pytest.mark.parametrize(
    ("title", "body", "same"),
    [
        ("明天15时30分试鸣", "明天下午3时30分试鸣。", True),
        ("今晚8点半直播", "直播时间：20:30。", True),
        ("21时15分鸣笛", "届时即晚上九时十五分。", True),
        ("3时集合", "下午3时集合。", True),
        ("晚上12时封路", "自24时起封路。", True),
        ("明天15时30分试鸣", "明天上午3时30分试鸣。", False),
        ("晚上8时直播", "直播将于上午8时开始。", False),
        ("15时30分试鸣", "下午3时开始试鸣。", False),
    ],
)
def test_an_hour_is_one_of_either_half_of_the_day(title: str, body: str, same: bool) -> None:
    assert (missing_claims(title, body) == ()) is same


@pytest.mark.parametrize(
    ("title", "body", "borne_out"),
    [
        ("转移上千名群众", "全县累计转移群众316人。", False),
        ("转移上千名群众", "全县累计转移群众1126人。", True),
        ("转移上千名群众", "镇东转移群众620人，镇西转移群众512人。", True),
        ("数百户居民停电", "停电影响居民612户。", True),
        ("数百户居民停电", "停电影响居民130户。", False),
        ("数十人获救", "共救出群众47人。", True),
        ("家庭防火六步法", "第一步关火源，第二步断电源，第三步清阳台。", False),
        ("家庭防火三步法", "第一步关火源，第二步断电源，第三步清阳台。", True),
    ],
)
def test_vague_numbers_and_steps(title: str, body: str, borne_out: bool) -> None:
    assert (missing_claims(title, body) == ()) is borne_out


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("事故造成3人死亡", "当场死亡2人，1人经抢救无效死亡。"),
        ("下拨资金500万元", "下拨救灾资金伍佰万元整。"),
        ("安全用电三条提示", "一、不私拉电线\n二、定期检查\n三、人走断电"),
    ],
)
def test_titles_borne_out_in_other_words(title: str, body: str) -> None:
    assert missing_claims(title, body) == ()


@pytest.mark.parametrize(
    ("title", "body", "wrong"),
    [
        ("启动防汛Ⅲ级应急响应", "将防汛应急响应由Ⅳ级提升至Ⅱ级。", "Ⅲ级"),
        ("第二批抽查结果公布", "现发布第一批抽查结果。", "二批"),
        ("居家安全五提醒", "用火用电：一、离家关火；二、不乱拉线；三、定期检查。", "五"),
        ("7月份情况通报", "现将6月份有关情况通报如下。", "7月份"),
        ("共立案21起", "| 县区 | 立案（起） |\n|---|---|\n| 云麓区 | 9 |\n| 望岭县 | 6 |", "21起"),
    ],
)
def test_lists_months_batches_and_columns_are_counted(title: str, body: str, wrong: str) -> None:
    assert wrong in [title[start:end] for start, end in missing_claims(title, body)]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("共立案15起", "| 县区 | 立案（起） |\n|---|---|\n| 云麓区 | 9 |\n| 望岭县 | 6 |"),
        ("罚款1500余万元", "罚款1583万元。"),
        ("通报典型案例5起", "通报了5起典型案例。"),
        ("7月份情况通报", "现将7月份情况通报如下，6月份数据同步修订。"),
        ("1人被刑拘", "赵某已被刑事拘留，另有2人被行政处罚。"),
    ],
)
def test_what_agrees_in_another_form_passes(title: str, body: str) -> None:
    assert missing_claims(title, body) == ()
