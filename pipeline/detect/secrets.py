"""Secrets of systems, and marks that a text is not for the public, in a text."""

import re
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.detect.folding import flat, fold
from pipeline.detect.forms import Forms
from pipeline.detect.private import Match
from pipeline.model.lazy import regex

_SHADOW = regex(
    r"[*×x.●•_\-]{3,}|<|\$?\{|^(?:your|my|the|example|sample)(?![a-z0-9])"
    r"|xxx|example|示例|请填|你的|占位",
    re.I,
)
"""What stands in place of a secret: stars, dots, a placeholder."""
_VALUE = r"[\"'“‘`「]?(?P<value>[!-&(-9;-_a-~]{%s})"
_ASSIGN = r"[\"'”]?\s{0,2}(?:[:=：]{1,2}|是|为|=>)\s{0,2}"
_SET = (
    r"[\"'”]?(?:\s{0,2}(?:[:=：]{1,2}|=>|是|为)"
    r"|[^。；\n:：=!-~]{0,6}?(?:就是|(?:统一|均|都|现|已)?为|默认|(?:设|改|换|重置|更新|调整|变更|修改)[成为]了?)"
    r"(?=\s{0,2}[!-~]{0,62}\d))\s{0,2}(?![!-~]{1,9}[位个次天])"
)
"""What joins a label and its value, also in prose: 初始密码统一为, 后台密码换成."""
_BESIDE = r"\s{0,2}(?P<value>(?=[!-~]{0,62}\d)(?=[!-~]{0,62}[a-z])[!-&(-9;-_a-~]{6,64})"
"""A value right behind its label holds letters and digits."""
_FORMS: tuple[tuple[str, tuple[str, ...], re.Pattern[str]], ...] = (
    (
        "private-key",
        ("private key",),
        regex(r"(?P<value>-----BEGIN (?:[A-Z0-9]{2,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----)"),
    ),
    (
        "app-secret",
        ("secret", "encodingaeskey", "应用密钥", "开发者密码"),
        regex(
            r"(?:app_?secret|client_?secret|secret_?key|access_?key_?secret|encodingaeskey|\bsecret|应用密钥"
            r"|开发者密码)(?:\s?[（(]\w{1,12}[)）])?" + _ASSIGN + _VALUE % "16,200",
            re.I,
        ),
    ),
    (
        "token",
        ("token", "api", "令牌", "ticket", "bearer"),
        regex(
            r"(?:(?:access|refresh|auth|api|bearer|id|jsapi)?[_\- ]?(?:token|ticket)"
            r"|api[_\- ]?key|令牌)"
            + _ASSIGN
            + _VALUE % "12,600"
            + r"|bearer\s(?P<bearer>[a-z0-9._\-]{20,600})",
            re.I,
        ),
    ),
    (
        "password",
        ("密码", "口令", "passw", "passcode", "pwd", "授权码", "访问码", "入会码", "验证口令"),
        regex(
            r"(?:密\s{0,3}码|口\s{0,3}令|password|passwd|passcode|\bpwd|授权码|访问码|入会码)(?:\s?[（(][^)）\n]{1,12}[)）])?"
            rf"(?:{_SET}{_VALUE % '4,64'}|{_BESIDE.replace('value', 'bearer')})",
            re.I,
        ),
    ),
    (
        "token",
        ("密钥", "accesskey", "access_key", "access key", "api", "webhook"),
        regex(
            r"(?:(?<!公)密钥|access[_\- ]?key(?:[_\- ]?id)?|api[_\- ]?key|webhook(?:地址|url)?)"
            r"(?:\s?[（(]\w{1,12}[)）])?"
            rf"(?:{_SET}{_VALUE % '8,300'}|{_BESIDE.replace('value', 'bearer')})",
            re.I,
        ),
    ),
    (
        "token",
        ("key=", "token=", "secret=", "sign="),
        regex(
            r"(?:[?&](?:access_token|token|secret|sign)|(?<![a-z])key)=(?P<value>[a-z0-9_\-]{16,200})",
            re.I,
        ),
    ),
    (
        "password",
        ("://",),
        regex(
            r"[a-z][a-z0-9+.\-]{1,12}://[^\s/:@]{1,64}:(?P<value>[^\s/]{3,64})@[a-z0-9.\-]{2,}",
            re.I,
        ),
    ),
    (
        "cloud-key",
        ("ltai", "akia", "akid", "ghp_", "sk-"),
        regex(
            r"(?<![A-Za-z0-9])(?P<value>(?:LTAI|AKIA|AKID)[A-Za-z0-9]{12,36}|ghp_[A-Za-z0-9]{30,40}"
            r"|sk-[A-Za-z0-9]{32,64})(?![A-Za-z0-9])"
        ),
    ),
    ("app-id", ("wx",), regex(r"(?<![A-Za-z0-9])(?P<value>wx[0-9a-f]{16})(?![A-Za-z0-9])")),
)
_ANY_CUE = regex("|".join(c for _, cues, _ in _FORMS for c in cues if c != "://"))
_UNCERTAIN = ("app-id",)

