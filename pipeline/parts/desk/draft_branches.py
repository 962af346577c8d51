"""Drafts in the clone: a branch for each while it is written, another once it is submitted.

A draft is on a branch ``draft/…``, where it waits for no reviewer; submitting makes it a branch of
the post's own name, as `sanshen submit` does.
"""

import json
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, count
from pathlib import Path
from threading import Lock
from typing import Any

from pipeline.cli.forge_api import Proposal
from pipeline.cli.forges import open_proposal, push_options
from pipeline.detect.endings import PICTURES, ending
from pipeline.detect.private import mask
from pipeline.errors import Fault, no_post
from pipeline.history.waiting import WaitingPost, WaitState, waiting
from pipeline.judge import archive_at, load_governance
from pipeline.judge.judgements import check_files
from pipeline.model import documents, evidence, law
from pipeline.model.calendar import local_date, minute
from pipeline.model.findings import Finding, say, say_names
from pipeline.model.ids import BranchName, CommitId, PersonId, PostId, sha256_of
from pipeline.model.posts import Post
from pipeline.model.registers import Person, Registers
from pipeline.new.fields import Answers, answers_of, fields, moment_of
from pipeline.new.post_form import new_front_matter, post_bytes
from pipeline.new.uploads import fit_to_publish, free_name
from pipeline.new.yaml_writer import dump
from pipeline.parts.desk.desk import Desk, email_of
from pipeline.parts.desk.drafts import ANEW, ASKED, Draft, Edit, Files, timeless
from pipeline.parts.desk.seeking import posts_holding
from pipeline.parts.desk.writing import Checked, EarlierPicture, OwnDraft, Unsaved, Writing
from pipeline.render.comparison import compare_posts
from pipeline.report.front_matter import Wording
from pipeline.report.language import harmless
from pipeline.report.summary import ordered
from pipeline.source.atomic import write_whole
from pipeline.source.content.front_matter import split_post
from pipeline.source.content.paths import home
from pipeline.source.content.posts import front_matter_of
from pipeline.source.content.records import CORRECTION_SCHEMA, CORRECTIONS, REVIEWS
from pipeline.source.content.text import read_yaml
from pipeline.source.git.branches import DRAFTS, MAIN, drop_branch, local, own_changes, tip_of
from pipeline.source.git.history import posts_named
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree
from pipeline.source.git.worktree import EditedTree, edited

SHOWN = ("title", "summary", "doc_no", "effective_on", "expires_on", "alert")
"""Keys of the front matter whose change the record tells, beside sentences and pictures."""
LONGEST_WORDING = 1000
"""Signs of a wording that the record takes."""


def record_path(post: PostId, revision: int) -> str:
    return f"{CORRECTIONS}{post[:4]}/{post}.r{revision}.yml"


def recorded(
    draft: Draft, made: Edit, old: Post, new: Post, wording: Wording, day: date, person: PersonId
) -> Files:
    """The record of an edit, with each wording that changed; one of a revision that was returned
    goes, for it tells of nothing that comes to be."""
    kind, withheld = made.record.get("kind"), made.record.get("withhold") is True
    hidden = wording.tr(say("(not shown any more)"))
    rows = [] if kind == "withdrawal" else _changes(old, new, wording)
    value = {
        "post": draft.post, "revision": made.front_matter["revision"], **made.record,
        "changed_on": day.isoformat(), "person": person,
        "changes": [
            {"old": hidden if withheld and was else was[:LONGEST_WORDING],
             "new": now[:LONGEST_WORDING]} for was, now in rows
        ],
    }  # fmt: skip
    stood = {record_path(draft.post, draft.revision): None} if draft.record else {}
    return {**stood, record_path(draft.post, value["revision"]): dump(value)}


