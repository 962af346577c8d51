"""Article 10(1): dates, warnings, accidents, numbers, document numbers, claims, proofreading."""

from typing import Any

import pytest

from pipeline.detect.subjects import subjects_of
from pipeline.model.archive import Archive, Mode
from pipeline.model.findings import Effect
from pipeline.model.posts import Post
from pipeline.rules.a10_quality import RULE
from tests.rules.builders import archive, complaints, line, only, post, where
from tests.rules.facts import fact, recorded
from tests.rules.governance import at
from tests.rules.test_a10_quality import ALERT

KINDS = frozenset({"kind-differs", "kind-unsupported"})


def judged(subject: Post, look: Archive | None = None) -> list[Any]:
    return complaints(RULE, 1, subject, look or archive(subject, mode=Mode.DRAFT))


@pytest.mark.parametrize(
    "body",
    [
        "11月3日（周二）9时30分，在广场集合。",
        "1月3日（周日）放假。",
        "启动Ⅳ级应急响应，寒潮蓝色预警（Ⅳ级）生效。",
        "依据《通知》（云应急发〔2026〕5号）办理。",
        "造成2人死亡，属一般事故。",
    ],
)
def test_1_accepted_facts(body: str) -> None:
    assert judged(post(body=body)) == []


def test_1_violated_weekday_and_date() -> None:
    subject = post(body="提示如下。\n\n11月3日（周三）集合。\n")
    found = only(
        judged(subject), Effect.REFUSE, "weekday-wrong", date="2026-11-03", stated="三", right="二"
    )
    assert where(found) == (subject.path, 42)
    assert (found.location.column, found.waivable) == (1, "11月3日（周三）")
    never = post(title="2月30日停水")
    found = only(judged(never), Effect.REFUSE, "date-impossible", words="2月30日")
    assert where(found) == line(never, "title")


def test_1_boundary_the_year_is_that_of_publication() -> None:
    text = "1月3日（周日）"
    assert judged(post(body=text, publish_at=at("2026-12-31 23:59"))) == []
    before = post(body=text, publish_at=at("2026-06-01 00:00"))
    only(judged(before), Effect.REFUSE, "weekday-wrong", date="2026-01-03", stated="日", right="六")
    leap = post(body="2月29日（周二）", publish_at=at("2028-02-01 00:00"))
    assert judged(leap) == []


def test_1_violated_level_of_a_warning() -> None:
    subject = post(body="发布寒潮蓝色预警（Ⅲ级）。")
    assert (
        only(judged(subject), Effect.REFUSE, "level-colour-mismatch", level=3, colour="蓝").waivable
        == "蓝色预警（Ⅲ级"
    )
    only(
        judged(subject, archive(subject, mode=Mode.STANDING)),
        Effect.NOTE,
        "level-colour-mismatch",
        level=3,
        colour="蓝",
    )


def test_1_violated_a_warning_raised_to_a_lower_level() -> None:
    subject = post(body="寒潮预警由橙色升级为黄色。")
    assert only(judged(subject), Effect.REFUSE, "warning-misranked").waivable == "橙色升级为黄色"


@pytest.mark.parametrize("words", ["冰雹黄色", "五级预警", "紫色预警", "五级应急响应"])
def test_1_boundary_a_warning_that_no_national_scale_has(words: str) -> None:
    found = judged(post(body=f"今日{words}，请注意。"))
    assert only(found, Effect.NOTE, "warning-unlisted", words=words)
    assert judged(post(body="发布冰雹橙色预警，启动Ⅳ级应急响应，森林火险五级预警。")) == []


def test_1_violated_colour_in_the_text_of_an_alert() -> None:
    other = post(kind="alert", alert=ALERT, title="寒潮预警", body="发布寒潮黄色预警。")
    assert where(only(judged(other), Effect.REFUSE, "alert-text-differs")) == (other.path, 40)
    both = post(kind="alert", alert=ALERT, title="寒潮预警", body="黄色预警降为蓝色预警。")
    assert judged(both) == []


@pytest.mark.parametrize(
    ("kind", "stated", "effect"),
    [
        ("accident", "一般", Effect.REFUSE),
        ("tip", "一般", Effect.NOTE),
        ("accident", "重大", Effect.NOTE),
    ],
)
def test_1_violated_class_of_an_accident(kind: str, stated: str, effect: Effect) -> None:
    subject = post(kind=kind, body=f"事故造成3人死亡。\n\n认定为{stated}事故。")
    found = only(judged(subject), effect, "accident-class-wrong", stated=stated, figures="较大")
    assert where(found) == (subject.path, 42)


@pytest.mark.parametrize(
    ("deaths", "stated"), [(2, "一般"), (3, "较大"), (9, "较大"), (10, "重大")]
)
def test_1_boundary_classes_of_accidents(deaths: int, stated: str) -> None:
    text = f"事故造成{deaths}人死亡，认定为{stated}事故。"
    assert judged(post(kind="accident", body=text)) == []


