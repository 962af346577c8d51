"""Records of reviews that were given on a forge: chosen, signed, proved, and put into one commit.

Nothing is fetched and no branch moves: a payload goes in, a commit object comes out.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.errors import Fault
from pipeline.evidence.review.chain import review_of
from pipeline.evidence.review.statements import Statement, is_return, predicate_of, read_statement
from pipeline.forge.payload import UNKNOWN, Click, Pull
from pipeline.forge.selection import Choice, Fate, Selection, select
from pipeline.judge.archive_at import assemble
from pipeline.judge.judgements import verify_change
from pipeline.judge.load_governance import Trusted, pinned, trust
from pipeline.model.archive import Mode
from pipeline.model.calendar import local_date
from pipeline.model.clock import Clock
from pipeline.model.evidence import Review, Step, Witness
from pipeline.model.findings import Effect, Message, say
from pipeline.model.posts import Post
from pipeline.model.registers import ForgeAccount, Person, Registers
from pipeline.sign.review_step import review
from pipeline.sign.signing_context import Record, Sign, SigningContext
from pipeline.source.content.records import reviews_by_post, signed_files
from pipeline.source.git.proposed import Proposed, proposed
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree_listing import files_under

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
CLOSED = say("The proposal is closed.")
FORK = say(
    "The branch lies in a fork, where nobody can add a record: push it to this repository, or sign."
)


@dataclass(frozen=True)
class Witnessed:
    """What a payload supports, recorded."""

    commit: str
    """Id of the commit that holds the records; empty: nothing is recorded."""
    records: tuple[str, ...]
    """Paths of the statements."""
    fates: tuple[tuple[str, Fate], ...]
    """Post (empty: no post of the proposal) and what became of a click there."""
    awaited: tuple[tuple[str, Step, tuple[Person, ...]], ...]
    """Post, its open step, and who can take it."""
    accounts: tuple[ForgeAccount, ...]
    """All of the roster."""


@dataclass
class _Recorder:
    """Signs for one proposal; `tree` is what main would hold with the records made so far."""

    repository: Repository
    told: Proposed
    trusted: Trusted
    clock: Clock
    sign: Sign
    by: str
    tree: str

    def context(self, extra: Mapping[str, bytes] | None = None) -> SigningContext:
        """The archive as it would stand, with more files."""
        self.tree = self.repository.tree_with(self.tree, extra) if extra else self.tree
        tree, told = self.repository.tree(self.tree), self.told
        archive = assemble(
            self.trusted, tree, Mode.CHANGE, self.clock, told.handlers, told.touched,
            history=told.history,
        )  # fmt: skip
        return SigningContext(self.repository, self.trusted, tree, archive)

    def record(self, post: Post, choices: Iterable[Choice], pull: Pull) -> dict[str, bytes]:
        """Path → bytes of the records of one post. Raises Fault when one would not count."""
        files: dict[str, bytes] = {}
        context, before = self.context(), self.tree
        for choice in choices:
            person = self.trusted.registers.people[choice.person]
            made = self._signed(context, post, choice, person, pull)
            both = {made.path: made.statement, f"{made.path}.sig": made.signature}
            files |= both
            context = self.context(both)
        self.tree = before
        return files

    def _signed(
        self, context: SigningContext, post: Post, choice: Choice, person: Person, pull: Pull
    ) -> Record:
        click = choice.click
        witness = Witness(
            self.by, pull.forge, pull.number, click.id, click.account, click.login, click.commit
        )
        return review(
            context,
            context.post(post.id),
            choice.step,
            person,
            click.word,
            click.opinion or "同意",
            choice.acting_for,
            click.moment,
            self.sign,
            witness,
        )


def witness(
    repository: Repository, base: str, head: str, pull: Pull, key: str, now: datetime, sign: Sign
) -> Witnessed:
    """Record what a payload supports. `key`: fingerprint of the key that `sign` signs with.

    Raises Fault when the payload is of another proposal or forge, or the key is no witness's.
    """
    trusted = pinned(trust(repository.tree(base)), repository, base)
    registers, clock = trusted.registers, Clock(now)
    by = _witness_of(key, registers, now)
    _unless_same(pull, head, registers, clock)
    told = proposed(repository, base, head)
    recorder = _Recorder(repository, told, trusted, clock, _noting(sign), by.id, told.after.oid)
    archive = recorder.context().archive
    fates: list[tuple[str, Fate]] = []
    awaited, files = [], dict[str, bytes]()
    closed = None if pull.open and pull.own else FORK if pull.open else CLOSED
    for post in (archive.posts[id] for id in sorted(archive.posts) if not closed):
        same = _same_commits(repository, told, post, {click.commit for click in pull.clicks})
        chosen = select(pull, post, archive.approvals[post.id], registers, same, now)
        made, chosen = _recorded(recorder, post, chosen, pull)
        files |= made
        fates += [(post.id, fate) for fate in chosen.fates]
        if chosen.step:
            people = tuple(registers.people[id] for id in chosen.awaited)
            awaited.append((post.id, chosen.step, people))
    if not fates:
        nothing = closed or say("The proposal holds no post that waits for a review.")
        fates = [("", Fate(click, "", None, "not-counted", nothing)) for click in pull.clicks]
    commit = _committed(repository, told, files, pull, by, now) if files else ""
    records = tuple(path for path in files if path.endswith(".json"))
    return Witnessed(commit, records, tuple(fates), tuple(awaited), registers.roster.accounts)


def _witness_of(fingerprint: str, registers: Registers, now: datetime) -> Person:
    key = registers.roster.key(fingerprint)
    person = registers.people.get(key.person) if key else None
    if person is None or not person.holds("witness", local_date(now)):
        raise Fault(
            say("The key {fingerprint} is no witness's.", fingerprint=fingerprint),
            say(
                "Enter the workflow in people.yml with the role witness, and its key in the roster."
            ),
        )
    return person


def _unless_same(pull: Pull, head: str, registers: Registers, clock: Clock) -> None:
    """A re-run of an old run, or another repository's answer, records nothing (threats W5, W9)."""
    if pull.head != head:
        raise Fault(
            say("The proposal stands at {head} now, and not at the commit given.",
                head=pull.head[:12]),
            say("Fetch it, read its reviews again, and run this on both."),
        )  # fmt: skip
    forge = registers.current("review.forge", clock)
    if forge and forge != pull.forge:
        raise Fault(
            say("The answer is of {forge}, and the policy names {other}.",
                forge=pull.forge, other=forge),
            say("Set review.forge in content/policy.yml to the repository whose reviews count."),
        )  # fmt: skip


