"""The evidence of one post for its page: rows to read, files to take away, JSON to verify by."""

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.errors import Fault
from pipeline.model.evidence import Approved, Review, Step
from pipeline.model.findings import Outcome, Verdict, say
from pipeline.model.law import Rulebook, Unchecked
from pipeline.model.posts import Post
from pipeline.model.registers import Registers, Roster, RosterKey
from pipeline.site import words
from pipeline.site.inputs import SiteInput

NAMESPACE = "sanshen-review@v1"
"""The SSHSIG namespace of reviews (design.md §5)."""
_SERVED = frozenset(
    "md txt png jpg jpeg webp gif avif mp4 webm mp3 m4a ogg vtt srt pdf".split()  # noqa: SIM905
)
"""Endings of what is served beside a post. SVG and HTML are not: they can hold scripts."""


@dataclass(frozen=True)
class StepRow:
    """One step, in words; not `counted` when no valid record stands for it."""

    step: str
    stem: str
    role: str = ""
    person: str = ""
    """Id in allowed_signers: what ``ssh-keygen -I`` wants."""
    name: str = ""
    """Empty unless policy shows names."""
    acting: bool = False
    signed_at: str = ""
    verify_time: str = ""
    """YYYYMMDDHHMMSSZ, the moment to verify at with ssh-keygen."""
    fingerprint: str = ""
    evidence: str = ""
    opinion: str = ""
    """Empty unless policy shows opinions."""
    counted: bool = False


@dataclass(frozen=True)
class Counts:
    """Clauses by what became of them; never summed into one number (design.md §6)."""

    checked: int
    violated: int
    declared: int
    not_applicable: int
    unchecked: int


@dataclass(frozen=True)
class Bundle:
    """All evidence of one post."""

    rows: tuple[StepRow, ...]
    counts: Counts
    manifest_digest: str
    files: Mapping[str, bytes]
    """Path beside the page → bytes."""
    shown: tuple[str, ...]
    """Names of the post's own files that are served."""


def bundle(site: SiteInput, post: Post) -> Bundle:
    """Collect and check the evidence of a post.

    Raises Fault when a file's bytes are not those the manifest names.
    """
    reviews = tuple(_reviews(site, post))
    manifest = _manifest_lines(post)
    served = {} if post.withdrawn else dict(_served(site, post))
    signed = dict(_signed_files(site, reviews))
    files = {**served, **signed, "manifest.sha256": manifest}
    files["evidence.json"] = _json(site, post, reviews, served)
    return Bundle(
        tuple(_rows(site, post)),
        counts(site.verdicts.get(post.id), site.rulebook),
        hashlib.sha256(manifest).hexdigest(),
        files,
        tuple(sorted(served)),
    )


def _reviews(site: SiteInput, post: Post) -> Iterator[Review]:
    approvals = site.archive.approvals.get(post.id)
    for step in Step:
        review = approvals.approved(step) if approvals else None
        if review:
            yield review


def _manifest_lines(post: Post) -> bytes:
    """The manifest in the form of ``sha256sum``, with names as they stand beside the page."""
    pairs = sorted((_name(post, path), digest) for path, digest in post.manifest.items())
    return "".join(f"{digest}  {name}\n" for name, digest in pairs).encode()


def _name(post: Post, path: str) -> str:
    return path.removeprefix(f"{post.folder}/")


def _served(site: SiteInput, post: Post) -> Iterator[tuple[str, bytes]]:
    for path, digest in sorted(post.manifest.items()):
        if path.rpartition(".")[2].lower() not in _SERVED:
            continue
        data = site.media(path)
        if hashlib.sha256(data).hexdigest() != digest:
            raise Fault(
                say("The bytes of {path} are not those that were reviewed.", path=path),
                say("Build from the commit that was verified."),
            )
        yield _name(post, path), data


def _signed_files(site: SiteInput, reviews: tuple[Review, ...]) -> Iterator[tuple[str, bytes]]:
    for review in reviews:
        yield f"evidence/{review.step.stem}.json", site.media(review.path)
        yield f"evidence/{review.step.stem}.json.sig", site.media(f"{review.path}.sig")


