"""A real browser with a virtual authenticator: what it answers is what OpenSSH verifies."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page

from pipeline.errors import Fault
from pipeline.evidence.ssh.keys import PublicKey
from pipeline.evidence.ssh.sshsig import assertion_of, verify
from pipeline.evidence.ssh.webauthn import (
    AssertionResponse,
    assemble,
    challenge,
    key_of_registration,
    verify_login,
)
from tests.builders.named import like
from tests.evidence.taken_apart import MESSAGE, NAMESPACE, Stock
from tools.sign_in_process import DESK

pytestmark = pytest.mark.browser
SCRIPT = """
const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
window.register = async () => {
  const made = await navigator.credentials.create({ publicKey: {
    challenge: bytes("AAAA"), rp: { id: "localhost", name: "desk" },
    user: { id: bytes("AAAA"), name: "ld-a", displayName: "ld-a" },
    pubKeyCredParams: [{ type: "public-key", alg: -7 }],
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  } });
  return text(made.response.getPublicKey());
};
window.sign = async ([code, userVerification]) => {
  const publicKey = { challenge: bytes(code), rpId: "localhost", userVerification };
  const { response } = await navigator.credentials.get({ publicKey });
  return ["clientDataJSON", "authenticatorData", "signature"].map((name) => text(response[name]));
};
null;
"""
AUTHENTICATOR = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
         "hasUserVerification": True, "isUserVerified": True}  # fmt: skip


@pytest.fixture
def devtools(page: Page) -> Iterator[CDPSession]:
    """A page of the desk on one's own machine, and an authenticator that knows its user."""
    page.route(
        f"{DESK}/**", lambda r: r.fulfill(body="<title>desk</title>", content_type="text/html")
    )
    page.goto(f"{DESK}/")
    page.evaluate(SCRIPT)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    yield session
    session.detach()


def answer(page: Page, blob: bytes, verification: str = "required") -> AssertionResponse:
    fields: Any = page.evaluate("sign", [b64encode(blob).decode(), verification])
    return AssertionResponse(*map(b64decode, fields))


def test_chromium_signs_a_statement_that_ssh_keygen_verifies(
    page: Page, devtools: CDPSession, tmp_path: Path
) -> None:
    added = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    key = key_of_registration(b64decode(page.evaluate("register()")), "localhost")
    stock = Stock(tmp_path)
    for number in range(4):  # its s is high or low by chance
        message = MESSAGE * (number + 1)
        signature = assemble(message, NAMESPACE, key, answer(page, challenge(message, NAMESPACE)))
        assert isinstance(verify(signature, message, NAMESPACE), PublicKey)
        assert stock.ask(signature, key.line, message) == (True, True)
    assert stock.ask(signature, key.line, MESSAGE) == (False, False)
    made = assertion_of(signature, NAMESPACE)
    assert made is not None
    assert (made.origin, made.flags & 5) == (DESK, 5)
    login = b"\x17" * 32
    assert verify_login(key, login, answer(page, login), DESK)
    with pytest.raises(Fault, match="something else"):
        assemble(MESSAGE, NAMESPACE, key, answer(page, login))
    nobody = {"authenticatorId": added["authenticatorId"], "isUserVerified": False}
    devtools.send("WebAuthn.setUserVerified", nobody)
    unknown = answer(page, challenge(MESSAGE, NAMESPACE), "discouraged")
    with pytest.raises(Fault, match=like("passkey-unverified")):
        assemble(MESSAGE, NAMESPACE, key, unknown)
