"""The button on a page against those who forge evidence or change what the page shows."""

import json
import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Browser, Page, Route

from pipeline.evidence.review.statements import NAMESPACE, digest
from pipeline.evidence.ssh.keys import PublicKey
from pipeline.evidence.ssh.sshsig import verify
from pipeline.evidence.ssh.webauthn import challenge
from tests.browser.serving import LAYOUTS, POST, pressed, verdict
from tests.evidence.taken_apart import as_passkey
from tests.report.samples import PROGRAM
from tests.site import sample
from tests.site.sample_registers import seed, sign
from tools.sign_in_process import DESK

pytestmark = pytest.mark.browser
Bundle = dict[str, Any]
Change = Callable[[Bundle], Any]


def _serve(page: Page, pattern: str, change: Callable[[str], str]) -> None:
    """Serve one file of the site with its text changed."""
    page.route(pattern, lambda r: r.fulfill(body=change(page.request.get(r.request.url).text())))


def _refused(page: Page, change: Callable[[str], str]) -> str:
    """What is said of a changed evidence file, which is never found right."""
    _serve(page, "**/evidence.json", change)
    result, said = pressed(page)
    assert result == "bad", said
    return said


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


DRESS = re.compile(
    r'<link rel="stylesheet"[^>]*>|<script(?![^>]*(?:verify\.js|__config))[^>]*>.*?</script>', re.S
)


def _bare(page: Page, change: Callable[[str], str] = str) -> None:
    """Serve the post's page, changed, without its looks. To draw them anew for each forgery takes
    as long as to refuse it; the button finds the page as it is published."""

    def answer(route: Route) -> None:
        served = page.request.get(route.request.url)
        html = change(served.text())
        opened = route.request.resource_type == "document"
        route.fulfill(response=served, body=DRESS.sub("", html) if opened else html)

    page.unroute_all()
    page.route(f"**/{POST}", answer)


@pytest.fixture(scope="module")
def shared_post(browser: Browser, address: str) -> Iterator[Page]:
    with browser.new_context() as context:
        page = context.new_page()
        _bare(page)
        page.goto(address + POST)
        yield page


@pytest.fixture
def post(shared_post: Page) -> Page:
    """A post's page that stays open, for tests that change what its button fetches."""
    _bare(shared_post)
    return shared_post


def test_the_answer_says_what_was_checked_and_what_was_not(page: Page, address: str) -> None:
    result, said = verdict(page, address + POST)
    assert result == "good", said
    assert said.count("✓ ") == 10  # sentence, post, steps, log, two files, page
    assert "与本站封签一致" in said
    assert f"由三审 {PROGRAM.version} 建成，程序摘要 {PROGRAM.digest[:12]}…" in said
    assert "✗" not in said
    line = next(k for k in sample.make().archive.registers.roster.keys if k.person == "xxy-a")
    assert f"初审：签名有效，声明所写角色：政务新媒体信息员，密钥 {line.fingerprint}" in said
    final = next(k for k in sample.make().archive.registers.roster.keys if k.person == "ld-a")
    assert f"角色：分管领导，通行密钥（签名网页 {DESK}） {final.fingerprint}" in said
    assert re.search(r"文件 post\.md：与签名时的内容一致，sha256 [0-9a-f]{12}…", said)
    assert "第 1 版" in said
    assert "签名覆盖原稿、图片和附件的原件，全部公开文件与签名时一致" in said
    assert "没有签名，只与日志封签写明的网站文件一致" in said
    assert "与签名的原稿逐字比对要用 verify-site" in said
    assert (
        page.locator(".sn-proof pre").text_content()
        == page.request.get(f"{address}{POST}post.md").text()
    )
    digest = sample.make().archive.registers.roster.digest
    assert f"○ 请与本站以外公布的核对：evidence/roster.yml 的 sha256 {digest}；日志公钥 " in said


SHAPES = (sample.PLAIN, sample.ALERT, sample.LONG, sample.WITHDRAWN)


