"""Who is let in: Host, Origin, size, session and headers of every request, before any page sees it.

A page of another site can neither read the desk nor press its buttons; a session ends with the
office of its person. On one's own machine the address printed at the start opens the first one.
"""

import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.errors import Fault
from pipeline.model.findings import Message as Sentence
from pipeline.model.findings import say
from pipeline.model.ids import PersonId
from pipeline.report.language import Translate

LASTS = timedelta(hours=12)
"""A session, from signing in."""
MOST_SESSIONS = 50
"""Of one person at a time; the oldest go first."""
MOST_BYTES = 2 << 20
"""Of a request, unless it brings files."""
MOST_UPLOADED = 48 << 20
"""Of a request to a path that ends with `UPLOADS`."""
UPLOADS = "/files"
_OPEN = ("/static/", "/sign-in/", "/enter/", "/enrol/", "/root/", "/state/")
"""Pages that need no session, with all below them."""
_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self';"
    " img-src 'self' data: blob:; font-src 'self'; media-src 'self'; connect-src 'self';"
    " frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # without one, the Origin of a form would be "null"
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "publickey-credentials-get=(self), publickey-credentials-create=(self)",
    "cache-control": "no-store",
}


Entry = TypeVar("Entry")


def with_room(
    entries: Mapping[str, Entry],
    alive: Callable[[Entry], bool],
    own: Callable[[Entry], bool],
    most: int,
) -> dict[str, Entry]:
    """Entries that are alive, without the oldest of one's own where there are `most` or more."""
    left = {key: entry for key, entry in entries.items() if alive(entry)}
    mine = [key for key, entry in left.items() if own(entry)]
    for key in mine[: max(0, len(mine) - most + 1)]:
        del left[key]
    return left


@dataclass(frozen=True)
class DeskSession:
    """A person who is signed in."""

    person: PersonId
    until: datetime
    local: bool = False
    """Whether the person sits at the machine of the desk, where a key file can sign."""
    key: str = ""
    """Fingerprint of the passkey that opened it; the session ends when that is stopped."""
    shared: bool = False
    """Whether others use the machine, too: nothing that is typed stays in its browser."""


@dataclass
class Sessions:
    """Who is signed in; the memory of one process, gone with it."""

    entries: dict[str, DeskSession] = field(default_factory=dict)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    """Opens one session at the machine itself, once; empty: used, or not offered."""
    _lock: Lock = field(default_factory=Lock)

    def begin(self, person: PersonId, now: datetime, **more: Any) -> str:
        """The secret of a new session (the rest as of `DeskSession`); those that ended are
        dropped."""
        secret = secrets.token_urlsafe(32)
        with self._lock:
            self.entries = with_room(
                self.entries,
                lambda entry: now < entry.until,
                lambda entry: entry.person == person,
                MOST_SESSIONS,
            )
            self.entries[secret] = DeskSession(person, now + LASTS, **more)
        return secret

    def take(self, token: str) -> bool:
        """Whether this is the token; it opens one session only."""
        with self._lock:
            right = bool(self.token) and hmac.compare_digest(token.encode(), self.token.encode())
            self.token = "" if right else self.token
        return right

    def end(self, secret: str) -> None:
        with self._lock:
            self.entries.pop(secret, None)


