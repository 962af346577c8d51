"""Drafts in the clone: a branch for each while it is written, another once it is submitted.

A draft is on a branch ``draft/…``, where it waits for no reviewer; submitting makes it a branch of
the post's own name, as `sanshen submit` does.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any

from pipeline.cli.forge_api import Proposal
from pipeline.cli.forges import open_proposal, push_options
from pipeline.detect.private import mask
from pipeline.errors import Fault, no_post
from pipeline.history.waiting import WaitState, waiting
from pipeline.judge.judgements import check_files
from pipeline.judge.load_governance import Trusted
from pipeline.model.calendar import local_date
from pipeline.model.evidence import Review
from pipeline.model.findings import say
from pipeline.model.registers import Person, Registers
from pipeline.new.post_form import new_front_matter, post_bytes
from pipeline.new.uploads import fit_to_publish
from pipeline.parts.desk.desk import Desk
from pipeline.parts.desk.drafts import Draft, Edit
from pipeline.parts.desk.writing import Checked, OwnDraft, SlipNote, Writing
from pipeline.report.language import harmless
from pipeline.report.summary import ordered
from pipeline.source.content.front_matter import split_post
from pipeline.source.content.paths import home
from pipeline.source.content.records import REVIEWS
from pipeline.source.git.branches import DRAFTS, MAIN, drop_branch, local, own_changes, tip_of
from pipeline.source.git.proposed import posts_named
from pipeline.source.git.repository import Repository
from pipeline.source.git.worktree import edited

RESERVED = ("records/", "govern/", "roster/", "expunge/")
"""What the names of branches begin with that no writer's post is on."""
_DECODING = Lock()
"""One picture at a time: the largest takes a few hundred megabytes."""


@contextmanager
def opened(desk: Desk, person: str) -> Iterator[Writing]:
    """A person's drafts in the clone of a desk, for one request."""
    with desk.archive() as (repository, registers):
        yield ClonedDrafts(
            desk, repository, desk.clone.trusted(repository), registers.people[person]
        )


