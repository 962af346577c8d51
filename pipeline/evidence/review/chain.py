"""Whether three different people approved exactly these bytes, in order, and one confirmed them.

A record counts when none of the numbered conditions of `conditions.py` has an objection
(design.md .5; Articles 11 and 15(2); threats A3–A8, A10, A11, A24, A26).

A forge writes every author of squashed commits as co-author of one commit, even those who only
signed. The signatures that came with the commit distinguish them (docs/decisions/0027).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import timedelta
from functools import partial

from pipeline.evidence.review import statements
from pipeline.evidence.review.conditions import CONDITIONS, Case, may_prepare, role_fits
from pipeline.evidence.ssh.keys import PublicKey
from pipeline.evidence.ssh.sshsig import verify
from pipeline.model.calendar import Clock, local_date
from pipeline.model.conformance import Conformance
from pipeline.model.evidence import (
    Approvals,
    Approved,
    Missing,
    Rejected,
    Returned,
    Review,
    SignedFile,
    Step,
    StepState,
    Witness,
)
from pipeline.model.findings import Location, Message, say
from pipeline.model.posts import Handler, Post
from pipeline.model.registers import Registers

_STEMS = frozenset(step.stem for step in Step)
BROKEN = "earlier-step-missing", say("A step before this one is missing or does not count.")
_REVISION = re.compile(r"r([1-9][0-9]{0,3})")
"""A revision has one name, as in `source.content.paths`: r01 is not r1. Its length is bounded."""


def approvals(
    post: Post, files: Iterable[SignedFile], registers: Registers, clock: Clock, schema: Conformance
) -> Approvals:
    """The state of each step for the post's present revision and bytes."""
    by_step = {_revision_and_stem(f.path): f for f in files}
    earlier, opening = _earlier(by_step, post.revision, registers, schema)
    previous = opening
    slack = timedelta(minutes=int(registers.current("time.tolerance_minutes", clock) or 0))
    come = partial(clock.reached, slack=slack)
    states: dict[Step, StepState] = {}
    counted: list[Review] = []
    for step in Step:
        broken = len(counted) != step.number - 1
        state = _read(by_step.get((post.revision, step.stem)), step, schema)
        if isinstance(state, Review):
            state = _judged(Case(state, step, post, registers, tuple(counted), previous, come))
        if broken and isinstance(state, Rejected):
            state = replace(state, cause=Approvals(states).broken_at)
        states[step] = state
        if isinstance(state, Approved):
            counted.append(state.review)
            previous = state.review.digest
    strays = (*_strays(by_step, post), *_strangers(post, registers, clock))
    return Approvals(states, earlier, strays, opening)


def _read(signed: SignedFile | None, step: Step, schema: Conformance) -> Review | StepState:
    """A step's record; where there is none that can be read, the state of the step."""
    if signed is None or signed.statement is None or signed.signature is None:
        return Missing(step)  # a killed `approve` may leave half a record
    read = statements.read_statement(signed, schema)
    if isinstance(read, statements.Unusable):
        return Rejected(step, read.name, read.reason, read.location, read.remedy)
    return review_of(read)


def _judged(case: Case) -> StepState:
    review, step = case.review, case.step
    if len(case.before) != step.number - 1:
        remedy = say("Obtain the earlier step first; this one must then be signed again.")
        return Rejected(step, *BROKEN, Location(review.path), remedy)
    for condition in CONDITIONS:
        if (objection := condition(case)) is not None:
            name, why, remedy = objection
            cause = case.registers.unread_path("people") if condition is role_fits else ""
            return Rejected(step, name, why, Location(review.path), remedy, cause)
    return Returned(step, review) if review.decision == "return" else Approved(step, review)


_STATED = {field.name for field in fields(Review)}


def review_of(statement: statements.Statement) -> Review:
    """What a verified statement decides."""
    p = statement.predicate
    stated = {key: value for key, value in p.items() if key in _STATED}
    stated |= {"step": Step(p["step"]), "accounts": tuple(p["accounts"])}
    stated |= {"witness": Witness(**p["witness"])} if "witness" in p else {}
    return Review(
        **stated,
        roster_serial=p["roster"]["serial"],
        roster_digest=p["roster"]["digest"],
        regulation_digest=p["regulation"],
        manifest=statement.subject,
        path=statement.path,
        digest=statement.digest,
        fingerprint=statement.fingerprint,
        origin=statement.origin,
    )