_LEVELS = r"绝\s{0,2}密|机\s{0,2}密|秘\s{0,2}密"
_LABELS = (
    r"内部(?:资料|文件|材料|刊物|使用|掌握|参考|参阅|传阅|文稿|信息|明电|传真(?:电报)?)|明传电报|密码电报|工作秘密|工作敏感信息"
    r"|敏感(?:资料|信息|数据)|非公开(?:资料|信息)"
)
_KEEP = (
    r"(?:(?:请)?(?:注意|妥善|严格|做好)保[存密管]|妥为保管"
    r"|(?:未经[^，。；\n]{1,8}[，,]?)?(?:不得|严禁|请勿|不要|不准|禁止|切勿|不可|不许|别|勿)(?:擅自|对外|向外|随意|私自|截[图屏]|拍照)?(?:在|向|到|通过)?(?:互联网|网[上络]|微信群|朋友圈)?[上中内]?"
    r"(?:外传|外泄|外发|往外[发传]|引用|登报|(?:发布|转发|传播|传输)(?!(?![到至给和])[一-鿿])|扩散|泄露|上网|翻印|复印|复制|摘抄|截[图屏]|拍照|对外提供|提供)"
    r"|(?:不得|严禁|禁止)(?:擅自)?(?:对外|向社会|通过互联网)(?:公开|公布|发布|传输|传播)|不得公开|不宜公开|仅[供限]内部[^，。；\n]{0,6})"
)
_DOCUMENT = (
    r"(?:纪要|通知|材料|资料|文件|讲话|方案|预案|简报|专报|[报通]告|通报|[文底初]稿|名单|通讯录|清单|台账"
    r"|报表|批示)"
)
_HIDDEN = r"(?:(?:不予|不宜|暂不|不得|不)(?:主动|对外|向社会)?公开|依申请公开)"
_UNPUBLISHED = rf"[此本](?:件|文|电|表|{_DOCUMENT})[^，。；\n]{{0,4}}?{_HIDDEN}(?=\W|$)"
_FEW = (
    r"(?!(?:仅|只)供参考)(?:仅|只|限|(?<![仅只])供)[^，。；\n]{0,14}?(?:参[阅考]|掌握|传阅|知[悉晓]|阅[知览读看研示]|查阅|研[究判]|留存|内部(?:使用|学习|交流|研判)(?:使用)?|本人|领导|成员|值班[员室]|专班"
    r"|[县处科]级|本单位|系统内?|局内|工作群|(?:班子|党组)[^，。；\n]{0,6}使用)"
)
_AFTER = r"[阅会用]后(?:请?(?:立?即|及时|统一)?(?:销毁|焚毁?|收回|退回|交回|删除|清退|粉碎))"
_EDGE = r"[^\w\n]{0,12}"
"""Marks, emoji and brackets around a mark that stands alone on its line."""
_WHOLE = rf"(?:{_LABELS}|{_KEEP}|{_FEW}|{_AFTER}|{_UNPUBLISHED}|特急|加急|急件)"
_MARKS = regex(
    rf"(?P<star>(?:{_LEVELS}|工作秘密|内部|(?:核心|普通)?商密)\s{{0,2}}[★☆*▲△]\s{{0,2}}(?:\d{{1,2}}\s?(?:年|个月)|长\s?期|解密)?)"
    rf"|(?P<whole>^{_EDGE}{_WHOLE}(?:[^\w\n]{{1,4}}{_WHOLE}){{0,4}}[】）)\]]?(?={_EDGE}$))"
    r"|(?P<field>(?:[涉保]?密\s{0,2}[等级][级别]?|密级|定密|保密期限|密级和保密期限)\s?[:：（(\s为是]\s?"
    rf"(?:{_LEVELS}|工作秘密|内部|长期|\d{{1,2}}年)|等级\s?[:：][^\n，。；]{{0,4}}[·\s、](?:{_LEVELS})|(?:知悉|传阅|阅知|接触)(?:范围|人员|对象)\s?[:：]|(?:传达|发[送放]|印发)(?:范围|对象)\s?[:：][^\n。；]{{0,12}}(?:领导|干部|成员|负责人|内部|党委|[县处科]级)|解密条件\s?[:：]|(?:保密期限|解密[时日][间期])(?:[:：至到]|\s)\s?(?:20)?\d\d|特急\s?[·、]?\s?(?:密(?![一-鿿])|(?:内部)?明电)"
    r"|[普核绝机]密电报|[截拍][图屏照]外[传发]|按涉密(?:文件|材料|事项)?管理|该(?:情况|信息|内容|事项)不宜公开|^\W{0,6}机要(?:文件|件)|不公开报道|[不得]登报|(?:传真|电报|[电函件])\s?[（(]密[）)]|[此本][件文]发至[^，。\n]{0,4}[级位门委]|^\W{0,6}密件[，,]"
    rf"|(?:公开(?:属性|方式|类[型别]|选项|形式|范围|情况|与否|要求)|(?:公文|文件|公开)标识)\s?[:：\s]\s?(?:{_HIDDEN}|[否不]|内部)|[☑√✓✔■●]\s?不(?:予)?公开"
    r"|(?:是否|可否|能否)(?:[^，。；\n:：]{0,4})公开\s?[:：]\s?[否不]|(?:主动|对外)公开\s?[:：]\s?否)"
    rf"|(?P<alone>^{_EDGE}(?:{_LEVELS}|[涉保]密|[军国][事家]秘密)(?:[文资材]?[件料])?{_EDGE}"
    r"(?:[特加平]急)?[^\w\n]{0,6}(?:$|[\U0001f300-\U0001faff]))"
    rf"|(?P<label>^{_EDGE}(?:{_LABELS}|非公开件|不公开件|密件)(?:{_EDGE}$|[·•!！勿请])"
    rf"|^{_EDGE}(?:内部(?:口径|资料|文件|材料|使用|掌握|传阅)[:：]|内参(?:第|[〔\[\s]|$)|(?:{_LEVELS})级(?:\s|$))|[（(]不(?:予)?公开[）)]|[【\[（(〔](?:{_LABELS}|(?:{_LEVELS})级?(?:\s?[\d一二三五十]{{1,2}}年|\s?长期)?|[军国][事家]秘密|涉密)"
    r"(?:[】\]）)〕]|[，,：:][^】\]）)\n]{0,16}[】\]）)])"
    rf"|^{_EDGE}[【\[（(〔]内部[】\]）)〕]|{_DOCUMENT}\s?[【\[（(〔]内部[^】\]）)\n]{{0,6}}[】\]）)〕]"
    rf"|[【\[（(〔]{_WHOLE}(?:[，,、；;\s]{{1,2}}{_WHOLE}){{0,3}}[】\]）)〕]"
    rf"|[本此](?:件|文|电|表|图|稿|册|{_DOCUMENT})(?:属于?|为|系|[列定确]+为)?(?:{_LABELS}|{_LEVELS}|国家秘密|涉密(?=\W|$)))"
    r"|(?P<copy>第\s?\d{2,6}\s?份[^\n]{0,12}?(?:[绝机秘]密)|份\s{0,4}号\s?(?:\d{3,6}|[:：]\s?\d{1,6})|(?:内部明电|明传电报|密电|密码电报)\s?[〔\[（(]?20\d\d"
    r"|[一-鿿]密(?:发|函|字|电)?[〔\[（(]20\d\d[〕\]）)])"
    r"|(?P<english>^\W{0,12}(?:(?:top )?secret|confidential)\W{0,12}$|internal use only)"
    rf"|(?P<spoken>{_LABELS})",
    re.MULTILINE,
)
_SAYS: Mapping[str, re.Pattern[str]] = {
    "this": regex(
        rf"(?:[本此该]|这[个份篇张件])[^，。；\n]{{0,3}}?(?:件|文|电|表|图|稿|册|数据|口径|底数|{_DOCUMENT}(?<!通告))|(?:以[上下]|上述|所附|下[列述])(?:为|[^，。；\n]{{0,4}}?(?:内容|数据|材料|情况|结论|信息|名单))"
        r"|^\W*[^\W\d]{0,6}(?:批示件?|纪要|材料|资料|讲话|方案|预案|简报|名单|名册|通讯录|清单|台账|报表|稿|底数|脚本|行程|记录)[，,：:\s]|会议[^，。\n]{0,4}(?:事项|内容)|所[讲述提][^，。\n]{0,4}"
    ),
    "ban": regex(
        r"(?:不[得准许要可能宜作做]|严禁|禁止|勿|别|一律不|不可)[^，。；\n]{0,10}?(?:外[传泄发流提报露借送宣]|往外|对外|流[出传]|扩散|登[报载]|刊[发登载]|见报|上网|上传|网[上络]|翻[印拍]"
        r"|复[印制]|拷贝|摘[抄录]|截[图屏]|拍[照摄]|引用|转[载发抄借让]|传[播输]|微信|朋友圈|带[出走离]|泄[露漏]|透露|披露|媒体|记者|群里|互联网|记录|录[音像]|公[开布])"
        r"|不(?:外报|外传|录音|记录|拍照|留[存底纸])|对外[^，。；\n]{0,4}不[提讲说答]|(?:[务敬]?请[^，。；\n]{0,3}?|注意|务必|严格)(?:予以)?保密(?!工作|[法局])"
        r"|(?:引用|转载|复制|使用)[^，。；\n]{0,2}[须需应请][^，。；\n]{0,6}(?:同意|批准|许可)"
    ),
    "few": regex(_FEW),
    "after": regex(
        r"[阅会用看读][后完][^，。；\n]{0,6}?(?:销毁|焚毁?|收回|退回|交[回还]|删|清退|粉碎|存档|撤|归还)|(?:麻烦|请)[^，。；\n]{0,4}(?:删|撤回)"
    ),
    "not yet": regex("(?:未|没有?)(?:主动|对外|向社会|正式)*(?:公[开布]|定稿|[经审]审定)"),
    "unpublished": regex(
        r"(?:暂[不缓勿]|不[予宜让能]|不)(?:主动|对外|向社会|正式)*(?:公[开布]|刊发|上网)|暂?不对外(?=[，。；]|$)|暂不对外|送审稿|讨论稿|待发布|内控"
    ),
    "internal": regex(
        rf"(?:^|[，,、：:（(【\s属为是系含])(?:{_LABELS}|内部(?:口径|交流|决策|联系|会议[^，]{{0,2}}|数据|稿|工作用[^，]{{0,2}}|征求[^，]{{0,4}}|表|件|版|研究)|内部的|涉密(?:[^，。\n]{{0,2}}[件料])?|(?:商业)?(?:{_LEVELS})级?|敏感(?:信息|数据|内容)?|稳控[^，]{{0,4}}|涉稳[^，]{{0,4}}|重点人员[^，]{{0,4}})"
        r"(?=[，,：:）)】\s]|$)|内部(?:掌握|使用|参考|交流|研判)(?=[，,：:）)】\s]|$)|局内参考|(?:明传|密码)电报(?=[，,])"
        r"|(?<![a-z])(?:confidential|classified|internal use|top secret)"
    ),
    "copied": regex(r"原文照[登录]|照[登录]如下|(?:全文|原文|摘录)(?:刊登)?如下"),
}
"""What a sentence may say of a text: two of these make a mark, the text alone says nothing."""
_TALK = regex(
    r"谣|不实|虚假|核实|举报|个人信息|居民|法》|条例|处分|承诺书|协议|宣传(?!使用)|培训|教育|应当|依法|视频|现场"
)
_SENTENCE = regex(r"[^。；;！!？?\n]+")
_MARK_CUES = Forms(
    r"[绝机秘]\s{0,2}密|[涉保普核]密|机要|商密|[（(]密[）)]|暂不对外|密[级件发函字电]|密(?=\W)|内部|[明传码密]电|工作秘密|敏感[资信数]|公开|份号|外传|外泄|外发|往外|扩散|登报|发至|解密|商密|急[·、]?密|互联网|带走|转发|引用|传阅|严格保|上网"
    r"|对外|公布|传播|传输|参阅|带出|收回|看完|传达|发[送放]|批示|征得|内参|透露|披露|未定|照[登录]|保密|麻烦|注意保|知悉|份[^\n]{0,12}[绝机秘]密|secret|confidential|internal|[阅会用]后|[仅只][限供]"
)
_SPOKEN = regex(
    r"(?:保守|泄露|泄漏|窃取|刺探|涉及|属于|危害|保护|知悉|接触|以|擅自|非法|传播|发布|携带|处理|存储|不得将|不得|严禁|禁止|防止"
    r"|国家秘密、|商业秘密、|和|与|或|及|、)$"
)


