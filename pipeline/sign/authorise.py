"""What two people must sign: a governed change (R13-7) or an erasure (A36); and waivers.

A waiver lets one finding on one content of a post stand until a day (Article 13).
"""

import hashlib
import shutil
from collections.abc import Container
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.errors import Fault
from pipeline.evidence.review.statements import write_statement
from pipeline.judge.governed_change import consented, governed, registers_left
from pipeline.judge.load_governance import trust
from pipeline.law.engine import judge_post
from pipeline.model.archive import Mode
from pipeline.model.calendar import local_date
from pipeline.model.findings import Effect, Finding, Message, say, say_names
from pipeline.model.posts import Post
from pipeline.model.records import Expunged, Signed
from pipeline.model.registers import Person, Registers, consent_roles, signing_roles
from pipeline.model.waivers import waived_already
from pipeline.sign.declare import signed_record
from pipeline.sign.signing_context import Record, Sign, SigningContext
from pipeline.source.content.paths import home
from pipeline.source.content.records import AUTHORISATIONS
from pipeline.source.git.bulk_history import versions_of
from pipeline.source.git.tree import Tree


def authorisation(
    context: SigningContext,
    base: str,
    reason: str,
    person: Person,
    now: datetime,
    sign: Sign,
    acknowledges: tuple[str, ...] = (),
    head: str = "HEAD",
) -> Record:
    """Consent to the governed files that differ between a base and a head (R13-7).

    `acknowledges`: commits of the past that broke the rules and that the signer answers for;
    then no file need differ. The registers at the base decide who may sign: a change does not
    appoint its own judges (threats A1).
    """
    registers = trust(context.repository.tree(context.repository.base(base))).registers
    after, changed = governed(context.repository, base, registers, now, acknowledges, head)
    subject, removed, mark = consented(after, changed, acknowledges)
    day, left = local_date(now), registers_left(after, changed)
    name = f"{day}-{mark}"
    path = _unsigned(
        f"{AUTHORISATIONS}{day.year}/{name}/{person.id}.json",
        context.files.files,
        say("The change has this consent; the other signature is somebody else's."),
    )
    roles = consent_roles(person, now, registers, left)
    if not roles and left and signing_roles(person, day, registers):
        raise Fault(
            say("{person} lost a key that this change stops, and is none of the two who consent.",
                person=person.name),
            say("Another leader, or the principal, consents with the head."),
        )  # fmt: skip
    if not roles:
        raise Fault(
            say("{person} may not authorise a change.", person=person.id),
            say("The head of the lead department and the leader in charge do (R13-7)."),
        )
    more = {"acknowledges": list(acknowledges)} if acknowledges else {}
    predicate = _predicate(registers, person, roles[0], reason, removed, now, **more)
    statement = write_statement("authorisation", subject, predicate)
    return Record(path, statement, sign(statement))


def _predicate(
    registers: Registers, person: Person, role: str, reason: str, removed: list[str],
    now: datetime, **more: Any,
) -> dict[str, Any]:  # fmt: skip
    return {
        "archive": registers.policy.archive["id"],
        "person": person.id,
        "role": role,
        "reason": reason,
        "removed": removed,
        **more,
        "signed_at": now,
        "roster": registers.roster.version,
    }


def _unsigned(path: str, files: Container[str], following: Message) -> str:
    """The path; Fault when a record lies there already."""
    if path in files:
        raise Fault(
            say("{path} is there already; a signed record is never replaced.", path=path),
            following,
        )
    return path


# Erase the bytes of a post and keep its evidence (threats A36; docs/runbooks/expunge.md).


ERASED_TITLE = "（内容已清除）"
"""What the address of an erased post shows, unless its signer says otherwise."""


def expunge(
    context: SigningContext, base: str, post: str, title: str, reason: str, person: Person,
    now: datetime, sign: Sign,
) -> Record:  # fmt: skip
    """One of the two signatures that erase a post; the bytes themselves are removed by `remove`.

    Raises Fault when main never held the post, and when the person may not sign.
    """
    registers = context.trusted.registers
    day = local_date(now)
    roles = signing_roles(person, day, registers)
    if not roles:
        raise Fault(
            say("{person} may not have a post erased.", person=person.id),
            say("The head of the lead department and a leader do, each with their own key."),
        )
    committed = context.files
    if not isinstance(committed, Tree):  # an interrupted command finishes its work
        committed = context.repository.tree(context.repository.commit("HEAD"))
    path = _unsigned(
        f"{AUTHORISATIONS}{day.year}/expunge-{post}/{person.id}.json",
        committed.files,
        say("The other signer runs `sanshen expunge` on this branch."),
    )
    erased = context.archive.expunged.get(post)
    block = _block(context, base, post, title, erased)
    why = erased.reason if erased else reason
    predicate = _predicate(registers, person, roles[0], why, [], now, expunges=block)
    statement = write_statement("authorisation", {}, predicate)
    return Record(path, statement, sign(statement))