def test_every_honest_page_is_green(tab: Page, address: str) -> None:
    """Of every shape; in `make layouts` those of the same shape, too. Four of them on a phone:
    smaller pictures, tables as cards, a folded menu."""
    told = {}
    for post in sorted(sample.make().archive.posts, key=SHAPES.__contains__):
        if post in SHAPES:
            tab.set_viewport_size({"width": 390, "height": 844})
        if LAYOUTS or post in SHAPES or not post.endswith("-tip"):
            told[post] = verdict(tab, f"{address}posts/2026/{post}/")
    assert told.keys() > {*SHAPES}
    assert {i: said for i, (result, said) in told.items() if result != "good"} == {}
    gone = told[sample.WITHDRAWN][1]
    assert "本条已撤回，文字和文件无从与签名核对" in gone
    assert "全部公开文件" not in gone


def _set(*route: Any) -> Change:
    """Put the last value at the route of keys before it."""
    *way, key, value = route

    def change(bundle: Bundle) -> None:
        place: Any = bundle
        for step in way:
            place = place[step]
        place[key] = value

    return change


def _flipped(bundle: Bundle) -> None:
    statement = b64decode(bundle["steps"][1]["statement"]).replace(b'"approve"', b'"approvf"')
    bundle["steps"][1]["statement"] = b64encode(statement).decode()


def _of_keys(**values: Any) -> Change:
    def change(bundle: Bundle) -> None:
        for key in bundle["keys"]:
            key.update(values)

    return change


def _leaf(old: str, new: str) -> Change:
    def change(bundle: Bundle) -> None:
        bundle["log"]["leaf"] = re.sub(old, new, bundle["log"]["leaf"])

    return change


def _with_armor(bundle: Bundle) -> None:
    armor = b64decode(bundle["steps"][3]["signature"]).replace(b"\n-----END", b"\n\n-----END")
    bundle["steps"][3]["signature"] = b64encode(armor).decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_flipped, "签名与声明不符"),
        (lambda b: b["steps"][1].update(signature=b["steps"][0]["signature"]), "签名与声明不符"),
        (lambda b: b["steps"].pop(2), "缺少这一步的记录"),
        (lambda b: b["keys"].pop(), "不在名册中"),
        (_of_keys(until="2025-01-01T00:00:00+08:00"), "已经失效"),
        (_of_keys(person="somebody"), "不属于声明中的审核人"),
        (_of_keys(void=True), "泄露作废"),
        (_set("files", 0, "sha256", "0" * 64), "文件清单不符"),
        (lambda b: b["files"].append({"name": "x", "sha256": "0" * 64, "url": None}),
         "文件清单不符"),
        (_set("post", "2026-01-01-other"), "另一篇内容"),
        (_leaf("confirmation", "confirmatiom"), "另一份确认"),
        (_leaf("[0-9a-f]{64}", "0" * 64), "另一份确认"),
        (lambda b: b["log"].update(index=b["log"]["index"] - 1), "算不出它所说的根"),
        (lambda b: b["log"]["hashes"].pop(), "不完整"),
        (lambda b: b["log"]["hashes"].append(b["log"]["root"]), "太长"),
        (_set("log", "size", 10**6), "日志证明不完整"),
        (_set("log", "root", b64encode(b"x" * 32).decode()), "算不出它所说的根"),
        (_set("log", "origin", "elsewhere.example/x"), "另一份日志"),
        (lambda b: b.pop("log"), "没有日志证明"),
        (_set("keys", -1, "fingerprint", "SHA256:FORGED"), "指纹不是这把密钥的"),
        (_leaf("confirmation", "publication"), "另一份确认"),
        (lambda b: b["log"].update(leaf=" " + b["log"]["leaf"]), "另一份确认"),
        (lambda b: b["log"].update(index=b["log"]["index"] + 0.5), "位置不对"),
        (lambda b: b["steps"].append(b["steps"][0]), "四步不齐或次序不对"),
        (lambda b: b["steps"][0].update(step="second"), "另一步"),
        (lambda b: b["steps"].append(b["steps"][0] | {"step": "extra"}), "四步不齐或次序不对"),
        (lambda b: b["steps"].reverse(), "四步不齐或次序不对"),
        (lambda b: b["files"].append(b["files"][0]), "文件清单不对"),
        (_set("files", 0, "url", None), "公开地址不对"),
        (_set("files", 0, "url", "copy.md"), "公开地址不对"),
        (_set("files", 1, "url", "../stove.png"), "公开地址不对"),
        (_set("revision", 1.5), "版号不是整数"),
        (_set("revision", 0), "版号不是整数"),
        (_set("keys", -1, "until", ""), "时间写法不对"),
        (_set("keys", -1, "from", "2026-01-01"), "时间写法不对"),
        (_set("archive", "other"), "另一篇"),
        (_with_armor, "格式不对"),
    ],
)  # fmt: skip
def test_a_changed_bundle_is_red(post: Page, change: Change, words: str) -> None:
    def changed(raw: str) -> str:
        bundle = json.loads(raw)
        change(bundle)
        return _compact(bundle)

    assert words in _refused(post, changed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"archive":', '"post":"other","archive":'),
        ('"revision":1', '"revision":1.0'),
        ('"revision":1', '"revision":1e0'),
        ('"version":1}', '"version":1,"version":1}'),
    ],
)
def test_a_bundle_that_two_readers_read_differently(post: Page, old: str, new: str) -> None:
    assert "写法不规范" in _refused(post, lambda raw: raw.replace(old, new, 1))


