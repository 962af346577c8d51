"""The files of a corpus: what its archive begins with, and each post with its real signatures.

Everything follows from a post's number, so any process can make any post: its kind, its texts
(`posts.yml`), its account, its picture and its revision. No day of February has a post, and July
has four hundred.
"""

import hashlib
import re
import struct
import zlib
from bisect import bisect
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from demo.keys import public_line, seed
from demo.paths import load
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
DAYS, PER_DAY, UNUSUAL = 70 * 366, 4, {2: 0, 7: 13}
"""Days of the calendar, posts a day, and what differs from that: month → posts a day."""
SLOT = timedelta(minutes=40)
CODE = "000000000"
PEOPLE = {
    "xxy-a": "information-officer", "kz-a": "section-head", "ld-a": "leader-in-charge",
    "gly-a": "operator", "zz-a": "writer",
}  # fmt: skip
LOCAL = ("writer", "information-officer")
"""Roles that each department has."""
SIGNER = {Step.FIRST: "xxy-a", Step.SECOND: "kz-a", Step.FINAL: "ld-a", Step.CONFIRM: "kz-a"}
STEPS, SIGNATURES = len(Step), len(Step) + 1
"""Of one revision, and of a post that has one: its steps and one publication."""
TEXTS: Mapping[str, Any] = load(Path(__file__).with_name("posts.yml"))
ROTATION = [kind for kind, told in TEXTS["kinds"].items() for _ in range(told["share"])]
STRIDE = 7
"""Of the rotation, so that kinds alternate."""

Files = dict[str, bytes | None]


class Made(NamedTuple):
    """A post's files, as they came to be."""

    draft: Files
    steps: tuple[Files, ...]
    publication: Files
    account: str
    revision: "Made | None" = None


@cache
def _firsts() -> list[int]:
    """Day of the calendar → number of the next day's first post."""
    days = (START.date() + timedelta(days) for days in range(DAYS))
    return list(accumulate(UNUSUAL.get(day.month, PER_DAY) for day in days))


def moment(number: int) -> datetime:
    """When a post is published."""
    day = bisect(_firsts(), number)
    return START + timedelta(day) + SLOT * (number - (_firsts()[day - 1] if day else 0))


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
    registers = _registers(START.date().isoformat())
    lenient: dict[str, Any] = {
        "gate.duties": [],
        "review.escalate_kinds": [],
        "relay.platforms": ["app"],
    }
    return {**contents, **starter(contents, archive, unit, registers, lenient)}


def _registers(since: str) -> dict[str, Any]:
    departments = [
        {"id": key, "name": name, "lead": key == "lead", "aliases": []}
        for key, name in TEXTS["departments"].items()
    ]
    accounts = [
        {**account, "subject": "测试市应急管理局", "verified": True, "verified_until": "2099-12-31",
         "opened_on": since, "filing": "测试", "interaction": True, "custodian": "gly-a"}
        for account in TEXTS["accounts"]
    ]  # fmt: skip
    people = [
        {"id": person, "name": person, "contractor": False, "emails": [f"{person}@bench.example"],
         "roles": [
             {"role": role, "department": department, "from": since}
             for department in (TEXTS["departments"] if role in LOCAL else ("lead",))
         ]}
        for person, role in PEOPLE.items()
    ]  # fmt: skip
    since = f"{since}T00:00:00+08:00"
    keys = [{"person": p, "key": public_line(p), "from": since} for p in PEOPLE if p != "zz-a"]
    return {
        "departments": {"departments": departments},
        "people": {"people": people},
        "accounts": {"accounts": accounts},
        "sources": {"sources": TEXTS["sources"]},
        "roster": {"serial": 1, "previous": None, "delegations": [], "keys": keys},
    }


def named(files: dict[str, bytes]) -> tuple[str, str]:
    """The digests of roster and law that every review names."""
    roster, law = files["content/registers/roster.yml"], files["content/regulation.md"]
    return hashlib.sha256(roster).hexdigest(), hashlib.sha256(law).hexdigest()


def _drawn(number: int) -> bytes:
    return hashlib.shake_256(str(number).encode()).digest(300)