def _changes(old: Post, new: Post, wording: Wording) -> Iterator[tuple[str, str]]:
    """(wording before, wording after) of each part that a reader sees otherwise."""
    compared = compare_posts(old, new, wording.registers)
    for key, before, after in compared.keys:
        if key in SHOWN:
            yield from _parts(key, before, after, wording)
    for row in compared.changed_rows:
        if not row.is_break and row.change != "moved":
            yield mask(row.texts[0]), mask(row.texts[1])
    for file in compared.files:
        was, now = (
            wording.tr(say("picture or file: {words}", words=side.alt or file.name)) if side else ""
            for side in (file.old, file.new)
        )
        yield was, wording.tr(say("{words} (replaced)", words=now)) if was == now else now


def _parts(key: str, was: Any, now: Any, wording: Wording) -> Iterator[tuple[str, str]]:
    """Of a mapping each key that differs; of anything else the whole."""
    if not isinstance(was, Mapping) or not isinstance(now, Mapping):
        was, now = {key: was}, {key: now}
    for part in {**was, **now}:
        if was.get(part) != now.get(part):
            label, sides = wording.label(part), [side.get(part) for side in (was, now)]
            words = [f"{label}：{wording.value(part, v)}" if v is not None else "" for v in sides]
            yield mask(words[0]), mask(words[1])


RESERVED = ("records/", "govern/", "roster/", "expunge/")
"""What the names of branches begin with that no writer's post is on."""
STORED = 30 * 86_400
"""Seconds for which what is not saved is stored."""
_DECODING = Lock()
"""One picture at a time: the largest takes a few hundred megabytes."""


