"""Slips of typing, links and reprints: wrong ones and right ones that look alike."""

# ruff: noqa: E501 – sentences, most of them twice as wide as they are long

import random

from tests.corpora.frames import DAYS, PLACES, Row, balanced, row

GOOD = (
    "{p}于{d}启动检查，共排查隐患12处，已整改9处。", "会议时间：11月9日16:30，地点：{p}政务大厅。", "“做好防范！”工作人员说。", "真的可以吗？！请看下文。",
    "比分为3:1，请勿模仿。", "办法（云政通〔2026〕6号）已公布。", "详见[通告原文](https://www.yunlan.gov.cn.example/a,b;c.html)。", "![灭火器（图）](a.png)",
    "第一步：提；第二步：拔；第三步：压。", "的的确确减少了火情。", "群众了了心愿。", "是是非非由调查组认定。", "5·12全国防灾减灾日", "人均 1,200 元，同比增长 3.5%。",
    "联系电话：0564-1234567", "依据 GB/T 35273—2020 执行。", "他说：“先断电，再灭火。”", "他问：“预警里‘Ⅳ级’是什么意思？”", "……水位已经回落。", "救援——分秒必争。",
    "1）检查烟囱；2）开窗通风。", "（1）检查；（2）通风。", "一）总则\n\n二）附则", "| 地点 | 时间 |\n| --- | --- |\n| {p} | 9:00 |", "- 开窗；\n- 断电。", "> 提示：保持通道畅通。",
    "10月20日、11月8日两次检查。", "2026年11月8日发布。", "编号 YJ-2026-08-01 的物资。", "请发邮件至 office@example.cn。", "`a,b` 是代码。", "{p}、{d}均有降雨。",
    "对对联活动与安全知识结合。", "和和气气过节，平平安安回家。", "《安全生产法》《消防法》均有规定。", "小区（含地下车库）、商场（含仓库）逐一检查。", "速度 80km/h，限重 5t。",
    "WiFi 覆盖避难场所。", "温度为-3℃至5℃。", "他和{p}的同事在一起。", "水位188.00米。", "“119”宣传月启动。", "一个的士司机报了警。", "大力支持在建工程复工。",
    "**提醒：**天气转冷。", "请拨打12345。谢谢！", "为为期三天的演练做准备？不，为期三天。", "现场A、B两区同时展开。", "讲解《通知》，答疑3次。", "最高气温达38.5℃。",
)  # fmt: skip
BAD = (
    ("doubled mark", "{p}启动检查，，共12处。"), ("doubled mark", "已经整改。。"), ("doubled mark", "请注意，。明天降温。"), ("doubled mark", "有隐患、，要整改。"), ("doubled mark", "注意安全！。"),
    ("repeated mark", "火灾猛于虎！！！"), ("repeated mark", "你家安全吗？？？"), ("half width", "{p}启动检查,共12处。"), ("half width", "请关好门窗;拔掉插头。"), ("half width", "注意:明天降温。"),
    ("half width", "小心地滑!"), ("half width", "你检查了吗?"), ("half width", "明天停水.请储水。"), ("half width", "活动已经结束."), ("brackets", "{p}(含乡镇)全面排查。"), ("brackets", "通告(第6号)发布。"),
    ("straight quotes", "他说\"先断电\"再灭火。"), ("ellipsis", "水位还在上涨..."), ("ellipsis", "等等。。。"), ("ellipsis", "话没说完…就断了。"), ("dash", "救援--分秒必争。"),
    ("twice", "检查的的重点是燃气。"), ("twice", "工作人员在在现场。"), ("twice", "积极积极参与演练。"), ("twice", "隐患和和问题已整改。"), ("twice", "开展开展排查。"), ("twice", "物资已经到了了现场。"),
    ("twice", "我们我们都应参加。"), ("twice", "与与会人员交流。"), ("twice", "为为民服务。"), ("zero", "2026年06月08日起施行。"), ("zero", "11月08日发布。"), ("zero", "活动于05月12日举行。"),
    ("full width", "共排查１２处。"), ("full width", "下载ＡＰＰ查看。"), ("full width", "在Ａ区集合。"), ("space", "请关好门窗 ，拔掉插头。"), ("space", "发放手册 。"), ("space", "“ 先断电”再灭火。"), ("space", "（ 含乡镇）排查。"),
    ("unpaired", "{p}（含乡镇全面排查。"), ("unpaired", "{p}含乡镇）全面排查。"), ("unpaired", "他说：“先断电，再灭火。"), ("unpaired", "《安全生产法规定如下。"), ("unpaired", "先断电”，他说。"), ("unpaired", "依据云政通〔2026 6号。"),
    ("unpaired", "见附件》第三条。"), ("unpaired", "【提示明天降温。"), ("unpaired", "‘Ⅳ级是最低级别。"), ("crossed", "（见《通知）》第二条。"),
)  # fmt: skip
AROUND = ("{}", "{d}，{p}通报：\n\n{}", "{}\n\n请市民相互转告。", "## {p}\n\n{}", "据了解，{}", "{p}提示。\n\n{}\n\n{d}仍有降雨。", "1. 第一项。\n2. 第二项。\n\n{}", "{}\n\n（来源：{p}）")  # fmt: skip


def _placed(rng: random.Random, text: str) -> str:
    return text.replace("{p}", rng.choice(PLACES)).replace("{d}", rng.choice(DAYS))


