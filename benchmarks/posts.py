"""The files of a corpus: what its archive begins with, and each post with its real signatures.

Everything follows from a post's number, so any process can make any post.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from demo.keys import public_line, seed
from demo.sign import VALID
from pipeline.evidence.review.statements import NAMESPACE, digest, write_statement
from pipeline.evidence.ssh.sign_in_process import sign_in_process
from pipeline.model.calendar import SHANGHAI
from pipeline.model.evidence import ROLE_OF_STEP, Step
from pipeline.model.forms import form_number, manifest_digest
from pipeline.new.starter_files import shipped, starter
from pipeline.new.yaml_writer import dump
from pipeline.sign.review_step import ASSERTIONS
from pipeline.source.content.posts import content_of

START = datetime(2023, 3, 21, 9, 0, tzinfo=SHANGHAI)
PER_DAY = 4
CODE = "000000000"
PEOPLE = {
    "xxy-a": "information-officer", "kz-a": "section-head", "ld-a": "leader-in-charge",
    "gly-a": "operator", "zz-a": "writer",
}  # fmt: skip
SIGNER = {Step.FIRST: "xxy-a", Step.SECOND: "kz-a", Step.FINAL: "ld-a", Step.CONFIRM: "kz-a"}
SIGNATURES = len(Step) + 1
"""Of one post: its steps and one publication."""
WORDS = (
    "森林防火", "山洪灾害", "隐患排查", "应急演练", "值班值守", "物资储备", "转移安置",
    "雨情水情", "用电安全", "燃气安全", "有限空间", "危险化学品", "烟花爆竹", "道路结冰",
    "一氧化碳", "志愿服务", "监测预警", "责任落实", "宣传教育", "群众参与", "村组干部",
    "巡山护林", "水库大坝", "避险路线", "联防联控", "专项整治", "执法检查",
)  # fmt: skip

Files = dict[str, bytes | None]


class Made(NamedTuple):
    """A post's files, as they came to be."""

    draft: Files
    steps: tuple[Files, ...]
    publication: Files


