"""People, keys and registers of the fictional bureau that the tests build archives of."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pipeline.evidence.review.statements import NAMESPACE
from pipeline.model.calendar import SHANGHAI
from pipeline.new.new_archive import running_lock, starter, stated
from pipeline.new.regulation import shipped_regulation
from pipeline.new.yaml_writer import dump
from pipeline.source.content.registers import REGISTERS
from tools.sign_in_process import passkey_of, sign_as_passkey, sign_in_process

ROOT = Path(__file__).resolve().parents[2]
UNIT = "云岚市应急管理局"
SIGNERS = ("xxy-a", "xxy-b", "kz-a", "ld-a", "ld-b", "gly-a")
SINCE = "2026-01-01"


def at(text: str) -> datetime:
    """A moment in Asia/Shanghai: ``2026-11-04 09:30``."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


AS_OF = at("2026-11-05 18:00")
"""A Thursday, a day after the accounts opened: no duty is overdue yet."""


PASSKEY = "@passkey"
"""Ends the name of a key that is a passkey: `xxy-a@passkey`."""


def seed(name: str) -> bytes:
    """The 32 secret bytes of a test key."""
    return hashlib.sha256(f"test key of {name}".encode()).digest()


@cache
def public_line(name: str) -> str:
    """The OpenSSH public line, without comment; of a passkey for a name that ends in `PASSKEY`."""
    if name.endswith(PASSKEY):
        return passkey_of(seed(name)).line
    key = Ed25519PrivateKey.from_private_bytes(seed(name)).public_key()
    return key.public_bytes(
        serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    ).decode()


def sign_as(name: str, statement: bytes, namespace: str = NAMESPACE) -> bytes:
    """An armored signature by a test key, as `public_line` names it."""
    if name.endswith(PASSKEY):
        return sign_as_passkey(statement, seed(name), namespace)
    return sign_in_process(statement, seed(name), namespace)


def private_key_file(name: str, folder: Path) -> Path:
    """Write a test key as ssh-keygen reads it."""
    path = folder / name
    path.write_bytes(
        Ed25519PrivateKey.from_private_bytes(seed(name)).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.OpenSSH,
            serialization.NoEncryption(),
        )
    )
    path.chmod(0o600)
    path.with_name(f"{name}.pub").write_text(f"{public_line(name)} {name}\n", encoding="ascii")
    return path


def email(person: str) -> str:
    return f"{person}@yunlan.example.org"


def person(id: str, *roles: str, **more: Any) -> dict[str, Any]:
    """A row of people.yml; roles are written ``operator@xjk``."""
    held = [
        {"role": role, "department": department, "from": SINCE}
        for role, department in (r.split("@") for r in roles)
    ]
    return {
        "id": id,
        "name": f"某{id}",
        "contractor": False,
        "emails": [email(id)],
        "roles": held,
    } | more


def key(owner: str, name: str = "", **more: Any) -> dict[str, Any]:
    """A row of the roster: the key of `name` (default: the owner's own)."""
    return {
        "person": owner,
        "key": public_line(name or owner),
        "from": f"{SINCE}T00:00:00+08:00",
    } | more


def account(id: str, platform: str, **more: Any) -> dict[str, Any]:
    """A row of accounts.yml."""
    return {
        "id": id,
        "name": f"云岚{id}",
        "platform": platform,
        "content_mode": "text",
        "subject": UNIT,
        "verified": True,
        "verified_until": "2028-01-01",
        "url": f"https://{platform}.example/{id}",
        "opened_on": "2026-11-04",
        "filing": "云政办备1号",
    } | more


def contractor(id: str, *people: str, **more: Any) -> dict[str, Any]:
    """A row of contractors.yml, under contract and bound to confidentiality."""
    term = {"signed_on": SINCE, "from": SINCE, "until": "2028-12-31"}
    return {
        "id": id,
        "name": "岚云信息技术服务中心",
        "contract": term
        | {
            "number": "云应急合〔2026〕2号",
            "scope": ["technical-support", "editing"],
            "responsibilities": "外包单位负责版式编辑和技术保障，本局负责审核和发布。",
            "procurement": "政府采购框架协议",
            "confidentiality_system": "《外包服务保密安全管理办法》",
        },
        "nda": {"signed_on": SINCE, "until": "2028-12-31", "people": list(people)},
        "people": list(people),
    } | more


