"""Words that press, sell or gossip in one sentence, and are plain speech in another."""

import pytest

from pipeline.detect.alerts import wrong_pairs
from pipeline.detect.words import purposes
from tests.corpora.precision import TERMS


def kinds(text: str) -> set[str]:
    return {entry["category"] for *_, entry in purposes(text)}


@pytest.mark.parametrize(
    "text",
    [
        "请参训人员扫码进群领取培训资料。", "扫描二维码进群，领取课件和报名表。",
        "为救援英雄点赞，为平凡坚守致敬，人人都是安全员。",
        "凌晨3时，疑似瓦斯泄漏，消防员紧急处置。", "凌晨突降暴雨，路面塌陷，疑似地下管网破损。",
        "便民服务站提供免费代办服务，群众可电话预约，工作人员上门办理。",
        "为行动不便群众代办社保年审，欢迎来电咨询。",
        "请于11月30日前登录省政务服务网，上传有关材料，再来窗口领取证书。",
        "访客扫码登记，住户凭门禁卡进入。", "值守人员一律刷门禁卡打卡考勤。",
        "应急救护员培训免费，名额有限，欢迎报名，电话12345。",
        "市应急管理局举办安全员培训班，名额有限，报满为止，请到政务服务中心报名。",
        "免费消防体验课周六开课，名额有限，先到先得，请市民报名参加。",
    ],
)  # fmt: skip
def test_plain_speech_is_left_alone(text: str) -> None:
    assert kinds(text) == set()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("必须扫码进群领取资料，否则通报。", "forced-sharing"),
        ("扫码进群领取红包，邀请好友再领一份。", "forced-sharing"),
        ("所有干部须为本局作品点赞，截图上报。", "forced-sharing"),
        ("为消防员视频点赞，每人必须完成点赞任务。", "forced-sharing"),
        ("代办各类资质证书，包过，电话联系，优惠多多。", "advertising"),
        ("安全员培训班980元，名额有限，扫码报名。", "advertising"),
        ("消防证免费培训，名额有限，先到先得，包过拿证。", "advertising"),
        ("少儿编程免费公开课，名额有限，扫码报名。", "advertising"),
        ("免费急救体验课，名额有限，报名就送精美礼品。", "advertising"),
        ("凌晨被拍到与女星举止亲密", "entertainment"),
        ("每天打卡，未打卡的通报。", "forced-sharing"),
    ],
)
def test_the_same_words_that_press_sell_or_gossip_are_found(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "防汛响应提升为Ⅲ级，暴雨红色预警信号仍在生效。", "暴雨红色预警，防汛Ⅲ级。",
        "市防指启动防汛Ⅲ级响应，市气象台发布暴雨红色预警。",
    ],
)  # fmt: skip
def test_the_level_of_a_response_is_none_of_the_warning_beside_it(text: str) -> None:
    assert wrong_pairs(text) == ()


@pytest.mark.parametrize(
    "text",
    ["暴雨红色预警（Ⅲ级）", "市气象台发布暴雨橙色预警，预警级别为Ⅲ级。", "防汛Ⅲ级（红色）预警"],
)
def test_a_warnings_own_level_is_still_compared(text: str) -> None:
    assert len(wrong_pairs(text)) == 1


@pytest.mark.parametrize("text", ["人民政府府前广场", "云岚市人民政府府前街", "人民法院院内"])
def test_a_bodys_last_sign_may_begin_the_next_word(text: str) -> None:
    assert TERMS.find(text) == ()


@pytest.mark.parametrize("text", ["云岚市人民政府府印发通知", "人民政府府发布通知"])
def test_a_doubled_sign_is_still_a_slip(text: str) -> None:
    assert len(TERMS.find(text)) == 1
