"""The conditions on one review record, numbered; each gives an objection or None.

Articles 11 and 15(2); design.md .5; threats A2 to A8, A10, A11, A21, A22, A26;
docs/decisions/0042 for reviews that a workflow witnessed, 0044 for passkeys.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from pipeline.evidence.review.statements import page_problem
from pipeline.model.calendar import local_date
from pipeline.model.evidence import REVIEW_STEPS, ROLE_NAMES, Review, Step
from pipeline.model.findings import Message, say
from pipeline.model.posts import Post
from pipeline.model.registers import Registers, RosterKey, office_of_step


@dataclass(frozen=True)
class Case:
    """One record under judgement, and all that it is compared with."""

    review: Review
    step: Step
    post: Post
    registers: Registers
    before: tuple[Review, ...]
    """Reviews of this revision that counted, in order."""
    previous: str | None
    """Digest that the record must name."""
    come: Callable[[datetime], bool]
    """Whether a claimed moment is past, within what clocks may differ."""

    @property
    def key(self) -> RosterKey | None:
        return self.registers.roster.key(self.review.fingerprint)


Objection = tuple[str, Message, Message] | None
"""A `Reason`, and the remedy."""
_REVIEWER_NAMED = say("The key belongs to {owner}, not to the reviewer named.")
_WITNESS_NAMED = say("The key belongs to {owner}, not to the witness named.")
_APPROVE_AGAIN = say("Have the step signed again: `sanshen approve`.")


def _subject_matches(case: Case) -> Objection:
    """1. The statement names this archive, post, revision, step and accounts (A4)."""
    review, post = case.review, case.post
    claimed = (
        review.archive,
        review.post,
        review.revision,
        review.step,
        frozenset(review.accounts),
    )
    wanted = (
        case.registers.policy.archive.get("id"),
        post.id,
        post.revision,
        case.step,
        frozenset(post.accounts),
    )
    if claimed == wanted:
        return None
    return (
        "review-misplaced",
        say("The review was made for another archive, post, revision, step or account."),
        say(
            "A review cannot be moved; have this post reviewed: `sanshen approve {post}`.",
            post=post.id,
        ),
    )


def _bytes_match(case: Case) -> Objection:
    """2. Every file of the post has the digest that was signed, and no file was added (A3, A5); the
    record of the correction is the one that was read (A15)."""
    signed, now = case.review.manifest, case.post.manifest
    differing = sorted(p for p in signed.keys() | now.keys() if signed.get(p) != now.get(p))
    if case.review.content != case.post.content_digest:
        differing = differing or [case.post.path]
    if case.review.correction not in (None, case.post.correction):
        differing = differing or [case.post.correction_path]
    if not differing:
        return None
    return (
        "file-changed-since {path}",
        say("{path} was changed after this review.", path=differing[0]),
        say(
            "Restore the file, or raise `revision` by one and have the changed post reviewed from"
            " the first step."
        ),
    )


def _chain_holds(case: Case) -> Objection:
    """3. The record names the digest of the one before it (A6, A22)."""
    if case.review.previous == case.previous:
        return None
    return (
        "review-chain-broken",
        say("The review does not follow the record before it: the order or a record was changed."),
        say("Restore the records as they were signed, or review again from the first step."),
    )


def _key_is_theirs(case: Case) -> Objection:
    """4. The key is in the roster, belongs to the reviewer, and was valid then (A7, A10, A11)."""
    key = case.key
    if key is None:
        return (
            "key-unregistered",
            say("The key that signed is not in the roster."),
            say(
                "Sign with a registered key, or have yours entered in content/registers/roster.yml."
            ),
        )
    if key.person != case.review.signer:
        signer = _WITNESS_NAMED if case.review.witness else _REVIEWER_NAMED
        owner = replace(signer, values=(("owner", key.person),))
        return "key-of-another", owner, _APPROVE_AGAIN
    if reason := key.objection(case.review.signed_at, case.review.digest):
        again = say("Raise the revision by one, and have all steps taken again.")
        valid = say("Sign with a valid key; see content/registers/roster.yml.")
        return *reason, again if key.stopped else valid
    return None


def role_fits(case: Case) -> Objection:
    """5. The reviewer holds the step's role on that day, or acts for someone who does (A26)."""
    review, registers = case.review, case.registers
    day = local_date(review.signed_at)
    roles, department = office_of_step(case.step, day, registers)
    holder = registers.people.get(review.acting_for or review.reviewer)
    person = registers.people.get(review.reviewer)
    if person is None or person.contractor:
        message = say("{person} may not hold a review step.", person=review.reviewer)
        remedy = say("No contractor reviews (Article 6); ask for another reviewer.")
        return "reviewer-contractor", message, remedy
    if review.role not in roles or holder is None or not holder.holds(review.role, day, department):
        message = say("{person} does not hold the role this step needs.", person=review.reviewer)
        return "reviewer-lacks-role", message, _belongs(roles)
    if review.acting_for and not _delegated(case):
        return (
            "mandate-missing",
            say(
                "{person} acts for {absent} without a mandate for that time.",
                person=review.reviewer,
                absent=review.acting_for,
            ),
            say("Enter the mandate in the roster first (delegations)."),
        )
    return None


def _belongs(roles: tuple[str, ...]) -> Message:
    first, *more = (ROLE_NAMES[role] for role in roles)
    if more:
        return say("The step belongs to the {role} or the {other}.", role=first, other=more[0])
    return say("The step belongs to the {role}.", role=first)