@pytest.fixture
def unlogged(shared_post: Page, address: str) -> Page:
    """The page of a site that has no log: what remains is to be refused for its own sake."""
    _bare(shared_post, lambda html: re.sub(r' data-sanshen-log="[^"]*"', "", html))
    shared_post.goto(address + POST)
    return shared_post


def _resigned(
    raw: str,
    change: Callable[[int, str], str] = lambda _number, words: words,
    namespace: str = NAMESPACE,
    keys: Callable[[str], str] = str,
) -> Bundle:
    """The bundle signed anew, every statement changed before it is signed; without a log."""
    bundle: Bundle = json.loads(raw) | {"log": None, "namespace": namespace}
    previous = None
    for number, step in enumerate(bundle["steps"]):
        said = json.loads(b64decode(step["statement"]))
        said["predicate"]["previous"] = previous
        words = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        statement = change(number, words).encode()
        signature = sign(statement, keys(said["predicate"]["reviewer"]), namespace)
        previous = digest(statement, signature)
        step |= {"statement": b64encode(statement).decode(),
                 "signature": b64encode(signature).decode()}  # fmt: skip
    return bundle


def _later(number: int, words: str) -> str:
    return re.sub(r"T\d\d:(\d\d:\d\d\+08:00\",\n  \"step)", rf"T{9 - number:02}:\1", words)


def _ends(which: int, until: str = "") -> Callable[[int, str], str]:
    """A step that holds no longer than the moment at which it was signed, or until another."""

    def change(number: int, words: str) -> str:
        signed = json.loads(words)["predicate"]["signed_at"]
        end = until or signed if number == which else r"\g<1>"
        return re.sub(r'(?<="not_after": ")([^"]+)', end, words)

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_later, "✗ 复审：签署时间早于前一步"),
        (_ends(1), "✗ 终审：签署时审核的有效期已过"),
        (_ends(3, "2026-01-01T00:00:00+08:00"), "✗ 发布前确认：签署时审核的有效期已过"),
        (
            lambda _, w: w.replace('"revision": 1,', '"revision": 1,\n  "revision": 1,'),
            "写法不规范",
        ),
        (lambda _, w: w.replace('"revision": 1,', '"revision": 1.0,'), "写法不规范"),
        (lambda _, w: w.replace("urn:sanshen:review/v1", "urn:sanshen:waiver/v1"), "种类不对"),
        (lambda _, w: w.replace('"decision": "approve"', '"decision": "return"'), "没有同意"),
        (lambda _, w: w.replace("+08:00", ""), "时间写法不对"),
    ],
)
def test_a_statement_signed_for_something_else(
    unlogged: Page, change: Callable[[int, str], str], words: str
) -> None:
    assert words in _refused(unlogged, lambda raw: _compact(_resigned(raw, change)))


