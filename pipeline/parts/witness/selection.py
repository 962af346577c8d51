"""Which clicks on a forge become records of a post: a pure function (docs/decisions/0042).

Clicks are taken in order of time. An approval takes the open step, a request for changes holds the
post. What stands after the last click is recorded, or waits.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from pipeline.detect.private import private_data
from pipeline.evidence.review.conditions import makers, may_prepare, witnessed_steps
from pipeline.model import evidence, invisible, posts
from pipeline.model.calendar import local_date
from pipeline.model.findings import Message, say
from pipeline.model.ids import NO_PERSON, PersonId
from pipeline.model.registers import Registers, entitled
from pipeline.parts.witness.payload import APPROVE, RETURN, Click, Pull

RECORDED = say("Recorded.")
ALREADY = say("Recorded before; what happens to it on the forge changes nothing.")
WAITING = say("Counts; it is recorded together with the steps before the next signature.")
EARLY = say("Received, but it is not this reviewer's turn yet; press again when it is.")
OUTDATED = say("The post was changed after this review; review what stands now.")
STRANGER = say("The roster does not hold this account; enter it, or sign with a key.")
UNNAMED = say("The policy of that day did not name this forge: press again, or sign with a key.")
NO_STEP = say("This reviewer has no step left in this post.")
TAKEN = say("This reviewer's step is taken; nothing more is needed.")
MAKER = say("Who made or proposed this post takes no step of it.")
SIGNED_ONLY = say("This step is signed with one's own key: `sanshen approve` or `sanshen return`.")
REPLACED = say("Replaced by what the same reviewer said later.")
OVERTAKEN = say("A step before it was taken back; press again when it is this reviewer's turn.")
HELD = say("Somebody asks for changes; nothing is recorded before that is settled.")
EMPTY = say("A request for changes needs words: say what must change, and press again.")
DISMISSED = say("It was dismissed, and decides nothing; press again if it still holds.")
UNKNOWN = say("It was dismissed, and the forge no longer shows what it said; press again.")
PRIVATE = say("The text holds private data, which would stay for ever; press again without.")
UNSEEN = say("The text holds an invisible character; press again without.")
LONG = say("The text is longer than 2,000 characters; press again with a shorter one.")
RETURNED = say("The post was returned already; only a new revision goes on.")
SPOILED = say("A record of this post does not count; mend that first: `sanshen verify`.")
LONGEST_OPINION = 2000


@dataclass(frozen=True)
class ClickOutcome:
    """The outcome of one click on one post."""

    click: Click
    person: PersonId
    """Empty: the account is of no person."""
    step: evidence.Step | None
    """The one that it takes, or is this person's next; None: neither."""
    outcome: str
    """``recorded``, ``waiting``, ``held``, ``not-counted``, or ``settled``: its person's
    step is taken otherwise, or it was recorded of an earlier revision: nothing is to be done."""
    message: Message


@dataclass(frozen=True)
class Choice:
    """A click that becomes a record."""

    click: Click
    person: PersonId
    acting_for: PersonId
    step: evidence.Step


@dataclass(frozen=True)
class Selection:
    """What a payload supports for one post."""

    choices: tuple[Choice, ...]
    """In the order in which they are recorded; only the last may be a return."""
    fates: tuple[ClickOutcome, ...]
    step: evidence.Step | None
    """The first open step after the choices; None when there is none or the post is returned."""
    awaited: tuple[PersonId, ...]
    """Ids of the people who can take it, or who hold it and must speak again."""