@dataclass(frozen=True)
class Gate:
    """ASGI middleware; `present`: whether a person, signed in with a key, may use the desk now."""

    app: ASGIApp
    origin: str
    """As browsers write it: ``https://desk.example.gov.cn``."""
    sessions: Sessions
    now: Callable[[], datetime]
    present: Callable[[PersonId, str], bool]
    tr: Translate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        request = Request(scope)
        answer = self._refusal(request)
        most = MOST_UPLOADED if request.url.path.endswith(UPLOADS) else MOST_BYTES
        try:
            if answer is None:  # it reads the registers, and may wait for a repository
                answer = await run_in_threadpool(self._turned_away, request)
            if answer is not None:
                return await answer(scope, receive, _guarded(send))
            if int(request.headers.get("content-length", "0") or 0) > most:
                raise TooLarge  # before a byte is read
            await self.app(scope, _limited(receive, most), _guarded(send))
        except TooLarge:
            words = say("More than {most} MB cannot be sent at once.", most=most >> 20)
            too_much = self._says(request, 413, words)
            await too_much(scope, receive, _guarded(send))
        except Fault as fault:  # of main itself: no page can be drawn
            closed = say(
                "The desk is closed: {why} Tell who runs it, and who then starts it again: {what}",
                why=fault.message,
                what=fault.remedy or "—",
            )
            await self._says(request, 503, closed)(scope, receive, _guarded(send))
        return None

    def _refusal(self, request: Request) -> Response | None:
        """What a strange host, origin or method is answered."""
        wanted = urlsplit(self.origin)
        if request.headers.get("host") != wanted.netloc:
            return self._says(request, 421, say("Open {address} instead.", address=self.origin))
        if request.method not in ("GET", "HEAD", "POST"):
            return self._says(request, 405, say("The desk knows no such request."))
        site = request.headers.get("sec-fetch-site", "same-origin")
        if request.method == "POST" and (
            request.headers.get("origin") != self.origin or site != "same-origin"
        ):
            return self._says(
                request,
                403,
                say(
                    "This was not sent by a page of the desk, so nothing was done. Open {address}.",
                    address=self.origin,
                ),
            )
        return None

    def _says(self, request: Request, status: int, message: Sentence) -> Response:
        if wants_json(request):
            return JSONResponse({"error": self.tr(message)}, status)
        return PlainTextResponse(self.tr(message), status)

    def _turned_away(self, request: Request) -> Response | None:
        """Where someone without a session goes; with one, the page learns who asks."""
        secret = request.cookies.get(cookie_name(self.origin), "")
        entry = self.sessions.entries.get(secret)
        gone = entry and entry.person and not self.present(entry.person, entry.key)
        if entry and (gone or entry.until <= self.now()):
            self.sessions.end(secret)
            entry = None
        request.state.secret, request.state.entry = secret, entry
        if (entry and entry.person) or f"{request.url.path}/".startswith(_OPEN):
            return None
        if wants_json(request):
            expired = self.tr(say("Sign in again: your session has ended."))
            return JSONResponse({"error": expired, "next": "/sign-in"}, 401)
        return RedirectResponse(f"/sign-in?next={quote(self._page_of(request), safe='/')}", 303)

    def _page_of(self, request: Request) -> str:
        """The page that somebody is on: the one that is asked for, or that a form stands on."""
        if request.method == "GET":
            return f"{request.url.path}?{request.url.query}".removesuffix("?")
        before, _, page = request.headers.get("referer", "").partition(self.origin)
        return page if page.startswith("/") and not before else "/"


class TooLarge(Exception):
    """A request brings more bytes than its path may."""


def _limited(receive: Receive, most: int) -> Receive:
    count = 0

    async def counted() -> Message:
        nonlocal count
        message = await receive()
        count += len(message.get("body", b""))
        if count > most:
            raise TooLarge
        return message

    return counted


def _guarded(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return guarded


def wants_json(request: Request) -> bool:
    """Whether a script of ours asks, and not a form."""
    return "application/json" in Headers(scope=request.scope).get("accept", "")


def cookie_name(origin: str) -> str:
    """Name of the cookie; with https one that no other host can set (``__Host-``)."""
    return "__Host-desk" if origin.startswith("https:") else "desk"


def visit_name(origin: str) -> str:
    """The cookie that tells one visitor from another, before either has signed in."""
    return f"{cookie_name(origin)}-visit"


def with_session(answer: Response, origin: str, secret: str) -> Response:
    """The answer, which also hands the browser its session."""
    return with_cookie(answer, origin, cookie_name(origin), secret)


def with_cookie(answer: Response, origin: str, name: str, secret: str) -> Response:
    answer.set_cookie(
        name, secret, max_age=int(LASTS.total_seconds()), path="/",
        secure=origin.startswith("https:"), httponly=True, samesite="strict",
    )  # fmt: skip
    return answer