def text_of(number: int) -> str:
    """600 to 1,500 characters of sentences drawn by a hash of the number."""
    draw, words = _drawn(number), TEXTS["lists"]["word"]
    sentences = [
        f"{words[draw[i] % len(words)]}与{words[draw[i + 1] % len(words)]}同部署，"
        f"第{draw[i + 2]}号点位{words[draw[i + 3] % len(words)]}已完成{draw[i + 4]}处。"
        for i in range(0, 120 + draw[0] // 2, 5)
    ]
    return "\n\n".join("".join(sentences[i : i + 4]) for i in range(0, len(sentences), 4))


def _words(number: int) -> dict[str, Any]:
    """What fills the blanks of a post's texts."""
    draw, when = _drawn(number), moment(number)
    words: dict[str, Any] = {
        "number": draw[0], "more": draw[0] + 1, "few": 3 + draw[1] % 4, "index": number,
        "when": when, "day": when.date(), "year": when.year, "later": when + timedelta(hours=20),
        "ends": when + timedelta(1 + draw[2] % 3), "earlier": when - timedelta(hours=2),
    }  # fmt: skip
    for value, (name, given) in zip(draw[3:], TEXTS["lists"].items(), strict=False):
        one = given[value % len(given)]
        words |= one if isinstance(one, dict) else {name: one}
    return words


def _filled(value: Any, words: Mapping[str, Any]) -> Any:
    """A template with its blanks filled; one that is a blank alone becomes the value itself."""
    if isinstance(value, dict):
        return {key: _filled(below, words) for key, below in value.items()}
    if isinstance(value, list):
        return [_filled(below, words) for below in value]
    if not isinstance(value, str):
        return value
    alone = re.fullmatch(r"\{(\w+)\}", value)
    return words[alone[1]] if alone else value.format_map(words)


def chart(draw: bytes) -> bytes:
    """A PNG of six columns, 640 by 360."""
    heights = [40 + value for value in draw[-6:]]
    rows = [
        bytes(3)
        + b"".join(bytes(20) + bytes([320 - h < y <= 320]) * 66 + bytes(20) for h in heights)
        + bytes(2)
        for y in range(360)
    ]
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", 640, 360, 8, 3, 0, 0, 0),
        b"PLTE": bytes.fromhex("f3f6f9") + bytes((40 + draw[0] // 4, 90 + draw[1] // 4, 160)),
        b"IDAT": zlib.compress(b"".join(rows)),
        b"IEND": b"",
    }
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(raw)) + kind + raw + struct.pack(">I", zlib.crc32(kind + raw))
        for kind, raw in parts.items()
    )


def _template(number: int) -> tuple[str, dict[str, Any], int]:
    """A post's kind, what `posts.yml` says of it, and how many rounds went before."""
    turn, place = divmod(number, len(ROTATION))
    kind = ROTATION[place * STRIDE % len(ROTATION)]
    return kind, TEXTS["kinds"][kind], turn


def is_revised(number: int) -> bool:
    """Whether a post has a second revision, once the archive is long enough."""
    _, told, turn = _template(number)
    return "revised" in told and turn % told["revised"]["every"] == 0


def _written(number: int) -> tuple[dict[str, Any], str, Files]:
    """Front matter, body and the files beside them, as first published."""
    kind, told, turn = _template(number)
    words, when = _words(number), moment(number)
    draw = _drawn(number)[-1]
    words["title"] = _filled(told["titles"][draw % len(told["titles"])], words)
    body = [_filled(told["texts"][draw % len(told["texts"])], words), text_of(number)]
    meta = {
        "title": words["title"], "kind": kind,
        "accounts": [TEXTS["accounts"][number % len(TEXTS["accounts"])]["id"]],
        "author": "zz-a", "created_on": when.date(), "publish_at": when, "revision": 1,
        "origin": "original", "summary": body[0], "ai": "none",
        "secrecy_review": {"person": "xxy-a", "date": when.date(), "result": "releasable"},
        **_filled(told["meta"], words),
    }  # fmt: skip
    beside: Files = {}
    if "old" in told.get("revised", {}):
        body.append(_filled(told["revised"]["old"], words))
    if "picture" in told and turn % 2:
        alt = _filled(told["picture"], words)
        body.insert(1, f"![{alt}](chart.png)")
        meta["media"] = [{"file": "chart.png", "alt": alt, "author": "测试", "licence": "本局原创"}]
        beside["chart.png"] = chart(_drawn(number))
    if "snapshot" in told:
        beside["source.txt"] = "\n\n".join(body).encode() + b"\n"
    return meta, "\n\n".join(body) + "\n", beside


def make_post(number: int, laws: tuple[str, str]) -> Made:
    """One post; `laws` as `named` gives them."""
    meta, body, beside = _written(number)
    made, last = _reviewed(number, 1, (meta, body, beside), laws, {})
    if not is_revised(number):
        return made
    name, words = post_id(number), _words(number)
    told = _filled(_template(number)[1]["revised"], words)
    day = moment(number).date() + timedelta(1)
    changes = [{"old": told["old"], "new": told["new"]}] if "old" in told else []
    record = dump({
        "post": name, "revision": 2, "kind": told["kind"], "reason": told["reason"],
        "changed_on": day, "person": "zz-a", "changes": changes,
    })  # fmt: skip
    for key, value in (told["meta"] | {"revision": 2}).items():
        meta[key] = meta[key] | value if isinstance(value, dict) else value
    body = body.replace(told["old"], told["new"]) if changes else "本文已撤回。\n"
    extra = {"previous": last, "correction": hashlib.sha256(record).hexdigest()}
    again, _ = _reviewed(number, 2, (meta, body, beside), laws, extra)
    again.draft[f"content/records/corrections/{name[:4]}/{name}.r2.yml"] = record
    return made._replace(revision=again)


