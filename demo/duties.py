"""Sign the demo's declarations and password rotations by ``demo/duties.yml`` (see demo/sign.py).

Also tells the layout when each of them, and each plain record, entered the archive.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from demo.paths import CONTENT, ROOT, load, store
from pipeline.evidence.review.statements import write_statement

MONTHS = (
    ("2026-08-01", "2026-08-31"),
    ("2026-09-01", "2026-09-30"),
    ("2026-10-01", "2026-10-31"),
)
DECLARATIONS = "content/records/declarations/2026"
ROTATIONS = "content/records/rotations/2026"


class Entered(NamedTuple):
    """A record, who entered it, and when it came to main."""

    path: str
    person: str
    when: datetime

    @property
    def files(self) -> list[str]:
        return [self.path] if self.path.endswith(".yml") else [self.path, f"{self.path}.sig"]


class Word(NamedTuple):
    """One declaration to sign."""

    name: str
    subject: str
    person: str
    start: str
    end: str
    signed_at: str


def plan() -> Any:
    return load(ROOT / "demo" / "duties.yml")


def words(stated: Any) -> Iterator[Word]:
    """Every declaration of the plan, the monthly ones spelled out."""
    for row in stated["declarations"]:
        yield Word(*row)
    for index, (name, subject, person) in enumerate(stated["monthly"]):
        for start, end in MONTHS:
            signed = datetime.fromisoformat(f"{end}T09:00:00+08:00") + timedelta(
                days=1, minutes=3 * index
            )
            yield Word(name, subject, person, start, end, signed.isoformat())
    for index, (name, subject, person) in enumerate(stated["once"]):
        signed = datetime.fromisoformat("2026-10-09T10:00:00+08:00") + timedelta(minutes=4 * index)
        yield Word(name, subject, person, "2026-07-01", "2026-09-30", signed.isoformat())


def entered() -> list[Entered]:
    """Records in the order they came to main."""
    stated, clock = plan(), datetime.fromisoformat
    found = [Entered(f"content/records/{p}", who, clock(at)) for p, who, at in stated["records"]]
    found += [Entered(_place(w), w.person, clock(w.signed_at)) for w in words(stated)]
    found += [
        Entered(_rotation(account, at), who, clock(at) + timedelta(minutes=5))
        for account, who, at in stated["rotations"]
    ]
    return sorted(found, key=lambda e: (e.when, e.path))


def _place(word: Word) -> str:
    return f"{DECLARATIONS}/{word.end}.{word.name}.{word.subject or 'archive'}.json"


def _rotation(account: str, when: str) -> str:
    return f"{ROTATIONS}/{when[:10]}.{account}.json"


def sign_duties(archive: str) -> None:
    """Write every declaration and rotation of the plan."""
    stated = plan()
    wordings = load(ROOT / "pipeline" / "rules" / "wordings.yml")["wordings"]
    accounts = {a["id"]: a for a in load(CONTENT / "registers" / "accounts.yml")["accounts"]}
    for word in words(stated):
        then = (w for w in wordings if w["name"] == word.name and w["from"] <= word.signed_at[:10])
        _declare(archive, word, max(then, key=lambda w: w["version"]))
    for account, person, when in stated["rotations"]:
        _rotate(archive, accounts[account], person, when)


def _declare(archive: str, word: Word, wording: Any) -> None:
    digest = hashlib.sha256(wording["text"].encode()).hexdigest()
    predicate = {
        "archive": archive, "person": word.person, "role": wording["role"],
        "signed_at": datetime.fromisoformat(word.signed_at), "name": word.name,
        "version": wording["version"], "text_digest": digest, "subject": word.subject,
        "from": word.start, "until": word.end,
    }  # fmt: skip
    subject = {f"wordings/{word.name}/{wording['version']}": digest}
    statement = write_statement("declaration", subject, predicate)
    store(ROOT / _place(word), statement, word.person)


def _rotate(archive: str, account: Any, person: str, when: str) -> None:
    raw = json.dumps(account, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    rotated = datetime.fromisoformat(when)
    predicate = {
        "archive": archive, "person": person, "role": "operator",
        "signed_at": rotated + timedelta(minutes=3), "account": account["id"],
        "rotated_at": rotated, "custodian": person, "reason": "scheduled", "classes": 3,
        "long_enough": True,
    }  # fmt: skip
    subject = {f"accounts/{account['id']}": hashlib.sha256(raw.encode()).hexdigest()}
    statement = write_statement("rotation", subject, predicate)
    store(ROOT / _rotation(account["id"], when), statement, person)