@dataclass
class _Fold:
    """Clicks on one post, taken one by one."""

    pull: Pull
    post: posts.Post
    registers: Registers
    counted: tuple[evidence.Review, ...]
    """Steps that are recorded and count."""
    taken: list[Choice] = field(default_factory=list)
    objections: dict[PersonId, tuple[Choice | None, Click, Message]] = field(default_factory=dict)
    """Person → (the return it becomes, or None; its click; the message for it)."""
    fates: dict[int, ClickOutcome] = field(default_factory=dict)

    @property
    def open(self) -> evidence.Step | None:
        steps = list(evidence.Step)[len(self.counted) + len(self.taken) :]
        return steps[0] if steps else None

    @property
    def since(self) -> datetime | None:
        """When the last step was taken."""
        if self.taken:
            return self.taken[-1].click.moment
        return self.counted[-1].signed_at if self.counted else None

    def opener(self) -> set[str]:
        rows = self.registers.roster.accounts
        opener = self.pull.host, self.pull.opener
        return {a.person for a in rows if (a.forge, a.id) == opener}

    def acting_for(
        self, person: PersonId, step: evidence.Step, moment: datetime
    ) -> PersonId | None:
        """Whom a person acts for at a step; empty: for themselves; None: they may not take it."""
        before = {r.reviewer for r in self.counted} | {c.person for c in self.taken}
        made = makers(self.post, self.registers)
        if may_prepare(step, local_date(moment), self.registers):
            made = frozenset()
        if (step in evidence.REVIEW_STEPS and person in before | made) or person in self.opener():
            return None
        roles = entitled(step, self.registers, moment)
        return next((acting for who, acting in roles if who.id == person), None)

    def later(self, person: PersonId, moment: datetime, skip: int = 1) -> evidence.Step | None:
        """The first step after the open one, or with `skip` 0 from there, that is a person's."""
        rest = list(evidence.Step)[len(self.counted) + len(self.taken) + skip :]
        return next((s for s in rest if self.acting_for(person, s, moment) is not None), None)

    def tell(self, click: Click, person: PersonId, message: Message, outcome: str = "") -> None:
        own = next((c.step for c in self.taken if c.click == click), None)
        step = own or self.later(person, click.moment, 0)
        self.fates[click.id] = ClickOutcome(click, person, step, outcome or "not-counted", message)

    def take(self, click: Click, person: PersonId) -> None:
        """Take one click of a registered person on the present bytes."""
        self.end_objection(person)
        if click.word == APPROVE:
            self._approve(click, person)
        else:
            self._object(click, person)

    def end_objection(self, person: PersonId) -> None:
        """What somebody objected ends with the next that they say, and stays ended when that is
        recorded."""
        if earlier := self.objections.pop(person, None):
            self.tell(earlier[1], person, REPLACED)

    def _approve(self, click: Click, person: PersonId) -> None:
        step = self.open
        acting = step and self.acting_for(person, step, click.moment)
        day, reason = local_date(click.moment), None
        if step is None or acting is None:
            made = {*makers(self.post, self.registers), *self.opener()}
            reason = MAKER if person in made else NO_STEP
            if later := self.later(person, click.moment):
                reason = EARLY if self._witnessed(later, day) else SIGNED_ONLY
            elif person in {r.reviewer for r in self.counted}:
                return self.tell(click, person, TAKEN, "settled")
        elif not self._witnessed(step, day):
            reason = SIGNED_ONLY
        elif self.since and click.moment < self.since:
            reason = EARLY
        elif any(o and o.step is step for o, _, _ in self.objections.values()):
            reason = HELD
        reason = reason or why_unsignable(click.opinion)
        if reason or step is None or acting is None:
            return self.tell(click, person, reason or NO_STEP)
        self.taken.append(Choice(click, person, acting, step))
        return self.tell(click, person, WAITING, "waiting")

    def _object(self, click: Click, person: PersonId) -> None:
        own = next((n for n, c in enumerate(self.taken) if c.person == person), len(self.taken))
        for choice in self.taken[own:]:
            replaced = REPLACED if choice.person == person else OVERTAKEN
            self.fates[choice.click.id] = replace(
                self.fates[choice.click.id], outcome="not-counted", message=replaced
            )
        del self.taken[own:]
        step = self.open
        acting = step and self.acting_for(person, step, click.moment)
        if step is None or acting is None:
            if not self.later(person, click.moment):
                return self.tell(click, person, NO_STEP)
            self.objections[person] = (None, click, EARLY)
        else:
            choice = Choice(click, person, acting, step)
            reason = why_unsignable(click.opinion)
            if click.word != RETURN:
                reason = UNKNOWN
            elif not self._witnessed(step, local_date(click.moment)):
                reason = SIGNED_ONLY
            elif not click.opinion:
                reason = EMPTY
            self.objections[person] = (choice, click, reason or HELD)
        return self.tell(click, person, self.objections[person][2], "held")

    def _witnessed(self, step: evidence.Step, day: date) -> bool:
        return step.value in witnessed_steps(self.registers, day)

    def end(self, now: datetime) -> Selection:
        """What is recorded after the last click."""
        step, returned = self.open, None
        for choice, click, reason in self.objections.values():
            if choice and choice.step is step and reason is HELD and returned is None:
                returned = choice if not self.since or self.since <= click.moment else None
        waits = step is not None and self._witnessed(step, local_date(now))
        choices = (*self.taken, returned) if returned else tuple(self.taken)
        if not returned and (self.objections or waits):
            choices = ()
        for choice in choices:
            self.tell(choice.click, choice.person, RECORDED, "recorded")
        if self.objections and not returned:
            for choice in self.taken:
                self.tell(choice.click, choice.person, HELD, "held")
        awaited: Iterable[PersonId] = self.objections
        if step and not self.objections:
            people = (p.id for p, _ in entitled(step, self.registers, now))
            awaited = [p for p in people if self.acting_for(p, step, now) is not None]
        fates = tuple(self.fates[id] for id in sorted(self.fates))
        end = None if returned else step
        return Selection(choices, fates, end, () if end is None else tuple(awaited))


