"""The evidence of one post for its page: rows to read, files to take away, JSON to verify by."""

import json
import shlex
from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from pipeline.detect.endings import ending
from pipeline.detect.formats import matches_ending
from pipeline.errors import Fault
from pipeline.evidence.review.site_bundle import SignedStep, SiteBundle, evidence_tar
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.evidence.ssh.sshsig import fingerprint_of
from pipeline.model import calendar, zh_names
from pipeline.model.cards import DRAWN, Card, Counts
from pipeline.model.evidence import Review, Step, record_stem
from pipeline.model.findings import say
from pipeline.model.ids import PersonId, PostId, sha256_of
from pipeline.model.posts import ON_DEMAND, Post, file_mark
from pipeline.model.registers import Registers, RosterKey
from pipeline.site.evidence.archive_evidence import names_people
from pipeline.site.fragments import Unsigned
from pipeline.site.inputs import SiteInput
from pipeline.site.pages.media import pictures
from pipeline.site.pictures import Picture

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class SignedStatement(NamedTuple):
    """A statement and its signature as stored."""

    stem: str
    """Of its file names in evidence.tar."""
    statement: bytes
    signature: bytes
    fingerprint: str

    @property
    def digest(self) -> str:
        """As the next record names it: sha256 of the statement and then the signature."""
        return sha256_of(self.statement + self.signature)

    @property
    def encoded(self) -> dict[str, str]:
        """Both in base64."""
        both = {"statement": self.statement, "signature": self.signature}
        return {name: b64encode(data).decode() for name, data in both.items()}


class StepRow(NamedTuple):
    """One step of which there is something to say."""

    step: str
    name: str
    """Empty unless policy shows names."""
    prepared: bool
    """Whether the first reviewer is also named as a maker of the post."""


def _rows(site: SiteInput, post: Post, reviews: Iterable[Review]) -> Iterator[StepRow]:
    registers = site.archive.registers
    names = bool(registers.policy.archive.get("show_names"))
    for review in reviews:
        person = registers.people.get(review.reviewer)
        name = person.name if names and person else ""
        prepared = review.step is Step.FIRST and review.reviewer in post.declared
        if name or prepared:
            yield StepRow(zh_names.STEPS[review.step], name, prepared)


@dataclass(frozen=True)
class Bundle:
    """All evidence of one post."""

    rows: tuple[StepRow, ...]
    counts: Counts
    files: Mapping[str, bytes]
    """Path beside the page → bytes."""
    served: Mapping[str, bytes]
    """The post's own files among them: name → bytes."""
    pictures: Mapping[str, Picture | None]
    """Pictures of the post by name, None where one cannot be shown."""
    recipe: str
    """Commands that verify all this, see `recipe`."""
    two_lines: str
    """Commands that verify the last signature; empty when there is none."""
    records: int
    """How many records of publications are among the signed."""
    attachments: tuple[tuple[str, str], ...]
    """(name, kind and size in words) of the files that readers are given."""
    signed: SiteBundle
    """What evidence.json holds, its keys apart."""
    unsigned: Unsigned

    @property
    def shown(self) -> tuple[str, ...]:
        """Names of the post's own files that are published."""
        return tuple(sorted(self.served))


