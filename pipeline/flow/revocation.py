"""From where a compromised key is void, and what was signed too late (threats A10, A11).

Times that people claim prove nothing; where a record first stood on main does.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.evidence.keys import PublicKey
from pipeline.evidence.sshsig import verify
from pipeline.evidence.statements import NAMESPACE, digest
from pipeline.flow.trusted import Trusted
from pipeline.model.archive import Archive, Entry
from pipeline.model.calendar import local_date
from pipeline.model.evidence import Approved, SignedFile
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.registers import Registers, RosterKey
from pipeline.source.appearances import times
from pipeline.source.records import signed_files
from pipeline.source.repository import Repository
from pipeline.source.tree import Tree

_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_SIGNED = ("content/reviews/", "content/records/")


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
    paths = [p for p in tree.files if p.startswith(_SIGNED) and p.endswith((".json", ".sig"))]
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


def late_signatures(
    after: Tree, entries: Iterable[Entry], registers: Registers, entered: datetime
) -> tuple[Finding, ...]:
    """Signatures that a change brings although their key had ended long before it entered main.

    `entered`: when the change came to main, at the earliest; for a proposal, the time of the run.
    A key that ended may have signed in its time, but then its signature did not lie about for
    more than the days that policy allows (``roster.late_days``).
    """
    days = registers.parameter_if_stated("roster.late_days", local_date(entered))
    latest = entered - timedelta(days=days or 0)
    if not any(k.end and k.end < latest for k in registers.roster.keys):
        return ()
    stems = {e.path.removesuffix(".sig") for e in entries if e.status != "D"}
    paths = {s for s in stems if s.startswith(_SIGNED) and s.endswith(".json")}
    files = signed_files(after, [p for s in paths for p in (s, f"{s}.sig") if p in after.files])
    found = [(f, _key(f, registers)) for f in files]
    return tuple(_late(f.path, k, entered) for f, k in found if k and k.end and k.end < latest)


def _key(signed: SignedFile, registers: Registers) -> RosterKey | None:
    if signed.statement is None or signed.signature is None:
        return None
    key = verify(signed.signature, signed.statement, NAMESPACE)
    return registers.roster.key(key.fingerprint) if isinstance(key, PublicKey) else None


def _late(path: str, key: RosterKey, entered: datetime) -> Finding:
    return Finding(
        "R11-1" if path.startswith("content/reviews/") else "R11-4",
        Effect.REFUSE,
        say(
            "The signature of {person} came on {day}, after their key had ended on {end}.",
            person=key.person,
            day=f"{local_date(entered)}",
            end=f"{local_date(key.end)}" if key.end else "",
        ),
        Location(path),
        say("Have it signed again with a key that is valid now."),
    )
