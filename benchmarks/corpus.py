"""A deterministic archive of N posts, each with four real signatures, one batch a working day."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from demo.keys import public_line, seed
from demo.layout import Commit, lay_out
from demo.sign import VALID
from pipeline.evidence.signing import sign_in_process
from pipeline.evidence.statements import NAMESPACE, digest, write_statement
from pipeline.flow.shipped import dump, shipped, starter
from pipeline.flow.sign import ASSERTIONS
from pipeline.model.calendar import SHANGHAI
from pipeline.model.evidence import ROLE_OF_STEP, Step
from pipeline.source.posts import content_of

START = datetime(2023, 3, 21, 9, 0, tzinfo=SHANGHAI)
PER_DAY = 4
PEOPLE = {
    "xxy-a": "information-officer",
    "kz-a": "section-head",
    "ld-a": "leader-in-charge",
    "gly-a": "operator",
    "zz-a": "writer",
}
SIGNER = {Step.FIRST: "xxy-a", Step.SECOND: "kz-a", Step.FINAL: "ld-a", Step.CONFIRM: "kz-a"}
WORDS = (
    "森林防火",
    "山洪灾害",
    "隐患排查",
    "应急演练",
    "值班值守",
    "物资储备",
    "转移安置",
    "雨情水情",
    "用电安全",
    "燃气安全",
    "有限空间",
    "危险化学品",
    "烟花爆竹",
    "道路结冰",
    "一氧化碳",
    "志愿服务",
    "监测预警",
    "责任落实",
    "宣传教育",
    "群众参与",
    "村组干部",
    "巡山护林",
    "水库大坝",
    "避险路线",
    "联防联控",
    "专项整治",
    "执法检查",
)


@dataclass(frozen=True)
class Corpus:
    """Where the archive lies and what a measurement needs to know of it."""

    folder: Path
    posts: int
    last: str
    """Id of the newest post, merged by HEAD itself."""


def make(folder: Path, posts: int) -> Corpus:
    """Lay out an archive of so many posts; the same number gives the same commits."""
    emails = {p: (p, f"{p}@bench.example") for p in PEOPLE}
    lay_out(_commits(posts), emails, folder)
    return Corpus(folder, posts, _post_id(posts - 1))


def _commits(posts: int) -> Iterator[Commit]:
    files = _genesis(posts)
    yield Commit("main", "gly-a", START - timedelta(days=1), "genesis", files)
    named = _named(files)
    month: dict[str, bytes | None] = {}
    for number in range(posts):
        month |= _post(number, named)
        # A commit a hundred posts keeps history real without measuring git's own log.
        if number % 100 == 99 and number < posts - 1:
            yield Commit("main", "zz-a", _moment(number) + timedelta(hours=2), "batch", month)
            month = {}
        if number == posts - 2 and month:
            yield Commit("main", "zz-a", _moment(number) + timedelta(hours=2), "batch", month)
            month = {}
    yield Commit("main", "zz-a", _moment(posts) + timedelta(hours=2), "one post", month)


def _genesis(posts: int) -> dict[str, bytes]:
    contents = {
        p: raw
        for p, raw in shipped().contents.items()
        if p.startswith(("schemas/", "site/", "content/", "mkdocs.yml"))
    }
    since = START.date().isoformat()
    registers: dict[str, Any] = {
        "departments": {
            "departments": [{"id": "lead", "name": "宣教和信息技术科", "lead": True, "aliases": []}]
        },
        "people": {
            "people": [
                {
                    "id": p,
                    "name": p,
                    "contractor": False,
                    "emails": [f"{p}@bench.example"],
                    "roles": [{"role": role, "department": "lead", "from": since}],
                }
                for p, role in PEOPLE.items()
            ]
        },
        "accounts": {
            "accounts": [
                {
                    "id": "wechat",
                    "name": "测试应急",
                    "platform": "wechat",
                    "content_mode": "text",
                    "subject": "测试市应急管理局",
                    "verified": True,
                    "verified_until": "2099-12-31",
                    "url": "https://mp.example/bench",
                    "opened_on": since,
                    "filing": "测试",
                }
            ]
        },
        "roster": {
            "serial": 1,
            "previous": None,
            "delegations": [],
            "keys": [
                {"person": p, "key": public_line(p), "from": f"{since}T00:00:00+08:00"}
                for p in PEOPLE
                if p != "zz-a"
            ],
        },
    }
    archive = {
        "id": "bench",
        "name": "测试档案",
        "url": "https://bench.example/",
        "demo": True,
        "as_of": _moment(posts) + timedelta(hours=8),
        "show_names": False,
        "since": since,
    }
    unit = {
        "full_name": "测试市应急管理局",
        "short_name": "测试应急",
        "organisation_code": "000000000",
        "footer": {},
    }
    return {**contents, **starter(contents, archive, unit, registers)}


def _named(files: dict[str, bytes]) -> tuple[str, str]:
    roster, law = files["content/registers/roster.yml"], files["content/regulation.md"]
    return hashlib.sha256(roster).hexdigest(), hashlib.sha256(law).hexdigest()


def _moment(number: int) -> datetime:
    return START + timedelta(days=number // PER_DAY, hours=number % PER_DAY)


def _post_id(number: int) -> str:
    return f"{_moment(number).date()}-bench-{number:06d}"


def _text(number: int) -> str:
    """600 to 1,500 characters of sentences drawn by a hash of the number."""
    draw = hashlib.shake_256(str(number).encode()).digest(300)
    sentences = [
        f"{WORDS[draw[i] % len(WORDS)]}与{WORDS[draw[i + 1] % len(WORDS)]}同部署，"
        f"第{draw[i + 2]}号点位{WORDS[draw[i + 3] % len(WORDS)]}已完成{draw[i + 4]}处。"
        for i in range(0, 120 + draw[0] // 2, 5)
    ]
    return "\n\n".join("".join(sentences[i : i + 4]) for i in range(0, len(sentences), 4))


def _post(number: int, named: tuple[str, str]) -> dict[str, bytes]:
    post_id, moment = _post_id(number), _moment(number)
    folder = f"content/posts/{post_id[:4]}/{post_id}"
    meta = {
        "title": f"{WORDS[number % len(WORDS)]}工作动态第{number}号",
        "kind": "activity",
        "category": 2,
        "topic": "emergency",
        "origin": "original",
        "accounts": ["wechat"],
        "author": "zz-a",
        "origin_dept": "lead",
        "created_on": moment.date(),
        "publish_at": moment,
        "revision": 1,
        "summary": f"第{number}号工作动态。",
        "tags": [WORDS[number % 7]],
        "ai": "none",
        "secrecy_review": {"person": "xxy-a", "date": moment.date(), "result": "releasable"},
    }
    raw = b"---\n" + dump(meta) + b"---\n\n" + _text(number).encode() + b"\n"
    path = f"{folder}/post.md"
    manifest = {path: hashlib.sha256(raw).hexdigest()}
    content = content_of(path, raw, manifest)
    return {
        f"{folder}/post.md": raw,
        **_reviews(post_id, moment, manifest, named, str(meta["title"]), content),
    }


def _reviews(
    post_id: str,
    moment: datetime,
    manifest: dict[str, str],
    named: tuple[str, str],
    title: str,
    content: str,
) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    previous: str | None = None
    for step in Step:
        signed_at = moment - timedelta(minutes=50 - 10 * step.number)
        statement = write_statement(
            "review",
            manifest,
            {
                "archive": "bench",
                "post": post_id,
                "revision": 1,
                "step": step.value,
                "decision": "approve",
                "opinion": "同意",
                "reviewer": SIGNER[step],
                "role": ROLE_OF_STEP[step],
                "acting_for": "",
                "accounts": ["wechat"],
                "content": content,
                "roster": {"serial": 1, "digest": named[0]},
                "regulation": named[1],
                "previous": previous,
                "assertions": dict.fromkeys(ASSERTIONS[step], True),
                "signed_at": signed_at,
                "not_after": signed_at + VALID,
            },
        )
        signature = sign_in_process(statement, seed(SIGNER[step]), NAMESPACE)
        stem = f"content/reviews/{post_id[:4]}/{post_id}/r1/{step.stem}.json"
        files |= {stem: statement, f"{stem}.sig": signature}
        previous = digest(statement, signature)
    return {**files, **_publication(post_id, moment, manifest, title)}


def _publication(
    post_id: str, moment: datetime, manifest: dict[str, str], title: str
) -> dict[str, bytes]:
    statement = write_statement(
        "publication",
        manifest,
        {
            "archive": "bench",
            "post": post_id,
            "revision": 1,
            "account": "wechat",
            "title": title,
            "url": f"https://mp.example/bench/{post_id}",
            "published_at": moment,
            "operator": "gly-a",
            "batch": str(moment.date()),
            "recorded_at": moment + timedelta(minutes=5),
        },
    )
    stem = f"content/records/publications/{post_id[:4]}/{moment.date()}.wechat.{post_id}.json"
    return {stem: statement, f"{stem}.sig": sign_in_process(statement, seed("gly-a"), NAMESPACE)}
