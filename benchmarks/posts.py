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
from demo.sign import publication, review
from pipeline.evidence.review.statements import NAMESPACE, digest, write_statement
from pipeline.model.calendar import SHANGHAI
from pipeline.model.evidence import Step
from pipeline.model.forms import form_number
from pipeline.model.posts import manifest_digest
from pipeline.new.new_archive import running_lock, starter, stated
from pipeline.new.regulation import shipped_regulation
from pipeline.new.yaml_writer import dump
from pipeline.source.content.posts import content_of
from tools.sign_in_process import sign_in_process

START = datetime(2023, 3, 21, 9, 0, tzinfo=SHANGHAI)
DAYS, PER_DAY, UNUSUAL = 70 * 366, 4, {2: 0, 7: 13}
"""Days of the calendar, posts a day, and what differs from that: month → posts a day."""
SLOT = timedelta(minutes=40)
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
ACCOUNTS: Mapping[str, str] = {
    a["id"]: a["url"] for a in TEXTS["registers"]["accounts"]["accounts"]
}
ROTATION = [kind for kind, spec in TEXTS["kinds"].items() for _ in range(spec["share"])]
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
    """Law, lock, registers and keys of an archive of so many posts."""
    law = shipped_regulation()
    contents = stated(law, running_lock())
    since = START.date().isoformat()
    words = {"since": since, "as_of": moment(posts) + timedelta(hours=8)}
    parts = ("archive", "unit", "registers", "parameters")
    spec = {part: _filled(TEXTS[part], words) for part in parts}
    registers, departments = spec["registers"], spec["registers"]["departments"]["departments"]
    people = [
        {"id": person, "name": person, "contractor": False, "emails": [f"{person}@bench.example"],
         "roles": [{"role": role, "department": department["id"], "from": since}
                   for department in departments if department["lead"] or role in LOCAL]}
        for person, role in PEOPLE.items()
    ]  # fmt: skip
    keys = [
        {"person": person, "key": public_line(person), "from": f"{since}T00:00:00+08:00"}
        for person in PEOPLE if person != "zz-a"
    ]  # fmt: skip
    registers["people"] = {"people": people}
    registers["roster"] = {"serial": 1, "previous": None, "delegations": [], "keys": keys}
    policy = spec["archive"], spec["unit"], registers, spec["parameters"]
    return {**contents, **starter(law, *policy)}


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
    draw, when, hour = _drawn(number), moment(number), timedelta(hours=1)
    kind, spec, _ = _template(number)
    words: dict[str, Any] = {
        "number": draw[0], "more": draw[0] + 1, "few": 3 + draw[1] % 4, "index": number,
        "when": when, "day": when.date(), "year": when.year, "later": when + 20 * hour,
        "soon": when + hour, "after": when + 2 * hour, "earlier": when - 2 * hour,
        "ends": when + timedelta(1 + draw[2] % 3), "kind": kind, "post": post_id(number),
        "account": spec.get("account", list(ACCOUNTS)[number % len(ACCOUNTS)]),
    }  # fmt: skip
    for value, (name, given) in zip(draw[3:], TEXTS["lists"].items(), strict=False):
        one = given[value % len(given)]
        words |= one if isinstance(one, dict) else {name: one}
    for name in ("title", "summary"):
        words[name] = _filled(spec[name][draw[-1] % len(spec[name])], words)
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
    """A PNG of six columns, 480 by 270: so small that a site shows it as it is."""
    edge = bytes(15)
    rows = (
        b"".join(edge + bytes([y < 250 < y + h]) * 50 + edge for h in draw[-6:]) for y in range(270)
    )
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", 480, 270, 8, 3, 0, 0, 0),
        b"PLTE": bytes.fromhex("f3f6f9") + bytes((40 + draw[0] // 4, 90 + draw[1] // 4, 160)),
        b"IDAT": zlib.compress(b"".join(b"\0" + row for row in rows)),
        b"IEND": b"",
    }
    chunks = ((struct.pack(">I", len(raw)), kind + raw) for kind, raw in parts.items())
    packed = (size + body + struct.pack(">I", zlib.crc32(body)) for size, body in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def _template(number: int) -> tuple[str, dict[str, Any], int]:
    """A post's kind, what `posts.yml` says of it, and how many rounds went before."""
    turn, position = divmod(number, len(ROTATION))
    kind = ROTATION[position * STRIDE % len(ROTATION)]
    return kind, TEXTS["kinds"][kind], turn


def is_revised(number: int) -> bool:
    """Whether a post has a second revision, once the archive is long enough."""
    _, spec, turn = _template(number)
    return "revised" in spec and turn % spec["revised"]["every"] == 0


def _written(number: int) -> tuple[dict[str, Any], str, Files]:
    """Front matter, body and the files beside them, as first published."""
    (_, spec, turn), words = _template(number), _words(number)
    meta = _filled(TEXTS["post"] | spec["meta"], words)
    body = [words["summary"], text_of(number)]
    beside: Files = {}
    if "old" in spec.get("revised", {}):
        body.append(_filled(spec["revised"]["old"], words))
    if "picture" in spec and turn % 2:
        alt = _filled(spec["picture"], words)
        body.insert(1, f"![{alt}](chart.png)")
        meta["media"] = [{"file": "chart.png", "alt": alt, "author": "测试", "licence": "本局原创"}]
        beside["chart.png"] = chart(_drawn(number))
    if "source" in meta:
        beside["source.txt"] = "\n\n".join(body).encode() + b"\n"
    return meta, "\n\n".join(body) + "\n", beside


def make_post(number: int, laws: tuple[str, str]) -> Made:
    """One post; `laws` as `named` gives them."""
    meta, body, beside = _written(number)
    made, last = _reviewed(number, (meta, body, beside), {"regulation": laws[1]}, laws[0])
    if not is_revised(number):
        return made
    name, spec = post_id(number), _filled(_template(number)[1]["revised"], _words(number))
    changes = [{"old": spec["old"], "new": spec["new"]}] if "old" in spec else []
    record = dump({
        "post": name, "revision": 2, "kind": spec["kind"], "reason": spec["reason"],
        "changed_on": moment(number).date() + timedelta(1), "person": "zz-a", "changes": changes,
    })  # fmt: skip
    for key, value in (spec["meta"] | {"revision": 2}).items():
        meta[key] = meta[key] | value if isinstance(value, dict) else value
    body = body.replace(spec["old"], spec["new"]) if changes else "本文已撤回。\n"
    extra = {"regulation": laws[1], "correction": hashlib.sha256(record).hexdigest()}
    again, _ = _reviewed(number, (meta, body, beside), extra, laws[0], last)
    again.draft[f"content/records/corrections/{name[:4]}/{name}.r2.yml"] = record
    return made._replace(revision=again)


def _reviewed(
    number: int, parts: tuple[dict[str, Any], str, Files], extra: Mapping[str, str], roster: str,
    previous: str | None = None,
) -> tuple[Made, str | None]:  # fmt: skip
    """One revision with its signatures, and what the next one's first review names."""
    name, when, (meta, body, beside) = post_id(number), moment(number), parts
    folder, revision = f"content/posts/{name[:4]}/{name}", int(meta["revision"])
    account = str(meta["accounts"][0])
    path, raw = f"{folder}/post.md", b"---\n" + dump(meta) + b"---\n\n" + body.encode()
    draft: Files = {path: raw, **{f"{folder}/{file}": data for file, data in beside.items()}}
    manifest = {p: hashlib.sha256(data or b"").hexdigest() for p, data in sorted(draft.items())}
    common = {
        "archive": "bench", "post": name, "revision": revision, "accounts": [account], **extra,
        "content": content_of(path, raw, manifest), "roster": {"serial": 1, "digest": roster},
    }  # fmt: skip
    steps: list[Files] = []
    for step in Step:
        at, person = signed_at(when + timedelta(revision - 1), step), SIGNER[step]
        statement = write_statement("review", manifest, review(step, person, at, previous, common))
        stem = f"content/reviews/{name[:4]}/{name}/r{revision}/{step.stem}.json"
        steps.append(_signed(stem, statement, person))
        previous = digest(statement, steps[-1][f"{stem}.sig"] or b"")
    if revision > 1:
        return Made(draft, tuple(steps), {}, account), previous
    url, batch = f"{ACCOUNTS[account]}/{name}", f"{account}-{when.date()}"
    times = when, when + timedelta(minutes=5)
    statement = write_statement(
        "publication", manifest, publication(common, account, meta["title"], url, batch, times)
    )
    stem = f"content/records/publications/{name[:4]}/{when.date()}.{account}.{name}.json"
    return Made(draft, tuple(steps), _signed(stem, statement, "gly-a"), account), previous


def _signed(path: str, statement: bytes, person: str) -> Files:
    return {path: statement, f"{path}.sig": sign_in_process(statement, seed(person), NAMESPACE)}


def records_of_day(posts: Sequence[tuple[int, Made]]) -> Files:
    """The filed form of a day's posts, an inquiry, and each item that a post of the day relays."""
    words = [_words(number) for number, _ in posts]
    day = words[0]["day"]
    records: dict[str, Any] = {
        f"filings/{day.year}/{day}": {
            "number": form_number(TEXTS["unit"]["organisation_code"], str(day)), "day": str(day),
            "items": [_item(post_id(number), post.draft) for number, post in posts],
            "form": hashlib.sha256(str(day).encode()).hexdigest(), "signature": "electronic",
            "status": "filed", "filed_on": str(day), "location": "局档案室", "retention": "10年",
            "person": "gly-a",
        },
        f"inquiries/{day.year}/{day}-question": _filled(TEXTS["inquiry"], words[0]),
        **{
            f"relays/{day.year}/{day}-{one['index']}": _filled(TEXTS["relay"], one)
            for one in words if one["kind"] == "reprint"
        },
    }  # fmt: skip
    return _dumped(records)


def figures(day: date) -> Files:
    """Followers and reads of each account on a day."""
    grown = (day - START.date()).days
    return _dumped({
        f"statistics/{day.year}/{day}-{account}": {
            "person": "gly-a", "account": account, "on": str(day),
            "followers": 9000 // rank + 11 * grown, "reads": 4000 // rank + 37 * grown,
        }
        for rank, account in enumerate(ACCOUNTS, 1)
    })  # fmt: skip


def _dumped(records: Mapping[str, Any]) -> Files:
    return {f"content/records/{name}.yml": dump(record) for name, record in records.items()}


def _item(post: str, draft: Files) -> dict[str, Any]:
    folder = f"content/posts/{post[:4]}/{post}"
    manifest = {path: hashlib.sha256(raw or b"").hexdigest() for path, raw in draft.items()}
    return {"post": post, "revision": 1, "manifest": manifest_digest(folder, manifest)}


def signed_at(when: datetime, step: Step) -> datetime:
    return when - timedelta(minutes=50 - 10 * step.number)