def _rows(site: SiteInput, post: Post) -> Iterator[StepRow]:
    registers, approvals = site.archive.registers, site.archive.approvals.get(post.id)
    names = bool(registers.policy.archive.get("show_names"))
    opinions = bool(registers.policy.archive.get("show_opinions"))
    for step in Step:
        state = approvals.states.get(step) if approvals else None
        if not isinstance(state, Approved):
            yield StepRow(words.STEPS[step], step.stem)
            continue
        review = state.review
        person = registers.people.get(review.reviewer)
        yield StepRow(
            words.STEPS[step],
            step.stem,
            words.ROLES.get(review.role, review.role),
            review.reviewer,
            person.name if names and person else "",
            bool(review.acting_for),
            words.minute(review.signed_at),
            _utc(review.signed_at),
            review.fingerprint,
            words.EVIDENCE.get(review.evidence, review.evidence),
            review.opinion if opinions else "",
            True,
        )


def counts(verdict: Verdict | None, rulebook: Rulebook) -> Counts:
    """How many clauses were checked, declared and unchecked, apart from one another."""
    outcomes = dict(verdict.outcomes) if verdict else {}
    shapes: dict[str, list[bool]] = {}
    for clause_id, clause in rulebook.clauses():
        shapes.setdefault(clause_id, []).append(isinstance(clause, Unchecked))
    never = {clause_id for clause_id, open_ in shapes.items() if all(open_)}
    tally = [c.outcome for i, c in outcomes.items() if i not in never]
    return Counts(
        tally.count(Outcome.SATISFIED) + tally.count(Outcome.VIOLATED),
        tally.count(Outcome.VIOLATED),
        tally.count(Outcome.DECLARED),
        tally.count(Outcome.NOT_APPLICABLE),
        tally.count(Outcome.NOT_EVALUATED) + len(never) + len(rulebook.gaps),
    )


def _json(
    site: SiteInput, post: Post, reviews: tuple[Review, ...], served: Mapping[str, bytes]
) -> bytes:
    registers = site.archive.registers
    value = {
        "version": 1,
        "archive": str(registers.policy.archive["id"]),
        "post": post.id,
        "revision": post.revision,
        "namespace": NAMESPACE,
        "roster": {"serial": registers.roster.serial, "digest": registers.roster.digest},
        "keys": [_key(k) for k in _keys_of(registers, reviews)],
        "files": [
            {"name": path, "sha256": digest, "url": name if name in served else None}
            for path, digest in sorted(post.manifest.items())
            for name in (_name(post, path),)
        ],
        "steps": [
            {
                "step": review.step.value,
                "statement": b64encode(site.media(review.path)).decode(),
                "signature": b64encode(site.media(f"{review.path}.sig")).decode(),
            }
            for review in reviews
        ],
    }
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def _keys_of(registers: Registers, reviews: tuple[Review, ...]) -> Iterator[RosterKey]:
    for fingerprint in sorted({review.fingerprint for review in reviews}):
        key = registers.roster.key(fingerprint)
        if key:
            yield key


def _key(key: RosterKey) -> dict[str, str | None]:
    end = _end(key)
    return {
        "person": key.person,
        "line": key.line,
        "fingerprint": key.fingerprint,
        "from": key.valid_from.isoformat(),
        "until": end.isoformat() if end else None,
    }


def _end(key: RosterKey) -> datetime | None:
    return min(filter(None, (key.valid_until, key.revoked_at)), default=None)


def allowed_signers(roster: Roster) -> bytes:
    """The roster for ``ssh-keygen -Y verify -f`` (ssh-keygen(1), ALLOWED SIGNERS).

    A key revoked as compromised is left out: nothing it signed counts.
    """
    lines = []
    for key in sorted(roster.keys, key=lambda k: (k.person, k.fingerprint)):
        if key.revocation == "compromised":
            continue
        end = _end(key)
        before = f',valid-before="{_utc(end)}"' if end else ""
        after = f'valid-after="{_utc(key.valid_from)}"'
        lines.append(f'{key.person} namespaces="{NAMESPACE}",{after}{before} {key.line}\n')
    return "".join(lines).encode()


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%SZ}"
