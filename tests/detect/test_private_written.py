"""Private numbers as people really write them, and numbers of daily life that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.private import private_data
from tests.corpora.fictional import identity, mobile

M, N, ID = mobile(0), mobile(6), identity(3)
MOBILES = (
    f"{M}转8001", f"电话：{M}/{N}", f"手机（{M}）", f"Tel{M}", f"WeChat:{M}", "138001３8000",
    "138 0013 8000,", "138.0013.8000", f"(+86){M}", "８６－１３８００１３８０００",
    "138－0013－8000", "138—0013—8000", "138_0013_8000", "138\u00ad0013\u00ad8000",
    "壹叁捌零零壹叁捌零零零", "幺三八零零幺三八零零零", "138零零138零零零", "13800 138000",
    "138 00138000", "1380013 8000", "138\u20110013\u20118000", f"{M}🙂", f"\n{M}\n", f"|{M}|",
    f"QQ/微信同号{M}", f"某先生{M}，某女士{N}", f"联系人电话号码{M}.", f"报名编号3，电话{M}",
    f"发送短信至{M}即可", f"第1项：{M}", f"{M}-{N}", f"①{M}", f"1.{M}", f"> 12.{M}", f"1、{M}",
    f"tel: {M};ext=1",
)  # fmt: skip
IDENTITIES = (
    f"身份证{ID}住址", f"{ID[:-1]}Х", f"{ID[:6]} {ID[6:10]} {ID[10:14]} {ID[14:]}", f"ID:{ID}",
    f"{ID},{ID}", f"姓名某{ID}性别女", f"{M} {ID}", f"{ID} {M}", f"1.{ID}", f"（{ID}）",
    f"{ID[:3]} {ID[3:6]} {ID[6:]}", f"{ID[:17]} {ID[17:]}", f"②{ID}",
)  # fmt: skip
NEITHER = (
    "2026-11-03 13:00-15:00 8000人", "样本 138 139 140 141 142", "增长13.8%，13.9%，14.00%",
    "电话预约时间13:00-14:00", "12345678901", "10086 10010 10000",
    "编号：云应急许〔2026〕13800138号", "水位1380.01米、3800.0立方米", "138-0013", "13800138.00",
    "IP 138.0.138.0", "138,001,380,00", "N31°44′05″ E116°29′01″", "5 6 7 8 9 10 11 12 13 14 15",
    "GB/T 35273—2020、GB/T 45574—2025", "1900-01-01至1999-12-31", "一二三四五六七八九十",
    "2025－2026年度第1380013800次", "13时8分，00时13分，8时", "1月3日8时0分至1月3日8时0分",
)  # fmt: skip


@pytest.mark.parametrize("text", MOBILES)
def test_mobiles(text: str) -> None:
    assert ("mobile", True) in [(f.kind, f.certain) for f in private_data(text)]


@pytest.mark.parametrize("label", ["目击者某先生：\n", "电话\n", "举报人："])
def test_a_mobile_parted_by_ends_of_lines(label: str) -> None:
    for number in (f"{N[:4]}\n{N[4:7]}\n{N[7:]}", f"{N[:3]}\n\n{N[3:7]}\n\n{N[7:]}"):
        [match] = private_data(label + number)
        assert (match.kind, match.end - match.start) == ("mobile", len(number))
        assert private_data(f"统计：\n{number}") == ()
        assert private_data(f"{label}{number}\n2201") == ()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("起火车辆（浙BF2M085）", ["plate"]),
        ("沪AGF5678轿车", ["plate"]),
        ("型号浙BF2M为新产品", []),
        ("同事出国填表请照此格式：e00000374", ["permit"]),
        ("出国培训项目编号e00000374", []),
        ("对位于城南大道203号的某零售店处以罚款。", []),
        ("对青石巷9号3栋102室的某足浴店进行检查", []),
        ("青石巷9号3栋102室的某住户私存烟花", ["address"]),
        ("家住青石巷9号3栋102室的某店员工", ["address"]),
    ],
)
def test_plates_documents_and_doors(text: str, kinds: list[str]) -> None:
    assert sorted({m.kind for m in private_data(text)}) == kinds


@pytest.mark.parametrize("text", IDENTITIES)
def test_identity_numbers(text: str) -> None:
    assert ("identity", True) in [(f.kind, f.certain) for f in private_data(text)]


@pytest.mark.parametrize("text", NEITHER)
def test_numbers_of_daily_life(text: str) -> None:
    assert private_data(text) == ()


def test_grouped_by_thousands_is_not_certain() -> None:
    [found] = private_data("13 800 138 000")
    assert not found.certain


FRAMES = (
    "{label}：{value}。",
    "（{label} {value}）",
    "- **{label}**：**{value}**",
    "{label}为`{value}`，已核对",
    "| {label} | {value} |\n|---|---|\n| 备注 | 无 |",
    "| 序号 | 姓名 | {label} |\n|---|---|---|\n| 1 | 某某 | {value} |",
    "姓名\t{label}\n某某\t{value}\n",
)
"""Where a value stands: a sentence, brackets, marks, and three kinds of table."""
VALUES = {
    ("identity", "身份证号"): (
        [*identity(5)],
        (6, 14),
    ),
    ("mobile", "手机"): ([*N], (3, 7)),
    ("passport", "护照号"): ([*"E00000131"], (1, 5)),
    ("plate", "车牌号"): ([*"皖Y00421"], (1, 2, 4)),
}
"""Kind and label → the signs, and where clerks part them."""


@given(
    st.sampled_from(FRAMES),
    st.sampled_from(sorted(VALUES)),
    st.sampled_from(" -·\u3000"),
    st.data(),
)
def test_a_labelled_value_is_found_however_it_is_set(
    frame: str, kind: tuple[str, str], part: str, data: st.DataObject
) -> None:
    signs, cuts = VALUES[kind]
    parted = data.draw(st.sets(st.sampled_from(cuts)))
    wide = data.draw(st.booleans())
    spelt = "".join(chr(ord(c) + 0xFEE0) if wide and c.isascii() else c for c in signs)
    value = "".join(part * (n in parted) + c for n, c in enumerate(spelt))
    text = frame.format(label=kind[1], value=value)
    assert (kind[0], value) in [(m.kind, text[m.start : m.end]) for m in private_data(text)]


@pytest.mark.parametrize(
    ("text", "kind", "certain"),
    [
        (f"身份证号：{ID[:-1]}{'1' if ID[-1] == '0' else '0'}", "identity", True),
        (f"身份证号：{ID[:8]}O{ID[9:]}", "identity", False),
        (f"身份证号：{ID}0", "identity", False),
        (f"手机 {M}0", "mobile", False),
        (f"手机号：{M[:-1]}，请核对", "mobile", False),
        ("公务护照：SE0000137", "passport", True),
        ("台湾居民来往大陆通行证号00000141", "permit", False),
        ("普通护照一本，有效期至2035年，号码E00000131。", "passport", True),
        ("游客（E00000132，护照）已转移", "passport", True),
        ("护照号000000133", "passport", False),
        ("外国人永久居留证：USA000000000001", "permit", False),
        (f"学籍号G{ID}", "identity", True),
        (f"残疾人证号{ID}43", "identity", True),
    ],
)
def test_a_slip_hides_nothing(text: str, kind: str, certain: bool) -> None:
    [match] = private_data(text)
    assert (match.kind, match.certain) == (kind, certain)


@pytest.mark.parametrize(
    "text",
    [
        f"订单号：{ID[:-1]}{'1' if ID[-1] == '0' else '0'}",
        "| 序号 | 器材 | 器材编号 |\n|---|---|---|\n| 1 | 风机 | E00000131 |",
        "身份证号码共18位，填写17位或19位会提示错误", "手机号142*****033", "批号G00000133",
        "苏A30001炉次", "通行证（编号0142）", "工单号E00000131：咨询护照补办",
        "通行证有效期至：20261231",
        "电池护照编码DP0000010", "| 甲 | 13800138 |\n| 乙 | 000 |",
    ],
)  # fmt: skip
def test_values_with_another_label_are_none(text: str) -> None:
    assert private_data(text) == ()


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("桂R后面是K0001，请拦下", "桂R后面是K0001"),
        ("贵A后四位6K01的出租车", "贵A后四位6K01"),
        ("拖拉机号牌皖03-00001载人", "皖03-00001"),
        ("车牌湘A，0K001，堵着通道", "湘A，0K001"),
        ("车号：晋K\n99L01", "晋K\n99L01"),
        ("使馆车牌 使014·008 占道", "使014·008"),
        ("电动自行车号牌“六安 A00001”充电起火", "电动自行车号牌“六安 A00001"),
        ("牌照为 粤 S · D K 9 4 0 1 的轿车", "粤 S · D K 9 4 0 1"),
    ],
)
def test_plates_apart_and_of_other_vehicles_are_read(text: str, plate: str) -> None:
    spans = [text[m.start : m.end] for m in private_data(text) if m.kind == "plate"]
    assert spans == [plate]


@pytest.mark.parametrize(
    "text",
    [
        "皖N牌照车辆免费通行", "电动自行车号牌可免费申领", "涉事车辆皖N·A**34",
        "省道S203线K45+600处", "标准号DB34/T 1234—2021", "批号皖安B20231105", "号牌被遮挡的货车",
    ],
)  # fmt: skip
def test_what_only_speaks_of_plates_is_none(text: str) -> None:
    assert [m for m in private_data(text) if m.kind == "plate"] == []