def secrets(text: str) -> tuple[Match, ...]:
    """Keys, tokens and passwords: app-secret, token, password, private-key, cloud-key, app-id.

    Placeholders and stars are none. An app-id is public knowledge to any client, so uncertain.
    """
    return tuple(sorted(set(_secrets(text)), key=lambda f: (f.start, f.end, f.kind)))


@lru_cache(maxsize=8)
def speaks_of_secrets(text: str) -> bool:
    """Whether a text has one of the words that every secret needs; nearly no text has."""
    plain = fold(text).text
    # An address is no secret by itself: a password in it stands before an @.
    return ("://" in plain and "@" in plain) or _ANY_CUE.search(plain) is not None


def _secrets(text: str) -> Iterator[Match]:
    if not speaks_of_secrets(text):
        return
    plain = fold(text).text
    forms = [(kind, form) for kind, cues, form in _FORMS if any(cue in plain for cue in cues)]
    yield from _in(text, forms)
    if "|" in text:
        yield from (
            replace(m, start=flat(text).origin[m.start], end=flat(text).origin[m.end - 1] + 1)
            for m in _in(flat(text).text, forms)
        )


def _in(text: str, forms: Sequence[tuple[str, re.Pattern[str]]]) -> Iterator[Match]:
    for kind, form in forms:
        for match in form.finditer(text):
            group = "value" if match.groupdict().get("value") is not None else "bearer"
            value = match[group].rstrip("\"'”’`」。，,;；)）")
            if kind == "private-key" or (_is_secret(value) and _strong(kind, value)):
                start = match.start(group)
                yield Match(kind, start, start + len(value), kind not in _UNCERTAIN)


