"""The demo's one upgrade: from an older program to the one that lays the demo out.

Any change of code alters that program's digest, so the new lock and the two consents to it are no
committed files: they are written and signed, deterministically, whenever the demo is laid out.
"""

import hashlib
import re
from datetime import datetime, timedelta

from demo.keys import seed
from demo.paths import CONTENT, ROOT, load
from pipeline.evidence.review.statements import NAMESPACE, write_statement
from pipeline.judge.change_facts import consented
from pipeline.model.ids import Digest, sha256_of
from pipeline.model.program import Program
from pipeline.new.new_archive import running_lock
from pipeline.source.content.paths import MemoryTree
from pipeline.source.content.program_lock import LOCK, SHIPPED, Lock, write_lock
from pipeline.source.content.records import AUTHORISATIONS
from pipeline.source.content.registers import REGISTERS
from pipeline.source.git.repository import RawChange
from tools.sign_in_process import sign_in_process

PROPOSED = datetime.fromisoformat("2026-11-19T14:05:12+08:00")
"""When the operator proposed it; a quiet day, before the last posts."""
CONSENTS = (("kz-a", "section-head", 52), ("ld-a", "leader-in-charge", 97))
"""(person, role, minutes after the proposal)."""
REASON = "升级审核程序：更新说明已读，试算结果与现行版本一致。"

_CARRIED = {
    "instruments": "pipeline/detect/lists/instruments.yml",
    "lexicons": "pipeline/detect/lists/general-lexicons.yml",
    "wordings": "pipeline/rules/wordings.yml",
}
"""Register → the list of the program that archives carried as it before 0.9."""
_OLDER = Program("0.8.0", sha256_of("演示用的旧版程序".encode()))
_NO_WHEEL = """\
# 演示：0.8.0 是虚构的旧版，从未发行；程序摘要由文字得出，安装包摘要以零代替，不能据此安装。
"""
_NOT_PACKED = """\
# 演示：程序就是铺设本档案的这份代码，未制成安装包；安装包摘要以零代替，不能据此安装。
"""


def older() -> dict[str, bytes]:
    """What the demo's first commit holds of its older program: the lock, and the lists that
    archives carried before the program shipped them."""
    lists = {
        f"{REGISTERS}{name}.yml": re.sub(rb"(?m)^since: .*\n", b"", (ROOT / path).read_bytes())
        for name, path in _CARRIED.items()
    }
    return {LOCK: write_lock(Lock(_OLDER, "", Digest("0" * 64), SHIPPED, _NO_WHEEL)), **lists}


def newer() -> dict[str, bytes | None]:
    """What the upgrade changes: the lock names the program that runs, and its lists go."""
    lists = dict.fromkeys((f"{REGISTERS}{name}.yml" for name in _CARRIED), None)
    return {LOCK: write_lock(running_lock()._replace(requirements=_NOT_PACKED)), **lists}


def consents() -> list[tuple[str, datetime, dict[str, bytes]]]:
    """(person, when, path → bytes of statement and signature) of the two who agree to it."""
    changes = newer()
    after = MemoryTree({path: raw for path, raw in changes.items() if raw is not None})
    rows = [RawChange(p, "D" if raw is None else "M", "100644") for p, raw in changes.items()]
    subject, removed, mark = consented(after, rows, ())
    folder = f"{AUTHORISATIONS}{PROPOSED.year}/{PROPOSED.date()}-{mark}"
    roster = (CONTENT / "registers" / "roster.yml").read_bytes()
    signed = []
    for person, role, minutes in CONSENTS:
        when = PROPOSED + timedelta(minutes=minutes)
        predicate = {
            "archive": load(CONTENT / "policy.yml")["archive"]["id"],
            "person": person,
            "role": role,
            "reason": REASON,
            "removed": removed,
            "signed_at": when,
            "roster": {"serial": 1, "digest": hashlib.sha256(roster).hexdigest()},
        }
        raw = write_statement("authorisation", subject, predicate)
        signature = sign_in_process(raw, seed(person), NAMESPACE)
        path = f"{folder}/{person}.json"
        signed.append((person, when, {path: raw, f"{path}.sig": signature}))
    return signed
