"""Signed decisions on a post, as values (design.md .5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from pipeline.model.findings import Location, Message, say
from pipeline.model.ids import AccountId, CommitId, Digest, PersonId, PostId


class Step(Enum):
    """The four steps, in order (Articles 11 and 15(2))."""

    FIRST = "first"
    SECOND = "second"
    FINAL = "final"
    CONFIRM = "confirm"

    number: int
    """From 1."""
    stem: str
    """File name of the step's record, without its ending: ``1-first``."""

    def __init__(self, value: str) -> None:
        self.number = len(type(self).__members__) + 1
        self.stem = f"{self.number}-{value}"


STEP_NAMES: Mapping[Step, Message] = {
    Step.FIRST: say("first review"),
    Step.SECOND: say("second review"),
    Step.FINAL: say("final review"),
    Step.CONFIRM: say("confirmation"),
}
"""What a sentence calls each step; its Chinese is that of the site (`site.words.STEPS`)."""

REVIEW_STEPS = (Step.FIRST, Step.SECOND, Step.FINAL)

ROLE_OF_STEP: Mapping[Step, str] = {
    Step.FIRST: "information-officer",
    Step.SECOND: "section-head",
    Step.FINAL: "leader-in-charge",
    Step.CONFIRM: "section-head",
}
"""Article 11: 信息员, 科室负责人, 分管领导; Article 15(2): head of the lead department."""

ROLE_NAMES: Mapping[str, Message] = {
    "information-officer": say("information officer"),
    "section-head": say("head of the lead department"),
    "leader-in-charge": say("leader in charge"),
    "principal": say("principal"),
}
"""What a sentence calls the roles that take a step."""


def record_stem(number: int) -> str:
    """Stem of the names of a publication record in ``evidence.tar``; the first is 1."""
    return f"publication-{number}"


@dataclass(frozen=True)
class Witness:
    """A review on a forge that a workflow saw, and signed for with a key of its own."""

    by: PersonId
    """Person of role ``witness`` whose key signed."""
    forge: str
    """Host and number of the repository: ``github.com/123456``."""
    pull: int
    review: int
    account: int
    """Number of the reviewer's account; it decides, and not its name."""
    login: str
    commit: CommitId


@dataclass(frozen=True)
class Review:
    """A statement whose signature verified, made by the key named in it."""

    archive: str
    post: PostId
    revision: int
    step: Step
    decision: str
    """``approve`` or ``return``."""
    opinion: str
    reviewer: PersonId
    role: str
    acting_for: PersonId
    accounts: tuple[AccountId, ...]
    roster_serial: int
    roster_digest: Digest
    regulation_digest: Digest
    previous: str | None
    signed_at: datetime
    not_after: datetime
    assertions: Mapping[str, bool]
    manifest: Mapping[str, str]
    path: str
    digest: Digest
    """sha256 over the statement's bytes and then the signature's: what the next step names."""
    fingerprint: str
    content: str = ""
    """`Post.content_digest` of what was reviewed; equal in two revisions when nothing changed."""
    correction: str | None = None
    """`Post.correction` as it was reviewed; None where the statement does not speak of it."""
    witness: Witness | None = None
    """Who vouches for it; None: the reviewer's own key signed."""
    origin: str = ""
    """Of the page on which a passkey signed; empty: another kind of key did."""

    @property
    def evidence(self) -> str:
        """``signed``, or ``witnessed`` for a forge review that a workflow recorded."""
        return "witnessed" if self.witness else "signed"

    @property
    def signer(self) -> PersonId:
        """Id of the person whose key must have signed."""
        return self.witness.by if self.witness else self.reviewer


@dataclass(frozen=True)
class LostSignature:
    """A step of a standing post that would count no more."""

    post: PostId
    step: Step
    person: PersonId
    path: str

    @property
    def words(self) -> Message:
        return say("The post {post} loses the {step} of {person}.", post=self.post,
                   step=STEP_NAMES[self.step], person=self.person)  # fmt: skip


@dataclass(frozen=True)
class OwnSignature:
    """Whose key signed a file of a change, and in which office."""

    path: str
    fingerprint: str
    person: PersonId
    """Whose office counts: the owner of the key, or who decided before a witness."""
    signed_at: datetime | None
    """As it claims; None: not readably."""
    role: str
    acting_for: PersonId


@dataclass(frozen=True)
class Missing:
    """The step's record is not there."""

    step: Step


@dataclass(frozen=True)
class Rejected:
    """A record is there but does not count, and why."""

    step: Step
    name: str
    reason: Message
    location: Location
    remedy: Message
    cause: str = ""
    """As of `Finding`."""


@dataclass(frozen=True)
class Returned:
    """The step's reviewer sent the post back; it stands until a new revision (threats A22)."""

    step: Step
    review: Review

    @property
    def remedy(self) -> Message:
        """What its makers do: the opinion says it."""
        return say(
            "Change the post as the opinion asks (“{opinion}”), raise `revision` by one and submit"
            " it again.",
            opinion=self.review.opinion,
        )


@dataclass(frozen=True)
class Approved:
    """The step counts."""

    step: Step
    review: Review


StepState = Missing | Rejected | Returned | Approved


@dataclass(frozen=True)
class Approvals:
    """The state of all four steps on the post's present revision and bytes."""

    states: Mapping[Step, StepState]
    earlier: tuple[Review, ...] = ()
    """Verified decisions of earlier revisions, oldest first."""
    stray: tuple[Rejected, ...] = field(default=())
    """Files under the post's reviews that belong to no step or revision (threats A17)."""
    opening: str | None = None
    """What the first step must name as `previous`: the last record of the revision before."""

    @property
    def broken_at(self) -> str:
        """Path of the first record that does not count, from which what later ones lack follows."""
        rejected = (s for s in self.states.values() if isinstance(s, Rejected))
        return next((s.location.path for s in rejected), "")

    def approved(self, step: Step) -> Review | None:
        state = self.states[step]
        return state.review if isinstance(state, Approved) else None

    def confirmation(self, revision: int) -> Review | None:
        """The confirmation of a revision, present or earlier; None when there is none."""
        wanted = (revision, Step.CONFIRM, "approve")
        reviews = (self.approved(Step.CONFIRM), *reversed(self.earlier))
        return next((r for r in reviews if r and (r.revision, r.step, r.decision) == wanted), None)

    def ends(self, revision: int) -> datetime | None:
        """Until when a revision may be published: the earliest end of its steps (threats A24)."""
        present = (s.review for s in self.states.values() if isinstance(s, Approved))
        wanted = (revision, "approve")
        every = (r for r in (*present, *self.earlier) if (r.revision, r.decision) == wanted)
        return min((r.not_after for r in every), default=None)

    @property
    def complete(self) -> bool:
        return all(isinstance(s, Approved) for s in self.states.values()) and not self.stray


@dataclass(frozen=True)
class SignedFile:
    """A statement and its detached signature as stored; None: the file is not there."""

    path: str
    statement: bytes | None
    signature: bytes | None
