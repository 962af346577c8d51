"""Identity numbers, mobiles, bank cards, and numbers that only look like them."""

# ruff: noqa: E501  # sentences, several to a line

import random

from tests.corpora.frames import Row, balanced, row

FRAMES = (
    "经查，{what}{n}，情况属实。", "| 1 | 某某 | {n} | 已登记 |", "{what}：{n}", "请联系工作人员（{what}{n}）。", "名单如下：{n}；其余从略。",
    "[查看]({link}{n})", "登记表见附件，{what}为{n}。", "- {n}", "**{n}**", "“{n}”已核对。", "{n}是申请人留下的。", "补充材料：{what}{n}/已盖章",
    "data-{n}.xlsx", "收件人 {n} 岚城区安澜路", "联系人：某女士，{what}:{n},请尽快。", "{what} {n}\n{what2}另行通知。",
)  # fmt: skip
IDENTITY = ("身份证号", "公民身份号码", "证件号码", "身份证", "证件号", "")
MOBILE = ("电话", "手机", "联系方式", "手机号码", "tel:", "致电", "")
CARD = ("银行卡号", "卡号", "收款账户", "开户账号", "工资卡", "汇款至")
STYLES = {
    "identity": ("", "", "", "spaced", "hyphen", "zero-width", "wide", "spoken", "formal", "lower", "single", "middle", "round"),
    "mobile": ("", "", "", "spaced", "hyphen", "zero-width", "wide", "spoken", "formal", "dotted", "single", "middle", "round"),
    "card": ("", "", "", "spaced", "hyphen", "zero-width", "wide", "spoken", "middle", "single"),
}  # fmt: skip
HARMLESS = (
    "预警自2026年11月{d}日0时至24时有效，请拨打12345咨询。", "拨打119、110、120或12350均可。", "供电服务热线95598，供水热线96{d:03d}。",
    "国家反诈热线96110，移动客服10086。", "全国统一客服400-{d:03d}-{n4}。", "监督电话0000-{n4}{n4}另行公布。", "公文编号：云应急〔2026〕{d}号。",
    "统一社会信用代码{{credit:{n}}}。", "该公司（统一社会信用代码：{{credit:{n}}}）被列入名单。", "信用代码 {{credit:{n}}} 已核验。",
    "发布时间2026{m:02d}{d:02d}103000，版本号20261103{n4}。", "起止时间2026-{m:02d}-{d:02d} 08:00至2026-12-{d:02d} 18:00。",
    "订单号2026{m:02d}{d:02d}{n4}{n4}{n4}。", "快递单号JD{n4}{n4}{n4}。", "案号（2026）云0000行初{d}号。", "标准书号978-7-{n4}-{n4}-0。",
    "网站标识码{n4}{n4}{n4}。", "ICP备案号：云ICP备{n4}{n4}号-1。", "文件校验值{{hex:{n}}}{{hex:{m}}}。", "坐标东经117.{n4}{n4}，北纬31.{n4}。",
    "全市共有{n4}{n4}户，比上年增加{d}.{m}%。", "水位{d}.{m:02d}米，流量{n4}.{m}立方米每秒。", "邮编237{d:03d}，传真机号段待定。", "序列号{n4}-{n4}-{n4}-{n4}-A{d}。",
    "| 139 | 145 | 152 | 160 | 171 |", "样本编号A13{n4}{n4}{d}。", "设备端口号8080，地址10.0.{d}.{m}。", "彩信端口1065{n4}{n4}下发提示。", "录像编号IMG_2026{m:02d}{d:02d}_{n4}{m:02d}。",
    "一、二、三、四、五、六、七级响应的条件见附件。", "二〇二六年十一月二十{d}日", "（一）（二）（三）（四）（五）（六）（七）条同前。", "预算{n4}{n4}万元，支出{n4}.{m:02d}万元。",
)  # fmt: skip
IDENTITY_LIKE = (
    "身份证号{{identity:{n}:masked}}。", "当事人证件号{{identity:{n}:crossed}}已作遮挡。", "身份证号码共18位，前6位是地区。", "格式为110101YYYYMMDDXXXX。",
    "身份证号：__________________", "编号2026{m:02d}{d:02d}{n4}{n4}{m:02d}供查询。", "流水号110000{n4}{n4}{n4}。", "许可证编号340000209900{n4}{m:02d}。",
    "档案号341500199913{n4}{m:02d}。", "批次340000190002300{n4}。", "汇款账号{{card19:{n}}}。", "手机{{mobile:{n}}}已停用。", "样本码X3400001900010100{m}1。",
    "请携带身份证原件和复印件。", "请核对身份证后六位，不要发送照片。", "12位代码340000{n4}{m:02d}。", "电子监管码81{n4}{n4}{n4}{n4}{m:02d}。",
)  # fmt: skip
MOBILE_LIKE = (
    "手机{{mobile:{n}:masked}}。", "举报人电话{{mobile:{n}:crossed}}已遮挡。", "总投资1420000{n4}元。", "全年发电1540000{n4}千瓦时。", "播放量达1540000{n4}次，创新高。",
    "合计￥15400000{n4}。", "身份证号{{identity:{n}}}。", "订单编号：1540000{n4}。", "受理流水号1420000{n4}。", "证书编号1540000{n4}。", "商品条码：1540000{n4}。",
    "统计值1.54{n4}{n4}，误差0.{d}%。", "参数0.1540000{n4}。", "金额1540000{n4}.50元。", "见[原文](https://www.example.gov.cn/a/1540000{n4}.html)。",
    "详见https://www.example.gov.cn/content/1420000{n4}", "编码A1540000{n4}B。", "条形码69{n4}1540000{n4}。", "时间戳1540000{n4}00。", "卡号{{card16:{n}}}。",
    "手机号码共11位，以1开头。", "号段138、139、154均可使用。", "请勿向陌生号码回拨。", "热线96{d:03d}已停用。", "重量约1420000{n4}公斤。", "读数138 138 138 138。",
)  # fmt: skip
CARD_LIKE = (
    "银行卡6200 **** **** {n4}。", "卡号{{card19:{n}:masked}}已隐藏。", "请核对银行卡尾号{n4}。", "订单号62000000{n4}{n4}的退款已到。", "交易流水号62{n4}{n4}{n4}{n4}。",
    "身份证号{{identity:{n}}}。", "手机{{mobile:{n}}}。", "捐赠专户（户名：云岚市慈善总会）见官网。", "发票代码0340000{n4}，号码{n4}{n4}{d:02d}。", "运单号4{n4}{n4}{n4}{n4}00000。",
    "银行卡号一般为16至19位。", "请勿泄露银行卡密码。", "客服95588、95533、95599。", "财政票据号2026{n4}{n4}{n4}。", "条码6901234{n4}{n4}00。",
    "社保卡需激活后使用。", "合同编号62{n4}{n4}{n4}{n4}。", "统一社会信用代码：{{credit:{n}}}。", "电子监管码81{n4}{n4}{n4}{n4}{m:02d}。", "开户银行见通知书第{d}页。",
)  # fmt: skip