def device(id: str, keeper: str, **more: Any) -> dict[str, Any]:
    """A row of devices.yml."""
    return {
        "id": id,
        "kind": "台式机",
        "keeper": keeper,
        "department": "xjk",
        "hardened": True,
        "from": SINCE,
    } | more


def registers() -> dict[str, dict[str, Any]]:
    """Registers by name, fresh every time, so that a test may change its own."""
    departments = [
        {"id": i, "name": n, "lead": i == "xjk", "aliases": []}
        for i, n in (("xjk", "宣教和信息技术科"), ("jzk", "灾害救助科"), ("bgs", "办公室"))
    ]
    source = {
        "id": "yunlan-weather",
        "name": "云岚市气象局",
        "kind": "party-government",
        "hosts": ["qxj.yunlan.gov.cn.example"],
        "from": SINCE,
    }
    return {
        "people": {
            "people": [
                person("xxy-a", "information-officer@xjk"),
                person("xxy-b", "information-officer@xjk"),
                person("kz-a", "section-head@xjk"),
                person("ld-a", "leader-in-charge@xjk"),
                person("ld-b", "principal@bgs"),
                person("gly-a", "operator@xjk"),
                person("gly-b", "operator@xjk"),
                person("zz-a", "writer@jzk"),
                person("zz-b", "writer@jzk"),
                person("xxy-c", "information-officer@jzk", "information-officer@bgs"),
                person("xxy-d", "information-officer@jzk", "information-officer@bgs"),
                person("wb-a", "editor@xjk", contractor=True),
            ]
        },
        "departments": {"departments": departments},
        "accounts": {"accounts": [account("wx", "wechat"), account("wb", "weibo")]},
        "sources": {"sources": [source]},
        "contractors": {"contractors": [contractor("lanyun", "wb-a")]},
        "devices": {"devices": [device("pc-1", "gly-a")]},
        "roster": {
            "serial": 1,
            "previous": None,
            "keys": [key(p) for p in SIGNERS],
            "delegations": [],
        },
    }


def governance(
    changed: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
    since: str = "2026-11-04",
) -> dict[str, bytes]:
    """Path → bytes of everything that an archive states: law, lock, policy, registers.

    Written once for each value that is asked for: most archives of a run begin with the same.
    """
    asked = repr((changed, parameters, since))
    if asked not in _WRITTEN:
        _WRITTEN[asked] = _written(changed or {}, parameters or {}, since)
    return _shipped() | _WRITTEN[asked]


_WRITTEN: dict[str, dict[str, bytes]] = {}


@cache
def _shipped() -> dict[str, bytes]:
    return stated(shipped_regulation(), running_lock())


def _written(
    changed: Mapping[str, Any], parameters: Mapping[str, Any], since: str
) -> dict[str, bytes]:
    begun = dict(_plain(since))
    for name, value in changed.items():
        begun[f"{REGISTERS}{name}.yml"] = dump(value)
    for name, value in parameters.items():
        begun["content/policy.yml"] = _restated(begun["content/policy.yml"], name, value)
    return begun


@cache
def _plain(since: str) -> dict[str, bytes]:
    """Path → bytes of policy and registers of an archive that changes none of them."""
    archive = {
        "id": "yunlan-yjj",
        "name": "云岚市应急管理局公开档案",
        "url": "https://archive.yunlan.example/",
        "demo": False,
        "since": since,
        "show_names": False,
    }
    footer = dict.fromkeys(("icp", "police", "site_code", "address", "contact"), "测试")
    unit = {
        "full_name": UNIT,
        "short_name": "云岚应急",
        "organisation_code": "MB0000000",
        "footer": footer,
    }
    begun = starter(shipped_regulation(), archive, unit, registers())
    signed_from = "account.decisions_signed_from", "2027-01-01"
    begun["content/policy.yml"] = _restated(begun["content/policy.yml"], *signed_from)
    return begun


def _restated(policy: bytes, name: str, value: Any) -> bytes:
    """The policy with one parameter's value replaced."""
    lines = policy.decode().split("\n")
    where = lines.index(f"  {name}:") + 1
    end = next(i for i in range(where, len(lines)) if lines[i].lstrip("- ").startswith("unit:"))
    first, *rest = dump([{"value": value}]).decode().rstrip("\n").split("\n")
    lines[where:end] = [f"    {first}", *(f"    {line}" for line in rest)]
    return "\n".join(lines).encode()
