"""Dates, document numbers, accidents, warnings, numbers of titles: wrong ones and hard right ones."""

# ruff: noqa: E501 – sentences, most of them twice as wide as they are long

import random
from datetime import date, timedelta

from tests.corpora.frames import DAYS, PLACES, Row, balanced, row

NEAR = date(2026, 11, 22)
WEEK = "一二三四五六日"
EVENTS = ("开展应急演练", "召开新闻发布会", "启动防火检查", "发放取暖物资", "举行消防开放日", "停水检修", "开展隐患排查", "组织疏散演习")  # fmt: skip


def _shown(rng: random.Random, day: date, week: str) -> str:
    name = rng.choice(("星期", "周", "星期"))
    brackets = rng.choice(("（{}）", "({})", " {}", "{}", "（{}）"))
    written = rng.choice(
        (
            f"{day.year}年{day.month}月{day.day}日",
            f"{day.month}月{day.day}日",
            f"{day.month}月{day.day}日",
            f"{day.year}-{day.month:02}-{day.day:02}",
        )
    )
    if abs((day - NEAR).days) > 150:
        written = f"{day.year}年{day.month}月{day.day}日"
    return written + brackets.format(name + week)


def dates(rng: random.Random) -> list[Row]:
    rows: list[Row] = []
    for _ in range(320):
        day = NEAR + timedelta(days=rng.randrange(-140, 140))
        place, event = rng.choice(PLACES), rng.choice(EVENTS)
        right = WEEK[day.weekday()]
        wrong = rng.choice([w for w in WEEK if w != right])
        frame = rng.choice(("{d}，{p}{e}。", "定于{d}上午9时在{p}{e}。", "{p}将于{d}{e}，请相互转告。", "**时间：**{d}14:30\n\n{p}{e}。"))  # fmt: skip
        for expect, week in ((False, right), (True, wrong)):
            text = frame.format(d=_shown(rng, day, week), p=place, e=event)
            rows.append(row(expect, "weekday", text))
        later = day + timedelta(days=2)
        if later.month == day.month:
            ends = f"{day.month}月{day.day}日（周{right}）至{later.day}日（周{{}}）"
            rows.append(row(False, "range", ends.format(WEEK[later.weekday()]) + event))
            slip = rng.choice([w for w in WEEK if w != WEEK[later.weekday()]])
            rows.append(row(True, "range", ends.format(slip) + event))
    for words in ("2月30日", "4月31日", "13月1日", "6月31日", "9月31日", "11月31日", "2027年2月29日", "2025年2月29日", "2026-02-30", "0月5日"):  # fmt: skip
        rows += [
            row(True, "no such date", f"{p}将于{words}{e}。")
            for p, e in zip(PLACES, EVENTS, strict=False)
        ]
    hard = (
        "农历8月15日（周五）夜间", "2028年2月29日（星期二）", "11月22日24时前完成", "11月7日至9日（周六至周一）", "12月1日起每周一上午接访",
        "2024年2月29日出生", "腊月29日前返乡", "15日（当天）14时", "119消防宣传日", "5·12全国防灾减灾日", "版本号2026.11.1.3",
        "坐标117.28-31.86", "门牌号12-31-7", "比分3-1-2", "周三至周五每天巡查", "11月第三个星期日", "星期一至星期五办公", "每月1日、15日发布",
        "1月1日元旦", "10月1日至7日放假", "12345热线周末值班", "本周日休息", "9月1日开学第一周", "有效期至2030年12月31日", "3月与4月交界",
    )  # fmt: skip
    rows += [row(False, "no weekday", f"{p}：{h}，{e}。") for h in hard for p, e in rng.sample(list(zip(PLACES, EVENTS, strict=False)), 5)]  # fmt: skip
    return balanced(rng, [{**r, "near": NEAR.isoformat()} for r in rows], 400)


ISSUERS = ("云应急发", "云安办", "云政办秘", "国办发", "皖政办秘", "云消安委", "云减灾办函", "应急厅函", "云应急罚", "青政", "云应急", "国令", "云防指", "云政通")  # fmt: skip
NOTICE = ("《关于做好冬季安全防范工作的通知》（{}）印发。", "依据{}文件，{place}开展检查。", "现转发{}，请遵照执行。", "文号：{}", "《云岚市应急预案》（{}）同时废止。", "参照{}第三条执行。")  # fmt: skip


