"""Sign one review step, and prove that the verifier counts it before anything is written.

A reviewer compares the post with its last revision that somebody signed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from pipeline.errors import Fault
from pipeline.evidence.review.chain import approvals
from pipeline.evidence.review.statements import write_statement
from pipeline.judge.archive_at import post_alone
from pipeline.judge.load_governance import Trusted
from pipeline.law.engine import judge_post
from pipeline.model.archive import OnDisk
from pipeline.model.calendar import local_date
from pipeline.model.evidence import (
    ROLE_OF_STEP,
    Approvals,
    Approved,
    Missing,
    Rejected,
    Returned,
    Review,
    SignedFile,
    Step,
    Witness,
)
from pipeline.model.findings import Effect, Finding, Message, say
from pipeline.model.ids import NO_PERSON, CommitId, PersonId, sha256_of
from pipeline.model.posts import Post
from pipeline.model.registers import UNFIT, Person, unfit
from pipeline.sign.act import Record, Sign, SigningContext
from pipeline.source.content.records import reviews_by_post, signed_files
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import files_under

ASSERTIONS: Mapping[Step, tuple[str, ...]] = {
    Step.FIRST: ("collected", "sorted", "filled", "proofread", "formatted", "form_filled"),
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
"""What each step's signer answers for: Articles 11 (初审 …), 13(1) seven bottom lines, 15(2)."""

AFFIRMED: Mapping[Step, tuple[Message, ...]] = {
    Step.FIRST: (
        say("I collected the material, put it in order, filled it in and proofread it."),
        say("I checked its format and filled in the approval form."),
    ),
    Step.SECOND: (say("Nothing in it distorts its source or the facts."), say("I proofread it.")),
    Step.FINAL: (
        say("It keeps to the laws and regulations."),
        say("Its direction and the occasion are right."),
    ),
    Step.CONFIRM: (
        say(
            "It holds no serious wording error, no sensitive words and no private data; no child is"
            " named or shown without a guardian's consent."
        ),
        say(
            "It keeps to the seven bottom lines: laws and regulations, the socialist system, the"
            " national interest, citizens' lawful rights, public order, social morality, true"
            " information."
        ),
    ),
}
"""What a step's signer reads and ticks: together all of `ASSERTIONS`, no more apart than the law
asks for."""


def next_step(reviews: Approvals) -> Step:
    """The first step that does not count yet. Raises Fault when none is left or one is spoiled."""
    for step in Step:
        state = reviews.states[step]
        if isinstance(state, Missing):
            return step
        if isinstance(state, Rejected):
            raise Fault(state.reason, state.remedy, name=state.name)
        if isinstance(state, Returned):
            raise Fault(say("The post was returned; only a new revision goes on."), state.remedy)
    raise Fault(say("All four steps are signed already."), say("Publish it: `sanshen publish`."))


def objections(context: SigningContext, post: Post) -> tuple[Finding, ...]:
    """Findings of the machine on a post, those about missing signatures left out."""
    archive = replace(context.archive, situation=OnDisk())
    return judge_post(post, archive, context.trusted.rulebook).findings


class StepDecision(NamedTuple):
    """What is decided at a step."""

    step: Step
    word: str
    """``approve`` or ``return``."""
    opinion: str
    acting_for: PersonId = NO_PERSON
    witness: Witness | None = None
    """What a workflow saw, when the review was given on a forge."""


def review(
    context: SigningContext,
    post: Post,
    made: StepDecision,
    person: Person,
    now: datetime,
    sign: Sign,
) -> Record:
    """Sign one step and prove that it counts before it is handed back.

    Raises Fault when the machine refuses the post (an approval), or when the verifier would not
    count the record: wrong person, role, order or key.
    """
    step, approves = made.step, made.word == "approve"
    if approves:
        _unless_stray(context.archive.approvals[post.id])
        _unless_refused(context, post)
    registers = context.trusted.registers
    before = context.archive.approvals[post.id]
    predicate = {
        "archive": registers.policy.archive["id"],
        "post": post.id,
        "revision": post.revision,
        "step": step.value,
        "decision": made.word,
        "opinion": made.opinion,
        "reviewer": person.id,
        "role": _role(context, step, made.acting_for or person.id, now),
        "acting_for": made.acting_for,
        "accounts": sorted(post.accounts),
        "content": post.content_digest,
        **({"correction": post.correction} if post.revision > 1 else {}),
        "roster": registers.roster.version,
        "regulation": registers.regulation_digest,
        "previous": _previous(before, step),
        "assertions": dict.fromkeys(ASSERTIONS[step], approves),
        "signed_at": now,
        "not_after": now
        + timedelta(days=registers.parameter("review.valid_days", local_date(now))),
        **({"witness": asdict(made.witness)} if made.witness else {}),
    }
    path = f"content/reviews/{post.year}/{post.id}/r{post.revision}/{step.stem}.json"
    statement = write_statement("review", post.manifest, predicate)
    record = Record(path, statement, sign(statement))
    _prove(context, post, step, record)
    return record


