"""A desk that real browsers open, each with the passkey of one person."""

import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Browser, CDPSession, Locator, Page, expect

from pipeline.evidence.ssh.assertion import ORDER
from pipeline.parts.desk.app import create_app
from pipeline.parts.desk.desk import Desk
from tests.browser.serving import CONTRAST, violations
from tests.builders.cast import seed

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def free_port(*, listens: bool = True) -> tuple[socket.socket, str]:
    """A socket on a port of its own, and the origin of a desk behind it. One that does not listen
    holds the port for a process that will: nobody else is given it meanwhile."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", 0))
    if listens:
        listening.listen()  # who is faster than the desk waits for it
    return listening, f"http://localhost:{listening.getsockname()[1]}"


@contextmanager
def serving(desk: Desk, listening: socket.socket) -> Iterator[str]:
    """Serve a desk on a socket, until the block ends."""
    config = uvicorn.Config(create_app(desk, background=False), log_level="warning")
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield desk.origin
    finally:
        server.should_exit = True
        thread.join()


def person_at(browser: Browser, origin: str, person: str = "", **context: object) -> Page:
    """A page of a browser that holds a person's test passkey; without one, an empty device."""
    page = browser.new_context(base_url=origin, **context).new_page()  # type: ignore[arg-type]
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    if person:
        _credential(session, made["authenticatorId"], person)
    return page


def _credential(session: CDPSession, authenticator: str, person: str) -> None:
    number = int.from_bytes(seed(f"passkey of {person}"), "big") % (ORDER - 1) + 1
    key = derive_private_key(number, SECP256R1()).private_bytes(
        Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
    )
    credential = {
        "credentialId": b64encode(person.encode()).decode(),
        "isResidentCredential": True,
        "rpId": "localhost",
        "privateKey": b64encode(key).decode(),
        "userHandle": b64encode(person.encode()).decode(),
        "signCount": 1,
    }
    given = {"authenticatorId": authenticator, "credential": credential}
    session.send("WebAuthn.addCredential", given)


def sign_in(page: Page) -> None:
    """Sign in with the passkey of the device, and wait for the list."""
    page.goto("/sign-in")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url("**/")


def opened(browser: Browser, desk: Desk, person: str, width: int = 390) -> Page:
    page = person_at(browser, desk.origin, person, viewport={"width": width, "height": 844})
    sign_in(page)
    return page


def follow(page: Page, act: Locator) -> None:
    """Press what leads to another page, and wait until that is whole: a press does not wait, and
    what is read next would be that of the page before."""
    with page.expect_navigation():
        act.click()


def tick_all(page: Page) -> None:
    """Tick all that the page of a review asks for."""
    expect(page.get_by_role("button", name="同意并签名", exact=True)).to_be_visible()
    for box in page.locator("input[name=seen], input[name=affirm]").all():
        box.check()


def choose(page: Page, name: str, value: str) -> None:
    """A value of a form made from a schema: of a list, or of a few that all show."""
    few = page.locator(f'[type=radio][name="{name}"][value="{value}"]')
    if few.count():
        few.check()
    else:
        page.locator(f'select[name="{name}"]').select_option(value)


def usable(page: Page) -> None:
    """Nothing for axe to find and nothing that sticks out: phone and desktop, light and dark."""
    page.wait_for_load_state()  # without its styles it is as narrow as one likes
    before = page.viewport_size
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert violations(page) == []
        page.emulate_media(color_scheme="dark")
        assert violations(page, CONTRAST) == []
        page.emulate_media(color_scheme="light")
    if before:
        page.set_viewport_size(before)