def _earlier(
    by_step: Mapping[tuple[int, str], SignedFile],
    revision: int,
    registers: Registers,
    schema: Conformance,
) -> tuple[tuple[Review, ...], str | None]:
    """(verified decisions of earlier revisions, digest of the last one of the revision before).

    The first step of a revision names it, so a return that is taken away breaks the chain (A22).
    """
    reviews: list[Review] = []
    last: str | None = None
    for (number, _), signed in sorted(by_step.items()):
        statement = statements.read_statement(signed, schema) if number < revision else None
        if isinstance(statement, statements.Statement):
            review = review_of(statement)
            last = statement.digest
            key = registers.roster.key(review.fingerprint)
            if key is not None and key.person == review.signer:
                reviews.append(review)
    return tuple(reviews), last


PARTS: Mapping[str, Message] = {"author": say("author"), "committer": say("committer")}
"""Git's names of the two people of a commit."""


def _strangers(post: Post, registers: Registers, clock: Clock) -> Iterator[Rejected]:
    """An unregistered identity refuses: it may be a reviewer's second account (A8)."""
    neutral = registers.current("review.neutral_committers", clock) or ()
    for handler in post.handlers:
        if registers.person_of(handler.email) or (
            handler.part == "committer" and handler.email in neutral
        ):
            continue
        why = say("Commit {commit} on this post is by someone who is not in the register of people"
                  " ({part}).", commit=handler.commit[:12],
                  part=PARTS.get(handler.part, handler.part))  # fmt: skip
        remedy = say(
            "Have the e-mail entered in content/registers/people.yml, or commit as yourself."
        )
        cause = registers.unread_path("people")
        yield Rejected(Step.FIRST, "maker-unregistered", why, post.at("author"), remedy, cause)
        return


def _strays(by_step: Mapping[tuple[int, str], SignedFile], post: Post) -> Iterator[Rejected]:
    for (revision, _), signed in sorted(by_step.items()):
        if revision > post.revision or revision == 0:
            why = say("There is a review of a revision that does not exist.")
            remedy = say("Raise `revision` in the front matter, or remove the record.")
            location = Location(signed.path)
            yield Rejected(Step.FIRST, "review-revision-unknown", why, location, remedy)


def _revision_and_stem(path: str) -> tuple[int, str]:
    """``content/reviews/2026/<post>/r2/1-first.json`` → (2, ``1-first``); else (0, path)."""
    folder, name = path.split("/")[-2:]
    revision = _REVISION.fullmatch(folder)
    stem = name.removesuffix(".json")
    return (int(revision[1]) if revision else 0, stem) if stem in _STEMS else (0, path)


_PRIVATE = re.compile(r"@(?:users\.)?noreply\.")
"""An address that a forge writes for a person who hides theirs. The proposal also lists that person
by their own address."""


def makers_of(
    handlers: Iterable[Handler],
    files_of: Callable[[tuple[str, ...]], Iterable[SignedFile]],
    registers: Registers,
) -> frozenset[Handler]:
    """The handlers of a post, without those of a squash who only signed there or are unregistered.

    `files_of` reads the signed files of statements. A maker who also signed was refused before the
    merge. When only signers are left as authors, everyone listed made the content.
    """
    people = frozenset(handlers)
    left = {handler for handler in people if not handler.records}
    for commit in {handler.commit for handler in people - left}:
        listed = {handler for handler in people if handler.commit == commit}
        signers = _signers(files_of(next(iter(listed)).records), registers)
        rest = {h for h in listed if _person(h, registers) not in signers}
        if not signers or all(h.part == "committer" for h in rest):
            left |= listed
        else:
            left |= {h for h in rest if _person(h, registers) or not _PRIVATE.search(h.email)}
    return frozenset(left)


def _person(handler: Handler, registers: Registers) -> str:
    person = registers.person_of(handler.email)
    return person.id if person else ""


def _signers(files: Iterable[SignedFile], registers: Registers) -> set[str]:
    """Owners of the keys that signed on the post, without reviews that its makers may sign."""
    return {owner for file in files if (owner := _signer(file, registers))}


def _signer(file: SignedFile, registers: Registers) -> str:
    """Id of the person who signed a statement on the post of its path; else empty."""
    if file.statement is None or file.signature is None:
        return ""
    key = verify(file.signature, file.statement, statements.NAMESPACE)
    owner = registers.roster.key(key.fingerprint) if isinstance(key, PublicKey) else None
    predicate = statements.predicate_of(file.statement)
    if owner is None or str(predicate.get("post", "?")) not in re.split(r"[/.]", file.path):
        return ""
    try:
        day = local_date(statements.moment_of(str(predicate.get("signed_at"))))
        free = "step" in predicate and "witness" not in predicate
        free = free and may_prepare(Step(predicate["step"]), day, registers)
    except (ValueError, OverflowError):
        return ""
    return "" if free else owner.person
