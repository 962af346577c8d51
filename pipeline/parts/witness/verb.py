"""witness: record what a forge's reviews support, without a network and without moving a branch."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import click

from pipeline.cli.options import Session
from pipeline.cli.signing_options import fingerprint_of, signer_of
from pipeline.cli.terminal import Moment
from pipeline.errors import Fault, Misuse
from pipeline.evidence.review.chain import review_of
from pipeline.evidence.review.conditions import witnessed_steps
from pipeline.evidence.review.statements import Statement, is_return, predicate_of, read_statement
from pipeline.judge.archive_at import assemble
from pipeline.judge.judgements import verify_change
from pipeline.judge.load_governance import Trusted, pinned, trust
from pipeline.model.archive import OnBranch
from pipeline.model.calendar import SHANGHAI, Clock, local_date
from pipeline.model.evidence import STEP_NAMES, Review, Step, Witness
from pipeline.model.findings import EXIT_NOTHING, EXIT_REFUSE, Effect, Message, say
from pipeline.model.ids import NO_COMMIT, NO_PERSON, NO_POST, CommitId, PersonId, PostId
from pipeline.model.posts import Post
from pipeline.model.registers import Person, Registers
from pipeline.parts.witness.payload import UNKNOWN, Click, Pull, read_payload
from pipeline.parts.witness.proposals import awaited
from pipeline.parts.witness.selection import Choice, ClickOutcome, Selection, select
from pipeline.report.language import harmless
from pipeline.sign.act import Sign, SigningContext
from pipeline.sign.review_step import StepDecision, review
from pipeline.source.content.front_matter import split_post
from pipeline.source.content.posts import FILE_LIMIT
from pipeline.source.content.records import reviews_by_post, signed_files
from pipeline.source.git.history import Proposed, committed_at, proposed
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree_listing import files_under

# Records of reviews that were given on a forge: chosen, signed, proved, and put into one commit.
#
# Nothing is fetched and no branch moves: a payload goes in, a commit object comes out.

_PROBE = b'{"predicate":{}}'
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_LATEST = 2**33
"""Seconds of a time that can still be written as a year of four digits."""
CLOSED = say("The proposal is closed.")
FORK = say(
    "The proposal has no branch in this repository (it comes from a fork, by AGit, or its branch"
    " was deleted), so no record can be added: push it here as a branch and open it anew, or sign."
)


class Row(NamedTuple):
    """The outcome of one review on the forge, for one post."""

    id: int
    login: str
    person: PersonId
    post: PostId
    """Empty: it concerns no post that waits."""
    step: str
    outcome: str
    message: Message
    moment: str = ""
    """When it was made, as ISO 8601 in Beijing; empty: it is not told."""
    revision: int = 0
    """Of the post, as the bytes state it that were reviewed; 0: they cannot be read."""


class Witnessed(NamedTuple):
    """What a payload supports, recorded (`schemas/witness.json`)."""

    commit: CommitId
    """Id of the commit that holds the records; empty: nothing is recorded."""
    records: tuple[str, ...]
    """Paths of the statements; of a comparison, those that the forge shows otherwise."""
    reviews: tuple[Row, ...]
    awaited: tuple[dict[str, Any], ...] = ()
    notice: Message | None = None
    """Why no review of this proposal can count; of a comparison, what it left out."""


class _WitnessRun(NamedTuple):
    """One proposal, and the witness who signs for it."""

    repository: Repository
    proposal: Proposed
    trusted: Trusted
    now: datetime
    sign: Sign
    by: Person
    pull: Pull

    def context(self, tree: str) -> SigningContext:
        """The archive as it would stand with a tree."""
        files, proposal = self.repository.tree(tree), self.proposal
        archive = assemble(self.trusted, files, OnBranch(), Clock(self.now), proposal.handlers,
                           proposal.touched, history=proposal.history)  # fmt: skip
        return SigningContext(self.repository, self.trusted, files, archive)

    def record(self, post: Post, choices: Iterable[Choice]) -> dict[str, bytes]:
        """Path → bytes of the records of one post. Raises Fault when one would not count."""
        files: dict[str, bytes] = {}
        for choice in choices:
            tree = self.proposal.after.oid
            context = self.context(self.repository.tree_with(tree, files) if files else tree)
            person, click = self.trusted.registers.people[choice.person], choice.click
            seen = Witness(self.by.id, self.pull.forge, self.pull.number, click.id, click.account,
                           click.login, click.commit)  # fmt: skip
            given = StepDecision(
                choice.step, click.word, click.opinion or "同意", choice.acting_for, seen
            )
            made = review(context, context.post(post.id), given, person, click.moment, self.sign)
            files |= {made.path: made.statement, f"{made.path}.sig": made.signature}
        return files

    def awaited(self, post: PostId, step: Step, people: Iterable[PersonId]) -> dict[str, Any]:
        """Who can take a step, with their accounts."""
        registers = self.trusted.registers
        rows = [
            {
                "person": id,
                "name": registers.people[id].name,
                "accounts": [
                    a.id
                    for a in registers.roster.accounts
                    if (a.person, a.forge) == (id, self.pull.host) and not a.end
                ],
            }
            for id in people
        ]
        signed = step.value not in witnessed_steps(registers, local_date(self.now))
        return {"post": post, "step": step.value, "signed": signed, "people": rows}


def witnessed(
    repository: Repository,
    base: CommitId,
    head: CommitId,
    pull: Pull,
    key: str,
    now: datetime,
    sign: Sign,
) -> Witnessed:
    """Record what a payload supports. `key`: fingerprint of the key that `sign` signs with.

    Raises Fault when the payload is of another proposal, or the key is no witness's.
    """
    trusted = pinned(trust(repository.tree(base)), repository, base)
    registers = trusted.registers
    by = _witness_of(key, registers, now)
    _unless_same(pull, head)
    pull = _dated(repository, pull)
    sign(_PROBE)  # a key that fails is a fault, and no verdict on a post
    run = _WitnessRun(repository, proposed(repository, base, head), trusted, now, sign, by, pull)
    archive = run.context(run.proposal.after.oid).archive
    rows, awaited, files = [], [], dict[str, bytes]()
    closed = _closed(pull, registers, Clock(now))
    for post in (archive.posts[id] for id in sorted(archive.posts) if not closed):
        same = _same_commits(run, post)
        chosen = select(pull, post, archive.approvals[post.id], registers, same, now)
        made, chosen = _recorded(run, post, chosen)
        files |= made
        at = {
            c: _revision(repository, post.path, c) for c in {f.click.commit for f in chosen.fates}
        }
        rows += [_row(fate, post.id, at[fate.click.commit]) for fate in chosen.fates]
        if chosen.step:
            awaited.append(run.awaited(post.id, chosen.step, chosen.awaited))
    if not rows:
        nothing = closed or say("The proposal holds no post that waits for a review.")
        rows = [
            _row(ClickOutcome(click, NO_PERSON, None, "not-counted", nothing), NO_POST)
            for click in pull.clicks
        ]
    commit = _committed(run, files) if files else NO_COMMIT
    records = tuple(path for path in files if path.endswith(".json"))
    return Witnessed(commit, records, tuple(rows), tuple(awaited), closed)


def _row(fate: ClickOutcome, post: PostId, revision: int = 0) -> Row:
    step, click = fate.step.value if fate.step else "", fate.click
    return Row(click.id, click.login, fate.person, post, step, fate.outcome, fate.message,
               click.moment.isoformat(), revision)  # fmt: skip


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


def _closed(pull: Pull, registers: Registers, clock: Clock) -> Message | None:
    """Why no review of this proposal can count (threats W5, W11, W14)."""
    forge = registers.current("review.forge", clock)
    if forge and forge != pull.forge:
        return say("Reviews count on {other} alone, says the policy, and this is {forge}: press"
                   " there, or sign. Who runs both hands over by a setting of review.forge:"
                   " {forge}.", forge=pull.forge, other=forge)  # fmt: skip
    return (None if pull.own else FORK) if pull.open else CLOSED


def _unless_same(pull: Pull, head: CommitId) -> None:
    """A re-run of an old run records nothing (threat W9)."""
    if pull.head != head:
        raise Fault(
            say(
                "The proposal stands at {head} now, and not at the commit given.",
                head=pull.head[:12],
            ),
            say("Fetch it, read its reviews again, and run this on both."),
        )


def _same_commits(run: _WitnessRun, post: Post) -> set[str]:
    """The commits at which a post, and the record of its correction, had the bytes they have now.

    Names of commits prove nothing, for a reviewer may post any; bytes do (threats W8).
    """
    places = (f"{post.folder}/", post.correction_path)

    def content(treeish: str) -> dict[str, str]:
        files = run.repository.tree(treeish).files
        return {p: files[p].oid for prefix in places for p in files_under(files, prefix)}

    now, commits = content(run.proposal.after.oid), {click.commit for click in run.pull.clicks}
    return {c for c in commits if _is_commit(run.repository, c) and content(c) == now}


def _revision(repository: Repository, path: str, commit: CommitId) -> int:
    """The revision that a commit's bytes of a post state; 0: none that can be read."""
    tree = repository.tree(commit) if _is_commit(repository, commit) else None
    if tree is None or path not in tree.files or tree.files[path].size > FILE_LIMIT:
        return 0
    stated = split_post(path, tree.read(path))[0].value
    revision = stated.get("revision") if isinstance(stated, Mapping) else None
    return revision if type(revision) is int and 0 < revision < 10_000 else 0  # True is no number