@contextmanager
def opened(desk: Desk, person: PersonId) -> Iterator[Writing]:
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
    trusted: load_governance.Trusted
    me: Person

    @property
    def registers(self) -> Registers:
        return self.trusted.registers

    @property
    def schema(self) -> Mapping[str, Any]:
        return self.trusted.front_matter.schema

    @property
    def records(self) -> Mapping[str, Any]:
        return documents.schema_in(self.trusted.schemas[CORRECTION_SCHEMA])

    def own(self) -> list[OwnDraft]:
        states = (WaitState.DRAFT, WaitState.RETURNED)
        items = waiting(self.repository, self.desk.now()).seen_by(self.me.id)
        return [
            OwnDraft(
                local(i.branch), i.post.id, i.post.meta.get("title", ""), i.post.kind, i.since,
                i.reason, i.state is WaitState.RETURNED,
            )
            for i in items if i.state in states and i.waits_for(self.me.id)
        ]  # fmt: skip

    def open(self, branch: BranchName, post: PostId) -> Draft:
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
        if self.me.id not in draft.writers and not self._wrote(tip, base, post):
            raise Fault(
                say("Only its writers change this post."),
                say("Ask them to enter you as co-author, or review it."),
            )
        return draft

    def _wrote(self, tip: CommitId, base: CommitId, post: PostId) -> bool:
        """Whether the person committed to the post on a branch."""
        asked = ("--format=%ae", f"{base}..{tip}", "--", home(post))
        committed = self.repository.git("log", *asked).decode(errors="replace").casefold().split()
        return not {*self.me.emails, email_of(self.me)}.isdisjoint(committed)

    def _with_record(self, draft: Draft, made: Edit) -> Files:
        """What an edit changes, the record of the change included."""
        if not (draft.public and made.files):
            return made.files
        old = archive_at.post_alone(self.trusted, self._main, draft.post)
        new = archive_at.post_alone(self.trusted, self._edited(draft, made, made.files), draft.post)
        wording = Wording(self.desk.tr, True, self.registers)
        day = local_date(self.desk.now())
        return {**made.files, **recorded(draft, made, old, new, wording, day, self.me.id)}

    def _edited(self, draft: Draft, made: Edit, files: Files) -> EditedTree:
        raw = post_bytes(made.front_matter, made.body)
        held = self.repository.tree(tip_of(self.repository, draft.branch))
        return edited(held, {**files, f"{home(made.post)}/post.md": raw})

    def checked(
        self, draft: Draft, made: Edit, watch: Callable[[Checked], object] = lambda _: None
    ) -> Checked:
        """Registers are for others."""
        path, now = f"{home(made.post)}/post.md", self.desk.now()
        tree = self._edited(draft, made, self._with_record(draft, made))
        document, body, first = split_post(path, tree.read(path))
        left = count(len(self.trusted.rulebook.of_shape(law.ItemClause)), -1)

        def of(findings: Iterable[Finding], left: int = 0) -> Checked:
            return Checked(document, body or "", first, ordered(map(_worded, findings)), left)

        report = check_files(
            tree, self.trusted, frozenset({made.post}), lambda _: now,
            lambda findings: watch(of(findings, next(left))),
        )  # fmt: skip
        own = (verdict for verdict in report.verdicts if verdict.subject == made.post)
        return of(f for verdict in own for f in verdict.findings)

    def steps(self, draft: Draft) -> tuple[evidence.Review, ...]:
        for item in waiting(self.repository, self.desk.now()).items:
            if item.post.id == draft.post and local(item.branch) == draft.branch:
                return item.steps
        return ()

    def model(self, branch: BranchName, post: PostId) -> Draft:
        draft = self.open(branch, post) if branch else draft_at(self.repository, MAIN, post)
        if draft.front_matter.get("validity") == "withdrawn":
            raise Fault(say("It is withdrawn already."), say("Its page says since when and why."))
        return draft

    def begin(
        self, kind: str, like: Draft | None = None, template: Mapping[str, str] = {}
    ) -> tuple[BranchName, PostId]:
        now = self.desk.now()
        day = local_date(now)
        tenures = [t for t in self.me.tenures if t.covers(day)]
        accounts = [account.id for account in self.registers.accounts_in_use(day)]
        department = tenures[0].department if tenures else ""
        chosen = accounts if len(accounts) == 1 else []
        post = PostId(f"{day}-{kind}-{secrets.token_hex(2)}")
        begun = new_front_matter(kind, self.me.id, department, now, chosen)
        front_matter = {k: value for k, value in begun.items() if k in self.schema["properties"]}
        front_matter |= {"title": template["title"]} if template.get("title") else {}
        files, body = dict[str, bytes](), template.get("body", "")
        if like:
            taken = {k: v for k, v in like.front_matter.items() if k not in ANEW}
            front_matter, body = {**timeless(taken), **front_matter}, like.body
            files = {f"{home(post)}/{name}": like.read(name) for name in like.names}
        files[f"{home(post)}/post.md"] = post_bytes(front_matter, body)
        branch = BranchName(DRAFTS + post)
        self.desk.put(self.me, branch, files, say("Begin the draft {post}", post=post))
        return branch, post

    def revise(
        self, post: PostId, name: str, change: Callable[[Draft], Edit], *, anew: bool
    ) -> BranchName:
        waits, standing = self._proposed(post), draft_at(self.repository, MAIN, post)
        if waits:  # what takes its place comes after it
            meta = {**standing.front_matter, "revision": waits.post.revision}
            standing = replace(standing, front_matter=meta)
        made = change(standing)
        if waits and (waits.post.withdrawn or made.record["kind"] != "withdrawal"):
            raise self._under_way(waits)
        mark = f"-{name}-r{made.front_matter['revision']}-{self.me.id}"
        branch = BranchName(f"{DRAFTS}{post}{mark}")
        if anew or not tip_of(self.repository, branch):
            words = say("Begin a revision of {post}", post=post)
            files = self._with_record(standing, made)
            self.desk.put(self.me, branch, files, words)
        return branch

    def _proposed(self, post: PostId) -> WaitingPost | None:
        """A revision of a post that was handed in and is not part of main."""
        every = waiting(self.repository, self.desk.now()).items
        some = (i for i in every if i.post.id == post and not i.merged)
        return next((i for i in some if i.state is not WaitState.DRAFT), None)

    def _under_way(self, waits: WaitingPost) -> Fault:
        names = say_names([taker.person.name for taker in waits.takers])
        number, stage = waits.post.revision, waits.stage
        return Fault(
            say("Revision {number} is under way: {stage}.", number=number, stage=stage),
            say("It waits for {people}. Have it returned, and change it there; or withdraw the"
                " post, if that is not done yet, which takes its place.", people=names),
        )  # fmt: skip

    def _unsaved(self, draft: Draft) -> Path:
        mine = "\0".join((self.me.id, draft.branch, draft.post))
        return self.desk.queue / "unsaved" / f"{sha256_of(mine.encode())}.json"

    def unsaved(self, draft: Draft) -> Unsaved | None:
        with suppress(OSError, ValueError, TypeError):
            return Unsaved(*json.loads(self._unsaved(draft).read_bytes()))
        return None

    def store(self, draft: Draft, base: str, answers: Answers | None) -> Fault | None:
        file, now = self._unsaved(draft), self.desk.now()
        try:
            if answers is None:
                file.unlink(missing_ok=True)
                return None
            self.desk.queue.mkdir(mode=0o700, parents=True, exist_ok=True)
            raw = json.dumps((minute(now), base, answers)).encode()
            write_whole(file, raw, locked=False, mode=0o600)
            for other in file.parent.iterdir():
                with suppress(FileNotFoundError):  # another of the person's tabs put it in place
                    if other.stat().st_mtime < now.timestamp() - STORED:
                        other.unlink()
        except OSError:
            words = say("The disk of the desk takes no more: what you type is not stored there.")
            next_ = say("Copy the text elsewhere, and tell the operator of the desk.")
            return Fault(words, next_)
        return None

    def save(self, draft: Draft, made: Edit) -> None:
        words = say("Write {title}", title=str(made.front_matter.get("title", made.post)))
        files = self._with_record(draft, made)
        self.desk.put(self.me, draft.branch, files, words, same={draft.path: draft.base})

    def submit(self, branch: BranchName, post: PostId) -> None:
        forge, draft = self.desk.forge, open_draft(self.repository, branch, post)
        if draft.submitted:
            return
        title = harmless(mask(str(draft.front_matter.get("title", post))))
        target, files, same = self._target(draft)
        proposal = Proposal(target, MAIN, title)
        options = push_options(forge, proposal)
        words = say("Submit {post}", post=post)
        self.desk.put(self.me, target, files, words, same=same, start=branch, options=options)
        drop_branch(self.repository, branch, tip_of(self.repository, branch))
        if forge and self.desk.ask_forge and not options:
            with suppress(Fault):  # without an answer the branch alone is what is submitted
                open_proposal(forge, proposal, self.desk.ask_forge)

    def _target(self, draft: Draft) -> tuple[BranchName, Files, Mapping[str, str]]:
        """The branch on which a draft is proposed, its files there, and what must stand there: a
        new one, or that of the revision whose place a withdrawal takes."""
        repository, waits = self.repository, self._proposed(draft.post)
        tip = tip_of(repository, draft.branch)
        if draft.public >= draft.revision:
            raise Fault(
                say("The archive holds revision {number} of it by now.", number=draft.public),
                say("Open the published post, and begin your change there anew."),
            )
        if waits is None:
            ends = chain([""], (f"-r{number}" for number in count(draft.revision)))
            names = (BranchName(f"{draft.post}{end}") for end in ends)
            tips = ((name, tip_of(repository, name)) for name in names)
            free = next(n for n, last in tips if not last or repository.holds(tip, last))
            return free, {draft.path: draft.read("post.md")}, {}
        if waits.post.revision >= draft.revision:
            raise self._under_way(waits)
        folder, beside = f"{home(draft.post)}/", record_path(draft.post, waits.post.revision)
        tree, there = repository.tree(tip), repository.tree(waits.commit).files
        mine = (*tree.files.under(folder), record_path(draft.post, draft.revision))
        files: dict[str, bytes | None] = dict.fromkeys((*there.under(folder), beside))
        files |= {path: tree.read(path) for path in mine}
        return local(waits.branch), files, {draft.path: there[draft.path].oid}

    def discard(self, branch: BranchName, post: PostId) -> None:
        """Its writers alone may."""
        with self.repository.lock():
            draft = open_draft(self.repository, branch, post)
            begun = draft.public and branch.endswith(f"-{self.me.id}")
            if draft.submitted or not (begun or self.me.id in draft.writers):
                raise Fault(
                    say("Only its writers delete a draft, and only one that was never submitted."),
                    say("What was submitted is returned by a reviewer, or left to lie."),
                )
            self.store(self.open(branch, post), "", None)
            drop_branch(self.repository, branch, tip_of(self.repository, branch))
            if tip_of(self.repository, branch):
                raise Fault(say("The draft could not be deleted now."), say("Try again later."))

    def add(self, draft: Draft, name: str, raw: bytes) -> str:
        with self.desk.clone.idle(), _DECODING:
            name, raw = fit_to_publish(name, raw, ("post.md", *draft.names))
        return self._beside(draft, name, raw)

    def _beside(self, draft: Draft, name: str, raw: bytes) -> str:
        path = f"{home(draft.post)}/{name}"
        words = say("Add {name}", name=name)
        self.desk.put(self.me, draft.branch, {path: raw}, words, same={path: ""})
        return name

    def pictures(self, words: Sequence[str]) -> Iterator[EarlierPicture]:
        main = self.repository.base(MAIN)
        with_media = posts_holding(self.repository, main, words, "^media:")
        for post in sorted(with_media, reverse=True):
            yield from self._pictures_of(post)

    def _pictures_of(self, post: PostId) -> Iterator[EarlierPicture]:
        tree, meta = self._main, front_matter_of(self._main, post)
        of_row = fields(self.schema["properties"].get("media", {}).get("items", {}))
        rows, since = meta.get("media"), moment_of(str(meta.get("publish_at")))
        if not since or since > self.desk.now() or not isinstance(rows, list):
            return
        for row in rows:
            file = str(row.get("file")) if isinstance(row, dict) else ""
            if ending(file) in PICTURES and f"{home(post)}/{file}" in tree.files:
                texts = answers_of([f for f in of_row if f.key != "file"], row).items()
                yield EarlierPicture(post, file, {key: text[0] for key, text in texts if text})

    @property
    def _main(self) -> Tree:
        return self.repository.tree(self.repository.base(MAIN))

    def picture(self, post: PostId, file: str) -> bytes:
        if file not in (each.file for each in self._pictures_of(post)):
            raise no_post(post)
        return self._main.read(f"{home(post)}/{file}")

    def again(self, draft: Draft, post: PostId, file: str) -> tuple[str, Mapping[str, str]]:
        raw = self.picture(post, file)
        words = next(each.words for each in self._pictures_of(post) if each.file == file)
        name = free_name(file, ending(file), ("post.md", *draft.names))
        return self._beside(draft, name, raw), words


