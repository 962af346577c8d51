"""The evidence of one post for its page: rows to read, files to take away, JSON to verify by."""

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.errors import Fault
from pipeline.model.calendar import minute, utc_stamp
from pipeline.model.cards import Card
from pipeline.model.evidence import Approved, Review, Step
from pipeline.model.findings import say
from pipeline.model.posts import Post
from pipeline.model.registers import Registers, RosterKey
from pipeline.site import words
from pipeline.site.evidence_files import NAMESPACE, tar
from pipeline.site.inputs import SiteInput
from pipeline.site.media import Picture, honest, pictures
from pipeline.site.tally import Counts

Signed = tuple[str, bytes, bytes]
"""Stem of a review's file names, its statement and its signature, both as stored."""


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
class Bundle:
    """All evidence of one post."""

    rows: tuple[StepRow, ...]
    counts: Counts
    manifest_digest: str
    files: Mapping[str, bytes]
    """Path beside the page → bytes."""
    served: Mapping[str, bytes]
    """The post's own files among them: name → bytes."""
    pictures: Mapping[str, Picture | None]
    """Pictures of the post by name, None where one cannot be shown."""

    @property
    def shown(self) -> tuple[str, ...]:
        """Names of the post's own files that are published."""
        return tuple(sorted(self.served))


def bundle(site: SiteInput, post: Post) -> Bundle:
    """Collect and check the evidence of a post.

    Raises Fault when a file's bytes are not those the manifest names.
    """
    reviews = tuple(_reviews(site, post))
    signed = tuple((r.step.stem, site.media(r.path), site.media(f"{r.path}.sig")) for r in reviews)
    manifest = _manifest_lines(post)
    stored = {} if post.withdrawn else dict(_stored(site, post))
    drawn = pictures(stored.items())
    served = {n: d for n, d in stored.items() if _published(n, d, drawn)}
    sized = {name: data for p in drawn.values() if p for name, data in p.files.items()}
    files = {**served, **sized, "evidence.tar": tar(_taken(signed, manifest))}
    files["evidence.json"] = _json(site, post, reviews, signed, served)
    return Bundle(
        tuple(_rows(site, post)),
        site.counts[post.id],
        hashlib.sha256(manifest).hexdigest(),
        files,
        served,
        drawn,
    )


def reads(card: Card) -> Iterator[str]:
    """Every path that a post's page and its `bundle` ask for."""
    yield from (path for path, _ in card.files)
    for path in card.reviews:
        yield from (path, f"{path}.sig")


def _published(name: str, data: bytes, drawn: Mapping[str, Picture | None]) -> bool:
    if name in drawn:
        shown = drawn[name]
        return shown is not None and shown.original
    return honest(name, data)


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


def _stored(site: SiteInput, post: Post) -> Iterator[tuple[str, bytes]]:
    for path, digest in sorted(post.manifest.items()):
        data = site.media(path)
        if hashlib.sha256(data).hexdigest() != digest:
            raise Fault(
                say("The bytes of {path} are not those that were reviewed.", path=path),
                say("Build from the commit that was verified."),
            )
        yield _name(post, path), data


def _taken(signed: Iterable[Signed], manifest: bytes) -> Iterator[tuple[str, bytes]]:
    """The files of evidence.tar."""
    for stem, statement, signature in signed:
        yield f"{stem}.json", statement
        yield f"{stem}.json.sig", signature
    yield "manifest.sha256", manifest


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
            minute(review.signed_at),
            utc_stamp(review.signed_at),
            review.fingerprint,
            words.EVIDENCE.get(review.evidence, review.evidence),
            review.opinion if opinions else "",
            True,
        )


def _json(
    site: SiteInput,
    post: Post,
    reviews: tuple[Review, ...],
    signed: tuple[Signed, ...],
    served: Mapping[str, bytes],
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
        "log": _proof(site, reviews),
        "steps": [
            {
                "step": review.step.value,
                "statement": b64encode(statement).decode(),
                "signature": b64encode(signature).decode(),
            }
            for review, (_, statement, signature) in zip(reviews, signed, strict=True)
        ],
    }
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _proof(site: SiteInput, reviews: tuple[Review, ...]) -> dict[str, object] | None:
    """That the confirmation stands in the publication log: leaf, place and path to the root."""
    confirm = next((r for r in reviews if r.step is Step.CONFIRM), None)
    found = site.log.prove(confirm.digest) if site.log and confirm else None
    if site.log is None or found is None:
        return None
    return {
        "origin": site.log.origin,
        "leaf": found.leaf.data.decode(),
        "index": found.index,
        "size": found.size,
        "root": b64encode(found.root).decode(),
        "hashes": [b64encode(h).decode() for h in found.hashes],
    }


def _keys_of(registers: Registers, reviews: tuple[Review, ...]) -> Iterator[RosterKey]:
    for fingerprint in sorted({review.fingerprint for review in reviews}):
        key = registers.roster.key(fingerprint)
        if key:
            yield key


def _key(key: RosterKey) -> dict[str, object]:
    end = key.end
    return {
        "person": key.person,
        "line": key.line,
        "fingerprint": key.fingerprint,
        "from": key.valid_from.isoformat(),
        "until": end.isoformat() if end else None,
        "void": key.revocation == "compromised",
    }
