"""Passkeys of people at a desk: what their browser is to sign, and what becomes of its answer.

A statement is signed by making the blob of SSHSIG the challenge of WebAuthn; what comes back is put
together as a signature that `ssh-keygen -Y verify` takes (OpenSSH PROTOCOL.u2f). Nothing here asks
an authenticator, a clock or a network. Source of the shapes: W3C Web Authentication Level 2.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from pipeline.errors import Fault
from pipeline.evidence.ssh import sshsig
from pipeline.evidence.ssh.assertion import ORDER, Assertion, assertion_problem
from pipeline.evidence.ssh.keys import PublicKey, encode_blob, parse_blob
from pipeline.model.findings import Message, say

LOGIN_LENGTH: Final = 32
"""Bytes of a challenge that signs in; that of a statement is longer and begins with `SSHSIG`."""
_HASH: Final = "sha512"
_HEAD: Final = re.compile(
    rb'\{"type":"webauthn\.get","challenge":"[A-Za-z0-9_-]*","origin":"([ -~]*?)"'
)
_SPKI: Final = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
"""What comes before the point in the SubjectPublicKeyInfo of a P-256 key (RFC 5480 .2)."""
_REASONS: Final[Mapping[str, Message]] = {
    "mismatch": say("The passkey signed something else, or another passkey answered."),
    "origin": say("Another page asked for the signature than one of this desk."),
    "cross-origin": say("Another page asked for the signature than one of this desk."),
    "application": say("This passkey was made for another address."),
    "presence": say("The passkey was not touched."),
    "verification": say("The passkey did not ask for a fingerprint, face or PIN."),
}


class AssertionResponse(NamedTuple):
    """What `navigator.credentials.get` answers: members of `AuthenticatorAssertionResponse`."""

    client_data: bytes
    """clientDataJSON."""
    authenticator_data: bytes
    signature: bytes
    """ECDSA, DER."""


def challenge(statement: bytes, namespace: str) -> bytes:
    """The challenge under which a passkey signs a statement: the blob that SSHSIG signs."""
    return sshsig.signed_data(statement, namespace, _HASH)


def assemble(
    statement: bytes, namespace: str, key: PublicKey, response: AssertionResponse
) -> bytes:
    """The armored signature of a statement, of a browser's answer; `verify` accepts it.

    s becomes the lower of its two values, which authenticators do not see to: so a signature has
    one form. Raises Fault when the answer is no signature of this statement by this key.
    """
    read = _read_assertion(key, response)
    if isinstance(read, str):
        raise _fault(read)
    low = replace(read, s=min(read.s, ORDER - read.s))
    signature = sshsig.armor_fields(key.blob, namespace, _HASH, sshsig.inner_signature(low))
    answer = sshsig.verify(signature, statement, namespace)
    if isinstance(answer, sshsig.SignatureProblem):
        raise _fault(answer.reason)
    return signature


def verify_login(
    key: PublicKey, challenge: bytes, response: AssertionResponse, origin: str
) -> bool:
    """Whether a passkey answered the random challenge of a sign-in on a page of an origin.

    False for a challenge of another length than `LOGIN_LENGTH`: it might be a statement's, and
    what signs in must never be what signs a statement, nor the other way round.
    """
    read = _read_assertion(key, response)
    if len(challenge) != LOGIN_LENGTH or isinstance(read, str) or read.origin != origin:
        return False
    return not assertion_problem(read, key, challenge)


def key_of_registration(spki: bytes, rp_id: str) -> PublicKey:
    """The key of a new passkey: `getPublicKey()` of its registration, DER, and its RP id.

    Raises Fault for another kind than ES256, and for an RP id that is no domain in lower case.
    """
    key = parse_blob(encode_blob(spki[len(_SPKI) :], rp_id))
    if not spki.startswith(_SPKI) or not isinstance(key, PublicKey):
        message = say("This passkey cannot sign here.")
        remedy = say("Make one of the kind ES256 for the address of the desk.")
        raise Fault(message, remedy)
    return key


def _read_assertion(key: PublicKey, response: AssertionResponse) -> Assertion | str:
    """The answer's parts, not verified, or the reason why it has none."""
    head, data = _HEAD.match(response.client_data), response.authenticator_data
    if head is None:
        return "client-data"
    if data[:32] != sha256(key.application.encode()).digest():
        return "application"
    if len(data) < 37:
        return "truncated"
    try:
        r, s = decode_dss_signature(response.signature)
    except ValueError:
        return "scalar"
    if not 0 < s < ORDER:  # or it has no lower half
        return "scalar"
    origin, counter = head[1].decode("ascii"), int.from_bytes(data[33:37], "big")
    return Assertion(origin, response.client_data, data[32], counter, data[37:], r, s)


def _fault(reason: str) -> Fault:
    unusable = say("The answer of the passkey cannot be used ({reason}).", reason=reason)
    return Fault(
        _REASONS.get(reason, unusable),
        say("Nothing was signed: open the page anew and sign again with your registered passkey."),
    )