def why_unsignable(opinion: str) -> Message | None:
    """Why a text may not be signed: what is signed stays for ever. None: it may."""
    if any(match.certain for match in private_data(opinion)):
        return PRIVATE
    if invisible.HIDDEN.search(opinion):
        return UNSEEN
    return LONG if len(opinion) > LONGEST_OPINION else None


def select(
    pull: Pull,
    post: posts.Post,
    approvals: evidence.Approvals,
    registers: Registers,
    same: Collection[str],
    now: datetime,
) -> Selection:
    """What a payload supports for a post as it stands at the proposal's head.

    `same`: the commits at which the post had the bytes it has at head; `now`: the time of the run,
    by which people are awaited.
    """
    states = [approvals.states[step] for step in evidence.Step]
    counted = tuple(s.review for s in states if isinstance(s, evidence.Approved))
    fold = _Fold(pull, post, registers, counted)
    decided = [s.review for s in states if isinstance(s, evidence.Approved | evidence.Returned)]
    recorded = recorded_clicks(pull, (*approvals.earlier, *decided))
    stop = next(
        (s for s in states if not isinstance(s, evidence.Approved | evidence.Missing)), None
    )
    last = {c.account: c for c in pull.clicks if c.commit in same}
    for click in pull.clicks:
        person = registers.roster.account_owner(pull.host, click.account, click.moment)
        stated = registers.parameter_if_stated("review.forge", local_date(click.moment))
        if done := recorded.get(click.id):
            fold.end_objection(person)
            outcome = "recorded" if done.revision == post.revision else "settled"
            fold.fates[click.id] = ClickOutcome(click, person, done.step, outcome, ALREADY)
        elif not click.account or not person:
            fold.tell(click, NO_PERSON, STRANGER)
        elif stated != pull.forge:
            fold.tell(click, person, UNNAMED)
        elif click.commit not in same:
            over = person in {r.reviewer for r in counted}
            fold.tell(click, person, OUTDATED, "settled" if over else "")
        elif click.dismissed and (click.by_hand or last[click.account].dismissed):
            fold.tell(click, person, DISMISSED)  # else a later verdict of the same account holds
        elif stop is not None:
            fold.tell(click, person, RETURNED if isinstance(stop, evidence.Returned) else SPOILED)
        else:
            fold.take(click, person)
    if stop is None:
        return fold.end(now)
    return Selection((), tuple(fold.fates[id] for id in sorted(fold.fates)), None, ())


def recorded_clicks(pull: Pull, reviews: Iterable[evidence.Review]) -> dict[int, evidence.Review]:
    """Number of each review on this forge that is recorded → its record."""
    return {r.witness.review: r for r in reviews if r.witness and r.witness.forge == pull.forge}