def _is_commit(repository: Repository, name: str) -> bool:
    """Whether a name is a commit's own, and neither a branch nor the beginning of one."""
    return bool(_COMMIT.fullmatch(name)) and repository.objects.commit(name) == name


def _dated(repository: Repository, pull: Pull) -> Pull:
    """The proposal; none of its clicks is older than the commit that it names.

    A forge that tells only when a review was begun would have it signed before its bytes were.
    """
    commits = {click.commit for click in pull.clicks if _is_commit(repository, click.commit)}
    times = committed_at(repository, commits)
    moments = {c: datetime.fromtimestamp(min(t, _LATEST), SHANGHAI) for c, t in times.items()}
    clicks = (
        replace(c, moment=max(c.moment, moments.get(c.commit, c.moment))) for c in pull.clicks
    )
    return replace(pull, clicks=tuple(sorted(clicks, key=lambda c: c.moment)))


def _recorded(
    run: _WitnessRun, post: Post, chosen: Selection
) -> tuple[dict[str, bytes], Selection]:
    """The files of a selection; none, and why, when the machine refuses one of them."""
    try:
        return run.record(post, chosen.choices), chosen
    except Fault as fault:
        ours = {choice.click.id for choice in chosen.choices}
        fates = tuple(
            replace(f, outcome="refused", message=fault.message) if f.click.id in ours else f
            for f in chosen.fates
        )
        step = chosen.choices[0].step
        return {}, replace(chosen, choices=(), fates=fates, step=step, awaited=())


