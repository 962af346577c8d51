"""Prepare, prove and write signed records: nothing is written that the verifier would not count."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.engine import judge_post
from pipeline.errors import Fault
from pipeline.evidence.chain import approvals
from pipeline.evidence.statements import write_statement
from pipeline.flow.assemble import Trusted, assemble, trust
from pipeline.model.archive import Archive, Mode
from pipeline.model.calendar import local_date
from pipeline.model.evidence import (
    ROLE_OF_STEP,
    Approvals,
    Approved,
    Missing,
    Rejected,
    Returned,
    SignedFile,
    Step,
)
from pipeline.model.findings import Effect, Finding, say
from pipeline.model.posts import Post
from pipeline.model.registers import Person
from pipeline.source.paths import area_of
from pipeline.source.records import (
    AUTHORISATIONS,
    PUBLICATIONS,
    reviews_by_post,
    signed_files,
)
from pipeline.source.repository import Repository
from pipeline.source.worktree import Overlay, overlay

Sign = Callable[[bytes], bytes]
"""Statement bytes → armored SSHSIG, by whatever holds the person's key."""

ASSERTIONS: Mapping[Step, tuple[str, ...]] = {
    Step.FIRST: (
        "collected",
        "sorted",
        "filled",
        "proofread",
        "formatted",
        "form_filled",
    ),
    Step.SECOND: ("meaning_kept", "proofread"),
    Step.FINAL: ("lawful", "direction"),
    Step.CONFIRM: (
        "no_wording_error",
        "no_sensitive_words",
        "no_private_data",
        "law",
        "system",
        "national_interest",
        "citizens_rights",
        "public_order",
        "morality",
        "truth",
    ),
}
"""What each step's signer affirms: Articles 11 (初审 …), 13(1) seven bottom lines, 15(2)."""


@dataclass(frozen=True)
class Record:
    """A signed record ready to be written."""

    path: str
    statement: bytes
    signature: bytes


@dataclass(frozen=True)
class Desk:
    """What a signer looks at: the committed archive with the records of the working tree."""

    repository: Repository
    trusted: Trusted
    files: Overlay
    archive: Archive

    def post(self, post_id: str) -> Post:
        if post_id not in self.archive.posts:
            raise Fault(
                say("There is no post {post}.", post=post_id),
                say("`sanshen status` lists the posts."),
            )
        return self.archive.posts[post_id]


def desk(repository: Repository, now: datetime, only: frozenset[str] | None) -> Desk:
    """Open the archive at HEAD for signing. Faults: unborn branch, uncommitted content."""
    head = repository.commit("HEAD")
    files = overlay(repository, head)
    dirty = [p for p in repository.uncommitted() if area_of(p) in ("posts", "governance")]
    if dirty:
        raise Fault(
            say(
                "{path} is not committed; what is signed must be what is stored.",
                path=dirty[0],
            ),
            say("Commit or discard it, then sign."),
        )
    trusted = trust(files)
    folders = [f"content/posts/{i[:4]}/{i}" for i in sorted(only or ())]
    handlers = repository.handlers(head, paths=folders)
    archive = assemble(trusted, files, Mode.CHANGE, now, handlers, only)
    return Desk(repository, trusted, files, archive)


def signer(place: Desk, fingerprint: str) -> Person:
    """The person whose key this is. Raises Fault when the roster has no such usable key."""
    key = place.trusted.registers.roster.key(fingerprint)
    if key is None or key.person not in place.trusted.registers.people:
        raise Fault(
            say("The key {fingerprint} is not in the roster.", fingerprint=fingerprint),
            say(
                "Name another key with --key, or have yours entered in"
                " content/registers/roster.yml."
            ),
        )
    return place.trusted.registers.people[key.person]