def typography(rng: random.Random) -> list[Row]:
    rows = [
        row(False, "right", _placed(rng, around.replace("{}", text)))
        for text in GOOD
        for around in AROUND
    ]
    rows += [
        row(True, why, _placed(rng, around.replace("{}", text)))
        for why, text in BAD
        for around in AROUND
    ]
    return balanced(rng, rows, 500)


HOSTS = (
    "www.yunlan.gov.cn",
    "yjt.jianglan.gov.cn",
    "www.mem.gov.cn",
    "mp.weixin.qq.com",
    "weibo.com",
    "www.gov.cn",
)
PATHS = (
    "/",
    "/zwgk/2026/11.html",
    "/s/abc123",
    "/a?b=1&c=2",
    "/%E9%80%9A%E5%91%8A.html",
    "/news/#part",
    "/x_y-z.pdf",
    "/index.php?id=3",
    "/2026/11/22/",
    "/~yjj/",
)


def links(rng: random.Random) -> list[Row]:
    rows: list[Row] = []
    for host in HOSTS:
        for path in PATHS:
            rows.append(row(False, "plain address", f"https://{host}{path}"))
            rows.append(row(False, "plain address", f"http://{host}:8080{path}"))
            rows.append(row(False, "last dot", f"https://{host}.{path}"))
            fake = rng.choice(
                (
                    f"https://{host}@evil.example{path}", f"https://{host}:pw@evil.example{path}", f"https://{host}\u200b.evil.example{path}",
                    f"https://{host}\\@evil.example{path}", f"https://www.gоv.cn{path}", f"https://xn--gv-1ia.cn{path}", f"https://应急.中国{path}",
                    f"https://{host}\t.evil.example{path}",
                )
            )  # fmt: skip
            rows.append(row(True, "disguised", fake))
            rows.append(
                row(True, "disguised", f"https://{host}%20@{rng.randrange(1, 9)}.example{path}")
            )
            a, b = rng.randrange(1, 255), rng.randrange(1, 255)
            number = rng.choice((f"10.{a}.{b}.1", f"0x7f{a:02x}{b:02x}01", str(167772160 + a * 256 + b), f"[2001:db8::{a:x}]", f"0{a:o}.1.1.{b}"))  # fmt: skip
            rows.append(row(True, "bare number", f"http://{number}{path}"))
            rows.append(row(True, "unreadable", f"https://[{host}{path}"))
            rows.append(row(True, "unreadable", f"https://{host}:{a}x{path}"))
    for word in ("dian", "yingji", "119", "a1", "1-2-3", "v4", "e-gov", "x2y"):
        address = f"https://{word}.yunlan.gov.cn"
        rows += [row(False, "digits in the name", address + path) for path in PATHS]
    return balanced(rng, rows, 400)


SENTENCES = (
    "入冬以来，我省多地气温骤降，取暖用火用电明显增多。", "消防部门提醒，使用电热毯时不要折叠，人走断电。", "据统计，去年冬季全省共发生火灾1236起，其中电气火灾占三成。",
    "液化气钢瓶要直立使用，远离明火和热源。", "烟囱要定期清理，保持通风，防止一氧化碳中毒。", "老人和儿童取暖时，家人要多加照看。", "发现火情，请立即拨打119报警。",
    "楼道内不要堆放杂物，不要给电动自行车充电。", "记者从会议上获悉，专项检查将持续到明年3月。", "各地要落实网格化管理，逐户上门提醒。", "林区群众要自觉遵守禁火规定。",
    "企业要落实主体责任，开展岗前培训。", "截至11月20日，已检查单位4820家，整改隐患9156处。", "专家建议，每个家庭配备一具灭火器和一只报警器。", "商场、医院、学校是检查的重点。",
    "应急管理部门将会同气象部门及时发布预警。", "出行前请关注路况，冰雪天气减速慢行。", "农村地区要防止柴草堆垛起火。", "群众可以通过热线举报隐患。", "这项工作将纳入年度考核。",
)  # fmt: skip


def reprints(rng: random.Random) -> list[Row]:
    """Pairs of ours and theirs: kept in words, whatever the form, or distorted."""
    rows: list[Row] = []
    for _ in range(240):
        theirs = "".join(rng.sample(SENTENCES, 12))
        form = rng.choice(
            (
                lambda t: t, lambda t: t.replace("。", "。\n\n"), lambda t: t.replace("，", ","), lambda t: t.replace("1", "１"),
                lambda t: " ".join(t), lambda t: t.replace("。", "。 ").replace("、", "，"), lambda t: f"{t}\n",
            )
        )  # fmt: skip
        rows.append(row(False, "same words", form(theirs), other=theirs))
        kept = [s + "。" for s in theirs.split("。") if s]
        way = rng.choice(("cut", "added", "swapped", "number", "negated"))
        ours = list(kept)
        at = rng.randrange(len(ours))
        if way == "cut":
            del ours[at], ours[at - 1]
        elif way == "added":
            ours.insert(at, rng.choice([s for s in SENTENCES if s not in kept]))
        elif way == "swapped":
            ours[0], ours[-1] = ours[-1], ours[0]
        elif way == "negated":
            ours = [s.replace("不要", "可以").replace("要", "不必") for s in ours]
        else:
            ours = [s.replace("1236", "236").replace("三成", "八成").replace("4820", "8420").replace("119", "120") for s in ours]  # fmt: skip
        if ours != kept:
            rows.append(row(True, way, "".join(ours), other=theirs))
    return balanced(rng, rows, 300)


MAKERS = {"typography": typography, "links": links, "similarity": reprints}
