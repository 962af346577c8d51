"""11(1): tokens of trusted time, which policy could ask for and no program reads any more
(docs/decisions/0082)."""

from collections.abc import Iterable, Iterator

from pipeline.model.archive import Archive, Change, Mode
from pipeline.model.findings import Complaint, Effect, say, say_day
from pipeline.model.policy import Parameter, Policy

STAMPED = "review.stamped_steps"


def asks_no_tokens(change: Change, archive: Archive) -> Iterator[Complaint]:  # 11(1)
    """No proposal asks anew for tokens. What was asked for in the past is noted, for the program of
    then checked it, and a proposal with reviews says that this one does not."""
    proposal, stands = archive.mode is Mode.CHANGE, archive.registers
    if proposal and "reviews" in change.areas:
        yield from tokens_unchecked(archive)
    asked = {s.effective_from for s in stands.policy.parameters.get(STAMPED, ()) if s.value}
    head = (change.proposed or stands).policy
    new = (s for s in head.parameters.get(STAMPED, ()) if s.effective_from not in asked)
    effect = Effect.REFUSE if proposal else Effect.NOTE
    yield from _unchecked("tokens-asked {day}", effect, head, new)


def tokens_unchecked(archive: Archive) -> Iterator[Complaint]:  # 11(1)
    """Nothing is silently unchecked: a policy in force that asks for tokens is noted."""
    policy = archive.registers.policy
    now = [policy.current(STAMPED, archive.clock)] if STAMPED in policy.parameters else []
    yield from _unchecked("tokens-unchecked", Effect.NOTE, policy, now)


def _unchecked(
    name: str, effect: Effect, policy: Policy, settings: Iterable[Parameter]
) -> Iterator[Complaint]:
    for setting in settings:
        if setting.value:
            message = say("From {day} on policy asks for tokens of trusted time; none is checked.",
                          day=say_day(setting.effective_from))  # fmt: skip
            remedy = say("Set review.stamped_steps to [] from a day on; what was signed stays.")
            where = policy.document.locate("parameters", STAMPED)
            yield Complaint(name, effect, message, where, remedy)
