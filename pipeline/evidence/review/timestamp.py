"""Trusted time over a review, where policy asks for it: an RFC 3161 token beside the record.

The token lies in ``<step>.json.tsr`` and is over the statement followed by its signature, the
bytes that the next step names. It says that the signature was there at a time that no reviewer
could choose; the claimed time must lie before it, by no more than policy allows.
"""

import binascii
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from cryptography.x509 import (
    Certificate,
    DuplicateExtension,
    InvalidVersion,
    UnsupportedGeneralNameType,
    load_der_x509_certificate,
)
from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

from pipeline.model.calendar import local_date, minute
from pipeline.model.evidence import (
    Approvals,
    Approved,
    Rejected,
    Review,
    SignedFile,
    Step,
    StepState,
)
from pipeline.model.findings import Location, Message, say
from pipeline.model.registers import Registers

# An RFC 3161 token: who saw a message, and when (https://www.rfc-editor.org/rfc/rfc3161).

MAX_TOKEN = 32_768
"""Bytes of a token that is read at all; one with its certificates has about 5,000."""
_UNREADABLE = (ValueError, InvalidVersion, DuplicateExtension, UnsupportedGeneralNameType)
"""What reading a malformed certificate raises; only the first is a ValueError."""


def token_time(token: bytes, message: bytes, roots: Iterable[Certificate]) -> datetime | Message:
    """When an authority below one of the roots saw the message, or why the token does not count.

    `token`: a TimeStampResp (RFC 3161 .2.4.2) in DER. Never raises for what its bytes hold.
    """
    if len(token) > MAX_TOKEN:
        return say("The token of trusted time is too large.")
    try:
        response = decode_timestamp_response(token)
    except ValueError:
        return say("The token of trusted time cannot be read.")
    # What is handed to the builder is trusted: roots of policy alone. Certificates of the chain
    # travel in the token and are only ever links between its signature and one of those roots.
    try:
        VerifierBuilder(roots=list(roots)).build().verify_message(response, message)
        return response.tst_info.gen_time
    except (VerificationError, *_UNREADABLE) as error:
        return say("The token of trusted time does not hold ({why}).", why=_plain(error))


def _plain(error: Exception) -> str:
    return "".join(c for c in str(error) if c.isprintable())[:80]


def certificates(texts: Iterable[str]) -> list[Certificate]:
    """Certificates of policy; what is none is left out, so that nothing is below it."""
    found = []
    for text in texts:
        try:
            found.append(load_der_x509_certificate(b64decode(text, validate=True)))
        except (*_UNREADABLE, binascii.Error):
            continue
    return found


Asked = Callable[[Review], date]
"""The day whose policy says whether a review needs a token, and which ones do."""


def signed_on(review: Review) -> date:
    """As `Asked`, of what stands: its signer's word was held to main's days when it came."""
    return local_date(review.signed_at)


def stamped(
    found: Approvals, files: Iterable[SignedFile], registers: Registers, asked: Asked
) -> Approvals:
    """The approvals, each step that needs a token rejected without a good one, and what follows.

    Parameters: ``review.stamped_steps``, ``review.stamp_roots`` (certificates, DER in base64),
    ``review.stamp_hours``.
    """
    if not any(s.value for s in registers.policy.parameters.get("review.stamped_steps", ())):
        return found
    tokens = {f.path: f for f in files}
    states: dict[Step, StepState] = {}
    broken = False
    for step, state in found.states.items():
        states[step] = state
        if isinstance(state, Approved):
            reason = _missing(step, state.review, tokens, registers, asked(state.review))
            if broken:
                reason = say("A step before this one is missing or does not count.")
            if reason is not None:
                states[step] = _rejected(step, state.review, reason)
                broken = True
    return replace(found, states=states)


def _missing(
    step: Step,
    review: Review,
    tokens: Mapping[str, SignedFile],
    registers: Registers,
    day: date,
) -> Message | None:
    """Why a step's token does not do; None: it does, or none is asked for."""
    if step.value not in (registers.parameter_if_stated("review.stamped_steps", day) or ()):
        return None
    record = tokens.get(review.path)
    if record is None or record.token is None:
        return say("The trusted time of this step is missing (.tsr).")
    # Few archives ask for tokens, and what reads them is a tenth of a short run's start.

    roots = certificates(registers.parameter_if_stated("review.stamp_roots", day) or ())
    moment = token_time(record.token, (record.statement or b"") + (record.signature or b""), roots)
    if isinstance(moment, Message):
        return moment
    hours = int(registers.parameter_if_stated("review.stamp_hours", day) or 0)
    minutes = int(registers.parameter_if_stated("time.tolerance_minutes", day) or 0)
    early = review.signed_at - timedelta(minutes=minutes)
    if not early <= moment <= review.signed_at + timedelta(hours=hours):
        return say(
            "The trusted time {time} does not fit the time the reviewer claims.",
            time=minute(moment),
        )
    key = registers.roster.key(review.fingerprint)
    if key is None or not key.usable(moment, review.digest):
        return say("At the trusted time the key was not valid any more.")
    return None


def _rejected(step: Step, review: Review, reason: Message) -> Rejected:
    remedy = say(
        "Obtain a token over the record (docs/reviewer.md), or have the step signed again."
    )
    return Rejected(step, reason, Location(review.path), remedy)