def _witnessed(by: str, signer: str, people: tuple[str, ...] = ("xxy-a", "kz-a")) -> Change:
    """The first two steps vouched for by a witness whose key the site presents."""

    def change(number: int, words: str) -> str:
        said = json.loads(words)
        if number < len(people):
            said["predicate"] |= {"reviewer": people[number], "witness": {"by": by}}
        return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    def bundle(given: Bundle) -> Bundle:
        own = ("xxy-a", "kz-a", "ld-a", "kz-a")[len(people) :]
        signers = iter((*[signer] * len(people), *own))
        made = _resigned(json.dumps(given), change, keys=lambda _: next(signers))
        secret = Ed25519PrivateKey.from_private_bytes(seed(by))
        line = secret.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
        digest = sha256(b64decode(line.split()[1])).digest()
        key = {"person": by, "line": line, "until": None, "void": False,
               "fingerprint": f"SHA256:{b64encode(digest).decode().rstrip('=')}",
               "from": "2026-01-01T00:00:00+08:00"}  # fmt: skip
        return made | {"keys": [*made["keys"], key]}

    return bundle


@pytest.mark.parametrize(
    ("change", "words", "missing"),
    [
        (_witnessed("bot", "bot"), "✓ 复审：由 bot 平台见证，不是本人密钥签名", "三个不同的人"),
        (
            _witnessed("bot", "bot", ("ld-a", "kz-a")),
            "三级审核必须由三个不同的人完成",
            "密钥不属于",
        ),
        (_witnessed("bot", "xxy-a"), "密钥不属于声明中的审核人或见证者", "三个不同的人"),
        (_witnessed("kz-a", "kz-a", ("xxy-a",)), "见证者不得自己审核", "三个不同的人"),
    ],
)
def test_a_witness_counts_for_the_people_and_for_nobody_itself(
    unlogged: Page, change: Change, words: str, missing: str
) -> None:
    said = _refused(unlogged, lambda raw: _compact(change(json.loads(raw))))
    assert words in said and missing not in said


def _client_data(more: str, kind: str = "webauthn.get") -> Callable[[bytes], bytes]:
    def written(statement: bytes) -> bytes:
        code = urlsafe_b64encode(challenge(statement, NAMESPACE)).rstrip(b"=").decode()
        return f'{{"type":"{kind}","challenge":"{code}","origin":"{DESK}"{more}}}'.encode()

    return written


PASSKEYS: list[tuple[dict[str, Any], str]] = [
    ({}, "签名所用密钥不在名册中"),
    ({"counter": 2**32 - 1, "flags": 0x9D, "extensions": b"\xa0"}, "签名所用密钥不在名册中"),
    ({"client_data": _client_data("")}, "签名所用密钥不在名册中"),
    ({"rp_id": "a.example", "origin": "https://b.a.example:1"}, "签名所用密钥不在名册中"),
    ({"flags": 4}, "没有人触碰通行密钥"),
    ({"flags": 1}, "没有核对本人"),
    ({"flags": 0x45}, "通行密钥的标志不符"),
    ({"flags": 0x85}, "通行密钥的标志不符"),
    ({"extensions": b"\xa0"}, "通行密钥的标志不符"),
    ({"high": True}, "签名中的数不规范"),
    ({"origin": "http://localhost.evil"}, "不属于通行密钥的域名"),
    ({"rp_id": "a.example", "origin": "http://a.example"}, "不属于通行密钥的域名"),
    ({"named": "http://localhost"}, "签名与声明不符"),
    ({"client_data": _client_data("", "webauthn.create")}, "签名与声明不符"),
    ({"client_data": _client_data(',"crossOrigin":true')}, "在别的网站的框架中"),
    ({"rp_id": "ssh:"}, "通行密钥的域名不符"),
]
"""How a passkey that no roster holds is asked, and what the button says of its signature."""


@pytest.mark.parametrize("four", range(0, len(PASSKEYS), 4))
def test_what_a_passkey_answers_is_checked_as_verify_checks_it(unlogged: Page, four: int) -> None:
    """One in each step: its signature is checked before anything is asked of the roster."""
    given = PASSKEYS[four : four + 4]

    def change(raw: str) -> str:
        bundle = json.loads(raw)
        for step, (answer, words) in zip(bundle["steps"], given, strict=True):
            statement = b64decode(step["statement"])
            made = {n: v(statement) if callable(v) else v for n, v in answer.items()}
            signature = as_passkey(statement, seed("thief"), NAMESPACE, **made)
            sound = isinstance(verify(signature, statement, NAMESPACE), PublicKey)
            assert sound == ("名册" in words)
            step["signature"] = b64encode(signature).decode()
        return _compact(bundle)

    said = _refused(unlogged, change)
    for step, (_, words) in zip(("初审", "复审", "终审", "发布前确认"), given, strict=True):
        assert re.search(f"✗ {step}：[^✗✓]*{words}", said), (step, words, said)