def bundle(site: SiteInput, post: Post, linked: Collection[str] = ()) -> Bundle:
    """Collect and check the evidence of a post; `linked`: names of files that its body links to.

    Raises Fault when a file's bytes are not those the manifest names.
    """
    approvals = site.archive.approvals.get(post.id)
    reviews = [r for step in Step if approvals and (r := approvals.approved(step))]
    steps = [(r, _signed(site, r.path, r.step.stem, r.fingerprint)) for r in reviews]
    paths = () if post.withdrawn else _records(site, post.id)
    records = [_signed(site, path, record_stem(n)) for n, path in enumerate(paths, 1)]
    stored = {} if post.withdrawn else dict(_stored(site, post))
    unit = site.archive.registers.policy.unit_of(post.id)
    card = site.shown(post.id).card  # lists show the present version alone
    present = card.revision == post.revision
    draw = partial(pictures, stored.items(), str(unit.get("full_name", "")), post.id)
    drawn = site.once(DRAWN, post.id, partial(draw, card.picture)) if present else draw()
    given = {*post.attachments, *(n for n in stored if ending(n) not in ON_DEMAND)}
    served = {n: d for n, d in stored.items() if n in given and _published(n, d, drawn)}
    sized = {name: data for p in drawn.values() if p for name, data in p.files.items()}
    held = (signed[:3] for signed in (*(of for _, of in steps), *records))
    files = {**served, **sized, "evidence.tar": evidence_tar(held)}
    corrections, unsigned = _corrections(site, post.id), _unsigned(site, post, drawn, linked)
    signed = SiteBundle(
        _archive(site), post.id, post.revision, (), {p: (d, "") for p, d in post.manifest.items()},
        tuple(SignedStep(r.step.value, of.statement, of.signature) for r, of in steps), None,
        tuple((of.statement, of.signature) for of in records), corrections,
    )  # fmt: skip
    files["evidence.json"] = _json(site, post, steps, records, served, corrections, unsigned)
    return Bundle(
        tuple(_rows(site, post, reviews)),
        site.shown(post.id).counts,
        files,
        served,
        drawn,
        recipe(_archive(site), post.id, post.revision, sorted(served)),
        "".join(two_lines(s.stem, r.signer, r.signed_at) for r, s in steps[-1:]),
        len(records),
        tuple((n, file_mark(n, len(stored[n]))) for n in post.attachments if n in served),
        signed,
        unsigned,
    )


def _corrections(site: SiteInput, post: PostId) -> tuple[bytes, ...] | None:
    """The records of all changes after publication, whole, for only so do they have their digest.

    None when a remark in one tells more than the page does, as for the roster (threats A36).
    """
    corrections = site.archive.corrections_of(post)
    raw = tuple(site.media(c.path) for c in corrections if c.document.digest)
    whole = len(raw) == len(corrections)
    return raw if whole and not any(names_people(site, r.decode()) for r in raw) else None


def _unsigned(
    site: SiteInput, post: Post, drawn: Mapping[str, Picture | None], linked: Collection[str]
) -> Unsigned:
    policy, accounts = site.archive.registers.policy.archive, site.archive.registers.accounts
    carried = {p.account for p in site.archive.publications_of(post.id)} & accounts.keys()
    sizes = {path.removeprefix(f"{post.folder}/"): size for path, size in post.sizes.items()}
    return Unsigned(
        urlsplit(str(policy.get("url"))).netloc.casefold(),
        bool(policy.get("show_opinions")),
        {a: (accounts[a].name, accounts[a].platform) for a in carried if not post.withdrawn},
        {name: size for name, size in sizes.items() if name in linked},
        {_name(post, f.path): f.made_by_machine for f in post.media if f.made_by_machine},
        drawn,
    )


def reads(site: SiteInput, card: Card) -> Iterator[str]:
    """Every path that a post's page and its `bundle` ask for."""
    yield from (path for path, _ in card.files)
    yield from (c.path for c in site.archive.corrections_of(card.id) if c.document.digest)
    for path in (*card.reviews, *(() if card.withdrawn else _records(site, card.id))):
        yield from (path, f"{path}.sig")


def _signed(site: SiteInput, path: str, stem: str, fingerprint: str = "") -> SignedStatement:
    signature = site.media(f"{path}.sig")
    fingerprint = fingerprint or fingerprint_of(signature, NAMESPACE)
    return SignedStatement(stem, site.media(path), signature, fingerprint)


def _records(site: SiteInput, post: PostId) -> list[str]:
    """Paths of a post's publication records. Those that do not count any more are among them, for
    only so can a reader tell that none was taken out; the page shows those that count."""
    counted = (p.path for p in site.archive.publications_of(post))
    return sorted({*counted, *(path for path, _ in site.uncounted(post))})


def _archive(site: SiteInput) -> str:
    return str(site.archive.registers.policy.archive["id"])


def _published(name: str, data: bytes, drawn: Mapping[str, Picture | None]) -> bool:
    if name in drawn:
        shown = drawn[name]
        return shown is not None and shown.original
    return matches_ending(name, data)


def _name(post: Post, path: str) -> str:
    return path.removeprefix(f"{post.folder}/")


def _stored(site: SiteInput, post: Post) -> Iterator[tuple[str, bytes]]:
    for path, digest in sorted(post.manifest.items()):
        data = site.media(path)
        if sha256_of(data) != digest:
            raise Fault(
                say("The bytes of {path} are not those that were reviewed.", path=path),
                say("Build from the commit that was verified."),
            )
        yield _name(post, path), data