def _block(
    context: SigningContext, base: str, post: str, title: str, erased: Expunged | None
) -> dict[str, object]:
    """What is erased: as the first signer stated it, else as history holds it."""
    if erased is not None:
        pairs, revision, shown = erased.files, erased.revision, erased.title
    else:
        folder = home(post)
        repository = context.repository
        versions = versions_of(repository, repository.base(base), folder)
        pairs = frozenset(
            (path, hashlib.sha256(repository.blob(oid)).hexdigest()) for path, oid in versions
        )
        held = context.archive.posts.get(post)
        revision, shown = (held.revision if held else 1), title
    if not pairs:
        raise Fault(
            say("Main never held the post {post}.", post=post),
            say("`sanshen status --all` lists the posts."),
        )
    files = [{"name": name, "sha256": digest} for name, digest in sorted(pairs)]
    return {"post": post, "revision": revision, "title": shown, "files": files}


def remove(root: Path, post: str) -> tuple[Path, ...]:
    """Take the post's folder out of the working tree; the paths that went. Safe to repeat."""
    folder = root / "content" / "posts" / post[:4] / post
    gone = tuple(sorted(p for p in folder.rglob("*") if p.is_file())) if folder.is_dir() else ()
    shutil.rmtree(folder, ignore_errors=False) if folder.is_dir() else None
    return gone


def waivable(context: SigningContext, post: Post) -> tuple[Finding, ...]:
    """The findings on a post that a waiver may excuse."""
    archive = replace(context.archive, mode=Mode.DRAFT)
    findings = judge_post(post, archive, context.trusted.rulebook).findings
    return tuple(f for f in findings if f.waivable and f.effect > Effect.NOTE)


def admitted(
    context: SigningContext,
    post: Post,
    clause: str,
    text: str,
    expires_on: date,
    person: Person,
    now: datetime,
) -> None:
    """Raise Fault, before the question to sign, when the waiver could not count."""
    day, registers = local_date(now), context.trusted.registers
    if given := waived_already(clause, text, post, context.archive):
        raise Fault(
            say("{clause} on “{words}” is waived already, by {person} until {day}.", clause=clause,
                words=text, person=given.person, day=given["expires_on"].isoformat()),
            say("Nothing is left to do; `sanshen check` shows it as a note."),
        )  # fmt: skip
    findings = waivable(context, post)
    if not any((f.clause, f.waivable) == (clause, text) for f in findings):
        others = ", ".join(f"{f.clause} {f.waivable}" for f in findings) or "—"
        raise Fault(
            say("There is no finding of {clause} on these words that may be waived.",
                clause=clause),
            say("These may be: {others}.", others=others),
        )  # fmt: skip
    if not signing_roles(person, day, registers):
        able = [p.id for p in registers.people.values() if signing_roles(p, day, registers)]
        raise Fault(
            say("{person} may not waive: section heads and leaders do.", person=person.id),
            say("Ask one of: {people}.", people=say_names(able)),
        )


def waiver(
    context: SigningContext,
    post: Post,
    clause: str,
    text: str,
    reason: str,
    expires_on: date,
    person: Person,
    now: datetime,
    sign: Sign,
) -> Record:
    """Sign a waiver and prove that it excuses the finding before it is handed back.

    Raises Fault when there is no such finding, or when the signer may not waive it.
    """
    admitted(context, post, clause, text, expires_on, person, now)
    registers, today = context.trusted.registers, local_date(now)
    predicate = {
        "archive": registers.policy.archive["id"],
        "person": person.id,
        "role": signing_roles(person, today, registers)[0],
        "signed_at": now,
        "clause": clause,
        "post": post.id,
        "text": text,
        "content": post.content_digest,
        "reason": reason,
        "expires_on": expires_on.isoformat(),
    }
    digest = hashlib.sha256(repr((clause, text, post.content_digest, person.id)).encode())
    stem = f"{post.id}.{digest.hexdigest()[:12]}"
    year = local_date(now).year
    remedy = say("Give another day with --expires, or have another head or leader sign.")
    fault = partial(_fault, context, post)
    filed = "waiver", year, stem
    return signed_record(context, *filed, post.manifest, predicate, sign, fault, remedy)


def _fault(context: SigningContext, post: Post, made: Signed) -> Message | None:
    """Why the engine would not count it: a finding of its own, or the words are not excused."""
    signed = {**context.archive.signed, "waiver": (*context.archive.signed["waiver"], made)}
    archive = replace(context.archive, mode=Mode.DRAFT, signed=signed)
    for finding in judge_post(post, archive, context.trusted.rulebook).findings:
        own = finding.location.path == made.path
        same = (finding.clause, finding.waivable) == (made["clause"], made["text"])
        if own or (same and finding.effect > Effect.NOTE):
            return finding.message
    return None
