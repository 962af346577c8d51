"""The registers of the sample bureau, with throw-away keys made from names."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pipeline.evidence.review.statements import NAMESPACE
from pipeline.evidence.ssh.keys import PublicKey, encode_blob, parse_blob
from pipeline.model.calendar import SHANGHAI, Calendar
from pipeline.model.documents import Document
from pipeline.model.policy import Parameter, Policy
from pipeline.model.registers import (
    Account,
    Department,
    Person,
    Registers,
    Roster,
    RosterKey,
    Source,
    Tenure,
)
from pipeline.new.yaml_writer import dump
from tools.sign_in_process import passkey_of, sign_as_passkey, sign_in_process

OPENED = date(2024, 4, 15)
BY_PASSKEY = "ld-a"
"""Who signs on a page of the desk; all others have a key in a file."""
NOTHING: Document = Document("content/registers/none.yml")


def seed(person: str) -> bytes:
    return hashlib.sha256(f"site sample {person}".encode()).digest()


def sign(statement: bytes, name: str, namespace: str = NAMESPACE) -> bytes:
    """An armored signature by the key made from a name."""
    make = sign_as_passkey if name == BY_PASSKEY else sign_in_process
    return make(statement, seed(name), namespace)


def _key(person: str) -> PublicKey:
    if person == BY_PASSKEY:
        return passkey_of(seed(person))
    raw = Ed25519PrivateKey.from_private_bytes(seed(person)).public_key().public_bytes_raw()
    key = parse_blob(encode_blob(raw))
    assert isinstance(key, PublicKey)
    return key


def _roster() -> Roster:
    keys = []
    for person in ("kz-a", "ld-a", "xxy-a", "zz-a", "gly-a"):
        key = _key(person)
        end = datetime(2027, 1, 1, tzinfo=SHANGHAI) if person == "xxy-a" else None
        start = datetime(2024, 4, 1, tzinfo=SHANGHAI)
        keys.append(RosterKey(person, key.line, key.fingerprint, start, end, None, ""))
    raw = roster_file(keys)
    return Roster(1, None, hashlib.sha256(raw).hexdigest(), tuple(keys), ())


def roster_file(keys: Iterable[RosterKey]) -> bytes:
    """The bytes of content/registers/roster.yml."""
    rows = [
        {"person": k.person, "key": k.line, "from": k.valid_from.isoformat()}
        | ({"until": k.valid_until.isoformat()} if k.valid_until else {})
        for k in keys
    ]
    return dump({"serial": 1, "previous": None, "keys": rows, "delegations": []})


def _policy() -> Policy:
    def one(name: str, value: Any, unit: str, source: str) -> tuple[Parameter, ...]:
        return (Parameter(name, value, unit, source, date(2023, 3, 21)),)

    parameters = {
        "cadence.text.count": one("cadence.text.count", 2, "次/周", "[S] 细则第五条"),
        "cadence.av.max_gap_days": one("cadence.av.max_gap_days", 10, "天", "[D] 参照细则"),
    }
    archive = {
        "id": "yunlan-yjj",
        "name": "云岚市应急管理局政务新媒体公开档案",
        "url": "https://archive.yunlan-yjj.example",
        "demo": True,
        "show_names": False,
    }
    footer = {"icp": "演示备00000000号", "police": "", "contact": "12345", "address": "云岚市"}
    unit = {
        "full_name": "云岚市应急管理局",
        "short_name": "云岚应急",
        "organisation_code": "MB0000000",
        "footer": footer,
    }
    return Policy(NOTHING, archive, unit, parameters)


def _accounts() -> dict[str, Account]:
    rows = (
        ("yunlan-wechat", "云岚应急", "wechat", "text", date(2027, 4, 12)),
        ("yunlan-weibo", "@云岚应急", "weibo", "text", date(2027, 4, 12)),
        ("yunlan-video", "云岚应急视频号", "channels", "av", None),
    )
    return {
        i: Account(
            i, n, p, m, "云岚市应急管理局", True, until, f"https://{p}.example/yl", OPENED, None,
            "" if i == "yunlan-video" else "云政办新媒备〔2024〕9号",
        )
        for i, n, p, m, until in rows
    }  # fmt: skip


def registers() -> Registers:
    people = {
        i: Person(i, f"人员{i}", False, (), (Tenure("writer", "xjk", OPENED, None),))
        for i in ("xxy-a", "kz-a", "ld-a", "zz-a", "gly-a")
    }
    departments = {
        "xjk": Department("xjk", "宣教和信息技术科", True, ()),
        "jzk": Department("jzk", "灾害救助科", False, ()),
    }
    hosts = ("www.mem.example",)
    sources = {"mem": Source("mem", "应急管理部网站", "party-government", hosts, OPENED, None)}
    calendar = Calendar.of({2026: {"off_days": [], "work_weekends": []}})
    return Registers(
        _policy(), people, departments, _accounts(), sources, _roster(), calendar, "7" * 64
    )