def test_1_violated_numbers_of_the_title() -> None:
    subject = post(title="转移群众120人", body="转移群众130人。")
    assert where(
        only(judged(subject), Effect.NOTE, "title-number-missing", number="120人")
    ) == line(subject, "title")
    assert judged(post(title="转移群众120人", body="转移一百二十名群众。")) == []
    gone = post(title="转移群众120人", body="已撤回。", validity="withdrawn")
    assert judged(gone) == []


def test_1_violated_document_number() -> None:
    in_text = post(body="依据云应急发[2026]5号文件。")
    assert where(only(judged(in_text), Effect.NOTE, "document-year-brackets")) == (in_text.path, 40)
    in_key = post(doc_no="云应急发〔2026〕05号")
    assert where(only(judged(in_key), Effect.NOTE, "document-serial-padded")) == line(
        in_key, "doc_no"
    )


def test_1_boundary_claims_are_found_whatever_their_form() -> None:
    facts = [{"claim": "排查隐患12处", "source": "检查台账"}]
    assert judged(post(facts=facts, body="共排查隐患\u200b12处。")) == []
    assert judged(post(facts=facts, body="共排查\n隐患**12**处。")) == []
    other = post(facts=facts, body="共排查隐患13处。")
    found = only(judged(other), Effect.REFUSE, "claim-not-in-text")
    assert where(found) == line(other, "facts", 0, "claim")


def test_1_violated_misspellings_and_slips_of_typing() -> None:
    entry = fact(
        "lexicons",
        "typo",
        category="misspelling",
        effect="note",
        words=["布署"],
        exceptions=["分布署名"],
        reason="常见错别字",
        suggestion="部署",
    )
    subject = post(body="会议布署,工作。")
    look = recorded(archive(subject), "lexicons", [entry])
    first, second = judged(subject, look)
    assert first.name == "words-listed"
    assert first.remedy and dict(first.remedy.values) == {"suggestion": "部署"}
    assert (first.effect, first.waivable, first.location.column) == (Effect.NOTE, "布署", 3)
    assert second.name == "marks-half-width"
    assert second.effect is Effect.NOTE
    right = post(body="按分布署名，工作。")
    assert judged(right, recorded(archive(right), "lexicons", [entry])) == []


@pytest.mark.parametrize(
    ("wrong", "suggestion", "right"),
    [
        ("防汛抗早", "对照：部署、账号、账户、防汛、防汛抗旱", "防汛抗旱"),
        ("帐 号", "部署、账号、账户、防汛", "账号"),
        ("甲乙", "甲一、甲二、甲三、甲四、丙丁", "甲一、甲二、甲三"),
        ("布署", "写明甲、乙、丙、丁的途径", "写明甲、乙、丙、丁的途径"),
        ("不甲", "写明不甲、不乙的途径", "写明不甲、不乙的途径"),
    ],
)
def test_1_boundary_of_many_suggested_words_the_nearest_is_said(
    wrong: str, suggestion: str, right: str
) -> None:
    entry = fact(
        "lexicons", "typo", category="misspelling", effect="note", words=[wrong.replace(" ", "")],
        reason="常见错别字", suggestion=suggestion,
    )  # fmt: skip
    subject = post(body=f"会议研究{wrong}。")
    (found,) = judged(subject, recorded(archive(subject), "lexicons", [entry]))
    assert found.remedy and dict(found.remedy.values) == {"suggestion": right}


def test_1_boundary_a_kind_of_slip_is_told_once_in_a_passage() -> None:
    subject = post(title="检查,整改", body="甲,乙,丙。\n丁,戊。")
    assert [c.location.line for c in judged(subject)] == [line(subject, "title")[1], 40]


RED = {
    "title": "云岚市气象台发布暴雨红色预警",
    "body": "云岚市气象台11月3日6时15分发布暴雨红色预警信号：预计未来3小时有大暴雨。\n",
}
CRASH = {
    "title": "云麓区一厂房发生火灾，致3人死亡",
    "body": "11月2日3时20分，云麓区一厂房发生火灾，3人经抢救无效死亡。这是一起一般火灾事故。\n",
}
REFUTED = {
    "title": "网传鹿鸣水库溃坝不实",
    "body": "11月2日，网民发布鹿鸣水库溃坝视频。经核查，水库运行正常，该消息不实。\n",
}

TOLD_IN_TEXT = {"title": "情况通报", "body": "11月2日15时，某化工厂发生爆炸，造成3人死亡。\n"}
URGENT = {
    "title": "暴雨避险提示",
    "body": "市气象台刚刚发布暴雨红色预警。低洼地区群众请立即转移到安全地带。\n",
}
DENIED = {"title": "防汛提示", "body": "近日，网传“水库开裂”，经核实，该消息不实。\n"}


