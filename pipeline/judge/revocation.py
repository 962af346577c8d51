"""From where a compromised key is void (threats A11).

Times that people claim prove nothing; where a record first stood on main does.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from pipeline.evidence.review.statements import digest
from pipeline.judge.load_governance import Trusted
from pipeline.model.archive import Archive
from pipeline.model.evidence import Approved
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.registers import RosterKey
from pipeline.source.content.records import signed_files
from pipeline.source.git.first_appearances import times
from pipeline.source.git.repository import Repository

_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
SIGNED = ("content/reviews/", "content/records/")


def pinned(trusted: Trusted, repository: Repository, head: str) -> Trusted:
    """The same, each compromised key with the records that stood before it was void.

    `head`: the tip of main. Nothing is read from history when no key names such a point.
    """
    registers = trusted.registers
    if not any(k.revoked_from for k in registers.roster.keys):
        return trusted
    line = times(repository, head)
    keys = tuple(
        replace(k, kept=_kept(repository, line, k)) if k.revoked_from else k
        for k in registers.roster.keys
    )
    roster = replace(registers.roster, keys=keys)
    return replace(trusted, registers=replace(registers, roster=roster))


def _kept(repository: Repository, line: Mapping[str, datetime], key: RosterKey) -> frozenset[str]:
    before = _before(line, key.revoked_from)
    if not before:
        return frozenset()
    tree = repository.tree(before)
    paths = [p for p in tree.files if p.startswith(SIGNED) and p.endswith((".json", ".sig"))]
    return frozenset(
        digest(f.statement, f.signature)
        for f in signed_files(tree, paths)
        if f.statement is not None and f.signature is not None
    )


def _before(line: Mapping[str, datetime], point: str) -> str:
    """The last commit of main before a point, empty when none is or main never held it."""
    commits = list(line)
    if _COMMIT.fullmatch(point):
        at = commits.index(point) if point in line else 0
        return commits[at - 1] if at else ""
    moment = datetime.fromisoformat(point)
    return next((c for c in reversed(commits) if line[c] < moment), "")


def flagged(archive: Archive, post: str) -> tuple[Finding, ...]:
    """Notes on the counted steps of a post that a key signed before it was compromised."""
    states = archive.approvals[post].states.values()
    keys = archive.registers.roster.keys
    found = [s.review for s in states if isinstance(s, Approved)] if _compromised(keys) else []
    return tuple(
        Finding(
            "R11-1",
            Effect.NOTE,
            say(
                "{person} signed this with a key that was compromised later; it stood on main"
                " before.",
                person=review.reviewer,
            ),
            Location(review.path),
            say("Look at the post again, and review it anew if in doubt."),
        )
        for review in found
        if (key := archive.registers.roster.key(review.fingerprint)) is not None
        and key.revocation == "compromised"
    )


def _compromised(keys: Iterable[RosterKey]) -> bool:
    return any(k.revocation == "compromised" for k in keys)
