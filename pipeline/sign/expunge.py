"""Erase a post's bytes and keep its evidence (threats A36; docs/runbooks/expunge.md)."""

import hashlib
import shutil
from datetime import datetime
from pathlib import Path

from pipeline.errors import Fault
from pipeline.evidence.review.statements import write_statement
from pipeline.model.calendar import local_date
from pipeline.model.findings import say
from pipeline.model.records import Expunged
from pipeline.model.registers import Person, signing_roles
from pipeline.sign.signing_context import Record, Sign, SigningContext
from pipeline.source.content.post_paths import home
from pipeline.source.content.records import AUTHORISATIONS
from pipeline.source.git.first_appearances import versions_of


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
    path = f"{AUTHORISATIONS}{day.year}/expunge-{post}/{person.id}.json"
    if path in context.repository.tree(context.repository.commit("HEAD")).files:
        raise Fault(
            say("{path} is there already; a signed record is never replaced.", path=path),
            say("The other signer runs `sanshen expunge` on this branch."),
        )
    erased = context.archive.expunged.get(post)
    predicate = {
        "archive": registers.policy.archive["id"],
        "person": person.id,
        "role": roles[0],
        "reason": erased.reason if erased else reason,
        "removed": [],
        "expunges": _block(context, base, post, title, erased),
        "signed_at": now,
        "roster": registers.roster.version,
    }
    statement = write_statement("authorisation", {}, predicate)
    return Record(path, statement, sign(statement))


def _block(
    context: SigningContext, base: str, post: str, title: str, erased: Expunged | None
) -> dict[str, object]:
    """What is erased: as the first signer said it, else as history tells it."""
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