@pytest.mark.parametrize(
    "text",
    [
        {"title": "情况通报", "body": "2015年8月12日，某港口发生爆炸，造成165人死亡。\n"},
        {"title": "红色预警怎么办", "body": "气象台刚刚发布红色预警时，请立即转移。\n"},
        {"title": "抗洪纪实", "body": "7月12日6时，气象台发布红色预警，干部请群众立即转移。\n"},
        {"title": "演练通知", "body": "演练模拟：刚刚发布红色预警，请立即转移。\n"},
        {"title": "如何识别谣言", "body": "网传消息，经核实不实的，不要转发。\n"},
        {"title": "取暖提示", "body": "近日，外省一户居民煤炉中毒，2人死亡。请注意通风。\n"},
    ],
)
def test_1_accepted_history_exercises_and_teaching(text: dict[str, str]) -> None:
    subject = post(**text)
    found = judged(subject, archive(subject))
    assert Effect.REFUSE not in {c.effect for c in found if c.name in KINDS}


def test_1_accepted_a_tip_that_cites_a_case_of_another_year() -> None:
    subject = post(title="燃气提示", body="2019年11月2日，某小区燃气爆炸，致3人死亡。常查软管。\n")
    assert subjects_of(subject) == ()
    assert not any(c.name in KINDS for c in judged(subject))


@pytest.mark.parametrize("kind", ["notice", "tip"])
@pytest.mark.parametrize("year", ["", "2026年"])
def test_1_violated_the_dead_of_this_years_accident_without_an_hour(kind: str, year: str) -> None:
    body = f"{year}11月2日，岚城区某工地发生坍塌，造成三人死亡。\n"
    subject = post(title="冬季施工安全提示", kind=kind, body=body)
    found = judged(subject, archive(subject, mode=Mode.DRAFT))
    [kinds] = [c for c in found if c.name in KINDS]
    assert (kinds.effect, kinds.waivable) == (Effect.REFUSE, body[:-2])


def test_1_boundary_an_answer_to_a_citizen_may_refute() -> None:
    subject = post(kind="reply", **REFUTED)
    found = [c for c in judged(subject, archive(subject)) if c.name in KINDS]
    assert [c.effect for c in found] == [Effect.NOTE]


@pytest.mark.parametrize(
    ("text", "kind", "effect"),
    [
        (RED, "alert", Effect.REFUSE),
        (CRASH, "accident", Effect.REFUSE),
        (REFUTED, "rumor", Effect.REFUSE),
        (TOLD_IN_TEXT, "accident", Effect.REFUSE),
        (URGENT, "alert", Effect.REFUSE),
        (DENIED, "rumor", Effect.REFUSE),
    ],
)
def test_1_violated_the_same_text_as_notice_escapes_the_checks_of_its_kind(
    text: dict[str, str], kind: str, effect: Effect
) -> None:
    """Refused at the door, noted of what stands; a signed waiver may excuse it. Both cues are
    quoted."""
    subject = post(kind="notice", **text)
    draft = archive(subject, mode=Mode.DRAFT)
    (misfit,) = [c for c in judged(subject, draft) if c.name == "kind-differs"]
    assert (misfit.effect, bool(misfit.waivable)) == (effect, True)
    values = dict(misfit.message.values)
    assert values["right"] == kind
    assert values["words"] == misfit.waivable
    assert values["also"].split("…")[0] in text["title"] + text["body"]
    assert f"`kind: {kind}`" in str(misfit.remedy)
    standing = [c for c in judged(subject, archive(subject)) if c.message == misfit.message]
    assert [c.effect for c in standing] == [Effect.NOTE]
    right = post(kind=kind, alert=ALERT if kind == "alert" else None, **text)
    assert all(c.name not in KINDS for c in judged(right, archive(right)))


def test_1_violated_the_class_of_an_accident_told_in_a_notice() -> None:
    subject = post(kind="notice", **CRASH)
    draft = archive(subject, mode=Mode.DRAFT)
    found = [c for c in judged(subject, draft) if c.name == "accident-class-wrong"]
    assert [c.effect for c in found] == [Effect.REFUSE]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("冬季用火用电要小心，平时牢记三清三关，孩子不玩火。\n", True),
        ("市应急管理局召开寒潮防范部署会，要求各县区压实责任。\n", True),
        ("预计今晚有8级大风，请注意防范。\n", False),
        ("市气象台今日9时解除大风蓝色预警。\n", False),
    ],
)
def test_1_violated_a_tip_or_a_meeting_as_an_alert_is_noted(body: str, told: bool) -> None:
    draft = post(kind="alert", title="工作动态", alert=ALERT, body=body)
    names = [c.name for c in judged(draft, archive(draft))]
    assert ("kind-unsupported" in names) == told


def test_1_boundary_a_reprint_is_told_by_others_and_an_empty_kind_is_noted() -> None:
    reprint = post(kind="reprint", origin="reprint", **RED)
    assert all(c.name not in KINDS for c in judged(reprint, archive(reprint)))
    tip = post(kind="accident", body="出门前关好门窗，带好雨具。\n", title="周末出行提示")
    words = "kind-unsupported"
    assert [c.effect for c in judged(tip, archive(tip)) if c.name == words] == [Effect.NOTE]