def next_step(found: Approvals) -> Step:
    """The first step that does not count yet. Raises Fault when none is left or one is spoiled."""
    for step in Step:
        state = found.states[step]
        if isinstance(state, Missing):
            return step
        if isinstance(state, Rejected):
            raise Fault(state.reason, state.remedy)
        if isinstance(state, Returned):
            raise Fault(
                say("The post was returned; only a new revision goes on."),
                say("Change the post and raise `revision` by one."),
            )
    raise Fault(say("All four steps are signed already."), say("Publish it: `sanshen publish`."))


def objections(place: Desk, post: Post) -> tuple[Finding, ...]:
    """Findings of the machine on a post, those about missing signatures left out."""
    archive = replace(place.archive, mode=Mode.DRAFT)
    return judge_post(post, archive, place.trusted.rulebook).findings


def review(
    place: Desk,
    post: Post,
    step: Step,
    person: Person,
    decision: str,
    opinion: str,
    acting_for: str,
    now: datetime,
    sign: Sign,
) -> Record:
    """Sign one step and prove that it counts before it is handed back.

    Raises Fault when the machine refuses the post (an approval), or when the verifier would not
    count the record: wrong person, role, order or key.
    """
    refused = [f for f in objections(place, post) if f.effect is Effect.REFUSE]
    if refused and decision == "approve":
        raise Fault(
            refused[0].message,
            say(
                "Have it corrected first: `sanshen check {post}`, or"
                " send it back with `sanshen return`.",
                post=post.id,
            ),
        )
    registers = place.trusted.registers
    before = place.archive.approvals[post.id]
    predicate = {
        "archive": registers.policy.archive["id"],
        "post": post.id,
        "revision": post.revision,
        "step": step.value,
        "decision": decision,
        "opinion": opinion,
        "reviewer": person.id,
        "role": _role(place, step, acting_for or person.id, now),
        "acting_for": acting_for,
        "accounts": sorted(post.accounts),
        "roster": {
            "serial": registers.roster.serial,
            "digest": registers.roster.digest,
        },
        "regulation": registers.regulation_digest,
        "previous": _previous(place, post, before, step),
        "assertions": dict.fromkeys(ASSERTIONS[step], decision == "approve"),
        "signed_at": now,
        "not_after": now
        + timedelta(days=registers.parameter("review.valid_days", local_date(now))),
    }
    path = f"content/reviews/{post.year}/{post.id}/r{post.revision}/{step.stem}.json"
    statement = write_statement("review", post.manifest, predicate)
    record = Record(path, statement, sign(statement))
    _prove(place, post, step, record, now)
    return record


def _prove(place: Desk, post: Post, step: Step, record: Record, now: datetime) -> None:
    others = [f for f in _review_files(place, post) if f.path != record.path]
    made = SignedFile(record.path, record.statement, record.signature)
    state = approvals(
        post,
        [*others, made],
        place.trusted.registers,
        now,
        place.trusted.statements["review"],
    ).states[step]
    if isinstance(state, Rejected):
        raise Fault(state.reason, state.remedy)


def _review_files(place: Desk, post: Post) -> tuple[SignedFile, ...]:
    return signed_files(place.files, reviews_by_post(place.files).get(post.id, ()))


def _previous(place: Desk, post: Post, found: Approvals, step: Step) -> str | None:
    """Digest of the record before: the step before, or the last one of the revision before."""
    if step is not Step.FIRST:
        state = found.states[list(Step)[step.number - 2]]
        return state.review.digest if isinstance(state, Approved) else None
    return found.opening


def _role(place: Desk, step: Step, holder: str, now: datetime) -> str:
    person = place.trusted.registers.people.get(holder)
    principal = (
        step is Step.FINAL
        and person is not None
        and not person.holds(ROLE_OF_STEP[step], local_date(now))
    )
    return "principal" if principal else ROLE_OF_STEP[step]