def _is_secret(value: str) -> bool:
    varied = len(set(value)) > 2 or value.isdecimal()  # 888888 is a password, xxxxxx is none
    return len(value) > 3 and not _SHADOW.search(value) and varied


def _strong(kind: str, value: str) -> bool:
    """Long values look random: letters and digits; a password is any word that is no sentence."""
    if kind in ("password", "app-id", "cloud-key"):
        return True
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


def secrecy_marks(text: str) -> tuple[Match, ...]:
    """Marks such as 机密★10年 (certain), and words such as 内部资料 in a sentence (uncertain).

    Talk of secrets, as in 保守国家秘密、工作秘密, is no mark.
    """
    read = flat(text)
    if not _MARK_CUES.stand_in(read.text):
        return ()
    # As written too: a mark stands on a line of its own, and the one form joins lines.
    marks = {(*read.span(start, end), sure) for start, end, sure in _all_marks(read.text)}
    return tuple(Match("secrecy-mark", *m) for m in sorted({*_all_marks(text), *marks}))


def _all_marks(text: str) -> Iterator[tuple[int, int, bool]]:
    """(start, end, certain) of every mark, from the lines that speak of secrecy at all."""
    end = -1
    cues = [at for _, at, _ in _MARK_CUES.matches(text)]
    for cue in cues:
        if cue > end:
            start = text.rfind("\n", 0, cue) + 1
            end = text.find("\n", cue) % (len(text) + 1)
            marks = [*filter(None, map(_mark, _MARKS.finditer(text, start, end)))]
            yield from marks
            for m in _SENTENCE.finditer(text, start, end):
                apart = all(s >= m.end() or e <= m.start() for s, e, certain in marks if certain)
                if (
                    apart
                    and bisect(cues, m.start() - 1) < bisect(cues, m.end())
                    and _is_stated(m[0])
                ):
                    yield (*m.span(), True)


