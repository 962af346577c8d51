"""What two people must sign: a governed change (R13-7) or an erasure (A36); and waivers.

A waiver lets one finding on one content of a post stand until a day (Article 13).
"""

import hashlib
import shutil
from collections.abc import Container
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.errors import Fault
from pipeline.evidence.review.statements import write_statement
from pipeline.judge.governed_change import consented, governed, registers_left
from pipeline.judge.load_governance import trust
from pipeline.model.calendar import local_date
from pipeline.model.findings import Message, say
from pipeline.model.records import Expunged
from pipeline.model.registers import Person, Registers, consent_roles, signing_roles
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