@dataclass(frozen=True)
class ClonedDrafts:
    """Answers `Writing`."""

    desk: Desk
    repository: Repository
    trusted: Trusted
    me: Person

    @property
    def registers(self) -> Registers:
        return self.trusted.registers

    @property
    def schema(self) -> Mapping[str, Any]:
        return self.trusted.front_matter.schema

    def own(self) -> list[OwnDraft]:
        states = (WaitState.DRAFT, WaitState.RETURNED)
        items = waiting(self.repository, self.desk.now()).items
        return [
            OwnDraft(
                local(i.branch), i.post.id, i.post.meta.get("title", ""), i.post.kind, i.since,
                i.reason, i.state is WaitState.RETURNED,
            )
            for i in items if i.state in states and i.waits_for(self.me.id)
        ]  # fmt: skip

    def open(self, branch: str, post: str) -> Draft:
        """On the branch that carries it and no other post (threats A53)."""
        draft, repository = open_draft(self.repository, branch, post), self.repository
        tip = tip_of(repository, branch)
        base, changes = own_changes(repository, repository.base(MAIN), tip)
        carried = set(posts_named(change.path for change in changes))
        if branch in ("HEAD", MAIN) or branch.startswith(RESERVED) or carried != {post}:
            raise Fault(
                say("This branch does not carry this post alone, so nothing is written to it."),
                say("Open the post from your list."),
            )
        asked = ("--format=%ae", f"{base}..{tip}", "--", home(post))
        committed = repository.git("log", *asked).decode(errors="replace").casefold().split()
        if self.me.id not in draft.writers and not {*self.me.emails} & {*committed}:
            raise Fault(
                say("Only its writers change this post."),
                say("Ask them to enter you as co-author, or review it."),
            )
        return draft

    def checked(self, draft: Draft, made: Edit) -> Checked:
        """Registers are for others."""
        path = f"{home(made.post)}/post.md"
        raw = post_bytes(made.front_matter, made.body)
        held = self.repository.tree(tip_of(self.repository, draft.branch))
        tree, now = edited(held, {**made.files, path: raw}), self.desk.now()
        report = check_files(tree, self.trusted, frozenset({made.post}), lambda _: now)
        document, body, first = split_post(path, raw)
        own = (verdict for verdict in report.verdicts if verdict.subject == made.post)
        findings = ordered([finding for verdict in own for finding in verdict.findings])
        return Checked(document, body or "", first, findings)

    def slips(self, text: str) -> list[SlipNote]:
        typos = self.desk.proofread(text, self.registers)
        return [SlipNote(typo.start, typo.end, typo.note(text)) for typo in typos]

    def steps(self, draft: Draft) -> tuple[Review, ...]:
        for item in waiting(self.repository, self.desk.now()).items:
            if item.post.id == draft.post and local(item.branch) == draft.branch:
                return item.steps
        return ()

    def begin(self, kind: str) -> tuple[str, str]:
        now = self.desk.now()
        day = local_date(now)
        tenures = [t for t in self.me.tenures if t.covers(day)]
        accounts = [account.id for account in self.registers.accounts_in_use(day)]
        department = tenures[0].department if tenures else ""
        chosen = accounts if len(accounts) == 1 else []
        post = f"{day}-{kind}-{secrets.token_hex(2)}"
        begun = new_front_matter(kind, self.me.id, department, now, chosen)
        front_matter = {k: value for k, value in begun.items() if k in self.schema["properties"]}
        files = {f"{home(post)}/post.md": post_bytes(front_matter, "")}
        branch = DRAFTS + post
        self.desk.put(self.me, branch, files, say("Begin the draft {post}", post=post))
        return branch, post

    def save(self, draft: Draft, made: Edit) -> None:
        words = say("Write {title}", title=str(made.front_matter.get("title", made.post)))
        self.desk.put(self.me, draft.branch, made.files, words, same={draft.path: draft.base})

    def submit(self, branch: str, post: str) -> None:
        forge, draft = self.desk.forge, open_draft(self.repository, branch, post)
        if draft.submitted:
            return
        title = harmless(mask(str(draft.front_matter.get("title", post))))
        proposal = Proposal(post, MAIN, title)
        options = push_options(forge, proposal)
        whole, words = {draft.path: draft.read("post.md")}, say("Submit {post}", post=post)
        self.desk.put(self.me, post, whole, words, start=branch, options=options)
        drop_branch(self.repository, branch, tip_of(self.repository, branch))
        if forge and self.desk.ask_forge and not options:
            with suppress(Fault):  # without an answer the branch alone is what is submitted
                open_proposal(forge, proposal, self.desk.ask_forge)

    def discard(self, branch: str, post: str) -> None:
        """Its writers alone may."""
        with self.repository.lock():
            draft = open_draft(self.repository, branch, post)
            if draft.submitted or self.me.id not in draft.writers:
                raise Fault(
                    say("Only its writers delete a draft, and only one that was never submitted."),
                    say("What was submitted is returned by a reviewer, or left to lie."),
                )
            self.open(branch, post)
            drop_branch(self.repository, branch, tip_of(self.repository, branch))
            if tip_of(self.repository, branch):
                raise Fault(say("The draft could not be deleted now."), say("Try again later."))

    def add(self, draft: Draft, name: str, raw: bytes) -> str:
        with self.desk.clone.idle(), _DECODING:
            name, raw = fit_to_publish(name, raw, ("post.md", *draft.names))
        path = f"{home(draft.post)}/{name}"
        words = say("Add {name}", name=name)
        self.desk.put(self.me, draft.branch, {path: raw}, words, same={path: ""})
        return name


def open_draft(repository: Repository, branch: str, post: str) -> Draft:
    """A post on a branch other than main. Raises Fault when there is none that a form can show."""
    tip = tip_of(repository, branch) if branch != MAIN else ""
    tree = repository.tree(tip) if tip else None
    folder = f"{home(post)}/"
    path = f"{folder}post.md"
    if tree is None or path not in tree.files:
        raise no_post(post)
    document, body, _ = split_post(path, tree.read(path))
    if body is None or not isinstance(document.value, dict):
        message = say("The form cannot show this draft: its file cannot be read.")
        raise Fault(message, say("Have it mended where it was written: `sanshen check` says how."))
    beside = (p.removeprefix(folder) for p in tree.files.under(folder) if p != path)
    reviews = f"{REVIEWS}{post[:4]}/{post}/"
    revision = document.value.get("revision", 1)
    return Draft(
        branch, post, document.value, body, tree.files[path].oid, tuple(beside),
        lambda name: tree.read(folder + name),
        submitted=not branch.startswith(DRAFTS),
        signed=bool(tree.files.under(f"{reviews}r{revision}/")),
        reviewed=bool(tree.files.under(reviews)),
    )  # fmt: skip
