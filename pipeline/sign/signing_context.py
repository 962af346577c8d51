"""What a person signs by: the committed archive with fresh records of the working tree on top."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from pipeline.detect.private import private_data, shown_match
from pipeline.errors import Fault, no_post
from pipeline.judge.archive_at import assemble
from pipeline.judge.load_governance import Trusted, pinned, trust
from pipeline.model.archive import Archive, OnBranch
from pipeline.model.calendar import Clock
from pipeline.model.findings import say
from pipeline.model.frozen import dataclass
from pipeline.model.ids import NO_POST, CommitId, PostId
from pipeline.model.invisible import HIDDEN
from pipeline.model.posts import Handler, Post
from pipeline.model.registers import Person
from pipeline.source.atomic import write_whole
from pipeline.source.content.paths import area_of, home
from pipeline.source.git.branches import MAIN
from pipeline.source.git.history import GitHistory, handlers
from pipeline.source.git.proposed import proposed
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree
from pipeline.source.git.worktree import Overlay, overlay

_COMMITTED = ("content/posts", "content/policy.yml", "content/regulation.md", "content/registers")
"""Where nothing may differ from what is signed."""
FREE_TEXT = ("opinion", "reason", "note", "deviation_reason")
"""Keys of a predicate in which a signer writes freely."""
Sign = Callable[[bytes], bytes]
"""Statement bytes → armored SSHSIG, by whatever holds the person's key."""


@dataclass(frozen=True)
class Record:
    """A signed record ready to be written."""

    path: str
    statement: bytes
    signature: bytes


@dataclass(frozen=True)
class SigningContext:
    """What a signer looks at: the committed archive with the records of the working tree."""

    repository: Repository
    trusted: Trusted
    files: Overlay | Tree
    archive: Archive

    def post(self, post_id: PostId) -> Post:
        if post_id not in self.archive.posts:
            raise no_post(post_id)
        return self.archive.posts[post_id]


def open_context(
    repository: Repository,
    now: datetime,
    only: frozenset[PostId] | None,
    leaving: PostId = NO_POST,
    judges: str = "",
) -> SigningContext:
    """Open the archive at HEAD for signing. Faults: unborn branch, uncommitted content.

    `leaving`: a post whose files may be gone from the working tree already; `judges`: the commit
    by whose registers is signed, when not HEAD.
    """
    head = repository.commit("HEAD")
    handled = _handled(repository, head, only)
    files = overlay(repository, head)
    going = f"{home(leaving)}/" if leaving else "\0"
    dirty = [
        p
        for p in repository.uncommitted(*_COMMITTED)
        if area_of(p) in ("posts", "governance") and not p.startswith(going)
    ]
    if dirty:
        raise Fault(
            say("{path} is not committed; what is signed must be what is stored.", path=dirty[0]),
            say("Commit or discard it, then sign."),
        )
    trusted = pinned(trust(repository.tree(judges) if judges else files), repository, head)
    archive = assemble(trusted, files, OnBranch(), Clock(now), handled, only)
    return SigningContext(repository, trusted, files, archive)


def context_at(
    repository: Repository, trusted: Trusted, head: CommitId, now: datetime, only: frozenset[PostId]
) -> SigningContext:
    """The archive as main would hold it with a proposal; no working tree is looked at.

    `trusted`: what main judges by; `head`: the last commit of the proposal, or main's own.
    """
    proposal = proposed(repository, repository.base(MAIN), head)
    posts = proposal.touched | only
    handled = proposal.history.handlers(head, map(home, sorted(posts)))
    archive = assemble(trusted, proposal.after, OnBranch(), Clock(now), handled, posts,
                       history=proposal.history)  # fmt: skip
    return SigningContext(repository, trusted, proposal.after, archive)


def _handled(
    repository: Repository, head: CommitId, only: frozenset[PostId] | None
) -> Mapping[str, set[Handler]]:
    if only is None:
        return handlers(repository, head)
    return GitHistory(repository).handlers(head, map(home, sorted(only)))


def signer(context: SigningContext, fingerprint: str) -> Person:
    """The person whose key this is. Raises Fault when the roster has no such usable key."""
    key = context.trusted.registers.roster.key(fingerprint)
    if key is None or key.person not in context.trusted.registers.people:
        raise Fault(
            say("The key {fingerprint} is not in the roster.", fingerprint=fingerprint),
            say(
                "Name another key with --key, or have yours entered in"
                " content/registers/roster.yml."
            ),
        )
    return context.trusted.registers.people[key.person]


def refuse_unfit_words(statement: bytes) -> None:
    """Refuse what a signer writes in words of their own, before it is signed for ever.

    Private data can never be taken out again; a page would show invisible characters in another
    way than they were read.
    """
    predicate = json.loads(statement)["predicate"]
    for text in (str(predicate[key]) for key in FREE_TEXT if key in predicate):
        if finding := next((f for f in private_data(text) if f.certain), None):
            raise Fault(
                say("What you say holds private data: {value}", value=shown_match(finding, text)),
                say("Say it without: what is signed stays for ever. Nothing was signed."),
            )
        if match := HIDDEN.search(text):
            raise Fault(
                say("There is an invisible character {code}.", code=f"U+{ord(match[0]):04X}"),
                say("Write it again without; it was probably pasted. Nothing was signed."),
            )


def write_record(root: Path, record: Record, *, again: bool = False) -> tuple[Path, Path]:
    """Write signature and statement, each whole or not at all; the statement comes last.

    The caller holds the repository's lock. `again`: one that stands may be replaced. Raises
    Fault when the statement is there already, and OSError when the disk is full: then nothing of
    it is left.
    """
    target = root / record.path
    signature = Path(f"{target}.sig")
    if target.exists() and not again:
        raise _signed_meanwhile(record)
    try:
        write_whole(signature, record.signature)  # one without a statement is a killed writer's
        write_whole(target, record.statement)
    except OSError:
        if not target.exists():
            signature.unlink(missing_ok=True)
        raise
    return target, signature


def _signed_meanwhile(record: Record) -> Fault:
    return Fault(
        say("{path} is there already: somebody signed before you.", path=record.path),
        say(
            "Nothing of yours was written. See what stands with `sanshen status`; if it is your own"
            " and not committed yet, remove the file and sign again."
        ),
    )