def document_numbers(rng: random.Random) -> list[Row]:
    rows: list[Row] = []
    for _ in range(420):
        issuer, year, serial = rng.choice(ISSUERS), rng.randrange(2015, 2027), rng.randrange(1, 260)
        frame = rng.choice(NOTICE).replace("{place}", rng.choice(PLACES))
        rows.append(row(False, "right form", frame.format(f"{issuer}〔{year}〕{serial}号")))
        wrong = rng.choice(
            (
                f"{issuer}[{year}]{serial}号", f"{issuer}（{year}）{serial}号", f"{issuer}【{year}】{serial}号", f"{issuer}({year}){serial}号",
                f"{issuer}〔{year % 100:02}〕{serial}号", f"{issuer}〔{year}〕第{serial}号", f"{issuer}〔{year}〕0{serial}号",
                f"{issuer}〔{year}年〕{serial}号", f"{issuer} 〔{year}〕{serial}号", f"{issuer}〔{year}〕 {serial} 号", f"{issuer}﹝{year}﹞{serial}号",
                f"{issuer}［{year}］{serial}号", f"{issuer}〔{year}）{serial}号",
            )
        )  # fmt: skip
        rows.append(row(True, "wrong form", frame.format(wrong)))
    hard = (
        "（2023）皖15民终{n}号判决书", "({y})云0102行初{n}号", "应急管理部令第{n}号", "国令{n}号", "{y}年第{n}号公告", "GB/T 35273（{y}）", "GB/T 9704-{y}",
        "消防救援站（{y}）已启用", "青水检（{n}）5号楼", "（{y}）{n}人参加", "【{y}】年度工作要点{n}条", "安全函授班[{y}]{n}班", "皖ICP备{y}0{n}号",
        "编号：YJ-{y}-{n}", "第{n}号台风", "{n}号楼（{y}年建成）", "国道[{y}]{n}公里处", "12345转{n}号坐席", "应急电（{y}）{n}台", "检查单[{y}]{n}份",
        "通告（{y}年）共{n}条", "防火检查（{n}）处", "令旗（{y}）{n}面", "见附件[{n}]", "参考文献[{n}]", "发〔函〕{n}件",
    )  # fmt: skip
    for h in hard:
        for _ in range(9):
            words = h.format(y=rng.randrange(2015, 2027), n=rng.randrange(2, 99))
            rows.append(row(False, "no document number", f"{rng.choice(PLACES)}：{words}。"))
    return balanced(rng, rows, 400)


CHINESE = {1: "一", 2: "两", 3: "三", 5: "五", 8: "八", 10: "十", 11: "十一", 12: "十二", 29: "二十九", 30: "三十", 31: "三十一"}  # fmt: skip
ORDER = ("一般", "较大", "重大", "特别重大")
TRADES = ("", "生产安全", "道路交通", "火灾", "坍塌", "中毒和窒息", "高处坠落")


def _class(deaths: int) -> str:
    return ORDER[sum(deaths >= limit for limit in (3, 10, 30))]