class _Unsigned(Exception):
    """A signature could not be made at all; the cause tells why."""


def _noting(sign: Sign) -> Sign:
    """Tell a key that fails from a verdict: both are faults."""

    def noting(message: bytes) -> bytes:
        try:
            return sign(message)
        except Fault as fault:
            raise _Unsigned from fault

    return noting


def _same_commits(
    repository: Repository, told: Proposed, post: Post, commits: Iterable[str]
) -> set[str]:
    """The commits at which a post, and the record of its correction, had the bytes they have now.

    Names of commits prove nothing, for a reviewer may post any; bytes do (threats W8).
    """
    places = (f"{post.folder}/", post.correction_path)

    def content(treeish: str) -> dict[str, str]:
        files = repository.tree(treeish).files
        return {p: files[p].oid for place in places for p in files_under(files, place)}

    now = content(told.after.oid)
    return {c for c in commits if _is_commit(repository, c) and content(c) == now}


def _is_commit(repository: Repository, name: str) -> bool:
    if not _COMMIT.fullmatch(name):  # nor a branch, nor the beginning of a name
        return False
    return repository.git("cat-file", "-t", name, ok=(0, 128)).strip() == b"commit"


def _recorded(
    recorder: _Recorder, post: Post, chosen: Selection, pull: Pull
) -> tuple[dict[str, bytes], Selection]:
    """The files of a selection; none, and why, when the machine refuses one of them."""
    try:
        return recorder.record(post, chosen.choices, pull), chosen
    except _Unsigned as wrong:
        raise wrong.__cause__ or wrong from None
    except Fault as fault:
        ours = {choice.click.id for choice in chosen.choices}
        fates = tuple(
            replace(f, outcome="refused", message=fault.message) if f.click.id in ours else f
            for f in chosen.fates
        )
        step = chosen.choices[0].step
        return {}, replace(chosen, choices=(), fates=fates, step=step, awaited=())


def _committed(
    repository: Repository,
    told: Proposed,
    files: Mapping[str, bytes],
    pull: Pull,
    by: Person,
    now: datetime,
) -> str:
    """One commit on the proposal's head; judged as a whole before anybody hears of it."""
    email = by.emails[0] if by.emails else f"{by.id}@localhost"
    who = (by.id, email, int(now.timestamp()))
    message = f"审核见证：合并请求 {pull.number}，{len(files) // 2} 份记录\n"
    tree = repository.tree_with(told.head, files)
    commit = repository.commit_tree(tree, told.head, message, who)
    report = verify_change(repository, proposed(repository, told.base, commit), lambda _: now)
    ours = {path for path, raw in files.items() if not is_return(raw)}  # a return refuses the post
    for finding in (f for verdict in report.verdicts for f in verdict.findings):
        if finding.effect is Effect.REFUSE and finding.location.path in ours:
            raise Fault(finding.message, finding.remedy)
    return commit


# What was recorded, held against what the forge shows now: while it lives.


def compare(
    repository: Repository, head: str, pull: Pull
) -> tuple[tuple[str, Step, int, Message | None], ...]:
    """(path, step, number of the review, what differs) of every record of this proposal at head."""
    tree = repository.tree(head)
    trusted = trust(tree)
    clicks = {click.id: click for click in pull.clicks}
    rows = []
    for paths in reviews_by_post(tree).values():
        for file in signed_files(tree, paths):
            if "witness" not in predicate_of(file.statement or b""):
                continue
            statement = read_statement(file, trusted.statements["review"])
            if not isinstance(statement, Statement):
                continue  # `verify` tells
            made = review_of(statement)
            seen = made.witness
            if seen and (seen.forge, seen.pull) == (pull.forge, pull.number):
                difference = _difference(made, seen, clicks.get(seen.review))
                rows.append((made.path, made.step, seen.review, difference))
    return tuple(rows)


def _difference(made: Review, seen: Witness, click: Click | None) -> Message | None:
    """What the forge shows otherwise; a text may be edited there, and a review dismissed."""
    if click is None:
        return say("The forge shows no such review.")
    if (seen.account, seen.commit) != (click.account, click.commit):
        return say("The forge shows another account or commit.")
    if made.signed_at != click.moment:
        return say("The forge shows another time.")
    if click.word not in (made.decision, UNKNOWN):
        return say("The forge shows another decision.")
    return None
