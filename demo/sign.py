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
    """All revisions' reviews in one chain, and after those of each its publications."""
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
        meta, path = front_matter(source / "post.md"), f"{folder}/post.md"
        common: dict[str, Any] = {
            "archive": under.archive, "post": post_id, "revision": number,
            "accounts": sorted(meta["accounts"]), "regulation": under.regulation,
            "roster": {"serial": under.roster_serial, "digest": under.roster_digest},
            "content": content_of(path, (source / "post.md").read_bytes(), manifest),
        }  # fmt: skip
        if number > 1:
            record = CONTENT / "records" / "corrections" / year / f"{post_id}.r{number}.yml"
            common["correction"] = hashlib.sha256(record.read_bytes()).hexdigest()
        for step in Step:
            person, signed_at, opinion = revision[step.value]
            principal = step is Step.FINAL and person in under.principals
            predicate = review(step, person, datetime.fromisoformat(signed_at), previous, common)
            predicate |= {"opinion": opinion} | ({"role": "principal"} if principal else {})
            place = CONTENT / "reviews" / year / post_id / f"r{number}" / f"{step.stem}.json"
            previous = store(place, write_statement("review", manifest, predicate), person)
        for account, at, recorded_at, url, batch, *later in entry["publications"]:
            if number != (later or [1])[0]:
                continue
            times = datetime.fromisoformat(at), datetime.fromisoformat(recorded_at)
            predicate = publication(common, account, meta["title"], url, batch, times)
            predicate |= {"operator": plan["operator"]}
            name = f"{at[:10]}.{account}.{post_id}.json"
            place = CONTENT / "records" / "publications" / at[:4] / name
            store(place, write_statement("publication", manifest, predicate), plan["operator"])


def review(
    step: Step, person: str, moment: datetime, previous: str | None, common: Mapping[str, Any]
) -> dict[str, Any]:
    """The predicate of one review; `common`: what all steps of a revision state."""
    return {
        "decision": "approve", "opinion": "同意", "acting_for": "", **common,
        "step": step.value, "reviewer": person, "role": ROLE_OF_STEP[step], "previous": previous,
        "assertions": dict.fromkeys(ASSERTIONS[step], True), "signed_at": moment,
        "not_after": moment + VALID,
    }  # fmt: skip


def publication(
    common: Mapping[str, Any], account: str, title: str, url: str, batch: str,
    times: tuple[datetime, datetime],
) -> dict[str, Any]:  # fmt: skip
    """The operator's record of one publication; `times`: published and recorded."""
    return {
        **{name: common[name] for name in ("archive", "post", "revision")}, "account": account,
        "title": title, "url": url, "published_at": times[0], "operator": "gly-a",
        "batch": batch, "recorded_at": times[1],
    }  # fmt: skip


if __name__ == "__main__":
    main()
