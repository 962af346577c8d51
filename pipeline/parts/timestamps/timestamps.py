"""Trusted time over a review, where policy asks for it: an RFC 3161 token beside the record.

The token lies in ``<step>.json.tsr`` and covers the statement followed by its signature, the bytes
that the next step names. It proves that the signature existed at a time that no reviewer could
choose. The claimed time must lie before it, by no more than policy allows.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from pipeline.evidence.review.chain import BROKEN
from pipeline.model.calendar import minute
from pipeline.model.evidence import (
    Approvals,
    Approved,
    Rejected,
    Review,
    SignedFile,
    Step,
    StepState,
)
from pipeline.model.findings import Location, Reason, say
from pipeline.model.registers import Registers

Asked = Callable[[Review], date]
"""Gives the day whose policy says whether a review needs a token, and which tokens count."""


def asks_for_tokens(registers: Registers) -> bool:
    """Whether the policy asks for trusted times on any day."""
    return any(s.value for s in registers.policy.parameters.get("review.stamped_steps", ()))


def stamped(
    approvals: Approvals, files: Iterable[SignedFile], registers: Registers, asked: Asked
) -> Approvals:
    """The approvals; a step that lacks its token is rejected, and so is every later one.

    Parameters: ``review.stamped_steps``, ``review.stamp_roots`` (certificates, DER in base64),
    ``review.stamp_hours``.
    """
    if not asks_for_tokens(registers):
        return approvals
    tokens = {f.path: f for f in files}
    states: dict[Step, StepState] = {}
    broken = False
    for step, state in approvals.states.items():
        states[step] = state
        if isinstance(state, Approved):
            reason = _missing(step, state.review, tokens, registers, asked(state.review))
            if broken:
                reason = BROKEN
            if reason is not None:
                states[step] = _rejected(step, state.review, reason)
                broken = True
    return replace(approvals, states=states)


def _missing(
    step: Step,
    review: Review,
    tokens: Mapping[str, SignedFile],
    registers: Registers,
    day: date,
) -> Reason | None:
    """Why a step's token does not count; None: it does, or none is needed."""
    if step.value not in (registers.parameter_if_stated("review.stamped_steps", day) or ()):
        return None
    record = tokens.get(review.path)
    if record is None or record.token is None:
        return "trusted-time-missing", say("The trusted time of this step is missing (.tsr).")
    # Imported lazily: few archives use tokens, and their reader is a tenth of a short run's start.
    from pipeline.parts.timestamps.token import certificates, token_time

    roots = certificates(registers.parameter_if_stated("review.stamp_roots", day) or ())
    moment = token_time(record.token, (record.statement or b"") + (record.signature or b""), roots)
    if isinstance(moment, tuple):
        return moment
    hours = int(registers.parameter_if_stated("review.stamp_hours", day) or 0)
    minutes = int(registers.parameter_if_stated("time.tolerance_minutes", day) or 0)
    early = review.signed_at - timedelta(minutes=minutes)
    if not early <= moment <= review.signed_at + timedelta(hours=hours):
        message = say(
            "The trusted time {time} does not fit the time the reviewer claims.",
            time=minute(moment),
        )
        return "trusted-time-unfit", message
    key = registers.roster.key(review.fingerprint)
    if key is None or not key.usable(moment, review.digest):
        return "trusted-time-late", say("At the trusted time the key was not valid any more.")
    return None


def _rejected(step: Step, review: Review, reason: Reason) -> Rejected:
    remedy = say(
        "Obtain a token over the record (docs/reviewer.md), or have the step signed again."
    )
    return Rejected(step, *reason, Location(review.path), remedy)
