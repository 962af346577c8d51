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


def test_words_in_a_sentence_are_not_certain() -> None:
    [found] = secrecy_marks("本刊为内部资料")
    assert found.certain is False


@pytest.mark.parametrize(
    "text",
    ["保守国家秘密、工作秘密。", "不得传播内部文件。", "举报人信息注意保密。", "内部装修", ""],
)
def test_talk_of_secrets_is_no_mark(text: str) -> None:
    assert secrecy_marks(text) == ()
