"""Reports among the inquiries, and answers that brush off; passages as clerks type them."""

import pytest

from pipeline.detect.replies import brush_offs, reported

REPORTS = """举报某加油站违规卸油
投诉小区物业锁闭消防通道
反映一处沿街商铺用彩钢板住人存在隐患
网民反映某厂无证生产烟花
称某工地工人没戴安全帽冒险作业
楼道堆放杂物存在安全隐患
群众上访要求处理矿山污染
实名举报某企业瞒报事故
市民反映夜间有货车超载
信访人要求公开事故调查报告
反映占用消防通道停车多次未处理
反映某仓库非法储存危险化学品
发现燃气管道旁违规施工
举报：某烟花店无证经营
来信投诉某培训机构弄虚作假发证
控告某公司隐瞒事故
反映养老院封堵疏散通道，询问何时处理
私信称某企业未按规定配备灭火器
匿名举报，某矿夜间违章爆破
留言反映学校旁有非法加油点""".split("\n")

QUESTIONS = """咨询举报奖励办法
询问如何举报安全隐患
请问发现火灾隐患打什么电话
咨询12350举报电话
建议开展隐患排查
感谢及时处理举报
了解投诉渠道
咨询避难场所开放时间
咨询家用液化气钢瓶使用年限和换瓶办法
询问违法行为举报奖金多少
咨询重大事故隐患判定标准
表扬救援人员
询问无证电工如何考证
咨询信访局在哪里
想了解违规用电会怎么处罚
咨询低收入家庭一氧化碳报警器的领取办法
询问安全员证书是否还需要复审
建议增设防汛物资点，消除隐患
问小区隐患整改什么时候结束？
咨询超载处罚标准
举报奖励什么时候发
索要应急科普手册
反映公众号二维码打不开
留言称赞防火宣传短片""".split("\n")

CURT = """自己看通知。
你自己去查。
爱找谁找谁。
无可奉告。
没空理你
关你什么事
大惊小怪
谁让你住那里
要告就去告
投诉也没用
看不懂通知吗
急什么，等着吧
随你便
没什么好说的。
少管闲事
听不懂人话吗
别再问了""".split("\n")

AWAY = """不归我们管。
不知道。
这事我们不清楚。
我们管不了。
与我局无关。
您好，此事不属于我局职责。
不便透露。""".split("\n")

CIVIL = """您好，此事不属于我局职责，请向市住建局反映，电话12345。
您好，避难场所全天开放。
您反映的情况已转局办公室。
请您自行登录网站查询。
您可以自己看瓶身上的检验日期。
对不知道的号码不要回拨。
切勿相信“自己看着办”的说法。
我们不清楚具体原因，已派人核实后回复您。
该道路由市公路中心负责，已转交。
不要自己去救人，请拨打119。
遇到诈骗电话不要再理会。
此前工作人员答复“不归我们管”不妥，向您致歉。
老人应学会自己看燃气表。
您好，证书请在应急管理部网站查询。
自己用药要当心
火灾时切勿自己找水源扑救油锅
感谢您的建议，我们将研究采纳。
没有用的灭火器请交回收点。""".split("\n")


@pytest.mark.parametrize("summary", REPORTS)
def test_a_report_is_seen_in_the_summary(summary: str) -> None:
    assert reported(summary)


@pytest.mark.parametrize("summary", QUESTIONS)
def test_a_question_or_thanks_is_no_report(summary: str) -> None:
    assert reported(summary) == ""


@pytest.mark.parametrize("text", CURT)
def test_a_curt_answer_is_certain(text: str) -> None:
    assert any(hit.certain for hit in brush_offs(text))


@pytest.mark.parametrize("text", AWAY)
def test_an_answer_that_sends_away_without_saying_where_is_not_certain(text: str) -> None:
    assert [hit.certain for hit in brush_offs(text)] == [False]


@pytest.mark.parametrize("text", CIVIL)
def test_a_civil_answer_brushes_no_one_off(text: str) -> None:
    assert [text[hit.start : hit.end] for hit in brush_offs(text)] == []
