"""What is right, for the targets to spoil."""

from typing import Any

from tests.builders.archive import POST
from tests.builders.cast import registers

META = {
    "title": "冬季防火三件事", "kind": "tip", "revision": 1, "accounts": ["wx", "wb"],
    "author": "zz-a", "co_authors": ["zz-b"], "origin_dept": "jzk", "created_on": "2026-11-04",
    "publish_at": "2026-11-05T09:30:00+08:00", "topic": "education", "category": 3,
    "origin": "reprint", "summary": "三件事。", "tags": ["火"], "ai": "none", "validity": "valid",
    "secrecy_review": {"person": "xxy-d", "date": "2026-11-04", "result": "releasable"},
    "alert": {
        "issuer": "甲", "issued_at": "2026-11-05T08:00:00+08:00", "level": 1, "color": "red",
        "starts_at": "2026-11-05T09:00:00+08:00", "ends_at": "2026-11-06T09:00:00+08:00",
        "areas": ["全市"],
    },
    "source": {
        "id": "yunlan-weather", "url": "https://qxj.yunlan.gov.cn.example/1", "title": "通知",
        "snapshot": "source.txt", "fetched_at": "2026-11-05T08:00:00+08:00",
    },
    "media": [{"file": "a.png", "alt": "图", "author": "本局", "licence": "自制"}],
    "facts": [{"claim": "三件事", "source": "通知"}], "excerpt": False, "remarks": "无",
}  # fmt: skip
SAID = {
    "archive": "yunlan-yjj", "post": POST, "revision": 1, "step": "first", "decision": "approve",
    "opinion": "同意", "reviewer": "xxy-a", "role": "information-officer", "acting_for": "",
    "accounts": ["wx"], "content": "0" * 64, "correction": "c" * 64,
    "roster": {"serial": 1, "digest": "0" * 64},
    "regulation": "0" * 64, "previous": None, "assertions": {"proofread": True},
    "signed_at": "2026-11-04T10:00:00+08:00", "not_after": "2026-12-04T10:00:00+08:00",
}  # fmt: skip


def full_roster() -> dict[str, Any]:
    """A roster in which every key of its schema stands."""
    value = registers()["roster"]
    value["keys"][-1] |= {
        "until": "2027-01-01T00:00:00+08:00", "revoked_at": "2026-11-01T00:00:00+08:00",
        "revocation": "compromised", "revoked_from": "0" * 40,
    }  # fmt: skip
    mandate = {
        "delegator": "ld-a", "delegate": "kz-a", "role": "leader-in-charge", "authority": "文",
        "from": "2026-11-01T00:00:00+08:00", "until": "2026-12-01T00:00:00+08:00",
    }  # fmt: skip
    return value | {"delegations": [mandate]}