def _delegated(case: Case) -> bool:
    review = case.review
    return any(
        d.delegator == review.acting_for
        and d.delegate == review.reviewer
        and d.role == review.role
        and d.covers(review.signed_at)
        for d in case.registers.roster.delegations
    )


def _different_people(case: Case) -> Objection:
    """6. First, second and final are three people; none made the post, but the first may where
    policy says so (A7, A8)."""
    if case.step not in REVIEW_STEPS:
        return None
    person = case.review.reviewer
    if person in {r.reviewer for r in case.before}:
        message = say("{person} signed two steps; three different people must.", person=person)
        remedy = say("Ask someone else who holds the role of this step.")
        return "reviewer-signed-twice", message, remedy
    day = local_date(case.review.signed_at)
    may = may_prepare(case.step, day, case.registers)
    if not may and person in makers(case.post, case.registers):
        message = say("{person} wrote or committed this post and may not review it.", person=person)
        remedy = say("Ask someone else who holds the role of this step.")
        return "reviewer-made-post", message, remedy
    return None


def _times_fit(case: Case) -> Objection:
    """7. The claimed time lies after the step before and not in the future; neither this review nor
    one before it had expired (A10, A24)."""
    review = case.review
    if not case.come(review.signed_at):
        future = say("The review claims to be signed in the future.")
        return "review-in-future", future, _APPROVE_AGAIN
    if case.before and review.signed_at < case.before[-1].signed_at:
        message = say("The review claims to be older than the step before it.")
        return "review-before-previous", message, _APPROVE_AGAIN
    if review.not_after < review.signed_at:
        return "review-expired", say("The review had expired when it was signed."), _APPROVE_AGAIN
    if any(earlier.not_after < review.signed_at for earlier in case.before):
        message = say("A review before this one had run out when it was signed.")
        remedy = say("Raise the revision by one, and have all steps taken again.")
        return "earlier-review-expired", message, remedy
    return None


def _roster_not_later(case: Case) -> Objection:
    """8. The roster it was signed under is this one or an earlier one (A2)."""
    roster, review = case.registers.roster, case.review
    same = review.roster_serial == roster.serial
    if review.roster_serial < roster.serial or (same and review.roster_digest == roster.digest):
        return None
    later = say("The review names a roster that is not in force here.")
    return "roster-not-current", later, _APPROVE_AGAIN


def _witness_counts(case: Case) -> Objection:
    """9. The policy of that day allows a witnessed review at this step, of this forge. The witness
    is in office, and the account was the reviewer's at that moment (W1 to W7)."""
    review, registers, witness = case.review, case.registers, case.review.witness
    if witness is None:
        return None
    day = local_date(review.signed_at)
    if case.step.value not in witnessed_steps(registers, day):
        message = say("The policy does not let a forge review count at this step.")
        remedy = say("Have the step signed with the reviewer's own key: `sanshen approve`.")
        return "witness-not-allowed", message, remedy
    # On the day of a hand-over two stand: what was pressed that morning is not undone (W14).
    days = day - timedelta(days=1), day
    if witness.forge not in [registers.parameter_if_stated("review.forge", d) for d in days]:
        other = say("The review was made on another forge than the policy names.")
        return "witness-forge-foreign", other, _APPROVE_AGAIN
    person = registers.people.get(witness.by)
    if person is None or not person.holds("witness", day):
        message = say("{person} is no witness of that day.", person=witness.by)
        remedy = say("Give the workflow the role witness in content/registers/people.yml.")
        return "witness-unregistered", message, remedy
    host = witness.forge.partition("/")[0]
    if registers.roster.account_owner(host, witness.account, review.signed_at) != review.reviewer:
        return (
            "forge-account-foreign",
            say("The account {id} was not {person}'s at that time.",
                id=witness.account, person=review.reviewer),
            say("Have the account entered in `forge_accounts` of the roster."),
        )  # fmt: skip
    return None


def _page_is_the_desks(case: Case) -> Objection:
    """10. A passkey signed on a page of the desk, by the policy of that day (A31)."""
    return page_problem(case.review.origin, case.review.signed_at, case.registers)


CONDITIONS: tuple[Callable[[Case], Objection], ...] = (
    _subject_matches,
    _bytes_match,
    _chain_holds,
    _key_is_theirs,
    role_fits,
    _different_people,
    _times_fit,
    _roster_not_later,
    _witness_counts,
    _page_is_the_desks,
)


def witnessed_steps(registers: Registers, day: date) -> Collection[str]:
    """The steps at which a forge review counts on a day; none where the policy does not say."""
    stated: Collection[str] = registers.parameter_if_stated("review.witnessed_steps", day) or ()
    return stated


def may_prepare(step: Step, day: date, registers: Registers) -> bool:
    """Whether a maker of a post may take a step of it. Article 11 gives the information officer
    collecting and proofreading as well as the first review. A policy may say otherwise."""
    stated = registers.parameter_if_stated("review.first_may_prepare", day)
    return step is Step.FIRST and stated is not False


def makers(post: Post, registers: Registers) -> frozenset[str]:
    """Ids of the declared authors and of everyone whose commits touched the post's files."""
    people = (registers.person_of(handler.email) for handler in post.handlers)
    return post.declared | {person.id for person in people if person is not None}