def _unless_stray(reviews: Approvals) -> None:
    """Raise Fault while the post's makers are unknown: the reviewer may be one of them."""
    for stray in reviews.stray:
        raise Fault(stray.reason, stray.remedy, name=stray.name)


def _unless_refused(context: SigningContext, post: Post) -> None:
    refused = [f for f in objections(context, post) if f.effect is Effect.REFUSE]
    if refused:
        first = refused[0]
        raise Fault(
            say(
                "{clause}, {place}: {what}",
                clause=first.clause,
                place=first.location.at_line,
                what=first.message,
            ),
            say(
                "Have it corrected first: `sanshen check {post}`, or"
                " send it back with `sanshen return`.",
                post=post.id,
            ),
        )


def _prove(context: SigningContext, post: Post, step: Step, record: Record) -> None:
    paths = reviews_by_post(context.files, {post.id}).get(post.id, ())
    others = [f for f in signed_files(context.files, paths) if f.path != record.path]
    made = SignedFile(record.path, record.statement, record.signature)
    reviews = approvals(
        post,
        [*others, made],
        context.trusted.registers,
        context.archive.clock,
        context.trusted.statements["review"],
    )
    state = reviews.states[step]
    if isinstance(state, Rejected):
        raise Fault(state.reason, state.remedy, name=state.name)
    if isinstance(state, Approved) and state.review.acting_for:
        before = {
            r.reviewer for each in list(Step)[: step.number - 1] if (r := reviews.approved(each))
        }
        if what := unfit(state.review, before, context.trusted.registers):
            raise Fault(what[1], UNFIT, name=what[0])


def _previous(reviews: Approvals, step: Step) -> str | None:
    """Digest of the record before: the step before, or the last one of the revision before."""
    if step is not Step.FIRST:
        state = reviews.states[list(Step)[step.number - 2]]
        return state.review.digest if isinstance(state, Approved) else None
    return reviews.opening


def _role(context: SigningContext, step: Step, holder: PersonId, now: datetime) -> str:
    person = context.trusted.registers.people.get(holder)
    principal = (
        step is Step.FINAL
        and person is not None
        and not person.holds(ROLE_OF_STEP[step], local_date(now))
    )
    return "principal" if principal else ROLE_OF_STEP[step]


@dataclass(frozen=True)
class SignedRevision:
    """An earlier revision as somebody signed it."""

    review: Review
    """The last decision on it."""
    post: Post
    tree: Tree
    """Of a commit that holds its files."""


def last_signed(
    repository: Repository,
    trusted: Trusted,
    head: CommitId,
    post: Post,
    reviews: Approvals,
    reader: str,
) -> SignedRevision | None:
    """The last earlier revision that `reader` signed, else the last that anybody did.

    None for a first revision, and where no commit that `head` reaches holds the signed bytes.
    """
    own = [review for review in reviews.earlier if review.reviewer == reader]
    for review in reversed(own or reviews.earlier):
        if tree := next(_holding(repository, head, post, review), None):
            return SignedRevision(review, post_alone(trusted, tree, post.id), tree)
    return None


def _holding(repository: Repository, head: CommitId, post: Post, review: Review) -> Iterator[Tree]:
    """Trees that hold the very files that were signed, newest first."""
    for commit in repository.touching(head, post.folder):
        tree = repository.tree(commit)
        stored = files_under(tree.files, f"{post.folder}/")
        if set(stored) == set(review.manifest) and all(
            sha256_of(tree.read(path)) == digest for path, digest in review.manifest.items()
        ):
            yield tree


def opinions(reviews: Approvals) -> tuple[Review, ...]:
    """All decisions that verified, oldest first: those of earlier revisions and of this one."""
    states = reviews.states.values()
    return (*reviews.earlier, *(s.review for s in states if isinstance(s, Approved | Returned)))