def identities(rng: random.Random) -> list[Row]:
    rows = [
        _said(rng, n, f"{{identity:{n}{_style(rng, 'identity')}}}", IDENTITY, "/p?id=")
        for n in range(260)
    ]
    return balanced(rng, rows + _harmless(rng, (*HARMLESS, *IDENTITY_LIKE * 2)), 400)


def mobiles(rng: random.Random) -> list[Row]:
    rows = []
    for n in range(260):
        number = f"{{mobile:{n}{_style(rng, 'mobile')}}}"
        prefix = rng.choice(("", "", "", "+86 ", "86-", "0086"))
        prefix = "" if "spoken" in number or "formal" in number or "round" in number else prefix
        rows.append(_said(rng, n, prefix + number, MOBILE, "tel:"))
    return balanced(rng, rows + _harmless(rng, (*HARMLESS, *MOBILE_LIKE * 2)), 400)


def cards(rng: random.Random) -> list[Row]:
    rows = []
    for n in range(260):
        number = f"{{card{rng.choice((16, 19))}:{n}{_style(rng, 'card')}}}"
        rows.append(_said(rng, n, number, CARD, "/pay?card="))
    return balanced(rng, rows + _harmless(rng, (*HARMLESS, *CARD_LIKE * 2)), 400)


def _style(rng: random.Random, kind: str) -> str:
    style = rng.choice(STYLES[kind])
    return f":{style}" if style else ""


def _said(rng: random.Random, n: int, number: str, words: tuple[str, ...], link: str) -> Row:
    frame = FRAMES[n % len(FRAMES)]
    what = rng.choice(words)
    text = frame.replace("{what2}", "时间").replace("{what}", what).replace("{link}", link)
    return row(True, "written out", text.replace("{n}", number))


def _harmless(rng: random.Random, frames: tuple[str, ...]) -> list[Row]:
    return [
        row(False, "looks like one", frame.format(
            n=rng.randrange(1, 900), n4=f"{rng.randrange(1000, 9999)}",
            d=rng.randrange(1, 9), m=rng.randrange(1, 9),
        ))
        for _ in range(6)
        for frame in frames
    ]  # fmt: skip


MAKERS = {"identity": identities, "mobile": mobiles, "bank_card": cards}