def accidents(rng: random.Random) -> list[Row]:
    rows: list[Row] = []
    for _ in range(420):
        deaths = rng.choice((1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 20, 29, 30, 31, 45))
        said = CHINESE.get(deaths, str(deaths)) if rng.random() < 0.3 else str(deaths)
        told = rng.choice((f"造成{said}人死亡", f"致{said}人遇难、2人受伤", f"造成{said}名作业人员死亡", f"死亡人数升至{deaths}人", f"共造成{said}人死亡，直接经济损失320万元"))  # fmt: skip
        trade, place = rng.choice(TRADES), rng.choice(PLACES)
        frame = rng.choice(
            (
                "{place}发生一起事故，{told}，初步认定为{c}{t}事故。",
                "{told}。\n\n经调查，这是一起{c}{t}责任事故。",
                "{place}“{c}{t}事故”调查组成立，{told}。",
                "{day}，{place}一企业发生{c}{t}事故，{told}。",
            )
        )  # fmt: skip
        right = _class(deaths)
        wrong = rng.choice([c for c in ORDER if c != right])
        for expect, stated in ((False, right), (True, wrong)):
            text = frame.format(place=place, day=rng.choice(DAYS), told=told, c=stated, t=trade)
            rows.append(row(expect, "class by deaths", text))
    by_loss = (
        ("1200万元", 1),
        ("1000万元", 1),
        ("999万元", 0),
        ("5000万元", 2),
        ("1亿元", 3),
        ("1.2亿元", 3),
        ("300万元", 0),
    )
    for loss, reached in by_loss:
        for stated in range(4):
            for place in PLACES[:4]:
                text = f"{place}事故造成1人死亡，直接经济损失{loss}，认定为{ORDER[stated]}事故。"
                rows.append(row(stated != reached, "class by loss", text))
    rows += [
        row(True, "told in other words", f"{p}：事故夺走三条生命，被定为一般事故。")
        for p in PLACES[:2]
    ]
    hard = (
        "造成3人以上10人以下死亡的，为较大事故。", "较大事故，是指造成3人以上死亡的事故；重大事故，是指造成10人以上死亡的事故。",
        "今年以来全市累计发生一般事故12起，死亡9人，同比下降三成。", "全年未发生较大以上事故，死亡人数降至4人。", "坚决遏制重大事故，去年一起事故造成1人死亡。",
        "排查重大事故隐患35处，其中1人受轻伤。", "开展重大事故应急演练，模拟造成5人被困。", "较大事故2起，死亡7人。",
        "{place}学习外地重大事故教训。", "一般事故由县级人民政府调查，较大事故由市级人民政府调查。", "防范较大事故：去年造成2人死亡的教训。",
        "事故造成2人受伤，无人死亡，属一般事故。", "事故造成1人死亡，1人重伤，属一般事故。", "造成2人死亡、10人重伤，认定为较大事故。",
        "造成死亡2人，重伤12人，为较大事故。", "特别重大事故由国务院组织调查，市里曾有1人死亡的案例。",
        "事故等级划分中，较大事故的标准为死亡3人以上。", "重大事故风险评估完成，上年死亡1人。",
    )  # fmt: skip
    rows += [row(False, "no account of one accident", h.replace("{place}", p)) for h in hard for p in PLACES[:1]]  # fmt: skip
    rows += [row(False, "no account of one accident", f"{p}：{h}".replace("{place}", p)) for h in hard for p in PLACES]  # fmt: skip
    return balanced(rng, rows, 400)


ALERTS = (
    "暴雨",
    "寒潮",
    "大风",
    "大雾",
    "森林火险",
    "雷电",
    "高温",
    "道路结冰",
    "山洪灾害气象",
    "地质灾害气象风险",
)
LEVELS = {"红": ("Ⅰ", "一", "I", "特别严重"), "橙": ("Ⅱ", "二", "II", "严重"), "黄": ("Ⅲ", "三", "III", "较重"), "蓝": ("Ⅳ", "四", "IV", "一般")}  # fmt: skip


def alerts(rng: random.Random) -> list[Row]:
    rows: list[Row] = []
    frames = (
        "{p}发布{k}{c}色预警（{l}级）。", "{p}气象台{day}发布{k}{c}色预警({l}级)，请注意防范。", "{k}预警升级为{l}级（{c}色）。",
        "{p}发布{l}级（{c}色）{k}预警。", "当前{k}预警级别：{c}色（{l}级）", "{k}{c}色预警信号（{l}级）仍在生效。", "{p}维持{k}预警，级别为{l}级/{c}色。",
    )  # fmt: skip
    for _ in range(320):
        colour = rng.choice("红橙黄蓝")
        other = rng.choice([c for c in LEVELS if c != colour])
        frame, form = rng.choice(frames), rng.randrange(3)
        p, k, day = rng.choice(PLACES), rng.choice(ALERTS), rng.choice(DAYS)
        for expect, level in ((False, LEVELS[colour][form]), (True, LEVELS[other][form])):
            rows.append(row(expect, "pair", frame.format(p=p, k=k, c=colour, l=level, day=day)))
    hard = (
        "发布{k}黄色预警，启动Ⅳ级应急响应。", "{k}橙色预警发布后，{p}启动防汛三级应急响应。", "解除{k}蓝色预警（生效6小时）。", "红色预警（2小时内）",
        "黄色预警（5级以上大风）", "{k}蓝色预警，阵风7级。", "{p}地震烈度6级，请远离红色警戒线。", "黄色（三级）标志", "风力4级，能见度低于500米，发布{k}黄色预警。",
        "一级响应期间悬挂红旗。", "Ⅳ级响应（蓝天保卫）", "红色旅游景区（一级）", "{k}预警由黄色降为蓝色。", "蓝色预警和四级响应同时结束。",
        "{p}三级医院设蓝色通道。", "橙色预警信号（3小时50毫米）", "火险等级四级，挂橙色旗。", "消防一级重点单位贴红色标签。",
    )  # fmt: skip
    rows += [row(False, "another level", h.format(k=k, p=p)) for h in hard for k, p in zip(ALERTS, PLACES, strict=False)]  # fmt: skip
    return balanced(rng, rows, 400)


