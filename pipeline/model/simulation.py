"""What a trial of other policy and registers judges otherwise (`pipeline.history.simulate`)."""

from dataclasses import dataclass
from datetime import date, datetime

from pipeline.model.findings import Finding, Message


@dataclass(frozen=True)
class TrialDifference:
    """A refusal that one of two governances makes, and the other does not."""

    subject: str
    """Id of the post, or of the person, account or department that owes; may be empty."""
    finding: Finding
    tried: bool
    """The governance that is tried makes it; else the one that stands does."""
    first: date
    last: date
    """First and last day at whose end it is made; of a post, the day in its id."""


@dataclass(frozen=True)
class Simulation:
    """What a trial refuses that stands today, and what it lets pass, by clause and subject."""

    since: date
    as_of: datetime
    posts: int
    """How many posts of these days were judged."""
    changes: tuple[Message, ...]
    """What is tried, a sentence each."""
    differences: tuple[TrialDifference, ...]