def moment(number: int) -> datetime:
    """When a post is published."""
    return START + timedelta(days=number // PER_DAY, hours=number % PER_DAY)


def post_id(number: int) -> str:
    return f"{moment(number).date()}-bench-{number:06d}"


def genesis(posts: int) -> dict[str, bytes]:
    """Law, site, registers and keys of an archive of so many posts."""
    kept = ("schemas/", "site/", "content/", "mkdocs.yml")
    contents = {p: raw for p, raw in shipped().contents.items() if p.startswith(kept)}
    archive = {
        "id": "bench", "name": "测试档案", "url": "https://bench.example/", "demo": True,
        "as_of": moment(posts) + timedelta(hours=8), "show_names": False,
        "since": START.date().isoformat(),
    }  # fmt: skip
    names = {"full_name": "测试市应急管理局", "short_name": "测试应急"}
    unit = {**names, "organisation_code": CODE, "footer": {}}
    return {**contents, **starter(contents, archive, unit, _registers(START.date().isoformat()))}


def _registers(since: str) -> dict[str, Any]:
    department = {"id": "lead", "name": "宣教和信息技术科", "lead": True, "aliases": []}
    account = {
        "id": "wechat", "name": "测试应急", "platform": "wechat", "content_mode": "text",
        "subject": "测试市应急管理局", "verified": True, "verified_until": "2099-12-31",
        "url": "https://mp.example/bench", "opened_on": since, "filing": "测试",
    }  # fmt: skip
    people = [
        {"id": person, "name": person, "contractor": False, "emails": [f"{person}@bench.example"],
         "roles": [{"role": role, "department": "lead", "from": since}]}
        for person, role in PEOPLE.items()
    ]  # fmt: skip
    since = f"{since}T00:00:00+08:00"
    keys = [{"person": p, "key": public_line(p), "from": since} for p in PEOPLE if p != "zz-a"]
    return {
        "departments": {"departments": [department]},
        "people": {"people": people},
        "accounts": {"accounts": [account]},
        "roster": {"serial": 1, "previous": None, "delegations": [], "keys": keys},
    }


def named(files: dict[str, bytes]) -> tuple[str, str]:
    """The digests of roster and law that every review names."""
    roster, law = files["content/registers/roster.yml"], files["content/regulation.md"]
    return hashlib.sha256(roster).hexdigest(), hashlib.sha256(law).hexdigest()


def text_of(number: int) -> str:
    """600 to 1,500 characters of sentences drawn by a hash of the number."""
    draw = hashlib.shake_256(str(number).encode()).digest(300)
    sentences = [
        f"{WORDS[draw[i] % len(WORDS)]}与{WORDS[draw[i + 1] % len(WORDS)]}同部署，"
        f"第{draw[i + 2]}号点位{WORDS[draw[i + 3] % len(WORDS)]}已完成{draw[i + 4]}处。"
        for i in range(0, 120 + draw[0] // 2, 5)
    ]
    return "\n\n".join("".join(sentences[i : i + 4]) for i in range(0, len(sentences), 4))


def make_post(number: int, laws: tuple[str, str]) -> Made:
    """One post; `laws` as `named` gives them."""
    name, when = post_id(number), moment(number)
    meta = {
        "title": f"{WORDS[number % len(WORDS)]}工作动态第{number}号", "kind": "activity",
        "category": 2, "topic": "emergency", "origin": "original", "accounts": ["wechat"],
        "author": "zz-a", "origin_dept": "lead", "created_on": when.date(), "publish_at": when,
        "revision": 1, "summary": f"第{number}号工作动态。", "tags": [WORDS[number % 7]],
        "ai": "none",
        "secrecy_review": {"person": "xxy-a", "date": when.date(), "result": "releasable"},
    }  # fmt: skip
    raw = b"---\n" + dump(meta) + b"---\n\n" + text_of(number).encode() + b"\n"
    path = f"content/posts/{name[:4]}/{name}/post.md"
    manifest = {path: hashlib.sha256(raw).hexdigest()}
    common = {
        "archive": "bench", "post": name, "revision": 1, "decision": "approve", "opinion": "同意",
        "acting_for": "", "accounts": ["wechat"], "content": content_of(path, raw, manifest),
        "roster": {"serial": 1, "digest": laws[0]}, "regulation": laws[1],
    }  # fmt: skip
    steps = tuple(_steps(name, when, manifest, common))
    return Made({path: raw}, steps, _publication(name, when, manifest, str(meta["title"])))


def records_of_day(posts: Sequence[tuple[int, Made]]) -> Files:
    """The filed form of a day's posts, an inquiry, and every third day an item that was relayed."""
    first = posts[0][0]
    when, day = moment(first), moment(first).date()
    records: dict[str, dict[str, Any]] = {
        f"filings/{day.year}/{day}": {
            "number": form_number(CODE, str(day)), "day": str(day),
            "items": [_item(post_id(number), post.draft) for number, post in posts],
            "form": hashlib.sha256(str(day).encode()).hexdigest(), "signature": "electronic",
            "status": "filed", "filed_on": str(day), "location": "局档案室", "retention": "10年",
            "person": "gly-a",
        },
        f"inquiries/{day.year}/{day}-question": {
            "person": "xxy-a",
            "account": "wechat",
            "type": "general",
            "received_at": when.isoformat(),
            "summary": f"咨询{WORDS[first % len(WORDS)]}",
            "drafted": {"person": "xxy-a", "at": (when + timedelta(hours=1)).isoformat()},
            "reply": {
                "person": "gly-a",
                "at": (when + timedelta(hours=2)).isoformat(),
                "text": f"您好，{WORDS[first % len(WORDS)]}的办法见本号当天文章。",
            },
        },
    }  # fmt: skip
    if first // PER_DAY % 3 == 0:
        records[f"relays/{day.year}/{day}-item"] = {
            "person": "xxy-a",
            "title": f"{WORDS[first % len(WORDS)]}通知",
            "source": {"name": "省厅", "level": "provincial", "url": f"https://a.example/{first}"},
            "source_published_at": (when - timedelta(hours=2)).isoformat(),
            "accounts": ["wechat"],
            "post": post_id(first),
        }
    return {f"content/records/{name}.yml": dump(record) for name, record in records.items()}


def _item(post: str, draft: Files) -> dict[str, Any]:
    folder = f"content/posts/{post[:4]}/{post}"
    manifest = {path: hashlib.sha256(raw or b"").hexdigest() for path, raw in draft.items()}
    return {"post": post, "revision": 1, "manifest": manifest_digest(folder, manifest)}


def _steps(
    name: str, when: datetime, manifest: dict[str, str], common: dict[str, Any]
) -> Iterator[Files]:
    previous: str | None = None
    for step in Step:
        at = signed_at(when, step)
        said = {
            "step": step.value, "reviewer": SIGNER[step], "role": ROLE_OF_STEP[step],
            "previous": previous, "assertions": dict.fromkeys(ASSERTIONS[step], True),
            "signed_at": at, "not_after": at + VALID,
        }  # fmt: skip
        statement = write_statement("review", manifest, {**common, **said})
        signature = sign_in_process(statement, seed(SIGNER[step]), NAMESPACE)
        stem = f"content/reviews/{name[:4]}/{name}/r1/{step.stem}.json"
        yield {stem: statement, f"{stem}.sig": signature}
        previous = digest(statement, signature)


def signed_at(when: datetime, step: Step) -> datetime:
    return when - timedelta(minutes=50 - 10 * step.number)


def _publication(name: str, when: datetime, manifest: dict[str, str], title: str) -> Files:
    said = {
        "archive": "bench", "post": name, "revision": 1, "account": "wechat", "title": title,
        "url": f"https://mp.example/bench/{name}", "published_at": when, "operator": "gly-a",
        "batch": str(when.date()), "recorded_at": when + timedelta(minutes=5),
    }  # fmt: skip
    statement = write_statement("publication", manifest, said)
    stem = f"content/records/publications/{name[:4]}/{when.date()}.wechat.{name}.json"
    return {stem: statement, f"{stem}.sig": sign_in_process(statement, seed("gly-a"), NAMESPACE)}