def publication(
    place: Desk,
    post: Post,
    account: str,
    url: str,
    published_at: datetime,
    batch: str,
    person: Person,
    now: datetime,
    sign: Sign,
) -> Record:
    """Record that an account carried a post. Faults: not confirmed, expired, closed account."""
    found = place.archive.approvals[post.id]
    confirm = found.approved(Step.CONFIRM)
    registers = place.trusted.registers
    if not found.complete or confirm is None:
        raise Fault(
            say(
                "{post} is not approved and confirmed; it may not be published.",
                post=post.id,
            ),
            say("`sanshen status` says who is awaited."),
        )
    if not confirm.signed_at <= published_at <= min(now, confirm.not_after):
        raise Fault(
            say(
                "The publication must lie between the confirmation and now, and before"
                " the review expires."
            ),
            say("Check --at; the time is Asia/Shanghai."),
        )
    known = registers.accounts.get(account)
    if known is None or account not in post.accounts or not known.active(local_date(published_at)):
        raise Fault(
            say("The post was not approved for the account {account}.", account=account),
            say("Choose one of: {accounts}.", accounts=", ".join(post.accounts)),
        )
    if not person.holds("operator", local_date(now)) or person.contractor:
        raise Fault(
            say("{person} is not the dedicated operator (专职管理员).", person=person.id),
            say("Article 11: only the operator publishes; ask them to record it."),
        )
    predicate = {
        "archive": registers.policy.archive["id"],
        "post": post.id,
        "revision": post.revision,
        "account": account,
        "title": post.title,
        "url": url,
        "published_at": published_at,
        "operator": person.id,
        "batch": batch,
        "recorded_at": now,
    }
    day = local_date(published_at)
    path = f"{PUBLICATIONS}{day.year}/{day}.{account}.{post.id}.json"
    statement = write_statement("publication", post.manifest, predicate)
    return Record(path, statement, sign(statement))


def authorisation(
    place: Desk, base: str, reason: str, person: Person, now: datetime, sign: Sign
) -> Record:
    """Consent to the governed files that differ between a base and HEAD (R13-7)."""
    registers = place.trusted.registers
    areas = registers.parameter("change.signed_areas", local_date(now))
    after = place.repository.tree(place.repository.commit("HEAD"))
    changed = [
        c
        for c in place.repository.changes(place.repository.commit(base), after.oid)
        if area_of(c.path) in areas
    ]
    if not changed:
        raise Fault(
            say("Nothing between {base} and HEAD needs an authorisation.", base=base),
            say("Commit the change to a branch first, and name its base with --base."),
        )
    subject = {
        c.path: hashlib.sha256(after.read(c.path)).hexdigest() for c in changed if c.status != "D"
    }
    removed = sorted(c.path for c in changed if c.status == "D")
    day = local_date(now)
    places = (
        ("section-head", registers.lead_department),
        ("leader-in-charge", None),
        ("principal", None),
    )
    role = next(
        (role for role, where in places if person.holds(role, day, where)),
        "",
    )
    if not role:
        raise Fault(
            say("{person} may not authorise a change.", person=person.id),
            say("The head of the lead department and the leader in charge do (R13-7)."),
        )
    predicate = {
        "archive": registers.policy.archive["id"],
        "person": person.id,
        "role": role,
        "reason": reason,
        "removed": removed,
        "signed_at": now,
        "roster": {
            "serial": registers.roster.serial,
            "digest": registers.roster.digest,
        },
    }
    named = hashlib.sha256(repr((sorted(subject.items()), removed)).encode()).hexdigest()[:8]
    statement = write_statement("authorisation", subject, predicate)
    return Record(
        f"{AUTHORISATIONS}{day.year}/{day}-{named}/{person.id}.json",
        statement,
        sign(statement),
    )


def write_record(root: Path, record: Record) -> tuple[Path, Path]:
    """Write signature and statement, each whole or not at all; the statement comes last."""
    target = root / record.path
    target.parent.mkdir(parents=True, exist_ok=True)
    written = []
    for path, raw in (
        (Path(f"{target}.sig"), record.signature),
        (target, record.statement),
    ):
        draft = path.with_name(f".{path.name}.new")
        draft.write_bytes(raw)
        draft.replace(path)
        written.append(path)
    return written[1], written[0]