def _reviewed(
    number: int, revision: int, parts: tuple[dict[str, Any], str, Files],
    laws: tuple[str, str], extra: Mapping[str, str],
) -> tuple[Made, str]:  # fmt: skip
    """One revision with its signatures, and what the next one's first review names."""
    name, when, (meta, body, beside) = post_id(number), moment(number), parts
    folder = f"content/posts/{name[:4]}/{name}"
    path, raw = f"{folder}/post.md", b"---\n" + dump(meta) + b"---\n\n" + body.encode()
    draft: Files = {path: raw, **{f"{folder}/{file}": data for file, data in beside.items()}}
    manifest = {p: hashlib.sha256(data or b"").hexdigest() for p, data in sorted(draft.items())}
    common = {
        "archive": "bench", "post": name, "revision": revision, "decision": "approve",
        "opinion": "同意", "acting_for": "", "accounts": meta["accounts"],
        "content": content_of(path, raw, manifest), "roster": {"serial": 1, "digest": laws[0]},
        "regulation": laws[1], "previous": None, **extra,
    }  # fmt: skip
    steps, last = _steps(name, when + timedelta(revision - 1), manifest, common)
    account = meta["accounts"][0]
    said = _publication(name, when, manifest, str(meta["title"]), account)
    return Made(draft, steps, said if revision == 1 else {}, account), last


def records_of_day(posts: Sequence[tuple[int, Made]]) -> Files:
    """The filed form of a day's posts, an inquiry, and each item that a post of the day relays."""
    first, account = posts[0][0], posts[0][1].account
    when, day, words = moment(first), moment(first).date(), _words(first)
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
            "account": account,
            "type": "general",
            "received_at": when.isoformat(),
            "summary": f"咨询{words['word']}",
            "drafted": {"person": "xxy-a", "at": (when + timedelta(hours=1)).isoformat()},
            "reply": {
                "person": "gly-a",
                "at": (when + timedelta(hours=2)).isoformat(),
                "text": f"您好，{words['word']}的办法见本号当天文章。",
            },
        },
    }  # fmt: skip
    for number, post in posts:
        meta = _written(number)[0]
        if "source" in meta:
            records[f"relays/{day.year}/{day}-{number}"] = {
                "person": "xxy-a", "title": meta["title"],
                "source": {"name": "省厅", "level": "provincial", "url": meta["source"]["url"]},
                "source_published_at": meta["source"]["published_at"].isoformat(),
                "accounts": [post.account], "post": post_id(number),
            }  # fmt: skip
    return _dumped(records)


def figures(day: date) -> Files:
    """Followers and reads of each account on a day."""
    grown = (day - START.date()).days
    return _dumped({
        f"statistics/{day.year}/{day}-{account['id']}": {
            "person": "gly-a", "account": account["id"], "on": str(day),
            "followers": 9000 // place + 11 * grown, "reads": 4000 // place + 37 * grown,
        }
        for place, account in enumerate(TEXTS["accounts"], 1)
    })  # fmt: skip


def _dumped(records: Mapping[str, Any]) -> Files:
    return {f"content/records/{name}.yml": dump(record) for name, record in records.items()}


def _item(post: str, draft: Files) -> dict[str, Any]:
    folder = f"content/posts/{post[:4]}/{post}"
    manifest = {path: hashlib.sha256(raw or b"").hexdigest() for path, raw in draft.items()}
    return {"post": post, "revision": 1, "manifest": manifest_digest(folder, manifest)}


def _steps(
    name: str, when: datetime, manifest: dict[str, str], common: dict[str, Any]
) -> tuple[tuple[Files, ...], str]:
    """All steps of one revision, and what the next review names."""
    steps: list[Files] = []
    previous, stem = common["previous"], f"content/reviews/{name[:4]}/{name}"
    for step in Step:
        at = signed_at(when, step)
        said = {
            "step": step.value, "reviewer": SIGNER[step], "role": ROLE_OF_STEP[step],
            "previous": previous, "assertions": dict.fromkeys(ASSERTIONS[step], True),
            "signed_at": at, "not_after": at + VALID,
        }  # fmt: skip
        statement = write_statement("review", manifest, {**common, **said})
        signature = sign_in_process(statement, seed(SIGNER[step]), NAMESPACE)
        path = f"{stem}/r{common['revision']}/{step.stem}.json"
        steps.append({path: statement, f"{path}.sig": signature})
        previous = digest(statement, signature)
    return tuple(steps), previous


def signed_at(when: datetime, step: Step) -> datetime:
    return when - timedelta(minutes=50 - 10 * step.number)


def _publication(
    name: str, when: datetime, manifest: dict[str, str], title: str, account: str
) -> Files:
    home = next(entry["url"] for entry in TEXTS["accounts"] if entry["id"] == account)
    said = {
        "archive": "bench", "post": name, "revision": 1, "account": account, "title": title,
        "url": f"{home}/{name}", "published_at": when, "operator": "gly-a",
        "batch": f"{account}-{when.date()}", "recorded_at": when + timedelta(minutes=5),
    }  # fmt: skip
    statement = write_statement("publication", manifest, said)
    stem = f"content/records/publications/{name[:4]}/{when.date()}.{account}.{name}.json"
    return {stem: statement, f"{stem}.sig": sign_in_process(statement, seed("gly-a"), NAMESPACE)}