def _committed(run: _WitnessRun, files: Mapping[str, bytes]) -> CommitId:
    """One commit on the proposal's head; judged as a whole before it is returned."""
    repository, proposal, by, now = run.repository, run.proposal, run.by, run.now
    who = (by.id, (*by.emails, f"{by.id}@localhost")[0], int(now.timestamp()))
    message = f"审核见证：合并请求 {run.pull.number}，{len(files) // 2} 份记录\n"
    tree = repository.tree_with(proposal.head, files)
    commit = repository.commit_tree(tree, (proposal.head,), message, who)
    report = verify_change(repository, proposed(repository, proposal.base, commit), lambda _: now)
    ours = {path for path, raw in files.items() if not is_return(raw)}  # a return refuses the post
    for finding in (f for verdict in report.verdicts for f in verdict.findings):
        if finding.effect is Effect.REFUSE and finding.location.path in ours:
            raise Fault(finding.message, finding.remedy, name=finding.name)
    return commit


# What was recorded, compared with what the forge shows now.


def compare(repository: Repository, head: CommitId, pull: Pull) -> Witnessed:
    """Every record of this proposal at head, and those that the forge shows otherwise."""
    tree, pull = repository.tree(head), _dated(repository, pull)
    schema = trust(tree).statements["review"]
    clicks = {click.id: click for click in pull.clicks}
    rows, differing, others = [], [], 0
    for file in signed_files(tree, chain(*reviews_by_post(tree).values())):
        if "witness" not in predicate_of(file.statement or b""):
            continue
        statement = read_statement(file, schema)
        made = review_of(statement) if isinstance(statement, Statement) else None
        seen = made.witness if made else None  # of one that does not verify, `verify` tells
        if seen and (seen.forge, seen.pull) != (pull.forge, pull.number):
            others += 1
        elif made and seen:
            wrong = _difference(made, seen, clicks.get(seen.review))
            differing += [made.path] if wrong else []
            outcome = "differs" if wrong else "same"
            rows.append(Row(seen.review, seen.login, made.reviewer, made.post, made.step.value,
                            outcome, wrong or say("As the forge shows it.")))  # fmt: skip
    unread = say("{count} records of other proposals or forges were not compared.", count=others)
    return Witnessed(NO_COMMIT, tuple(differing), tuple(rows), (), unread if others else None)


