"""Consent to a change of what governs (R13-7), or have a post erased (threats A36): two people."""

import shutil
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.errors import Fault
from pipeline.evidence.review.statements import write_statement
from pipeline.judge.change_facts import consented, governed, registers_left
from pipeline.judge.load_governance import trust
from pipeline.model.calendar import local_date
from pipeline.model.findings import Message, say
from pipeline.model.ids import PostId, sha256_of
from pipeline.model.records import Expunged
from pipeline.model.registers import Person, Registers, consent_roles, signing_roles
from pipeline.sign.act import Act, Record, Sign, SignedOutcome, SigningContext, ask, open_context
from pipeline.source.content.paths import home
from pipeline.source.content.records import AUTHORISATIONS
from pipeline.source.git import branches, bulk_history, tree
from pipeline.source.git.repository import Repository


@dataclass(frozen=True, kw_only=True)
class Consent:
    """A change of what governs, and why it is made."""

    base: str = ask(say("Branch"), "The branch the change is for.", branches.MAIN)
    acknowledged: tuple[str, ...] = ask(
        say("Commits answered for"), "A commit that broke the rules and that you answer for.", (),
        option="acknowledge", metavar="COMMIT",
    )  # fmt: skip
    reason: str = ask(say("Reason"), "Why the change is made.", short="r", required=True)
    head: str = "HEAD"
    """The last commit of the change."""


class Authorise(Act[Consent]):
    """The registers at the base decide who may sign: a change does not appoint its own judges
    (threats A1). With commits that are answered for, no file need differ."""

    asks = Consent
    question = say("Do you consent to this change and sign?")

    def opened(self, asked: Consent, repository: Repository, now: datetime) -> SigningContext:
        return open_context(repository, now, frozenset(), judges=repository.base(asked.base))

    def sign(
        self, asked: Consent, context: SigningContext, person: Person, now: datetime, sign: Sign
    ) -> SignedOutcome:
        repository = context.repository
        broken = tuple(map(repository.commit, asked.acknowledged))
        registers = trust(repository.tree(repository.base(asked.base))).registers
        after, changed = governed(repository, asked.base, registers, now, broken, asked.head)
        subject, removed, mark = consented(after, changed, broken)
        day, left = local_date(now), registers_left(after, changed)
        path = _unsigned(
            f"{AUTHORISATIONS}{day.year}/{day}-{mark}/{person.id}.json",
            context.files.files,
            say("The change has this consent; the other signature is somebody else's."),
        )
        roles = consent_roles(person, now, registers, left)
        if not roles and left and signing_roles(person, day, registers):
            raise Fault(
                say(
                    "{person} lost a key that this change stops, and is none of the two who"
                    " consent.",
                    person=person.name,
                ),
                say("Another leader, or the principal, consents with the head."),
            )
        if not roles:
            raise Fault(
                say("{person} may not authorise a change.", person=person.id),
                say("The head of the lead department and the leader in charge do (R13-7)."),
            )
        more = {"acknowledges": list(broken)} if broken else {}
        predicate = _predicate(registers, person, roles[0], asked.reason, removed, now, **more)
        statement = write_statement("authorisation", subject, predicate)
        done = say("Change authorised by {person}.", person=person.name)
        return SignedOutcome(Record(path, statement, sign(statement)), done)


AUTHORISE = Authorise()


ERASED_TITLE = "（内容已清除）"
"""What the address of an erased post shows, unless its signer says otherwise."""


@dataclass(frozen=True)
class Erasure:
    """A post that is to be erased, and what its address shows then."""

    post: PostId = ask(say("Post"), argument=True)
    reason: str = ask(
        say("Reason, public and without names or numbers"),
        "Why, in words that repeat nothing private.", short="r", required=True,
    )  # fmt: skip
    title: str = ask(
        say("What its address shows instead"), "What the post's address shows instead.",
        ERASED_TITLE,
    )  # fmt: skip
    base: str = ask(say("Branch"), "The branch the change is for.", branches.MAIN)


class Erase(Act[Erasure]):
    """One of the two signatures that erase a post; its files go from the tree with it (`remove`),
    and that is for who stores the record."""

    asks = Erasure
    question = say("Do you have it erased and sign?")

    def opened(self, asked: Erasure, repository: Repository, now: datetime) -> SigningContext:
        return open_context(repository, now, frozenset({asked.post}), leaving=asked.post)

    def sign(
        self, asked: Erasure, context: SigningContext, person: Person, now: datetime, sign: Sign
    ) -> SignedOutcome:
        """Raises Fault when main never held the post, and when the person may not sign."""
        registers, day = context.trusted.registers, local_date(now)
        roles = signing_roles(person, day, registers)
        if not roles:
            raise Fault(
                say("{person} may not have a post erased.", person=person.id),
                say("The head of the lead department and a leader do, each with their own key."),
            )
        committed = context.files
        if not isinstance(committed, tree.Tree):  # an interrupted command finishes its work
            committed = context.repository.tree(context.repository.commit("HEAD"))
        path = _unsigned(
            f"{AUTHORISATIONS}{day.year}/expunge-{asked.post}/{person.id}.json",
            committed.files,
            say("The other signer runs `sanshen expunge` on this branch."),
        )
        erased = context.archive.expunged.get(asked.post)
        block = _block(context, asked, erased)
        why = erased.reason if erased else asked.reason
        predicate = _predicate(registers, person, roles[0], why, [], now, expunges=block)
        statement = write_statement("authorisation", {}, predicate)
        done = say("{post} is erased from the tree, signed by {person}.", post=asked.post,
                   person=person.name)  # fmt: skip
        return SignedOutcome(Record(path, statement, sign(statement)), done)


ERASE = Erase()


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


def _block(context: SigningContext, asked: Erasure, erased: Expunged | None) -> dict[str, object]:
    """What is erased: as the first signer stated it, else as history holds it."""
    post = asked.post
    if erased is not None:
        pairs, revision, shown = erased.files, erased.revision, erased.title
    else:
        folder = home(post)
        repository = context.repository
        versions = bulk_history.versions_of(repository, repository.base(asked.base), folder)
        pairs = frozenset((path, sha256_of(repository.blob(oid))) for path, oid in versions)
        held = context.archive.posts.get(post)
        revision, shown = (held.revision if held else 1), asked.title
    if not pairs:
        raise Fault(
            say("Main never held the post {post}.", post=post),
            say("Posts are called as their folders under `content/posts`."),
        )
    files = [{"name": name, "sha256": digest} for name, digest in sorted(pairs)]
    return {"post": post, "revision": revision, "title": shown, "files": files}


def remove(root: Path, post: PostId) -> tuple[Path, ...]:
    """Take the post's folder out of the working tree; the paths that went. Safe to repeat."""
    folder = root / home(post)
    if not folder.is_dir():
        return ()
    gone = tuple(sorted(p for p in folder.rglob("*") if p.is_file()))
    shutil.rmtree(folder)
    return gone