def title_numbers(rng: random.Random) -> list[Row]:
    rows: list[Row] = []
    facts = (
        ("{p}转移群众{n}人", "全部转移群众{n}人，无人员伤亡。", (120, 1200, 36, 12000, 58)),
        ("我市查处违法企业{n}家", "执法人员共查处企业{n}家。", (3, 17, 26, 105)),
        ("{p}发放防寒物资{n}件", "发放棉衣、棉被等{n}件。", (300, 2400, 86, 15000)),
        ("{p}火灾致{n}人受伤", "现场{n}人受伤，已送医。", (2, 4, 7, 11)),
        ("全市新增避难场所{n}处", "今年新增避难场所{n}处，均已验收。", (5, 23, 41, 112)),
        ("投入{n}万元更换燃气软管", "市财政投入{n}万元。", (80, 260, 1200, 35)),
        ("隐患整改率达{n}%", "截至目前，整改率为{n}%。", (92, 98, 87.5, 99.2)),
    )  # fmt: skip
    for _ in range(90):
        for title, body, values in facts:
            value = rng.choice(values)
            other = rng.choice([v for v in values if v != value])
            p = rng.choice(PLACES)
            told, untold = (_number(rng, v, "%" in title or "万" in title) for v in (value, other))
            rows.append(row(False, "same number", body.format(n=told), title=title.format(n=value, p=p)))  # fmt: skip
            rows.append(row(True, "other number", body.format(n=untold), title=title.format(n=value, p=p)))  # fmt: skip
    hard = (
        ("五个动作学会用灭火器", "先提，再拔，后握，最后压。"), ("2026年工作要点", "本年重点如下。"), ("119消防宣传月启动", "活动今天启动。"),
        ("一键报警怎么用", "按住按钮三秒。"), ("11月9日消防日活动", "活动在广场举行。"), ("12345热线答疑", "问得最多的是取暖。"), ("第5号台风来了", "请注意防范。"),
        ("云政通〔2026〕6号一文读懂", "通告自11月起施行。"), ("5·12防灾减灾日", "主题是人人讲安全。"), ("24小时值班电话公布", "全天有人值守。"),
        ("三条措施保供暖", "一是检修，二是备煤，三是值守。"), ("家家都要会的逃生技能", "低姿前行。"), ("第三批名单公布", "名单见附件。"), ("10月考试安排", "见附表。"),
        ("一起学急救", "按压深度五厘米。"), ("两会期间安全提示", "减少聚集。"), ("万一被困怎么办", "保存体力。"), ("6项便民举措", "详情如下。"),
        ("8类场所重点检查", "含商场、学校等。"), ("半小时到场的救援队", "队伍常年备勤。"),
    )  # fmt: skip
    rows += [row(False, "no such number", f"{p}：{b}", title=t) for t, b in hard for p in PLACES]
    return balanced(rng, rows, 400)


def _number(rng: random.Random, value: float, plain: bool) -> str:
    """One of the forms that mean the same."""
    if plain or value < 20:
        return str(value)
    forms = [str(value), f"{value:,}"]
    if value >= 10000:
        forms.append(f"{value / 10000:g}万")
    return rng.choice(forms)


MAKERS = {
    "dates": dates,
    "document_numbers": document_numbers,
    "accidents": accidents,
    "alerts": alerts,
    "title_numbers": title_numbers,
}