def _difference(made: Review, seen: Witness, click: Click | None) -> Message | None:
    """What the forge shows otherwise; not the text, which can be edited there, nor a dismissal."""
    if click is None:
        return say("The forge shows no such review.")
    if (seen.account, seen.commit) != (click.account, click.commit):
        return say("The forge shows another account or commit.")
    if made.signed_at not in (click.moment, click.begun):  # by which records were made before 0067
        return say("The forge shows another time.")
    if click.word not in (made.decision, UNKNOWN):
        return say("The forge shows another decision.")
    return None


@click.command()
@click.option("--base", metavar="COMMIT", default="main", help="Trusted commit; default: main.")
@click.option("--head", metavar="COMMIT", required=True, help="Head of the proposal.")
@click.option("--reviews", metavar="FILE", required=True, help="What the forge answered, as JSON.")
@click.option("-k", "--key", metavar="FILE", help="Private key of the witness.")
@click.option("--pull", type=int, help="Number of the proposal, to hold the file to.")
@click.option("--check", is_flag=True, help="Compare what is recorded with what the forge shows.")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    help="Form of the answer.",
)
@click.option("--as-of", type=Moment(), help="Judge as at this time.")
@click.pass_obj
def witness(
    session: Session,
    /,
    base: str,
    head: str,
    reviews: str,
    key: str | None,
    pull: int | None,
    check: bool,
    form: str,
    as_of: datetime | None,
) -> None:
    """Record reviews given on a forge: payload in, one commit out; nothing is pushed.

    Exit 0: recorded; 3: nothing to record; 1: a fault. With --check, 11: the forge shows otherwise.
    """
    try:
        payload = read_payload(Path(reviews).read_bytes())
    except Fault as fault:  # of the proposal, and its people must hear it
        _tell(session, Witnessed(NO_COMMIT, (), (), (), fault.message), form)
        raise
    if pull not in (None, payload.number):
        message = say("The answer is of proposal {number}.", number=payload.number)
        remedy = say("Give the answer for the proposal that --pull names.")
        raise Fault(message, remedy)
    repository = session.repository()
    commit = repository.commit(head)
    if check:
        made = compare(repository, commit, payload)
        _tell(session, made, form)
        nothing = 0 if made.reviews else EXIT_NOTHING
        raise SystemExit(EXIT_REFUSE if made.records else nothing)
    if not key:
        raise Misuse(say("Name the key of the witness with --key."))
    trunk, path = repository.base(base), Path(key)
    session.judging(repository, trunk)
    now = session.when(as_of)(trust(repository.tree(trunk)).registers)
    signer, fingerprint = signer_of(session, path), fingerprint_of(session, path)
    made = witnessed(repository, trunk, commit, payload, fingerprint, now, signer)
    _tell(session, made, form)
    raise SystemExit(0 if made.commit else EXIT_NOTHING)


def _tell(session: Session, made: Witnessed, form: str) -> None:
    tr = session.tr
    notice = tr(made.notice) if made.notice else ""
    if form == "json":
        rows = [
            row._asdict() | {"login": harmless(row.login), "message": tr(row.message)}
            for row in made.reviews
        ]
        answer = {"version": 1, **made._asdict(), "reviews": rows, "notice": notice}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    for line in filter(None, (*made.records, made.commit)):
        click.echo(line)
    if notice:
        click.echo(notice, err=True)
    for row in made.reviews:
        step = tr(STEP_NAMES[Step(row.step)]) if row.step else ""
        who = row.person or harmless(row.login)
        click.echo(f"{row.id}  {who}  {row.post}  {step}  {tr(row.message)}", err=True)
    for waits in made.awaited:
        session.remark(awaited(waits))
