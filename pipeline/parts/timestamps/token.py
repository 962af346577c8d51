"""An RFC 3161 token: who saw a message, and when (https://www.rfc-editor.org/rfc/rfc3161)."""

import binascii
from base64 import b64decode
from collections.abc import Iterable
from datetime import datetime

from cryptography.x509 import (
    Certificate,
    DuplicateExtension,
    InvalidVersion,
    UnsupportedGeneralNameType,
    load_der_x509_certificate,
)
from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

from pipeline.model.findings import Reason, say

MAX_TOKEN = 32_768
"""The most bytes of a token that is read; one with its certificates has about 5,000."""
_UNREADABLE = (ValueError, InvalidVersion, DuplicateExtension, UnsupportedGeneralNameType)
"""Errors of a malformed certificate; only the first is a ValueError."""


def token_time(token: bytes, message: bytes, roots: Iterable[Certificate]) -> datetime | Reason:
    """When an authority below one of the roots saw the message, or why the token does not count.

    `token`: a TimeStampResp (RFC 3161 .2.4.2) in DER. Never raises, whatever its bytes hold.
    """
    if len(token) > MAX_TOKEN:
        return "trusted-time-large", say("The token of trusted time is too large.")
    try:
        response = decode_timestamp_response(token)
    except ValueError:
        return "trusted-time-unreadable", say("The token of trusted time cannot be read.")
    # The builder trusts what it is given: roots of policy alone. Certificates of the chain come in
    # the token, and only link its signature to one of those roots.
    try:
        VerifierBuilder(roots=list(roots)).build().verify_message(response, message)
        return response.tst_info.gen_time
    except (VerificationError, *_UNREADABLE) as error:
        unsound = say("The token of trusted time does not hold ({why}).", why=_plain(error))
        return "trusted-time-unsound", unsound


def _plain(error: Exception) -> str:
    return "".join(c for c in str(error) if c.isprintable())[:80]


def certificates(texts: Iterable[str]) -> list[Certificate]:
    """The certificates of policy; a malformed one is left out, so no token chains to it."""
    roots = []
    for text in texts:
        try:
            roots.append(load_der_x509_certificate(b64decode(text, validate=True)))
        except (*_UNREADABLE, binascii.Error):
            continue
    return roots
