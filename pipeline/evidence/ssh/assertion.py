"""What a passkey signs in a browser, checked against one challenge.

Sources: W3C Web Authentication Level 2 .5.8.1.1 (how clientDataJSON is written), .6.1 (flags) and
.7.2 (verifying an assertion); OpenSSH PROTOCOL.u2f and `webauthn_check_prepare_hash` in ssh-ecdsa-
sk.c. Like OpenSSH, this module parses no JSON: a browser writes the members in one order, so the
bytes are compared.
"""

import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from pipeline.evidence.ssh.keys import PublicKey
from pipeline.model.run import per_run

ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the points of P-256."""
USER_PRESENT: Final = 0x01
"""Flag of an authenticator: it was touched."""
USER_VERIFIED: Final = 0x04
"""It knew its user, by fingerprint, face or PIN."""
_ATTESTED: Final = 0x40  # of registrations only
_EXTENDED: Final = 0x80
_ORIGIN: Final = re.compile(r"(https?)://([a-z0-9.-]+)(?::[1-9][0-9]{0,4})?")
_LOCAL: Final = "localhost"
"""The one RP id whose pages need no https."""


@dataclass(frozen=True)
class Assertion:
    """One signature of a passkey, not yet verified."""

    origin: str
    """Scheme, host and port of the page that asked, as the signature names it."""
    client_data: bytes
    """clientDataJSON, as the browser wrote it."""
    flags: int
    """One byte of the authenticator."""
    counter: int
    """Uint32 of the authenticator. It is shown and proves nothing: many passkeys leave it at 0."""
    extensions: bytes
    r: int
    s: int

    @property
    def tail(self) -> bytes:
        """Flags, counter and extensions: the authenticator data after the digest of the RP id."""
        return self.flags.to_bytes(1, "big") + self.counter.to_bytes(4, "big") + self.extensions


def assertion_problem(assertion: Assertion, key: PublicKey, challenge: bytes) -> str:
    """Why an assertion is none of a passkey over a challenge: a reason of `SignatureProblem`.

    Empty when it holds. Which origins a bureau allows is for the caller, who has the policy.
    """
    if not _fits(assertion.origin, key.application):
        return "origin"
    return (
        _client_data_problem(assertion, challenge)
        or _flags_problem(assertion)
        or _signature_problem(assertion, key)
    )


def _fits(origin: str, rp_id: str) -> bool:
    """Whether a browser lets a page of an origin use keys of an RP id."""
    match = _ORIGIN.fullmatch(origin)
    if match is None or (match[1] == "http" and rp_id != _LOCAL):
        return False
    return f".{match[2]}".endswith(f".{rp_id}")


def _client_data_problem(assertion: Assertion, challenge: bytes) -> str:
    code = urlsafe_b64encode(challenge).rstrip(b"=")
    rest = assertion.client_data
    for reason, piece in (
        ("client-data", b'{"type":"webauthn.get","challenge":"'),
        ("mismatch", code + b'"'),
        ("origin", b',"origin":"' + assertion.origin.encode("ascii") + b'"'),
    ):
        if not rest.startswith(piece):
            return reason
        rest = rest.removeprefix(piece)
    # A page in a frame of another site says true here; browsers of before 2020 say nothing.
    own = rest == b"}" or re.fullmatch(rb',"crossOrigin":false(,.*)?\}', rest, re.DOTALL)
    return "" if own else "cross-origin"


def _flags_problem(assertion: Assertion) -> str:
    if not assertion.flags & USER_PRESENT:
        return "presence"
    if not assertion.flags & USER_VERIFIED:
        return "verification"
    extended = bool(assertion.flags & _EXTENDED)
    wrong = assertion.flags & _ATTESTED or extended != bool(assertion.extensions)
    return "flags" if wrong else ""


def _signature_problem(assertion: Assertion, key: PublicKey) -> str:
    if not (0 < assertion.r < ORDER and 0 < assertion.s < ORDER):
        return "scalar"
    data = sha256(key.application.encode("ascii")).digest() + assertion.tail
    signature = encode_dss_signature(assertion.r, assertion.s)
    try:
        _verifier(key.raw).verify(
            signature, data + sha256(assertion.client_data).digest(), ECDSA(SHA256())
        )
    except InvalidSignature:
        return "mismatch"
    return ""


@per_run(1024)
def _verifier(raw: bytes) -> EllipticCurvePublicKey:
    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), raw)