def _json(
    site: SiteInput,
    post: Post,
    steps: list[tuple[Review, SignedStatement]],
    records: list[SignedStatement],
    served: Mapping[str, bytes],
    corrections: tuple[bytes, ...] | None,
    unsigned: Unsigned,
) -> bytes:
    registers, signed = site.archive.registers, (*(of for _, of in steps), *records)
    value = {
        "version": 1,
        "archive": _archive(site),
        "post": post.id,
        "revision": post.revision,
        "namespace": NAMESPACE,
        "roster": {"serial": registers.roster.serial, "digest": registers.roster.digest},
        "keys": [_key(k, signed) for k in _keys_of(registers, signed)],
        "files": [
            {"name": path, "sha256": digest, "url": name if name in served else None}
            for path, digest in sorted(post.manifest.items())
            for name in (_name(post, path),)
        ],
        "log": _proof(site, (review for review, _ in steps)),
        "steps": [{"step": review.step.value, **of.encoded} for review, of in steps],
        "publications": [record.encoded for record in records],
        "corrections": corrections and [b64encode(raw).decode() for raw in corrections],
        "page": unsigned.written(),
    }
    return _encode(value).encode()


def _proof(site: SiteInput, reviews: Iterable[Review]) -> dict[str, object] | None:
    """That the confirmation stands in the publication log: leaf, place and path to the root."""
    confirm = next((r for r in reviews if r.step is Step.CONFIRM), None)
    proof = site.log.prove(confirm.digest) if site.log and confirm else None
    if site.log is None or proof is None:
        return None
    return {
        "origin": site.log.origin,
        "leaf": proof.leaf.data.decode(),
        "index": proof.index,
        "size": proof.size,
        "root": b64encode(proof.root).decode(),
        "hashes": [b64encode(h).decode() for h in proof.hashes],
    }


def _keys_of(registers: Registers, signed: Iterable[SignedStatement]) -> Iterator[RosterKey]:
    for fingerprint in sorted({s.fingerprint for s in signed}):
        key = registers.roster.key(fingerprint)
        if key:
            yield key


def _key(key: RosterKey, signed: tuple[SignedStatement, ...]) -> dict[str, object]:
    """A key as the bundle's checks take it: void when something that it signed here is (A11)."""
    end = key.end
    records = (s.digest for s in signed if s.fingerprint == key.fingerprint)
    return {
        "person": key.person,
        "line": key.line,
        "fingerprint": key.fingerprint,
        "from": key.valid_from.isoformat(),
        "until": end.isoformat() if end else None,
        "void": key.stopped and not key.prior_records.issuperset(records),
    }


# Commands with which readers verify what a site publishes by stock tools alone (decision 0021):
# POSIX shell, tar, ssh-keygen, sha256sum, awk. Both stand in docs/inspector.md too, for readers who
# trust no page.


def _script(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8")


SIGNERS = _script("signers.sh")
"""From a roster on standard input the lines of allowed_signers; times are those of TZ=CST-8.
Compromised keys end where they become void, and are left out where no time says so."""

_CHECKS = _script("checks.sh")


def two_lines(stem: str, person: PersonId, signed_at: datetime) -> str:
    """Commands that verify one signature: who signed these bytes, and nothing of the post.

    `stem`: of the step's file names; `person`: id in allowed_signers.
    """
    return (
        f"tar xf evidence.tar {stem}.json {stem}.json.sig\n"
        f"ssh-keygen -Y verify -f allowed_signers -I {shlex.quote(person)} -n {NAMESPACE} "
        f"-O verify-time={calendar.utc_stamp(signed_at)} -s {stem}.json.sig < {stem}.json\n"
    )


def recipe(archive: str, post: PostId, revision: int, files: Iterable[str]) -> str:
    """Commands for a folder that holds evidence.tar, allowed_signers and the post's `files`.

    Their last line begins with 核验通过, and the exit code is 0, when all of this held and only
    then: four signatures by keys in force, each over a statement that approves this post, revision
    and step and names the one before; three reviewers; one list of files; the `files` as listed.
    They run in a subshell, so that a failure ends it and not the shell they were pasted into.
    """
    about = shlex.join((f"archive={archive}", f"post={post}", f"revision={revision}"))
    return f"(\nset -e\n{about}\n{shlex.join(('set', '--', *files))}\n{_CHECKS})\n"