def _is_stated(sentence: str) -> bool:
    if _SAYS["unpublished"].fullmatch(sentence.strip()):
        return True
    kinds = {kind for kind, form in _SAYS.items() if form.search(sentence)}
    return (
        len(kinds) > 1
        and kinds not in ({"this", "internal"}, {"this", "not yet"}, {"this", "copied"})
        and not _TALK.search(sentence)
    )


def _mark(match: re.Match[str]) -> tuple[int, int, bool] | None:
    """(start, end, certain); None for talk of secrets."""
    certain = match.lastgroup != "spoken"
    before = match.string[max(0, match.start() - 8) : match.start()]
    if not certain and _SPOKEN.search(before.rpartition("\n")[2]):
        return None
    return match.end() - len(match[0].lstrip()), match.end(), certain


# The strength of a password in two figures; the password itself is not stored (Article 14(1)).


@dataclass(frozen=True)
class Strength:
    """What is recorded of a password."""

    classes: int
    """Kinds of characters it holds: digits, letters, symbols (0 to 3)."""
    long_enough: bool


def strength(password: str, least: int) -> Strength:
    """Measure a password against a least length in characters."""
    digits = any(c.isdigit() for c in password)
    letters = any(c.isalpha() for c in password)
    symbols = any(not c.isalnum() and not c.isspace() for c in password)
    return Strength(digits + letters + symbols, len(password) >= least)