def test_signatures_of_another_purpose(unlogged: Page) -> None:
    said = _refused(unlogged, lambda raw: _compact(_resigned(raw, namespace="file")))
    assert said.count("签名用途不符") == 2 * 4, "in the sentence, and in the row of each step"


def _forged(raw: str, weak: bool) -> str:
    """Keys made by the forger under the fingerprints of the reviewers."""
    bundle = _resigned(raw, keys=lambda person: f"thief of {person}")
    armors = {}
    for step in bundle["steps"]:
        armor = b64decode(step["signature"]).decode()
        blob = b64decode("".join(armor.split("\n")[1:-2]))
        key = blob[14 : 14 + 51]
        if weak:
            point = bytes([1]) + bytes(31)
            signature = blob.replace(key[19:], point)[:-64] + point + bytes(32)
            key, blob = key[:19] + point, signature
            text = re.sub(r"(.{1,70})", r"\1\n", b64encode(blob).decode())
            step["signature"] = b64encode(
                f"-----BEGIN SSH SIGNATURE-----\n{text}-----END SSH SIGNATURE-----\n".encode()
            ).decode()
        reviewer = json.loads(b64decode(step["statement"]))["predicate"]["reviewer"]
        armors[reviewer] = f"ssh-ed25519 {b64encode(key).decode()}"
    for entry in bundle["keys"]:
        entry["line"] = armors.get(entry["person"], entry["line"])  # the operator signs no step
    return _compact(bundle)


def test_keys_of_a_forger_under_the_reviewers_fingerprints(unlogged: Page) -> None:
    said = _refused(unlogged, lambda raw: _forged(raw, weak=False))
    assert said.count("指纹不是这把密钥的") == 2 * 4


def test_keys_under_which_anyone_can_sign_anything(unlogged: Page) -> None:
    assert _refused(unlogged, lambda raw: _forged(raw, weak=True)).count("弱密钥") == 2 * 4


def test_a_changed_file_is_red(post: Page) -> None:
    post.route("**/post.md", lambda route: route.fulfill(body="改过的正文"))
    result, said = pressed(post)
    assert result == "bad"
    assert "✗ 文件 post.md：文件内容与签名时不同" in said


@pytest.mark.parametrize(
    ("pattern", "change", "words"),
    [
        ("**/log/checkpoint", lambda b: re.sub(rb"(\n\d+\n).+", rb"\1AAAA", b), "与它的封签不符"),
        ("**/log/tile/entries/**", lambda b: b.replace(b'of":"2', b'of":"1'), "与它的封签不符"),
        ("**/log/tile/entries/**", lambda b: b[:-1], "与它的封签不符"),
        ("**/log/checkpoint", lambda b: b.replace(b"yunlan", b"yunlam", 1), "另一份日志"),
        ("**/log/checkpoint", lambda b: re.sub(rb"\n\d+\n", b"\n3\n", b), "截短"),
        ("**/log/tile/0/**", lambda b: bytes([b[0] ^ 1]) + b[1:], "旧条目已被改动"),
        ("**/log/tile/0/**", lambda b: b[:-1], "不完整"),
    ],
)  # fmt: skip
def test_a_changed_log_is_red(
    post: Page, pattern: str, change: Callable[[bytes], bytes], words: str
) -> None:
    def answer(route: Route) -> None:
        route.fulfill(body=change(post.request.get(route.request.url).body()))

    post.route(pattern, answer)
    result, said = pressed(post)
    assert result == "bad"
    assert words in said


def test_an_unreadable_bundle_is_red(post: Page) -> None:
    post.route("**/evidence.json", lambda route: route.fulfill(body="{"))
    assert pressed(post)[0] == "bad"


def test_without_ed25519_the_recipe_is_shown(page: Page, address: str) -> None:
    page.add_init_script(
        "crypto.subtle.importKey = () => Promise.reject(new DOMException('', 'NotSupportedError'))"
    )
    result, said = verdict(page, address + POST)
    assert result == "lack"
    assert "不支持 Ed25519" in said
    assert "可用原页的“下载证据”和 ssh-keygen 核验" in said
    assert page.get_by_role("link", name="不依赖本站的核验办法").is_visible()
