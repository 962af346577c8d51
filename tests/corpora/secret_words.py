"""Secrets of systems and marks of secrecy, and talk about them."""

# ruff: noqa: E501  # sentences, several to a line

import random

from tests.corpora.frames import Row, balanced, row

KEYS = (
    "AppSecret: {hex}", "app_secret={hex}", "appsecret：“{hex}”", "应用密钥为{hex}。", "开发者密码(AppSecret)：{hex}", "client_secret = '{hex}'", "EncodingAESKey={hex}abcdefghijk",
    "access_token={tok}", "token: {tok}", "api_key=\"{tok}\"", "Authorization: Bearer {tok}", "jsapi_ticket：{tok}", "令牌：{tok}", "https://api.example.cn/x?access_token={tok}&t=1",
    "密码：{pw}", "后台密码是{pw}，请勿外传。", "password: {pw}", "pwd={pw}", "登录口令为 {pw}", "密码（初始）：{pw}", "passwd = '{pw}'", "WiFi密码：{pw}", "账号admin 密码:{pw}", "| 口令 | 口令：{pw} |",
    "https://admin:{pw}@cms.example.cn/login", "mysql://root:{pw}@10.0.0.8:3306/db", "-----BEGIN RSA PRIVATE KEY-----", "-----BEGIN OPENSSH PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN EC PRIVATE KEY-----", "LTAI{up}{up}", "key: AKID{up}{up}", "sk-{hex}",
)  # fmt: skip
NO_KEYS = (
    "密码：由数字、字母和特殊符号组成", "密码每3个月变更一次。", "请勿泄露密码和验证码。", "密码为8位以上", "password: ********", "密码：******", "pwd=xxxxxx", "token: <your-token>", "AppSecret=${SECRET}",
    "密码：（另行通知）", "密码是隐私，不要告诉他人。", "口令红包不要点。", "口令：听到哨声就走", "sha256 {hex}{hex}", "提交{hex}的修改", "文件校验值：{hex}", "本次演练口令简洁明了。", "忘记密码请点“找回”。",
    "公钥指纹SHA256:{up}{up}", "-----BEGIN PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", "access_token过期后重新获取", "令牌环网已淘汰", "token：见接口文档", "密钥由专人保管。",
    "秘书科secret santa活动取消", "api key申请流程：先注册", "密码学讲座周五举行", "验证码5分钟内有效，请勿转发。", "https://www.example.gov.cn/a?id={n}", "https://example.cn:8443/path", "secret: example_secret_value_here",
    "密码是否定期更换：是", "密码强度：至少使用数字、字母、特殊符号中的2种", "开发者密码需要重置", "password = your_password_here", "统一身份认证密码重置公告", "示例：password: 示例密码", "管理员口令应当定期更换", "编号{hex}", "用户名：test，密码：",
)  # fmt: skip
MARKS = (
    "机密★{n}年", "秘密★", "绝密★启用前", "机密 ★ {n} 年", "秘密☆6个月", "密级：机密", "密 级：秘密", "密级：内部", "保密期限：{n}年", "机密", "绝 密", "**秘密**", "【机密】", "【内部资料】", "（内部文件）", "[内部使用]",
    "内部资料，注意保存", "内部资料 注意保存", "内部文件，不得外传", "内部材料、严禁外传", "工作秘密", "【工作秘密】", "份号：00{n}12", "份 号: 12{n}", "内部明电〔2026〕{n}号", "明传电报〔2026〕{n}号", "内部明电",
    "注意保存", "不得外传", "（严禁外传）", "内部刊物，请注意保存", "请勿外传", "仅供内部", "内部参考，不得公开", "> 内部传真", "# 内部资料", "工作敏感信息", "敏感资料，不得公开",
)  # fmt: skip
NO_MARKS = (
    "保守国家秘密是公民的义务。", "泄露国家秘密、工作秘密的，依法处理。", "商业秘密受法律保护。", "机密级计算机不得联网。", "学习《保守国家秘密法》。", "秘密投票选出组长。", "举报人信息注意保密。", "请注意保存小票和凭证。",
    "食品要注意保存期限。", "内部装修须用阻燃材料。", "仓库内部文件柜已移走。", "大厦内部使用阻燃电缆。", "单位内部使用的锅炉也要检验。", "加强内部管理。", "密级目录由保密办管理。", "涉密人员不得携带手机。", "举报电话严格保密。",
    "严禁将内部资料上传网络。", "不得传播内部文件。", "保密期限届满自行解密的规定见第19条。", "份数不少于3份。", "每份号码布领取一张。", "请保存好避难场所名单。", "绝密档案是一部电影名。", "这条街有个秘密花园。", "机密性、完整性和可用性是三要素。",
    "不得公开他人隐私。", "不宜公开的信息依法不予公开。", "隐患线索不得外传的要求已取消，欢迎公开监督。", "非公开招标改为公开招标。", "电报大楼修缮完工。", "敏感人群减少外出。", "对气味敏感的人请注意。", "内部交通组织调整。", "密封作业要通风。", "机密室建设标准出台", "涉及工作秘密的会议不直播。", "擅自发布工作秘密要追责。",
    "秘密级文件的销毁有专门规定。", "小区内部道路限速。",
)  # fmt: skip
FRAMES = (
    "{}",
    "{}",
    "附：\n{}\n以下为正文。",
    "云岚市某单位\n{}\n\n会议纪要",
    "{}\n\n一、基本情况",
    "标题\n\n{}\n\n正文。",
)
INLINE = ("{}", "提醒：{}", "- {}", "据介绍，{}", "{}\n欢迎转发。")


def secret_keys(rng: random.Random) -> list[Row]:
    rows = [
        row(True, "secret", rng.choice(INLINE).replace("{}", _filled(rng, k))) for k in KEYS * 8
    ]
    quiet = [rng.choice(INLINE).replace("{}", _filled(rng, k)) for k in NO_KEYS * 8]
    return balanced(rng, rows + [row(False, "talk", text) for text in quiet], 320)


def secrecy(rng: random.Random) -> list[Row]:
    rows = [row(True, "mark", _framed(rng, m)) for m in MARKS * 9]
    quiet = [rng.choice(INLINE).replace("{}", m) for m in NO_MARKS * 9]
    return balanced(rng, rows + [row(False, "talk", text) for text in quiet], 300)


def _framed(rng: random.Random, mark: str) -> str:
    text = rng.choice(FRAMES).replace("{}", mark)
    return text.replace("{n}", str(rng.randrange(5, 30)))


def _filled(rng: random.Random, text: str) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    drawn = {
        "{hex}": "".join(rng.choices("0123456789abcdef", k=32)),
        "{tok}": f"{rng.randrange(10, 99)}_{''.join(rng.choices(letters.lower(), k=40))}",
        "{pw}": f"{rng.choice(('Yl', 'Anlan', 'yjj'))}{rng.choice('@#!_')}{rng.randrange(1000, 9999)}",
        "{up}": "".join(rng.choices(letters, k=10)),
        "{n}": str(rng.randrange(10, 9999)),
    }
    for place, value in drawn.items():
        text = text.replace(place, value)
    return text


MAKERS = {"secrets": secret_keys, "secrecy": secrecy}
