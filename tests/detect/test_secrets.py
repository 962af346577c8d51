"""Secrets of systems and marks of secrecy: kinds, offsets, placeholders, mere talk."""

import pytest

from pipeline.detect.secrets import secrecy_marks, secrets

HEX = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("text", "kind", "stretch"),
    [
        (f"AppSecret：{HEX}", "app-secret", HEX),
        (f"client_secret='{HEX}'", "app-secret", HEX),
        ("access_token=72_abcdef0123456789", "token", "72_abcdef0123456789"),
        (f"Authorization: Bearer {HEX}", "token", HEX),
        ("密码：Yl@2026jj。", "password", "Yl@2026jj"),
        ("mysql://root:Yl@2026jj@10.0.0.8/db", "password", "Yl@2026jj"),
        ("-----BEGIN PRIVATE KEY-----", "private-key", "-----BEGIN PRIVATE KEY-----"),
        ("LTAI0123456789abcd", "cloud-key", "LTAI0123456789abcd"),
    ],
)
def test_secrets_and_where_they_stand(text: str, kind: str, stretch: str) -> None:
    assert [(f.kind, text[f.start : f.end], f.certain) for f in secrets(text)] == [
        (kind, stretch, True)
    ]


def test_an_app_id_is_not_certain() -> None:
    [found] = secrets("小程序wx0123456789abcdef上线")
    assert (found.kind, found.certain) == ("app-id", False)


@pytest.mark.parametrize(
    "text",
    [
        "密码：由数字、字母组成", "password: ********", "pwd=xxxxxx", "token: <your-token>",
        "AppSecret=${SECRET}", f"sha256 {HEX}{HEX}", "-----BEGIN PUBLIC KEY-----", "密码：aaaa",
    ],
)  # fmt: skip
def test_what_is_no_secret(text: str) -> None:
    assert secrets(text) == ()


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("机密★10年", "机密★10年"),
        ("标题\n绝 密\n正文", "绝 密"),
        ("密级：秘密", "密级：秘密"),
        ("【内部资料】", "【内部资料】"),
        ("内部文件，不得外传。", "内部文件，不得外传"),
        ("份号：000012", "份号：000012"),
        ("内部明电〔2026〕3号", "内部明电〔2026"),
    ],
)
def test_marks_of_secrecy(text: str, stretch: str) -> None:
    [found] = secrecy_marks(text)
    assert (text[found.start : found.end], found.certain) == (stretch, True)


@pytest.mark.parametrize(
    "text",
    ["本会议纪要未公布，不得对外发布。", "本纪要未公布的内容不得外传。", "尚未公布，不得外传。"],
)
def test_a_paper_in_hand_that_is_not_published_bears_a_mark(text: str) -> None:
    assert [mark.certain for mark in secrecy_marks(text)] == [True]


def test_words_in_a_sentence_are_not_certain() -> None:
    [found] = secrecy_marks("本刊为内部资料")
    assert found.certain is False


@pytest.mark.parametrize(
    "text",
    [
        "保守国家秘密、工作秘密。",
        "不得传播内部文件。",
        "举报人信息注意保密。",
        "内部装修",
        "会议纪要未公布的事项不得对外发布。",
        "严禁将会议未公布的内容发到群里。",
        "",
    ],
)
def test_talk_of_secrets_is_no_mark(text: str) -> None:
    assert secrecy_marks(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "系统初始口令均为 Yl#88990，请修改。",
        "| 账号 | 初始密码 |\n|---|---|\n| ajj01 | Aq2026! |",
        "后台密码换成 yunlan.119 了", "密　码：yl2026", "解压密码ylyjj0601", "入会密码：0512",
        "会议密码：888888",
        "接口密钥：b7Qx-92Lm-Zp4t-0001", "X-Api-Key: yl-demo-7f3e9ab2c1d04e58",
        "https://example.cn/send?access_token=0a1b2c3d4e5f60718293", "邮箱授权码：abcdxyzwefghmnop",
    ],
)  # fmt: skip
def test_passwords_in_prose_and_keys_of_platforms(text: str) -> None:
    assert any(match.certain for match in secrets(text))


@pytest.mark.parametrize(
    "text",
    [
        "密码为8-16位字母和数字组合", "采用SM4密钥加密", "公钥指纹：SHA256:abcdEFGH1234",
        "密码错误5次锁定30分钟",
        "检查发现3家单位使用“123456”等弱口令", "商用密码产品认证号 SM0012-2026",
        "初始密码以短信方式发送",
    ],
)  # fmt: skip
def test_talk_of_passwords_is_none(text: str) -> None:
    assert [m for m in secrets(text) if m.certain] == []


@pytest.mark.parametrize(
    "text",
    [
        "| 密级 | 机密 |\n|---|---|\n| 份数 | 3 |", "份号 000128\u3000机密",
        "（涉密，会后收回）\n讲话提纲",
        "🤫机密文件🤫 看一眼", "非公开件·勿上网", "CONFIDENTIAL\n草案", "云应急密〔2026〕3号",
        "本材料仅供内部参阅，阅后请销毁。", "所讲事项不得外传，不得记录，不得录音", "（军事秘密）",
        "**内部**资料，仅限工作专班使用", "不得对外公开，仅限党组成员掌握",
    ],
)  # fmt: skip
def test_marks_of_secrecy_in_every_setting(text: str) -> None:
    assert any(m.certain for m in secrecy_marks(text))


@pytest.mark.parametrize(
    "text",
    [
        "本通道仅供内部车辆使用。", "请勿将不实视频外传", "按机密级管理，严禁泄露", "仅供参考",
        "（涉密人员管理培训）", "只限指定人员参阅文件",
        "严禁泄露举报人信息，不得拍照",         "脱密处理后公开",
    ],
)  # fmt: skip
def test_talk_of_secrecy_is_no_mark(text: str) -> None:
    assert not any(m.certain for m in secrecy_marks(text))


@pytest.mark.parametrize(
    ("text", "certain"),
    [
        ("仅供内部参考", True), ("内部参考 妥善保管", True), ("会议纪要（内部）", True),
        ("（此件不予公开）", True), ("公开属性：不予公开", True), ("是否公开：否", True),
        ("本文件属于工作秘密，未经批准不得对外提供", True),
        ("送审稿，请勿外传", True), ("此文件涉密，请勿传输", True),
        ("这份名单是网传的谣言，请勿转发", False), ("法院依法不公开审理", False),
        ("（此件公开发布）", False), ("公开属性：主动公开", False), ("## 不予公开的情形", False),
        ("涉及国家秘密的，不予公开", False),
    ],
)  # fmt: skip
def test_marks_of_internal_use_and_of_what_is_not_published(text: str, certain: bool) -> None:
    assert any(m.certain for m in secrecy_marks(text)) == certain


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("该名册只供值班室留存，不准拍照带走。", True),
        ("以下数据不外报，仅用于内部研判。", True),
        ("这是给专班看的底稿，不对外，看完即删", True),
        ("严禁将内部资料上传网络。", False),
        ("本通告所列场所，严禁吸烟，严禁拍照炫耀", False),
        ("该名单暂未公布，请留意后续通知。", False),
        ("请勿转发未经核实的视频，不信谣、不传谣。", False),
    ],
)
def test_two_of_the_things_a_sentence_says_of_a_text_make_a_mark(text: str, marked: bool) -> None:
    assert any(m.certain for m in secrecy_marks(text)) is marked
