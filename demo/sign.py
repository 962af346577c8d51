"""Sign every signed record of the demo by `demo/plan.yml` and `demo/duties.yml` (`make demo`).

The records are committed files; `make archive` never signs. Ed25519 is deterministic, so signing
again changes nothing unless the content changed.
"""

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from demo.duties import sign_duties
from demo.filings import write_filings
from demo.keys import SIGNERS, public_line, write_keys
from demo.layout import lay_out_demo
from demo.paths import CONTENT, ROOT, front_matter, load, store
from pipeline.evidence.review.statements import write_statement
from pipeline.model.evidence import ROLE_OF_STEP, Step
from pipeline.sign.review_step import ASSERTIONS
from pipeline.source.content.posts import content_of

VALID = timedelta(days=30)
KEYS_FROM = "2026-08-01T00:00:00+08:00"


@dataclass(frozen=True)
class Governance:
    """What every statement names."""

    archive: str
    roster_serial: int
    roster_digest: str
    regulation: str
    principals: frozenset[str]


def main() -> None:
    """Write keys, roster, reviews and publications of the whole plan."""
    write_keys(ROOT / "tests" / "assets" / "keys")
    write_roster()
    plan = load(ROOT / "demo" / "plan.yml")
    under = governance()
    signed = ("reviews", "records/publications", "records/declarations", "records/rotations")
    for folder in signed:
        shutil.rmtree(CONTENT / folder, ignore_errors=True)
    for post_id, entry in plan["posts"].items():
        sign_post(post_id, entry, plan, under)
    sign_duties(under.archive)
    as_of = datetime.fromisoformat(load(CONTENT / "policy.yml")["archive"]["as_of"])
    write_filings(lay_out_demo, as_of)


def write_roster() -> None:
    """The roster with every demo signer's key; its heading comment stays."""
    path = CONTENT / "registers" / "roster.yml"
    heading = path.read_text(encoding="utf-8").split("\n", 1)[0]
    lines = [heading, "serial: 1", "previous: null", "keys:"]
    for person in SIGNERS:
        lines += [
            f"  - person: {person}",
            f"    key: {public_line(person)}",
            f'    from: "{KEYS_FROM}"',
        ]
    path.write_text("\n".join([*lines, "delegations: []", ""]), encoding="utf-8")


def governance() -> Governance:
    """Digests of the roster and the law as they stand."""
    roster = (CONTENT / "registers" / "roster.yml").read_bytes()
    people = load(CONTENT / "registers" / "people.yml")["people"]
    return Governance(
        load(CONTENT / "policy.yml")["archive"]["id"],
        1,
        hashlib.sha256(roster).hexdigest(),
        hashlib.sha256((CONTENT / "regulation.md").read_bytes()).hexdigest(),
        frozenset(p["id"] for p in people if any(r["role"] == "principal" for r in p["roles"])),
    )


def sign_post(post_id: str, entry: Mapping[str, Any], plan: Any, under: Governance) -> None:
    """All revisions' reviews in one chain, then the publications of the first revision."""
    year, folder = post_id[:4], f"content/posts/{post_id[:4]}/{post_id}"
    now = CONTENT / "posts" / year / post_id
    previous: str | None = None
    for revision in entry["revisions"]:
        number = revision["revision"]
        early = ROOT / plan["first_versions"] / post_id
        source = early if early.is_dir() and number == 1 else now
        manifest = {
            f"{folder}/{p.name}": hashlib.sha256(p.read_bytes()).hexdigest()
            for p in sorted(source.iterdir())
        }
        meta = front_matter(source / "post.md")
        path = f"{folder}/post.md"
        told: dict[str, Any] = {
            "content": content_of(path, (source / "post.md").read_bytes(), manifest)
        }
        if number > 1:
            record = CONTENT / "records" / "corrections" / year / f"{post_id}.r{number}.yml"
            told["correction"] = hashlib.sha256(record.read_bytes()).hexdigest()
        for step in Step:
            person, signed_at, opinion = revision[step.value]
            place = CONTENT / "reviews" / year / post_id / f"r{number}" / f"{step.stem}.json"
            predicate = review(
                post_id, number, step, person, signed_at, opinion, meta, under, previous
            )
            previous = store(place, write_statement("review", manifest, predicate | told), person)
        if number == 1:
            for row in entry["publications"]:
                publish(post_id, meta, manifest, row, plan["operator"], under)


def review(
    post_id: str,
    revision: int,
    step: Step,
    person: str,
    signed_at: str,
    opinion: str,
    meta: Any,
    under: Governance,
    previous: str | None,
) -> dict[str, Any]:
    """The predicate of one review."""
    moment = datetime.fromisoformat(signed_at)
    principal = step is Step.FINAL and person in under.principals
    return {
        "archive": under.archive, "post": post_id, "revision": revision, "step": step.value,
        "decision": "approve", "opinion": opinion, "reviewer": person,
        "role": "principal" if principal else ROLE_OF_STEP[step], "acting_for": "",
        "accounts": sorted(meta["accounts"]),
        "roster": {"serial": under.roster_serial, "digest": under.roster_digest},
        "regulation": under.regulation, "previous": previous,
        "assertions": dict.fromkeys(ASSERTIONS[step], True), "signed_at": moment,
        "not_after": moment + VALID,
    }  # fmt: skip


def publish(
    post_id: str,
    meta: Any,
    manifest: Mapping[str, str],
    row: list[str],
    operator: str,
    under: Governance,
) -> None:
    """The operator's record of one publication."""
    account, published_at, recorded_at, url, batch = row
    day = published_at[:10]
    place = CONTENT / "records" / "publications" / day[:4] / f"{day}.{account}.{post_id}.json"
    predicate = {
        "archive": under.archive, "post": post_id, "revision": 1, "account": account,
        "title": meta["title"], "url": url, "published_at": datetime.fromisoformat(published_at),
        "operator": operator, "batch": batch, "recorded_at": datetime.fromisoformat(recorded_at),
    }  # fmt: skip
    store(place, write_statement("publication", manifest, predicate), operator)


if __name__ == "__main__":
    main()