def _worded(finding: Finding) -> Finding:
    """The desk writes the record of a change itself; what it lacks is the change."""
    if finding.name != "change-unrecorded":
        return finding
    message = say("Nothing that readers see is changed yet.")
    remedy = say("Correct it here; what changed enters the record by itself. What readers do not"
                 " see is changed by an update.")  # fmt: skip
    return replace(finding, message=message, remedy=remedy)


def open_draft(repository: Repository, branch: BranchName, post: PostId) -> Draft:
    """A post on a branch other than main. Raises Fault when there is none that a form can show."""
    if branch == MAIN:
        raise no_post(post)
    return draft_at(repository, branch, post)


def draft_at(repository: Repository, branch: BranchName, post: PostId) -> Draft:
    """As `open_draft`, of main as well."""
    tip = tip_of(repository, branch)
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
    main = repository.tree(repository.base(MAIN))
    public = front_matter_of(main, post).get("revision", 0)
    at = record_path(post, revision)
    is_told = public and revision != public and at in tree.files
    record = read_yaml(at, tree.read(at)).value if is_told else {}
    return Draft(
        branch, post, document.value, body, tree.files[path].oid, tuple(beside),
        lambda name: tree.read(folder + name),
        submitted=not branch.startswith(DRAFTS),
        signed=bool(tree.files.under(f"{reviews}r{revision}/")),
        reviewed=bool(tree.files.under(reviews)),
        public=public,
        record={key: record[key] for key in ("kind", *ASKED) if key in (record or ())},
    )  # fmt: skip
